"""Do months, fiscal years and working days fall where they should?"""

import pandas as pd
import pytest

from salesnb.calendars import periods
from salesnb.errors import InputError


def test_a_month_means_its_last_day():
    assert periods.parse_as_of("2024-02") == pd.Timestamp("2024-02-29")
    assert periods.parse_as_of("2026-10-17") == pd.Timestamp("2026-10-17")


@pytest.mark.parametrize("text", ["2026-13", "2026-02-30", "Oct 2026", "2026", "", "2026-1"])
def test_a_date_that_does_not_exist_is_one_sentence(text):
    with pytest.raises(InputError, match="write a month as 2026-10"):
        periods.parse_as_of(text)


def test_a_fiscal_year_from_july():
    day = pd.Timestamp("2026-03-15")
    assert periods.fiscal_year(day, starts=7) == (pd.Timestamp("2025-07-01"), pd.Timestamp("2026-06-30"))
    assert periods.fiscal_label(day, starts=7) == 2025
    assert list(periods.fiscal_months(day, starts=7))[-1] == pd.Timestamp("2026-06-01")


def test_twelve_months_end_with_the_month_of_the_day():
    assert periods.months_back(pd.Timestamp("2026-10-17"), 12) == pd.Timestamp("2025-11-01")
    ends = periods.month_ends(pd.Timestamp("2026-03-17"), 3)
    assert ends == [pd.Timestamp("2026-01-31"), pd.Timestamp("2026-02-28"), pd.Timestamp("2026-03-17")]


def test_without_a_country_monday_to_friday_work():
    assert len(periods.working_days(pd.Timestamp("2013-12-01"), pd.Timestamp("2014-05-31"))) == 130


def test_china_works_on_adjusted_weekends():
    days = periods.working_days(pd.Timestamp("2026-02-09"), pd.Timestamp("2026-02-28"), country="CN")
    assert pd.Timestamp("2026-02-14") in days  # a Saturday that makes up for the spring festival
    assert pd.Timestamp("2026-02-17") not in days  # new year's day of the year of the horse


def test_a_chinese_year_that_is_not_announced_falls_back_to_public_holidays():
    assert not periods.announced(2050, country="CN")
    assert pd.Timestamp("2050-10-03") not in periods.working_days(
        pd.Timestamp("2050-10-03"), pd.Timestamp("2050-10-03"), country="CN"
    )


def test_public_holidays_of_another_country():
    july = periods.working_days(pd.Timestamp("2025-07-01"), pd.Timestamp("2025-07-31"), country="US")
    assert pd.Timestamp("2025-07-04") not in july
    assert len(july) == 22


def test_an_unknown_country_is_one_sentence():
    with pytest.raises(InputError, match="no holiday calendar for the country XX"):
        periods.working_days(pd.Timestamp("2025-07-01"), pd.Timestamp("2025-07-31"), country="XX")


def test_no_day_when_the_span_is_empty():
    assert len(periods.working_days(pd.Timestamp("2026-01-02"), pd.Timestamp("2026-01-01"))) == 0


def test_the_last_working_days_reach_back_into_the_month_before_and_across_a_holiday():
    days = periods.closing_days(pd.Timestamp("2026-09-02"))
    assert [str(day.date()) for day in days] == [
        "2026-08-27",
        "2026-08-28",
        "2026-08-31",
        "2026-09-01",
        "2026-09-02",
    ]
    holiday = periods.closing_days(
        pd.Timestamp("2026-02-25"), country="CN"
    )  # the spring festival lies before it
    assert len(holiday) == 5
    assert holiday[0] < pd.Timestamp("2026-02-17") < holiday[-1]


def test_data_that_end_on_the_last_working_day_do_not_end_early():
    friday, saturday, monday = map(pd.Timestamp, ("2026-10-30", "2026-10-31", "2026-11-02"))
    assert not periods.end_early(friday, saturday)
    assert not periods.end_early(saturday, saturday)
    assert periods.end_early(friday, monday)
    assert not periods.end_early(
        pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-07"), country="CN"
    )  # a holiday week
