"""What stands in an Excel workbook, sheet by sheet and row by row? Read as values; formulas give their last result."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO

import python_calamine
import yaml

from salesnb.errors import InputError, trouble
from salesnb.intake.reading.decoding import MOST_TIMES, UNPACKED
from salesnb.intake.reading.delimited import Record
from salesnb.language import Message
from salesnb.plan.text import value_of

# Microsoft's older container holds an old workbook, or one behind a password
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
# the place of a cell that holds something
CELL = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["'](?![^>]{0,200}(?:/>|>\s*</))""")
# a place that makes a large rectangle possible: beyond column AZ or row 99,999
FAR = re.compile(rb"""\br=["'](?:[A-Z]{3}[0-9]|[B-Z][A-Z][0-9]|[A-Z]{1,2}[0-9]{6})""")
CHUNK = 1_000_000  # bytes
LARGE_SHEET = 5_000_000  # cells


def sheet_names(path: Path) -> list[str]:
    """The names of the workbook's sheets."""
    return list(_open(path).sheet_names)


def headings(path: Path, sheet: str, *, name: str) -> set[str]:
    """What the first row of a sheet names; nothing where the sheet is empty."""
    rows, _ = _rows(path, sheet, name, most=1)
    return {text.strip().casefold() for row in rows for cell in row if (text := _text(cell))}


def read_records(path: Path, *, sheet: str, name: str) -> tuple[list[str], Iterator[Record]]:
    """Headings and records of a sheet."""
    rows, top = _rows(path, sheet, name)
    if not rows:
        raise InputError("{name} is empty: its first line must name the columns", name=name)
    return [_text(cell) or "" for cell in rows[0]], _records(rows[1:], top + 2)


def _rows(
    path: Path, sheet: str, name: str, *, most: int | None = None
) -> tuple[Sequence[Sequence[object]], int]:
    """The rows of a sheet from the first that holds something, at `most` so many, and how many stand above."""
    workbook = _open(path)
    try:
        content = workbook.get_sheet_by_name(sheet)
        rows = content.to_python(skip_empty_area=True, nrows=most)
    except (python_calamine.CalamineError, ValueError):
        raise InputError("{name} is damaged; save the workbook again", name=name) from None
    return rows, content.start[0] if content.start else 0


def plan_sheet(path: Path) -> dict[object, object] | None:
    """The sheet named plan as settings: a key such as ``tiers.core.contact_days`` and its value a row; None without one."""
    workbook = _open(path)
    named = [each for each in workbook.sheet_names if each.strip().casefold() == "plan"]
    if not named:
        return None
    if len(named) > 1:
        raise InputError(
            "{first} and {second} both hold the table {table}; keep one",
            first=f"{path.name}, sheet {named[0]}",
            second=f"{path.name}, sheet {named[1]}",
            table="plan",
        )
    settings: dict[object, object] = {}
    rows, _ = _rows(path, named[0], path.name)
    for row in rows:
        cells = [_text(cell) or "" for cell in row] + ["", ""]
        key, value = cells[0].strip(), cells[1].strip()
        if not key or key.startswith("#") or key.casefold() in ("key", "setting", "设置", "设置项"):
            continue
        place = settings
        *parents, last = key.split(".")
        for parent in parents:
            deeper = place.setdefault(_key(parent), {})
            if not isinstance(deeper, dict):
                raise _both(path.name, parent)
            place = deeper
        if isinstance(place.get(_key(last)), dict):
            raise _both(path.name, last)
        if _key(last) in place:
            raise InputError(
                "{name}, sheet plan: {problem}",
                name=path.name,
                problem=Message("the key {key} stands twice", key=key),
            )
        place[_key(last)] = _setting(value, path.name, key)
    return settings


def _both(name: str, key: str) -> InputError:
    return InputError("{name}, sheet plan: {key} stands both as a value and as a group", name=name, key=key)


def _setting(value: str, name: str, key: str) -> object:
    try:
        return value_of(value) if value else None
    except (yaml.YAMLError, RecursionError):
        raise InputError(
            "{name}, sheet plan: the value of {key} cannot be read", name=name, key=key
        ) from None


