"""The house's colour and logo, and names that say which language they are in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salesnb.errors import InputError
from salesnb.language import Language
from salesnb.plan import Brand, brand, read_plan
from salesnb.report.look import look_of, tongued
from salesnb.report.pages import render

HEADER = {"company": "C", "month": "October 2026", "scope": "all", "as_of": "", "data_to": ""}
PAGE = {"nav": [], "heading": "H", "header": HEADER}
PIXEL = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><script>alert(1)</script></svg>"


@pytest.mark.parametrize("colour", ["#7a1f5c", "#000000", "#1f4e9c", "#5b5b00"])
def test_a_house_colour_is_read_on_both_papers(colour: str) -> None:
    css = look_of(Brand(colour=colour), Path(), company="C").css
    light, night = re.findall(r"--actual-t:(#[0-9a-f]{6})", css)
    assert light == colour
    assert brand.contrast(light, "#ffffff") >= 4.5
    assert brand.contrast(night, "#12151a") >= 4.5


def test_contrasts_are_those_of_the_standard() -> None:
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WCAG's own example


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"colour": "#ffcc00"}, "a contrast of 4.50 or more, but this has 1.5"),
        ({"colour": "blue"}, "a colour such as #1f4e9c"),
        ({"logo": "logo.exe"}, "a picture in the workspace"),
    ],
)
def test_what_cannot_be_read_is_told(settings: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        read_plan({"company": "C", "brand": settings}, path=Path("plan.yml"))


def test_a_logo_lies_in_the_page_and_comes_from_the_workspace_alone(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "logo.svg").write_bytes(PIXEL)
    (tmp_path / "away.png").write_bytes(b"x")
    look = look_of(Brand(logo="logo.svg"), tmp_path / "w", company="A & B")
    page = render("page.html.j2", say=Language("en"), look=look, **PAGE)
    assert 'alt="A &amp; B" src="data:image/svg+xml;base64,' in page
    assert "<script" not in page  # a picture runs nothing
    for missing in ("none.png", "../away.png"):
        with pytest.raises(InputError, match="holds no"):
            look_of(Brand(logo=missing), tmp_path / "w", company="C")


def test_chinese_names_say_so_on_english_pages_alone() -> None:
    given = {**PAGE, "leads": ["Visit 无锡北光机械有限公司 soon."]}
    english, chinese = (render("page.html.j2", say=Language(code), **given) for code in ("en", "zh"))
    assert 'Visit <span lang="zh">无锡北光机械有限公司</span> soon.' in english
    assert 'lang="zh"' not in chinese
    drawn = tongued('<title>华</title><svg aria-label="华"><text>王芳 1M</text></svg><p>华（东）</p>')
    assert drawn == (
        '<title>华</title><svg aria-label="华"><text><tspan lang="zh">王芳</tspan> 1M</text></svg>'
        '<p><span lang="zh">华（东）</span></p>'
    )


def test_notebooks_have_the_house_colour_as_the_pages_do() -> None:
    from salesnb.display.kit.theme import lab_css
    from salesnb.plan.brand import house

    day, night = house("#7a1f5c")
    assert "--actual:#7a1f5c" in day
    assert f"{day}}}[data-jp-theme-light=false]" in lab_css("#7a1f5c")
    assert f"{night}}}" in lab_css("#7a1f5c")
    assert "#7a1f5c" not in lab_css()
