"""How long does something take when some of it is not over yet?

Kaplan and Meier's estimate for one kind of end, Aalen and Johansen's for several. Durations are in days; a case that is
still running is censored at its age, which is a lower bound and no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff

from salesnb.analysis import intervals

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ends:
    """Where cases end by the last day that anyone was watched: shares that sum to one."""

    first: float
    second: float
    running: float

    @property
    def of_ended(self) -> float:
        """The first kind's share among those that have ended; NaN where none has."""
        ended = self.first + self.second
        return self.first / ended if ended > 0 else float("nan")


@dataclass(frozen=True)
class Reached:
    """The share of cases that ended in the first way by some day, and as how many cases, all seen to that day, it tells
    (`cases`); its 95% interval is Wilson's for so many (Rothman 1978, Journal of Chronic Diseases 31:557)."""

    share: float
    cases: float

    @property
    def low(self) -> float:
        """The lower end."""
        return float(_wilson(self.share, self.cases)["low"].iloc[0])

    @property
    def high(self) -> float:
        """The upper end."""
        return float(_wilson(self.share, self.cases)["high"].iloc[0])


def kaplan_meier(durations: ArrayLike, ended: ArrayLike) -> pd.DataFrame:
    """What share is still running after t days? Kaplan and Meier (1958), with 95% limits: Wilson's interval for as many
    cases as Greenwood's variance is worth (Rothman 1978), which stays open where the last case at risk has ended.

    `ended` is true where the end was seen, false where the case is censored at its duration. One row per day on which
    a case ended, after a first row at day 0: day, running, low, high, at_risk. Empty without a case; negative or
    missing durations raise `ValueError`.
    """
    days, seen = _cases(durations, ended)
    if len(days) == 0:
        return pd.DataFrame(
            {name: pd.Series(dtype=float) for name in ("day", "running", "low", "high", "at_risk")}
        )
    if not seen.any():
        return pd.DataFrame(
            {"day": [0.0], "running": [1.0], "low": [1.0], "high": [1.0], "at_risk": [float(len(days))]}
        )
    curve = SurvfuncRight(days, seen.astype(int))
    found = _wilson(
        curve.surv_prob, _worth(curve.surv_prob, curve.surv_prob_se, seen=_seen(days, seen, curve.surv_times))
    )
    steps = pd.DataFrame(
        {
            "day": curve.surv_times,
            "running": curve.surv_prob,
            "low": found["low"],
            "high": found["high"],
            "at_risk": curve.n_risk,
        }
    ).astype(float)
    start = pd.DataFrame(
        {"day": [0.0], "running": [1.0], "low": [1.0], "high": [1.0], "at_risk": [float(len(days))]}
    )
    return steps if steps["day"].iloc[0] == 0 else pd.concat([start, steps], ignore_index=True)


def days_until(durations: ArrayLike, ended: ArrayLike, *, share: float = 0.5) -> float | None:
    """After how many days has `share` of the cases ended? The smallest t with S(t) ≤ 1 − share; 0.5 is the median.

    None without a case, or where fewer have ended by the longest duration (the answer lies beyond the data).
    """
    days, seen = _cases(durations, ended)
    if not seen.any():
        return None
    curve = SurvfuncRight(days, seen.astype(int))
    reached = curve.surv_times[curve.surv_prob <= 1 - share + 1e-12]
    return float(reached[0]) if len(reached) else None


def log_rank(
    durations: ArrayLike,
    ended: ArrayLike,
    *,
    against: tuple[ArrayLike, ArrayLike],
    strata: ArrayLike | None = None,
) -> float:
    """How likely are durations so unlike those of the others (durations, ended) if both had one distribution? Two-sided
    log-rank test (Mantel 1966), within `strata` (of the own cases, then of the others) where they are given; NaN where nothing has
    ended, or all of it on one last day."""
    days = np.concatenate([np.asarray(durations, dtype=float), np.asarray(against[0], dtype=float)])
    over = np.concatenate([np.asarray(ended, dtype=int), np.asarray(against[1], dtype=int)])
    side = np.arange(len(days)) < len(np.asarray(durations))
    if not over.any():
        return float("nan")
    try:
        return float(survdiff(days, over, side.astype(int), strata=strata)[1])
    except np.linalg.LinAlgError:  # all that ended did so on one day, with nobody left to compare
        return float("nan")


