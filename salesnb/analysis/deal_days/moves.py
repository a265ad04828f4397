"""Did the pipeline move in the last month, or is it a clean-up of the records, the time of the year, or one large deal?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from scipy.stats import poisson

from salesnb.analysis import intervals
from salesnb.analysis.deal_days.standing import ages, as_known, history
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import month_ends

OLD = 0.95  # of the deals won were younger than what is an old one
CLEANED = 0.01  # chance below which so many old deals closed in a month are a clean-up
SERIES = ("open_value", "win_rate", "zombie_value")
Shares = Mapping[str, Mapping[str, float]]


def moved(past: pd.DataFrame, shares: Shares | None = None) -> dict[str, bool]:
    """What moved in the last month beyond its usual steps from month to month? `past` of `history`; by column: open_value,
    win_rate, zombie_value. `shares` of `other_causes`: what another cause explains has not moved."""
    told = {name: intervals.unusual(past[name]) for name in SERIES}
    if shares is None:
        return told
    return {
        name: beyond and max(shares[name].values(), default=0.0) < rivals.MOST
        for name, beyond in told.items()
    }


def other_causes(
    opportunities: pd.DataFrame,
    past: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    company: pd.DataFrame | None = None,
) -> dict[str, dict[str, float]]:
    """What else explains a step of `past` (`history` of the same deals) beyond its usual ones, and how much of it? By column, for those that
    moved: records (a clean-up: without it the step is none; `tidied`), calendar (the step of the same month a year before), and of the open value
    one_large (the largest deal that came or went in the month)."""
    beyond = [name for name, told in moved(past).items() if told]
    found: dict[str, dict[str, float]] = {name: {} for name in SERIES}
    if not beyond:
        return found
    cleaned = history(tidied(opportunities, as_of=as_of), as_of=as_of, months=len(past), company=company)
    year_ago = month_ends(as_of, 13)[0]
    then = history(opportunities, as_of=year_ago, months=2, company=company)
    for name in beyond:
        steps = past[name].diff()
        usual = float(steps.iloc[1:-1].median())
        step, same = float(steps.iloc[-1]) - usual, float(then[name].diff().iloc[-1]) - usual
        found[name] = {
            "records": float(not intervals.unusual(cleaned[name])),
            "calendar": rivals.share_of(step, step - same) if same == same else 0.0,
        }
    if "open_value" in beyond:
        step = float(past["open_value"].diff().iloc[-1] - past["open_value"].diff().iloc[1:-1].median())
        found["open_value"]["one_large"] = rivals.share_of(
            step, step - _largest(opportunities, as_of, step > 0)
        )
    return found


def _largest(opportunities: pd.DataFrame, as_of: pd.Timestamp, came: bool) -> float:
    """The money of the largest deal that came into the open pipeline in the month, or left it (below zero)."""
    before, now = (
        then.loc[then["outcome"] == "open"].set_index("opportunity_id")["amount"]
        for then in (as_known(opportunities, day) for day in month_ends(as_of, 2))
    )
    part = now[~now.index.isin(before.index)] if came else before[~before.index.isin(now.index)]
    return float(part.max()) * (1 if came else -1) if part.notna().any() else 0.0


def tidied(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """The deals without the month's clean-up of the records: where more old deals were closed as lost in the month of `as_of` than
    in any month of the year before, and more than chance allows, these are open still. Old is older than 19 of 20 deals were when they
    were won; nothing else is changed."""
    won, lost = opportunities[opportunities["outcome"] == "won"], opportunities["outcome"] == "lost"
    if won.empty:
        return opportunities
    old = ages(opportunities, as_of=as_of) > ages(won, as_of=as_of).quantile(OLD)
    month = opportunities["closed_on"].dt.to_period("M").where(lost & old)
    counts = month.value_counts().reindex(pd.period_range(end=as_of, periods=13, freq="M"), fill_value=0)
    last, usual = int(counts.iloc[-1]), counts.iloc[:-1]
    if last <= usual.max() or poisson.sf(last - 1, usual.mean() + 0.5) >= CLEANED:
        return opportunities
    ended = (month == as_of.to_period("M")).to_numpy()
    return opportunities.assign(
        outcome=opportunities["outcome"].mask(ended, "open"), closed_on=opportunities["closed_on"].mask(ended)
    )
