"""What do a foreign table's columns hold? Counted over all rows; kinds and sizes are judged by a sample of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb

from salesnb.intake.foreign.vocabulary import plain
from salesnb.intake.reading import dates, numbers, values, words

SAMPLE = 1_500  # rows that are looked at cell by cell
MANY = 200_000  # rows from which on distinct values are estimated
MOSTLY = 0.7
DIGITS = re.compile(r"-?\d+([.,]\d+)?")
CURRENCY_CODE = re.compile(r"[A-Z]{3}")
WON = frozenset(["won", "win", "closed_won", "closedwon", "gewonnen", "gagne", "gagnee", "ganado", "ganada", "vinta", "vinto", "ganho", "赢单", "成交", "已成交", "赢", "签约", "已签约", "成功", "中标", "已赢单", "beauftragt", "angenommen", "accepted", "accepte", "aceptado", "accettato", "已接受"])  # fmt: skip
LOST = frozenset(["lost", "loss", "closed_lost", "closedlost", "verloren", "perdu", "perdue", "perdido", "perdida", "persa", "perso", "输单", "丢单", "失败", "流失", "已输单", "已丢单", "输", "未成交", "战败", "abgelehnt", "abgesagt", "declined", "rejected", "refuse", "rechazado", "rifiutato", "已拒绝"])  # fmt: skip
CANCELLED = re.compile(
    r"cancell?ed|cancel|void(ed)?|storniert|storno|annul[eé]e?|cancelad[oa]|anulad[oa]|annullat[oa]|refunded|failed|trash|draft|entwurf|brouillon|borrador|rascunho|bozza|quotation|"
    r"已取消|取消|作废|已作废|已关闭|交易关闭|退款成功|草稿|未审核|待付款"
)


@dataclass(frozen=True)
class Profile:
    """One column: its heading and place, how many rows, filled and distinct cells it has, and a sample of its cells."""

    heading: str
    place: int
    rows: int
    filled: int
    distinct: int
    sample: tuple[str, ...]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for each in self.sample if not values.is_missing(each)))

    @cached_property
    def date_share(self) -> float:
        """Of its spellings, those that are a day or a month; a bare number is none."""
        said = [dates.written(each) for each in self.texts if not DIGITS.fullmatch(each.strip())]
        return sum(bool(each.day or each.three) for each in said) / max(1, len(self.texts))

    @cached_property
    def dates_of_digits(self) -> float:
        """The share of days when bare numbers count, too (20250131, 45000)."""
        return sum(bool((said := dates.written(each)).day or said.three) for each in self.texts) / max(
            1, len(self.texts)
        )

    @cached_property
    def lacking_year(self) -> bool:
        return bool(self.texts) and sum(dates.written(each).lacking for each in self.texts) > MOSTLY * len(
            self.texts
        )

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The sample's numbers, read with the decimal sign for which its cells speak."""
        comma = any(map(numbers.speaks_for_comma, self.texts)) and not any(
            map(numbers.speaks_for_point, self.texts)
        )
        found = (
            numbers.number(each, decimal_comma=comma, money=True)
            for each in self.sample
            if not values.is_missing(each)
        )
        return tuple(each[0] for each in found if each is not None)

    @cached_property
    def number_share(self) -> float:
        return len(self.numbers) / max(1, sum(not values.is_missing(each) for each in self.sample))

    @property
    def kind(self) -> str:
        """date, number, text or empty."""
        if not self.texts:
            return "empty"
        if self.date_share >= MOSTLY:
            return "date"
        return "number" if self.number_share >= MOSTLY else "text"

    @cached_property
    def marks(self) -> frozenset[str]:
        """The currencies that its cells may name."""
        found = [numbers.number(each, money=True) or numbers.number(each, money=True, decimal_comma=True) for each in self.texts[:200]]  # fmt: skip
        known = [numbers.codes(each[1]) for each in found if each and each[1]]
        return (
            frozenset.intersection(*[each for each in known if each]) if known and all(known) else frozenset()
        )

    @property
    def unique(self) -> bool:
        return self.filled > 1 and self.distinct >= 0.995 * self.filled

    @property
    def whole(self) -> bool:
        return bool(self.numbers) and all(each == int(each) for each in self.numbers)

    @property
    def flags(self) -> bool:
        return bool(self.texts) and all(words.flag(each) is not None for each in self.texts)

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(plain(each).replace(" ", "_").strip("_.") for each in self.texts)

    @property
    def tells_outcome(self) -> bool:
        """Do its words say won and lost?"""
        return bool(self._ends(WON)) and len(self.folded) <= 40

    def _ends(self, listed: frozenset[str]) -> list[str]:
        return [text for text in self.texts if said_in(text, listed)]

    def meaning_won(self) -> list[str]:
        return self._ends(WON)

    def meaning_lost(self) -> list[str]:
        return self._ends(LOST)

    def meaning_cancelled(self) -> list[str]:
        return [each for each in self.texts if CANCELLED.fullmatch(plain(each).strip())]


def said_in(text: str, listed: frozenset[str]) -> bool:
    """Is the text, or one of its words, among those listed?"""
    bare = plain(text)
    parts = re.split(r"[\s\-–—_/:()（）]+", bare)
    return bare.replace(" ", "_") in listed or any(part in listed for part in parts)


def profiles(connection: duckdb.DuckDBPyConnection, table: str, headings: Sequence[str]) -> list[Profile]:
    """The profiles of a table of the columns c0, c1, … that have those headings."""
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()

    def distinct(cell: str) -> str:
        return f"approx_count_distinct({cell})" if rows > MANY else f"count(DISTINCT {cell})"

    counts = ", ".join(f"count(c{place}), {distinct(f'c{place}')}" for place in range(len(headings)))
    (found,) = connection.execute(f"SELECT {counts} FROM {table}").fetchall()
    step = max(1, rows // SAMPLE)
    cells = ", ".join(f"c{place}" for place in range(len(headings)))
    sample = connection.execute(
        f"SELECT {cells} FROM (SELECT *, row_number() OVER (ORDER BY source_row) AS nth FROM {table}) WHERE nth <= 300 OR nth % {step} = 0 ORDER BY nth LIMIT {SAMPLE + 300}"
    ).fetchall()
    return [
        Profile(
            heading,
            place,
            int(rows),
            int(found[2 * place]),
            int(min(found[2 * place + 1], found[2 * place])),
            tuple(str(row[place]) for row in sample if row[place] is not None),
        )
        for place, heading in enumerate(headings)
    ]


def is_currency(profile: Profile) -> bool:
    """Does the column hold codes of currencies?"""
    return bool(profile.texts) and all(CURRENCY_CODE.fullmatch(each.strip().upper()) and numbers.codes(each) for each in profile.texts)  # fmt: skip
