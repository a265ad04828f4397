"""`salesnb init DIR --from FILE`: what was understood of somebody's own files, and what to do next."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from salesnb.cli.checking import UNLOCKS, _line, _list, _title, show_rows
from salesnb.cli.refusals import locale_language
from salesnb.cli.starter import require_empty, write_notebooks
from salesnb.errors import InputError
from salesnb.intake import snapshot
from salesnb.intake.contents import read_contents
from salesnb.intake.foreign import telling
from salesnb.intake.foreign.answers import Ask, read_answers
from salesnb.intake.foreign.taking_in import TakenIn, take_in
from salesnb.language import Language, Message
from salesnb.report import locks


def start_from(
    folder: Path, paths: Sequence[Path], *, answers: Sequence[str], copy: bool, lang: str, console: Console
) -> None:
    """Writes the workspace of the files and says what was understood; `InputError` for what cannot be guessed."""
    given = read_answers(answers)
    require_empty(folder)
    there = folder.exists()
    try:
        taken = take_in(
            paths,
            folder / "data",
            answers=given,
            copy=copy,
            lang=lang,
            ask=_asker(lang),
            otherwise=locale_language(),
        )
    except BaseException:
        shutil.rmtree(folder / "data", ignore_errors=True)
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    say = Language(str(taken.settings["language"]))
    write_notebooks(folder, workspace="data", say=say)
    _line(console, say("{folder} is ready.", folder=folder))
    refusal = _tell(folder, taken, console, say)
    steps = [
        Message("Look at what was read: salesnb check {workspace}", workspace=folder / "data"),
        Message(
            "Render the last complete month: salesnb report {workspace} --notebooks {notebooks} --out {out}",
            workspace=folder / "data",
            notebooks=folder / "notebooks",
            out=folder / "reports",
        ),
        Message("Where something was misread: correct data/*.sql, or begin anew with --answer"),
    ]
    _list(console, say("What to do next"), [say(step) for step in steps])
    (folder / "README.md").write_text("\n\n".join(say(step) for step in steps) + "\n", encoding="utf-8")
    if refusal is not None:
        raise refusal


def _tell(folder: Path, taken: TakenIn, console: Console, say: Language) -> InputError | None:
    with locks.private_folder() as scratch:
        path = scratch / "understood.duckdb"
        try:
            snapshot.write_snapshot((folder / "data").resolve(), path)
        except InputError as refusal:
            _list(console, say("What was understood"), [say(each) for each in telling.understood(taken)])
            return refusal
        contents = read_contents(path)
        _list(console, say("What was read"), [say(each) for each in telling.tables_read(path, contents)])
        _list(console, say("Sums"), [say(each) for each in telling.sums(path, contents, taken)])
        for table, columns, rows in telling.first_rows(path, contents, taken):
            _title(console, say("The first rows of {table}, as read", table=table))
            show_rows(console, [say.our_name(each) for each in columns], rows)
        _list(console, say("What was understood"), [say(each) for each in telling.understood(taken)])
        unlocked = [
            say("{table}: {gain}", table=table, gain=say(UNLOCKS[table]))
            for table in contents.present
            if table in UNLOCKS
        ]
        _list(console, say("What this brings"), unlocked)
    return None


def _asker(lang: str) -> Ask | None:
    """Asks at a terminal; None where nobody sits there."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    say = Language(lang or locale_language())

    def ask(question: Message, choices: Sequence[str]) -> str:
        while True:
            answer = str(typer.prompt(say(question))).strip().lower()
            if answer in choices:
                return answer

    return ask
