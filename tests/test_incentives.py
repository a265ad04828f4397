"""Commission to the cent."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesnb.analysis import incentives
from salesnb.headlines import Figure
from salesnb.plan import Commission, commission

AS_OF = pd.Timestamp("2026-10-31")


PEOPLE = pd.DataFrame({"rep_id": ["R1", "R2"], "team": "A"})


def scheme(*tiers, **settings) -> Commission:
    return Commission(tiers=[{"from": start, "rate": rate} for start, rate in tiers], **settings)


REFERENCE = scheme((0, 0.01), (100_000, 0.02), unit="amount")


def test_the_reference_case_has_no_hole_between_its_tiers():
    assert commission.payout(100_000, REFERENCE) == 1000
    assert commission.payout(100_000.50, REFERENCE) == 1000.01


def test_retroactive_tiers_pay_the_whole_at_the_rate_reached():
    plan = scheme((0, 0.01), (100_000, 0.02), unit="amount", mode="retroactive")
    assert commission.payout(99_999.99, plan) == 1000
    assert commission.payout(100_000, plan) == 2000


def test_the_cap_is_the_most_and_the_next_unit_pays_nothing():
    plan = scheme((0, 0.1), unit="amount", cap=500)
    assert commission.payout(10_000, plan) == 500
    assert commission.marginal_rate(10_000, plan) == 0
    assert commission.marginal_rate(100, plan) == 0.1


def test_tiers_at_shares_of_a_target():
    plan = scheme((0, 0.01), (1.0, 0.03))
    assert commission.payout(1500, plan, target=1000) == 25
    assert commission.payout(1500, plan) == 15


def test_below_the_first_tier_and_below_zero_nothing_is_paid():
    plan = scheme((0.5, 0.01))
    assert commission.payout(400, plan, target=1000) == 0
    assert commission.payout(-5, plan, target=1000) == 0


@given(st.integers(0, 10**9), st.integers(0, 10**8))
def test_marginal_pay_never_falls_as_sales_rise(low, more):
    assert commission.payout((low + more) / 100, REFERENCE) >= commission.payout(low / 100, REFERENCE)


def sales() -> pd.DataFrame:
    frame = pd.DataFrame(
        [
            ("2026-03-01", "R1", "A", 600.0, 100.0),
            ("2026-04-01", "R1", "A", 600.0, 100.0),
            ("2026-04-01", "R2", "A", 100.0, 150.0),
            ("2025-04-01", "R2", "A", 999.0, 0.0),
            ("2026-04-01", None, None, 7.0, 0.0),
        ],
        columns=["day", "rep_id", "team", "net_amount", "cost_amount"],
    )
    return frame.assign(day=pd.to_datetime(frame["day"]))


def test_earnings_of_a_hand_worked_year():
    table = incentives.earnings(
        sales(), scheme((0, 0.01), (1.0, 0.02)), as_of=AS_OF, targets=pd.Series({"R1": 1000.0})
    )
    assert table["member"].tolist() == ["R1", "R2"]
    assert table["payout"].tolist() == [14, 1]
    assert table["attainment"].iloc[0] == 1.2
    pay = incentives.build(
        sales(),
        scheme((0, 0.01), (1.0, 0.02)),
        as_of=AS_OF,
        targets=pd.Series({"R1": 1000.0}),
        people=PEOPLE,
        paths=np.zeros((2, 1)),
    )
    figures = incentives.headlines(pay, booked=Figure(1307.0))
    assert pay.year["cost"].tolist() == [15, 15]
    assert figures["incentives.payout"].value == 15
    assert figures["incentives.rate"].value == pytest.approx(15 / 1307)


def test_a_return_takes_its_commission_back_in_its_own_month_to_the_cent():
    """Target 1,000, 1% and from it on 2%. March 600 pays 6.00; April 700 pays 4.00 and, for the 300 beyond the target, 6.00; May brings 500
    back: 300 of them had earned 2%, 200 had earned 1%; June sells them again."""
    days = ["2026-03-05", "2026-04-02", "2026-05-20", "2026-06-01"]
    amounts = [600.0, 700.0, -500.0, 500.0]
    rows = pd.DataFrame(
        {"day": pd.to_datetime(days), "rep_id": "R1", "team": "A", "net_amount": amounts, "cost_amount": 0.0}
    )
    given = {"as_of": pd.Timestamp("2026-06-30"), "targets": pd.Series({"R1": 1000.0})}
    plan = scheme((0, 0.01), (1.0, 0.02))
    found = incentives.ledger(rows, plan, **given)
    assert found["paid"].tolist() == [6.0, 10.0, -8.0, 8.0]
    months = incentives.by_month(found)
    assert months["taken_back"].tolist() == [0, 0, -8.0, 0]
    assert found["paid"].sum() == incentives.earnings(rows, plan, **given)["payout"].item() == 16.0
    assert incentives.ledger(rows, None, **given).empty


@given(
    amounts=st.lists(st.decimals(-900, 900, places=2), min_size=1, max_size=8),
    mode=st.sampled_from(["marginal", "retroactive"]),
    cap=st.one_of(st.none(), st.just(9.0)),
)
def test_the_months_sum_to_the_payout(amounts, mode, cap):
    days = pd.date_range("2026-01-15", periods=len(amounts), freq="MS")
    rows = pd.DataFrame(
        {
            "day": days,
            "rep_id": "R1",
            "team": "A",
            "net_amount": [float(one) for one in amounts],
            "cost_amount": 0.0,
        }
    )
    given = {"as_of": pd.Timestamp("2026-12-31"), "targets": pd.Series({"R1": 1000.0})}
    plan = scheme((0, 0.01), (0.5, 0.03), mode=mode, cap=cap)
    paid = incentives.ledger(rows, plan, **given)["paid"].sum()
    assert round(paid, 2) == incentives.earnings(rows, plan, **given)["payout"].sum()


def test_a_year_at_target_is_the_yardstick_of_its_cost():
    year = {
        "as_of": AS_OF,
        "targets": pd.Series({"R1": 1000.0, "R2": 500.0}),
        "people": PEOPLE,
        "paths": np.zeros((0, 0)),
    }
    pay = incentives.build(sales(), scheme((0, 0.01), (0.8, 0.02)), **year)
    # 800 at 1% and 200 at 2%; 400 at 1% and 100 at 2%
    assert pay.at_target == 18
    assert incentives.build(sales(), scheme((0, 0.01), basis="margin"), **year).at_target is None
    assert incentives.build(sales(), None, **year).at_target is None


def test_who_has_sold_nothing_yet_may_still_earn():
    three = pd.DataFrame({"rep_id": ["R1", "R2", "R3"], "team": "A"})
    aims = pd.Series({"R1": 1000.0, "R2": 1000.0, "R3": 1000.0, "elsewhere": 1000.0})
    paths = np.full((4, 1), 1000.0)
    plan = scheme((0, 0.01), cap=50)
    pay = incentives.build(sales(), plan, as_of=AS_OF, targets=aims, people=three, paths=paths)
    assert pay.table["member"].tolist() == ["R1", "R2", "R3"]
    assert pay.table["payout"].tolist() == [12, 1, 0]
    assert (pay.most, pay.at_target) == (150, 30)
    early = pd.Timestamp(
        "2027-01-31"
    )  # a new year in which nobody has sold yet: divided as last year's months were
    pay = incentives.build(sales(), plan, as_of=early, targets=aims, people=three, paths=paths)
    assert pay.year["cost"].tolist() == pytest.approx([1000 * 0.01 * 1300 / 1307] * 4, rel=0.01)


@pytest.mark.parametrize("parts", [3, 6, 11, 7])
def test_a_threshold_reached_to_the_cent_is_reached(parts):
    rng = np.random.default_rng(parts)
    cents = np.diff([0, *np.sort(rng.integers(1, 10**7, parts - 1)), 10**7])
    sold = pd.DataFrame(
        {
            "day": pd.Timestamp("2026-03-02"),
            "rep_id": "R1",
            "team": "A",
            "net_amount": cents / 100,
            "cost_amount": 0.0,
        }
    )
    plan = scheme((0, 0.01), (100_000, 0.02), unit="amount", mode="retroactive")
    table = incentives.earnings(sold, plan, as_of=AS_OF, targets=pd.Series(dtype=float))
    assert table["payout"].item() == 2000


def test_margin_can_be_the_basis_and_teams_can_be_paid():
    table = incentives.earnings(
        sales(), scheme((0, 0.1), basis="margin", by="team"), as_of=AS_OF, targets=pd.Series(dtype=float)
    )
    assert table["sold"].tolist() == [950]
    assert table["payout"].tolist() == [95]


def test_reasons_where_nothing_can_be_computed():
    none = pd.Series(dtype=float)
    without = incentives.build(sales(), None, as_of=AS_OF, targets=none, people=PEOPLE, paths=np.ones((1, 1)))
    assert "no commission" in str(
        incentives.headlines(without, booked=Figure(1.0))["incentives.payout"].reason
    )
    aimless = incentives.build(
        sales(),
        scheme((0, 0.01), (1, 0.02)),
        as_of=AS_OF,
        targets=none,
        people=PEOPLE,
        paths=np.zeros((0, 0)),
    )
    assert incentives.headlines(aimless, booked=Figure(1.0))["incentives.payout"].value is None
    nobody = incentives.build(
        sales().iloc[:0], scheme((0, 0.01)), as_of=AS_OF, targets=none, people=PEOPLE, paths=np.zeros((0, 0))
    )
    assert incentives.headlines(nobody, booked=Figure(1.0))["incentives.payout"].value is None


def test_the_curve_has_its_marginal_rate_and_an_alternative_beside_it():
    plan = scheme((0, 0.01), (1.0, 0.02))
    curve = incentives.pay_curve(plan, target=1000, alternative=incentives.other_mode(plan))
    assert curve["payout"].is_monotonic_increasing
    assert curve.loc[curve["attainment"] < 1, "rate"].unique().tolist() == [0.01]
    assert curve["rate"].iloc[-1] == 0.02
    assert curve.loc[curve["attainment"] == 1, ["payout", "other"]].to_numpy().tolist() == [[10, 20]]


def test_simulated_cost_of_both_plans_by_hand():
    plan = scheme((0, 0.01), (1.0, 0.02))
    table = incentives.earnings(sales(), plan, as_of=AS_OF, targets=pd.Series({"R1": 1000.0}))
    parts = pd.DataFrame({"R1": [1.0], "R2": [0.0]})
    cost = incentives.year_cost(
        table, parts, plan, incentives.other_mode(plan), paths=np.array([[0.0], [800.0]])
    )
    assert cost["cost"].tolist() == [15, 31]  # R1: 1,200 then 2,000 of 1,000; R2: 100 without a target
    assert cost["other"].tolist() == [25, 41]
    assert incentives.year_cost(table, parts.iloc[:0], plan, plan, paths=np.ones((2, 1))).empty
    assert incentives.year_cost(table, parts, plan, plan, paths=np.zeros((0, 0))).empty


def test_habits_divide_a_month_as_it_was():
    parts = incentives.habits(sales(), scheme((0, 0.01)), as_of=AS_OF)
    assert parts.index.astype(str).tolist() == ["2026-03", "2026-04"]
    assert parts["R1"].tolist() == [1, pytest.approx(600 / 707)]  # 7 is nobody's
    margin = incentives.habits(sales(), scheme((0, 0.01), basis="margin"), as_of=AS_OF)
    assert margin["R2"].tolist() == [0, pytest.approx(-50 / 707)]


def test_weak_and_strong_years_lie_apart():
    year = pd.DataFrame({"booked": np.arange(20.0), "cost": np.arange(20.0) / 10, "other": 1.0})
    table = incentives.cost_by_outcome(year, booked=100, target=110)
    assert len(table) == 10
    assert table["booked"].iloc[[0, -1]].tolist() == [100.5, 118.5]
    assert table["attainment"].iloc[0] == pytest.approx(100.5 / 110)
    assert table["cost"].iloc[-1] == pytest.approx(1.85)
    assert incentives.cost_by_outcome(year.iloc[:0], booked=1, target=None).empty


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.lists(st.tuples(st.floats(0, 2), st.floats(0, 0.3)), min_size=1, max_size=5),
    st.sampled_from(["marginal", "retroactive"]),
    st.sampled_from(["attainment", "amount"]),
    st.one_of(st.none(), st.integers(1, 10**6)),
    st.integers(-(10**6), 10**9),
    st.one_of(st.none(), st.integers(1, 10**7)),
)
def test_many_payouts_at_once_are_the_single_ones(tiers, mode, unit, cap, sold_cents, target):
    size = 1 if unit == "attainment" else 10**5
    plan = scheme(*[(start * size, rate) for start, rate in tiers], mode=mode, unit=unit, cap=cap)
    sold = sold_cents / 100
    many = commission.payouts(
        np.array([sold]), plan, targets=np.array([np.nan if target is None else target])
    )
    assert many[0] == pytest.approx(commission.payout(sold, plan, target=target), abs=0.0051, rel=1e-9)
