"""Months, weeks, people and contradictions, listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.columns import summed
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import assigned, worded
from salesnb.display.targets.prose import model_name
from salesnb.language import Message, Written, marked
from salesnb.results.targets import Cause


def models(scores: pd.DataFrame) -> Exhibit | None:
    """The candidates, their errors and their weights, heaviest first."""
    if scores.empty:
        return None
    return exhibit.table(
        worded(scores, name=[Written("sentence", model_name(name)) for name in scores["model"]]),
        name="forecast_models",
        finding=Message("Most weight: {model}", model=model_name(scores["model"].iloc[0])),
        subtitle=Message("Mean error at past month ends, three months ahead each"),
        columns={
            "name": Column(marked("Model")),
            "mae": Column(marked("Mean error"), "money"),
            "mase": Column(marked("MASE"), "number"),
            "weight": Column(marked("Weight"), "percent"),
        },
        analyst=True,
    )


def gap_causes(cause: Cause | None, called: Mapping[str, str]) -> Exhibit | None:
    """Who lost what in the cell with the largest gap; None where there is none or only one person."""
    if cause is None or len(cause.reps) < 2:
        return None
    reps = cause.reps.assign(name=[called.get(rep, rep) for rep in cause.reps["rep_id"]])
    subtitle = Message("Bookings, year to date against the same span last year")
    if cause.personal and cause.beside and cause.beside.high < 0:
        subtitle = Message(
            "Bookings, year to date against the same span last year; {names:list} kept {least:percent} to {most:percent} less of it than everybody else with {line} (90% interval)",
            names=[called.get(name, name) for name in cause.names],
            least=-cause.beside.high,
            most=-cause.beside.low,
            line=assigned(cause.product_line),
        )
    return exhibit.table(
        reps,
        name="gap_people",
        finding=Message(
            "{line} in {region}, by person", line=assigned(cause.product_line), region=assigned(cause.region)
        ),
        subtitle=subtitle,
        columns={
            "name": Column(marked("Person")),
            "prior": Column(marked("Last year"), "money"),
            "actual": Column(marked("This year"), "money"),
            "change": Column(marked("Change"), "money", bar=True, signed=True),
        },
        total=summed(reps, "prior", "actual", "change"),
    )


def months_left(remaining: pd.DataFrame) -> Exhibit | None:
    """What each month left must bring."""
    if remaining.empty:
        return None
    return exhibit.table(
        remaining,
        name="months_left",
        finding=Message("What each month left must bring"),
        subtitle=Message("The missing amount, spread as planned over the months and their working days"),
        columns={
            "month": Column(marked("Month"), "month"),
            "planned": Column(marked("Planned"), "money"),
            "needed": Column(marked("Needed"), "money"),
            "working_days": Column(marked("Working days"), "count"),
            "per_day": Column(marked("Per working day"), "money"),
            "last_year": Column(marked("Last year"), "money", secondary=True),
        },
        total=summed(remaining, "planned", "needed", "working_days"),
    )


def weeks_left(weeks: pd.DataFrame) -> Exhibit | None:
    """What each week left must bring."""
    return exhibit.table(
        weeks,
        name="weeks_left",
        finding=Message("The same by week"),
        subtitle=Message("Needed from now; to the cent in the CSV"),
        columns={
            "week": Column(marked("Week of"), "date"),
            "working_days": Column(marked("Working days"), "count"),
            "needed": Column(marked("Needed"), "money"),
            "total": Column(marked("Running total"), "money"),
        },
    )


def carriers(people: pd.DataFrame) -> Exhibit | None:
    """Everybody's target, bookings, attainment, capacity and load, largest shortfall first."""
    if people.empty:
        return None
    states = [theme.status_of(value, 1.0) if value == value else "" for value in people["attainment"]]
    return exhibit.table(
        people.assign(state=states),
        name="carriers",
        finding=Message("Who carries what"),
        subtitle=Message("Year to date; capacity in full people over the year"),
        columns={
            "name": Column(marked("Person")),
            "target_year": Column(marked("Target, year"), "money", secondary=True),
            "target_ytd": Column(marked("Target to date"), "money"),
            "actual_ytd": Column(marked("Actual"), "money"),
            "attainment": Column(marked("Attainment"), "share", status="state"),
            "gap": Column(marked("Gap"), "money", signed=True),
            "capacity": Column(marked("Capacity"), "number", secondary=True),
            "load": Column(marked("Load"), "number", secondary=True),
        },
        total=summed(people, "actual_ytd", "target_ytd", "target_year", "gap"),
    )


def contradictions(messages: Sequence[Message]) -> Exhibit | None:
    """What the plan's linter found, one per row."""
    return exhibit.table(
        pd.DataFrame({"finding": list(messages)}),
        name="plan_contradictions",
        finding=Message("What does not add up"),
        subtitle=Message("From plan.yml and the targets table"),
        columns={"finding": Column(marked("Contradiction"), longest=400)},
    )
