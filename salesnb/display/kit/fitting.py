"""Where do the labels of a chart find room?

`labels` puts them at their lines and bars; once all are there, those at line ends are spread apart where they would touch,
the limits are widened until those at bars stand within the drawing, and names above their bars get a line of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.text import Annotation

from salesnb.display.kit.cells import cut, width
from salesnb.display.kit.labels import BAR_LABEL, END_LABEL, OVER_BAR

SHORTEST = 8  # letters that are left of a name


def over_bars(ax: Axes) -> int:
    """How many names stand above their bars: each wants a line of its own."""
    return sum(text.get_gid() == OVER_BAR for text in ax.texts)


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


def fit_names(ax: Axes) -> None:
    """Cuts the names above bars that would run out of the drawing."""
    for text in ax.texts:
        if text.get_gid() != OVER_BAR:
            continue
        room = ax.figure.bbox.width - ax.get_window_extent().x0
        while (wide := text.get_window_extent().width) > room and width(text.get_text()) > SHORTEST:
            text.set_text(cut(text.get_text(), max(SHORTEST, int(width(text.get_text()) * room / wide) - 1)))


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
