"""The strategic accounts' cards and the core accounts' monthly review: sentences, tables, and a printed sheet for each manager."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from salesnb.display.customers.tables import TIER_NAMES
from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.display.kit.workbook import Sheet, workbook
from salesnb.language import Language, Message, marked
from salesnb.results.customers import Moves

NAMED = 3  # unmet accounts that a sentence can hold
NOBODY = marked("without an owner")

AGENDA = {
    "account_name": Column(marked("Account")),
    "revenue": Column(marked("Revenue"), "money"),
    "change": Column(marked("Change"), "money", signed=True),
    "last_contact_on": Column(marked("Last contact"), "date"),
    "last_on": Column(marked("Last order"), "date"),
    "pause": Column(marked("Pause"), "days"),
    "interval": Column(marked("Usual interval"), "days"),
    "score": Column(marked("Score"), "number"),
    "score_age": Column(marked("Score's age"), "days"),
    "deals": Column(marked("Open deals"), "count"),
    "promised": Column(marked("Their amount"), "money"),
    "offer": Column(marked("Peers also buy")),
}
TALK = {
    "agreed": Column(marked("Agreed")),
    "by": Column(marked("By whom")),
    "until": Column(marked("Until")),
}  # empty cells, to be written into


def contact(cards: pd.DataFrame) -> Message | None:
    """Which strategic accounts has no executive met in time, and which are behind their plan?"""
    if cards.empty:
        return None
    unmet = cards[~cards["executive_in_time"].fillna(False).astype(bool)]
    planned = cards[cards["attainment"].notna()]
    behind = planned[planned["attainment"] < 1]
    values: dict[str, Any] = {"n": len(cards), "unmet": len(unmet)}
    if cards["executive_in_time"].isna().all():
        first = Message("No executive's meeting is logged: whom one met is not known")
    elif len(unmet):
        names: list[str | Message] = list(unmet["account_name"].head(NAMED))
        if len(unmet) > NAMED:
            names.append(Message("{more:count} more", more=len(unmet) - NAMED))
        first = Message(
            "{unmet:count} of {n:count} strategic accounts were met by no executive in time: {names:list}",
            names=names,
            **values,
        )
    else:
        first = Message("An executive met all {n:count} strategic accounts in time", n=len(cards))
    if planned.empty:
        return Message("{first}.", first=first)
    missing = float((behind["target_ytd"] - behind["actual_ytd"]).sum())
    if behind.empty:
        return Message(
            "{first}; none of the {n:count} with a plan is behind it.", first=first, n=len(planned)
        )
    return Message(
        "{first}; {behind:count} of {n:count} with a plan are behind it, by {money:money}.",
        first=first,
        behind=len(behind),
        n=len(planned),
        money=missing,
    )


def cards(table: pd.DataFrame) -> Exhibit | None:
    """One row per strategic account: who met it, its plan, its people, its money and lines, what it owes."""
    people = Column(marked("People"), "count", secondary=True)
    if table["group"].map(bool).any():
        people = Column(marked("Project group"), secondary=True)
        table = worded(
            table, people=[_group(*row) for row in table[["group", "people"]].itertuples(index=False)]
        )
    owed = {
        name: column
        for name, column in {
            "change": Column(marked("Change"), "money", signed=True),
            "attainment": Column(marked("Of plan to date"), "percent"),
            "overdue": Column(marked("Overdue"), "money"),
            "score": Column(marked("Score"), "number", secondary=True),
        }.items()
        if table[name].notna().any()
    }
    return exhibit.table(
        table,
        name="strategic_cards",
        finding=Message("The strategic accounts, one by one"),
        subtitle=Message(
            "The last executive meeting of twelve months and who held it; money of twelve months against the twelve before; people who were in contact, and product lines bought; jobs, lines a year ago and all that is owed are in the CSV"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "executive_on": Column(marked("Executive met"), "date"),
            "executive_by": Column(marked("Held by"), secondary=True),
            **owed,
            "people": people,
            "lines": Column(marked("Lines"), "count", secondary=True),
            "owner": Column(marked("Owner")),
        },
    )


def _group(members: tuple[tuple[str, str], ...], people: int) -> Message:
    """The project group that the plan names, else how many people were in contact."""
    if not members:
        return Message("{people:count} in contact", people=people)
    return Message(
        "{members:list}",
        members=[
            Message("{person} ({function})", person=person, function=function) for function, person in members
        ],
    )


def review(agenda: pd.DataFrame) -> Message | None:
    """What would a review of the core accounts have to speak of?"""
    if agenda.empty:
        return None
    late = int(agenda["late"].sum())
    told = [
        Message(
            "{late:count} of {n:count} core accounts are past the day on which they usually order",
            n=len(agenda),
            late=late,
        )
        if late
        else Message(
            "none of {n:count} core accounts is past the day on which it usually orders", n=len(agenda)
        )
    ]
    if agenda["in_time"].notna().any():
        unmet = int((~agenda["in_time"]).sum())
        met = Message("all were met in time")
        told.append(Message("{unmet:count} were not met in time", unmet=unmet) if unmet else met)
    scored, old = int(agenda["score"].notna().sum()), int(agenda["old_score"].sum())
    if old:
        told.append(
            Message(
                "of {scored:count} with a survey, {old:count} were asked more than a year ago",
                scored=scored,
                old=old,
            )
        )
    return Message("{told:list}.", told=told)


def agendas(agenda: pd.DataFrame) -> Exhibit | None:
    """How many core accounts does each manager review, and what stands out? The sheets to print, one a manager, are its workbook."""
    owners = agenda["owner"].fillna("")
    book = partial(sheets, agenda) if len(agenda) else None
    if len(agenda) and not owners.any():
        return _one_review(agenda, book)
    rows = (
        agenda.assign(owner=owners, unmet=~agenda["in_time"], offered=agenda["offer"].notna())
        .groupby("owner", as_index=False)
        .agg(
            accounts=("account_id", "size"),
            revenue=("revenue", "sum"),
            late=("late", "sum"),
            unmet=("unmet", "sum"),
            old_score=("old_score", "sum"),
            offered=("offered", "sum"),
        )
        .sort_values(["revenue", "owner"], ascending=[False, True], ignore_index=True)
    )
    return exhibit.table(
        rows.assign(owner=rows["owner"].replace("", None)),
        name="core_reviews",
        finding=Message("The monthly reviews, by account manager"),
        subtitle=Message(
            "XLSX: a printed sheet for each manager, a row an account with what to speak of and room for what is agreed"
        ),
        columns={
            "owner": Column(marked("Owner")),
            "accounts": Column(marked("Accounts"), "count"),
            "revenue": Column(marked("Revenue"), "money", bar=True),
            "late": Column(marked("Orders late"), "count"),
            **({"unmet": Column(marked("Not met"), "count")} if agenda["in_time"].notna().any() else {}),
            "old_score": Column(marked("Old scores"), "count", secondary=True),
            "offered": Column(marked("Lines to offer"), "count", secondary=True),
        },
        book=book,
    )


def _one_review(agenda: pd.DataFrame, book: Callable[[Language], bytes] | None) -> Exhibit | None:
    """Where nobody knows who looks after an account, one review for all: the accounts, those whose order is late first."""
    rows = agenda.sort_values(["late", "revenue"], ascending=[False, False], kind="stable", ignore_index=True)
    return exhibit.table(
        rows,
        name="core_reviews",
        finding=Message("The monthly review, account by account"),
        subtitle=Message(
            "Late orders first; money of twelve months against the twelve before; XLSX: a sheet to print with room for what is agreed"
        ),
        columns={
            "account_name": AGENDA["account_name"],
            "revenue": Column(marked("Revenue"), "money", bar=True),
            **({"change": AGENDA["change"]} if rows["change"].notna().any() else {}),
            "pause": AGENDA["pause"],
            "interval": AGENDA["interval"],
        },
        book=book,
    )


def sheets(agenda: pd.DataFrame, say: Language) -> bytes:
    """The workbook of the reviews: one sheet a manager, that prints on one page."""
    empty = agenda.assign(**dict.fromkeys(TALK, ""))
    names = empty["owner"].fillna("")
    return workbook(
        [
            Sheet(str(owner) or Message(NOBODY), rows.reset_index(drop=True), AGENDA | TALK)
            for owner, rows in empty.groupby(names)
        ],
        say=say,
    )


def plan_b(rows: pd.DataFrame) -> Exhibit | None:
    """The ten largest: the day by which a missing order is a warning, and what it would take to replace them."""
    known = {
        name: column
        for name, column in {
            "act_by": Column(marked("Act without an order by"), "date"),
            "months": Column(marked("Months to replace"), "count"),
            "deals": Column(marked("Others' open deals"), "money", secondary=True),
            "due": Column(marked("Others due in 90 days"), "money", secondary=True),
            "risen": Column(marked("Growth of others that rose"), "money", secondary=True),
        }.items()
        if rows[name].notna().any()
    }
    return exhibit.table(
        rows,
        name="plan_b",
        finding=Message("Plan B for the largest customers"),
        subtitle=Message(
            "Four of five next orders come by the day; months of new business, as of the last twelve, that its revenue equals; what could replace it: others' open deals at the usual win rate, their orders due, the growth of those that rose a tier"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "revenue": Column(marked("Revenue"), "money", bar=True, secondary=True),
            **known,
            "owner": Column(marked("Owner")),
        },
    )


def replacing(rows: pd.DataFrame) -> Message | None:
    """How long would the gap last that the largest customer left?"""
    if rows.empty or rows["months"].isna().iloc[0]:
        return None
    return Message(
        "New customers of twelve months brought {new:money}: to replace {name} takes {months:count} months of such business.",
        new=float(rows["new"].iloc[0]),
        name=rows["account_name"].iloc[0],
        months=float(rows["months"].iloc[0]),
    )


def hours(moves: Moves | None, named: pd.DataFrame | None) -> Exhibit | None:
    """Whose time should grow, and whose should shrink, with the hours that there are? `named`: the accounts of `moves` with names."""
    if moves is None or named is None or named.empty:
        return None
    return exhibit.table(
        named,
        name="hours_to_move",
        finding=Message(
            "{moved:count} hours a month could move to accounts that lack {lacking:count}",
            moved=moves.moved,
            lacking=moves.lacking,
        ),
        subtitle=Message(
            "Hours a month logged in 90 days beside those of the account's tier in the plan; only time beyond the plan's moves, the smallest accounts' first"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "tier": Column(marked("Tier"), secondary=True, words=TIER_NAMES),
            "hours": Column(marked("Hours a month"), "number", secondary=True),
            "asked": Column(marked("Plan's hours"), "number", secondary=True),
            "change": Column(marked("Change in hours"), "number", signed=True),
            "owner": Column(marked("Owner")),
        },
    )
