"""What stands in a CSV file, record by record? Nothing is lost: one that does not fit its heading is kept with that fault.

The engine reads a clean file (`sources`). One that it refuses (ragged lines, quotes that never close) is read here, so
that each bad record can be named and the good ones still count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from salesnb.errors import InputError
from salesnb.intake.reading.decoding import LONGEST_LINE

MOST_ABOVE = 30  # rows among which the headings are looked for
DELIMITERS = (",", ";", "\t", "|")
SINGLE = re.compile(r"(?P<before>^|[,;\t|])'(?P<cell>[^'\n]*(?:''[^'\n]*)*)'(?=[,;\t|]|$)", re.MULTILINE)
QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')


@dataclass(frozen=True)
class Record:
    """One data row: its number as a spreadsheet shows it (the heading is 1), its cells, and what is wrong with its form."""

    number: int
    cells: list[str | None]
    fault: str | None = None


@dataclass(frozen=True)
class Layout:
    """Where a text's table is: the sign between its cells, the place at which its headings begin, their row's number, and how
    many rows that hold something stand above."""

    delimiter: str
    start: int = 0
    row: int = 1
    above: int = 0


def layout_of(
    text: str, *, name: str, find: Callable[[Sequence[Sequence[str]]], int | None] | None = None
) -> Layout:
    """The layout of a text: `find` tells which of the first rows has the headings, None where none has.

    The sign between the cells is judged by the first line that is not blank, unless the headings are found with another.
    """
    judged = delimiter_of(text)
    for delimiter in (judged, *(sign for sign in DELIMITERS if sign != judged)):
        records = (each for each in cut(text, delimiter, name) if any(cell.strip() for cell in each[1]))
        first = list(islice(records, MOST_ABOVE))
        place = find([cells for _, cells, _, _ in first]) if find and first else None
        if place is not None:
            number, _, _, start = first[place]
            return Layout(delimiter, start, number, place)
    return Layout(judged)


def delimiter_of(text: str) -> str:
    """The sign between the cells, judged by the first line that is not blank; a comma where there is only one column."""
    heading = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    bare = QUOTED.sub("", heading)
    return max(DELIMITERS, key=lambda sign: (bare.count(sign), -DELIMITERS.index(sign)))


def plain_ends(text: str) -> str:
    """The text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain_quotes(text: str) -> str:
    """The text with its cells in double quotes, where those of its first line stand in single ones: 'a','b'."""
    heading = next((line.strip() for line in text[:100_000].splitlines() if line.strip()), "")
    if '"' in heading or not all(SINGLE.fullmatch(each) for each in re.split(r"[,;\t|]", heading)):
        return text

    def doubled(found: re.Match[str]) -> str:
        cell = found["cell"].replace("''", "'").replace('"', '""')
        return f'{found["before"]}"{cell}"'

    return SINGLE.sub(doubled, text)


def read_records(text: str, *, name: str, layout: Layout | None = None) -> tuple[list[str], Iterator[Record]]:
    """The headings and then the records of a CSV text; blank lines are passed over; `InputError` without a heading.

    A record has as many cells as the heading; the fault says what was cut or lacked. `layout` is that of `plain_ends(text)`.
    """
    text = plain_ends(text)
    layout = layout or layout_of(text, name=name)
    records = ((*each[:3],) for each in cut(text, layout.delimiter, name, layout.start, layout.row - 1))
    heading = next((cells for _, cells, _ in records if any(cell.strip() for cell in cells)), None)
    if heading is None:
        raise InputError("{name} is empty: its first line must name the columns", name=name)
    while len(heading) > 1 and not heading[-1].strip():
        heading.pop()
    return [cell.strip() for cell in heading], _fitted(records, len(heading))


def _fitted(records: Iterator[tuple[int, list[str], bool]], width: int) -> Iterator[Record]:
    for number, cells, open_quote in records:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if not any(cell.strip() for cell in cells):
            continue
        fitted = [*(_unwrapped(cell) or None for cell in cells), *[None] * width][:width]
        if open_quote:
            yield Record(number, fitted, "quote")
        elif len(cells) != width:
            yield Record(number, fitted, f"cells:{len(cells)}:{width}")
        else:
            yield Record(number, fitted)


def _unwrapped(cell: str) -> str:
    """The text of ="00123", by which exports keep a spreadsheet from taking it for a number."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell


def cut(
    text: str, delimiter: str, name: str, position: int = 0, number: int = 0
) -> Iterator[tuple[int, list[str], bool, int]]:
    """Number, cells, whether a quote stayed open (then the record is its first line and reading resumes at the next), and where
    it begins."""
    width = None
    while position < len(text):
        number += 1
        line_end = text.find("\n", position)
        line_end = len(text) if line_end < 0 else line_end
        line = text[position:line_end]
        if '"' not in line:
            cells, end = line.split(delimiter), line_end
        else:
            cells, end = _quoted_cells(text, position, delimiter)
            swallowed = end > line_end and width is not None and not _fits(cells, width)
            if end < 0 or swallowed:
                yield number, line.split(delimiter), True, position
                position = line_end + 1
                continue
            if end - position > LONGEST_LINE:
                raise InputError(
                    "{name}: row {row:count} is longer than {longest:count} signs, as no row of a table is; export it again",
                    name=name,
                    row=number,
                    longest=LONGEST_LINE,
                )
        width = width or (len(cells) if line.strip() else None)
        yield number, cells, False, position
        position = end + 1


def _fits(cells: list[str], width: int) -> bool:
    return len(cells) >= width and not any(cell.strip() for cell in cells[width:])


def _quoted_cells(text: str, position: int, delimiter: str) -> tuple[list[str], int]:
    """The cells of the record at `position` and where it ends; end −1 where a quote does not close as it should."""
    cells: list[str] = []
    while True:
        opened = QUOTED.match(text, position)
        if opened is None and text.startswith('"', position):
            return cells, -1
        start = opened.end() if opened else position
        ends = [place for place in (text.find(delimiter, start), text.find("\n", start)) if place >= 0]
        end = min(ends, default=len(text))
        rest = text[start:end]
        if opened and rest.strip() and "\n" in opened.group():
            return cells, -1
        cells.append(opened.group(1).replace('""', '"') + rest if opened else rest)
        if end == len(text) or text[end] == "\n":
            return cells, end
        position = end + 1
