"""Are columns that no table knows kept, told, typed as plan.yml says, and of use as scopes and as groups?"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

import salesnb as sb
from salesnb.analysis import own_groups, win_rates
from salesnb.cli.checking import examine
from salesnb.display.funnel import groups
from salesnb.display.own_groups import tables
from salesnb.intake.schema import TABLES
from salesnb.plan import TableName

ORDERS = "order_id,account_id,ordered_on,net_amount{more}\n1,C1,2026-09-03,10{a}\n2,C2,2026-10-05,7.5{b}\n3,C1,2026-10-20,5{c}\n"
ACCOUNTS = "account_id,account_name,region,Segment\nC1,One,East,Gold\nC2,Two,West,Silver\n"


def workspace(folder: Path, plan: str = "", **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yml").write_text("company: Small\n" + plan, encoding="utf-8")
    texts = {"accounts": ACCOUNTS, "orders": ORDERS.format(more="", a="", b="", c="")} | files
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_plan_knows_the_tables_by_their_names() -> None:
    assert set(get_args(TableName)) == set(TABLES)


def test_what_no_table_knows_is_kept_as_text_and_told(tmp_path: Path) -> None:
    book = sb.open(workspace(tmp_path), as_of="2026-10")
    assert [str(each) for each in book.suspicions] == [
        "accounts.csv: columns that no table knows are kept as text: Segment; to use one as a scope and to compare groups by, give it a kind under columns in plan.yml"
    ]
    total = 'SELECT "Segment" AS s, sum(net_amount) AS n FROM orders JOIN accounts USING (account_id) GROUP BY 1 ORDER BY 1'
    assert book.sql(total).to_numpy().tolist() == [["Gold", 15], ["Silver", 7.5]]
    assert sb.open(tmp_path, as_of="2026-10", exclude="\"Segment\" = 'Gold'").sql(
        "SELECT count(*) AS n FROM accounts"
    )["n"].tolist() == [1]
    with pytest.raises(sb.InputError, match=r"does not describe: write columns: {accounts: {Segment: text}}"):
        sb.open(tmp_path, as_of="2026-10", scope="Segment=Gold")


def test_the_plan_gives_it_a_kind_a_scope_and_groups(tmp_path: Path) -> None:
    orders = ORDERS.format(more=",Paid at,Margin,Rush", a=",3/9/2026,1.5,yes", b=",n/a,soon,no", c=",,2,no")
    plan = "columns: {accounts: {segment: text}, orders: {paid at: date, margin: number, rush: boolean}}\n"
    folder = workspace(tmp_path, plan + "intake: {date_order: dmy}\n", orders=orders)
    book = sb.open(folder, as_of="2026-10")
    found = book.sql('SELECT "paid at" AS paid, margin, rush FROM orders ORDER BY order_id')
    assert found["margin"].tolist()[0::2] == [1.5, 2]
    assert found["margin"].isna().tolist() == [False, True, False]
    assert [pd.isna(day) or f"{day:%Y-%m-%d}" for day in found["paid"]] == ["2026-09-03", True, True]
    assert [str(each) for each in book.suspicions] == [
        "orders.csv: margin cannot be read in 1 row and is blank there, as in soon; a form that is read: 1234.50"
    ]
    assert book.dimensions == ["segment", "rush"]
    by = book.bookings.groupby(["segment", "rush"])["net_amount"].sum()
    assert by.to_dict() == {("Gold", "true"): 10, ("Gold", "false"): 5, ("Silver", "false"): 7.5}
    for scope, amount in {"segment=Gold": 15, "segment=gold": 15, "rush=false": 12.5}.items():
        part = sb.open(folder, as_of="2026-10", scope=scope)
        assert part.bookings["net_amount"].sum() == amount
        assert part.sql("SELECT sum(net_amount) AS n FROM orders")["n"].tolist() == [amount]
    for scope, said in {
        "segmnt=Gold": "there is no kind of scope segmnt; did you mean segment?",
        "segment=Gould": "there is no segment Gould in the data; did you mean Gold?",
        "margin=2": "cannot be read: write one of region, team, rep, account, product_line, segment and rush",
    }.items():
        with pytest.raises(sb.InputError, match=said.replace("?", r"\?")):
            sb.open(folder, as_of="2026-10", scope=scope)


def test_a_known_column_that_the_plan_describes_is_one_too(tmp_path: Path) -> None:
    accounts = ACCOUNTS.replace("Segment", "industry")
    folder = workspace(tmp_path, "columns: {accounts: {industry: text}}\n", accounts=accounts)
    book = sb.open(folder, as_of="2026-10", scope="industry=Gold")
    assert book.bookings["net_amount"].sum() == 15
    assert sb.open(folder, as_of="2026-10").bookings.groupby("industry")["net_amount"].sum().tolist() == [
        15,
        7.5,
    ]
    assert book.accounts["industry"].tolist() == ["Gold"]


def test_no_name_of_an_own_column_is_in_the_way_of_anything(tmp_path: Path) -> None:
    names = [
        "reason",
        "source_row",
        "c0",
        "region",
        "since",
        "member",
        "row_account",
        "product_line",
        "own3",
        "fault",
        "rank",
    ]
    more = "," + ",".join(names)
    cells = {key: "," + ",".join(f"{key}{n}" for n in range(len(names))) for key in "abc"}
    folder = workspace(tmp_path, orders=ORDERS.format(more=more, **cells))
    book = sb.open(folder, as_of="2026-10")
    assert book.bookings.groupby("region")["net_amount"].sum().to_dict() == {"East": 15, "West": 7.5}
    assert book.bookings["product_line"].isna().all()
    assert book.sql(
        "SELECT reason, c0, region, own3 FROM orders WHERE order_id = '1'"
    ).to_numpy().tolist() == [["a0", "a2", "a3", "a8"]]
    for scope in ("region=East", "account=C1"):
        assert sb.open(folder, as_of="2026-10", scope=scope).bookings["net_amount"].sum() == 15


def test_a_column_of_many_values_is_a_scope_and_no_group(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},C1,2026-10-05,1,note {n}" for n in range(70))
    orders = f"order_id,account_id,ordered_on,net_amount,note\n{rows}\n"
    folder = workspace(tmp_path, "columns: {orders: {note: text}}\n", orders=orders)
    assert sb.open(folder, as_of="2026-10").dimensions == []
    assert sb.open(folder, as_of="2026-10", scope="note=note 7").bookings["net_amount"].sum() == 1


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("columns: {accounts: {segmnet: text}}", "plan.yml, columns.accounts: no column in the data is called segmnet; did you mean Segment?"),
        ("columns: {leads: {source: text}}", "plan.yml, columns: the workspace holds no table leads, whose columns are described"),
    ],
)  # fmt: skip
def test_a_described_column_that_the_data_lack_is_told(tmp_path: Path, plan: str, said: str) -> None:
    assert said in [str(each) for each in examine(str(workspace(tmp_path, plan + "\n"))).suspicions]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("columns: {acounts: {segment: text}}", "accounts"),
        ("columns: {accounts: {segment: words}}", "must be one of text, number, date and boolean"),
        ("columns: {accounts: {region: text}}", "which salesnb uses itself"),
    ],
)
def test_a_mistake_in_columns_is_told(tmp_path: Path, plan: str, said: str) -> None:
    with pytest.raises(sb.InputError, match=said):
        sb.open(workspace(tmp_path, plan + "\n"), as_of="2026-10")


def test_groups_are_compared_by_year_month_tier_and_win_rate() -> None:
    days = pd.to_datetime(["2025-10-05", "2025-12-01", "2026-09-30", "2026-10-31", "2026-10-05"])
    bookings = pd.DataFrame(
        {"day": days, "segment": ["Gold", "Gold", "Gold", "Gold", None], "net_amount": [7.0, 1, 2, 4, 8]}
    )
    today = pd.Timestamp("2026-10-31")
    asked = ["segment", "unknown"]
    year = own_groups.year(bookings, asked, as_of=today)
    assert year.to_numpy().tolist() == [["segment", "Gold", 6, 7, -1]]
    month = own_groups.month(bookings, asked, as_of=today)
    assert month.to_numpy().tolist() == [["segment", "Gold", 4, 2, 2]]
    assigned = pd.DataFrame(
        {"account_id": list("ABC"), "tier": ["core", "strategic", "core"], "revenue": [1.0, 5, 3]}
    )
    accounts = pd.DataFrame({"account_id": list("ABC"), "segment": ["Gold", "Gold", None]})
    tiers = own_groups.tiers(assigned, accounts, asked)
    assert tiers.to_numpy().tolist() == [["segment", "Gold", 2, 1, 1, 0, 0, 6]]
    deals = pd.DataFrame(
        {
            "segment": ["Gold"] * 40 + ["Silver"] * 40,
            "outcome": ["won"] * 35 + ["lost"] * 5 + ["won"] * 5 + ["lost"] * 35,
            "closed_on": today,
            "amount": 1.0,
        }
    )
    found = win_rates.by_group(deals, as_of=today, dimensions=asked)
    assert found["flagged"].tolist() == [True, True]
    assert groups.win_rates(found.assign(days=1.0, rest_days=1.0, days_flagged=False)).data["dimension"].tolist() == [
        "segment", "segment",
    ]  # fmt: skip
    for exhibit in (tables.year(year), tables.month(month), tables.tiers(tiers)):
        assert "Gold (segment)" in str(exhibit.finding)
    assert tables.year(own_groups.year(bookings, [], as_of=today)) is None
    assert tables.tiers(own_groups.tiers(assigned, accounts, [])) is None
