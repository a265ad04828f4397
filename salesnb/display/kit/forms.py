"""Which forms do charts share? A dot per group with how sure it is; a bridge from one amount to another.

Each is drawn on an `ax` that is given, from columns that are already computed; what it means is said by the chart's own
finding and subtitle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import labels, theme
from salesnb.display.kit.grid import Column
from salesnb.display.kit.notation import LOOKS
from salesnb.display.kit.pen import Pen
from salesnb.language import Text, marked

Reading = Literal["share", "points", "number"]
BRIDGE = {"step": Column(marked("Step")), "change": Column(marked("Amount"), "money")}
MARKERS = {theme.BEHIND: "v", theme.AHEAD: "^"}  # what stands out does so in greyscale, too


def dots(
    ax: Axes,
    names: Sequence[Text],
    values: pd.Series,
    *,
    low: pd.Series,
    high: pd.Series,
    colours: Sequence[str],
    pen: Pen,
    reading: Reading = "points",
    at: float | None = 0.0,
    band: bool = False,
    texts: Sequence[str] | None = None,
) -> Axes:
    """A dot per name, first on top, with its interval as a line, or (`band`) beside the broad grey that chance alone gives; what is
    behind or ahead is a triangle. Where the values are differences (`at` 0) they have the colour; else only their number has it, as a
    level is no variance.

    `at` is the yardstick, a dark line; the numbers stand in a column at the right: `texts`, or the values as `reading` writes
    them.
    """
    places = np.arange(len(values))
    if band:
        ax.barh(places, high - low, left=low, height=0.5, color=theme.CONTEXT, alpha=0.35)
    else:
        ax.hlines(places, low, high, color=theme.CONTEXT, linewidth=2.5, alpha=0.6)
    for colour in dict.fromkeys(colours):
        its = [place for place, own in enumerate(colours) if own == colour]
        mark = colour if at == 0 else theme.ACTUAL
        ax.scatter(values.iloc[its], its, color=mark, marker=MARKERS.get(colour, "o"), s=50, zorder=3)
    if at is not None:
        ax.axvline(at, color=theme.TARGET, linewidth=1.2)
    labels.bar_axis(ax, names, pen)
    ticks = 3 if pen.narrow else 5
    if reading == "points":
        labels.points_axis(ax, pen, which="x", ticks=ticks)
    elif reading == "share":
        labels.share_axis(ax, pen, which="x", ticks=ticks, zero=bool(min(low.min(), values.min()) >= 0))
    else:
        labels.number_axis(ax, pen, which="x", ticks=ticks, zero=False)
    ax.grid(axis="y", visible=False)
    written = {
        "share": lambda v: pen.share(v, decimals=0),
        "points": lambda v: pen.signed(v * 100, decimals=0),
        "number": pen.number,
    }
    numbers = texts or [written[reading](float(value)) for value in values]
    for place, (text, colour) in enumerate(zip(numbers, colours, strict=True)):
        labels.label_right(ax, place, text, colour=colour if colour in MARKERS else theme.INK)
    return ax


def bridge(
    ax: Axes, data: pd.DataFrame, pen: Pen, *, colours: Mapping[int, str] = MappingProxyType({})
) -> Axes:
    """From then to now: the earlier whole grey, today's solid, each part in the colour of its effect from where the one before
    ended, to which a line leads. `data`: step, change; `colours` of parts whose effect is neither good nor bad, by their place."""
    last = len(data) - 1
    left: list[float] = []
    ends: list[float] = []
    for place, change in enumerate(data["change"]):
        whole = place in (0, last)
        left.append(0.0 if whole else ends[-1])
        ends.append(float(change) if whole else ends[-1] + float(change))
    drawn = [
        colours.get(place, theme.AHEAD if change > 0 else theme.BEHIND if change < 0 else theme.MUTED)
        for place, change in enumerate(data["change"])
    ]
    for place, (start, change, colour) in enumerate(zip(left, data["change"], drawn, strict=True)):
        look = {0: LOOKS["last_year"], last: LOOKS["actual"]}.get(place, {"color": colour})
        ax.barh([place], [change], left=[start], height=0.6, **look)
    for place, end in enumerate(ends[:-1]):
        ax.plot([end, end], [place - 0.3, place + 1.3], color=theme.MUTED, linewidth=0.7)
    reach = max(max(ends), 0.0) or 1.0
    for place, change in enumerate(data["change"]):
        step = 0 < place < last
        ax.text(
            max(left[place], ends[place]) + 0.015 * reach,
            place,
            pen.change(change) if step else pen.money(change),
            va="center",
            color=drawn[place] if step else theme.INK,
        )
    labels.bar_axis(ax, list(data["step"]), pen)
    labels.calm(ax)
    ax.set_xlim(min(0.0, *ends), reach * (1.35 if pen.narrow else 1.2))
    return ax
