"""Where in a sheet of a foreign file does its table stand: title above, headings in one or two rows, months across?

Judged by form alone: headings are words above values. What the words mean is another module's question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from salesnb.intake.reading import dates, numbers
from salesnb.intake.reading.delimited import DELIMITERS

Rows = Sequence[Sequence[str | None]]

LOOKED_AT = 60  # rows among which the headings are looked for
FEWEST = 0.6  # of the usual number of filled cells must be filled in the row of headings
WORDS = 0.7  # of these must be words
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
BARE_MONTH = re.compile(r"(?:M|P)?(0?[1-9]|1[0-2])(?:月份?)?")
TOTAL = re.compile(
    r"(?:grand |sub|net |overall )?-?totals?|total g[eé]n[eé]ral|sum|summe|gesamt(?:summe|ergebnis)?|insgesamt|suma|somme|ytd|full year|year|jahr|全年|年度|年度合计|全年合计|合 ?计|总 ?计|小 ?计|共计|累计",
    re.IGNORECASE,
)


NAMED_TOTAL = re.compile(
    r"(?:sub|grand )?totals? .+|summe .+|.+(?:合计|小计|总计)[:：]?|.+ (?:sub)?total", re.IGNORECASE
)


def says_total(text: str) -> bool:
    """Does a name say that its row is a total: Total, Sum, 合计, Total for North?"""
    return bool(TOTAL.fullmatch(text.strip().rstrip(":：")) or NAMED_TOTAL.fullmatch(text.strip()))


@dataclass(frozen=True)
class Layout:
    """The place of the row of headings among the rows, how many rows they take, and the words that stand above them."""

    place: int
    depth: int = 1
    title: str = ""


@dataclass(frozen=True)
class Across:
    """A heading that is a period (its year may be missing) and what else it says: 2025-01 Target is (2025, 1, month, Target)."""

    period: str
    year: int | None
    measure: str = ""


def delimiter_by_shape(lines: Sequence[str], cut: Sequence[Sequence[Sequence[str]]]) -> str:
    """The sign between the cells: the one by which most lines have the same number of cells; `cut` has the lines cut by each."""
    best, sign = (0.0, 0), DELIMITERS[0]
    for each, rows in zip(DELIMITERS, cut, strict=True):
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            found = (round(count / max(1, len(rows)), 1), width)
            if found > best:
                best, sign = found, each
    return sign


@lru_cache(maxsize=100_000)
def is_value(text: str) -> bool:
    """Is it a number, an amount or a day, as words of a heading are not?"""
    if not any(sign.isdigit() for sign in text):
        return text.strip().lower() in ("true", "false")
    either = any(numbers.number(text, decimal_comma=comma, money=True) for comma in (False, True))
    return either or dates.written(text).day is not None or dates.written(text).three is not None or bool(re.fullmatch(r"[A-Z]{0,4}[-/ ]?\d{3,}[-/\dA-Z]*", text))  # fmt: skip


def find(rows: Rows) -> Layout | None:
    """Where the headings stand; None where no row looks like headings."""
    filled = [[(place, cell.strip()) for place, cell in enumerate(row) if cell and cell.strip()] for row in rows[:LOOKED_AT]]  # fmt: skip
    counts = [len(cells) for cells in filled if len(cells) > 1]
    if not counts:
        return None
    usual = sorted(counts)[len(counts) // 2] if len(counts) > 2 else max(counts)
    fewest = usual if usual <= 3 else max(3, FEWEST * usual)
    for place, cells in enumerate(filled):
        if len(cells) < fewest:
            over = filled[place + 1] if place + 1 < len(filled) else []
            if not (len(cells) >= 2 and _is_upper(cells, over, fewest)):
                continue
        words = [text for _, text in cells if not is_value(text)]
        periods = [text for _, text in cells if across(text) is not None]
        if not words and not periods:
            continue
        under = filled[place + 1] if place + 1 < len(filled) else []
        if len({*words, *periods}) < WORDS * len(cells) and not _is_upper(cells, under, fewest):
            continue
        if (
            not words
            and place + 1 < len(filled)
            and not any(not is_value(text) for _, text in filled[place + 1])
        ):
            continue
        depth = 1
        if place + 1 < len(filled) and _is_upper(cells, filled[place + 1], fewest):
            depth = 2
        title = " ".join(text for above in filled[:place] for _, text in above)
        return Layout(place, depth, title)
    return None


def headless(rows: Rows, layout: Layout | None) -> int:
    """The width of a table that has no row of headings: its first row holds days and numbers where those below do; else 0.

    A row that was found to be the headings is none where it holds a whole day above days.
    """
    held = [row for row in rows[:LOOKED_AT] if any(cell and cell.strip() for cell in row)]
    if len(held) < 3 or (layout is not None and layout.depth > 1):
        return 0
    first, below = held[0], held[1:]
    width = max(len(row) for row in held)
    if layout is not None and (layout.place > 0 or not any(_is_day(_cell(first, place)) and any(_is_day(_cell(row, place)) for row in below) for place in range(width))):  # fmt: skip
        return 0
    alike = valued = 0
    for place in range(width):
        kinds = [is_value(text) for row in below if (text := _cell(row, place))]
        usual = sum(kinds) > len(kinds) / 2
        alike += not kinds or is_value(_cell(first, place)) is usual or not _cell(first, place)
        valued += usual and is_value(_cell(first, place))
    even = sum(len(row) == len(first) for row in held)
    return width if alike == width and valued >= 2 and even >= 0.8 * len(held) else 0


def _is_day(text: str) -> bool:
    said = dates.written(text) if text else None
    return bool(said and (said.three or (said.day and not said.span)) and across(text) is None)


def _is_upper(upper: Sequence[tuple[int, str]], lower: Sequence[tuple[int, str]], fewest: float) -> bool:
    """Are these two rows of headings, of which the upper names groups of columns?"""
    if len(lower) < 2 or any(is_value(text) and across(text) is None for _, text in lower):
        return False
    if any(is_value(text) and across(text) is None for _, text in upper):
        return False
    above, below = dict(upper), dict(lower)
    last = max(*above, *below)
    only_below = [place for place in below if place not in above]
    spans = [place for place in only_below if any(before in above for before in range(place))]
    repeated = len(set(above.values())) < len(above)
    all_named = len(set(above) | set(below)) >= max(fewest, 0.8 * (last + 1 - min(*above, *below)))
    repeats_below = len(set(below.values())) < len(below) or bool(spans)
    return all_named and ((len(spans) >= 1 and len(above) < len(set(above) | set(below))) or repeated) and repeats_below and not _same_words(above, below)  # fmt: skip


def _same_words(above: dict[int, str], below: dict[int, str]) -> bool:
    """A first row of data that repeats no heading is no second row of headings: its cells stand under all of them."""
    return set(below) == set(above) and len(set(above.values())) == len(above)


def headings_of(rows: Rows, layout: Layout) -> list[str]:
    """The headings, each named once; of two rows both words; "" where a column has none."""
    width = max(len(row) for row in rows[layout.place : layout.place + layout.depth])
    names = [_cell(rows[layout.place], place) for place in range(width)]
    if layout.depth == 2:
        lower = [_cell(rows[layout.place + 1], place) for place in range(width)]
        group = ""
        for place in range(width):
            group = names[place] or (group if lower[place] else "")
            names[place] = f"{group} {lower[place]}".strip() if lower[place] != group else group
    return unique(names)


def unique(names: Sequence[str]) -> list[str]:
    """The names, a repeated one with its number; capitals do not part names."""
    seen: Counter[str] = Counter()
    found = []
    for name in (" ".join(each.split()) for each in names):
        seen[name.casefold()] += 1 if name else 0
        found.append(f"{name} ({seen[name.casefold()]})" if name and seen[name.casefold()] > 1 else name)
    return found


def _cell(row: Sequence[str | None], place: int) -> str:
    return (row[place] or "").strip() if place < len(row) else ""


@lru_cache(maxsize=10_000)
def across(heading: str) -> Across | None:
    """The period that a heading names, and what else it says; None where it names none."""
    text = " ".join(heading.split())
    if len(text) > 40:
        return None
    whole = _period(text)
    if whole:
        return whole
    words = text.split(" ")
    for size in (3, 2, 1):
        for start in (0, len(words) - size):
            if start >= 0 and size < len(words):
                found = _period(" ".join(words[start : start + size]))
                rest = " ".join([*words[:start], *words[start + size :]]).strip(" -/:")
                if found and rest and not any(sign.isdigit() for sign in rest):
                    return Across(found.period, found.year, rest)
    held = re.fullmatch(r"((?:\d{2,4}年)?\d{1,2}月|第?[一二三四1-4]季度|Q[1-4])(?:份)?([^\d]{1,8})", text)
    if held and (found := _period(held[1])):
        return Across(found.period, found.year, held[2])
    return None


def _period(text: str) -> Across | None:
    said = dates.written(text)
    if said.day and said.span in ("month", "quarter", "year"):
        if said.span == "year" and not 1990 <= said.day.year <= 2100:
            return None
        kind = {
            "month": f"{said.day:%Y-%m}",
            "quarter": f"{said.day:%Y} Q{(said.day.month + 2) // 3}",
            "year": f"{said.day:%Y}",
        }
        return Across(kind[said.span], said.day.year)
    if said.day and said.day.day == 1 and re.fullmatch(r"\d{4}-\d{2}-\d{2}( 00:00:00)?", text):
        return Across(f"{said.day:%Y-%m}", said.day.year)  # a workbook's date that shows as a month
    bare = text.strip(" .").casefold()
    month = dates.month_named(bare)
    if month is None and (found := BARE_MONTH.fullmatch(text)) and (not text.isdigit() or len(text) == 2):
        month = int(found[1])
    if month is not None:
        return Across(f"{month:02}", None)
    quarter = re.fullmatch(
        r"Q([1-4])|([1-4])Q|第?([一二三四1-4])季度?|([1-4])\. ?quartal|([1-4])t", text.strip(), re.IGNORECASE
    )
    if quarter:
        digit = next(each for each in quarter.groups() if each)
        return Across(f"Q{'一二三四'.find(digit) + 1 or int(digit)}", None)
    return None


def periods(headings: Sequence[str]) -> dict[int, Across]:
    """The places of the headings that are periods, at least three; else none. Words like May or March alone are none."""
    found = {place: said for place, heading in enumerate(headings) if heading and (said := across(heading))}
    distinct = {(said.period, said.year) for said in found.values()}
    return (
        found
        if len(distinct) >= 3 or (len(distinct) == 2 and all(said.year for said in found.values()))
        else {}
    )


def dated(said: Across, year: int | None) -> str | None:
    """The period with its year, as a column of periods would write it; None where nobody knows the year."""
    if said.year is not None:
        return said.period
    if year is None:
        return None
    return f"{year} {said.period}" if said.period.startswith("Q") else f"{year}-{said.period}"
