"""Whose records are complete, and are the checklists kept? Drawn."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.forms import dots
from salesnb.display.kit.pen import Pen
from salesnb.language import Message, marked

COLUMNS = {
    "team": Column(marked("Team")),
    "share": Column(marked("Share"), "share"),
    **interval("share"),
}


def draw_teams(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A dot per team with its interval; a triangle where it lies below the others beyond noise."""
    dots(
        ax,
        list(data["team"]),
        data["share"],
        low=data["low"],
        high=data["high"],
        colours=[theme.BEHIND if flag else theme.ACTUAL for flag in data["flagged"]],
        pen=pen,
        reading="share",
        at=None,
    )
    ax.set_xlim(0, 1.02)
    return ax


def completeness(teams: pd.DataFrame) -> Exhibit | None:
    """Whose required fields are filled."""
    return _by_team(
        teams,
        "crm_by_team",
        Message(
            "Teams fill between {least:percent} and {most:percent} of the required fields", **_span(teams)
        ),
        Message(
            "Required fields that are filled over open deals, by count; line: 95% interval; ▼: below the others beyond noise"
        ),
    )


def checklists(teams: pd.DataFrame) -> Exhibit | None:
    """Who keeps the checklist whole."""
    return _by_team(
        teams,
        "checklist_by_team",
        Message("Teams keep between {least:percent} and {most:percent} of their checklists", **_span(teams)),
        Message(
            "Deals whose checklist is complete, twelve months; line: 95% interval; ▼: below the others beyond noise"
        ),
    )


def _span(teams: pd.DataFrame) -> dict[str, float]:
    return {"least": float(teams["share"].min()), "most": float(teams["share"].max())}


def _by_team(teams: pd.DataFrame, name: str, finding: Message, subtitle: Message) -> Exhibit | None:
    """Teams side by side; None for fewer than two."""
    if len(teams) < 2:
        return None
    return exhibit.chart(
        draw_teams,
        teams,
        name=name,
        finding=finding,
        subtitle=subtitle,
        height=0.38 * len(teams) + 0.6,
        columns=COLUMNS,
    )
