"""What stands in a foreign file, as one table of texts? ``read_export('file', …)`` in a table's statement reads this.

A title above the headings, headings in two rows, cells that merged cells left blank, months across and names of groups
between the rows are brought into the form of a table; no value is changed.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pyarrow as pa

from salesnb.errors import InputError
from salesnb.intake.checking.checks import Spelled, Staged
from salesnb.intake.files import WORKBOOKS
from salesnb.intake.reading import decoding, delimited, kinds, layouts, values, workbooks
from salesnb.intake.schema import Column
from salesnb.language import Message

TEXTS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".tab")
READ = (*TEXTS, *WORKBOOKS, ".parquet", ".zip")
BOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
PERIOD, MEMBER, VALUE, GROUP = "period", "member", "value", "group"  # headings that a brought form adds
ADDED = ("source_row", "source_file")
LINES = 40


@dataclass(frozen=True)
class Shape:
    """How a file's rows become a table's: `sheets` of a workbook (or files of an archive), columns to `fill` down, `across` the
    headings across ("periods", or a list), the `year` of months without one, `groups` named in rows of their own, rows that
    overlapping files repeat taken `once`; which columns are read as `numbers` and `days`."""

    sheets: tuple[str, ...] = ()
    fill: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    year: int | None = None
    groups: bool = False
    once: bool = False
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


@dataclass
class Raw:
    """Rows of a sheet as they stand, with what was found out about their form."""

    headings: list[str]
    rows: list[list[str | None]]
    numbers: list[int]
    title: str = ""
    text: tuple[str, str] | None = None  # a text that the engine may cut itself, and the sign by which
    notes: list[Message] = field(default_factory=list)


@dataclass
class Loaded:
    """A table `into` of the columns source_row, source_file, c0, c1, …, and their headings."""

    headings: list[str]
    title: str
    pieces: list[str]
    notes: list[Message]


def shape_of(options: Mapping[str, Sequence[str]], *, name: str) -> Shape:
    """The shape that a statement's options say; `InputError` for an option that there is not."""
    known = {each.name for each in fields(Shape)}
    unknown = next((each for each in options if each not in known), None)
    if unknown is not None:
        raise InputError("{name}: read_export knows no option {option}; it has {known:list}", name=name, option=unknown, known=sorted(known))  # fmt: skip
    flags = {each: options[each][:1] == ["true"] for each in ("groups", "once") if each in options}
    lists = {
        each: tuple(options[each])
        for each in ("sheets", "fill", "across", "numbers", "days")
        if each in options
    }
    year = int(options["year"][0]) if options.get("year", [""])[0].isdecimal() else None
    return Shape(**lists, **flags, year=year)


def form_of(path: Path) -> str | None:
    """The ending by which a file can be read, None for others."""
    name = path.name.casefold()
    return next((form for form in sorted(READ, key=len, reverse=True) if name.endswith(form)), None)


def contents(path: Path) -> list[str]:
    """The sheets of a workbook, the files of an archive; one without a name for any other file."""
    form = form_of(path)
    if form in WORKBOOKS and _is_book(path):
        return workbooks.sheet_names(path)
    if form == ".zip":
        with _archive(path) as archive:
            return [each.filename for each in archive.infolist() if form_of(Path(each.filename)) not in (None, ".zip") and not Path(each.filename).name.startswith((".", "~$", "__"))]  # fmt: skip
    return [""]


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
    for number, (path, sheet) in enumerate((path, sheet) for path in files for sheet in shape.sheets or contents(path)[:1]):  # fmt: skip
        raw = read_raw(
            path, sheet, scratch=scratch, chinese=chinese, connection=connection, into=f"{into}_{number}"
        )
        headings = _stage(raw, shape, connection, f"{into}_{number}", path, sheet, scratch)
        found = found or Loaded(headings, raw.title, [], [])
        for heading in headings:
            if heading.casefold() not in (each.casefold() for each in found.headings):
                found.headings.append(heading)
        parts.append(f"{into}_{number}")
        found.pieces.append(sheet or path.name)
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


