"""Are numbers, dates and sentences written as people of each language write them?"""

import datetime as dt

import pytest

from salesnb.language import Language, Message

EN, ZH = Language("en", currency="CNY"), Language("zh", currency="CNY")


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        (950, "950", "950"),
        (-8_123_456, "−8.12M", "−812万"),
        (34_000_000, "34.0M", "3,400万"),
        (120_000_000, "120M", "1.20亿"),
        (999_999, "1.00M", "100万"),
        (1_000_000_000, "1,000M", "10.0亿"),
        (25_000_000_000, "25.0B", "250亿"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_money(value, english, chinese):
    assert (EN.money(value), ZH.money(value)) == (english, chinese)


def test_a_change_carries_its_sign_and_a_country_its_name():
    assert [EN.change(value) for value in (6_470_000, -593_000, 0, None)] == ["+6.47M", "−593K", "0", "–"]
    assert str(Message("{then:change}", then=12.0)) == "+12.0"
    assert (EN.country("CN"), ZH.country("CN"), EN.country("QZ")) == ("China", "中国", "QZ")


def test_money_never_loses_a_digit_by_rounding_up_a_step():
    assert EN.money(9_996_000) == "10.0M"
    assert EN.money(99.96) == "100"


def test_a_tile_shows_four_digits():
    assert EN.kind(812_440_000, "amount") == "812.4M"


def test_an_interval_of_differences_says_which_side_it_lies_on():
    assert (EN.apart((-0.206, -0.123)), ZH.apart((-0.206, -0.123))) == (
        "12.3 to 20.6 points lower",
        "低12.3–20.6个百分点",
    )
    assert (EN.apart((0.022, 0.15)), ZH.apart((0.022, 0.15))) == (
        "2.2 to 15.0 points higher",
        "高2.2–15.0个百分点",
    )
    assert (EN.apart((-0.003, 0.185)), ZH.apart((-0.003, 0.185))) == (
        "−0.3 to +18.5 points",
        "−0.3至+18.5个百分点",
    )
    assert (EN.gains((0.022, 0.15)), ZH.gains((0.022, 0.15))) == ("2.2 to 15.0 points", "2.2–15.0个百分点")


def test_shares_probabilities_and_points():
    assert EN.share(0.0341) == "3.4%"
    assert EN.share(0.42) == "42%"
    assert EN.percent(0.001) == "<1%"
    assert EN.percent(0.9999) == ">99%"
    assert EN.percent(0) == "0%"
    assert EN.points(-0.021) == "−2.1 points"
    assert (EN.points(0.01), EN.gain(0.01)) == ("+1 point", "1 point")
    assert ZH.points(0.021) == "+2.1个百分点"


def test_dates():
    day = dt.date(2026, 10, 31)
    assert (EN.date(day), ZH.date(day)) == ("31 Oct 2026", "2026年10月31日")
    assert (EN.month(day), ZH.month(day)) == ("October 2026", "2026年10月")
    assert EN.date(None) == "–"


def test_lists_and_nested_messages():
    message = Message("{names:list} owe {sum:money}", names=["A", Message("B"), "C"], sum=1.5e6)
    assert str(message) == "A, B and C owe 1.50M"


def test_text_of_the_data_is_never_read_as_a_template():
    assert EN("{name}", name="{secret} {0.__class__}") == "{secret} {0.__class__}"


def test_a_field_reaches_no_attribute():
    with pytest.raises(KeyError):
        EN("{name.__class__}", name="x")


def test_unknown_kinds_and_languages_are_named():
    with pytest.raises(ValueError, match="'monney' was used"):
        EN("{x:monney}", x=1)
    with pytest.raises(ValueError, match="'fr' was passed"):
        Language("fr")


def test_a_name_in_a_sentence_stays_on_its_line_turns_nothing_and_is_cut_where_nobody_reads_on():
    english = Language("en")
    assert english("{name} is late", name="Line\r\nbreak \u202egnp.exe") == "Line break  gnp.exe is late"
    long = english("{name} and {others:list}", name="W" * 10_000, others=["V" * 10_000, "B"])
    assert long == f"{'W' * 60}… and {'V' * 60}… and B"
