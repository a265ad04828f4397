"""People by ramp-up and hours by working day."""

import pandas as pd
import pytest

from salesnb.analysis import capacity
from salesnb.plan import Tiers

REPS = pd.DataFrame(
    {
        "rep_id": ["R1", "R2", "R3"],
        "team": ["A", "A", "B"],
        "hired_on": pd.to_datetime(["2020-01-01", "2026-07-31", None]),
        "left_on": pd.to_datetime([None, None, "2026-10-15"]),
    }
)


def test_new_people_rise_and_leavers_end():
    before, after = pd.Timestamp("2026-07-30"), pd.Timestamp("2026-10-15")
    levels = capacity.on_days(REPS, pd.DatetimeIndex([before, after]))
    assert levels[after].tolist() == [1, pytest.approx(0.5, abs=0.02), 0]
    assert levels.loc["R2", before] == 0


def test_load_is_target_per_capacity():
    months = pd.date_range("2026-01-01", periods=12, freq="MS")
    shares = capacity.by_month(REPS.iloc[:2], months)
    table = capacity.load(pd.DataFrame({"member": ["R1", "R2"], "target_year": [100.0, 100.0]}), shares)
    assert table["capacity"].iloc[0] == 1
    assert table["load"].iloc[1] > 2 > table["load"].iloc[0]
    assert capacity.by_month(REPS.iloc[:0], months).empty


def test_hours_by_squad():
    days = pd.DatetimeIndex(["2026-10-14", "2026-10-15"])
    table = capacity.hours(REPS, days, hours_per_day=7, groups={"S": ["R1", "R3"]})
    assert table["hours"].tolist() == [14, 7]
    assert set(capacity.hours(REPS, days, hours_per_day=7)["squad"]) == {"A", "B"}


def test_care_of_accounts_in_hours():
    tiers = Tiers.model_validate({"strategic": {"hours_per_month": 16}, "core": {"hours_per_month": 6}})
    assert capacity.cadence_hours(pd.Series({"strategic": 2, "core": 3, "opportunity": 9}), tiers) == 50
    assert capacity.cadence_hours(pd.Series({"strategic": 2}), Tiers()) is None
