"""Which remedy fits, in sentences: channels, training, the checklist, bundles or speed."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit.noted import Noted
from salesnb.display.kit.words import called
from salesnb.language import Message, Nothing, marked

CAUSE_NAMES = {
    "entry": marked("leads lost on entry"),
    "early": marked("deals lost early"),
    "late": marked("deals lost late"),
    "leads": marked("fewer leads"),
    "size": marked("smaller deals"),
    "speed": marked("a slower stage"),
}


def remedy(cause: str, *, stage: str, channel: str | None, bundle: tuple[str, str] | None) -> Message:
    """What to do about a cause. `channel`: the one that bears beyond chance; `bundle`: lines bought together beyond chance."""
    if cause == "leads" and channel:
        return Message("Ask {channel} for more: their leads become deals more often", channel=called(channel))
    if cause == "size" and bundle:
        return Message("Offer {first} and {second} as a bundle", first=bundle[0], second=bundle[1])
    told = {
        "entry": Message("Qualify by industry, budget and decision path before a visit"),
        "early": Message("Train what happens at “{stage}”; qualify harder before it", stage=called(stage)),
        "late": Message("Check each deal at “{stage}” against its checklist", stage=called(stage)),
        "leads": Message("More leads; no channel’s become deals more often"),
        "size": Message("Look at discounts and quantities; no bundle suggests itself"),
        "speed": Message(
            "Name what waits on whom at “{stage}”; a checklist and templates", stage=called(stage)
        ),
    }
    return told[cause]


def answer(causes: pd.DataFrame, *, comparable: bool) -> Message:
    """Which remedy pays most, beyond chance? `comparable`: there are stages, or a year before, to compare with."""
    if not comparable:
        return Nothing(
            "Without the stages that deals passed, and without a year before, no cause can be priced."
        )
    if causes.empty:
        return Nothing("No cause has a price: nothing fell against the company’s own past.")
    sure = causes[causes["beyond"].astype(bool)]
    largest = causes.loc[[causes["worth"].astype(float).idxmax()]].iloc[0]
    values = {"name": Message(CAUSE_NAMES[largest["cause"]]), "value": largest["worth"]}
    if sure.empty:
        return Nothing(
            "No cause costs more than chance alone would show; the largest, {name}, stands at {value:money} a year.",
            **values,
        )
    first = sure.iloc[0]
    if largest["cause"] == first["cause"]:
        return Message("Beyond chance: {found}.", found=_cost(first))
    return Message(
        "Beyond chance: {found}; larger, but within chance: {name} ({value:money} a year).",
        found=_cost(first),
        **values,
    )


def _cost(cause: pd.Series) -> Message:
    if cause["cause"] == "speed":
        return Message(
            "the slower {stage} holds {worth:money} back", stage=called(cause["stage"]), worth=cause["worth"]
        )
    return Message(
        "{cause} cost {worth:money} a year", cause=Message(CAUSE_NAMES[cause["cause"]]), worth=cause["worth"]
    )


def caveat(pairs: pd.DataFrame, *, fewest: int) -> Message | Noted:
    """What the prices rest on, and what of bundles is known."""
    bundles = int(pairs["beyond"].sum()) if len(pairs) else 0
    told = Message(
        "Stages against their own best quarter, leads and sizes against the year before; causes overlap, so their prices do not add up. Speed is money that comes later, once."
    )
    if pairs.empty:
        return told
    method = Message(
        "Pairs of lines bought together beyond chance: {n:count} of {all:count} (lines from {fewest:count} customers, Holm’s correction).",
        n=bundles,
        all=len(pairs),
        fewest=fewest,
    )
    return Noted(told, method)
