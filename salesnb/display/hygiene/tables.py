"""Missing fields, thin records, stale deals, suspected duplicates and open checklists, as tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display.hygiene.prose import field_name, priced
from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import DEAL, WORTH, interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import called, worded
from salesnb.language import Message, Written, marked


def fields(frame: pd.DataFrame) -> Exhibit | None:
    """Which required field is missing most, in money."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    shown = worded(frame, field=[Written("sentence", field_name(name)) for name in frame["field"]])
    return exhibit.table(
        shown,
        name="missing_fields",
        finding=Message(
            "{field} is missing on deals worth {value:money}",
            field=field_name(worst["field"]),
            value=worst["missing_value"],
        )
        if priced(frame) and worst["missing_value"] > 0
        else Message("No required field is missing on a deal with an amount")
        if priced(frame)
        else Message("No open deal has an amount, so each field counts alike"),
        subtitle=Message("Required fields of open deals; complete: weighted by amount"),
        columns={
            "field": Column(marked("Field")),
            "asked": Column(marked("Required"), "count"),
            "filled": Column(marked("Filled"), "count"),
            "completeness": Column(marked("Complete"), "share"),
            "missing_value": Column(marked("Value without it"), "money", bar=True),
        },
    )


WRITTEN = {
    "activities": Column(marked("Activities"), "count"),
    "minutes": Column(marked("Minutes noted"), "percent"),
    "pain_points": Column(marked("Pain points"), "percent"),
    "next_steps": Column(marked("Next steps"), "percent"),
}


def records(frame: pd.DataFrame) -> Exhibit | None:
    """Who writes down what was said."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    return exhibit.table(
        frame,
        name="activity_records",
        finding=Message("{team} writes least down", team=worst["team"])
        if pd.isna(worst["next_steps"])
        else Message(
            "{team} writes least down: next steps on {share:percent} of its activities",
            team=worst["team"],
            share=worst["next_steps"],
        ),
        subtitle=Message(
            "Activities of the last three months that carry minutes, pain points and a next step"
        ),
        columns={
            "team": Column(marked("Team")),
            **_noted(frame),
        },
    )


def _noted(frame: pd.DataFrame) -> dict[str, Column]:
    """The columns of what anybody notes at all."""
    return {name: column for name, column in WRITTEN.items() if frame[name].notna().any()}


def record_people(frame: pd.DataFrame, *, fewest: int) -> Exhibit | None:
    """Which person writes down what was said."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    return exhibit.table(
        frame,
        name="activity_records_by_person",
        finding=Message("Thinnest are the records of {name}", name=worst["rep_name"])
        if pd.isna(worst["next_steps"])
        else Message(
            "Thinnest are the records of {name}: next steps on {share:percent} of the activities",
            name=worst["rep_name"],
            share=worst["next_steps"],
        ),
        subtitle=Message(
            "Activities of the last three months, from {fewest:count} a person; the thinnest records first",
            fewest=fewest,
        ),
        columns={
            "rep_name": Column(marked("Owner")),
            "team": Column(marked("Team"), secondary=True),
            **_noted(frame),
        },
    )


def stale(frame: pd.DataFrame) -> Exhibit | None:
    """Open records that nobody touched, or whose date has passed."""
    return exhibit.table(
        frame,
        name="stale_records",
        finding=Message("Open deals untouched for 60 days or past their date: {n:count}", n=len(frame)),
        subtitle=Message(
            "Zombies left out; silence since the last activity, stage or creation; overdue against the expected close"
        ),
        columns={
            **DEAL,
            **WORTH,
            "silent_days": Column(marked("Silent"), "days"),
            "overdue_days": Column(marked("Overdue"), "days"),
        },
    )


