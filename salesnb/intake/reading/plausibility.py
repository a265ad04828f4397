"""How plausible are bytes as text in an encoding? Only in the right one do letters stand beside letters of their own script, and
make pairs that the language is known to have: M黮ler and ÖÐ¹ú are no words.

What a language's words look like is read off the Unicode consortium's names of countries, languages, currencies and units in
that language, which Babel brings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise

from babel import Locale

ODD = 0.5  # a text in which more signs than that do not belong where they stand is in no encoding that is known here
CLOSE = 0.06  # two that differ by no more fit alike
RARER = 0.05  # before anything is read: so much the less likely if not Windows 1252, not Western European, Eastern DOS
CHINESE = ("gb18030", "big5hkscs")
JAPANESE = ("cp932", "euc_jp")
KOREAN = ("cp949",)
MANY_BYTES = (*CHINESE, *JAPANESE, *KOREAN)
_WESTERN = "de fr es pt it nl sv da nb fi ca"
_CENTRAL = "pl cs sk hu ro hr sl sq"
# encoding → the languages that are written in it
LANGUAGES = {
    "cp1252": _WESTERN,
    "gb18030": "zh",
    "big5hkscs": "zh_Hant",
    "cp1250": _CENTRAL,
    "cp1254": "tr az",
    "cp1257": "lt lv et",
    "cp1251": "ru uk bg sr be mk",
    "cp1253": "el",
    "cp1255": "he",
    "cp1256": "ar fa ur",
    "cp874": "th",
    "cp932": "ja",
    "euc_jp": "ja",
    "cp949": "ko",
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
    "iso8859_15": _WESTERN,
    "iso8859_2": _CENTRAL,
    "cp852": _CENTRAL,
    "koi8_r": "ru",
    "cp866": "ru bg",
}
# of a text's letters or pairs of letters: how much it counts that none of an encoding's languages is known to have them
STRANGE, OF_OTHERS, RARE = 0.5, 0.2, 0.2
FEW = 2  # pairs that say little
OTHERWISE = str.maketrans("șț", "şţ")  # written with a comma today, in the old encodings with a cedilla
SIGNS = frozenset("–—‘’“”€£¥…•©®™°§«»·¡¿ºª½²³´‹›，。、；：？！（）《》〈〉【】「」『』％－～＋／￥№")
APOSTROPHES = "’·‘´"
WITHOUT_BLANKS = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}


def implausibility(text: str, encoding: str) -> float | None:
    """0 for text that fits the encoding and its languages in every sign; None for what is no text in it."""
    odd = _oddness(text, encoding)
    if odd > ODD:
        return None
    traits = (encoding != "cp1252", LANGUAGES[encoding] != _WESTERN, encoding in ("cp852", "cp866"))
    rare = 0.0 if encoding in MANY_BYTES else RARER * sum(traits)
    return odd + _strangeness(text, encoding) + rare


def _oddness(text: str, encoding: str) -> float:
    """The share of the signs beyond ASCII that do not belong where they stand."""
    padded, odd, count = f" {text} ", 0, 0
    for place, sign in enumerate(padded):
        if sign > "\x7f":
            count += 1
            odd += _is_odd(padded[place - 1], sign, padded[place + 1], encoding)
    return odd / count if count else 0.0


def _strangeness(text: str, encoding: str) -> float:
    """How little the letters beyond ASCII, and the pairs that they make, are those of one language that is written in the encoding."""
    found = [*_pairs(text)]
    letters = [sign for sign in text.casefold() if sign > "\x7f" and _is_letter(sign)]
    if not letters or not found:
        return 0.0
    known = [_known(language) for language in LANGUAGES[encoding].split()]
    if encoding in MANY_BYTES:  # of so many signs few can be known, and of their pairs none
        return RARE * min(sum(letter not in one[0] for letter in letters) for one in known) / len(letters)
    return min(
        STRANGE * sum(pair not in one[1] for pair in found) / (len(found) + FEW)
        + OF_OTHERS * sum(letter not in one[0] for letter in letters) / len(letters)
        for one in known
    )


@lru_cache(maxsize=64)
def _known(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The letters beyond ASCII and the pairs of signs with one in a language's names of things."""
    about = Locale.parse(language)
    names = " ".join(
        part
        for names in (about.territories, about.languages, about.currencies, about.months, about.days)
        for part in _texts(names)
    ).translate(OTHERWISE)
    return frozenset(sign for sign in names.casefold() if sign > "\x7f"), frozenset(_pairs(names))


def _texts(names: object) -> Iterator[str]:
    if isinstance(names, str):
        yield names
    elif hasattr(names, "values"):
        for each in names.values():
            yield from _texts(each)


def _pairs(text: str) -> Iterator[str]:
    """Two letters side by side of which one is beyond ASCII; a word's end is a blank."""
    bare = "".join(sign if _is_letter(sign) else " " for sign in f" {text.casefold()} ")
    return (before + sign for before, sign in pairwise(bare) if before > "\x7f" or sign > "\x7f")


def _is_odd(before: str, sign: str, after: str, encoding: str) -> bool:
    script = _script(sign)
    if script == "HALFWIDTH" or (script == "CJK" and encoding in KOREAN):
        return True
    if script in WITHOUT_BLANKS:
        latin = any(each.isascii() and each.islower() for each in (before, after))
        return latin or (not _is_common(sign, encoding) if script == "CJK" else encoding not in JAPANESE)
    beside = [_script(each) for each in (before, after) if _is_letter(each)]
    if not _is_letter(sign):
        inside = len(beside) == 2 and sign not in APOSTROPHES
        return unicodedata.category(sign) not in ("Zs", "Cf") and (
            inside or not (sign in SIGNS or "\uff00" <= sign <= "\uffef")
        )
    if any(each != script for each in beside):
        return True
    rising = sign.isupper() and before.isalpha() and (before.islower() or after.islower())
    if script != "LATIN":
        return rising
    in_a_row = before.isalpha() and after.isalpha() and before > "\x7f" and after > "\x7f"
    return rising or in_a_row or not beside


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "NONE").split()[0]


def _is_letter(sign: str) -> bool:
    """Vowel signs stand on letters in many scripts, and make words with them."""
    return sign.isalpha() or unicodedata.category(sign) == "Mn"


def _is_common(sign: str, encoding: str) -> bool:
    """Is it one of the characters that a standard has among its frequent ones?"""
    chinese = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6))
    for standard, first, last in (("euc_jp", 0xB0, 0xCF),) if encoding in JAPANESE else chinese:
        with suppress(UnicodeEncodeError):
            if first <= sign.encode(standard)[0] <= last:
                return True
    return False
