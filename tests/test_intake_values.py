"""What does a cell say? Numbers, dates and words as people write them; what could mean two things is asked, never guessed."""

import datetime as dt

import pytest

from salesnb.errors import InputError
from salesnb.intake.reading import dates, numbers, words
from salesnb.intake.schema import TABLES
from tests.intake_folders import ORDERS, checked, kept, rejected, workspace


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
                "nan",
                "inf",
                "1e999",
                "1e308",
                "9" * 400,
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
    found = numbers.number(text)
    assert (found and found[0]) == value


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("CHF 1'234.50", 1234.5, "CHF"),
        ("₹1,23,456", 123_456, "INR"),
        ("1,23,456", 123_456, None),
        ("R$ 5", 5, "BRL"),
        ("500 kr", 500, "SEK"),
        ("1.2M", 1_200_000, None),
        ("$1.2bn", 1.2e9, "USD"),
        ("3k", 3000, None),
        ("1.2w", 12_000, None),
        ("3.5W", 35_000, None),
        ("2百万", 2_000_000, None),
        ("1.2万元", 12_000, "CNY"),
        ("人民币1234元", 1234, "CNY"),
        ("CN¥1,200", 1200, "CNY"),
        ("$ -", 0, "USD"),
        ("-   €", 0, "EUR"),
        ("-$5", -5, "USD"),
        ("$(5)", -5, "USD"),
        ("5- €", -5, "EUR"),
        ("$5 USD", 5, "USD"),
        ("1 234.50", 1234.5, None),
        ("US$ 7", 7, "USD"),
        ("5 EUR", 5, "EUR"),
        ("CAD$1,200", 1200, "CAD"),
        ("1200 руб.", 1200, "RUB"),
        ("S/. 1,200.50", 1200.5, "PEN"),
        ("Fr. 1'234.-", 1234, "CHF"),
        ("₹ 5,000/-", 5000, "INR"),
        ("200:- kr", 200, "SEK"),
        ("₹2.5 L", 250_000, "INR"),
        ("3 mln zł", 3e6, "PLN"),
        ("12万5千", 125_000, None),
        ("2亿3千万", 230_000_000, None),
        ("壹仟贰佰叁拾肆元整", 1234, "CNY"),
        ("'1234", 1234, None),
        *((text, None, None) for text in ["1,234.50 CR", "1,234.50 DR", "1万2", "5万5万"]),
        *((text, None, None) for text in ["1234(含税)", "—", "/", "无", "5 XYZ", "$", "€ 5 $", "12 34"]),
    ],
)
def test_money(text, value, currency):
    found = numbers.number(text, money=True)
    assert (found and found[0]) == value
    if found:
        assert currency in (numbers.codes(found[1]) or [None])


def test_a_stroke_for_no_cents_is_no_minus_and_tells_the_comma():
    assert numbers.number("1.234,- €", decimal_comma=True, money=True) == (1234.0, "€")
    assert numbers.number("1234,--", money=True) == (1234.0, "")
    assert numbers.speaks_for_comma("1.234,-")
    assert numbers.number("1234-", money=True) == (-1234.0, "")


