"""In which style are charts drawn? Figures, their settings, and how they are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.rcsetup import cycler

from salesnb.display.kit.palette import ACTUAL, AHEAD, CONTEXT, FORECAST, GRID, INK, MUTED, TARGET, WATCH

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

    Done when asked rather than at each drawing: matplotlib would draw twice more to find the same places. Nor need it look for
    a place for labels without text, or beside spines, which lie on the axes' edge.
    """
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if not axis.label.get_text():
                axis.set_label_coords(0.5, 0.5)
        for spine in ax.spines.values():
            spine.set_in_layout(False)
    ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.04, wspace=0.06, hspace=0.08).execute(figure)


def axes_of(ax: Axes | np.ndarray) -> list[Axes]:
    """The axes as a list, whether one or many."""
    return list(np.atleast_1d(np.asarray(ax, dtype=object)).ravel())
