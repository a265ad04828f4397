"""From an earlier span's revenue to this one's, drawn."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Exhibit
from salesnb.display.kit.forms import BRIDGE, bridge
from salesnb.display.revenue.prose import PART_NAMES
from salesnb.language import Message, Written
from salesnb.results.months import Change


def why(found: Change | None) -> Exhibit | None:
    """A span against the one before it, part by part; `found` is a `revenue_change.Change`."""
    if found is None or not found.parts:
        return None
    parts = [(Written("sentence", Message(PART_NAMES[name])), value) for name, value in found.parts.items()]
    steps = [
        (Message("to {month:month}", month=found.then_last), found.before),
        *parts,
        (Message("to {month:month}", month=found.last), found.after),
    ]
    return exhibit.chart(
        bridge,
        pd.DataFrame(steps, columns=["step", "change"]),
        name="revenue_change",
        finding=Message(
            "From {before:money} to {after:money}, part by part", before=found.before, after=found.after
        ),
        subtitle=Message(
            "Bookings from {then_first:date} to {then_last:date} and from {first:date} to {last:date}, {currency}; green adds, red takes away",
            then_first=found.then_first,
            then_last=found.then_last,
            first=found.first,
            last=found.last,
        ),
        height=0.34 * len(steps) + 0.4,
        columns=BRIDGE,
    )
