"""Which team is overloaded, and does it show?

Load is the hours that activities take over the selling hours there are (people × working days × hours per day). Activities
without minutes count with the mean of their kind. Load and stress of the last quarter are compared with the same months a
year before: the months just before it may hold the beginning of what is to be found, and other seasons.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.analysis.workload import relief as relief
from salesnb.calendars.periods import month_start, months_back
from salesnb.findings import CANNOT_TELL, FOUND, NONE, Finding

LATE = pd.Timedelta(days=7)  # after a month's beginning, by which the records may begin and still tell of it
TINY = 1e-12  # variance below which answers are all the same
STRESSED = 0.05  # chance of a false alarm from stress among all teams (Bonferroni)
LOAD = [
    "team",
    "reps",
    "hours",
    "available",
    "load",
    "low",
    "high",
    "before",
    "change",
    "hours_over",
    "stress",
    "stress_before",
    "stress_change",
    "stress_low",
    "stress_high",
    "stress_p",
    "conclusion",
    "by",
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
    (team or rep_id) × month: hours, available (hours), load (hours / available; missing where nobody was there), squares (Σ of
    the squared hours of single activities, which is the variance of the hours where activities come at random).
    """
    columns = [by, "month", "hours", "available", "load", "squares"]
    people = people[people[by].notna()]  # who is in no team is in no team's load
    if activity.empty or not len(days):
        return pd.DataFrame(columns=columns)
    there = [_presence(person, days).assign(**{by: getattr(person, by)}) for person in people.itertuples()]
    if not there:
        return pd.DataFrame(columns=columns)
    available = pd.concat(there).groupby([by, "month"], as_index=False)["days"].sum()
    available["available"] = available["days"] * hours_per_day
    began = _first_month(
        activity["day"].min()
    )  # of the months before the first record nobody knows the hours
    available = available[available["month"] >= began]
    rows = activity[activity["day"].between(days[0], days[-1])]
    rows = rows.assign(squares=rows["hours"] ** 2 / rows["count"].clip(lower=1))
    group = rows["rep_id"].map(people.set_index("rep_id")[by]) if by != "rep_id" else rows["rep_id"]
    taken = (
        rows.groupby([group.rename(by), rows["day"].dt.to_period("M").dt.to_timestamp().rename("month")])[
            ["hours", "squares"]
        ]
        .sum()
        .reset_index()
    )
    table = available.merge(taken, on=[by, "month"], how="left").fillna({"hours": 0.0, "squares": 0.0})
    table["load"] = table["hours"] / table["available"].where(table["available"] > 0)
    return table.sort_values([by, "month"], ignore_index=True)[columns]


