"""Tiers: by hand, limits, and what holds for every company."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesnb.analysis import tiers
from salesnb.analysis.tiers import moves as tier_moves
from salesnb.display.customers import prose
from salesnb.language import Message
from salesnb.plan import CoreTier, Screen, Tiers

AS_OF = pd.Timestamp("2026-10-31")


def days(*entries: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(entries, columns=["account_id", "day", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"], format="ISO8601"), is_order=frame["net_amount"] >= 0)


def accounts(*names: str, strategic: tuple[str, ...] = ()) -> pd.DataFrame:
    flags = pd.array([name in strategic or None for name in names], dtype="boolean")
    return pd.DataFrame({"account_id": list(names), "is_strategic": flags})


def tier_of(found: pd.DataFrame) -> dict[str, str]:
    return dict(zip(found["account_id"], found["tier"], strict=True))


ORDERS = days(
    ("A", "2024-05-01", 1.0),
    ("A", "2026-02-01", 500.0),  # standing and largest: strategic
    ("B", "2024-05-01", 1.0),
    ("B", "2026-02-01", 300.0),  # 500 < 80% of 1,000: core
    ("C", "2024-05-01", 1.0),
    ("C", "2026-01-05", 50.0),
    ("C", "2026-08-05", 60.0),  # growing
    ("D", "2026-06-01", 40.0),
    ("D", "2026-03-01", 40.0),  # first order 244 days ago, the halves alike
    ("E", "2024-05-01", 10.0),  # nothing in twelve months
)


def test_tiers_by_hand() -> None:
    found = tiers.assign(ORDERS, accounts("A", "B", "F"), as_of=AS_OF, tiers=Tiers())
    assert tier_of(found) == {
        "A": "strategic",
        "B": "core",
        "C": "potential",
        "D": "opportunity",
        "E": "opportunity",
        "F": "opportunity",
    }
    assert found["active"].sum() == 4


def test_flags_replace_the_rule_even_for_an_account_without_orders() -> None:
    found = tier_of(tiers.assign(ORDERS, accounts("A", "F", strategic=("F",)), as_of=AS_OF, tiers=Tiers()))
    assert found["F"] == "strategic"
    assert found["A"] == "core"


def test_new_account_is_potential_up_to_the_day() -> None:
    big = ("Z", "2024-01-01", 1.0), ("Z", "2026-01-01", 1e6)
    on, off = AS_OF - pd.Timedelta(days=180), AS_OF - pd.Timedelta(days=181)
    edge = days(
        *big, ("N", str(on), 5.0), ("N", "2026-06-01", 0.0), ("O", "2026-04-10", 5.0), ("O", str(off), 5.0)
    )
    found = tier_of(tiers.assign(edge, accounts(), as_of=AS_OF, tiers=Tiers()))
    assert found["N"] == "potential"


def test_ties_go_by_account_id_and_the_crossing_account_is_core() -> None:
    equal = days(*((name, "2026-03-01", 10.0) for name in "EDCBA"))
    found = tier_of(tiers.assign(equal, accounts(), as_of=AS_OF, tiers=Tiers()))
    assert [name for name, tier in found.items() if tier == "core"] == ["A", "B", "C", "D"]


def test_nothing_and_returns_only() -> None:
    assert tiers.assign(days(), accounts(), as_of=AS_OF, tiers=Tiers()).empty
    returned = tiers.assign(days(("A", "2026-03-01", -5.0)), accounts(), as_of=AS_OF, tiers=Tiers())
    assert tier_of(returned) == {"A": "opportunity"}
    assert tiers.concentration(returned) is None
    none = tiers.headlines(returned, returned.assign(in_time=True).head(0))
    assert none["tier_share.core"].value is None
    assert none["customers.active"].value == 0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 700), st.integers(-5_000, 90_000)), max_size=60))
def test_every_account_has_one_tier_and_shares_sum_to_one(rows: list[tuple[int, int, int]]) -> None:
    orders = days(*((f"A{a}", str(AS_OF - pd.Timedelta(days=back)), cents / 100) for a, back, cents in rows))
    found = tiers.assign(orders, accounts("A0", "A99"), as_of=AS_OF, tiers=Tiers())
    assert set(found["account_id"]) == {f"A{a}" for a, _, _ in rows} | {"A0", "A99"}
    assert found["account_id"].is_unique
    figures = tiers.headlines(found, found.assign(in_time=True).head(0))
    assert sum(figures[f"tier.{tier}"].value for tier in tiers.TIERS) == len(found)
    shares = [figures[f"tier_share.{tier}"].value for tier in tiers.TIERS]
    if found["active"].any():
        assert sum(shares) == pytest.approx(1)
        assert sum(shares[:2]) >= 0.8 - 1e-9


def test_concentration_by_hand() -> None:
    found = tiers.concentration(tiers.assign(ORDERS, accounts(), as_of=AS_OF, tiers=Tiers()))
    assert found is not None
    revenue = [500, 300, 110, 80]
    assert found.hhi == pytest.approx(10_000 * sum((r / 990) ** 2 for r in revenue))
    assert found.top10_share == pytest.approx(1)
    assert (found.half, found.largest) == (1, "A")


def test_coverage_counts_the_limit_day() -> None:
    assigned = tiers.assign(ORDERS, accounts(), as_of=AS_OF, tiers=Tiers())
    met = pd.DataFrame(
        {
            "account_id": ["A", "B"],
            "last_contact_on": [AS_OF - pd.Timedelta(days=14), AS_OF - pd.Timedelta(days=31)],
            "last_executive_on": [pd.NaT, pd.NaT],
        }
    )
    covered = tiers.coverage(assigned, met, as_of=AS_OF, tiers=Tiers()).set_index("account_id")
    assert covered["in_time"].to_dict() == {"A": True, "B": False}
    assert tiers.headlines(assigned, covered)["coverage.key_accounts"].value == 0.5
    lacking = Message("no activities")
    assert (
        tiers.headlines(assigned, covered, lacking_contacts=lacking)["coverage.key_accounts"].reason
        == lacking
    )


def test_executives_whose_meetings_nobody_logs_have_not_missed_any() -> None:
    assigned = pd.DataFrame(
        {"account_id": ["A", "B"], "tier": ["strategic", "strategic"], "revenue": [2.0, 1.0]}
    )
    met = pd.DataFrame({"account_id": ["A"], "last_contact_on": [AS_OF], "last_executive_on": [pd.NaT]})
    unknown = tiers.coverage(assigned, met, as_of=AS_OF, tiers=Tiers())
    assert unknown["executive_in_time"].isna().all()
    assert "no executive's meeting is logged" in str(prose.executives(unknown))
    known = tiers.coverage(assigned, met.assign(last_executive_on=[AS_OF]), as_of=AS_OF, tiers=Tiers())
    assert known.set_index("account_id")["executive_in_time"].to_dict() == {"A": True, "B": False}


def test_movements_and_scope() -> None:
    before = tiers.assign(ORDERS, accounts(), as_of=pd.Timestamp("2026-07-31"), tiers=Tiers())
    after = tiers.assign(ORDERS, accounts(), as_of=AS_OF, tiers=Tiers())
    moved = tiers.movements(before, after)
    assert set(moved["direction"]) <= {"up", "down"}
    assert (moved["from_tier"] != moved["to_tier"]).all()
    scoped = tiers.within(after, ORDERS[ORDERS["account_id"] == "B"], accounts("B"), as_of=AS_OF)
    assert tier_of(scoped) == {"B": "core"}


def test_effort_beside_value() -> None:
    assigned = tiers.assign(ORDERS, accounts(), as_of=AS_OF, tiers=Tiers())
    met = pd.DataFrame({"account_id": ["A", "C"], "contacts_90d": [1.0, 3.0], "minutes_90d": [60.0, 180.0]})
    table = tiers.summary(assigned, met, tiers=Tiers()).set_index("tier")
    assert table.loc["strategic", "hours"] == 1
    assert table["effort_share"].sum() == pytest.approx(1)
    assert table["revenue_share"].sum() == pytest.approx(1)
    assert table["hours_needed"].isna().all()


def test_screen_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "account_id": ["D", "E", "F", "G"],
            "is_strategic": pd.array([None] * 4, dtype="boolean"),
            "industry_fit": [0.5, 0.4, None, 0.2],
            "budget": [100_000.0, 200_000.0, 5e5, 1_000.0],
            "decision_access": ["influencer", "decision_maker", "decision_maker", "unknown"],
        }
    )
    assigned = tiers.assign(days(), frame, as_of=AS_OF, tiers=Tiers())
    found = tiers.screened(assigned, frame, days(), as_of=AS_OF, screen=Screen())
    assert found.set_index("account_id")["verdict"].to_dict() == {
        "D": "promote",
        "E": "hold",
        "F": "ask",
        "G": "drop",
    }
    assert found["best_year"].isna().all()


def test_who_has_bought_is_won_back_and_never_dropped_or_promoted() -> None:
    orders = days(
        ("W", "2024-01-10", 900.0),
        ("W", "2024-06-10", 100.0),
        ("W", "2025-12-01", 50.0),
        ("W", "2026-07-01", 20.0),
    )
    frame = pd.DataFrame(
        {
            "account_id": ["W", "P"],
            "is_strategic": pd.array([None] * 2, dtype="boolean"),
            "industry_fit": [0.1, 0.9],
            "budget": [1.0, 1e9],
            "decision_access": ["user", "decision_maker"],
        }
    )
    assigned = tiers.assign(orders, frame, as_of=AS_OF, tiers=Tiers(core=CoreTier(revenue_share=0.0)))
    assigned = assigned.assign(tier="opportunity")
    found = tiers.screened(assigned, frame, orders, as_of=AS_OF, screen=Screen()).set_index("account_id")
    assert found["verdict"].to_dict() == {"P": "promote", "W": "win_back"}
    assert found.loc["W", ["best_year", "revenue", "missing"]].tolist() == [1000.0, 70.0, 0]
    assert tiers.first_orders(assigned, as_of=AS_OF) == 0.0  # the only customer is an old one
    fresh = assigned.assign(first_on=[AS_OF if one == "W" else pd.NaT for one in assigned["account_id"]])
    assert (
        tiers.first_orders(fresh, as_of=AS_OF) is None
    )  # with the first orders of the records everybody is new
    longer = pd.concat([fresh, assigned[assigned["account_id"] == "W"].assign(account_id="O")])
    assert tiers.first_orders(longer, as_of=AS_OF) == pytest.approx(1 / 2 / 12)
    assert tiers.first_orders(fresh.dropna(subset=["first_on"]), as_of=AS_OF) is None


def test_a_move_that_hangs_on_the_threshold_is_a_close_call() -> None:
    def moves(*directions: str) -> pd.DataFrame:
        return pd.DataFrame({"account_id": list("AB")[: len(directions)], "direction": directions})

    found = tier_moves.robust(moves("up", "down"), [moves("up", "down"), moves("up")])
    assert found["robust"].tolist() == [True, False]
    low, high = tier_moves.shaken(Tiers())
    assert (low.core.revenue_share, high.core.revenue_share) == pytest.approx((0.72, 0.88))
    assert (low.strategic.top_share, high.potential.new_days) == pytest.approx((0.045, 198))


def test_hours_move_from_the_smallest_to_the_largest_account() -> None:
    """Core asks 6 hours a month and strategic 16: S lacks 6, C 1; O has 5 beyond, P 1 beyond. All six go: S gets 6."""
    assigned = pd.DataFrame(
        {
            "account_id": ["S", "C", "P", "O"],
            "tier": ["strategic", "core", "potential", "opportunity"],
            "revenue": [9.0, 5.0, 2.0, 1.0],
        }
    )
    contacts = pd.DataFrame(
        {"account_id": ["S", "C", "P", "O"], "minutes_90d": [180.0 * 10, 180.0 * 5, 180.0 * 4, 180.0 * 6]}
    )
    plan = Tiers.model_validate(
        {
            name: {"hours_per_month": hours}
            for name, hours in (("strategic", 16), ("core", 6), ("potential", 3), ("opportunity", 1))
        }
    )
    moves = tiers.hours_to_move(assigned, contacts, tiers=plan)
    assert moves is not None
    assert (moves.beyond, moves.lacking, moves.moved) == (6.0, 7.0, 6.0)
    assert moves.accounts.set_index("account_id")["change"].to_dict() == {"S": 6.0, "P": -1.0, "O": -5.0}
    assert tiers.hours_to_move(assigned, contacts, tiers=Tiers()) is None  # the plan names no hours
    assert tiers.hours_to_move(assigned, contacts.assign(minutes_90d=0.0), tiers=plan) is None


def test_plan_b_by_hand() -> None:
    assigned = pd.DataFrame(
        {
            "account_id": ["A", "B", "N"],
            "revenue": [240.0, 60.0, 120.0],
            "first_on": pd.to_datetime(["2020-01-01", "2020-01-01", "2026-05-01"]),
        }
    )
    ahead = pd.DataFrame({"account_id": ["A"], "to_80": [pd.Timestamp("2026-11-20")]})
    deals = pd.DataFrame(
        {"account_id": ["A", "B", "B"], "amount": [10.0, 40.0, 99.0], "outcome": ["open", "open", "won"]}
    )
    found = tiers.plan_b(assigned, ahead, deals, win_rate=0.25, as_of=AS_OF).set_index("account_id")
    assert found.index.tolist() == ["A", "N", "B"]
    assert found.loc["A", ["act_by", "deals", "months"]].tolist() == [pd.Timestamp("2026-11-20"), 10.0, 24.0]
    assert found["new"].unique().tolist() == [120.0]
    assert found[["due", "risen"]].isna().all(axis=None)
    rose = pd.DataFrame(
        {"account_id": ["B", "X", "Y"], "direction": ["up", "up", "down"], "change": [5.0, 7.0, 9.0]}
    )
    money = pd.DataFrame({"account_id": ["A", "X"], "to_80": [AS_OF] * 2, "money_90": [30.0, 12.0]})
    filled = tiers.plan_b(assigned, money, deals, win_rate=0.25, as_of=AS_OF, moved=rose).set_index(
        "account_id"
    )
    assert filled["due"].to_dict() == {"A": 12.0, "N": 42.0, "B": 42.0}  # of all others
    assert filled["risen"].to_dict() == {"A": 12.0, "N": 12.0, "B": 7.0}
    nobody = tiers.plan_b(
        assigned.iloc[:0], money.iloc[:0], deals, win_rate=None, as_of=AS_OF, moved=rose.iloc[:0]
    )
    assert nobody.empty
    begun = assigned.assign(first_on=pd.Timestamp("2026-01-01"))  # the records begin this year
    assert tiers.plan_b(begun, ahead, deals, win_rate=None, as_of=AS_OF)["months"].isna().all()
    old = assigned.assign(first_on=pd.Timestamp("2020-01-01"))
    assert (
        tiers.plan_b(old, ahead, deals, win_rate=None, as_of=AS_OF)[["deals", "months"]].isna().all(axis=None)
    )


def test_contacts_that_nobody_logs_are_unknown_and_not_none() -> None:
    bought = days(("A", "2026-06-01", 90.0), ("B", "2026-06-02", 10.0))
    assigned = tiers.assign(bought, accounts("A", "B"), as_of=AS_OF, tiers=Tiers())
    silent = pd.DataFrame({"account_id": ["A"], "contacts_90d": [0], "minutes_90d": [0.0]})
    logged = silent.assign(contacts_90d=3)
    unknown = tiers.summary(assigned, silent, tiers=Tiers())
    assert unknown[["contacts", "hours", "effort_share"]].isna().all(axis=None)
    known = tiers.summary(assigned, logged, tiers=Tiers())
    assert known["contacts"].tolist().count(0) == 3  # of the other tiers
    assert known["hours"].isna().all()
