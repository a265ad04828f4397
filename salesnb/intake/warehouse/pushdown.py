"""How are a warehouse's rows judged where they lie? The row rules as queries, so that no row comes over but the rejected ones.

Plain cells (ISO dates, plain numbers, typed columns) are read by the warehouse itself. Of the others each distinct spelling
comes over once, is read here by the very rules that files are read by, and goes back as a list of what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlglot
from sqlglot import exp

from salesnb.intake import warehouse
from salesnb.intake.checking import checks
from salesnb.intake.reading import values
from salesnb.intake.schema import TABLES, Table
from salesnb.intake.warehouse.queries import literal

MOST_SPELLINGS = 20_000
PREFIX = "salesnb_"  # of our own names, which no statement of a workspace uses
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
    staged: str = "numbered"
    joined: str = "raw"
    most: int | None = MOST_SPELLINGS

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

    def stage(self, table: Table, statement: str, *, name: str) -> tuple[list[str], list[str]]:
        """Makes `statement` the source of `table`; its headings, and what each column holds, as the warehouse has it."""
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
        return list(schema), list(schema.values())

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of `query`, as `execute` answers it."""
        return self.execute(query).rows

    def join(self, spelled: Sequence[checks.Spelled]) -> None:
        """Defines raw: the numbered rows with what their odd spellings mean, written into the query."""
        cells, joins = ["numbered.*"], []
        for each in spelled:
            listed = ", ".join(
                f"({values.literal(text)}, {literal(each.column, value)})"
                for text, value in each.meant.items()
            )
            joins.append(
                f"LEFT JOIN (SELECT * FROM (VALUES {listed}) AS t(spelling, value)) AS {each.alias} ON {each.alias}.spelling = CAST(numbered.{each.cell} AS VARCHAR)"
            )
            cells.append(f"{each.alias}.value AS {each.alias}")
        self.queries[f"{self.current}_raw"] = f"SELECT {', '.join(cells)} FROM numbered {' '.join(joins)}"

    def define(self, steps: Mapping[str, str], names: Sequence[str]) -> None:
        """Defines judged, repeats, checked and the table itself (its kept rows)."""
        for step, query in steps.items():
            self.queries[f"{self.current}_{step}"] = query
        columns = ", ".join(names)
        self.queries[self.current] = f"SELECT {columns} FROM {self.current}_checked WHERE reason IS NULL"

    def rejected(self, table: str, width: int) -> tuple[tuple[int, int], list[tuple[Any, ...]]]:
        """Rows read and kept; and the rejected rows: source_row, reason, cells as text."""
        ((read, kept),) = self.ask(checks.COUNTED)
        cells = ", ".join(f"CAST(c{place} AS VARCHAR) AS c{place}" for place in range(width))
        if read == kept:
            return (int(read), int(kept)), []
        query = f"SELECT source_row, reason, {cells} FROM checked WHERE reason <> 'total' ORDER BY source_row"
        return (int(read), int(kept)), self.execute(query).fetchall()

    def finished(self, widened: Callable[[Table], Table]) -> dict[str, str]:
        """Table → its query in the warehouse's dialect, for every table that a workspace can hold, own columns included."""
        return {
            table.name: self.translated(f"SELECT {', '.join(widened(table).names)} FROM {table.name}")
            for table in TABLES.values()
        }


def _plain(cell: Any) -> Any:
    """A decimal as the number that DuckDB would have given."""
    if not isinstance(cell, Decimal):
        return cell
    return int(cell) if cell == cell.to_integral_value() else float(cell)
