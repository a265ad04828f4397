"""How are actual, plan, last year and forecast drawn? As controllers know it (IBCS): actual solid, plan outlined, last year grey,
forecast hatched; colour belongs to the variance alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer

from salesnb.display.kit import labels
from salesnb.display.kit.palette import ACTUAL, AHEAD, BEHIND, CONTEXT, MUTED, TARGET
from salesnb.display.kit.pen import Pen

WIDE, SLIM = 0.74, 0.46  # of plan and last year, which stand behind; of actual and forecast
LOOKS: dict[str, dict[str, Any]] = {
    "actual": {"color": ACTUAL},
    "plan": {"facecolor": "none", "edgecolor": TARGET, "linewidth": 1.2},
    "last_year": {"color": CONTEXT},
    "forecast": {"facecolor": "none", "edgecolor": ACTUAL, "hatch": "////", "linewidth": 1.0},
}


def bars(
    ax: Axes,
    places: Sequence[float] | np.ndarray,
    values: Any,
    *,
    as_: str,
    across: bool = False,
    slim: bool = True,
) -> BarContainer:
    """Bars of the `values` that are one of actual, plan, last_year and forecast; `across` they lie, `slim` they leave plan to be seen
    behind them."""
    thick = SLIM if slim and as_ not in ("plan", "last_year") else WIDE
    if across:
        return ax.barh(places, values, height=thick, **LOOKS[as_])
    return ax.bar(places, values, width=thick, **LOOKS[as_])


def against_plan(ax: Axes, data: pd.DataFrame, names: Sequence[Any], pen: Pen) -> Axes:
    """A row per name: `actual` solid in its outlined `target`; at its end the actual, and the variance in colour. Missing targets
    leave the actual alone."""
    places = np.arange(len(data))
    bars(ax, places, data["target"].fillna(0.0), as_="plan", across=True)
    bars(ax, places, data["actual"], as_="actual", across=True)
    labels.bar_axis(ax, list(names), pen)
    ends = data[["actual", "target"]].max(axis=1).clip(lower=0.0)
    room = 0.05 if pen.narrow else 0.015
    longest = float(ends.max()) or 1.0
    for place, end, actual, target in zip(places.tolist(), ends, data["actual"], data["target"], strict=True):
        at = float(end) + room * longest
        ax.text(at, place, pen.money(actual), va="center", color=MUTED)
        if pd.notna(target):
            less = actual - target
            beside = at + (0.33 if pen.narrow else 0.1) * longest
            colour = MUTED if not less else AHEAD if less > 0 else BEHIND
            ax.text(beside, place, pen.change(less), va="center", color=colour, fontweight="bold")
    labels.calm(ax)
    ax.set_xlim(0, longest * (2.0 if pen.narrow else 1.3))
    return ax
