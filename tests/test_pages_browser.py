"""The pages in a real browser: offline, accessible, readable on a phone, in the dark, on paper and in Chinese."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from salesnb.display.kit import exhibit, labels, theme
from salesnb.display.kit.exhibit import Column
from salesnb.display.kit.page import Page
from salesnb.display.kit.pen import Pen
from salesnb.headlines import FIGURES_MIME, HEADLINES, PAGES, Decision, Figure, Message
from salesnb.intake.book import open_book
from salesnb.language import Language
from salesnb.report.index import navigation, paper_context
from salesnb.report.pages import render, without_style
from tests.small_notebooks import write_workspace

pytestmark = pytest.mark.browser
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NAMES = [
    "<script>document.title='hit'</script>",
    "\u202egnp.exe",
    "A" * 10_000,
    "苏州恒力精密机械有限公司",
    "[x](javascript:1) $x^2$",
]
WIDTHS = {"wide": 1280, "phone": 390}


def _draw(ax: Any, data: pd.DataFrame, pen: Pen) -> Any:
    bars = ax.barh(range(len(data)), data["revenue"], color=theme.ACTUAL)
    labels.bar_axis(ax, data["name"], pen)
    labels.label_bars(ax, bars, [pen.money(value) for value in data["revenue"]])
    return labels.calm(ax)


def _write(folder: Path, code: str) -> None:
    book = open_book(write_workspace(folder / "small"), as_of="2026-10")
    say = Language(code, currency=book.currency)
    frame = pd.DataFrame(
        {
            "name": NAMES * 4,
            "revenue": [float(n) * 1e5 for n in range(20, 0, -1)],
            "state": ["behind", "ahead", "watch", ""] * 5,
        }
    )
    columns = {
        "name": Column("客户"),
        "revenue": Column(
            "Revenue of the last twelve months before returns and discounts", "money", bar=True
        ),
        "state": Column("状态", "status"),
    }
    page = Page("10_target_breakdown", book, language=code, outputs=folder)
    chart = exhibit.chart(
        _draw,
        frame.head(5),
        name="gap",
        finding="华东占缺口的三分之二",
        subtitle="元",
        height=2.2,
        columns=columns,
    )
    table = exhibit.table(
        frame, name="rows", finding="客户", subtitle="", columns=columns, total={"revenue": 1.0}
    )
    body = without_style(
        page.section("大概率不能", chart, table, caveat="n")._repr_mimebundle_()["text/html"]
    )
    figures = {
        key: Figure(1e6) if headline.unit == "money" else Figure(None, Message("No plan."))
        for key, headline in HEADLINES.items()
        if headline.page == page.name
    }
    months = [str(day)[:10] for day in pd.date_range("2025-11-30", periods=12, freq="ME")]
    history = {"bookings.ytd": [(dt.date.fromisoformat(month), 1e6 + n) for n, month in enumerate(months)]}
    asked = [Decision("d", "Prepay", "Late payer", "Li", dt.date(2026, 11, 6), 9.6e6)]
    handed = page.hand_over(
        leads=["One.", "Two."], figures=figures, history=history, decisions=asked, card="gap"
    )._repr_mimebundle_()
    header = {
        "company": "示范工业",
        "month": "October 2026",
        "scope": "all regions",
        "as_of": "31 Oct 2026",
        "data_to": "31 Oct",
    }
    shared: dict[str, Any] = {"say": say, "header": header, "versions": "salesnb"}
    sections = [
        {
            "id": f"s{n}",
            "title": f"Question {n}?",
            "answer": f"Answer {n}.",
            "quiet": "nothing beyond chance" if n == 2 else "",
            "html": body.replace('id="', f'id="s{n}-')
            .replace('labelledby="', f'labelledby="s{n}-')
            .replace("url(#", f"url(#s{n}-"),
        }
        for n in (1, 2)
    ]
    nav = navigation("10_target_breakdown", say=say)
    (folder / "page.html").write_text(
        render(
            "page.html.j2",
            nav=nav,
            heading="H",
            intro="<p>x</p>",
            sections=sections,
            leads=["One."],
            **shared,
        ),
        "utf-8",
    )
    context = paper_context(
        {page.name: handed[FIGURES_MIME]},
        header=header,
        questions=dict(PAGES),
        cover={"suspicions": ["x"]},
        as_of=dt.date(2026, 10, 31),
        say=say,
    )
    (folder / "index.html").write_text(
        render("index.html.j2", nav=navigation("index", say=say), **context, **shared), "utf-8"
    )
    (folder / "failed.html").write_text(
        render(
            "failed.html.j2",
            nav=nav,
            heading="H",
            problem="P",
            section="S",
            sections=sections,
            others=[],
            **shared,
        ),
        "utf-8",
    )


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    _write(folder, "zh")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("name", ["index", "page", "failed"])
def test_pages_are_accessible_offline_and_fit_the_screen(
    pack: Path, browser: Any, name: str, size: str, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    shown = browser.new_page(viewport={"width": WIDTHS[size], "height": 844}, color_scheme=scheme)
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto((pack / f"{name}.html").as_uri())
    found = [
        (issue["id"], issue["nodes"][0]["html"][:120]) for issue in Axe().run(shown).response["violations"]
    ]
    width = shown.evaluate("document.documentElement.scrollWidth")
    title = shown.title()
    shown.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert found == []
    assert width <= WIDTHS[size]
    assert "hit" not in title


@pytest.mark.parametrize(("width", "visible"), [(1280, ["wide"]), (390, ["narrow"])])
def test_one_drawing_of_each_chart_is_shown(pack: Path, browser: Any, width: int, visible: list[str]) -> None:
    shown = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=True)
    shown.goto((pack / "page.html").as_uri())
    seen = shown.evaluate(
        "[...document.querySelectorAll('.wide, .narrow')].filter(e => e.checkVisibility()).map(e => e.className)"
    )
    smallest = shown.evaluate(
        "Math.min(...[...document.querySelectorAll('svg text')].filter(e => e.checkVisibility())"
        ".map(e => parseFloat(e.getAttribute('font-size')) * e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width))"
    )
    shown.close()
    assert seen == visible
    assert smallest >= 11.5


def test_chart_texts_stay_within_the_page_and_in_their_own_glyphs(pack: Path, browser: Any) -> None:
    shown = browser.new_page(viewport={"width": 390, "height": 844})
    shown.goto((pack / "page.html").as_uri())
    over = shown.evaluate(
        "[...document.querySelectorAll('svg text')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).length"
    )
    session = shown.context.new_cdp_session(shown)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    heading = session.send("DOM.querySelector", {"nodeId": root, "selector": "h3"})["nodeId"]
    fonts = [
        font["familyName"]
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]
    ]
    without = shown.evaluate(
        "(() => { const c = document.createElement('canvas').getContext('2d'); c.font = '40px sans-serif'; return ['华', '东'].map(t => { c.clearRect(0,0,60,60); c.fillText(t, 0, 45); return c.canvas.toDataURL(); }); })()"
    )
    shown.close()
    assert over == 0
    if without[0] == without[1]:
        pytest.skip("no Chinese font on this machine: apt-get install fonts-noto-cjk")
    assert any("CJK" in font or "YaHei" in font or "PingFang" in font or "Hei" in font for font in fonts)


def test_print_opens_short_folds_leaves_a_charts_numbers_out_and_shows_wide_drawings(
    pack: Path, browser: Any
) -> None:
    shown = browser.new_page(viewport={"width": 680, "height": 960}, color_scheme="dark")
    shown.goto((pack / "page.html").as_uri())
    closed = shown.evaluate("document.querySelector('details.more').getBoundingClientRect().height")
    shown.emulate_media(media="print", color_scheme="dark")
    printed = shown.evaluate("document.querySelector('details.more').getBoundingClientRect().height")
    seen = shown.evaluate(
        "[...document.querySelectorAll('.wide, .narrow')].filter(e => e.checkVisibility()).map(e => e.className)"
    )
    numbers = shown.evaluate("document.querySelector('details.numbers').checkVisibility()")
    data = shown.evaluate("getComputedStyle(document.querySelector('a.csv'), '::after').content")
    paper = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    pages = shown.pdf(prefer_css_page_size=True)
    shown.close()
    assert printed > closed + 50
    assert not numbers
    assert "tables/10_target_breakdown." in data  # paper says where all rows are
    assert set(seen) == {"wide"}
    assert paper == "rgb(255, 255, 255)"
    assert pages.startswith(b"%PDF")


def test_pages_stay_small(pack: Path) -> None:
    assert all((pack / f"{name}.html").stat().st_size < 200_000 for name in ("index", "page", "failed"))
