"""Which team is overloaded, and does it show?

Load is the hours that activities take over the selling hours there are (people × working days × hours per day). Activities
without minutes count with the median of their kind. Stress is compared between the last quarter and the year before it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

LOAD = [
    "team",
    "reps",
    "hours",
    "available",
    "load",
    "before",
    "change",
    "hours_over",
    "stress",
    "stress_before",
    "stress_change",
    "stress_p",
    "overloaded",
]


def hours(activity: pd.DataFrame) -> pd.DataFrame:
    """How many hours do activities take? The rows of `activity` (day × rep_id × kind: count, minutes, timed) with `hours`.

    Activities without minutes get the mean minutes of the same kind; a kind that is never timed gets the mean of all,
    half an hour where nothing is timed.
    """
    timed, minutes = activity["timed"].sum(), activity["minutes"].sum()
    usual = minutes / timed if timed else 30.0
    kinds = activity.groupby("kind")[["minutes", "timed"]].sum()
    mean = (kinds["minutes"] / kinds["timed"].where(kinds["timed"] > 0)).fillna(usual)
    untimed = (activity["count"] - activity["timed"]) * activity["kind"].map(mean).astype(float)
    return activity.assign(hours=(activity["minutes"].fillna(0.0) + untimed.fillna(0.0)) / 60)


def monthly_load(
    activity: pd.DataFrame,
    people: pd.DataFrame,
    days: pd.DatetimeIndex,
    *,
    hours_per_day: float,
    by: str = "team",
) -> pd.DataFrame:
    """How much of the selling time was taken, month by month?

    `activity` of `hours`; `people`: rep_id, team, hired_on, left_on; `days`: the working days of the span. One row per `by`
    (team or rep_id) × month: hours, available (hours), load (hours / available; missing where nobody was there).
    """
    columns = [by, "month", "hours", "available", "load"]
    if activity.empty or not len(days):
        return pd.DataFrame(columns=columns)
    there = [_presence(person, days).assign(**{by: getattr(person, by)}) for person in people.itertuples()]
    if not there:
        return pd.DataFrame(columns=columns)
    available = pd.concat(there).groupby([by, "month"], as_index=False)["days"].sum()
    available["available"] = available["days"] * hours_per_day
    rows = activity[activity["day"].between(days[0], days[-1])]
    group = rows["rep_id"].map(people.set_index("rep_id")[by]) if by != "rep_id" else rows["rep_id"]
    taken = (
        rows.groupby([group.rename(by), rows["day"].dt.to_period("M").dt.to_timestamp().rename("month")])[
            "hours"
        ]
        .sum()
        .reset_index()
    )
    table = available.merge(taken, on=[by, "month"], how="left").fillna({"hours": 0.0})
    table["load"] = table["hours"] / table["available"].where(table["available"] > 0)
    return table.sort_values([by, "month"], ignore_index=True)[columns]


def _presence(person: object, days: pd.DatetimeIndex) -> pd.DataFrame:
    hired, left = getattr(person, "hired_on", pd.NaT), getattr(person, "left_on", pd.NaT)
    present = days[
        (days >= hired if pd.notna(hired) else np.ones(len(days), bool))
        & (days < left if pd.notna(left) else np.ones(len(days), bool))
    ]
    months = pd.Series(present.to_period("M").to_timestamp())
    return months.value_counts().rename_axis("month").reset_index(name="days")


def team_load(
    load: pd.DataFrame, pulse: pd.DataFrame, people: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 3
) -> pd.DataFrame:
    """Which teams carry more than they can, and does their stress rise?

    `load` of `monthly_load` by team; `pulse`: rep_id, surveyed_on, stress (1–5). One row per team, highest load first: reps, hours,
    available, load of the last `months` months; before (the load of the year before them); change; hours_over (hours beyond
    the available ones, a week); stress, stress_before (means), stress_change, stress_p (Welch's t test, one-sided);
    overloaded: more hours than there are, or stress up beyond chance (5%, Bonferroni over teams) with a load above the median team's.
    """
    if load.empty:
        return pd.DataFrame(columns=LOAD)
    recent = load["month"] > as_of - pd.DateOffset(months=months)
    now = load[recent].groupby("team")[["hours", "available"]].sum()
    past = load[~recent].groupby("team")[["hours", "available"]].sum()
    rows = now.reset_index()
    rows["load"] = rows["hours"] / rows["available"].where(rows["available"] > 0)
    rows["before"] = (
        rows["team"].map(past["hours"] / past["available"].where(past["available"] > 0)).astype(float)
    )
    rows["change"] = rows["load"] - rows["before"]
    weeks = months * 365.25 / 12 / 7
    rows["hours_over"] = (rows["hours"] - rows["available"]).clip(lower=0) / weeks
    present = people[people["active"]] if "active" in people else people
    rows["reps"] = rows["team"].map(present.groupby("team")["rep_id"].nunique()).fillna(0).astype(int)
    rows = rows[rows["reps"] > 0]
    stress = _stress(pulse, people, since=as_of - pd.DateOffset(months=months))
    rows = rows.merge(stress, on="team", how="left")
    rising = (rows["stress_p"] < 0.05 / max(len(rows), 1)) & (rows["load"] > rows["load"].median())
    rows["overloaded"] = (rows["load"] > 1.0) | rising
    return rows.sort_values(["load", "team"], ascending=[False, True], ignore_index=True)[LOAD]


def _stress(pulse: pd.DataFrame, people: pd.DataFrame, *, since: pd.Timestamp) -> pd.DataFrame:
    columns = ["team", "stress", "stress_before", "stress_change", "stress_p"]
    rows = pulse.assign(team=pulse["rep_id"].map(people.set_index("rep_id")["team"])).dropna(
        subset=["team", "stress"]
    )
    found = []
    for team, answers in rows.groupby("team"):
        after = answers.loc[answers["surveyed_on"] > since].groupby("rep_id")["stress"].mean()
        before = (
            answers.loc[
                (answers["surveyed_on"] <= since)
                & (answers["surveyed_on"] > since - pd.DateOffset(months=12))
            ]
            .groupby("rep_id")["stress"]
            .mean()
        )
        enough = len(after) > 1 and len(before) > 1 and (after.std() > 0 or before.std() > 0)
        p_value = (
            float(ttest_ind(after, before, equal_var=False, alternative="greater").pvalue)
            if enough
            else np.nan
        )
        found.append((team, after.mean(), before.mean(), after.mean() - before.mean(), p_value))
    return pd.DataFrame(found, columns=columns)


def stress_trend(pulse: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """How did stress move? One row per team × month of a survey: stress (mean of the answers, 1–5), answers."""
    rows = pulse.assign(
        team=pulse["rep_id"].map(people.set_index("rep_id")["team"]),
        month=pulse["surveyed_on"].dt.to_period("M").dt.to_timestamp(),
    )
    return (
        rows.dropna(subset=["team"])
        .groupby(["team", "month"], as_index=False)
        .agg(stress=("stress", "mean"), answers=("stress", "size"))
    )
