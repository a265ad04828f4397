"""Commission to the cent."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesnb.analysis import incentives
from salesnb.headlines import Figure
from salesnb.plan import Commission

AS_OF = pd.Timestamp("2026-10-31")


def scheme(*tiers, **settings) -> Commission:
    return Commission(tiers=[{"from": start, "rate": rate} for start, rate in tiers], **settings)


REFERENCE = scheme((0, 0.01), (100_000, 0.02), unit="amount")


def test_the_reference_case_has_no_hole_between_its_tiers():
    assert incentives.payout(100_000, REFERENCE) == 1000
    assert incentives.payout(100_000.50, REFERENCE) == 1000.01


def test_retroactive_tiers_pay_the_whole_at_the_rate_reached():
    plan = scheme((0, 0.01), (100_000, 0.02), unit="amount", mode="retroactive")
    assert incentives.payout(99_999.99, plan) == 1000
    assert incentives.payout(100_000, plan) == 2000


def test_the_cap_is_the_most_and_the_next_unit_pays_nothing():
    plan = scheme((0, 0.1), unit="amount", cap=500)
    assert incentives.payout(10_000, plan) == 500
    assert incentives.marginal_rate(10_000, plan) == 0
    assert incentives.marginal_rate(100, plan) == 0.1


def test_tiers_at_shares_of_a_target():
    plan = scheme((0, 0.01), (1.0, 0.03))
    assert incentives.payout(1500, plan, target=1000) == 25
    assert incentives.payout(1500, plan) == 15


def test_below_the_first_tier_and_below_zero_nothing_is_paid():
    plan = scheme((0.5, 0.01))
    assert incentives.payout(400, plan, target=1000) == 0
    assert incentives.payout(-5, plan, target=1000) == 0


@given(st.integers(0, 10**9), st.integers(0, 10**8))
def test_marginal_pay_never_falls_as_sales_rise(low, more):
    assert incentives.payout((low + more) / 100, REFERENCE) >= incentives.payout(low / 100, REFERENCE)


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
        ratios=np.ones(2),
    )
    figures = incentives.headlines(pay, booked=Figure(1307.0))
    assert pay.year["cost"].tolist() == [15, 15]
    assert figures["incentives.payout"].value == 15
    assert figures["incentives.rate"].value == pytest.approx(15 / 1307)


def test_margin_can_be_the_basis_and_teams_can_be_paid():
    table = incentives.earnings(
        sales(), scheme((0, 0.1), basis="margin", by="team"), as_of=AS_OF, targets=pd.Series(dtype=float)
    )
    assert table["sold"].tolist() == [950]
    assert table["payout"].tolist() == [95]


def test_reasons_where_nothing_can_be_computed():
    none = pd.Series(dtype=float)
    without = incentives.build(sales(), None, as_of=AS_OF, targets=none, ratios=np.ones(1))
    assert "no commission" in str(
        incentives.headlines(without, booked=Figure(1.0))["incentives.payout"].reason
    )
    aimless = incentives.build(
        sales(), scheme((0, 0.01), (1, 0.02)), as_of=AS_OF, targets=none, ratios=np.zeros(0)
    )
    assert incentives.headlines(aimless, booked=Figure(1.0))["incentives.payout"].value is None
    nobody = incentives.build(
        sales().iloc[:0], scheme((0, 0.01)), as_of=AS_OF, targets=none, ratios=np.zeros(0)
    )
    assert incentives.headlines(nobody, booked=Figure(1.0))["incentives.payout"].value is None


def test_the_curve_and_the_simulated_cost():
    plan = scheme((0, 0.01), (1.0, 0.02))
    curve = incentives.pay_curve(plan, target=1000)
    assert curve["payout"].is_monotonic_increasing
    assert curve["rate"].iloc[-1] == 0.02
    table = incentives.earnings(sales(), plan, as_of=AS_OF, targets=pd.Series({"R1": 1000.0}))
    cost = incentives.year_cost(
        table, plan, growth=np.array([1.0, 2.0]), alternative=incentives.other_mode(plan)
    )
    assert cost["cost"].tolist() == [15, 40]
    assert cost["other"].tolist() == [25, 50]
