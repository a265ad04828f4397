"""What stands in a sheet of a foreign file, row by row, below its row of headings? Workbooks, texts, archives and pages alike."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pyarrow as pa

from salesnb.errors import InputError
from salesnb.intake.files import WORKBOOKS
from salesnb.intake.reading import blocks, bounds, decoding, delimited, layouts, signs, values, workbooks
from salesnb.language import Message

TEXTS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".tab")
READ = (*TEXTS, *WORKBOOKS, ".parquet", ".zip")
BOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
ADDED = ("source_row", "source_file")
LINES = 40
MOST_PARTED = 20_000_000  # signs of a text in which several tables are looked for
COUNTED = "column "  # and its number: a column without a heading


@dataclass
class Raw:
    """Rows of a sheet as they stand, with what was found out about their form."""

    headings: list[str]
    rows: list[list[str | None]]
    numbers: list[int]
    title: str = ""
    text: tuple[str, str] | None = None  # a text that the engine may cut itself, and the sign by which
    notes: list[Message] = field(default_factory=list)
    headless: bool = False
    parts: int = 1  # tables that stand on the sheet


def form_of(path: Path) -> str | None:
    """The ending by which a file can be read, None for others."""
    name = path.name.casefold()
    return next((form for form in sorted(READ, key=len, reverse=True) if name.endswith(form)), None)


def contents(path: Path) -> list[str]:
    """The sheets of a workbook, the files of an archive; one without a name for any other file."""
    form = form_of(path)
    if form in WORKBOOKS and is_book(path):
        return workbooks.sheet_names(path)
    if form == ".zip":
        with _archive(path) as archive:
            return [each.filename for each in archive.infolist() if form_of(Path(each.filename)) not in (None, ".zip") and not Path(each.filename).name.startswith((".", "~$", "__"))]  # fmt: skip
    return [""]


def read_raw(
    path: Path,
    sheet: str,
    *,
    scratch: Path,
    chinese: bool,
    connection: duckdb.DuckDBPyConnection,
    into: str,
    part: int = 0,
) -> Raw:
    """A sheet's headings and rows; those of a plain text are left for the engine to cut.

    `part` is the number of one of the tables that stand on the sheet; 0 takes the sheet as a whole.
    """
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
            member,
            contents(member)[0],
            scratch=scratch,
            chinese=chinese,
            connection=connection,
            into=into,
            part=part,
        )
    if form == ".parquet":
        query = f"SELECT * FROM read_parquet({values.literal(str(path))})"
        try:
            schema = bounds.parquet_schema(path, path.name)
            described = connection.execute(f"DESCRIBE {query}").fetchall()
            headings = [str(row[0]) for row in described]
            quoted = list(map(quoted_name, headings))
            bounds.require_short_cells(quoted, f"({query})", schema, connection=connection, name=path.name)
            cells = ", ".join(
                f"CAST({quoted_name(each)} AS VARCHAR) AS {quoted_name(each)}" for each in headings
            )
            connection.execute(f"CREATE TABLE {into} AS SELECT row_number() OVER () AS source_row, {values.literal(path.name)} AS source_file, {cells} FROM ({query})")  # fmt: skip
        except (duckdb.Error, pa.ArrowException, OSError):
            raise InputError(
                "{name} is not a Parquet file that can be read; export it again", name=path.name
            ) from None
        return Raw(headings, [], [])
    if form in WORKBOOKS and is_book(path):
        rows, above = workbooks.rows_of(path, sheet)
        raw = _from_rows(rows, above, f"{path.name}, {sheet}", part)
        bounds.require_narrow(raw.headings, f"{path.name}, {sheet}")
        raw.notes += workbooks.what_is_hidden(path, sheet, width=max(map(len, rows[:LINES]), default=0), name=f"{path.name}, {sheet}")  # fmt: skip
        return raw
    data = decoding.read_bytes(path)
    if data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        parser = _Markup()
        parser.feed(decoding.decode(data, name=path.name, chinese=chinese).text)
        return _from_rows(parser.rows, 0, path.name, part)
    decoded = decoding.decode(data, name=path.name, chinese=chinese)
    raw = _from_text(delimited.plain_quotes(delimited.plain_ends(decoded.text)), path.name, part)
    bounds.require_narrow(raw.headings, path.name)
    note = decoded.note(name=path.name)
    raw.notes += [note] if note and not (chinese and decoded.is_chinese) else []
    return raw


def is_book(path: Path) -> bool:
    """Is it a workbook by its first bytes, whatever its name says?"""
    with path.open("rb") as file:
        return file.read(4).startswith(BOOKS)


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise InputError("{name} is no archive that can be read; export it again", name=path.name) from None


def _from_rows(rows: Sequence[Sequence[str | None]], above: int, name: str, part: int) -> Raw:
    tables = blocks.parts(rows)
    if part:
        if part > len(tables):
            raise InputError("{name} holds no table {part} any more", name=name, part=part)
        start, rows = tables[part - 1]
        above += start
    layout = layouts.find(rows)
    headings, notes = _headings(rows, layout, name)
    body, numbered = [], []
    first = layout.place + layout.depth if layout and not notes else 0
    for number, row in enumerate(rows[first:], start=above + first + 1):
        cells = [cell if cell and cell.strip() else None for cell in row][: len(headings)]
        if any(cells) and not _repeats(cells, headings):
            body.append([*cells, *[None] * (len(headings) - len(cells))])
            numbered.append(number)
    title = layout.title if layout and not notes else ""
    return _without_blank_columns(Raw(headings, body, numbered, title, None, notes, bool(notes), len(tables)))


def _headings(
    rows: layouts.Rows, layout: layouts.Layout | None, name: str
) -> tuple[list[str], list[Message]]:
    """The headings, or the columns counted, with what to tell of a table that has none; `InputError` where no table is."""
    width = layouts.headless(rows, layout)
    if width:
        note = Message("{name} has no headings: its columns, {first} to {last}, are told apart by what they hold", name=name, first=f"{COUNTED}1", last=f"{COUNTED}{width}")  # fmt: skip
        return [f"{COUNTED}{place + 1}" for place in range(width)], [note]
    if layout is None:
        raise _no_headings(name)
    return layouts.headings_of(rows, layout), []


def _repeats(cells: Sequence[str | None], headings: Sequence[str]) -> bool:
    """Is the row the headings once more, as at the top of a printed page?"""
    held = [(cell, heading) for cell, heading in zip(cells, headings, strict=False) if cell]
    return len(held) > 1 and all(cell.strip() == heading for cell, heading in held)


def _without_blank_columns(raw: Raw) -> Raw:
    """Columns without a heading keep their number as one where they hold something, and go where they do not."""
    filled = [any(row[place] for row in raw.rows) for place in range(len(raw.headings))]
    kept = [place for place, name in enumerate(raw.headings) if name or filled[place]]
    names = [raw.headings[place] or f"{COUNTED}{place + 1}" for place in kept]
    names = [f"{each} (2)" if each.casefold() in ADDED else each for each in names]
    if len(kept) < len(raw.headings):
        raw = replace(raw, rows=[[row[place] for place in kept] for row in raw.rows])
    return replace(raw, headings=names)


def _no_headings(name: str) -> InputError:
    return InputError(
        "{name}: no row of headings was found; write what each column holds into the first row", name=name
    )


def _from_text(text: str, name: str, part: int) -> Raw:
    lines = [line for line in text[:200_000].split("\n") if line.strip()][:LINES]
    if not lines:
        raise InputError("{name} is empty: its first line must name the columns", name=name)
    plain = signs.parted(text, lines, delimited.DELIMITERS)
    if plain is not None:
        return _cut_text(plain, signs.PLAIN, name, part)
    head = "\n".join(lines)
    cut = [[cells for _, cells, *_ in delimited.cut(head, sign, name)] for sign in delimited.DELIMITERS]
    return _cut_text(text, layouts.delimiter_by_shape(lines, cut), name, part)


def _cut_text(text: str, sign: str, name: str, part: int) -> Raw:
    gap = len(text) < MOST_PARTED and re.search(rf"\n[\s{re.escape(sign)}]*\n", text)
    if part or gap:
        rows = [cells for _, cells, *_ in delimited.cut(text, sign, name)]
        if part or len(blocks.parts(rows)) > 1:
            return _from_rows(rows, 0, name, part)
    first: list[tuple[int, list[str], int]] = []
    for number, cells, _, start in delimited.cut(text, sign, name):
        if any(cell.strip() for cell in cells):
            first.append((number, cells, start))
        if len(first) >= layouts.LOOKED_AT:
            break
    top = [cells for _, cells, _ in first]
    layout = layouts.find(top)
    headings, notes = _headings(top, layout, name)
    last = layout.place + layout.depth - 1 if layout and not notes else -1
    number, _, start = first[last + 1] if last + 1 < len(first) else (first[last][0] + 1, [], len(text))
    number -= 1
    body = text[start:]
    raw = Raw(
        headings, [], [], layout.title if layout and not notes else "", (text, sign), notes, bool(notes)
    )
    plain_heads = all(headings) and not re.search(r"\n[ \t]*\n|\x00", body)
    if plain_heads:
        return replace(raw, text=(body, sign), numbers=[number])
    padded: list[list[str | None]] = []
    numbered: list[int] = []
    for line, cells, _, _ in delimited.cut(body, sign, name, 0, number):
        fitted = [cell if cell.strip() else None for cell in cells][: len(headings)]
        if any(fitted):
            padded.append([*fitted, *[None] * (len(headings) - len(fitted))])
            numbered.append(line)
    return _without_blank_columns(replace(raw, rows=padded, numbers=numbered, text=None))


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
