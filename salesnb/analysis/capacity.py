"""Who can carry how much: people by ramp-up, hours by working day, and what the care of key accounts takes first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import month_end, working_days
from salesnb.plan import Tiers

RAMP_MONTHS = 6
AVERAGE_MONTH = 365.25 / 12


def on_days(reps: pd.DataFrame, days: pd.DatetimeIndex, *, ramp_months: int = RAMP_MONTHS) -> pd.DataFrame:
    """How much of a full person is each rep on these days? One row per rep (index rep_id), one column per day: 0 before hiring
    and from the leaving day on; a new person rises evenly to 1 over `ramp_months`. Without a hiring date: full."""
    hired = reps["hired_on"].to_numpy(dtype="datetime64[us]")
    left = reps["left_on"].to_numpy(dtype="datetime64[us]")
    day = days.to_numpy(dtype="datetime64[us]")[:, None]
    tenure = np.floor((day - hired) / np.timedelta64(1, "D")) / AVERAGE_MONTH
    level = np.clip((tenure + 0.5) / max(ramp_months, 0.5), 0, 1)
    level[:, np.isnat(hired)] = 1.0
    level[(hired > day) | (left <= day)] = 0.0  # a comparison with a missing day is false
    return pd.DataFrame(level.T, index=reps["rep_id"].to_numpy(), columns=days)


def by_month(
    reps: pd.DataFrame,
    months: pd.DatetimeIndex,
    *,
    country: str | None = None,
    ramp_months: int = RAMP_MONTHS,
) -> pd.DataFrame:
    """One row per rep × month: rep_id, month, capacity (0–1: the mean over every second working day of the month, over
    each where there are fewer than 16). Empty without reps."""
    pieces = []
    for month in months:
        days = working_days(month, month_end(month), country=country)
        sample = days[:: max(1, len(days) // 8)]
        if len(sample) and len(reps):
            mean = on_days(reps, sample, ramp_months=ramp_months).mean(axis=1)
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
    levels = on_days(reps, days, ramp_months=ramp_months)
    people = {squad: _summed(levels.reindex(members).fillna(0.0)) for squad, members in squads.items()}
    rows = [
        (day, squad, float(here[place]), float(here[place]) * hours_per_day)
        for place, day in enumerate(days)
        for squad, here in people.items()
    ]
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


def _summed(levels: pd.DataFrame) -> np.ndarray:
    """The people of each day, added in the order of the reps whatever the number of days."""
    return np.ascontiguousarray(levels.to_numpy().T).sum(axis=1)
