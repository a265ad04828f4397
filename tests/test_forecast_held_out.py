"""On real monthly totals: is the chosen model no worse than seasonal naive in the months it was not chosen by?"""

import pytest

from tests.held_out import NAMES, SHARED, coverage, errors, held_out, monthly, origins


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
@pytest.mark.parametrize("name", NAMES)
def test_the_chosen_model_is_not_worse_than_seasonal_naive(name):
    history, country = monthly(name)
    rows = held_out(history, country=country)
    assert len(rows) == 2 * 3 * len(origins(history))
    found = errors(rows)
    assert found["chosen"] <= found["naive"] * (1 + 1e-9)
    assert (
        coverage(rows) >= 0.6
    )  # at most twelve months: an interval that holds four in five misses five in 1 of 50
