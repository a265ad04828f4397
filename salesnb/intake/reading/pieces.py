"""Do the pieces of a table write numbers and days in the same way? One country's file has 1.234,50, the next one's 1,234.50.

What a cell alone cannot tell, the column of its own file does. Where the files differ, the cells of those that write otherwise are
written anew before all become one table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from salesnb.intake.reading import dates, headings, numbers, values
from salesnb.intake.reading.kinds import PLAIN_DATE, PLAIN_NUMBER, SPEAKS_FOR_A_POINT
from salesnb.intake.reading.readings import Rules
from salesnb.intake.schema import Column, Table
from salesnb.language import Message

BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,](?=\d)")
CALLED = {"dmy": "DD/MM/YYYY", "mdy": "MM/DD/YYYY", "ymd": "YY/MM/DD"}


@dataclass(frozen=True)
class Piece:
    """A file or a sheet that is staged as the table `held`."""

    name: str
    held: str
    headings: tuple[str, ...]


def agree(
    pieces: Sequence[Piece], table: Table, *, connection: duckdb.DuckDBPyConnection, rules: Rules
) -> list[Message]:
    """Writes the columns of pieces that differ in one way; what was found in which piece."""
    told: list[Message] = []
    for column in table:
        if column.kind not in ("number", "date") or (column.kind == "date" and rules.date_order):
            continue
        texts = {piece: found for piece in pieces if (found := _texts(piece, column, table, connection))}
        if len(texts) > 1:
            tell = _days if column.kind == "date" else _signs
            told += tell(column, texts, table, connection, rules)
    return told


def _place(piece: Piece, column: Column, table: Table) -> int | None:
    positions, _, _ = headings.match_headings(table, list(piece.headings), name=piece.name)
    return positions.get(column.name)


def _texts(piece: Piece, column: Column, table: Table, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The spellings of a column that a piece has and no cast reads, and one that speaks for a decimal point."""
    place = _place(piece, column, table)
    if place is None:
        return []
    cell = f"c{place}"
    described = connection.execute(f"SELECT typeof({cell}) FROM {piece.held} LIMIT 1").fetchall()
    if described != [("VARCHAR",)]:
        return []
    plain = PLAIN_DATE if column.kind == "date" else PLAIN_NUMBER
    odd = f"SELECT DISTINCT {cell} FROM {piece.held} WHERE NOT regexp_matches({cell}, '^({plain})$')"
    if column.kind == "number":
        pointed = f"regexp_matches({cell}, '{SPEAKS_FOR_A_POINT}')"
        odd += f" UNION SELECT min({cell}) FROM {piece.held} WHERE {pointed} HAVING count(*) > 0"
    found = [str(text) for (text,) in connection.execute(odd).fetchall()]
    return [text for text in found if not values.is_missing(text)]


def _signs(
    column: Column,
    texts: Mapping[Piece, Sequence[str]],
    table: Table,
    connection: duckdb.DuckDBPyConnection,
    rules: Rules,
) -> Iterator[Message]:
    speaking = {
        piece: (any(map(numbers.speaks_for_comma, found)), any(map(numbers.speaks_for_point, found)))
        for piece, found in texts.items()
    }
    with_comma = [piece for piece, said in speaking.items() if said == (True, False)]
    with_point = [piece for piece, said in speaking.items() if said == (False, True)]
    if not with_comma or not with_point:
        return
    for piece in with_comma:
        cell = f"c{_place(piece, column, table)}"
        signed = f"SELECT DISTINCT {cell} FROM {piece.held} WHERE {cell} LIKE '%.%' OR {cell} LIKE '%,%'"
        spellings = [str(text) for (text,) in connection.execute(signed).fetchall()]
        _rewrite(piece, cell, spellings, _swapped, connection)
    yield Message(
        "{column} is written with a decimal comma in {comma:list} and with a decimal point in {point:list}; each is read as it is written",
        column=column.called,
        comma=[piece.name for piece in with_comma],
        point=[piece.name for piece in with_point],
    )


def _swapped(text: str) -> str:
    return BETWEEN_DIGITS.sub(lambda sign: "." if sign[0] == "," else ",", text)


def _days(
    column: Column,
    texts: Mapping[Piece, Sequence[str]],
    table: Table,
    connection: duckdb.DuckDBPyConnection,
    rules: Rules,
) -> Iterator[Message]:
    orders = {piece: dates.orders_of(found, chinese=rules.chinese) for piece, found in texts.items()}
    decided = {piece: next(iter(each)) for piece, each in orders.items() if len(each) == 1}
    open_ones = [piece for piece, each in orders.items() if len(each) > 1]
    if len(set(decided.values())) == 1 and open_ones:
        (order,) = set(decided.values())
        yield Message(
            "{names:list}: {column} can be read in more than one way; it is read as {form}, as {other} tells",
            names=[piece.name for piece in open_ones],
            column=column.called,
            form=CALLED[order],
            other=next(iter(decided)).name,
        )
    if len(set(decided.values())) < 2:
        return
    for piece, order in decided.items():
        days = dates.read_days(texts[piece], order=order, chinese=rules.chinese).found
        _rewrite(
            piece,
            f"c{_place(piece, column, table)}",
            [*days],
            lambda text, days=days: days[text].isoformat(),  # type: ignore[misc]
            connection,
        )
    yield Message(
        "{column} is written in several orders ({orders:list}); each file is read in its own",
        column=column.called,
        orders=[
            Message("{name}: {form}", name=piece.name, form=CALLED[order]) for piece, order in decided.items()
        ],
    )


def _rewrite(
    piece: Piece,
    cell: str,
    texts: Sequence[str],
    written: Callable[[str], str],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    meant = pa.table({"spelling": [*texts], "value": [written(text) for text in texts]})
    connection.register("meant_anew", meant)
    connection.execute(
        f"UPDATE {piece.held} SET {cell} = meant_anew.value FROM meant_anew WHERE {cell} = meant_anew.spelling"
    )
    connection.unregister("meant_anew")
