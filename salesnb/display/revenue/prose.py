"""Why revenue changed, in sentences."""

from __future__ import annotations

from typing import Any

from salesnb.language import Message, marked

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
    "month": marked("on last month"),
    "quarter": marked("three months on the three before"),
    "season": marked("on the month a year ago"),
    "year": marked("twelve months on the twelve before"),
}


def why(month: Any, year: Any) -> Message | None:
    """What moved the month's revenue most, and the year's?"""
    if month is None:
        return Message(
            "Revenue of this month and the one before is not known, so no change can be explained."
        )
    if not month.parts:
        return Message("Revenue is what it was a month before: {after:money}.", after=month.after)
    own = {"after": month.after, "moved": _moved(month), "part": _dearest(month)}
    if year is None or not year.parts:
        return Message("Revenue is {after:money}, {moved} on last month, mainly {part}.", **own)
    return Message(
        "Revenue is {after:money}, {moved} on last month, mainly {part}; over twelve months {year}, mainly {most}.",
        year=_moved(year),
        most=_dearest(year),
        **own,
    )


def _moved(change: Any) -> Message:
    if change.change >= 0:
        return Message("up {value:money}", value=change.change)
    return Message("down {value:money}", value=-change.change)


def _dearest(change: Any) -> Message:
    """The part that weighs most in the direction of the change."""
    sign = 1 if change.change >= 0 else -1
    name = max(change.parts, key=lambda part: sign * change.parts[part])
    return Message("{part} ({value:change})", part=Message(PART_NAMES[name]), value=change.parts[name])


def caveat(month: Any, *, lag: float | None) -> Message | None:
    """How the parts are cut, and what they leave open."""
    if month is None:
        return None
    if "opened" in month.parts:
        return Message(
            "No lead is known, so new deals stand in for them, counted {lag:days} earlier, the time that a deal takes. The parts sum to the change to the cent; they say what moved, not who moved it.",
            lag=lag or 0,
        )
    return Message(
        "Leads are counted {lag:days} earlier, the time that a deal takes. Conversion is orders per lead; where a span has nothing to divide by, both count as one. The parts sum to the change to the cent; they say what moved, not who moved it.",
        lag=lag or 0,
    )
