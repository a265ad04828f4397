"""Is only that executed which has changed, wherever the clock stands? Counted by what the notebooks themselves write down."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from salesnb.intake.digests import fingerprint
from salesnb.language import Language
from salesnb.report import making
from salesnb.report.progress import Display
from salesnb.report.request import Request
from salesnb.report.run import make_packs
from tests.small_notebooks import HAND_OVER, write_notebook, write_workspace

ROOT = Path(__file__).parent.parent
TARGETS, TEAM = "10_target_breakdown", "40_team_enablement"
HEAVY = ("pandas", "duckdb", "ibis", "papermill", "matplotlib", "nbformat", "salesnb.report.making")


class Pack:
    """Two notebooks that note each time they are executed."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "executed"
        self.notebooks = folder / "notebooks"
        self.workspace = write_workspace(folder / "data")
        self.out = folder / "reports"
        for page in (TARGETS, TEAM):
            self.write(page, "## A question?")

    def write(self, page: str, *cells: str) -> None:
        note = f"with open({str(self.log)!r}, 'a') as log:\n    print({page!r}, file=log)"
        write_notebook(self.notebooks / f"{page}.ipynb", *cells, note, HAND_OVER)

    def executed(self, *, fresh: bool = False) -> list[str]:
        """Makes the pack; the pages that were executed for it."""
        self.log.write_text("")
        request = Request(str(self.workspace), date(2026, 10, 31), "", "en", self.out, self.notebooks)
        list(make_packs([request], fresh=fresh, display=silent))
        return sorted(self.log.read_text().split())


def silent(pages: int) -> Display:
    return Display(Console(quiet=True), say=Language("en"), pages=pages)


def test_only_what_has_changed_is_executed(tmp_path: Path) -> None:
    pack = Pack(tmp_path)
    assert pack.executed() == [TARGETS, TEAM]
    assert pack.executed() == []

    kept = (pack.out / "2026-10/notebooks" / f"{TARGETS}.ipynb").read_bytes()
    pack.write(TEAM, "## Another question?")
    assert pack.executed() == [TEAM]
    assert (pack.out / "2026-10/notebooks" / f"{TARGETS}.ipynb").read_bytes() == kept
    assert pack.executed() == []

    with (pack.workspace / "orders.csv").open("a") as orders:
        orders.write("4,C2,2026-10-21,1\n")
    assert pack.executed() == [TARGETS, TEAM]
    with (pack.workspace / "plan.yml").open("a") as plan:
        plan.write("hours_per_day: 6\n")
    assert pack.executed() == [TARGETS, TEAM]
    assert pack.executed(fresh=True) == [TARGETS, TEAM]


def test_a_pack_is_of_one_moment_also_where_the_data_change_while_a_run_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = Pack(tmp_path)
    pack.executed()
    pack.write(TEAM, "## Another question?")
    whole = making.make_snapshot

    def later(workspace: str, path: Path, *, moment: str | None) -> Path:
        with (pack.workspace / "orders.csv").open("a") as orders:
            orders.write("4,C2,2026-10-21,1\n")
        return whole(workspace, path, moment=moment)

    with monkeypatch.context() as patched:
        patched.setattr(making, "make_snapshot", later)
        assert pack.executed() == [TARGETS, TEAM]  # the page of the old data is not taken over
    marks = json.loads((pack.out / "2026-10/run.json").read_text())["fingerprints"]
    assert marks["data"] == fingerprint(pack.workspace)
    assert pack.executed() == []


@pytest.mark.parametrize(
    "lost", ["index.html", "metrics.json", "calls.json", "findings.json", f"{TEAM}.html"]
)
def test_a_pack_that_lost_a_file_is_made_whole_again(lost: str, tmp_path: Path) -> None:
    pack = Pack(tmp_path)
    pack.executed()
    (pack.out / "2026-10" / lost).unlink()
    assert TEAM in pack.executed()
    assert (pack.out / "2026-10" / lost).is_file()
    assert pack.executed() == []


@pytest.mark.parametrize(
    "manifest",
    [
        '{"fingerprints": null}',
        '{"fingerprints": {"notebooks": null}, "pages": {}}',
        '{"salesnb": "1", "fingerprints": {"notebooks": {}}, "pages": {"x": null}}',
        '{"fingerprints": {"notebooks": {}}, "pages": {"x": {"seconds": null}}}',
        '["fingerprints"]',
        '{"salesnb": "1", "finge',
    ],
)
def test_a_manifest_of_another_shape_counts_as_none(manifest: str, tmp_path: Path) -> None:
    pack = Pack(tmp_path)
    pack.executed()
    (pack.out / "2026-10/run.json").write_text(manifest)
    assert pack.executed() == [TARGETS, TEAM]


def test_nothing_that_makes_packs_is_imported_for_an_unchanged_one(tmp_path: Path) -> None:
    pack = Pack(tmp_path)
    pack.executed()
    given = ["--month", "2026-10", "--out", str(pack.out), "--notebooks", str(pack.notebooks)]
    code = (
        "import sys\n"
        "from salesnb.cli import main\n"
        "try:\n"
        f"    main(['report', {str(pack.workspace)!r}, *{given!r}])\n"
        "finally:\n"
        f"    print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Nothing has changed" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_clock_in_another_zone_changes_no_byte(zone: str, tmp_path: Path) -> None:
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    shutil.copy(ROOT / "notebooks/60_sprint_retrospective.ipynb", notebooks)
    packs = []
    for name in ("UTC", zone):
        out = tmp_path / name.replace("/", "-")
        given = [
            str(ROOT / "data/demo"),
            "--month",
            "2026-10",
            "--out",
            str(out),
            "--notebooks",
            str(notebooks),
        ]
        command = [sys.executable, "-m", "salesnb", "report", *given]
        subprocess.run(command, env={**os.environ, "TZ": name}, check=True, capture_output=True)
        packs.append(out / "2026-10")
    here, there = (
        {
            str(path.relative_to(pack)): path.read_bytes()
            for path in pack.rglob("*")
            if path.is_file()
            and path.suffix != ".ipynb"
            and path.name != "run.json"  # they say how long it took
        }
        for pack in packs
    )
    assert here == there
    cells = [
        [
            (cell["cell_type"], cell["source"], cell.get("outputs"))
            for cell in json.loads((pack / "notebooks/60_sprint_retrospective.ipynb").read_text())["cells"]
        ]
        for pack in packs
    ]
    assert cells[0] == cells[1]
