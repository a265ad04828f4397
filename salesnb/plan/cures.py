"""What may a setting that cannot be read have meant? RMB is CNY, 18% is 0.18, 10亿 is 1_000_000_000: offered, never assumed.

`readings` gives what a value may mean, most likely first; which of them the place takes, the plan itself decides.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from babel import Locale

from salesnb.errors import nearest

LONGEST = 60  # signs; what is longer was never a number or a name
MARKS = {
    "RMB": "CNY",
    "人民币": "CNY",
    "CN¥": "CNY",
    "¥": "CNY",
    "元": "CNY",
    "$": "USD",
    "US$": "USD",
    "HK$": "HKD",
}
MARKS |= {"€": "EUR", "£": "GBP", "UK": "GB", "USA": "US", "CHINESE": "zh", "中文": "zh", "简体中文": "zh"}
MARKS |= {"ENGLISH": "en", "英文": "en", "英语": "en"}
SCALES = {"万亿": 1e12, "亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3, "W": 1e4}
SCALES |= {
    "TRILLION": 1e12,
    "TN": 1e12,
    "BILLION": 1e9,
    "BN": 1e9,
    "B": 1e9,
    "MILLION": 1e6,
    "MIO": 1e6,
    "M": 1e6,
    "K": 1e3,
}
NUMBER = re.compile(r"^[^\d+\-.]*([-+]?\d[\d,_ \u00a0]*(?:\.\d+)?)\s*([^\d\s]*)", re.I)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def readings(value: Any, words: list[str]) -> Iterator[Any]:
    """What `value` may mean; `words` are those that the place takes, where it takes words."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float)):
        if 2 <= value <= 100:
            yield round(value / 100, 6)
        if isinstance(value, float) and value.is_integer():
            yield int(value)
        yield [value]
        return
    if not isinstance(value, str) or len(value) > LONGEST:
        return
    text = value.strip()
    yield from filter(None, (MARKS.get(text.upper()), _code(text.casefold()), nearest(text, words)))
    if words and "_" in text:
        return
    yield from _days(text)
    yield from _numbers(text)
    yield from (text.upper(), text[:2].lower(), [text])


def written(value: Any) -> str:
    """As the file holds it."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return f"{value:_}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def _numbers(text: str) -> Iterator[float | int]:
    found = NUMBER.match(text)
    if not found:
        return
    number, unit = float(re.sub(r"[,_ \u00a0]", "", found[1])), found[2].upper()
    if unit.startswith(("%", "％")):
        yield round(number / 100, 9)
        return
    scale = next((size for name, size in SCALES.items() if unit.startswith(name)), None)
    if scale is not None:
        yield round(number * scale, 2)
    yield int(number) if number.is_integer() else number


def _days(text: str) -> Iterator[str | dt.date | int]:
    """A day, a month and a year, as people write them."""
    parts = [int(part) for part in re.findall(r"\d+", text)]
    named = next(
        (place for place, name in enumerate(MONTHS, 1) if re.search(rf"\b{name}", text.upper())), None
    )
    if named is not None:
        years = [part for part in parts if part > 31]
        days = [part for part in parts if part <= 31]
        parts = [*years[:1], named, *days[:1]] if years else [named]
    if re.fullmatch(r"\d{6}", text):
        parts = [int(text[:4]), int(text[4:])]
    if re.fullmatch(r"\d{8}", text):
        parts = [int(text[:4]), int(text[4:6]), int(text[6:])]
    if len(parts) == 3 and parts[0] > 31:
        try:
            yield dt.date(*parts)
        except ValueError:
            return
    elif len(parts) == 2 and parts[0] > 31 and 1 <= parts[1] <= 12:
        yield f"{parts[0]:04}-{parts[1]:02}"
    elif len(parts) == 1 and (named or re.search(r"[年月]|^FY", text, re.I)):
        yield 2000 + parts[0] if re.match("FY", text, re.I) and parts[0] < 100 else parts[0]


@lru_cache(maxsize=256)
def _code(name: str) -> str | None:
    """The code of a currency or a country that is written as its name, in English or Chinese."""
    for language in ("en", "zh"):
        locale = Locale(language)
        for names in (locale.currencies, locale.territories):
            for code, called in names.items():
                if str(called).casefold() == name and len(code) < 4:
                    return str(code)
    return None
