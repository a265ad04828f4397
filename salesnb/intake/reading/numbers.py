"""Which number, and which currency, does a text name? Amounts as people and systems write them, in any export.

What a single text cannot tell (1.234 or 1,234: a decimal sign or thousands?) its column does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.languages import get_official_languages

from salesnb.headlines import LARGEST

SIGNS = str.maketrans({"\u2212": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "´": "'", "`": "'"})
SCALES = {
    "十": 10,
    "百": 100,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
    "萬": 1e4,
    "億": 1e8,
}
# of money alone: 5 m of pipe are no millions
MONEY_SCALES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "thousand"), 1e3),
    "w": 1e4,
    "lakh": 1e5,
    "lac": 1e5,
    "lakhs": 1e5,
    "cr": 1e7,
    "crore": 1e7,
    "crores": 1e7,
    **dict.fromkeys(("m", "mm", "mn", "mio", "mio.", "million", "millions", "millionen"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "billion", "billions", "milliarden"), 1e9),
}
UNITS = frozenset(
    ("pcs", "pc", "pce", "ea", "units", "unit", "stk", "stk.", "st.", "st", "stück", *"个台件套只支箱人名")
)
_DOLLARS = "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP"
# currency sign → the codes that it may stand for
MARKS = {
    "$": _DOLLARS,
    "us$": "USD",
    "u$s": "USD",
    "usd$": "USD",
    "hk$": "HKD",
    "nt$": "TWD",
    "s$": "SGD",
    "r$": "BRL",
    **dict.fromkeys(("a$", "au$"), "AUD"),
    **dict.fromkeys(("c$", "ca$"), "CAD"),
    "nz$": "NZD",
    "mx$": "MXN",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "eur.": "EUR",
    "£": "GBP EGP LBP",
    "¥": "CNY JPY",
    "cn¥": "CNY",
    "jp¥": "JPY",
    "rmb": "CNY",
    "rmb¥": "CNY",
    "人民币": "CNY",
    "元": "CNY TWD HKD",
    "元整": "CNY",
    "圆": "CNY",
    "块": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "日元": "JPY",
    "円": "JPY",
    "英镑": "GBP",
    "港币": "HKD",
    "港元": "HKD",
    "台币": "TWD",
    "新台币": "TWD",
    "韩元": "KRW",
    **dict.fromkeys(("fr", "fr.", "sfr", "sfr."), "CHF"),
    **dict.fromkeys(("kr", "kr."), "SEK NOK DKK ISK"),
    "₹": "INR",
    "rs": "INR PKR LKR",
    "rs.": "INR PKR LKR",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "tl": "TRY",
    "฿": "THB",
    "₫": "VND",
    "₱": "PHP",
    "₪": "ILS",
    "₴": "UAH",
    "₦": "NGN",
    "rp": "IDR",
    "rp.": "IDR",
    "rm": "MYR",
    "lei": "RON",
    "лв": "BGN",
    "dollar": _DOLLARS,
    "dollars": _DOLLARS,
}
SPACES = "[ ']"
GROUPED = {
    False: re.compile(
        rf"(\d+|\d{{1,3}}(?:,\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}|\d{{1,3}}(?:{SPACES}\d{{3}})+)?(?:\.(\d*))?"
    ),
    True: re.compile(rf"(\d+|\d{{1,3}}(?:\.\d{{3}})+|\d{{1,3}}(?:{SPACES}\d{{3}})+)?(?:,(\d*))?"),
}
WITH_COMMA = re.compile(r"\D*((\d{1,3}([. ']\d{3})+|\d+),(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3}){2,})\D*")
WITH_POINT = re.compile(r"(?:.*,\d{3}(?:\D.*)?|.*\.(?:\d{1,2}|\d{4,})\D*)")
PLAIN = re.compile(r"([$€£¥]?)(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
OF_SCALE = re.compile("(?<=[万亿千百萬億wW])(?=(?:元整?|美元|美金|欧元|日元|円|港[元币])$)")
LEADING = re.compile(r"^([^\d\s.,'()+\-%]+\.?(?=[\d\s.,(\-+]|$))\s*")
TRAILING = re.compile(r"\s*([^\d\s.,'()+\-%]+\.?)$")


@dataclass
class Numbers:
    """What the texts of a column say: text → number; text → the currency's sign or code where one stands."""

    found: dict[str, float] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)


def read_numbers(texts: Iterable[str], *, decimal_comma: bool = False, money: bool = False) -> Numbers:
    """The numbers of a column's texts; `money`: k, M and other scales of money count, too."""
    numbers = Numbers()
    for text in texts:
        said = number(text, decimal_comma=decimal_comma, money=money)
        if said is not None:
            numbers.found[text], mark = said
            if mark:
                numbers.marks[text] = mark
    return numbers


