"""What stands in an Excel workbook, sheet by sheet and row by row? Read as values; formulas give their last result."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import python_calamine
import yaml

from salesnb.errors import InputError
from salesnb.intake.decoding import MOST_TIMES, UNPACKED
from salesnb.intake.delimited import Record
from salesnb.plan_text import value_of


def sheet_names(path: Path) -> list[str]:
    """The names of the workbook's sheets."""
    return list(_open(path).sheet_names)


def read_records(
    path: Path, *, sheet: str | None, table: str, name: str
) -> tuple[list[str], Iterator[Record]]:
    """Headings and records of a sheet; without `sheet` that of the table's name, else the first one."""
    workbook = _open(path)
    names = list(workbook.sheet_names)
    chosen = sheet or next(
        (each for each in names if each.strip().casefold() == table), names[0] if names else None
    )
    if chosen is None:
        raise InputError("{name} has no sheet", name=name)
    try:
        content = workbook.get_sheet_by_name(chosen)
        top = content.start[0] if content.start else 0
        rows = content.to_python(skip_empty_area=True)
    except (python_calamine.CalamineError, ValueError) as error:
        raise InputError(
            "{name} cannot be read ({problem}); save the workbook again", name=name, problem=str(error)
        ) from None
    if not rows:
        raise InputError("{name} is empty: its first line must name the columns", name=name)
    headings = [_text(cell) or "" for cell in rows[0]]
    return headings, _records(rows[1:], top + 2)


def plan_sheet(path: Path) -> dict[object, object] | None:
    """The sheet named plan as settings: a key such as ``tiers.core.contact_days`` and its value a row; None without one."""
    workbook = _open(path)
    chosen = next((each for each in workbook.sheet_names if each.strip().casefold() == "plan"), None)
    if chosen is None:
        return None
    settings: dict[object, object] = {}
    for row in workbook.get_sheet_by_name(chosen).to_python(skip_empty_area=True):
        cells = [_text(cell) or "" for cell in row] + ["", ""]
        key, value = cells[0].strip(), cells[1].strip()
        if not key or key.startswith("#") or key.casefold() in ("key", "setting", "设置", "设置项"):
            continue
        place = settings
        *parents, last = key.split(".")
        for parent in parents:
            deeper = place.setdefault(_key(parent), {})
            if not isinstance(deeper, dict):
                raise InputError(
                    "{name}, sheet plan: {key} stands both as a value and as a group",
                    name=path.name,
                    key=parent,
                )
            place = deeper
        place[_key(last)] = _setting(value, path.name, key)
    return settings


def _setting(value: str, name: str, key: str) -> object:
    try:
        return value_of(value) if value else None
    except yaml.YAMLError:
        raise InputError(
            "{name}, sheet plan: the value of {key} cannot be read", name=name, key=key
        ) from None


def _key(text: str) -> object:
    return int(text) if text.isdigit() else text


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
    try:
        with path.open("rb") as file:
            _refuse_bomb(path, file)
            return python_calamine.CalamineWorkbook.from_filelike(file)
    except OSError as error:
        raise InputError(
            "{name} cannot be opened ({problem}); close it in Excel and try again",
            name=path.name,
            problem=error.strerror or str(error),
        ) from None
    except (python_calamine.CalamineError, ValueError, EOFError):
        raise InputError(
            "{name} is not an Excel workbook that can be read; save it as .xlsx without a password",
            name=path.name,
        ) from None


def _refuse_bomb(path: Path, file: BinaryIO) -> None:
    """A small file whose sheets unpack to gigabytes is no table, and is refused before it fills the memory."""
    if not zipfile.is_zipfile(file):
        file.seek(0)
        return
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(file).infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        unpacked = 0
    file.seek(0)
    if unpacked > max(UNPACKED, MOST_TIMES * path.stat().st_size):
        raise InputError(
            "{name} unpacks to more than {times:count} times its size, which no table does; export it again",
            name=path.name,
            times=MOST_TIMES,
        )


def is_workbook(path: Path) -> bool:
    """Is the path an Excel workbook by its name?"""
    return path.suffix.lower() in (".xlsx", ".xlsm") and path.is_file()