def promises(frame: pd.DataFrame, *, days: int) -> Exhibit | None:
    """Where a next step was named and nobody has called since."""
    return exhibit.table(
        frame,
        name="overdue_next_steps",
        finding=Message(
            "Next steps named and not taken: {n:count} deals, {value:money}",
            n=len(frame),
            value=float(frame["amount"].sum()),
        ),
        subtitle=Message(
            "Open deals, zombies left out, whose last contact named a next step more than {days:days} ago",
            days=days,
        ),
        columns={**DEAL, **WORTH, "waiting_days": Column(marked("Waiting"), "days")},
    )


def people(frame: pd.DataFrame) -> Exhibit | None:
    """Whose records are incomplete, person by person."""
    if frame.empty:
        return None
    flagged = int(frame["flagged"].sum())
    return exhibit.table(
        frame.assign(state=["behind" if flag else "" for flag in frame["flagged"]])[
            ["rep_name", "state", *[name for name in frame if name != "rep_name"]]
        ],
        name="fields_by_person",
        finding=Message(
            "Records thinner than the others’ beyond noise: {n:count} of {all:count} people",
            n=flagged,
            all=len(frame),
        )
        if flagged
        else Message("Nobody’s records are thinner than the others’ beyond noise"),
        subtitle=Message("Required fields of open deals that are filled, by owner"),
        columns={
            "rep_name": Column(marked("Owner")),
            "team": Column(marked("Team"), secondary=True),
            "asked": Column(marked("Required"), "count"),
            "share": Column(marked("Filled"), "share", status="state"),
            "rest": Column(marked("Others"), "share"),
            "missing_value": Column(marked("Value without it"), "money", secondary=True),
        },
    )


def duplicates(frame: pd.DataFrame) -> Exhibit | None:
    """Deals that may stand twice."""
    return exhibit.table(
        frame,
        name="suspected_duplicates",
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
    )


def items(frame: pd.DataFrame) -> Exhibit | None:
    """Which item of a checklist is left out."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    return exhibit.table(
        frame,
        name="checklist_items",
        finding=Message(
            "{item} is done least: {share:percent}", item=called(worst["item"]), share=worst["share"]
        ),
        subtitle=Message("Deals that entered the stage in the last twelve months"),
        columns={
            "item": Column(marked("Item"), "given"),
            "stage": Column(marked("Stage"), "given"),
            "asked": Column(marked("Deals"), "count"),
            "share": Column(marked("Done"), "share"),
        },
    )


def kept(frame: pd.DataFrame) -> Exhibit | None:
    """Win rates with and without the checklist, stage by stage; `frame` is `checklists.by_stage`."""
    if frame.empty:
        return None
    top = frame.iloc[0]
    return exhibit.table(
        frame,
        name="checklist_win_rates",
        finding=Message(
            "{stage}: {yes:percent} won with the checklist kept, {no:percent} without",
            stage=called(top["stage"]),
            yes=top["kept_rate"],
            no=top["others_rate"],
        ),
        subtitle=Message(
            "Closed deals that entered the stage in the last twelve months; from, to: 95% interval of the difference"
        ),
        columns={
            "stage": Column(marked("Stage"), "given"),
            "kept": Column(marked("Done as listed"), "count", secondary=True),
            "kept_rate": Column(marked("Won, kept"), "share"),
            "others": Column(marked("Not kept"), "count", secondary=True),
            "others_rate": Column(marked("Won, not kept"), "share"),
            "difference": Column(marked("Difference"), "points"),
            **interval("points"),
        },
    )


def to_fix(frame: pd.DataFrame) -> Exhibit | None:
    """The quotes to fix this week."""
    if frame.empty:
        return None
    shown = worded(
        frame,
        missing=[
            Written("sentence", Written("list", [called(name) for name in names]))
            for names in frame["missing"]
        ],
    )
    return exhibit.table(
        shown,
        name="checklists_to_fix",
        finding=Message("Fix these checklists this week, the largest first"),
        subtitle=Message("Open deals that stand at the stage with an item missing"),
        columns={
            **DEAL,
            **WORTH,
            "missing": Column(marked("Missing")),
        },
    )
