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

import pandas as pd

from salesnb.display.kit.cells import clean, cut, unformulated
from salesnb.display.kit.grid import Column as Column
from salesnb.display.kit.grid import table_html, written
from salesnb.display.kit.sketch import Draw, Sketch
from salesnb.display.kit.theme import lab_css
from salesnb.language import Language, Message

Text = str | Message
SPOKEN_ROWS = 12


@dataclass(frozen=True)
class Exhibit:
    """A chart or table, ready to be shown; `Page.section` gives it its place."""

    name: str
    finding: str
    subtitle: str
    body: str
    data: pd.DataFrame = field(repr=False)
    say: Language = field(repr=False, compare=False)
    fold: str = ""
    picture: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    book: Callable[[], bytes] | None = field(default=None, repr=False, compare=False)  # .xlsx to hand on

    def html(self, *, page: str = "", csv: str = "", book: str = "", folded: bool = False) -> str:
        """The figure; `csv` is the address of its data, `book` of its workbook, relative to the page. Folded, it shows its finding until it is opened."""
        identity = f"{page}-{self.name}".strip("-")
        links = [(csv, "CSV", self.say("The data as CSV: {finding}", finding=self.finding))]
        links += [(book, "XLSX", self.say("To hand on, as XLSX: {finding}", finding=self.finding))]
        under = [*filter(None, [html.escape(self.subtitle)]), *(_link(*link) for link in links if link[0])]
        heading = f'<h3 id="{identity}-t">{html.escape(self.finding)}</h3>'
        parts = [
            f'<figure class="ex" id="{identity}" aria-labelledby="{identity}-t">',
            f'<details class="aside"><summary>{heading}</summary>' if folded else heading,
            f'<p class="sub">{" ".join(under)}</p>' if under else "",
            self.body,
            self.fold,
            "</details>" if folded else "",
            "</figure>",
        ]
        return "".join(parts)

    def csv(self) -> str:
        """The whole data; texts that a spreadsheet would take for a formula are neutralised."""
        return unformulated(self.data).to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        shown = f'<style>{lab_css()}</style><div class="snb">{self.html()}</div>'
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
    said = say.sentence(finding)
    sketch = Sketch(draw, data, say, name, rows, cols, height, share)
    words = (
        clean(say.text(alt))
        if alt is not None
        else _spoken(said, say.text(subtitle), data, columns or {}, say)
    )
    body = f'<div class="wide">{_named(sketch.wide(), words)}</div><div class="narrow">{_named(sketch.narrow(), words)}</div>'
    fold = ""
    if columns:
        shown, rest = table_html(data, columns, caption=said, say=say, fold=40)
        title = say("The numbers")
        fold = f"<details class=numbers><summary>{html.escape(title)}</summary>{shown}{rest}</details>"
    return Exhibit(
        name,
        said,
        say.text(subtitle),
        body,
        data,
        say,
        fold=fold,
        picture=lambda: _named(sketch.card(), words),
    )


def _link(address: str, text: str, name: str) -> str:
    return (
        f'<a class="csv" href="{html.escape(address)}" download aria-label="{html.escape(name)}">{text}</a>'
    )


def _named(svg: str, words: str) -> str:
    """The drawing with its text alternative."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(words, quote=True)}" ', 1)


def _spoken(
    finding: str, subtitle: str, data: pd.DataFrame, columns: Mapping[str, Column], say: Language
) -> str:
    """What a reader who cannot see the drawing hears: the finding, what is drawn, and the first numbers behind it."""
    parts = [finding.rstrip(".。"), subtitle.rstrip(".。")]
    for row in data[list(columns)].head(SPOKEN_ROWS).to_dict("records") if columns else []:
        name, *values = (
            say.text(written(column.called(row[key], say), column.kind, say))
            for key, column in columns.items()
        )
        parts.append(f"{cut(name)}: {', '.join(cut(value) for value in values if value)}")
    stop = "。" if say.code == "zh" else ". "
    return clean(stop.join(filter(None, parts)) + stop)


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
    whole: pd.DataFrame | None = None,
    book: Callable[[], bytes] | None = None,
) -> Exhibit | None:
    """`data` as a table, in its order, showing `columns`; None for an empty frame.

    `total` holds the last row's values by column (the first column says Total where it holds none). Rows after the first
    `fold` fold away; the CSV has every row and every column of `data`, or of `whole`, where the table only sums that up. `book`
    makes a workbook that stands beside the CSV.
    """
    if data.empty:
        return None
    _check(name)
    said = say.sentence(finding)
    shown, rest = table_html(data, columns, caption=said, say=say, total=total, fold=fold)
    held = data if whole is None else whole
    return Exhibit(name, said, say.text(subtitle), shown, held, say, fold=rest, book=book)


def _check(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"an exhibit's name must be lower_case letters, digits and _, but {name!r} was passed"
        )
