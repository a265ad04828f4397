"""What is shown as evidence: a chart or a table with its finding, its text alternative and its data.

An exhibit is a specification: the finding as its heading, a line saying what is drawn and in which unit, the data, and the
columns of a table or what draws a chart (wide, with a narrow cousin for phones). It knows neither a reader nor a page: who
shows it says in which language (`Page.section`). Charts are drawn by functions ``draw(ax, data, pen) -> ax``; nothing here
computes a figure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from salesnb.display.kit.cells import clean, cut, unformulated
from salesnb.display.kit.grid import FOLD, table_html, written
from salesnb.display.kit.grid import Column as Column
from salesnb.display.kit.sketch import Draw, Sketch
from salesnb.display.kit.theme import lab_css
from salesnb.language import Language, Message, Text, Written

SPOKEN_ROWS = 12
CHARTS_FOLD = 40  # of the rows behind a chart that stand in its fold


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A chart or table with everything that is needed to show it to any reader.

    With `draw` it is a chart, and `columns` (if any) are the numbers in the fold under it; else a table whose rows after the
    first `fold` fold away, with `total` as its last row's values by column (the first column says Total where it holds none).
    The CSV has every row and column of `data`, or of `whole`, where the table only sums that up; `book` makes a workbook that
    stands beside it. One for the `analyst` stays in the notebook.
    """

    name: str
    finding: Text
    subtitle: Text
    data: pd.DataFrame = field(repr=False)
    columns: Mapping[str, Column] = field(default_factory=dict, repr=False)
    draw: Draw | None = field(default=None, repr=False)
    alt: Text | None = None
    rows: int = 1
    cols: int = 1
    height: float | tuple[float, float] | None = None
    share: bool = True
    total: Mapping[str, object] | None = field(default=None, repr=False)
    fold: int = FOLD
    whole: pd.DataFrame | None = field(default=None, repr=False)
    book: Callable[[Language], bytes] | None = field(default=None, repr=False)
    analyst: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise ValueError(
                f"an exhibit's name must be lower_case letters, digits and _, but {self.name!r} was passed"
            )

    def to_excel(self, path: str | Path, *, language: str = "en") -> Path:
        """Writes the table as an Excel workbook in the house format: headings, number formats, a filter. Gives the path.

        >>> table.to_excel("customers.xlsx")  # doctest: +SKIP
        """
        from salesnb.display.kit.workbook import Sheet, workbook  # a page does without

        columns = dict(self.columns) or {str(name): Column(str(name)) for name in self.data}
        target = Path(path)
        sheet = Sheet(self.name, self.data, columns)
        target.write_bytes(workbook([sheet], say=Language(language)))
        return target

    def html(
        self, say: Language, *, page: str = "", csv: str = "", book: str = "", folded: bool = False
    ) -> str:
        """The figure; `csv` is the address of its data, `book` of its workbook, relative to the page. Folded, it shows its finding until it is opened."""
        identity, finding = f"{page}-{self.name}".strip("-"), say.sentence(self.finding)
        links = [(csv, "CSV", say("The data as CSV: {finding}", finding=finding))]
        links += [(book, "XLSX", say("To hand on, as XLSX: {finding}", finding=finding))]
        under = [
            *filter(None, [html.escape(say.text(self.subtitle))]),
            *(_link(*link) for link in links if link[0]),
        ]
        heading = f'<h3 id="{identity}-t">{html.escape(finding)}</h3>'
        parts = [
            f'<figure class="ex{" analyst" if self.analyst else ""}" id="{identity}" aria-labelledby="{identity}-t">',
            f'<details class="aside"><summary>{heading}</summary>' if folded else heading,
            f'<p class="sub">{" ".join(under)}</p>' if under else "",
            *(self._table(say, fold=self.fold) if self.draw is None else self._chart(say)),
            "</details>" if folded else "",
            "</figure>",
        ]
        return "".join(parts)

    @property
    def held(self) -> pd.DataFrame:
        """What the CSV holds."""
        return self.data if self.whole is None else self.whole

    def csv(self, say: Language) -> str:
        """The whole data; texts that a spreadsheet would take for a formula are neutralised."""
        texts = {
            str(name): [
                say(value) if isinstance(value, Message | Written) else value for value in self.held[name]
            ]
            for name in self.held.select_dtypes(object)
        }
        return unformulated(self.held.assign(**texts)).to_csv(
            index=False, lineterminator="\n", date_format="%Y-%m-%d"
        )

    def card(self, say: Language) -> str:
        """A chart as small as a card of the first page; nothing for a table."""
        return "" if self.draw is None else _named(self._sketch(say).card(), self._spoken(say))

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        say = Language("en")  # a bare exhibit has no page; Page.section shows it in the page's language
        shown = f'<style>{lab_css()}</style><div class="snb">{self.html(say)}</div>'
        return {"text/html": shown, "text/plain": say.sentence(self.finding)}

    def _table(self, say: Language, *, fold: int) -> tuple[str, str]:
        finding = say.sentence(self.finding)
        return table_html(self.data, self.columns, caption=finding, say=say, total=self.total, fold=fold)

    def _chart(self, say: Language) -> list[str]:
        """The drawing in both sizes, and the numbers behind it in a fold."""
        sketch, words = self._sketch(say), self._spoken(say)
        wide, narrow = _named(sketch.wide(), words), _named(sketch.narrow(), words)
        drawn = f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
        if not self.columns:
            return [drawn]
        title = html.escape(say("The numbers"))
        numbers = "".join(self._table(say, fold=CHARTS_FOLD))
        return [drawn, f"<details class=numbers><summary>{title}</summary>{numbers}</details>"]

    def _sketch(self, say: Language) -> Sketch:
        assert self.draw is not None
        return Sketch(self.draw, self.data, say, self.name, self.rows, self.cols, self.height, self.share)

    def _spoken(self, say: Language) -> str:
        """What a reader who cannot see the drawing hears: `alt`, else the finding, what is drawn, and the first numbers behind it."""
        if self.alt is not None:
            return clean(say.text(self.alt))
        colon, comma, stop = ("：", "，", "。") if say.code == "zh" else (": ", ", ", ". ")
        parts = [say.sentence(self.finding).rstrip(".。"), say.text(self.subtitle).rstrip(".。")]
        if len(self.columns) > 1:  # which numbers follow
            first, *others = (say.sentence(say(column.label)) for column in self.columns.values())
            parts.append(f"{first}{colon}{comma.join(others)}")
        for row in self.data[list(self.columns)].head(SPOKEN_ROWS).to_dict("records") if self.columns else []:
            name, *values = (
                say.text(written(column.called(row[key], say), column.kind, say))
                for key, column in self.columns.items()
            )
            parts.append(f"{cut(name)}{colon}{comma.join(cut(value) for value in values if value)}")
        return clean(stop.join(filter(None, parts)) + stop)


