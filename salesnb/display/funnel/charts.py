"""Where deals get stuck, how long they take, and what became of the pipeline, drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, theme
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.forms import dots
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import called
from salesnb.language import Message, marked


def draw_lifts(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A bar per stage; the line is its interval, the tick what its best quarter promised with its luck."""
    colours = [theme.ACTUAL if sure else theme.CONTEXT for sure in data["beyond"]]
    places = np.arange(len(data))
    ax.barh(places, data["gain"], color=colours, height=0.6)
    ax.hlines(places, data["low"].clip(lower=0), data["high"].clip(lower=0), color=theme.INK, linewidth=1.1)
    ax.scatter(data["added_value"], places, marker="|", s=180, color=theme.TARGET, zorder=4)
    labels.bar_axis(ax, [pen.sentence(called(stage)) for stage in data["stage"]], pen)
    labels.money_axis(ax, pen, which="x", ticks=3 if pen.narrow else 5)
    ax.grid(axis="y", visible=False)
    return ax


DRAWN = 12  # stages in a chart; the CSV has all


def lifts(frame: pd.DataFrame) -> Exhibit | None:
    """What each stage would add at its own best quarter's conversion, that quarter's luck taken out."""
    if frame.empty or not frame["gain"].max() > 0:
        return None
    top = frame.loc[[frame["gain"].idxmax()]].iloc[0]
    values = {"stage": called(top["stage"]), "value": top["gain"]}
    sure = Message("{stage} would add most: {value:money} a year, luck taken out", **values)
    unsure = Message("{stage} might add {value:money} a year; chance could show as much", **values)
    return exhibit.chart(
        draw_lifts,
        frame.loc[frame["gain"].nlargest(DRAWN).index.sort_values()],
        name="stage_lifts",
        finding=sure if top["beyond"] else unsure,
        subtitle=Message(
            "Won value a year at the stage’s best quarter of four, {currency}; blue: beyond chance; line: 95% interval; dark tick: with that quarter’s luck"
        ),
        height=0.42 * min(len(frame), DRAWN) + 0.6,
        columns={
            "stage": Column(marked("Stage"), "given"),
            "gain": Column(marked("Added"), "money"),
            **interval("money"),
            "added_value": Column(marked("With its luck"), "money"),
        },
    )


