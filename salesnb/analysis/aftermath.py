"""What followed an event: a price war, bad press, a change of decision maker?

The order level in the weeks after an event is set against the weeks before it, relative to the rest of the company, so that
seasons cancel. How much such a ratio moves when nothing happens is read from all other weeks of the same series (a
permutation in time); an event's effect is beyond noise only outside that band.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from salesnb.analysis.decomposition import rivals
from salesnb.findings import CANNOT_TELL, FOUND, Finding

FLOOR = 0.05
YEAR = 52  # weeks
QUIET = 20  # weeks without the event, from which its band can be told
LEVEL = 0.9  # share of quiet weeks whose changes the band holds
COLUMNS = [
    "happened_on", "kind", "subject", "subject_kind", "severity", "weeks", "before", "after", "expected", "change", "low", "high", "p_value", "money", "conclusion", "by", "rivals", "beyond_noise",
]  # fmt: skip


def weekly(sales: pd.DataFrame, *, by: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Sales by week (ending with the day of the report, whole weeks only) × `by`, in money; the caller's rows have a day."""
    rows = sales[sales["day"].notna() & (sales["day"] <= as_of)]
    if rows.empty:
        return pd.DataFrame()
    back = (as_of - rows["day"]).dt.days // 7
    table = rows.assign(week=as_of - pd.to_timedelta(back * 7, unit="D")).pivot_table(
        index="week", columns=by, values="net_amount", aggfunc="sum"
    )
    weeks = pd.date_range(
        end=as_of, periods=int(back.max()), freq="7D"
    )  # the oldest week may be cut: left out
    return table.reindex(weeks).fillna(0.0)


