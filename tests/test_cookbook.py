"""Does every recipe of the cookbook run, within the limits of a notebook, and none of them become a page?"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest

import salesnb as sb
from salesnb.report.request import find_notebooks
from tests.packs import ROOT, rendered
from tests.test_notebooks import LONGEST_LINE, MOST_LINES, code_cells, lines, shows

RECIPES = sorted((ROOT / "notebooks" / "cookbook").glob("*.ipynb"))
DEMO = str(ROOT / "data" / "demo")


def run(path: Path, **parameters: str) -> dict[str, object]:
    """The names that the recipe's cells leave, run one after the other with other parameters."""
    names: dict[str, object] = {}
    given, *cells = code_cells(path)
    exec(given, names)
    assert set(parameters) <= set(names)
    names |= parameters
    with mpl.rc_context():
        for cell in cells:
            exec(compile(cell, f"{path.name}", "exec"), names)
    return names


def recipe(name: str) -> Path:
    return next(path for path in RECIPES if name in path.stem)


def test_there_are_ten_and_no_pack_takes_them_for_pages() -> None:
    assert len(RECIPES) == 10
    assert not set(RECIPES) & set(find_notebooks(ROOT / "notebooks"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_reads_as_a_notebook_does(path: Path) -> None:
    cells = code_cells(path)
    assert max(len(line) for cell in cells for line in cell.splitlines()) <= LONGEST_LINE
    assert max(len(lines(cell)) for cell in cells) <= MOST_LINES
    assert all(shows(cell) for cell in cells[2:])
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "?" in "".join(first["source"]).splitlines()[0] or path.stem == "07_own_page"


def test_accounts_win_rates_and_commission() -> None:
    names = run(recipe("top_accounts"), workspace=DEMO)
    assert names["top"].groupby("region").size().max() == 3
    names = run(recipe("win_rates"), workspace=DEMO)
    assert names["rates"]["low"].le(names["rates"]["high"]).all()
    names = run(recipe("other_commission"), workspace=DEMO, scope="region=East")
    assert (names["costs"] > 0).all()
    assert names["both"]["change"].abs().sum() > 0


def test_the_forecast_without_the_largest_order() -> None:
    names = run(recipe("largest_order"), workspace=DEMO)
    assert names["gone"] > 0
    assert names["ahead"]["all orders"] != names["ahead"]["without it"]


def test_excel_an_own_column_and_own_checks() -> None:
    names = run(recipe("excel"), workspace=DEMO)
    written = pd.read_excel(names["path"])
    assert written.filter(like="Bookings").sum().iloc[0] == pytest.approx(names["frame"]["bookings"].sum())
    names = run(recipe("own_column"), workspace=DEMO)
    assert names["groups"]["member"].tolist().count("Gold") == 1
    names = run(recipe("own_check"), workspace=DEMO)
    told = [line for line in names["told"] if line.startswith("plan.yml, checks")]
    assert len(told) == bool(len(names["rows"]))


def test_a_page_and_the_rows_behind_a_number() -> None:
    names = run(recipe("own_page"), workspace=DEMO)
    assert 0 < names["share"] < 1
    pack = rendered(DEMO, "2026-10")
    names = run(recipe("rows_behind"), workspace=DEMO)
    assert names["booked"] == pytest.approx(pack.metrics["bookings.ytd"]["value"], rel=1e-9)


def test_two_packs(tmp_path: Path) -> None:
    pack = rendered(DEMO, "2026-10").folder
    earlier = json.loads((pack / "metrics.json").read_text(encoding="utf-8"))
    for entry in earlier["metrics"].values():
        if entry["unit"] == "money" and entry["value"]:
            entry["value"] /= 2
    (tmp_path / "metrics.json").write_text(json.dumps(earlier), encoding="utf-8")
    names = run(recipe("two_packs"), before=str(tmp_path), after=str(pack))
    assert names["money"]["change_share"].dropna().eq(1).all()
    assert len(sb.compare(pack, pack).query("change != 0")) == 0
