"""Which days does the company work, and where does its fiscal year stand? Calendars as frames use them, from plain `days`."""

from __future__ import annotations

from functools import lru_cache

import holidays
import numpy as np
import pandas as pd

from salesnb.calendars.days import announced as announced
from salesnb.calendars.days import next_working, read_day, works

ONE_DAY = pd.Timedelta(days=1)
CLOSING_DAYS = 5  # working days, a week: the last ones of a sprint or a quarter
LOOK_BACK = 30  # days that hold five working days about any holiday
LUNAR_COUNTRIES = frozenset(
    {"CN", "HK", "KR", "MO", "MY", "SG", "TW", "VN"}
)  # where the lunar new year is a holiday


def parse_as_of(text: str) -> pd.Timestamp:
    """The day of `days.read_day` as frames hold it."""
    return pd.Timestamp(read_day(text))


def month_start(day: pd.Timestamp) -> pd.Timestamp:
    """The first day of the month of `day`."""
    return day.normalize().replace(day=1)


def month_end(day: pd.Timestamp) -> pd.Timestamp:
    """The last day of the month of `day`."""
    return month_start(day) + pd.DateOffset(months=1) - ONE_DAY


def year_before(day: pd.Timestamp) -> pd.Timestamp:
    """The same day a year before; of a month's last day the last one of that month, a leap day counted."""
    then = day - pd.DateOffset(years=1)
    return month_end(then) if day == month_end(day) else then


def months_back(as_of: pd.Timestamp, months: int) -> pd.Timestamp:
    """The first day of the last `months` calendar months that end with the month of `as_of`."""
    return month_start(as_of) - pd.DateOffset(months=months - 1)


def fiscal_year(as_of: pd.Timestamp, *, starts: int = 1) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of the fiscal year that holds `as_of`; `starts` is its first month."""
    year = as_of.year if as_of.month >= starts else as_of.year - 1
    first = pd.Timestamp(year=year, month=starts, day=1)
    return first, first + pd.DateOffset(years=1) - ONE_DAY


def days_left(as_of: pd.Timestamp, *, starts: int = 1) -> int:
    """The days of the fiscal year after `as_of`; on its last day those of the next one."""
    return int((fiscal_year(as_of + ONE_DAY, starts=starts)[1] - as_of).days)


def fiscal_label(as_of: pd.Timestamp, *, starts: int = 1) -> int:
    """The key of the fiscal year in plan.yml's `targets`: the calendar year in which it begins."""
    return int(fiscal_year(as_of, starts=starts)[0].year)


def fiscal_months(as_of: pd.Timestamp, *, starts: int = 1) -> pd.DatetimeIndex:
    """The first days of the twelve months of the fiscal year that holds `as_of`."""
    first, last = fiscal_year(as_of, starts=starts)
    return pd.date_range(first, last, freq="MS")


def with_year_before(months: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The months, led by as many before them."""
    return pd.date_range(months[0] - pd.DateOffset(months=len(months)), months[-1], freq="MS")


def month_ends(as_of: pd.Timestamp, months: int) -> list[pd.Timestamp]:
    """The last days of the `months` months up to that of `as_of`, oldest first; the last one is `as_of` itself."""
    ends = [month_end(months_back(as_of, back)) for back in range(months, 1, -1)]
    return [*ends, as_of.normalize()]


def month_ends_before(as_of: pd.Timestamp, months: int, *, days: int) -> list[pd.Timestamp]:
    """The last `months` month ends that lie `days` or more before `as_of`, oldest first."""
    ends = [end for end in month_ends(as_of, months + 2 + days // 28) if (as_of - end).days >= days]
    return ends[-months:]


@lru_cache(maxsize=1024)
def working_days(first: pd.Timestamp, last: pd.Timestamp, *, country: str | None = None) -> pd.DatetimeIndex:
    """The working days from `first` to `last`, both included; empty where `last` lies before `first`."""
    days = pd.date_range(first, last, freq="D")
    return days[[works(day.date(), country) for day in days]] if len(days) else days


def end_early(last: pd.Timestamp, as_of: pd.Timestamp, *, country: str | None = None) -> bool:
    """Does a working day lie between the last day of the data and the day of the report? A weekend after it lacks nothing."""
    return len(working_days(last + ONE_DAY, as_of, country=country)) > 0


def closing_days(end: pd.Timestamp, *, country: str | None = None) -> pd.DatetimeIndex:
    """The last five working days up to `end`, a working week: where a sprint's or a quarter's last orders are looked for. They
    may begin in the month before."""
    return working_days(end - LOOK_BACK * ONE_DAY, end, country=country)[-CLOSING_DAYS:]


def seen_until(last_days: pd.DataFrame, table: str, as_of: pd.Timestamp) -> pd.Timestamp:
    """The day up to which a table tells what happened, where it ends before the month of `as_of` begins; else `as_of`.

    `last_days`: one row per table (table, last). A table without rows says nothing of when it ends.
    """
    last = last_days.loc[last_days["table"] == table, "last"].max()
    return last if last < month_start(as_of) else as_of


def due_in(days: int, as_of: pd.Timestamp, *, country: str | None = None) -> pd.Timestamp:
    """When is what shall be done in so many days due? On that day, or the next working day."""
    return pd.Timestamp(next_working((as_of + days * ONE_DAY).date(), country))


def month_passed(as_of: pd.Timestamp, *, country: str | None = None) -> float:
    """The share of the month's working days that have passed by `as_of`, this day included; of its calendar days where it has none."""
    start, end = month_start(as_of), month_end(as_of)
    whole = len(working_days(start, end, country=country))
    return len(working_days(start, as_of, country=country)) / whole if whole else as_of.day / end.day


def shares_passed(
    months: pd.Series | pd.DatetimeIndex, as_of: pd.Timestamp, *, country: str | None = None
) -> np.ndarray:
    """The share of each month (its first day) that has passed by `as_of`: 1 before the running month, 0 after it, in it as
    `month_passed`. By these shares a month's target is due."""
    days, running = pd.DatetimeIndex(months), month_start(as_of)
    share = month_passed(as_of, country=country)
    return np.select([days < running, days == running], [1.0, share], 0.0)


@lru_cache(maxsize=256)
def lunar_new_year(year: int) -> pd.Timestamp:
    """The first day of the lunar year that begins in `year` (1950 to 2099)."""
    named = holidays.country_holidays("CN", years=year, language="en_US").get_named(
        "Spring Festival", lookup="icontains"
    )
    return pd.Timestamp(min(named))


def lunar_new_year_share(month: pd.Timestamp, *, before: int = 7, after: int = 13) -> float:
    """The share of the three weeks around Chinese New Year that falls into the month: 0 to 1."""
    day = lunar_new_year(month.year)
    first, last = max(day - before * ONE_DAY, month), min(day + after * ONE_DAY, month_end(month))
    return max(0, (last - first).days + 1) / (before + 1 + after)


def quarters_of(days: pd.Series) -> pd.Series:
    """The quarter of each day as a text ("2026Q4"), on the days' index; each quarter is written once, however many days it has."""
    codes, quarters = days.dt.to_period("Q").factorize(use_na_sentinel=False)
    return pd.Series(np.asarray(quarters.astype(str), dtype=object)[codes], index=days.index, dtype=object)
