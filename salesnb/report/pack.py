"""What lies in a pack beside the pages? Numbers, calls, rejected rows and the manifest, all from the executed notebooks."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from salesnb import __version__
from salesnb.answers import ASKED
from salesnb.calendars.periods import end_early
from salesnb.errors import without_machine
from salesnb.findings import FINDINGS
from salesnb.headlines import CALLS, HEADLINES, MANIFEST, METRICS, MONTH, PAGES
from salesnb.intake.files import find_workspace
from salesnb.intake.workspace import Book
from salesnb.language import Language, Message, marked
from salesnb.language.formulas import unformulated_text
from salesnb.packs import read_calls
from salesnb.report import export, month, pages
from salesnb.report.asked import asked as asked_for_answers
from salesnb.report.execute import PageRun
from salesnb.report.gate import Gate
from salesnb.report.index import asked_for, navigation, paper_context, sentences
from salesnb.report.look import look_of
from salesnb.report.request import Request

READERS = marked("May be shown to")
ANSWERS = ("pulse",)  # tables of what employees say of themselves
NAMES = {
    "data": marked("Data"),
    "scope": marked("Scope"),
    "as_of": marked("Report day"),
}
METHODS = (
    marked(
        "What is dated after the report day has not happened: such orders are not counted, such invoices are unpaid."
    ),
    marked(
        "A scope filters every table first; tiers and fitted models are company-wide and filtered afterwards."
    ),
)
REJECTED = marked(
    "Rows that break a rule are left out and lie in the folder rejected with the reason; read = kept + rejected."
)
REJECTED_ELSEWHERE = marked(
    "Rows that break a rule are left out; the company's pack holds them with the reason. The counts are the company's."
)


def write_pack(
    folder: Path,
    *,
    request: Request,
    book: Book,
    runs: Mapping[str, PageRun],
    manifest: Mapping[str, Any],
    gate: Gate,
) -> dict[str, list[Message]]:
    """Everything of a pack that is not written by the notebooks themselves, into `folder`; gives what no page could show."""
    say = Language(request.language, currency=book.currency, unit=book.unit)
    failed = [page for page, run in runs.items() if not run.complete]
    contents = {
        page: export.read_page(folder / "notebooks" / f"{page}.ipynb", say=say, name=page) for page in runs
    }
    handed = {
        page: content.handed
        for page, content in contents.items()
        if page not in failed and content.handed is not None
    }
    own = {
        key: figure
        for page, content in contents.items()
        if page not in failed
        for key, figure in content.own.items()
    }
    _write_json(folder / METRICS, _metrics(request, handed, runs, say, own=own))
    calls = [call for content in handed.values() for call in content["calls"]]
    asked = [decision_call(decision) for decision in asked_for(handed)]
    _write_json(folder / CALLS, {**_when(request), "calls": calls + asked})
    if book_of_asked := asked_for_answers(asked, month=request.month, scope=request.scope, say=say):
        (folder / ASKED).write_bytes(book_of_asked)
    _write_json(folder / FINDINGS, _findings(request, handed))
    shutil.rmtree(folder / "calls", ignore_errors=True)
    (folder / "tables").mkdir(exist_ok=True)
    _write_rejected(folder / "rejected", book, say)
    shared = _frame(request, book, say)
    questions = {page: content.heading for page, content in contents.items()}
    for page, content in contents.items():
        html = _page_html(page, content, runs[page], shared, failed=failed, questions=questions, say=say)
        _write(folder / f"{page}.html", html)
    context = paper_context(
        handed,
        header=shared["header"],
        questions=questions,
        failed=failed,
        cover=_cover(request, book, manifest.get("versions", {}), gate, say),
        as_of=request.as_of,
        own_figures=own,
        own_answers={page: contents[page].answer for page in contents if page not in PAGES},
        chosen=book.plan.tiles,
        asked_before=_asked_before(request),
        say=say,
    )
    shared["notices"] = [*shared["notices"], *context.pop("untiled")]
    nav = _navigation("index", failed, list(runs), say)
    _write(folder / "index.html", pages.render("index.html.j2", say=say, nav=nav, **shared, **context))
    folded = {page: contents[page] for page in contents if page not in failed}
    _write(folder / MONTH, month.whole(folded, say=say, **shared, **context))
    left_out = {
        page: content.left_out
        for page, content in contents.items()
        if content.left_out and page not in failed
    }
    told = {
        page: {**record, "left_out": [str(each) for each in left_out.get(page, [])]}
        for page, record in manifest["pages"].items()
    }
    _write_json(
        folder / MANIFEST,
        {**manifest, "pages": told, "title": context["headline"], "sentences": sentences(handed)},
    )
    return left_out


def decision_call(decision: Mapping[str, Any]) -> dict[str, Any]:
    """A decision as calls.json keeps it, for the next pack to ask what became of it."""
    return {
        "id": decision["id"],
        "kind": "decision",
        "subject": decision.get("subject", ""),
        "probability": None,
        "amount": decision["at_stake"],
        "low": None,
        "high": None,
        "due": decision["due"],
        "text": decision["what"],
        "owner": decision["owner"],
    }


def _asked_before(request: Request) -> set[str]:
    """The ids of the decisions that last month's pack asked for."""
    earlier = read_calls(request.previous) if request.previous else None
    return {call["id"] for call in (earlier or {}).get("calls", []) if call["kind"] == "decision"}


