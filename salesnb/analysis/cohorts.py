"""Do later deals fare worse, or are they only younger? Cohorts by quarter of creation, compared at one age.

Deals that are still undecided count for as long as they were seen (Aalen and Johansen 1978), and two cohorts are compared
at an age that both have reached.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.analysis import intervals, survival
from salesnb.analysis.decomposition import rivals
from salesnb.findings import Finding

QUARTERS = 8
FAIR_DEALS = 20  # deals of an age, of a quarter and of all others, below which they are not compared
COLUMNS = (
    "cohort",
    "deals",
    "won",
    "undecided",
    "so_far",
    "age",
    "by_then",
    "low",
    "high",
    "rest",
    "p_value",
    "twin_p",
    "like_p",
    "flagged",
)


def born(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, quarters: int = QUARTERS) -> pd.DataFrame:
    """The deals of the last `quarters` calendar quarters by creation: cohort (the quarter's first day), days (to the close,
    so far while open), way (1 won, 2 lost, 0 open), old (days since its creation, decided or not), and what is known of `rivals.PACE_MIX`. One
    row per deal. `older` marks those of the four quarters before, by which a season is told and which are no cohort."""
    first = as_of.to_period("Q").start_time - pd.DateOffset(months=3 * (quarters - 1))
    deals = opportunities[opportunities["created_on"] >= first - pd.DateOffset(years=1)]
    end = deals["closed_on"].where(deals["outcome"] != "open", as_of)
    way = deals["outcome"].map({"won": 1, "lost": 2}).fillna(0).astype(int)
    days = (end - deals["created_on"]).dt.days.clip(lower=0).astype(float)
    start = deals["created_on"].dt.to_period("Q").dt.to_timestamp()
    old = (as_of - deals["created_on"]).dt.days
    mix = deals[[name for name in rivals.PACE_MIX if name in deals]]
    older = deals["created_on"] < first
    return mix.assign(cohort=start, days=days, way=way, old=old, older=older).reset_index(drop=True)


def ripe_age(born: pd.DataFrame) -> float | None:
    """At which age are cohorts comparable? The days by which three quarters of the deals are decided (Kaplan–Meier), half of them
    where three quarters never are; None where not even half are."""
    born = born[~born["older"]]
    ended = born["way"] > 0
    return survival.days_until(born["days"], ended, share=0.75) or survival.days_until(born["days"], ended)


def by_cohort(born: pd.DataFrame, *, age: float) -> pd.DataFrame:
    """What share of each cohort was won by the age of `age` days, and is one unlike the others beyond noise?

    In: `born`. Out: one row per quarter of creation, oldest first: cohort, deals, won, undecided, so_far (won / created: what
    makes a young cohort look bad), age, by_then (Aalen–Johansen, with low and high), rest (all other cohorts by the same
    age), p_value (normal, each share worth the cases of `survival.Reached` and drawn in by a win and a loss:
    Agresti and Caffo 2000, American Statistician 54:280), twin_p (the same against the cohorts of the same season, where these do not
    lie as far on the other side), like_p (between deals of like channel, region, line and person that are old enough), conclusion, by and
    rivals, flagged (beyond noise after Holm's correction over the cohorts, and unlike
    its own season and between like deals too: without a year before nothing can be told from the season). A cohort is called only where 20 of its deals were created that long ago; with
    fewer by_then is known but never called, and NaN where none was.
    """
    every, born = born, born[~born["older"]]
    seasons, rows = _cohorts(every), []
    for cohort in _cohorts(born):
        part = born[born["cohort"] == cohort]
        others = born[born["cohort"] != cohort]
        own, rest = (
            survival.by_day(part["days"], part["way"], day=age),
            survival.by_day(others["days"], others["way"], day=age),
        )
        ripe = int((part["old"] >= age).sum())
        p = np.nan
        if own and rest and min(ripe, len(others)) >= FAIR_DEALS:
            p = _unlike(own, rest)
        season = [other for other in seasons if other != cohort and other.quarter == cohort.quarter]
        twin, seen = _twin(every, season, own, rest, age=age), own if ripe else None
        rows.append(
            (cohort, len(part), int((part["way"] == 1).sum()), int((part["way"] == 0).sum()), (part["way"] == 1).mean(), age,
             seen.share if seen else np.nan, seen.low if seen else np.nan, seen.high if seen else np.nan,
             rest.share if rest else np.nan, p, twin, _between_like(born, cohort, age=age) if p == p else np.nan)
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COLUMNS[:-1])).astype({"twin_p": float, "like_p": float})
    if frame.empty:
        return frame.assign(conclusion="", by="", rivals=None, flagged=False)
    unlike = intervals.beyond_noise(frame["p_value"])
    # looked at for all cohorts: to ask only those that stand out would be to pick them
    alone = {
        rival: intervals.beyond_noise(np.maximum(frame["p_value"], frame[name]))
        for rival, name in (("calendar", "twin_p"), ("mix", "like_p"))
    }
    shares = [
        {"calendar": rivals.share_by_chance(raw, twin), "mix": rivals.share_by_chance(raw, like)}
        for raw, twin, like in zip(frame["p_value"], frame["twin_p"], frame["like_p"], strict=True)
    ]
    apart = alone["calendar"] & alone["mix"]
    return frame.join(rivals.worded(frame.index, unlike, apart, shares)).assign(flagged=unlike & apart)


def _between_like(born: pd.DataFrame, cohort: pd.Timestamp, *, age: float) -> float:
    """The chance of a cohort so unlike the others by luck between like deals, of those that are that old; 0 where none is known."""
    ripe = born[born["old"] >= age]
    mix = [name for name in rivals.PACE_MIX if name in ripe and ripe[name].notna().any()]
    won, here = (ripe["way"] == 1) & (ripe["days"] <= age), ripe["cohort"] == cohort
    found = rivals.at_equal_strata(won, here, ripe[mix]) if mix else None
    if found is None:
        return 0.0 if not mix else 1.0
    side = float(won[here].mean() - won[~here].mean())
    return found.p_value if found.value * side > 0 else 1.0


def _twin(
    born: pd.DataFrame,
    season: list[pd.Timestamp],
    own: survival.Reached | None,
    rest: survival.Reached | None,
    *,
    age: float,
) -> float:
    """The chance of a cohort so unlike those of its own season, 1 where it lies on their other side; NaN without one."""
    others = born[born["cohort"].isin(season)]
    twin = survival.by_day(others["days"], others["way"], day=age) if len(others) >= FAIR_DEALS else None
    if own is None or rest is None or twin is None:
        return np.nan
    same_side = (own.share - rest.share) * (own.share - twin.share) > 0
    return _unlike(own, twin) if same_side else 1.0


def findings(ripe: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `by_cohort`."""
    named = ripe.assign(cohort=[f"{first:%Y}-Q{first.quarter}" for first in ripe["cohort"]])
    span = (ripe["cohort"].min(), as_of) if len(ripe) else None
    return rivals.told(
        named, id="cohort.unlike", member="cohort", value="by_then", unit="deal", basis="peers", period=span
    )


