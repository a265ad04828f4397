"""How a year is spread over its months: the season, the working days, and a holiday that moves."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import shapes
from salesnb.calendars.periods import lunar_new_year_share

SHARED = Path(__file__).parents[2] / "shared" / "data"
YEAR = pd.date_range("2026-01-01", periods=12, freq="MS")


def before(years: int, effect: float = 0.0, noise: float = 0.0) -> pd.Series:
    """Sales of 100 a working day of China, changed by `effect` (a logarithm) in the weeks around Chinese New Year."""
    months = pd.date_range(YEAR[0] - pd.DateOffset(years=years), periods=12 * years, freq="MS")
    share = pd.Series([lunar_new_year_share(month) for month in months], index=months)
    random = np.random.default_rng(1).normal(0, noise, len(months)) if noise else 0.0
    return 100 * shapes.days_in(months, country="CN") * np.exp(effect * share + random)


def test_a_holiday_that_moved_a_months_sales_moves_them_again():
    past = before(4, effect=-0.5)
    share = pd.Series([lunar_new_year_share(month) for month in YEAR], index=YEAR)
    truth = shapes.days_in(YEAR, country="CN") * np.exp(-0.5 * share)
    truth = truth / truth.sum()
    miss = {
        holiday: float((shapes.seasonal(past, YEAR, country="CN", holiday=holiday) - truth)[:3].abs().sum())
        for holiday in (True, False)
    }
    assert miss[True] < 0.6 * miss[False]


def test_without_an_effect_beyond_working_days_there_is_none():
    months = before(4).index
    share = pd.Series([lunar_new_year_share(month) for month in months], index=months)
    flat = pd.Series(1.0, index=months)
    assert shapes.holiday_effect(flat, share) == 0
    assert shapes.holiday_effect(np.exp(-0.5 * share), share) == pytest.approx(-0.5)
    assert shapes.holiday_effect(flat.iloc[:12], share.iloc[:12]) == 0  # one year: it never moved
    assert shapes.holiday_effect(pd.Series(0.0, index=months), share) == 0


def test_a_short_history_is_shrunk_towards_working_days():
    days = shapes.days_in(YEAR, country="CN")
    even = days / days.sum()
    peaked = before(3) * np.tile([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2.0], 3)
    one, three = (
        shapes.seasonal(past, YEAR, country="CN")["2026-12-01"] / even["2026-12-01"]
        for past in (peaked.iloc[-12:], peaked)
    )
    assert 1 < one < three < 24 / 13


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_the_chinese_calendar_helps_on_chinas_imports():
    """Had January to March of 2000 to 2013 been foreseen with holidays and moved working days, and without."""
    table = pd.read_csv(SHARED / "cny_trade" / "china_imports_monthly.csv.gz")
    imports = pd.Series(
        table["imports"].to_numpy(dtype=float), index=pd.DatetimeIndex(table["month"] + "-01")
    )
    miss: dict[str | None, list[float]] = {"CN": [], None: []}
    for first in range(2000, 2014):
        year = pd.date_range(f"{first}-01-01", periods=12, freq="MS")
        actual = imports.reindex(year) / imports.reindex(year).sum()
        for country, missed in miss.items():
            foreseen = shapes.seasonal(imports[imports.index < year[0]].iloc[-36:], year, country=country)
            missed.append(float((foreseen - actual)[:3].abs().mean() * 12))
    # measured: 4.9% of a month against 7.1%
    assert np.mean(miss["CN"]) < 0.8 * np.mean(miss[None])
