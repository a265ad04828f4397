"""Where does each table of a workspace come from, and what exactly is written there?

Finds a table's file in its folder (or sheet in its workbook) and stages it, unjudged, in the engine: source_row, fault,
and the columns c0, c1, … as they stand. Judging is `checks`'.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from salesnb.errors import InputError, nearest
from salesnb.intake import decoding, delimited, statements, values, workbooks
from salesnb.intake.raw_files import RawFiles
from salesnb.intake.schema import TABLES
from salesnb.intake.workspace import folder_files

IRREGULAR = re.compile(
    r"\n[ \t]*\r?\n|\A\s*\n|\A[^\n]*\"|\r(?!\n)|\x00"
)  # blank lines, quoted headings: read record by record
STATEMENT_LIMIT = 300.0  # seconds
FORMS = (".csv", ".csv.gz", ".parquet", ".xlsx", ".sql")


@dataclass(frozen=True)
class Source:
    """One table's place: the file, the sheet in it where the workspace is a workbook, and the name for messages."""

    table: str
    path: Path
    form: str
    name: str
    sheet: str | None = None


def find_sources(workspace: Path) -> dict[str, Source]:
    """Table → source, for the tables that the workspace holds; `InputError` where one table has two files."""
    if workspace.is_file():
        sheets = workbooks.sheet_names(workspace)
        found = [(table_named(sheet), sheet) for sheet in sheets]
        return {
            table: Source(table, workspace, ".xlsx", f"{workspace.name}, sheet {sheet}", sheet)
            for table, sheet in found
            if table is not None
        }
    sources: dict[str, Source] = {}
    for path in folder_files(workspace):
        form = form_of(path)
        table = table_named(path.name[: -len(form)]) if form else None
        if form is None or table is None:
            continue
        if table in sources:
            raise InputError(
                "{first} and {second} both hold the table {table}; keep one",
                first=sources[table].path.name,
                second=path.name,
                table=table,
            )
        sources[table] = Source(table, path, form, path.name)
    return sources


def form_of(path: Path) -> str | None:
    """The ending that tells how a file is read, or None for files that are no tables."""
    name = path.name.casefold()
    return next((form for form in sorted(FORMS, key=len, reverse=True) if name.endswith(form)), None)


def table_named(stem: str) -> str | None:
    """The table that a file or sheet name means; case and blanks do not count."""
    folded = stem.strip().casefold().replace(" ", "_").replace("-", "_")
    return folded if folded in TABLES else None


def strangers(workspace: Path) -> list[tuple[str, str | None]]:
    """Files in a table's form whose name is no table's, each with the table that was probably meant."""
    if workspace.is_file():
        names = [
            name
            for name in workbooks.sheet_names(workspace)
            if name.strip().casefold() not in ("plan", "readme")
        ]
    else:
        names = [
            path.name[: -len(form)]
            for path in folder_files(workspace)
            if (form := form_of(path)) and form != ".sql"
        ]
    return [(name, nearest(name, TABLES)) for name in names if table_named(name) is None]


def stage(
    source: Source,
    *,
    into: str,
    connection: duckdb.DuckDBPyConnection,
    workspace: Path,
    folders: Sequence[Path],
    scratch: Path,
) -> list[str]:
    """Writes the source to the temporary table `into` and gives its headings; `InputError` where it cannot be read.

    A file that is a link must lead to a place below `workspace` or `folders`, as what a statement reads must.
    Statements read below `workspace` and `folders`; `scratch` is a folder for decoded copies, which the engine may read.
    """
    _require_inside(source, [workspace if workspace.is_dir() else workspace.parent, *folders])
    if source.form == ".sql":
        return _stage_query(source, into, connection, workspace, folders, scratch)
    if source.form == ".parquet":
        return _stage_parquet(source, into, connection)
    if source.form == ".xlsx":
        headings, records = workbooks.read_records(
            source.path, sheet=source.sheet, table=source.table, name=source.name
        )
        _stage_records(headings, list(records), into, connection)
        return headings
    return _stage_csv(source, into, connection)


def _require_inside(source: Source, folders: Sequence[Path]) -> None:
    if not any(source.path.resolve().is_relative_to(folder) for folder in folders):
        raise InputError(
            "{name} is a link that leads out of the workspace; put the file itself there, or list its folder under source.folders in plan.yml",
            name=source.name,
        )


