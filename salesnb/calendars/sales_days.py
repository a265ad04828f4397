"""Which days of the year does everybody in a country sell on? 双11 and its like, and those that a company names itself."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping

from salesnb.language import marked

FIXED: Mapping[str, Mapping[str, str]] = {
    "CN": {marked("618"): "06-18", marked("Singles' Day"): "11-11", marked("Double Twelve"): "12-12"},
}
AFTER_THANKSGIVING = {marked("Black Friday"): 1, marked("Cyber Monday"): 4}
CELEBRATED = (
    "US",
    "CA",
    "GB",
    "DE",
    "FR",
    "AT",
    "CH",
    "IT",
    "ES",
    "NL",
    "BE",
    "BR",
    "AU",
)  # who sells on these two

KNOWN = frozenset(
    {*AFTER_THANKSGIVING, *(name for days in FIXED.values() for name in days)}
)  # all others are companies' own


def sales_days(
    first: dt.date, last: dt.date, *, country: str | None, named: Mapping[str, str]
) -> list[tuple[str, dt.date]]:
    """The sales days from `first` to `last`, in the order of days: name and day.

    `country` by ISO 3166; `named` are the company's own, name → month and day (``11-11``).
    """
    found = {
        (name, day)
        for year in range(first.year, last.year + 1)
        for name, day in [*_known(year, country), *_yearly(year, named)]
        if first <= day <= last
    }
    return sorted(found, key=lambda each: (each[1], each[0]))


def _known(year: int, country: str | None) -> Iterator[tuple[str, dt.date]]:
    yield from _yearly(year, FIXED.get(country or "", {}))
    if country in CELEBRATED:
        thursdays = [
            week[calendar.THURSDAY] for week in calendar.monthcalendar(year, 11) if week[calendar.THURSDAY]
        ]
        for name, days in AFTER_THANKSGIVING.items():
            yield name, dt.date(year, 11, thursdays[3]) + dt.timedelta(days=days)


def _yearly(year: int, named: Mapping[str, str]) -> Iterator[tuple[str, dt.date]]:
    for name, written in named.items():
        month, day = map(int, written.split("-"))
        if day <= calendar.monthrange(year, month)[1]:  # 29 February
            yield name, dt.date(year, month, day)
