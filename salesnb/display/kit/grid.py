"""How does a frame become a table that one reads on a phone, on paper and with a screen reader?

The first column is the row's header, numbers
are right-aligned with their unit in the heading and one scale a column, a total closes the table, rows beyond the first five
fold away, and on a phone each row becomes two lines: its name with the number that matters, and the rest with their headings, of which the lesser ones
show when they are asked for. Every text from the data is made harmless by us.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from salesnb.display.kit.cells import cell, width
from salesnb.display.kit.layout import Head, laid_out, visible
from salesnb.display.kit.palette import STATUS
from salesnb.display.kit.scales import Writer, money_writer, number_writer
from salesnb.display.kit.words import called
from salesnb.language import Language, Message, Text, Written

LEFT = {"", "list", "given", "status"}
TEXTS = {
    "": "whole",
    "list": "list",
    "given": "whole",
    "written": "whole",
}  # how they are said; what is written already stands right, as numbers do
MONEY = {"money", "amount", "cents"}
LONG = 24  # a text that takes a line of its own on a phone
LINE = 110  # letters that a line of a page holds
SHORT = 17  # letters below which a column of texts is not made narrower
PRINTED = 20  # folded rows that are printed; more are only in the CSV
FOLD = 5  # rows that a table shows
MOST = 100  # rows of a table on a page; a company with 5,000 accounts still gets pages that a phone opens at once


@dataclass(frozen=True)
class Column:
    """How a column is shown.

    ``kind`` is a kind of `Language`, ``status`` (▼ behind), ``given`` (a stage, a channel: words of the company's own system),
    or ``written`` (numbers of several units, as text). ``unit`` stands in the heading: by itself the currency for
    money, amount and cents, days for days, points for points. ``bar`` draws a bar behind the number; ``status`` names the column of the
    data that says ahead, behind or watch for this number; a ``secondary`` column is left out on a phone; ``longest`` cuts
    texts; a ``signed`` one holds changes, which carry a plus; ``words`` says how values that are the code's own (a shape, a habit, a status here) are called.

    >>> Column("Bookings", "money", bar=True).kind
    'money'
    """

    label: Text
    kind: str = ""
    bar: bool = False
    status: str | None = None
    unit: Text | None = None
    secondary: bool = False
    longest: int = 110
    signed: bool = False
    words: Mapping[str, Text] | None = None

    def called(self, value: Any, say: Language) -> Any:
        """The value, or what it is called where it is one of the code's own words or a common one of other systems."""
        if self.kind == "given" and isinstance(value, str):
            return say.sentence(called(value))
        if isinstance(value, Message | Written):
            return say(value)
        return say.sentence(say(self.words[value])) if self.words and value in self.words else value


def table_html(
    data: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    caption: str,
    say: Language,
    total: Mapping[str, object] | None = None,
    fold: int = FOLD,
) -> tuple[str, str]:
    """The table in two parts: the first `fold` rows, and a fold with more, up to `MOST`, or ""; the total stands under both.

    One or two rows more than `fold` are shown rather than folded; what is beyond `MOST` is only in the CSV, and the fold
    says so.
    """
    whole = len(data)
    data = data.head(MOST)
    sums = [value for name, column in columns.items() if column.kind == "money" for value in data[name]]
    writers = {name: _writer(data[name], column, sums, say) for name, column in columns.items()}
    frame = pd.DataFrame(
        {name: _cells(data, name, column, writers[name], say) for name, column in columns.items()},
        dtype=object,
    )
    last = None
    if total is not None:
        last = [
            _total(total.get(name), column, writers[name], first=index == 0, say=say)
            for index, (name, column) in enumerate(columns.items())
        ]
    heads = _heads(frame, columns, last or [""] * len(columns), say)
    lesser = [say.sentence(say(column.label)) for column in columns.values() if column.secondary]
    more = html.escape(say("Further columns: {names:list}", names=lesser))
    toggle = f'<details class="cols"><summary>{more}</summary></details>' if lesser else ""
    cut_at = len(frame) if len(frame) <= fold + 2 else fold
    rows = frame.to_numpy().tolist()
    if cut_at == len(frame):
        return toggle + laid_out(rows, heads, caption=caption, total=last), ""
    shown = toggle + laid_out(rows[:cut_at], heads, caption=caption)
    rest = laid_out(rows[cut_at:], heads, caption=caption)
    if whole > MOST:
        words = say(
            "Rows {first:count} to {last:count} of {n:count}; all are in the CSV",
            first=cut_at + 1,
            last=MOST,
            n=whole,
        )
    else:
        words = say("The other {n:count} rows", n=whole - cut_at)
    look = "more" if len(frame) - cut_at <= PRINTED else "more long"
    under = laid_out([], heads, caption=say("Total"), total=last, look="sum") if last is not None else ""
    return shown, f'<details class="{look}"><summary>{html.escape(words)}</summary>{rest}</details>{under}'


def _writer(values: pd.Series, column: Column, sums: Sequence[object], say: Language) -> Writer | None:
    """How all numbers of a column are written, where they share a scale; `sums` is all money of the table."""
    if column.kind == "money":
        return money_writer(values.tolist(), say, among=sums)
    return number_writer(values.tolist(), say) if column.kind == "number" else None


def _cells(data: pd.DataFrame, name: str, column: Column, writer: Writer | None, say: Language) -> list[str]:
    """The markup of a column's cells."""
    values, made = data[name], []
    largest = float(pd.to_numeric(values, errors="coerce").abs().max() or 0) if column.bar else 0.0
    for row, value in enumerate(values):
        if column.kind == "status":
            made.append(status_html(str(value or ""), say, words=column.words))
            continue
        if column.kind in TEXTS:
            text = cell(say.kind(column.called(value, say), TEXTS[column.kind]), column.longest)
        else:
            text = html.escape(_signed(written(value, column.kind, say, writer), value, column))
        if column.status is not None:
            text = status_html(str(data[column.status].iloc[row] or ""), say, text=text)
        if column.bar:
            share = 0.0 if pd.isna(value) or not largest else abs(float(value)) / largest
            sign = " neg" if share and float(value) < 0 else ""
            text = f'<span class="bar{sign}" style="--w:{share * 100:.0f}%">{text}</span>'
        made.append(text)
    return made


def written(value: Any, kind: str, say: Language, writer: Writer | None = None) -> str:
    """A value as a cell shows it, by the column's `writer` where it has one; the unit of days and points stands in the heading."""
    if kind == "status":
        return say(STATUS[value][1]) if value in STATUS else ""
    if kind in TEXTS:
        return say.kind(value, TEXTS[kind])
    if value is None or pd.isna(value):
        return say.kind(None, kind)
    if writer is not None:
        return writer(float(value))
    if kind == "days":
        return say.exact(float(value)) if abs(float(value)) >= 10 else say.number(float(value), digits=2)
    if kind in ("points", "share"):
        # one decimal throughout, so that a column's points stand in line
        return f"{say.exact(value * 100, decimals=1)}%" if kind == "share" else say.signed(value * 100)
    return say.kind(value, kind)


def status_html(
    status: str, say: Language, *, text: str = "", words: Mapping[str, Text] | None = None
) -> str:
    """▼ behind: mark and word, or what `words` calls it here; with `text`, the mark before it and the word for those who cannot see it."""
    if status not in STATUS:
        return text
    mark, word = STATUS[status][0], html.escape(say((words or {}).get(status, STATUS[status][1])))
    if not text:
        return f'<span class="st {status}"><span aria-hidden="true">{mark}</span> {word}</span>'
    return f'<span class="st {status}"><span aria-hidden="true">{mark}</span><span class="vh">{word}</span> {text}</span>'


def _total(value: object, column: Column, writer: Writer | None, *, first: bool, say: Language) -> str:
    if value is None:
        return html.escape(say("Total")) if first else ""
    if isinstance(value, str | Message | Written):
        return html.escape(say.text(value))
    return html.escape(_signed(written(value, column.kind, say, writer), value, column))


def _signed(text: str, value: Any, column: Column) -> str:
    """The number with its plus, where the column holds changes and something of it is to be seen."""
    seen = text[:1].isdigit() and re.search("[1-9]", text)
    return f"+{text}" if column.signed and seen and value > 0 else text


def _heads(frame: pd.DataFrame, columns: Mapping[str, Column], total: list[str], say: Language) -> list[Head]:
    """The headings with their places: the shown and the folded part of a table must stand in line."""
    key = _key(columns)
    heads = []
    for index, (name, column) in enumerate(columns.items()):
        label, unit = say.sentence(say(column.label)), _unit(column, say)
        unit = "" if unit.lower() == label.lower() else unit
        longest = max(width(visible(text)) for text in [*frame[name], total[index]])
        left = column.kind in LEFT or index == 0
        looks = {
            "n": not left,
            "sec": column.secondary,
            "key": name == key,
            "full": left and index > 0 and longest > LONG,
        }
        words = say("{label}, {unit}", label=label, unit=unit) if unit else label
        heading = html.escape(label)
        if unit:
            heading = say("{label}, {unit}", label=heading, unit=f"<i>{html.escape(unit)}</i>")
        head = max(*(width(word) for word in words.split()), (width(words) + 1) // 2, 5)
        room = min(longest, 28 if left else 20) + (4 if column.bar or column.status else 0)
        heads.append(
            Head(
                heading,
                looks=" ".join(look for look, has in looks.items() if has),
                wants=max(room, head) + 3,
                short=html.escape(words if column.unit is not None else label),
                after=html.escape(unit) if column.kind in ("days", "points") else "",
            )
        )
    return _squeezed(heads)


def _squeezed(heads: list[Head]) -> list[Head]:
    """Where the columns want more than a line holds, long texts give way: they wrap, numbers and ids do not."""
    over = sum(head.wants for head in heads) - LINE
    spare = [max(0, head.wants - SHORT) if "n" not in head.looks.split() else 0 for head in heads]
    if over <= 0 or not any(spare):
        return heads
    part = min(1.0, over / sum(spare))
    return [
        replace(head, wants=round(head.wants - part * room)) for head, room in zip(heads, spare, strict=True)
    ]


def _unit(column: Column, say: Language) -> str:
    if column.unit is not None:
        return say.text(column.unit)
    return {"days": say("days"), "points": say("points")}.get(
        column.kind, say.money_name if column.kind in MONEY else ""
    )


def _key(columns: Mapping[str, Column]) -> str | None:
    """The column that stands beside the name on a phone: the first with bars, else a status, else money, else a number."""
    names = [name for name, column in list(columns.items())[1:] if not column.secondary]
    tests = (
        lambda column: column.bar,
        lambda column: column.kind == "status" or column.status is not None,
        lambda column: column.kind in MONEY,
        lambda column: column.kind not in LEFT,
    )
    return next((name for test in tests for name in names if test(columns[name])), None)
