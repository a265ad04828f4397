"""Who can carry how much: people by ramp-up, hours by working day, and what the care of key accounts takes first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis.allocation import split
from salesnb.calendars import month_end, working_days
from salesnb.plan import Tiers

RAMP_MONTHS = 6
AVERAGE_MONTH = 365.25 / 12


def on_day(reps: pd.DataFrame, day: pd.Timestamp, *, ramp_months: int = RAMP_MONTHS) -> pd.Series:
    """How much of a full person is each rep on that day? 0 before hiring and from the leaving day on; a new person rises evenly
    to 1 over `ramp_months`. Without a hiring date: full."""
    tenure = (day - reps["hired_on"]).dt.days / AVERAGE_MONTH
    level = ((tenure + 0.5) / max(ramp_months, 0.5)).clip(0, 1).where(reps["hired_on"].notna(), 1.0)
    here = ~(reps["hired_on"] > day) & ~(reps["left_on"] <= day)
    return pd.Series(level.where(here, 0.0).to_numpy(dtype=float), index=reps["rep_id"].to_numpy())


def by_month(
    reps: pd.DataFrame,
    months: pd.DatetimeIndex,
    *,
    country: str | None = None,
    ramp_months: int = RAMP_MONTHS,
) -> pd.DataFrame:
    """One row per rep × month: rep_id, month, capacity (mean of the month's working days, 0–1). Empty without reps."""
    pieces = []
    for month in months:
        days = working_days(month, month_end(month), country=country)
        levels = [on_day(reps, day, ramp_months=ramp_months) for day in days[:: max(1, len(days) // 8)]]
        if levels and len(reps):
            mean = pd.concat(levels, axis=1).mean(axis=1)
            pieces.append(pd.DataFrame({"rep_id": mean.index, "month": month, "capacity": mean.to_numpy()}))
    return (
        pd.concat(pieces, ignore_index=True)
        if pieces
        else pd.DataFrame(
            {
                "rep_id": pd.Series(dtype=object),
                "month": pd.Series(dtype="datetime64[ns]"),
                "capacity": pd.Series(dtype=float),
            }
        )
    )


def load(carried: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Who carries more target than capacity?

    `carried`: one row per rep with member and target_year; `capacity`: from `by_month`. Adds capacity (full people over the
    year) and load: the person's target per unit of capacity against the team's (1 = average; missing without target or capacity).
    """
    mean = capacity.groupby("rep_id")["capacity"].mean()
    table = carried.assign(capacity=carried["member"].map(mean).astype(float))
    both = table[(table["target_year"] > 0) & (table["capacity"] > 0)]
    average = both["target_year"].sum() / both["capacity"].sum() if len(both) else float("nan")
    return table.assign(load=table["target_year"] / table["capacity"].where(table["capacity"] > 0) / average)


def proposal(
    total: float, last_year: pd.Series, capacity: pd.DataFrame, *, over_assignment: float = 1.0
) -> pd.Series:
    """Which personal targets would add up to `total` × `over_assignment`, to the cent?

    By what each person sold last year per unit of capacity, times this year's capacity; people without a last year are taken at the
    median. Empty where nobody has capacity.
    """
    mean = capacity.groupby("rep_id")["capacity"].mean()
    mean = mean[mean > 0]
    if mean.empty:
        return pd.Series(dtype=float)
    sold = last_year.reindex(mean.index).clip(lower=0)
    sold = sold.fillna(sold.median() if sold.notna().any() else 1.0)
    return split(total * over_assignment, sold * mean if sold.sum() > 0 else mean)


def hours(
    reps: pd.DataFrame,
    days: pd.DatetimeIndex,
    *,
    hours_per_day: float,
    groups: dict[str, list[str]] | None = None,
    ramp_months: int = RAMP_MONTHS,
) -> pd.DataFrame:
    """How many selling hours has each squad on each working day?

    `groups`: squad → rep ids; without squads each team is one. Output: one row per day × squad: day, squad, people, hours.
    """
    squads = groups or {
        str(team): list(rows["rep_id"]) for team, rows in reps.groupby(reps["team"].fillna(""))
    }
    rows = []
    for day in days:
        levels = on_day(reps, day, ramp_months=ramp_months)
        for squad, members in squads.items():
            people = float(levels.reindex(members).fillna(0.0).sum())
            rows.append((day, squad, people, people * hours_per_day))
    return pd.DataFrame(rows, columns=["day", "squad", "people", "hours"])


def cadence_hours(accounts: pd.Series, tiers: Tiers) -> float | None:
    """Hours a month that the promised care of the accounts takes: Σ accounts of a tier × its hours_per_month.

    `accounts`: number by tier name. None where plan.yml gives no tier hours.
    """
    given = {
        name: getattr(tiers, name).hours_per_month
        for name in ("strategic", "core", "potential", "opportunity")
    }
    if all(value is None for value in given.values()):
        return None
    return float(sum((value or 0.0) * float(accounts.get(name, 0)) for name, value in given.items()))


def month_capacity(
    reps: pd.DataFrame, month: pd.Timestamp, *, hours_per_day: float, country: str | None = None
) -> float:
    """The selling hours of everybody in one month."""
    days = working_days(month, month_end(month), country=country)
    return float(np.sum([on_day(reps, day).sum() for day in days]) * hours_per_day)
