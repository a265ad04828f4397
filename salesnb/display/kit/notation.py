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
from salesnb.display.kit.palette import ACTUAL, AHEAD, BEHIND, CONTEXT, INK, MUTED, TARGET
from salesnb.display.kit.pen import Pen
from salesnb.language import marked

BESIDE = 0.6  # opacity of actuals that only stand beside those in question: their contrast is still 3 to 1
WIDE, SLIM = 0.74, 0.46  # of plan and last year, which stand behind; of actual and forecast
YARDS = {"target": marked("to plan"), "prior": marked("to last year")}  # in this order
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


def compared(ax: Axes, data: pd.DataFrame, names: Sequence[Any], pen: Pen) -> Axes:
    """A row per name: `actual` solid in its outlined `target`, last year (`prior`, if any) grey above it; to the right, on the same
    scale, what is more or less than plan and then than last year, each from an axis of its own, in colour. What is missing is not drawn.
    """
    places = np.arange(len(data))
    known = [column for column in YARDS if column in data and data[column].notna().any()]
    amounts = [pen.money(value) for value in data["actual"]]
    called = [f"{pen.text(name)}  {amount}" for name, amount in zip(names, amounts, strict=True)]
    labels.bar_axis(ax, called if pen.narrow else list(names), pen, above=True)
    small, down = (0.68, 0.06) if pen.narrow else (1.0, 0.0)  # on a phone the names stand between the bars
    if "prior" in known:
        ax.barh(
            places - 0.43 * small + down, data["prior"].fillna(0.0), height=0.14 * small, **LOOKS["last_year"]
        )
    if "target" in known:
        ax.barh(places + down, data["target"].fillna(0.0), height=WIDE * small, **LOOKS["plan"])
    ax.barh(places + down, data["actual"].fillna(0.0), height=SLIM * small, **LOOKS["actual"])
    ax.plot([0, 0], [-0.5, len(data) - 0.5], color=INK, linewidth=0.8, zorder=3)
    ends = data[["actual", *known]].max(axis=1).clip(lower=0.0).fillna(0.0)
    longest = float(ends.max()) or 1.0
    apart = {column: data["actual"] - data[column] for column in known}
    room = _rooms(longest, list(apart.values()), pen)
    if not pen.narrow:
        for place, end, amount in zip(places.tolist(), ends, amounts, strict=True):
            ax.text(float(end) + room / 8, place, amount, va="center", color=INK)
    at = longest + (0.12 if pen.narrow else 1.0) * room
    for column, less in apart.items():
        at += max(0.0, -float(less.min()))
        _variances(ax, at, less, room, column, pen)
        at += max(0.0, float(less.max())) + 1.1 * room
    labels.calm(ax)
    ax.set_xlim(min(0.0, float(data["actual"].min())), at)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    return ax


def _rooms(longest: float, apart: Sequence[pd.Series], pen: Pen) -> float:
    """How much of the scale a number takes beside the bars."""
    bars_take = longest + sum(max(0.0, -float(less.min())) + max(0.0, float(less.max())) for less in apart)
    share, count = (0.17, len(apart) + 0.12) if pen.narrow else (0.085, len(apart) + 1)
    return share * bars_take / (1 - 1.1 * share * count)


def _variances(ax: Axes, at: float, less: pd.Series, room: float, yard: str, pen: Pen) -> None:
    """Differences as bars from the axis at `at`, each with its number; above them to what."""
    colour, wide = (TARGET, 1.2) if yard == "target" else (CONTEXT, 2.4)
    ax.plot([at, at], [-0.55, len(less) - 0.45], color=colour, linewidth=wide, zorder=3)
    labels.label_point(ax, at, ax.get_ylim()[1], pen(YARDS[yard]), color=MUTED)
    height, down = (SLIM * 0.68, 0.06) if pen.narrow else (SLIM, 0.0)
    for row, value in enumerate(less):
        place = row + down
        if value == value and value:
            ax.barh([place], [value], left=at, height=height, color=AHEAD if value > 0 else BEHIND)
        if value == value:
            colour = MUTED if not value else AHEAD if value > 0 else BEHIND
            ax.text(at + max(0.0, value) + room / 8, place, pen.change(value), va="center", color=colour)
