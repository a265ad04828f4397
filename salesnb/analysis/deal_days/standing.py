"""Which open deals are older than anything ever won, and how did the open pipeline stand at past month ends?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import month_ends, months_back
from salesnb.results.funnel import Zombies

FAIR_WON = 20  # deals won below which their ages set no limit


def ages(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """Days from creation to close, or to `as_of` while open; the index of the frame is kept."""
    end = opportunities["closed_on"].where(opportunities["outcome"] != "open", as_of)
    return (end - opportunities["created_on"]).dt.days.astype(float)


def zombie_limit(opportunities: pd.DataFrame) -> float | None:
    """The 99th percentile (linear) of the days from creation to close over all deals ever won; None under 20 of them.

    It is the company's: where `company` stands beside the deals of a scope in what follows, the limit is taken from there.
    """
    won = opportunities[opportunities["outcome"] == "won"]
    days = (won["closed_on"] - won["created_on"]).dt.days.dropna()
    return float(np.quantile(days, 0.99)) if len(days) >= FAIR_WON else None


def zombie_deals(
    opportunities: pd.DataFrame, *, as_of: pd.Timestamp, company: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Which open deals are older than 99% of those ever won? The deals' rows with `age_days`, largest amount first;
    empty where too few were won."""
    limit = zombie_limit(opportunities if company is None else company)
    still = opportunities[opportunities["outcome"] == "open"]
    still = still.assign(age_days=ages(still, as_of=as_of))
    old = still[still["age_days"] > (np.inf if limit is None else limit)]
    return old.sort_values(["amount", "opportunity_id"], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )


def zombies(
    opportunities: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    remaining_target: float | None = None,
    company: pd.DataFrame | None = None,
) -> Zombies | None:
    """How much of the open pipeline is dead? Coverage is open value / `remaining_target`, the money that the year's
    target still needs (None: no coverage). None where too few deals were won, since then there is no limit."""
    everyone = opportunities if company is None else company
    limit = zombie_limit(everyone)
    if limit is None:
        return None
    still = opportunities[opportunities["outcome"] == "open"]
    old = zombie_deals(opportunities, as_of=as_of, company=everyone)
    total, dead = float(still["amount"].sum()), float(old["amount"].sum())
    needed = remaining_target if remaining_target and remaining_target > 0 else None
    return Zombies(
        limit, len(old), dead, len(still), total, dead / total if total > 0 else None, needed,
        total / needed if needed else None, (total - dead) / needed if needed else None,
        int((everyone["outcome"] == "won").sum()),
    )  # fmt: skip


def zombies_by_age(
    opportunities: pd.DataFrame, *, as_of: pd.Timestamp, company: pd.DataFrame | None = None
) -> pd.DataFrame:
    """How old is the open pipeline, in money? One row per age band (30 days; 90 where deals are
    older than 720): from_days, to_days, deals, value, zombie (the band lies beyond the limit, at which one band is cut). Empty without an open deal or a limit."""
    limit = zombie_limit(opportunities if company is None else company)
    still = opportunities[opportunities["outcome"] == "open"]
    if limit is None or still.empty:
        return pd.DataFrame(columns=["from_days", "to_days", "zombie", "deals", "value"])
    age = ages(still, as_of=as_of)
    dead = age > limit
    width = 30 if age.max() <= 720 else 90
    begins = age // width * width
    at_limit = ~dead & (begins > 0) & (begins == limit)  # a band ends with the limit, which is no zombie yet
    begins = begins.where(~at_limit, begins - width)
    banded = still.assign(
        from_days=begins.where(~dead, begins.clip(lower=limit)),
        to_days=(begins + width).where(dead | (begins + width <= limit), limit),
        zombie=dead,
    )
    grouped = banded.groupby(["from_days", "to_days", "zombie"], as_index=False)
    return grouped.agg(deals=("opportunity_id", "size"), value=("amount", "sum"))


def as_known(opportunities: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The same deals as they stood on an earlier `day`: later ones are gone, those closed later are open again."""
    born = opportunities[opportunities["created_on"] <= day]
    closed = born["closed_on"].notna() & (born["closed_on"] <= day)
    return born.assign(
        outcome=born["outcome"].where(closed, "open"), closed_on=born["closed_on"].where(closed)
    )


def history(
    opportunities: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    months: int = 12,
    company: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How did open value, win rate and zombie value stand at the last `months` month ends? One row per month end: day,
    open_count, open_value, win_rate (twelve months to that day), zombie_value; amounts as known today."""
    rows = []
    for day in month_ends(as_of, months):
        then = as_known(opportunities, day)
        still = then[then["outcome"] == "open"]
        closed = then[(then["outcome"] != "open") & (then["closed_on"] >= months_back(day, 12))]
        rate = float((closed["outcome"] == "won").mean()) if len(closed) else np.nan
        limit = zombie_limit(then if company is None else as_known(company, day))
        dead = (
            float(still.loc[ages(still, as_of=day) > limit, "amount"].sum()) if limit is not None else np.nan
        )
        rows.append((day, len(still), float(still["amount"].sum()), rate, dead))
    return pd.DataFrame(rows, columns=["day", "open_count", "open_value", "win_rate", "zombie_value"])