def test_metres_are_no_millions():
    assert numbers.number("5 m") is None
    assert numbers.number("5 pcs") == (5.0, "")


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
                "2026-10-03 99:99",
            ]
        ),
    ],
)
def test_dates(text, day):
    assert dates.read_days([text]).found.get(text) == (dt.date(*day) if day else None)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "5 Mar, 2024 00:02:00",
            "Mar 5, 2024 12:02 AM",
            "5. März 2024",
            "5 mars 2024",
            "5 de marzo de 2024",
        ),
        *(
            "1er mars 2024",
            "5th of March, 2024",
            "05-Mar-24",
            "5 Mar 24",
            "Tue, 5 Mar 2024",
            "Di, 5. März 2024",
        ),
        *("Tue Mar 5 00:02:00 UTC 2024", "2024年3月5日 星期二", "24年3月5日", "2024、3、5", "2024年3月5号"),
        *("2024/3/5 周二", "2024-3-5 上午9:30", "2024年03月05日 14时23分", "二〇二四年三月五日", "24.3.5"),
        *(
            "1709596800",
            "1709596800000",
            "45356",
            "45356.5",
            "20240305",
            "20240305.0",
            "2024-03-05 23:59:59.123",
        ),
        "2024-03-05T23:30:00-09:00",
        *("20240305T000200Z", "Tue Mar 5 2024 00:02:00 GMT+0200 (CEST)", "Mar 5, 2024 at 12:02 AM"),
        *("2024. 3. 5.", "2024년 3월 5일", "2024年3月5日(火)", "2024年 3 月 5 日", "2024-3-5 14點30分"),
        *(
            "5 Mart 2024",
            "5. března 2024",
            "5 марта 2024 г.",
            "5. maaliskuuta 2024",
            "2024. március 5.",
            "5 marca 2024 r.",
        ),
        *("5 Μαρτίου 2024", "5 martie 2024", "5 березня 2024", "5. marts 2024", "5 mrt 2024", "5 MART 2024"),
        *(
            "mar. 5 mars 2024 à 14:30",
            "terça-feira, 5 de março de 2024",
            "5 marzo 2024",
            "5 Maret 2024",
            "5. marec 2024",
        ),
    ],
)
def test_a_day_as_people_and_systems_write_it(text):
    (day,) = dates.read_days([text]).found.values()
    assert day == dt.date(2024, 3, 1 if text.startswith("1er") else 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            (text, (2018, 4, 1))
            for text in ["Apr-18", "2018-04", "April 2018", "2018年4月", "201804", "04/2018"]
        ),
        *(
            (text, (2025, 4, 1))
            for text in [
                "Q2 2025",
                "2025Q2",
                "2025年二季度",
                "2. Quartal 2025",
                "II. Quartal 2025",
                "T2 2025",
                "2T25",
                "2º trimestre de 2025",
            ]
        ),
        ("2025", (2025, 1, 1)),
    ],
)
def test_a_month_a_quarter_or_a_year_in_a_period_is_its_first_day(text, day):
    days = dates.read_days([text], period=True)
    assert days.found == {text: dt.date(*day)}
    assert days.span == text


def test_a_quarter_of_another_fiscal_year_is_not_read_as_the_calendar_s():
    assert dates.read_days(["Q2 2025"], period=True, quarters=False).found == {}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和8年3月5日", "2026-03-05"),
        ("令和元年5月1日", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("R8.3.5", "2026-03-05"),
        ("H31/04/30", "2019-04-30"),
        ("民國115年3月5日", "2026-03-05"),
        ("2026-W10", "2026-03-02"),
        ("2026-W10-4", "2026-03-05"),
        ("5 มีนาคม 2026", "2026-03-05"),
    ],
)
def test_years_and_weeks_of_other_calendars(text, day):
    assert {each: str(found) for each, found in dates.read_days([text]).found.items()} == {text: day}


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("2569-03-05", "2568-02-28", ["2025-02-28", "2026-03-05"]),
        ("29/02/2567", "13/03/2569", ["2024-02-29", "2026-03-13"]),
        ("5 มี.ค. 2569", "๑๒ เม.ย. พ.ศ. 2569", ["2026-03-05", "2026-04-12"]),
        ("25690305", "25690412", ["2026-03-05", "2026-04-12"]),
    ],
)
def test_a_column_of_buddhist_years_is_ours_and_told(tmp_path, first, second, days):
    rows = f"order_id,ordered_on,net_amount\n1,{first},10\n2,{second},20\n"
    made = workspace(tmp_path / "w", orders=rows)
    assert [str(day) for (day,) in sorted(kept(made, "orders", "ordered_on"))] == days
    assert any("counts Buddhist years" in str(said) for said in checked(made)[1].suspicions)


@pytest.mark.parametrize(
    ("text", "amount"), [("١٬٢٣٤٫٥٠", 1234.5), ("1만", 10_000), ("3억원", 3e8), ("\\1,001", 1001)]
)
def test_amounts_in_arabic_korean_and_old_japanese_signs(text, amount):
    assert numbers.number(text, money=True)[0] == amount


def test_a_single_year_far_ahead_is_no_buddhist_one(tmp_path):
    rows = "order_id,ordered_on,net_amount\n1,2569-03-05,10\n2,2026-03-05,20\n"
    made = workspace(tmp_path / "w", orders=rows, plan="intake: {max_rejected: 0.9}\n")
    assert rejected(made, "orders") == [(2, "ordered_on lies before 1970 or after 2100")]


def test_beside_debits_a_credit_is_no_ten_million(tmp_path):
    rows = 'order_id,ordered_on,net_amount\n1,2026-03-05,"1,001.50 Dr"\n2,2026-03-05,1.5 Cr\n3,2026-03-05,7\n'
    made = workspace(tmp_path / "w", orders=rows, plan="currency: INR\nintake: {max_rejected: 0.9}\n")
    assert kept(made, "orders", "net_amount") == [(7.0,)]
    assert [why.partition(";")[0] for _, why in rejected(made, "orders")] == [
        "net_amount cannot be read: 1,001.50 Dr",
        "net_amount cannot be read: 1.5 Cr",
    ]
    alone = workspace(tmp_path / "v", orders=rows.replace("Dr", "lakh"), plan="currency: INR\n")
    assert (15_000_000.0,) in kept(alone, "orders", "net_amount")


