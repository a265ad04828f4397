"""How much of a sprint was only drawn from the month after it, and how do orders bunch at every quarter's end?

The last days are five working days, a week, as the headline number defines them. What is drawn forward is looked for in the
three working weeks after: a promise of a better price today moves orders that were a few weeks away, and the rest of that
month must stay beside it, undisturbed, to be compared with. Neither is fitted to data; ten or seventeen days in place of
fifteen give the same answer within its interval (`tests/test_coverage.py`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import records, rivals
from salesnb.calendars.periods import CLOSING_DAYS as LAST_DAYS
from salesnb.calendars.periods import closing_days, month_end, month_start, working_days
from salesnb.findings import EXPLAINED, FOUND, NONE, Finding
from salesnb.plan import Sprint
from salesnb.results.past_sprints import Bunching, PullForward

NEXT_DAYS = 15
DRAWS = 2000
DAYS_OF_GRACE = 31  # that the first order may be younger than two years
LEVEL = 0.9  # of the intervals
QUARTERS, FEWEST_ENDS = 8, 4  # quarters' ends that are looked back upon, and without which nothing is said


def findings(drawn: PullForward | None, crowd: Bunching | None = None) -> list[Finding]:
    """The verdicts of `pull_forward` and of `bunching`."""
    told = []
    if drawn is not None:
        word, whole = drawn.conclusion, drawn.amount + drawn.habit
        told.append(
            Finding(
                "sprint.pull_forward", word, drawn.sprint.name, "calendar" if word == EXPLAINED else None, drawn.amount, drawn.low,
                drawn.high, None, (1 - LEVEL) / 2, "quarter_end", 1, {"calendar": rivals.share_of(whole, drawn.amount)},
                f"{drawn.sprint.start}/{drawn.sprint.end}", "quarter_ends",
            )
        )  # fmt: skip
    if crowd is not None:
        word = FOUND if crowd.bunched else NONE
        told.append(
            Finding(
                "quarter.bunching", word, "", None, crowd.factor, crowd.low, crowd.high, None, (1 - LEVEL) / 2, "quarter_end",
                basis="own_past",
            )
        )  # fmt: skip
    return told


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
    starts: int = 1,
    next_days: int = NEXT_DAYS,
    seed: int = 0,
) -> PullForward | None:
    """How much did the sprint only draw from the month after it?

    Orders are counted on its last five working days and on the first fifteen of the following month, and held against the
    twelve months before (without the last five working days and the first fifteen after any fiscal quarter's end; `starts`: the fiscal year's first month), moved on by half
    a year of the growth from the year before these (by none where the data do not reach back two years). What is too
    many before and too few after, whichever is smaller, was pulled forward; a number of orders becomes money by their mean
    amount, the largest hundredth cut to the 99th percentile. Where the sprint ends with a fiscal quarter, what the earlier quarters' ends
    of two years show too (in shares of their own usual days) is their habit and none of the sprint's. The interval repeats both with days and amounts drawn anew.
    None until the following month has passed (and the records tell of its days), or with fewer than 60 usual days.
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
    last, following = closing_days(end, country=country), all_days[all_days >= after][:next_days]
    counts = _counts(orders, all_days)
    usual = counts[
        ~counts.index.isin(_quarter_edges(all_days, starts=starts)) & (counts.index < last[0])
    ].to_numpy()
    if len(usual) < 60 or len(following) < next_days:
        return None
    if records.told_until(orders, by="account_id", as_of=as_of) < following[-1]:
        return None
    recent = orders.loc[orders["day"] >= year_before, "net_amount"].astype(float)
    value = recent.clip(upper=float(recent.quantile(0.99))).to_numpy()
    rng = np.random.default_rng(seed)
    growth, grown = _half_year(orders, last[0], rng)
    usual = usual * growth
    excess = float(counts[last].sum()) - usual.mean() * LAST_DAYS
    shortfall = usual.mean() * next_days - float(counts[following].sum())
    level = rng.choice(usual, (DRAWS, len(usual))).mean(axis=1) * grown / growth
    late = excess + (usual.mean() - level) * LAST_DAYS + _noise(rng, usual, LAST_DAYS)
    missing = shortfall + (level - usual.mean()) * next_days + _noise(rng, usual, next_days)
    ends = _habits(orders, last, starts=starts, country=country, next_days=next_days)
    many, few = usual.mean() * LAST_DAYS, usual.mean() * next_days
    habit = ends.mean(axis=0) * (many, few) if len(ends) else np.zeros(2)
    if len(ends) > 1:
        draws = rng.choice(ends - ends.mean(axis=0), (DRAWS, len(ends))).mean(axis=1) + ends.mean(axis=0)
        wide = ends.std(axis=0, ddof=1) * (many, few)
        noise = np.array([usual.std() * LAST_DAYS**0.5, usual.std() * next_days**0.5])
        unlike = (wide / noise) ** 2 > chi2.ppf(0.95, len(ends) - 1) / (len(ends) - 1)  # more than days do
        apart = np.where(unlike, np.sqrt(np.clip(wide**2 - noise**2, 0, None)), 0.0)
        late, missing = (
            part - draws[:, place] * level * days - rng.normal(0, 1, DRAWS) * apart[place]
            for place, (part, days) in enumerate(((late, LAST_DAYS), (missing, next_days)))
        )
        excess, shortfall = excess - habit[0], shortfall - habit[1]
    pulled = np.clip(np.minimum(late, missing), 0, None)
    mean_value = rng.choice(value, (DRAWS, min(len(value), 200))).mean(axis=1)
    low, high = intervals.ends(pulled * mean_value, confidence=LEVEL)
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
        habit=float(max(0.0, habit.min()) * value.mean()),
        ends=len(ends),
    )