def _key(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else text


def _records(rows: Sequence[Sequence[object]], first: int) -> Iterator[Record]:
    for number, row in enumerate(rows, start=first):
        cells = [_text(cell) for cell in row]
        if any(cell and cell.strip() for cell in cells):
            yield Record(number, cells)


def _text(cell: object) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    return str(cell)


def _open(path: Path) -> python_calamine.CalamineWorkbook:
    _refuse_open_elsewhere(path)
    try:
        with path.open("rb") as file:
            _refuse_strange(path, path.stat().st_mtime_ns)
            return python_calamine.CalamineWorkbook.from_filelike(file)
    except OSError as error:
        raise InputError(
            "{name} cannot be opened ({problem}); close it in Excel and try again",
            name=path.name,
            problem=trouble(error),
        ) from None
    except (python_calamine.CalamineError, ValueError, EOFError):
        raise _no_workbook(path) from None


def _no_workbook(path: Path) -> InputError:
    return InputError(
        "{name} is not an Excel workbook that can be read; save it as .xlsx again",
        name=path.name,
    )


def _refuse_open_elsewhere(path: Path) -> None:
    """What is being edited is not yet in the file: a pack of it would be of the day before yesterday."""
    for lock in (f"~${path.name}", f".~lock.{path.name}#"):
        if path.with_name(lock).exists():
            raise InputError(
                "{name} is open in Excel or LibreOffice; save and close it there (or delete {lock} where nobody has it open)",
                name=path.name,
                lock=lock,
            )


@lru_cache(maxsize=64)
def _refuse_strange(path: Path, changed: int) -> None:
    """Files of another kind, with a password, or made to fill the memory are refused before a sheet is read.

    Looked at once as long as the file has not `changed`, however many of its sheets are read.
    """
    with path.open("rb") as file:
        beginning = file.read(len(COMPOUND))
        if beginning == COMPOUND and "EncryptedPackage".encode("utf-16-le") in file.read():
            raise InputError("{name} is protected by a password; save it without one", name=path.name)
    if beginning == COMPOUND:
        raise InputError("{name} is a workbook of an old Excel (.xls); save it as .xlsx", name=path.name)
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bomb(path, package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError):
        raise _no_workbook(path) from None


def _refuse_bomb(path: Path, package: zipfile.ZipFile) -> None:
    """A small file must not unpack to gigabytes, nor two cells span a sheet that is held whole."""
    parts = package.infolist()
    if sum(part.file_size for part in parts) > max(UNPACKED, MOST_TIMES * path.stat().st_size):
        raise InputError(
            "{name} unpacks to more than {times:count} times its size, which no table does; export it again",
            name=path.name,
            times=MOST_TIMES,
        )
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise _no_workbook(path)
    for part in parts:
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            _refuse_far_cell(path, package, part)


def _refuse_far_cell(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """The sheet is held as a rectangle: a stray value in its last corner would make that 17 billion cells."""
    with package.open(part) as sheet:
        if not any(FAR.search(text) for text in _pieces(sheet)):
            return
    cells, rows, columns = 0, 1, 1
    with package.open(part) as sheet:
        for text in _pieces(sheet):
            found = CELL.findall(text)
            cells += len(found)
            rows = max([rows, *{int(row) for _, row in found}])
            columns = max([columns, *map(_column_number, {letters for letters, _ in found})])
    if rows * columns > LARGE_SHEET and rows * columns > MOST_TIMES * cells:
        raise InputError(
            "{name}: the sheet reaches to row {row:count} and column {column:count}, but hardly a cell is filled; delete the stray values far from the table",
            name=path.name,
            row=rows,
            column=columns,
        )


def _pieces(sheet: IO[bytes]) -> Iterator[bytes]:
    """The sheet piece by piece, none of which cuts a cell's opening from what follows it."""
    rest = b""
    while piece := sheet.read(CHUNK):
        text = rest + piece
        cut = max(text.rfind(b"r="), 0)
        yield text[:cut]
        rest = text[cut:] if len(text) - cut < CHUNK else b""
    yield rest


def _column_number(letters: bytes) -> int:
    """A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
