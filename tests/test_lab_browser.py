"""Do the notebooks look in JupyterLab as they do in the pack, in its light theme and in its dark one?"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.packs import ROOT

pytestmark = pytest.mark.browser
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NOTEBOOK = "50_risk_control.ipynb"
# the least contrast of the texts in view against what lies behind them, as WCAG counts it
CONTRAST = """
(() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { for (let at = e; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3); }
    return [255, 255, 255]; };
  const ratio = e => { const style = getComputedStyle(e);
    const [a, b] = [light(parse(e.closest('svg') ? style.fill : style.color)), light(behind(e))];
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); };
  const kinds = {title: 'figure.ex h3', cell: '.snb td', heading: '.snb thead th', label: '.snb svg text', answer: '.snb p.answer strong'};
  return Object.fromEntries(Object.entries(kinds).map(([name, where]) =>
    [name, Math.min(...[...document.querySelectorAll(where)].filter(e => e.checkVisibility()).map(ratio))]));
})()
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab with one of our notebooks in it, as its analyst has run and trusted it."""
    if BROWSER is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, folder)
    homes = {
        f"JUPYTER_{kind}_DIR": str(folder / f".{kind.lower()}") for kind in ("DATA", "RUNTIME", "CONFIG")
    }
    environment = os.environ | homes
    command = [sys.executable, "-m", "jupyter"]
    subprocess.run(
        [*command, "trust", NOTEBOOK], cwd=folder, env=environment, check=True, capture_output=True
    )
    options = [
        "--no-browser",
        "--allow-root",
        "--port=0",
        "--expose-app-in-browser",
        "--IdentityProvider.token=",
    ]
    server = subprocess.Popen(
        [*command, "lab", *options, f"--ServerApp.root_dir={folder}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield _address(folder / ".runtime", server)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _address(runtime: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        for file in runtime.glob("jpserver-*.json"):
            return str(json.loads(file.read_text(encoding="utf-8"))["url"])
        assert server.poll() is None, "jupyter lab ended by itself"
        time.sleep(0.1)
    raise AssertionError("jupyter lab did not start within a minute")


@pytest.fixture(scope="module")
def page(lab: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 2400})
        page.goto(f"{lab}lab/tree/{NOTEBOOK}")
        page.wait_for_selector(".jp-Notebook .snb figure.ex svg", timeout=60_000)
        yield page
        browser.close()


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_tables_and_charts_are_legible_and_wide(page: Any, theme: str) -> None:
    page.evaluate(
        "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {theme}"
    )
    page.wait_for_function(
        "light => document.body.dataset.jpThemeLight === light", arg=str(theme == "Light").lower()
    )
    page.evaluate("document.querySelector('.jp-Notebook .snb .ex table').scrollIntoView({block: 'center'})")
    contrast = page.evaluate(CONTRAST)
    assert {
        name: ratio for name, ratio in contrast.items() if not 4.5 <= ratio <= 21
    } == {}  # without an element: infinity
    widths = page.evaluate(
        "[...document.querySelectorAll('.snb .ex svg')].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().width)"
    )
    assert widths
    assert min(widths) >= 600


def test_nothing_stray_is_shown(page: Any) -> None:
    """Frames and values are shown on purpose; a warning, an error or an object's address is not."""
    stray = page.evaluate(
        "[...document.querySelectorAll('.jp-OutputArea-output')]"
        ".filter(e => /std|error/.test(e.dataset.mimeType) || /^(Text\\(|<[a-z_.]+ |\\[<)/i.test(e.innerText.trim())).map(e => e.dataset.mimeType + ': ' + e.innerText.slice(0, 80))"
    )
    assert stray == []
