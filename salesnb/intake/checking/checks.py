"""Which rows can be used, and why not the others? The row rules, in the engine: kept + rejected = read, always.

A rejected row keeps the first rule that it breaks, as a short code with its column; `quarantine.reason` words it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from salesnb.intake.reading import values
from salesnb.intake.reading.kinds import SQL_TYPES, reading
from salesnb.intake.schema import Column, Table
from salesnb.language import Message

PLAUSIBLE = ("1970-01-01", "2100-12-31")  # a day on which something happened: 0001 and 9999 stand for none


def check_rows(
    table: Table,
    positions: Mapping[str, int],
    *,
    raw: str,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    date_order: str | None = None,
) -> list[Message]:
    """Types each row of the staged table `raw` and writes it to the temporary table `checked` with the rule it breaks.

    `raw` has source_row, fault and the source columns c0, c1, …; `positions` maps the table's columns to them; what
    `checked` has is told by `judging`. Gives what was decided about a column on the way; `InputError` where a date column
    has two readings.
    """
    types = {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE {raw}").fetchall()}
    typed, told = {}, []
    for column in table:
        if column.name in positions:
            source = f"c{positions[column.name]}"
            typed[column.name], note = reading(
                column,
                source,
                types[source],
                raw=raw,
                connection=connection,
                name=name,
                date_order=date_order,
            )
            told.extend([note] if note else [])
    steps = judging(table, positions, typed, raw=raw, width=len(types) - 2)
    for step, query in steps.items():
        connection.execute(f"CREATE TEMP TABLE {step} AS {query}")
    connection.execute("DROP TABLE judged; DROP TABLE repeats")
    return told


def judging(
    table: Table, positions: Mapping[str, int], typed: Mapping[str, str], *, raw: str, width: int
) -> dict[str, str]:
    """The queries, each over those before it, that judge the rows of `raw`: judged, repeats, checked.

    `raw` has source_row, fault and `width` source columns c0, c1, …; `typed` reads the table's columns from them. The
    last, checked, has source_row, reason (null for a row that breaks no rule), the source columns and the table's columns,
    absent ones null. The queries are plain enough to be translated for a warehouse.
    """
    sources = [f"c{place}" for place in range(width)]
    columns = [
        f"{typed[column.name]} AS {column.name}"
        if column.name in typed
        else f"CAST(NULL AS {SQL_TYPES[column.kind]}) AS {column.name}"
        for column in table
    ]
    rules = " ".join(_rules(table, positions))
    kept = ", ".join(["judged.source_row", *(f"judged.{name}" for name in (*sources, *table.names))])
    return {
        "judged": f"""
            SELECT *, CASE WHEN fault IS NOT NULL THEN fault {rules} END AS broken
            FROM (SELECT source_row, fault, {", ".join([*sources, *columns])} FROM {raw}) AS typed
        """,
        "repeats": _repeats(table, positions, sources),
        "checked": f"""
            SELECT {kept}, coalesce(judged.broken, repeats.rule) AS reason
            FROM judged LEFT JOIN repeats ON judged.source_row = repeats.source_row
        """,
    }


def _rules(table: Table, positions: Mapping[str, int]) -> Iterator[str]:
    present: list[tuple[Column, str]] = [
        (column, values.filled(f"CAST(c{positions[column.name]} AS VARCHAR)"))
        for column in table
        if column.name in positions
    ]
    for column, filled in present:
        if column.required:
            nothing = "" if column.kind in ("id", "text") else f"AND NOT coalesce({filled}, false)"
            yield f"WHEN {column.name} IS NULL {nothing} THEN 'missing:{column.name}'"
    for column, filled in present:
        if column.kind in ("date", "number", "boolean"):
            yield f"WHEN {column.name} IS NULL AND {filled} THEN 'unreadable:{column.name}'"
        elif column.kind == "choice" and column.fallback is None:
            yield f"WHEN {column.name} IS NULL AND {filled} THEN 'unlisted:{column.name}'"
        if column.low is not None:
            yield f"WHEN {column.name} NOT BETWEEN {column.low} AND {column.high} THEN 'range:{column.name}'"
    if table.happened:
        plausible = " AND ".join(values.literal(day) for day in PLAUSIBLE)
        yield f"WHEN {table.happened} NOT BETWEEN {plausible} THEN 'implausible:{table.happened}'"
    for end, beginning in table.not_before:
        yield f"WHEN {end} < {beginning} THEN 'before:{end}:{beginning}'"
    if table.name == "opportunities":
        yield "WHEN outcome IN ('won', 'lost') AND closed_on IS NULL THEN 'unclosed:outcome'"


def _repeats(table: Table, positions: Mapping[str, int], sources: list[str]) -> str:
    """The rows that repeat the key of an earlier one that broke no rule: source_row, rule.

    Orders without a line number have no key: there only an identical row repeats.
    """
    key = [column for column in table.key if column in positions]
    if not key:
        return "SELECT CAST(NULL AS BIGINT) AS source_row, NULL AS rule WHERE false"
    if table.name != "orders":
        return _later_rows(key, f"repeated:{key[0]}", f"{key[0]} IS NOT NULL")
    same = _later_rows(sources, "repeated:row", "line_id IS NULL")
    return (
        same
        if "line_id" not in key
        else f"{same} UNION ALL {_later_rows(key, 'repeated:line_id', 'line_id IS NOT NULL')}"
    )


def _later_rows(by: list[str], rule: str, where: str) -> str:
    return f"""
        SELECT source_row, '{rule}' AS rule FROM (
            SELECT source_row, row_number() OVER (PARTITION BY {", ".join(by)} ORDER BY source_row) AS place
            FROM judged WHERE broken IS NULL AND {where}
        ) AS ranked WHERE place > 1
    """
