"""What stands in an Excel workbook, sheet by sheet and row by row? Read as values; formulas give their last result."""

from __future__ import annotations

import marshal
import re
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple

import yaml

from salesnb.errors import InputError, trouble
from salesnb.intake.reading import blocks, hidden, values, workbook_process
from salesnb.intake.reading.decoding import MOST_TIMES, UNPACKED, unpacks_too_far
from salesnb.intake.reading.delimited import MOST_ABOVE, Record
from salesnb.language import Message
from salesnb.plan.text import value_of

PLAN_SHEETS = ("plan", "设置", "计划", "方案", "einstellungen", "paramètres", "ajustes")
PLAN_KEYS = {
    "公司": "company",
    "公司名称": "company",
    "货币": "currency",
    "币种": "currency",
    "语言": "language",
    "国家": "country",
    "财年起始月": "fiscal_year_starts",
    "财年起始月份": "fiscal_year_starts",
}
PLAN_YEAR = re.compile(r"(\d{4})年(?:度|全年)?(?:销售)?目标")
PLAN_WORDS = {"中文": "zh", "英文": "en", "英语": "en", "中国": "CN", "人民币": "CNY"}
Find = Callable[[Sequence[Sequence[str | None]]], int | None]
# Microsoft's older container holds an old workbook, or one behind a password
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
LONGEST_READING = 2 * workbook_process.SECONDS  # by the clock: it may wait for a processor

Row = list[str | None]


class Answer(NamedTuple):
    """What the process says of a workbook: its sheets, those that are hidden, and of one the rows and how many stand above."""

    names: list[str]
    hidden: list[str]
    above: int
    rows: list[Row]


def sheet_names(path: Path) -> list[str]:
    """The names of the workbook's sheets."""
    return list(_names(path, path.stat().st_mtime_ns)[0] if path.exists() else _read(path).names)


def what_is_hidden(path: Path, sheet: str, *, width: int, name: str) -> list[Message]:
    """What to say of the sheet that was read, where it, its rows or its first `width` columns are hidden."""
    whole = path.exists() and sheet in _names(path, path.stat().st_mtime_ns)[1]
    return hidden.told(path, sheet, whole=whole, width=width, name=name)


