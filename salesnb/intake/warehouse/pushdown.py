"""How are a warehouse's rows judged where they lie? The row rules as queries, so that no row comes over but the rejected ones.

Plain cells (ISO dates, plain numbers, typed columns) are read by the warehouse itself. Of the others each distinct spelling
comes over once, is read here by the very rules that files are read by, and goes back as a list of what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from salesnb.errors import InputError
from salesnb.intake import warehouse
from salesnb.intake.checking import checks
from salesnb.intake.reading import values
from salesnb.intake.reading.kinds import SQL_TYPES, clock_query, moments_note, reading, words
from salesnb.intake.schema import TABLES, Column, Table
from salesnb.intake.warehouse.queries import literal, without_rows
from salesnb.language import Message

MOST_SPELLINGS = 20_000
PREFIX = "salesnb_"  # of our own names, which no statement of a workspace uses
PLAIN_DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$"
PLAIN_NUMBER = f"^{values.PLAIN_NUMBER}$"
WHOLE_NUMBER = f"^{values.WHOLE_NUMBER}$"
SPEAKS_FOR_A_POINT = r"\.(\d{1,2}|\d{4,})$"
LARGEST = 1.7e308
STEPS = ("numbered", "raw", "judged", "repeats", "checked")


@dataclass
class Rows:
    """The rows that a query gave, as a cursor hands them out."""

    rows: list[tuple[Any, ...]]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None


@dataclass
class Judge:
    """A session in a warehouse and the queries that stand for tables there: name → DuckDB-dialect SELECT, in order.

    `execute` answers a DuckDB-dialect query over these names, as the engine's own connection does for files.
    """

    session: warehouse.Session
    queries: dict[str, str] = field(default_factory=dict)
    current: str = ""
    made: dict[str, tuple[str, str, set[str]]] = field(default_factory=dict)

    def execute(self, query: str) -> Rows:
        """The rows of `query`, whose tables are those of `queries`; `raw` and `checked` are the current table's."""
        found = self.session.rows(self.translated(query))
        return Rows([tuple(_plain(cell) for cell in row) for row in found])

    def translated(self, query: str) -> str:
        """`query` in the warehouse's dialect, with every name that it needs before it."""
        body, needed = self._renamed(query, within=self.current)
        waiting = list(needed)
        while waiting:
            name = waiting.pop()
            more = self._made(name)[1] - needed
            needed |= more
            waiting.extend(more)
        parts = [
            f"{PREFIX}{name} AS ({self._made(name)[0]})" for name in self.queries if name in needed
        ]  # what is needed stands before what needs it
        own = [each.pop() for each in list(body.find_all(exp.CTE))]
        parts += [each.sql(dialect=self.session.dialect) for each in own]
        return (f"WITH {', '.join(parts)} " if parts else "") + body.sql(dialect=self.session.dialect)

    def _renamed(self, query: str, *, within: str) -> tuple[exp.Expr, set[str]]:
        """`query` over our names for the tables, and which of `queries` these are."""
        parsed, needed = sqlglot.parse_one(query, read="duckdb"), set()
        for table in list(parsed.find_all(exp.Table)):
            name = next(
                (each for each in (f"{within}_{table.name}", table.name) if each in self.queries), None
            )
            if table.db or name is None:
                continue
            needed.add(name)
            ours = exp.to_table(PREFIX + name)
            ours.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
            table.replace(ours)
        return parsed, needed

    def _made(self, name: str) -> tuple[str, set[str]]:
        """One of `queries` in the warehouse's dialect, and the others that it needs; translated once."""
        query = self.queries[name]
        if name not in self.made or self.made[name][0] != query:
            table, _, step = name.rpartition("_")
            if step == "source":  # the workspace's own statement: its tables are the warehouse's
                parsed, needed = sqlglot.parse_one(query, read="duckdb"), set[str]()
            else:
                parsed, needed = self._renamed(query, within=table if step in STEPS else "")
            self.made[name] = (query, parsed.sql(dialect=self.session.dialect), needed)
        return self.made[name][1:]

    # the tables --------------------------------------------------------------------------------------------------

    def stage(self, table: Table, statement: str, *, name: str) -> tuple[list[str], dict[str, str]]:
        """Makes `statement` the source of `table`; its headings, and column → kind as the warehouse has it (c0, c1, …)."""
        self.current = table.name
        schema = self.session.schema(
            sqlglot.transpile(statement, read="duckdb", write=self.session.dialect)[0], name=name
        )
        self.queries[f"{table.name}_source"] = statement
        names = [f"c{place}" for place in range(len(schema))]
        numbered = f"""
            SELECT {self.session.row_number} AS source_row, CAST(NULL AS VARCHAR) AS fault, {", ".join(names)}
            FROM source AS source({", ".join(names)})
        """
        self.queries[f"{table.name}_numbered"] = numbered
        return list(schema), {f"c{place}": kind for place, kind in enumerate(schema.values())}

    def check_rows(
        self,
        table: Table,
        positions: Mapping[str, int],
        kinds: Mapping[str, str],
        *,
        name: str,
        date_order: str | None,
    ) -> list[Message]:
        """Defines raw, judged, repeats, checked and the table itself (its kept rows); what was decided about a column."""
        typed, joins, cells, told = {}, [], [], []
        for column in table:
            if column.name not in positions:
                continue
            place = positions[column.name]
            expression, meant, note = self._read(column, f"c{place}", kinds[f"c{place}"], name, date_order)
            typed[column.name] = expression
            told.extend([note] if note else [])
            if meant:
                listed = ", ".join(f"({values.literal(text)}, {value})" for text, value in meant)
                joins.append(
                    f"LEFT JOIN (SELECT * FROM (VALUES {listed}) AS v(spelling, value)) AS m{place} ON m{place}.spelling = CAST(numbered.c{place} AS VARCHAR)"
                )
                cells.append(f"m{place}.value AS v{place}")
        self.queries[f"{table.name}_raw"] = (
            f"SELECT {', '.join(['numbered.*', *cells])} FROM numbered {' '.join(joins)}"
        )
        steps = checks.judging(table, positions, typed, raw="raw", width=len(kinds))
        for step, query in steps.items():
            self.queries[f"{table.name}_{step}"] = query
        kept = f"SELECT {', '.join(table.names)} FROM checked WHERE reason IS NULL"
        self.queries[table.name] = kept.replace("FROM checked", f"FROM {table.name}_checked")
        return told

    def rejected(self, table: str, width: int) -> tuple[tuple[int, int], list[tuple[Any, ...]]]:
        """Rows read and kept; and the rejected rows: source_row, reason, cells as text."""
        ((read, kept),) = self.execute(
            "SELECT count(*), count(*) FILTER (reason IS NULL) FROM checked"
        ).fetchall()
        cells = ", ".join(f"CAST(c{place} AS VARCHAR) AS c{place}" for place in range(width))
        if read == kept:
            return (int(read), int(kept)), []
        query = (
            f"SELECT source_row, reason, {cells} FROM checked WHERE reason IS NOT NULL ORDER BY source_row"
        )
        return (int(read), int(kept)), self.execute(query).fetchall()

    def finished(self, present: Sequence[str]) -> dict[str, str]:
        """Table → its query in the warehouse's dialect, for every table that a workspace can hold."""
        found = {}
        for table in TABLES.values():
            held = f"SELECT {', '.join(table.names)} FROM {table.name}"
            found[table.name] = self.translated(held if table.name in present else without_rows(table))
        return found

    def _read(
        self, column: Column, cell: str, kind: str, name: str, date_order: str | None
    ) -> tuple[str, list[tuple[str, str]], Message | None]:
        """An expression for the column's values, what the odd spellings mean (spelling, SQL value), and what was decided."""
        spelled = f"v{cell[1:]}"
        if column.kind in ("id", "text"):
            return words(cell, "DOUBLE" if kind == "number" else "VARCHAR"), [], None
        if column.kind == "date" and kind in ("date", "moment"):
            moments = kind == "moment" and self.execute(clock_query(cell, "numbered")).fetchall()
            return (
                f"CASE WHEN {cell} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN CAST({cell} AS DATE) END",
                [],
                moments_note(column, name) if moments else None,
            )
        if column.kind == "number" and kind == "number":
            return (
                f"CASE WHEN CAST({cell} AS DOUBLE) BETWEEN {-LARGEST} AND {LARGEST} THEN CAST({cell} AS DOUBLE) END",
                [],
                None,
            )
        if column.kind == "boolean" and kind == "boolean":
            return cell, [], None
        plain = {"date": PLAIN_DATE, "number": PLAIN_NUMBER}.get(column.kind)
        found, note = self._spellings(column, cell, plain, name, date_order)
        if note is not None and column.kind == "number":  # a decimal comma: 1.234 is plain no more
            plain = WHOLE_NUMBER
            found, note = self._spellings(column, cell, plain, name, date_order)
        meant = [(text, literal(column, value)) for text, value in found if value is not None]
        kept = spelled if meant else f"CAST(NULL AS {SQL_TYPES[column.kind]})"
        if plain is None:
            return kept, meant, note
        text = f"CAST({cell} AS VARCHAR)"
        return (
            f"CASE WHEN regexp_matches({text}, '{plain}') THEN CAST({text} AS {SQL_TYPES[column.kind]}) ELSE {kept} END",
            meant,
            note,
        )

    def _spellings(
        self, column: Column, cell: str, plain: str | None, name: str, date_order: str | None
    ) -> tuple[list[tuple[str, Any]], Message | None]:
        text = f"CAST({cell} AS VARCHAR)"
        odd = f"AND NOT regexp_matches({text}, '{plain}')" if plain else ""
        rows = self.execute(
            f"SELECT DISTINCT {text} AS cell FROM numbered WHERE {cell} IS NOT NULL {odd} LIMIT {MOST_SPELLINGS + 1}"
        ).fetchall()
        if len(rows) > MOST_SPELLINGS:
            raise InputError(
                "{name}: {column} is written in more than {most:count} ways that are neither plain nor typed; cast it in the statement",
                name=name,
                column=column.name,
                most=MOST_SPELLINGS,
            )
        texts = sorted(str(row[0]) for row in rows)
        if column.kind == "number" and any("," in each or "，" in each for each in texts):
            witness = f"SELECT min({text}) FROM numbered WHERE regexp_matches({text}, '{SPEAKS_FOR_A_POINT}')"
            texts += [str(cell) for (cell,) in self.execute(witness).fetchall() if cell is not None]
        with duckdb.connect() as local:
            local.execute("CREATE TABLE odd (c0 VARCHAR)")
            if texts:
                local.execute("INSERT INTO odd SELECT unnest(?::VARCHAR[])", [texts])
            expression, note = reading(
                column, "c0", "VARCHAR", raw="odd", connection=local, name=name, date_order=date_order
            )
            return local.execute(f"SELECT DISTINCT c0, {expression} FROM odd ORDER BY 1").fetchall(), note


def _plain(cell: Any) -> Any:
    """A decimal as the number that DuckDB would have given."""
    if not isinstance(cell, Decimal):
        return cell
    return int(cell) if cell == cell.to_integral_value() else float(cell)
