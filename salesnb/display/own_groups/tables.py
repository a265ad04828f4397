"""Groups by a company's own columns, as tables; None where no column of its own groups anything."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.language import Message, Text, marked

GROUP = {"member": Column(marked("Group")), "dimension": Column(marked("By"))}


def year(frame: pd.DataFrame) -> Exhibit | None:
    """The year to date of each group beside the same span of last year."""
    return _moved(
        frame,
        "gap_by_group",
        Message("Bookings, year to date against the same span last year"),
        {"actual": marked("This year"), "before": marked("Last year")},
    )


def month(frame: pd.DataFrame) -> Exhibit | None:
    """The month of each group beside the month before."""
    return _moved(
        frame,
        "month_by_group",
        Message("Bookings of the month and of the month before"),
        {"actual": marked("Bookings"), "before": marked("Last month")},
    )


def tiers(frame: pd.DataFrame) -> Exhibit | None:
    """How many accounts of each tier a group has."""
    if frame.empty:
        return None
    most = frame.sort_values("revenue", kind="stable").iloc[-1]
    return exhibit.table(
        frame,
        name="tiers_by_group",
        finding=Message(
            "{member} ({dimension}) brings most: {revenue:money} from {n:count} accounts",
            member=most["member"],
            dimension=most["dimension"],
            revenue=most["revenue"],
            n=int(most["accounts"]),
        ),
        subtitle=Message("Accounts by tier and revenue of twelve months, by columns of the company's own"),
        columns={
            **GROUP,
            "accounts": Column(marked("Accounts"), "count"),
            "strategic": Column(marked("Strategic"), "count"),
            "core": Column(marked("Core"), "count"),
            "potential": Column(marked("Potential"), "count", secondary=True),
            "opportunity": Column(marked("Opportunity"), "count", secondary=True),
            "revenue": Column(marked("Revenue"), "money", bar=True),
        },
    )


def _moved(frame: pd.DataFrame, name: str, subtitle: Text, called: dict[str, str]) -> Exhibit | None:
    if frame.empty:
        return None
    most = frame.sort_values("change", key=abs, kind="stable").iloc[-1]
    return exhibit.table(
        frame,
        name=name,
        finding=Message(
            "{member} ({dimension}) moved most: {change:money}",
            member=most["member"],
            dimension=most["dimension"],
            change=most["change"],
        ),
        subtitle=subtitle,
        columns={
            **GROUP,
            **{column: Column(label, "money") for column, label in called.items()},
            "change": Column(marked("Change"), "money", bar=True, signed=True),
        },
    )
