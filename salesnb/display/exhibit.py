"""What is shown as evidence: a chart or a table with its finding, its text alternative and its data.

An exhibit is one figure of a page: the finding as its heading, a line saying what is drawn and in which unit, the drawing
(wide, and a narrow cousin for phones) or the table, and a link to the whole data as CSV. Charts are functions
``draw(ax, data, *, say, narrow) -> ax``; nothing here computes a figure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
import pandas as pd

from salesnb.display import theme
from salesnb.display.cells import clean, unformulated
from salesnb.display.grid import Column as Column
from salesnb.display.grid import table_html
from salesnb.display.labels import spread_end_labels
from salesnb.display.svg import drawing, unwarned
from salesnb.language import Language, Message

Draw = Callable[..., Any]
Text = str | Message


@dataclass(frozen=True)
class Exhibit:
    """A chart or table, ready to be shown; `Page.section` gives it its place."""

    name: str
    finding: str
    subtitle: str
    body: str
    data: pd.DataFrame = field(repr=False)
    say: Language = field(repr=False, compare=False)
    narrow: str = ""

    def html(self, *, page: str = "", csv: str = "") -> str:
        """The figure; `csv` is the address of its data, relative to the page."""
        identity = f"{page}-{self.name}".strip("-")
        parts = [
            f'<figure class="ex" id="{identity}" aria-labelledby="{identity}-t">',
            f'<h3 id="{identity}-t">{html.escape(self.finding)}</h3>',
            f'<p class="sub">{html.escape(self.subtitle)}</p>' if self.subtitle else "",
            self.body,
            f'<p class="csv"><a href="{html.escape(csv)}" download>{html.escape(self.say("The data as CSV"))}</a></p>'
            if csv
            else "",
            "</figure>",
        ]
        return "".join(parts)

    def csv(self) -> str:
        """The whole data; texts that a spreadsheet would take for a formula are neutralised."""
        return unformulated(self.data).to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        shown = f'<style>{theme.lab_css()}</style><div class="snb">{self.html()}</div>'
        return {"text/html": shown, "text/plain": self.finding}


def chart(
    draw: Draw,
    data: pd.DataFrame,
    *,
    name: str,
    finding: Text,
    subtitle: Text,
    say: Language,
    alt: Text | None = None,
    columns: Mapping[str, Column] | None = None,
    rows: int = 1,
    cols: int = 1,
    height: float | tuple[float, float] | None = None,
    share: bool = True,
) -> Exhibit | None:
    """`data` drawn by ``draw(ax, data, *, say, narrow)``; None for an empty frame.

    `ax` is one `Axes`, or a flat array of ``rows * cols`` (row by row) that share their scale unless ``share=False``.
    `height` in inches, for the wide drawing or as (wide, narrow). With `columns`, the numbers stand in a fold under the
    drawing; the text alternative is `alt`, else the finding and what is drawn.
    """
    if data.empty:
        return None
    _check(name)
    said = say.text(finding)
    wide_height, narrow_height = (
        height if isinstance(height, tuple) else (height or 3.5 * rows, height or 3.1 * rows * cols)
    )
    wide = _drawn(
        draw, data, say, f"{name}-w", narrow=False, rows=rows, cols=cols, height=wide_height, share=share
    )
    narrow_cols = 1 if rows * cols <= 4 else 2
    narrow_rows = -(-rows * cols // narrow_cols)
    if rows * cols > 4 and height is None:
        narrow_height = 1.7 * narrow_rows
    narrow = _drawn(
        draw,
        data,
        say,
        f"{name}-n",
        narrow=True,
        rows=narrow_rows,
        cols=narrow_cols,
        height=narrow_height,
        share=share,
        wanted=rows * cols,
    )
    words = html.escape(
        clean(say.text(alt) if alt is not None else f"{said}. {say.text(subtitle)}"), quote=True
    )
    role = f'<svg role="img" aria-label="{words}" '
    body = f'<div class="wide">{wide.replace("<svg ", role, 1)}</div><div class="narrow">{narrow.replace("<svg ", role, 1)}</div>'
    if columns:
        numbers = table_html(data, columns, identity=f"{name}-numbers", caption=said, say=say, fold=40)
        body += (
            f"<details class=numbers><summary>{html.escape(say('The numbers'))}</summary>{numbers}</details>"
        )
    return Exhibit(name, said, say.text(subtitle), body, data, say, narrow.replace("<svg ", role, 1))


def table(
    data: pd.DataFrame,
    *,
    name: str,
    finding: Text,
    subtitle: Text,
    columns: Mapping[str, Column],
    say: Language,
    total: Mapping[str, object] | None = None,
    fold: int = 10,
) -> Exhibit | None:
    """`data` as a table, in its order, showing `columns`; None for an empty frame.

    `total` holds the last row's values by column (the first column says Total where it holds none). Rows after the first
    `fold` fold away; the CSV has every row and every column of `data`.
    """
    if data.empty:
        return None
    _check(name)
    said = say.text(finding)
    body = table_html(data, columns, identity=name, caption=said, say=say, total=total, fold=fold)
    return Exhibit(name, said, say.text(subtitle), body, data, say)


def _drawn(
    draw: Draw,
    data: pd.DataFrame,
    say: Language,
    name: str,
    *,
    narrow: bool,
    rows: int,
    cols: int,
    height: float,
    share: bool,
    wanted: int = 0,
) -> str:
    with mpl.rc_context(dict(theme.RC)):
        width = theme.NARROW_INCHES if narrow else theme.WIDE_INCHES
        figure, ax = theme.figure(rows=rows, cols=cols, width=width, height=height, share=share)
        for spare in theme.axes_of(ax)[wanted or rows * cols :]:
            spare.set_visible(False)
        with unwarned():
            draw(ax[: wanted or rows * cols] if rows * cols > 1 else ax, data.copy(), say=say, narrow=narrow)
            figure.draw_without_rendering()
        for one in theme.axes_of(ax):
            spread_end_labels(one, points=theme.FONT_POINTS)
        return drawing(figure, name=name)


def _check(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"an exhibit's name must be lower_case letters, digits and _, but {name!r} was passed"
        )