@lru_cache(maxsize=64)
def _names(path: Path, changed: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """Every sheet and the hidden ones; asked for once as long as the file has not `changed`, however many are read."""
    answer = _read(path)
    return tuple(answer.names), frozenset(answer.hidden)


def headings(path: Path, sheet: str, *, name: str, find: Find) -> set[str]:
    """What the row of headings names, which `find` tells among a sheet's first; the first row where it tells none, nothing
    where the sheet is empty."""
    rows, _ = _rows(path, sheet, name, most=MOST_ABOVE)
    place = find(rows) or 0
    return {cell.strip() for row in rows[place : place + 1] for cell in row if cell}


def read_records(
    path: Path, *, sheet: str, name: str, find: Find
) -> tuple[list[str], Iterator[Record], int, list[Message]]:
    """Headings and records of a sheet, the number of the row of headings, which `find` tells among the first, and what somebody
    must know: of several tables on the sheet the one that `find` knows is read, hidden rows and columns are read, too."""
    rows, top = _rows(path, sheet, name)
    if not rows:
        raise InputError("{name} is empty: its first line must name the columns", name=name)
    notes = what_is_hidden(path, sheet, width=max(map(len, rows[:MOST_ABOVE])), name=name)
    tables = blocks.parts(rows)
    if len(tables) > 1:
        own = next((each for each in tables if find(each[1][:MOST_ABOVE]) is not None), tables[0])
        notes.append(Message("{name} holds {n:count} tables; only the one that begins in row {row} was read: give the others sheets of their own", name=name, n=len(tables), row=str(top + own[0] + 1)))  # fmt: skip
        top, rows = top + own[0], [list(row) for row in own[1]]
    place = find([[cell and values.seen(cell) for cell in row] for row in rows[:MOST_ABOVE]]) or 0
    written = [values.seen(cell or "").strip() for cell in rows[place]]
    above = top + place + 1
    return written, _records(rows[place + 1 :], above + 1), above if place else 1, notes


def rows_of(path: Path, sheet: str) -> tuple[list[Row], int]:
    """The rows of a sheet from the first that holds something, and how many stand above."""
    return _rows(path, sheet, f"{path.name}, {sheet}")


def _rows(path: Path, sheet: str, name: str, *, most: int = 0) -> tuple[list[Row], int]:
    """The rows of a sheet from the first that holds something, at `most` so many, and how many stand above."""
    answer = _read(path, sheet, name=name, most=most)
    return answer.rows, answer.above


def _read(path: Path, sheet: str = "", *, name: str = "", most: int = 0) -> Answer:
    """The sheets' names, the rows of `sheet` and how many stand above them, as a process of its own reads them."""
    _refuse_open_elsewhere(path)
    try:
        _refuse_strange(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise InputError(
            "{name} cannot be opened ({problem}); close it in Excel and try again",
            name=path.name,
            problem=trouble(error),
        ) from None
    command = [sys.executable, "-I", workbook_process.__file__, str(path), sheet, str(most)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        watch = threading.Timer(LONGEST_READING, process.kill)
        watch.start()
        try:
            answer = _answer(process.stdout, rows=bool(sheet)) if process.stdout else None
        finally:
            watch.cancel()
            process.stdout.close() if process.stdout else None
            status = process.wait()
    if answer is not None and status == 0:
        return answer
    if status == workbook_process.LONG_CELL:
        raise InputError(
            "{name}: a cell holds more than {most:count} signs, as no workbook of Excel can; export it again",
            name=name or path.name,
            most=workbook_process.LONGEST_CELL,
        )
    if status == workbook_process.UNREADABLE:
        if not sheet:
            raise _no_workbook(path)
        raise InputError("{name} is damaged; save the workbook again", name=name)
    raise InputError(
        "{name} takes more than {gigabytes:count} GB of memory or {seconds:count} seconds to read; delete stray values far from the table, or copy the table into a new workbook",
        name=name or path.name,
        gigabytes=workbook_process.MEMORY // 2**30,
        seconds=workbook_process.SECONDS,
    )


def _answer(stream: IO[bytes], *, rows: bool) -> Answer | None:
    """What the process wrote, as its first lines say; None where it came to its end before."""
    try:
        names, unseen, above, found = marshal.load(stream), marshal.load(stream), 0, []
        if rows:
            above = marshal.load(stream)
            while (block := marshal.load(stream)) is not None:
                found.extend(block)
    except (EOFError, ValueError, TypeError):
        return None
    return Answer(names, unseen, above, found)


def plan_sheet(path: Path) -> dict[object, object] | None:
    """The sheet named plan as settings: a key such as ``tiers.core.contact_days`` and its value a row; None without one."""
    named = [each for each in sheet_names(path) if each.strip().casefold() in PLAN_SHEETS]
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
        cells = [cell or "" for cell in row] + ["", ""]
        key, value = cells[0].strip(), cells[1].strip()
        if not key or key.startswith("#") or key.casefold() in ("key", "setting", "设置", "设置项"):
            continue
        place = settings
        if not value:  # a row of the form that nobody filled in
            continue
        *parents, last = _plan_path(key).split(".")
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


def plan_key(path: str, language: str) -> str:
    """What a form calls a setting in the reader's language; `plan_sheet` reads it back."""
    if language != "zh":
        return path
    year = re.fullmatch(r"targets\.(\d{4})\.amount", path)
    return (
        f"{year[1]}年目标" if year else next((key for key, name in PLAN_KEYS.items() if name == path), path)
    )


def _plan_path(key: str) -> str:
    year = PLAN_YEAR.fullmatch(key)
    return f"targets.{year[1]}.amount" if year else PLAN_KEYS.get(key, key)


def _both(name: str, key: str) -> InputError:
    return InputError("{name}, sheet plan: {key} stands both as a value and as a group", name=name, key=key)


def _setting(value: str, name: str, key: str) -> object:
    try:
        return value_of(PLAN_WORDS.get(value, value))
    except (yaml.YAMLError, RecursionError):
        raise InputError(
            "{name}, sheet plan: the value of {key} cannot be read", name=name, key=key
        ) from None


def _key(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else text


def _records(rows: Sequence[Row], first: int) -> Iterator[Record]:
    for number, cells in enumerate(rows, start=first):
        if any(cell and cell.strip() for cell in cells):
            yield Record(number, [cell and values.seen(cell) for cell in cells])


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
        return  # a workbook of an old Excel (.xls), which holds at most 65,536 rows
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bomb(path, package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError):
        raise _no_workbook(path) from None


def _refuse_bomb(path: Path, package: zipfile.ZipFile) -> None:
    """A small file must not unpack to gigabytes."""
    parts = package.infolist()
    if sum(part.file_size for part in parts) > max(UNPACKED, MOST_TIMES * path.stat().st_size):
        raise unpacks_too_far(path.name)
    if not any(part.filename in ("xl/workbook.xml", "content.xml") for part in parts):
        raise _no_workbook(path)
