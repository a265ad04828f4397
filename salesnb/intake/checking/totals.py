"""Which rows say a total of others? They are set aside, and what they say is held against what was read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salesnb.intake.checking import currencies
from salesnb.intake.reading.readings import Ask
from salesnb.intake.schema import Table
from salesnb.language import Message, marked

WORDS = r"^((grand|sub|net|overall)?[ -]?totals?|total g[eé]n[eé]ral|sous-total|totale?|sum|summe|gesamt|gesamtsumme|zwischensumme|insgesamt|suma|subtotal|合 *计|总 *计|小 *计|共计|累计|总额|合 *計|總 *計|小 *計)[ :：]*$"
# the total of something that it names: Total for North, North Total, 1月合计
NAMED = r"^(sub)?total (for|of|de) |[ ](sub)?total$|(合计|总计|小计)[:：]?$|^summe "
# what a row says of others without being their sum
OTHER = r"^(average|avg[.]?|durchschnitt|mittelwert|moyenne|promedio|平均|平均值|均值)[ :：]*$"
COUNT = r"^(count|counts|number of (rows|records|lines|orders)|rows|records|anzahl|anzahl datensätze|datensätze|nombre|nombre de lignes|recuento|número de filas|conteggio|contagem|计数|笔数|条数|行数|记录数)[ :：]*$"
HINT = "count|number of|rows|records|anzahl|datens|nombre|recuento|número de|conteg|contag|计数|[笔条行]数|记录数|averag|avg|durchs|mittelw|moyen|promed|平均|均值|tota|sum|gesamt|合 *[计計]|[总總] *[计計额]|小 *[计計]|共计|累计"  # no other cell can be one
HALF_A_CENT = 0.005
MOST = 10_000  # rows that look like totals; more are no totals but a table of its own kind


def set_aside(
    table: Table, positions: Mapping[str, int], typed: Mapping[str, str], *, raw: str, ask: Ask, name: str
) -> tuple[list[int], list[Message]]:
    """The rows of `raw`, by number, that say a total, and what the control gives.

    Such a row says so in its key, or it says so elsewhere or nowhere and either could not be used as a row or is the sum of
    those above it. `typed` reads the table's columns from the row's cells.
    """
    money = currencies.money_columns(table, positions)
    if not money or table.name not in ("orders", "invoices", "opportunities", "targets"):
        return [], []
    amount, needed = money[0], [each for each in table.required if each in typed and each != money[0]]
    texts = [
        column.name
        for column in table
        if column.kind in ("id", "text", "choice") and column.name in positions and not column.heading
    ]
    cells = list(dict.fromkeys(["c0", *(f"c{positions[each]}" for each in texts)]))
    bare = {cell: f"lower(trim(CAST({cell} AS VARCHAR)))" for cell in cells}
    said = " ".join(
        f"WHEN regexp_matches({text}, '{WORDS}') OR regexp_matches({text}, '{NAMED}') OR regexp_matches({text}, '{OTHER}') OR regexp_matches({text}, '{COUNT}') THEN trim(CAST({cell} AS VARCHAR))"
        for cell, text in bare.items()
    )
    key = bare[f"c{positions[table.key[0]]}"] if table.key and table.key[0] in positions else None
    lacking = [f"{typed[each]} IS NULL" for each in needed] or ["false"]
    looks = f"""
        SELECT source_row, {typed[amount]} AS amount, CASE {said} END AS label,
               {f"coalesce(regexp_matches({key}, '{WORDS}') OR regexp_matches({key}, '{OTHER}') OR regexp_matches({key}, '{COUNT}'), false)" if key else "false"} AS keyed,
               {" OR ".join(lacking)} AS lacking
        FROM {raw}
        WHERE fault IS NULL AND (
            regexp_matches(concat_ws(' ', {", ".join(bare.values())}), '{HINT}') OR ({" AND ".join(lacking)})
        )
    """
    found = ask(
        f"SELECT * FROM ({looks}) AS looks WHERE amount IS NOT NULL ORDER BY source_row LIMIT {MOST + 1}"
    )
    found = [row for row in found if row[2] is not None or row[4]]
    if not found or len(found) > MOST:
        return [], []
    rows = ", ".join(str(row[0]) for row in found)
    sums = {
        number: Sums(float(total or 0), int(n), float(every or 0))
        for number, total, n, every in ask(
            f"""
            SELECT source_row, total, n, every FROM (
                SELECT source_row,
                       sum(CASE WHEN source_row IN ({rows}) THEN 0 ELSE amount END) OVER (ORDER BY source_row) AS total,
                       count(CASE WHEN source_row IN ({rows}) THEN NULL ELSE amount END) OVER (ORDER BY source_row) AS n,
                       sum(CASE WHEN source_row IN ({rows}) THEN 0 ELSE amount END) OVER () AS every
                FROM (SELECT source_row, {typed[amount]} AS amount FROM {raw}) AS amounts
            ) AS sums WHERE source_row IN ({rows})
            """
        )
    }
    return _controlled(found, sums, name=name, sums_only=table.name == "targets")


@dataclass(frozen=True)
class Sums:
    """What the other rows add up to: those above a row, how many these are, and all of the table."""

    above: float
    rows: int
    every: float


def _controlled(
    found: Sequence[Sequence[Any]],
    sums: Mapping[int, Sums],
    *,
    name: str,
    sums_only: bool,
) -> tuple[list[int], list[Message]]:
    aside: list[int] = []
    notes: list[Message] = []
    whole: list[tuple[int, float, float]] = []
    parts: list[int] = []
    marks, counted = [0.0], 0  # what was read above each row that was set aside
    for row, amount, label, keyed, lacking in found:
        if label and re.match(OTHER, label.lower()):
            if keyed or lacking:
                aside.append(row)
                notes.append(
                    Message(
                        "{name}: row {row:count} says an average and was set aside ({said:cents})",
                        name=name,
                        row=row,
                        said=amount,
                    )
                )
            continue
        if label and re.match(COUNT, label.lower()):
            if lacking:
                aside.append(row)
                notes.append(Message("{name}: row {row} says a count and was set aside ({said:exact}; read {rows:exact})", name=name, row=str(row), said=amount, rows=sums[row].rows))  # fmt: skip
            continue
        total, rows = sums[row].above, sums[row].rows
        if not rows and abs(amount - sums[row].every) < _near(amount):
            total = amount  # it stands above the rows that it adds up
        of_all = rows > 1 and abs(amount - total) < _near(total)
        of_part = rows - counted > 1 and abs(amount - (total - marks[-1])) < _near(total)
        named = keyed or (label and lacking)
        if named and not of_all:  # of a single row, too, and of the groups since any total above
            of_part = any(abs(amount - (total - mark)) < _near(total) for mark in marks[1:])
        if not (named or ((of_all or of_part) and (lacking or not sums_only))):
            continue
        aside.append(row)
        if of_all or not of_part:
            whole.append((row, amount, total))
        else:
            parts.append(row)
        marks.append(total)
        counted = rows
    if parts:
        notes.append(
            Message(
                "{name}: {count:count} rows of subtotals were set aside; what they say is what was read ✓",
                name=name,
                count=len(parts),
            )
        )
    for row, amount, total in whole[-3:]:
        agree = abs(amount - total) < _near(total)
        template = (
            marked(
                "{name}: row {row:count} is a total and was set aside: it says {said:cents}, read {total:cents} ✓"
            )
            if agree
            else marked(
                "{name}: row {row:count} is a total and was set aside: it says {said:cents}, but the rows above it add up to {total:cents}"
            )
        )
        notes.append(Message(template, name=name, row=row, said=amount, total=total))
    return aside, notes


def _near(total: float) -> float:
    return HALF_A_CENT + 1e-9 * abs(total)
