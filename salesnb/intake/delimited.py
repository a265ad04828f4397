"""What stands in a CSV file, line by line? Nothing is lost: a line that does not fit its heading is kept with that fault.

A clean file is read by the engine. One that the engine refuses (ragged lines, quotes that never close) is read again
record by record, so that each bad line can be named.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from salesnb.errors import InputError

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Record:
    """One data row: its number as a spreadsheet shows it (the heading is 1), its cells, and what is wrong with its form."""

    number: int
    cells: list[str | None]
    fault: str | None = None


def delimiter_of(text: str) -> str:
    """The sign between the cells, judged by the heading line outside quotes; a comma where there is only one column."""
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    counts = {sign: len(next(csv.reader([heading], delimiter=sign), [])) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: (counts[sign], -DELIMITERS.index(sign)))


def read_records(text: str, *, name: str) -> tuple[list[str], Iterator[Record]]:
    """The headings and then the records of a CSV text; `InputError` where there is no heading."""
    delimiter = delimiter_of(text)
    records = _split(text, delimiter)
    try:
        _, heading, _ = next(records)
    except StopIteration:
        raise InputError("{name} is empty: its first line must name the columns", name=name) from None
    return [cell.strip() for cell in heading], _fitted(records, len(heading))


def _fitted(records: Iterator[tuple[int, list[str], bool]], width: int) -> Iterator[Record]:
    for number, cells, open_quote in records:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if not any(cell.strip() for cell in cells):
            continue
        filled = [cell if cell else None for cell in cells]
        if open_quote:
            yield Record(number, (filled + [None] * width)[:width], "quote")
        elif len(filled) != width:
            yield Record(number, (filled + [None] * width)[:width], f"cells:{len(filled)}:{width}")
        else:
            yield Record(number, filled)


def _split(text: str, delimiter: str) -> Iterator[tuple[int, list[str], bool]]:
    """Record number, cells, and whether a quote stayed open; after an open quote reading resumes at the next line."""
    csv.field_size_limit(1 << 30)
    lines = io.StringIO(text, newline="").read().splitlines(keepends=True) if "\x00" in text else _lines(text)
    number, position = 0, 0
    while position < len(lines):
        line = lines[position]
        number += 1
        if line.count('"') % 2 == 0:
            yield number, _cells(line, delimiter), False
            position += 1
            continue
        end = position + 1
        quotes = line.count('"')
        while end < len(lines) and quotes % 2:
            quotes += lines[end].count('"')
            end += 1
        if quotes % 2 or end - position > MOST_LINES:
            yield number, _cells(line, delimiter), True
            position += 1
        else:
            yield number, _cells("".join(lines[position:end]), delimiter), False
            position = end


MOST_LINES = 200


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=False) and [
        line + "\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]


def _cells(record: str, delimiter: str) -> list[str]:
    record = record[:-1] if record.endswith("\n") else record
    try:
        return next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return record.split(delimiter)
