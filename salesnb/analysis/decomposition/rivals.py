"""What else could explain a difference, and is it more than that?

A verdict is asked about its rivals before it is told: other deals (mix), younger ones (maturity), the calendar, the own past,
one large order, many rows of one customer. The tools are general: a difference at equal strata with errors by independent
unit, bands of equal age, a series' step beside the same step a year before, counts of independent runs, and the words of
`salesnb.findings` for whatever a subject found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_solve, cholesky
from scipy.sparse import csr_array
from scipy.special import betainc
from scipy.stats import norm
from scipy.stats import t as student

from salesnb.analysis import intervals, survival
from salesnb.findings import CANNOT_TELL, EXPLAINED, FOUND, NONE, Finding
from salesnb.results import Estimate as Estimate

MOST = 0.5  # of a difference that a rival accounts for, from which it is said to explain it
FEWEST = 5  # rows of a stratum below which it is one with the others that are so small
PACE_MIX = (
    "channel",
    "region",
    "product_line",
    "rep_id",
)  # of durations; no size, which closing may rewrite
SHARED = 0.5  # of the cases that stand where both sides have some, from which a column can be held equal
MIX = ("channel", "region", "size", "rep_id")  # of deals: other deals of these win at other rates
AGE = "age"  # days from creation to close: at equal age a young CRM or a growing one closes like an old one
ALMOST = 1e-11  # added to the products of levels of length one, so that they can be factored
DEPENDENT = 1e-4  # what is left of a level beside the others, below which it is their sum
WORDS = ("conclusion", "by", "rivals")  # columns of whatever is worded
PER_STRATUM = 8  # rows that stand behind each stratum at least, or the finest are merged


@dataclass(frozen=True)
class Held:
    """Strata whose levels are held equal: a column of ones and one for every level but the commonest of each column; small levels
    are one. As rows × levels it would be the largest table of all, so what is kept are the places of its ones and a factor of
    the levels' own products."""

    ones: csr_array
    scale: NDArray[np.float64]
    factor: NDArray[np.float64]

    @classmethod
    def of(cls, strata: pd.DataFrame | None, n: int) -> Held:
        rows, places, width, room = [np.arange(n)], [np.zeros(n, dtype=int)], 1, max(0, n // PER_STRATUM)
        for _, column in () if strata is None else strata.items():
            codes, _ = pd.factorize(column.astype(object).where(column.notna(), ""))
            counts = np.bincount(codes)
            order = np.argsort(-counts, kind="stable")
            kept = [code for code in order if counts[code] >= FEWEST][1 : room + 1]
            place = np.full(len(counts) + 1, -1)
            place[kept] = width + np.arange(len(kept))
            found = np.flatnonzero(place[codes] >= 0)
            rows, places = [*rows, found], [*places, place[codes][found]]
            room, width = room - len(kept), width + len(kept)
        row = np.concatenate(rows)
        ones = csr_array((np.ones(len(row)), (row, np.concatenate(places))), shape=(n, width))
        products = (ones.T @ ones).toarray() if width > 1 else np.array([[float(max(n, 1))]])
        scale = 1 / np.sqrt(np.maximum(products.diagonal(), 1))
        even = products * scale[:, None] * scale + ALMOST * np.eye(
            width
        )  # one column may be the sum of others
        return cls(ones, scale, cholesky(even, lower=True))

    @property
    def levels(self) -> int:
        """How many of them say something that the others do not."""
        return int((self.factor.diagonal() > DEPENDENT).sum())

    def apart(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """What of the values no level explains; twice, since once is short by `ALMOST`."""
        if self.ones.shape[1] == 1:
            return values - values.mean() if len(values) else values
        left = values
        for _ in range(2):
            level = cho_solve((self.factor, True), self.scale * (self.ones.T @ left))
            left = left - self.ones @ (self.scale * level)
        return left


def at_equal_strata(
    outcome: ArrayLike,
    here: ArrayLike,
    strata: pd.DataFrame | Held | None = None,
    *,
    cluster: ArrayLike | None = None,
    apart: NDArray[np.float64] | None = None,
) -> Estimate | None:
    """How far do rows `here` lie from the others in the same strata? Direct comparison within them: least squares with a
    level for every value of every column of `strata`, so that other shares of channels, sizes, people or ages are none of it.

    The error counts independent units (`cluster`: an account, an order; a missing one stands for itself), not rows: the
    sandwich of Liang and Zeger (1986) with Student's t for their number. None where the strata leave nothing to compare.
    Who compares many members of the same rows gives their strata as `Held`, made once, and of the outcome what is `apart` of them.
    """
    seen, side = np.asarray(outcome, dtype=float), np.asarray(here, dtype=float)
    held = strata if isinstance(strata, Held) else Held.of(strata, len(seen))
    own = held.apart(side)
    weight = float(own @ own)
    if weight < 0.5 or len(seen) < held.levels + 3:
        return None
    value = float(own @ seen) / weight
    left = (held.apart(seen) if apart is None else apart) - value * own
    groups = units(cluster, len(seen))
    n, several = len(seen), int(groups.max()) + 1
    if several < 4:
        return None
    scores = np.bincount(groups, own * left, minlength=several)
    scale = several / (several - 1) * (n - 1) / max(n - held.levels - 1, 1)
    error = float(np.sqrt(scale * (scores**2).sum())) / weight
    worth = max(1.0, float(np.square(np.bincount(groups, own**2)).sum()) / weight**2 * several)
    freedom = max(2.0, several / worth - 1)  # units of unequal weight tell as much as fewer equal ones
    if error <= 0:
        return Estimate(value, value, value, 0.0 if value else 1.0)
    half = float(student.ppf(0.975, freedom)) * error
    return Estimate(value, value - half, value + half, float(2 * student.sf(abs(value) / error, freedom)))


def share_of(whole: float, left: float | None) -> float:
    """The share of a difference that goes where a rival is held equal: 0 where nothing goes, 1 where all of it does or more."""
    if left is None or not whole:
        return 0.0
    return float(np.clip(1 - left / whole, 0.0, 1.0))


def share_by_chance(p_value: float, net: float) -> float:
    """The share of a difference that goes where a rival is held equal, as far as two chances tell: by how much the deviate that belongs to the
    first (two-sided) shrinks. 0 where either is missing."""
    if not (p_value == p_value and net == net) or p_value >= 1:
        return 0.0
    whole, left = (float(norm.isf(max(chance, 1e-300) / 2)) for chance in (p_value, min(net, 1.0)))
    return share_of(whole, left)


def conclusion(seen: bool, *, net: bool, shares: Mapping[str, float]) -> tuple[str, str | None]:
    """The word for a difference that was `seen` beyond noise and is there `net` of its rivals too, or not; and by what it is
    explained. Where no rival accounts for half of it and it is not beyond noise without them: cannot tell."""
    if not seen:
        return NONE, None
    if net:
        return FOUND, None
    first = max(shares, key=lambda name: shares[name], default="")
    return (EXPLAINED, first) if first and shares[first] >= MOST else (CANNOT_TELL, None)


def worded(
    index: pd.Index, seen: ArrayLike, net: ArrayLike, shares: Sequence[Mapping[str, float]]
) -> pd.DataFrame:
    """`conclusion` row by row: conclusion, by (empty where nothing explains) and rivals, on the index."""
    rows = zip(np.asarray(seen), np.asarray(net), shares, strict=True)
    words = [(*conclusion(bool(one), net=bool(two), shares=held), held) for one, two, held in rows]
    frame = pd.DataFrame(words, index=index, columns=list(WORDS), dtype=object)
    return frame.assign(by=frame["by"].fillna(""))


def bands(numbers: pd.Series, *, most: int = 8) -> pd.Series:
    """Equal ages (or sizes): the number of each value's band, as many values in each; a missing one has its own. At most one
    band for every `PER_STRATUM` × 3 values."""
    count = int(np.clip(len(numbers) // (3 * PER_STRATUM), 1, most))
    place = numbers.rank(method="average", pct=True)
    return pd.Series(np.ceil(place.to_numpy() * count), numbers.index).fillna(0.0)


def independent(sizes: ArrayLike) -> float:
    """As how many independent units do clusters of these sizes tell, if each holds together? (Kish 1965)."""
    size = np.asarray(sizes, dtype=float)
    return float(size.sum() ** 2 / (size**2).sum()) if (size > 0).any() else 0.0


def likeness(outcome: ArrayLike, unit: ArrayLike) -> float:
    """How alike are the outcomes of one unit (the deals of an account)? The intraclass correlation by moments, 0 to 1: the mean
    product of two deviations within a unit over the variance (Donner and Koval 1980). 0 where no unit has two."""
    seen = np.asarray(outcome, dtype=float)
    groups = units(unit, len(seen))
    if not len(seen):
        return 0.0
    apart = seen - seen.mean()
    pairs = float((np.bincount(groups).astype(float) ** 2).sum() - len(seen))
    together = float((np.bincount(groups, apart) ** 2).sum() - (apart**2).sum())
    variance = float((apart**2).mean())
    return float(np.clip(together / pairs / variance, 0.0, 1.0)) if pairs and variance > 0 else 0.0


def worth(unit: ArrayLike, alike: float) -> float:
    """As how many independent rows do rows of these units tell, if two of a unit are so much `alike` (Kish 1965)?"""
    sizes = np.bincount(units(unit, len(np.asarray(unit, dtype=object)))).astype(float)
    rows = float(sizes.sum())
    return rows / (1 + (float((sizes**2).sum()) / rows - 1) * alike) if rows else 0.0


def same(dimension: str) -> tuple[str, ...]:
    """The columns that are not held equal for a group: its own, and a region's or a team's people, who are what makes it one."""
    return (dimension, "rep_id", "region") if dimension in ("region", "team") else (dimension,)


def like_pace(
    own: pd.DataFrame,
    rest: pd.DataFrame,
    *,
    without: Sequence[str] = (),
    durations: tuple[str, str] = ("days", "ended"),
) -> float:
    """How likely are durations so unlike the others' between cases of one channel, of one region, of one line, of one person, but for those `without`?
    The largest chance of the log-rank tests within them, one column at a time; 0 where none is known of both sides. A column by which
    the sides hardly meet is the same difference under another name, and is not held equal."""
    both = pd.concat([own, rest], ignore_index=True)
    here = np.arange(len(both)) < len(own)
    days, ended = (both[name].to_numpy(float) for name in durations)
    chance = 0.0
    for name in (one for one in PACE_MIX if one in both and one not in without):
        codes = pd.factorize(both[name])[0] + 1
        counts = np.bincount(codes), np.bincount(codes, here)
        meets = (counts[1] > 0) & (counts[1] < counts[0])
        kept = meets[codes]
        if meets.sum() < 2 or min(kept[here].mean(), kept[~here].mean()) < SHARED:
            continue
        side = kept & here, kept & ~here
        found = survival.log_rank(
            days[side[0]], ended[side[0]], against=(days[side[1]], ended[side[1]]),
            strata=np.concatenate([codes[side[0]], codes[side[1]]]),
        )  # fmt: skip
        chance = max(chance, found if found == found else 1.0)
    return chance


def deal_strata(deals: pd.DataFrame, *, without: Sequence[str] = ()) -> pd.DataFrame:
    """Which channel, region and person, how large and how old: a column each, for closed deals, but for those `without`. The size
    only where losing has not rewritten it."""
    known = deals["amount"].gt(0) if "amount" in deals else pd.Series(False, index=deals.index)
    won = deals["outcome"] == "won"
    told = known[~won].mean() >= 0.9 * known[won].mean() if 0 < won.sum() < len(won) else False
    columns = {name: deals[name] for name in MIX if name in deals and name != "size"}
    if told and "amount" in deals:
        columns["size"] = bands(deals["amount"].where(known), most=4)
    if "created_on" in deals:
        columns[AGE] = bands((deals["closed_on"] - deals["created_on"]).dt.days)
    return pd.DataFrame(
        {name: one for name, one in columns.items() if name not in without}, index=deals.index
    )


def at_least(successes: ArrayLike, trials: ArrayLike, chance: ArrayLike) -> NDArray[np.float64]:
    """The binomial chance of at least so many successes, numbers that are no integers included; 1 for none."""
    won, tried = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    few = np.maximum(won, 1e-9)
    return np.where(won <= 0, 1.0, betainc(few, np.maximum(tried - won, 0.0) + 1, np.asarray(chance, float)))


def turned(values: pd.Series, *, year: int = 12) -> tuple[bool, str]:
    """Did the last step of a monthly series go beyond its earlier ones, and is it this month's habit? The rival's code where
    the same step a year before was such a one too (`calendar`), else empty: (beyond noise and no habit, rival)."""
    if not intervals.unusual(values):
        return False, ""
    steps = values.astype(float).diff().to_numpy()
    if len(steps) <= year or np.isnan(steps[-1 - year]):
        return True, ""
    last, then = float(steps[-1]), float(steps[-1 - year])
    past = np.delete(steps[1:-1], len(steps) - 2 - year)
    usual = float(np.median(past))
    if (then - usual) * (last - usual) > 0 and abs(then - usual) >= MOST * abs(last - usual):
        return False, "calendar"
    return True, ""


def beyond_both(
    p_values: ArrayLike,
    net: ArrayLike,
    *,
    looks: Literal["holm", "fdr_bh"] = "holm",
    alpha: float = intervals.FALSE_ALARM,
) -> NDArray[np.bool_]:
    """Which of many looks is beyond noise, and `net` of its rivals too? Corrected for all looks: those that stand out were picked for
    it, and what picked them speaks in the second test as well. A missing second p-value tells nothing."""
    p, second = np.atleast_1d(np.asarray(p_values, float)), np.atleast_1d(np.asarray(net, float))
    seen = intervals.beyond_noise(p, looks=looks, alpha=alpha)
    worse = np.maximum(p, np.where(np.isnan(second), 1.0, second))
    return seen & intervals.beyond_noise(np.where(seen, worse, p), looks=looks, alpha=alpha)


def told(
    frame: pd.DataFrame,
    *,
    id: str,
    member: str | Sequence[str],
    value: str = "",
    ends: tuple[str, str] = ("low", "high"),
    p: str = "p_value",
    stated: float = intervals.FALSE_ALARM,
    unit: str,
    basis: str,
    period: tuple[pd.Timestamp, pd.Timestamp] | None = None,
) -> list[Finding]:
    """The verdicts of a frame with the columns conclusion, by and rivals (a mapping): one for each row that is not `none`, and
    a single one that says none where all are. `looks` are the rows with a p-value."""
    span = f"{period[0]:%Y-%m-%d}/{period[1]:%Y-%m-%d}" if period else ""
    shared: dict[str, Any] = {"stated": stated, "unit": unit, "basis": basis, "period": span}
    looks = max(1, int(frame[p].notna().sum()) if p in frame else len(frame))
    names = [member] if isinstance(member, str) else list(member)
    found = []
    for row in frame[frame["conclusion"] != NONE].to_dict("records") if len(frame) else []:
        numbers = [_number(row.get(name)) for name in (value, *ends)]
        low, high = _around(numbers)
        found.append(
            Finding(
                id,
                row["conclusion"],
                "/".join(str(row[name]) for name in names),
                row["by"] or None,
                numbers[0],
                low,
                high,
                _number(row.get(p)),
                looks=looks,
                rivals=dict(row.get("rivals") or {}),
                **shared,
            )
        )
    return found or [Finding(id, NONE, looks=looks, **shared)]


def plainly(frame: pd.DataFrame, flagged: str, **codes: Any) -> list[Finding]:
    """The verdicts of a frame whose rows are found or not, with no rival asked: as `told`."""
    words = [FOUND if one else NONE for one in frame[flagged].eq(True)]
    return told(frame.assign(conclusion=words, by=""), **codes)


def _around(numbers: Sequence[float | None]) -> tuple[float | None, float | None]:
    """The interval's ends, but for one on the wrong side of the value."""
    value, low, high = numbers
    if value is None:
        return low, high
    return (None if low is None else min(low, value)), (None if high is None else max(high, value))


def _number(value: object) -> float | None:
    return None if value is None or value != value else float(value)  # type: ignore[arg-type]


def units(cluster: ArrayLike | None, n: int) -> NDArray[np.int_]:
    """The number of each row's independent unit; rows without a known one stand alone. Who asks often of the same rows asks with
    these numbers."""
    if cluster is None:
        return np.arange(n)
    given = pd.Series(cluster)
    codes, known = pd.factorize(given if given.dtype == int else given.astype(object))
    alone = codes < 0
    if not alone.any():
        return codes
    codes[alone] = len(known) + np.arange(int(alone.sum()))
    return pd.factorize(codes)[0]
