"""Repeat model: published numbers, hand-worked histories, limits."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesnb.analysis import repeat, rhythm

CDNOW = Path(__file__).parents[2] / "shared" / "data" / "cdnow" / "CDNOW_sample.txt.gz"
FADER = repeat.RepeatModel(r=0.243, alpha=4.414, a=0.793, b=2.426, log_likelihood=-9582.4, accounts=2357)


def days(*entries: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(entries, columns=["account_id", "day", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"], format="ISO8601"), is_order=frame["net_amount"] >= 0)


def simulated(seed: int, accounts: int = 600, weeks: float = 100) -> pd.DataFrame:
    """Accounts that follow the model's own story: r 0.8, alpha 8, a 0.8, b 6."""
    rng = np.random.default_rng(seed)
    rows = []
    for account in range(accounts):
        rate, leaving = rng.gamma(0.8, 1 / 8), rng.beta(0.8, 6)
        time = rng.uniform(0, weeks / 2)
        while time < weeks:
            rows.append(
                (f"A{account:04d}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(time * 7)), 10.0)
            )
            if len(rows) > 1 and rng.random() < leaving:
                break
            time += rng.exponential(1 / rate)
    return days(*rows)


def cdnow() -> pd.DataFrame:
    with gzip.open(CDNOW, "rt") as file:
        fields = [line.split() for line in file if line.strip()]
    return days(*((f[1], f"{f[2][:4]}-{f[2][4:6]}-{f[2][6:]}", float(f[-1])) for f in fields))


def test_fader_hardie_lee_2005_cdnow() -> None:
    """Table 2 and the example of page 281: customer 1516, x = 2, t_x = 30.43, T = 38.86: 1.226 orders in 39 weeks."""
    one = pd.DataFrame({"account_id": ["1516"], "frequency": [2.0], "recency": [30.43], "age": [38.86]})
    assert repeat.expectations(one, model=FADER, days=273)["expected"].iloc[0] == pytest.approx(
        1.226, abs=1e-3
    )


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW sample is not beside this checkout")
def test_cdnow_fit_reproduces_the_paper() -> None:
    model = repeat.fit(repeat.frequencies(cdnow(), as_of=pd.Timestamp("1997-09-30"))).model
    assert model is not None
    assert (model.r, model.alpha) == pytest.approx((0.243, 4.414), abs=5e-4)
    assert (model.a, model.b) == pytest.approx((0.793, 2.426), abs=5e-4)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_frequencies_by_hand() -> None:
    orders = days(
        ("A", "2026-01-01", 5.0),
        ("A", "2026-01-15", 0.0),  # a zero amount counts
        ("A", "2026-02-01", -3.0),  # a return is no order day
        ("A", "2026-03-01", 9.0),  # later than as_of
        ("B", "2026-01-29", 1.0),
    )
    found = repeat.frequencies(orders, as_of=pd.Timestamp("2026-02-05")).set_index("account_id")
    assert found.loc["A", ["frequency", "recency", "age"]].tolist() == [1.0, 2.0, 5.0]
    assert found.loc["B", ["frequency", "recency", "age"]].tolist() == [0.0, 0.0, 1.0]


def test_nothing_gives_nothing() -> None:
    empty = repeat.frequencies(days(), as_of=pd.Timestamp("2026-02-05"))
    assert empty.empty
    assert list(empty.columns) == ["account_id", "frequency", "recency", "age", "first_on", "last_on"]
    fitted = repeat.fit(empty)
    assert fitted.model is None
    assert "100" in str(fitted.reason)
    figures = repeat.headlines(fitted, None)
    assert figures["repeat.r"].value is None
    assert len(figures) == 6


def test_everybody_alike_has_no_interior_maximum() -> None:
    orders = days(*((f"A{n:03d}", f"2026-01-{1 + 7 * k:02d}", 1.0) for n in range(120) for k in range(4)))
    assert repeat.fit(repeat.frequencies(orders, as_of=pd.Timestamp("2026-01-29"))).model is None


def test_gradient_matches_differences() -> None:
    x, recency, age = np.array([0.0, 2, 5]), np.array([0.0, 10, 30]), np.array([20.0, 30, 31])
    at, weight = np.array([0.7, 6.0, 0.9, 3.0]), np.array([2.0, 1, 3])
    slope = repeat._log_likelihood(at, x, recency, age, weight)[1]
    for place in range(4):
        step = np.zeros(4)
        step[place] = 1e-6
        up = repeat._log_likelihood(at + step, x, recency, age, weight)[0]
        down = repeat._log_likelihood(at - step, x, recency, age, weight)[0]
        assert slope[place] == pytest.approx((up - down) / 2e-6, rel=1e-5)


@given(
    frequency=st.integers(0, 400),
    recency=st.floats(0, 150),
    rest=st.floats(0, 100),
    horizon=st.integers(1, 400),
)
def test_expectations_stay_sensible(frequency: int, recency: float, rest: float, horizon: int) -> None:
    recency = recency if frequency else 0.0
    row = pd.DataFrame({"frequency": [float(frequency)], "recency": [recency], "age": [recency + rest]})
    found = repeat.expectations(row, model=FADER, days=horizon).iloc[0]
    assert 0 <= found["alive"] <= 1
    assert 0 <= found["buys"] <= found["alive"] + 1e-12
    assert found["buys"] <= found["expected"] * (1 + 1e-6) + 1e-9  # P(at least one) never exceeds the mean


def test_holdout_beats_naive_guesses_where_the_story_is_true() -> None:
    orders = simulated(seed=4)
    found = repeat.holdout(orders, as_of=pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=100))
    assert found is not None
    assert found.useful
    assert found.expected == pytest.approx(found.actual, rel=0.35)


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW sample is not beside this checkout")
def test_the_licence_on_cdnow_39_and_39_weeks() -> None:
    """The known figures: who, AUC .773 against .771 of the last order; how often, error .785 against 1.024 of the own rate."""
    found = repeat.holdout(cdnow(), as_of=pd.Timestamp("1998-06-30"), days=273)
    assert found is not None
    assert found.useful
    assert (found.model_auc, found.recency_auc) == pytest.approx((0.773, 0.771), abs=1e-3)
    assert (found.model_error, found.rate_error) == pytest.approx((0.785, 1.024), abs=1e-3)
    (verdict,) = repeat.findings(found)
    assert verdict.holds
    assert verdict.value == pytest.approx(found.rate_error - found.model_error)
    assert 0 < verdict.low < verdict.value < verdict.high
    assert [one.conclusion for one in repeat.findings(replace(found, gain_error=1.0))] == ["none"]
    assert repeat.findings(None) == []


