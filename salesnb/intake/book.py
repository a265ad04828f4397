"""What does the company's book say up to a day? Opens a folder, a workbook or a checked snapshot.

`open_book` is the one gate: it reads and checks the workspace (or takes the snapshot that was made of it) and gives a
`Book` whose tables hold only rows that break no rule.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import pandas as pd

from salesnb.audience import Audience, audience, withheld
from salesnb.calendars.periods import month_end, month_start, parse_as_of
from salesnb.errors import InputError
from salesnb.intake import excluding, parameters, quarantine, snapshot, warehouse
from salesnb.intake.cache import SCOPE_VARIABLE, SNAPSHOT_VARIABLE, checked_snapshot
from salesnb.intake.contents import Contents, read_contents
from salesnb.intake.digests import read_workspace_plan
from salesnb.intake.files import find_workspace, is_snapshot
from salesnb.intake.own_columns import Own
from salesnb.intake.schema import CORE, TABLES
from salesnb.intake.scopes import Scope, parse_scope
from salesnb.intake.warehouse.queries import Tables
from salesnb.language import Message
from salesnb.plan import Plan


@dataclass(frozen=True)
class Book:
    """A checked workspace, seen on one day: tables for the facts, and what a reader must know about them.

    `own`: table → the columns that are the company's own. `suspicions` are of the whole company's data, and a scope's book has none: they name ids of anyone. `kept` is the folder of
    the facts that were asked before, None where none are kept.
    """

    workspace: Path
    plan: Plan
    as_of: pd.Timestamp
    scope: Scope | None
    present: tuple[str, ...]
    columns: dict[str, list[str]]
    own: dict[str, tuple[Own, ...]]
    counts: pd.DataFrame
    left_out: dict[str, Message]
    suspicions: list[Message]
    data_from: pd.Timestamp
    data_to: pd.Timestamp
    fingerprint: str
    snapshot: Path
    connection: ibis.BaseBackend | Tables = field(repr=False)
    kept: Path | None = field(default=None, repr=False)
    _asked: dict[str, ibis.Table] = field(init=False, default_factory=dict, repr=False, compare=False)

    @property
    def currency(self) -> str:
        """What the company's money is in, by ISO 4217."""
        return self.plan.currency

    @property
    def unit(self) -> str:
        """In which unit a Chinese page writes money; "" for whichever suits each number."""
        return self.plan.unit

    def has(self, *tables: str) -> bool:
        """Does the workspace hold all these tables?"""
        return all(table in self.present for table in tables)

    @property
    def kind(self) -> str:
        """What kind of part of the company is opened: company, region, team, …"""
        return self.scope.kind if self.scope else "company"

    @property
    def audience(self) -> Audience:
        """Who may see what is opened here, and what they may see."""
        return audience(self.kind)

    def held(self, subject: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame where a pack of this scope holds its subject (`audience.WHY`), else none of its rows."""
        return frame if withheld(self.kind, subject) is None else frame.iloc[:0]

    def pay_withheld(self, people: int) -> Message | None:
        """Why a sum of what so many people earn is no part of the pack; None where it is. The sum of one is that person's pay."""
        reason = withheld(self.kind, "pay")
        return withheld(self.kind, "pay of each") if reason is None and people < 2 else reason

    def of_enough(self, frame: pd.DataFrame, *, people: str, strangers: str = "") -> pd.DataFrame:
        """Of a frame about the whole company, the rows that a scope's pack may hold: those over enough people, or over its own alone
        (none in the column `strangers`)."""
        if self.scope is None:
            return frame
        kept = frame[people] >= self.plan.privacy.fewest_people
        return frame[kept | (frame[strangers] == 0) if strangers else kept]

    def tells(self, table: str, *columns: str) -> bool:
        """Has the workspace's table a heading for one of these columns, be it over empty cells?"""
        return any(column in self.columns.get(table, ()) for column in columns)

    def lacking(self, *needs: str) -> Message | None:
        """What a section needs and the workspace does not hold, as a line for its reader; None where nothing lacks.

        A need is a table ("orders"), one of several ("orders|invoices"), or a heading for one of a table's columns
        ("invoices.paid_on|paid_amount").
        What a section shows where not every pack holds it is a need too ("shows:ranks", of `audience.WHY`).
        """
        for need in needs:
            if need.startswith("shows:") and (reason := withheld(self.kind, need.removeprefix("shows:"))):
                return reason
        asked = [need.partition(".") for need in needs if not need.startswith("shows:")]
        missing = [
            tables.replace("|", " / ") for tables, _, _ in asked if not {*tables.split("|")} & {*self.present}
        ]
        if missing:
            return Message(
                "This section needs the table {missing:list}, which the workspace does not hold.",
                missing=missing,
            )
        for table, _, columns in asked:
            if columns and not self.tells(table, *columns.split("|")):
                return Message(
                    "This section needs one of the columns {columns:list} in the table {table}, which has neither; without them nothing is known.",
                    columns=columns.split("|"),
                    table=table,
                )
        return None

    def table(self, name: str) -> ibis.Table:
        """The checked table, typed; without rows where the workspace does not hold it."""
        if name not in self._asked:  # what its columns are is a question to the engine: once is enough
            self._asked[name] = self.whole_table(name)[TABLES[name].names]
        return self._asked[name]

    def whole_table(self, name: str) -> ibis.Table:
        """The same with the company's own columns, each in its place (own3)."""
        if f"{name} whole" not in self._asked:
            table = self.connection.table(name)
            self._asked[f"{name} whole"] = _told_apart(table) if name == "reps" else table
        return self._asked[f"{name} whole"]

    @property
    def dimensions(self) -> list[str]:
        """The company's own columns by which groups are compared, in plan.yml's order."""
        named = dict.fromkeys(name for columns in self.plan.columns.values() for name in columns)
        grouping = {one.name for owns in self.own.values() for one in owns if one.groups}
        return [name for name in named if name in grouping]

    def company_suspicions(self) -> list[Message]:
        """What looks suspicious in the company's data, whatever the scope."""
        return read_contents(self.snapshot).suspicions

    def rejected(self, name: str) -> pd.DataFrame:
        """The rows of a table that break a rule: source_row (the heading is row 1), reason, then the source's columns."""
        return rejected_rows(self.snapshot, name)


def _told_apart(people: ibis.Table) -> ibis.Table:
    """The table of people, in which a name that several have is followed by the person's id."""
    named = people.filter(people.rep_name.notnull()).group_by(shared=people.rep_name)
    several = named.aggregate(bearers=people.rep_id.nunique()).filter(ibis._.bearers > 1)
    shared = several.select("shared").to_pandas()["shared"]
    if shared.empty:
        return people
    known = people.rep_name.isin(list(shared)).fill_null(False)
    return people.mutate(
        rep_name=ibis.ifelse(known, people.rep_name + " (" + people.rep_id + ")", people.rep_name)
    )


def open_book(workspace: str | os.PathLike[str], *, as_of: str, scope: str = "", exclude: str = "") -> Book:
    """The book of `workspace` on `as_of` (a day, or a month for its last day; empty: the last complete month), seen in
    `scope` (region=East, …), without the rows for which the SQL condition `exclude` is true.

    `workspace` is a folder, a workbook or a checked snapshot. `InputError` where it cannot be used: too many rejected
    rows, a month outside the data, a scope that is not in the data, a parameter that the notebook does not take.
    """
    parameters.require_known()
    parameters.require_texts(as_of=as_of, scope=scope, exclude=exclude)
    if not isinstance(workspace, os.PathLike):
        parameters.require_texts(workspace=workspace)
    day = parse_as_of(as_of) if as_of else None
    path = checked_snapshot(workspace)
    if exclude:
        path = excluding.without(path, exclude)
    contents = read_contents(path)
    quarantine.stop_at_limit(
        contents.counts, path, contents.headings, limit=contents.plan.intake.max_rejected
    )
    connection = snapshot.tables(path, contents)
    first, last = data_span(connection)
    if day is None:  # a first month that still runs is told up to its last day
        day = last_complete_month(last)
        day = day if day >= month_start(first) else last
    _require_month(day, first, last)
    part = parse_scope(scope, connection, contents.own)
    _require_scope(contents, part, connection)
    return Book(
        workspace=Path(contents.workspace),
        plan=contents.plan,
        as_of=day,
        scope=part,
        present=contents.present,
        columns=contents.columns,
        own=contents.own,
        counts=counts_frame(contents),
        left_out=left_out(contents),
        suspicions=contents.suspicions if part is None else [],
        data_from=first,
        data_to=last,
        fingerprint=contents.fingerprint,
        snapshot=path,
        connection=connection,
        kept=None if path == find_workspace(workspace) else facts_folder(path),
    )


def _require_scope(contents: Contents, part: Scope | None, connection: ibis.BaseBackend | Tables) -> None:
    """While a pack of a scope is made, its pages open that scope and no other part of the company."""
    asked, made = os.environ.get(SCOPE_VARIABLE, ""), os.environ.get(SNAPSHOT_VARIABLE, "")
    if not asked or not made or contents.workspace != read_contents(Path(made)).workspace:
        return
    if part != parse_scope(asked, connection, contents.own):
        raise InputError(
            "a page of the pack of {scope} opens that scope alone; write open_book(workspace, as_of=as_of, scope=scope)",
            scope=asked,
        )


def facts_folder(path: Path) -> Path:
    """Where the facts that were asked of a snapshot of our own are kept; beside a reader's own file nothing is."""
    return path.with_suffix(".facts")


@contextmanager
def held(workspace: str | os.PathLike[str]) -> Iterator[str | None]:
    """While this lasts, a warehouse's rows are seen as they are now by whoever is given the moment; None for files."""
    with warehouse.held(read_workspace_plan(find_workspace(workspace))) as moment:
        yield moment


def make_snapshot(
    workspace: str | os.PathLike[str], path: str | os.PathLike[str], *, moment: str | None = None
) -> Path:
    """Writes the checked snapshot of `workspace` to `path`; `InputError` where the workspace cannot be used."""
    found, target = find_workspace(workspace), Path(path)
    if is_snapshot(found):
        snapshot.copy_snapshot(found, target, moment=moment)
    else:
        snapshot.write_snapshot(found, target, moment=moment)
    contents = read_contents(target)
    quarantine.stop_at_limit(
        contents.counts, target, contents.headings, limit=contents.plan.intake.max_rejected
    )
    return target


def counts_frame(contents: Contents) -> pd.DataFrame:
    """One row per table of the workspace: table, read, kept, rejected."""
    rows = [(table, read, kept, read - kept) for table, (read, kept) in contents.counts.items()]
    return pd.DataFrame(rows, columns=["table", "read", "kept", "rejected"])


def left_out(contents: Contents) -> dict[str, Message]:
    """Table → the money of its rejected rows in words, for tables that have some whose rows are money."""
    words = {}
    for table, (money, without) in contents.left_out.items():
        read, kept = contents.counts[table]
        if kept == read:
            continue
        words[table] = (
            Message(
                "{table} {amount:cents} and {n:count} rows without a readable amount",
                table=table,
                amount=money,
                n=without,
            )
            if without
            else Message("{table} {amount:cents}", table=table, amount=money)
        )
        elsewhere = quarantine.unrated(contents.by_reason[table])
        if elsewhere:
            words[table] = Message(
                "{said}, without a rate {sums:list}",
                said=words[table],
                sums=[
                    Message("{amount:exact} {currency}", amount=amount, currency=code)
                    for code, amount in elsewhere.items()
                ],
            )
    return words


def rejected_rows(path: Path, table: str) -> pd.DataFrame:
    """The rejected rows of a snapshot's table, with the source's own headings."""
    contents = read_contents(path)
    return quarantine.rejected_rows(path, table, contents.headings.get(table, []))


def data_span(connection: ibis.BaseBackend | Tables) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last day on which something happened, over orders, opportunities and invoices."""
    days = [connection.table(name).select(day=TABLES[name].happened) for name in CORE]
    whole = ibis.union(*days)
    first, last = whole.aggregate(first=whole.day.min(), last=whole.day.max()).to_pandas().iloc[0]
    if pd.isna(first):
        raise InputError(
            "the workspace has no usable row in orders, opportunities or invoices; see salesnb check"
        )
    return pd.Timestamp(first), pd.Timestamp(last)


def last_complete_month(last: pd.Timestamp) -> pd.Timestamp:
    """The last day of the last month that the data, which end on `last`, hold whole: one that lacks its last two
    days counts as whole, because they may be days off."""
    return month_end(last + pd.Timedelta(days=3) - pd.DateOffset(months=1))


def _require_month(day: pd.Timestamp, first: pd.Timestamp, last: pd.Timestamp) -> None:
    if month_start(first) <= day <= month_end(last):
        return
    raise InputError(
        "there are no data for {month:month}: they run from {first:month} to {last:month}; choose a month among these",
        month=day,
        first=first,
        last=last,
    )
