import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals


def test_wilson_gives_newcombes_published_limits():
    # Newcombe (1998), Statistics in Medicine 17:857, table I: 81 of 263 and 0 of 20
    found = intervals.wilson(pd.Series([81, 0], index=["a", "b"]), pd.Series([263, 20], index=["a", "b"]))
    assert found.loc["a", ["low", "high"]].tolist() == pytest.approx([0.2553, 0.3662], abs=5e-5)
    assert found.loc["b", ["low", "high"]].tolist() == pytest.approx([0, 0.1611], abs=5e-5)


def test_wilson_without_a_trial_knows_nothing_and_refuses_the_impossible():
    assert intervals.wilson(0, 0).isna().all(axis=None)
    with pytest.raises(ValueError, match="successes"):
        intervals.wilson(3, 2)


def test_difference_gives_newcombes_published_limits():
    # Newcombe (1998), Statistics in Medicine 17:873, method 10: 56/70 - 48/80
    found = intervals.difference(56, 70, against=(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert intervals.difference(1, 1, against=(0, 0)) is None


def test_many_looks_raise_the_bar_and_missing_ones_do_not_count():
    assert intervals.beyond_noise([0.03, np.nan]).tolist() == [True, False]
    assert not intervals.beyond_noise([0.03] + [0.5] * 9).any()
    assert intervals.beyond_noise([0.01, 0.02, 0.03], looks="fdr_bh").all()
    assert len(intervals.beyond_noise([])) == 0


@given(
    st.lists(st.integers(0, 999).map(lambda place: (place + 0.3) / 1000), min_size=1, max_size=30),
    st.sampled_from(["holm", "fdr_bh"]),
)
def test_corrections_agree_with_those_of_statsmodels(p_values, looks):
    expected = multipletests(p_values, alpha=0.05, method=looks)[0]
    assert intervals.beyond_noise(p_values, looks=looks).tolist() == expected.tolist()


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilson_holds_the_share_and_stays_within_zero_and_one(won, lost):
    found = intervals.wilson(won, won + lost).iloc[0]
    if won + lost:
        assert -1e-12 <= found["low"] <= found["share"] + 1e-12
        assert found["share"] - 1e-12 <= found["high"] <= 1 + 1e-12
    else:
        assert np.isnan(found["share"])


def test_each_group_is_held_against_all_others():
    found = intervals.beside(pd.Series([5, 8, 4]), pd.Series([10, 10, 10]))
    assert found["behind"].tolist() == pytest.approx([0.5 - 0.6, 0.8 - 0.45, 0.4 - 0.65])
    assert (found["behind_low"] < found["behind"]).all()
    assert (found["behind"] < found["behind_high"]).all()
    assert intervals.beside(pd.Series([5]), pd.Series([10])).isna().all(axis=None)


def test_a_step_is_unusual_only_beside_the_steps_before_it():
    walk = pd.Series([0.0, 1, 0, 1, 0, 1, 0, 1])
    assert intervals.unusual(pd.concat([walk, pd.Series([11.0])]))
    assert not intervals.unusual(pd.concat([walk, pd.Series([0.0])]))
    assert not intervals.unusual(pd.Series([0.0, 1, 0, 1, 0, 50]))  # too few steps to tell
    assert not intervals.unusual(pd.Series([1.0] * 8 + [5.0]))  # nothing ever moved


def test_quiet_series_are_called_unusual_as_often_as_stated():
    steps = np.random.default_rng(1).normal(size=(1000, 11))
    called = sum(intervals.unusual(pd.Series(row.cumsum())) for row in steps)
    assert abs(called - 1000 * intervals.FALSE_ALARM) < 3.3 * (1000 * 0.05 * 0.95) ** 0.5


def test_a_region_that_follows_from_its_people_changes_no_comparison_between_them():
    rng = np.random.default_rng(2)
    person = rng.integers(0, 12, 600)
    won, here = rng.random(600) < 0.3 + 0.02 * person, rng.random(600) < 0.3
    strata = pd.DataFrame({"rep_id": person.astype(str), "size": rng.integers(0, 3, 600)})
    alone = rivals.at_equal_strata(won, here, strata)
    beside = rivals.at_equal_strata(won, here, strata.assign(region=(person % 4).astype(str)))
    assert beside == pytest.approx(alone)
    dummies = np.column_stack([pd.get_dummies(strata[name]).to_numpy(float) for name in strata])
    fitted = np.linalg.lstsq(np.column_stack([here, dummies]), won.astype(float), rcond=None)[0]
    assert alone is not None
    assert alone.value == pytest.approx(fitted[0])
