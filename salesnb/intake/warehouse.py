"""How do tables come from a company's warehouse? The workspace's statements run there, read-only; the rows are checked here.

plan.yml gives the name of the environment variable with the address (``source.url_env``), never the address itself, so
that no password is written down; no message repeats it either.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import urlsplit

import duckdb
import ibis

from salesnb.errors import InputError
from salesnb.plan import Plan

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
    query: str, *, url: str, name: str, stage: Callable[[ibis.expr.types.Table], list[str]]
) -> list[str]:
    """Runs the DuckDB-dialect SELECT `query` in the warehouse and hands its rows to `stage`; gives the headings.

    `InputError` where the warehouse cannot be reached or does not run the statement.
    """
    try:
        backend = ibis.connect(url)
    except Exception as error:
        raise InputError(
            "the warehouse cannot be reached ({problem}); check the address and the network",
            problem=_kind(error),
        ) from None
    try:
        if backend.name == "postgres":
            backend.raw_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").close()
        return stage(backend.sql(query, dialect="duckdb"))
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            "{name}: the warehouse does not run the statement: {problem}; correct it",
            name=name,
            problem=_line(error, url),
        ) from None
    finally:
        backend.disconnect()


def stage_rows(rows: ibis.expr.types.Table, *, into: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Writes the rows, as they stream in, to the temporary table `into`: source_row, fault, c0, c1, …; gives the headings."""
    headings = list(rows.columns)
    names = ", ".join(f"c{place}" for place in range(len(headings)))
    reader = rows.to_pyarrow_batches()
    connection.register("rows_streamed", reader)
    connection.execute(
        f"CREATE TEMP TABLE {into} AS SELECT row_number() OVER () AS source_row, CAST(NULL AS VARCHAR) AS fault, {names} FROM rows_streamed AS source({names})"
    )
    connection.unregister("rows_streamed")
    return headings


def _kind(error: Exception) -> str:
    return type(error).__name__


def _line(error: Exception, url: str) -> str:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    secret = urlsplit(url).password
    return text.replace(url, "…").replace(secret, "…") if secret else text