def effects(
    events: pd.DataFrame,
    by_line: pd.DataFrame,
    by_account: pd.DataFrame,
    *,
    weeks: int = 6,
    base: int = 13,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Which events changed the level of orders, by how much?

    `events`: happened_on, kind, account_id, account_name, product_line, severity. `by_line`, `by_account` of `weekly`. One row per
    event on a product line or an account that the data can judge (at least four weeks after it; before it `base` weeks for a line, twice
    as many for an account, which orders seldom), latest first: before and after (money a week), expected (before × how the rest moved), change (after / expected − 1) with the
    band low … high in which it lies without an event (90 of 100 placebo weeks), p_value (two-sided), money ((after − expected) × weeks),
    conclusion, by and rivals (regression: the share of the change by which the weeks before stood away from the year before
    them, where that is beyond the band of other weeks: a peak, or one huge order; calendar: the share that the same weeks of the year
    before moved by), beyond_noise. Of two events on one line or account in the same weeks none can be told.
    """
    rows = []
    event: Any
    for event in events.itertuples():
        on_line = pd.notna(event.product_line)
        table, subject = (by_line, event.product_line) if on_line else (by_account, event.account_id)
        if pd.isna(subject) or subject not in table.columns:
            continue
        span = weeks if on_line else 2 * weeks  # a single customer orders seldom
        found = effect(
            table[subject],
            table.sum(axis=1) - table[subject],
            event.happened_on,
            weeks=span,
            base=base if on_line else 2 * base,
            level=level,
        )
        if found:
            name = subject if on_line else event.account_name
            rows.append(
                (
                    event.happened_on,
                    event.kind,
                    name,
                    "product_line" if on_line else "account",
                    event.severity,
                    *found,
                )
            )
    frame = pd.DataFrame(rows, columns=COLUMNS).sort_values("happened_on", ascending=False, ignore_index=True)
    return _apart(frame)


def _apart(frame: pd.DataFrame) -> pd.DataFrame:
    """Events in the weeks that are counted after another one on the same subject: which of them moved the orders cannot be told."""
    moved = frame["beyond_noise"].astype(bool)
    mixed = np.zeros(len(frame), dtype=bool)
    for one, two in combinations(range(len(frame)), 2):
        a, b = frame.iloc[one], frame.iloc[two]
        near = abs((a["happened_on"] - b["happened_on"]).days) < 7 * max(a["weeks"], b["weeks"])
        if near and (a["subject"], a["subject_kind"]) == (b["subject"], b["subject_kind"]):
            mixed[[one, two]] = True
    doubtful = mixed & moved.to_numpy()
    return frame.assign(
        conclusion=frame["conclusion"].mask(doubtful, CANNOT_TELL), beyond_noise=moved & ~doubtful
    )


def effect(
    series: pd.Series,
    rest: pd.Series,
    day: pd.Timestamp,
    *,
    weeks: int = 6,
    base: int = 13,
    level: float = LEVEL,
) -> tuple[Any, ...] | None:
    """The same for one series of weekly money: weeks, before, after, expected, change, low, high, p_value, money, conclusion, by,
    rivals, beyond_noise.

    None where fewer than four weeks follow, fewer than `base` go before, nothing was sold in them, or fewer than twenty quiet weeks
    are left to compare with.
    """
    start = int(series.index.searchsorted(day))  # the week that holds the event begins it
    span = min(weeks, len(series) - start)
    if span < 4 or start < base:
        return None
    own, others = series.to_numpy(dtype=float), rest.to_numpy(dtype=float)
    place = _levels(own, others, start, base, span)
    elsewhere = [at for at in range(base, len(own) - span + 1) if abs(at - start) >= span + base]
    quiet = np.array(
        [level_[3] for at in elsewhere if (level_ := _levels(own, others, at, base, span)) is not None]
    )
    if place is None or len(quiet) < QUIET:
        return None
    before, after, expected, shift = place
    seen, p_value, low, high = _outside(
        shift, quiet, level
    )  # about its own drift: a line that loses ground always falls
    heights = np.array([_height(own, others, at, base) for at in elsewhere if at >= 2 * base])
    height = _height(own, others, start, base) if start >= 2 * base and len(heights) >= QUIET else 0.0
    high_before = len(heights) >= QUIET and _outside(height, heights - np.median(heights), level)[0]
    # what stood unusually high before an event falls without it
    share = rivals.share_of(shift, shift + height) if high_before else 0.0
    then = _levels(own, others, start - YEAR, base, span) if start >= YEAR + base else None
    season = rivals.share_of(shift, shift - then[3]) if then is not None else 0.0
    shares = {"regression": share, "calendar": season}
    word, by = rivals.conclusion(seen, net=max(shares.values()) < rivals.MOST, shares=shares)
    band = float(np.expm1(low)), float(np.expm1(high))
    sizes = (span, before, after, expected, after / expected - 1, *band, p_value, (after - expected) * span)
    return (*sizes, word, by or "", shares, word == FOUND)


def true_falls(followed: pd.DataFrame) -> float:
    """Which share of the falls that are called so is more than chance shows among so many events? 0 to 1 (Storey 2002)."""
    fell = int((followed["beyond_noise"].astype(bool) & (followed["change"] < 0)).sum())
    by_chance = len(followed) * (1 - LEVEL) / 2  # so many lie below the band of quiet weeks
    return max(0.0, 1 - by_chance / fell) if fell else 0.0


def _height(own: np.ndarray, rest: np.ndarray, start: int, base: int) -> float:
    """How far do the `base` weeks before stand above the year before them, relative to the rest? A logarithm; 0 where nothing was sold."""
    near, past = slice(start - base, start), slice(max(0, start - YEAR), start - base)
    if rest[past].sum() <= 0:
        return 0.0
    small = FLOOR * own.mean()
    usual = own[past].mean() * rest[near].mean() / rest[past].mean()
    return float(np.log((max(own[near].mean(), 0.0) + small) / (max(usual, 0.0) + small)))


def _outside(shift: float, quiet: np.ndarray, level: float) -> tuple[bool, float, float, float]:
    """Does a shift lie outside of what quiet weeks show? With its chance and the ends of their band."""
    low, high = np.quantile(quiet, [(1 - level) / 2, (1 + level) / 2])
    p_value = float((1 + (np.abs(quiet) >= abs(shift)).sum()) / (1 + len(quiet)))
    return bool((shift < low or shift > high) and p_value < 1 - level), p_value, float(low), float(high)


def findings(followed: pd.DataFrame) -> list[Finding]:
    """The verdicts of `effects`."""
    days = followed["happened_on"]
    named = followed.assign(event=[f"{day:%Y-%m-%d}" for day in days])
    return rivals.told(
        named, id="event.aftermath", member=["subject", "event"], value="change", ends=("", ""), stated=1 - LEVEL, unit="week",
        basis="own_past", period=(days.min(), days.max()) if len(days) else None,
    )  # fmt: skip


def _levels(
    own: np.ndarray, rest: np.ndarray, start: int, base: int, span: int
) -> tuple[float, float, float, float] | None:
    before, after = own[start - base : start].mean(), own[start : start + span].mean()
    small = FLOOR * own.mean()  # keeps the logarithm of nothing finite
    rest_before, rest_after = rest[start - base : start].mean(), rest[start : start + span].mean()
    if before <= 0 or rest_before <= 0 or small <= 0:
        return None
    expected = before * rest_after / rest_before
    if expected <= 0:
        return None
    sold = max(after, 0.0)  # more returns than sales are nothing sold
    return float(before), float(after), float(expected), float(np.log((sold + small) / (expected + small)))
