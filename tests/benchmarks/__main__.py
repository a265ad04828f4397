"""How fast is a pack, and how much memory does it take, against what a user would pick instead? Run by `make bench`.

Each comparison runs both ways in turn within one run and prints ratios: machines are noisy, their ratios less so.
`--quick` does each once; otherwise the best of three counts.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import Cost, best, measured

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
REGIONS = ("East", "North", "South", "West")


def loop(out: Path, *, scope: str = "") -> list[str]:
    """What a user would write: papermill, then nbconvert, one notebook after the other."""
    steps = []
    for notebook in NOTEBOOKS:
        done = out / notebook.name
        steps.append(
            f"{sys.executable} -m papermill {notebook} {done} -p workspace {ROOT / 'data/demo'} -p as_of 2026-10-31 "
            f"-p scope '{scope}' --no-progress-bar --log-level ERROR && "
            f"{sys.executable} -m jupyter nbconvert --to html --no-input --log-level ERROR {done}"
        )
    return ["bash", "-c", " && ".join(steps)]


def report(out: Path, *options: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "salesnb",
        "report",
        str(ROOT / "data/demo"),
        "--month",
        "2026-10",
        "--out",
        str(out),
        *options,
    ]


def line(name: str, ours: Cost, theirs: Cost) -> None:
    print(
        f"{name:<34} {theirs.wall / ours.wall:5.1f}× faster   CPU {theirs.cpu / ours.cpu:4.1f}× less   "
        f"peak {ours.peak / 2**20:,.0f} MB against {theirs.peak / 2**20:,.0f} MB   ({ours.wall:.1f} s against {theirs.wall:.1f} s)"
    )


def main() -> None:
    rounds = 1 if "--quick" in sys.argv else 3
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        plain, pack = best(
            rounds, lambda n: loop(_new(out, f"loop{n}")), lambda n: report(_new(out, f"pack{n}"), "--fresh")
        )
        line("the demo pack against the loop", pack, plain)

        again = measured(report(out / f"pack{rounds - 1}"))
        print(
            f"{'the same pack, nothing changed':<34} {plain.wall / again.wall:5.1f}× faster   ({again.wall:.1f} s)"
        )

        scopes = [option for region in REGIONS for option in ("--scope", f"region={region}")]
        batch = measured(report(_new(out, "batch"), *scopes, "--fresh"))
        per_pack = Cost(batch.wall / len(REGIONS), batch.cpu / len(REGIONS), batch.peak)
        line("a batch of scopes, per pack", per_pack, plain)


def _new(out: Path, name: str) -> Path:
    path = out / name
    path.mkdir()
    return path


if __name__ == "__main__":
    main()
