"""The best of several is partly luck: what is said of it is right on average, and no alarm where nothing differs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from salesnb.analysis import intervals, stage_lifts

COMPANIES = 300


def seen(rng, spread):
    """Four quarters of a stage: their true rates, and what was counted of them."""
    n = rng.integers(80, 250, 4)
    true = np.clip(rng.normal(0.75, spread, 4), 0.05, 0.95)
    return true, rng.binomial(n, true) / n, n


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.04, 0.08])
def test_the_leader_is_worth_what_is_said_of_it_and_its_interval_holds(spread):
    rng, gains, looks, truths, held = np.random.default_rng(1), [], [], [], 0
    for company in range(COMPANIES):
        true, rates, n = seen(rng, spread)
        drawn = intervals.true_rates(rates, n, draws=400, seed=company)
        lead, usual = rates.argmax(), drawn @ n / n.sum()
        gain = drawn[:, lead] - usual
        gains.append(gain.mean())
        looks.append(rates[lead] - rates @ n / n.sum())
        truths.append(true[lead] - true @ n / n.sum())
        low, high = np.quantile(gain, [0.025, 0.975])
        held += low <= truths[-1] <= high
    error, naive = (abs(np.mean(told) - np.mean(truths)) for told in (gains, looks))
    assert error < 0.015
    if spread < 0.08:  # where chance is not small beside the differences the best looks much too good
        assert error < naive / 2
    assert held >= 0.9 * COMPANIES


def test_quarters_that_are_alike_raise_no_more_alarms_than_one_in_twenty():
    rng, alarms = np.random.default_rng(2), 0
    for company in range(COMPANIES):
        _, rates, n = seen(rng, 0.0)
        alarms += intervals.by_luck(rates, n, draws=400, seed=company) < 0.05
    assert alarms <= binom.ppf(0.999, COMPANIES, 0.05)


def test_one_group_has_nothing_to_be_drawn_to():
    alone = intervals.true_rates([0.4], [100], draws=4000, seed=1)
    assert alone.mean() == pytest.approx(0.4, abs=0.01)
    assert intervals.by_luck([0.4], [100], draws=100, seed=1) == 1


def levels(*rows):
    frame = pd.DataFrame(rows, columns=["stage", "peer", "decided", "conversion", "value"])
    return frame.assign(comparable=True)


NOW = pd.DataFrame({"stage": ["lead", "quote"], "conversion": [0.6, 0.5]})


def test_a_sure_difference_keeps_its_price_and_an_unsure_one_loses_most_of_it():
    sure = levels(
        ("lead", "Q1", 2000, 0.8, 1000.0), ("lead", "Q2", 2000, 0.4, 1000.0), ("quote", "Q1", 400, 0.5, 900.0)
    )
    found = stage_lifts.lifts(sure, NOW).set_index("stage").loc["lead"]
    assert found["added_value"] == pytest.approx(2000 * 0.2 * 0.5)
    assert found["gain"] == pytest.approx(found["added_value"], rel=0.05)
    assert found["low"] > 0
    assert found["beyond"]
    unsure = sure.assign(decided=[5, 5, 4])
    doubtful = stage_lifts.lifts(unsure, NOW).set_index("stage").loc["lead"]
    assert doubtful["gain"] < 0.7 * doubtful["added_value"]
    assert doubtful["low"] < 0
    assert not doubtful["beyond"]


def test_the_best_team_stands_beside_the_best_quarter_and_none_where_none_compares():
    own = stage_lifts.lifts(levels(("lead", "Q1", 99, 0.6, 10.0), ("lead", "Q2", 99, 0.6, 10.0)), NOW)
    teams = stage_lifts.lifts(
        levels(("lead", "Wolves", 900, 0.9, 20.0), ("lead", "Bears", 900, 0.3, 20.0)), NOW
    )
    both = stage_lifts.beside(own, teams).iloc[0]
    assert (both["team"], both["team_best"], both["team_beyond"]) == ("Wolves", 0.9, True)
    none = stage_lifts.beside(own, teams.iloc[:0]).iloc[0]
    assert pd.isna(none["team"])
    assert not none["team_beyond"]


def test_comparable_teams_below_the_stages_own_rate_add_nothing_for_sure():
    teams = levels(
        ("lead", "Wolves", 60, 0.5, 400.0),
        ("lead", "Bears", 60, 0.3, 300.0),
        ("lead", "Whales", 300, 0.9, 9000.0),
    ).assign(comparable=[True, True, False])
    found = stage_lifts.lifts(teams, NOW.assign(conversion=[0.7, 0.5])).set_index("stage").loc["lead"]
    assert found[["added_value", "gain", "low", "high"]].tolist() == [0, 0, 0, 0]
    assert found["best_peer"] == "Wolves"
    assert not found["beyond"]


def test_the_gain_is_held_against_the_rate_of_the_whole_stage():
    # two teams alike in size whose mean is 0.6, in a stage at 0.7: the best is worth 0.1 of the stage's value and not 0.2
    teams = levels(
        ("lead", "Wolves", 4000, 0.8, 300.0),
        ("lead", "Bears", 4000, 0.4, 300.0),
        ("lead", "Whales", 4000, 0.9, 400.0),
    ).assign(comparable=[True, True, False])
    found = stage_lifts.lifts(teams, NOW.assign(conversion=[0.7, 0.5])).set_index("stage").loc["lead"]
    assert found["added_value"] == pytest.approx(1000 * 0.1)
    assert found["gain"] == pytest.approx(100, rel=0.05)
    assert found["low"] < 100 < found["high"] < 150


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 200), st.floats(0, 1), st.booleans()), min_size=1, max_size=5),
    st.floats(0, 1),
)
def test_the_gain_always_lies_in_its_interval(peers, now):
    rows = [("lead", f"T{place}", n, round(rate * n) / n, 10.0) for place, (n, rate, _) in enumerate(peers)]
    table = levels(*rows).assign(comparable=[one for *_, one in peers])
    for found in stage_lifts.lifts(table, NOW.assign(conversion=[now, 0.5]), draws=100).itertuples():
        assert found.low <= found.gain <= found.high
        assert 0 <= found.gain <= found.added_value
