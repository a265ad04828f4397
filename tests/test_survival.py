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


def test_what_has_ended_for_all_is_no_more_certain_than_the_cases_allow():
    # two of three, nobody censored: Wilson's interval of 2 / 3
    found = survival.by_day([10, 20, 30], [1, 1, 2], day=30)
    assert (found.share, found.cases) == pytest.approx((2 / 3, 3))
    assert (found.low, found.high) == pytest.approx((0.207660, 0.938508), abs=1e-6)
    every = survival.by_day([10, 20, 30], [1, 1, 1], day=30)
    assert (every.share, every.high) == pytest.approx((1, 1))
    assert every.low == pytest.approx(0.438503, abs=1e-6)  # Wilson's for three of three
    none = survival.by_day([10, 20, 30], [2, 2, 2], day=30)
    assert (none.share, none.low) == pytest.approx((0, 0))
    assert none.high == pytest.approx(1 - 0.438503, abs=1e-6)
    curve = survival.kaplan_meier([10, 20, 30], [True] * 3)
    assert curve["running"].iloc[-1] == 0
    assert curve["high"].iloc[-1] == pytest.approx(1 - 0.438503, abs=1e-6)
    assert survival.kaplan_meier([5, 5], [True, True])["high"].iloc[-1] == pytest.approx(0.657619, abs=1e-6)


def test_censored_cases_count_for_what_they_were_watched():
    # four cases: won at 10 of four, censored at 15, won at 20 of two, censored at 30: running 3/4, then 3/8; Greenwood's
    # variance (3/8)² × (1/(4×3) + 1/(2×1)) = 21/256, so that 3/8 is worth 15/64 ÷ 21/256 = 20/7 cases
    found = survival.by_day([10, 15, 20, 30], [1, 0, 1, 0], day=25)
    assert (found.share, found.cases) == pytest.approx((5 / 8, 20 / 7))
    curve = survival.kaplan_meier([10, 15, 20, 30], [True, False, True, False])
    assert curve["high"].iloc[-1] == pytest.approx(1 - found.low)


def test_a_day_to_which_nobody_was_watched_is_not_known():
    assert survival.by_day([10, 20], [1, 0], day=21) is None
    assert survival.by_day([10, 20], [0, 1], day=21).share == 1  # the last one at risk has ended
    assert survival.by_day([], [], day=1) is None


@pytest.mark.parametrize("watched", [1000, 90])
@pytest.mark.parametrize("day", [40, 80, 900])
def test_the_interval_holds_the_share_as_often_as_it_says_also_where_all_is_decided(watched, day):
    rng, held, runs = np.random.default_rng(8), 0, 200
    day = min(day, watched - 10)
    truth = 0.4 * (1 - np.exp(-(day - 0.5) / 30))
    for _ in range(runs):
        ends = rng.exponential(30, 25).round() + 1
        until = np.minimum(ends, rng.uniform(watched - 60, watched, 25).round())
        way = np.where(until < ends, 0, np.where(rng.random(25) < 0.4, 1, 2))
        found = survival.by_day(until, way, day=day)
        held += found is None or found.low <= truth <= found.high
    assert held >= binom.ppf(
        0.001, runs, 0.92
    )  # of 95 in 100, less what Wilson's interval lacks for 25 cases


def test_members_counted_by_day_are_told_what_each_is_told_alone():
    rng = np.random.default_rng(7)
    member = np.append(rng.choice(["a", "b", "c", "d"], 400, p=[0.5, 0.3, 0.19, 0.01]), ["e", "e"])
    days = np.append(rng.integers(0, 60, 400) + 15 * (member[:400] == "b"), [3, 9]).astype(float)
    ended = np.append(rng.random(400) < 0.6, [False, False])
    table = survival.by_member(days, ended, member)
    assert list(table.index) == ["a", "b", "c", "d", "e"]
    for name, told in table.iterrows():
        own = member == name
        medians = [survival.days_until(days[side], ended[side]) for side in (own, ~own)]
        assert told[["days", "rest_days"]].tolist() == pytest.approx(
            [np.nan if one is None else one for one in medians], nan_ok=True
        )
        alone = survival.log_rank(days[own], ended[own], against=(days[~own], ended[~own]))
        assert told["p_value"] == pytest.approx(alone, rel=1e-9)
        assert (told["ended"], told["rest_ended"]) == (ended[own].sum(), ended[~own].sum())
    assert table.loc["b", "p_value"] < 1e-6
    assert np.isnan(table.loc["e", "days"])