def test_signs_that_nobody_sees_make_no_other_name_day_or_heading(tmp_path):
    rows = "order\u200b_id,account_id,ordered_on,net_amount\n1,A\u200b,\ufeff2026-03-05,10\x00\n2,A,2026-03-05,\u200e20\n"
    made = workspace(tmp_path / "w", orders=rows)
    assert kept(made, "orders", "account_id, net_amount") == [("A", 10.0), ("A", 20.0)]
    told = [str(message) for message in checked(made)[1].suspicions]
    assert "orders.csv: 5 signs that nobody sees, such as zero-width blanks, were left out" in told


def test_a_text_that_was_exported_as_a_formula_is_its_text(tmp_path):
    rows = 'order_id,account_id,ordered_on,net_amount\n="0001",="""A""",2026-03-05,10\n"=""0002""",A,2026-03-05,20\n'
    made = workspace(tmp_path / "w", orders=rows)
    assert [order for (order,) in kept(made, "orders", "order_id")] == ["0001", "0002"]


def test_ids_that_a_spreadsheet_cut_short_are_told(tmp_path):
    rows = "order_id,account_id,ordered_on,net_amount\n4.5E+12,A,2026-03-05,10\n4.5E+12,B,2026-03-06,20\n1E5,C,2026-03-06,1\n"
    made = workspace(tmp_path / "w", orders=rows)
    assert len(kept(made, "orders")) == 3
    told = [str(message) for message in checked(made)[1].suspicions]
    assert any(
        "order_id holds 2 numbers that a spreadsheet cut short, such as 4.5E+12" in said for said in told
    )


def test_nobody_knows_the_amount_of_a_row_with_too_many_cells(tmp_path):
    """1,234 without quotes is no 1."""
    made = workspace(
        tmp_path / "w", orders=ORDERS + "3,A,2026-10-16,1,234\n", plan="intake: {max_rejected: 0.9}\n"
    )
    assert checked(made)[1].left_out["orders"] == (0, 1)


@pytest.mark.parametrize("text", ["3月5日", "18-Apr", "15 Apr", "7月", "3/5", "Q2", "Apr", "五月", "März"])
def test_what_lacks_its_year_is_no_day(text):
    days = dates.read_days([text])
    assert days.found == {}
    assert days.lacking == [text]


def test_a_year_that_may_stand_first_is_asked_about_where_that_is_usual():
    texts = ["24.03.05", "24.03.06"]
    assert dates.read_days(texts).found[texts[0]] == dt.date(2005, 3, 24)
    assert dates.read_days(texts, chinese=True).question == texts[0]
    assert dates.read_days([*texts, "24.3.7"]).found[texts[0]] == dt.date(2024, 3, 5)


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
    assert dates.read_days([text], order=order).found.get(text) == (dt.date(*day) if day else None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            (text, True)
            for text in [
                "是",
                "Y",
                "TRUE",
                "1",
                "Ja",
                "Oui",
                "Sí",
                "√",
                "x",
                "有",
                "Да",
                "evet",
                "はい",
                "sì",
                "Yes.",
            ]
        ),
        *(
            (text, False)
            for text in ["No", "0", "×", "无", "nein", "Non", "否", "нет", "hayır", "Nej", "いいえ"]
        ),
        *((text, None) for text in ["maybe", "", "2"]),
    ],
)
def test_booleans(text, value):
    assert words.flag(text) is value


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *(
            (text, 30)
            for text in [
                "Net 30",
                "30 days",
                "NET30",
                "月结30天",
                "30天",
                "2/10 net 30",
                "30 Tage netto",
                "n/30",
                "Net-30",
                "发票后30天",
                "14 Tage 2% Skonto, 30 Tage netto",
                "1/15, n/30",
                "30 days from invoice",
                "30 gg df",
                "一个月",
            ]
        ),
        *(
            (text, 0)
            for text in ["COD", "due on receipt", "款到发货", "货到付款", "cash in advance", "comptant"]
        ),
        *((text, None) for text in ["月结", "as agreed", "30/60", "30/60/90", "3 of 30 days"]),
    ],
)
def test_terms_of_payment(text, days):
    assert words.days_of_payment(text) == days


