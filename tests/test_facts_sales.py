"""Do the facts of sales add up, stop at as_of, stay within their scope, and come typed when there is nothing?"""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesnb.intake import facts
from salesnb.intake.schema import TABLES
from salesnb.intake.workspace import open_book
from tests.intake_folders import workspace

FACTS = (
    facts.order_days,
    facts.bookings,
    facts.purchases,
    facts.accounts,
    facts.reps,
    facts.products,
    facts.targets,
)
REFERENCE = Path(__file__).parents[2] / "shared" / "workspaces"

ORDERS = """order_id,line_id,account_id,rep_id,product_id,ordered_on,quantity,net_amount,list_amount,cost_amount
1,1,A,R1,P1,2026-10-01,2,100,120,60
1,2,A,R1,P2,2026-10-01,1,-30,,20
2,1,A,R2,P1,2026-10-05,1,0,,
3,1,B,R2,,2026-10-05,,-40,,
4,1,C,R9,P9,2025-10-31,1,70,70,50
5,1,B,R1,P1,2026-10-20,1,900,900,500
"""
ACCOUNTS = "account_id,account_name,region,owner_id,created_on,is_strategic\nA,Alpha,North,R1,2020-01-01,yes\nB,Beta,,R2,,\nD,,South,,2026-10-18,no\nE,Late,South,,2026-12-01,\n"
REPS = "rep_id,rep_name,team,region,hired_on,left_on\nR1,Chen,Falcons,East,2026-10-17,\nR2,Liu,Wolves,West,,2026-10-17\nR3,Zhao,Wolves,West,2026-10-18,\n"
PRODUCTS = "product_id,product_name,product_line,list_price\nP1,Valve,Valves,60\nP2,Pump,Pumps,30\n"
TARGETS = "period_start,grain,dimension,member,amount\n2026-01-01,year,company,X,1000\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SALESNB_SNAPSHOT", raising=False)


@pytest.fixture
def folder(tmp_path):
    return workspace(
        tmp_path / "w", orders=ORDERS, accounts=ACCOUNTS, reps=REPS, products=PRODUCTS, targets=TARGETS
    )


def test_order_days_sum_lines_and_tell_orders_from_returns(folder):
    days = facts.order_days(open_book(folder, as_of="2026-10-17"))
    assert days[["account_id", "net_amount", "is_order", "lines"]].to_numpy().tolist() == [
        ["A", 70.0, True, 2],
        ["A", 0.0, True, 1],
        ["B", -40.0, False, 1],
        ["C", 70.0, True, 1],
    ]
    assert days["list_amount"].tolist()[:1] == [120.0]
    assert days["list_amount"].isna().tolist() == [False, True, True, False]
    assert days["day"].max() == pd.Timestamp("2026-10-05")


def test_products_are_counted_in_their_own_unit_in_two_spans(folder):
    then, now = (
        (pd.Timestamp("2025-10-01"), pd.Timestamp("2025-10-31")),
        (pd.Timestamp("2026-10-01"), pd.Timestamp("2026-10-05")),
    )
    found = facts.product_sales(open_book(folder, as_of="2026-10-17"), then=then, now=now)
    assert found.drop(columns="product_id").to_numpy().tolist() == [
        [0, 0, 3, 100],
        [0, 0, -1, -30],
    ]  # P2 came back
    assert found["product_id"].tolist() == ["P1", "P2"]
    alone = facts.product_sales(
        open_book(folder, as_of="2026-10-31"), then=then, now=(now[0], pd.Timestamp("2026-10-31"))
    )
    assert alone.set_index("product_id").loc["P1", ["quantity_now", "net_amount_now"]].tolist() == [4, 1000]


def test_bookings_are_placed_by_the_account_s_region_then_the_rep_s(folder):
    booked = facts.bookings(open_book(folder, as_of="2026-10-17"))
    rows = booked[["region", "team", "rep_id", "product_line", "net_amount"]].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        [None, None, "R9", None, 70.0],
        ["North", "Falcons", "R1", "Pumps", -30.0],
        ["North", "Falcons", "R1", "Valves", 100.0],
        ["North", "Wolves", "R2", "Valves", 0.0],
        ["West", "Wolves", "R2", None, -40.0],
    ]


def test_purchases_are_those_of_twelve_months(folder):
    bought = facts.purchases(open_book(folder, as_of="2026-10-17"))
    assert set(bought["account_id"]) == {"A", "B"}
    assert bought.set_index(["account_id", "product_line"])["order_days"].to_dict()["A", "Valves"] == 2
    assert bought.loc[bought["product_line"] == "Pumps", "order_days"].tolist() == [0]


