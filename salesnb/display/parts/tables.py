"""The year handed out, listed: months, people, and what ramped capacity would give each of them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import summed
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import assigned, worded
from salesnb.language import Message, Text, marked
from salesnb.results.targets import Parts


def months(table: pd.DataFrame, *, fixed: list[pd.Timestamp]) -> Exhibit | None:
    """The company's months (`parts.by_month`); `fixed`: those that plan.yml fixes."""
    if table.empty:
        return None
    held = [Message("fixed") if month in fixed else "" for month in table["month"]]
    heaviest = table.sort_values("per_day").iloc[-1]
    return exhibit.table(
        worded(table, held=held),
        name="parts_months",
        finding=Message(
            "{month:month} asks most of a working day: {amount:money}",
            month=heaviest["month"],
            amount=heaviest["per_day"],
        ),
        subtitle=Message("The year's target by month; to the cent in the CSV"),
        columns={
            "month": Column(marked("Month"), "month"),
            "working_days": Column(marked("Working days"), "count"),
            "amount": Column(marked("Target"), "money"),
            "per_day": Column(marked("Per working day"), "money"),
            "total": Column(marked("Running total"), "money", secondary=True),
            **({"held": Column(marked("Fixed by plan.yml"), secondary=True)} if any(held) else {}),
        },
        total={"working_days": int(table["working_days"].sum()), "amount": float(table["amount"].sum())},
        fold=12,
    )


def people(table: pd.DataFrame, sheet: pd.DataFrame, names: dict[str, str]) -> Exhibit | None:
    """Each person's quarters (`parts.by_person`); the CSV is `sheet`, the whole breakdown by working day. `names`: by rep_id."""
    if table.empty:
        return None
    shown = worded(table, name=_called(table, names))
    quarters = [name for name in ("q1", "q2", "q3", "q4") if name in table]
    return exhibit.table(
        shown,
        name="parts",
        finding=Message("Everybody's target by quarter"),
        subtitle=Message(
            "The CSV has each working day × person × product line, with its week, month and quarter. Rows without a person are in nobody's target; below zero, people carry more than the region"
        ),
        columns={
            "name": Column(marked("Person")),
            "team": Column(marked("Team"), secondary=True),
            **{quarter: Column(Message("Quarter {n}", n=quarter[1:]), "money") for quarter in quarters},
            "year": Column(marked("Target, year"), "money"),
        },
        total={name: round(float(table[name].sum()), 2) for name in [*quarters, "year"]},
        whole=worded(sheet, name=_called(sheet, names)),
    )


def _called(table: pd.DataFrame, names: dict[str, str]) -> list[Text]:
    return [
        names.get(rep, rep) or Message("nobody, {region}", region=assigned(region))
        for rep, region in zip(table["rep_id"], table["region"], strict=True)
    ]


def proposals(parts: Parts | None, names: dict[str, str], *, helped: Collection[str] = ()) -> Exhibit | None:
    """Whose target differs most from what last year's sales and this year's capacity suggest? None where the targets table names nobody.

    Of those whose own sales fell (`helped`: rep ids) nobody says that they could carry more."""
    if parts is None or parts.people["given"].isna().all():
        return None
    table = parts.people.assign(name=[names.get(rep, rep) for rep in parts.people["rep_id"]])
    table = table.sort_values("difference", key=lambda column: -column.abs(), ignore_index=True)
    told = table[~((table["difference"] < 0) & table["rep_id"].isin(list(helped)))]
    most = (told if len(told) else table).iloc[0]
    if told.empty:
        finding = Message("Everybody's target beside what last year's sales suggest")
    elif most["difference"] < 0:
        finding = Message(
            "{name} could carry {amount:money} more, by last year's sales",
            name=most["name"],
            amount=-most["difference"],
        )
    else:
        finding = Message(
            "{name} carries {amount:money} more than last year's sales suggest",
            name=most["name"],
            amount=most["difference"],
        )
    return exhibit.table(
        table,
        name="parts_proposed",
        finding=finding,
        subtitle=Message(
            "Proposed: the region's target × {factor:share}, by last year's sales per capacity × this year's capacity; new and leaving people for the months they carry",
            factor=parts.over_assignment,
        ),
        columns={
            "name": Column(marked("Person")),
            "capacity": Column(marked("Capacity"), "number", secondary=True),
            "given": Column(marked("Target, year"), "money"),
            "proposed": Column(marked("Proposed"), "money"),
            "difference": Column(marked("More than proposed"), "money", signed=True),
        },
        total=summed(table, "given", "proposed"),
    )
