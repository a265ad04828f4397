"""From the year to the working day, exact on every edge."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesnb.analysis import breakdown

MONTHS = pd.date_range("2026-01-01", periods=12, freq="MS")
AS_OF = pd.Timestamp("2026-10-31")


def cents(values) -> int:
    return sum(round(value * 100) for value in values)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10**11), min_size=12, max_size=12), st.sampled_from([None, "CN", "US"]))
def test_days_weeks_and_quarters_add_up_to_the_year(amounts, country):
    months = pd.Series([amount / 100 for amount in amounts], index=MONTHS)
    days = breakdown.by_day(months, country=country)
    assert days.groupby("month")["amount"].apply(cents).tolist() == amounts
    assert cents(days["amount"]) == sum(amounts)
    assert days["week"].dt.weekday.eq(0).all()
    assert days.groupby("quarter")["month"].nunique().tolist() == [3] * 4


def test_an_adjusted_saturday_is_a_working_day_in_china():
    days = breakdown.by_day(pd.Series(100.0, index=MONTHS[1:2]), country="CN")
    assert pd.Timestamp("2026-02-14") in set(days["day"])  # worked for Chinese New Year
    assert pd.Timestamp("2026-02-17") not in set(days["day"])


def test_what_is_missing_is_spread_as_planned():
    months = pd.Series(100.0, index=MONTHS)
    history = pd.Series(50.0, index=pd.date_range("2025-01-01", "2026-10-01", freq="MS"))
    table = breakdown.remaining(months, history, booked=900.0, as_of=AS_OF)
    assert table["needed"].tolist() == [150, 150]
    assert table["working_days"].tolist() == [21, 23]
    weeks = breakdown.by_week(table, as_of=AS_OF)
    assert cents(weeks["needed"]) == 30000
    assert weeks["total"].iloc[-1] == 300


def test_limits():
    months = pd.Series(100.0, index=MONTHS)
    none = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    assert breakdown.remaining(months, none, booked=0, as_of=pd.Timestamp("2026-12-31")).empty
    assert breakdown.remaining(months.mask(months.index == MONTHS[3]), none, booked=0, as_of=AS_OF).empty
    assert breakdown.by_week(
        breakdown.remaining(months, none, booked=0, as_of=pd.Timestamp("2026-12-31")), as_of=AS_OF
    ).empty
    assert breakdown.by_day(pd.Series(float("nan"), index=MONTHS)).empty
    assert breakdown.remaining(months, none, booked=5000, as_of=AS_OF)["needed"].sum() == 0


def test_a_running_month_is_due_by_its_working_days():
    months = pd.Series(0.0, index=MONTHS)
    months["2026-10-01"] = 22.0
    table = breakdown.remaining(
        months, pd.Series(dtype=float, index=pd.DatetimeIndex([])), booked=0, as_of=pd.Timestamp("2026-10-15")
    )
    assert table["needed"].iloc[0] == pytest.approx(22)


def test_the_days_of_a_years_twelfths_add_up_to_the_year():
    assert round(breakdown.by_day(pd.Series(1e9 / 12, index=MONTHS))["amount"].sum(), 2) == 1e9


def test_a_target_below_zero_asks_for_nothing_of_its_month():
    months = pd.Series(100.0, index=MONTHS)
    months["2026-12-01"] = -10.0
    table = breakdown.remaining(
        months, pd.Series(dtype=float, index=pd.DatetimeIndex([])), booked=0, as_of=AS_OF
    )
    assert table["needed"].tolist() == [1090, 0]


def test_the_pace_is_per_working_day():
    none = breakdown.remaining(None, pd.Series(dtype=float), booked=0, as_of=AS_OF)
    table = breakdown.pace(
        pd.Series(220.0, index=MONTHS),
        pd.Series([110.0], index=MONTHS[:1]),
        none,
        as_of=pd.Timestamp("2026-01-31"),
    )
    assert table["actual"].iloc[0] == 5
    assert table["target"].iloc[0] == 10
    assert table["actual"].iloc[1:].isna().all()
    assert breakdown.pace(None, pd.Series(dtype=float), none, as_of=AS_OF)["target"].isna().all()


def test_the_path_of_the_year_adds_up():
    history = pd.Series(10.0, index=pd.date_range("2025-11-01", "2026-10-01", freq="MS"))
    ahead = pd.DataFrame({"month": MONTHS[10:], "forecast": [12.0, 13.0]})
    paths = np.array([[10.0, 11.0], [12.0, 13.0], [14.0, 15.0]])
    path = breakdown.year_path(history, pd.Series(100.0, index=MONTHS), ahead, paths, as_of=AS_OF)
    assert path["target"].iloc[-1] == 1200
    assert path["actual"].count() == 11  # zero on the eve, and ten months
    assert path["forecast"].dropna().tolist() == [100, 112, 125]
    assert path["low"].iloc[-1] < 125 < path["high"].iloc[-1]
    assert path["last_year"].isna().all()  # the data begin within it


def test_last_year_runs_beside_the_path_where_all_of_it_is_known():
    history = pd.Series(10.0, index=pd.date_range("2025-01-01", "2026-10-01", freq="MS"))
    none = pd.DataFrame({"month": [], "forecast": []})
    path = breakdown.year_path(history, None, none, np.empty((0, 0)), as_of=AS_OF)
    assert path["last_year"].tolist() == [10.0 * month for month in range(13)]
    running = breakdown.year_path(history, None, none, np.empty((0, 0)), as_of=AS_OF - pd.Timedelta(days=9))
    day = running["day"] == AS_OF - pd.Timedelta(days=9)
    assert running.loc[day, "last_year"].isna().all()  # whole months are known alone
    assert running.loc[running["day"] == AS_OF, "last_year"].tolist() == [100]


def test_a_running_month_has_two_points_on_the_path():
    history = pd.Series(10.0, index=MONTHS[:10])
    day = pd.Timestamp("2026-10-15")
    ahead = pd.DataFrame({"month": MONTHS[9:], "forecast": [5.0, 10.0, 10.0]})
    path = breakdown.year_path(history, None, ahead, np.array([[5.0, 10.0, 10.0]]), as_of=day)
    assert path["target"].isna().all()
    aimed = breakdown.year_path(
        history, pd.Series(22.0, index=MONTHS), ahead, np.array([[5.0, 10.0, 10.0]]), as_of=day
    )
    # October has 22 working days, of which eleven have passed
    assert aimed["target"].tolist() == [*np.arange(10) * 22.0, 209, 220, 242, 264]
    assert aimed["day"].is_monotonic_increasing
    assert path.loc[path["day"] == day, "forecast"].tolist() == [100]
    assert path.loc[path["day"] == pd.Timestamp("2026-10-31"), "forecast"].tolist() == [105]


def test_a_months_noise_is_that_of_its_lumps_and_of_the_pace_before_it():
    sold = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-10-01", "2026-10-01", "2026-10-02", "2026-09-30", "2025-12-31"]),
            "rep_id": "R1",
            "net_amount": [10.0, 20.0, 40.0, 140.0, 999.0],
        }
    )
    as_of = pd.Timestamp("2026-10-31")
    # lumps of 30, 40 and 140; two in the month, at half the pace of the one before: (30² + 40² + 140²) / 3 × (2 + 1 / 4)
    plain = 1.959964 * (22_100 / 3 * 2.25) ** 0.5
    assert breakdown.month_noise(sold, as_of=as_of) == pytest.approx(plain)
    assert breakdown.month_noise(sold, as_of=as_of, starts=10) == pytest.approx(1.959964 * 50)
    assert breakdown.month_noise(sold.iloc[:0], as_of=as_of) == 0
    # the only earlier month that can have turned is September: 140 against 10 × 9 asked and nothing booked, so by 140, of √(140²)
    aims = pd.Series(10.0, index=MONTHS)
    assert breakdown.month_noise(sold, aims, as_of=as_of) == pytest.approx(plain)
