"""Time × task × resource: what did the sprint plan for each day and squad, what was done, and what must change tomorrow?

Orders, visits and leads are planned evenly over the sprint's working days; squads carry of orders their own target, of visits and leads
their heads. What is not planned, or of which the data say nothing, is no row: it is not zero.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from salesnb.analysis.retrospective.sprints import aged
from salesnb.calendars.periods import working_days
from salesnb.plan import Sprint

TASKS = ("orders", "visits", "leads")
DAYS = ["day", "squad", "task", "planned", "done"]
FEWEST_CONVERTED = 5  # leads expected, below which a share of them says little
MATRIX = ["task", "week", "planned", "done", "reached"]
PACE = ["task", "planned", "due", "done", "reached", "left", "a_day", "needed"]
SQUADS = ["squad", "people", "target", "due", "orders", "reached", "needed", "visits", "leads"]
UNMET = ["account_id", "weeks", "missed", "last_on"]


def by_day(
    sprint: Sprint | None,
    sold: pd.DataFrame,
    done: pd.DataFrame | None,
    leads: pd.DataFrame | None,
    *,
    squad_targets: pd.Series,
    as_of: pd.Timestamp,
    country: str | None = None,
) -> pd.DataFrame:
    """What was planned and done on each day, by squad and task?

    `sold`: `facts.rep_days`; `done`: `facts.activity_days` and `leads`: `facts.sprint_leads` (None: the data do not tell); `squad_targets`: by squad, as `bonuses.squad_targets`. Output: one
    row per day × squad × task: planned (missing on days to come of nothing), done (missing on days to come). People of no squad are the squad with an empty name, of whom nothing is planned unless there are no squads. Empty without a sprint.
    """
    if sprint is None:
        return pd.DataFrame(columns=DAYS)
    start, end = pd.Timestamp(sprint.start), pd.Timestamp(sprint.end)
    days = working_days(start, end, country=country)
    home = {rep: squad for squad, people in sprint.squads.items() for rep in people}
    heads = pd.Series({squad: float(len(people)) for squad, people in sprint.squads.items()}, dtype=float)
    shares = heads / heads.sum() if heads.sum() else pd.Series({"": 1.0})
    aims = squad_targets if len(squad_targets) else pd.Series({"": float(sprint.target)})
    visits = None if done is None else done[done["kind"] == "visit"].rename(columns={"count": "done"})
    told = {
        "orders": (sold.rename(columns={"net_amount": "done"}), aims / max(len(days), 1)),
        "visits": (visits, None if sprint.visits_per_day is None else shares * sprint.visits_per_day),
        "leads": (
            None if leads is None else leads.rename(columns={"created": "done"}),
            None if sprint.leads_per_day is None else shares * sprint.leads_per_day,
        ),
    }
    pieces = []
    for task, (rows, planned) in told.items():
        if rows is None or planned is None:
            continue
        span = rows[rows["day"].between(start, min(end, as_of))]
        squad = span["rep_id"].map(home).fillna("") if len(span) else pd.Series(dtype=object)
        was = span.groupby([span["day"], squad.rename("squad")])["done"].sum()
        grid = pd.MultiIndex.from_product([days, planned.index], names=["day", "squad"])
        every = (
            grid.append(was.index.difference(grid)) if len(was) else grid
        )  # also days off, and people of no squad
        table = pd.DataFrame({"done": was.reindex(every)}, index=every).reset_index()
        table["planned"] = table["squad"].map(planned).where(table["day"].isin(days)).fillna(0.0)
        table["done"] = table["done"].fillna(0.0).where(table["day"] <= as_of)
        pieces.append(table.assign(task=task))
    if not pieces:
        return pd.DataFrame(columns=DAYS)
    return pd.concat(pieces, ignore_index=True)[DAYS]


def matrix(
    sprint: Sprint | None,
    days: pd.DataFrame,
    leads: pd.DataFrame | None,
    courses: pd.DataFrame | None,
    met: pd.DataFrame,
    strategic: Collection[str],
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
) -> pd.DataFrame:
    """Task × week (the seven days from the sprint's first, 1, 2, …; 0: to date): planned and done by then, reached (done ÷ planned; of
    conversion missing where the plan lets expect fewer than five by that age).

    `days`: from `by_day`. Beside its tasks the conversion of each week's leads against the plan's share at the age that they have, and the
    strategic accounts that were met in each week that has passed (`met`: `facts.contact_weeks`).
    """
    if sprint is None:
        return pd.DataFrame(columns=MATRIX)
    start = pd.Timestamp(sprint.start)
    last = min(pd.Timestamp(sprint.end), as_of)
    rows: list[tuple[str, int, float, float]] = []
    so_far = days[days["day"] <= last]
    week = (so_far["day"] - start).dt.days // 7 + 1 if len(so_far) else pd.Series(dtype=int)
    for task in TASKS:
        own = so_far[so_far["task"] == task]
        for number, part in [*own.groupby(week), (0, own)] if len(own) else []:
            rows.append((task, int(number), float(part["planned"].sum()), float(part["done"].sum())))
    if leads is not None and sprint.lead_conversion is not None and len(leads):
        born = (leads["day"] - start).dt.days // 7 + 1
        for number, part in [*leads.groupby(born), (0, leads)]:
            young = aged(part, courses, as_of)
            planned = (
                float(part["created"].sum()) * sprint.lead_conversion * (1.0 if young is None else young)
            )
            rows.append(("conversion", int(number), planned, float(part["converted"].sum())))
    passed = _weeks(start, last, country)
    if strategic and passed:
        seen = met[met["account_id"].isin(list(strategic))]
        number = (seen["week_start"] - start).dt.days // 7 + 1
        counts = seen.groupby(number)["account_id"].nunique().reindex(passed, fill_value=0)
        rows += [
            ("key_accounts", at, float(len(strategic)), float(n))
            for at, n in zip(passed, counts, strict=True)
        ]
        rows.append(("key_accounts", 0, float(len(strategic) * len(passed)), float(counts.sum())))
    table = pd.DataFrame(rows, columns=MATRIX[:4])
    told = (table["planned"] > 0) & ((table["task"] != "conversion") | (table["planned"] >= FEWEST_CONVERTED))
    return table.assign(reached=table["done"] / table["planned"].where(told))


def _weeks(start: pd.Timestamp, last: pd.Timestamp, country: str | None) -> list[int]:
    """The weeks that have passed and had a working day: nobody is met in a week of holidays."""
    whole = ((last - start).days + 1) // 7
    worked = {(day - start).days // 7 + 1 for day in working_days(start, last, country=country)}
    return [week for week in range(1, whole + 1) if week in worked]


def pace(
    sprint: Sprint | None, days: pd.DataFrame, *, as_of: pd.Timestamp, country: str | None = None
) -> pd.DataFrame:
    """What must change tomorrow? One row per task: planned (the whole sprint), due and done by now, reached (done ÷ due), left, a_day (done a
    working day so far), needed (a working day from now; missing where none is left)."""
    if sprint is None or days.empty:
        return pd.DataFrame(columns=PACE)
    start, end = pd.Timestamp(sprint.start), pd.Timestamp(sprint.end)
    gone = len(working_days(start, min(end, as_of), country=country))
    ahead = len(working_days(max(start, as_of + pd.Timedelta(days=1)), end, country=country))
    due = days[days["day"] <= as_of]
    table = pd.DataFrame({"planned": days.groupby("task")["planned"].sum()})
    table["due"] = due.groupby("task")["planned"].sum().reindex(table.index, fill_value=0.0)
    table["done"] = due.groupby("task")["done"].sum().reindex(table.index, fill_value=0.0)
    table["reached"] = table["done"] / table["due"].where(table["due"] > 0)
    table["left"] = (table["planned"] - table["done"]).clip(lower=0.0)
    table["a_day"] = table["done"] / gone if gone else np.nan
    table["needed"] = table["left"] / ahead if ahead else np.nan
    return table.reindex([task for task in TASKS if task in table.index]).rename_axis("task").reset_index()


def squads(
    sprint: Sprint | None, days: pd.DataFrame, *, as_of: pd.Timestamp, country: str | None = None
) -> pd.DataFrame:
    """Each squad against its own target: target, due and orders by now, reached (orders ÷ due), needed (a working day from now), visits and leads (shares of what was planned by
    now; missing where nothing is), least reached first. Empty without squads."""
    if sprint is None or not sprint.squads or days.empty:
        return pd.DataFrame(columns=SQUADS)
    ahead = len(
        working_days(
            max(pd.Timestamp(sprint.start), as_of + pd.Timedelta(days=1)), pd.Timestamp(sprint.end), country=country
        )
    )  # fmt: skip
    sums = days.assign(due=days["planned"].where(days["day"] <= as_of, 0.0)).groupby(["task", "squad"])
    whole = sums[["planned", "due", "done"]].sum()
    own = whole.loc["orders"].reindex(list(sprint.squads))
    table = pd.DataFrame({"target": own["planned"].round(2), "due": own["due"], "orders": own["done"]})
    table["people"] = [len(people) for people in sprint.squads.values()]
    table["reached"] = table["orders"] / table["due"].where(table["due"] > 0)
    table["needed"] = (table["target"] - table["orders"]).clip(lower=0) / ahead if ahead else np.nan
    for task in ("visits", "leads"):
        known = whole.loc[task].reindex(table.index) if task in whole.index.get_level_values(0) else None
        table[task] = np.nan if known is None else known["done"] / known["due"].where(known["due"] > 0)
    return (
        table.rename_axis("squad").reset_index().sort_values(["reached", "squad"], ignore_index=True)[SQUADS]
    )


def unmet(
    sprint: Sprint | None,
    met: pd.DataFrame,
    strategic: Collection[str],
    last_met: Mapping[str, pd.Timestamp],
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
) -> pd.DataFrame:
    """Which strategic accounts were not met in every week of the sprint that has passed and had a working day? One row per account: account_id, weeks (which, 1, 2, …), missed (how
    many), last_on (the last contact of all, missing where there was none), most missed first."""
    if sprint is None or not strategic:
        return pd.DataFrame(columns=UNMET)
    start = pd.Timestamp(sprint.start)
    passed = _weeks(start, min(pd.Timestamp(sprint.end), as_of), country)
    number = (met["week_start"] - start).dt.days // 7 + 1
    seen = met.assign(week=number).groupby("account_id")["week"].agg(set)
    rows = []
    for account in sorted(strategic):
        gone = [week for week in passed if week not in seen.get(account, set())]
        if gone:
            rows.append((account, gone, len(gone), last_met.get(account, pd.NaT)))
    return pd.DataFrame(rows, columns=UNMET).sort_values(
        ["missed", "account_id"], ascending=[False, True], ignore_index=True
    )
