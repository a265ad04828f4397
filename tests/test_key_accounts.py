"""The strategic accounts' cards and the agendas of the core accounts, worked by hand; the facts behind them; their workbook."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest

from salesnb.analysis import key_accounts
from salesnb.display.customers import key_accounts as shown
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from salesnb.language import Language

AS_OF = pd.Timestamp("2026-10-31")
DAY = pd.to_datetime
EN = Language("en")


def covered(**tiers: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": list(tiers),
            "tier": list(tiers.values()),
            "revenue": [100.0 - place for place in range(len(tiers))],
            "last_contact_on": DAY("2026-10-01"),
            "in_time": [place == 0 for place in range(len(tiers))],
            "executive_in_time": pd.array(
                [tier == "strategic" and place > 0 for place, tier in enumerate(tiers.values())],
                dtype="boolean",
            ),
        }
    )


BREADTH = pd.DataFrame(
    {
        "account_id": ["A", "B"],
        "lines": [2, 1],
        "lines_before": [3, 1],
        "net_amount": [70.0, 5.0],
        "net_before": [100.0, 0.0],
    }
)
SCORES = pd.DataFrame({"account_id": ["A"], "score": [8.0], "surveyed_on": [DAY("2025-01-31")]})


def test_a_card_says_who_met_it_its_plan_its_people_and_its_debts() -> None:
    standing = pd.DataFrame(
        {"member": ["A"], "actual_ytd": [30.0], "target_ytd": [40.0], "attainment": [0.75]}
    )
    work = pd.DataFrame(
        {
            "account_id": ["A", "A", "A", "B"],
            "rep_id": ["R1", "R2", "R3", "R9"],
            "contacts": [3, 1, 0, 1],  # R3 only sold
            "executive_on": DAY(["2026-05-01", "2026-06-01", None, "2026-07-01"]),
        }
    )
    reps = pd.DataFrame(
        {
            "rep_id": ["R1", "R2", "R3"],
            "rep_name": ["Ann", "Bo", "Cy"],
            "role": ["sales", "engineer", "sales"],
        }
    )
    invoices = pd.DataFrame({"account_id": ["A", "A"], "unpaid": [5.0, 2.0], "days_overdue": [3.0, -4.0]})
    told = {"standing": standing, "work": work, "reps": reps, "breadth": BREADTH, "satisfaction": SCORES}
    found = key_accounts.cards(covered(A="strategic", B="strategic", C="core"), invoices=invoices, **told)
    assert found["account_id"].tolist() == ["A", "B"]  # A, whom nobody met in time, first
    one, other = found.iloc[0], found.iloc[1]
    assert (one["executive_by"], one["executive_on"]) == ("Bo", DAY("2026-06-01"))
    assert one[["people", "roles", "attainment", "lines", "lines_before", "change", "owed", "overdue"]].tolist() == [
        2, 2, 0.75, 2, 3, -30.0, 7.0, 5.0,
    ]  # fmt: skip
    assert pd.isna(other["executive_by"])  # R9 is nobody of this scope
    assert pd.isna(other["attainment"])
    unknown = key_accounts.cards(covered(A="strategic"), invoices=None, **told)
    assert unknown["overdue"].isna().all()
    named = found.assign(account_name=found["account_id"], owner="Ann")
    assert EN(shown.contact(named)) == (
        "1 of 2 strategic accounts was met by no executive in time: A; 1 of 1 with a plan is behind it, by 10.0."
    )
    assert shown.contact(named.iloc[:0]) is None


def core(n: int) -> pd.DataFrame:
    return covered(**{f"C{place}": "core" for place in range(n)})


def agenda(n: int = 6) -> pd.DataFrame:
    ids = [f"C{place}" for place in range(n)]
    bought = [(one, "Pumps", 10.0) for one in ids] + [(one, "Valves", 10.0) for one in ids[1:]]
    return key_accounts.agenda(
        core(n),
        rhythm=pd.DataFrame(
            {
                "account_id": ["C0", "C1"],
                "last_on": DAY("2026-09-01"),
                "due_on": DAY(["2026-09-30", "2026-11-30"]),
                "pause": 60.0,
                "interval": [29.0, 90.0],
            }
        ),
        satisfaction=SCORES.assign(account_id="C0"),
        breadth=BREADTH.assign(account_id=["C0", "C1"]),
        purchases=pd.DataFrame(bought, columns=["account_id", "product_line", "net_amount"]),
        accounts=pd.DataFrame({"account_id": ids, "industry": "Food"}),
        opportunities=pd.DataFrame(
            {
                "account_id": ["C0", "C0", "C1"],
                "amount": [5.0, np.nan, 7.0],
                "outcome": ["open", "open", "won"],
            }
        ),
        as_of=AS_OF,
    )


def test_the_review_speaks_of_rhythm_old_scores_deals_and_what_peers_buy() -> None:
    found = agenda().set_index("account_id")
    assert found.loc["C0", ["late", "old_score", "promised", "deals", "change"]].tolist() == [
        True,
        True,
        5.0,
        2,
        -30.0,
    ]
    assert found.loc["C1", ["late", "old_score", "promised", "deals"]].tolist() == [False, False, 0.0, 0]
    assert found.loc["C0", "offer"] == "Valves"  # five of six peers buy them
    assert found.loc["C1":, "offer"].isna().all()
    assert agenda(4)["offer"].isna().all()  # four accounts are no habit of an industry


def test_each_manager_has_a_sheet_that_prints_on_a_page() -> None:
    rows = agenda().assign(
        account_name=lambda one: one["account_id"], owner=["Ann", "Ann", "Bo", "Bo", None, None]
    )
    book = openpyxl.load_workbook(io.BytesIO(shown.sheets(rows, EN)))
    assert sorted(book.sheetnames) == ["Ann", "Bo", "without an owner"]
    sheet = book["Ann"]
    assert sheet.max_row == 3
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert [cell.value for cell in sheet[1]][-3:] == ["Agreed", "By whom", "Until"]
    table = shown.agendas(rows)
    assert table is not None
    assert table.data["accounts"].sum() == 6


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    (folder / "plan.yml").write_text("company: Test\n")
    (folder / "products.csv").write_text("product_id,product_line\nP,Pumps\nV,Valves\n")
    (folder / "orders.csv").write_text(
        "order_id,account_id,product_id,ordered_on,net_amount,rep_id\n"
        "1,A,P,2026-01-05,10,R1\n2,A,V,2025-02-05,20,R1\n3,A,P,2025-02-06,1,R1\n4,A,V,2026-02-01,-5,R1\n5,A,,2026-02-02,2,R1\n"
    )
    (folder / "activities.csv").write_text(
        "activity_id,rep_id,account_id,kind,happened_on\n1,R1,A,executive_meeting,2026-01-05\n2,R1,A,executive_meeting,2024-01-05\n3,R2,A,call,2026-02-05\n"
    )
    return open_book(folder, as_of="2026-02-28")


def test_breadth_counts_lines_that_brought_money_in_two_years(book) -> None:
    row = facts.breadth(book).set_index("account_id").loc["A"]
    assert row[["lines", "lines_before"]].tolist() == [
        1,
        2,
    ]  # the returned valves and the unknown product are no lines of this year
    assert row[["net_amount", "net_before"]].tolist() == [7.0, 21.0]


def test_who_held_the_last_executive_meeting_of_twelve_months(book) -> None:
    work = facts.account_work(book).set_index("rep_id")
    assert work.loc["R1", "executive_on"] == DAY("2026-01-05")
    assert pd.isna(work.loc["R2", "executive_on"])


def test_a_card_names_the_project_group_of_the_plan_and_nobody_of_outside() -> None:
    cards = pd.DataFrame({"account_id": ["A", "B", "C"], "people": [3, 1, 0]})
    accounts = pd.DataFrame({"account_id": ["A", "B", "C"], "account_name": ["Ann", "Bea", "Cid"]})
    named = {"A": {"design": "R1", "finance": "Wu Fang"}, "Bea": {"design": "R2", "service": "R9"}}
    here = pd.DataFrame({"rep_id": ["R1", "R2"], "rep_name": ["Li", "Ma"]})
    company = pd.concat([here, pd.DataFrame({"rep_id": ["R9"], "rep_name": ["Xu"]})])
    found = key_accounts.groups(cards, named, accounts, reps=here, everybody=company)
    assert found["group"].tolist() == [
        (("design", "Li"), ("finance", "Wu Fang")),  # who is no sales person is named as the plan does
        (("design", "Ma"),),  # R9 belongs to another scope
        (),
    ]
    told = [EN.sentence(shown._group(*row)) for row in found[["group", "people"]].itertuples(index=False)]
    assert told == ["Li (design) and Wu Fang (finance)", "Ma (design)", "0 in contact"]