def chart(
    draw: Draw,
    data: pd.DataFrame,
    *,
    name: str,
    finding: Text,
    subtitle: Text,
    alt: Text | None = None,
    columns: Mapping[str, Column] | None = None,
    rows: int = 1,
    cols: int = 1,
    height: float | tuple[float, float] | None = None,
    share: bool = True,
) -> Exhibit | None:
    """`data` drawn by ``draw(ax, data, pen)``; None for an empty frame.

    `ax` is one `Axes`, or a flat array of ``rows * cols`` (row by row) that share their scale unless ``share=False``.
    `height` in inches, for the wide drawing or as (wide, narrow). With `columns`, the numbers stand in a fold under the
    drawing; the text alternative is `alt`, else the finding and what is drawn.

    >>> frame = pd.DataFrame({"line": ["Valves", "Pumps"], "booked": [3.0, 2.0]})
    >>> bars = chart(
    ...     lambda ax, data, pen: ax.barh(data["line"], data["booked"]),
    ...     frame, name="lines", finding="Valves sell most", subtitle="Bookings by line",
    ... )
    >>> bars.name
    'lines'
    """
    if data.empty:
        return None
    return Exhibit(
        name=name,
        finding=finding,
        subtitle=subtitle,
        data=data,
        columns=columns or {},
        draw=draw,
        alt=alt,
        rows=rows,
        cols=cols,
        height=height,
        share=share,
    )


def table(
    data: pd.DataFrame,
    *,
    name: str,
    finding: Text,
    subtitle: Text,
    columns: Mapping[str, Column],
    total: Mapping[str, object] | None = None,
    fold: int = FOLD,
    whole: pd.DataFrame | None = None,
    book: Callable[[Language], bytes] | None = None,
    analyst: bool = False,
) -> Exhibit | None:
    """`data` as a table, in its order, showing `columns`; None for an empty frame.

    >>> frame = pd.DataFrame({"line": ["Valves", "Pumps"], "booked": [3.0, 2.0]})
    >>> columns = {"line": Column("Line"), "booked": Column("Bookings", "money", bar=True)}
    >>> shown = table(
    ...     frame, name="lines", finding="Valves sell most", subtitle="Bookings by line", columns=columns
    ... )
    >>> len(shown.data)
    2
    """
    if data.empty:
        return None
    return Exhibit(
        name=name,
        finding=finding,
        subtitle=subtitle,
        data=data,
        columns=columns,
        total=total,
        fold=fold,
        whole=whole,
        book=book,
        analyst=analyst,
    )


def _link(address: str, text: str, name: str) -> str:
    return (
        f'<a class="csv" href="{html.escape(address)}" download aria-label="{html.escape(name)}">{text}</a>'
    )


def _named(svg: str, words: str) -> str:
    """The drawing with its text alternative."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(words, quote=True)}" ', 1)
