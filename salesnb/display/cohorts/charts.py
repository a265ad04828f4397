"""How the share won grows with a cohort's age, drawn."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, theme
from salesnb.display.kit.exhibit import Exhibit
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import quarter
from salesnb.language import Message


def draw_curves(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A step per quarter of creation; those that are told apart are strong and named, the others grey."""
    for cohort, part in data.groupby("cohort"):
        told = bool(part["told"].iloc[0])
        colour = theme.ACTUAL if told else theme.CONTEXT
        flagged = bool(part["flagged"].iloc[0])
        ax.step(
            part["day"],
            part["won"],
            where="post",
            color=colour,
            linewidth=2.6 if flagged else 1.6 if told else 1.1,
            zorder=3 if told else 2,
        )
        if told:
            last = part.iloc[-1]
            labels.label_line(
                ax, last["day"], last["won"], pen(quarter(pd.Timestamp(str(cohort)))), color=colour
            )
    ax.axvline(data["age"].iloc[0], color=theme.TARGET, linewidth=0.8, linestyle=(0, (4, 2)))
    labels.share_axis(ax, pen)
    labels.number_axis(ax, pen, which="x", ticks=4 if pen.narrow else 7)
    ax.set_xlabel(pen("days"), loc="right")
    return ax


def curves(frame: pd.DataFrame, cohorts: pd.DataFrame) -> Exhibit | None:
    """The share won by age, quarter by quarter; `frame` is `cohorts.curves`, `cohorts` is `cohorts.by_cohort`."""
    grown = frame.merge(cohorts[["cohort", "age", "flagged"]], on="cohort")
    grown = grown[grown.groupby("cohort")["day"].transform("size") > 1]
    if grown.empty or grown["cohort"].nunique() < 2:
        return None
    reach = grown.groupby("cohort")["day"].transform("max")
    latest = grown.loc[reach >= grown["age"], "cohort"].max()
    return exhibit.chart(
        draw_curves,
        grown.assign(told=grown["flagged"].astype(bool) | (grown["cohort"] == latest)),
        name="cohorts",
        finding=Message("A young quarter’s curve is short, which is not low"),
        subtitle=Message(
            "Share won by days since creation, a line per quarter; bold: unlike the others beyond noise; dashed: the age of comparison"
        ),
    )
