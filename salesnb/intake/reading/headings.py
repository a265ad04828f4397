"""Which column of a file is which column of the table? Headings match without regard to case, blanks and underscores."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from salesnb.errors import InputError, nearest
from salesnb.intake.schema import Table


def folded(heading: str) -> str:
    """A heading without case, width, blanks, underscores and hyphens."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(sign for sign in text if not sign.isspace() and sign not in "_-*\ufeff")


def require_first(
    table: Table, headings: Sequence[str], rows: Sequence[tuple[int, Sequence[object]]], *, name: str
) -> None:
    """`InputError` where the headings stand further down, under a title: `rows` are the first ones, with their numbers."""
    known = {folded(each) for column in table for each in (column.name, *column.aliases)}
    if any(folded(heading) in known for heading in headings):
        return
    for number, cells in rows:
        written = [str(cell) for cell in cells if cell is not None and str(cell).strip()]
        if written and all(folded(cell) in known for cell in written):
            raise InputError(
                "{name}: the headings stand in row {row:count}; delete what stands above them",
                name=name,
                row=number,
            )


def match_headings(table: Table, headings: Sequence[str], *, name: str) -> tuple[dict[str, int], list[str]]:
    """Column of the table → position in the file, and the headings that belong to no column.

    `InputError` where a required column is missing (with the nearest heading) or two headings mean the same column.
    """
    known = {folded(column.name): column.name for column in table}
    for column in table:
        for alias in column.aliases:
            if not alias.isascii():
                known.setdefault(folded(alias), column.name)
    positions: dict[str, int] = {}
    unknown: list[str] = []
    for position, heading in enumerate(headings):
        column_name = known.get(folded(heading))
        if column_name is None:
            if heading.strip():
                unknown.append(heading.strip())
        elif column_name in positions:
            raise InputError(
                "{name}: the headings {first} and {second} both mean the column {column}; keep one",
                name=name,
                first=headings[positions[column_name]],
                second=heading,
                column=column_name,
            )
        else:
            positions[column_name] = position
    missing = [column for column in table.required if column not in positions]
    if missing:
        raise _missing(table, missing, unknown, headings, name)
    return positions, unknown


def _missing(
    table: Table, missing: list[str], unknown: list[str], headings: Sequence[str], name: str
) -> InputError:
    guesses = [(column, _guess(table, column, unknown)) for column in missing]
    for column, guess in guesses:
        if guess:
            return InputError(
                "{name} has no column {column}; is it {guess}? Rename that heading to {column}",
                name=name,
                column=column,
                guess=guess,
            )
    return InputError(
        "{name} has no column {missing:list}, which {table} needs; its headings are {headings:list}",
        name=name,
        missing=missing,
        table=table.name,
        headings=[heading for heading in headings if heading.strip()][:30] or ["–"],
    )


def _guess(table: Table, column: str, unknown: list[str]) -> str | None:
    hints = {folded(alias) for alias in table[column].aliases}
    known = next((heading for heading in unknown if folded(heading) in hints), None)
    return known or nearest(column, unknown)
