"""The sprint listed: each squad's verdict, what would make it feasible, the day's tasks, and what open deals bring by their age."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import summed
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.workbook import Sheet, workbook
from salesnb.display.sprints.prose import TASKS, change, squad_name, task_name
from salesnb.language import Language, Message, Written, marked
from salesnb.results.sprints import SprintPlan, Verdict

VERDICTS = {
    "ahead": marked("feasible"),
    "watch": marked("deals short"),
    "behind": marked("hours short"),
}


def squads(plan: SprintPlan | None) -> Exhibit | None:
    """Can each squad do its part? None without a plan."""
    if plan is None or plan.verdict is None:
        return None
    table = plan.verdict.squads
    shown = table.assign(name=table["squad"].map(squad_name))
    short = shown[shown["verdict"] == "behind"]
    finding = (
        Message("Hours are missing in {squads:list}", squads=list(short["name"]))
        if len(short)
        else Message("Every squad has the hours for its part")
    )
    deals = {
        "asked": Column(marked("Asked of deals"), "money", secondary=True),
        "brought": Column(marked("Deals bring"), "money", secondary=True),
    }
    return exhibit.table(
        shown,
        name="sprint_squads",
        finding=finding,
        subtitle=Message(
            "The whole sprint, by squad; deals at their measured chance, where one squad's surplus makes up for another's shortfall"
        ),
        columns={
            "name": Column(marked("Squad")),
            "people": Column(marked("People"), "number", secondary=True),
            "need": Column(marked("Hours needed"), "count"),
            "hours": Column(marked("Hours"), "count"),
            "use": Column(marked("Load"), "share"),
            **(deals if table["asked"].notna().any() else {}),
            "verdict": Column(marked("Verdict"), "status", words=VERDICTS),
        },
    )


def changes(plan: SprintPlan | None) -> Exhibit | None:
    """What would make the sprint feasible, each alone? None where it is, or where nothing alone does."""
    if plan is None or not plan.changes:
        return None
    found = plan.changes
    shown = pd.DataFrame(
        {
            "change": [Written("sentence", change(one)) for one in found],
            "use": [one.use for one in found],
            "kind": [one.kind for one in found],
            "size": [one.size for one in found],
            "before": [one.before for one in found],
            "after": [one.after for one in found],
        }
    )
    return exhibit.table(
        shown,
        name="sprint_changes",
        finding=Message("Ways to make it feasible, each by itself: {n:count}", n=len(found)),
        subtitle=Message("The smallest change of each kind; the plan was made again with it"),
        columns={
            "change": Column(marked("Change")),
            "use": Column(marked("Scarcest resource then"), "share"),
        },
    )


TASK_COLUMNS = {
    "name": Column(marked("Task")),
    "planned": Column(marked("Planned"), "number"),
    "needed": Column(marked("Needed"), "number"),
    "usual": Column(marked("Usual"), "number"),
    "minutes": Column(marked("Minutes each"), "number", secondary=True),
    "hours": Column(marked("Hours a day"), "number"),
}


def _called(task: str) -> Written:
    return Written("sentence", task_name(task))


def team_book(plan: SprintPlan, judged: Verdict, say: Language) -> bytes:
    """The plan as a workbook for the team: each working day × squad with its tasks, hours and load; the tasks; squads; what would do."""
    found = plan.matrix
    numbers = found.pivot_table("number", ["day", "squad"], "task", aggfunc="sum", sort=False)
    care = found[found["task"] == "cadence"].set_index(["day", "squad"])["need"]
    whole = found.groupby(["day", "squad"], sort=True).agg(
        people=("people", "first"), need=("need", "sum"), hours=("hours", "first"), use=("use", "first")
    )
    daily = numbers.reindex(whole.index).join(whole).assign(care=care.reindex(whole.index)).reset_index()
    daily["squad"] = daily["squad"].map(squad_name)
    work = plan.work.assign(name=plan.work["task"].map(_called))
    tasks_there = [name for name in TASKS if name in numbers]
    return workbook(
        [
            Sheet(
                Message("Day by day"),
                daily,
                {
                    "day": Column(marked("Day"), "date"),
                    "squad": Column(marked("Squad")),
                    **{name: Column(_called(name), "number") for name in tasks_there},
                    "care": Column(marked("Care of accounts, hours"), "number"),
                    "people": Column(marked("People"), "number"),
                    "need": Column(marked("Hours needed"), "number"),
                    "hours": Column(marked("Hours"), "number"),
                    "use": Column(marked("Load"), "percent"),
                },
                load="use",
            ),
            Sheet(Message("Tasks"), work, TASK_COLUMNS),
            Sheet(
                Message("Squads"),
                judged.squads.assign(name=judged.squads["squad"].map(squad_name)),
                {
                    "name": Column(marked("Squad")),
                    "people": Column(marked("People"), "number"),
                    "need": Column(marked("Hours needed"), "number"),
                    "hours": Column(marked("Hours"), "number"),
                    "use": Column(marked("Load"), "percent"),
                    "verdict": Column(marked("Verdict"), words=VERDICTS),
                },
                load="use",
            ),
            Sheet(
                Message("What would do"),
                pd.DataFrame({"change": [Written("sentence", change(one)) for one in plan.changes]}),
                {"change": Column(marked("Change"))},
            ),
        ],
        say=say,
    )


def tasks(plan: SprintPlan | None) -> Exhibit | None:
    """Each task per working day: planned, needed by the target, usual, hours."""
    if plan is None or plan.work.empty:
        return None
    work = plan.work
    shown = work.assign(name=work["task"].map(_called))
    return exhibit.table(
        shown,
        name="sprint_tasks",
        finding=Message("What each working day of the sprint asks for"),
        subtitle=Message(
            "Per working day, all squads together; needed: traced back from the target. XLSX: day by day and squad by squad, for the team"
        ),
        columns=TASK_COLUMNS,
        total=summed(shown, "hours"),
        book=None if plan.verdict is None else partial(team_book, plan, plan.verdict),
    )


def open_deals(plan: SprintPlan | None) -> Exhibit | None:
    """At which chance do open deals count, by their age? None where nothing is open or nothing was watched."""
    if plan is None or plan.coming is None or not plan.coming.amount:
        return None
    found = plan.coming
    ages = found.ages
    days = [
        Message("{first:count} days and more", first=first)
        if np.isinf(after)
        else Message("{first:count} to {last:count} days", first=first, last=after - 1)
        for first, after in zip(ages["from_days"], ages["to_days"], strict=True)
    ]
    return exhibit.table(
        ages.assign(age=pd.Series(days, ages.index)),
        name="sprint_open_deals",
        finding=Message(
            "Open deals bring {expected:money} within the sprint, {part:share} of what they are worth",
            expected=found.expected,
            part=found.expected / found.amount,
        ),
        subtitle=Message(
            "By age when the sprint begins; chance: the share of such deals' money that was won within as many days, in the twelve months before"
        ),
        columns={
            "age": Column(marked("Age")),
            "watched": Column(marked("Watched"), "count", secondary=True),
            "chance": Column(marked("Chance"), "share"),
            "deals": Column(marked("Deals"), "count", secondary=True),
            "amount": Column(marked("Open amount"), "money"),
            "expected": Column(marked("Counted"), "money", bar=True),
        },
        total={"amount": found.amount, "expected": found.expected, "deals": int(ages["deals"].sum())},
    )
