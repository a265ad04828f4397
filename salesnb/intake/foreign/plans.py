"""What do files tell of the plan: in which order deals pass their stages, and in which month the fiscal year starts?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from salesnb.intake.foreign.drafts import Source
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.profiles import CANCELLED, LOST, WON, plain, said_in
from salesnb.intake.foreign.tables import Understanding
from salesnb.intake.reading import dates, numbers, shapes

FISCAL = re.compile(r"fiscal|\bfy\b|geschaftsjahr|wirtschaftsjahr|exercice|财年|财政年度|会计年度|ejercicio")
FISCAL_YEAR = re.compile(r"(?:fy)?\s*((?:19|20)\d\d)(?:\s*(?:财年|年度|年))?", re.IGNORECASE)
SHORT_YEAR = re.compile(r"fy\s*'?(\d\d)", re.IGNORECASE)
MOST = 20_000  # rows that are looked at
MOST_STAGES = 15
FEWEST = 24  # dated rows that tell of a fiscal year
DAYS = ("order_date", "date", "invoice_date", "made_date", "closed")
ONCE = 0.95  # of a stage's rows that hold its number


def stages_of(found: Understanding) -> list[str]:
    """The open stages of the deals in their order: by numbers in their names, a number that each has, or the history of stages.

    Empty where nothing tells: then the data show it later, or nobody knows.
    """
    draft = next((each for each in found.drafts if each.table == "opportunities"), None)
    cell = draft.columns.get("stage") if draft else None
    if draft is None or cell is None or not cell.headings:
        return []
    source = draft.sources[0]
    column = source.understood.foreign.column(cell.headings[0])
    if column is None:
        return []
    named = [each for each in source.words(column) if not _ended(each)]
    if not 2 <= len(named) <= MOST_STAGES:
        return []
    by = _numbered(named) or _ranked(source, column) or _passed(found)
    order = sorted((each for each in named if each in by), key=lambda each: by[each])
    return order if len(order) == len(named) and len({by[each] for each in order}) == len(order) else []


def _ended(stage: str) -> bool:
    return said_in(stage, WON) or said_in(stage, LOST) or bool(CANCELLED.fullmatch(plain(stage).strip()))


def _numbered(named: Sequence[str]) -> dict[str, float]:
    """1. Lead, 阶段2 …"""
    held = {each: re.search(r"^\s*\D{0,3}?(\d{1,3})\b|阶段\s*(\d{1,2})", each) for each in named}
    if not all(held.values()):
        return {}
    return {name: float(next(one for one in each.groups() if one)) for name, each in held.items() if each}


def _ranked(source: Source, stage: Column) -> dict[str, float]:
    """A probability or a sort number that is the same for (nearly) all deals of a stage."""
    foreign = source.understood.foreign
    for other in foreign.columns:
        of_stages = other.field == "probability" or ("stage" in other.parts.meanings and other is not stage)
        if not of_stages or other.profile.kind != "number":
            continue
        rows = source.holds(f"SELECT c{stage.profile.place}, c{other.profile.place} FROM {{t}} WHERE c{stage.profile.place} IS NOT NULL AND c{other.profile.place} IS NOT NULL LIMIT {MOST}")  # fmt: skip
        held: dict[str, Counter[float]] = defaultdict(Counter)
        for name, cell in rows:
            read = numbers.number(str(cell))
            if read is not None:
                held[str(name)][read[0]] += 1
        if held and all(max(each.values()) >= ONCE * each.total() for each in held.values()):
            return {name: each.most_common(1)[0][0] for name, each in held.items()}
    return {}


def _passed(found: Understanding) -> dict[str, float]:
    """The mean rank of a stage among those that a deal passed, by its history."""
    draft = next((each for each in found.drafts if each.table == "stage_events"), None)
    if draft is None:
        return {}
    source, columns = draft.sources[0], draft.sources[0].understood.foreign
    deal, stage, day = (columns.column(draft.columns[each].headings[0]) for each in ("opportunity_id", "stage", "entered_on"))  # fmt: skip
    if deal is None or stage is None or day is None:
        return {}
    rows = source.holds(f"SELECT c{deal.profile.place}, c{stage.profile.place}, c{day.profile.place} FROM {{t}} LIMIT {MOST}")  # fmt: skip
    passed: dict[str, dict[str, object]] = defaultdict(dict)
    for number, name, at in rows:
        moment = dates.written(str(at)).day if at else None
        if moment is not None and name:
            passed[str(number)].setdefault(str(name), moment)
    ranks: dict[str, list[float]] = defaultdict(list)
    for each in passed.values():
        days = sorted({str(at) for at in each.values()})
        if len(days) > 1:
            for name, at in each.items():
                ranks[name].append(days.index(str(at)) / (len(days) - 1))
    return {name: fmean(each) for name, each in ranks.items()}


def fiscal_year_of(found: Understanding) -> int | None:
    """The month in which the fiscal year starts, where it is not January: by fiscal years beside days, or by targets whose twelve
    months begin with another."""
    for draft in found.drafts:
        for source in draft.sources:
            start = _start(_days_and_years(source))
            if start is None and draft.table == "targets":
                across = source.understood.foreign.column(shapes.PERIOD)
                start = _first_of_twelve(across.profile.texts) if across else None
            if start is not None:
                return start
    return None


def _year(text: str) -> int | None:
    found = FISCAL_YEAR.fullmatch(text.strip())
    if found:
        return int(found[1])
    short = SHORT_YEAR.fullmatch(text.strip())
    return 2000 + int(short[1]) if short else None


def _start(rows: Sequence[tuple[int, int, int]]) -> int | None:
    """The one month that fits all rows of year, month and fiscal year, named by the year in which it ends or begins."""
    if len(rows) < FEWEST or all(year == fiscal for year, _, fiscal in rows):
        return None
    fits = {
        start
        for start in range(2, 13)
        for ends in (0, 1)
        if all(fiscal == (year + (month >= start) if ends else year - (month < start)) for year, month, fiscal in rows)
    }  # fmt: skip
    return fits.pop() if len(fits) == 1 else None


def _days_and_years(source: Source) -> list[tuple[int, int, int]]:
    """Year, month and fiscal year of the rows of a table that has days and fiscal years."""
    columns = source.understood.foreign.columns
    day = next((each for each in columns if each.profile.kind == "date" and each.field in DAYS), None)
    year = next((each for each in columns if FISCAL.search(plain(each.heading)) and any(map(_year, each.profile.texts))), None)  # fmt: skip
    if day is None or year is None or day is year:
        return []
    rows = source.holds(f"SELECT c{day.profile.place}, c{year.profile.place} FROM {{t}} WHERE c{day.profile.place} IS NOT NULL AND c{year.profile.place} IS NOT NULL LIMIT {MOST}")  # fmt: skip
    read = [(dates.written(str(at)).day, _year(str(text))) for at, text in rows]
    return [(at.year, at.month, fiscal) for at, fiscal in read if at is not None and fiscal is not None]


def _first_of_twelve(periods: Sequence[str]) -> int | None:
    """The first of twelve months in a row, where it is not January."""
    months = [int(each[-2:]) for each in periods if re.fullmatch(r"\d{4}-\d\d", each)]
    if len(months) != 12 or months[0] == 1:
        return None
    return months[0] if all((b - a) % 12 == 1 for a, b in pairwise(months)) else None