@pytest.mark.parametrize(
    ("meant", "texts"),
    [
        ("won", "Closed - Won|Closed(Won)|Deal Won|signed|已签单|签单|Vunnen|Ganha"),
        ("lost", "Closed – Lost|Cancelled|No decision|流标|已取消|放弃|Przegrana"),
        ("open", "Working|Ongoing|待定|谈判中|In Bearbeitung|en curso"),
    ],
)
def test_outcomes_as_people_call_them(meant, texts):
    listed = words.listed_words(TABLES["opportunities"]["outcome"])
    assert {listed.get(words.folded(text)) for text in texts.split("|")} == {meant}


@pytest.mark.parametrize(
    ("meant", "texts"),
    [
        ("visit", "Field visit|客户走访|登门拜访|Kundenbesuch|Visite client"),
        ("call", "Outbound call|Call - left voicemail|Telefonat|打电话|电话拜访|llamada de seguimiento"),
        ("meeting", "Video call|电话会议|飞书会议|Rendez-vous|Meeting (online)|conference call"),
        ("message", "WhatsApp message|微信沟通|微信/QQ|LinkedIn message"),
        ("email", "Email sent|发邮件|correo electrónico"),
        ("executive_meeting", "Executive Meeting|高层会晤|高层"),
        ("case_visit", "Reference visit|案例参观"),
        ("joint_marketing", "Co-marketing|联合营销"),
        (None, "Email/Call|宴请|Golf|recall|callisto"),
    ],
)
def test_kinds_of_contact_by_the_word_that_a_longer_one_holds(meant, texts):
    listed = words.listed_words(TABLES["activities"]["kind"])
    found = {text: listed.get(words.folded(text)) or words.within(text, listed) for text in texts.split("|")}
    assert set(found.values()) == {meant}


def test_what_is_read_by_a_part_of_it_is_told(tmp_path):
    rows = "1,Outbound call,2026-10-01\n2,Golf,2026-10-01\n3,未知,2026-10-01\n"
    folder = workspace(tmp_path / "w", orders=ORDERS, activities="activity_id,kind,happened_on\n" + rows)
    assert kept(folder, "activities", "kind") == [("call",), ("other",), ("other",)]
    said = [str(message) for message in checked(folder)[1].suspicions]
    assert "activities.csv: kind holds words that are read by a part of them: Outbound call as call" in said
    assert "activities.csv: kind holds words outside its list, read as other in 2 rows: Golf and 未知" in said


def test_words_for_nothing_are_nothing(tmp_path):
    texts = ["-None-", "#REF!", "未知", "unbekannt", "n.d.", "なし", "???", "(not set)", "не указано", "不详"]
    rows = "".join(f"{n},{text},2026-10-01,5,{text}\n" for n, text in enumerate(texts))
    folder = workspace(
        tmp_path / "w",
        plan="intake: {max_rejected: 1}\n",
        orders="order_id,account_id,ordered_on,net_amount,quantity\n" + rows,
    )
    assert kept(folder, "orders", "count(*), count(account_id), count(quantity)") == [(10, 0, 0)]
    assert not any("cannot be read" in str(message) for message in checked(folder)[1].suspicions)


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
    assert rejected(folder, "orders") == [(6, "ordered_on cannot be read: someday; write it as 2026-10-31")]


def test_a_decimal_comma_is_the_column_s_and_told(tmp_path):
    heading = "order_id;account_id;ordered_on;net_amount\n"
    folder = workspace(
        tmp_path / "w",
        orders=heading
        + "1;A;2026-10-01;1.234,50\n2;A;2026-10-01;12,5\n3;A;2026-10-01;7\n4;A;2026-10-01;1.000\n",
    )
    assert [row[0] for row in kept(folder, "orders", "net_amount")] == [1234.5, 12.5, 7, 1000]
    assert any("decimal comma" in str(message) for message in checked(folder)[1].suspicions)


POINTS = "order_id,ordered_on,net_amount,cost_amount\n" + "".join(
    f'{n},2026-10-01,{text},"{cost}"\n'
    for n, (text, cost) in enumerate([("1.200", "7{sign}50"), ("12.500", "9"), ("500", ""), ("€ -1.750", "")])
)


