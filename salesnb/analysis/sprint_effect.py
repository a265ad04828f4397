"""What did a sprint itself bring, the habit of such weeks and what it drew from the weeks after it apart?

Orders a working day of the sprint and of the fifteen working days after it are held against the half year before, and this ratio
against the same one at the same place of the earlier quarters of two years: a quarter's end that is always strong, and a month
after it that is always weak, are in both. What is left is the sprint's own; its interval is Student's for one more window like the
earlier ones. Orders are counted, so that one large order is no effect; a number becomes money by their mean amount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from salesnb.calendars.periods import month_end, month_start, working_days
from salesnb.findings import EXPLAINED, Finding
from salesnb.plan import Sprint
from salesnb.results.past_sprints import OwnEffect

AFTER_DAYS = 15  # working days in which what a sprint drew forward is missing
HALF_YEAR = 120  # working days before it, that say what is usual
QUARTERS, FEWEST = 8, 4  # earlier windows that are looked back upon, and without which nothing is said
LEVEL = 0.9  # of the interval
CUT = 0.99  # of amounts: larger ones count as that large


def own_effect(
    sprint: Sprint | None,
    order_days: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
    others: Iterable[Sprint] = (),
) -> OwnEffect | None:
    """How much did the sprint bring that would not have come without it?

    `order_days`: account_id, day, net_amount, is_order; `others`: the plan's sprints, whose days are no habit. None before its first five working days, with fewer than four earlier quarters in the data, or without orders.
    """
    if sprint is None or order_days.empty:
        return None
    orders = order_days[order_days["is_order"].astype(bool) & (order_days["net_amount"] > 0)]
    start, end = pd.Timestamp(sprint.start), min(pd.Timestamp(sprint.end), as_of)
    if orders.empty or len(working_days(start, end, country=country)) < 5:
        return None
    after = working_days(end + pd.Timedelta(days=1), end + pd.Timedelta(days=60), country=country)[
        :AFTER_DAYS
    ]
    net = end == pd.Timestamp(sprint.end) and len(after) == AFTER_DAYS and after[-1] <= as_of
    counts = orders.groupby("day").size()
    now = _window(counts, start, end, net, country)
    if now is None or orders["day"].min() > now.before[0]:
        return None
    pushed = [(pd.Timestamp(one.start), pd.Timestamp(one.end)) for one in (*others, sprint)]
    past = []
    for back in range(3, 3 * QUARTERS + 1, 3):
        first, last = start - pd.DateOffset(months=back), _moved(end, back)
        window = _window(counts, first, last, net, country)
        if window is None or orders["day"].min() > window.before[0]:
            break
        if not any(first <= until and last >= since for since, until in pushed):
            past.append(window.ratio)
    if len(past) < FEWEST:
        return None
    habit, k = float(np.mean(past)), len(past)
    luck = now.expected**-0.5  # of the counts themselves, where the windows happen to be alike
    error = max(float(np.std(past, ddof=1)), luck) * (1 + 1 / k) ** 0.5
    half = float(student.ppf((1 + LEVEL) / 2, k - 1)) * error
    recent = orders.loc[orders["day"].between(now.before[0], end), "net_amount"].astype(float)
    money = now.expected * float(recent.clip(upper=float(recent.quantile(CUT))).mean())
    own = now.ratio - habit
    return OwnEffect(
        sprint, own * money, (own - half) * money, (own + half) * money, (now.ratio - 1) * money, bool(net), k,
        len(working_days(start, end, country=country)), error * money,
    )  # fmt: skip


def each(
    sprints: Iterable[Sprint],
    order_days: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
    others: Iterable[Sprint] = (),
) -> dict[str, float]:
    """What each of the sprints that have begun brought of itself, by name, where that is known."""
    known = {
        one.name: own_effect(one, order_days, as_of=as_of, country=country, others=others) for one in sprints
    }
    return {name: found.value for name, found in known.items() if found is not None}


@dataclass(frozen=True)
class _Window:
    """Orders of some days beside what the half year before them lets expect."""

    ratio: float
    expected: float
    days: int
    before: pd.DatetimeIndex


def _window(
    counts: pd.Series, first: pd.Timestamp, last: pd.Timestamp, net: bool, country: str | None
) -> _Window | None:
    """The days from `first` to `last`, and where `net` the fifteen working days after them; None where nothing is usual."""
    days = working_days(first, last, country=country)
    if net:
        later = working_days(last + pd.Timedelta(days=1), last + pd.Timedelta(days=60), country=country)
        days = pd.DatetimeIndex([*days, *later[:AFTER_DAYS]])
    before = working_days(first - pd.Timedelta(days=400), first - pd.Timedelta(days=1), country=country)
    before = before[-HALF_YEAR:]
    usual = float(counts.reindex(before).fillna(0.0).mean()) if len(before) else 0.0
    if not usual > 0 or not len(days):
        return None
    expected = usual * len(days)
    return _Window(float(counts.reindex(days).fillna(0.0).sum()) / expected, expected, len(days), before)


def _moved(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """The day so many months before; a month's last day stays one."""
    then = day - pd.DateOffset(months=months)
    return month_end(month_start(then)) if day == month_end(day) else then


def findings(found: OwnEffect | None) -> list[Finding]:
    """The verdict of `own_effect`."""
    if found is None:
        return []
    word = found.conclusion
    habit = (found.plain - found.value) / found.plain if found.plain > 0 else 0.0
    return [
        Finding(
            "sprint.effect", word, found.sprint.name, "calendar" if word == EXPLAINED else None, found.value, found.low, found.high,
            None, (1 - LEVEL) / 2, "quarter_end", 1, {"calendar": float(np.clip(habit, 0, 1))},
            f"{found.sprint.start}/{found.sprint.end}", "own_past",
        )
    ]  # fmt: skip
