"""The sprint as time × resource: how full is each squad on each working day, drawn?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.heat import heat
from salesnb.display.kit.pen import Pen
from salesnb.language import Message, Written, marked
from salesnb.results.sprints import SprintPlan

MOST_SAID = 26  # days whose numbers have room in their cells
ALIKE = 0.01  # of a day's hours: what a reader of whole percents cannot tell apart


def draw_matrix(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Squads down, working days across; deeper is fuller, red is more than there is."""
    wide = data.pivot_table(index="squad", columns="day", values="use", sort=False).sort_index(axis="columns")
    said = not pen.narrow and wide.shape[1] <= MOST_SAID
    step = 5 if pen.narrow else max(1, wide.shape[1] // 6)
    return heat(
        ax,
        wide,
        shade=lambda use: (theme.BEHIND if use > 1 else theme.ACTUAL, min(0.75, 0.1 + 0.5 * use)),
        pen=pen,
        write=(lambda use: pen.percent(use) if use < 10 else "10×") if said else None,
        columns=[Written("day", day) if place % step == 0 else "" for place, day in enumerate(wide.columns)],
        size=7,
    )


def load(plan: SprintPlan | None) -> Exhibit | None:
    """The squads' load by working day; None without a plan, and where each squad's days are alike: the table says it then."""
    if plan is None or plan.matrix.empty:
        return None
    whole = plan.matrix.drop_duplicates(["day", "squad"])
    days = whole.groupby("squad")["use"]
    if not (days.max() - days.min() >= ALIKE).any():
        return None
    fullest = whole.nlargest(1, "use").iloc[0]
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
