"""Which tables stand on one sheet, below or beside each other? Judged by form: a gap, and headings of its own behind it."""

from __future__ import annotations

from collections.abc import Sequence

from salesnb.intake.reading import layouts

Row = Sequence[str | None]
FEWEST_COLUMNS = 2
LOOKED_AT = 2_000  # rows for blank columns
ALIKE = 0.8  # of their rows two blocks beside each other share where a blank column only parts one table


def parts(rows: Sequence[Row]) -> list[tuple[int, list[Row]]]:
    """The tables of the rows: how many rows stand above each, and its own rows. One part where there is one table."""
    found: list[tuple[int, list[Row]]] = []
    for start, below in _below(rows):
        beside = _beside(below)
        found += [(start, each) for each in beside]
    return found


def _below(rows: Sequence[Row]) -> list[tuple[int, list[Row]]]:
    starts = [0]
    headings = [_words(row) for row in rows[: layouts.LOOKED_AT]]
    for place in range(1, len(rows) - 1):
        if _filled(rows[place - 1]) or not _filled(rows[place]):
            continue
        if any(_filled(row) for row in rows[starts[-1] : place]) and _is_headings(rows, place) and _words(rows[place]) not in headings[:place] and _has_table(rows[starts[-1] : place]):  # fmt: skip
            starts.append(place)
    ends = [*starts[1:], len(rows)]
    return [(start, list(rows[start:end])) for start, end in zip(starts, ends, strict=True)]


def _is_headings(rows: Sequence[Row], place: int) -> bool:
    """Is it a row of words above at least two rows that fill the same columns?"""
    filled = _filled(rows[place])
    if len(filled) < FEWEST_COLUMNS or any(layouts.is_value(text) for text in _words(rows[place])):
        return False
    if len(set(_words(rows[place]))) < len(filled) or layouts.says_total(_words(rows[place])[0]):
        return False
    under = [_filled(row) for row in rows[place + 1 : place + 6]]
    held = list(under[: next((n for n, each in enumerate(under) if not each), len(under))])
    return len(held) >= 2 and all(set(each) <= set(filled) and len(each) >= 0.5 * len(filled) for each in held)  # fmt: skip


def _has_table(rows: Sequence[Row]) -> bool:
    """Is there more above than a title: two rows or more of at least two cells?"""
    return sum(len(_filled(row)) >= FEWEST_COLUMNS for row in rows) >= 2


def _beside(rows: list[Row]) -> list[list[Row]]:
    width = max(map(len, rows), default=0)
    used = [False] * width
    for row in rows[:LOOKED_AT]:
        for place in _filled(row):
            used[place] = True
    if all(used) or not any(used):
        return [rows]
    blocks: list[list[int]] = []
    for place in range(width):
        if used[place] and place and used[place - 1] and blocks:
            blocks[-1].append(place)
        elif used[place]:
            blocks.append([place])
    wide = [each for each in blocks if len(each) >= FEWEST_COLUMNS]
    if len(wide) < 2 or len(wide) < len(blocks):
        return [rows]
    tables = [[[row[place] if place < len(row) else None for place in each] for row in rows] for each in wide]
    held = [{number for number, row in enumerate(table) if _filled(row)} for table in tables]
    first = held[0]
    for table, those in zip(tables[1:], held[1:], strict=True):
        body = [row for row in table if _filled(row)]
        shared = len(first & those) / max(1, len(first | those))
        if shared >= ALIKE or not _is_headings(body, 0):
            return [rows]
    return [list(table) for table in tables]


def _filled(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row) if cell and cell.strip()]


def _words(row: Row) -> list[str]:
    return [cell.strip() for cell in row if cell and cell.strip()]