def curves(born: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """How does the share won grow with a cohort's age? One row per cohort × day on which one of its deals ended, up to the age
    of its youngest deal (its quarter's last day): cohort, day, won (Aalen–Johansen). Each cohort begins at day 0 with 0."""
    parts, born = [], born[~born["older"]]
    for cohort in _cohorts(born):
        part = born[born["cohort"] == cohort]
        youngest = (as_of - (cohort + pd.DateOffset(months=3) - pd.Timedelta(days=1))).days
        curve = survival.won_by_day(part["days"], part["way"])
        parts.append(curve[curve["day"] <= max(youngest, 0)].assign(cohort=cohort))
    columns = ["cohort", "day", "won"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _unlike(own: survival.Reached, rest: survival.Reached) -> float:
    """The chance of two shares so far apart by luck."""
    trials = np.array([own.cases, rest.cases]) + 2
    shares = (np.array([own.share * own.cases, rest.share * rest.cases]) + 1) / trials
    error = np.sqrt((shares * (1 - shares) / trials).sum())
    return float(2 * norm.sf(abs(shares[0] - shares[1]) / error))


def _cohorts(born: pd.DataFrame) -> list[pd.Timestamp]:
    return list(pd.DatetimeIndex(born["cohort"].unique()).sort_values())
