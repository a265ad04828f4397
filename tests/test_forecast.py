"""Forecasts that have been tested on the past before they speak about the future."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import forecast
from salesnb.analysis.forecast import models
from salesnb.calendars.periods import periods
from salesnb.headlines import Figure

SHARED = Path(__file__).parents[2] / "shared" / "data"
AS_OF = pd.Timestamp("2026-10-31")
MONTHS = pd.date_range("2023-11-01", periods=36, freq="MS")


def seasonal(noise: float = 0.02, seed: int = 1, months: pd.DatetimeIndex = MONTHS) -> pd.Series:
    wave = 1 + 0.3 * np.sin(2 * np.pi * np.arange(len(months)) / 12)
    return pd.Series(
        100 * wave * np.exp(np.random.default_rng(seed).normal(0, noise, len(months))), index=months
    )


def test_a_history_that_repeats_itself_is_forecast_exactly():
    history = pd.Series(np.tile(np.arange(1.0, 13), 3), index=MONTHS)
    ahead = forecast.fit(history, AS_OF)
    assert ahead.months["forecast"].to_numpy() == pytest.approx([1, 2, 3], rel=0.05)
    assert ahead.origins >= 6


def test_the_winner_is_never_worse_than_seasonal_naive():
    tested = forecast.backtest(seasonal(noise=0.1))
    table = forecast.scores(tested)
    assert table.loc[table["chosen"], "mase"].iloc[0] <= 1
    assert table.loc[table["model"] == "seasonal naive", "mase"].iloc[0] == 1
    assert set(table["origins"]) == {9}


def test_a_short_history_gets_no_forecast_but_a_reason():
    short = seasonal(months=MONTHS[:19])
    assert forecast.fit(short, pd.Timestamp("2025-05-31")) is None
    figures = forecast.headlines(None, booked=Figure(1.0), target=Figure(2.0), history_months=19)
    assert (
        str(figures["forecast.year"].reason)
        == "19 whole months of history; a forecast that can be checked needs 20"
    )
    assert forecast.fit(seasonal(months=MONTHS[:20]), pd.Timestamp("2025-06-30")) is not None


def test_nothing_booked_gets_no_forecast():
    assert forecast.fit(pd.Series(0.0, index=MONTHS), AS_OF) is None


def test_months_with_returns_beyond_sales_can_be_forecast():
    history = seasonal()
    history.iloc[5] = -3.0
    assert np.isfinite(forecast.fit(history, AS_OF).paths).all()


def test_the_hit_probability_is_the_share_of_simulated_years():
    ahead = forecast.fit(seasonal(), AS_OF)
    ends = 1000 + ahead.paths.sum(axis=1)
    figures = forecast.headlines(
        ahead, booked=Figure(1000.0), target=Figure(float(np.median(ends))), history_months=36
    )
    assert figures["forecast.hit_probability"].value == pytest.approx(0.5, abs=0.05)
    assert (
        figures["forecast.year_p10"].value
        < figures["forecast.year"].value
        < figures["forecast.year_p90"].value
    )


def test_the_last_day_of_the_year_leaves_nothing_to_forecast():
    ahead = forecast.this_year(forecast.fit(seasonal(), AS_OF, starts=11), as_of=AS_OF, starts=11)
    figures = forecast.headlines(ahead, booked=Figure(1000.0), target=Figure(999.0), history_months=36)
    assert figures["forecast.year"].value == figures["forecast.year_p10"].value == 1000
    assert figures["forecast.hit_probability"].value == 1


def test_the_same_seed_gives_the_same_paths():
    first, second = (forecast.fit(seasonal(), AS_OF, seed=3) for _ in range(2))
    assert (first.paths == second.paths).all()


def test_intervals_hold_what_they_promise_on_simulated_companies():
    inside = []
    for seed in range(8):
        whole = seasonal(noise=0.08, seed=seed, months=pd.date_range("2023-11-01", periods=39, freq="MS"))
        ahead = forecast.fit(whole.iloc[:36], AS_OF)
        inside += list(
            (whole.iloc[36:].to_numpy() >= ahead.months["low"])
            & (whole.iloc[36:].to_numpy() <= ahead.months["high"])
        )
    assert np.mean(inside) >= 0.6


def test_chinese_new_year_moves_between_january_and_february():
    assert periods.lunar_new_year(2026) == pd.Timestamp("2026-02-17")
    assert periods.lunar_new_year(2030) == pd.Timestamp("2030-02-03")
    assert periods.lunar_new_year_share(pd.Timestamp("2026-02-01")) == pytest.approx(19 / 21)
    assert periods.lunar_new_year_share(pd.Timestamp("2026-03-01")) == pytest.approx(2 / 21)
    assert periods.lunar_new_year_share(pd.Timestamp("2026-06-01")) == 0


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_the_holiday_regressor_helps_on_chinas_imports():
    """December to March of 1995 to 2014, foreseen from five years: with the holiday's weeks, with China's working days, with both.

    Measured: off by 11.1% of a month with weekdays alone, 9.2% with the holiday's weeks beside them, 8.9% with China's working
    days (which know the holiday), 8.8% with both.
    """
    table = pd.read_csv(SHARED / "cny_trade" / "china_imports_monthly.csv.gz")
    imports = pd.Series(
        table["imports"].to_numpy(dtype=float), index=pd.DatetimeIndex(table["month"] + "-01")
    )
    plain, china = (
        models.regressors(pd.DatetimeIndex(imports.index), country=place) for place in (None, "CN")
    )
    calendars_of = {"plain": plain, "weeks": plain.join(china["new_year"]), "both": china}
    missed: dict[str, list[float]] = {name: [] for name in calendars_of}
    for year in range(1995, 2014):
        end = imports.index.get_loc(f"{year}-12-01") - 12
        past, ahead = slice(end - 60, end), slice(end, end + 4)
        for name, calendar in calendars_of.items():
            view = models.ask(
                models.sarimax, imports.iloc[past], calendar.iloc[past], calendar.iloc[ahead], None
            )
            missed[name] += list(np.abs(view.centre / imports.iloc[ahead] - 1))
    error = {name: float(np.mean(values)) for name, values in missed.items()}
    assert error["weeks"] < 0.9 * error["plain"]
    assert error["both"] < min(0.85 * error["plain"], error["weeks"])


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_holiday_dates_agree_with_the_published_list():
    days = pd.to_datetime(pd.read_csv(SHARED / "cny_trade" / "chinese_new_year_dates.csv.gz")["cny"])
    known = days[days.dt.year.between(1984, 2050)]
    assert [periods.lunar_new_year(day.year) for day in known] == list(known)


def test_whole_months_leave_out_beginnings_and_a_running_month():
    days = pd.DataFrame(
        {"day": pd.to_datetime(["2026-07-15", "2026-08-03", "2026-10-02"]), "net_amount": [1.0, 2.0, 4.0]}
    )
    assert forecast.whole_months(days, as_of=pd.Timestamp("2026-10-17")).tolist() == [2, 0]
    assert forecast.whole_months(days, as_of=AS_OF).tolist() == [2, 0, 4]
    assert forecast.whole_months(days.iloc[:0], as_of=AS_OF).empty


def test_a_running_month_counts_with_the_days_left():
    whole = forecast.fit(seasonal(months=MONTHS[:35]), pd.Timestamp("2026-09-30"))
    half = forecast.fit(seasonal(months=MONTHS[:35]), pd.Timestamp("2026-10-15"))
    assert half.months["forecast"].iloc[0] == pytest.approx(whole.months["forecast"].iloc[0] / 2)


def test_the_trail_asks_the_same_model_at_each_month_end_with_what_was_known_then() -> None:
    months = pd.date_range("2022-01-01", "2026-06-01", freq="MS")
    history = pd.Series([100.0 + month.month for month in months], index=months)
    as_of = pd.Timestamp("2026-06-30")
    outlook = forecast.fit(history, as_of)
    year = Figure(1278.0)
    points = forecast.trail(outlook, history, as_of=as_of, year=year)
    assert [day.month for day, _ in points] == [1, 2, 3, 4, 5, 6]
    assert points[-1] == (as_of, 1278.0)
    # a year that repeats itself is foreseen whole from each month: 12 × 100 + 1 + … + 12
    assert [value for _, value in points[:-1]] == pytest.approx([1278.0] * 5, rel=1e-3)
    moved = history.copy()
    moved.iloc[-1] = 900.0
    assert (
        forecast.trail(outlook, moved, as_of=as_of, year=year)[:-1] == points[:-1]
    )  # June tells May nothing
    assert forecast.trail(None, history, as_of=as_of, year=year) == []