def draw_curve(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """The honest curve with its band, and the one that closed deals alone would give."""
    ax.fill_between(
        data["day"], data["low"], data["high"], step="post", color=theme.FORECAST, alpha=0.3, linewidth=0
    )
    ax.step(data["day"], data["running"], where="post", color=theme.ACTUAL)
    ax.step(data["day"], data["closed_only"], where="post", color=theme.CONTEXT, linestyle=(0, (4, 2)))
    ax.axhline(0.5, color=theme.TARGET, linewidth=0.8)
    last = data.iloc[-1]
    labels.label_line(ax, last["day"], last["running"], pen("All deals"), color=theme.ACTUAL)
    labels.label_line(ax, last["day"], last["closed_only"], pen("Closed only"), color=theme.MUTED)
    labels.share_axis(ax, pen)
    labels.number_axis(ax, pen, which="x", ticks=4 if pen.narrow else 7)
    return ax


def closing_curve(curve: pd.DataFrame, median: float | None, closed_only: float | None) -> Exhibit | None:
    """How long deals stay open, honestly and from closed deals alone."""
    if curve.empty or closed_only is None:
        return None
    finding = (
        Message(
            "Half of the deals are closed after {honest:days}, not after {naive:days}",
            honest=median,
            naive=closed_only,
        )
        if median is not None
        else Message("Fewer than half of the deals have been closed so far")
    )
    return exhibit.chart(
        draw_curve,
        curve,
        name="days_to_close",
        finding=finding,
        subtitle=Message(
            "Share of deals still open by days since creation; band: 95% interval; created in the last 24 months"
        ),
        columns={
            "day": Column(marked("Day"), "count"),
            "running": Column(marked("Still open"), "share"),
            "closed_only": Column(marked("Closed only"), "share"),
        },
    )


def draw_stage_days(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A pair of dots per stage, a year before and now; what it got slower is coloured where that is beyond noise."""
    places = np.arange(len(data))
    colours = [theme.BEHIND if slow else theme.GRID for slow in data["slower"]]
    ax.hlines(
        places,
        data[["now", "before"]].min(axis=1),
        data[["now", "before"]].max(axis=1),
        color=colours,
        linewidth=3,
    )
    ax.scatter(data["before"], places, c=theme.CONTEXT, s=44, zorder=3)
    ax.scatter(data["now"], places, c=theme.ACTUAL, s=54, zorder=4)
    labels.bar_axis(ax, [pen.sentence(called(stage)) for stage in data["stage"]], pen)
    labels.number_axis(ax, pen, which="x", ticks=4 if pen.narrow else 7)
    ax.grid(axis="y", visible=False)
    return ax


def stage_days(frame: pd.DataFrame) -> Exhibit | None:
    """Days in each stage, now and a year before."""
    known = frame.dropna(subset=["now", "before"])
    known = known.loc[known["change"].abs().nlargest(DRAWN).index.sort_values()]
    if known.empty:
        return None
    slower = known[known["slower"]]
    if slower.empty:
        finding = Message("No stage got slower beyond noise")
    else:
        worst = slower.loc[[slower["change"].idxmax()]].iloc[0]
        finding = Message(
            "{stage} takes {now:days} instead of {before:days}",
            stage=called(worst["stage"]),
            now=worst["now"],
            before=worst["before"],
        )
    return exhibit.chart(
        draw_stage_days,
        known,
        name="stage_days",
        finding=finding,
        subtitle=Message(
            "Median days in the stage, last six months (blue) against the year before (grey); red between them: slower beyond noise"
        ),
        height=0.42 * len(known) + 0.6,
        columns={
            "stage": Column(marked("Stage"), "given"),
            "now": Column(marked("Now"), "days"),
            "before": Column(marked("Year before"), "days"),
            "n_now": Column(marked("Deals now"), "count"),
            "n_before": Column(marked("Deals then"), "count"),
        },
    )


def draw_slower(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """The months of entry, left to right."""
    ax.plot(data["month"], data["days"], color=theme.ACTUAL, marker="o", markersize=4)
    labels.number_axis(ax, pen)
    labels.month_axis(ax, pen)
    return ax


def slower_stage(frame: pd.DataFrame, *, stage: str) -> Exhibit | None:
    """When one stage changed its pace."""
    known = frame.dropna(subset=["days"])
    if len(known) < 3:
        return None
    return exhibit.chart(
        draw_slower,
        known,
        name="slower_stage",
        finding=Message(
            "{stage}: {first:days} at the start, {last:days} at the end",
            stage=called(stage),
            first=known["days"].iloc[0],
            last=known["days"].iloc[-1],
        ),
        subtitle=Message("Median days in the stage by month of entry"),
        height=2.4,
        columns={
            "month": Column(marked("Month"), "month"),
            "entered": Column(marked("Deals"), "count"),
            "days": Column(marked("Days"), "days"),
        },
    )


def draw_lines(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Change of the win rate per line with its interval; red where it fell beyond noise."""
    return dots(
        ax,
        list(data["product_line"]),
        data["change"],
        low=data["low"],
        high=data["high"],
        colours=[theme.BEHIND if fell else theme.ACTUAL for fell in data["fell"]],
        pen=pen,
    )


def line_changes(frame: pd.DataFrame) -> Exhibit | None:
    """Which line's win rate fell."""
    if frame.empty:
        return None
    worst = frame.iloc[0]
    finding = (
        Message(
            "{line} wins {now:percent} of its deals, {before:percent} a year before",
            line=worst["product_line"],
            now=worst["now"],
            before=worst["before"],
        )
        if frame["fell"].any() or worst["by"]
        else Message("No product line's win rate fell beyond noise")
    )
    return exhibit.chart(
        draw_lines,
        frame,
        name="line_changes",
        finding=finding,
        subtitle=Message(
            "Change of the win rate, deals closed in the last nine months against the year before; line: 95% interval"
        ),
        height=0.42 * len(frame) + 0.6,
        columns={
            "product_line": Column(marked("Product line")),
            "change": Column(marked("Change"), "points"),
            **interval("points"),
            "closed_now": Column(marked("Closed"), "count"),
        },
    )
