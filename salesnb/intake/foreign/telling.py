"""What was understood of somebody's files? Rows, spans, sums by year against the files' own sums, what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from salesnb.intake.contents import Contents, fetch_all
from salesnb.intake.foreign.drafts import Draft
from salesnb.intake.foreign.taking_in import TakenIn
from salesnb.intake.schema import TABLES
from salesnb.language import Message, marked

AMOUNTS = {"orders": "net_amount", "opportunities": "amount", "invoices": "amount"}
CENT = 0.005
ROWS = 5
NEAR = 1e-9
UNSURE = {"partly": marked("guessed by its heading"), "values": marked("guessed by its cells")}


def tables_read(path: Path, contents: Contents) -> Iterator[Message]:
    """A sentence per table: rows and span."""
    for table, (read, kept) in contents.counts.items():
        if not read or table not in contents.present:
            continue
        day = TABLES[table].happened
        first, last = (
            fetch_all(path, f"SELECT min({day}), max({day}) FROM {table}")[0] if day else (None, None)
        )
        if first is None:
            yield Message("{table}: {kept:count} rows", table=table, kept=kept)
        else:
            yield Message(
                "{table}: {kept:count} rows, {first:date} to {last:date}",
                table=table,
                kept=kept,
                first=first,
                last=last,
            )


def sums(path: Path, contents: Contents, taken: TakenIn) -> Iterator[Message]:
    """Sums by year, and whether they are the files' own."""
    for table, column in AMOUNTS.items():
        if not contents.counts.get(table, (0, 0))[1]:
            continue
        day = TABLES[table].happened
        by_year = fetch_all(path, f"SELECT year({day}), sum({column}) FROM {table} GROUP BY 1 ORDER BY 1")
        yield Message(
            "{table} by year: {sums:list}",
            table=table,
            sums=[
                Message("{year} {amount:cents}", year=str(year), amount=float(amount or 0))
                for year, amount in by_year
            ],
        )
        yield from _control(table, sum(float(amount or 0) for _, amount in by_year), contents, taken)


def _control(table: str, counted: float, contents: Contents, taken: TakenIn) -> Iterator[Message]:
    own = next((each for each in taken.controls if each.table == table), None)
    if own is None:
        return
    rejected = contents.left_out.get(table, (0.0, 0))[0]
    left = own.total - own.totals - own.cancelled - rejected - counted
    parts = [
        Message("{amount:cents} cancelled", amount=own.cancelled) if abs(own.cancelled) >= CENT else None,
        Message("{amount:cents} rejected", amount=rejected) if abs(rejected) >= CENT else None,
    ]
    less = [each for each in parts if each is not None]
    if abs(left) < CENT + NEAR * abs(own.total):
        yield (
            Message("{heading} in the file: {total:cents}, of which counted {counted:cents}, left out {less:list} ✓", heading=own.heading, total=own.total - own.totals, counted=counted, less=less)
            if less
            else Message("{heading} in the file: {total:cents}, all of it counted ✓", heading=own.heading, total=own.total - own.totals)
        )  # fmt: skip
    else:
        yield Message("{heading} in the file: {total:cents}, but counted {counted:cents}; look at {table}.sql", heading=own.heading, total=own.total - own.totals, counted=counted, table=table)  # fmt: skip


def understood(taken: TakenIn) -> Iterator[Message]:
    """What had to be decided: columns that were guessed, what was made, what was joined or left out."""
    for draft in taken.found.drafts:
        for cell in draft.cells:
            if cell.sure in UNSURE:
                yield Message(
                    "{table}.{column} is read from {heading} ({sure})",
                    table=draft.table,
                    column=cell.column,
                    heading=" + ".join(cell.headings),
                    sure=Message(UNSURE[cell.sure]),
                )
        yield from draft.notes
        yield from _units(draft)
        for label, rows, money in draft.stood_apart:
            yield Message(
                "{table}: {rows:count} rows left out ({label}), {amount:cents}",
                table=draft.table,
                rows=rows,
                label=label,
                amount=money,
            )
    for each in taken.found.tables:
        foreign = each.foreign
        if len(foreign.pieces) > 1:
            yield Message("{pieces:list} are read as one table", pieces=foreign.pieces)
        if foreign.repeated:
            yield Message(
                "{n:count} rows stand in more than one of these files and count once", n=foreign.repeated
            )
        if foreign.shape.fill:
            yield Message(
                "blank cells below {headings:list} are filled with what stands above",
                headings=list(foreign.shape.fill),
            )
        if foreign.shape.across:
            yield Message("{name}: what stood across is read as one row each", name=foreign.label)
        if foreign.shape.groups:
            yield Message("{name}: names in rows of their own are read as a column", name=foreign.label)
        yield from foreign.notes
    yield from _unread(taken)
    yield from taken.left_out
    unused = [each.foreign.label for each in taken.found.unused]
    if unused:
        yield Message("not needed: {names:list}", names=unused)
    if not any(draft.table == "accounts" for draft in taken.found.drafts):
        yield Message("no column names customers: the pages about customers stay empty")


def _unread(taken: TakenIn) -> Iterator[Message]:
    """The headings of the files that are used of which no column of the workspace is made."""
    made: dict[str, set[str]] = {}
    for first in taken.found.drafts:
        for draft in (first, *first.further):
            statement = " ".join([*(cell.sql for cell in draft.cells), draft.origin, *draft.where])
            for source in draft.sources:
                foreign = source.understood.foreign
                made.setdefault(foreign.label, set()).update(
                    column.heading for column in foreign.columns if source.text(column) in statement
                )
    for each in taken.found.tables:
        if each.foreign.label in made and each not in taken.found.unused:
            columns = [column.heading for column in each.foreign.columns if column.profile.filled]
            rest = [heading for heading in dict.fromkeys(columns) if heading not in made[each.foreign.label]]
            if rest:
                yield Message("{name}: not used: {headings:list}", name=each.foreign.label, headings=rest)


def _units(draft: Draft) -> Iterator[Message]:
    """The headings of the table's columns that name a unit of thousands or more, and what they are multiplied by."""
    headings = {heading for cell in draft.cells for heading in cell.headings}
    named = {
        column.unit_of or column.heading: int(column.parts.factor)
        for source in draft.sources
        for column in source.understood.foreign.columns
        if column.heading in headings and column.parts.factor != 1
    }
    for heading, factor in named.items():
        yield Message("{heading} names its unit: its amounts count {factor:count} times", heading=heading, factor=factor)  # fmt: skip


def first_rows(
    path: Path, contents: Contents, taken: TakenIn
) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Of each table with amounts, its filled columns and five rows as they were read."""
    for table in AMOUNTS:
        if table in contents.counts and contents.counts[table][1]:
            draft = next(each for each in taken.found.drafts if each.table == table)
            columns = [each.column for each in draft.cells if each.column in TABLES[table].names][:8]
            rows = fetch_all(path, f"SELECT {', '.join(columns)} FROM {table} LIMIT {ROWS}")
            yield table, columns, [["" if cell is None else str(cell)[:24] for cell in row] for row in rows]
