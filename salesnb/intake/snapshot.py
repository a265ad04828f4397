"""What did the workspace hold at one moment? One DuckDB file: checked tables, rejections, counts, suspicions, plan.

A snapshot is written beside its place and renamed, so that another process sees none or a whole one; it is opened
read-only. Notebooks of one pack open the same snapshot, so a file that changes meanwhile cannot split the pack.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import ibis

from salesnb import errors
from salesnb.errors import InputError, trouble
from salesnb.intake import interrupts, own_columns, quarantine, storing, warehouse
from salesnb.intake.checking import checks, currencies, own_checks, plan_names, resemblance, suspicions
from salesnb.intake.checking.rules import money_query
from salesnb.intake.contents import Contents, connect, pack_message, read_contents, require_finite
from salesnb.intake.digests import digest_of, read_workspace_plan, source_folders
from salesnb.intake.files import FORMAT
from salesnb.intake.reading import engine, headings, numbers, readings, sources, staging
from salesnb.intake.reading.table_names import table_named
from salesnb.intake.schema import CORE, TABLES, Table
from salesnb.intake.warehouse import pushdown, queries
from salesnb.language import Message
from salesnb.plan import Plan


def write_snapshot(workspace: Path, path: Path, *, moment: str | None = None) -> None:
    """Reads and checks every table of `workspace` into the DuckDB file `path`, which appears whole or not at all.

    Rows of a warehouse stay there: the file has the rejected ones and the queries that give the kept ones, as they are at
    `moment`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.name + ".", suffix=".part", dir=path.parent)
    except OSError as error:
        raise InputError(
            "{path} cannot be written ({problem}); choose another folder", path=path, problem=trouble(error)
        ) from None
    os.close(handle)
    part = Path(name)
    part.unlink()
    try:
        interrupts.audible(lambda engines: _fill(part, workspace, moment, engines))
        part.replace(path)
    except duckdb.Error as error:  # a full disk shows as whatever the engine was just doing
        problem = errors.trouble_in(str(error))
        if problem is None and not isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
            raise
        raise InputError(
            "{path} cannot be written: {problem}; make room and try again",
            path=path,
            problem=problem or str(error).splitlines()[0],
        ) from None
    finally:
        part.unlink(missing_ok=True)
        part.with_name(part.name + ".wal").unlink(missing_ok=True)