def _habits(
    orders: pd.DataFrame, last: pd.DatetimeIndex, *, starts: int, country: str | None, next_days: int
) -> np.ndarray:
    """What the ends of the two years' earlier fiscal quarters are like: a row each of the excess of the last five working days and
    the shortfall of the days after, as shares of the usual days of the half year about it. No row where the sprint does not end with
    a quarter, or where the data do not reach back."""
    month = month_start(last[-1])
    if (month.month - starts) % 3 != 2 or last[-1] + pd.Timedelta(days=7) <= month_end(month):
        return np.zeros((0, 2))
    rows = []
    for back in range(3, 3 * QUARTERS + 1, 3):
        end = month_end(month - pd.DateOffset(months=back))
        first = month_start(end) - pd.DateOffset(months=2)
        if orders["day"].min() > first:
            break
        days = working_days(first, month_end(end + pd.DateOffset(months=3)), country=country)
        counts = _counts(orders, days[days < last[0]])
        usual = float(counts[~counts.index.isin(_quarter_edges(days, starts=starts))].mean())
        closing, after = counts[closing_days(end, country=country)], counts[counts.index > end][:next_days]
        if usual > 0 and len(after) == next_days:
            rows.append((closing.sum() / usual / LAST_DAYS - 1, 1 - after.sum() / usual / next_days))
    return np.array(rows) if rows else np.zeros((0, 2))


