"""Do the shared drawings show what they are given? Judged by their artists."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesnb.display.kit import labels, theme
from salesnb.display.kit.forms import dots
from salesnb.display.kit.grid import Column, table_html
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import called, named
from salesnb.language import Language

EN, ZH = Language("en", currency="CNY"), Language("zh", currency="CNY")


@pytest.fixture
def ax() -> Axes:
    return Figure().subplots()


def _drawn(ax: Axes, **more: object) -> Axes:
    given: dict = {
        "low": pd.Series([-0.25, -0.02]),
        "high": pd.Series([-0.05, 0.14]),
        "colours": [theme.BEHIND, theme.ACTUAL],
        "pen": Pen(EN),
    }
    return dots(ax, ["Drives", "Pumps"], pd.Series([-0.16, 0.04]), **given | more)


def test_a_dot_per_name_with_its_interval_its_yardstick_and_its_number(ax: Axes) -> None:
    _drawn(ax)
    lines, behind, level = ax.collections
    assert [tuple(segment[:, 0]) for segment in lines.get_segments()] == [(-0.25, -0.05), (-0.02, 0.14)]
    assert behind.get_offsets().tolist() == [[-0.16, 0.0]]
    assert level.get_offsets().tolist() == [[0.04, 1.0]]
    assert len(behind.get_paths()[0].vertices) < len(level.get_paths()[0].vertices)  # a triangle, not a dot
    assert ax.lines[0].get_xdata() == [0.0, 0.0]
    assert [text.get_text() for text in ax.texts] == ["−16", "+4"]
    assert ax.get_xlabel() == "points"


def test_a_band_of_chance_is_no_interval_of_the_dot(ax: Axes) -> None:
    _drawn(ax, band=True, at=None, reading="share", texts=["far", "near"])
    assert len(ax.patches) == 2
    assert len(ax.collections) == 2
    assert not ax.lines
    assert [text.get_text() for text in ax.texts] == ["far", "near"]


def test_two_years_do_not_stand_side_by_side_under_an_axis(ax: Axes) -> None:
    ax.plot(pd.date_range("2025-09-01", "2026-10-01", freq="MS"), range(14))
    labels.month_axis(ax, Pen(EN, narrow=True))
    shown = [label.get_text() for label in ax.get_xticklabels()]
    assert shown[:2] == ["Oct\n ", "Jan\n2026"]


def test_a_label_inside_a_bar_is_in_the_pages_colour(ax: Axes) -> None:
    bars = ax.barh([0], [1.0])
    assert [text.get_color() for text in labels.label_bars(ax, bars, ["x"], inside=True)] == [theme.PAPER]
    assert [text.get_color() for text in labels.label_bars(ax, bars, ["x"])] == [theme.INK]


def test_a_common_code_has_a_name_and_a_companys_own_stays_as_given() -> None:
    assert EN.text(called("cold_call")) == "cold calls"
    assert EN.text(called("Cold Call")) == "cold calls"
    assert EN.text(called("Key_Partner_EU")) == "Key_Partner_EU"
    assert EN.text(named("x", {"y": "why"})) == "x"


def test_texts_give_way_to_numbers_where_a_table_is_crowded() -> None:
    frame = pd.DataFrame(
        {"name": ["N" * 60], "why": ["w" * 60], "how": ["h" * 60], "id": ["D3747"], "n": [1e6]}
    )
    columns = {name: Column(name) for name in ("name", "why", "how", "id")} | {"n": Column("n", "money")}
    html, _ = table_html(frame, columns, caption="c", say=EN)
    crowded = [float(width) for width in re.findall(r"width: ?([\d.]+)%", html)]
    assert sum(crowded) == pytest.approx(100, abs=0.1)
    assert crowded[0] == crowded[1] == crowded[2] > crowded[3]
    alone, _ = table_html(frame[["id", "n"]], {"id": Column("id"), "n": columns["n"]}, caption="c", say=EN)
    assert "max-width:30em" in alone  # a small table is no wider than it needs
