"""Last month's calls in sentences: the orders, the forecast, the decisions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesnb.display.calls.tables import FATES, STATES
from salesnb.display.kit.noted import Noted
from salesnb.headlines import Settled
from salesnb.language import Message, Nothing
from salesnb.results.months import Grade


def orders(grade: Grade | None, *, previous: bool) -> Message | None:
    """Were the calls on repeat orders right?"""
    if grade is None and not previous:
        return Message("No previous pack was given, and too few accounts order to make its calls again.")
    if grade is None:
        return Nothing("Last month made no call that can be graded yet.")
    values: dict[str, Any] = {"n": grade.calls, "expected": round(grade.expected), "came": grade.came}
    if previous and grade.brier < grade.base_brier:
        return Message(
            "Of {n:count} calls on orders, {expected:count} were to come and {came:count} came: better than the base rate.",
            **values,
        )
    if previous:
        return Message(
            "Of {n:count} calls on orders, {expected:count} were to come and {came:count} came: no better than the base rate.",
            **values,
        )
    return Message(
        "No previous pack was given. Made again as of 30 days ago, {expected:count} of {n:count} accounts were to order; {came:count} did.",
        **values,
    )


def caveat(grade: Grade | None, ended: pd.DataFrame) -> Noted | None:
    """How good are the probabilities, and what does a month not show?"""
    if grade is None:
        return None
    method = Message(
        "Brier score of the calls on orders {brier:number} (0 is perfect; the base rate alone gives {base:number}).",
        brier=grade.brier,
        base=grade.base_brier,
    )
    told = None if ended.empty else Message("A deal is graded when it closes: the slow ones are still out.")
    return Noted(told, method)


def forecasts(graded: pd.DataFrame, *, previous: bool) -> Message:
    """Did the month fall into its forecast interval?"""
    if not previous:
        return Nothing("No previous pack was given, so the month's forecast cannot be graded.")
    if graded.empty:
        return Nothing("The previous pack forecast no month that is over.")
    last = graded.iloc[-1]
    values: dict[str, Any] = {"actual": last["actual"], "low": last["low"], "high": last["high"]}
    if last["inside"]:
        return Message(
            "The month's {actual:money} lie inside the forecast of {low:money} to {high:money}.", **values
        )
    return Message(
        "The month's {actual:money} lie outside the forecast of {low:money} to {high:money}.", **values
    )


def decisions(fates: pd.DataFrame, *, previous: bool) -> Message:
    """What became of the decisions that were asked for?"""
    if not previous:
        return Nothing("No previous pack was given, so nobody can say what became of its decisions.")
    if fates.empty:
        return Nothing("The previous pack asked for no decision.")
    shown = fates[fates["fate"] != "unseen"]
    return Message(
        "{n:count} decisions were asked for; of the {shown:count} that the data can follow, {came:count} came about.",
        n=len(fates),
        shown=len(shown),
        came=int((shown["fate"] != "not yet").sum()),
    )


def settled(fates: pd.DataFrame) -> list[Settled]:
    """Last month's decisions for the paper, the most money first."""
    owners, amounts = (
        fates["owner"].fillna(""),
        fates["amount"].astype(object).where(fates["amount"].notna(), None),
    )
    return [
        Settled(text, owner, Message(FATES[fate]), STATES[fate], amount)
        for text, owner, fate, amount in zip(fates["text"], owners, fates["fate"], amounts, strict=True)
    ]


def decisions_caveat(fates: pd.DataFrame) -> Message | None:
    """What can the tables not show?"""
    if not (fates["fate"] == "unseen").any():
        return None
    return Message(
        "Decisions that no table can follow need an answer by word of mouth; one that still stands is marked on the first page."
    )
