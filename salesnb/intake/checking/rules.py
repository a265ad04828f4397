"""Which rule does a row break? The row rules as queries, plain enough to be translated for a warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from salesnb.intake.checking import currencies
from salesnb.intake.reading import values
from salesnb.intake.reading.readings import SQL_TYPES
from salesnb.intake.schema import Table

PLAUSIBLE = ("1970-01-01", "2100-12-31")  # a day on which something happened: 0001 and 9999 stand for none
SHOWN = 60  # signs of a cell that could not be read
TARGET = ("period_start", "grain", "dimension", "member")

MONEYED = (
    "orders",
    "opportunities",
    "invoices",
    "targets",
)  # the first of their money columns is what a row is about


@dataclass(frozen=True)
class Conversion:
    """The money columns that are converted, from the currency that an expression names for each row, into the plan's."""

    source: str
    columns: tuple[str, ...]
    currency: str


def judging(
    table: Table,
    positions: Mapping[str, int],
    typed: Mapping[str, str],
    *,
    raw: str,
    width: int,
    aside: Sequence[int] = (),
    conversion: Conversion | None = None,
) -> dict[str, str]:
    """The queries, each over those before it, that judge the rows of `raw`: judged, repeats, checked.

    `raw` has source_row, fault and `width` source columns c0, c1, …; `typed` reads the table's columns from them. The
    last, checked, has source_row, reason (null for a row that breaks no rule, `total` for one of the rows set `aside`), the
    source columns and the table's columns, absent ones null. The queries are plain enough to be translated for a warehouse.
    """
    sources = [f"c{place}" for place in range(width)]
    columns = [
        f"{typed[column.name]} AS {column.name}"
        if column.name in typed
        else f"CAST(NULL AS {SQL_TYPES[column.kind]}) AS {column.name}"
        for column in table
    ]
    code = [f"{conversion.source} AS row_currency"] if conversion else []
    rows = f"SELECT {', '.join(['source_row', 'fault', *sources, *columns, *code])} FROM {raw}"
    if conversion:
        day = table.happened or ("period_start" if "period_start" in table.names else None)
        rows = currencies.converted(
            rows,
            ["source_row", "fault", *sources, *table.names],
            conversion.columns,
            day=day,
            currency=conversion.currency,
        )
    rules = [*_rules(table, positions)]
    if conversion:
        rules.insert(0, "WHEN unrated IS NOT NULL THEN 'unrated:' || unrated")
    if aside:
        rules.insert(0, f"WHEN source_row IN ({', '.join(map(str, aside))}) THEN 'total'")
    kept = ", ".join(["judged.source_row", *(f"judged.{name}" for name in (*sources, *table.names))])
    return {
        "judged": f"""
            SELECT *, CASE WHEN fault IS NOT NULL THEN fault {" ".join(rules)} END AS broken FROM ({rows}) AS typed
        """,
        "repeats": _repeats(table, positions, sources),
        "checked": f"""
            SELECT {kept}, coalesce(judged.broken, repeats.rule) AS reason
            FROM judged LEFT JOIN repeats ON judged.source_row = repeats.source_row
        """,
    }


def money_query(table: Table, where: str, *, by: str = "") -> str | None:
    """The query that adds up the money of the checked rows: what could be read of it, and how many rows have none, `by` a
    column before them; None where a row of the table is no money."""
    amount = next((column.name for column in table if column.unit == "money" and table.name in MONEYED), None)
    if amount is None:
        return None
    # where a row has more cells than headings, nobody knows which of them is the amount
    amount = f"CASE WHEN reason LIKE 'cells:%' THEN NULL ELSE {amount} END"
    sums = f"sum({amount}) AS amount, count(CASE WHEN {amount} IS NULL THEN 1 END) AS without"
    if by:
        return f"SELECT {by}, {sums} FROM checked WHERE {where} GROUP BY {by} ORDER BY {by}"
    return f"SELECT {sums} FROM checked WHERE {where}"


def _rules(table: Table, positions: Mapping[str, int]) -> Iterator[str]:
    required = [column for column in table if column.required and column.name in positions]
    texts = {column.name: f"CAST(c{positions[column.name]} AS VARCHAR)" for column in required}
    for column in required:
        says = (
            ""
            if column.kind in ("id", "text")
            else f"AND NOT coalesce({values.filled(texts[column.name])}, false)"
        )
        yield f"WHEN {column.name} IS NULL {says} THEN 'missing:{column.name}'"
    for column in required:
        if column.kind not in ("id", "text"):
            rule = f"unlisted:{column.name}" if column.kind == "choice" else f"unreadable:{column.name}"
            yield f"WHEN {column.name} IS NULL THEN '{rule}:' || substring({texts[column.name]}, 1, {SHOWN})"
    for column in table:
        if column.low is not None and column.required and column.name in positions:
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

    Equal lines of an order without line numbers are lines: only an order all of whose rows stand several times repeats. A
    person's rows are spans: they repeat with their beginning. A target repeats with its amount, a rate of exchange with its rate, too.
    """
    if table.name == "orders":
        lines = _later_rows(["order_id", "line_id"], "repeated:line_id", "line_id IS NOT NULL")
        return _repeated_orders(sources) + (f" UNION ALL {lines}" if "line_id" in positions else "")
    if table.name == "reps":
        return _later_rows(
            ["rep_id", "coalesce(valid_from, hired_on)"], "repeated:rep_id", "rep_id IS NOT NULL"
        )
    if table.name == "targets":
        return _later_rows([*TARGET, "amount"], "repeated:row", "amount IS NOT NULL")
    if table.name == "rates":
        return _later_rows([*table.key, "rate"], "repeated:row", "rate IS NOT NULL")
    if not table.key:
        return "SELECT CAST(NULL AS BIGINT) AS source_row, NULL AS rule WHERE false"
    return _later_rows(list(table.key), f"repeated:{table.key[0]}", f"{table.key[0]} IS NOT NULL")


def _later_rows(by: list[str], rule: str, where: str) -> str:
    return f"""
        SELECT source_row, '{rule}' AS rule FROM (
            SELECT source_row, row_number() OVER (PARTITION BY {", ".join(by)} ORDER BY source_row) AS place
            FROM judged WHERE broken IS NULL AND {where}
        ) AS ranked WHERE place > 1
    """


def _repeated_orders(sources: list[str]) -> str:
    """The later copies of orders that stand whole n times: every row n, 2n, 3n, … times."""
    cells = ", ".join(sources)
    return f"""
        SELECT source_row, 'repeated:row' AS rule FROM (
            SELECT source_row, n, place, fewest, max(n % fewest) OVER (PARTITION BY order_id) AS uneven FROM (
                SELECT source_row, order_id, n, place, min(n) OVER (PARTITION BY order_id) AS fewest FROM (
                    SELECT source_row, order_id, count(*) OVER (PARTITION BY {cells}) AS n,
                           row_number() OVER (PARTITION BY {cells} ORDER BY source_row) AS place
                    FROM judged WHERE broken IS NULL AND line_id IS NULL
                ) AS counted
            ) AS orders
        ) AS copies WHERE fewest > 1 AND uneven = 0 AND place > n / fewest
    """
