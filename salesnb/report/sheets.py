"""What does each person take into the weekly talk? A sheet a person in ``sheets/``, made from a finished pack's notebooks.

A sheet passes the gate of its own person (scope ``rep=…``): one that holds what is not theirs is withheld, and that is said.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from salesnb.answers import ASKED
from salesnb.display.calls.tables import ANSWERS
from salesnb.errors import without_machine
from salesnb.headlines import PARTS, Line
from salesnb.intake.facts.packs import decisions_of_year
from salesnb.intake.files import find_workspace
from salesnb.intake.workspace import open_book
from salesnb.language import Language, Message, marked
from salesnb.report import export, pages
from salesnb.report.contents import texts_of
from salesnb.report.gate import Gate
from salesnb.report.look import look_of
from salesnb.report.request import Request, safe_name

FOLDER = "sheets"
ANSWERED = 3  # answers that a sheet holds
ASKED_MONTHS = 3  # of packs whose decisions a weekly talk comes back to
ELSEWHERE = marked("Further answers that name others: {n:count}, in {file}")
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
    since = pd.Timestamp(request.as_of) - pd.DateOffset(months=ASKED_MONTHS)
    decisions = decisions_of_year(str(request.place), since=since)
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
        asked = decisions[decisions["owner"] == name] if (book.reps["rep_name"] == name).sum() == 1 else []
        given = [] if len(asked) == 0 else answers(asked, rep)
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


def answers(asked: pd.DataFrame, rep: str) -> list[Line]:
    """What a person answered last to the decisions that packs asked of them, then what still waits for an answer. `asked`: their
    rows of `decisions_of_year`."""
    said = asked[asked["answer"].notna()].sort_values("answered_on", ascending=False, na_position="last")
    lines = []
    for row in said.to_dict("records"):
        values = {"decision": str(row["text"]), "answer": Message(ANSWERS[row["answer"]])}
        note = str(row["note"]) if row["note"] and row["note"] == row["note"] else ""
        text = (
            Message("{decision}: {answer}", **values)
            if pd.isna(row["answered_on"])
            else Message("{decision}: {answer} on {day:day}", **values, day=row["answered_on"])
        )
        lines.append(Line(rep, "given", Message("{text} – {note}", text=text, note=note) if note else text))
    waiting = asked[asked["answer"].isna()].sort_values("made_on", ascending=False)
    open_ones = [
        Line(rep, "given", Message("{decision}: no answer yet", decision=text)) for text in waiting["text"]
    ]
    return [*lines, *open_ones][:ANSWERED]


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