def read_raw(
    path: Path, sheet: str, *, scratch: Path, chinese: bool, connection: duckdb.DuckDBPyConnection, into: str
) -> Raw:
    """A sheet's headings and rows; those of a plain text are left for the engine to cut."""
    form = form_of(path)
    if form == ".zip":
        with _archive(path) as archive:
            member = scratch / f"{len(list(scratch.iterdir()))}.{Path(sheet).name}"
            if archive.getinfo(sheet).file_size > max(
                decoding.UNPACKED, decoding.MOST_TIMES * path.stat().st_size
            ):
                raise decoding.unpacks_too_far(path.name)
            member.write_bytes(archive.read(sheet))
        return read_raw(
            member, contents(member)[0], scratch=scratch, chinese=chinese, connection=connection, into=into
        )
    if form == ".parquet":
        query = f"SELECT * FROM read_parquet({values.literal(str(path))})"
        try:
            described = connection.execute(f"DESCRIBE {query}").fetchall()
            headings = [str(row[0]) for row in described]
            cells = ", ".join(
                f"CAST({quoted_name(each)} AS VARCHAR) AS {quoted_name(each)}" for each in headings
            )
            connection.execute(f"CREATE TABLE {into} AS SELECT row_number() OVER () AS source_row, {values.literal(path.name)} AS source_file, {cells} FROM ({query})")  # fmt: skip
        except duckdb.Error:
            raise InputError(
                "{name} is not a Parquet file that can be read; export it again", name=path.name
            ) from None
        return Raw(headings, [], [])
    if form in WORKBOOKS and _is_book(path):
        rows, above = workbooks.rows_of(path, sheet)
        return _from_rows(rows, above, f"{path.name}, {sheet}")
    data = decoding.read_bytes(path)
    if data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        parser = _Markup()
        parser.feed(decoding.decode(data, name=path.name, chinese=chinese).text)
        return _from_rows(parser.rows, 0, path.name)
    decoded = decoding.decode(data, name=path.name, chinese=chinese)
    raw = _from_text(delimited.plain_ends(decoded.text), path.name)
    note = decoded.note(name=path.name)
    raw.notes += [note] if note and not (chinese and decoded.is_chinese) else []
    return raw


