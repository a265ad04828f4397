"""Who gets which part of the year, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesnb.display.kit.words import assigned
from salesnb.language import Message, Nothing, marked
from salesnb.results.targets import Parts

KINDS = {
    "region": marked("the region {name}"),
    "product_line": marked("the product line {name}"),
    "month": marked("the month {name}"),
}


def handed_out(parts: Parts | None) -> Message:
    """Is the year handed out whole, and where do people carry less than their region?"""
    if parts is None:
        return Nothing("Without a target there is nothing to hand out.")
    people = int((parts.people["target"] > 0).sum())
    if not people:
        return Message(
            "The {total:money} are divided among {regions:count} regions and {lines:count} product lines; nobody carries a personal target.",
            total=parts.total,
            regions=parts.table["region"].nunique(),
            lines=parts.table["product_line"].nunique(),
        )
    if parts.people["given"].isna().all():
        return Message(
            "The targets table names nobody: by capacity {n:count} people would carry {factor:share} of the {total:money}.",
            n=people,
            factor=parts.over_assigned,
            total=parts.total,
        )
    if not parts.placed:
        return Message(
            "{n:count} people carry {factor:share} of the {total:money}; not all of them have a region of their own.",
            n=people,
            factor=parts.over_assigned,
            total=parts.total,
        )
    short = parts.regions[parts.regions["open"] > 0.004]
    if len(short):
        return Message(
            "{n:count} people carry {factor:share} of the {total:money}; yet {open:money} of {region} is in nobody's target.",
            n=people,
            factor=parts.over_assigned,
            total=parts.total,
            open=short["open"].iloc[0],
            region=assigned(short["region"].iloc[0]),
        )
    return Message(
        "{n:count} people carry {factor:share} of the {total:money}, and in no region less than its target.",
        n=people,
        factor=parts.over_assigned,
        total=parts.total,
    )


def handed_out_caveat(parts: Parts | None, *, reason: Message | None) -> Message | None:
    """What stays fixed, what cannot be met, and how the parts came about; the reason where there is no target."""
    if parts is None:
        return reason
    how = Message(
        "Regions × product lines: last year's proportions, fitted to both totals. Each part adds up to the cent, down to the working day."
    )
    fixed = int(parts.cells["fixed"].sum())
    kept = (
        Message(
            "{how} Fixed by plan.yml: {n:count} of {all:count} parts.", how=how, n=fixed, all=len(parts.cells)
        )
        if fixed
        else how
    )
    if parts.unmet.empty:
        return kept
    return Message(
        "{how} What cannot be met: {unmet:list}.",
        how=kept,
        unmet=[*map(_unmet, parts.unmet.to_dict("records"))],
    )


def _unmet(row: Mapping[Any, Any]) -> Message:
    member = row["member"]
    name = Message("{month:month}", month=member) if row["kind"] == "month" else assigned(member)
    place = Message(KINDS[row["kind"]], name=name)
    if row["amount"] < 0:
        return Message("{place} gets {amount:money} too much", place=place, amount=-row["amount"])
    return Message("{place} lacks {amount:money}", place=place, amount=row["amount"])
