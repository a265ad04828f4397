"""What stands out and is no verdict of its own, in sentences made from the findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from salesnb.display.calls.effects import NUMBERS
from salesnb.display.calls.tables import KINDS_OF
from salesnb.display.kit.words import ACTS, called
from salesnb.display.kit.words import rival as named_rival
from salesnb.findings import CANNOT_TELL, EXPLAINED, IDS, Finding
from salesnb.language import Message, Nothing, Text


def aside(found: Iterable[Finding]) -> list[Finding]:
    """The findings that another cause explains, and those that cannot be told from one, the explained first. Why a line fell stands
    with the line."""
    told = [one for one in found if one.conclusion in (EXPLAINED, CANNOT_TELL) and one.id != "line.why"]
    return sorted(told, key=lambda one: one.conclusion != EXPLAINED)


def members(found: Sequence[Finding], *people: pd.DataFrame) -> list[Text]:
    """Whom each finding is about, by name; `people`: frames of ids and names (accounts, sales people)."""
    names: dict[str, str] = {}
    for frame in people:
        key = next((name for name in ("account_id", "rep_id") if name in frame), None)
        if key is not None:
            label = key.replace("_id", "_name")
            names |= dict(
                zip(frame[key].astype(str), frame[label].fillna(frame[key]).astype(str), strict=True)
            )
    return [_member(one, names) for one in found]


def _member(found: Finding, names: dict[str, str]) -> Text:
    parts = [part for part in found.member.split("/") if part]
    if found.id == "decision.worked":
        kind, measure = parts
        number = Message(NUMBERS[measure.partition(":")[0]][0])
        return Message("{first}, {second}", first=Message(KINDS_OF[kind]), second=number)
    if found.id == "account.act":
        return Message(ACTS[parts[0]])
    if found.id == "group.win_rate":
        parts = parts[1:]
    told = [names[part] if part in names else called(part) for part in parts]
    if not told:
        return Message("the whole")
    return told[0] if len(told) == 1 else Message("{first}, {second}", first=told[0], second=told[1])


def rival(found: Finding) -> Message:
    """What explains a finding."""
    return named_rival(found.by, found.id) if found.by else Message("the data cannot tell")


def set_aside(found: Iterable[Finding], *people: pd.DataFrame) -> Message:
    """What stands out on the page and is explained otherwise?"""
    told = aside(found)
    if not told:
        return Nothing("Nothing that stands out on this page is explained by something else.")
    first = told[0]
    values = {"claim": Message(IDS[first.id]), "member": members(told[:1], *people)[0], "rival": rival(first)}
    if first.by is None:
        return Message(
            "Standing out, but not to be told from chance or other causes: {n:count}; first: {claim} ({member}).",
            n=len(told),
            claim=values["claim"],
            member=values["member"],
        )
    if len(told) == 1:
        return Message("{claim} ({member}): explained by {rival}.", **values)
    return Message(
        "{claim} ({member}): explained by {rival}; set aside beside it: {more:count}.",
        more=len(told) - 1,
        **values,
    )


def caveat() -> Message:
    """What is explained asks for nothing."""
    return Message(
        "A difference is set aside where at least half of it goes once the other cause is held equal; nothing is asked for on its account."
    )
