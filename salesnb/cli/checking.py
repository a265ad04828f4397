"""`salesnb check`: what does the workspace hold, what was left out and why, what looks wrong, and what would more bring?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table as RichTable

from salesnb.calendars.periods import month_start
from salesnb.errors import InputError
from salesnb.intake import quarantine, snapshot
from salesnb.intake.book import left_out
from salesnb.intake.contents import read_contents
from salesnb.intake.files import find_workspace, is_snapshot
from salesnb.intake.schema import TABLES
from salesnb.intake.workspace import data_span
from salesnb.language import MISSING, Language, Message, marked
from salesnb.plan.linter import lint
from salesnb.report import locks

EXAMPLES = 3
FLOWING = (
    "orders",
    "leads",
    "opportunities",
    "stage_events",
    "activities",
    "invoices",
)  # a month without a row is odd
UNLOCKS: Mapping[str, str] = {
    "accounts": marked(
        "customer names, regions and industries; strategic accounts; accounts worth an adviser's time"
    ),
    "reps": marked("teams, personal attainment, workload and coaching"),
    "products": marked("bookings by product line, margins and price floors"),
    "orders": marked("bookings, forecast, customer tiers and purchase cycles"),
    "targets": marked("attainment, the gap and where it comes from"),
    "leads": marked("leads per day by channel, and their conversion"),
    "opportunities": marked("the funnel: stages, win rates, deals at risk, zombies"),
    "stage_events": marked("conversion and days of each stage, and the bottleneck"),
    "activities": marked("contact with key accounts, workload, what visits bring"),
    "checklist_items": marked("whether the steps of a stage were taken, and what skipping them costs"),
    "invoices": marked("receivables, overdue amounts, who pays late"),
    "satisfaction": marked("satisfied customers, and those at risk"),
    "training": marked("what training did to conversion"),
    "pulse": marked("stress in the team beside its workload"),
    "events": marked("what publicity, departures and price wars did to sales"),
    "actions": marked("which of last month's actions were done"),
}


@dataclass
class Findings:
    """What a look at the workspace gave; `refusal` is why it cannot be used, None where it can."""

    workspace: Path
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    span: tuple[pd.Timestamp, pd.Timestamp] | None = None
    last_days: dict[str, pd.Timestamp] = field(default_factory=dict)
    rejections: dict[str, pd.DataFrame] = field(default_factory=dict)
    left_out: dict[str, Message] = field(default_factory=dict)
    by_reason: dict[str, dict[str, float]] = field(default_factory=dict)
    suspicions: list[Message] = field(default_factory=list)
    contradictions: list[Message] = field(default_factory=list)
    refusal: Message | None = None


def examine(workspace: str) -> Findings:
    """Read and check the workspace; `InputError` where not even that is possible."""
    path = find_workspace(workspace)
    locks.remove_abandoned()
    with locks.private_folder() as folder:
        target = path
        if not is_snapshot(path):
            target = folder / "snapshot.duckdb"
            snapshot.write_snapshot(path, target)
        contents = read_contents(target)
        found = Findings(path, contents.counts, contents.present, suspicions=contents.suspicions)
        found.left_out, found.by_reason = left_out(contents), contents.by_reason
        for table, (read, kept) in contents.counts.items():
            if kept < read:
                found.rejections[table] = quarantine.rejected_rows(target, table, contents.headings[table])
        connection = snapshot.tables(target, contents)
        try:
            targets = connection.table("targets").to_pandas() if "targets" in contents.present else None
            found.contradictions = lint(contents.plan, _typed(targets))
            quarantine.stop_at_limit(
                contents.counts, target, contents.headings, limit=contents.plan.intake.max_rejected
            )
            found.span = data_span(connection)
            found.last_days = _last_days(connection, contents.present)
        except InputError as error:
            found.refusal = error.message
        finally:
            connection.disconnect()
    return found


def _last_days(connection: Any, present: Collection[str]) -> dict[str, pd.Timestamp]:
    """Up to which day each table of what happens all the time tells of it: beyond it nobody knows."""
    days = {}
    for name, table in TABLES.items():
        if name in FLOWING and table.happened is not None and name in present:
            last = connection.table(name)[table.happened].max().to_pandas()
            if not pd.isna(last):
                days[name] = pd.Timestamp(last)
    return days


def _typed(targets: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if targets is None else targets.assign(period_start=pd.to_datetime(targets["period_start"]))


def show(found: Findings, *, console: Console, say: Language) -> int:
    """Print the findings; gives the exit status: 0, or 2 where the workspace cannot be used."""
    console.print(str(found.workspace), highlight=False, markup=False)
    if found.span:
        first, last = found.span
        _line(console, say("Data from {first:date} to {last:date}.", first=first, last=last))
        ended = [(name, day) for name, day in found.last_days.items() if day < month_start(last)]
        for name, day in sorted(ended, key=lambda pair: pair[1]):
            _line(
                console,
                say("{table} ends on {day:date}: of later days it tells nothing.", table=name, day=day),
            )
    show_rows(
        console,
        [say("Table"), say("Read"), say("Kept"), say("Rejected")],
        [
            [
                _called(table, say),
                say.exact(read),
                say.exact(kept),
                say.exact(read - kept),
            ]
            for table, (read, kept) in found.counts.items()
        ],
    )
    if found.rejections:
        _title(console, say("Rejected rows, by reason"))
        show_rows(
            console,
            [say("Table"), say("Rows"), say("Money"), say("Reason"), say("For example")],
            list(_reasons(found, say)),
        )
        if found.left_out:
            _line(console, say("Money of the rejected rows: {sums:list}", sums=list(found.left_out.values())))
    _list(console, say("Looks wrong, but is kept"), [say(message) for message in found.suspicions])
    _list(console, say("The plan contradicts itself"), [say(message) for message in found.contradictions])
    _list(
        console,
        say("What more tables would bring"),
        [
            say("{table}: {gain}", table=table, gain=say(gain))
            for table, gain in UNLOCKS.items()
            if table not in found.present
        ],
    )
    if found.refusal is None:
        _line(console, say("The workspace can be used."))
        return 0
    _line(console, say(found.refusal))
    return 2


def _reasons(looked: Findings, say: Language) -> Iterator[list[str]]:
    for table, rows in looked.rejections.items():
        sums = looked.by_reason.get(table)
        for reason, found in quarantine.by_reason(rows):
            shown = [f"{row} ({text})" if text else f"{row}" for row, text in found[:EXAMPLES]]
            more = ", …" if len(found) > EXAMPLES else ""
            amount, currency = quarantine.money_of(reason, sums, table) if sums is not None else (None, "")
            yield [
                say.our_name(table),
                say.exact(len(found)),
                ""
                if sums is None
                else MISSING
                if amount is None
                else f"{say.exact(amount, decimals=2)} {currency}".strip(),
                say(reason),
                say("row {rows}", rows=", ".join(shown) + more),
            ]


def _called(table: str, say: Language) -> str:
    """A table's name for the reader, and the one that files have where that is another."""
    name, label = say.our_name(table), say(TABLES[table].label)
    return f"{label} ({table})" if name == table else label


def show_rows(console: Console, heading: list[str], rows: list[list[str]]) -> None:
    """A table on a terminal; lines with tabs where another program reads."""
    if not console.is_terminal:
        for row in [heading, *rows]:
            print("\t".join(row), file=console.file)  # rich would turn tabs into blanks
        return
    grid = RichTable(box=None, header_style="bold", pad_edge=False)
    for place, name in enumerate(heading):
        numeric = bool(rows) and place > 0 and all(row[place].replace(",", "").isdigit() for row in rows)
        grid.add_column(name, justify="right" if numeric else "left")
    for row in rows:
        grid.add_row(*(cell.replace("[", r"\[") for cell in row))
    console.print(grid)


def _list(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        _title(console, title)
        for line in lines:
            _line(console, f"- {line}")


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(text, style="bold", highlight=False, markup=False)


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False)
