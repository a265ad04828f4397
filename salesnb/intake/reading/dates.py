"""Which day does a text name? Dates as people and systems write them; what could be two days is asked, never guessed.

A text alone may not tell (3/4/2026, 24.3.5): then its column does. A text that names no year names no day.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from babel import Locale

from salesnb.intake.reading import eras

# no two of which give one name to two months (Croatian would)
LOCALES, FILLERS = (
    tuple(words.split())
    for words in (
        "en de de_AT fr es it pt nl sv da nb pl cs sk hu ro fi tr ru uk bg el id ca sl lt lv et",
        "st nd rd th of the de del d le el den der am on er o os do dnia r г roku року года an at um kl a à om",
    )
)
HANZI_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
# as Korean and traditional Chinese write them, and a Japanese weekday
SAME = str.maketrans("년월일點號時号", "年月日点日时日")
AROUND_HANZI = re.compile(" *([年月]) *| +(?=日)")
HANZI = re.compile("[〇零○一二三四五六七八九十]+(?=[年月日])")
SIGNS = str.maketrans("\u2212’", "-'")
SEPARATOR = r" ?[-/.、_ ] ?"
CLOCK = re.compile(
    r"(?:(?<=\d)T|[ ,]*)(?:(?:à|at|um|om|kl\.?|alle|a las) )?(?:(?:上午|下午|早上|晚上|中午|凌晨) ?)?(?P<hour>\d{1,2})(?:[:时点h](?P<minute>\d{2})(?:[:分](?P<second>\d{2}))?分?秒?"
    r"|[:.](?P<other>\d{2})(?= ?[ap]\.?m))(?:[.,]\d+)?(?: ?[ap]\.?m\.?| ?上午| ?下午| ?Uhr| ?h)?"
    r"(?: ?(?:Z|UTC|GMT|[A-Z]{3,4}|\(?(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?\)?))?(?: ?\([A-Za-z ]+\))?$",
    re.IGNORECASE,
)
PLAIN_CLOCK = re.compile(
    r"(?:,? +|(?<=\d)T)(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?$"
)
# where it does not stand last: 00:02 15 Apr 2021, Thu Apr 15 00:02:00 UTC 2021
INNER_CLOCK = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?[ ,]+| \d{1,2}:\d{2}:\d{2}(?: [A-Z]{3,4})?(?= \d{4}$)")
HANZI_WEEKDAY = re.compile(
    r"[ ,(]*(?:星期|周|礼拜)[一二三四五六日天][ ,)]*|[ ]?\([一二三四五六日月火水木金土]\)"
)
BASIC_CLOCK = re.compile(r"(?<=\d{8})T\d{4}(?:\d{2})?(?:Z|[+-]\d{4})?$")
YEAR_FIRST = re.compile(rf"(\d{{4}})(?:{SEPARATOR}|年 ?)(\d{{1,2}})(?:{SEPARATOR}|月 ?)(\d{{1,2}})[日.]?")
SHORT_HANZI = re.compile(r"(\d{2})年 ?(\d{1,2})月 ?(\d{1,2})日?")
HANZI_MONTH = re.compile(r"(\d{4}|\d{2})年 ?(\d{1,2})月份?")
YEAR_MONTH = re.compile(r"(\d{4})(?: ?[-/_M] ?(\d{1,2})|\.(\d{2}|[2-9]))")
MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/.] ?(\d{4})")
WITHOUT_YEAR = re.compile(r"(\d{1,2})(?:月(?:(\d{1,2})日?|份)?| ?[-/.] ?(\d{1,2})\.?)")
THREE = re.compile(r"(\d{1,2}) ?([-/.、]) ?(\d{1,2}) ?\2 ?'?(\d{4}|\d{1,2})\.?")
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
QUARTER = re.compile(
    r"(?:(?P<year>\d{4})年?[-/. ]*)?(?:(?:Q|T|第|quartal|quarter|trimestre) ?(?P<q>[1-4一二三四])(?: ?季度?)?"
    r"|(?P<n>[1-4一二三四]|IV|I{1,3})(?:[QT]|季度?|(?:\.|er|e|o|º|°|ª|st|nd|rd|th)? ?(?:quart(?:al|er|o)?|trim(?:estre)?)\.?))"
    r"(?:[-/., ]*(?:de |of )?'?(?P<later>\d{4}|\d{2}))?",
    re.IGNORECASE,
)
WEEK = re.compile(r"(\d{4})-?W(\d{2})(?:-?([1-7]))?")
WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
EPOCH = (100_000_000, 4_200_000_000)  # seconds: from 1973 to 2103
DAY_ZERO = dt.date(1899, 12, 30)  # of a spreadsheet's serial numbers
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}  # places of year, month, day


@dataclass(frozen=True)
class Written:
    """What a text says: a day, its `span` ("" for a day, else week, month, quarter or year, of which `day` is the first), or three
    numbers in an order that it does not tell, parted by `sign`. `lacking`: it names no year."""

    day: dt.date | None = None
    span: str = ""
    three: tuple[str, str, str] | None = None
    sign: str = ""
    lacking: bool = False


@dataclass
class Days:
    """What the texts of a column say: text → day; those that name no year; one that can be read in two ways; one read with a
    short year first; one that names a month, a quarter or a year."""

    found: dict[str, dt.date] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    question: str | None = None
    short_year: str | None = None
    span: str | None = None


def read_days(
    texts: Iterable[str],
    *,
    order: str | None = None,
    chinese: bool = False,
    period: bool = False,
    quarters: bool = True,
) -> Days:
    """The days of a column's texts. `order` dmy, mdy or ymd where somebody gave it; `chinese`: short years stand first, too.

    `period`: a year is its first day; `quarters`: a quarter is one of the calendar year, not of another fiscal year.
    """
    days, unordered = Days(), {}
    known: dict[str, Written] = {}  # without their clocks, which make each of a million moments another text
    for text in texts:
        bare = PLAIN_CLOCK.sub("", text)
        said = known.get(bare) or known.setdefault(bare, written(bare))
        if said.lacking:
            days.lacking.append(text)
        elif said.three:
            unordered[text] = said
        elif (
            said.day and (period or said.span != "year") and (quarters or said.span in ("", "week", "month"))
        ):
            days.found[text] = said.day
            if said.span:
                days.span = days.span or text
    _ordered(unordered, days, order, chinese)
    return days


def orders_of(texts: Iterable[str], *, chinese: bool = False) -> frozenset[str]:
    """The orders of day, month and year in which each text of three numbers is a day; none where no text is such a one."""
    said = {bare: written(bare) for bare in dict.fromkeys(PLAIN_CLOCK.sub("", text) for text in texts)}
    found = [frozenset(each) for each in _readings(said, None, chinese).values() if each]
    return frozenset.intersection(*found) if found else frozenset()


def _ordered(unordered: Mapping[str, Written], days: Days, order: str | None, chinese: bool) -> None:
    """Reads what has three numbers in the order that all of the column allow; two that differ are a question."""
    read = _readings(unordered, order, chinese)
    open_ones = [text for text, found in read.items() if len(set(found.values())) > 1]
    common = set(ORDERS).intersection(*(found for found in read.values() if found))
    if open_ones and len(common) != 1:
        days.question = min(open_ones)
        return
    for text, found in read.items():
        chosen = next((each for each in found if not open_ones or each in common), None)
        if chosen:
            days.found[text] = found[chosen]
            if chosen == "ymd" and order is None:
                days.short_year = days.short_year or text


def _readings(
    column: Mapping[str, Written], order: str | None, chinese: bool
) -> dict[str, dict[str, dt.date]]:
    """Text of three numbers → order → day."""
    unordered = {text: each for text, each in column.items() if each.three}
    short_first = {said.sign for said in unordered.values() if said.three and len(said.three[2]) == 1}
    read: dict[str, dict[str, dt.date]] = {}
    for text, said in unordered.items():
        assert said.three is not None
        possible = (order,) if order else _orders(said, chinese=chinese, short_first=short_first)
        days_by_order = {each: _ordered_day(said.three, each) for each in possible}
        read[text] = {each: day for each, day in days_by_order.items() if day is not None}
    return read


def _orders(said: Written, *, chinese: bool, short_first: set[str]) -> tuple[str, ...]:
    assert said.three is not None
    last = said.three[2]
    if len(last) == 4:
        return ("dmy", "mdy")
    if len(last) == 1:
        return ("ymd",) if len(said.three[0]) == 2 else ()
    return (
        ("dmy", "mdy", "ymd") if said.sign == "-" or chinese or said.sign in short_first else ("dmy", "mdy")
    )


def _ordered_day(three: tuple[str, str, str], order: str) -> dt.date | None:
    year, month, day = (three[place] for place in ORDERS[order])
    return None if len(year) not in (2, 4) else _day(year, month, day)


def _day(year: str, month: str | int, day: str | int = 1) -> dt.date | None:
    whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    try:
        return dt.date(whole, int(month), int(day))
    except ValueError:
        return None


def written(text: str) -> Written:
    """What one text says, whatever its column says."""
    bare = " ".join(unicodedata.normalize("NFKC", text).translate(SIGNS).split()).removeprefix("'")
    bare = eras.western(bare)
    bare = BASIC_CLOCK.sub("", AROUND_HANZI.sub(r"\1", bare.translate(SAME)))
    if bare.replace(".", "", 1).isdecimal() and bare.isascii():
        found = _from_digits(bare)
        if found is not None:
            return found
    bare = HANZI_WEEKDAY.sub(" ", HANZI.sub(_hanzi_number, bare)).strip()
    whole = _dated(bare)
    if whole is not None:
        return whole
    clock = CLOCK.search(bare)
    if clock and clock.start() and _is_clock(clock):
        bare = bare[: clock.start()].rstrip(" ,")
    else:
        bare = INNER_CLOCK.sub("", bare)
    return _dated(bare) or _dated(_without_weekday(bare)) or Written()


def _is_clock(clock: re.Match[str]) -> bool:
    minute = clock["minute"] or clock["other"]
    return int(clock["hour"]) <= 24 and int(minute) < 60 and int(clock["second"] or 0) <= 60


def _from_digits(digits: str) -> Written | None:
    """20261003, 202610, seconds since 1970, a spreadsheet's serial number."""
    whole, _, rest = digits.partition(".")
    exact = not rest.strip("0")
    if len(whole) in (8, 14) and whole[:2] in ("19", "20", "21") and exact:
        return Written(_day(whole[:4], whole[4:6], whole[6:8]))
    if len(whole) == 6 and whole[:2] in ("19", "20", "21") and exact:
        return Written(_day(whole[:4], whole[4:]), "month")
    if len(whole) in (9, 10, 13) and EPOCH[0] <= int(whole[:10]) <= EPOCH[1]:
        return Written((dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(whole[:10]))).date())
    if len(whole) == 5 and whole[0] != "0":
        return Written(DAY_ZERO + dt.timedelta(days=int(whole)))
    if len(digits) == 4 and whole[:2] in ("19", "20", "21"):
        return Written(_day(whole, 1), "year")
    return None


