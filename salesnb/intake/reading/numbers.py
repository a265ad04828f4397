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

from babel import Locale
from babel.core import UnknownLocaleError
from babel.languages import get_official_languages

from salesnb.headlines import LARGEST
from salesnb.intake.reading.currency_marks import codes

SIGNS = str.maketrans(
    {"\u2212": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "´": "'", "`": "'", "\u066b": ".", "\u066c": ","}
)
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
    "천": 1e3,
    "만": 1e4,
    "백만": 1e6,
    "천만": 1e7,
    "억": 1e8,
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
    "crore": 1e7,
    "crores": 1e7,
    **dict.fromkeys(("m", "mm", "mn", "mio", "mio.", "mln", "mln.", "million", "millions", "millionen"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "mld", "mld.", "billion", "billions", "milliarden"), 1e9),
}
INDIAN_SCALES = {"l": 1e5, "cr": 1e7}  # elsewhere a credit, and no scale
UNITS = frozenset(
    ("pcs", "pc", "pce", "ea", "units", "unit", "stk", "stk.", "st.", "st", "stück", *"个台件套只支箱人名")
)
DIGIT = re.compile(r"\d")
DEBIT, CREDIT = (re.compile(rf"\d[ )]*{word}\.?\s*$", re.IGNORECASE) for word in ("dr", "cr"))
SPACES = "[ ']"
GROUPED = {
    False: re.compile(
        rf"(\d+|\d{{1,3}}(?:,\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}|\d{{1,3}}(?:{SPACES}\d{{3}})+)?(?:\.(\d*))?"
    ),
    True: re.compile(rf"(\d+|\d{{1,3}}(?:\.\d{{3}})+|\d{{1,3}}(?:{SPACES}\d{{3}})+)?(?:,(\d*))?"),
}
WITH_COMMA = re.compile(r"\D*((\d{1,3}([. ']\d{3})+|\d+),(\d{1,2}|\d{4,}|-{1,2})|\d{1,3}(\.\d{3}){2,})\D*")
WITH_POINT = re.compile(r"(?:.*,\d{3}(?:\D.*)?|.*\.(?:\d{1,2}|\d{4,})\D*)")
PLAIN = re.compile(r"([$€£¥]?)(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
# what says that no cents follow: 1.234,- 5,000/- 200:-
NO_CENTS = re.compile(r"(?<=\d)(?:[.,:/]-{1,2}|,(?= ?[^\d\s.,-]))(?=$|[ )]|[^\W\d])")
HANZI = str.maketrans(
    "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖两拾佰仟萬億圆", "001234567891234567892十百千万亿元"
)
HANZI_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
COMPOUND = re.compile(
    r"(?!.*([十百千万亿]).*\1)0*(?:十|\d+(?:\.\d+)?(?:[十百千]?(?:万亿|[万亿])|[十百千])0*)+(?:(?<=[十0])\d)?"
)
OF_SCALE = re.compile("(?<=[万亿千百十萬億만억천wW])(?=(?:원|元整?|美元|美金|欧元|日元|円|港[元币])$)")
LEADING = re.compile(r"^([^\d\s.,'()+\-%]+\.?(?=[\d\s.,(\-+]|$))\s*")
TRAILING = re.compile(r"\s*([^\d\s.,'()+\-%]+\.?)$")


@dataclass
class Numbers:
    """What the texts of a column say: text → number; text → the currency's sign or code where one stands."""

    found: dict[str, float] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)


def read_numbers(texts: Iterable[str], *, decimal_comma: bool = False, money: bool = False) -> Numbers:
    """The numbers of a column's texts; `money`: k, M and other scales of money count, too."""
    numbers, texts = Numbers(), [*texts]
    # beside debits, Cr is a credit and no ten million; which of the two is a sale, nobody can tell here
    ledger = any(map(DEBIT.search, texts))
    for text in texts:
        if ledger and CREDIT.search(text):
            continue
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
    bare = NO_CENTS.sub("", bare)
    for _ in range(4):  # sign, brackets and currency in any order
        before = bare
        if bare.startswith("(") and bare.endswith(")") and not negative:
            bare, negative = bare[1:-1].strip(), True
        bare, mark = _without_mark(bare, mark)
        if bare[:1] in ("-", "+") and not negative and len(bare) > 1:
            bare, negative = bare[1:].strip(), bare[0] == "-"
        if bare.endswith("-") and not negative and DIGIT.search(bare):
            bare, negative = bare[:-1].strip(), True
        if bare == before:
            break
    if bare == "-" and mark and not negative:
        return 0.0, mark
    if COMPOUND.fullmatch(bare):
        bare = _added_up(bare)
    factor, bare = _scaled(bare, money=money, rupees="INR" in (codes(mark) or ()) if mark else False)
    if factor != 1:
        bare, mark = _without_mark(bare, mark)
    value = _value(bare, factor, decimal_comma)
    return None if value is None else (-value if negative else value, mark)


def _plain(text: str) -> str:
    bare = " ".join(unicodedata.normalize("NFKC", text).translate(SIGNS).split()).removeprefix("'")
    return bare if DIGIT.search(bare) else bare.translate(HANZI)


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


def _added_up(text: str) -> str:
    """The digits of 12万5千 and 一百二十三 (its digits already 1, 2, 3)."""
    whole = part = Decimal(0)
    digits = ""
    for token in re.findall(r"\d+(?:\.\d+)?|\D", text):
        unit = HANZI_UNITS.get(token)
        if unit is None:
            digits = token
        elif unit < 10_000:
            part, digits = part + Decimal(digits or 1) * unit, ""
        else:
            part += Decimal(digits or 0)
            whole = whole + part * unit if unit == 10_000 else (whole + part) * unit
            part, digits = Decimal(0), ""
    return str(whole + part + Decimal(digits or 0))


def _scaled(text: str, *, money: bool, rupees: bool = False) -> tuple[float, str]:
    if text.endswith("%"):
        return 0.01, text[:-1].strip()
    found = TRAILING.search(text)
    if found is None:
        return 1, text
    word, rest = found[1].casefold(), text[: found.start()]
    factor = SCALES.get(word) or (MONEY_SCALES.get(word) if money else None)
    if money and (rupees or found[1] in ("Cr", "cr")):
        factor = factor or INDIAN_SCALES.get(word)
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
