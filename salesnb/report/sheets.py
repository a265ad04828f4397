"""What does each person take into the weekly talk? A sheet a person in ``sheets/``, made from a finished pack's notebooks.

A sheet passes the gate of its own person (scope ``rep=…``): one that holds what is not theirs is withheld, and that is said.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesnb.answers import ASKED, SAID, key, read_answers
from salesnb.errors import without_machine
from salesnb.headlines import PARTS, Line
from salesnb.intake.files import find_workspace
from salesnb.intake.workspace import open_book
from salesnb.language import Language, Message, marked
from salesnb.packs import read_calls
from salesnb.report import export, pages
from salesnb.report.contents import texts_of
from salesnb.report.gate import Gate
from salesnb.report.look import look_of
from salesnb.report.request import Request, safe_name

FOLDER = "sheets"
ANSWERED = 3  # answers that a sheet holds
ELSEWHERE = marked("Further decisions, which name others: {n:count}, in {file}")
MOST = 5  # lines of a part: a sheet is one page
TITLES = {
    "number": marked("Number and pace"),
    "pay": marked("Pay to date"),
    "customers": marked("Customers this week"),
    "deals": marked("Deals this week"),
    "given": marked("Last answers"),
    "answers": marked("What was agreed"),
    "training": marked("Training"),
}


def write_sheets(request: Request) -> list[Message]:
    """Write a sheet for everybody of the pack's scope who is in a team today; gives what could not be written and why."""
    say = Language(request.language)
    with_scope = {"as_of": request.as_of.isoformat()}
    book = open_book(request.workspace, **with_scope, scope=request.scope)
    lines = _lines(request.place, say)
    decisions = asked_of_people(request)
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
        own = open_book(request.workspace, **with_scope, scope=f"rep={rep}")
        gate = Gate(own)
        alone = (book.reps["rep_name"] == name).sum() == 1  # a name that two have is nobody's
        given = answers([one for one in decisions if alone and one["owner"] == name], rep)
        kept = gate.kept([line.text for line in given if isinstance(line.text, Message)], say)
        told_here = [line.to_json(say) for line in given if line.text in kept]
        if len(told_here) < len(given):
            left = Line(rep, "given", Message(ELSEWHERE, n=len(given) - len(told_here), file=ASKED))
            told_here.append(left.to_json(say))
        shown = {
            "header": {**header, "scope": str(name)},
            "name": str(name),
            "parts": _parts([*lines, *told_here], rep, say),
        }
        page = pages.render("sheet.html.j2", say=say, nav=[], look=look, **shown)
        path = making / f"{safe_name(f'{name} {rep}')}.html"
        path.write_text(without_machine(page), encoding="utf-8")
        if gate.strangers({"sheet": texts_of(path)}):
            path.unlink()
            told.append(
                Message("The sheet of {name} was withheld: it held what is not theirs.", name=str(name))
            )
    shutil.rmtree(request.place / FOLDER, ignore_errors=True)
    making.rename(request.place / FOLDER)
    return told


def asked_of_people(request: Request) -> list[dict[str, Any]]:
    """The decisions that this pack and the one before asked for, each with what was answered last: id, text, owner, as_of, answer,
    on, note."""
    given = read_answers(request.out)
    found: dict[str, dict[str, Any]] = {}
    for pack in filter(None, (request.previous, request.place)):
        content = read_calls(pack) or {}
        said = given.get(key(str(content.get("month", "")), str(content.get("scope", ""))), {})
        for call in content.get("calls", []):
            if call["kind"] == "decision":
                told = said.get(call["id"]) or found.get(call["id"], {})
                answer = {name: told.get(name) for name in ("answer", "on", "note")}
                found[call["id"]] = {**call, "as_of": content["as_of"], **answer}
    return list(found.values())


def answers(asked: Sequence[Mapping[str, Any]], rep: str) -> list[Line]:
    """What a person answered last to the decisions `asked` of them, then what still waits for an answer."""
    said = sorted((one for one in asked if one["answer"]), key=lambda one: one["on"] or "", reverse=True)
    lines = []
    for one in said:
        word, day = SAID[one["answer"]], one["on"] and dt.date.fromisoformat(one["on"])
        values = {"decision": str(one["text"]), "answer": Message(word)}
        text = (
            Message("{decision}: {answer} on {day:day}", **values, day=day)
            if day
            else Message("{decision}: {answer}", **values)
        )
        noted = Message("{text} – {note}", text=text, note=one["note"]) if one["note"] else text
        lines.append(Line(rep, "given", noted))
    waiting = sorted((one for one in asked if not one["answer"]), key=lambda one: one["as_of"], reverse=True)
    for one in waiting:
        lines.append(Line(rep, "given", Message("{decision}: no answer yet", decision=str(one["text"]))))
    return lines[:ANSWERED]


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
