"""How do axes and labels of a chart speak the reader's language?

Axis formatters take the `pen` and write numbers as its language does; labels stand at the lines and bars, so that no legend is
needed. `fitting` gives them room where they would touch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from salesnb.display.kit.cells import cut, width
from salesnb.display.kit.palette import INK, MUTED, PAPER, TARGET
from salesnb.display.kit.pen import Pen
from salesnb.language import Text as Words

END_LABEL = "end-label"
BAR_LABEL = "bar-label"
FROM_ZERO = "from-zero"
OVER_BAR = "over-bar"
BESIDE = 16  # letters of a name that still stands beside its bar on a phone
ABOVE = 48  # letters of a name that stands above it
Which = Literal["x", "y"]


def _axis(ax: Axes, write: Callable[[float], str], *, which: Which, ticks: int, zero: bool) -> Axes:
    axis = ax.yaxis if which == "y" else ax.xaxis
    axis.set_major_locator(MaxNLocator(nbins=ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))
    if zero:
        _from_zero(ax, which)
    return ax


def _from_zero(ax: Axes, which: Which) -> None:
    """Zero into the limits: those of all axes that share them, by all their data; limits that were set are only widened."""
    axis, y = (ax.yaxis, True) if which == "y" else (ax.xaxis, False)
    family = (ax.get_shared_y_axes() if y else ax.get_shared_x_axes()).get_siblings(ax)
    low, high = ax.get_ylim() if y else ax.get_xlim()
    if axis.get_gid() == FROM_ZERO or (ax.get_autoscaley_on() if y else ax.get_autoscalex_on()):
        edges = [
            edge
            for one in family
            for edge in (one.dataLim.intervaly if y else one.dataLim.intervalx)
            if abs(edge) < float("inf")
        ]
        if not edges:
            return
        room = max(0.05, (ax.margins() or (0.05, 0.05))[1 if y else 0]) * (max(*edges, 0) - min(*edges, 0))
        low, high = (
            min(0, min(edges) - room if min(edges) < 0 else 0),
            max(edges) + room if max(edges) > 0 else 0,
        )
    low, high = min(low, 0), max(high, 0)
    (ax.set_ylim if y else ax.set_xlim)(low, high if high > low else 1)  # where everything is nothing
    for one in family:
        (one.yaxis if y else one.xaxis).set_gid(FROM_ZERO)


def money_axis(ax: Axes, pen: Pen, which: Which = "y", *, ticks: int = 5, zero: bool = True) -> Axes:
    """Money on an axis, from zero: 20M, 2,000万."""
    return _axis(ax, pen.money, which=which, ticks=ticks, zero=zero)


def share_axis(ax: Axes, pen: Pen, which: Which = "y", *, ticks: int = 5, zero: bool = True) -> Axes:
    """Shares (0–1) as whole per cent."""
    return _axis(
        ax,
        lambda value: pen.share(value, decimals=0 if ticks <= 5 else 1),
        which=which,
        ticks=ticks,
        zero=zero,
    )


def points_axis(ax: Axes, pen: Pen, which: Which = "y", *, ticks: int = 5) -> Axes:
    """Differences of shares: +10, 0, −10 with their unit along the axis, +10 points up the side; zero is within."""
    ax.autoscale_view()
    if which == "x":
        _axis(ax, lambda value: pen.signed(value * 100, decimals=0), which=which, ticks=ticks, zero=False)
        ax.set_xlabel(pen("points"), loc="right")
        return ax
    return _axis(ax, pen.points, which=which, ticks=ticks, zero=False)


def number_axis(ax: Axes, pen: Pen, which: Which = "y", *, ticks: int = 5, zero: bool = True) -> Axes:
    """Counts, days and other plain numbers."""
    return _axis(ax, pen.number, which=which, ticks=ticks, zero=zero)


def month_axis(ax: Axes, pen: Pen, *, few: bool = False) -> Axes:
    """Months on the x axis of dates (`few` in a small drawing): Oct, Nov; the year stands under the first tick of each, but not side by side."""
    first, last = (pd.Timestamp(mdates.num2date(edge)).tz_localize(None) for edge in ax.get_xlim())
    months = max(1, (last.year - first.year) * 12 + last.month - first.month)
    step = next(
        (size for size in (1, 2, 3, 4, 6, 12, 24) if months / size <= (5 if few or pen.narrow else 12)), 36
    )
    ticks = [
        month
        for month in pd.date_range(first.normalize().replace(day=1), last, freq="MS")
        if first <= month and (month.month - 1) % step == 0
    ]
    if not ticks:
        ticks = [first.normalize()]
    ax.set_xticks(mdates.date2num([tick.to_pydatetime() for tick in ticks]))  # type: ignore[arg-type]
    years = {tick.year: tick for tick in reversed(ticks)}
    if len(ticks) > 1 and ticks[1].year > ticks[0].year:
        del years[ticks[0].year]  # two years side by side would touch
    ax.set_xticklabels(
        [
            pen.short_month(tick) + (f"\n{tick.year}" if years.get(tick.year) is tick else "\n ")
            for tick in ticks
        ]
    )
    return ax


def bar_axis(
    ax: Axes, called: Sequence[Words], pen: Pen, *, longest: int | None = None, above: bool = False
) -> Axes:
    """Names down the y axis of horizontal bars (first name on top), cut to fit; no grid behind names, no tick marks.

    In a narrow drawing long names stand above their bars, whole (`above`: short ones, too): beside them they would leave no room
    for the bars.
    """
    names = [pen.text(name) for name in called]
    places = range(len(names))
    ax.tick_params(axis="y", labelcolor=INK)
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    if pen.narrow and longest is None and (above or max(map(width, names), default=0) > BESIDE):
        ax.set_yticks(places, [""] * len(names))
        ax.set_ylim(len(names) - 0.5, -1.0)
        for place, name in zip(places, names, strict=True):
            at: dict[str, Any] = {
                "transform": ax.get_yaxis_transform(),
                "va": "bottom",
                "ha": "left",
                "color": INK,
            }
            behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}  # no yardstick crosses a name
            over = ax.text(0, place - 0.33, cut(name, ABOVE), gid=OVER_BAR, bbox=behind, zorder=4, **at)
            over.set_in_layout(False)
        return ax
    ax.set_yticks(places, [_room(cut(name, longest or (BESIDE if pen.narrow else 42))) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    return ax


def _room(text: str) -> str:
    """The text behind blanks that make up for what matplotlib, without Chinese glyphs, measures too short; SVG drops them."""
    wide = sum(width(char) == 2 for char in text)
    return " " * math.ceil(wide * 0.2 / 0.318) + text


def mark_day(ax: Axes, day: object, text: str) -> Axes:
    """What happened on a day of a time line: a dashed line with its name at the top, on the side that has room."""
    at = mdates.date2num(day)  # type: ignore[arg-type]
    low, high = ax.get_xlim()
    late = at > (low + high) / 2
    ax.axvline(at, color=TARGET, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    _note(
        ax,
        text,
        (at, 1.0),
        (-4 if late else 4, -2),
        "right" if late else "left",
        "top",
        INK,
        xycoords=("data", "axes fraction"),
    )
    return ax


def calm(ax: Axes, *, which: Which = "x") -> Axes:
    """Without the ticks, numbers and grid of an axis: for bars that carry their own labels."""
    (ax.xaxis if which == "x" else ax.yaxis).set_visible(False)
    ax.spines["bottom" if which == "x" else "left"].set_visible(False)
    return ax


def label_line(ax: Axes, x: object, y: float, text: str, *, color: str = INK, weight: str = "bold") -> Text:
    """The name of a line at its end, in its colour. Labels of one chart that would touch are spread when it is shown."""
    made = _note(ax, text + _room(text).removesuffix(text), (x, y), (6, 0), "left", "center", color)
    made.set(gid=END_LABEL, fontweight=weight)
    return made


def label_point(
    ax: Axes, x: object, y: float, text: str, *, color: str = INK, above: bool = True, ha: str = "center"
) -> Text:
    """A short note at one point of a drawing, above or below it, and clear of a line that stands on the point."""
    side = {"left": 4, "right": -4}.get(ha, 0)
    place = ((side, 6), "bottom") if above else ((side, -6), "top")
    return _note(ax, text, (x, y), place[0], ha, place[1], color)


def label_right(ax: Axes, y: float, text: str, *, colour: str = INK) -> Text:
    """A number in the column to the right of the drawing, at the height of its row."""
    return _note(ax, text, (1.0, y), (40, 0), "right", "center", colour, xycoords=("axes fraction", "data"))


def _note(
    ax: Axes,
    text: str,
    at: tuple[object, float],
    away: tuple[float, float],
    ha: str,
    va: str,
    color: str,
    **more: Any,
) -> Annotation:
    """A text `away` points from a place, also outside the drawing."""
    return ax.annotate(
        text,
        at,
        xytext=away,
        textcoords="offset points",
        ha=ha,
        va=va,
        color=color,
        annotation_clip=False,
        **more,
    )


def label_bars(
    ax: Axes,
    bars: BarContainer,
    texts: Sequence[str],
    *,
    color: str | None = None,
    padding: float = 4,
    inside: bool = False,
) -> list[Text]:
    """A text at each bar's end: outside it, or `inside` in the page's colour on a dark bar."""
    color = color or (PAPER if inside else INK)
    made = ax.bar_label(bars, labels=list(texts), padding=-padding if inside else padding, color=color)
    if inside:
        for text, bar in zip(made, bars, strict=True):
            text.set(ha="right" if bar.get_width() >= 0 else "left")
    else:
        for text in made:
            text.set_gid(BAR_LABEL)
    return list(made)


__all__ = [
    "MUTED",
    "bar_axis",
    "calm",
    "label_bars",
    "label_line",
    "label_point",
    "label_right",
    "money_axis",
    "month_axis",
    "number_axis",
    "points_axis",
    "share_axis",
]
