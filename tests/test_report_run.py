"""Is a pack whole, made once, and left alone by whatever interrupts its making? Real runs on a small workspace."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import psutil
import pytest
from rich.console import Console

from salesnb.errors import InputError
from salesnb.headlines import HEADLINES
from salesnb.intake import facts
from salesnb.language import Language
from salesnb.report.making import longest_first
from salesnb.report.progress import Display
from salesnb.report.request import Outcome, Request
from salesnb.report.run import make_packs
from tests.small_notebooks import HAND_OVER, write_notebook, write_workspace

TARGETS, TEAM = "10_target_breakdown", "40_team_enablement"


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    workspace = write_workspace(tmp_path / "data")
    notebooks = tmp_path / "notebooks"
    shown = "from IPython.display import HTML\nHTML('<p>Ahead.</p>')"
    write_notebook(
        notebooks / f"{TARGETS}.ipynb", "## Where do we stand?", shown, "## What goes along?", HAND_OVER
    )
    write_notebook(notebooks / f"{TEAM}.ipynb", "## Who?", "'<b>not shown</b>'")
    return Request(str(workspace), date(2026, 10, 31), "", "en", tmp_path / "reports", notebooks)


def display(pages: int) -> Display:
    return Display(Console(quiet=True), say=Language("en"), pages=pages)


def make(requests: Sequence[Request], **options: object) -> list[Outcome]:
    return list(make_packs(requests, display=display, **options))  # type: ignore[arg-type]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def command(request: Request, *more: str) -> list[str]:
    place = ["--out", str(request.out), "--notebooks", str(request.notebooks), *more]
    return [sys.executable, "-m", "salesnb", "report", request.workspace, "--month", "2026-10", *place]


def leftovers(request: Request) -> list[str]:
    return [path.name for path in request.out.iterdir() if path.name.startswith(".")]


def wait_for(condition: Callable[[], bool], seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_pack_is_made_once_and_again_only_where_something_changed(request_: Request) -> None:
    (first,) = make([request_])
    place = request_.place
    assert not first.failed
    assert sorted(path.name for path in place.iterdir()) == [
        f"{TARGETS}.html", f"{TEAM}.html", "calls.json", "findings.json", "index.html", "metrics.json", "month.html", "notebooks", "rejected", "run.json", "tables",
    ]  # fmt: skip
    metrics = json.loads((place / "metrics.json").read_text())
    assert metrics["metrics"].keys() == HEADLINES.keys()
    assert metrics["metrics"]["bookings.month"]["value"] == 12.5
    assert all("reason" in entry for entry in metrics["metrics"].values() if entry["value"] is None)
    assert json.loads((place / "calls.json").read_text())["calls"][0]["id"] == "f1"
    page = (place / f"{TARGETS}.html").read_text()
    assert "Where do we stand?" in page
    assert "handed over" in page
    assert "publish_display_data" not in page
    assert "Small &amp; Sons" in page
    team = (place / f"{TEAM}.html").read_text()  # a bare value is a small note, as text
    assert "&lt;b&gt;not shown" in team
    assert "<b>not shown" not in team
    assert leftovers(request_) == []

    before = tree(place)
    (request_.out / ".2026-10.making").mkdir()  # of a run that was killed after its pack stood
    (request_.out / ".2026-10.lock").touch()
    began = time.monotonic()
    (second,) = make([request_])
    assert second.unchanged
    assert time.monotonic() - began < 2
    assert tree(place) == before
    assert leftovers(request_) == []

    write_notebook(request_.notebooks / f"{TEAM}.ipynb", "## Who?", "1 / 0")
    (third,) = make([request_])
    assert third.reused == [TARGETS]
    assert [run.page for run in third.failed] == [TEAM]
    assert third.was_complete
    failed = (place / f"{TEAM}.html").read_text()
    assert "ZeroDivisionError" in failed
    assert "incomplete" in failed
    assert json.loads((place / "metrics.json").read_text())["metrics"]["bookings.month"]["value"] == 12.5

    write_notebook(request_.notebooks / f"{TARGETS}.ipynb", "1 / 0")
    kept = tree(place)
    (fourth,) = make([request_])
    assert not fourth.replaced
    assert tree(place) == kept


def test_a_folder_that_is_no_pack_stops_a_run_before_anything_is_made(request_: Request) -> None:
    scoped = replace(request_, scope="region=East")
    scoped.place.mkdir(parents=True)
    (scoped.place / "notes.txt").write_text("precious")
    with pytest.raises(InputError, match="no pack of salesnb"):
        make([request_, scoped])
    assert tree(request_.out) == {"2026-10.region=East/notes.txt": b"precious"}
    assert not request_.place.exists()


def test_two_requests_for_one_folder_are_refused_and_do_not_wait_for_each_other(request_: Request) -> None:
    asked = [replace(request_, scope=scope) for scope in ("region=East", "region = east")]
    with pytest.raises(InputError, match="would be one folder"):
        make(asked)


def test_a_scope_that_is_asked_for_twice_is_made_once(request_: Request) -> None:
    scopes = ("--scope", "region=East", "--scope", "region = East", "--scope", " region=East ")
    done = subprocess.run(command(request_, *scopes), capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.count("index.html") == 1
    (pack,) = request_.out.iterdir()
    assert json.loads((pack / "metrics.json").read_text())["scope"] == "region=East"


CALL = '{"as_of": "2026-09-30", "calls": [{"id": "1", "kind": "deal", "amount": %s}]}'


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        CALL % ("9" * 400),
        CALL % "NaN",
        "[]",
        '{"calls": []}',
        '{"as_of": "2026-09-30", "calls": [{"id": 1}]}',
        "\xff",
    ],
)
def test_last_months_calls_that_cannot_be_read_cost_a_notice(broken: str, request_: Request) -> None:
    earlier = request_.out / "2026-09"
    earlier.mkdir(parents=True)
    (earlier / "metrics.json").write_text("{}")
    (earlier / "calls.json").write_bytes(broken.encode("latin-1"))
    (outcome,) = make([request_])
    assert not outcome.failed
    for page in ("index", TARGETS):
        assert "calls (2026-09/calls.json) cannot be read" in (request_.place / f"{page}.html").read_text()
    assert facts.earlier_calls(str(earlier)).empty


def test_an_analysts_own_pages_are_linked_whatever_their_names(request_: Request) -> None:
    names = ["70 mine & #1", "71 100%?", "72:x"]
    for name in names:
        write_notebook(
            request_.notebooks / f"{name}.ipynb", "## Who?", "raise ValueError" if "?" in name else "1"
        )
    make([request_])
    page = (request_.place / "71 100%?.html").read_text()
    links = {unquote(link) for link in re.findall(r'href="([^"#?]+)"', page)}
    assert {f"{name}.html" for name in names} <= links
    assert "notebooks/71 100%?.ipynb" in links


def test_packs_of_scopes_share_a_run_and_a_wrong_scope_touches_none(request_: Request) -> None:
    requests = [replace(request_, scope=scope) for scope in ("region=East", "region=West")]
    outcomes = make(requests)
    assert sorted(outcome.request.place.name for outcome in outcomes) == [
        "2026-10.region=East",
        "2026-10.region=West",
    ]
    assert json.loads((requests[1].place / "metrics.json").read_text())["scope"] == "region=West"
    with pytest.raises(InputError, match="did you mean East"):
        make([request_, replace(request_, scope="region=Eas")])
    assert not request_.place.exists()
    assert leftovers(request_) == []


def test_the_page_that_took_longest_last_month_runs_first(tmp_path: Path) -> None:
    pages = [tmp_path / f"{name}.ipynb" for name in ("10_a", "20_b", "30_c")]
    for page, size in zip(pages, (30, 20, 10), strict=True):
        page.write_text("x" * size)
    assert sorted(pages, key=longest_first({})) == pages
    known = {"pages": {"10_a": {"seconds": 1.0}, "20_b": {"seconds": 2.0}, "30_c": {"seconds": 9.0}}}
    assert sorted(pages, key=longest_first(known)) == pages[::-1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(request_: Request, tmp_path: Path, number: int) -> None:
    mark = tmp_path / "running"
    write_notebook(
        request_.notebooks / f"{TEAM}.ipynb",
        f"import time, os\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)",
    )
    # a shell's background job ignores interrupts, and so would its children
    heed = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    run = subprocess.Popen(command(request_), stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    assert wait_for(lambda: mark.exists() and bool(mark.read_text()))
    children = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(number)
    _, said = run.communicate(timeout=15)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
    assert wait_for(lambda: not any(child.is_running() for child in children), 5)
    assert not psutil.pid_exists(int(mark.read_text()))
    assert leftovers(request_) == []


def test_a_killed_run_spares_the_good_pack_and_the_next_run_clears_up(
    request_: Request, tmp_path: Path
) -> None:
    make([request_])
    good = tree(request_.place)
    mark = tmp_path / "running"
    write_notebook(
        request_.notebooks / f"{TEAM}.ipynb",
        f"import time, os\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)",
    )
    run = subprocess.Popen(command(request_))
    assert wait_for(lambda: mark.exists() and bool(mark.read_text()))
    children = psutil.Process(run.pid).children(recursive=True)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert wait_for(lambda: not any(child.is_running() for child in children), 5)
    assert tree(request_.place) == good
    write_notebook(request_.notebooks / f"{TEAM}.ipynb", "## Who?", "'<b>not shown</b>'", "1")
    (outcome,) = make([request_])
    assert not outcome.failed
    assert leftovers(request_) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server is a new interpreter")
@pytest.mark.parametrize("begin", [None, partial(os.close, 0)], ids=["as ever", "without standard input"])
def test_a_commands_server_is_a_fork_of_it_that_holds_none_of_its_files(
    begin: Callable[[], None] | None, request_: Request
) -> None:
    look = (
        "import base64, json, os\n"
        "server = f'/proc/{os.getppid()}'\n"
        "held = [open(f'{server}/cmdline').read(), [os.readlink(f'{server}/fd/{n}') for n in os.listdir(f'{server}/fd')]]\n"
        "print(base64.b64encode(json.dumps(held).encode()).decode())"  # as they are: a pack tells of no folder
    )
    write_notebook(request_.notebooks / f"{TARGETS}.ipynb", "## Who serves?", look)
    subprocess.run(command(request_), check=True, stdout=subprocess.DEVNULL, preexec_fn=begin)
    page = json.loads((request_.place / "notebooks" / f"{TARGETS}.ipynb").read_text())
    shown = next(cell["outputs"][0]["text"] for cell in reversed(page["cells"]) if cell.get("outputs"))
    line, files = json.loads(base64.b64decode("".join(shown)))
    assert line.split("\0")[1:4] == ["-m", "salesnb", "report"]
    assert os.devnull in files
    assert not [name for name in files if "lock" in name or str(request_.out) in name]


def test_of_two_runs_at_once_the_second_waits_and_finds_nothing_to_do(request_: Request) -> None:
    runs = [subprocess.Popen(command(request_), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("Nothing has changed" in each for each in said) == 1
    assert leftovers(request_) == []
