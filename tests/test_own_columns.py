"""Are columns that no table knows kept, told, typed as plan.yml says, and of use as scopes and as groups?"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

import salesnb as sb
from salesnb.cli.checking import examine
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
