"""What breaks no rule but looks wrong? Kept, and told to the reader of `salesnb check` and of the pack's cover.

Thresholds are wide on purpose: a line here should make its reader look, not shrug.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from salesnb.errors import nearest
from salesnb.intake.reading import values
from salesnb.intake.schema import TABLES, Table
from salesnb.language import Message

ENOUGH_ROWS = 20
MOST_LOOKED_UP = 200  # ids that no list holds, of which one may be explained
JUMP = 3.0
WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
NARROW = "".join(chr(code) for code in range(0x21, 0x7F))
REFERENCES = {
    "account_id": "accounts",
    "rep_id": "reps",
    "owner_id": "reps",
    "product_id": "products",
    "opportunity_id": "opportunities",
}


class Answers(Protocol):
    """What answers queries over the tables: the engine's connection, or a judge in a warehouse."""

    def execute(self, query: str, /) -> Any: ...


def of_table(
    table: Table,
    positions: Mapping[str, int],
    unknown: Sequence[str],
    *,
    name: str,
    connection: Answers,
) -> list[Message]:
    """What looks wrong in one table: `raw` as staged, `checked` as judged, the kept rows under the table's own name."""
    told = []
    if unknown:
        told.append(
            Message(
                "{name}: columns that no table knows are kept as text: {unknown:list}; to use one as a scope and to compare groups by, give it a kind under columns in plan.yml",
                name=name,
                unknown=list(unknown)[:12],
            )
        )
    told.extend(_merged_cells(table, positions, name, connection))
    told.extend(_one_value(table, positions, name, connection))
    told.extend(_strange_dates(table, name, connection))
    if table.happened:
        told.extend(_months(table, name, connection))
    if table.name == "orders":
        told.extend(_single_lines(positions, name, connection))
        told.extend(_prices(positions, name, connection))
    return told


def across_tables(present: Sequence[str], *, connection: Answers) -> list[Message]:
    """What looks wrong between tables: ids spelled in two ways, ids that the list they belong to does not hold, targets of a
    name that several people have."""
    told: list[Message] = []
    for column in (
        "account_id",
        "rep_id",
        "owner_id",
        "product_id",
        "opportunity_id",
        "order_id",
        "lead_id",
        "invoice_id",
    ):
        holders = [table for table in present if any(each.name == column for each in TABLES[table])]
        if not holders:
            continue
        ids = " UNION ".join(
            f"SELECT {column} AS id FROM {table} WHERE {column} IS NOT NULL" for table in holders
        )
        if column != "owner_id":
            told.extend(_two_spellings(column, ids, connection))
        register = REFERENCES.get(column)
        if register is not None and register in present:
            told.extend(
                _unlisted(column, register, [each for each in holders if each != register], connection)
            )
    if "targets" in present:
        told.extend(_two_spellings("member", "SELECT DISTINCT member AS id FROM targets", connection))
    if {"targets", "reps"} <= set(present):
        told.extend(_namesakes(connection))
    return told


