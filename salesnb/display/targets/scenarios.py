"""The year as planned beside other decisions, in money."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.language import Message, Nothing, marked


def answer(rows: pd.DataFrame, *, given: int) -> Message:
    """Which scenario moves the year most; why nothing is said where none does. `given`: how many plan.yml has."""
    if not given:
        return Nothing("plan.yml has no scenarios to compare the plan with.")
    known = rows.iloc[1:]
    known = known[known["known"].astype(bool)]
    if known.empty:
        return Nothing("The data do not say what the scenarios of plan.yml would move.")
    most = known.sort_values("change", key=abs, ascending=False, kind="stable").iloc[0]
    values = {
        "name": most["name"],
        "change": most["change"],
        "low": most["change_low"],
        "high": most["change_high"],
    }
    if pd.isna(most["hit"]):
        return Message(
            "“{name}” moves the year most: {change:change} ({low:change} to {high:change}).", **values
        )
    return Message(
        "“{name}” moves the year most: {change:change} ({low:change} to {high:change}); the target is then reached with {hit:percent}, as planned with {base:percent}.",
        hit=most["hit"],
        base=rows["hit"].iloc[0],
        **values,
    )


def table(rows: pd.DataFrame) -> Exhibit | None:
    """One row per scenario under the plan's own; None without any."""
    if rows.empty:
        return None
    shown = worded(
        rows,
        name=[name or Message("As planned") for name in rows["name"]],
        between=[
            "" if pd.isna(low) or not name else Message("{low:change} to {high:change}", low=low, high=high)
            for name, low, high in rows[["name", "change_low", "change_high"]].itertuples(index=False)
        ],
        next_between=[
            "" if pd.isna(low) or not name else Message("{low:change} to {high:change}", low=low, high=high)
            for name, low, high in rows[["name", "next_low", "next_high"]].itertuples(index=False)
        ],
    )
    paid = rows["pay"].notna().any()
    return exhibit.table(
        shown,
        name="scenarios",
        finding=Message("As planned the year ends at {year:money}; beside it {n:count} other years", year=rows["year"].iloc[0], n=len(rows) - 1),
        subtitle=Message("Change of the year’s bookings, chance of the target, change of commission, and of bookings in the twelve months ahead; 80% intervals of the change"),
        columns={
            "name": Column(marked("Scenario")),
            "year": Column(marked("Year ends at"), "money"),
            "change": Column(marked("Change"), "money", signed=True),
            "between": Column(marked("Interval"), secondary=True),
            "hit": Column(marked("Target reached"), "percent"),
            **({"pay_change": Column(marked("Commission"), "money", signed=True)} if paid else {}),
            "next": Column(marked("Twelve months"), "money", signed=True),
            "next_between": Column(marked("Interval, twelve months"), secondary=True),
        },
    )  # fmt: skip


def losses(rows: pd.DataFrame) -> Exhibit | None:
    """The year without each of the largest customers, one at a time: one row a customer, named."""
    known = rows[rows["known"].astype(bool)] if len(rows) else rows
    if known.empty:
        return None
    worst = known.sort_values("change", kind="stable").iloc[0]
    hit = known["hit"].notna().any()
    return exhibit.table(
        known,
        name="losses",
        finding=Message("Without {name} the year would bring {money:money} less", name=worst["account_name"], money=-worst["change"]),
        subtitle=Message("If the customer ordered nothing more: the year, the chance of its target, and the twelve months ahead"),
        columns={
            "account_name": Column(marked("Account")),
            "change": Column(marked("Change"), "money", signed=True),
            **({"hit": Column(marked("Target reached"), "percent")} if hit else {}),
            "next": Column(marked("Twelve months"), "money", signed=True),
        },
    )  # fmt: skip


def caveat(rows: pd.DataFrame) -> Message | None:
    """What each kind of scenario assumes, and which could not be told."""
    if rows.empty:
        return None
    how = Message(
        "Simulated from the same forecast: hires sell as today’s people once they have grown into it, prices leave quantities as they are, won deals count for what deals bring, a lost account for its part of the last twelve months, a sprint’s day for what the last sprint brought of itself."
    )
    lost = [name for name, known in zip(rows["name"], rows["known"], strict=True) if not known]
    if not lost:
        return how
    return Message("{how} Not known: {names:list}.", how=how, names=lost)
