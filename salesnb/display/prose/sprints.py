"""Is the sprint feasible, in sentences?"""

from __future__ import annotations

from typing import Any

from salesnb.display.words import named
from salesnb.language import Message, marked

TASKS = {
    "visits": marked("visits"),
    "leads": marked("new leads"),
    "quotes": marked("quotes"),
    "key_account_contacts": marked("key-account contacts"),
    "cadence": marked("care of accounts"),
}


def task_name(name: str) -> Message | str:
    """A task for the reader."""
    return named(name, TASKS)


def verdict(plan: Any) -> Message | None:
    """Feasible, or what binds and the smallest change; None without a sprint or data to judge it."""
    if plan is None or plan.verdict is None:
        return None
    sprint, judged = plan.sprint, plan.verdict
    name = sprint.name
    if judged.feasible:
        return Message(
            "The sprint {name} is feasible: its scarcest resource is used to {use:percent}.",
            name=name,
            use=judged.use,
        )
    if judged.constraint == "hours":
        if judged.people is not None and judged.days is not None:
            return Message(
                "The sprint {name} needs {use:multiple} the hours there are: people missing {people:count}, or working days {days:count} more.",
                name=name,
                use=judged.use,
                people=judged.people,
                days=judged.days,
            )
        return Message("The sprint {name} has work but no hours: nobody is assigned.", name=name)
    if judged.constraint == "leads":
        if judged.conversion is not None:
            return Message(
                "The sprint {name} needs {use:multiple} the leads planned, or a lead conversion of {conversion:share}.",
                name=name,
                use=judged.use,
                conversion=judged.conversion,
            )
        return Message(
            "The sprint {name} needs {use:multiple} the leads planned; no conversion makes up for that.",
            name=name,
            use=judged.use,
        )
    if judged.constraint == "visits":
        row = plan.work[plan.work["task"] == "visits"].iloc[0]
        return Message(
            "The sprint {name} needs {needed:number} visits a working day to reach its target; planned or usual: {planned:number}.",
            name=name,
            needed=row["needed"],
            planned=row["planned"] if row["planned"] == row["planned"] else row["usual"],
        )
    if judged.conversion is not None:
        return Message(
            "The sprint {name} must close what is open already, worth 1/{use:number} of its target: it needs a win rate of {rate:share}.",
            name=name,
            use=judged.use,
            rate=judged.conversion,
        )
    return Message(
        "The sprint {name} must close what is open already, and asks for {use:multiple} its worth.",
        name=name,
        use=judged.use,
    )


def caveat(plan: Any) -> Message | None:
    """Which rates the back-computation used, from which span."""
    if plan is None:
        return Message("plan.yml names no sprint.")
    measured = plan.measured
    if measured.win_rate is None or measured.deal_size is None:
        return Message("Too few closed deals before the sprint to trace its target back to tasks.")
    return Message(
        "Traced back with the twelve months before {day:date}: win rate {win:share}, won amount {size:money}, median {days:days} to win. Lengths of tasks without recorded minutes are assumed.",
        day=plan.sprint.start,
        win=measured.win_rate,
        size=measured.deal_size,
        days=measured.days_to_win,
    )