def _first(connection: Answers, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _merged_cells(
    table: Table, positions: Mapping[str, int], name: str, connection: Answers
) -> Iterator[Message]:
    """A name in the first row of each block and nothing below it: merged cells, of which a file keeps the first."""
    for column in table:
        if column.kind not in ("id", "text") or column.name not in positions:
            continue
        rows, filled, different, first = _first(
            connection,
            f"""
            SELECT count(*), count({column.name}), count(DISTINCT {column.name}),
                   max(CASE WHEN source_row = first_row AND {column.name} IS NOT NULL THEN 1 ELSE 0 END)
            FROM (SELECT source_row, {column.name}, min(source_row) OVER () AS first_row FROM checked) AS numbered
            """,
        )
        if first and different == filled >= 2 and rows >= 3 * filled:
            yield Message(
                "{name}: {column} stands only in the first row of each of {blocks:count} blocks, as merged cells do; unmerge them and fill down",
                name=name,
                column=column.name,
                blocks=filled,
            )


def _one_value(
    table: Table, positions: Mapping[str, int], name: str, connection: Answers
) -> Iterator[Message]:
    looked_at = [each for each in table if each.name in positions and each.name not in ("grain", "dimension")]
    texts = [f"CAST({column.name} AS VARCHAR)" for column in looked_at]
    rows, *counted = _first(
        connection,
        f"SELECT count(*), {', '.join(f'count({text}), min({text}), max({text})' for text in texts)} FROM {table.name}",
    )
    for place, column in enumerate(looked_at):
        filled, example, last = counted[3 * place : 3 * place + 3]
        if rows >= ENOUGH_ROWS and not filled:
            yield Message("{name}: the column {column} is empty in every row", name=name, column=column.name)
        elif rows >= ENOUGH_ROWS and filled == rows and example == last:
            yield Message(
                "{name}: {column} is {value} in every row", name=name, column=column.name, value=example
            )


def _strange_dates(table: Table, name: str, connection: Answers) -> Iterator[Message]:
    """Days of a plan or a term; those on which something happened are a row rule's."""
    for column in table:
        if column.kind != "date" or column.name == table.happened:
            continue
        strange, example = _first(
            connection,
            f"""
            SELECT count(*), CAST(min({column.name}) AS VARCHAR) FROM {table.name}
            WHERE {column.name} NOT BETWEEN DATE '1970-01-01' AND DATE '2100-12-31'
            """,
        )
        if strange:
            yield Message(
                "{name}: {column} lies before 1970 or after 2100 in {count:count} rows, as in {example}",
                name=name,
                column=column.name,
                count=strange,
                example=example,
            )


def _months(table: Table, name: str, connection: Answers) -> Iterator[Message]:
    counted = connection.execute(
        f"""
        SELECT year({table.happened}) AS year, month({table.happened}) AS month, count(*) FROM {table.name}
        WHERE {table.happened} BETWEEN DATE '1970-01-01' AND DATE '2100-12-31' GROUP BY 1, 2 ORDER BY 1, 2
        """
    ).fetchall()
    if len(counted) < 6:
        return
    counted = [(f"{year}-{month:02}", count, 12 * year + month) for year, month, count in counted]
    places = {place for _, _, place in counted}
    gaps = [place for place in range(min(places), max(places)) if place not in places]
    if gaps and len(gaps) < len(counted):
        months = [f"{(place - 1) // 12}-{(place - 1) % 12 + 1:02d}" for place in gaps]
        yield Message(
            "{name}: there are no rows in {count:count} months between others: {months:list}",
            name=name,
            count=len(gaps),
            months=months[:6],
        )
    inner, by_place = counted[1:-1], {place: count for _, count, place in counted}
    for position in range(3, len(inner)):
        usual = sorted(count for _, count, _ in inner[max(0, position - 6) : position])[min(6, position) // 2]
        month, count, place = inner[position]
        last_year = by_place.get(place - 12, 0)
        seasonal = last_year / JUMP < count < last_year * JUMP
        if usual >= ENOUGH_ROWS and not seasonal and not usual / JUMP < count < usual * JUMP:
            yield Message(
                "{name}: {month} has {count:count} rows where {usual:count} are usual; is an export cut or doubled?",
                name=name,
                month=month,
                count=count,
                usual=usual,
            )
            return


def _single_lines(positions: Mapping[str, int], name: str, connection: Answers) -> Iterator[Message]:
    if "line_id" not in positions:
        return
    rows, orders, highest = _first(
        connection,
        "SELECT count(*), count(DISTINCT order_id), max(CASE WHEN regexp_matches(line_id, '^[0-9]{1,9}$') THEN CAST(line_id AS BIGINT) END) FROM orders WHERE line_id IS NOT NULL",
    )
    if rows >= ENOUGH_ROWS and rows == orders and (highest or 0) >= 3:
        yield Message(
            "{name}: every order has one line, though line numbers run to {highest:count}; lines may be lost in the export",
            name=name,
            highest=highest,
        )


def _prices(positions: Mapping[str, int], name: str, connection: Answers) -> Iterator[Message]:
    if not {"product_id", "quantity"} <= set(positions):
        return
    jump = connection.execute(
        f"""
        WITH prices AS (
            SELECT year(ordered_on) AS year, month(ordered_on) AS month, product_id, net_amount / quantity AS price
            FROM orders WHERE quantity > 0 AND net_amount > 0 AND product_id IS NOT NULL
        ), usual AS (SELECT product_id, median(price) AS price FROM prices GROUP BY product_id)
        SELECT year, month, median(prices.price / usual.price) AS ratio
        FROM prices JOIN usual ON prices.product_id = usual.product_id GROUP BY year, month
        HAVING count(*) >= {ENOUGH_ROWS}
           AND (median(prices.price / usual.price) > {JUMP} OR median(prices.price / usual.price) < {1 / JUMP})
        ORDER BY year, month LIMIT 1
        """
    ).fetchone()
    if jump:
        yield Message(
            "{name}: unit prices in {month} are {ratio:multiple} their usual level; is the unit or the currency another one?",
            name=name,
            month=f"{jump[0]}-{jump[1]:02}",
            ratio=jump[2],
        )


def _two_spellings(column: str, ids: str, connection: Answers) -> Iterator[Message]:
    bare = f"translate(regexp_replace(id, '[\\s\u3000\u00a0]+', '', 'g'), {values.literal(WIDE)}, {values.literal(NARROW)})"
    folded = f"lower(CASE WHEN regexp_matches(id, '[^!-~]') THEN {bare} ELSE id END)"
    found = connection.execute(
        f"SELECT min(id), max(id) FROM ({ids}) AS ids GROUP BY {folded} HAVING count(DISTINCT id) > 1 ORDER BY 1"
    ).fetchall()
    if found:
        yield Message(
            "{column}: {count:count} ids are spelled in more than one way (case, width or blanks), such as {one} and {other}; they count as different",
            column=column,
            count=len(found),
            one=repr(found[0][0]),
            other=repr(found[0][1]),
        )


def _unlisted(column: str, register: str, others: Sequence[str], connection: Answers) -> Iterator[Message]:
    listed = "rep_id" if column == "owner_id" else column
    for table in others:
        found = connection.execute(
            f"""
            SELECT DISTINCT {column} FROM {table}
            WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {listed} FROM {register}) ORDER BY 1
            """
        ).fetchall()
        if found:
            strays = [str(value) for (value,) in found]
            stray, meant = _likely(strays[:MOST_LOOKED_UP], listed, register, connection)
            said = {"table": table, "count": len(strays), "column": column, "register": register}
            if meant:
                yield Message(
                    "{table}: {count:count} values of {column} are not in {register}, such as {example}; is {meant} meant?",
                    **said,
                    example=stray,
                    meant=meant,
                )
            else:
                yield Message(
                    "{table}: {count:count} values of {column} are not in {register}, such as {example}",
                    **said,
                    example=strays[0],
                )


def _likely(strays: Sequence[str], listed: str, register: str, connection: Answers) -> tuple[str, str | None]:
    """The first of the strays that is a listed id in other letters, a listed name, or nearly one of them; and what it means."""
    named = next(
        (each.name for each in TABLES[register] if each.name == listed.replace("_id", "_name")), listed
    )
    rows = connection.execute(f"SELECT DISTINCT {listed}, {named} FROM {register} ORDER BY 1").fetchall()
    ids = {_alike(str(key)): str(key) for key, _ in rows}
    names = {str(name).casefold(): str(key) for key, name in rows if name is not None}
    for stray in strays:
        if meant := ids.get(_alike(stray)) or names.get(stray.casefold()):
            return stray, meant
    worded = {each: names[each] for each in names if not any(letter.isdigit() for letter in each)}
    for stray in strays[:3]:  # numbers that are nearly the same are other numbers
        guess = None if any(letter.isdigit() for letter in stray) else nearest(stray.casefold(), worded)
        if guess:
            return stray, worded[guess]
    return strays[0], None


@lru_cache(maxsize=2**16)  # several tables refer to the same ids
def _alike(key: str) -> str:
    """An id without what people and exports change: capitals, blanks, hyphens, leading zeros, the letter O for a zero."""
    letters = re.sub(r"[\s_.\-]+", "", unicodedata.normalize("NFKC", key)).upper()
    letters = re.sub(r"(?<=\d)O|O(?=\d)", "0", letters)
    return re.sub(r"(?<!\d)0+(?=\d)", "", letters)


def _namesakes(connection: Answers) -> Iterator[Message]:
    shared, example = _first(
        connection,
        """
        SELECT count(DISTINCT member), min(member) FROM targets
        WHERE dimension = 'rep' AND member NOT IN (SELECT rep_id FROM reps)
        AND member IN (SELECT rep_name FROM reps GROUP BY rep_name HAVING count(DISTINCT rep_id) > 1)
        """,
    )
    if shared:
        yield Message(
            "targets: {count:count} names are those of several people, such as {example}; their targets are nobody's until a rep_id stands there",
            count=shared,
            example=example,
        )
