"""How is a column of a source read as its kind? What a single cell cannot tell (day or month first, decimal comma) its column does."""

from __future__ import annotations

import duckdb

from salesnb.errors import InputError
from salesnb.intake.reading import values
from salesnb.intake.schema import Column
from salesnb.language import Message

SQL_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "date": "DATE",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}
NUMERIC = (
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)


def reading(
    column: Column,
    source: str,
    sql_type: str,
    *,
    raw: str,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    date_order: str | None = None,
) -> tuple[str, Message | None]:
    """An SQL expression for the values of `column`, read from the staged column `source`, and what was decided for it.

    Null where a cell cannot be read. `InputError` where the dates of a column have two readings and `date_order` is not
    given.
    """
    text = f"CAST({source} AS VARCHAR)"
    if sql_type.endswith("]"):
        sql_type = "VARCHAR"  # a list of days is no day
    if column.kind in ("id", "text"):
        return words(source, sql_type), None
    if column.kind == "choice":
        return choice(column, text), None
    if column.kind == "boolean":
        return (source if sql_type == "BOOLEAN" else values.boolean(text)), None
    if column.kind == "number":
        if sql_type.startswith(NUMERIC):
            return f"CASE WHEN isfinite(TRY_CAST({source} AS DOUBLE)) THEN CAST({source} AS DOUBLE) END", None
        return _number(column, text, raw, connection, name)
    if sql_type.startswith(("DATE", "TIMESTAMP")):
        moments = (
            sql_type == "TIMESTAMP WITH TIME ZONE" and connection.execute(clock_query(source, raw)).fetchall()
        )
        note = moments_note(column, name) if moments else None
        return f"CASE WHEN isfinite({source}) THEN TRY_CAST({source} AS DATE) END", note
    if _every_cell_is(values.ISO, text, raw, connection):
        return f"TRY_CAST({text} AS DATE)", None
    return values.date(text, order=date_order or _date_order(column, text, raw, connection, name)), None


def words(source: str, sql_type: str) -> str:
    """An id or a text as it is written; null where nothing is; a whole number in a column of fractions without its .0."""
    text = f"CAST({source} AS VARCHAR)"
    if sql_type in ("DOUBLE", "FLOAT"):
        whole = f"{source} = floor({source}) AND abs({source}) < 1e15"
        text = f"CASE WHEN {whole} THEN CAST(CAST({source} AS BIGINT) AS VARCHAR) ELSE {text} END"
    return f"CASE WHEN {values.filled(text)} THEN {text} END"


def clock_query(source: str, raw: str) -> str:
    """A row where one of the moments in `source` is not a midnight, so that its day depends on the zone."""
    return f"SELECT 1 FROM {raw} WHERE date_trunc('day', {source}) <> {source} LIMIT 1"


def moments_note(column: Column, name: str) -> Message:
    """A moment that is stored with its zone counts on its day in UTC, as a text that ends in Z does."""
    return Message(
        "{name}: {column} holds moments; each counts on its day in UTC, unless a .sql file gives the day of another zone",
        name=name,
        column=column.name,
    )


def choice(column: Column, text: str) -> str:
    """A word of the column's list; the fallback for a word outside it, null where there is none."""
    bare = f"lower(regexp_replace({values.plain(text)}, '[ -]+', '_', 'g'))"
    words = " ".join(
        f"WHEN {bare} IN ({', '.join(values.literal(other.casefold()) for other in (word, *others))}) THEN {values.literal(word)}"
        for word, others in column.choices
    )
    otherwise = (
        f"WHEN {values.filled(text)} THEN {values.literal(column.fallback)}" if column.fallback else ""
    )
    return f"CASE {words} {otherwise} END"


def _every_cell_is(pattern: str, text: str, raw: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """Is each cell empty or of the plainest form, so that a cast reads it?

    What reads every form takes the engine longer to plan than most tables take to be read.
    """
    query = f"SELECT 1 FROM {raw} WHERE NOT regexp_full_match({text}, '({pattern})?') LIMIT 1"
    return not connection.execute(query).fetchall()


def _number(
    column: Column, text: str, raw: str, connection: duckdb.DuckDBPyConnection, name: str
) -> tuple[str, Message | None]:
    if _every_cell_is(values.PLAIN_NUMBER, text, raw, connection):
        return f"TRY_CAST({text} AS DOUBLE)", None
    commas = f"contains({text}, ',') OR contains({text}, '，')"
    if not connection.execute(f"SELECT 1 FROM {raw} WHERE {commas} LIMIT 1").fetchall():
        return values.number(text), None
    row = connection.execute(
        f"""
        SELECT count(*) FILTER ({values.decimal_comma(text)}), count(*) FILTER ({values.decimal_point(text)}),
               min({text}) FILTER ({values.decimal_comma(text)})
        FROM {raw} WHERE NOT regexp_full_match({text}, '-?\\d*')
        """
    ).fetchone()
    assert row is not None
    comma, point, example = row
    if comma and not point:
        note = Message(
            "{name}: {column} is read with a decimal comma, as in {example}",
            name=name,
            column=column.name,
            example=example,
        )
        return values.number(text, decimal_comma=True), note
    return values.number(text), None


def _date_order(
    column: Column, text: str, raw: str, connection: duckdb.DuckDBPyConnection, name: str
) -> str | None:
    doubtful = f"({values.either_first(text)} OR {values.year_anywhere(text)})"
    row = connection.execute(
        f"""
        SELECT count(*) FILTER ({values.day_first(text)}), count(*) FILTER ({values.month_first(text)}),
               count(*) FILTER ({values.either_first(text)}), count(*) FILTER ({values.year_anywhere(text)}), min({text}) FILTER ({doubtful})
        FROM {raw} WHERE NOT regexp_full_match({text}, '{values.ISO}.*')
        """
    ).fetchone()
    assert row is not None
    day_first, month_first, either, year_anywhere, example = row
    if year_anywhere or (either and bool(day_first) == bool(month_first)):
        raise InputError(
            "{name}: {column} can be read in more than one way ({example}): day first or month first? Answer with intake: {{date_order: dmy}} (or mdy, ymd) in plan.yml",
            name=name,
            column=column.name,
            example=example,
        )
    if day_first and month_first:
        return None
    return "dmy" if day_first else "mdy" if month_first else None
