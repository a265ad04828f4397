"""Did a decision's own number move, against like ones on which nothing was decided?

Each decision has a member (a customer, team, person or line) and a measure of it by month. Before the fact 19 cases are matched to it: members and months
without a decision whose last quarter and the year before it were most alike, in differences to the median of all at that time; so whatever brings back those that
were low (regression to the mean) brings back the matched ones too. By chance alone one in ten lies outside of 19 such cases; what came after cases of one member has no month in common.
A kind of decision is judged by the mean rank of its members, who may share their cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import month_end
from salesnb.findings import CANNOT_TELL, Finding

LIKE = 19  # cases: outside of all of them lies one of ten by chance
WINDOW, LONG, BACK = 3, 12, 36  # months before and after; of the usual level; from which cases are taken
LEAST_MEMBERS = 3  # of a kind, below which nothing is said of it
MOST_CASES = 200_000  # of members and months; of more, fewer months are taken
SIZE = 0.25  # weight of a like size beside a like quarter: few members are as large
CALIPER = 0.5  # standard deviations that matched cases may lie from the decision's own past on average
STATED = 0.05  # kinds of decision that are told of by chance, among all (Holm)
EFFECTS = [
    "id",
    "kind",
    "member",
    "measure",
    "before",
    "after",
    "expected",
    "effect",
    "low",
    "high",
    "rank",
    "plain",
    "plain_rank",
    "cases",
]
KINDS = [
    "kind", "measure", "decided", "members", "value", "low", "high", "better", "p_value", "conclusion", "by", "rivals",
]  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """A number of every member by month. `over`: member × month (first days), without gaps; `under`: the same for a rate (over ÷ under: won of closed), None for
    an amount, which is told as a share of the member's usual level; `least`: below which sum of `under` a rate says nothing; `good`: 1 where more is better, else −1."""

    over: pd.DataFrame
    under: pd.DataFrame | None = None
    least: float = 1.0
    good: int = 1


@dataclass(frozen=True)
class _Cases:
    """Every member at one month: what was before, what came after, and the member's usual level."""

    before: np.ndarray
    long: np.ndarray
    after: np.ndarray
    level: np.ndarray


def _cases(measure: Measure, last: int, gap: int, span: int) -> _Cases:
    """Of each member: the `WINDOW` months up to the place `last`, the `LONG` before these, and `span` months from `gap` months behind it on."""
    places = (
        (last + 1 - WINDOW, last + 1),
        (last + 1 - WINDOW - LONG, last + 1 - WINDOW),
        (last + 1 + gap, last + 1 + gap + span),
    )
    over = [measure.over.to_numpy(float)[:, one:two].sum(axis=1) for one, two in places]
    months = (WINDOW, LONG, span)
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure.under is None:
            level = np.where(over[1] > 0, over[1] / LONG, np.nan)
            before, after = over[0] / WINDOW / level, over[2] / span / level
            return _Cases(before, np.log(level), after, level)
        under = [measure.under.to_numpy(float)[:, one:two].sum(axis=1) for one, two in places]
        rates = [
            np.where(n >= max(measure.least * length / WINDOW, 1e-9), k / n, np.nan)
            for k, n, length in zip(over, under, months, strict=True)
        ]
    return _Cases(rates[0], rates[1], rates[2], np.ones(len(rates[0])))


