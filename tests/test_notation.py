"""Are actual, plan, last year and forecast drawn as controllers know them (IBCS), in every chart of the demo's pages?"""

from __future__ import annotations

import re
from functools import cache

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color, to_hex, to_rgb

from salesnb.display.kit import drawing, forms, notation, theme
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.svg import svg_of
from salesnb.headlines import PAGES
from salesnb.language import Language
from salesnb.plan.brand import contrast
from tests.packs import ROOT, rendered

EN, ZH = Language("en", currency="CNY"), Language("zh", currency="CNY")
ROWS = pd.DataFrame({"actual": [80.0, 60.0], "target": [100.0, np.nan], "prior": [70.0, 65.0]})
# how each looks in a drawing: bars, or the lines of a path
MARKS = {
    "actual": r'<path[^>]*(?:fill|stroke)="var\(--actual\)"',
    "plan": r'<path[^>]*stroke="var\(--target\)"',
    "last_year": r'<path[^>]*(?:fill|stroke)="var\(--context\)"',
    "forecast": r'fill="url\(#|stroke-dasharray[^>]*stroke="var\(--actual\)"|stroke="var\(--actual\)"[^>]*stroke-dasharray',
    "variance": r'<path[^>]*fill="var\(--(?:ahead|behind)\)"',
}
COMPARED = {
    "year_path": {"actual", "plan", "last_year", "forecast"},
    "daily_pace": {"actual", "plan", "forecast"},
    "attainment": {"actual", "plan", "last_year", "variance"},
    "month_against_target": {"actual", "plan", "last_year", "variance"},
    "bottom_up": {"plan", "forecast"},
    "cash_weeks": {"forecast"},
    "dependence": {"actual", "forecast"},
    "largest_risks": {"actual", "forecast"},
    "bridge": {"actual", "last_year", "variance"},
    "price_volume": {"actual", "last_year", "variance"},
    "revenue_change": {"actual", "last_year", "variance"},
    "pipeline_flow": {"actual", "last_year", "variance"},
    "pipeline_due": {"actual", "last_year", "variance"},
}
# what deviates from a plan, from last year or from others: its colour is that of the variance, and there are no levels beside it
DEVIATIONS = {
    "gap_grid", "line_quarters", "line_changes", "sprint_matrix", "floor_shortfall", "aftermath", "stage_days", "course_lift",
    "star_habits", "stage_weakness", "stage_lifts", "team_load", "crm_by_team", "checklist_by_team", "people_attainment",
}  # fmt: skip
# neither plan, last year nor forecast beside an actual
OTHERS = {
    "mix_grid", "pay_curve", "pay_cost", "shapes", "value_and_effort", "silent_accounts", "purchase_windows", "concentration_curve",
    "pipeline_age", "calibration", "days_to_close", "slower_stage", "cohorts", "course_path", "ageing", "dso_history", "pull_forward",
}  # fmt: skip


@cache
def _charts() -> dict[str, list[str]]:
    """Every drawing of the demo's pages by the name of its exhibit; that of people is told from that of regions."""
    found: dict[str, list[str]] = {}
    folder = rendered(ROOT / "data" / "demo", "2026-10").folder
    for page in PAGES:
        text = (folder / f"{page}.html").read_text(encoding="utf-8")
        for figure in re.split(r"(?=<figure )", text)[1:]:
            name = figure.split(f'id="{page}-', 1)[-1].split('"', 1)[0]
            if drawn := re.findall(r'<div class="(?:wide|narrow)">(<svg.*?</svg>)', figure, re.S):
                own = "people_attainment" if page.startswith("40") and name == "attainment" else name
                found.setdefault(own, []).extend(drawn)
    return found


def _shapes(svg: str) -> str:
    return re.sub(r"<text.*?</text>", "", svg, flags=re.S)


def test_every_chart_of_the_demo_says_what_it_compares() -> None:
    assert len(_charts()) > 35
    assert sorted(_charts().keys() - COMPARED.keys() - DEVIATIONS - OTHERS) == []