def test_without_a_licence_the_simple_rule_speaks() -> None:
    """Everybody who ordered in December orders in the quarter after it, nobody else: the last order tells all."""
    late = [(f"L{n}", day, 1.0) for n in range(60) for day in ("2025-03-01", "2025-12-20", "2026-02-01")]
    early = [
        (f"E{n}", day, 1.0)
        for n in range(60)
        for day in ("2025-03-01", "2025-03-20", "2025-05-01", "2025-07-01")
    ]
    orders, as_of = days(*late, *early), pd.Timestamp("2026-03-31")
    history = repeat.frequencies(orders, as_of=as_of)
    fit, test = repeat.fit(history), repeat.holdout(orders, as_of=as_of)
    assert test is None or not test.useful
    told = repeat.foreseen(history, orders, fit=repeat.RepeatFit(None), test=test, as_of=as_of)
    assert set(told.columns) == set(repeat.expected(history, fit=fit).columns)
    ids = told.set_index("account_id")
    assert ids.loc["E0", "buys"] == 0.0  # nobody who had paused for so long came
    assert ids.loc["L0", "buys"] == 1.0
    assert ids["alive"].isna().all()


def test_the_simple_rule_of_an_empty_past_says_nothing() -> None:
    orders = days(("A", "2026-03-01", 1.0))
    history = repeat.frequencies(orders, as_of=pd.Timestamp("2026-03-31"))
    assert repeat.by_recency(history, orders, as_of=pd.Timestamp("2026-03-31")).empty


