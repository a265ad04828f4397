"""What stands in a foreign file, as one table of texts? ``read_export('file', …)`` in a table's statement reads this.

A title above the headings, headings in two rows, cells that merged cells left blank, months across and names of groups
between the rows are brought into the form of a table; no value is changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from salesnb.errors import InputError
from salesnb.intake.checking.checks import Spelled, Staged
from salesnb.intake.reading import decoding, kinds, readings, values
from salesnb.intake.reading.raw_tables import ADDED, Raw, contents, cut_here, form_of, quoted_name, read_raw
from salesnb.intake.reading.shapes import Shape, place_of, shaped
from salesnb.intake.schema import Column
from salesnb.language import Message


@dataclass
class Loaded:
    """A table `into` of the columns source_row, source_file, c0, c1, …, and their headings."""

    headings: list[str]
    title: str
    pieces: list[str]
    notes: list[Message]


def load(
    files: Sequence[Path],
    shape: Shape,
    *,
    connection: duckdb.DuckDBPyConnection,
    into: str,
    scratch: Path,
    chinese: bool,
) -> Loaded:
    """The files' rows as one table; `InputError` where one cannot be read."""
    found: Loaded | None = None
    parts: list[str] = []
    for number, (path, sheet) in enumerate((each, sheet) for each in files for sheet in shape.sheets or contents(each)[:1]):  # fmt: skip
        piece = (
            sheet if len(files) == 1 or len(contents(path)) > 1 else ""
        )  # the name of an only sheet says nothing
        raw = read_raw(
            path,
            sheet,
            scratch=scratch,
            chinese=chinese,
            connection=connection,
            into=f"{into}_{number}",
            part=shape.part,
        )
        headings = _stage(raw, shape, connection, f"{into}_{number}", path, piece, scratch)
        found = found or Loaded(headings, raw.title, [], [])
        for heading in headings:
            if heading.casefold() not in (each.casefold() for each in found.headings):
                found.headings.append(heading)
        parts.append(f"{into}_{number}")
        found.pieces.append(piece or path.name)
        found.notes += raw.notes
        found.title = found.title or raw.title
    if found is None:
        raise InputError("{name} has no sheet", name=files[0].name)
    _unite(found, parts, connection, into, once=shape.once)
    return found


def _unite(found: Loaded, parts: Sequence[str], connection: duckdb.DuckDBPyConnection, into: str, *, once: bool) -> None:  # fmt: skip
    if len(parts) == 1:
        connection.execute(f"ALTER TABLE {parts[0]} RENAME TO {into}")
        names = [quoted_name(each) for each in _columns(connection, into)[2:]]
        for place, name in enumerate(names):
            connection.execute(f"ALTER TABLE {into} RENAME COLUMN {name} TO c{place}")
        return
    queries = []
    for number, part in enumerate(parts):
        there = {each.casefold(): each for each in _columns(connection, part)}
        cells = ", ".join(
            f"{quoted_name(there[each.casefold()])} AS c{place}"
            if each.casefold() in there
            else f"CAST(NULL AS VARCHAR) AS c{place}"
            for place, each in enumerate(found.headings)
        )
        queries.append(f"SELECT {number} AS piece, source_row, source_file, {cells} FROM {part}")
    cells = ", ".join(f"c{place}" for place in range(len(found.headings)))
    united = " UNION ALL ".join(queries)
    if once:
        united = f"SELECT *, row_number() OVER (PARTITION BY piece, {cells} ORDER BY source_row) AS nth FROM ({united})"
        united = f"SELECT * FROM ({united}) QUALIFY row_number() OVER (PARTITION BY nth, {cells} ORDER BY piece) = 1"
    connection.execute(
        f"CREATE TABLE {into} AS SELECT row_number() OVER (ORDER BY piece, source_row) AS source_row, source_file, {cells} FROM ({united}) ORDER BY 1"
    )
    for part in parts:
        connection.execute(f"DROP TABLE {part}")


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"DESCRIBE {table}").fetchall()]


def _stage(
    raw: Raw,
    shape: Shape,
    connection: duckdb.DuckDBPyConnection,
    into: str,
    path: Path,
    sheet: str,
    scratch: Path,
) -> list[str]:
    """Writes the sheet to the table `into`, in the shape that was asked for; its headings."""
    if form_of(path) == ".parquet":
        return raw.headings
    plain = not (shape.fill or shape.across or shape.groups)
    if raw.text and raw.numbers and not raw.rows:
        body, sign = raw.text
        if plain and _cut_by_engine(raw, body, sign, connection, into, path, sheet, scratch):
            return raw.headings
        raw = cut_here(raw, body, sign, path.name)
    raw = shaped(raw, shape, path.name)
    columns = {
        "source_row": pa.array(raw.numbers, pa.int64()),
        "source_file": pa.array([sheet or path.name] * len(raw.rows), pa.string()),
        **{
            name: pa.array([row[place] for row in raw.rows], pa.string())
            for place, name in enumerate(raw.headings)
        },
    }
    connection.register("held", pa.table(columns))
    connection.execute(f"CREATE TABLE {into} AS SELECT * FROM held")
    connection.unregister("held")
    return raw.headings


