"""Does the deal model keep its word? Drawn."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, theme
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.pen import Pen
from salesnb.language import Message, marked


def draw_calibration(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Said against seen, with the diagonal on which they agree."""
    ax.plot([0, 1], [0, 1], color=theme.TARGET, linewidth=1, linestyle=(0, (4, 2)))
    ax.vlines(data["said"], data["low"], data["high"], color=theme.CONTEXT, linewidth=2)
    ax.scatter(data["said"], data["won"], color=theme.ACTUAL, s=46, zorder=3)
    labels.share_axis(ax, pen)
    labels.share_axis(ax, pen, which="x", ticks=3 if pen.narrow else 5)
    return ax


def calibration(frame: pd.DataFrame, *, auc: float | None) -> Exhibit | None:
    """Do deals that the model gives 30% win in 30 of 100 cases?"""
    if frame.empty or auc is None:
        return None
    return exhibit.chart(
        draw_calibration,
        frame,
        name="calibration",
        finding=Message("The model ranks a won deal above a lost one in {auc:percent} of the pairs", auc=auc),
        subtitle=Message(
            "Share won by predicted chance (across), five bands of later deals; line: 95% interval; dashed: agreement"
        ),
        height=(3.4, 3.2),
        columns={
            "said": Column(marked("Predicted"), "share"),
            "won": Column(marked("Won"), "share"),
            **interval("share"),
            "deals": Column(marked("Deals"), "count"),
        },
    )
