"""Colours keep their contrast in light and dark, and drawings become small, themed, repeatable SVG."""

import itertools
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes

from salesnb.display.kit import labels, theme
from salesnb.display.kit.fitting import spread
from salesnb.display.kit.palette import MEANINGS
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.sketch import Sketch
from salesnb.language import Language


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", [name for name in MEANINGS if name not in ("paper", "grid")])
def test_text_keeps_4_5_and_marks_keep_3_against_the_page(name: str) -> None:
    colour, paper = MEANINGS[name], MEANINGS["paper"]
    assert _contrast(colour.light_text, paper.light) >= 4.5
    assert _contrast(colour.dark_text, paper.dark) >= 4.5
    assert _contrast(colour.light, paper.light) >= 3
    assert _contrast(colour.dark, paper.dark) >= 3


def test_light_marks_are_unique_so_that_a_drawing_can_be_translated() -> None:
    marks = [colour.light for colour in MEANINGS.values()]
    assert len(marks) == len(set(marks))


def test_status_has_three_answers_and_none() -> None:
    assert theme.status_of(101, 100) == "ahead"
    assert theme.status_of(99, 100) == "watch"
    assert theme.status_of(90, 100) == "behind"
    assert theme.status_of(90, 100, more_is_better=False) == "ahead"
    assert theme.status_of(None, 100) == ""
    assert theme.status_of(float("nan"), 100) == ""


@given(st.lists(st.floats(0, 100), min_size=2, max_size=8))
def test_spread_labels_keep_their_distance_and_order(heights: list[float]) -> None:
    placed = spread(heights, gap=5, low=0, high=100)
    ranked = [placed[index] for index in sorted(range(len(heights)), key=lambda index: heights[index])]
    assert all(later - earlier >= 5 - 1e-9 for earlier, later in itertools.pairwise(ranked))
    assert min(ranked) >= -1e-9
    assert max(ranked) <= 100 + 1e-9


def test_spread_leaves_what_does_not_touch() -> None:
    assert spread([10, 50, 90], gap=5, low=0, high=100) == [10, 50, 90]
    assert spread([50, 50], gap=10, low=0, high=100) == [45, 55]


def _draw(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    bars = ax.barh(
        range(len(data)), data["gap"], color=[theme.BEHIND if gap < 0 else theme.AHEAD for gap in data["gap"]]
    )
    labels.bar_axis(ax, data["region"], pen)
    labels.label_bars(ax, bars, [pen.money(gap) for gap in data["gap"]])
    return labels.calm(ax)


GAPS = pd.DataFrame({"region": ["<East> & $x^2$", "华东\x07"], "gap": [-28.3e6, 3.3e6]})


def test_a_drawing_is_small_themed_and_the_same_each_time(recwarn: pytest.WarningsRecorder) -> None:
    sketch = Sketch(_draw, GAPS, Language("zh"), "gap", height=2)
    drawn = sketch.wide()
    root = ElementTree.fromstring(drawn)
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert drawn == sketch.wide()
    assert "<East> & $x^2$" in texts
    assert "华东" in texts
    assert "−2,830万" in texts
    assert not re.search(r"#[0-9a-f]{6}|font-family|metadata|\d\.\d{3}", drawn)
    assert "var(--behind)" in drawn
    assert len(drawn) < 2_500
    assert not [warning for warning in recwarn if "missing from" in str(warning.message)]


def test_wide_and_narrow_drawings_share_no_id() -> None:
    sketch = Sketch(_draw, GAPS, Language("en"), "gap", height=2)
    wide, narrow = (set(re.findall(r'id="([^"]+)"', drawn)) for drawn in (sketch.wide(), sketch.narrow()))
    assert wide
    assert not wide & narrow


def test_small_multiples_start_at_zero_on_one_scale_that_holds_all() -> None:
    seen: list[tuple[float, float]] = []

    def draw(ax: list[Axes], data: pd.DataFrame, pen: Pen) -> None:
        for one, high in zip(ax, data["high"], strict=True):
            one.plot([0, 1], [high / 2, high])
            labels.money_axis(one, pen)
        seen.extend(one.get_ylim() for one in ax)

    Sketch(draw, pd.DataFrame({"high": [10.0, 80.0, 20.0]}), Language("en"), "many", rows=1, cols=3).wide()
    assert len(set(seen)) == 1
    assert seen[0][0] == 0
    assert seen[0][1] >= 80


@pytest.mark.filterwarnings("error")
def test_an_axis_on_which_everything_is_nothing_has_a_length() -> None:
    seen: list[tuple[float, float]] = []

    def draw(ax: Axes, data: pd.DataFrame, pen: Pen) -> None:
        ax.plot([0, 1], data["money"])
        labels.money_axis(ax, pen)
        seen.append(ax.get_ylim())

    Sketch(draw, pd.DataFrame({"money": [0.0, 0.0]}), Language("en"), "nothing", height=1).wide()
    assert all(low == 0 < high for low, high in seen)


def test_bar_labels_stay_inside_the_drawing() -> None:
    drawn = Sketch(_draw, GAPS, Language("en"), "gap", height=2).narrow()
    box = float(drawn.split('viewBox="0 0 ')[1].split(" ")[0])
    label = ElementTree.fromstring(drawn).findall(".//{*}text[.='3.30M']") or ElementTree.fromstring(
        drawn
    ).findall(".//text[.='3.30M']")
    assert float(label[0].attrib["x"]) + 5 * 6 <= box


def test_on_a_phone_long_names_stand_above_their_bars() -> None:
    data = pd.DataFrame({"region": ["Xi'an Golden Bridge Water Treatment", "East"], "gap": [-3e6, 2e6]})
    sketch = Sketch(_draw, data, Language("en"), "gap", height=1)
    wide, narrow = (ElementTree.fromstring(drawn) for drawn in (sketch.wide(), sketch.narrow()))
    assert "Xi'an Golden Bridge Water Treatment" in {element.text for element in narrow.iter()}
    assert "Xi'an Golden Bridge Water Treatment" in {element.text for element in wide.iter()}
    low, high = (float(root.attrib["viewBox"].split()[3]) for root in (wide, narrow))
    assert high > low  # a line more for each name
    short = Sketch(_draw, data.assign(region=["West", "East"]), Language("en"), "gap", height=1).narrow()
    assert float(ElementTree.fromstring(short).attrib["viewBox"].split()[3]) == low