def _when(request: Request) -> dict[str, str]:
    return {"month": request.month, "scope": request.scope, "as_of": request.as_of.isoformat()}


def _findings(request: Request, handed: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every verdict that the pages assert, with the page and the scope in which it does."""
    return [
        {"id": found["id"], "page": page, "scope": request.scope, **found}
        for page, content in handed.items()
        for found in content.get("findings", [])
    ]


def _metrics(
    request: Request,
    handed: Mapping[str, Mapping[str, Any]],
    runs: Mapping[str, PageRun],
    say: Language,
    *,
    own: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Every key of HEADLINES, then those of own pages: value, unit, label, page, and the reason where there is no value."""
    known = {key: figure for content in handed.values() for key, figure in content["figures"].items()}
    metrics: dict[str, dict[str, Any]] = {}
    for key, headline in HEADLINES.items():
        figure = known.get(key, {})
        entry = {
            "value": figure.get("value"),
            "unit": headline.unit,
            "label": say(headline.label),
            "page": headline.page,
        }
        if entry["value"] is None:
            entry["reason"] = figure.get("reason") or say(_absence(headline.page, runs))
        metrics[key] = entry
    for key, figure in own.items():
        metrics[key] = {
            name: value
            for name, value in figure.items()
            if name != "key" and (name, value) != ("target", None)
        }
    return {**_when(request), "metrics": metrics}


def _absence(page: str, runs: Mapping[str, PageRun]) -> Message:
    if page not in runs:
        return Message("The pack has no page {page}.", page=page)
    if not runs[page].complete:
        return Message("The page {page} is incomplete: {problem}", page=page, problem=runs[page].problem)
    return Message("The page {page} did not give this number.", page=page)


def _frame(request: Request, book: Book, say: Language) -> dict[str, Any]:
    """What all pages of the pack have in common."""
    notices = []
    if end_early(book.data_to, book.as_of, country=book.plan.country):
        notices.append(
            say(
                "The data end on {end:date}, before the report day {day:date}.",
                end=book.data_to,
                day=book.as_of,
            )
        )
    if request.previous is not None and read_calls(request.previous) is None:
        notices.append(
            say(
                "Last month's calls ({file}) cannot be read; nothing is held against them.",
                file=f"{request.previous.name}/{CALLS}",
            )
        )
    return {
        "header": {
            "company": book.plan.company,
            "month": say.month(request.as_of),
            "scope": book.scope.name if book.scope else say("whole company"),
            "as_of": say.date(request.as_of),
            "data_to": say.date(min(book.data_to, book.as_of)),
        },
        "notices": notices,
        "look": look_of(book.plan.brand, find_workspace(request.workspace), company=book.plan.company),
        "versions": say("Made with salesnb {version}.", version=__version__),
    }


def _page_html(
    page: str,
    content: export.Content,
    run: PageRun,
    shared: Mapping[str, Any],
    *,
    failed: list[str],
    questions: Mapping[str, str],
    say: Language,
) -> str:
    nav = _navigation(page, failed, list(questions), say)
    common = {
        **shared,
        "nav": nav,
        "heading": content.heading,
        "sections": [vars(section) for section in content.sections],
        "links": [
            {"href": quote(f"notebooks/{page}.ipynb"), "label": say("The analyst's edition of this page")}
        ],
    }
    if run.complete:
        return pages.render(
            "page.html.j2",
            say=say,
            **common,
            intro=content.intro,
            leads=content.leads,
            closing=content.closing,
        )
    if not content.sections and not content.intro:
        common["links"] = []
    problem = say(run.problem) if run.problem is not None else ""
    others = [
        {**item, "question": questions[item["page"]]}
        for item in nav
        if not item["failed"] and item["page"] != "index"
    ]
    return pages.render(
        "failed.html.j2",
        say=say,
        **common | {"sections": []},
        problem=problem,
        section=run.section,
        others=others,
    )


def _navigation(current: str, failed: list[str], there: list[str], say: Language) -> list[dict[str, Any]]:
    """The way through this pack: the pages that it has; an analyst's own ones last, under their file's name."""
    known = [
        item for item in navigation(current, say=say, failed=failed) if item["page"] in {"index", *there}
    ]
    own = [page for page in there if page not in PAGES]
    return known + [
        {
            "page": page,
            "href": quote(f"{page}.html"),
            "label": page,
            "current": page == current,
            "failed": page in failed,
        }
        for page in own
    ]


def _cover(
    request: Request, book: Book, versions: Mapping[str, str], gate: Gate, say: Language
) -> dict[str, Any]:
    span = say("{first:date} to {last:date}", first=book.data_from, last=book.data_to)
    return {
        "rows": [
            (say(NAMES["scope"]), str(book.scope) if book.scope else say("whole company")),
            (say(READERS), say(book.audience.reader, name=book.scope.name if book.scope else "")),
            (say(NAMES["as_of"]), say.date(request.as_of)),
            (say(NAMES["data"]), span),
            (say("Rows"), say(_rows_told(book))),
        ],
        "counts": book.counts.to_dict("records"),
        "suspicions": [say(message) for message in gate.kept(book.company_suspicions(), say)],
        "methods": [
            say(method) for method in (*METHODS, REJECTED if book.scope is None else REJECTED_ELSEWHERE)
        ],
        "versions": [("salesnb", __version__), *((name, versions[name]) for name in versions)],
    }


def _rows_told(book: Book) -> Message:
    """How many rows were kept and rejected, and for the whole company how much money the rejected ones name."""
    kept, rejected = int(book.counts["kept"].sum()), int(book.counts["rejected"].sum())
    if book.scope or not book.left_out:
        return Message("{kept:count} kept, {rejected:count} rejected", kept=kept, rejected=rejected)
    return Message(
        "{kept:count} kept, {rejected:count} rejected; the money of these: {sums:list}",
        kept=kept,
        rejected=rejected,
        sums=list(book.left_out.values()),
    )


def _write_rejected(folder: Path, book: Book, say: Language) -> None:
    """The rejected rows as they came, in the company's pack; of employees' answers only which rows, and why."""
    if book.scope is not None:
        return
    folder.mkdir(exist_ok=True)
    for row in book.counts.to_dict("records"):
        if row["rejected"]:
            frame = book.rejected(row["table"])
            if row["table"] in ANSWERS:
                frame = frame[["source_row", "reason"]]
            write_csv(
                folder / f"{row['table']}.csv",
                frame.columns,
                frame.itertuples(index=False, name=None),
                say=say,
            )


def write_csv(path: Path, heading: Iterable[str], rows: Iterable[Iterable[object]], *, say: Language) -> None:
    """UTF-8 with BOM, as Excel wants it; a cell that a spreadsheet would take for a formula is made text."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([unformulated_text(str(name)) for name in heading])
        for row in rows:
            writer.writerow([unformulated_text(_cell(value, say)) for value in row])


def _cell(value: object, say: Language) -> str:
    if isinstance(value, Message):
        return say(value)
    if value is None or value != value:
        return ""
    return value.isoformat()[:10] if isinstance(value, (dt.date, dt.datetime)) else str(value)


def _write_json(path: Path, content: object) -> None:
    _write(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def _write(path: Path, text: str) -> None:
    path.write_text(without_machine(text), encoding="utf-8")
