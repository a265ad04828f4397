"""What was answered, and what must be asked? A question is asked only where two readings would report different numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from salesnb.errors import InputError, nearest
from salesnb.intake.foreign.drafts import Draft
from salesnb.intake.foreign.meanings import FIELDS
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.sales import needs_year
from salesnb.intake.foreign.tables import Understanding
from salesnb.intake.reading import dates, numbers
from salesnb.language import Message

SETTINGS = ("company", "currency", "country", "year", "date_order", "fiscal_year_starts")
DAYS = ("ordered_on", "issued_on", "created_on", "closed_on", "expected_close_on", "due_on", "paid_on", "happened_on", "period_start", "entered_on", "hired_on", "left_on", "qualified_on")  # fmt: skip
DAY_FIRST = ("de", "fr", "es", "pt", "it", "nl")
SORTED, UNSORTED = 0.97, 0.9
MOST = 3  # questions; beyond them the best guess is told

Ask = Callable[[Message, Sequence[str]], str]


@dataclass
class Answers:
    """The answers given: settings, and a heading for a meaning."""

    settings: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        return int(self.settings["year"]) if "year" in self.settings else None


def read_answers(given: Iterable[str]) -> Answers:
    """``KEY=VALUE`` of the command line; `InputError` for a key that there is not."""
    found = Answers()
    for text in given:
        key, sign, value = (each.strip() for each in text.partition("="))
        if not sign or not value:
            raise InputError("--answer must be KEY=VALUE, such as year=2025, but is {text}", text=text)
        if key == "year" and not (value.isdecimal() and len(value) == 4):
            raise InputError("--answer year must be a year such as 2025, but is {value}", value=value)
        if key == "date_order" and value not in dates.ORDERS:
            raise InputError("--answer date_order must be dmy, mdy or ymd, but is {value}", value=value)
        if key == "fiscal_year_starts" and value not in map(str, range(1, 13)):
            raise InputError("--answer fiscal_year_starts must be a month from 1 to 12, but is {value}", value=value)  # fmt: skip
        if key in SETTINGS:
            found.settings[key] = value
        elif key in FIELDS:
            found.headings[value] = key
        else:
            guess = nearest(key, (*SETTINGS, *FIELDS)) or "amount"
            raise InputError(
                "--answer knows no {key}; did you mean {guess}? A meaning such as amount or customer takes a heading, and {settings:list} are settings",
                key=key,
                guess=guess,
                settings=list(SETTINGS),
            )
    return found


def at_most(ask: Ask | None) -> Ask | None:
    """The same, until so many questions were asked that a person would tire; then the first choice stands."""
    if ask is None:
        return None
    asked = 0

    def once_more(question: Message, choices: Sequence[str]) -> str:
        nonlocal asked
        asked += 1
        return ask(question, choices) if asked <= MOST else choices[0]

    return once_more


def amounts_meant(found: Understanding, ask: Ask | None) -> dict[str, str]:
    """Headings that were meant where two amounts were as good, as a person at a terminal says: heading → its field."""
    meant: dict[str, str] = {}
    for draft in found.drafts if ask else []:
        if draft.unclear is None or ask is None:
            continue
        chosen, other = draft.unclear
        question = Message(
            "{table}: is the amount {first}, such as {one} (1), or {second}, such as {two} (2)?",
            table=draft.table, first=chosen.heading, one=next(iter(chosen.profile.texts), ""), second=other.heading, two=next(iter(other.profile.texts), ""),
        )  # fmt: skip
        meant[(chosen, other)[ask(question, ("1", "2")) == "2"].heading] = "net_amount"
    return meant


def require_headings(headings: Sequence[str], answers: Answers) -> None:
    """`InputError` for an answer that names a heading which no file has."""
    for heading in answers.headings:
        if heading not in headings:
            raise InputError("no file has the heading {heading}; there are {headings:list}", heading=heading, headings=list(headings)[:30])  # fmt: skip


def require_years(found: Understanding) -> None:
    """`InputError` where a table's months name no year and nobody said which."""
    if found.links.year is not None:
        return
    for draft in found.drafts:
        for source in draft.sources:
            for column in _day_columns(draft, source.understood.foreign.columns):
                if (
                    needs_year(source, column)
                    and " || ' " not in draft.columns.get("period_start", draft.cells[0]).sql
                ):
                    raise InputError(
                        "{name}: {heading} names no year, as in {example}; answer with --answer year=2025",
                        name=source.understood.foreign.label,
                        heading=column.heading,
                        example=next(iter(column.profile.texts), ""),
                    )
    for each in found.tables:
        if (
            each.foreign.shape.across == ("periods",)
            and each.foreign.shape.year is None
            and not each.foreign.rows
        ):
            raise InputError(
                "{name}: the months across name no year; answer with --answer year=2025",
                name=each.foreign.label,
            )