def _is_book(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith(BOOKS)


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise InputError("{name} is no archive that can be read; export it again", name=path.name) from None


def _from_rows(rows: Sequence[Sequence[str | None]], above: int, name: str) -> Raw:
    layout = layouts.find(rows)
    if layout is None:
        raise _no_headings(name)
    headings = layouts.headings_of(rows, layout)
    body, numbered = [], []
    first = layout.place + layout.depth
    for number, row in enumerate(rows[first:], start=above + first + 1):
        cells = [cell if cell and cell.strip() else None for cell in row][: len(headings)]
        if any(cells):
            body.append([*cells, *[None] * (len(headings) - len(cells))])
            numbered.append(number)
    return _without_blank_columns(Raw(headings, body, numbered, layout.title))


def _without_blank_columns(raw: Raw) -> Raw:
    """Columns without a heading keep their number as one where they hold something, and go where they do not."""
    filled = [any(row[place] for row in raw.rows) for place in range(len(raw.headings))]
    kept = [place for place, name in enumerate(raw.headings) if name or filled[place]]
    names = [raw.headings[place] or f"column {place + 1}" for place in kept]
    names = [f"{each} (2)" if each.casefold() in ADDED else each for each in names]
    if len(kept) < len(raw.headings):
        raw = replace(raw, rows=[[row[place] for place in kept] for row in raw.rows])
    return replace(raw, headings=names)


def _no_headings(name: str) -> InputError:
    return InputError(
        "{name}: no row of headings was found; write what each column holds into the first row", name=name
    )


def _from_text(text: str, name: str) -> Raw:
    lines = [line for line in text[:200_000].split("\n") if line.strip()][:LINES]
    if not lines:
        raise InputError("{name} is empty: its first line must name the columns", name=name)
    head = "\n".join(lines)
    cut = [[cells for _, cells, *_ in delimited.cut(head, sign, name)] for sign in delimited.DELIMITERS]
    sign = layouts.delimiter_by_shape(lines, cut)
    first: list[tuple[int, list[str], int]] = []
    for number, cells, _, start in delimited.cut(text, sign, name):
        if any(cell.strip() for cell in cells):
            first.append((number, cells, start))
        if len(first) >= layouts.LOOKED_AT:
            break
    layout = layouts.find([cells for _, cells, _ in first])
    if layout is None:
        raise _no_headings(name)
    headings = layouts.headings_of([cells for _, cells, _ in first], layout)
    last = layout.place + layout.depth - 1
    number, _, start = first[last + 1] if last + 1 < len(first) else (first[last][0] + 1, [], len(text))
    number -= 1
    body = text[start:]
    raw = Raw(headings, [], [], layout.title, (text, sign))
    plain_heads = all(headings) and not re.search(r"\n[ \t]*\n|\x00", body)
    if plain_heads:
        return replace(raw, text=(body, sign), numbers=[number])
    rows, numbered = [], []
    for line, cells, _, _ in delimited.cut(body, sign, name, 0, number):
        fitted = [cell if cell.strip() else None for cell in cells][: len(headings)]
        if any(fitted):
            rows.append([*fitted, *[None] * (len(headings) - len(fitted))])
            numbered.append(line)
    return _without_blank_columns(Raw(headings, rows, numbered, layout.title))


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


def cut_here(raw: Raw, body: str, sign: str, name: str) -> Raw:
    """The rows of a text, cut record by record."""
    rows, numbered = [], []
    width = len(raw.headings)
    for line, cells, _, _ in delimited.cut(body, sign, name, 0, raw.numbers[0]):
        fitted = [cell if cell.strip() else None for cell in cells][:width]
        if any(fitted):
            rows.append([*fitted, *[None] * (width - len(fitted))])
            numbered.append(line)
    return replace(raw, rows=rows, numbers=numbered, text=None)


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
    try:
        connection.execute(
            f"""CREATE TABLE {into} AS SELECT row_number() OVER () + {raw.numbers[0]} AS source_row,
                {values.literal(sheet or path.name)} AS source_file, {cells}
            FROM read_csv({values.literal(str(copy))}, auto_detect = false, header = false, delim = {values.literal(sign)},
                quote = '"', escape = '"', strict_mode = true, max_line_size = {decoding.LONGEST_LINE}, columns = {{{columns}}})"""
        )
    except duckdb.Error:
        return False
    finally:
        copy.unlink()
    return True


def shaped(raw: Raw, shape: Shape, name: str) -> Raw:
    """The rows in the shape that was asked for."""
    if shape.groups:
        raw = _with_groups(raw)
    if shape.fill:
        raw = _filled(raw, shape.fill, name)
    if shape.across:
        raw = _unpivoted(raw, shape, name)
    return raw


def place_of(headings: Sequence[str], heading: str, name: str) -> int:
    """Where a heading stands; `InputError` where it does not."""
    places = [place for place, each in enumerate(headings) if each.casefold() == heading.casefold()]
    if not places:
        raise InputError("{name} has no heading {heading}; its headings are {headings:list}", name=name, heading=heading, headings=list(headings)[:30])  # fmt: skip
    return places[0]


def _filled(raw: Raw, fill: Sequence[str], name: str) -> Raw:
    places = [place_of(raw.headings, each, name) for each in fill]
    last: dict[int, str | None] = {}
    rows = []
    for row in raw.rows:
        row = list(row)
        if not is_total(row):
            for place in places:
                last[place] = row[place] = row[place] or last.get(place)
        rows.append(row)
    return replace(raw, rows=rows)


def is_total(row: Sequence[str | None]) -> bool:
    """Does a row say in its first words that it is a total?"""
    first = next((cell.strip() for cell in row if cell and cell.strip()), "")
    return layouts.says_total(first)


def group_rows(raw: Raw) -> list[int]:
    """The rows that name a group: one cell alone, in the first column that is filled anywhere, above rows that hold more."""
    usual = (
        sorted(sum(cell is not None for cell in row) for row in raw.rows)[len(raw.rows) // 2]
        if raw.rows
        else 0
    )
    if usual < 3:
        return []
    found = []
    for number, row in enumerate(raw.rows):
        filled = [place for place, cell in enumerate(row) if cell is not None]
        if (
            len(filled) == 1
            and filled[0] <= 1
            and not is_total(row)
            and not layouts.is_value(row[filled[0]] or "")
        ):
            following = raw.rows[number + 1] if number + 1 < len(raw.rows) else []
            if sum(cell is not None for cell in following) > 1:
                found.append(number)
    return found


def _with_groups(raw: Raw) -> Raw:
    named = set(group_rows(raw))
    group: str | None = None
    rows, numbered = [], []
    for place, (row, number) in enumerate(zip(raw.rows, raw.numbers, strict=True)):
        if place in named:
            group = next(cell for cell in row if cell is not None)
            continue
        rows.append([None if is_total(row) else group, *row])
        numbered.append(number)
    return replace(raw, headings=[GROUP, *raw.headings], rows=rows, numbers=numbered)


def _unpivoted(raw: Raw, shape: Shape, name: str) -> Raw:
    if shape.across == ("periods",):
        held = layouts.periods(raw.headings)
        label = PERIOD
        keys = {
            place: (layouts.dated(said, shape.year) or said.period, said.measure or VALUE)
            for place, said in held.items()
        }
        if not held:
            raise InputError("{name} has no months across any more; its headings are {headings:list}", name=name, headings=raw.headings[:30])  # fmt: skip
    else:
        label = MEMBER
        keys = {place_of(raw.headings, each, name): (each, VALUE) for each in shape.across}
    measures = list(dict.fromkeys(measure for _, measure in keys.values()))
    totals = [place for place, each in enumerate(raw.headings) if layouts.TOTAL.fullmatch(each.strip())]
    base = [place for place in range(len(raw.headings)) if place not in keys and place not in totals]
    rows, numbered = [], []
    for row, number in zip(raw.rows, raw.numbers, strict=True):
        across: dict[str, dict[str, str | None]] = {}
        for place, (key, measure) in keys.items():
            if row[place] is not None:
                across.setdefault(key, {})[measure] = row[place]
        for key, found in across.items():
            rows.append([*(row[place] for place in base), key, *(found.get(each) for each in measures)])
            numbered.append(number)
    return replace(raw, headings=layouts.unique([*(raw.headings[place] for place in base), label, *measures]), rows=rows, numbers=numbered)  # fmt: skip


class _Markup(HTMLParser):
    """The rows of the tables in a page, or of the sheets of an old XML workbook, that calls itself a workbook."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str | None]] = []
        self._row: list[str | None] | None = None
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in ("tr", "row"):
            self._row = []
        elif tag in ("td", "th", "cell") and self._row is not None:
            index = dict(attrs).get("ss:index")
            self._row += [None] * (int(index) - 1 - len(self._row) if index and index.isdigit() else 0)
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell") and self._cell is not None and self._row is not None:
            self._row.append(" ".join("".join(self._cell).split()) or None)
            self._cell = None
        elif tag in ("tr", "row") and self._row is not None:
            self.rows.append(self._row)
            self._row = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def quoted_name(name: str) -> str:
    """A heading as SQL names it."""
    return '"' + name.replace('"', '""') + '"'


def typed(
    loaded: Loaded,
    shape: Shape,
    *,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rules: kinds.Rules,
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
            column, f"c{place}", "text", ask=engine.ask, raw=table, name=loaded.pieces[0], rules=rules
        )
        notes.extend(said.notes)
        cells.append(said.expression)
        if said.meant:
            spelled.append(Spelled(f"v{place}", f"c{place}", column, said.meant))
    engine.join(spelled)
    return engine.joined, cells


def read_in(
    files: Sequence[Path], shape: Shape, *, scratch: Path, rules: kinds.Rules
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
