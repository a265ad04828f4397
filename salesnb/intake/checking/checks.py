"""Which rows can be used, and why not the others? The row rules, in the engine: kept + rejected = read, always.

A rejected row keeps the first rule that it breaks, as a short code with its column; `quarantine.reason` words it. Rows that
say a total of others are no rows of a table: they carry the code `total` and are set aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from salesnb.errors import InputError, together
from salesnb.intake.checking import currencies, doubles, totals
from salesnb.intake.checking.rules import Conversion, judging
from salesnb.intake.reading import values
from salesnb.intake.reading.engine import drop
from salesnb.intake.reading.kinds import reading
from salesnb.intake.reading.readings import SQL_TYPES, Reading, Rules
from salesnb.intake.reading.units import Unit
from salesnb.intake.schema import Column, Table
from salesnb.language import Message

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
MOST_CURRENCIES = 1000
# rows read and kept; what says a total of others is no row
READ, REJECTED = "(reason IS NULL OR reason <> 'total')", "reason <> 'total'"
COUNTED = f"SELECT count(*), count(CASE WHEN reason IS NULL THEN 1 END) FROM checked WHERE {READ}"
ARROW = {"DATE": pa.date32(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(), "VARCHAR": pa.string()}


class Engine(Protocol):
    """What holds the staged rows: the engine's connection, or a session in a warehouse.

    `staged` and `joined` name the rows as they came and with what their odd spellings mean; `most` is how many of these may be.
    """

    staged: str
    joined: str
    most: int | None

    def ask(self, query: str) -> Sequence[Sequence[Any]]: ...

    def join(self, spelled: Sequence[Spelled]) -> None: ...

    def define(self, steps: Mapping[str, str], names: Sequence[str]) -> None: ...


@dataclass(frozen=True)
class Spelled:
    """What the odd spellings of a staged `cell` mean, to be joined as `alias`."""

    alias: str
    cell: str
    column: Column
    meant: Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A table as its source has it: the name for messages, where its columns stand (c0, c1, …), the column of currencies,
    what each holds (text, date, moment, number, boolean), what is wrong with its headings, and the units that these name."""

    table: Table
    name: str
    positions: Mapping[str, int]
    kinds: Sequence[str]
    currencies: int | None = None
    faults: Sequence[InputError] = ()
    units: Mapping[str, Unit] = field(default_factory=dict)


@dataclass
class Staged:
    """Rows that lie in the temporary table `staged` of a connection."""

    connection: duckdb.DuckDBPyConnection
    staged: str = "raw"
    joined: str = "read"
    most: int | None = None

    def kinds(self) -> list[str]:
        """What the source's columns hold."""
        types = self.connection.execute(f"DESCRIBE {self.staged}").fetchall()
        return [_kind(str(row[1])) for row in types[2:]]

    def ask(self, query: str) -> Sequence[Sequence[Any]]:
        return self.connection.execute(query).fetchall()

    def join(self, spelled: Sequence[Spelled]) -> None:
        cells, joins = ["staged.*"], []
        for each in spelled:
            values_type = ARROW[SQL_TYPES[each.column.kind]]
            meant = pa.table(
                {
                    "spelling": pa.array(each.meant, pa.string()),
                    "value": pa.array(each.meant.values(), values_type),
                }
            )
            self.connection.register("meant", meant)
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE meant_{each.alias} AS SELECT * FROM meant")
            self.connection.unregister("meant")
            cells.append(f"{each.alias}.value AS {each.alias}")
            joins.append(
                f"LEFT JOIN meant_{each.alias} AS {each.alias} ON {each.alias}.spelling = CAST(staged.{each.cell} AS VARCHAR)"
            )
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {self.joined} AS SELECT {', '.join(cells)} FROM {self.staged} AS staged {' '.join(joins)}"
        )

    def define(self, steps: Mapping[str, str], names: Sequence[str]) -> None:
        """The rows are written once, as judged; what they were staged as is dropped then."""
        for step, query in steps.items():
            form = "VIEW" if step == "checked" else "TABLE"
            self.connection.execute(f"CREATE TEMP {form} {step} AS {query}")
            if step == "judged":
                self.connection.execute(f"DROP VIEW {self.joined}")
                drop(self.staged, self.connection)

    def close(self) -> None:
        """Drops what `define` made."""
        self.connection.execute("DROP VIEW checked; DROP TABLE judged; DROP TABLE repeats")


