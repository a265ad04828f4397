"""How do axes and labels of a chart speak the reader's language?

Axis formatters take `say` and write numbers as the language does; labels stand at the lines and bars, so that no legend is
needed. Labels at line ends are spread apart when they would touch (`spread`).
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

from salesnb.display.cells import cut, width
from salesnb.display.palette import INK, MUTED, PAPER
from salesnb.language import Language

END_LABEL = "end-label"
BAR_LABEL = "bar-label"
FROM_ZERO = "from-zero"
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
    (ax.set_ylim if y else ax.set_xlim)(min(low, 0), max(high, 0))
    for one in family:
        (one.yaxis if y else one.xaxis).set_gid(FROM_ZERO)


def money_axis(ax: Axes, say: Language, which: Which = "y", *, ticks: int = 5, zero: bool = True) -> Axes:
    """Money on an axis, from zero: 20M, 2,000万."""
    return _axis(ax, say.money, which=which, ticks=ticks, zero=zero)


def share_axis(ax: Axes, say: Language, which: Which = "y", *, ticks: int = 5, zero: bool = True) -> Axes:
    """Shares (0–1) as whole per cent."""
    return _axis(
        ax,
        lambda value: say.share(value, decimals=0 if ticks <= 5 else 1),
        which=which,
        ticks=ticks,
        zero=zero,
    )


def points_axis(ax: Axes, say: Language, which: Which = "y", *, ticks: int = 5) -> Axes:
    """Differences of shares: +10, 0, −10 with their unit along the axis, +10 points up the side; zero is within."""
    ax.autoscale_view()
    if which == "x":
        _axis(ax, lambda value: say.signed(value * 100, decimals=0), which=which, ticks=ticks, zero=False)
        ax.set_xlabel(say("points"), loc="right")
        return ax
    return _axis(ax, say.points, which=which, ticks=ticks, zero=False)


def number_axis(ax: Axes, say: Language, which: Which = "y", *, ticks: int = 5, zero: bool = True) -> Axes:
    """Counts, days and other plain numbers."""
    return _axis(ax, say.number, which=which, ticks=ticks, zero=zero)


def month_axis(ax: Axes, say: Language, *, narrow: bool = False) -> Axes:
    """Months on the x axis of dates: Oct, Nov; the year stands under the first tick of each, but not side by side."""
    first, last = (pd.Timestamp(mdates.num2date(edge)).tz_localize(None) for edge in ax.get_xlim())
    months = max(1, (last.year - first.year) * 12 + last.month - first.month)
    step = next((size for size in (1, 2, 3, 4, 6, 12, 24) if months / size <= (5 if narrow else 12)), 36)
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
            say.short_month(tick) + (f"\n{tick.year}" if years.get(tick.year) is tick else "\n ")
            for tick in ticks
        ]
    )
    return ax


def bar_axis(ax: Axes, names: Sequence[str], *, narrow: bool = False, longest: int | None = None) -> Axes:
    """Names down the y axis of horizontal bars (first name on top), cut to fit; no grid behind names, no tick marks."""
    ax.set_yticks(range(len(names)), [_room(cut(name, longest or (20 if narrow else 32))) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", labelcolor=INK)
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    return ax


def _room(text: str) -> str:
    """The text behind blanks that make up for what matplotlib, without Chinese glyphs, measures too short; SVG drops them."""
    wide = sum(width(char) == 2 for char in text)
    return " " * math.ceil(wide * 0.2 / 0.318) + text


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
    """A short note at one point of a drawing, above or below it."""
    place = ((0, 6), "bottom") if above else ((0, -6), "top")
    return _note(ax, text, (x, y), place[0], ha, place[1], color)


def label_right(ax: Axes, y: float, text: str) -> Text:
    """A number in the column to the right of the drawing, at the height of its row."""
    return _note(ax, text, (1.0, y), (40, 0), "right", "center", INK, xycoords=("axes fraction", "data"))


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


def spread(heights: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """The heights moved as little as possible so that neighbours are `gap` apart, between `low` and `high` if they fit.

    Same order in as out; equal heights keep their order. Where they cannot all fit, they are spread evenly.
    """
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    if len(order) > 1 and gap * (len(order) - 1) >= high - low:
        even = (high - low) / (len(order) - 1)
        placed = {index: low + even * rank for rank, index in enumerate(order)}
        return [placed[index] for index in range(len(heights))]
    groups: list[list[float]] = []  # [sum of wanted bases, members]: pools that move together
    for rank, index in enumerate(order):
        groups.append([heights[index] - gap * rank, 1])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] >= groups[-1][0] / groups[-1][1]:
            last = groups.pop()
            groups[-1] = [groups[-1][0] + last[0], groups[-1][1] + last[1]]
    bases = [total / members for total, members in groups for _ in range(int(members))]
    top = high - gap * (len(order) - 1)
    result = [0.0] * len(heights)
    for rank, index in enumerate(order):
        result[index] = min(max(bases[rank], low), top) + gap * rank
    return result


def fit_bar_labels(ax: Axes) -> bool:
    """Widens the limits until the labels that `label_bars` put outside the bars stand within the drawing; had it to?"""
    before = (ax.get_xlim(), ax.get_ylim())
    labels = [text for text in ax.texts if text.get_gid() == BAR_LABEL and text.get_text()]
    for _ in range(4 if labels else 0):
        inner, boxes = ax.get_window_extent(), [text.get_window_extent() for text in labels]
        low, high = ax.get_xlim()
        unit = (high - low) / inner.width
        left, right = inner.x0 - min(box.x0 for box in boxes), max(box.x1 for box in boxes) - inner.x1
        ax.set_xlim(low - max(0.0, left) * unit, high + max(0.0, right) * unit)
        low, high = ax.get_ylim()
        unit = (high - low) / inner.height
        if high > low:  # names run down the axis of horizontal bars: nothing stands above them
            over, under = max(box.y1 for box in boxes) - inner.y1, inner.y0 - min(box.y0 for box in boxes)
            ax.set_ylim(low - max(0.0, under) * unit, high + max(0.0, over) * unit)
    return (ax.get_xlim(), ax.get_ylim()) != before


def spread_end_labels(ax: Axes, *, points: float) -> None:
    """Moves the labels that `label_line` made apart; `points` is the height of a line of text."""
    labels = [text for text in ax.texts if isinstance(text, Annotation) and text.get_gid() == END_LABEL]
    if len(labels) < 2:
        return
    to_points = 72 / ax.figure.dpi
    wanted = [
        float(ax.transData.transform((0, ax.convert_yunits(text.xy[1])))[1]) * to_points for text in labels
    ]  # type: ignore[attr-defined]
    box = ax.get_window_extent()
    placed = spread(
        wanted,
        gap=points * 1.25,
        low=min([box.y0 * to_points, *wanted]),
        high=max([box.y1 * to_points, *wanted]),
    )
    for text, old, new in zip(labels, wanted, placed, strict=True):
        text.set_position((text.get_position()[0], new - old))
        if abs(new - old) < 0.5:
            text.set_position((text.get_position()[0], 0))


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
