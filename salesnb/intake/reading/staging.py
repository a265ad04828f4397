"""What exactly is written in a table's source? Staged in the engine as it stands: source_row, fault, c0, c1, …

Nothing is judged here; judging is `checks`'.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from salesnb.errors import InputError
from salesnb.intake.reading import decoding, delimited, statements, values, workbooks
from salesnb.intake.reading.raw_files import RawFiles
from salesnb.intake.reading.sources import Source, sheet_of
from salesnb.language import Message

CELL = 8  # bytes that a cell takes, unpacked, at the least
MOST_COLUMNS = (
    2_000  # the engine slows down with the square of their number, and no table of a sales system has more
)
IRREGULAR = re.compile(
    r"\n[ \t]*\r?\n|\A\s*\n|\A[^\n]*\"|\r(?!\n)|\x00"
)  # blank lines, quoted headings: read record by record


def stage(
    source: Source,
    *,
    into: str,
    connection: duckdb.DuckDBPyConnection,
    workspace: Path,
    folders: Sequence[Path],
    scratch: Path,
    chinese: bool,
) -> tuple[list[str], list[Message]]:
    """Writes the source to the temporary table `into`; its headings, and what somebody must know about the reading.

    `chinese` says that files in GB18030 are nothing strange. `InputError` where the source cannot be read. A file that is a link
    must lead to a place below `workspace` or `folders`, as what a statement reads must; `scratch` is a folder for decoded
    copies, which the engine may read.
    """
    top = workspace if workspace.is_dir() else workspace.parent
    _require_inside(source, [top, *folders])
    if source.form == ".sql":
        files = RawFiles(source.name, top, folders, scratch)
        headings = _stage_query(source, into, connection, files)
        return headings, [] if chinese else files.doubts
    if source.form == ".parquet":
        return _stage_parquet(source, into, connection), []
    if source.form == ".xlsx":
        sheet, passed_over = sheet_of(source)
        headings, records = workbooks.read_records(source.path, sheet=sheet, name=source.name)
        _require_narrow(headings, source.name)
        _stage_records(headings, list(records), into, connection)
        return headings, [passed_over] if passed_over else []
    return _stage_csv(source, into, connection, chinese)


def _require_inside(source: Source, folders: Sequence[Path]) -> None:
    if not any(source.path.resolve().is_relative_to(folder) for folder in folders):
        raise InputError(
            "{name} is a link that leads out of the workspace; put the file itself there, or list its folder under source.folders in plan.yml",
            name=source.name,
        )


def _require_narrow(headings: Sequence[str], name: str) -> None:
    if len(headings) > MOST_COLUMNS:
        raise InputError(
            "{name} has {n:count} columns; a table is read with at most {most:count}: leave out those that nobody needs",
            name=name,
            n=len(headings),
            most=MOST_COLUMNS,
        )


def _stage_csv(
    source: Source, into: str, connection: duckdb.DuckDBPyConnection, chinese: bool
) -> tuple[list[str], list[Message]]:
    data = decoding.read_bytes(source.path)
    text = decoding.decode(data, name=source.name)
    headings, records = delimited.read_records(text, name=source.name)
    _require_narrow(headings, source.name)
    if decoding.is_utf8(data) and not IRREGULAR.search(text):
        try:
            _stage_clean_csv(source.path, headings, delimited.delimiter_of(text), into, connection)
            return headings, []
        except duckdb.Error:
            pass  # some line does not fit: read again below, where it can be named
    _stage_records(headings, list(records), into, connection)
    doubt = None if chinese else decoding.doubt(data, text, name=source.name)
    return headings, [doubt] if doubt else []


def _stage_clean_csv(
    path: Path, headings: list[str], delimiter: str, into: str, connection: duckdb.DuckDBPyConnection
) -> None:
    names = ", ".join(f"c{place}" for place in range(len(headings)))
    columns = ", ".join(f"c{place}: 'VARCHAR'" for place in range(len(headings)))
    query = f"""
        SELECT row_number() OVER () + 1 AS source_row, CAST(NULL AS VARCHAR) AS fault, {names}
        FROM read_csv({_quoted(str(path))}, auto_detect = false, header = false, skip = 1, delim = {_quoted(delimiter)},
                      quote = '"', escape = '"', strict_mode = true, max_line_size = {decoding.LONGEST_LINE}, columns = {{{columns}}})
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
        about = pq.read_metadata(source.path)
        headings = list(about.schema.to_arrow_schema().names)  # the engine renames a column that stands twice
        _require_narrow(headings, source.name)
        cells = about.num_rows * len(headings)
        if CELL * cells > max(decoding.UNPACKED, decoding.MOST_TIMES * source.path.stat().st_size):
            raise decoding.unpacks_too_far(source.name)
        _stage_select(query, into, connection)
    except (duckdb.Error, pa.ArrowException, OSError):
        raise InputError(
            "{name} is not a Parquet file that can be read; export it again", name=source.name
        ) from None
    return headings


def _stage_query(
    source: Source, into: str, connection: duckdb.DuckDBPyConnection, files: RawFiles
) -> list[str]:
    sql = decoding.decode(decoding.read_bytes(source.path), name=source.name)
    query = statements.single_select(sql, name=source.name, connection=connection, locate=files.locate)
    watch = threading.Timer(statements.STATEMENT_LIMIT, connection.interrupt)
    watch.daemon = True
    watch.start()
    try:
        return _stage_select(query, into, connection)
    except duckdb.InterruptException:
        raise InputError(
            "{name}: the statement did not end within {seconds:count} seconds; does it join every row with every other?",
            name=source.name,
            seconds=int(statements.STATEMENT_LIMIT),
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
        sql, name=source.name, connection=connection, locate=_no_files(source.name), there=True
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
