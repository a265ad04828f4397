"""Which forms do charts share? A dot per group with how sure it is.

Each is drawn on an `ax` that is given, from columns that are already computed; what it means is said by the chart's own
finding and subtitle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display import theme
from salesnb.language import Language

Reading = Literal["share", "points", "number"]
MARKERS = {theme.BEHIND: "v", theme.AHEAD: "^"}  # what stands out does so in greyscale, too


def dots(
    ax: Axes,
    names: Sequence[str],
    values: pd.Series,
    *,
    low: pd.Series,
    high: pd.Series,
    colours: Sequence[str],
    say: Language,
    narrow: bool,
    reading: Reading = "points",
    at: float | None = 0.0,
    band: bool = False,
    texts: Sequence[str] | None = None,
) -> Axes:
    """A dot per name, first on top, with its interval as a line, or (`band`) beside the broad grey that chance alone gives; what is
    behind or ahead is a triangle.

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
        ax.scatter(values.iloc[its], its, color=colour, marker=MARKERS.get(colour, "o"), s=50, zorder=3)
    if at is not None:
        ax.axvline(at, color=theme.TARGET, linewidth=1.2)
    theme.bar_axis(ax, list(names), narrow=narrow)
    ticks = 3 if narrow else 5
    if reading == "points":
        theme.points_axis(ax, say, which="x", ticks=ticks)
    elif reading == "share":
        theme.share_axis(ax, say, which="x", ticks=ticks, zero=bool(min(low.min(), values.min()) >= 0))
    else:
        theme.number_axis(ax, say, which="x", ticks=ticks, zero=False)
    ax.grid(axis="y", visible=False)
    written = {
        "share": lambda v: say.share(v, decimals=0),
        "points": lambda v: say.signed(v * 100, decimals=0),
        "number": say.number,
    }
    for place, text in enumerate(texts or [written[reading](float(value)) for value in values]):
        theme.label_right(ax, place, text)
    return ax