def _first_month(first: pd.Timestamp) -> pd.Timestamp:
    """The first month that the records tell whole."""
    month = month_start(first)
    return month if first - month <= LATE else month + pd.DateOffset(months=1)


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

    `load` of `monthly_load` by team; `pulse`: team × span (now, before): people, mean, variance (of people's means of answers from 1
    to 5). One row per team, highest load first: reps, hours,
    available, load of the last `months` months, low and high (its 95% interval, activities coming at random); before (the
    load of the same months a year before); change; hours_over (hours beyond the available ones, a week); stress,
    stress_before (means of people's means), stress_change with stress_low and stress_high (95%, Welch), stress_p (one-sided);
    conclusion and by, overloaded: more hours than there are, beyond the interval (within it: cannot tell), or stress up beyond chance (`STRESSED`, Bonferroni over teams) with a load above the median team's.
    """
    if load.empty:
        return pd.DataFrame(columns=LOAD)
    since, year = months_back(as_of, months), pd.DateOffset(years=1)
    now = load[load["month"] >= since].groupby("team")[["hours", "available", "squares"]].sum()
    past = load[(load["month"] >= since - year) & (load["month"] <= as_of - year)]
    past = past.groupby("team")[["hours", "available"]].sum()
    rows = now.reset_index()
    there = rows["available"].where(rows["available"] > 0)
    rows["load"] = rows["hours"] / there
    half = norm.ppf(0.975) * rows["squares"] ** 0.5 / there
    rows["low"], rows["high"] = (rows["load"] - half).clip(lower=0), rows["load"] + half
    rows["before"] = (
        rows["team"].map(past["hours"] / past["available"].where(past["available"] > 0)).astype(float)
    )
    rows["change"] = rows["load"] - rows["before"]
    weeks = months * 365.25 / 12 / 7
    rows["hours_over"] = (rows["hours"] - rows["available"]).clip(lower=0) / weeks
    present = people[people["active"]] if "active" in people else people
    rows["reps"] = rows["team"].map(present.groupby("team")["rep_id"].nunique()).fillna(0).astype(int)
    rows = rows[rows["reps"] > 0]
    rows = rows.merge(_stress(pulse), on="team", how="left")
    rising = (rows["stress_p"] < STRESSED / max(len(rows), 1)) & (rows["load"] > rows["load"].median())
    beyond = rows["load"] > 1.0
    word = np.select([rising | (beyond & (rows["low"] > 1.0)), beyond], [FOUND, CANNOT_TELL], NONE)
    rows = rows.assign(conclusion=word, by="", overloaded=word == FOUND)
    return rows.sort_values(["load", "team"], ascending=[False, True], ignore_index=True)[LOAD]


def person_load(
    load: pd.DataFrame, teams: pd.Series, *, as_of: pd.Timestamp, weeks: float, months: int = 3
) -> pd.DataFrame:
    """Which people carry more than they can?

    `load` of `monthly_load` by rep_id; `teams`: of each person (rep_id), whether the team is overloaded; `weeks`: how many the last `months` months have. One row per
    person with selling hours: rep_id, hours and room (a week: taken, and there are), load (of the last `months` months), p_value (of so much
    by chance in a load of one, appointments coming at random), conclusion and by: beyond chance over all people (Holm, `STRESSED`); overloaded: so, or beyond the day in a team that is.
    """
    columns = ["rep_id", "hours", "room", "load", "p_value", "conclusion", "by", "overloaded"]
    recent = load[load["month"] >= months_back(as_of, months)] if len(load) else load
    rows = recent.groupby("rep_id")[["hours", "available", "squares"]].sum().astype(float).reset_index()
    rows = rows[rows["available"] > 0]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    spread = rows["squares"] ** 0.5
    beyond = (rows["hours"] - rows["available"]) / spread.where(spread > 0)
    p_value = pd.Series(norm.sf(beyond.fillna(-np.inf)), rows.index)
    found = intervals.beyond_noise(p_value, alpha=STRESSED)
    above = rows["hours"] > rows["available"]
    return rows.assign(
        load=rows["hours"] / rows["available"],
        room=rows["available"] / weeks,
        hours=rows["hours"] / weeks,
        p_value=p_value,
        conclusion=np.select([found, above], [FOUND, CANNOT_TELL], NONE),
        by="",
        overloaded=found | (above & rows["rep_id"].map(teams).eq(True)),
    ).reset_index(drop=True)[columns]


def findings(
    teams: pd.DataFrame, people: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 3
) -> list[Finding]:
    """The verdicts of `team_load` and of `person_load`."""
    shared: dict[str, Any] = {
        "value": "load",
        "stated": STRESSED,
        "period": (months_back(as_of, months), as_of),
    }
    return [
        *rivals.told(
            teams, id="team.overloaded", member="team", p="stress_p", unit="person", basis="year_before", **shared
        ),
        *rivals.told(people, id="person.overloaded", member="rep_id", unit="week", basis="chance", **shared),
    ]  # fmt: skip


def _stress(pulse: pd.DataFrame) -> pd.DataFrame:
    """One row per team that was asked: stress, stress_before, stress_change, its interval and the chance of so large a rise."""
    columns = ["team", "stress", "stress_before", "stress_change", "stress_low", "stress_high", "stress_p"]
    by_span = {span: pulse[pulse["span"] == span].set_index("team") for span in ("now", "before")}
    found = []
    for team in sorted(set(pulse["team"])):
        after, before = (groups.loc[team] if team in groups.index else None for groups in by_span.values())
        means = [np.nan if group is None else float(group["mean"]) for group in (after, before)]
        found.append((team, *means, means[0] - means[1], *_welch(after, before, means[0] - means[1])))
    return pd.DataFrame(found, columns=columns)


def _welch(after: pd.Series | None, before: pd.Series | None, change: float) -> tuple[float, float, float]:
    """The 95% interval of a difference of means, and the chance of so large a rise (Welch 1947); NaN where fewer than
    two people answered on either side, or nothing varies."""
    if after is None or before is None or min(after["people"], before["people"]) < 2:
        return (np.nan,) * 3
    parts = after["variance"] / after["people"], before["variance"] / before["people"]
    if sum(parts) < TINY:
        return (np.nan,) * 3
    error = sum(parts) ** 0.5
    freedom = sum(parts) ** 2 / (
        parts[0] ** 2 / (after["people"] - 1) + parts[1] ** 2 / (before["people"] - 1)
    )
    half = float(student.ppf(0.975, freedom)) * error
    return change - half, change + half, float(student.sf(change / error, freedom))
