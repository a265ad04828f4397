"""How is a column of a source read as its kind? What a single cell cannot tell (day or month first, decimal comma) its column does.

Plain cells (ISO dates, plain numbers, typed columns) are read by the engine that holds them. Of the others each distinct
spelling is read here, once, and goes back as what it means: so files and warehouses are read by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from salesnb.errors import InputError
from salesnb.headlines import LARGEST
from salesnb.intake.reading import dates, eras, numbers, values, words
from salesnb.intake.reading.readings import Ask, Reading, Rules, spelled, unread
from salesnb.intake.schema import Column
from salesnb.language import Message

PLAIN_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?"
PLAIN_NUMBER = r"-?\d{1,15}(\.\d{1,15})?"
WHOLE_NUMBER = r"-?\d{1,15}"
SPEAKS_FOR_A_POINT = r"\.(\d{1,2}|\d{4,})$"
# a point before three digits behind one to three others, and what says nothing about a point
POINTED, SHORT, FEW = r"^[^0-9.,]*[1-9][0-9]{0,2}[.][0-9]{3}[^0-9.,]*$", r"^[^0-9.,]*[0-9]{1,3}[^0-9.,]*$", 3
PERCENT = re.compile(r"[%％‰]\s*$")
CUT_SHORT = r"^[0-9][.,]?[0-9]*E[+][0-9]{1,2}$"


def reading(
    column: Column,
    cell: str,
    kind: str,
    *,
    ask: Ask,
    raw: str,
    name: str,
    rules: Rules,
    most: int | None = None,
    shares: bool = False,
) -> Reading:
    """How the staged column `cell` (c0, c1, …) of the rows `raw` is read as `column`; `kind` is what it holds: text, date, moment,
    number or boolean. `shares`: a column of money may be one of percentages, if most of its cells are.

    `InputError` where the dates of a column have two readings, or where more than `most` spellings are odd.
    """
    if column.name == "currency":
        return _codes(cell, ask, raw)
    if column.kind in ("id", "text"):
        return _written(column, cell, kind, ask, raw, name, rules)
    if column.kind == "date" and kind in ("date", "moment"):
        span = f"{cell} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
        moments = kind == "moment" and ask(_clock_query(cell, raw))
        return Reading(
            f"CASE WHEN {span} THEN CAST({cell} AS DATE) END", notes=_moments(column, name) if moments else ()
        )
    if column.kind == "number" and kind == "number":
        value = f"CAST({cell} AS DOUBLE)"
        return Reading(f"CASE WHEN {value} BETWEEN {-LARGEST} AND {LARGEST} THEN {value} END")
    if column.kind == "boolean" and kind == "boolean":
        return Reading(cell)
    plain = {"date": PLAIN_DATE, "number": PLAIN_NUMBER}.get(column.kind)
    if column.kind == "date" and ask(
        f"SELECT 1 FROM {raw} WHERE CAST({cell} AS VARCHAR) LIKE '25__-%' LIMIT 1"
    ):
        plain = None  # a Buddhist year, or one that nobody lives to see: `_days` judges
    counted = _spellings(column, cell, plain, ask, raw, name, most)
    if column.kind == "date":
        return _days(column, cell, counted, name, rules, plain=plain)
    if column.kind == "number":
        return _numbers(
            column, cell, counted, ask, raw, name, most, decimal_comma=rules.decimal_comma, shares=shares
        )
    if column.kind == "choice":
        return _words(column, cell, counted, name)
    flags = {text: flag for text in counted if (flag := words.flag(text)) is not None}
    return Reading(spelled(cell, column, flags), flags, notes=unread(column, counted, flags, name))


def _words(column: Column, cell: str, counted: Mapping[str, int], name: str) -> Reading:
    listed = words.listed_words(column)
    found = {text: word for text in counted if (word := listed.get(words.folded(text)))}
    if column.fallback is None:
        return Reading(spelled(cell, column, found), found, notes=unread(column, counted, found, name))
    # "unknown" is no kind of contact, but that there was one is known
    odd = [
        text
        for text in counted
        if text not in found
        and (text.strip(values.BLANKS) if column.required else not values.is_missing(text))
    ]
    within = {text: word for text in odd if (word := words.within(text, listed))}
    others = {text: counted[text] for text in odd if text not in within}
    found |= within | dict.fromkeys(others, column.fallback)
    return Reading(spelled(cell, column, found), found, notes=_other_words(column, within, others, name))


def _codes(cell: str, ask: Ask, raw: str) -> Reading:
    """A column of currencies: the code that a sign or a name stands for, else what is written, in capitals."""
    text = f"trim(CAST({cell} AS VARCHAR))"
    written = [
        str(each)
        for (each,) in ask(f"SELECT DISTINCT {text} AS code FROM {raw} WHERE {cell} IS NOT NULL LIMIT 1000")
    ]
    meant = {each: next(iter(codes)) for each in written if len(codes := numbers.codes(each) or ()) == 1}
    others = " ".join(
        f"WHEN {values.literal(each)} THEN {values.literal(code)}" for each, code in meant.items()
    )
    code = f"CASE {text} {others} ELSE upper({text}) END" if meant else f"upper({text})"
    return Reading(f"CASE WHEN {values.filled(text)} THEN {code} END")


def _written(column: Column, cell: str, kind: str, ask: Ask, raw: str, name: str, rules: Rules) -> Reading:
    """An id or a text as it is written, null where nothing is; a whole number that was exported as 12340.0 without its .0."""
    text, notes = f"CAST({cell} AS VARCHAR)", []
    filled = values.filled(text, of_text=column.kind == "text")
    if column.kind == "id":
        whole, other, example = ask(
            f"SELECT count(CASE WHEN regexp_matches({text}, '^[0-9]+[.]0$') THEN 1 END),"
            f" count(CASE WHEN regexp_matches({text}, '^[0-9]+[.][0-9]*[1-9][0-9]*$') THEN 1 END),"
            f" min(CASE WHEN regexp_matches({text}, '^[0-9]+[.]0$') THEN {text} END) FROM {raw}"
        )[0]
        if whole and not other:
            text = f"CASE WHEN regexp_matches({text}, '^[0-9]+[.]0$') THEN substring({text}, 1, length({text}) - 2) ELSE {text} END"
            if kind == "text":
                notes = [
                    Message(
                        "{name}: {column} holds whole numbers with decimals; {example} is read as {whole}",
                        name=name,
                        column=column.called,
                        example=example,
                        whole=str(example)[:-2],
                    )
                ]
        notes += _cut_short(column, text, ask, raw, name)
    if spellings := rules.spellings(column.name):
        listed = ", ".join(values.literal(other) for other in spellings)
        found = ask(f"SELECT DISTINCT trim({text}) AS spelling FROM {raw} WHERE trim({text}) IN ({listed})")
        rules.met.update(str(other) for (other,) in found)
        others = " ".join(
            f"WHEN {values.literal(other)} THEN {values.literal(name)}" for other, name in spellings.items()
        )
        text = f"CASE trim({text}) {others} ELSE {text} END"
    return Reading(f"CASE WHEN {filled} THEN {text} END", notes=notes)


def _cut_short(column: Column, text: str, ask: Ask, raw: str, name: str) -> list[Message]:
    """What to say of ids that a spreadsheet shows as 4.5E+12: most of their digits are gone."""
    ((count, example),) = ask(
        f"SELECT count(*) AS n, min({text}) AS example FROM {raw} WHERE {text} LIKE '%E+%' AND regexp_matches({text}, '{CUT_SHORT}')"
    )
    if not count:
        return []
    return [
        Message(
            "{name}: {column} holds {count:count} numbers that a spreadsheet cut short, such as {example}; different ids may have become one: format the column as text and export it again",
            name=name,
            column=column.called,
            count=count,
            example=example,
        )
    ]


def _days(
    column: Column, cell: str, counted: Mapping[str, int], name: str, rules: Rules, *, plain: str | None
) -> Reading:
    period = column.name == "period_start"
    texts = {text: text for text in counted if not values.is_missing(text)}
    buddhist = eras.are_buddhist(texts)
    if buddhist:
        texts = {text: eras.without_buddha(text) for text in texts}
    days = dates.read_days(
        texts.values(), order=rules.date_order, chinese=rules.chinese, period=period, quarters=rules.quarters
    )
    if buddhist:
        days.found = {text: days.found[ours] for text, ours in texts.items() if ours in days.found}
    if days.question is not None:
        raise InputError(
            "{name}: {column} can be read in more than one way ({example}): day first or month first? Answer with intake: {{date_order: dmy}} (or mdy, ymd) in plan.yml",
            name=name,
            column=column.called,
            example=days.question,
        )
    notes = unread(column, counted, days.found, name)
    if buddhist and days.found:
        example = min(days.found)
        notes.append(
            Message(
                "{name}: {column} counts Buddhist years; {example} is read as {day:date}",
                name=name,
                column=column.called,
                example=example,
                day=days.found[example],
            )
        )
    if days.short_year is not None:
        notes.append(
            Message(
                "{name}: {column}: {example} is read as {day:date}, its year first",
                name=name,
                column=column.called,
                example=days.short_year,
                day=days.found[days.short_year],
            )
        )
    if days.span is not None and not period:
        notes.append(
            Message(
                "{name}: {column} names no day, as in {example}; such a cell counts on the first day that it means",
                name=name,
                column=column.called,
                example=days.span,
            )
        )
    text = f"CAST({cell} AS VARCHAR)"
    meant = spelled(cell, column, days.found)
    if plain is None:
        return Reading(meant, days.found, notes=notes)
    cast = f"regexp_matches({text}, '^({plain})$') THEN CAST(substring({text}, 1, 10) AS DATE)"
    return Reading(f"CASE WHEN {cast} ELSE {meant} END", days.found, notes=notes)


def _numbers(
    column: Column,
    cell: str,
    counted: Mapping[str, int],
    ask: Ask,
    raw: str,
    name: str,
    most: int | None,
    *,
    decimal_comma: bool | None,
    shares: bool,
) -> Reading:
    text, plain, notes = f"CAST({cell} AS VARCHAR)", PLAIN_NUMBER, list[Message]()
    with_comma = min(filter(numbers.speaks_for_comma, counted), default=None)
    witness = f"SELECT 1 FROM {raw} WHERE regexp_matches({text}, '{SPEAKS_FOR_A_POINT}') LIMIT 1"
    comma = with_comma is not None and not any(map(numbers.speaks_for_point, counted)) and not ask(witness)
    pointed = None if comma or column.unit != "money" else _three_digits(cell, ask, raw)
    if pointed and decimal_comma:
        comma, with_comma = True, pointed
    if comma:  # 1.234 is plain no more
        plain = WHOLE_NUMBER
        counted = _spellings(column, cell, plain, ask, raw, name, most)
        notes = [
            Message(
                "{name}: {column} is read with a decimal comma, as in {example}",
                name=name,
                column=column.called,
                example=with_comma,
            )
        ]
    elif pointed:
        notes = [_points(column, pointed, name)]
    found = numbers.read_numbers(counted, decimal_comma=comma, money=column.unit == "money")
    percent = sum(n for each, n in counted.items() if PERCENT.search(each)) if column.unit == "money" else 0
    if percent and not (shares and 2 * percent > ask(f"SELECT count({cell}) FROM {raw}")[0][0]):
        # among amounts, 15% is a share of something that nobody knows here
        found.found = {each: value for each, value in found.found.items() if not PERCENT.search(each)}
    if column.unit == "days":
        terms = {text: words.days_of_payment(text) for text in counted if text not in found.found}
        found.found.update({text: days for text, days in terms.items() if days is not None})
    notes += unread(column, counted, found.found, name)
    cast = f"CASE WHEN regexp_matches({text}, '^({plain})$') THEN CAST({text} AS DOUBLE) ELSE {spelled(cell, column, found.found)} END"
    return Reading(cast, found.found, found.marks, notes, comma=comma, unclear=bool(pointed and not comma))


def _three_digits(cell: str, ask: Ask, raw: str) -> str | None:
    """A cell of a column in which every point has three digits behind it and no whole number four: its points may part
    thousands. None where the column tells, or where too few cells have a point."""
    text = f"trim(CAST({cell} AS VARCHAR))"
    pointed, other, example = ask(
        f"SELECT count(CASE WHEN regexp_matches({text}, '{POINTED}') THEN 1 END),"
        f" count(CASE WHEN regexp_matches({text}, '[0-9]') AND NOT regexp_matches({text}, '{POINTED}')"
        f" AND NOT regexp_matches({text}, '{SHORT}') THEN 1 END),"
        f" min(CASE WHEN regexp_matches({text}, '{POINTED}') THEN {text} END) FROM {raw}"
    )[0]
    return str(example) if pointed >= FEW and not other else None


def _points(column: Column, example: str, name: str) -> Message:
    read, other = (
        numbers.number(example, decimal_comma=comma, money=True) or (0.0, "") for comma in (False, True)
    )
    return Message(
        "{name}: every point in {column} has three digits behind it; {example} is read as {value}, not as {other}: if it means that, write it without the point, or give a country with a decimal comma in plan.yml",
        name=name,
        column=column.called,
        example=example,
        value=f"{read[0]:,g}",
        other=f"{other[0]:,.0f}",
    )


def _spellings(
    column: Column, cell: str, plain: str | None, ask: Ask, raw: str, name: str, most: int | None
) -> dict[str, int]:
    """The cells that no cast reads, each spelling with the number of its rows."""
    text = f"CAST({cell} AS VARCHAR)"
    odd = f"AND NOT regexp_matches({text}, '^({plain})$')" if plain else ""
    limit = f"LIMIT {most + 1}" if most else ""
    rows = ask(
        f"SELECT {text} AS spelling, count(*) AS n FROM {raw} WHERE {cell} IS NOT NULL {odd} GROUP BY 1 {limit}"
    )
    if most and len(rows) > most:
        raise InputError(
            "{name}: {column} is written in more than {most:count} ways that are neither plain nor typed; cast it in the statement",
            name=name,
            column=column.called,
            most=most,
        )
    return {str(text): int(n) for text, n in rows}


def _other_words(
    column: Column, within: Mapping[str, str], others: Mapping[str, int], name: str
) -> list[Message]:
    """What to say of words outside a list: of those that hold one of its words, and of those that count as another."""
    told = []
    if within:
        told.append(
            Message(
                "{name}: {column} holds words that are read by a part of them: {words:list}",
                name=name,
                column=column.called,
                words=[
                    Message("{word} as {meant}", word=word.strip(), meant=within[word])
                    for word in sorted(within)[:5]
                ],
            )
        )
    if others:
        told.append(
            Message(
                "{name}: {column} holds words outside its list, read as {fallback} in {count:count} rows: {words:list}",
                name=name,
                column=column.called,
                fallback=column.fallback,
                count=sum(others.values()),
                words=sorted(text.strip() for text in others)[:5],
            )
        )
    return told


def _clock_query(cell: str, raw: str) -> str:
    """A row where one of the moments is not a midnight, so that its day depends on the zone."""
    return f"SELECT 1 FROM {raw} WHERE date_trunc('day', {cell}) <> {cell} LIMIT 1"


def _moments(column: Column, name: str) -> list[Message]:
    """A moment that is stored with its zone counts on its day in UTC, as a text that ends in Z does."""
    return [
        Message(
            "{name}: {column} holds moments; each counts on its day in UTC, unless a .sql file gives the day of another zone",
            name=name,
            column=column.called,
        )
    ]