@pytest.mark.parametrize(
    ("plan", "sign", "total", "message"),
    [
        ("", ".", 1.2 + 12.5 + 500 - 1.75, "1.200 is read as 1.2, not as 1,200"),
        ("country: CN\n", ".", 1.2 + 12.5 + 500 - 1.75, "1.200 is read as 1.2, not as 1,200"),
        ("", ",", 1200 + 12_500 + 500 - 1750, "net_amount is read with a decimal comma, as in 1.200"),
        ("country: DE\n", ".", 1200 + 12_500 + 500 - 1750, "net_amount is read with a decimal comma"),
    ],
)
def test_points_that_may_part_thousands_follow_what_decides_and_are_told(
    tmp_path, plan, sign, total, message
):
    folder = workspace(tmp_path / "w", plan=f"currency: EUR\n{plan}", orders=POINTS.format(sign=sign))
    ((amount, cost),) = kept(folder, "orders", "sum(net_amount), sum(cost_amount)")
    assert (amount, cost) == (pytest.approx(total), 16.5)
    assert [str(each) for each in checked(folder)[1].suspicions if message in str(each)]


@pytest.mark.parametrize(
    "texts", [("1.200", "12.500", "0.500"), ("1.200", "12.500", "1.750", "5000"), ("1.200", "12.5", "1.125")]
)
def test_a_column_that_tells_its_point_is_not_asked_about(tmp_path, texts):
    rows = "".join(f"{n},2026-10-01,{text}\n" for n, text in enumerate(texts))
    folder = workspace(tmp_path / "w", plan="country: DE\n", orders="order_id,ordered_on,net_amount\n" + rows)
    assert kept(folder, "orders", "net_amount") == [(float(text),) for text in texts]
    assert not checked(folder)[1].suspicions


def test_two_points_part_thousands(tmp_path):
    rows = "1,2026-10-01,1.234.567\n2,2026-10-01,1.200\n"
    folder = workspace(tmp_path / "w", orders="order_id,ordered_on,net_amount\n" + rows)
    assert kept(folder, "orders", "net_amount") == [(1_234_567.0,), (1200.0,)]


def test_an_amount_that_no_sum_can_hold_is_not_read(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS + "3,A,2026-10-01,1e308\n4,A,2026-10-01,5\n")
    assert [row for row, _ in rejected(folder, "orders")] == [4]
    other = workspace(tmp_path / "o")
    sums = "SELECT '1' order_id, DATE '2026-10-01' ordered_on, 1e308::DOUBLE net_amount UNION ALL SELECT '2', DATE '2026-10-02', 'nan'::DOUBLE UNION ALL SELECT '3', DATE '2026-10-02', 4"
    (other / "orders.sql").write_text(sums)
    assert kept(other, "orders", "order_id, net_amount") == [("3", 4.0)]


def test_a_comma_that_may_be_either_is_not_guessed(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS + '3,A,2026-10-01,"1,234"\n4,A,2026-10-01,"12,5"\n')
    assert kept(folder, "orders", "net_amount")[2] == (1234.0,)
    assert rejected(folder, "orders") == [(5, "net_amount cannot be read: 12,5; write it as 1234.50")]


def test_a_cell_that_need_not_be_there_never_costs_its_row(tmp_path):
    heading = "order_id,account_id,ordered_on,net_amount,quantity,cost_amount\n"
    rows = "1,n/a,2026-10-01,5,many,-\n2,A,2026-10-01,5,2,3 apples\n3,无,2026-10-01,5,lots,\n4,A,2026-10-01,5,many,1\n"
    folder = workspace(tmp_path / "w", orders=heading + rows)
    assert kept(folder, "orders", "account_id, quantity, cost_amount") == [
        (None, None, None),
        ("A", 2.0, None),
        (None, None, None),
        ("A", None, 1.0),
    ]
    said = [str(message) for message in checked(folder)[1].suspicions]
    assert (
        "orders.csv: quantity cannot be read in 3 rows and is blank there, as in many; a form that is read: 1234.50"
        in said
    )
    assert (
        "orders.csv: cost_amount cannot be read in 1 row and is blank there, as in 3 apples; a form that is read: 1234.50"
        in said
    )


def test_north_america_is_a_region_and_no_missing_value(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS, accounts="account_id,region,industry\nA,NA,n/a\n")
    assert kept(folder, "accounts", "region, industry") == [("NA", None)]


def test_whole_numbers_that_were_exported_with_decimals_are_the_same_ids(tmp_path):
    rows = "12340.0,7.1,2026-10-01,5\n12341.0,7.0,2026-10-01,5\n"
    folder = workspace(tmp_path / "w", orders="order_id,account_id,ordered_on,net_amount\n" + rows)
    assert kept(folder, "orders", "order_id, account_id") == [("12340", "7.1"), ("12341", "7.0")]
    assert any("12340.0 is read as 12340" in str(message) for message in checked(folder)[1].suspicions)


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
        assert any("of several people, such as Li Wei" in message for message in said) == told
