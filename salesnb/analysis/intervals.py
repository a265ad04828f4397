"""How sure is a share, a difference or a sum?

Intervals and corrections that every subject uses: Wilson's for a share, Newcombe's for a difference of shares, Holm's and Benjamini and Hochberg's corrections for many looks, and what the best of
several is without its luck.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control
from scipy.stats import t as student
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from salesnb.results import Interval

CONFIDENCE = 0.95
FEWEST_STEPS = 6  # of a series, from which its usual steps can be told
GRID = 200  # steps of the shrinkage
FALSE_ALARM = 0.05  # chance of any false alarm among all looks of one question


def wilson(successes: ArrayLike, trials: ArrayLike, *, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """How sure is a share? Wilson's score interval (1927), which holds for few trials and shares near 0 or 1.

    `successes` and `trials` are numbers or columns of the same length (an index is kept). One row per pair: share, low,
    high; NaN in all three where there was no trial. Raises `ValueError` for more successes than trials.

    >>> wilson([3, 30], [10, 100])["low"].round(2).tolist()
    [0.11, 0.22]
    """
    index = next((column.index for column in (trials, successes) if isinstance(column, pd.Series)), None)
    won = np.atleast_1d(np.asarray(successes, dtype=float))
    tried = np.atleast_1d(np.asarray(trials, dtype=float))
    if (won > tried).any() or (won < 0).any():
        raise ValueError("successes must lie between 0 and the number of trials")
    low, high = np.full(len(tried), np.nan), np.full(len(tried), np.nan)
    share = np.full(len(tried), np.nan)
    some = tried > 0
    if some.any():
        share[some] = won[some] / tried[some]
        low[some], high[some] = proportion_confint(
            won[some], tried[some], alpha=1 - confidence, method="wilson"
        )
    return pd.DataFrame({"share": share, "low": low, "high": high}, index=index)


def difference(
    successes: float, trials: float, *, against: tuple[float, float], confidence: float = CONFIDENCE
) -> Interval | None:
    """How far apart are two shares? The first minus the second, with Newcombe's interval (1998, method 10).

    `against` is (successes, trials) of the yardstick. None where either has no trial.
    """
    if trials <= 0 or against[1] <= 0:
        return None
    low, high = confint_proportions_2indep(
        successes, trials, against[0], against[1], compare="diff", method="newcomb", alpha=1 - confidence
    )
    return Interval(successes / trials - against[0] / against[1], float(low), float(high))


def beside(successes: pd.Series, trials: pd.Series) -> pd.DataFrame:
    """How far is each group's share from that of all others together? One row per group, on the same index: behind (its share −
    theirs), behind_low, behind_high (Newcombe); NaN where one of the two has no trial."""
    won, n = float(successes.sum()), float(trials.sum())
    found = [
        difference(float(own), float(tried), against=(won - float(own), n - float(tried)))
        for own, tried in zip(successes, trials, strict=True)
    ]
    rows = [(one.value, one.low, one.high) if one else (np.nan,) * 3 for one in found]
    return pd.DataFrame(
        rows, columns=["behind", "behind_low", "behind_high"], index=successes.index, dtype=float
    )


def ends(draws: ArrayLike, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The two percentiles of simulated draws between which `confidence` of them lie; NaN without draws."""
    known = np.asarray(draws, dtype=float)
    known = known[~np.isnan(known)]
    if len(known) == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def beyond_noise(
    p_values: ArrayLike, *, looks: Literal["holm", "fdr_bh"] = "holm", alpha: float = FALSE_ALARM
) -> NDArray[np.bool_]:
    """Which of many looks is more than noise? Holm (1979) bounds the chance of any false alarm at `alpha`; ``fdr_bh``
    (Benjamini and Hochberg 1995) the share of false ones. A missing p-value is never an alarm and no look.
    """
    p = np.atleast_1d(np.asarray(p_values, dtype=float))
    flagged = np.zeros(len(p), dtype=bool)
    known = ~np.isnan(p)
    if known.any():
        adjusted = false_discovery_control(p[known]) if looks == "fdr_bh" else _holm(p[known])
        flagged[known] = adjusted <= alpha
    return flagged


def _holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Holm's adjusted p-values. statsmodels has them too, and collects all garbage at each call, up to half a second of it."""
    order = np.argsort(p)
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return adjusted


