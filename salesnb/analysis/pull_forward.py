"""How much of a sprint was only drawn from the month after it?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.calendars import month_end, month_start, working_days
from salesnb.plan import Sprint

LAST_DAYS = 5
NEXT_DAYS = 15
DRAWS = 2000


@dataclass(frozen=True)
class PullForward:
    """Bookings that a sprint drew from the following month, with their 90% interval; excess and shortfall in money."""

    sprint: Sprint
    amount: float
    low: float
    high: float
    excess: float
    shortfall: float
    usual_days: int
    usual: float  # orders a working day


def known_sprint(sprints: list[Sprint], *, as_of: pd.Timestamp) -> Sprint | None:
    """The last sprint whose following month has passed by `as_of`; None where there is none."""
    over = [
        s for s in sprints if month_end(month_start(pd.Timestamp(s.end)) + pd.DateOffset(months=1)) <= as_of
    ]
    return max(over, key=lambda s: (s.end, s.start), default=None)


def pull_forward(
    sprint: Sprint | None,
    order_days: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
    seed: int = 0,
) -> PullForward | None:
    """How much did the sprint only draw from the month after it?

    Orders are counted on its last five working days and on the first fifteen of the following month, and held against the
    twelve months before (without the last five working days and the first fifteen after any quarter's end). What is too
    many before and too few after, whichever is smaller, was pulled forward; a number of orders becomes money by their mean
    amount, the largest hundredth cut to the 99th percentile. The interval repeats both with days and amounts drawn anew.
    None until the following month has passed, or with fewer than 60 usual days.
    """
    if sprint is None:
        return None
    end = pd.Timestamp(sprint.end)
    after = month_start(end) + pd.DateOffset(months=1)
    year_before = month_start(end) - pd.DateOffset(years=1)
    orders = order_days[
        order_days["is_order"].astype(bool) & (order_days["net_amount"] > 0) & (order_days["day"] <= as_of)
    ]
    if (
        month_end(after) > as_of
        or orders.empty
        or orders["day"].min() > year_before + pd.DateOffset(months=3)
    ):
        return None
    all_days = working_days(year_before, month_end(after), country=country)
    counts, last, following = _windows(orders, all_days, end=end, after=after)
    usual = counts[~counts.index.isin(_quarter_edges(all_days)) & (counts.index < last[0])].to_numpy()
    if len(usual) < 60 or len(following) < NEXT_DAYS:
        return None
    recent = orders.loc[orders["day"] >= year_before, "net_amount"].astype(float)
    value = recent.clip(upper=float(recent.quantile(0.99))).to_numpy()
    rng = np.random.default_rng(seed)
    excess = float(counts[last].sum()) - usual.mean() * LAST_DAYS
    shortfall = usual.mean() * NEXT_DAYS - float(counts[following].sum())
    level = rng.choice(usual, (DRAWS, len(usual))).mean(axis=1)
    late = excess + (usual.mean() - level) * LAST_DAYS + _noise(rng, usual, LAST_DAYS)
    missing = shortfall + (level - usual.mean()) * NEXT_DAYS + _noise(rng, usual, NEXT_DAYS)
    pulled = np.clip(np.minimum(late, missing), 0, None)
    mean_value = rng.choice(value, (DRAWS, min(len(value), 200))).mean(axis=1)
    low, high = np.quantile(pulled * mean_value, [0.05, 0.95])
    amount = max(0.0, min(excess, shortfall)) * value.mean()
    return PullForward(
        sprint=sprint,
        amount=float(amount),
        low=float(min(low, amount)),
        high=float(max(high, amount)),
        excess=float(excess * value.mean()),
        shortfall=float(shortfall * value.mean()),
        usual_days=len(usual),
        usual=float(usual.mean()),
    )


def around(
    found: PullForward | None, order_days: pd.DataFrame, *, country: str | None = None
) -> pd.DataFrame:
    """The working days about a sprint's end. One row per working day of its last month and the next one's first fifteen:
    day, orders, window (last, following or ""), usual (orders a day). Empty without a finding."""
    if found is None:
        return pd.DataFrame({"day": [], "orders": [], "window": [], "usual": []})
    end = pd.Timestamp(found.sprint.end)
    after = month_start(end) + pd.DateOffset(months=1)
    days = working_days(month_start(end), month_end(after), country=country)
    orders = order_days[order_days["is_order"].astype(bool) & (order_days["net_amount"] > 0)]
    counts, last, following = _windows(orders, days, end=end, after=after)
    table = pd.DataFrame({"day": days, "orders": counts.to_numpy()})
    table["window"] = (
        table["day"].isin(last).map({True: "last", False: ""}).mask(table["day"].isin(following), "following")
    )
    return table[table["day"] <= following[-1]].assign(usual=found.usual)


def _windows(
    orders: pd.DataFrame, days: pd.DatetimeIndex, *, end: pd.Timestamp, after: pd.Timestamp
) -> tuple[pd.Series, pd.DatetimeIndex, pd.DatetimeIndex]:
    """Orders a working day, the sprint's last five working days, the first fifteen of the following month."""
    counts = orders.groupby("day").size().reindex(days).fillna(0.0).astype(float)
    return counts, days[days <= end][-LAST_DAYS:], days[days >= after][:NEXT_DAYS]


def _noise(rng: np.random.Generator, usual: np.ndarray, days: int) -> np.ndarray:
    return rng.choice(usual - usual.mean(), (DRAWS, days)).sum(axis=1)


def _quarter_edges(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The last five working days of each quarter and the first fifteen after it."""
    edges: list[pd.Timestamp] = []
    for month in sorted(set(days.to_period("M"))):
        own = days[days.to_period("M") == month]
        edges += (
            list(own[-LAST_DAYS:])
            if month.month % 3 == 0
            else list(own[:NEXT_DAYS])
            if month.month % 3 == 1
            else []
        )
    return pd.DatetimeIndex(edges)
