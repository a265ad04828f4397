"""The sprint as time × resource: how full is each squad on each working day, drawn?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.cells import cut
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.pen import Pen
from salesnb.language import Message, marked

ALIKE = 0.01  # of a day's hours: what a reader of whole percents cannot tell apart


def draw_matrix(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Squads down, working days across; deeper is fuller, red is more than there is."""
    days, squads = sorted(data["day"].unique()), list(dict.fromkeys(data["squad"]))
    for row in data.to_dict("records"):
        x, y, use = days.index(row["day"]), squads.index(row["squad"]), float(row["use"])
        over = use > 1
        colour = theme.BEHIND if over else theme.ACTUAL
        ax.add_patch(
            Rectangle(
                (x - 0.46, y - 0.46),
                0.92,
                0.92,
                facecolor=colour,
                alpha=min(0.75, 0.1 + 0.5 * use),
                linewidth=0,
            )
        )
        if not pen.narrow and len(days) <= 26:
            ax.text(
                x,
                y,
                pen.percent(use) if use < 10 else "10×",
                ha="center",
                va="center",
                fontsize=7,
                color=theme.INK,
            )
    ax.set_xlim(-0.5, len(days) - 0.5)
    ax.set_ylim(len(squads) - 0.5, -0.5)
    step = 5 if pen.narrow else max(1, len(days) // 6)
    marks = range(0, len(days), step)
    ax.set_xticks(list(marks), [pen.day(pd.Timestamp(days[place])) for place in marks])
    ax.set_yticks(range(len(squads)), [cut(str(name), 9 if pen.narrow else 16) for name in squads])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def load(plan: Any) -> Exhibit | None:
    """The squads' load by working day; None without a plan, and where each squad's days are alike: the table says it then."""
    if plan is None or plan.matrix.empty:
        return None
    whole = plan.matrix.drop_duplicates(["day", "squad"])
    days = whole.groupby("squad")["use"]
    if not (days.max() - days.min() >= ALIKE).any():
        return None
    fullest = whole.loc[whole["use"].idxmax()]
    return exhibit.chart(
        draw_matrix,
        whole,
        name="sprint_matrix",
        finding=Message(
            "{squad} is fullest: {use:percent} of its hours on {day:day}",
            squad=fullest["squad"],
            use=fullest["use"],
            day=fullest["day"],
        ),
        subtitle=Message("Hours needed as a share of hours there are, by squad and working day"),
        height=0.4 * whole["squad"].nunique() + 0.5,
        columns={
            "day": Column(marked("Day"), "day"),
            "squad": Column(marked("Squad")),
            "people": Column(marked("People"), "number"),
            "hours": Column(marked("Hours"), "number"),
            "use": Column(marked("Load"), "percent"),
        },
    )
