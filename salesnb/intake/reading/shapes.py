"""How do rows of a foreign sheet become rows of a table? Merged cells filled, months across laid below each other, names of
groups made a column; no value is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from salesnb.errors import InputError
from salesnb.intake.reading import layouts
from salesnb.intake.reading.raw_tables import Raw
from salesnb.language import marked

PERIOD, MEMBER, VALUE, GROUP = "period", "member", "value", "group"  # headings that a brought form adds
CALLED = (
    marked("heading period"),
    marked("heading member"),
    marked("heading value"),
    marked("heading group"),
)


@dataclass(frozen=True)
class Shape:
    """How a file's rows become a table's: `sheets` of a workbook (or files of an archive), columns to `fill` down, `across` the
    headings across ("periods", or a list), the `year` of months without one, `groups` named in rows of their own, rows that
    overlapping files repeat taken `once`, one `part` of a sheet of several tables; which columns are read as `numbers` and `days`."""

    sheets: tuple[str, ...] = ()
    fill: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    year: int | None = None
    groups: bool = False
    once: bool = False
    part: int = 0
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


def shape_of(options: Mapping[str, Sequence[str]], *, name: str) -> Shape:
    """The shape that a statement's options say; `InputError` for an option that there is not."""
    known = {each.name for each in fields(Shape)}
    unknown = next((each for each in options if each not in known), None)
    if unknown is not None:
        raise InputError("{name}: read_export knows no option {option}; it has {known:list}", name=name, option=unknown, known=sorted(known))  # fmt: skip
    year, part = (options.get(each, [""])[0] for each in ("year", "part"))

    def listed(option: str) -> tuple[str, ...]:
        return tuple(options.get(option, ()))

    return Shape(
        sheets=listed("sheets"),
        fill=listed("fill"),
        across=listed("across"),
        year=int(year) if year.isdecimal() else None,
        groups=listed("groups") == ("true",),
        once=listed("once") == ("true",),
        part=int(part) if part.isdecimal() else 0,
        numbers=listed("numbers"),
        days=listed("days"),
    )


def shaped(raw: Raw, shape: Shape, name: str) -> Raw:
    """The rows in the shape that was asked for."""
    if shape.groups:
        raw = _with_groups(raw)
    if shape.fill:
        raw = _filled(raw, shape.fill, name)
    if shape.across:
        raw = _unpivoted(raw, shape, name)
    return raw


def place_of(headings: Sequence[str], heading: str, name: str) -> int:
    """Where a heading stands; `InputError` where it does not."""
    places = [place for place, each in enumerate(headings) if each.casefold() == heading.casefold()]
    if not places:
        raise InputError("{name} has no heading {heading}; its headings are {headings:list}", name=name, heading=heading, headings=list(headings)[:30])  # fmt: skip
    return places[0]


def _filled(raw: Raw, fill: Sequence[str], name: str) -> Raw:
    places = [place_of(raw.headings, each, name) for each in fill]
    last: dict[int, str | None] = {}
    rows = []
    for row in raw.rows:
        row = list(row)
        if not is_total(row):
            for place in places:
                last[place] = row[place] = row[place] or last.get(place)
        rows.append(row)
    return replace(raw, rows=rows)


def is_total(row: Sequence[str | None]) -> bool:
    """Does a row say in its first words that it is a total?"""
    first = next((cell.strip() for cell in row if cell and cell.strip()), "")
    return layouts.says_total(first)


def group_rows(raw: Raw) -> list[int]:
    """The rows that name a group: one cell alone, in the first column that is filled anywhere, above rows that hold more."""
    usual = (
        sorted(sum(cell is not None for cell in row) for row in raw.rows)[len(raw.rows) // 2]
        if raw.rows
        else 0
    )
    if usual < 3:
        return []
    found = []
    for number, row in enumerate(raw.rows):
        filled = [place for place, cell in enumerate(row) if cell is not None]
        if (
            len(filled) == 1
            and filled[0] <= 1
            and not is_total(row)
            and not layouts.is_value(row[filled[0]] or "")
        ):
            following = raw.rows[number + 1] if number + 1 < len(raw.rows) else []
            if sum(cell is not None for cell in following) > 1:
                found.append(number)
    return found


def _with_groups(raw: Raw) -> Raw:
    named = set(group_rows(raw))
    group: str | None = None
    rows, numbered = [], []
    for place, (row, number) in enumerate(zip(raw.rows, raw.numbers, strict=True)):
        if place in named:
            group = next(cell for cell in row if cell is not None)
            continue
        rows.append([None if is_total(row) else group, *row])
        numbered.append(number)
    return replace(raw, headings=[GROUP, *raw.headings], rows=rows, numbers=numbered)


def _unpivoted(raw: Raw, shape: Shape, name: str) -> Raw:
    if shape.across == ("periods",):
        held = layouts.periods(raw.headings)
        label = PERIOD
        keys = {
            place: (layouts.dated(said, shape.year) or said.period, said.measure or VALUE)
            for place, said in held.items()
        }
        if not held:
            raise InputError("{name} has no months across any more; its headings are {headings:list}", name=name, headings=raw.headings[:30])  # fmt: skip
    else:
        label = MEMBER
        keys = {place_of(raw.headings, each, name): (each, VALUE) for each in shape.across}
    measures = list(dict.fromkeys(measure for _, measure in keys.values()))
    totals = [place for place, each in enumerate(raw.headings) if layouts.TOTAL.fullmatch(each.strip())]
    base = [place for place in range(len(raw.headings)) if place not in keys and place not in totals]
    rows, numbered = [], []
    for row, number in zip(raw.rows, raw.numbers, strict=True):
        if is_total(row):
            continue  # a sum of the rows above, which are counted
        across: dict[str, dict[str, str | None]] = {}
        for place, (key, measure) in keys.items():
            if row[place] is not None:
                across.setdefault(key, {})[measure] = row[place]
        for key, found in across.items():
            rows.append([*(row[place] for place in base), key, *(found.get(each) for each in measures)])
            numbered.append(number)
    return replace(raw, headings=layouts.unique([*(raw.headings[place] for place in base), label, *measures]), rows=rows, numbers=numbered)  # fmt: skip
