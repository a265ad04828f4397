"""How did the sprint go, and what did each squad bring?"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from salesnb.analysis import targets
from salesnb.calendars.periods import month_start, working_days
from salesnb.plan import Sprint
from salesnb.results.past_sprints import SprintResult

LEAST_CONVERTED = 20  # leads: fewer do not say how soon one converts


def latest(sprints: list[Sprint], *, as_of: pd.Timestamp) -> Sprint | None:
    """The last sprint that overlaps the month of `as_of`; None where there is none."""
    begun = [
        s for s in sprints if pd.Timestamp(s.start) <= as_of and pd.Timestamp(s.end) >= month_start(as_of)
    ]
    return max(begun, key=lambda s: (s.start, s.end), default=None)


def span(sprint: Sprint | None, *, as_of: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of the sprint so far; the month so far where there is no sprint."""
    if sprint is None:
        return month_start(as_of), as_of
    return pd.Timestamp(sprint.start), min(pd.Timestamp(sprint.end), as_of)


def judge(
    sprint: Sprint | None,
    *,
    bookings: pd.DataFrame,
    leads: pd.DataFrame,
    weeks: pd.DataFrame,
    strategic: set[str],
    as_of: pd.Timestamp,
    country: str | None = None,
    of_company: bool = True,
    courses: pd.DataFrame | None = None,
    billed: pd.DataFrame | None = None,
) -> SprintResult | None:
    """How did the sprint go?

    In: bookings by day, `facts.sprint_leads`, `facts.contact_weeks`, the ids of the strategic accounts, `facts.lead_courses`, `facts.sprint_orders`. A week
    counts when its seven days have passed, within the sprint and by `as_of`. `of_company`: are they the whole company's? What the plan
    asks of all together is not held against a part. None without a sprint.
    """
    if sprint is None:
        return None
    start, last = pd.Timestamp(sprint.start), min(pd.Timestamp(sprint.end), as_of)
    days = len(working_days(start, last, country=country))
    created, converted = float(leads["created"].sum()), float(leads["converted"].sum())
    booked = float(targets.between(bookings, start, last)["net_amount"].sum())
    whole = len(working_days(start, pd.Timestamp(sprint.end), country=country))
    due = (sprint.target * days / whole if whole else 0.0) if of_company else None
    passed = ((last - start).days + 1) // 7
    seen = weeks[weeks["week_start"] < start + pd.Timedelta(days=7 * passed)]
    met = seen[seen["account_id"].isin(strategic)].groupby("account_id")["week_start"].nunique()
    return SprintResult(
        sprint=sprint,
        last=last,
        days=days,
        whole=whole,
        of_company=of_company,
        due=due,
        leads_per_day=created / days if days else None,
        lead_conversion=converted / created if created else None,
        bookings=booked,
        attainment=booked / due if due else None,
        key_account_weekly=float((met == passed).sum()) / len(strategic) if strategic and passed else None,
        weeks=passed,
        lead_age=aged(leads, courses, as_of),
        invoiced=_invoiced(billed),
    )


def _invoiced(billed: pd.DataFrame | None) -> float | None:
    """The share of the orders, in money, that are invoiced; None where no invoice names an order, or nothing was ordered."""
    ordered = 0.0 if billed is None else float(billed["net_amount"].sum())
    return float(billed["invoiced"].sum()) / ordered if billed is not None and ordered > 0 else None


def aged(leads: pd.DataFrame, courses: pd.DataFrame | None, as_of: pd.Timestamp) -> float | None:
    """Of leads that convert, which part had done so at the ages that these have? None below twenty that converted before."""
    if courses is None or leads.empty or courses["converted"].sum() < LEAST_CONVERTED:
        return None
    sooner = courses.sort_values("days")
    part = sooner["converted"].cumsum().to_numpy() / sooner["converted"].sum()
    ages = (as_of - leads["day"]).dt.days.to_numpy()
    reached = np.r_[0.0, part][np.searchsorted(sooner["days"].to_numpy(), ages, side="right")]
    return float(np.average(reached, weights=leads["created"]))


def squads(
    sprint: Sprint | None,
    bookings: pd.DataFrame,
    leads: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    own: Collection[str] | None = None,
) -> pd.DataFrame:
    """What did each squad bring? One row per squad: squad, people, bookings, a_head, leads; the largest per head first.

    `own`: the people of a scope, all of whom a squad must have its members from to be listed; None for the company.
    """
    columns = ["squad", "people", "bookings", "a_head", "leads"]
    if sprint is None or not sprint.squads:
        return pd.DataFrame(columns=columns)
    span = targets.between(bookings, pd.Timestamp(sprint.start), min(pd.Timestamp(sprint.end), as_of))
    rows = [
        {
            "squad": name,
            "people": len(members),
            "bookings": float(span.loc[span["rep_id"].isin(members), "net_amount"].sum()),
            "leads": int(leads.loc[leads["rep_id"].isin(members), "created"].sum()),
        }
        for name, members in sprint.squads.items()
        if own is None or set(members) <= set(own)
    ]
    table = pd.DataFrame(rows, columns=["squad", "people", "bookings", "leads"])
    table["a_head"] = table["bookings"] / table["people"].where(table["people"] > 0)
    return table.sort_values(["a_head", "squad"], ascending=[False, True], ignore_index=True)[columns]
