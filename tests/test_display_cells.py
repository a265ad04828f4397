"""Texts from other systems are harmless and short on a page and in a CSV."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from salesnb.display.kit.cells import cell, clean, cut, unformulated, width


def test_markup_is_shown_and_not_obeyed() -> None:
    assert cell("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_line_breaks_and_direction_marks_go() -> None:
    assert clean("Line\nbreak\t\u202eLtd\x00") == "Line break Ltd"


def test_long_text_is_cut_with_its_beginning_as_title() -> None:
    shown = cell("A" * 10_000, 20)
    assert shown.startswith('<span title="AAAA')
    assert shown.endswith("A…</span>")
    assert len(shown) < 400


def test_a_chinese_letter_counts_two() -> None:
    assert width("苏州AB") == 6
    assert cut("苏州恒力精密机械", 9) == "苏州恒力…"


@given(st.text(max_size=200), st.integers(min_value=4, max_value=80))
def test_cut_text_never_exceeds_its_width(text: str, longest: int) -> None:
    assert width(cut(text, longest)) <= longest


def test_formulas_are_neutralised_and_numbers_stay() -> None:
    names = ["=1+1", "@x", "-5", "plain", "＝1+1", "＋1", "－1", "＠x", None]
    frame = pd.DataFrame({"name": names, "gap": np.arange(-5.0, 4.0)})
    safe = unformulated(frame)
    assert safe["name"].tolist()[:4] == ["'=1+1", "'@x", "-5", "plain"]
    assert safe["name"].tolist()[4:8] == ["'＝1+1", "'＋1", "'－1", "'＠x"]
    assert safe["gap"].tolist() == frame["gap"].tolist()
    assert frame["name"].iloc[0] == "=1+1"