@dataclass
class _Making:
    """A snapshot in the making: what its tables are read from, and what was found in them so far."""

    workspace: Path
    plan: Plan
    folders: list[Path]
    scratch: Path
    connection: duckdb.DuckDBPyConnection
    judge: pushdown.Judge | None
    told: list[Message]
    rules: readings.Rules
    money: currencies.Money
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    headings: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: dict[str, tuple[float, int]] = field(default_factory=dict)
    by_reason: dict[str, dict[str, float]] = field(default_factory=dict)
    own: dict[str, tuple[own_columns.Own, ...]] = field(default_factory=dict)

    def take_all(self, found: Mapping[str, sources.Source]) -> None:
        """Every table from its source, those first by which others are read; `InputError` with the faults of all files."""
        faults: list[errors.InputError] = []
        storing.make_empty([name for name in TABLES if name not in found], self.connection)
        for table in sorted(
            (TABLES[name] for name in TABLES if name in found), key=lambda each: each.name != "rates"
        ):
            try:
                self._take(table, found[table.name])
            except InputError as fault:
                faults.append(fault)
                if table.name == "rates":
                    break
                storing.clear(self.connection)
        if faults:
            raise errors.together(faults)

    def _take(self, table: Table, source: sources.Source) -> None:
        """The table from its source: a statement in the warehouse, or a file."""
        if self.judge is not None and source.form == ".sql":
            self._from_warehouse(table, source, self.judge)
        else:
            self._from_file(table, source)

    def _from_file(self, table: Table, source: sources.Source) -> None:
        read = staging.stage(
            source,
            into="raw",
            connection=self.connection,
            workspace=self.workspace,
            folders=self.folders,
            scratch=self.scratch,
            chinese=self.rules.chinese,
            rules=self.rules,
        )
        staged = checks.Staged(self.connection)
        unknown, decided = self._checked(table, source, read.headings, staged.kinds(), staged)
        positions = self.columns[table.name]
        full = self.widened(table)
        self.counts[table.name] = storing.divide(full, len(read.headings), self.connection)
        odd = suspicions.of_table(table, positions, unknown, name=source.name, connection=self.connection)
        self.told += [*read.notes, *decided, *_pieces(table, read, staged), *odd]
        self._after(table, staged)
        staged.close()
        if self.judge is not None:
            kept = f"SELECT {', '.join(full.names)} FROM {table.name}"
            rows = self.connection.execute(kept).fetchall()
            self.judge.queries[table.name] = queries.written_out(full, rows, name=source.name)

    def _from_warehouse(self, table: Table, source: sources.Source, judge: pushdown.Judge) -> None:
        base = self.workspace if self.workspace.is_dir() else self.workspace.parent
        statement = staging.warehouse_statement(
            source, connection=self.connection, folders=[base, *self.folders]
        )
        written, held = judge.stage(table, statement, name=source.name)
        unknown, decided = self._checked(table, source, written, held, judge)
        self.counts[table.name], rejected = judge.rejected(table.name, len(written))
        storing.keep_rejected(table.name, len(written), rejected, self.connection)
        positions = self.columns[table.name]
        odd = suspicions.of_table(table, positions, unknown, name=source.name, connection=judge)
        self.told += [*decided, *odd]
        self._after(table, judge)

    def _checked(
        self,
        table: Table,
        source: sources.Source,
        written: list[str],
        held: Sequence[str],
        engine: checks.Engine,
    ) -> tuple[list[str], list[Message]]:
        """Checks a staged table; the headings that no table knows, and what was decided about its columns."""
        positions, unknown, faults = headings.match_headings(table, written, name=source.name)
        self.headings[table.name], self.columns[table.name] = written, positions
        owns = self.own[table.name] = own_columns.find(table, unknown, self.plan)
        every = positions | own_columns.positions(owns)
        place = headings.currency_column(table, written)
        units = headings.units(positions, written)
        staged = checks.Source(self.widened(table), source.name, every, held, place, faults, units)
        decided = checks.check_rows(staged, engine, rules=self.rules, money=self.money)
        return own_columns.unknown_headings(owns), decided

    def widened(self, table: Table) -> Table:
        """The table with the own columns that its source has."""
        return own_columns.widened(table, self.own.get(table.name, ()))

    def _after(self, table: Table, engine: checks.Engine) -> None:
        """Counts the members of own columns and the money of the rejected rows; once the rates were read, which there are."""
        answers = self.judge if engine is self.judge else self.connection
        self.own[table.name] = own_columns.counted(table.name, self.own[table.name], answers)
        query = money_query(table, checks.REJECTED, by="reason")
        if query is not None:
            rows = [
                (str(code), float(amount or 0), int(without)) for code, amount, without in engine.ask(query)
            ]
            own = [each for each in rows if not each[0].startswith(quarantine.UNRATED)]
            self.left_out[table.name] = (sum(amount for _, amount, _ in own), sum(n for *_, n in own))
            self.by_reason[table.name] = quarantine.of_each_rule(rows, table.name)
        if table.name == "rates":
            rated = engine.ask("SELECT DISTINCT upper(trim(currency)) AS code FROM rates")
            self.money = replace(self.money, rated=frozenset(str(code) for (code,) in rated))

    def present(self) -> list[str]:
        """The tables that hold rows: an export's empty table is as good as none. Without orders, won deals count as such."""
        present = [table for table, (read, _) in self.counts.items() if read]
        if "orders" not in present and "opportunities" in present:
            if self.judge is not None:
                self.judge.queries.pop("orders", None)  # what needs others stands behind them
                self.judge.queries["orders"] = queries.won_as_orders()
            else:
                storing.won_opportunities_as_orders(self.connection)
            present.append("orders")
        if self.judge is not None:  # as the engine has an empty table for each that is missing
            absent = [table for table in TABLES.values() if table.name not in present]
            self.judge.queries |= {table.name: queries.without_rows(table) for table in absent}
        return present