@pytest.mark.parametrize("name", COMPARED)
def test_what_is_compared_looks_as_controllers_know_it(name: str) -> None:
    for svg in _charts().get(name, []):
        assert {one for one in COMPARED[name] if not re.search(MARKS[one], svg)} == set()
        told = re.search(MARKS["variance"], svg) is not None
        assert told == ("variance" in COMPARED[name])


def test_colour_is_for_what_deviates_and_a_hatch_for_what_is_foreseen() -> None:
    for name, drawings in _charts().items():
        for svg in drawings:
            coloured = re.search(r"var\(--(?:ahead|behind)\)", _shapes(svg))
            assert not coloured or name in DEVIATIONS or "variance" in COMPARED.get(name, ()), name
            assert ("<pattern" not in svg) or "forecast" in COMPARED.get(name, ()), name


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(("say", "heads"), [(EN, ["to plan", "to last year"]), (ZH, ["较计划", "同比"])])
def test_both_variances_stand_in_one_order_on_the_scale_of_the_bars(
    say: Language, heads: list[str], narrow: bool
) -> None:
    with mpl.rc_context(dict(drawing.RC)):
        figure, ax = drawing.figure(height=2)
        notation.compared(ax, ROWS, ["East", "West"], Pen(say, narrow=narrow))
        texts = [text for text in ax.texts if text.get_text() in heads]
        assert [text.get_text() for text in texts] == heads
        assert texts[0].xy[0] < texts[1].xy[0]
        solid = [bar for bar in ax.patches if same_color(bar.get_facecolor(), theme.ACTUAL)]
        assert [bar.get_width() for bar in solid] == [80, 60]
        coloured = {
            colour: sorted(bar.get_width() for bar in ax.patches if same_color(bar.get_facecolor(), colour))
            for colour in (theme.AHEAD, theme.BEHIND)
        }
        assert coloured == {theme.AHEAD: [10], theme.BEHIND: [-20, -5]}  # no plan is known of the second
        grey = [bar.get_width() for bar in ax.patches if same_color(bar.get_facecolor(), theme.CONTEXT)]
        assert grey == [70, 65]
        assert re.search(MARKS["plan"], svg_of(figure, name="x"))


def test_without_last_year_there_is_no_column_of_it() -> None:
    _, ax = drawing.figure(height=2)
    notation.compared(ax, ROWS.assign(prior=np.nan), ["East", "West"], Pen(EN))
    assert "to last year" not in [text.get_text() for text in ax.texts]


def test_a_bridge_begins_grey_ends_solid_and_each_part_stands_where_the_one_before_ended() -> None:
    _, ax = drawing.figure(height=2)
    steps = pd.DataFrame(
        {"step": ["then", "more", "less", "won", "now"], "change": [100.0, 30, -10, -5, 115]}
    )
    forms.bridge(ax, steps, Pen(EN), colours={3: theme.MUTED})
    assert [bar.get_x() for bar in ax.patches] == [0, 100, 130, 120, 0]
    looks = (theme.CONTEXT, theme.AHEAD, theme.BEHIND, theme.MUTED, theme.ACTUAL)
    assert all(same_color(bar.get_facecolor(), look) for bar, look in zip(ax.patches, looks, strict=True))
    assert [line.get_xdata()[0] for line in ax.lines] == [100, 130, 120, 115]  # to where the next begins
    assert [text.get_text() for text in ax.texts] == ["100", "+30.0", "−10.0", "−5.00", "115"]


def test_actuals_that_only_stand_beside_keep_three_to_one_on_both_papers() -> None:
    colours = theme.MEANINGS["actual"], theme.MEANINGS["paper"]
    for mark, paper in ((one.light for one in colours), (one.dark for one in colours)):
        blue, ground = (np.array(to_rgb(colour)) for colour in (mark, paper))
        mixed = to_hex(notation.BESIDE * blue + (1 - notation.BESIDE) * ground)
        assert contrast(mixed, paper) >= 3