def _kind(sql_type: str) -> str:
    if sql_type.endswith("]"):
        return "text"  # a list of days is no day
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return "moment"
    if sql_type.startswith(("DATE", "TIMESTAMP")):
        return "date"
    return "number" if sql_type.startswith(NUMERIC) else "boolean" if sql_type == "BOOLEAN" else "text"


def check_rows(source: Source, engine: Engine, *, rules: Rules, money: currencies.Money) -> list[Message]:
    """Types each staged row and defines `checked`, which has the rule that it breaks; what `checked` has is told by `judging`.

    Gives what was decided about a column on the way; `InputError`, with all faults of the columns, where headings are wrong or a date column has two readings; where amounts are in
    several currencies without rates, or where one target has two amounts or one day two rates.
    """
    table, name = source.table, source.name
    found: dict[str, Reading] = {}
    faults = list(source.faults)
    for column in table:
        if column.name in source.positions:
            try:
                found[column.name] = _reading(column, source, engine, rules)
            except InputError as fault:
                faults.append(fault)
    if faults:
        raise together([*faults, *_of_currencies(source, found, engine, money)])
    if any(said.comma for said in found.values()):  # a file has one decimal sign
        decided = replace(rules, decimal_comma=True)
        for column_name in [each for each, said in found.items() if said.unclear]:
            found[column_name] = _reading(table[column_name], source, engine, decided)
    coded = _currencies(source, found, engine, money)
    engine.join([*_spelled(source, found), *coded])
    typed = {each: said.expression for each, said in found.items()}
    told = [note for said in found.values() for note in said.notes]
    told += _within_range(source, typed, engine)
    aside, controls = totals.set_aside(
        table, source.positions, typed, raw=engine.joined, ask=engine.ask, name=name
    )
    conversion, converted = _conversion(source, typed, coded, aside, engine, money)
    engine.define(
        judging(
            table,
            source.positions,
            typed,
            raw=engine.joined,
            width=len(source.kinds),
            aside=aside,
            conversion=conversion,
        ),
        table.names,
    )
    if table.name == "targets":
        doubles.require_one_amount(engine.ask, name=name)
    if table.name == "rates":
        doubles.require_one_rate(engine.ask, money, name=name)
    return [*told, *controls, *converted]


def _reading(column: Column, source: Source, engine: Engine, rules: Rules) -> Reading:
    place = source.positions[column.name]
    read = reading(
        column,
        f"c{place}",
        source.kinds[place],
        ask=engine.ask,
        raw=engine.staged,
        name=source.name,
        rules=rules,
        most=engine.most,
    )
    unit = source.units.get(column.name)
    if unit is None or unit.factor == 1:
        return read
    note = Message("{heading} names its unit: its amounts count {factor:count} times", heading=unit.heading, factor=int(unit.factor))  # fmt: skip
    return replace(read, expression=f"({read.expression}) * {unit.factor:.0f}", notes=[note, *read.notes])


def _within_range(source: Source, typed: dict[str, str], engine: Engine) -> list[Message]:
    """Blanks the cells of optional shares and scores that lie outside their range, in `typed`, and tells how many."""
    told = []
    for column in source.table:
        if column.low is None or column.required or column.name not in typed:
            continue
        value = typed[column.name]
        within = f"{value} BETWEEN {column.low} AND {column.high}"
        ((count, example),) = engine.ask(
            f"SELECT count(*) AS n, min({value}) AS example FROM {engine.joined} WHERE NOT {within}"
        )
        typed[column.name] = f"CASE WHEN {within} THEN {value} END"
        if count:
            told.append(
                Message(
                    "{name}: {column} lies outside {low} to {high} in {count:count} rows and is blank there, as in {example}",
                    name=source.name,
                    column=column.called,
                    low=f"{column.low:g}",
                    high=f"{column.high:g}",
                    count=count,
                    example=f"{example:g}",
                )
            )
    return told


def _of_currencies(
    source: Source, found: Mapping[str, Reading], engine: Engine, money: currencies.Money
) -> list[InputError]:
    """What is wrong with the currencies of a table that cannot be used anyway."""
    if not any(each in found for each in currencies.money_columns(source.table, source.positions)):
        return []
    coded = _currencies(source, found, engine, money)
    engine.join([*_spelled(source, found), *coded])
    typed = {each: said.expression for each, said in found.items()}
    try:
        _conversion(source, typed, coded, [], engine, money)
    except InputError as fault:
        return [fault]
    return []


