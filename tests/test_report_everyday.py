"""Does an analyst's own notebook look in the pack as it does in Jupyter? One of everyday things, in three kinds of kernels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from salesnb.display.kit.bare import bare_table, spoken_figure, tidy
from salesnb.headlines import EVERYDAY_MIME
from salesnb.language import Language
from salesnb.report.execute import PageTask, run_page
from salesnb.report.export import page_content
from salesnb.report.kernels import Kernels
from tests.small_notebooks import write_notebook, write_workspace

SAY = Language("en")
MADE = """
import sys, warnings
import matplotlib.pyplot as plt, numpy as np, pandas as pd, seaborn as sns
from IPython.display import HTML, Image, Javascript, Markdown, Math, display
series = pd.Series([1.5, 2, 3], index=["a", "b", "c"], name="amount")
frame = pd.DataFrame({"region": ["East", "West"] * 8, "amount": range(16)})
"""
CELLS = {  # what is written → the kinds that stand on the page: pictures, tables, notes, other HTML
    "series.plot.barh()": "picture",
    "plt.plot([1, 2])\nplt.show()": "picture",
    "fig, ax = plt.subplots()\nax.plot([1, 2])\nax.set_title('Mine')\nfig": "picture",
    "sns.barplot(frame, x='region', y='amount')": "picture",
    "sns.relplot(frame, x='region', y='amount')": "picture",
    "frame.hist()": "picture",
    "frame.plot(subplots=True)": "picture",
    "%matplotlib inline\nplt.bar([1], [2]);": "picture",
    "plt.plot([1]), plt.figure(), plt.plot([2])": "picture picture",
    "frame": "table",
    "series": "table",
    "frame.groupby('region').amount.agg(['sum', 'mean'])": "table",
    "display(frame.head(2))\nframe.tail(1)": "table table",
    "frame.style.format({'amount': '{:.2f}'})": "html",
    "print('hello')": "note",
    "print('one', file=sys.stderr)\nprint('two')": "note",
    "1 + 1": "note",
    "'text'": "note",
    "{'a': [1, None]}": "note",
    "np.arange(3)": "note",
    "Math('x^2')": "note",
    "display(Markdown('**bold**'), HTML('<b>bold</b>'))": "html html",
    "!echo out": "note",
    "warnings.warn('careful')": "",
    "None": "",
    "1 + 1;": "",
    "%config InlineBackend.figure_formats = ['svg']\nplt.plot([3, 4])": "picture",
}
TAGGED = "print('for the analyst')"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_notebook(tmp_path_factory.mktemp("own") / "70_own.ipynb", MADE, *CELLS, TAGGED)
    node = nbformat.read(path, as_version=4)
    node.cells[-1].metadata["tags"] = ["remove-output"]
    nbformat.write(node, path)
    return path


@pytest.fixture(scope="module")
def forked(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    with Kernels() as kernels:
        return executed(notebook, tmp_path_factory.mktemp("forked"), kernels)


def executed(notebook: Path, out: Path, kernels: Kernels | None = None) -> nbformat.NotebookNode:
    task = PageTask(
        "70_own",
        notebook,
        out / "notebooks" / "70_own.ipynb",
        {"as_of": "2026-10-17", "outputs": str(out)},
        100,
        str(out),
        address=kernels.address if kernels else "",
        folder=str(kernels.folder if kernels else out),
        env=kernels.environment() if kernels else {},
    )
    run = run_page(task)
    assert run.complete, run.problem
    assert run.forked == (kernels is not None)
    node = nbformat.read(task.executed, as_version=4)
    node.cells = [cell for cell in node.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    return node


def kinds(node: nbformat.NotebookNode) -> list[tuple[str, list[list[str]]]]:
    """Each cell's outputs: what came, and in which kinds, but for the pack's own word beside them."""
    told = []
    for cell in node.cells:
        outputs = [
            [
                output.output_type,
                output.get("name", ""),
                *sorted(set(output.get("data", {})) - {EVERYDAY_MIME}),
            ]
            for output in cell.get("outputs", [])
        ]
        told.append((cell.source, outputs))
    return told


def test_every_kernel_shows_the_same_kinds_one_by_one(
    notebook: Path, forked: nbformat.NotebookNode, tmp_path: Path
) -> None:
    converted = tmp_path / "converted.ipynb"
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", str(notebook)]
    subprocess.run([*command, "--output", str(converted)], check=True, capture_output=True)
    by_nbconvert = kinds(nbformat.read(converted, as_version=4))
    assert sum("image/png" in output for _, outputs in by_nbconvert for output in outputs) == 11
    for ours in (kinds(forked), kinds(executed(notebook, tmp_path))):
        for mine, theirs in zip(ours, by_nbconvert, strict=True):
            assert mine == theirs


def test_what_is_seen_in_the_notebook_stands_on_the_page(forked: nbformat.NotebookNode) -> None:
    for cell in forked.cells[3:-1]:
        node = nbformat.v4.new_notebook(cells=[cell])
        shown = page_content(node, say=SAY, name="70_own").intro
        seen = ["picture"] * (shown.count("<img alt=") + shown.count("<svg role="))
        seen += ["table"] * shown.count('<figure class="ex">') + ["note"] * shown.count('<pre class="note">')
        wanted = [kind for kind in CELLS[cell.source].split() if kind != "html"]
        assert seen == wanted, cell.source
        assert bool(shown) == bool(CELLS[cell.source]), cell.source
    whole = page_content(forked, say=SAY, name="70_own")
    assert "for the analyst" not in whole.intro
    assert [str(each) for each in whole.left_out] == ["a warning: one", "a warning: UserWarning: careful"]


def test_a_bare_frame_is_whole_in_its_csv(notebook: Path, forked: nbformat.NotebookNode) -> None:
    content = page_content(forked, say=SAY, name="70_own")
    assert "The other 11 rows" in content.intro
    assert 'href="tables/70_own.table_1.csv"' in content.intro
    assert "a 1.50, b 2 and c 3" in content.intro  # the bars of the first picture, for who cannot see them


def test_what_no_page_can_show_is_told_on_the_console_and_in_run_json(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path / "w")
    write_notebook(
        tmp_path / "own" / "70_own.ipynb",
        MADE,
        "## What is mine?",
        "HTML('<p>kept<script>alert(1)</script><img src=\"https://example.com/a.png\"></p>')",
        "Javascript('1')",
        "ax = plt.subplots()[1]\nplt.close()\nax.set_title('closed')",
        "print(*range(60), sep='\\n')",
        "frame.amount.plot()",
        "pd.DataFrame({'=formula': ['=1+1']})",
    )
    command = [sys.executable, "-m", "salesnb", "report", str(workspace), "--month", "2026-10"]
    command += ["--notebooks", str(tmp_path / "own"), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pack = tmp_path / "out" / "2026-10"
    told = json.loads((pack / "run.json").read_text())["pages"]["70_own"]["left_out"]
    assert len(told) == 5
    for kind in ("<script>", "<img>", "application/javascript", "Text", "after the first 40: 20"):
        assert any(kind in each for each in told)
        assert kind in done.stdout.replace("\n", " ")
    page = (pack / "70_own.html").read_text()
    assert "kept" in page
    assert "<script" not in page
    assert "example.com" not in page
    assert 'src="data:image/png' in page
    assert (pack / "tables" / "70_own.table_1.csv").read_text("utf-8-sig") == "'=formula\n'=1+1\n"


def test_frames_of_any_shape_become_tables() -> None:
    day = pd.Timestamp("2026-10-31")
    index = pd.MultiIndex.from_tuples([("East", 1), ("West", 2)], names=["region", None])
    odd = pd.DataFrame({("a", "x"): [1.5, None], ("a", "y"): ["<b>", None]}, index=index)
    assert list(tidy(odd).columns) == ["region", "", "a · x", "a · y"]
    assert "&lt;b&gt;" in bare_table(tidy(odd), caption="T", say=SAY)
    assert list(tidy(pd.DataFrame([[1, 2]], columns=["a", "a"])).columns) == ["a (1)", "a (2)"]
    assert tidy(pd.DataFrame()).empty
    assert bare_table(tidy(pd.DataFrame()), caption="T", say=SAY) == ""
    dated = pd.DataFrame({"day": [day], "flag": [True], "set": [{1}], "z": [1 + 2j], "w": [10**12]})
    shown = bare_table(tidy(dated), caption="T", say=SAY)
    for text in ("31 Oct 2026", "True", "{1}", "(1+2j)", "1,000,000,000,000"):
        assert text in shown
    wide = pd.DataFrame(np.zeros((1, 40)))
    assert bare_table(tidy(wide), caption="T", say=SAY).count('<th scope="col"') == 10
    assert len(tidy(pd.Series([1, 2], index=["a", "b"]))) == 2


def test_a_picture_is_told_to_who_cannot_see_it() -> None:
    figure = Figure()
    ax = figure.subplots()
    ax.bar(["East", "West"], [3, 4], label="Orders")
    ax.set_title("East is behind", loc="left")
    ax.set_ylabel("Orders")
    said = spoken_figure(figure, SAY)
    assert said == "East is behind. axes: Orders. Orders: East 3 and West 4."
    assert spoken_figure(Figure(), SAY) == "A picture without a title"
    assert matplotlib.get_backend()
