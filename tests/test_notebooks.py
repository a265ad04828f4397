"""Do the six notebooks read as essays: short lines, short cells, one call a thought, and what a cell makes is shown?"""

import ast
import json
import re
from pathlib import Path

import pytest

from salesnb.display.kit import lab
from salesnb.findings import Finding

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
LONGEST_LINE = 100
MOST_IMPORTS = 8
MOST_LINES = 12
LEAST_SHOWN = 0.9  # of the code cells: a section, a frame, a count or an assertion


def code_cells(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def lines(source: str) -> list[str]:
    return [line for line in source.splitlines() if line.strip() and not line.strip().startswith("#")]


def shows(source: str) -> bool:
    """Does the cell end with a value, or hold an assertion?"""
    body = ast.parse(source).body
    return isinstance(body[-1], ast.Expr) or any(isinstance(statement, ast.Assert) for statement in body)


def statistics(path: Path) -> dict[str, float]:
    _, imports, *cells = code_cells(path)
    text = "\n".join([imports, *cells])
    return {
        "lines": len(lines(text)),
        "longest": max(map(len, text.splitlines())),
        "imports": len(lines(imports)),
        "cells": len(cells),
        "most lines of a cell": max(len(lines(cell)) for cell in cells),
        "cells that show": sum(map(shows, cells)) / len(cells),
        "lines with as_of=": sum("as_of=" in line for line in lines(text)),
        "company=True": text.count("company=True"),
        "book.company": text.count("book.company."),
    }


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_within_the_limits_of_an_essay(path, capsys):
    found = statistics(path)
    with capsys.disabled():
        print(f"\n{path.stem}: " + ", ".join(f"{name} {value:.3g}" for name, value in found.items()))
    assert found["longest"] <= LONGEST_LINE
    assert found["imports"] <= MOST_IMPORTS
    assert found["most lines of a cell"] <= MOST_LINES
    assert found["cells that show"] >= LEAST_SHOWN
    assert not re.search(r"facts\.\w+\(book", "\n".join(code_cells(path))), (
        "a book hands out its frames by name"
    )


def test_what_a_cell_shows_to_its_author_is_no_part_of_the_page():
    """A value that is no section stands in a cell that keeps its outputs to itself."""
    loose = []
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code" or "remove-output" in cell["metadata"].get("tags", []):
                continue
            last = ast.parse("".join(cell["source"])).body[-1]
            if isinstance(last, ast.Expr) and not ast.unparse(last).startswith("page."):
                loose.append((path.stem, ast.unparse(last)))
    assert not loose


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_amounts_read_as_amounts_in_the_notebook(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [
        data for cell in cells for output in cell.get("outputs", []) for data in [output.get("data", {})]
    ]
    texts = ["".join(data.get("text/plain", "")) for data in shown if "text/html" in data]
    bare = [
        re.sub(r"[\[{(].*?[\]})]", "", text, flags=re.DOTALL) for text in texts
    ]  # what a cell holds besides a list
    assert [text for text in bare if re.search(r"\d\.\d+e[+-]\d", text)] == []


def test_records_are_rows_and_an_ordinary_list_stays_one():
    found = Finding("line.fell", "none", value=1234.5678, stated=0.05, unit="account", looks=5)
    rows = lab.listed([found] * 14)
    assert rows.count("<tr") == 1 + lab.SHOWN
    assert "1,235" in rows
    assert "12 / 14" in rows
    assert "<th>low" not in rows
    assert lab.listed([1, 2]) is lab.listed([]) is None
