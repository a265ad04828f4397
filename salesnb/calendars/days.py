"""Which day is meant, and does the company work on it? Plain days: nothing here needs a frame.

Working days follow the plan's country: China by `chinesecalendar` (with its adjusted working weekends) for the years that
the State Council has announced, else by the public holidays of the `holidays` package; without a country, Monday to Friday.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

import holidays

from salesnb.errors import InputError

FIRST_YEAR, LAST_YEAR = 1900, 2200  # of a business day; beyond them something else was meant


def read_day(text: str) -> dt.date:
    """``2026-10`` is the last day of that month, ``2026-10-17`` that day; anything else is an `InputError`."""
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text.strip())
    try:
        if not match:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        assert month is not None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError
        last = calendar.monthrange(year, month)[1]
        return dt.date(year, month, day if day else last)
    except (ValueError, calendar.IllegalMonthError):
        raise InputError(
            "the date {text} does not exist: write a month as 2026-10 or a day as 2026-10-17", text=repr(text)
        ) from None


def announced(year: int, *, country: str | None) -> bool:
    """Is the year's calendar the official one, adjusted weekends included? Only China's is ever in doubt."""
    return country != "CN" or year in _announced_years()


@lru_cache(maxsize=65_536)
def next_working(day: dt.date, country: str | None) -> dt.date:
    """The day itself where it is a working day, else the next one; the day where a month brings none."""
    ahead = (day + dt.timedelta(days=step) for step in range(31))
    return next((each for each in ahead if works(each, country)), day)


def works(day: dt.date, country: str | None) -> bool:
    """Is it a working day in the country (ISO 3166)? None is Monday to Friday everywhere."""
    if country == "CN" and day.year in _announced_years():
        import chinese_calendar

        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (country is None or day not in _public_holidays(country, day.year))


@lru_cache(maxsize=1)
def _announced_years() -> frozenset[int]:
    from chinese_calendar.constants import holidays as known

    return frozenset(day.year for day in known)


@lru_cache(maxsize=256)
def _public_holidays(country: str, year: int) -> frozenset[dt.date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        raise InputError(
            "plan.yml: there is no holiday calendar for the country {country}; leave country out for Monday to Friday",
            country=country,
        ) from None


def has_calendar(country: str) -> bool:
    """Are the public holidays of the country (two letters, ISO 3166) known?"""
    return country in holidays.list_supported_countries(include_aliases=True)
