"""What did the workspace hold at one moment? One DuckDB file: checked tables, rejections, counts, suspicions, plan.

A snapshot is written beside its place and renamed, so that another process sees none or a whole one; it is opened
read-only. Notebooks of one pack open the same snapshot, so a file that changes meanwhile cannot split the pack.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import duckdb
import ibis

from salesnb import errors
from salesnb.errors import InputError, trouble
from salesnb.intake import warehouse
from salesnb.intake.checking import checks, plan_names, suspicions
from salesnb.intake.contents import Contents, connect, pack_message, read_contents
from salesnb.intake.digests import digest_of, read_workspace_plan, source_folders
from salesnb.intake.files import FORMAT
from salesnb.intake.reading import headings, sources, staging
from salesnb.intake.reading.kinds import SQL_TYPES
from salesnb.intake.schema import CORE, TABLES
from salesnb.intake.warehouse import pushdown, queries
from salesnb.plan import Plan

SMALL = 8 * 2**20  # bytes of a file; in tables of a sales system, some 100,000 rows


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
        _fill(part, workspace, moment)
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


def _fill(part: Path, workspace: Path, moment: str | None) -> None:
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
        connection = stack.enter_context(closing(duckdb.connect(part, config=_threads(found.values()))))
        judge = (
            pushdown.Judge(stack.enter_context(closing(warehouse.connect(url, moment=moment))))
            if url
            else None
        )
        _lock(connection, [workspace, *folders, scratch])
        connection.execute("CREATE SCHEMA rejected")
        counts: dict[str, tuple[int, int]] = {}
        kept_headings: dict[str, list[str]] = {}
        given: dict[str, list[str]] = {}
        told = sources.unread(workspace, found)
        for table in TABLES.values():
            source = found.get(table.name)
            if source is None:
                columns = ", ".join(f"{column.name} {SQL_TYPES[column.kind]}" for column in table)
                connection.execute(f"CREATE TABLE {table.name} ({columns})")
                continue
            if judge is not None and source.form == ".sql":
                base = workspace if workspace.is_dir() else workspace.parent
                statement = staging.warehouse_statement(
                    source, connection=connection, folders=[base, *folders]
                )
                written, kinds = judge.stage(table, statement, name=source.name)
                positions, unknown = headings.match_headings(table, written, name=source.name)
                given[table.name] = list(positions)
                told.extend(
                    judge.check_rows(
                        table, positions, kinds, name=source.name, date_order=plan.intake.date_order
                    )
                )
                kept_headings[table.name] = written
                counts[table.name], left_out = judge.rejected(table.name, len(written))
                _keep_rejected(table.name, len(written), left_out, connection)
                told.extend(
                    suspicions.of_table(table, positions, unknown, name=source.name, connection=judge)
                )
                continue
            written, noticed = staging.stage(
                source,
                into="raw",
                connection=connection,
                workspace=workspace,
                folders=folders,
                scratch=scratch,
                chinese=_expects_chinese(plan),
            )
            told.extend(noticed)
            cells = ", ".join(f"CAST(c{place} AS VARCHAR)" for place in range(len(written)))
            first = connection.execute(
                f"SELECT source_row, {cells} FROM raw ORDER BY source_row LIMIT 15"
            ).fetchall()
            headings.require_first(table, written, [(row[0], row[1:]) for row in first], name=source.name)
            positions, unknown = headings.match_headings(table, written, name=source.name)
            given[table.name] = list(positions)
            noticed = checks.check_rows(
                table,
                positions,
                raw="raw",
                connection=connection,
                name=source.name,
                date_order=plan.intake.date_order,
            )
            kept_headings[table.name] = written
            counts[table.name] = _divide(table.name, len(written), connection)
            told.extend(noticed)
            told.extend(
                suspicions.of_table(table, positions, unknown, name=source.name, connection=connection)
            )
            connection.execute("DROP TABLE raw; DROP TABLE checked")
            if judge is not None:
                rows = connection.execute(f"SELECT {', '.join(table.names)} FROM {table.name}").fetchall()
                judge.queries[table.name] = queries.written_out(table, rows, name=source.name)
        present = [
            table for table in found if counts[table][0]
        ]  # a form's or an export's empty table is as good as none
        if "orders" not in present and "opportunities" in present:
            if judge is not None:
                judge.queries.pop("orders", None)  # what needs others stands behind them
                judge.queries["orders"] = queries.won_as_orders()
            else:
                _won_opportunities_as_orders(connection)
            present.append("orders")
        told.extend(suspicions.across_tables(present, connection=judge or connection))
        told.extend(plan_names.strangers(plan, present, connection=judge or connection))
        document = {
            "format": FORMAT,
            "workspace": str(workspace),
            "fingerprint": digest,
            "plan": plan.model_dump_json(by_alias=True),
            "present": [table for table in TABLES if table in present],
            "counts": counts,
            "headings": kept_headings,
            "columns": given,
            "warehouse": None if judge is None else {"moment": moment, "queries": judge.finished(present)},
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


def _threads(read: Iterable[sources.Source]) -> dict[str, Any]:
    """The engine's threads, as it is set up: one where each source is small.

    It shares out a table's rows by 120,000; where there are fewer, further threads take a third more CPU and save no time.
    """
    small = all(each.form != ".sql" and each.path.stat().st_size < SMALL for each in read)
    return {"threads": 1} if small else {}


def _nothing_to_read(workspace: Path) -> InputError:
    guesses = [f"{name} → {guess}" for name, guess in sources.strangers(workspace) if guess in CORE]
    unread = [
        name
        for name in sources.unread_forms(workspace, {})
        if sources.table_named(name.split(".")[0]) in CORE
    ]
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


def _lock(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """From here on the connection reads below `folders` only and cannot be told otherwise."""
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    connection.execute("SET python_enable_replacements = false; SET preserve_insertion_order = true")
    connection.execute("SET TimeZone = 'UTC'")  # a moment has one day, wherever the machine stands
    places = ", ".join("'" + f"{folder}/".replace("'", "''") + "'" for folder in folders if folder.is_dir())
    if places:
        connection.execute(f"SET allowed_directories = [{places}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _divide(table: str, width: int, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Writes kept and rejected rows to their places; the numbers read and kept."""
    columns = ", ".join(TABLES[table].names)
    connection.execute(
        f"CREATE TABLE {table} AS SELECT {columns} FROM checked WHERE reason IS NULL ORDER BY source_row"
    )
    cells = ", ".join(f"CAST(c{place} AS VARCHAR) AS c{place}" for place in range(width))
    connection.execute(
        f"CREATE TABLE rejected.{table} AS SELECT source_row, reason, {cells} FROM checked WHERE reason IS NOT NULL ORDER BY source_row"
    )
    row = connection.execute("SELECT count(*), count(*) FILTER (reason IS NULL) FROM checked").fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _keep_rejected(
    table: str, width: int, rows: Sequence[tuple[Any, ...]], connection: duckdb.DuckDBPyConnection
) -> None:
    cells = "".join(f", c{place} VARCHAR" for place in range(width))
    connection.execute(f"CREATE TABLE rejected.{table} (source_row BIGINT, reason VARCHAR{cells})")
    if rows:
        marks = ", ".join("?" for _ in range(width + 2))
        connection.executemany(f"INSERT INTO rejected.{table} VALUES ({marks})", [list(row) for row in rows])
    columns = ", ".join(f"{column.name} {SQL_TYPES[column.kind]}" for column in TABLES[table])
    connection.execute(f"CREATE TABLE {table} ({columns})")


def _won_opportunities_as_orders(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("DROP TABLE orders")
    connection.execute(
        """
        CREATE TABLE orders AS
        SELECT opportunity_id AS order_id, CAST(NULL AS VARCHAR) AS line_id, account_id, rep_id, product_id, opportunity_id,
               closed_on AS ordered_on, CAST(NULL AS DOUBLE) AS quantity, amount AS net_amount,
               CAST(NULL AS DOUBLE) AS list_amount, CAST(NULL AS DOUBLE) AS cost_amount
        FROM opportunities WHERE outcome = 'won' AND amount IS NOT NULL
        """
    )


def copy_snapshot(snapshot: Path, path: Path, *, moment: str | None = None) -> None:
    """A copy at `path` of the checked snapshot that is opened as a workspace, which may be replaced meanwhile.

    Rows that are in a warehouse are those of `moment`.
    """
    read_contents(snapshot)  # refuses what is none
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
        warehouse.connect(url, moment=contents.warehouse["moment"]), contents.warehouse["queries"]
    )
