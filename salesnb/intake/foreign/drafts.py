"""A table of the workspace in the making: the foreign tables that it is selected from, and a cell of SQL for each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import duckdb

from salesnb.intake.foreign import pieces
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.recognising import Understood, same_values
from salesnb.intake.reading import numbers, raw_tables, values
from salesnb.language import Message

ROWS = 600  # that are looked at together
MOST_WORDS = 400
ENTITIES = {"account": "customer", "rep": "rep", "product": "product"}
LINKED = 0.3  # of the values of one column must stand in the other, so that they name the same things


@dataclass(frozen=True)
class Cell:
    """A column of a table: its SQL, the headings that it is made of, how sure that is (known, partly, values, made), samples."""

    column: str
    sql: str
    headings: tuple[str, ...] = ()
    sure: str = "known"
    samples: tuple[str, ...] = ()


class Source:
    """A foreign table under a short name in a statement; it notes which of its columns must be read as numbers or days."""

    def __init__(self, alias: str, understood: Understood, connection: duckdb.DuckDBPyConnection) -> None:
        self.alias, self.understood, self.connection = alias, understood, connection
        self.numbers: dict[str, None] = {}
        self.days: dict[str, None] = {}

    @property
    def place(self) -> str:
        """What stands for the table in a draft's origin."""
        return "{" + self.alias + "}"

    def text(self, column: Column) -> str:
        cell = f"{self.alias}.{raw_tables.quoted_name(column.heading)}"
        if column.cut_out in ("", pieces.WHOLE):
            return cell
        return f"regexp_extract({cell}, {values.literal(column.cut_out)}, 1)"

    def number(self, column: Column) -> str:
        """The column as a number, in units of its currency."""
        self.numbers[column.heading] = None
        factor = column.parts.factor
        return f"{self.text(column)} * {factor:.0f}" if factor != 1 else self.text(column)

    def amount(self, column: Column) -> str:
        """The column as its cells stand, where its heading names no unit of a thousand or a million."""
        return self.text(column) if column.parts.factor == 1 else self.number(column)

    def day(self, column: Column) -> str:
        if column.heading != raw_tables.ADDED[1] and not column.cut_out:
            self.days[column.heading] = None
        return self.text(column)

    def aligned(self, columns: Sequence[Column]) -> list[tuple[float | None, ...]]:
        """Rows of the columns as numbers."""
        cells = ", ".join(f"c{each.profile.place}" for each in columns)
        rows = self.connection.execute(
            f"SELECT {cells} FROM {self.understood.foreign.name} ORDER BY source_row LIMIT {ROWS}"
        ).fetchall()
        comma = [any(map(numbers.speaks_for_comma, each.profile.texts)) and not any(map(numbers.speaks_for_point, each.profile.texts)) for each in columns]  # fmt: skip
        return [tuple(_number(cell, comma[place]) for place, cell in enumerate(row)) for row in rows]

    def words(self, column: Column) -> list[str]:
        """The distinct cells of a column of words."""
        rows = self.connection.execute(f"SELECT DISTINCT c{column.profile.place} FROM {self.understood.foreign.name} WHERE c{column.profile.place} IS NOT NULL ORDER BY 1 LIMIT {MOST_WORDS}").fetchall()  # fmt: skip
        return [str(row[0]) for row in rows]

    def holds(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query in which {t} is the table."""
        return self.connection.execute(query.replace("{t}", self.understood.foreign.name)).fetchall()


def _number(cell: str | None, comma: bool) -> float | None:
    found = numbers.number(cell, decimal_comma=comma, money=True) if cell is not None else None
    return found[0] if found else None


@dataclass
class Draft:
    """A table: its columns, where its rows come from ({alias} stands for a foreign table), which rows, and whether they are
    grouped by the first column."""

    table: str
    cells: list[Cell]
    sources: list[Source]
    origin: str = ""
    where: list[str] = field(default_factory=list)
    grouped: bool = False
    notes: list[Message] = field(default_factory=list)
    further: list[Draft] = field(default_factory=list)  # tables with other headings that are added below
    left_out: list[tuple[Message, str, str]] = field(
        default_factory=list
    )  # what, the condition and the amount in SQL
    unclear: tuple[Column, Column] | None = None  # the amount taken, and another that may be meant as well
    stood_apart: list[tuple[Message, int, float]] = field(
        default_factory=list
    )  # what was left out, its rows and money

    def day_of(self, source: Source) -> Column | None:
        """The column of the source that holds the rows' day as it stands."""
        found = next(
            (
                each
                for each in self.cells
                if each.column in ("ordered_on", "issued_on", "created_on", "happened_on")
            ),
            None,
        )
        columns = source.understood.foreign.columns
        return next((each for each in columns if found and len(found.headings) == 1 and found.headings[0] == each.heading and source.text(each) in found.sql and "||" not in found.sql), None)  # fmt: skip

    @cached_property
    def columns(self) -> dict[str, Cell]:
        return {cell.column: cell for cell in self.cells}


@dataclass(frozen=True)
class Keys:
    """How an entity is named in a table: the column that is its id there, and the one that is its name."""

    key: Column
    name: Column | None = None


def keys(found: Understood, entity: str, *, by_name: bool = False) -> Keys | None:
    """The columns that name an entity (customer, rep, product) in a table; None where none does."""
    number, bare, name = (found.first(f"{entity}_id"), found.first(entity), found.first(f"{entity}_name"))
    if entity == "product" and bare is None and name is None and found.has("quantity", "unit_price"):
        name = found.first("description")
    if entity == "customer" and bare is None and number is None and name is None:
        name = found.first("contact")
        number = None if name is not None else found.first("email")
    if entity == "product" and number is None and bare is None and name is None:
        name = found.first(
            "product_line", "product_line_name"
        )  # a company that sells lines, as far as its files tell
    if bare is not None and number is not None and name is None:
        name = bare
    elif bare is not None and number is None and name is not None:
        number = bare
        if bare.profile.distinct > 1.2 * name.profile.distinct or same_values(bare, name) > LINKED:
            number = None
    elif bare is not None and number is None:
        name = bare
    if (
        number is not None
        and number.profile.filled < 0.5 * number.profile.rows
        and name is not None
        and name.profile.filled > number.profile.filled
    ):
        number = None
    if (by_name and name is not None) or number is None:
        return Keys(name) if name is not None else None
    return Keys(number, name)


def cell(column: str, sql: str, *of: Column, sure: str | None = None) -> Cell:
    """A cell made of foreign columns, with their samples."""
    known = {"partly": 2, "values": 1}
    least = min(
        (each.meaning.sure for each in of if each.meaning),
        key=lambda each: known.get(each, 3),
        default="made",
    )
    samples = tuple(text[:30] for text in (of[0].profile.texts[:3] if of else ()))
    return Cell(column, sql, tuple(each.heading for each in of), sure or least, samples)


def listed(texts: Sequence[str]) -> str:
    return ", ".join(map(values.literal, texts))
