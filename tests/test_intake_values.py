"""What does a cell say? Numbers, dates and words as people write them; what could mean two things is asked, never guessed."""

import datetime as dt

import duckdb
import pytest

from salesnb.errors import InputError
from salesnb.intake.reading import values
from tests.intake_folders import ORDERS, checked, kept, rejected, workspace


def read(expression: str, text: str):
    return duckdb.execute(f"SELECT {expression} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200),
        ("$1,200 ", 1200),
        ("（1,200）", -1200),
        ("(5.5)", -5.5),
        ("1,234.50", 1234.5),
        ("1,234,567", 1234567),
        ("１２３４．５", 1234.5),
        ("¥ 3,000.00元", 3000),
        ("CNY 12", 12),
        ("1.2万", 12_000),
        ("3亿", 3e8),
        ("12%", 0.12),
        ("1200-", -1200),
        ("−5", -5),
        ("－１２", -12),
        ("+7", 7),
        ("1.5e3", 1500),
        (".5", 0.5),
        ("0.1", 0.1),
        *(
            (text, None)
            for text in [
                "",
                " ",
                "abc",
                "1.2.3",
                "12,34",
                "1,23,456",
                "nan",
                "inf",
                "1e999",
                "-",
                "()",
                "%",
                ".",
                "1 - 2",
                "--5",
                "5万万",
            ]
        ),
    ],
)
def test_numbers(text, value):
    assert read(values.number("x"), text) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-03", (2026, 10, 3)),
        ("2026-1-3", (2026, 1, 3)),
        ("2026/10/3", (2026, 10, 3)),
        ("2026.10.03", (2026, 10, 3)),
        ("20261003", (2026, 10, 3)),
        ("2026年10月3日", (2026, 10, 3)),
        ("２０２６－１０－０３", (2026, 10, 3)),
        ("2026-10-03 23:59:59", (2026, 10, 3)),
        ("2026-10-03T23:59:59.123Z", (2026, 10, 3)),
        ("2026-10-03T23:59:59.000+0000", (2026, 10, 3)),
        ("2026/10/3 下午", None),
        ("46298", (2026, 10, 3)),
        ("46298.75", (2026, 10, 3)),
        ("3 Oct 2026", (2026, 10, 3)),
        ("October 3, 2026", (2026, 10, 3)),
        ("3-Oct-26", (2026, 10, 3)),
        ("31/12/2026", (2026, 12, 31)),
        ("12/31/2026", (2026, 12, 31)),
        ("3/3/2026", (2026, 3, 3)),
        ("2024-02-29", (2024, 2, 29)),
        *(
            (text, None)
            for text in [
                "",
                "soon",
                "3/4/2026",
                "2026-02-29",
                "2026-13-01",
                "13/13/2026",
                "1",
                "2026",
                "0",
                "2026-10",
            ]
        ),
    ],
)
def test_dates(text, day):
    assert read(values.date("x"), text) == (dt.date(*day) if day else None)


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("dmy", "3/4/2026", (2026, 4, 3)),
        ("mdy", "3/4/2026", (2026, 3, 4)),
        ("dmy", "31.12.26", (2026, 12, 31)),
        ("ymd", "26-10-03", (2026, 10, 3)),
        ("dmy", "12/31/2026", None),
    ],
)
def test_dates_in_the_order_that_the_plan_gives(order, text, day):
    assert read(values.date("x", order=order), text) == (dt.date(*day) if day else None)


@pytest.mark.parametrize(
    ("text", "value"),
    [("是", True), ("No", False), ("Y", True), ("0", False), ("TRUE", True), ("×", False), ("maybe", None)],
)
def test_booleans(text, value):
    assert read(values.boolean("x"), text) is value


def orders_on(*days: str) -> str:
    return "order_id,account_id,ordered_on,net_amount\n" + "".join(
        f'{n},A,"{day}",5\n' for n, day in enumerate(days)
    )


def test_a_column_with_a_day_beyond_twelve_tells_its_order(tmp_path):
    folder = workspace(tmp_path / "w", orders=orders_on("3/4/2026", "31/3/2026"))
    assert kept(folder, "orders", "ordered_on") == [(dt.date(2026, 4, 3),), (dt.date(2026, 3, 31),)]
    folder = workspace(tmp_path / "v", orders=orders_on("3/4/2026", "3/31/2026"))
    assert kept(folder, "orders", "ordered_on")[0] == (dt.date(2026, 3, 4),)


@pytest.mark.parametrize(
    "days", [("3/4/2026",), ("3/4/2026", "31/3/2026", "3/31/2026"), ("26-10-03", "2026-10-03")]
)
def test_a_column_with_two_readings_is_a_question_that_the_plan_answers(tmp_path, days):
    folder = workspace(tmp_path / "w", orders=orders_on(*days))
    with pytest.raises(
        InputError, match=r"orders\.csv: ordered_on can be read in more than one way .*date_order"
    ):
        checked(folder)
    workspace(folder, plan="intake: {date_order: dmy}\n")
    assert kept(folder, "orders", "ordered_on")[0] in [(dt.date(2026, 4, 3),), (dt.date(2003, 10, 26),)]


def test_three_formats_in_a_column_are_read_or_quarantined(tmp_path):
    folder = workspace(
        tmp_path / "w", orders=orders_on("2026-10-03", "31/10/2026", "10/31/2026", "46298", "someday")
    )
    assert [row[0].isoformat() for row in kept(folder, "orders", "ordered_on")] == [
        "2026-10-03",
        "2026-10-31",
        "2026-10-31",
        "2026-10-03",
    ]
    assert rejected(folder, "orders") == [(6, "ordered_on cannot be read")]


def test_a_decimal_comma_is_the_column_s_and_told(tmp_path):
    heading = "order_id;account_id;ordered_on;net_amount\n"
    folder = workspace(
        tmp_path / "w",
        orders=heading
        + "1;A;2026-10-01;1.234,50\n2;A;2026-10-01;12,5\n3;A;2026-10-01;7\n4;A;2026-10-01;1.000\n",
    )
    assert [row[0] for row in kept(folder, "orders", "net_amount")] == [1234.5, 12.5, 7, 1000]
    assert any("decimal comma" in str(message) for message in checked(folder)[1].suspicions)


def test_a_comma_that_may_be_either_is_not_guessed(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS + '3,A,2026-10-01,"1,234"\n4,A,2026-10-01,"12,5"\n')
    assert kept(folder, "orders", "net_amount")[2] == (1234.0,)
    assert rejected(folder, "orders") == [(5, "net_amount cannot be read")]


def test_ids_stay_as_written_and_their_two_spellings_are_told(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS + "3,a,2026-10-01,5\n007,Ａ ,2026-10-01,5\n")
    assert kept(folder, "orders", "order_id, account_id")[2:] == [("3", "a"), ("007", "Ａ ")]
    assert any("spelled in more than one way" in str(message) for message in checked(folder)[1].suspicions)


def test_a_target_of_a_name_that_two_people_have_is_told(tmp_path):
    targets = "period_start,grain,dimension,member,amount\n2026-01-01,year,rep,{},1000\n"
    people = "rep_id,rep_name\nR1,Li Wei\nR2,Li Wei\nR3,Wang Min\n"
    for number, (member, told) in enumerate((("Li Wei", True), ("Wang Min", False), ("R1", False))):
        folder = workspace(tmp_path / str(number), orders=ORDERS, reps=people, targets=targets.format(member))
        said = [str(message) for message in checked(folder)[1].suspicions]
        assert any("those of several people, such as Li Wei" in message for message in said) == told
