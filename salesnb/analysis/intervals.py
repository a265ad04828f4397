"""How sure is a share, a difference or a sum?

Intervals and corrections that every subject uses: Wilson's for a share, Newcombe's for a difference of shares, the
seeded percentile bootstrap for anything else, Holm's and Benjamini and Hochberg's corrections for many looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

CONFIDENCE = 0.95
RESAMPLES = 1000


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its interval, in the unit of the estimate."""

    value: float
    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Does the interval lie wholly above or wholly below `value`?"""
        return not self.low <= value <= self.high


def wilson(successes: ArrayLike, trials: ArrayLike, *, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """How sure is a share? Wilson's score interval (1927), which holds for few trials and shares near 0 or 1.

    `successes` and `trials` are numbers or columns of the same length (an index is kept). One row per pair: share, low,
    high; NaN in all three where there was no trial. Raises `ValueError` for more successes than trials.
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


def bootstrap(
    values: ArrayLike,
    statistic: Callable[[NDArray[np.float64]], float] = np.mean,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> Interval | None:
    """How sure is a statistic of rows? The percentile bootstrap (Efron 1979) over the rows of `values`.

    The same seed gives the same interval. None without rows; with one row both ends are the estimate.
    """
    rows = np.asarray(values, dtype=float)
    if len(rows) == 0:
        return None
    rng = np.random.default_rng(seed)
    draws = [statistic(rows[rng.integers(0, len(rows), len(rows))]) for _ in range(resamples)]
    low, high = ends(draws, confidence=confidence)
    return Interval(float(statistic(rows)), low, high)


def ends(draws: ArrayLike, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The two percentiles of simulated draws between which `confidence` of them lie; NaN without draws."""
    known = np.asarray(draws, dtype=float)
    known = known[~np.isnan(known)]
    if len(known) == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def beyond_noise(
    p_values: ArrayLike, *, looks: Literal["holm", "fdr_bh"] = "holm", alpha: float = 0.05
) -> NDArray[np.bool_]:
    """Which of many looks is more than noise? Holm (1979) bounds the chance of any false alarm at `alpha`; ``fdr_bh``
    (Benjamini and Hochberg 1995) the share of false ones. A missing p-value is never an alarm and no look.
    """
    p = np.atleast_1d(np.asarray(p_values, dtype=float))
    flagged = np.zeros(len(p), dtype=bool)
    known = ~np.isnan(p)
    if known.any():
        flagged[known] = multipletests(p[known], alpha=alpha, method=looks)[0]
    return flagged