def unusual(values: pd.Series, *, alpha: float = FALSE_ALARM) -> bool:
    """Does the last step of a series go beyond what its earlier steps let expect? Student's prediction interval around their
    mean, false in a share `alpha` of quiet series; of a growing series steps grow alike. False with fewer than
    six earlier steps, or where these are all alike."""
    known = values.astype(float)
    steps = (known.diff() / _growth(known)).dropna().to_numpy()
    last, past = steps[-1:], steps[:-1]
    if len(past) < FEWEST_STEPS or np.ptp(past) == 0:
        return False
    half = student.ppf(1 - alpha / 2, len(past) - 1) * past.std(ddof=1) * np.sqrt(1 + 1 / len(past))
    return bool(abs(last[0] - past.mean()) > half)


def _growth(values: pd.Series) -> NDArray[np.float64]:
    """How large a series above zero is at each of its places by its own constant growth, without the last; ones for any other."""
    known = values.dropna()
    if len(known) <= FEWEST_STEPS or not (known > 0).all():
        return np.ones(len(values))
    place = np.arange(len(values))
    past = values.iloc[:-1].notna().to_numpy()
    slope = np.polyfit(place[:-1][past], np.log(values.iloc[:-1][past].to_numpy()), 1)[0]
    return np.exp(slope * (place - place[-1]))


def true_rates(rates: ArrayLike, trials: ArrayLike, *, draws: int, seed: int) -> NDArray[np.float64]:
    """What may the groups' true rates be? Draws × groups from the posterior, given what was seen of each.

    The best of several looks good partly by luck, which does not come back: rates are drawn towards their common mean, the
    more so the less they differ beyond what their numbers explain, and what is said of the leader needs no correction for
    having been chosen.

    In: a rate and a number of trials (above zero) per group. Normal rates around normal group means (Efron and Morris 1975,
    JASA 70:311), with the uniform prior on the shrinkage itself (Daniels 1999, Canadian Journal of Statistics 27:567), so that
    no scale is chosen by hand. A rate's variance is taken at the mean rate, so that none of three is not certainty. With one
    group nothing is drawn anywhere: its own uncertainty alone.
    """
    seen, n = np.asarray(rates, dtype=float), np.asarray(trials, dtype=float)
    rng = np.random.default_rng(seed)
    mean = (seen @ n + 1) / (n.sum() + 2)
    variance = mean * (1 - mean) / n
    if len(seen) == 1:
        return np.clip(rng.normal(seen, np.sqrt(variance), (draws, 1)), 0, 1)
    shrinkage = (np.arange(GRID) + 0.5) / GRID
    spread = (1 - shrinkage) / shrinkage / (1 / variance).mean()
    weight = 1 / (variance + spread[:, None])
    precision = weight.sum(axis=1)
    centre = (weight @ seen) / precision
    fit = (
        np.log(weight).sum(axis=1) - np.log(precision) - (weight * (seen - centre[:, None]) ** 2).sum(axis=1)
    )
    chance = np.exp((fit - fit.max()) / 2)
    place = rng.choice(GRID, draws, p=chance / chance.sum())
    level = rng.normal(centre[place], 1 / np.sqrt(precision[place]))
    keep = spread[place, None] / (spread[place, None] + variance)
    true = level[:, None] + keep * (seen - level[:, None])
    return np.clip(rng.normal(true, np.sqrt(keep * variance)), 0, 1)


def by_luck(rates: ArrayLike, trials: ArrayLike, *, draws: int, seed: int, which: int | None = None) -> float:
    """How likely is a best group so far above the mean if all had one rate? Simulated; 1 for a single group. `which`: the group
    whose lead is asked about, where it may not be the best here."""
    seen, n = np.asarray(rates, dtype=float), np.asarray(trials, dtype=int)
    if len(seen) == 1:
        return 1.0
    pooled = float(np.clip(seen @ n / n.sum(), 0, 1))
    alike = np.random.default_rng(seed).binomial(n, pooled, (draws, len(n)))
    ahead = (alike / n).max(axis=1) - alike.sum(axis=1) / n.sum()
    lead = seen.max() if which is None else seen[which]
    return float((1 + (ahead >= lead - pooled - 1e-12).sum()) / (1 + draws))