def test_accounts_are_all_that_a_row_by_as_of_names(folder):
    accounts = facts.accounts(open_book(folder, as_of="2026-10-17")).set_index("account_id")
    assert list(accounts.index) == ["A", "B", "C"]
    assert accounts["account_name"].to_dict() == {"A": "Alpha", "B": "Beta", "C": "C"}
    assert accounts["listed"].tolist() == [True, True, False]
    assert accounts["is_strategic"].astype(object).where(accounts["is_strategic"].notna(), None).tolist() == [
        True,
        None,
        None,
    ]
    assert list(facts.accounts(open_book(folder, as_of="2026-10-18"))["account_id"]) == ["A", "B", "C", "D"]


def test_reps_are_active_from_the_day_they_come_until_the_day_they_go(folder):
    active = facts.reps(open_book(folder, as_of="2026-10-17")).set_index("rep_id")["active"]
    assert active.to_dict() == {"R1": True, "R2": False, "R3": False}
    active = facts.reps(open_book(folder, as_of="2026-10-16")).set_index("rep_id")["active"]
    assert active.to_dict() == {"R1": False, "R2": True, "R3": False}


@pytest.mark.parametrize(
    ("scope", "amount", "accounts"),
    [
        ("region=North", 70, ["A"]),
        ("region=West", -40, ["B"]),
        ("team=Wolves", -40, ["A", "B"]),
        ("rep=Chen", 70, ["A"]),
        ("account=Alpha", 70, ["A"]),
    ],
)
def test_a_scope_narrows_every_fact(folder, scope, amount, accounts):
    book = open_book(folder, as_of="2026-10-17", scope=scope)
    assert facts.bookings(book)["net_amount"].sum() == amount
    assert facts.order_days(book)["net_amount"].sum() == amount
    assert facts.accounts(book)["account_id"].tolist() == accounts
    assert facts.bookings(book, company=True)["net_amount"].sum() == 100
    assert len(facts.targets(book)) == 1


def test_missing_tables_give_empty_frames_of_the_same_kinds(folder, tmp_path):
    full = open_book(folder, as_of="2026-10")
    invoices = "invoice_id,account_id,issued_on,due_on,amount\n1,A,2026-10-01,2026-10-31,5\n"
    bare = open_book(workspace(tmp_path / "v", invoices=invoices), as_of="2026-10")
    for fact in FACTS:
        expected, found = fact(full), fact(bare)
        assert found.dtypes.to_dict() == expected.dtypes.to_dict(), fact.__name__
        assert len(found) == (1 if fact is facts.accounts else 0)


@pytest.mark.parametrize("scope", ["region=North", "team=Wolves", "rep=R1", "account=A"])
def test_every_table_can_be_narrowed(folder, scope):
    book = open_book(folder, as_of="2026-10-17", scope=scope)
    for name, table in TABLES.items():
        found = facts.rows(book, name)
        assert list(found.columns) == table.names
        assert found.count().execute() <= facts.rows(book, name, company=True).count().execute()


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.sampled_from(["R1", "R2", ""]),
            st.integers(1, 28),
            st.integers(-(10**9), 10**9),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_parts_sum_to_the_whole_to_the_cent(tmp_path_factory, lines):
    text = "order_id,account_id,rep_id,ordered_on,net_amount\n"
    text += "".join(
        f"{n},{account},{rep},2026-10-{day:02},{cents / 100:.2f}\n"
        for n, (account, rep, day, cents) in enumerate(lines)
    )
    book = open_book(
        workspace(tmp_path_factory.mktemp("w"), orders=text, reps=REPS, accounts=ACCOUNTS), as_of="2026-10"
    )
    whole = sum(cents for *_, cents in lines)
    for frame in (facts.order_days(book), facts.bookings(book), facts.purchases(book)):
        assert round(frame["net_amount"].sum() * 100) == whole


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference workspaces are not on this machine")
@pytest.mark.parametrize("name", sorted(path.name for path in REFERENCE.glob("*")) or ["none"])
def test_reference_bookings(name):
    expected = json.loads((REFERENCE / name / "expected.json").read_text())
    book = open_book(REFERENCE / name, as_of=expected["month"])
    days = facts.order_days(book)
    in_month = days["day"].dt.to_period("M") == pd.Period(expected["month"])
    assert days.loc[in_month, "net_amount"].sum() == pytest.approx(
        expected["metrics"]["bookings.month"], rel=1e-9
    )
    tiers = [value for key, value in expected["metrics"].items() if key.startswith("tier.")]
    assert len(facts.accounts(book)) == sum(tiers)
    if expected["metrics"]["team.reps"] is not None:
        assert facts.reps(book)["active"].sum() == expected["metrics"]["team.reps"]
