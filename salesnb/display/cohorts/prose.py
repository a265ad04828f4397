"""Whether later deals fare worse or are only younger, in sentences."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit.noted import Noted
from salesnb.display.kit.words import quarter, rival
from salesnb.language import Message, Nothing


def answer(cohorts: pd.DataFrame) -> Message | None:
    """Do later deals fare worse, or are they only younger?"""
    known = cohorts.dropna(subset=["by_then", "p_value"])
    if known.empty:
        return (
            Nothing("No quarter has enough deals of that age to be compared with the others.")
            if len(cohorts)
            else None
        )
    flagged = known[known["flagged"].astype(bool)]
    if len(flagged):
        odd = flagged.loc[[(flagged["by_then"] - flagged["rest"]).abs().idxmax()]].iloc[0]
        return Message(
            "Deals begun in {cohort} are unlike the others at the same age: after {age:days} {own:share} of them were won, of all others {rest:share}.",
            cohort=quarter(odd["cohort"]),
            age=odd["age"],
            own=odd["by_then"],
            rest=odd["rest"],
        )
    usual = known[known["by"] != ""]
    if len(usual):
        first = usual.iloc[-1]
        return Message(
            "Of deals begun in {cohort} {own:share} were won after {age:days}, of all others {rest:share}: explained by {rival}.",
            cohort=quarter(first["cohort"]),
            age=first["age"],
            own=first["by_then"],
            rest=first["rest"],
            rival=rival(first["by"]),
        )
    young = known.iloc[-1]
    return Nothing(
        "At one age no quarter stands out: of deals begun in {cohort} {own:share} were won after {age:days}, of all others {rest:share}.",
        cohort=quarter(young["cohort"]),
        age=young["age"],
        own=young["by_then"],
        rest=young["rest"],
    )


def caveat(*, fewest: int) -> Noted:
    """How cohorts of unlike age are compared."""
    told = Message(
        "Undecided deals count for as long as they were seen. Compared at the age by which three quarters of deals are decided, from {fewest:count} deals of that age a quarter. Won later is not won less: see the time in each stage.",
        fewest=fewest,
    )
    return Noted(told, Message("Aalen–Johansen's estimate; Holm’s correction over the quarters."))
