"""Which rows can be used, and why not the others? The row rules, in the engine: kept + rejected = read, always.

A rejected row keeps the first rule that it breaks, as a short code with its column; `quarantine.reason` words it.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from salesnb.errors import InputError
from salesnb.intake import values
from salesnb.intake.schema import Column, Table

SQL_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "date": "DATE",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}


def check_rows(
    table: Table,
    positions: Mapping[str, int],
    *,
    raw: str,
    into: str,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    date_order: str | None = None,
) -> None:
    """Types each row of the staged table `raw` and writes it to `into` with the rule it breaks, or null, as `reason`.

    `raw` has source_row, fault and the source columns c0, c1, …; `positions` maps the table's columns to them. The
    result has source_row, reason, source columns and the table's columns, typed, absent ones null. `InputError` where a
    date column has two readings.
    """
    types = {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE {raw}").fetchall()}
    readings, reasons = [], ["WHEN fault IS NOT NULL THEN fault"]
    for column in table:
        if column.name not in positions:
            readings.append(f"CAST(NULL AS {SQL_TYPES[column.kind]}) AS {column.name}")
            continue
        source = f"c{positions[column.name]}"
        order = date_order
        readings.append(
            f"{_reading(column, source, types[source], raw, connection, name, order)} AS {column.name}"
        )
    present = [column for column in table if column.name in positions]
    for column in present:
        if column.required:
            reasons.append(
                f"WHEN NOT coalesce({values.filled(f'CAST(c{positions[column.name]} AS VARCHAR)')}, false) THEN 'missing:{column.name}'"
            )
    for column in present:
        text = f"CAST(c{positions[column.name]} AS VARCHAR)"
        if column.kind in ("date", "number", "boolean"):
            reasons.append(
                f"WHEN {column.name} IS NULL AND {values.filled(text)} THEN 'unreadable:{column.name}'"
            )
        elif column.kind == "choice" and column.fallback is None:
            reasons.append(
                f"WHEN {column.name} IS NULL AND {values.filled(text)} THEN 'unlisted:{column.name}'"
            )
        if column.low is not None:
            reasons.append(
                f"WHEN {column.name} NOT BETWEEN {column.low} AND {column.high} THEN 'range:{column.name}'"
            )
    for end, beginning in table.not_before:
        reasons.append(f"WHEN {end} < {beginning} THEN 'before:{end}:{beginning}'")
    if table.name == "opportunities":
        reasons.append("WHEN outcome IN ('won', 'lost') AND closed_on IS NULL THEN 'unclosed:outcome'")
    sources = ", ".join(column for column in types if column not in ("source_row", "fault"))
    connection.execute(
        f"""
        CREATE TEMP TABLE {into} AS
        WITH typed AS (SELECT source_row, fault, {sources}, {", ".join(readings)} FROM {raw}),
        judged AS (SELECT *, CASE {" ".join(reasons)} END AS broken FROM typed)
        SELECT * EXCLUDE (fault, broken), CASE WHEN broken IS NOT NULL THEN broken WHEN {_repeated(table, positions, sources)} END AS reason
        FROM judged
        """.replace("THEN broken WHEN", "THEN broken WHEN", 1)
    )


def _repeated(table: Table, positions: Mapping[str, int], sources: str) -> str:
    key = [column for column in table.key if column in positions]
    if not key:
        return "false THEN NULL"
    again = "row_number() OVER (PARTITION BY broken IS NULL, {by} ORDER BY source_row) > 1"
    if table.name == "orders":
        same = again.format(by=sources)
        if "line_id" not in key:
            return f"{same} THEN 'repeated:row'"
        return (
            f"(line_id IS NOT NULL AND {again.format(by='order_id, line_id')}) THEN 'repeated:line_id' "
            f"WHEN line_id IS NULL AND {same} THEN 'repeated:row'"
        )
    return f"{again.format(by=', '.join(key))} THEN 'repeated:{key[0]}'"


def _reading(
    column: Column,
    source: str,
    sql_type: str,
    raw: str,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    order: str | None,
) -> str:
    text = f"CAST({source} AS VARCHAR)"
    numeric = sql_type.startswith(("DECIMAL", "DOUBLE", "FLOAT", "REAL")) or sql_type.endswith(
        ("INT", "INTEGER")
    )
    if column.kind in ("id", "text"):
        if sql_type in ("DOUBLE", "FLOAT"):
            text = f"CASE WHEN {source} = floor({source}) AND abs({source}) < 1e15 THEN CAST(CAST({source} AS BIGINT) AS VARCHAR) ELSE {text} END"
        return f"CASE WHEN {values.filled(text)} THEN {text} END"
    if column.kind == "choice":
        return _choice(column, text)
    if column.kind == "number":
        if numeric:
            return f"CASE WHEN isfinite(CAST({source} AS DOUBLE)) THEN CAST({source} AS DOUBLE) END"
        return values.number(text)
    if column.kind == "boolean":
        return f"CAST({source} AS BOOLEAN)" if sql_type == "BOOLEAN" else values.boolean(text)
    if sql_type.startswith(("DATE", "TIMESTAMP")):
        return f"TRY_CAST({source} AS DATE)"
    if order is None:
        order = _date_order(column, text, raw, connection, name)
    return values.date(text, order=order)


def _choice(column: Column, text: str) -> str:
    bare = f"lower(regexp_replace({values.plain(text)}, '[ -]+', '_', 'g'))"
    words = " ".join(
        f"WHEN {bare} IN ({', '.join(values.literal(other.casefold()) for other in (word, *others))}) THEN {values.literal(word)}"
        for word, others in column.choices
    )
    otherwise = (
        f"WHEN {values.filled(text)} THEN {values.literal(column.fallback)}" if column.fallback else ""
    )
    return f"CASE {words} {otherwise} END"


def _date_order(
    column: Column, text: str, raw: str, connection: duckdb.DuckDBPyConnection, name: str
) -> str | None:
    row = connection.execute(
        f"""
        SELECT count(*) FILTER ({values.day_first(text)}), count(*) FILTER ({values.month_first(text)}),
               count(*) FILTER ({values.either_first(text)}), any_value({text}) FILTER ({values.either_first(text)})
        FROM {raw}
        """
    ).fetchone()
    assert row is not None
    day_first, month_first, either, example = row
    if either and bool(day_first) == bool(month_first):
        raise InputError(
            "{name}: {column} can be read day-first and month-first ({example}); answer with intake.date_order: dmy or mdy in plan.yml",
            name=name,
            column=column.name,
            example=example,
        )
    if day_first and month_first:
        return None
    return "dmy" if day_first else "mdy" if month_first else None