def _dated(text: str) -> Written | None:
    """The text without clock and weekday, by the first form that it has."""
    if found := YEAR_FIRST.fullmatch(text) or SHORT_HANZI.fullmatch(text):
        return Written(_day(found[1], found[2], found[3]))
    if found := THREE.fullmatch(text):
        return Written(three=(found[1], found[3], found[4]), sign=found[2])
    if found := HANZI_MONTH.fullmatch(text):
        return Written(_day(found[1], found[2]), "month")
    if found := YEAR_MONTH.fullmatch(text):
        return Written(_day(found[1], found[2] or found[3]), "month")
    if found := MONTH_YEAR.fullmatch(text):
        return Written(_day(found[2], found[1]), "month")
    if (found := WITHOUT_YEAR.fullmatch(text)) and int(found[1]) <= 31:
        return Written(lacking=True)
    if found := QUARTER.fullmatch(text):
        return _quarter(found)
    if found := WEEK.fullmatch(text):
        with suppress(ValueError):
            return Written(
                dt.date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1)),
                "" if found[3] else "week",
            )
    if re.fullmatch(r"\d{4}年度?", text):
        return Written(_day(text[:4], 1), "year")
    return _named(text)


def _quarter(found: re.Match[str]) -> Written:
    year = found["year"] or found["later"]
    number = (found["q"] or found["n"]).translate(HANZI_DIGITS)
    number = ROMAN.get(number.casefold(), number)
    if year is None or (found["year"] and found["later"]):
        return Written(lacking=year is None)
    return Written(_day(year, 3 * int(number) - 2), "quarter")