def bunching(
    order_days: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
    starts: int = 1,
    seed: int = 0,
) -> Bunching | None:
    """Do orders bunch in the last five working days of a quarter?

    Held against the earlier working days of the same month, so that seasons cancel; the last eight quarters' ends that have
    passed are taken together, and the interval draws days anew on either side. None with fewer than four quarters' ends, or
    where the earlier days brought nothing.
    """
    orders = order_days[
        order_days["is_order"].astype(bool) & (order_days["net_amount"] > 0) & (order_days["day"] <= as_of)
    ]
    months = list(pd.date_range(orders["day"].min(), as_of, freq="MS")) if len(orders) else []
    closing = [month for month in months if (month.month - starts) % 3 == 2 and month_end(month) <= as_of]
    rows, earlier, last = [], [], []
    for month in closing[-QUARTERS:]:
        own = working_days(month, month_end(month), country=country)
        daily = orders.groupby("day").size().reindex(own).fillna(0.0).to_numpy(float)
        if len(own) > LAST_DAYS:
            rows.append((month, daily[:-LAST_DAYS].mean(), daily[-LAST_DAYS:].mean()))
            earlier.append(daily[:-LAST_DAYS])
            last.append(daily[-LAST_DAYS:])
    if len(rows) < FEWEST_ENDS or not sum(part.sum() for part in earlier):
        return None
    rng = np.random.default_rng(seed)
    before, late = (
        rng.choice(days, (DRAWS, len(days))).mean(axis=1) for days in map(np.concatenate, (earlier, last))
    )
    low, high = intervals.ends(late / np.where(before > 0, before, np.nan), confidence=LEVEL)
    factor = float(np.concatenate(last).mean() / np.concatenate(earlier).mean())
    return Bunching(factor, low, high, pd.DataFrame(rows, columns=["month", "earlier", "last"]))


def around(
    found: PullForward | None, order_days: pd.DataFrame, *, country: str | None = None
) -> pd.DataFrame:
    """The working days about a sprint's end. One row per working day from the first of its last month, or of its last five where that
    is earlier, to the next month's fifteenth: day, orders, window (last, following or ""), usual (orders a day). Empty without a finding."""
    if found is None:
        return pd.DataFrame({"day": [], "orders": [], "window": [], "usual": []})
    end = pd.Timestamp(found.sprint.end)
    after = month_start(end) + pd.DateOffset(months=1)
    last = closing_days(end, country=country)
    days = working_days(min(month_start(end), last[0]), month_end(after), country=country)
    following = days[days >= after][:NEXT_DAYS]
    orders = order_days[order_days["is_order"].astype(bool) & (order_days["net_amount"] > 0)]
    table = pd.DataFrame({"day": days, "orders": _counts(orders, days).to_numpy()})
    table["window"] = (
        table["day"].isin(last).map({True: "last", False: ""}).mask(table["day"].isin(following), "following")
    )
    return table[table["day"] <= following[-1]].assign(usual=found.usual)


def _counts(orders: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Series:
    """Orders a working day."""
    return orders.groupby("day").size().reindex(days).fillna(0.0).astype(float)


def _half_year(orders: pd.DataFrame, day: pd.Timestamp, rng: np.random.Generator) -> tuple[float, np.ndarray]:
    """By how much do orders grow in half a year, and draws of it? From the twelve months before a day and those before them."""
    year, two = day - pd.DateOffset(years=1), day - pd.DateOffset(years=2)
    if orders["day"].min() > two + pd.DateOffset(days=DAYS_OF_GRACE):
        return 1.0, np.ones(DRAWS)
    counts = [
        int(orders["day"].between(first, until, inclusive="left").sum())
        for first, until in ((year, day), (two, year))
    ]
    draws = [rng.poisson(count, DRAWS).clip(min=1) for count in counts]
    return float((counts[0] / max(counts[1], 1)) ** 0.5), (draws[0] / draws[1]) ** 0.5


def _noise(rng: np.random.Generator, usual: np.ndarray, days: int) -> np.ndarray:
    return rng.choice(usual - usual.mean(), (DRAWS, days)).sum(axis=1)


def _quarter_edges(days: pd.DatetimeIndex, *, starts: int) -> pd.DatetimeIndex:
    """The last five working days of each fiscal quarter and the first fifteen after it."""
    edges: list[pd.Timestamp] = []
    for month in sorted(set(days.to_period("M"))):
        own = days[days.to_period("M") == month]
        edges += (
            list(own[-LAST_DAYS:])
            if (month.month - starts) % 3 == 2
            else list(own[:NEXT_DAYS])
            if (month.month - starts) % 3 == 0
            else []
        )
    return pd.DatetimeIndex(edges)
