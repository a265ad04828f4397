"""Which queries stand for tables in a warehouse, and how are they asked? For rows there, for files beside them, and for none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis

from salesnb.errors import InputError
from salesnb.intake import warehouse
from salesnb.intake.own_columns import Own, widened
from salesnb.intake.reading import values
from salesnb.intake.reading.readings import SQL_TYPES
from salesnb.intake.schema import TABLES, Column, Table

MOST_ROWS = 20_000  # of a file beside a warehouse's tables: they go along with every question
DTYPES = {
    "id": "string",
    "text": "string",
    "choice": "string",
    "date": "date",
    "number": "float64",
    "boolean": "boolean",
}


def literal(column: Column, value: Any) -> str:
    """A value of the column as SQL."""
    if column.kind == "date":
        return f"DATE '{value.isoformat()}'"
    if column.kind == "number":
        return f"CAST({float(value)!r} AS DOUBLE)" if math.isfinite(value) else "NULL"
    return values.literal(value) if isinstance(value, str) else "true" if value else "false"


def won_as_orders() -> str:
    """Won opportunities in the columns of orders, where a warehouse has no orders."""
    own = {"order_id": "opportunity_id", "ordered_on": "closed_on", "net_amount": "amount"}
    same = ("account_id", "rep_id", "product_id", "opportunity_id")
    cells = ", ".join(
        f"{own.get(column.name, column.name if column.name in same else f'CAST(NULL AS {SQL_TYPES[column.kind]})')} AS {column.name}"
        for column in TABLES["orders"]
    )
    return f"SELECT {cells} FROM opportunities WHERE outcome = 'won' AND amount IS NOT NULL"


def without_rows(table: Table) -> str:
    """A table that the warehouse does not hold."""
    columns = ", ".join(f"CAST(NULL AS {SQL_TYPES[column.kind]}) AS {column.name}" for column in table)
    return f"SELECT {columns} FROM (SELECT 1 AS one) AS nothing WHERE 1 = 0"


def written_out(table: Table, rows: Sequence[tuple[Any, ...]], *, name: str) -> str:
    """The rows of a file beside the warehouse's tables, written into the query; `InputError` for too many."""
    if len(rows) > MOST_ROWS:
        raise InputError(
            "{name} has {count:count} rows, too many to take along to the warehouse (at most {most:count}); load it there",
            name=name,
            count=len(rows),
            most=MOST_ROWS,
        )
    if not rows:
        return without_rows(table)
    cells = [
        ", ".join(
            "NULL" if cell is None else literal(column, cell) for column, cell in zip(table, row, strict=True)
        )
        for row in rows
    ]
    columns = ", ".join(
        f"CAST({column.name} AS {SQL_TYPES[column.kind]}) AS {column.name}" for column in table
    )
    return f"SELECT {columns} FROM (VALUES {', '.join(f'({each})' for each in cells)}) AS v({', '.join(table.names)})"


@dataclass(frozen=True)
class Tables:
    """The checked tables of a warehouse as Ibis expressions, computed there; used where a snapshot's own connection is."""

    session: warehouse.Session
    queries: Mapping[str, str]
    own: Mapping[str, Sequence[Own]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.session.dialect

    def table(self, name: str) -> ibis.Table:
        """The kept rows of a table, typed; none where the workspace does not hold it."""
        table = widened(TABLES[name], self.own.get(name, ()))
        schema = ibis.schema({column.name: DTYPES[column.kind] for column in table})
        return self.session.backend.sql(self.queries[name], schema=schema)

    def disconnect(self) -> None:
        self.session.close()