def _spelled(source: Source, found: Mapping[str, Reading]) -> list[Spelled]:
    """What the odd spellings of each column mean."""
    return [
        Spelled(f"v{source.positions[each]}", f"c{source.positions[each]}", source.table[each], said.meant)
        for each, said in found.items()
        if said.meant
    ]


def _currencies(
    source: Source, found: Mapping[str, Reading], engine: Engine, money: currencies.Money
) -> list[Spelled]:
    """Where a column or signs tell a row's currency: their codes, in the order in which they count ($ is many countries')."""
    held = currencies.money_columns(source.table, source.positions)
    coded = []
    if held and source.currencies is not None:
        cell = f"c{source.currencies}"
        written = [
            str(text)
            for (text,) in engine.ask(
                f"SELECT DISTINCT CAST({cell} AS VARCHAR) AS code FROM {engine.staged} WHERE {cell} IS NOT NULL LIMIT {MOST_CURRENCIES}"
            )
        ]
        codes = {text: money.code(text) for text in written if not values.is_missing(text)}
        if codes:
            coded.append(Spelled(f"k{source.currencies}", cell, currencies.CODE, codes))
    for each in [name for name in held if name in found]:
        codes = {text: money.code(mark) for text, mark in found[each].marks.items()}
        if codes:
            place = source.positions[each]
            coded.append(Spelled(f"k{place}", f"c{place}", currencies.CODE, codes))
    return coded


def _conversion(
    source: Source,
    typed: Mapping[str, str],
    coded: Sequence[Spelled],
    aside: Sequence[int],
    engine: Engine,
    money: currencies.Money,
) -> tuple[Conversion | None, list[Message]]:
    own = _named_by_headings(source) or money.currency
    if not coded and own == money.currency:
        return None, []
    held = [each for each in currencies.money_columns(source.table, source.positions) if each in typed]
    currencies.require_one_a_row([each.alias for each in coded], engine.ask, engine.joined, name=source.name)
    named = ", ".join(each.alias for each in coded) or "NULL"
    currency = f"coalesce({named}, '{own}')"
    left = f"WHERE source_row NOT IN ({', '.join(map(str, aside))})" if aside else "WHERE 1 = 1"
    converted = f"SELECT {currency} AS currency, sum({typed[held[0]]}) AS amount FROM {engine.joined} {left}"
    by_code = "GROUP BY 1 ORDER BY 1"
    sums = [(str(code), amount) for code, amount in engine.ask(f"{converted} {by_code}")]
    if not currencies.must_convert(sums, money, name=source.name):
        return None, []
    usable = " AND ".join(f"{typed[each]} IS NOT NULL" for each in source.table.required if each in typed)
    others = [
        Message("{amount:exact} {currency}", amount=amount or 0.0, currency=code)
        for code, amount in engine.ask(f"{converted} AND {usable or '1 = 1'} {by_code}")
        if code != money.currency
    ]
    note = Message(
        "{name}: amounts in other currencies ({sums:list}) count in {own}, by the table rates",
        name=source.name,
        sums=others,
        own=money.currency,
    )
    if own != money.currency:
        return Conversion(currency, tuple(held), money.currency), [note]
    ((without, amount),) = engine.ask(
        f"SELECT count(*), sum({typed[held[0]]}) FROM {engine.joined} {left} AND coalesce({named}) IS NULL AND {typed[held[0]]} IS NOT NULL"
    )
    unnamed = Message(
        "{name}: {n:count} rows name no currency and count as {own} ({amount:exact})",
        name=source.name,
        n=without,
        own=money.currency,
        amount=float(amount or 0),
    )
    return Conversion(currency, tuple(held), money.currency), [note, unnamed] if without else [note]


def _named_by_headings(source: Source) -> str | None:
    """The currency that the headings of amounts name; `InputError` where they name several."""
    named = {unit.currency: unit.heading for unit in source.units.values() if unit.currency}
    if len(named) > 1:
        raise InputError(
            "{name}: the headings {headings:list} name several currencies; write all amounts of a table in one, or name each row's in a column currency",
            name=source.name,
            headings=[*named.values()],
        )
    return next(iter(named), None)
