import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from salesnb.analysis import survival

# Freireich et al. (1963), 6-MP arm: weeks in remission; the estimate is in every textbook (Kalbfleisch and Prentice)
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
ENDED = [True] * 9 + [False] * 12


def test_kaplan_meier_gives_the_published_remission_curve():
    curve = survival.kaplan_meier(WEEKS, ENDED)
    assert curve["day"].tolist() == [0, 6, 7, 10, 13, 16, 22, 23]
    published = [1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve["running"].tolist() == pytest.approx(published, abs=5e-4)
    assert survival.days_until(WEEKS, ENDED) == 23


def test_the_median_is_the_smallest_day_with_half_ended():
    assert survival.days_until([1, 2, 3, 4], [True] * 4) == 2
    assert survival.days_until([1, 2, 3, 4], [True, False, False, False]) is None
    assert survival.days_until([], []) is None
    assert survival.days_until([0, 0, 5], [True, True, False]) == 0


def test_durations_must_be_known():
    with pytest.raises(ValueError, match="durations"):
        survival.kaplan_meier([-1.0], [True])
    with pytest.raises(ValueError, match="durations"):
        survival.kaplan_meier([float("nan")], [True])


def test_two_ends_share_what_is_censored_by_hand():
    # five cases: ends at 1 and 4 (kind 1), 2 (kind 2), censored at 3 and 5: S = 4/5, 3/5, then half of 3/5 ends at 4
    found = survival.ends([1, 2, 3, 4, 5], [1, 2, 0, 1, 0])
    assert (found.first, found.second, found.running) == pytest.approx((0.2 + 0.3, 0.2, 0.3))
    assert found.of_ended == pytest.approx(5 / 7)
    assert survival.ends([], []) is None
    assert survival.ends([1, 2], [0, 0]).running == 1


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2)), min_size=1, max_size=40))
def test_ends_sum_to_one(cases):
    found = survival.ends(*zip(*cases, strict=True))
    assert found.first + found.second + found.running == pytest.approx(1)
    assert min(found.first, found.second, found.running) >= -1e-9


def test_durations_twice_as_long_have_the_factor_two():
    days = [float(day) for day in range(2, 62, 2)]
    ended = [True] * 30
    middle, low, high = survival.factor(days, ended, against=([day / 2 for day in days], ended))
    assert middle == pytest.approx(2, rel=0.05)
    assert low < 2 < high
    same, below, above = survival.factor(days, ended, against=(days, ended))
    assert same == pytest.approx(1, rel=0.05)
    assert below * above == pytest.approx(1, rel=0.05)  # what is twice one way is half the other
    assert survival.factor(days, [False] * 30, against=(days, ended)) is None


def test_the_factors_interval_holds_the_factor_as_often_as_it_says():
    rng, held = np.random.default_rng(3), 0
    for _ in range(100):
        mine, others = 1.8 * rng.exponential(20, 60), rng.exponential(20, 60)
        watched = [(np.minimum(days, 45), days <= 45) for days in (mine, others)]
        _, low, high = survival.factor(*watched[0], against=watched[1])
        held += low <= 1.8 <= high
    assert binom.ppf(0.001, 100, 0.95) <= held
