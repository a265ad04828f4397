"""What exactly is written in a table's source? Staged in the engine as it stands: source_row, fault, c0, c1, …

Nothing is judged here; judging is `checks`'.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from salesnb.errors import InputError
from salesnb.intake.files import WORKBOOKS
from salesnb.intake.reading import (
    bounds,
    decoding,
    delimited,
    engine,
    readings,
    statements,
    values,
    workbooks,
)
from salesnb.intake.reading.headings import folded, heading_place, skipped
from salesnb.intake.reading.pieces import Piece, agree
from salesnb.intake.reading.raw_files import RawFiles
from salesnb.intake.reading.sources import Source, pieces_of
from salesnb.intake.schema import TABLES
from salesnb.language import Message

NUMBERED = "file_row_number"  # the engine's column of rows, where the file has none of that name
FEWEST_CELLS = 3  # under which a single cell is no row
MOST_BELOW = 10  # lines of a footer
AN_ID = re.compile(r"[\w./#-]*\d[\w./#-]*")
IRREGULAR = re.compile(
    r"\n[ \t]*\r?\n|\A\s*\n|\A[^\n]*\"|\r(?!\n)|=\""
)  # blank lines, quoted headings, texts as formulas: read record by record


@dataclass
class Staged:
    """What was staged: the headings, what somebody must know about the reading, and where it came from in several pieces (a name,
    the first and the last row of each; rows are numbered through)."""

    headings: list[str]
    notes: list[Message] = field(default_factory=list)
    pieces: list[tuple[str, int, int]] = field(default_factory=list)


def stage(
    source: Source,
    *,
    into: str,
    connection: duckdb.DuckDBPyConnection,
    workspace: Path,
    folders: Sequence[Path],
    scratch: Path,
    chinese: bool,
    rules: readings.Rules | None = None,
) -> Staged:
    """Writes the source to the temporary table `into`; its headings, and what somebody must know about the reading.

    `chinese` says that Chinese encodings are nothing strange. `InputError` where the source cannot be read. A file that is a link
    must lead to a place below `workspace` or `folders`, as what a statement reads must; `scratch` is a folder for decoded
    copies, which the engine may read.
    """
    top = workspace if workspace.is_dir() else workspace.parent
    for path in (source.path, *source.more):
        _require_inside(path, [top, *folders], source.name)
    pieces, notes = pieces_of(source)
    if len(pieces) > 1:
        given = rules or readings.Rules(chinese=chinese)
        staged = _stage_pieces(pieces, into, connection, scratch, given)
    elif source.form == ".sql":
        files = RawFiles(
            source.name,
            top,
            folders,
            scratch,
            chinese=chinese,
            rules=rules or readings.Rules(chinese=chinese),
        )
        staged = Staged(_stage_query(source, into, connection, files), files.doubts)
    else:
        staged = _stage_piece(pieces[0], into, connection, scratch, chinese)
    staged.notes[:0] = notes
    return staged


def _stage_piece(
    source: Source, into: str, connection: duckdb.DuckDBPyConnection, scratch: Path, chinese: bool
) -> Staged:
    if source.form == ".parquet":
        return Staged(_stage_parquet(source, into, connection))
    staged = _stage_written(source, into, connection, scratch, chinese)
    staged.notes.extend(_without_headings(source, into, staged.headings, connection))
    staged.notes.extend(_without_footer(source, into, len(staged.headings), connection))
    return staged


def _without_headings(
    source: Source, into: str, headings: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> Iterator[Message]:
    """Takes away the lines that say the headings once more, as exports do that were put one behind the other. They are told."""
    if len(headings) < FEWEST_CELLS:
        return
    same = " AND ".join(
        f"trim(coalesce(CAST(c{place} AS VARCHAR), '')) = {_quoted(heading.strip())}"
        for place, heading in enumerate(headings)
    )
    ((n,),) = connection.execute(f"SELECT count(*) FROM {into} WHERE {same}").fetchall()
    if n:
        connection.execute(f"DELETE FROM {into} WHERE {same}")
        yield Message("{name}: {n:count} lines repeat the headings and were left out", name=source.name, n=n)


def _without_footer(
    source: Source, into: str, width: int, connection: duckdb.DuckDBPyConnection
) -> Iterator[Message]:
    """Takes away the lines at the end that hold one cell under many headings: who made the report, and when. They are told."""
    if width < FEWEST_CELLS:
        return
    rest = " AND ".join(f"c{place} IS NULL" for place in range(1, width))
    alone = f"{rest} AND (fault IS NULL OR fault LIKE 'cells:1:%')"
    rows = connection.execute(
        f"""
        SELECT source_row, c0 FROM {into} WHERE {alone}
        AND source_row > (SELECT max(source_row) FROM {into} WHERE NOT ({alone})) ORDER BY source_row
        """
    ).fetchall()
    if 0 < len(rows) <= MOST_BELOW and not any(AN_ID.fullmatch(str(text)) for _, text in rows):
        connection.execute(f"DELETE FROM {into} WHERE source_row >= {rows[0][0]}")
        yield Message(
            "{name}: {n:count} lines below the table hold a single cell ({example}) and were left out",
            name=source.name,
            n=len(rows),
            example=rows[0][1],
        )


def _stage_written(
    source: Source, into: str, connection: duckdb.DuckDBPyConnection, scratch: Path, chinese: bool
) -> Staged:
    if source.form in WORKBOOKS:
        find = partial(heading_place, TABLES[source.table])
        headings, records, row, notes = workbooks.read_records(
            source.path, sheet=source.sheet, name=source.name, find=find
        )
        bounds.require_narrow(headings, source.name)
        _stage_records(headings, list(records), into, connection)
        return Staged(headings, [*skipped(row, name=source.name), *notes])
    return _stage_csv(source, into, connection, scratch, chinese)


def _stage_pieces(
    pieces: Sequence[Source],
    into: str,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    rules: readings.Rules,
) -> Staged:
    """Files or sheets with the same headings as one table, whose rows are numbered through."""
    whole: Staged | None = None
    parts, last = [], 0
    read = [
        _stage_piece(piece, f"{into}_{number}", connection, scratch, rules.chinese)
        for number, piece in enumerate(pieces)
    ]
    named = [
        Piece(piece.name, f"{into}_{number}", tuple(staged.headings))
        for number, (piece, staged) in enumerate(zip(pieces, read, strict=True))
        if piece.form != ".parquet"
    ]
    agreed = agree(named, TABLES[pieces[0].table], connection=connection, rules=rules)
    for number, (piece, staged) in enumerate(zip(pieces, read, strict=True)):
        held = f"{into}_{number}"
        names = [folded(heading) for heading in staged.headings]
        whole = whole or Staged(staged.headings)
        wanted = [folded(heading) for heading in whole.headings]
        if sorted(names) != sorted(wanted):
            raise InputError(
                "{first} and {second} have different headings, though both are pieces of {table}; give them the same",
                first=pieces[0].name,
                second=piece.name,
                table=piece.table,
            )
        order = range(len(names)) if names == wanted else [names.index(name) for name in wanted]
        cells = ", ".join(f"CAST(c{place} AS VARCHAR) AS c{rank}" for rank, place in enumerate(order))
        parts.append(f"SELECT source_row + {last} AS source_row, fault, {cells} FROM {held}")
        ((first, end),) = connection.execute(
            f"SELECT min(source_row), max(source_row) FROM {held}"
        ).fetchall()
        whole.notes.extend(each for each in staged.notes if each not in whole.notes)
        if end is not None:
            one_book = all(each.path == piece.path for each in pieces)
            whole.pieces.append((piece.sheet if one_book else piece.name, last + int(first), last + int(end)))
            last += int(end)
    assert whole is not None
    whole.notes.extend(agreed)
    connection.execute(f"CREATE TEMP TABLE {into} AS {' UNION ALL '.join(parts)}")
    for number in range(len(pieces)):
        engine.drop(f"{into}_{number}", connection)
    return whole


def _require_inside(path: Path, folders: Sequence[Path], name: str) -> None:
    if not any(path.resolve().is_relative_to(folder) for folder in folders):
        raise InputError(
            "{name} is a link that leads out of the workspace; put the file itself there, or list its folder under source.folders in plan.yml",
            name=name,
        )


def _stage_csv(
    source: Source, into: str, connection: duckdb.DuckDBPyConnection, scratch: Path, chinese: bool
) -> Staged:
    data = decoding.read_bytes(source.path)
    decoded = decoding.decode(data, name=source.name, chinese=chinese)
    seen = values.seen(decoded.text)
    text = delimited.plain_quotes(seen)
    layout = delimited.layout_of(
        delimited.plain_ends(text),
        name=source.name,
        find=partial(heading_place, TABLES[source.table]),
    )
    headings, records = delimited.read_records(text, name=source.name, layout=layout)
    bounds.require_narrow(headings, source.name)
    staged = Staged(headings, skipped(layout.row if layout.above else 1, name=source.name))
    note = None if chinese and decoded.is_chinese else decoded.note(name=source.name)
    staged.notes.extend([note] if note else [])
    staged.notes.extend(_unseen(decoded.text, seen, source.name))
    if layout.row == 1 and not IRREGULAR.search(text):
        path = source.path
        if text != decoded.text or not decoding.is_utf8(data):
            path = scratch / f"{len(list(scratch.iterdir()))}.csv"
            path.write_text(text, encoding="utf-8", newline="")
        try:
            _stage_clean_csv(path, headings, layout.delimiter, into, connection)
            return staged
        except duckdb.Error:
            pass  # some line does not fit: read again below, where it can be named
    _stage_records(headings, list(records), into, connection)
    return staged


def _unseen(written: str, read: str, name: str) -> Iterator[Message]:
    """What to say of signs that were taken away because nobody sees them."""
    if len(read) < len(written):
        yield Message(
            "{name}: {n:count} signs that nobody sees, such as zero-width blanks, were left out",
            name=name,
            n=len(written) - len(read),
        )


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
    something = " OR ".join(values.written(f"c{place}") for place in range(len(headings)))
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
    """A view of the file, which the engine reads by columns: nothing of it is copied. That it stays as it is, its fingerprint tells."""
    path = _quoted(str(source.path))
    try:
        schema = bounds.parquet_schema(source.path, source.name)
        headings = list(schema.names)
        if {folded(heading) for heading in headings} & {NUMBERED, ""}:
            _stage_select(f"SELECT * FROM read_parquet({path})", into, connection)
        else:
            names = ", ".join(f"c{place}" for place in range(len(headings)))
            connection.execute(
                f"CREATE TEMP VIEW {into} AS SELECT place + 1 AS source_row, CAST(NULL AS VARCHAR) AS fault, {names}"
                f" FROM read_parquet({path}, {NUMBERED} = true) AS source({names}, place)"
            )
        cells = [f"c{place}" for place in range(len(headings))]
        bounds.require_short_cells(cells, into, schema, connection=connection, name=source.name)
    except (duckdb.Error, pa.ArrowException, OSError):
        raise InputError(
            "{name} is not a Parquet file that can be read; export it again", name=source.name
        ) from None
    return headings


def _stage_query(
    source: Source, into: str, connection: duckdb.DuckDBPyConnection, files: RawFiles
) -> list[str]:
    sql = decoding.decode(decoding.read_bytes(source.path), name=source.name).text
    query = statements.single_select(
        sql, name=source.name, connection=connection, locate=files.locate, export=files.export
    )
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
    except duckdb.BinderException as error:
        gone = statements.missing_column(error)
        if gone is None or not files.headings:
            raise statements.query_problem(error, name=source.name) from None
        new = [each for each in files.headings if f'"{each}"' not in sql]
        raise InputError(
            "{name}: the heading {gone} is no longer in the file; its headings that the statement does not use are {new:list}: put the one that took its place into {name}, or begin anew with salesnb init",
            name=source.name,
            gone=gone,
            new=new or ["–"],
        ) from None
    except duckdb.Error as error:
        raise statements.query_problem(error, name=source.name) from None
    finally:
        watch.cancel()


def warehouse_statement(
    source: Source, *, connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]
) -> str:
    """The SELECT of a table's .sql file, to be run in the warehouse; `InputError` where it reads a file."""
    _require_inside(source.path, folders, source.name)
    sql = decoding.decode(decoding.read_bytes(source.path), name=source.name).text
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