def effects(decided: pd.DataFrame, measures: Mapping[str, Measure], *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What became of each decision's own number, beside 19 like cases?

    `decided`: id, kind, member, measure (a key of `measures`, else empty: no number), day (on which it was taken). One row per decision: before and after (a quarter's level or rate; of a part of
    one where no more has passed), expected (after, as the like cases fared), effect (after − expected) with low and high (outside of which one of ten lies by chance), rank (the share of
    like cases that did less well), plain (the change against all others, unmatched) with plain_rank, cases (how many alike). Missing where it cannot be told: no
    whole month has passed, or too few are alike. Amounts are shares of the member's usual level, rates points.
    """
    rows = [_effect(row, decided, measures, as_of) for row in decided.to_dict("records")]
    return pd.DataFrame(rows, columns=EFFECTS).astype(dict.fromkeys(EFFECTS[4:], float))


def _effect(
    row: Mapping[Any, Any], decided: pd.DataFrame, measures: Mapping[str, Measure], as_of: pd.Timestamp
) -> tuple[object, ...]:
    told = (row["id"], row["kind"], row["member"], row["measure"])
    nothing = (*told, *[np.nan] * (len(EFFECTS) - len(told) - 1), 0.0)
    measure = measures.get(str(row["measure"]))
    if measure is None or row["member"] not in measure.over.index or pd.isna(row["day"]):
        return nothing
    months, day = pd.DatetimeIndex(measure.over.columns), pd.Timestamp(str(row["day"]))
    whole = (
        len(months)
        if month_end(as_of) <= as_of
        else int((months < as_of.to_period("M").to_timestamp()).sum())
    )
    last = int((months <= day).sum()) - 1
    gap = (
        0 if month_end(day) - day < pd.Timedelta(days=3) else 1
    )  # the month of the decision is neither before nor after
    last -= gap
    span = min(WINDOW, whole - last - 1 - gap)
    if last + 1 < WINDOW + LONG or span < 1:
        return nothing
    places = measure.over.index
    own = int(np.flatnonzero(places == row["member"])[0])
    same = decided[decided["measure"] == row["measure"]]
    busy = [
        (m, int((months <= d).sum()) - 1)
        for m, d in zip(same["member"], same["day"], strict=True)
        if pd.notna(d)
    ]

    def others(at: int) -> np.ndarray:
        near = {member for member, when in busy if abs(when - at) <= WINDOW + 1}
        return ~places.isin(near | {row["member"]} if at == last else near)

    now = _cases(measure, last, gap, span)
    free = others(last) & np.isfinite(now.before + now.long + now.after)
    if not np.isfinite(now.before[own] + now.long[own] + now.after[own]) or free.sum() < 2:
        return nothing
    pieces, origin = [], []
    step = 1 + len(places) * BACK // MOST_CASES
    for at in {last, *range(max(WINDOW + LONG - 1, last - BACK), whole - gap - span, step)}:
        then = now if at == last else _cases(measure, at, gap, span)
        kept = others(at) & np.isfinite(then.before + then.long + then.after)
        if kept.sum() > 2:
            middle = _middle(then, kept, amounts=measure.under is None)
            pieces.append(np.c_[then.before[kept], then.long[kept], then.after[kept]] - middle)
            origin.append(np.c_[np.flatnonzero(kept), np.full(int(kept.sum()), at)])
    cases = np.concatenate(pieces)
    middle = _middle(now, free, amounts=measure.under is None)
    mine = np.array([now.before[own], now.long[own], now.after[own]]) - middle
    found = against_like(
        mine,
        cases,
        np.concatenate(origin),
        apart=span,
        weights=(1.0, 1.0 if measure.under is not None else SIZE),
    )
    if found is None:
        return (*nothing[:-1], float(len(cases)))
    effect, low, high, rank, plain, plain_rank = found
    level = now.level[own]
    sign = measure.good
    return (
        *told,
        now.before[own] * level,
        now.after[own] * level,
        (now.after[own] - effect) * level,
        effect,
        low,
        high,
        rank if sign > 0 else 1 - rank,
        plain,
        plain_rank if sign > 0 else 1 - plain_rank,
        float(len(cases)),
    )


def _middle(cases: _Cases, kept: np.ndarray, *, amounts: bool) -> np.ndarray:
    """The medians of all at one time; an amount's usual level is a size, which is compared as it is."""
    long = 0.0 if amounts else float(np.median(cases.long[kept]))
    return np.array([np.median(cases.before[kept]), long, np.median(cases.after[kept])])


def against_like(
    own: np.ndarray,
    cases: np.ndarray,
    origin: np.ndarray,
    *,
    apart: int,
    weights: tuple[float, float] = (1.0, 1.0),
) -> tuple[float, float, float, float, float, float] | None:
    """A case (before, usual, after) against the `LIKE` cases of the rows of `cases` that were most alike before; `origin`: member and month of each, those of one
    member lie `apart` months or more; `weights`: of likeness before and in the usual level. The difference to their mean
    with the interval that all of them leave, its rank among them (0 to 1), and the plain change with its rank among all. None where too few are there, or none
    is alike."""
    if len(cases) < LIKE:
        return None
    spread = cases[:, :2].std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    scale = scale / np.array(weights)
    unlike = (((cases[:, :2] - own[:2]) / scale) ** 2).sum(axis=1)
    near = cases[_nearest(unlike, origin, apart)]
    if len(near) < LIKE or (np.abs(near[:, :2].mean(axis=0) - own[:2]) > CALIPER * scale).any():
        return None
    slopes = _slopes(cases)
    like = near[:, 2] + (own[:2] - near[:, :2]) @ slopes  # what is left of unlikeness, by the cases' own line
    effect = own[2] - like.mean()
    ends = own[2] - like.max(), own[2] - like.min()
    changes, change = cases[:, 2] - cases[:, 0], own[2] - own[0]
    return (
        float(effect), float(min(*ends, effect)), float(max(*ends, effect)), _rank(own[2], like), float(change - changes.mean()), _rank(change, changes),
    )  # fmt: skip


def _nearest(unlike: np.ndarray, origin: np.ndarray, apart: int) -> list[int]:
    """The rows that are least unlike, of which none of one member lie closer than so many months."""
    kept: list[int] = []
    months: dict[int, list[int]] = {}
    for row in np.argsort(unlike, kind="stable"):
        member, month = int(origin[row, 0]), int(origin[row, 1])
        if all(abs(month - other) >= apart for other in months.get(member, [])):
            months.setdefault(member, []).append(month)
            kept.append(int(row))
            if len(kept) == LIKE:
                break
    return kept


def _slopes(cases: np.ndarray) -> np.ndarray:
    """By how much does what comes after differ with what was before, among the cases? (Abadie and Imbens 2011)."""
    apart = cases - cases.mean(axis=0)
    return np.linalg.lstsq(apart[:, :2], apart[:, 2], rcond=None)[0]


def _rank(value: float, others: np.ndarray) -> float:
    """Between which of the others does the value lie? Of n others one of the n + 1 places between 0 and 1; equal ones half."""
    below, equal = float((others < value).sum()), float((others == value).sum())
    return (below + equal / 2 + 0.5) / (len(others) + 1)


def by_kind(found: pd.DataFrame, declined: pd.DataFrame) -> pd.DataFrame:
    """Which kinds of decision worked?

    `found` of `effects` for what was taken, `declined` for what was asked and not taken. One row per kind and measure with a number: decided, members (with a number), value (mean effect: each member counts once) with low and high (95%, of the matched cases'
    spread), better (members better than half of their like ones), p_value (of such ranks by chance, two-sided), conclusion, by and rivals: explained by regression where the plain change goes once like cases are
    held against it, by selection where what was declined fared as well. Fewer than `LEAST_MEMBERS` members: cannot tell.
    """
    known = found[found["effect"].notna()]
    if known.empty:
        return pd.DataFrame(columns=KINDS)
    rows, plain, net, shares = [], [], [], []
    refused = declined[declined["effect"].notna()].groupby("kind")["effect"]
    left, several = refused.mean(), refused.size()
    for (kind, measure), own in known.groupby(["kind", "measure"]):
        each = own.groupby("member")[["effect", "low", "high", "rank", "plain", "plain_rank"]].mean()
        value, n = float(each["effect"].mean()), len(each)
        half = float(((each["high"] - each["low"]) ** 2).sum() ** 0.5) / 2 / n
        p, first = _chance(each["rank"]), _chance(each["plain_rank"])
        enough = n >= LEAST_MEMBERS
        same = float(left.get(kind, 0.0)) if several.get(kind, 0) >= LEAST_MEMBERS else 0.0
        selected = float(np.clip(same / value, 0.0, 1.0)) + 0.0 if value else 0.0
        shares.append(
            {"regression": rivals.share_of(float(each["plain"].mean()), value), "selection": selected}
        )
        plain.append(first if enough else np.nan)
        net.append(np.nan if not enough else 1.0 if selected >= rivals.MOST else p)
        rows.append(
            (
                kind,
                measure,
                len(own),
                n,
                value,
                value - half,
                value + half,
                int((each["rank"] > 0.5).sum()),
                p if enough else np.nan,
            )
        )
    table = pd.DataFrame(rows, columns=KINDS[:-3])
    seen = rivals.intervals.beyond_noise(plain, alpha=STATED)
    both = rivals.beyond_both(plain, net, alpha=STATED)
    words = rivals.worded(table.index, seen, both, shares)
    few = table["members"] < LEAST_MEMBERS
    words["conclusion"] = words["conclusion"].mask(few, CANNOT_TELL)
    return table.join(words).sort_values(["p_value", "kind"], ignore_index=True)[KINDS]


def _chance(ranks: pd.Series) -> float:
    """How likely are ranks so far from the middle by chance (two-sided)? By the normal limit of their mean, as if all shared their cases."""
    error = ((1 / len(ranks) + 1 / LIKE) / 12) ** 0.5
    return float(2 * norm.sf(abs(float(ranks.mean()) - 0.5) / error))


def findings(kinds: pd.DataFrame, *, period: tuple[pd.Timestamp, pd.Timestamp]) -> list[Finding]:
    """The verdicts of `by_kind`."""
    return rivals.told(
        kinds, id="decision.worked", member=["kind", "measure"], value="value", stated=STATED, unit="account", basis="untreated", period=period
    )  # fmt: skip