def _cut_by_engine(
    raw: Raw,
    body: str,
    sign: str,
    connection: duckdb.DuckDBPyConnection,
    into: str,
    path: Path,
    sheet: str,
    scratch: Path,
) -> bool:
    """The engine cuts a clean text fifty times as fast; False where it refuses it."""
    copy = scratch / f"{len(list(scratch.iterdir()))}.csv"
    copy.write_text(body, encoding="utf-8", newline="")
    columns = ", ".join(f"c{place}: 'VARCHAR'" for place in range(len(raw.headings)))
    cells = ", ".join(
        f"CASE WHEN trim(c{place}) <> '' THEN c{place} END AS {quoted_name(name)}"
        for place, name in enumerate(raw.headings)
    )
    repeats = " AND ".join(f"c{place} = {values.literal(name)}" for place, name in enumerate(raw.headings))
    try:
        connection.execute(
            f"""CREATE TABLE {into} AS SELECT row_number() OVER () + {raw.numbers[0]} AS source_row,
                {values.literal(sheet or path.name)} AS source_file, {cells}
            FROM read_csv({values.literal(str(copy))}, auto_detect = false, header = false, delim = {values.literal(sign)},
                quote = '"', escape = '"', strict_mode = true, max_line_size = {decoding.LONGEST_LINE}, columns = {{{columns}}})
            WHERE ({repeats}) IS NOT TRUE"""  # headings once more, as at the top of a printed page
        )
    except duckdb.Error:
        return False
    finally:
        copy.unlink()
    return True


def typed(
    loaded: Loaded,
    shape: Shape,
    *,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rules: readings.Rules,
    notes: list[Message],
) -> tuple[str, list[str]]:
    """What to select from, and for each heading how: as text, or as the number or the day that it is read as."""
    engine = Staged(connection, staged=table, joined=f"{table}_read")
    cells, spelled = [], []
    for place, name in enumerate(loaded.headings):
        kind = "number" if name in shape.numbers else "date" if name in shape.days else None
        if kind is None:
            cells.append(f"c{place}")
            continue
        column = Column(name, kind, unit="money" if kind == "number" else "")  # type: ignore[arg-type]
        said = kinds.reading(
            column,
            f"c{place}",
            "text",
            ask=engine.ask,
            raw=table,
            name=loaded.pieces[0],
            rules=rules,
            shares=True,
        )
        notes.extend(said.notes)
        cells.append(said.expression)
        if said.meant:
            spelled.append(Spelled(f"v{place}", f"c{place}", column, said.meant))
    engine.join(spelled)
    return engine.joined, cells


def read_in(
    files: Sequence[Path], shape: Shape, *, scratch: Path, rules: readings.Rules
) -> tuple[Path, list[Message]]:
    """The files as a Parquet file in `scratch`, for a statement to read; files that several statements read are read once."""
    plain = replace(shape, numbers=(), days=())
    base, whole = (scratch / f"{_digest(files, each)}.parquet" for each in (plain, shape))
    told: list[Message] = []
    with closing(duckdb.connect()) as connection:
        if not base.exists():
            loaded = load(
                files, plain, connection=connection, into="export", scratch=scratch, chinese=rules.chinese
            )
            told += loaded.notes
            _write(
                loaded.headings,
                [f"c{place}" for place in range(len(loaded.headings))],
                "export",
                base,
                connection,
            )
            connection.execute("DROP TABLE export")
        if not whole.exists():
            columns = _columns_of(base, connection)
            headings = [each for each in columns if each not in ADDED]
            missing = [each for each in (*shape.numbers, *shape.days) if each not in headings]
            for each in missing:
                place_of(headings, each, files[0].name)
            cells = ", ".join(f"{quoted_name(each)} AS c{place}" for place, each in enumerate(headings))
            connection.execute(
                f"CREATE VIEW export AS SELECT {', '.join(ADDED)}, {cells} FROM read_parquet({values.literal(str(base))})"
            )
            joined, made = typed(Loaded(headings, "", [files[0].name], []), shape, connection=connection, table="export", rules=rules, notes=told)  # fmt: skip
            _write(headings, made, joined, whole, connection)
    return whole, told


def headings_in(path: Path) -> list[str]:
    """The headings of a file that `read_in` wrote."""
    with closing(duckdb.connect()) as connection:
        return [each for each in _columns_of(path, connection) if each not in ADDED]


def _digest(files: Sequence[Path], shape: Shape) -> str:
    return hashlib.sha256(repr((list(map(str, files)), shape)).encode()).hexdigest()[:24]


def _columns_of(path: Path, connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        str(row[0])
        for row in connection.execute(
            f"DESCRIBE SELECT * FROM read_parquet({values.literal(str(path))})"
        ).fetchall()
    ]


def _write(
    headings: Sequence[str],
    cells: Sequence[str],
    origin: str,
    to: Path,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    named = ", ".join(f"{cell} AS {quoted_name(name)}" for cell, name in zip(cells, headings, strict=True))
    connection.execute(
        f"COPY (SELECT {', '.join(ADDED)}, {named} FROM {origin} ORDER BY source_row) TO {values.literal(str(to))} (FORMAT parquet)"
    )
