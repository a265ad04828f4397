"""What of a workbook does nobody see who opens it? Hidden sheets, rows and columns are read like the others, and told.

Hidden sheets are known of every form. Rows and columns are looked for in the newer one (.xlsx), whose parts are read piece by
piece, not as a whole; of .xls and .ods the library does not tell them, and that is said.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from html import unescape
from pathlib import Path

from salesnb.language import Message

PIECE = 1_000_000  # bytes that are looked at together
TAG = re.compile(
    rb"<(?:\w+:)?(row|col) ([^<>]*)>(?!\s*</(?:\w+:)?row>)"
)  # a row that holds something, a span of columns
SHEET = re.compile(rb"<(?:\w+:)?sheet ([^<>]*)>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship ([^<>]*)>")
GIVEN = re.compile(rb"([\w:]+)\s*=\s*\"([^\"]*)\"")


def told(path: Path, sheet: str, *, whole: bool, width: int, name: str) -> list[Message]:
    """What to say of the sheet that was read: of it as a `whole`, its rows that hold something, its first `width` columns."""
    if not path.exists():
        return []
    rows, columns = 0, list[tuple[int, int]]()
    notes = [Message("{name} is a hidden sheet and was read like the others", name=name)] if whole else []
    with suppress(
        OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError
    ):  # else the reading tells what is wrong
        found = _hidden(path, sheet, path.stat().st_mtime_ns)
        if found is None:
            return [*notes, Message("{name}: whether rows or columns are hidden cannot be told of this form; hidden ones are read like the others", name=path.name)]  # fmt: skip
        rows, columns = found
    n = sum(max(0, min(last, width) - first + 1) for first, last in columns)
    notes += (
        [Message("{name}: {n:count} hidden rows were read like the others", name=name, n=rows)]
        if rows
        else []
    )
    return notes + ([Message("{name}: {n:count} hidden columns were read like the others", name=name, n=n)] if n else [])  # fmt: skip


@lru_cache(maxsize=64)
def _hidden(path: Path, sheet: str, changed: int) -> tuple[int, list[tuple[int, int]]] | None:
    """How many of the sheet's rows are hidden, and from which column to which; None of a form that is not looked into; asked
    for once as long as the file has not `changed`."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as package:
        if "xl/workbook.xml" not in package.namelist():
            return None
        sheets = [_given(each) for each in SHEET.findall(package.read("xl/workbook.xml"))]
        own = next(
            (each for each in sheets if each.get("name") == sheet or (len(sheets) == 1 and not sheet)), {}
        )
        relations = {each["Id"]: each.get("Target", "") for found in RELATION.findall(package.read("xl/_rels/workbook.xml.rels")) if "Id" in (each := _given(found))}  # fmt: skip
        target = relations.get(next((value for key, value in own.items() if key.endswith(":id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        rows, columns = 0, list[tuple[int, int]]()
        for kind, tag in _tags(package, part) if part in package.namelist() else ():
            given = _given(tag)
            if given.get("hidden") not in ("1", "true"):
                continue
            if kind == b"col":
                columns.append((int(given.get("min", 1)), int(given.get("max", 1))))
            elif not tag.rstrip().endswith(b"/"):
                rows += 1
    return rows, columns


def _given(tag: bytes) -> dict[str, str]:
    return {key.decode(): unescape(value.decode("utf-8", "replace")) for key, value in GIVEN.findall(tag)}


def _tags(package: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, bytes]]:
    """The tags of rows and columns that speak of hiding."""
    with package.open(part) as stream:
        rest = b""
        while piece := stream.read(PIECE):
            held = rest + piece
            end = held.rfind(b"<")
            rest, held = (held[end:], held[:end]) if end >= 0 and len(held) - end < PIECE else (b"", held)
            if b"hidden=" in held:
                yield from ((kind, tag) for kind, tag in TAG.findall(held) if b"hidden=" in tag)
        yield from TAG.findall(rest)
