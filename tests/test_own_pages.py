"""Does a notebook of one's own become a page of the pack, with its numbers, its tile and its card?"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import salesnb as sb
from tests.small_notebooks import write_notebook, write_workspace

OPEN = """
import matplotlib.pyplot as plt
import salesnb as sb
book = sb.open(workspace, as_of=as_of, scope=scope)
page = sb.Page("70_margins", book, language=language, outputs=outputs)
frame = book.sql("SELECT order_id, net_amount FROM orders ORDER BY 1")
ax = frame.plot.bar(x="order_id", y="net_amount")
"""


def report(folder: Path, *cells: str, plan: str = "") -> tuple[Path, str]:
    workspace = write_workspace(folder / "w")
    with (workspace / "plan.yml").open("a") as file:
        file.write(plan)
    write_notebook(folder / "own" / "70_margins.ipynb", OPEN, *cells)
    command = [sys.executable, "-m", "salesnb", "report", str(workspace), "--month", "2026-10"]
    command += ["--notebooks", str(folder / "own"), "--out", str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out" / "2026-10", done.stdout


def test_a_notebook_of_ones_own_is_a_page(tmp_path: Path) -> None:
    pack, _ = report(
        tmp_path,
        "## What do valves earn?",
        "page.section('Valves earn 27%.', frame, ax, needs='orders')",
        "page.section(frame.net_amount)",
        "page.section('Nobody leads.', needs='leads')",
        "page.kpi('margin.valves', 0.27, unit='share', label='Margin, valves', target=0.30)",
        "page.kpi('margin.pumps', float('nan'), unit='share', label='Margin, pumps', reason='No pump was sold.')",
        plan="tiles: [margin.valves, bookings.month, margin.pmups]\n",
    )
    metrics = json.loads((pack / "metrics.json").read_text())["metrics"]
    assert metrics["margin.valves"] == {
        "value": 0.27, "unit": "share", "label": "Margin, valves", "target": 0.3, "page": "70_margins",
    }  # fmt: skip
    assert metrics["margin.pumps"]["value"] is None
    assert metrics["margin.pumps"]["reason"] == "No pump was sold."
    page, index = ((pack / f"{name}.html").read_text() for name in ("70_margins", "index"))
    assert "Valves earn 27%." in page
    assert page.count('<figure class="ex') == 3
    assert page.count('<svg role="img"') == 1  # once, and not again when the cell ends
    assert "net_amount: 1 10, 2 7.50 and 3 5" in page
    assert "needs the table leads" in page
    assert (
        (pack / "tables" / "70_margins.section_1.csv")
        .read_text("utf-8-sig")
        .startswith("order_id,net_amount\n1,10")
    )
    assert 'href="70_margins.html"' in index
    assert "Margin, valves" in index
    assert re.search(r"worse</span> −\S+ points</span>\s*<span class=\"base\">30.0%", index)
    assert "no page gives margin.pmups; did you mean margin.pumps?" in index
    assert index.count('class="n value"') == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "bookings.month"}, "no page of the six uses"),
        ({"key": "Margin"}, "a key such as margin.valves"),
        ({"unit": "percent"}, "unit must be one of money, share"),
    ],
)
def test_a_number_that_cannot_stand_in_metrics_is_told(
    tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    page = sb.Page("70_margins", sb.open(write_workspace(tmp_path / "w"), as_of="2026-10"))
    given = {"key": "margin.valves", "unit": "share"} | wrong
    with pytest.raises(sb.InputError, match=said):
        page.kpi(given["key"], 0.27, unit=given["unit"], label="Margin")
    with pytest.raises(sb.InputError, match="takes exhibits, frames"):
        page.section("Fine.", {"not": "shown"})
    assert "section" in dir(page)
    assert page.section("Fine.", pd.DataFrame({"a": [1]})).bundle["text/plain"] == "Fine."
    with pytest.raises(sb.InputError, match="named after its notebook"):
        sb.Page("../70", page.book)
