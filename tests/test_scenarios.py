"""Other years beside the plan, by hand, and on the demo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import capacity, forecast, incentives, scenarios
from salesnb.headlines import Figure
from salesnb.plan import Commission, Scenario
from salesnb.results.incentives import Pay
from salesnb.results.targets import Forecast

TODAY = pd.Timestamp("2026-10-31")
FUNCTIONS = scenarios.Functions(
    headlines=forecast.headlines,
    habits=incentives.habits,
    year_cost=incentives.year_cost,
    by_month=capacity.by_month,
)
COMMISSION = Commission.model_validate({"tiers": [{"from": 0, "rate": 0.01}]})


def ground(**changed: object) -> scenarios.Ground:
    """Two months to come of the year, 100 and 200 in every simulation, and ten of 50 after them; 700 booked of 1,000."""
    months = pd.date_range("2026-11-01", periods=12, freq="MS")
    paths = np.tile(np.array([100.0, 200.0, *[50.0] * 10]), (20, 1))
    table = pd.DataFrame({"month": months, "forecast": paths[0], "low": paths[0], "high": paths[0]})
    scores = pd.DataFrame({"model": ["a"], "mae": [1.0], "mase": [1.0], "weight": [1.0]})
    tested = pd.DataFrame({"actual": [1.0], "forecast": [1.0], "low": [0.0], "high": [2.0], "naive": [2.0]})
    outlook = Forecast(table, paths, scores, tested, {}, 36)
    sold = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-03-02", "2026-03-02"]),
            "rep_id": ["R1", "R2"],
            "team": "T",
            "net_amount": [75.0, 25.0],
        }
    )
    days = sold.assign(account_id=["A", "B"], is_order=True)
    earned = pd.DataFrame({"member": ["R1", "R2"], "sold": [525.0, 175.0], "target": [500.0, 500.0]})
    pay = Pay(COMMISSION, None, earned, pd.DataFrame(), pd.DataFrame())
    people = {"rep_id": ["R1", "R2"], "hired_on": [pd.NaT, pd.NaT], "left_on": [pd.NaT, pd.NaT]}
    given = scenarios.Ground(
        functions=FUNCTIONS,
        outlook=outlook,
        ahead=2,
        booked=Figure(700.0),
        target=Figure(1000.0),
        bookings=sold,
        reps=pd.DataFrame(people),
        accounts=pd.DataFrame({"account_id": ["A", "B"], "account_name": ["Ann", "Bob"]}),
        order_days=days,
        commission=COMMISSION,
        pay=pay,
        as_of=TODAY,
        win_rate=0.25,
        won_share=0.5,
        history_months=36,
    )
    return replace(given, **changed)


def row(**setting: object) -> pd.Series:
    return scenarios.compare([Scenario.model_validate({"name": "S", **setting})], ground()).iloc[1]


def test_an_empty_scenario_is_the_plan_to_the_last_digit():
    table = scenarios.compare([Scenario(name="nothing")], ground()).drop(columns="name")
    assert table.iloc[0].to_dict() == table.iloc[1].to_dict()
    assert (table["year"].iloc[0], table["hit"].iloc[0], table["change"].iloc[1]) == (1000, 1.0, 0.0)


def test_prices_move_what_is_still_to_come():
    one = row(price=0.1)
    assert (one["change"], one["year"], one["next"]) == pytest.approx((30.0, 1030.0, 80.0))


def test_a_higher_quota_moves_the_odds_and_the_people_targets_alone():
    one = row(quota=0.05)
    assert (one["year"], one["target"], one["hit"], one["change"]) == (1000, 1050, 0.0, 0.0)


def test_two_points_of_win_rate_move_what_deals_bring():
    assert row(win_rate=0.05)["change"] == pytest.approx(300 * 0.5 * 0.2)  # 25% → 30% of half


def test_a_lost_account_takes_its_part_of_the_last_twelve_months_by_id_or_name():
    assert row(lost=["A"])["change"] == pytest.approx(-300 * 0.75)
    assert row(lost=["Bob"])["change"] == pytest.approx(-300 * 0.25)
    assert not row(lost=["nobody"])["known"]


def test_a_hire_sells_as_one_of_todays_people_once_grown():
    one = row(hires={"people": 1, "from": "2020-01-01", "ramp_months": 0})
    assert one["change_low"] == pytest.approx(300 * 0.25)
    assert one["change_high"] == pytest.approx(300 * 0.75)
    assert row(hires={"people": 1, "from": "2030-01-01"})["change"] == 0


def test_pay_is_computed_by_the_scenarios_own_commission():
    one = scenarios.compare(
        [Scenario.model_validate({"name": "S", "commission": {"tiers": [{"from": 0, "rate": 0.02}]}})],
        ground(),
    )
    assert one["pay"].tolist() == pytest.approx([10.0, 20.0])
    assert one["pay_change"].tolist() == pytest.approx([0.0, 10.0])
    assert one["change"].iloc[1] == 0


def test_a_longer_sprint_brings_what_its_days_brought_of_themselves():
    table = scenarios.compare([Scenario(name="S", sprint_days=5)], ground(sprint_gain=np.array([2.0])))
    assert table["change"].iloc[1] == pytest.approx(10.0)
    assert not scenarios.compare([Scenario(name="S", sprint_days=5)], ground())["known"].iloc[1]


def test_without_a_forecast_or_scenarios_nothing_is_said():
    assert scenarios.compare([Scenario(name="S")], ground(outlook=None)).empty
    assert scenarios.compare([], ground()).empty
