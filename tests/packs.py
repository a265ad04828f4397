"""Packs that several tests look at, each rendered once per run, whatever the number of test processes."""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True)
class Rendered:
    """A finished run of `salesnb report`: the pack's folder, exit status and what was printed."""

    folder: Path
    status: int
    printed: str

    @property
    def metrics(self) -> dict[str, dict[str, object]]:
        return json.loads((self.folder / "metrics.json").read_text(encoding="utf-8"))["metrics"]


def run_folder() -> Path:
    """What the test processes of this run share."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return Path(tempfile.gettempdir()) / f"salesnb-test-packs-{run}"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process of this run at a time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder as `make` fills it, by the first process that asks."""
    with alone(folder):
        if not folder.exists():
            make(aside := folder.with_name(f".{folder.name}"))
            aside.rename(folder)
    return folder


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name that `make` fills, once per run."""
    return once(run_folder() / "made" / name, make)


T = TypeVar("T")


def found_once(name: str, find: Callable[[], T]) -> T:
    """What `find` gives, asked once per run."""

    def keep(folder: Path) -> None:
        folder.mkdir()
        (folder / "found").write_bytes(pickle.dumps(find()))

    return pickle.loads((made_once(name, keep) / "found").read_bytes())


def rendered(workspace: str | Path, month: str, *options: str) -> Rendered:
    """The pack of a workspace's month; a second call with the same words, from any process of this run, reuses it."""
    words = "-".join((Path(workspace).name, month, *options)).replace("/", "_").replace("--", "")
    out = run_folder() / words
    with alone(out):
        out.mkdir(exist_ok=True)
        record = out / "run.json"
        if not record.exists():
            command = [
                sys.executable,
                "-m",
                "salesnb",
                "report",
                str(workspace),
                "--month",
                month,
                "--out",
                str(out),
                *options,
            ]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            folders = [path for path in out.iterdir() if path.is_dir() and not path.name.startswith(".")]
            kept = {
                "status": done.returncode,
                "printed": done.stdout + done.stderr,
                "folder": str(folders[0]) if folders else "",
            }
            record.write_text(json.dumps(kept), encoding="utf-8")
    kept = json.loads(record.read_text(encoding="utf-8"))
    return Rendered(Path(kept["folder"]), kept["status"], kept["printed"])
