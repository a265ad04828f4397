"""Are the numbers of a column written on one scale?"""

from __future__ import annotations

import pytest

from salesnb.display.kit.scales import money_writer, number_writer
from salesnb.language import Language

EN, ZH = Language("en", currency="CNY"), Language("zh", currency="CNY")


@pytest.mark.parametrize(
    ("values", "say", "written"),
    [
        ([20.9e6, 16.25e6, 789e3, -494e3], EN, ["20.9M", "16.2M", "0.8M", "−0.5M"]),
        ([975.4e6, 93e6], EN, ["975M", "93M"]),
        ([51160, 1300, 159], EN, ["51.2K", "1.3K", "0.2K"]),
        ([700.0, 12.0], EN, ["700", "12"]),
        ([3783e4, 20.2e4, 1.08e8], ZH, ["3,783万", "20万", "10,800万"]),
        ([1.08e8, 9.746e8], ZH, ["1.08亿", "9.75亿"]),
        ([2e6, 0.0], EN, ["2.00M", "0"]),
        ([9e6, 40.0, 30.0], EN, ["9.00M", "40.0", "30.0"]),  # a scale on which most would be nothing is none
    ],
)
def test_a_column_of_money_has_one_unit(values: list[float], say: Language, written: list[str]) -> None:
    writer = money_writer(values, say)
    assert [writer(value) for value in values] == written


def test_a_chinese_table_does_not_mix_its_units() -> None:
    assert money_writer([1.03e8, 1.26e8], ZH, among=[8940e4, 1.03e8])(1.03e8) == "10,300万"
    assert money_writer([1.03e8, 1.26e8], ZH, among=[1.03e8, 2e8])(1.03e8) == "1.03亿"


def test_a_single_number_below_the_scale_is_said_to_be_less() -> None:
    writer = money_writer([20.9e6] * 19 + [1000.0], EN)
    assert [writer(1000.0), writer(-1000.0)] == ["<0.1M", ">−0.1M"]


def test_numbers_share_their_decimals_and_whole_ones_stay_whole() -> None:
    ratio = number_writer([1.0, 1.05, 1.31, None], EN)
    assert [ratio(1.0), ratio(1.05)] == ["1.00", "1.05"]
    assert number_writer([3.0, 1200.0], EN)(1200.0) == "1,200"
    assert number_writer([], EN)(4.0) == "4"
    assert number_writer([94.6, 0.5], EN)(0.5) == "0.5"
