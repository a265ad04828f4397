"""What does every chart, tile and table look like, and which colour means what?

Colours carry meaning before decoration, the same in all notebooks: actual, target, forecast, context, behind, ahead, watch.
A drawing is made with the light values; `salesnb.display.svg` replaces each by its CSS variable, so that one drawing follows
the reader's light or dark setting. A status is always a shape and a word as well as a colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from salesnb.display.labels import bar_axis as bar_axis
from salesnb.display.labels import calm as calm
from salesnb.display.labels import label_bars as label_bars
from salesnb.display.labels import label_line as label_line
from salesnb.display.labels import label_point as label_point
from salesnb.display.labels import label_right as label_right
from salesnb.display.labels import mark_day as mark_day
from salesnb.display.labels import money_axis as money_axis
from salesnb.display.labels import month_axis as month_axis
from salesnb.display.labels import number_axis as number_axis
from salesnb.display.labels import points_axis as points_axis
from salesnb.display.labels import share_axis as share_axis
from salesnb.display.palette import ACTUAL as ACTUAL
from salesnb.display.palette import AHEAD as AHEAD
from salesnb.display.palette import BEHIND as BEHIND
from salesnb.display.palette import CONTEXT as CONTEXT
from salesnb.display.palette import FORECAST as FORECAST
from salesnb.display.palette import GRID as GRID
from salesnb.display.palette import INK as INK
from salesnb.display.palette import MUTED as MUTED
from salesnb.display.palette import PAPER as PAPER
from salesnb.display.palette import STATUS as STATUS
from salesnb.display.palette import TARGET as TARGET
from salesnb.display.palette import WATCH as WATCH
from salesnb.display.palette import Status as Status
from salesnb.display.palette import status_of as status_of

WIDE_INCHES = 9.0
NARROW_INCHES = 3.7
FONT_POINTS = 9.5

RC: Mapping[Any, Any] = MappingProxyType(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "salesnb",
        "text.parse_math": False,
        "font.family": ["DejaVu Sans"],
        "font.size": FONT_POINTS,
        "axes.titlesize": FONT_POINTS,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 6,
        "axes.labelsize": FONT_POINTS,
        "axes.labelcolor": MUTED,
        "axes.titlecolor": INK,
        "axes.edgecolor": CONTEXT,
        "axes.facecolor": "none",
        "axes.linewidth": 0.8,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "axes.prop_cycle": cycler(color=[ACTUAL, CONTEXT, FORECAST, TARGET, WATCH, AHEAD]),
        "figure.facecolor": "none",
        "savefig.facecolor": "none",
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "lines.linewidth": 2.0,
        "lines.solid_capstyle": "round",
        "patch.linewidth": 1.0,
        "text.color": INK,
        "xtick.color": CONTEXT,
        "ytick.color": CONTEXT,
        "xtick.labelcolor": MUTED,
        "ytick.labelcolor": MUTED,
        "xtick.labelsize": FONT_POINTS,
        "ytick.labelsize": FONT_POINTS,
        "xtick.major.size": 3,
        "xtick.major.width": 0.8,
        "ytick.major.size": 0,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "legend.frameon": False,
        "legend.fontsize": FONT_POINTS,
        "hatch.color": CONTEXT,
        "hatch.linewidth": 0.8,
        "boxplot.flierprops.markersize": 3,
    }
)


def figure(
    *, rows: int = 1, cols: int = 1, width: float = WIDE_INCHES, height: float = 3.6, share: bool = True
) -> tuple[Figure, Any]:
    """A figure in the house style and its axes: one `Axes`, or a flat array where there are several.

    Small multiples share their scale (`share`). Belongs inside ``mpl.rc_context(RC)``; no pyplot state is touched.
    """
    made = Figure(figsize=(width, height))
    FigureCanvasAgg(made)  # measures texts
    axes = made.subplots(rows, cols, squeeze=False, sharex=False, sharey=share)
    flat = np.array(axes).ravel()
    return made, (flat[0] if flat.size == 1 else flat)


def settle(figure: Figure) -> None:
    """Axes, ticks and labels to their places, side by side without touching.

    Done when asked rather than at each drawing: matplotlib would draw twice more to find the same places.
    """
    ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.04, wspace=0.06, hspace=0.08).execute(figure)


def axes_of(ax: Axes | np.ndarray) -> list[Axes]:
    """The axes as a list, whether one or many."""
    return list(np.atleast_1d(np.asarray(ax, dtype=object)).ravel())
