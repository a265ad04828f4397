"""Missing fields, thin records, stale deals, suspected duplicates and open checklists, as tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display import exhibit
from salesnb.display.columns import DEAL, WORTH
from salesnb.display.exhibit import Column, Exhibit
from salesnb.display.prose.hygiene import field_name
from salesnb.display.words import called
from salesnb.language import Language, Message, marked


def fields(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Which required field is missing most, in money."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    shown = frame.assign(field=[say.sentence(field_name(name)) for name in frame["field"]])
    return exhibit.table(
        shown,
        name="missing_fields",
        say=say,
        finding=Message(
            "{field} is missing on deals worth {value:money}",
            field=field_name(worst["field"]),
            value=worst["missing_value"],
        ),
        subtitle=Message("Required fields of open deals; complete: weighted by amount"),
        columns={
            "field": Column(marked("Field")),
            "asked": Column(marked("Required"), "count"),
            "filled": Column(marked("Filled"), "count"),
            "completeness": Column(marked("Complete"), "share"),
            "missing_value": Column(marked("Value without it"), "money", bar=True),
        },
    )


def records(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Who writes down what was said."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    return exhibit.table(
        frame,
        name="activity_records",
        say=say,
        finding=Message(
            "{team} writes least down: next steps on {share:percent} of its activities",
            team=worst["team"],
            share=worst["next_steps"],
        ),
        subtitle=Message(
            "Activities of the last three months that carry minutes, pain points and a next step"
        ),
        columns={
            "team": Column(marked("Team")),
            "activities": Column(marked("Activities"), "count"),
            "minutes": Column(marked("Minutes"), "percent"),
            "pain_points": Column(marked("Pain points"), "percent"),
            "next_steps": Column(marked("Next steps"), "percent"),
        },
    )


def stale(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Open records that nobody touched, or whose date has passed."""
    if frame.empty:
        return None
    return exhibit.table(
        frame,
        name="stale_records",
        say=say,
        finding=Message("Open deals untouched for 60 days or past their date: {n:count}", n=len(frame)),
        subtitle=Message(
            "Silence since the last activity, stage or creation; overdue against the expected close"
        ),
        columns={
            **DEAL,
            **WORTH,
            "silent_days": Column(marked("Silent"), "days"),
            "overdue_days": Column(marked("Overdue"), "days"),
        },
    )


def duplicates(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Deals that may stand twice."""
    if frame.empty:
        return None
    return exhibit.table(
        frame,
        name="suspected_duplicates",
        say=say,
        finding=Message("Pairs of open deals that may be one: {n:count}", n=len(frame)),
        subtitle=Message(
            "Same account, product and amount, created within 31 days; suggested, nothing is merged"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "first_id": Column(marked("First")),
            "second_id": Column(marked("Second")),
            "amount": Column(marked("Amount"), "money"),
            "days_apart": Column(marked("Apart"), "days"),
        },
        fold=5,
    )


def items(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Which item of a checklist is left out."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    return exhibit.table(
        frame.assign(item=[say.sentence(called(item)) for item in frame["item"]]),
        name="checklist_items",
        say=say,
        finding=Message(
            "{item} is done least: {share:percent}", item=called(worst["item"]), share=worst["share"]
        ),
        subtitle=Message("Deals that entered the stage in the last twelve months"),
        columns={
            "item": Column(marked("Item")),
            "stage": Column(marked("Stage")),
            "asked": Column(marked("Deals"), "count"),
            "share": Column(marked("Done"), "share"),
        },
    )


def to_fix(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """The quotes to fix this week."""
    if frame.empty:
        return None
    shown = frame.assign(missing=[say.sentence(say.list(map(called, names))) for names in frame["missing"]])
    return exhibit.table(
        shown,
        name="checklists_to_fix",
        say=say,
        finding=Message("Fix these checklists this week, the largest first"),
        subtitle=Message("Open deals that stand at the stage with an item missing"),
        columns={
            **DEAL,
            **WORTH,
            "missing": Column(marked("Missing")),
        },
    )
