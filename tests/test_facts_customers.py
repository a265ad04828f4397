"""The facts on contact and actions, and what the customer page and the retrospective find in the demo company."""

from pathlib import Path

import pandas as pd
import pytest

from salesnb.analysis import attention, pull_forward, rhythm, tiers
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from tests.planted import TRUTHS

DEMO = Path(__file__).parents[1] / "data" / "demo"

PLAN = "company: Test\n"
ORDERS = "order_id,account_id,ordered_on,net_amount\n1,A,2026-01-05,10\n2,B,2026-02-05,20\n"
ACTIVITIES = """activity_id,account_id,kind,happened_on,minutes
1,A,visit,2026-01-05,60
2,A,executive_meeting,2026-01-15,30
3,A,call,2026-02-20,
4,A,call,2026-03-05,10
5,,call,2026-01-05,10
"""
SATISFACTION = (
    "account_id,surveyed_on,score\nA,2025-01-01,9\nA,2026-01-01,5\nB,2026-01-01,8\nA,2026-03-03,1\n"
)
ACTIONS = """action_id,raised_on,owner_id,due_on,done_on,description
1,2026-01-01,R1,2026-02-01,2026-03-15,later done
2,2026-03-02,R1,2026-03-20,,not raised yet
"""
LEADS = """lead_id,created_on,rep_id,qualified_on
1,2026-02-01,R1,2026-02-10
2,2026-02-01,R1,2026-03-10
3,2026-02-02,R1,
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    files = {
        "orders": ORDERS,
        "activities": ACTIVITIES,
        "satisfaction": SATISFACTION,
        "actions": ACTIONS,
        "leads": LEADS,
    }
    (folder / "plan.yml").write_text(PLAN)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return open_book(folder, as_of="2026-02-28")


@pytest.fixture(scope="module")
def demo():
    return open_book(DEMO, as_of="2026-10-31")


def test_whom_an_event_concerned_by_hand(tmp_path) -> None:
    files = {
        "plan": PLAN,
        "products": "product_id,product_line\nP,Pumps\nQ,Drives\n",
        "orders": (
            "order_id,account_id,product_id,ordered_on,net_amount\n1,A,P,2025-11-05,10\n2,B,P,2025-12-05,30\n3,C,Q,2025-12-05,90\n"
            "4,D,P,2025-01-05,50\n5,B,P,2026-02-20,70\n6,E,P,2025-12-01,8\n7,E,P,2025-12-02,-8\n"
        ),
        "events": "happened_on,kind,account_id,product_line\n2026-01-10,publicity,,Pumps\n2026-01-10,departure,C,\n2026-01-10,other,,\n2025-02-28,departure,A,\n",
        "activities": (
            "activity_id,account_id,kind,happened_on\n1,A,call,2026-01-10\n2,A,executive_meeting,2026-02-09\n3,A,call,2025-12-20\n4,A,call,2025-12-15\n"
            "5,A,call,2025-10-01\n6,C,visit,2026-01-11\n7,B,call,2026-03-05\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / f"{name}.{'yml' if name == 'plan' else 'csv'}").write_text(text)
    found = facts.event_contacts(open_book(tmp_path, as_of="2026-02-28"))
    press = found[found["kind"] == "publicity"].set_index("account_id")
    # who bought pumps in the year before, most money first: not what came after, not D long ago, not E who sent it back
    assert press["bought"].to_dict() == {"B": 30.0, "A": 10.0}
    assert press["on_line"].all()
    assert press.loc["A", ["first_on", "executive_on", "spans_met"]].tolist() == [
        pd.Timestamp("2026-02-09")
    ] * 2 + [2.0]  # on the day itself is before it; three calls in two of the twelve thirty days
    assert press.loc["B", ["first_on", "executive_on"]].isna().all()  # after the day of the report
    left = found[found["kind"] == "departure"]
    assert left[["account_id", "bought", "on_line", "first_on"]].to_numpy().tolist() == [
        ["C", 90.0, False, pd.Timestamp("2026-01-11")]
    ]
    one = facts.event_contacts(open_book(tmp_path, as_of="2026-02-28"), most=1)
    assert one.loc[one["on_line"], "account_id"].tolist() == ["B"]


def test_contacts_by_hand(book) -> None:
    found = facts.contacts(book).set_index("account_id").loc["A"]
    assert found["last_contact_on"] == pd.Timestamp("2026-02-20")  # the one in March has not happened
    assert found["last_executive_on"] == pd.Timestamp("2026-01-15")
    assert (found["contacts_90d"], found["minutes_90d"]) == (3, 90)


def test_contact_months_end_the_trail_with_the_coverage_of_today(book, demo) -> None:
    assert facts.contact_months(book).query("account_id == 'A'")["last_on"].dt.strftime("%m-%d").tolist() == [
        "01-15",
        "02-20",
    ]
    covered = pd.DataFrame({"account_id": ["A", "Z"], "limit": [14.0, 14.0]})
    trail = attention.contact_trail(covered, facts.contact_months(book), as_of=book.as_of)
    # A was met on 15 January, 16 days before the month's end, and on 20 February, 8 before; Z never
    assert [(day.month, share) for day, share in trail[-2:]] == [(1, 0.0), (2, 0.5)]
    assert attention.contact_trail(covered.iloc[:0], facts.contact_months(book), as_of=book.as_of) == []
    plan = demo.plan.tiers
    days, accounts = facts.order_days(demo, company=True), facts.accounts(demo, company=True)
    assigned = tiers.assign(
        days, accounts, as_of=demo.as_of, tiers=plan, revenue=facts.revenue(demo, company=True)
    )
    met = tiers.coverage(assigned, facts.contacts(demo), as_of=demo.as_of, tiers=plan)
    today = attention.contact_trail(met, facts.contact_months(demo), as_of=demo.as_of)[-1]
    assert today == (demo.as_of, pytest.approx(met["in_time"].mean()))


def test_contact_weeks_count_from_the_start(book) -> None:
    found = facts.contact_weeks(book, start=pd.Timestamp("2026-01-03"), end=pd.Timestamp("2026-03-31"))
    assert found["week_start"].dt.strftime("%m-%d").tolist() == ["01-03", "01-10", "02-14"]


def test_satisfaction_has_the_latest_and_the_one_before(book) -> None:
    found = facts.satisfaction(book).set_index("account_id")
    assert found.loc["A", ["score", "previous_score"]].tolist() == [5, 9]
    assert found.loc["B", "score"] == 8
    assert pd.isna(found.loc["B", "previous_score"])


def test_actions_and_leads_as_known_that_day(book) -> None:
    found = facts.actions(book)
    assert found["action_id"].tolist() == ["1"]
    assert found["done_on"].isna().all()
    leads = facts.sprint_leads(book, pd.Timestamp("2026-02-01"), pd.Timestamp("2026-02-28"))
    assert (int(leads["created"].sum()), int(leads["converted"].sum())) == (3, 1)


def test_missing_tables_give_empty_frames(tmp_path) -> None:
    (tmp_path / "plan.yml").write_text(PLAN)
    (tmp_path / "orders.csv").write_text(ORDERS)
    alone = open_book(tmp_path, as_of="2026-02-28")
    for fact in (facts.contacts, facts.satisfaction, facts.actions, facts.account_events, facts.owners):
        assert fact(alone).empty


def test_demo_the_strategic_customer_who_stopped_is_found(demo) -> None:
    orders, accounts = facts.order_days(demo), facts.accounts(demo)
    assigned = tiers.assign(orders, accounts, as_of=demo.as_of, tiers=demo.plan.tiers)
    silent = attention.silent(rhythm.silence(orders, as_of=demo.as_of), assigned).set_index("account_id")
    truth = TRUTHS["silent_customer"]
    assert set(truth.who) <= set(silent.index)
    assert abs((silent.loc[truth.who[0], "last_on"] - pd.Timestamp(truth.since)).days) <= 31


def test_demo_the_sprints_pull_forward_lies_in_its_interval(demo) -> None:
    sprint = pull_forward.known_sprint(demo.plan.sprints, as_of=demo.as_of)
    found = pull_forward.pull_forward(
        sprint, facts.order_days(demo), as_of=demo.as_of, country=demo.plan.country
    )
    assert found is not None
    assert found.low <= TRUTHS["pull_forward"].size <= found.high
    assert found.low > 0
