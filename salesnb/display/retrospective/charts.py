"""The month against its target, why it changed, and what a sprint pulled forward, drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, notation, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.forms import BRIDGE, bridge
from salesnb.display.kit.pen import Pen
from salesnb.display.retrospective.prose import FACTOR_NAMES
from salesnb.language import Message, Written, marked
from salesnb.results.months import Why

WINDOWS = {"last": marked("last {n:count}"), "following": marked("next {n:count}")}
NAMED = 3  # members that a title can hold
PART_NAMES = {
    "volume": marked("volume"),
    "price": marked("price"),
    "unmeasured": marked("without a quantity"),
}


def draw_month(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A bar per member before its target and last year, with both variances."""
    return notation.compared(ax, data, [str(member) for member in data["member"]], pen)


def month(rows: pd.DataFrame, *, name: str) -> Exhibit | None:
    """The month's bookings beside the target, by member."""
    if rows.empty or rows["target"].notna().sum() == 0:
        return None
    return exhibit.chart(
        draw_month,
        rows,
        name=name,
        finding=_missing(rows[rows["target"].notna()]),
        subtitle=Message(
            "Bookings of the month (solid), target (outlined) and last year (grey), {currency}; to the right what is more or less"
        ),
        height=0.42 * len(rows) + 0.5,
        columns={
            "member": Column(marked("Member")),
            "actual": Column(marked("Bookings"), "money"),
            "target": Column(marked("Target"), "money"),
            "gap": Column(marked("Gap"), "money"),
            "prior": Column(marked("Last year"), "money"),
        },
    )


def _missing(aimed: pd.DataFrame) -> Message:
    """Who is below target, by name where they are few."""
    short = aimed[aimed["gap"] < 0].sort_values("gap")
    if short.empty:
        return Message("Nobody of {all:count} is below the month's target", all=len(aimed))
    if len(short) <= NAMED:
        return Message(
            "Below the month's target: {names:list}; together {gap:money} short",
            names=list(short["member"].astype(str)),
            gap=-float(short["gap"].sum()),
        )
    return Message(
        "Below the month's target: {n:count} of {all:count}, most of all {first}",
        n=len(short),
        all=len(aimed),
        first=str(short["member"].iloc[0]),
    )


def why(found: Why | None, *, as_of: pd.Timestamp) -> Exhibit | None:
    """From the earlier month to this one, by customers, orders and their value."""
    if found is None:
        return None
    parts = {Written("sentence", Message(FACTOR_NAMES[name])): part for name, part in found.parts.items()}
    steps = [
        (Written("month", found.then), found.before),
        *parts.items(),
        (Written("month", as_of), found.after),
    ]
    return exhibit.chart(
        bridge,
        pd.DataFrame(steps, columns=["step", "change"]),
        name="bridge",
        finding=Message(
            "From {before:money} to {after:money}: what each factor brought",
            before=found.before,
            after=found.after,
        ),
        subtitle=Message(
            "Bookings of {then:month} and {now:month}, {currency}; green adds, red takes away",
            then=found.then,
            now=as_of,
        ),
        height=2.6,
        columns=BRIDGE,
    )


def price_volume(
    parts: pd.DataFrame,
    *,
    before: float,
    after: float,
    then: pd.Timestamp,
    as_of: pd.Timestamp,
) -> Exhibit | None:
    """The same months by volume and price."""
    if parts.empty:
        return None
    inner = [
        (Written("sentence", Message(PART_NAMES[part])), change)
        for part, change in zip(parts["part"], parts["change"], strict=True)
    ]
    steps = [(Written("month", then), before), *inner, (Written("month", as_of), after)]
    return exhibit.chart(
        bridge,
        pd.DataFrame(steps, columns=["step", "change"]),
        name="price_volume",
        finding=Message("Volume and price since {then:month}", then=then),
        subtitle=Message(
            "Bookings with a product line, {currency}; each product's own change in quantity at its old price, then its price"
        ),
        height=2.6,
        columns=BRIDGE,
    )


def draw_pull(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A bar per working day, those of both spans strong and named; the line is the usual level."""
    strong = [1.0 if window else notation.BESIDE for window in data["window"]]
    for place, (orders, alpha) in enumerate(zip(data["orders"], strong, strict=True)):
        ax.bar([place], [orders], color=theme.ACTUAL, alpha=alpha, width=0.75)
    top = 1.08 * float(data["orders"].max())
    for window, called in WINDOWS.items():
        places = np.flatnonzero(data["window"] == window)
        if len(places):
            ax.plot([places[0] - 0.4, places[-1] + 0.4], [top, top], color=theme.MUTED, linewidth=1.0)
            side = "right" if window == "last" else "left"
            at = places[-1] + 0.4 if window == "last" else places[0] - 0.4
            labels.label_point(ax, at, top, pen(called, n=len(places)), color=theme.MUTED, ha=side)
    usual = float(data["usual"].iloc[0])
    ax.axhline(usual, color=theme.TARGET, linewidth=1.3, linestyle=(0, (4, 2)))
    ax.text(len(data) - 0.3, usual, pen("usual"), va="bottom", ha="left", color=theme.INK)
    ax.set_xlim(-1, len(data) * (1.2 if pen.narrow else 1.08))
    labels.number_axis(ax, pen)
    step = max(1, len(data) // (3 if pen.narrow else 6))
    ax.set_xticks(range(0, len(data), step), [pen.day(day) for day in data["day"].iloc[::step]])
    return ax


def pull_forward(around: pd.DataFrame) -> Exhibit | None:
    """Orders a working day before and after the end of a sprint, beside the usual level."""
    if around.empty:
        return None
    late, early = around[around["window"] == "last"], around[around["window"] == "following"]
    return exhibit.chart(
        draw_pull,
        around,
        name="pull_forward",
        finding=Message(
            "{late:number} orders a day in the last five working days, {early:number} in the fifteen after them; usual are {usual:number}",
            late=round(float(late["orders"].mean()), 1),
            early=round(float(early["orders"].mean()), 1),
            usual=round(float(around["usual"].iloc[0]), 1),
        ),
        subtitle=Message(
            "Orders a working day; strong: the sprint's last five and the fifteen that follow; dashed: usual"
        ),
        height=2.8,
        columns={
            "day": Column(marked("Day"), "date"),
            "orders": Column(marked("Orders"), "count"),
            "usual": Column(marked("Usual"), "number"),
        },
    )