def _fill(part: Path, workspace: Path, moment: str | None, engines: interrupts.Engines) -> None:
    plan = read_workspace_plan(workspace)
    digest = digest_of(workspace)
    folders = source_folders(workspace, plan)
    url = warehouse.address(plan)
    found = sources.find_sources(workspace)
    if not any(table in found for table in CORE):
        raise _nothing_to_read(workspace)
    with ExitStack() as stack:
        # beside the snapshot, so that what clears up after a killed run finds it
        decoded = tempfile.TemporaryDirectory(
            prefix=part.name + ".", dir=part.parent, ignore_cleanup_errors=True
        )
        scratch = Path(stack.enter_context(decoded)).resolve()
        connection = stack.enter_context(closing(engine.opened(part, found.values(), scratch=scratch)))
        engines.append(connection)
        session = stack.enter_context(closing(warehouse.connect(url, moment=moment))) if url else None
        judge = None if session is None else pushdown.Judge(session)
        engine.lock(connection, [workspace, *folders, scratch])
        connection.execute("CREATE SCHEMA rejected")
        told = sources.unread(workspace, found)
        quarters = plan.fiscal_year_starts == 1
        rules = readings.Rules(
            plan.intake.date_order,
            chinese=_expects_chinese(plan),
            quarters=quarters,
            aliases=plan.aliases,
            decimal_comma=numbers.writes_comma(plan.country),
        )
        money = currencies.Money(plan.currency)
        making = _Making(workspace, plan, folders, scratch, connection, judge, told, rules, money)
        making.take_all(found)
        present = making.present()
        told += suspicions.across_tables(present, connection=judge or connection)
        told += resemblance.of_names(present, connection=judge or connection)
        told += plan_names.strangers(plan, present, headings=making.headings, connection=judge or connection)
        told += plan_names.unmet(plan, rules.met)
        told += own_checks.found(plan, making.own, connection, judge)
        told = list(
            dict.fromkeys(told)
        )  # what is said of a whole workbook is said once, however many tables it holds
        document = {
            "format": FORMAT,
            "workspace": str(workspace),
            "fingerprint": digest,
            "plan": plan.model_dump_json(by_alias=True),
            "present": [table for table in TABLES if table in present],
            "counts": {table: making.counts[table] for table in TABLES if table in making.counts},
            "left_out": making.left_out,
            "by_reason": making.by_reason,
            "headings": making.headings,
            "columns": {table: list(positions) for table, positions in making.columns.items()},
            "own": {table: [vars(one) for one in owns] for table, owns in making.own.items() if owns},
            "warehouse": None
            if judge is None
            else {"moment": moment, "queries": judge.finished(making.widened)},
            "suspicions": [pack_message(errors.told(message)) for message in told],
        }
        connection.execute(
            "CREATE TABLE rejected.contents AS SELECT ? AS document",
            [json.dumps(document, ensure_ascii=False)],
        )
        connection.execute("CHECKPOINT")
        if digest_of(workspace) != digest:
            raise InputError(
                "{path} changed while it was read; try again when nobody writes there", path=workspace
            )


def _pieces(table: Table, read: staging.Staged, engine: checks.Staged) -> Iterator[Message]:
    """Several files or sheets were read as one table: how many rows and how much money came from each."""
    parts = []
    for name, first, last in read.pieces:
        within = f"source_row BETWEEN {first} AND {last}"
        ((rows, _),) = engine.ask(f"{checks.COUNTED} AND {within}")
        query = money_query(table, f"{checks.READ} AND {within}")
        amount = engine.ask(query)[0][0] if query else None
        piece = Message("{piece} ({rows:count} rows)", piece=name, rows=rows)
        if amount is not None:
            piece = Message(
                "{piece} ({rows:count} rows, {amount:exact})", piece=name, rows=rows, amount=float(amount)
            )
        parts.append(piece)
    if parts:
        yield Message(
            "{table} was read from {parts:list} as one table, its rows numbered through",
            table=table.name,
            parts=parts,
        )


def _nothing_to_read(workspace: Path) -> InputError:
    guesses = [f"{name} → {guess}" for name, guess in sources.strangers(workspace) if guess in CORE]
    unread = [name for name in sources.unread_forms(workspace, {}) if table_named(name.split(".")[0]) in CORE]
    if unread and not guesses:
        return InputError(
            "{path} holds none of orders, opportunities and invoices in a form that is read ({forms:list}); there is {names:list}",
            path=workspace,
            forms=sources.FORMS,
            names=unread,
        )
    if guesses:
        return InputError(
            "{path} holds none of orders, opportunities and invoices; is one named otherwise ({guesses:list})?",
            path=workspace,
            guesses=guesses,
        )
    return InputError(
        "{path} holds none of orders, opportunities and invoices; at least one is needed", path=workspace
    )


def _expects_chinese(plan: Plan) -> bool:
    """Are files in GB18030 nothing that needs to be said?"""
    return plan.country in ("CN", "SG") or (plan.country is None and plan.language == "zh")


def copy_snapshot(snapshot: Path, path: Path, *, moment: str | None = None) -> None:
    """A copy at `path` of the checked snapshot that is opened as a workspace, which may be replaced meanwhile.

    Rows that are in a warehouse are those of `moment`.
    """
    require_finite(snapshot, read_contents(snapshot))  # refuses what is none
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(snapshot, path)
    with closing(duckdb.connect(path)) as connection:
        ((text,),) = connection.execute("SELECT document FROM rejected.contents").fetchall()
        document = json.loads(text) | {"workspace": str(snapshot)}
        if document["warehouse"]:
            document["warehouse"]["moment"] = moment
        connection.execute(
            "UPDATE rejected.contents SET document = ?", [json.dumps(document, ensure_ascii=False)]
        )


def tables(path: Path, contents: Contents) -> ibis.BaseBackend | queries.Tables:
    """What gives the checked tables of the snapshot as Ibis expressions: the file itself, or the warehouse that holds the rows."""
    if contents.warehouse is None:
        return connect(path)
    url = warehouse.address(contents.plan)
    assert url is not None
    return queries.Tables(
        warehouse.connect(url, moment=contents.warehouse["moment"]),
        contents.warehouse["queries"],
        contents.own,
    )
