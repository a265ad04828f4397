"""Why revenue changed, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from salesnb.language import Message, Nothing, marked
from salesnb.results.months import Change

PART_NAMES = {
    "leads": marked("leads"),
    "opened": marked("new deals"),
    "conversion": marked("conversion"),
    "deals": marked("number of deals"),
    "mix": marked("product mix"),
    "size": marked("deal size"),
    "unlinked": marked("orders without a deal"),
    "returns": marked("returns"),
}
SPAN_NAMES = {
    "quarter": marked("three months on the three before"),
    "year": marked("twelve months on the twelve before"),
}


def why(quarter: Change | None, year: Change | None, *, linked: bool = True) -> Message | None:
    """What moved the revenue of twelve months most, and that of the last three? The month itself is told by the retrospective.

    `linked`: does any order name the deal that it came from? Else nothing is known of what deals brought."""
    if not linked:
        return Nothing(
            "No order names the deal that it came from, so leads, conversion and deal size cannot be told apart"
        )
    if quarter is None and year is None:
        return Message(
            "Revenue of three months and of the three before is not known, so no change can be explained."
        )
    if quarter is not None and not quarter.parts:
        return Message(
            "Revenue of three months is what it was in the three before: {after:money}.", after=quarter.after
        )
    three = {} if quarter is None else {"three": _moved(quarter), "part": _dearest(quarter)}
    if year is None or not year.parts:
        return Message("Revenue of three months is {three} on the three before, mainly {part}.", **three)
    twelve = {"year": _moved(year), "most": _dearest(year)}
    if not three:
        return Message("Revenue of twelve months is {year} on the twelve before, mainly {most}.", **twelve)
    return Message(
        "Revenue of twelve months is {year} on the twelve before, mainly {most}; of three months {three}, mainly {part}.",
        **twelve,
        **three,
    )


def _moved(change: Change) -> Message:
    if change.change >= 0:
        return Message("up {value:money}", value=change.change)
    return Message("down {value:money}", value=-change.change)


def _dearest(change: Change) -> Message:
    """The part that weighs most in the direction of the change."""
    sign = 1 if change.change >= 0 else -1
    name = max(change.parts, key=lambda part: sign * change.parts[part])
    return Message("{part} ({value:change})", part=Message(PART_NAMES[name]), value=change.parts[name])


def caveat(changes: Sequence[Change | None], *, lag: float | None) -> Message | None:
    """How the parts are cut, and what they leave open."""
    known = [change for change in changes if change is not None]
    if not known:
        return None
    if any("opened" in change.parts for change in known):
        return Message(
            "No lead is known, so new deals stand in for them, counted {lag:days} earlier, the time that a deal takes. The parts sum to the change to the cent; they say what moved, not who moved it.",
            lag=lag or 0,
        )
    return Message(
        "Leads are counted {lag:days} earlier, the time that a deal takes. Conversion is orders per lead; where a span has nothing to divide by, both count as one. The parts sum to the change to the cent; they say what moved, not who moved it.",
        lag=lag or 0,
    )
