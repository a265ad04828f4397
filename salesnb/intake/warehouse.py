"""How do tables come from a company's warehouse? The workspace's statements run there, read-only; the rows are checked here.

plan.yml gives the name of the environment variable with the address (``source.url_env``), never the address itself, so
that no password is written down; no message repeats it either.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import duckdb
import ibis
import pyarrow as pa
import sqlglot

from salesnb.errors import InputError
from salesnb.plan import Plan

ROWS_AT_ONCE = 20_000
SCHEMES = ("postgres", "postgresql", "pyspark")


def address(plan: Plan) -> str | None:
    """The warehouse's address, None where the plan names none; `InputError` where the variable is not set or no address."""
    variable = plan.source.url_env
    if variable is None:
        return None
    url = os.environ.get(variable, "")
    if not url:
        raise InputError(
            "plan.yml takes the warehouse's address from {variable}, which is not set; set it",
            variable=variable,
        )
    if urlsplit(url).scheme not in SCHEMES:
        raise InputError(
            "{variable} must hold an address that begins with one of {schemes:list}",
            variable=variable,
            schemes=[f"{scheme}://" for scheme in SCHEMES],
        )
    return url


def stage_query(
    query: str, *, url: str, name: str, into: str, connection: duckdb.DuckDBPyConnection
) -> list[str]:
    """Runs the DuckDB-dialect SELECT `query` in the warehouse and writes its rows to the temporary table `into`.

    Gives the headings; the columns are source_row, fault, c0, c1, … `InputError` where the warehouse cannot be reached
    or does not run the statement.
    """
    try:
        backend = ibis.connect(url)
    except Exception as error:
        raise InputError(
            "the warehouse cannot be reached ({problem}); check the address and the network",
            problem=type(error).__name__,
        ) from None
    try:
        headings, batches = (
            _from_postgres(backend, query) if backend.name == "postgres" else _from_others(backend, query)
        )
        names = [f"c{place}" for place in range(len(headings))]
        first = pa.table([pa.array([], pa.string()) for _ in names], names=names)
        for number, batch in enumerate([first, *batches] if backend.name == "postgres" else batches):
            _add(batch.rename_columns(names), into, connection, create=number == 0)
        return headings
    except Exception as error:
        raise InputError(
            "{name}: the warehouse does not run the statement: {problem}; correct it",
            name=name,
            problem=_line(error, url),
        ) from None
    finally:
        backend.disconnect()


def _from_postgres(backend: ibis.BaseBackend, query: str) -> tuple[list[str], Iterator[pa.Table]]:
    """The headings and the rows, as text, of a statement in a read-only transaction with a cursor on the server."""
    (translated,) = sqlglot.transpile(query, read="duckdb", write="postgres")
    backend.con.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    backend.con.commit()
    cursor = backend.con.cursor(name="salesnb_rows")
    backend.con.autocommit = False
    cursor.execute(translated)
    headings = [column.name for column in cursor.description]

    def batches() -> Iterator[pa.Table]:
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            columns = [
                pa.array([None if cell is None else str(cell) for cell in column], pa.string())
                for column in zip(*rows, strict=True)
            ]
            yield pa.table(columns, names=headings)

    return headings, batches()


def _from_others(backend: ibis.BaseBackend, query: str) -> tuple[list[str], Iterator[pa.Table]]:
    rows = backend.sql(query, dialect="duckdb")
    return list(rows.columns), (
        pa.table([batch.column(place) for place in range(len(rows.columns))], names=rows.columns)
        for batch in rows.to_pyarrow_batches()
    )


def _add(batch: pa.Table, into: str, connection: duckdb.DuckDBPyConnection, *, create: bool) -> None:
    connection.register("rows_streamed", batch)
    if create:
        connection.execute(
            f"CREATE TEMP TABLE {into} AS SELECT CAST(0 AS BIGINT) AS source_row, CAST(NULL AS VARCHAR) AS fault, * FROM rows_streamed LIMIT 0"
        )
    connection.execute(
        f"INSERT INTO {into} SELECT (SELECT count(*) FROM {into}) + row_number() OVER (), NULL, * FROM rows_streamed"
    ).fetchall()
    connection.unregister("rows_streamed")


def _line(error: Exception, url: str) -> str:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    secret = urlsplit(url).password
    return text.replace(url, "…").replace(secret, "…") if secret else text