def by_member(durations: ArrayLike, ended: ArrayLike, member: ArrayLike) -> pd.DataFrame:
    """`days_until` and `log_rank` of each member's cases beside all others', from how many of each end on which day: many members
    cost hardly more than one.

    One row per member, in order: ended, rest_ended (cases), days, rest_days (medians; NaN beyond the data), p_value.
    """
    length, over = _cases(durations, ended)
    code, members = pd.factorize(np.asarray(member, dtype=object), sort=True)
    day, place = np.unique(length, return_inverse=True)
    shape, cell = (len(members), len(day)), code * len(day) + place
    left, gone = (
        np.bincount(cell, weight, len(members) * len(day)).reshape(shape).astype(float)
        for weight in (None, over)
    )
    at_risk = left[:, ::-1].cumsum(axis=1)[:, ::-1].astype(float)
    all_risk, all_gone = at_risk.sum(axis=0), gone.sum(axis=0)
    share, told = at_risk / all_risk, all_risk > 1
    apart = (gone - share * all_gone)[:, told].sum(axis=1)
    spread = share * (1 - share) * all_gone * (all_risk - all_gone) / np.maximum(all_risk - 1, 1e-10)
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing ended, or all of it on one last day
        score = apart**2 / spread[:, told].sum(axis=1)
    medians = [_medians(gone, at_risk, day), _medians(all_gone - gone, all_risk - at_risk, day)]
    counts = gone.sum(axis=1), (all_gone - gone).sum(axis=1)
    return pd.DataFrame(
        {
            "ended": counts[0],
            "rest_ended": counts[1],
            "days": medians[0],
            "rest_days": medians[1],
            "p_value": 1 - chi2.cdf(score, 1),
        },
        index=pd.Index(members),
    )


def _medians(gone: Floats, at_risk: Floats, day: Floats) -> Floats:
    """The Kaplan–Meier median of each row's cases: NaN where fewer have ended."""
    with np.errstate(divide="ignore"):  # who all ended
        left = np.log(1 - np.divide(gone, at_risk, out=np.zeros_like(gone), where=at_risk > 0))
    reached = np.exp(left.cumsum(axis=1)) <= 0.5 + 1e-12
    return np.where(reached.any(axis=1), day[reached.argmax(axis=1)], np.nan)


def factor(
    durations: ArrayLike, ended: ArrayLike, *, against: tuple[ArrayLike, ArrayLike]
) -> tuple[float, float, float] | None:
    """How many times as long as the others' (durations, ended) do these take? The factor and its 95% interval.

    The others' durations are stretched until the log-rank test can no longer tell the two apart; the interval holds every
    factor that the test does not refuse (accelerated failure times: Wei and Gail 1983). Looked for between a tenth and ten
    times; None where either side has no end.
    """
    days, over = np.asarray(durations, dtype=float), np.asarray(ended, dtype=int)
    others, seen = np.asarray(against[0], dtype=float), np.asarray(against[1], dtype=int)
    if not over.any() or not seen.any():
        return None
    both = np.concatenate([over, seen])

    def longer(stretch: float) -> float:
        return _log_rank_z(np.concatenate([days, others * stretch]), both, len(days))

    # the more the others are stretched, the sooner these end beside them: the score rises
    low, middle, high = (_crossing(longer, wanted) for wanted in (-1.959964, 0.0, 1.959964))
    return middle, low, high


def _log_rank_z(days: NDArray[np.float64], ended: NDArray[np.int_], first: int) -> float:
    """The log-rank score: ends of the first cases beyond what is expected, over its standard error."""
    order = np.argsort(days, kind="stable")
    mine = order < first
    begins = np.unique(days[order], return_index=True)[1]
    all_ended = np.add.reduceat(ended[order], begins).astype(float)
    own_ended = np.add.reduceat(ended[order] * mine, begins)
    at_risk = (len(days) - begins).astype(float)
    own_at_risk = (first - np.concatenate([[0], np.cumsum(mine)])[begins]).astype(float)
    share = own_at_risk / at_risk
    spread = all_ended * share * (1 - share) * (at_risk - all_ended) / np.maximum(at_risk - 1, 1)
    return float((own_ended - all_ended * share).sum() / np.sqrt(max(spread.sum(), 1e-12)))


def _crossing(score: Callable[[float], float], wanted: float, *, halvings: int = 12) -> float:
    """Where a rising score reaches the wanted value, between a tenth and ten, to a thousandth of itself."""
    low, high = np.log(0.1), np.log(10.0)
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (middle, high) if score(float(np.exp(middle))) < wanted else (low, middle)
    return float(np.exp((low + high) / 2))


def ends(durations: ArrayLike, kind: ArrayLike) -> Ends | None:
    """How do cases end, the running ones treated right? Aalen and Johansen (1978) for two kinds of end.

    `kind` is 1 or 2 where the case ended that way and 0 where it is censored. Without censoring these are the plain
    shares. None without a case.
    """
    days = np.asarray(durations, dtype=float)
    kinds = np.asarray(kind, dtype=int)
    if len(days) == 0:
        return None
    if not (kinds == 0).any():
        first = float((kinds == 1).mean())
        return Ends(first, float((kinds == 2).mean()), 0.0)
    found = _incidence(days, kinds)
    first, second = (float(found[number][1][-1]) if number in found else 0.0 for number in (1, 2))
    return Ends(first, second, max(0.0, 1 - first - second))


