"""Kill runs at random moments, and see that nothing is lost and nothing stays. Run by `make faults`; five kills in the tests.

A `Scene` is a small workspace whose one number changes from run to run, with places of its own for packs, temporary files
and caches, and a mark in the environment by which every process of its runs is known.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil

from tests.small_notebooks import write_notebook, write_workspace

MARK = "SALESNB_TEST_SCENE"
PAGES = ("10_target_breakdown", "40_team_enablement")
MONTH = "2026-10"
AMOUNT = """
from IPython.display import publish_display_data
from salesnb.intake.workspace import open_book
book = open_book(workspace, as_of=as_of, scope=scope)
amount = int(book.table("orders").net_amount.sum().to_pandas())
publish_display_data({{
    "text/html": f"<p>amount={{amount}}</p>",
    "application/vnd.salesnb.figures+json": {{
        "page": "{page}", "language": language, "currency": "CNY", "leads": [f"{page} has amount={{amount}}."],
        "figures": {{"{key}": {{"value": amount, "unit": "money", "label": "Bookings"}}}},
        "history": {{}}, "decisions": [], "changes": [], "card": None, "calls": [],
    }}}})
"""
KEYS = {PAGES[0]: "bookings.month", PAGES[1]: "team.reps"}
STEPS = (
    f".{MONTH}.lock",
    f".{MONTH}.making",
    f".{MONTH}.making/notebooks/{PAGES[0]}.ipynb",
    f".{MONTH}.making/metrics.json",
    f".{MONTH}.making/index.html",
    f".{MONTH}.making/run.json",
)


@dataclass
class Scene:
    """Where the runs of one test take place; `folder` is short, because a socket's path must be."""

    folder: Path
    mark: str = field(default_factory=lambda: uuid4().hex)

    def __post_init__(self) -> None:
        for name in ("tmp", "cache", "reports"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        write_workspace(self.folder / "data")
        for page in PAGES:
            self.page(page, AMOUNT.format(page=page, key=KEYS[page]))

    @property
    def out(self) -> Path:
        return self.folder / "reports"

    @property
    def place(self) -> Path:
        return self.out / MONTH

    def page(self, name: str, *cells: str) -> Path:
        """Write the notebook `name` of the scene: a question, then a cell for each text."""
        return write_notebook(self.folder / "notebooks" / f"{name}.ipynb", f"## What of {name}?", *cells)

    def sell(self, amount: int) -> None:
        """From now on the workspace's orders add up to `amount`."""
        head = "order_id,account_id,ordered_on,net_amount\n"
        (self.folder / "data" / "orders.csv").write_text(
            f"{head}1,C1,2026-09-03,0\n2,C1,2026-10-20,{amount}\n"
        )

    def command(self, *more: str) -> list[str]:
        options = ["--month", MONTH, "--out", str(self.out), "--notebooks", str(self.folder / "notebooks")]
        return [sys.executable, "-m", "salesnb", "report", str(self.folder / "data"), *options, *more]

    def environment(self) -> dict[str, str]:
        own = {
            MARK: self.mark,
            "TMPDIR": str(self.folder / "tmp"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        return {**os.environ, **own}

    def start(self, *more: str, command: Sequence[str] = ()) -> subprocess.Popen[str]:
        """A run that is on its way; interrupts reach it even where the tests run in the background."""
        return subprocess.Popen(
            list(command) or self.command(*more),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_interrupts,
        )

    def run(self, *more: str, command: Sequence[str] = ()) -> Ended:
        """A run to its end."""
        process = self.start(*more, command=command)
        said, told = process.communicate(timeout=300)
        return Ended(process.returncode, said, told)

    def processes(self) -> list[psutil.Process]:
        """Every living process that a run of this scene has started, whoever its parent is by now."""
        return [process for process in psutil.process_iter() if self._ours(process)]

    def _ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(MARK) == self.mark
        except (psutil.Error, OSError):  # ended, a zombie, or another user's
            return False

    def leftovers(self) -> list[str]:
        """What lies about that is neither a pack nor wanted."""
        hidden = [path for path in self.out.iterdir() if path.name.startswith(".")]
        return sorted(str(path) for path in [*hidden, *(self.folder / "tmp").iterdir()])

    def clean(self) -> bool:
        """Nothing lies about and nothing runs; a process that was told to end has a moment to do so."""
        return wait_for(lambda: not self.processes(), 10) and not self.leftovers()

    def amount(self) -> int:
        """The number that the pack shows on every page alike; `AssertionError` where the pack is not whole."""
        texts = {path.name: path.read_text(encoding="utf-8") for path in self.place.glob("*.*")}
        files = {"index.html", "month.html", "metrics.json", "calls.json", "findings.json", "run.json"}
        wanted = {f"{page}.html" for page in PAGES} | files
        assert texts.keys() == wanted, f"a pack of {sorted(texts)}"
        assert {path.stem for path in (self.place / "notebooks").iterdir()} == set(PAGES)
        shown = {int(found) for text in texts.values() for found in re.findall(r"amount=(\d+)", text)}
        metrics = json.loads(texts["metrics.json"])["metrics"]
        shown |= {metrics[key]["value"] for key in KEYS.values()}
        assert len(shown) == 1, f"pages of several packs: {sorted(shown)}"
        pages = json.loads(texts["run.json"])["pages"]
        assert {page["status"] for page in pages.values()} == {"complete"}
        return shown.pop()


@dataclass(frozen=True)
class Ended:
    """A run that has ended: its status, what it printed, and what it told of faults."""

    status: int
    said: str
    told: str


def heed_interrupts() -> None:
    """A shell's background job ignores interrupts, and so would its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> bool:
    """Does `condition` come true within `seconds`? Long, because machines are busy; it takes no longer than it must."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def scene() -> Iterator[Scene]:
    """A scene in a folder with a short path, which goes with it, as do its processes."""
    with tempfile.TemporaryDirectory(prefix="s-", ignore_cleanup_errors=True) as folder:
        stage = Scene(Path(folder))
        try:
            yield stage
        finally:
            for process in stage.processes():
                process.kill()


def kill_at_random(stage: Scene, *, kills: int, seed: int) -> Iterator[str]:
    """Strike `kills` runs, half of them by the clock, half just after a step of theirs; yields a line for each.

    After each blow the pack that stands is whole, the old or the new one; the next run makes the new one, and then
    neither a file nor a process of the dead run is left.
    """
    chance = random.Random(seed)
    stage.sell(1)
    began = time.monotonic()
    first = stage.run()
    assert first.status == 0, first.told
    usual = time.monotonic() - began
    struck = 0
    while struck < kills:
        before = stage.amount()
        stage.sell(before + 1)
        moment = _strike(stage, chance, usual)
        stands = stage.amount()
        assert stands in (before, before + 1)
        after = stage.run()
        assert after.status == 0, after.told
        assert stage.amount() == before + 1
        assert stage.clean(), (stage.leftovers(), stage.processes())
        struck += bool(moment)
        if moment:
            yield f"{struck:>3}. {moment}: the {'old' if stands == before else 'new'} pack stood"


def _strike(stage: Scene, chance: random.Random, usual: float) -> str:
    """Start a run and kill it; says when, or nothing where it ended before the blow."""
    step = chance.choice(STEPS) if chance.random() < 0.5 else ""
    pause = chance.uniform(0, 0.03) if step else chance.uniform(0, 0.9 * usual)
    run = stage.start()
    wait_for(lambda: run.poll() is not None or not step or (stage.out / step).exists())
    time.sleep(pause)  # the moment is the subject here
    early = run.poll() is None
    run.kill()
    run.communicate()
    return f"killed {1000 * pause:.0f} ms after {step or 'its start'}" if early else ""


def main() -> None:
    """Kill, and print what stood."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed} (--seed {asked.seed} strikes at the same moments again)", flush=True)
    with scene() as stage:
        for line in kill_at_random(stage, kills=asked.kills, seed=asked.seed):
            print(line, flush=True)
    print(f"{asked.kills} kills: every pack whole, nothing left behind")


if __name__ == "__main__":
    main()
