"""What a lower price must bring, what our own discounts brought, and who keeps the floors: sentences and tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import rival, worded
from salesnb.language import Message, Nothing, marked


def asked(lines: pd.DataFrame) -> Message | None:
    """What must a lower price bring, and do our own discounts bring it?"""
    if lines.empty:
        return Nothing("No product line has a cost, so that nobody can say what a lower price must bring.")
    first = lines.iloc[0]
    values = {
        "cut": first["cut"],
        "line": first["product_line"],
        "margin": first["margin"],
        "lost": first["lost"],
    }
    if not np.isfinite(first["more"]):
        return Message(
            "{cut:percent} off {line} takes its whole margin of {margin:percent}, {lost:money} a year: no volume is enough.",
            **values,
        )
    values["more"] = first["more"]
    if first["verdict"] == "pays":
        return Message(
            "{cut:percent} off {line}, at a margin of {margin:percent}, costs {lost:money} a year unless {more:percent} more is sold; our own discounts went with more than that.",
            **values,
        )
    if first["verdict"] == "loses":
        return Message(
            "{cut:percent} off {line}, at a margin of {margin:percent}, costs {lost:money} a year unless {more:percent} more is sold; our own discounts went with less than that.",
            **values,
        )
    if first["by"]:
        return Message(
            "{cut:percent} off {line}, at a margin of {margin:percent}, costs {lost:money} a year unless {more:percent} more is sold; more was sold at lower prices, but that goes with {rival}.",
            **values,
            rival=rival(first["by"], "price.elasticity"),
        )
    return Message(
        "{cut:percent} off {line}, at a margin of {margin:percent}, costs {lost:money} a year unless {more:percent} more is sold; whether it would, our own discounts cannot tell.",
        **values,
    )


def caveat(lines: pd.DataFrame, usual: float) -> Message | None:
    """What an own elasticity is, and is not."""
    if lines.empty:
        return None
    return Message(
        "Earned as much: the cut over what it leaves of the margin. What our own discounts brought is told where they varied by more than chance, between regions and months of three years, orders of equal size and the same customers compared; a discount given because a month was weak looks like one that brought nothing. The cut is that of the deepest price war found, else {cut:percent}.",
        cut=usual,
    )


VERDICTS = {
    "pays": marked("pays for itself"),
    "loses": marked("does not pay"),
    "unknown": marked("cannot tell"),
}
KEPT = {"worse": marked("more often below"), "better": marked("less often below"), "": ""}


def cuts(lines: pd.DataFrame) -> Exhibit | None:
    """What a lower price asks of each product line."""
    if lines.empty:
        return None
    rows = worded(
        lines.assign(more=lines["more"].where(np.isfinite(lines["more"])), needed=lines["needed"].round(1)),
        span=[
            Message("{low:number} to {high:number}", low=low, high=high) if pd.notna(low) else ""
            for low, high in zip(lines["low"].round(1) + 0.0, lines["high"].round(1) + 0.0, strict=True)
        ],
    )
    return exhibit.table(
        rows,
        name="price_cuts",
        finding=Message("What a lower price must bring, line by line"),
        subtitle=Message("Over twelve months; one percent off went with so many percent more sold, and must"),
        columns={
            "product_line": Column(marked("Product line")),
            "cut": Column(marked("Price cut"), "percent"),
            "margin": Column(marked("Margin"), "percent"),
            "lost": Column(marked("Cost at equal volume"), "money", bar=True),
            "more": Column(marked("More to sell"), "percent"),
            "needed": Column(marked("Needed for each % off"), "number", secondary=True),
            "span": Column(marked("Brought so far"), secondary=True),
            "verdict": Column(marked("Our own discounts"), words=VERDICTS),
        },
    )


def keepers(people: pd.DataFrame) -> Exhibit | None:
    """People beside colleagues who sold the same in the same place and month."""
    if people.empty:
        return None
    worse = people[people["kept"] == "worse"]
    finding = Message("Nobody goes below the floors more often than colleagues beyond chance")
    if len(worse):
        first = worse.iloc[0]
        finding = Message(
            "{name} went below the floor in {n:count} of {all:count} orders, {expected:count} expected of colleagues",
            name=first["rep_name"],
            n=int(first["below_orders"]),
            all=int(first["orders"]),
            expected=round(first["expected"]),
        )
    return exhibit.table(
        people,
        name="floor_keepers",
        finding=finding,
        subtitle=Message(
            "Who keeps the floors: twelve months, beside colleagues in the same line, region and month; a price may have been approved"
        ),
        columns={
            "rep_name": Column(marked("Person")),
            "orders": Column(marked("Orders"), "count"),
            "below_orders": Column(marked("Below the floor"), "count"),
            "expected": Column(marked("Of colleagues as many"), "count"),
            "shortfall": Column(marked("Shortfall"), "money", bar=True),
            "kept": Column(marked("Beyond chance"), words=KEPT),
        },
    )
