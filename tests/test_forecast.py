"""Forecasts that have been tested on the past before they speak about the future."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesnb import calendars
from salesnb.analysis import forecast
from salesnb.headlines import Figure

SHARED = Path(__file__).parents[2] / "shared" / "data"
MONTHS = pd.date_range("2023-11-01", periods=36, freq="MS")


def seasonal(noise: float = 0.02, seed: int = 1, months: pd.DatetimeIndex = MONTHS) -> pd.Series:
    wave = 1 + 0.3 * np.sin(2 * np.pi * np.arange(len(months)) / 12)
    return pd.Series(
        100 * wave * np.exp(np.random.default_rng(seed).normal(0, noise, len(months))), index=months
    )


def test_a_history_that_repeats_itself_is_forecast_exactly():
    history = pd.Series(np.tile(np.arange(1.0, 13), 3), index=MONTHS)
    ahead = forecast.fit(history, pd.date_range("2026-11-01", periods=2, freq="MS"))
    assert ahead.months["forecast"].to_numpy() == pytest.approx([1, 2], rel=0.05)
    assert ahead.origins >= 6


def test_the_winner_is_never_worse_than_seasonal_naive():
    tested = forecast.backtest(seasonal(noise=0.1))
    table = forecast.scores(tested)
    assert table.loc[table["chosen"], "mase"].iloc[0] <= 1
    assert table.loc[table["model"] == "seasonal naive", "mase"].iloc[0] == 1
    assert set(table["origins"]) == {9}


def test_a_short_history_gets_no_forecast_but_a_reason():
    short = seasonal(months=MONTHS[:19])
    assert forecast.fit(short, MONTHS[19:21]) is None
    figures = forecast.headlines(None, booked=Figure(1.0), target=Figure(2.0), history_months=19)
    assert (
        str(figures["forecast.year"].reason)
        == "19 whole months of history; a forecast that can be checked needs 20"
    )
    assert forecast.fit(seasonal(months=MONTHS[:20]), MONTHS[20:22]) is not None


def test_nothing_booked_gets_no_forecast():
    assert (
        forecast.fit(pd.Series(0.0, index=MONTHS), pd.date_range("2026-11-01", periods=2, freq="MS")) is None
    )


def test_months_with_returns_beyond_sales_can_be_forecast():
    history = seasonal()
    history.iloc[5] = -3.0
    assert np.isfinite(forecast.fit(history, pd.date_range("2026-11-01", periods=2, freq="MS")).paths).all()


def test_the_hit_probability_is_the_share_of_simulated_years():
    ahead = forecast.fit(seasonal(), pd.date_range("2026-11-01", periods=2, freq="MS"))
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
    ahead = forecast.fit(seasonal(), pd.DatetimeIndex([]))
    figures = forecast.headlines(ahead, booked=Figure(1000.0), target=Figure(999.0), history_months=36)
    assert figures["forecast.year"].value == figures["forecast.year_p10"].value == 1000
    assert figures["forecast.hit_probability"].value == 1


def test_the_same_seed_gives_the_same_paths():
    months = pd.date_range("2026-11-01", periods=2, freq="MS")
    first, second = (forecast.fit(seasonal(), months, seed=3) for _ in range(2))
    assert (first.paths == second.paths).all()


def test_intervals_hold_what_they_promise_on_simulated_companies():
    inside = []
    for seed in range(6):
        whole = seasonal(noise=0.08, seed=seed, months=pd.date_range("2023-11-01", periods=38, freq="MS"))
        ahead = forecast.fit(whole.iloc[:36], pd.DatetimeIndex(whole.index[36:]))
        inside += list(
            (whole.iloc[36:].to_numpy() >= ahead.months["low"])
            & (whole.iloc[36:].to_numpy() <= ahead.months["high"])
        )
    assert np.mean(inside) >= 0.7


def test_chinese_new_year_moves_between_january_and_february():
    assert calendars.lunar_new_year(2026) == pd.Timestamp("2026-02-17")
    assert calendars.lunar_new_year(2030) == pd.Timestamp("2030-02-03")
    assert calendars.lunar_new_year_share(pd.Timestamp("2026-02-01")) == pytest.approx(19 / 21)
    assert calendars.lunar_new_year_share(pd.Timestamp("2026-03-01")) == pytest.approx(2 / 21)
    assert calendars.lunar_new_year_share(pd.Timestamp("2026-06-01")) == 0


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_the_holiday_regressor_helps_on_chinas_imports():
    table = pd.read_csv(SHARED / "cny_trade" / "china_imports_monthly.csv.gz")
    imports = pd.Series(
        table["imports"].to_numpy(dtype=float), index=pd.DatetimeIndex(table["month"] + "-01")
    )
    early = imports.iloc[-90:]  # origins from early spring, where the holiday counts
    errors = {}
    for country in ("CN", None):
        tested = forecast.backtest(
            early.iloc[:-9],
            country=country,
            models={
                forecast.SEASONAL_NAIVE: (forecast.seasonal_naive, 12),
                "SARIMAX": (forecast.sarimax, 24),
            },
        )
        table = forecast.scores(tested).set_index("model")
        errors[country] = table.loc["SARIMAX", "mae"]
    assert errors["CN"] < errors[None]


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_holiday_dates_agree_with_the_published_list():
    days = pd.to_datetime(pd.read_csv(SHARED / "cny_trade" / "chinese_new_year_dates.csv.gz")["cny"])
    known = days[days.dt.year.between(1984, 2050)]
    assert [calendars.lunar_new_year(day.year) for day in known] == list(known)
