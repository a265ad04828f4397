"""What does `salesnb report` ask for, and what does it tell about each pack?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from salesnb import resources
from salesnb.calendars.days import read_day
from salesnb.errors import InputError
from salesnb.intake.digests import read_workspace_plan
from salesnb.intake.files import find_workspace, own_notebooks
from salesnb.language import LANGUAGES, Language
from salesnb.report.look import look_of
from salesnb.report.printing import print_month
from salesnb.report.request import Outcome, Request, normal_scope, same_place


def read_requests(
    workspace: str,
    *,
    month: str,
    as_of: str,
    scopes: Sequence[str],
    lang: str,
    out: Path,
    notebooks: Path | None,
) -> list[Request]:
    """One request per scope, one that is asked for twice once; `InputError` for what cannot be meant."""
    if month and as_of:
        raise InputError(
            "say which month, as --month 2026-10, or up to which day, as --as-of 2026-10-17: one of the two"
        )
    if month and month.strip() != "last" and len(month.strip()) != len("2026-10"):
        raise InputError(
            "--month must be a month such as 2026-10, but is {month}; for a day use --as-of", month=month
        )
    if as_of and len(as_of.strip()) != len("2026-10-17"):
        raise InputError(
            "--as-of must be a day such as 2026-10-17, but is {day}; for a month use --month", day=as_of
        )
    if lang and lang not in LANGUAGES:
        raise InputError(
            "--lang must be one of {known:list}, but is {code}", known=list(LANGUAGES), code=lang
        )
    month = "" if month.strip() == "last" else month
    day = read_day(month or as_of) if month or as_of else last_month_of(workspace)
    folder = find_workspace(workspace)
    plan = read_workspace_plan(folder)
    look_of(
        plan.brand, folder, company=plan.company
    )  # a logo that cannot be used is told before anything runs
    requests = [
        Request(
            workspace=workspace,
            as_of=day,
            scope=normal_scope(scope),
            language=lang or plan.language,
            out=out,
            notebooks=notebooks or own_notebooks(workspace) or resources.notebooks(),
            plan_language=plan.language,
            company=plan.company,
        )
        for scope in scopes
    ]
    once: dict[str, Request] = {}
    for request in requests:
        once.setdefault(same_place(request), request)
    return list(once.values())


def last_month_of(workspace: str) -> dt.date:
    """The last day of the last month that the workspace's data hold whole."""
    from salesnb.intake.workspace import open_book  # the engine is needed for nothing else here

    return open_book(workspace, as_of="").as_of.date()


def start_line(pages: int, *, say: Language) -> str:
    """The first line of a run."""
    return say("Pages to render: {pages:count}", pages=pages)


def show_outcome(
    outcome: Outcome, *, console: Console, say: Language, pdf: bool = False, sheets: bool = False
) -> None:
    """What became of a pack: failed pages in words, then the path of its first page."""
    lines = []
    if outcome.unchanged:
        lines.append(say("Nothing has changed since this pack was made; --fresh renders it again."))
    elif outcome.reused:
        lines.append(say("Unchanged pages taken over: {pages:list}", pages=outcome.reused))
    for run in outcome.failed:
        lines.append(say("{page} is incomplete: {problem}", page=run.page, problem=run.problem))
    for page, messages in outcome.left_out.items():
        told = [say(message) for message in messages]
        once = [
            f"{each} (×{told.count(each)})" if told.count(each) > 1 else each for each in dict.fromkeys(told)
        ]
        lines.append(say("{page} shows in the notebook alone: {what:list}", page=page, what=once))
    if not outcome.replaced:
        lines.append(say("No page came through; the earlier pack was left as it is."))
    elif outcome.failed and outcome.was_complete:
        lines.append(say("The earlier, complete pack was replaced."))
    if sheets and outcome.replaced:
        from salesnb.report.sheets import (
            write_sheets,
        )  # what makes sheets needs pandas and Ibis, as the pages do

        lines += [say(told) for told in write_sheets(outcome.request)]
        lines.append(str(outcome.request.place / "sheets"))
    if pdf and outcome.replaced:
        try:
            lines.append(str(print_month(outcome.request.place)))
        except InputError as error:  # the pack stands; it only lacks its paper
            lines.append(say(error.message))
    lines.append(str(outcome.request.place / "index.html"))
    for line in lines:
        console.print(line, highlight=False, markup=False)
