"""Takes in what people wrote into a pack's actions.xlsx."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

from salesnb.answers import KINDS, keep_answers, key
from salesnb.calendars.days import read_day
from salesnb.errors import InputError
from salesnb.headlines import CALLS
from salesnb.language import LANGUAGES, Language
from salesnb.packs import is_pack, read_calls

MOST_ROWS = 10_000
LONGEST = 2_000  # letters of a note that are kept
HEADINGS = {
    "pack": "Pack", "id": "Id", "answer": "Answer (taken, not taken, later)", "by": "Answered by", "on": "Answered on", "note": "Note",
}  # fmt: skip
WORDS = {
    "taken": ("taken", "yes", "y", "done", "已采纳", "采纳", "是", "已执行", "执行", "同意"),
    "not taken": (
        "not taken",
        "no",
        "n",
        "rejected",
        "declined",
        "未采纳",
        "不采纳",
        "否",
        "不执行",
        "不同意",
    ),
    "later": ("later", "postponed", "推迟", "暂缓", "以后", "稍后"),
}


def take_in(folder: Path, file: Path) -> int:
    """Keeps the answers of a workbook beside the packs; how many. `folder`: a pack, or the folder that holds packs.

    `InputError` where the folder holds no pack, the file is no such workbook, or an answer cannot be read; nothing is kept then.
    """
    home = folder.parent if is_pack(folder) else folder
    known = _asked(home)
    if not known:
        raise InputError(
            "{folder} holds no pack; name the pack or the folder that holds the packs", folder=folder
        )
    given: dict[str, dict[str, dict[str, Any]]] = {}
    for number, row in _rows(file):
        if not row["answer"]:
            continue
        if row["id"] not in known.get(row["pack"], set()):
            raise InputError(
                "{file}, row {row:count}: no pack in {folder} asked for the decision {id} in {pack}",
                file=file.name, row=number, folder=home, id=row["id"] or "–", pack=row["pack"] or "–",
            )  # fmt: skip
        answer = {
            "answer": _word(row["answer"], file, number),
            "by": row["by"],
            "on": _day(row["on"], file, number),
        }
        given.setdefault(row["pack"], {})[row["id"]] = {**answer, "note": row["note"][:LONGEST]}
    keep_answers(home, given)
    return sum(len(answers) for answers in given.values())


def _asked(home: Path) -> dict[str, set[str]]:
    """Which decisions each pack of a folder asked for, by month and scope."""
    found: dict[str, set[str]] = {}
    for pack in sorted(home.iterdir()) if home.is_dir() else []:
        content = read_calls(pack) if pack.is_dir() and is_pack(pack) and (pack / CALLS).is_file() else None
        for call in (content or {}).get("calls", []):
            if call["kind"] == "decision" and content is not None:
                found.setdefault(key(content["month"], content["scope"]), set()).add(call["id"])
    return found


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of the first sheet by what their columns are, in any language, with their row numbers."""
    import openpyxl  # the other commands do without

    if not file.is_file():
        raise InputError("{file} does not exist", file=file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False)
        cells = [
            list(row) for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS, max_col=50, values_only=True)
        ]
    except (
        OSError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
        json.JSONDecodeError,
    ):
        raise InputError(
            "{file} is no workbook of a pack's decisions (actions.xlsx)", file=file.name
        ) from None
    except Exception as fault:  # what openpyxl raises of a file of another kind has no common class
        if type(fault).__name__ not in {"InvalidFileException", "ParseError", "XMLSyntaxError"}:
            raise
        raise InputError(
            "{file} is no workbook of a pack's decisions (actions.xlsx)", file=file.name
        ) from None
    heads = [str(cell or "").strip() for cell in cells[0]] if cells else []
    places = {}
    for name, label in HEADINGS.items():
        called = {Language(code)(label) for code in LANGUAGES}
        places[name] = next((at for at, head in enumerate(heads) if head in called), None)
    lacking = [
        HEADINGS[name] for name, at in places.items() if at is None and name in ("pack", "id", "answer")
    ]
    if lacking:
        raise InputError(
            "{file} lacks the columns {names:list} of a pack's actions.xlsx", file=file.name, names=lacking
        )
    return [
        (
            number,
            {
                name: "" if at is None else _text(row[at] if at < len(row) else None)
                for name, at in places.items()
            },
        )
        for number, row in enumerate(cells[1:], start=2)
    ]


def _text(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip().removeprefix("'")


def _word(answer: str, file: Path, row: int) -> str:
    said = answer.casefold()
    found = next((word for word, others in WORDS.items() if said in others), None)
    if found is None:
        raise InputError(
            "{file}, row {row:count}: the answer is {answer}, but must be one of {known:list}",
            file=file.name, row=row, answer=answer, known=list(KINDS),
        )  # fmt: skip
    return found


def _day(text: str, file: Path, row: int) -> str | None:
    if not text:
        return None
    try:
        return read_day(text).isoformat()
    except (InputError, ValueError):
        raise InputError(
            "{file}, row {row:count}: the day is {day}, but must be a day such as 2026-11-05", file=file.name, row=row, day=text
        ) from None  # fmt: skip
