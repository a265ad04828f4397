"""Which currency does a sign, a code or a word stand for? Some stand for several: $ is many countries'."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from babel.core import get_global

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
    **dict.fromkeys(("s/", "s/."), "PEN"),
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
    "\\": "JPY KRW",  # the sign of both in the old encodings, in the place of a backslash
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
    **dict.fromkeys(("руб", "руб.", "р", "р.", "rub."), "RUB"),
    **dict.fromkeys(("pound", "pounds"), "GBP EGP LBP"),
    **dict.fromkeys(("원", "won"), "KRW"),
    **dict.fromkeys(("yuan", "块钱"), "CNY"),
    **dict.fromkeys(("dhs", "dhs.", "dh", "dh."), "AED MAD"),
    **dict.fromkeys(("bs", "bs."), "BOB VES"),
    "₸": "KZT",
    "₼": "AZN",
    "₾": "GEL",
    "₡": "CRC",
    "₲": "PYG",
    "₵": "GHS",
    "৳": "BDT",
    "₮": "MNT",
    "ден": "MKD",
    "лв": "BGN",
    "dollar": _DOLLARS,
    "dollars": _DOLLARS,
}


@lru_cache(maxsize=1024)
def codes(mark: str) -> frozenset[str] | None:
    """The currency codes that a sign, a code or a word may stand for, or a code with a sign (CAD$); None where it is none."""
    known = MARKS.get(mark.casefold())
    if known:
        return frozenset(known.split())
    code = mark.upper().rstrip(".")
    if code in get_global("all_currencies"):
        return frozenset((code,))
    named = _names().get(mark.casefold())
    if named:
        return frozenset((named,))
    both = (codes(code[:3]), codes(code[3:])) if len(code) == 4 and code[:3].isalpha() else (None, None)
    return (both[0] & both[1] or None) if both[0] and both[1] else None


def likeliest(mark: str) -> str:
    """The code that a sign stands for most often; a code is its own."""
    return MARKS.get(mark.casefold(), mark).split()[0]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The names of currencies in a few languages, without capitals → code."""
    return {
        name.casefold(): code
        for language in ("en", "zh", "zh_Hant", "de", "fr", "es", "it", "pt")
        for code, name in Locale.parse(language).currencies.items()
    }
