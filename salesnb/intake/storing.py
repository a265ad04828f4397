"""How do checked rows come into the tables of a snapshot? Kept and rejected ones, and tables that hold none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from salesnb.intake.checking import checks
from salesnb.intake.reading.readings import SQL_TYPES
from salesnb.intake.schema import TABLES, Table


def divide(table: Table, width: int, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Writes kept and rejected rows to their places; the numbers read and kept."""
    columns = ", ".join(table.names)
    connection.execute(
        f"CREATE TABLE {table.name} AS SELECT {columns} FROM checked WHERE reason IS NULL ORDER BY source_row"
    )
    cells = ", ".join(f"CAST(c{place} AS VARCHAR) AS c{place}" for place in range(width))
    connection.execute(
        f"CREATE TABLE rejected.{table.name} AS SELECT source_row, reason, {cells} FROM checked WHERE {checks.REJECTED} ORDER BY source_row"
    )
    row = connection.execute(checks.COUNTED).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def keep_rejected(
    table: str, width: int, rows: Sequence[tuple[Any, ...]], connection: duckdb.DuckDBPyConnection
) -> None:
    """Writes the rejected rows of a table whose kept ones stay in a warehouse."""
    cells = "".join(f", c{place} VARCHAR" for place in range(width))
    connection.execute(f"CREATE TABLE rejected.{table} (source_row BIGINT, reason VARCHAR{cells})")
    if rows:
        marks = ", ".join("?" for _ in range(width + 2))
        connection.executemany(f"INSERT INTO rejected.{table} VALUES ({marks})", [list(row) for row in rows])
    make_empty([table], connection)


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops what a table that cannot be used left behind."""
    for kind, catalogue in (("VIEW", "duckdb_views"), ("TABLE", "duckdb_tables")):
        left = connection.execute(
            f"SELECT {kind.lower()}_name FROM {catalogue}() WHERE temporary AND NOT internal"
        ).fetchall()
        for (name,) in left:
            connection.execute(f'DROP {kind} "{name}"')


def make_empty(names: Sequence[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Tables without rows, written to the disk at once."""
    made = [
        f"CREATE TABLE {name} ({', '.join(f'{column.name} {SQL_TYPES[column.kind]}' for column in TABLES[name])})"
        for name in names
    ]
    connection.execute("; ".join(["BEGIN", *made, "COMMIT"]))


def won_opportunities_as_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Fills orders with the deals that were won, for a company that keeps no orders."""
    connection.execute("DROP TABLE orders")
    connection.execute(
        """
        CREATE TABLE orders AS
        SELECT opportunity_id AS order_id, CAST(NULL AS VARCHAR) AS line_id, account_id, rep_id, product_id, opportunity_id,
               closed_on AS ordered_on, CAST(NULL AS DOUBLE) AS quantity, amount AS net_amount,
               CAST(NULL AS DOUBLE) AS list_amount, CAST(NULL AS DOUBLE) AS cost_amount
        FROM opportunities WHERE outcome = 'won' AND amount IS NOT NULL
        """
    )
