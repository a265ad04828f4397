"""How old is the pipeline, and what became of it since last month? Drawn."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.forms import bridge
from salesnb.display.kit.pen import Pen
from salesnb.language import Message, marked

STEP_NAMES = {
    "start": marked("Open at the start"),
    "opened": marked("Opened"),
    "grown": marked("Grown"),
    "shrunk": marked("Shrunk"),
    "won": marked("Won"),
    "lost": marked("Lost"),
    "revived": marked("Revived"),
    "pulled": marked("Pulled in"),
    "pushed": marked("Pushed out"),
    "edited": marked("History edited"),
    "end": marked("Open at the end"),
}

NEUTRAL = {"won": theme.MUTED, "edited": theme.WATCH}  # what is won leaves the pipeline and is no loss


def draw_ages(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Money by age of the deal; grey is older than anything ever won."""
    colours = [theme.CONTEXT if dead else theme.ACTUAL for dead in data["zombie"]]
    width = (data["to_days"] - data["from_days"]) * 0.94
    ax.bar(data["from_days"], data["value"], width=width, align="edge", color=colours)
    labels.money_axis(ax, pen)
    labels.number_axis(ax, pen, which="x", ticks=4 if pen.narrow else 8)
    ax.set_xlabel(pen("days"), loc="right")
    ax.grid(axis="x", visible=False)
    return ax


def age(frame: pd.DataFrame) -> Exhibit | None:
    """How old the open pipeline is."""
    if frame.empty or not frame["value"].sum() > 0:
        return None
    return exhibit.chart(
        draw_ages,
        frame,
        name="pipeline_age",
        finding=Message(
            "Too old: {n:count} of {all:count} open deals, {value:money} of {whole:money}",
            n=int(frame.loc[frame["zombie"], "deals"].sum()),
            all=int(frame["deals"].sum()),
            value=float(frame.loc[frame["zombie"], "value"].sum()),
            whole=float(frame["value"].sum()),
        ),
        subtitle=Message(
            "Open value by days since creation, {currency}; grey: beyond the age of 99% of won deals"
        ),
        columns={
            "from_days": Column(marked("From day"), "count"),
            "deals": Column(marked("Deals"), "count"),
            "value": Column(marked("Open value"), "money"),
        },
    )


def draw_flow(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """The waterfall, top to bottom, from the earlier month end to today."""
    steps = pd.DataFrame({"step": [pen(STEP_NAMES[step]) for step in data["step"]], "change": data["value"]})
    neutral = {place: NEUTRAL[step] for place, step in enumerate(data["step"]) if step in NEUTRAL}
    return bridge(ax, steps, pen, colours=neutral)


def flow(frame: pd.DataFrame) -> Exhibit | None:
    """What happened to the pipeline since the last month end."""
    first, last = frame["value"].iloc[0], frame["value"].iloc[-1]
    grew = Message("The open pipeline grew from {first:money} to {last:money}", first=first, last=last)
    fell = Message("The open pipeline fell from {first:money} to {last:money}", first=first, last=last)
    subtitle = Message("Open value since the last month end, {currency}; the steps sum to the cent")
    return _waterfall(frame, name="pipeline_flow", finding=grew if last >= first else fell, subtitle=subtitle)


def due_flow(frame: pd.DataFrame | None, *, due: pd.Timestamp) -> Exhibit | None:
    """What happened to the deals that should close by `due`: what came into the span, what left it."""
    if frame is None:
        return None
    value = frame.set_index("step")["value"]
    finding = Message(
        "Due by {due:date}: {end:money}; pushed out {pushed:money}, pulled in {pulled:money}",
        due=due,
        end=value["end"],
        pushed=-value.get("pushed", 0.0),
        pulled=value.get("pulled", 0.0),
    )
    subtitle = Message(
        "Open value that is expected to close by then, since last month’s pack, {currency}; the steps sum to the cent"
    )
    return _waterfall(frame, name="pipeline_due", finding=finding, subtitle=subtitle)


def _waterfall(frame: pd.DataFrame, *, name: str, finding: Message, subtitle: Message) -> Exhibit | None:
    unpriced = bool(frame["deals"].iloc[-1]) and not frame["value"].iloc[-1]  # closing alone writes amounts
    if unpriced or not (frame["value"] != 0).any():
        return None
    return exhibit.chart(
        draw_flow,
        frame,
        name=name,
        finding=finding,
        subtitle=subtitle,
        height=0.4 * len(frame) + 0.4,
        columns={
            "step": Column(marked("Step"), words=STEP_NAMES),
            "deals": Column(marked("Deals"), "count"),
            "value": Column(marked("Value"), "money"),
        },
    )
