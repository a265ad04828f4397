"""Which column of a file is which column of the table? Headings match without regard to case, blanks and underscores."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from salesnb.errors import InputError
from salesnb.intake.reading.units import Unit, without_unit
from salesnb.intake.schema import Table
from salesnb.language import Message


def folded(heading: str) -> str:
    """A heading without case, width, blanks, underscores and hyphens."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(sign for sign in text if not sign.isspace() and sign not in "_-*\ufeff")


def known_headings(table: Table) -> dict[str, str]:
    """Every heading by which a column of the table may be known, folded → the column's name."""
    return {
        folded(each): column.name
        for column in reversed(table.columns)
        for each in (*column.aliases, column.name)
    }


def heading_place(table: Table, rows: Sequence[Sequence[str | None]]) -> int | None:
    """Which of a source's first rows has the headings: the first that names all that a row must have, else the one that names
    most, at least two columns; None where no row does."""
    known = known_headings(table)
    named = [{name for cell in row if cell and (name := _named(table, known, cell))} for row in rows]
    needed = set(table.required)
    whole = next((place for place, names in enumerate(named) if needed <= names), None)
    if whole is not None or not named:
        return whole
    best = max(range(len(named)), key=lambda place: len(named[place]))
    return best if len(named[best]) > 1 else 0 if named[0] else None


def _named(table: Table, known: Mapping[str, str], heading: str) -> str | None:
    """The column that a heading names, with or without a unit behind it."""
    whole = known.get(folded(heading))
    if whole is not None or not heading.strip():
        return whole
    bare = known.get(folded(without_unit(heading)[0]))
    return bare if bare and table[bare].kind == "number" else None


def units(positions: Mapping[str, int], headings: Sequence[str]) -> dict[str, Unit]:
    """The columns whose headings name a unit: of a thousand or more, or a currency."""
    found = {}
    for name, position in positions.items():
        _, factor, currency = without_unit(headings[position])
        if factor != 1 or currency:
            found[name] = Unit(headings[position], factor, currency)
    return found


def skipped(row: int, *, name: str) -> list[Message]:
    """What to say where the headings stand in a `row` further down, under a title."""
    return (
        [
            Message(
                "{name}: the headings stand in row {row:count}; what stands above them was left out",
                name=name,
                row=row,
            )
        ]
        if row > 1
        else []
    )


def match_headings(
    table: Table, headings: Sequence[str], *, name: str
) -> tuple[dict[str, int], dict[str, int], list[InputError]]:
    """Column of the table → position in the file, the headings that belong to no column with theirs, and what is wrong with them.

    Wrong is that a required column is missing (with the nearest heading) or that two headings mean the same column.
    """
    faults: list[InputError] = []
    known = {folded(column.name): column.name for column in table}
    for column in table:
        for alias in column.aliases:
            if not alias.isascii():
                known.setdefault(folded(alias), column.name)
    positions: dict[str, int] = {}
    unknown: dict[str, int] = {}
    plain = {known.get(folded(heading)) for heading in headings}
    for position, heading in enumerate(headings):
        column_name = _named(table, known, heading)
        if column_name in plain and folded(heading) not in known:
            column_name = None  # beside net_amount, "net_amount (USD)" is somebody's own
        if column_name is None:
            if heading.strip() and position != currency_column(table, headings):
                unknown.setdefault(heading.strip(), position)
        elif column_name in positions:
            faults.append(
                InputError(
                    "{name}: the headings {first} and {second} both mean the column {column}; keep one",
                    name=name,
                    first=headings[positions[column_name]],
                    second=heading,
                    column=column_name,
                )
            )
        else:
            positions[column_name] = position
    missing = [column for column in table.required if column not in positions]
    faults.extend(_missing(table, missing, [*unknown], headings, name))
    return positions, unknown, faults


CURRENCIES = frozenset(
    [
        "currency",
        "currencycode",
        "currencyisocode",
        "curr",
        "waers",
        "währung",
        "waehrung",
        "devise",
        "moneda",
        "moeda",
        "valuta",
        "divisa",
        "币种",
        "货币",
        "币别",
        "幣別",
        "幣種",
    ]
)


def currency_column(table: Table, headings: Sequence[str]) -> int | None:
    """The place of the column that names each row's currency, which no table of amounts has of its own; None without one."""
    if any(column.name == "currency" for column in table):
        return None
    return next((place for place, each in enumerate(headings) if folded(each) in CURRENCIES), None)


def _missing(
    table: Table, missing: list[str], unknown: list[str], headings: Sequence[str], name: str
) -> Iterator[InputError]:
    guesses = {column: _guess(table, column, unknown) for column in missing}
    for column, guess in guesses.items():
        if guess:
            yield InputError(
                "{name} has no column {column}; is it {guess}? Rename that heading to {column}",
                name=name,
                column=column,
                guess=guess,
            )
    nowhere = [column for column, guess in guesses.items() if not guess]
    if nowhere:
        yield InputError(
            "{name} has no column {missing:list}, which {table} needs; its headings are {headings:list}",
            name=name,
            missing=nowhere,
            table=table.name,
            headings=[heading for heading in headings if heading.strip()][:30] or ["–"],
        )


def _guess(table: Table, column: str, unknown: list[str]) -> str | None:
    hints = {folded(alias) for alias in table[column].aliases}
    known = next((heading for heading in unknown if folded(heading) in hints), None)
    if known is not None:
        return known
    # a slip of the pen; less likeness than that means another word
    close = difflib.get_close_matches(folded(column), map(folded, unknown), n=1, cutoff=0.85)
    return next((heading for heading in unknown if folded(heading) in close), None)