def _day_columns(draft: Draft, columns: Sequence[Column]) -> list[Column]:
    wanted = {heading for cell in draft.cells if cell.column in DAYS for heading in cell.headings}
    return [each for each in columns if each.heading in wanted]


def date_order(
    found: Understanding, *, language: str, currencies: Counter[str], ask: Ask | None
) -> tuple[str | None, Message | None]:
    """The order of day, month and year where a column leaves it open: by points, a decimal comma, the rows' order; else asked.

    None where every column tells by itself. `InputError` where nothing tells and nobody can be asked.
    """
    open_ones: list[tuple[str, Column, list[str]]] = []
    told: Counter[str] = Counter()
    for draft in found.drafts:
        for source in draft.sources:
            for column in _day_columns(draft, source.understood.foreign.columns):
                texts = _texts(
                    source.holds(
                        f"SELECT c{column.profile.place} FROM {{t}} WHERE c{column.profile.place} IS NOT NULL ORDER BY source_row LIMIT 200000"
                    )
                )
                days = dates.read_days(dict.fromkeys(texts), chinese=language == "zh")
                if days.question is not None:
                    open_ones.append((source.understood.foreign.label, column, texts))
                else:
                    told.update(_told(texts))
    if not open_ones:
        return None, None
    label, column, texts = open_ones[0]
    if told:
        return told.most_common(1)[0][0], None
    if any("." in dates.PLAIN_CLOCK.sub("", each) for each in texts[:50]):
        return "dmy", None
    comma = any(
        numbers.speaks_for_comma(text)
        for each in found.tables
        for one in each.foreign.columns
        if one.profile.kind == "number"
        for text in one.profile.texts[:200]
    )
    if comma or language in DAY_FIRST:
        return "dmy", None
    for _, other, cells in open_ones:
        order = _by_rows(cells)
        if order:
            return order, Message("{heading}: the rows stand in order only when {example} is read as {order}", heading=other.heading, example=cells[0], order=order)  # fmt: skip
    question = Message(
        "{name}: is {example} in {heading} day first (dmy) or month first (mdy)?",
        name=label,
        heading=column.heading,
        example=texts[0],
    )
    if ask is not None:
        return ask(question, ("dmy", "mdy")), None
    raise InputError(
        "{name}: {example} in {heading} can be day first or month first; answer with --answer date_order=dmy (or mdy)",
        name=label,
        example=texts[0],
        heading=column.heading,
    )


def _texts(rows: Iterable[Sequence[object]]) -> list[str]:
    return [str(row[0]) for row in rows]


def _told(texts: Sequence[str]) -> list[str]:
    """The order that a column of three numbers shows by itself."""
    three = [said.three for text in dict.fromkeys(texts[:5000]) if (said := dates.written(text)).three]
    if any(len(each[2]) == 4 and int(each[0]) > 12 for each in three):
        return ["dmy"]
    return ["mdy"] if any(len(each[2]) == 4 and int(each[1]) > 12 for each in three) else []


def _by_rows(texts: Sequence[str]) -> str | None:
    """Exports are sorted: the order in which the rows' days only rise or only fall, where the other has them jump."""
    scores: Mapping[str, float] = {order: _sorted(dates.read_days(dict.fromkeys(texts), order=order), texts) for order in ("dmy", "mdy")}  # fmt: skip
    best = max(scores, key=lambda each: scores[each])
    return best if scores[best] >= SORTED and min(scores.values()) <= UNSORTED else None


def _sorted(days: dates.Days, texts: Sequence[str]) -> float:
    found = [days.found[text] for text in texts if text in days.found]
    pairs = list(pairwise(found))
    if len(pairs) < 5:
        return 0.0
    rising, falling = sum(a <= b for a, b in pairs), sum(a >= b for a, b in pairs)
    return max(rising, falling) / len(pairs)


def currency_of(found: Understanding) -> Counter[str]:
    """The currencies that columns, signs and headings name, with the number of columns or rows that do."""
    counted: Counter[str] = Counter()
    for draft in found.drafts:
        for source in draft.sources:
            for column in source.understood.foreign.columns:
                if column.field == "currency":
                    rows = source.holds(
                        f"SELECT upper(trim(c{column.profile.place})), count(*) FROM {{t}} WHERE c{column.profile.place} IS NOT NULL GROUP BY 1"
                    )
                    for code, n in rows:
                        meant = numbers.codes(str(code))
                        if meant and len(meant) == 1:
                            counted[next(iter(meant))] += int(str(n))
                elif column.parts.currency:
                    counted[column.parts.currency] += 1
                elif len(column.profile.marks) == 1:
                    counted[next(iter(column.profile.marks))] += 1
    return counted
