"""Who was called after an event, and who was not: sentences and tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.display.risk.tables import EVENTS
from salesnb.language import Message, Nothing, Written, marked


def told(
    events: pd.DataFrame, uncalled: pd.DataFrame, *, days: int, lacking: Message | None = None
) -> Message | None:
    """Who was called after the event that left most money uncalled, and who is not called yet? `lacking`: why nobody can say."""
    if lacking is not None:
        return Message("Who was called after them is not known: no table tells of activities.")
    if events.empty:
        return Nothing(
            "No event of the last twelve months that one would call after names a customer or a product line, or its thirty days still run."
        )
    first = events.iloc[0]
    values = {
        "kind": Message(EVENTS[first["kind"]]),
        "day": first["happened_on"],
        "subject": first["subject"],
    }
    if first["on_line"]:
        said = Message(
            "After the {kind} of {day:date}, {met:count} of the {n:count} largest buyers of {subject} were met within {days:days}; in any {days:days} it is {usual:count}.",
            **values,
            met=int(first["met"]),
            n=int(first["customers"]),
            usual=round(first["usual"]),
            days=days,
        )
    elif first["met"]:
        said = Message(
            "Within {days:days} of the {kind} of {day:date}, {subject} was met.", **values, days=days
        )
    else:
        said = Message(
            "Within {days:days} of the {kind} of {day:date}, nobody met {subject}.", **values, days=days
        )
    left = uncalled[uncalled["first_on"].isna()]
    if left.empty:
        return said
    return Message(
        "{told} Not met to this day after an event: {names:list}.",
        told=said,
        names=[*left["account_name"].drop_duplicates().head(3), *_more(left["account_name"].nunique() - 3)],
    )


def together(first: Message | None, second: Message | None) -> Message | None:
    """What followed, and who was called, in one answer."""
    if first is None or second is None or isinstance(second, Nothing):
        return first if second is None or first is not None else second
    return Message("{first} {second}", first=first, second=second)


def _more(n: int) -> list[Message]:
    return [Message("{n:count} more", n=n)] if n > 0 else []


def caveat(events: pd.DataFrame, before: Message | None = None) -> Message | None:
    """What meeting somebody says and what not."""
    if events.empty:
        return before
    met = Message(
        "Any logged activity counts as met. Whom we met and whom not differ in more than that, so that it is not told what the calls brought."
    )
    return together(before, met) if before is not None else met


def answers(events: pd.DataFrame) -> Exhibit | None:
    """How each event was answered, and what was agreed after it."""
    if events.empty:
        return None
    rows = worded(
        events,
        what=[Written("sentence", Message(EVENTS[kind])) for kind in events["kind"]],
        agreed=events["agreed"].fillna(""),
    )
    told = {
        "agreed": Column(marked("Agreed after it"), secondary=True),
        "done_on": Column(marked("Done on"), "date", secondary=True),
    }
    return exhibit.table(
        rows,
        name="event_answers",
        finding=Message("Who was met after an event"),
        subtitle=Message(
            "The account, or the largest buyers of the line in the year before; met within thirty days, beside the number met in any thirty days"
        ),
        columns={
            "subject": Column(marked("Subject")),
            "what": Column(marked("Event")),
            "happened_on": Column(marked("On"), "date"),
            "customers": Column(marked("Customers"), "count"),
            "met": Column(marked("Met in time"), "count"),
            "usual": Column(marked("Usually"), "number", secondary=True),
            "never": Column(marked("Not met yet"), "count"),
            **{name: column for name, column in told.items() if events[name].notna().any()},
        },
        fold=len(rows),
    )


def uncalled(rows: pd.DataFrame) -> Exhibit | None:
    """Whom nobody met in time after an event, those not met yet first."""
    if rows.empty:
        return None
    return exhibit.table(
        worded(rows, what=[Written("sentence", Message(EVENTS[kind])) for kind in rows["kind"]]),
        name="not_called",
        finding=Message("Not met within thirty days of an event"),
        subtitle=Message("Those not met to this day first, then by what they had bought in the year before"),
        columns={
            "account_name": Column(marked("Account")),
            "subject": Column(marked("Subject"), secondary=True),
            "what": Column(marked("Event")),
            "happened_on": Column(marked("On"), "date"),
            "bought": Column(marked("Bought before"), "money", bar=True),
            "first_on": Column(marked("First met on"), "date"),
            "owner": Column(marked("Owner")),
        },
        fold=len(rows),
    )