def test_silence_finds_the_account_that_stopped() -> None:
    regular = [("A", f"2025-{month:02d}-10", 100.0) for month in range(1, 13)]
    stopped = [("B", f"2025-{month:02d}-10", 200.0) for month in range(1, 7)]
    rare = [("C", "2025-01-10", 50.0), ("C", "2025-06-10", 50.0)]
    found = rhythm.silence(days(*regular, *stopped, *rare), as_of=pd.Timestamp("2025-12-31")).set_index(
        "account_id"
    )
    assert bool(found.loc["B", "silent"])
    assert not found.loc["A", "silent"]
    assert np.isnan(found.loc["C", "chance"])
    assert found.loc["B", "a_year"] == 1200
    assert found.loc["A", "due_on"] == pd.Timestamp("2026-01-09")


def test_at_stake_are_the_365_days_up_to_the_last_order() -> None:
    year = [("A", "2024-12-31", 1.0), ("A", "2025-01-01", 10.0), ("A", "2025-06-01", -3.0)]
    given_back = [("B", "2025-05-01", 10.0), ("B", "2025-04-01", -30.0)]
    entries = days(*year, ("A", "2025-12-31", 100.0), ("A", "2026-01-10", -7.0), *given_back)
    found = rhythm.silence(entries, as_of=pd.Timestamp("2026-01-31")).set_index("account_id")
    assert found["a_year"].to_dict() == {"A": 107.0, "B": 0.0}
    assert found.loc["A", ["orders", "pause"]].tolist() == [3, 31]


def test_silence_raises_few_false_alarms() -> None:
    """Accounts that never leave, ordering at random: at most the stated one in a hundred."""
    rng, alarms, tried = np.random.default_rng(7), 0, 0
    start, as_of = pd.Timestamp("2024-01-01"), pd.Timestamp("2026-01-01")
    rows = []
    for account in range(400):
        moments = np.cumsum(rng.exponential(rng.uniform(10, 60), size=120))
        rows += [(str(account), start + pd.Timedelta(days=int(m)), 1.0) for m in moments if m <= 731]
    found = rhythm.silence(days(*rows), as_of=as_of)
    alarms, tried = int(found["silent"].sum()), int(found["chance"].notna().sum())
    assert tried > 380
    assert alarms <= 0.02 * tried


def test_silence_of_nothing() -> None:
    found = rhythm.silence(days(), as_of=pd.Timestamp("2026-01-01"))
    assert found.empty
    assert list(found.columns) == rhythm.COLUMNS


def test_a_pauses_chance_is_that_of_gamma_gaps_whose_mean_was_itself_measured() -> None:
    """Four gaps of 10, 20, 10 and 20 days, then a pause of 60: drawn by simulation, not by the formula."""
    moments = pd.to_datetime("2026-01-01") + pd.to_timedelta([0, 10, 30, 40, 60], unit="D")
    entries = days(*(("A", str(day.date()), 1.0) for day in moments))
    nobody = entries.iloc[:1].assign(account_id=None)
    later = days(("A", "2026-06-30", 5.0), ("B", "2026-06-30", 5.0))
    found = rhythm.silence(
        pd.concat([entries, nobody, later], ignore_index=True), as_of=moments[-1] + pd.Timedelta(days=60)
    )
    assert found["account_id"].tolist() == ["A"]  # nobody's orders and those still to come are no account's
    variation = np.var([10, 20, 10, 20], ddof=1) / 15**2
    usual = max(
        1.0, 1 / 4 / variation
    )  # the only account is its company's median; four gaps look too regular
    shape = (4 + rhythm.PRIOR_INTERVALS) / (4 * variation + rhythm.PRIOR_INTERVALS / usual)
    rng = np.random.default_rng(1)
    pause, gaps = rng.gamma(shape, size=400_000), rng.gamma(shape, size=(400_000, 4)).mean(axis=1)
    assert found["chance"].iloc[0] == pytest.approx((pause / gaps > 60 / 15).mean(), abs=0.001)
    fewer = rhythm.silence(entries.iloc[1:], as_of=moments[-1] + pd.Timedelta(days=60))
    assert fewer["chance"].isna().all()  # three gaps are too few to tell
