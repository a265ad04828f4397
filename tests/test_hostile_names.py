"""What if every name in the data is an attack? A whole pack of such a company, in a real browser, its tables and its notebooks."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from salesnb.cli.starter import write_demo_workspace
from salesnb.headlines import PAGES
from salesnb.plan.explanations import SETTINGS
from tests.packs import made_once, rendered

pytestmark = pytest.mark.browser
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ATTACKS = [
    "<script>window.hit=1;document.title='hit';alert(1)</script>",
    '<img src=x onerror="window.hit=1;alert(1)">',
    "[press](javascript:window.hit=1) **bold** ![i](http://evil.example/i.png)",
    r"$\frac{1}{0}$ \(x^2\) $$\href{javascript:window.hit=1}{y}$$",
    "{{ 7*7 }} {% include 'x' %} {name} {0:>9999}",
    "Line\nbreak\r\n\tLtd",
    "\u202egnp.exe\u2066 \u200f",
    "W" * 10_000,
    '=HYPERLINK("http://evil.example/","press")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-2",
    "\t=1+1",
    'O\'Hara "& Sons" --><!-- ]]></style></svg>',
    "../../../etc/passwd",
]
# table → columns whose texts become attacks; a column that other tables repeat is changed in all of them alike
NAMED = {
    "accounts": ["account_name", "industry", "region"],
    "reps": ["rep_name", "team", "region", "role"],
    "products": ["product_name", "product_line"],
    "opportunities": ["stage", "channel", "loss_reason", "competitor"],
    "stage_events": ["stage"],
    "checklist_items": ["stage", "item"],
    "leads": ["channel", "disqualify_reason"],
    "events": ["note", "product_line"],
    "actions": ["description", "metric", "goal"],
    "training": ["course"],
    "targets": ["member"],
}
UNIQUE = {
    "account_name",
    "rep_name",
    "product_name",
    "note",
    "description",
    "goal",
    "metric",
}  # a number keeps them apart
MARKS = """
({hit: window.hit, title: document.title,
  made: document.querySelectorAll('script, iframe, img[src="x"], a[href^="javascript"], [onerror]').length,
  longest: Math.max(...[...document.querySelectorAll('main *')].flatMap(e => [...e.childNodes])
    .filter(n => n.nodeType === 3).map(n => n.textContent.length)),
  over: document.documentElement.scrollWidth - innerWidth})
"""


class Renamer:
    """Gives each name an attack, the same name always the same."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}
        self.next = cycle(ATTACKS)

    def __call__(self, name: str, *, unique: bool = False) -> str:
        if name and name not in self.given:
            attack = next(self.next)
            taken = unique or attack in self.given.values()
            self.given[name] = f"{attack} {len(self.given)}" if taken else attack
        return self.given.get(name, "")


def attacked(folder: Path) -> Path:
    """The demo company, smaller, with an attack for every name."""
    write_demo_workspace(folder, accounts=60, months=26, seed=None, lines=None, language="en")
    rename = Renamer()
    for table, columns in NAMED.items():
        path = folder / f"{table}.csv"
        encoding = "gb18030" if table == "events" else "utf-8-sig"  # as the demo writes it
        with path.open(encoding=encoding, newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for column in columns:
                person = column == "member" and row["dimension"] in ("rep", "account", "company")
                if row.get(column) and not person:
                    row[column] = rename(row[column], unique=column in UNIQUE)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    plan = yaml.safe_load((folder / "plan.yml").read_text(encoding="utf-8"))
    renamed = _renamed(plan, rename.given) | {"company": ATTACKS[0]}
    (folder / "plan.yml").write_text(yaml.safe_dump(renamed, allow_unicode=True), encoding="utf-8")
    return folder


OURS = {path.rsplit(".", 1)[-1] for path in SETTINGS}  # a reason may be called as a setting is


def _renamed(value: Any, given: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key if key in OURS else given.get(key, key): _renamed(each, given) for key, each in value.items()
        }
    if isinstance(value, list):
        return [_renamed(each, given) for each in value]
    return given.get(value, value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def pack() -> Path:
    done = rendered(made_once("attacked", attacked), "2026-10")
    assert done.status == 0, done.printed
    return done.folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield running
        running.close()


def looked_at(browser: Any, path: Path, width: int) -> tuple[dict[str, Any], str, list[str]]:
    """What a page says of itself, its text, and what happened: dialogs and requests for other files."""
    happened: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.on("dialog", lambda dialog: (happened.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: happened.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    marks, text = page.evaluate(MARKS), page.inner_text("body")
    context.close()
    return marks, text, [event for event in happened if event != path.as_uri() and event != "data:,"]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["index", *PAGES])
def test_names_that_attack_are_shown_as_text_and_nothing_runs(
    pack: Path, browser: Any, name: str, width: int
) -> None:
    marks, text, happened = looked_at(browser, pack / f"{name}.html", width)
    assert happened == []
    assert marks["hit"] is None
    assert marks["made"] == 0
    assert marks["over"] <= 0
    assert marks["longest"] < 600  # a name is cut, a paragraph of ours is shorter
    assert "<script>window.hit" in text  # the company's own name, at the top of each page
    assert "49 {%" not in text
    assert "\u202e" not in text


def test_outputs_of_the_executed_notebooks_run_nothing(pack: Path, browser: Any, tmp_path: Path) -> None:
    for notebook in sorted((pack / "notebooks").glob("*.ipynb")):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        kinds = {kind for output in outputs for kind in output.get("data", {})}
        assert not kinds & {"text/markdown", "text/latex", "application/javascript", "image/svg+xml"}
        shown = [
            "".join(output["data"]["text/html"])
            for output in outputs
            if "text/html" in output.get("data", {})
        ]
        path = tmp_path / f"{notebook.stem}.html"
        path.write_text(f"<!doctype html><meta charset=utf-8><main>{''.join(shown)}</main>", encoding="utf-8")
        marks, text, happened = looked_at(browser, path, 1280)
        assert len(text) > 500
        assert (marks["hit"], marks["made"], happened) == (None, 0, []), notebook.name


def test_no_cell_of_an_exported_table_is_a_formula(pack: Path) -> None:
    cells = 0
    for path in [*(pack / "tables").glob("*.csv"), *(pack / "rejected").glob("*.csv")]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for text in row:
                    cells += 1
                    if text.startswith(("=", "+", "-", "@", "\t", "\r")):
                        float(text)  # a number may be negative; anything else fails here
    assert cells > 1000


def test_no_cell_of_an_exported_workbook_is_a_formula(pack: Path) -> None:
    books = list((pack / "tables").glob("*.xlsx"))
    assert books
    for path in books:
        sheets = openpyxl.load_workbook(path).worksheets
        texts = [
            cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type in "sf"
        ]
        assert len(texts) > 10
        assert not [cell.value for cell in texts if cell.data_type == "f"]
        assert not [
            cell.value for cell in texts if str(cell.value).startswith(("=", "+", "-", "@", "\t", "\r"))
        ]
