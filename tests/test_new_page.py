"""Does `salesnb new-page` write a notebook that works, and does a folder of one's own work wherever it is moved?"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from salesnb.cli.new_page import write_page
from salesnb.cli.starter import write_starter
from salesnb.errors import InputError
from salesnb.intake.files import find_workspace, own_notebooks
from salesnb.language import Language
from tests.small_notebooks import write_workspace


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """A folder that `salesnb init` wrote, with a small company's data, moved."""
    write_starter(tmp_path / "first", source="demo", say=Language("en"))
    shutil.rmtree(tmp_path / "first" / "data")
    write_workspace(tmp_path / "first" / "data")
    (tmp_path / "elsewhere").mkdir()
    return Path(shutil.move(tmp_path / "first", tmp_path / "elsewhere" / "mine"))


def run(*command: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *map(str, command)], cwd=folder, capture_output=True, text=True, check=False)  # fmt: skip


def test_the_folder_itself_can_be_checked_and_reported_on(moved: Path) -> None:
    six = sorted((moved / "notebooks").glob("*.ipynb"))
    write_page("margins", folder=moved / "notebooks", code="")
    for path in six:
        path.unlink()
    assert "The workspace can be used." in run("salesnb", "check", ".", folder=moved).stdout
    done = run("salesnb", "report", ".", "--month", "2026-10", "--lang", "zh", folder=moved)
    assert done.returncode == 0, done.stdout + done.stderr
    pack = moved / "reports" / "2026-10.zh"
    assert json.loads((pack / "metrics.json").read_text())["metrics"]["own.margins"]["value"] == 1
    page = (pack / "70_margins.html").read_text(encoding="utf-8")
    assert "The ten largest customers bring 100% of what was booked." in page  # no Chinese, and complete
    assert (pack / "tables" / "70_margins.largest.csv").is_file()


@pytest.mark.parametrize("place", [".", "/"])
def test_a_notebook_finds_its_workspace_from_any_directory(moved: Path, place: str) -> None:
    path = write_page("margins", folder=moved / "notebooks", code="")
    out = moved / "out.ipynb"
    done = run("papermill", path, out, "--kernel", "python3", folder=moved / place)
    if place == "/" and not Path("/proc/self/cmdline").exists():
        pytest.skip("where a process has no /proc, papermill must be told with --cwd")
    assert done.returncode == 0, done.stderr
    texts = [text for cell in nbformat.read(out, as_version=4).cells for o in cell.get("outputs", []) for text in o.get("data", {}).values()]  # fmt: skip
    assert any("22.5" in str(text) or "One" in str(text) for text in texts)


def test_which_folder_stands_for_the_workspace_in_it(moved: Path, tmp_path: Path) -> None:
    assert find_workspace(moved) == (moved / "data").resolve()
    assert own_notebooks(moved) == moved / "notebooks"
    assert find_workspace(moved / "data") == (moved / "data").resolve()
    assert own_notebooks(moved / "data") is None
    write_starter(tmp_path / "form", source="excel", say=Language("en"))
    assert find_workspace(tmp_path / "form") == (tmp_path / "form" / "data" / "workspace.xlsx").resolve()
    other = tmp_path / "other"
    (other / "data").mkdir(parents=True)
    assert find_workspace(other) == other.resolve()


def test_names_and_numbers_of_new_pages(moved: Path) -> None:
    notebooks = moved / "notebooks"
    assert write_page("price war", folder=notebooks, code="zh").name == "70_price_war.ipynb"
    assert write_page("15_early.ipynb", folder=notebooks, code="").name == "15_early.ipynb"
    assert write_page("利润", folder=notebooks, code="zh").name == "80_利润.ipynb"
    text = (notebooks / "80_利润.ipynb").read_text(encoding="utf-8")
    assert "哪些客户贡献最多" in text
    assert 'language = \\"zh\\"' in text
    assert 'workspace = \\"../data\\"' in text
    for name, said in {
        "price war": "is there already, and nothing is overwritten",
        "../x": "a page is named after its notebook",
        "": "a page is named after its notebook",
    }.items():
        with pytest.raises(InputError, match=said):
            write_page(name, folder=notebooks, code="")
    with pytest.raises(InputError, match="does not exist"):
        write_page("x", folder=moved / "nowhere", code="")
