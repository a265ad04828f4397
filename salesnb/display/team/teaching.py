"""Who teaches whom, and which course next, in sentences and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import called, quarter, worded
from salesnb.headlines import Text
from salesnb.language import Message, Nothing, Written, marked

LISTED = 3  # people and courses that a sentence still names
SUBJECTS = {
    "leads converted": marked("turning leads into deals"),
    "prices kept": marked("keeping prices"),
    "customers met": marked("meeting customers every month"),
    "won": marked("winning deals"),
}
MEASURES = {
    "leads converted": marked("leads that became deals"),
    "prices kept": marked("sales below the usual discount"),
    "customers met": marked("months in which customers were met"),
    "won": marked("deals won"),
}
MODULES = {
    "product": marked("product knowledge"),
    "skills": marked("selling skills"),
    "communication": marked("communication"),
}
PLACES = {
    "planned": marked("planned"),
    "full": marked("no hours left"),
    "unknown": marked("hours not known"),
    "course": marked("no such course"),
}
EFFECTS = {
    "found": marked("seen"),
    "explained": marked("explained otherwise"),
    "cannot_tell": marked("cannot tell"),
    "none": marked("not beyond chance"),
    "": marked("not measured"),
}


def _subject(code: str) -> Message:
    """What a lecture is about."""
    return (
        Message(SUBJECTS[code])
        if code in SUBJECTS
        else Message("taking deals past {stage}", stage=called(code))
    )


def _measure(code: str) -> Message:
    """What is counted where a strength is told."""
    return Message(MEASURES[code]) if code in MEASURES else Message("deals past {stage}", stage=called(code))


def lecture(programme: pd.DataFrame, found: pd.DataFrame) -> Message | None:
    """Who lectures next?"""
    if found.empty:
        return Nothing(
            "Nobody's records are long enough to be compared, so nobody is proposed for the monthly lecture."
        )
    if programme.empty:
        return Nothing("Nobody's strength is beyond chance, so nobody is proposed for the monthly lecture.")
    first = programme.iloc[0]
    values = {
        "name": first["rep_name"], "month": first["month"], "subject": _subject(first["subject"]), "measure": _measure(first["subject"]),
        "rate": first["rate"], "peers": first["peers"],
    }  # fmt: skip
    if not len(first["names"]):
        return Message(
            "Lecture of {month:month}: {name} on {subject} ({measure}: {rate:share}, colleagues {peers:share}).",
            **values,
        )
    return Message(
        "Lecture of {month:month}: {name} on {subject} ({measure}: {rate:share}, colleagues {peers:share}), for {people:list} first.",
        people=list(first["names"])[:LISTED],
        **values,
    )


def lecture_caveat(found: pd.DataFrame) -> Message | None:
    """How few strengths are more than luck."""
    if found.empty:
        return None
    return Message(
        "{looks:count} records of people at stages, leads, prices and contact of two years; one in ten of the strengths told may be chance. Subjects take turns by the month.",
        looks=len(found),
    )


def lectures(programme: pd.DataFrame) -> Exhibit | None:
    """The coming lectures, one a month."""
    rows = worded(
        programme,
        what=[Written("sentence", _subject(code)) for code in programme["subject"]],
        counted=[Written("sentence", _measure(code)) for code in programme["subject"]],
    )
    return exhibit.table(
        rows,
        name="lectures",
        finding=Message("The coming lectures: who, on what, for whom"),
        subtitle=Message(
            "Strengths beyond chance among like cases; for those furthest below their colleagues"
        ),
        columns={
            "rep_name": Column(marked("Name")),
            "month": Column(marked("Month"), "month"),
            "what": Column(marked("Lecture on")),
            "counted": Column(marked("Measured by"), secondary=True),
            "rate": Column(marked("Own"), "share"),
            "peers": Column(marked("Colleagues"), "share"),
            "cases": Column(marked("Cases"), "count", secondary=True),
            "names": Column(marked("For"), "list"),
        },
    )


def curriculum(planned: pd.DataFrame, free: pd.Series, *, first: dt.date) -> Message | None:
    """Which training next quarter?"""
    if planned.empty:
        return Nothing("Nobody's results ask for a module of training beyond chance.")
    booked = planned[planned["place"] == "planned"]
    values = {"quarter": quarter(first), "n": planned["rep_id"].nunique()}
    if len(booked):
        one = booked.iloc[0]
        return Message(
            "{n:count} people need a module; in {quarter} {name} takes {course} first, {hours:number} of the {free:exact} hours that {team} has free.",
            name=one["rep_name"], course=one["course"], hours=one["hours"], free=float(free.get(one["team"], 0.0)), team=one["team"], **values,
        )  # fmt: skip
    one = planned.iloc[0]
    values = {"n": values["n"], "name": one["rep_name"], "module": Message(MODULES[one["module"]])}
    if one["place"] == "course":
        return Message(
            "{n:count} people need a module, {name} {module} first: no course of it is left to take.",
            **values,
        )
    if one["place"] == "full":
        return Message(
            "{n:count} people need a module, {name} {module} first: {team} has no selling hours left for it.",
            team=one["team"],
            **values,
        )
    return Message(
        "{n:count} people need a module, {name} {module} first; without logged activities nobody knows the hours for it.",
        **values,
    )


def curriculum_caveat(planned: pd.DataFrame) -> Message | None:
    """By which rule hours are given."""
    if planned.empty:
        return None
    return Message(
        "Hours go to who loses most money, {hours:number} a course, as long as the team's selling hours beside its usual appointments last. Whether a course helps stands above.",
        hours=float(planned["hours"].iloc[0]),
    )


def plan_table(planned: pd.DataFrame) -> Exhibit | None:
    """Who needs which module, and which course it becomes."""
    rows = worded(
        planned,
        what=[Written("sentence", Message(MODULES[module])) for module in planned["module"]],
        why=[Written("list", [called(reason) for reason in reasons]) for reasons in planned["reasons"]],
        told=[Written("sentence", _effect(row)) for row in planned.to_dict("records")],
    )
    return exhibit.table(
        rows,
        name="training_plan",
        finding=Message("Who needs which module, and what fits into the next quarter"),
        subtitle=Message(
            "Stages and product lines at which deals are lost beyond chance; most money at stake first"
        ),
        columns={
            "rep_name": Column(marked("Name")),
            "what": Column(marked("Module")),
            "why": Column(marked("Because of")),
            "lost_value": Column(marked("At stake"), "money"),
            "course": Column(marked("Course")),
            "told": Column(marked("Its effect"), secondary=True),
            "place": Column(marked("Next quarter"), words=PLACES),
        },
    )


def _effect(row: dict[object, object]) -> Message:
    if row["effect"] == "found":
        return Message("win rate {lift:gain} higher", lift=row["lift"])
    return Message(EFFECTS[str(row["effect"] or "")])


def grid(people: pd.DataFrame) -> Exhibit | None:
    """Courses taken by person and module, with what is needed."""
    if people.empty:
        return None
    rows = worded(people, lacking=[_needs(needs) for needs in people["needs"]])
    lacking = int(people[list(MODULES)].eq(0).all(axis=1).sum())
    return exhibit.table(
        rows,
        name="training_grid",
        finding=Message("Courses taken by person and module: {n:count} people took none", n=lacking),
        subtitle=Message("Since the records begin; a course counts once a person"),
        columns={
            "rep_name": Column(marked("Name")),
            "product": Column(marked("Product"), "count"),
            "skills": Column(marked("Skills"), "count"),
            "communication": Column(marked("Communication"), "count"),
            "lacking": Column(marked("Needed")),
        },
    )


def _needs(modules: Sequence[str]) -> Text | Written:
    return Written("list", [Message(MODULES[one]) for one in modules]) if len(modules) else ""