def _named(text: str) -> Written | None:
    """A date whose month is a word: 15 Apr 2021, Apr 15, 2021, 15. Dezember 2024, 31 Dec 24, Apr-18."""
    months: list[int] = []
    numbers: list[str] = []
    before = 0
    signs = ""
    for part in WORD.findall(text):
        if part.isdecimal():
            if len(part) not in (1, 2, 4):
                return None
            numbers.append(part)
            before += not months
        elif part.isalpha():
            word = _folded(part)
            if word in month_names():
                months.append(month_names()[word])
            elif word not in FILLERS:
                return None
        elif part in ".,-/'°":
            signs += part
        else:
            return None
    if len(months) != 1 or len(numbers) > 2:
        return None
    if not numbers:
        return Written(lacking=True)
    if len(numbers) == 1:
        (only,) = numbers
        names_year = len(only) == 4 or (not before and len(only) == 2 and ("-" in signs or "'" in signs))
        return Written(_day(only, months[0]), "month") if names_year else Written(lacking=True)
    day, year = numbers if len(numbers[0]) < 4 else reversed(numbers)
    return Written(_day(year, months[0], day)) if len(year) in (2, 4) and len(day) < 4 else None


def _without_weekday(text: str) -> str:
    parts = re.split(r"[ ,]+", text, maxsplit=1)
    if len(parts) == 2 and _folded(parts[0].strip(".(")) in weekday_names():
        return parts[1]
    rest, _, last = text.rpartition(" ")
    return rest.rstrip(" ,") if rest and _folded(last.strip(".()")) in weekday_names() else text


