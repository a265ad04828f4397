"""What must never be in the company's data, by its own word? plan.yml's `checks`: each a SELECT that must give no rows.

What one gives is told like any other suspicion, with its number and an example; one that cannot be answered is told, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from threading import Timer
from typing import Any

import duckdb

from salesnb.errors import InputError
from salesnb.intake.own_columns import Own
from salesnb.intake.reading import statements
from salesnb.intake.warehouse.pushdown import Judge
from salesnb.language import Message
from salesnb.plan import Plan

SHOWN = 4  # columns of an example


def found(
    plan: Plan,
    own: Mapping[str, Sequence[Own]],
    connection: duckdb.DuckDBPyConnection,
    judge: Judge | None,
) -> Iterator[Message]:
    """A sentence for each check that gives rows, over the checked tables with own columns under their names; in a warehouse without
    these."""
    if not plan.checks:
        return
    ((place,),) = connection.execute("SELECT current_database()").fetchall()
    views = {table: _view(table, owns, str(place)) for table, owns in own.items()}
    for view in views.values():
        connection.execute(view)
    for name, query in plan.checks.items():
        try:
            count, example = _asked(query, connection, judge)
        except (duckdb.Error, InputError) as error:
            yield Message(
                "plan.yml, checks: {name} cannot be answered: {problem}", name=name, problem=_line(error)
            )
            continue
        if count:
            yield Message(
                "plan.yml, checks: {name}: {n:count} rows, such as {example:list}",
                name=name,
                n=count,
                example=[f"{column} {value}" for column, value in example],
            )
    for table in views:
        connection.execute(f"DROP VIEW temp.{table}")


def _view(table: str, owns: Sequence[Own], place: str) -> str:
    called = "".join(
        f''', {one.place} AS "{one.name.replace('"', '""')}"''' for one in owns if one.place != one.name
    )
    return f'CREATE TEMP VIEW {table} AS SELECT *{called} FROM "{place}".main.{table}'


def _asked(
    query: str, connection: duckdb.DuckDBPyConnection, judge: Judge | None
) -> tuple[int, list[tuple[str, Any]]]:
    """How many rows the SELECT gives, and the first columns of one."""
    parsed = connection.extract_statements(query)
    if [each.type for each in parsed] != [duckdb.StatementType.SELECT]:
        raise InputError("a check is one SELECT")
    text = parsed[0].query.strip().rstrip(";")
    if judge is not None:
        rows = judge.execute(f"SELECT * FROM ({text}) AS asked").fetchall()
        return len(rows), [
            (f"{place}.", value) for place, value in enumerate(rows[0][:SHOWN], start=1)
        ] if rows else []
    timer = Timer(statements.STATEMENT_LIMIT, connection.interrupt)
    timer.start()
    try:
        count = connection.execute(f"SELECT count(*) FROM ({text}) AS asked").fetchall()[0][0]
        first = connection.execute(f"SELECT * FROM ({text}) AS asked LIMIT 1")
        names = [column[0] for column in first.description or ()][:SHOWN]
        row = first.fetchone()
    finally:
        timer.cancel()
    return int(count), list(zip(names, row, strict=False)) if row else []


def _line(error: Exception) -> str:
    return " ".join(re.split(r"\n\s*\n|\nLINE ", str(error))[0].split())
