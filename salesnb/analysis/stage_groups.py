"""At which stage is a channel, a region, a team or a product line unlike the rest: passing fewer deals, or slower?

So many looks that some always stand out: only what is beyond the noise of all of them together is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import fisher_exact

from salesnb.analysis import intervals, survival
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import Finding

FAIR_DECIDED = 20  # deals decided at a stage, in a group and outside it, below which it is not looked at
DIMENSIONS = ("channel", "region", "team", "product_line")  # no sizes: closing may rewrite an amount
COLUMNS = (
    "stage",
    "dimension",
    "member",
    "what",
    "decided",
    "own",
    "rest",
    "p_value",
    "net_p",
    "conclusion",
    "by",
    "rivals",
    "flagged",
)


@dataclass(frozen=True)
class Side:
    """Deals of a stage, one side of a comparison: days in it, and the way out (1 on, 2 lost, 0 still there)."""

    days: NDArray[np.float64]
    way: NDArray[np.int_]

    def of(self, chosen: NDArray[np.bool_]) -> Side:
        return Side(self.days[chosen], self.way[chosen])


def by_group(
    passages: pd.DataFrame,
    opportunities: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    dimensions: Sequence[str] = DIMENSIONS,
    months: int = 12,
) -> pd.DataFrame:
    """Who passes fewer deals at which stage, or takes longer? Deals that entered a stage in the last `months` months.

    In: `funnel.passages`; one row per deal with the `dimensions`. Out: two rows per stage × member with at least 20 decided
    deals inside and outside the group: stage, dimension, member, what (``share`` that moves on, Fisher's exact test over the
    decided; ``days`` in the stage, log-rank test), decided, p_value, net_p (between deals of like channel, region, line and person, of those
    that stand out), conclusion, by and rivals, flagged (beyond noise after Holm's correction over all
    rows, and so between like deals too), and for the flagged own and rest (Aalen–Johansen share, Kaplan–Meier median; NaN elsewhere). The surest first.
    """
    recent = passages[passages["entered_on"] >= months_back(as_of, months)]
    asked = [name for name in dict.fromkeys(dimensions) if name in opportunities]
    deals = recent.drop(columns=[name for name in asked if name in recent]).merge(
        opportunities[["opportunity_id", *asked]], on="opportunity_id"
    )
    rows, where = [], []  # which deals a row is of, not the deals: with many members copies fill gigabytes
    for _, part in deals.groupby("position", sort=True):
        every = Side(part["days"].to_numpy(dtype=float), part["way"].to_numpy(dtype=int))
        for dimension in asked:
            codes, members = pd.factorize(part[dimension], sort=True)  # -1: unknown
            decided = np.bincount(codes[(codes >= 0) & (every.way > 0)], minlength=len(members))
            fair = np.minimum(decided, decided.sum() - decided) >= FAIR_DECIDED
            for code in np.flatnonzero(fair).tolist():
                own, rest = every.of(codes == code), every.of((codes >= 0) & (codes != code))
                for what, chance in (("share", _passed(own, rest)), ("days", _paced(own, rest))):
                    rows.append(
                        (part["stage"].iloc[0], dimension, members[code], what, int(decided[code]), chance)
                    )
                    where.append((part, every, codes, code))
    frame = pd.DataFrame(rows, columns=["stage", "dimension", "member", "what", "decided", "p_value"])
    seen = intervals.beyond_noise(frame["p_value"]) if len(frame) else np.array([], dtype=bool)
    frame["net_p"] = [
        _between_like(
            part[codes == code], part[(codes >= 0) & (codes != code)], dimension=dimension, what=what
        )
        if one
        else 1.0
        for (part, _, codes, code), dimension, what, one in zip(
            where, frame["dimension"], frame["what"], seen, strict=True
        )
    ]
    net = intervals.beyond_noise(frame["net_p"]) if len(frame) else seen
    words = rivals.worded(frame.index, seen, net, _shares(frame))
    flagged = seen & net
    levels = [
        [_level(every.of(side), what) for side in (codes == code, (codes >= 0) & (codes != code))]
        if flag
        else [np.nan, np.nan]
        for (_, every, codes, code), what, flag in zip(where, frame["what"], flagged, strict=True)
    ]
    both = np.array(levels, dtype=float).reshape(len(frame), 2)
    found = frame.join(words).assign(own=both[:, 0], rest=both[:, 1], flagged=flagged)
    return found.sort_values("p_value", kind="stable")[list(COLUMNS)].reset_index(drop=True)


def findings(found: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `by_group`."""
    return rivals.told(
        found, id="group.stage", member=["stage", "member"], value="own", ends=("", ""), unit="deal", basis="peers",
        period=(months_back(as_of, 12), as_of),
    )  # fmt: skip


def _shares(frame: pd.DataFrame) -> list[dict[str, float]]:
    return [
        {"mix": rivals.share_by_chance(*pair)} for pair in zip(frame["p_value"], frame["net_p"], strict=True)
    ]


def _between_like(own: pd.DataFrame, rest: pd.DataFrame, *, dimension: str, what: str) -> float:
    """The chance of so unlike a group by luck between like deals; 0 where nothing is known of them."""
    without = rivals.same(dimension)
    if what == "days":
        return rivals.like_pace(*(one.assign(ended=one["way"] > 0) for one in (own, rest)), without=without)
    both = pd.concat([own, rest], ignore_index=True)
    here, decided = np.arange(len(both)) < len(own), (both["way"] > 0).to_numpy()
    mix = [
        name for name in rivals.PACE_MIX if name in both and name not in without and both[name].notna().any()
    ]
    if not mix:
        return 0.0
    moved = (both["way"] == 1)[decided]
    found = rivals.at_equal_strata(moved, here[decided], both.loc[decided, mix])
    apart = float(moved[here[decided]].mean() - moved[~here[decided]].mean())
    return found.p_value if found is not None and found.value * apart > 0 else 1.0


def _passed(own: Side, rest: Side) -> float:
    counts = [[np.count_nonzero(side.way == way) for way in (1, 2)] for side in (own, rest)]
    return float(fisher_exact(counts)[1])


def _paced(own: Side, rest: Side) -> float:
    return survival.log_rank(own.days, own.way > 0, against=(rest.days, rest.way > 0))


def _level(side: Side, what: str) -> float:
    if what == "days":
        median = survival.days_until(side.days, side.way > 0)
        return np.nan if median is None else median
    found = survival.ends(side.days, side.way)
    return found.of_ended if found else np.nan
