"""How are packs made? One snapshot of the data, a kernel per notebook, several at once, and only what has changed."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from glob import escape
from pathlib import Path
from typing import Any

from salesnb import __version__
from salesnb.caching import FOLDER_VARIABLE
from salesnb.intake.cache import SCOPE_VARIABLE, SNAPSHOT_VARIABLE
from salesnb.intake.workspace import Book, facts_folder, held, make_snapshot, open_book
from salesnb.report import fingerprints, swap
from salesnb.report.execute import PageRun, PageTask, check_parameters, run_page
from salesnb.report.fingerprints import changed_pages
from salesnb.report.kernels import Kernels
from salesnb.report.progress import Display
from salesnb.report.request import Marks, Outcome, Request, find_notebooks


@dataclass
class _Pack:
    """A pack in the making."""

    request: Request
    folder: Path
    marks: Marks
    manifest: dict[str, Any]
    pages: list[Path]
    book: Book
    runs: dict[str, PageRun] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)


def make(
    changed: Sequence[tuple[Request, Marks]],
    kernels: Kernels,
    *,
    jobs: int,
    fresh: bool,
    limit: float,
    display: Callable[[int], Display],
    waiting: Callable[[Request], None],
) -> Iterator[Outcome]:
    out = changed[0][0].out
    _meanwhile(_import_papermill)
    with ExitStack() as stack:
        making = {
            request.place: stack.enter_context(
                swap.in_the_making(
                    request.place,
                    company=request.company,
                    waiting=lambda request=request: waiting(request),  # type: ignore[misc]
                )
            )
            for request, _ in sorted(
                changed, key=lambda pair: pair[0].place
            )  # one order: two runs cannot block each other
        }
        aside = stack.enter_context(swap.in_the_making(out / f"snapshot-{os.getpid()}"))
        workspace = changed[0][0].workspace
        moment = stack.enter_context(held(workspace))
        snapshot = make_snapshot(workspace, aside / "snapshot.duckdb", moment=moment)
        packs = []
        for request, noted in changed:
            book = stack.enter_context(_opened(request, snapshot))
            # what was looked at before may have changed since: the marks are those of what the pages will be made from
            data = noted["data"] if book.plan.source.url_env else book.fingerprint
            marks = fingerprints.marks_of(request, data)
            pages = find_notebooks(request.notebooks)
            check_parameters(pages, list(request.parameters(Path())))
            todo = None if fresh else changed_pages(request, marks)
            manifest = fingerprints.read_manifest(request.place)
            chosen = [page for page in pages if todo is None or page.stem in todo]
            chosen.sort(key=longest_first(manifest or _latest(out)))
            packs.append(_Pack(request, making[request.place], marks, manifest, chosen, book))
        env = {
            **kernels.environment(),
            SNAPSHOT_VARIABLE: str(snapshot),
            FOLDER_VARIABLE: str(aside / "cache"),
        }
        tasks = [
            PageTask(
                page=page.stem,
                notebook=page,
                executed=one.folder / "notebooks" / page.name,
                parameters=one.request.parameters(one.folder),
                limit=limit,
                cwd=str(Path.cwd()),
                address=kernels.address,
                folder=str(kernels.folder),
                env=env | {SCOPE_VARIABLE: one.request.scope},
            )
            for one in packs
            for page in one.pages
        ]
        by_folder = {one.folder: one for one in packs}
        _meanwhile(lambda: importlib.import_module("salesnb.report.pack"))  # while the pages run
        with display(len(tasks)) as shown:
            for one in [one for one in packs if not one.pages]:
                yield Outcome(one.request, unchanged=True)
            results = _run_all(tasks, jobs=jobs, shown=shown)
            try:
                for task, run in results:
                    shown.page(_label(task, packs, by_folder), seconds=run.seconds, complete=run.complete)
                    one = by_folder[task.executed.parent.parent]
                    one.runs[run.page] = run
                    if len(one.runs) == len(one.pages):
                        yield _finish(one)
            except BaseException:
                kernels.close()  # first of all: threads that wait for a kernel come to an end
                raise


def _import_papermill() -> None:
    """While the workspace is read: papermill, without a grammar of international addresses.

    jsonschema, which checks notebooks, would compile it for a second although no notebook holds such addresses; it does
    without where that package cannot be imported.
    """
    grammar = "rfc3987_syntax"
    absent = grammar not in sys.modules
    if absent:
        sys.modules[grammar] = None  # type: ignore[assignment]
    try:
        importlib.import_module("papermill")
    finally:
        if absent:
            del sys.modules[grammar]


def _meanwhile(work: Callable[[], object]) -> None:
    """Imports beside what the run does now; one that fails fails again, and is told, where the module is needed."""

    def silently() -> None:
        with suppress(Exception):
            work()

    threading.Thread(target=silently, daemon=True).start()


def _latest(out: Path) -> dict[str, Any]:
    """The run.json of the pack made last, of another month or scope; empty where there is none."""
    made = [(path.stat().st_mtime, path.parent) for path in out.glob(f"*/{fingerprints.MANIFEST}")]
    return fingerprints.read_manifest(max(made)[1]) if made else {}


def longest_first(manifest: dict[str, Any]) -> Callable[[Path], tuple[float, int]]:
    """The order in which the last page does not run alone: by the seconds that pages took before, else by their length."""
    pages = manifest.get("pages", {})

    def key(page: Path) -> tuple[float, int]:
        return -float(pages.get(page.stem, {}).get("seconds", 0)), -page.stat().st_size

    return key


def _run_all(tasks: Sequence[PageTask], *, jobs: int, shown: Display) -> Iterator[tuple[PageTask, PageRun]]:
    """Through joblib, so that `joblib.parallel_config` puts the pages on a cluster; here, on threads that watch kernels.

    One page more than there are cores: while a kernel begins or ends, its core computes for another.
    """
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs or cores() + 1, prefer="threads", return_as="generator_unordered")
    yield from parallel(delayed(_run)(task, shown) for task in tasks)


def _run(task: PageTask, shown: Display) -> tuple[PageTask, PageRun]:
    return task, run_page(task, shown.cell)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _finish(one: _Pack) -> Outcome:
    """Take over the unchanged pages, write the rest of the pack and put it in its place."""
    from salesnb.report import pack
    from salesnb.report.gate import Gate

    gate = Gate(one.book)
    before = one.manifest.get("pages", {})
    names = [path.stem for path in find_notebooks(one.request.notebooks)]
    reused = [name for name in names if name not in one.runs]
    for name in reused:
        _take_over(name, one.request.place, one.folder)
    runs = {
        name: one.runs.get(name) or PageRun(name, before.get(name, {}).get("seconds", 0.0), forked=False)
        for name in names
    }
    runs = gate.pages(one.folder, runs)
    good = [name for name, page in before.items() if page.get("status") == "complete"]
    outcome = Outcome(
        one.request, runs=runs, reused=reused, was_complete=bool(good) and len(good) == len(before)
    )
    if good and len(outcome.failed) == len(runs):
        return replace(outcome, replaced=False)
    manifest = {
        "salesnb": __version__,
        "company": one.book.plan.company,
        "parameters": one.request.parameters(Path()) | {"outputs": ""},
        "fingerprints": one.marks,
        "versions": fingerprints.versions(),
        "seconds": round(time.monotonic() - one.began, 3),
        "data": {"from": f"{one.book.data_from:%Y-%m-%d}", "to": f"{one.book.data_to:%Y-%m-%d}"},
        "rows": one.book.counts.to_dict("records"),
        "pages": {name: _page_record(run, name in reused) for name, run in runs.items()},
    }
    left_out = pack.write_pack(
        one.folder, request=one.request, book=one.book, runs=runs, manifest=manifest, gate=gate
    )
    gate.whole(one.folder, runs)
    swap.swap_in(one.folder, one.request.place, company=one.request.company)
    return replace(outcome, left_out=left_out)


def _page_record(run: PageRun, reused: bool) -> dict[str, Any]:
    record: dict[str, Any] = {
        "status": "complete" if run.complete else "failed",
        "seconds": run.seconds,
        "reused": reused,
    }
    if not run.complete:
        record |= {"problem": str(run.problem), "section": run.section, "detail": run.detail}
    return record


def _take_over(page: str, place: Path, folder: Path) -> None:
    for path in [place / "notebooks" / f"{page}.ipynb", *(place / "tables").glob(f"{escape(page)}.*")]:
        target = folder / path.relative_to(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def _label(task: PageTask, packs: Sequence[_Pack], by_folder: dict[Path, _Pack]) -> str:
    name = by_folder[task.executed.parent.parent].request.name
    return task.page if len(packs) == 1 else f"{name} {task.page}"


@contextmanager
def _opened(request: Request, snapshot: Path) -> Iterator[Book]:
    book = open_book(snapshot, as_of=request.as_of.isoformat(), scope=request.scope)
    try:
        yield replace(
            book, kept=facts_folder(snapshot)
        )  # what the pages ask for, the gate need not ask again
    finally:
        book.connection.disconnect()
