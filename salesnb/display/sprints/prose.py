"""Is the sprint feasible, what binds, and what would make it feasible, in sentences?"""

from __future__ import annotations

from salesnb.display.kit.words import named
from salesnb.language import Message, Nothing, marked
from salesnb.results.sprints import Change, SprintPlan, Verdict

TASKS = {
    "visits": marked("visits"),
    "leads": marked("new leads"),
    "quotes": marked("quotes"),
    "key_account_contacts": marked("key-account contacts"),
    "cadence": marked("care of accounts"),
}
NAMED = 3  # changes that the answer names; the table has all


def task_name(name: str) -> Message | str:
    """A task for the reader."""
    return named(name, TASKS)


def squad_name(name: str) -> Message | str:
    """A squad for the reader; people without a team have none."""
    return name or Message("Without a team")


def verdict(plan: SprintPlan | None) -> Message | None:
    """Feasible, or what binds and the smallest changes; None without data to judge it."""
    if plan is None:
        return Nothing("No sprint of plan.yml lies ahead: there is none to judge.")
    if plan.verdict is None:
        return None
    name, judged = plan.sprint.name, plan.verdict
    if judged.feasible:
        return Message(
            "The sprint {name} is feasible in every squad; scarcest is {resource}, used to {use:share}.",
            name=name,
            resource=_resource(judged.squad, judged.constraint),
            use=judged.use,
        )
    problem = _problem(name, judged)
    if not plan.changes:
        return Message("{problem} No single change is enough.", problem=problem)
    ways = [change(found) for found in plan.changes[:NAMED]]
    if len(ways) == 1:
        return Message("{problem} What would do: {way}.", problem=problem, way=ways[0])
    return Message("{problem} Any one of these would do: {ways}.", problem=problem, ways=_either(ways))


def _either(ways: list[Message]) -> Message | str:
    """a; b; or c"""
    text: Message = ways[0]
    for way in ways[1:-1]:
        text = Message("{first}; {then}", first=text, then=way)
    return Message("{first}; or {last}", first=text, last=ways[-1])


def _resource(squad: str, constraint: str) -> Message:
    if constraint == "hours":
        return Message("the time of {squad}", squad=squad_name(squad))
    return Message("the visits planned") if constraint == "visits" else Message("what deals bring")


def _problem(name: str, judged: Verdict) -> Message:
    """Which resource of which squad is short, and by how much."""
    scarcest = judged.uses.iloc[0]
    short = {"name": name, "squad": squad_name(judged.squad), "use": judged.use}
    if judged.constraint == "hours":
        if not scarcest["there"] > 0:
            return Message("The sprint {name} is not feasible: {squad} has work but no hours.", **short)
        others = judged.over.iloc[1:]
        more = [squad_name(squad) for squad in others.loc[others["resource"] == "hours", "squad"]]
        if more:
            return Message(
                "The sprint {name} is not feasible: {squad} needs {use:share} of its hours; too few have {more:list}, too.",
                **short,
                more=more,
            )
        return Message("The sprint {name} is not feasible: {squad} needs {use:share} of its hours.", **short)
    if judged.constraint == "visits":
        return Message(
            "The sprint {name} is not feasible: its target needs {need:number} visits a working day against {there:number} planned or usual.",
            name=name,
            need=scarcest["need"],
            there=scarcest["there"],
        )
    return Message(
        "The sprint {name} is not feasible: deals will most likely bring {there:money} of the {need:money} asked of them.",
        name=name,
        need=scarcest["need"],
        there=scarcest["there"],
    )


def change(found: Change) -> Message:
    """One change that would do, in words."""
    who = {"squads": [squad_name(squad) for squad in found.squads], "size": found.size}
    donors = [squad_name(squad) for squad in found.donors]
    one = found.size == 1
    texts = {
        "lend": Message("{donors:list} lends {squads:list} one person-day", donors=donors, **who)
        if one
        else Message("{donors:list} lends {squads:list} {size:count} person-days", donors=donors, **who),
        "people": Message("{squads:list} gets one more experienced person", **who)
        if one
        else Message("{squads:list} gets {size:count} more experienced people", **who),
        "days": Message("the sprint runs one working day longer")
        if one
        else Message("the sprint runs {size:count} working days longer", size=found.size),
        "visits": Message(
            "{after:number} visits a day instead of {before:number}", after=found.after, before=found.before
        ),
        "leads": Message(
            "{after:number} leads a day instead of {before:number}", after=found.after, before=found.before
        ),
        "lead_conversion": Message(
            "{size:points} of lead conversion, to {after:share}", size=found.size, after=found.after
        ),
        "win_rate": Message(
            "{size:points} of win rate, to {after:share}", size=found.size, after=found.after
        ),
        "target": Message(
            "a target of {after:money} instead of {before:money}", after=found.after, before=found.before
        ),
    }
    return texts[found.kind]


def caveat(plan: SprintPlan | None) -> Message | None:
    """Which rates the back-computation used, from which span, and at which chance open deals count."""
    if plan is None:
        return None
    measured = plan.measured
    if measured.win_rate is None or measured.deal_size is None:
        return Message("Too few closed deals before the sprint to trace its target back to tasks.")
    traced = Message(
        "Traced back with the twelve months before {day:date}: win rate {win:share}, won amount {size:money}, median {days:days} to win. Lengths of tasks without recorded minutes are assumed.",
        day=measured.before,
        win=measured.win_rate,
        size=measured.deal_size,
        days=measured.days_to_win,
    )
    if plan.coming is None or not plan.coming.amount:
        return traced
    values = {"amount": plan.coming.amount, "expected": plan.coming.expected}
    if plan.coming.stood_for:
        counted = Message(
            "Open deals of {amount:money}, of which {usual:money} is the usual won amount for those without one, count {expected:money}: at the chance that deals of their age had to be won in so many days.",
            usual=plan.coming.stood_for,
            **values,
        )
    else:
        counted = Message(
            "Open deals of {amount:money} count {expected:money}: at the chance that deals of their age had to be won in so many days.",
            **values,
        )
    return Message("{traced} {counted}", traced=traced, counted=counted)
