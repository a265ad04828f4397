"""Which year of ours is a year of another count? Japan's eras, Taiwan's republic and the Buddhist years of Thailand.

The first two name themselves in every text (令和8年, R8.3.1, 民國115年). A Buddhist year is a number alone: only a column all of
whose years lie in the century that is meant tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale

# era, and its letter → the year before its first
BEGINNINGS = {
    "明治": 1867,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
    "民國": 1911,
    "民国": 1911,
    "M": 1867,
    "T": 1911,
    "S": 1925,
    "H": 1988,
    "R": 2018,
}
NAMED = re.compile(r"(?:中[華华])?(明治|大正|昭和|平成|令和|民國|民国) ?(元|\d{1,3}) ?(?=年)")
BY_LETTER = re.compile(r"^([MTSHR])\.?(\d{1,2})(?=([-/.年]) ?\d{1,2}(?:\3|月) ?\d{1,2})")
YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|(?<!\d)\d{4}(?=\d{4}(?!\d))")
BUDDHIST, AHEAD = range(2500, 2600), 543
ERA_OF_BUDDHA = re.compile(r"พ\.? ?ศ\.? ?")


def western(text: str) -> str:
    """The text with our year in place of an era's, and Thai months in English."""
    if text.isascii():
        return BY_LETTER.sub(_our_year, text)
    named = NAMED.sub(_our_year, text)
    if not any("\u0e00" <= sign <= "\u0e7f" for sign in named):
        return named
    for thai, english in _thai_months().items():
        named = named.replace(thai, f" {english} ")
    return " ".join(ERA_OF_BUDDHA.sub("", named).split())


def _our_year(found: re.Match[str]) -> str:
    count = 1 if found[2] == "元" else int(found[2])
    return str(BEGINNINGS[found[1]] + count)


def are_buddhist(texts: Iterable[str]) -> bool:
    """Do all texts that name a year of four digits name one of the Buddhist century that is now?"""
    years = [int(year) for text in texts for year in YEAR.findall(text)[:1]]
    return bool(years) and all(year in BUDDHIST for year in years)


def without_buddha(text: str) -> str:
    """The text with our year in place of a Buddhist one."""
    return YEAR.sub(lambda found: str(int(found[0]) - AHEAD), text, count=1)


@lru_cache(maxsize=1)
def _thai_months() -> dict[str, str]:
    """Names and short names of months, the longest first."""
    thai, english = (Locale.parse(language).months["format"] for language in ("th", "en"))
    names = {thai[width][month]: english["wide"][month] for width in thai for month in thai[width]}
    return dict(sorted(names.items(), key=lambda each: -len(each[0])))
