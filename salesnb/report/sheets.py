"""What does each person take into the weekly talk? A sheet a person in ``sheets/``, made from a finished pack's notebooks.

A sheet passes the gate of its own person (scope ``rep=…``): one that holds what is not theirs is withheld, and that is said.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesnb.errors import without_machine
from salesnb.headlines import PARTS
from salesnb.intake.files import find_workspace
from salesnb.intake.workspace import open_book
from salesnb.language import Language, Message, marked
from salesnb.report import export, pages
from salesnb.report.contents import texts_of
from salesnb.report.gate import Gate
from salesnb.report.look import look_of
from salesnb.report.request import Request, safe_name

FOLDER = "sheets"
MOST = 5  # lines of a part: a sheet is one page
TITLES = {
    "number": marked("Number and pace"),
    "pay": marked("Pay to date"),
    "customers": marked("Customers this week"),
    "deals": marked("Deals this week"),
    "answers": marked("What was agreed"),
    "training": marked("Training"),
}


def write_sheets(request: Request) -> list[Message]:
    """Write a sheet for everybody of the pack's scope who is in a team today; gives what could not be written and why."""
    say = Language(request.language)
    with_scope = {"as_of": request.as_of.isoformat()}
    book = open_book(request.workspace, **with_scope, scope=request.scope)
    lines = _lines(request.place, say)
    look = look_of(book.plan.brand, find_workspace(request.workspace), company=book.plan.company)
    header = {
        "company": book.plan.company,
        "month": say.month(request.as_of),
        "scope": "",
        "as_of": say.date(request.as_of),
        "data_to": say.date(min(book.data_to, book.as_of)),
    }
    making, told = request.place / f".{FOLDER}", []
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    people = book.reps[book.reps["active"].astype(bool)] if "active" in book.reps else book.reps
    for rep, name in people[["rep_id", "rep_name"]].drop_duplicates("rep_id").itertuples(index=False):
        shown = {
            "header": {**header, "scope": str(name)},
            "name": str(name),
            "parts": _parts(lines, rep, say),
        }
        page = pages.render("sheet.html.j2", say=say, nav=[], look=look, **shown)
        path = making / f"{safe_name(f'{name} {rep}')}.html"
        path.write_text(without_machine(page), encoding="utf-8")
        own = open_book(request.workspace, **with_scope, scope=f"rep={rep}")
        if Gate(own).strangers({"sheet": texts_of(path)}):
            path.unlink()
            told.append(
                Message("The sheet of {name} was withheld: it held what is not theirs.", name=str(name))
            )
    shutil.rmtree(request.place / FOLDER, ignore_errors=True)
    making.rename(request.place / FOLDER)
    return told


def _lines(place: Path, say: Language) -> list[Mapping[str, Any]]:
    """What the pack's notebooks hand over for people."""
    return [
        line
        for path in sorted((place / "notebooks").glob("*.ipynb"))
        for line in (export.read_page(path, say=say, name=path.stem).handed or {}).get("lines", [])
    ]


def _parts(lines: Sequence[Mapping[str, Any]], rep: str, say: Language) -> list[dict[str, Any]]:
    own = [line for line in lines if line["rep_id"] == rep]
    return [
        {
            "title": say(TITLES[part]),
            "lines": [
                {**line, "amount": "" if line["amount"] is None else say.money(line["amount"])}
                for line in own
                if line["part"] == part
            ][:MOST],
        }
        for part in PARTS
    ]
