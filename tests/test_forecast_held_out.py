"""On months that it has not seen: is the forecast no worse than seasonal naive, and does its interval hold what it promises?"""

import pytest

from tests.held_out import (
    NAMES,
    SHARED,
    coverage,
    errors,
    held_out,
    m3_series,
    monthly,
    origins,
    reliability,
    rest_of_year,
    scaled_errors,
)


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
@pytest.mark.parametrize("name", NAMES)
def test_the_forecast_is_not_worse_than_seasonal_naive(name):
    history, country = monthly(name)
    rows = held_out(history, country=country)
    assert len(rows) == 2 * 3 * len(origins(history))
    found = errors(rows)
    assert found["ours"] <= found["naive"] * (1 + 1e-9)
    assert (
        coverage(rows) >= 0.6
    )  # at most twelve months: an interval that holds four in five misses five in 1 of 50


def test_the_rest_of_the_year_falls_into_its_interval_four_times_in_five():
    """A twelfth of the even series of the M3; `make bench` takes them all. Sixty series leave five points either way."""
    rows = rest_of_year(m3_series(even=True, every=12), histories=(24, 36, 60))
    held = rows.groupby("known")["inside"].mean()
    assert 0.72 <= held[[36, 60]].mean() <= 0.88
    assert 0.70 <= held[24] <= 0.95
    judged = reliability(rows)
    assert (judged["hit"] - judged["said"]).abs().max() < 0.15


def test_the_combination_is_no_worse_than_the_mean_of_its_parts():
    found = scaled_errors(m3_series(even=True, every=12)).mean()
    assert found["ours"] <= 1.01 * found["plain mean"]
    assert found["ours"] < found.drop(["ours", "plain mean"]).min() * 1.02
    assert found["ours"] < 0.8 * found["seasonal naive"]