def month_named(word: str) -> int | None:
    """The month that a word names, in any of the languages."""
    return month_names().get(_folded(word))


def _hanzi_number(found: re.Match[str]) -> str:
    """二〇二四 is 2024, 十二 is 12, 二十一 is 21."""
    text = found[0]
    if "十" not in text:
        return text.translate(HANZI_DIGITS)
    tens, _, ones = text.partition("十")
    return (tens.translate(HANZI_DIGITS) or "1") + (ones.translate(HANZI_DIGITS) or "0")


def _folded(word: str) -> str:
    """Without capitals and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return bare.replace("ı", "i").rstrip(".")


@lru_cache(maxsize=1)
def month_names() -> dict[str, int]:
    """Month names and their short forms, folded → number; none that means two months."""
    names = {"sept": 9, "mrz": 3, "maerz": 3, "janv": 1, "fevr": 2, "set": 9}
    for locale in map(Locale.parse, LOCALES):
        for context in locale.months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    names.setdefault(_folded(name), number)
    return names


@lru_cache(maxsize=1)
def weekday_names() -> frozenset[str]:
    """Names of weekdays and their short forms, folded."""
    contexts = [context for locale in map(Locale.parse, LOCALES) for context in locale.days.values()]
    widths = [context[width] for context in contexts for width in ("wide", "abbreviated")]
    return frozenset(_folded(name) for width in widths for name in width.values())