def won_by_day(durations: ArrayLike, kind: ArrayLike) -> pd.DataFrame:
    """What share has ended in the first way by each day? As `ends`, along time: one row per day up to which a case was seen,
    after a first row at day 0: day, won, cases (as many, seen to that day, as the share is worth). Day 0 alone where none has;
    empty without a case."""
    days, kinds = np.asarray(durations, dtype=float), np.asarray(kind, dtype=int)
    if len(days) == 0:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in ("day", "won", "cases")})
    start = pd.DataFrame({"day": [0.0], "won": [0.0], "cases": [float(len(days))]})
    found = _incidence(days, kinds)
    if 1 not in found:
        return start
    times, share, error = found[1]
    worth = _worth(share, error, seen=_seen(days, kinds > 0, times))
    steps = pd.DataFrame({"day": times, "won": share, "cases": worth}).astype(float)
    return steps if steps["day"].iloc[0] == 0 else pd.concat([start, steps], ignore_index=True)


def by_day(durations: ArrayLike, kind: ArrayLike, *, day: float) -> Reached | None:
    """What share has ended in the first way by `day`? None without a case, or where nobody was watched to that day
    though not all have ended."""
    days, kinds = np.asarray(durations, dtype=float), np.asarray(kind, dtype=int)
    if len(days) == 0 or (days.max() < day and (kinds[days == days.max()] == 0).any()):
        return None
    curve = won_by_day(days, kinds)
    last = curve[curve["day"] <= day].iloc[-1]
    return Reached(float(last["won"]), float(last["cases"]))


def _worth(
    share: NDArray[np.float64], error: NDArray[np.float64], *, seen: NDArray[np.int_]
) -> NDArray[np.float64]:
    """As how many cases, all watched to that day, does each day's share tell? So many as give its standard error.

    Where nothing has happened yet, as many as had ended or were still watched (`seen`); from the day on which the last case
    at risk ended the error says nothing, and the share is worth as much as on the day before.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        cases = pd.Series(np.where(share > 0, share * (1 - share) / error**2, seen.astype(float)))
    told = cases.where((share < 1) & np.isfinite(cases) & (cases > 0))
    return np.asarray(told.ffill().fillna(pd.Series(seen.astype(float))), dtype=float)


def _seen(
    days: NDArray[np.float64], ended: NDArray[np.bool_], times: NDArray[np.float64]
) -> NDArray[np.int_]:
    """How many cases had ended by each of these days, or were still watched?"""
    return len(days) - np.searchsorted(np.sort(days[~ended]), times, side="left")


def _wilson(share: ArrayLike, cases: ArrayLike) -> pd.DataFrame:
    """Wilson's interval of a share that is worth so many cases."""
    many = np.atleast_1d(np.asarray(cases, dtype=float))
    return intervals.wilson(np.clip(np.atleast_1d(share), 0, 1) * many, many)


def _incidence(
    days: np.ndarray, kinds: np.ndarray
) -> dict[int, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """Kind → (days, cumulative incidence, standard error), for the kinds that occur."""
    present = [number for number in (1, 2) if (kinds == number).any()]
    if not present:
        return {}
    coded = np.select([kinds == number for number in present], range(1, len(present) + 1), default=0)
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # its variance divides by zero once everybody has ended
        found = CumIncidenceRight(days, coded)
    return {
        number: (found.times, share, error)
        for number, share, error in zip(present, found.cinc, found.cinc_se, strict=True)
    }


def _cases(durations: ArrayLike, ended: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    days, seen = np.asarray(durations, dtype=float), np.asarray(ended, dtype=bool)
    if np.isnan(days).any() or (days < 0).any():
        raise ValueError("durations must be days of zero or more, none missing")
    return days, seen


def stage_order(stage_events: pd.DataFrame, *, planned: Sequence[str] = ()) -> list[str]:
    """In which order do deals pass the stages? The plan's order, else by the mean rank of a stage within its deals.

    `stage_events`: one row per deal and stage entered. Names that the data know and the plan does not are left out.
    """
    if planned:
        return list(planned)
    if stage_events.empty:
        return []
    first = stage_events.groupby(["opportunity_id", "stage"], as_index=False)["entered_on"].min()
    first["rank"] = first.groupby("opportunity_id")["entered_on"].rank(method="average")
    ranks = first.groupby("stage")["rank"].mean()
    return [str(stage) for stage in ranks.sort_values(kind="stable").index]