def speaks_for_comma(text: str) -> bool:
    """Can the text only be a number with a decimal comma (1.234,50, 12,5 and 1.234.567)?"""
    return WITH_COMMA.fullmatch(_plain(text)) is not None


def speaks_for_point(text: str) -> bool:
    """Does the text speak against a decimal comma (1,234 and 12.5)?"""
    return WITH_POINT.fullmatch(_plain(text)) is not None


def writes_comma(country: str | None) -> bool | None:
    """Does one write 12,50 there? None where no country is given or its language is not known."""
    languages = get_official_languages(country, de_facto=True) if country else ()
    for language in languages:
        with suppress(UnknownLocaleError):
            return bool(Locale.parse(f"{language}_{country}").number_symbols["latn"]["decimal"] == ",")
    return None


def number(text: str, *, decimal_comma: bool = False, money: bool = False) -> tuple[float, str] | None:
    """The number and the currency's sign ("" without one); None where the text is none.

    $1,200, (1,200) and 1200- (negative), 12% (0.12), 1.2万 (12,000), 1.2e3, CHF 1'234.50, ₹1,23,456; "$ -" is a
    spreadsheet's zero.
    """
    simple = None if decimal_comma else PLAIN.fullmatch(text)
    if simple:
        amount = float(simple[3].replace(",", "") + (simple[4] or ""))
        return (-amount if simple[2] else amount, simple[1]) if amount < LARGEST else None
    bare, negative, mark = OF_SCALE.sub(" ", _plain(text)), False, ""
    for _ in range(4):  # sign, brackets and currency in any order
        before = bare
        if bare.startswith("(") and bare.endswith(")") and not negative:
            bare, negative = bare[1:-1].strip(), True
        bare, mark = _without_mark(bare, mark)
        if bare[:1] in ("-", "+") and not negative and len(bare) > 1:
            bare, negative = bare[1:].strip(), bare[0] == "-"
        if bare == before:
            break
    if bare == "-" and mark and not negative:
        return 0.0, mark
    if bare.endswith("-") and not negative:
        bare, negative = bare[:-1].strip(), True
    factor, bare = _scaled(bare, money=money)
    if factor != 1:
        bare, mark = _without_mark(bare, mark)
    value = _value(bare, factor, decimal_comma)
    return None if value is None else (-value if negative else value, mark)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(SIGNS).split())


def _without_mark(text: str, mark: str) -> tuple[str, str]:
    """The text without a currency before or after it, and that currency; two that differ stay."""
    for pattern in (LEADING, TRAILING):
        found = pattern.search(text)
        meant = codes(found[1]) if found else None
        if found is None or meant is None:
            continue
        known = codes(mark) if mark else None
        if known is not None and not known & meant:
            return text, mark
        mark = found[1] if known is None or len(meant) < len(known) else mark
        text = (text[: found.start()] + text[found.end() :]).strip()
    return text, mark


@lru_cache(maxsize=1024)
def codes(mark: str) -> frozenset[str] | None:
    """The currency codes that a sign, a code or a word may stand for; None where it is none."""
    known = MARKS.get(mark.casefold())
    if known:
        return frozenset(known.split())
    code = mark.upper().rstrip(".")
    return frozenset((code,)) if code in get_global("all_currencies") else None


def _scaled(text: str, *, money: bool) -> tuple[float, str]:
    if text.endswith("%"):
        return 0.01, text[:-1].strip()
    found = TRAILING.search(text)
    if found is None:
        return 1, text
    word, rest = found[1].casefold(), text[: found.start()]
    factor = SCALES.get(word) or (MONEY_SCALES.get(word) if money else None)
    if factor is None and not money and word in UNITS:
        return 1, rest
    return (factor, rest) if factor else (1, text)


def _value(digits: str, factor: float, decimal_comma: bool) -> float | None:
    found = GROUPED[decimal_comma].fullmatch(digits)
    if found is None:
        exponent = re.fullmatch(r"\d+(\.\d*)?[eE][-+]?\d{1,3}", digits)
        return _finite(Decimal(digits)) if exponent and factor == 1 else None
    whole, part = re.sub(r"\D", "", found[1] or ""), found[2] or ""
    if not whole and not part:
        return None
    return _finite(Decimal(f"{whole or 0}.{part or 0}") * Decimal(str(factor)))


def _finite(value: Decimal) -> float | None:
    try:
        written = float(value)
    except (OverflowError, InvalidOperation):
        return None
    return written if abs(written) < LARGEST else None