def _stage_csv(source: Source, into: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    data = decoding.read_bytes(source.path)
    text = decoding.decode(data, name=source.name)
    headings, records = delimited.read_records(text, name=source.name)
    if decoding.is_utf8(data) and not IRREGULAR.search(text):
        try:
            _stage_clean_csv(source.path, headings, delimited.delimiter_of(text), into, connection)
            return headings
        except duckdb.Error:
            pass  # some line does not fit: read again below, where it can be named
    _stage_records(headings, list(records), into, connection)
    return headings


def _stage_clean_csv(
    path: Path, headings: list[str], delimiter: str, into: str, connection: duckdb.DuckDBPyConnection
) -> None:
    names = ", ".join(f"c{place}" for place in range(len(headings)))
    columns = ", ".join(f"c{place}: 'VARCHAR'" for place in range(len(headings)))
    query = f"""
        SELECT row_number() OVER () + 1 AS source_row, CAST(NULL AS VARCHAR) AS fault, {names}
        FROM read_csv({_quoted(str(path))}, auto_detect = false, header = false, skip = 1, delim = {_quoted(delimiter)},
                      quote = '"', escape = '"', strict_mode = true, columns = {{{columns}}})
    """
    something = " OR ".join(values.filled(f"c{place}") for place in range(len(headings)))
    connection.execute(f"CREATE TEMP TABLE {into} AS SELECT * FROM ({query}) WHERE {something}")


def _stage_records(
    headings: list[str], records: list[delimited.Record], into: str, connection: duckdb.DuckDBPyConnection
) -> None:
    columns: Mapping[str, pa.Array] = {
        "source_row": pa.array([record.number for record in records], pa.int64()),
        "fault": pa.array([record.fault for record in records], pa.string()),
        **{
            f"c{place}": pa.array([record.cells[place] for record in records], pa.string())
            for place in range(len(headings))
        },
    }
    connection.register("records_staged", pa.table(columns))
    connection.execute(f"CREATE TEMP TABLE {into} AS SELECT * FROM records_staged")
    connection.unregister("records_staged")


def _stage_parquet(source: Source, into: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    query = f"SELECT * FROM read_parquet({_quoted(str(source.path))})"
    try:
        return _stage_select(query, into, connection)
    except duckdb.Error:
        raise InputError(
            "{name} is not a Parquet file that can be read; export it again", name=source.name
        ) from None


def _stage_query(
    source: Source,
    into: str,
    connection: duckdb.DuckDBPyConnection,
    workspace: Path,
    folders: Sequence[Path],
    scratch: Path,
) -> list[str]:
    sql = decoding.decode(decoding.read_bytes(source.path), name=source.name)
    files = RawFiles(source.name, workspace if workspace.is_dir() else workspace.parent, folders, scratch)
    query = statements.single_select(sql, name=source.name, connection=connection, locate=files.locate)
    watch = threading.Timer(STATEMENT_LIMIT, connection.interrupt)
    watch.daemon = True
    watch.start()
    try:
        return _stage_select(query, into, connection)
    except duckdb.InterruptException:
        raise InputError(
            "{name}: the statement did not end within {seconds:count} seconds; does it join every row with every other?",
            name=source.name,
            seconds=int(STATEMENT_LIMIT),
        ) from None
    except duckdb.Error as error:
        raise statements.query_problem(error, name=source.name) from None
    finally:
        watch.cancel()


def warehouse_statement(
    source: Source, *, connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]
) -> str:
    """The SELECT of a table's .sql file, to be run in the warehouse; `InputError` where it reads a file."""
    _require_inside(source, folders)
    sql = decoding.decode(decoding.read_bytes(source.path), name=source.name)
    return statements.single_select(
        sql, name=source.name, connection=connection, locate=_no_files(source.name)
    )


def _no_files(name: str) -> statements.Locate:
    def refuse(written: str, encoding: str | None) -> tuple[str, str | None]:
        raise InputError(
            "{name}: reads the file {file}, but the plan takes tables from the warehouse; drop source.url_env or the file",
            name=name,
            file=written,
        )

    return refuse


def _stage_select(query: str, into: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    headings = [str(row[0]) for row in connection.execute(f"DESCRIBE {query}").fetchall()]
    names = ", ".join(f"c{place}" for place in range(len(headings)))
    connection.execute(
        f"CREATE TEMP TABLE {into} AS SELECT row_number() OVER () AS source_row, CAST(NULL AS VARCHAR) AS fault, {names} FROM ({query}) AS source({names})"
    )
    return headings


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
