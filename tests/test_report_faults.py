"""What becomes of a pack when the machine fails it? Whole runs of the command, each with a fault that really happens."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import AMOUNT, KEYS, MONTH, PAGES, Scene, kill_at_random, scene, wait_for

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system as Linux does")


@pytest.fixture
def stage() -> Iterator[Scene]:
    with scene() as made:
        made.sell(7)
        yield made


@contextmanager
def small_disk(place: Path, *, megabytes: int) -> Iterator[Path]:
    """A file system of its own at `place`; only root may mount one."""
    place.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk of its own needs the right to mount one (root has it)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def one_sentence(told: str) -> str:
    """What a run told, which must be one line without a traceback."""
    assert "Traceback" not in told
    lines = told.strip().splitlines()
    assert len(lines) == 1, told
    return lines[0]


def test_five_runs_killed_at_random_moments_leave_a_whole_pack_and_nothing_else() -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}: python -m tests.faults --kills 5 --seed {seed} strikes at the same moments")
    with scene() as stage:
        assert len(list(kill_at_random(stage, kills=5, seed=seed))) == 5


def test_a_run_whose_own_folder_is_removed_loses_the_pages_that_need_it_and_ends(stage: Scene) -> None:
    long = "wanted = " + repr("x" * 3000)  # the longest page runs first
    stage.page(PAGES[1], long, "import os, shutil\nshutil.rmtree(os.path.dirname(os.environ['IPYTHONDIR']))")
    ended = stage.run("--jobs", "1")
    assert ended.status == 1
    assert "Traceback" not in ended.told + ended.said
    run = json.loads((stage.place / "run.json").read_text())["pages"]
    assert {page: record["status"] for page, record in run.items()} == {
        PAGES[0]: "failed",
        PAGES[1]: "complete",
    }
    assert stage.clean()


def test_pages_that_fail_each_in_its_way_are_told_and_the_others_stand(stage: Scene) -> None:
    ways = {
        "20_customer_segmentation": "1 / 0",
        "30_funnel_diagnosis": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "50_risk_control": "while True: pass",
        "60_sprint_retrospective": "import numpy\nnumpy.ones(10**15)",
    }
    for page, cell in ways.items():
        stage.page(page, cell)
    ended = stage.run("--page-limit", "8")
    assert ended.status == 1
    assert "Traceback" not in ended.told + ended.said
    run = json.loads((stage.place / "run.json").read_text())["pages"]
    assert {page for page, record in run.items() if record["status"] == "failed"} == set(ways)
    words = ("ZeroDivisionError", "ended from outside", "longer than the 8 seconds", "more memory")
    for page, word in zip(ways, words, strict=True):
        text = (stage.place / f"{page}.html").read_text()
        main = text[text.index("<main") : text.index("</main")]
        assert word in main
        assert f"What of {page}?" in main
        for other in PAGES:  # what the others still show, with the way there
            assert f'href="{other}.html"' in main
        assert not any(f'href="{other}.html"' in main for other in ways)
        assert word in ended.said
    metrics = json.loads((stage.place / "metrics.json").read_text())["metrics"]
    assert {metrics[key]["value"] for key in KEYS.values()} == {7}
    assert stage.clean()


@LINUX
def test_a_disk_that_is_full_costs_a_sentence_and_never_the_good_pack(stage: Scene) -> None:
    with small_disk(stage.out, megabytes=12):
        assert stage.run().status == 0
        ballast = stage.out / "ballast"
        fill = f"import contextlib\nwith contextlib.suppress(OSError), open({str(ballast)!r}, 'wb', 0) as all:\n    while all.write(bytes(4096)): pass"
        for left in (0, 40_000, None):  # full at the first file, at the snapshot, and at the pages
            before = stage.amount()
            stage.sell(before + 1)
            page = stage.page(
                PAGES[1], *([fill] if left is None else []), AMOUNT.format(page=PAGES[1], key=KEYS[PAGES[1]])
            )
            if left is not None:
                free = os.statvfs(stage.out)
                ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - left)))
            ended = stage.run("--jobs", "1")
            assert ended.status in (1, 2)
            told = one_sentence(ended.told) if ended.told else ended.said  # or each page that was begun
            assert "disk is full" in told
            assert "Traceback" not in ended.said
            assert stage.amount() == before
            ballast.unlink()
            assert stage.clean(), (stage.leftovers(), stage.processes())
            if left is None:
                stage.page(page.stem, AMOUNT.format(page=page.stem, key=KEYS[page.stem]))
            assert stage.run().status == 0
            assert stage.amount() == before + 1


@LINUX
def test_an_output_that_can_only_be_read_is_one_sentence(stage: Scene) -> None:
    with small_disk(stage.out, megabytes=12):
        assert stage.run().status == 0
        stage.sell(8)
        subprocess.run(["mount", "-o", "remount,ro", str(stage.out)], check=True)
        ended = stage.run()
        assert ended.status == 2
        assert "the disk can only be read" in one_sentence(ended.told)
        assert stage.amount() == 7


def test_a_workspace_that_changes_while_it_is_read_is_refused_and_the_good_pack_stays(stage: Scene) -> None:
    assert stage.run().status == 0
    orders = stage.folder / "data" / "orders.csv"
    stop = threading.Event()

    def write() -> None:
        number = 3
        while not stop.wait(0.01):
            with orders.open("a") as file:
                file.write(f"{number},C1,2026-10-21,0\n")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        ended = stage.run()
    finally:
        stop.set()
        writer.join()
    assert ended.status == 2
    assert "changed while it was read" in one_sentence(ended.told)
    assert stage.amount() == 7
    assert stage.clean()


def test_a_workspace_that_changes_later_splits_no_pack_and_the_next_run_sees_it(stage: Scene) -> None:
    first, second = PAGES
    change = (
        "import pathlib\n"
        f"orders = pathlib.Path({str(stage.folder)!r}, 'data', 'orders.csv')\n"
        "orders.write_text(orders.read_text().replace(',7', ',9'))\n"
    )
    stage.page(first, change, AMOUNT.format(page=first, key=KEYS[first]))
    stage.page(second, change, AMOUNT.format(page=second, key=KEYS[second]))
    assert stage.run("--jobs", "1").status == 0
    assert stage.amount() == 7
    assert stage.run("--jobs", "1").status == 0
    assert stage.amount() == 9


def test_a_run_shows_what_runs_what_is_done_and_how_long_still_on_a_terminal(stage: Scene) -> None:
    pty = pytest.importorskip("pty", reason="a terminal to look at")
    for page in PAGES:
        stage.page(page, "import time\ntime.sleep(1.5)", AMOUNT.format(page=page, key=KEYS[page]))
    master, slave = pty.openpty()
    own = {**stage.environment(), "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
    run = subprocess.Popen(stage.command("--jobs", "1"), env=own, stdout=slave, stderr=slave)
    os.close(slave)
    shown = ""
    while True:
        try:
            read = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        shown += read.decode(errors="replace")
    os.close(master)
    assert run.wait() == 0
    moments = re.split(r"\x1b\[[0-9;]*[A-Za-z]|\r", shown)
    text = " ".join(moments)
    assert "\x1b[" in shown  # drawn over and over, in place
    for page in PAGES:
        assert re.search(rf"{page}.*[━╸╺ ]+ *\d/\d", text), page
        assert re.search(rf"\d/2 {page} done, [\d.]+ s \(about \d+ s left\)", text), page
    assert re.search(r"Pages .*1/2", text)
    assert re.search(r"\d+:\d\d", text)  # time left, as the display counts it down


def test_where_nobody_looks_a_run_prints_plain_lines(stage: Scene) -> None:
    ended = stage.run()
    assert "\x1b" not in ended.said
    lines = ended.said.splitlines()
    assert lines[0] == "Pages to render: 2"
    done = [re.fullmatch(r"(\d)/2 (\w+) done, [\d.]+ s \(about \d+ s left\)", line) for line in lines[1:3]]
    assert [found and found[1] for found in done] == ["1", "2"]
    assert lines[3] == str(stage.out / MONTH / "index.html")


def test_a_run_killed_with_its_server_leaves_nothing_that_the_next_command_does_not_clear(
    stage: Scene,
) -> None:
    assert stage.run().status == 0
    stage.sell(8)
    own = stage.folder / "tmp"
    for command in (stage.command(), [sys.executable, "-m", "salesnb", "check", str(stage.folder / "data")]):
        run = stage.start(command=command)
        assert wait_for(lambda: any(own.iterdir()))
        for process in stage.processes():
            process.kill()
        run.communicate()
        assert wait_for(lambda: not stage.processes())
        assert [path.name[:12] for path in own.iterdir()] == ["salesnb-run-"]
        assert stage.run().status == 0  # the second time, nothing has changed
        assert stage.clean(), stage.leftovers()


def test_a_temporary_folder_with_a_long_name_costs_nothing(stage: Scene) -> None:
    deep = stage.folder / "tmp" / ("d" * 90)
    deep.mkdir()
    run = subprocess.run(
        stage.command(),
        env={**stage.environment(), "TMPDIR": str(deep)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert stage.amount() == 7
    deep.rmdir()
    assert stage.clean()


def test_a_library_that_cannot_be_imported_is_one_sentence(stage: Scene) -> None:
    broken = stage.folder / "broken"
    broken.mkdir()
    (broken / "papermill.py").write_text("raise RuntimeError('half installed')")
    own = {**stage.environment(), "PYTHONPATH": str(broken)}
    run = subprocess.run(stage.command(), env=own, capture_output=True, text=True)
    assert run.returncode == 1
    assert "RuntimeError" in one_sentence(run.stderr)
