"""How does the workbook speak to its reader, in English or in Chinese?

A text is written once, in English, with named fields that say what kind of number they hold::

    Message("{region} is {gap:share} behind plan: {missing:money} short", region="East", gap=0.12, missing=8.1e6)

The English template is the gettext message id; the catalogue under ``locale/`` holds its translation. A `Message` is
rendered late, so that an analysis can give its reason without knowing who will read it. Numbers are written as people of
that language write them: 120M and 1.2亿, 3.4% and a true minus.

Kinds of field: ``money`` (three significant digits, M or 亿), ``change`` (money with its sign), ``amount`` (a tile's four digits), ``exact`` (thousands
separated, no cents), ``cents``, ``number`` (three digits), ``count``, ``share`` (0.034 → 3.4%), ``tenths`` (0.59 → 59.0%, beside other shares), ``percent`` (whole, for
probabilities), ``points`` (difference of two shares), ``gain`` (points after a word that gives the direction), ``apart`` (an interval of such
differences, a pair: 12.6 to 19.8 points lower), ``gains`` (one after such a word: 2.2 to 15.0 points), ``multiple`` (1.9×), ``days``, ``date``, ``day`` (without the
year), ``month``, ``country`` (by its code), ``list`` (a sequence of texts). A field without a kind is text; ``currency`` is the reader's where nothing else is given.
Words that depend on a number follow its kind, for one and for more: ``{n:count|account is|accounts are} late``; without the number, ``{n:|is|are}``.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import get_currency_name

from salesnb.language.digits import MINUS as MINUS
from salesnb.language.digits import MISSING as MISSING
from salesnb.language.digits import absent, bare, signed, thousands

LOCALES = {"en": "en_GB", "zh": "zh"}  # whose rules lists follow: A, B and C
LANGUAGES = tuple(LOCALES)
CATALOGUES = Path(__file__).parents[1] / "locale"
LONGEST_NAME = 240  # letters of a name in a sentence; of a longer one the beginning is enough
SHOWN_OF_LONGER = 60
_TURNING = re.compile("[\x00-\x1f\x7f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
NAMES = frozenset(
    {"table", "tables", "column", "columns", "register", "missing"}
)  # fields that hold names of ours
CHINESE_UNITS: Mapping[str, tuple[tuple[float, str], ...]] = {
    "": ((1e8, "亿"), (1e4, "万")),
    "万元": ((1e4, "万"),),
    "元": (),
}


class Message:
    """A sentence that is still to be translated: an English template and the values of its fields."""

    __slots__ = ("template", "values")

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return Language("en")(self)

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash((self.template, tuple(sorted((name, str(value)) for name, value in self.values.items()))))


class Nothing(Message):
    """A sentence that says that nothing was found where it was looked for: a page has one line of it until it is opened."""

    __slots__ = ()

    @classmethod
    def of(cls, reason: Message | None) -> Message | None:
        """The reason for which there is no answer, as such a sentence."""
        return None if reason is None else cls(reason.template, **reason.values)


class Written:
    """A value that is still to be written: as the kind that a field may have, or as a ``sentence`` (with a capital letter)."""

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: object) -> None:
        self.kind = kind
        self.value = value

    def __str__(self) -> str:
        return Language("en").text(self)

    def __repr__(self) -> str:
        return f"Written({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Written) and (self.kind, self.value) == (other.kind, other.value)

    def __hash__(self) -> int:
        return hash((self.kind, str(self.value)))


Text = str | Message | Written


def marked(text: str) -> str:
    """The same text, marked for the catalogue: translated later by `Language.__call__`."""
    return text


@lru_cache(maxsize=8)
def catalogue(code: str) -> Mapping[str, str]:
    """Message id → translation; English, the language of the ids, holds those whose words depend on a number."""
    with (CATALOGUES / code / "LC_MESSAGES" / "salesnb.po").open("rb") as file:
        entries = read_po(file, locale=code)
    return {
        str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string and not entry.fuzzy
    }


class Language:
    """Renders messages and numbers in one language.

    ``say = Language("zh", currency="CNY")``; ``say("{n:count} accounts", n=12)`` gives the translated sentence. `unit` is the
    one in which a Chinese office reads all its money, 元 or 万元; without it each number takes its own, 亿 or 万.
    """

    def __init__(self, code: str = "en", *, currency: str = "", unit: str = "") -> None:
        if code not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, but {code!r} was passed")
        self.code = code
        self.currency = currency
        self.unit = unit

    def __call__(self, text: Text, /, **values: object) -> str:
        if isinstance(text, Written):
            return self.kind(text.value, text.kind)
        template: str = text.template if isinstance(text, Message) else text
        given = {**text.values, **values} if isinstance(text, Message) else values
        translated = catalogue(self.code).get(template, template)
        return _Fields(self).vformat(translated, (), given)

    # numbers ------------------------------------------------------------------------------------------------------

    def money(self, value: float, *, digits: int = 3) -> str:
        """968M, 8.12M, 34K, 950, 1,020M for 1,024 million; in Chinese 9.68亿, 812万, 3.4万, 950. No currency: the page names it once."""
        if absent(value):
            return MISSING
        for step, mark in self.money_units(value):
            if abs(value) >= step * 0.9995:
                return signed(float(f"{value / step:.{digits}g}"), digits) + mark
        return signed(value, digits) if abs(value) < 100 else thousands(value, 0)

    def money_units(self, value: float) -> tuple[tuple[float, str], ...]:
        """The units that money of this size is written in, the largest first: ((1e6, "M"), (1e3, "K"))."""
        if self.code == "zh":
            return CHINESE_UNITS[self.unit]
        return ((1e9, "B"),) if abs(value) >= 1e10 else ((1e6, "M"), (1e3, "K"))

    @property
    def money_name(self) -> str:
        """What headings call the currency: 元 and 美元 in Chinese, else its code."""
        if self.code != "zh" or not self.currency:
            return self.currency
        return "元" if self.currency == "CNY" else get_currency_name(self.currency, locale=self.code)

    def change(self, value: float) -> str:
        """Money that came or went, with its sign: +6.47M, −593K."""
        text = self.money(value)
        return text if absent(value) or value <= 0 or text == "0" else f"+{text}"

    def exact(self, value: float, *, decimals: int = 0) -> str:
        """1,234,567 with a true minus."""
        return MISSING if absent(value) else thousands(value, decimals)

    def number(self, value: float, *, digits: int = 3) -> str:
        """Three significant digits; whole numbers stay whole."""
        if absent(value):
            return MISSING
        if float(value).is_integer() and abs(value) < 1e15:
            return thousands(value, 0)
        return signed(value, digits)

    def share(self, value: float, *, decimals: int = 1) -> str:
        """0.034 → 3.4%, 0.42 → 42%."""
        if absent(value):
            return MISSING
        return bare(thousands(value * 100, decimals)) + "%"

    def tenths(self, value: float) -> str:
        """0.034 → 3.4%, 0.42 → 42.0%: shares that are compared are written alike."""
        return MISSING if absent(value) else thousands(value * 100, 1) + "%"

    def percent(self, value: float) -> str:
        """A probability in whole per cent; never 0% or 100% where some doubt is left."""
        if absent(value):
            return MISSING
        if 0 < value < 0.01:
            return "<1%"
        if 0.99 < value < 1:
            return ">99%"
        return thousands(value * 100, 0) + "%"

    def points(self, value: float) -> str:
        """The difference of two shares: 0.021 → +2.1 points."""
        if absent(value):
            return MISSING
        text = bare(thousands(abs(value) * 100, 1))
        sign = "" if text == "0" else ("+" if value > 0 else MINUS)
        return sign + text + ("个百分点" if self.code == "zh" else " point" if text == "1" else " points")

    def gain(self, value: float) -> str:
        """The same after a word that gives the direction (lifted by, above): 0.021 → 2.1 points."""
        return self.points(value).removeprefix("+")

    def gains(self, ends: tuple[float, float]) -> str:
        """An interval of gains: 2.2 to 15.0 points; 2.2–15.0个百分点"""
        low, high = (thousands(end * 100, 1) for end in ends)
        if self.code == "zh":
            return f"{low}至{high}个百分点" if low.startswith(MINUS) else f"{low}–{high}个百分点"
        return f"{low} to {high} points"

    def apart(self, ends: tuple[float, float]) -> str:
        """An interval of differences, in words where all of it lies on one side: 12.6 to 19.8 points lower; 低12.6–19.8个百分点"""
        low, high = ends
        if low < 0 < high:
            text = f"{self.signed(low * 100)}{'至' if self.code == 'zh' else ' to '}{self.signed(high * 100)}"
            return f"{text}个百分点" if self.code == "zh" else f"{text} points"
        below = high <= 0
        text = self.gains((-high, -low) if below else ends)
        if self.code == "zh":
            return f"{'低' if below else '高'}{text}"
        return f"{text} {'lower' if below else 'higher'}"

    def signed(self, value: float, *, decimals: int = 1) -> str:
        """A change with its sign: +8.6, −3.0."""
        text = self.exact(value, decimals=decimals)
        return text if absent(value) or text.startswith(MINUS) or not text.strip("0.") else f"+{text}"

    def multiple(self, value: float) -> str:
        """1.9×; 1.9倍"""
        return MISSING if absent(value) else thousands(value, 1) + ("倍" if self.code == "zh" else "×")

    def days(self, value: float) -> str:
        """12 days, 1 day, 2.5 days: from ten on whole ones."""
        if absent(value):
            return MISSING
        text = bare(thousands(value, 1 if abs(value) < 9.95 else 0))
        if self.code == "zh":
            return f"{text}天"
        return f"{text} day" if text == "1" else f"{text} days"

    def country(self, code: str) -> str:
        """A country's name by its ISO 3166 code; the code itself where the language has no name for it."""
        return str(Locale.parse(self.code).territories.get(code, code))

    # dates --------------------------------------------------------------------------------------------------------

    def date(self, value: dt.date) -> str:
        """31 Oct 2026; 2026年10月31日"""
        return self._date(value, "yyyy年M月d日" if self.code == "zh" else "d MMM yyyy")

    def day(self, value: dt.date) -> str:
        """31 Oct; 10月31日"""
        return self._date(value, "M月d日" if self.code == "zh" else "d MMM")

    def month(self, value: dt.date) -> str:
        """October 2026; 2026年10月"""
        return self._date(value, "yyyy年M月" if self.code == "zh" else "MMMM yyyy")

    def short_month(self, value: dt.date) -> str:
        """Oct; 10月. For axes and sparklines."""
        return self._date(value, "M月" if self.code == "zh" else "MMM")

    def _date(self, value: dt.date, pattern: str) -> str:
        if value is None or value != value:  # None, NaT
            return MISSING
        return format_date(value, pattern, locale=self.code)

    # words --------------------------------------------------------------------------------------------------------

    def list(self, items: Iterable[object]) -> str:
        """A, B and C; A、B和C."""
        return format_list([self.named(item) for item in items], locale=LOCALES[self.code])

    def text(self, value: object) -> str:
        """Any value as text: messages are translated, missing ones become a dash."""
        if isinstance(value, Message | Written):
            return self(value)
        return MISSING if absent(value) else str(value)

    def named(self, value: object) -> str:
        """The same for a value within a sentence: a name from the data stays on its line, turns no reading direction and is cut where
        nobody would read on."""
        text = self.text(value)
        if not isinstance(value, str):
            return text
        text = _TURNING.sub(" ", text)
        return text if len(text) <= LONGEST_NAME else text[:SHOWN_OF_LONGER].rstrip() + "…"

    def word(self, value: object) -> str:
        """A value that is one of the code's own words (a model, a verdict), as the catalogue calls it; else as it is."""
        text = self.named(value)
        return catalogue(self.code).get(text, text)

    def our_name(self, name: object) -> str:
        """A table or column, as files and sheets of that language call it; else as it is."""
        return catalogue(self.code).get(f"table {name}") or self.word(name)

    def sentence(self, value: object) -> str:
        """The same with a capital first letter: a sentence may begin with a stage or a model that is written small.

        A file's name (plan.yml) stays as it is.
        """
        text = self.text(value)
        if "." in text.split(" ", 1)[0].rstrip("."):
            return text
        return text[:1].upper() + text[1:]

    def kind(self, value: object, kind: str) -> str:
        """A value written as the kind that a field names; `ValueError` for a kind that does not exist."""
        writers: dict[str, Callable[[Any], str]] = {
            "": self.named,
            "whole": self.text,
            "money": self.money,
            "change": self.change,
            "amount": lambda v: self.money(v, digits=4),
            "exact": self.exact,
            "cents": lambda v: self.exact(v, decimals=2),
            "number": self.number,
            "count": self.exact,
            "share": self.share,
            "tenths": self.tenths,
            "percent": self.percent,
            "points": self.points,
            "gain": self.gain,
            "gains": self.gains,
            "apart": self.apart,
            "multiple": self.multiple,
            "days": self.days,
            "date": self.date,
            "day": self.day,
            "month": self.month,
            "country": self.country,
            "list": self.list,
            "sentence": self.sentence,
        }
        if kind not in writers:
            raise ValueError(
                f"a field's kind must be one of {', '.join(filter(None, writers))}, but {kind!r} was used"
            )
        return writers[kind](value)


class _Fields(string.Formatter):
    def __init__(self, say: Language) -> None:
        self.say = say

    def format_field(self, value: object, format_spec: str) -> str:
        kind, *words = format_spec.split("|")
        written = self.say.kind(value, kind or "count" if words else kind)
        if not words:
            return written
        word = words[written != "1"]
        return f"{written} {word}" if kind else word

    def get_field(
        self, field_name: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[object, str]:
        # names only: no attribute or index of a value is reached from a text
        if field_name == "currency" and "currency" not in kwargs:
            return self.say.money_name, field_name
        found = kwargs[field_name]
        if field_name in NAMES and isinstance(found, list | tuple):
            return [self.say.our_name(each) for each in found], field_name
        if field_name == "heading" and isinstance(
            found, str
        ):  # a file's own stays, one that we gave is called as people do
            return catalogue(self.say.code).get(f"heading {found}", found), field_name
        return self.say.our_name(found) if field_name in NAMES and isinstance(
            found, str
        ) else found, field_name
