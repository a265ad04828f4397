"""Which tables lie in the files that somebody names, and in which shape? Sheets and files with equal headings are one table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import duckdb

from salesnb.errors import InputError
from salesnb.intake.files import files_below
from salesnb.intake.foreign import pieces as pieces_named
from salesnb.intake.foreign.meanings import Meaning, meaning_of
from salesnb.intake.foreign.profiles import Profile, profiles
from salesnb.intake.foreign.vocabulary import Parts, Vocabulary, folded
from salesnb.intake.reading import exports, layouts, numbers, raw_tables, shapes, values
from salesnb.intake.reading.units import without_unit
from salesnb.language import Message

PIVOT = re.compile(
    r"row labels|column labels|sum of .*|count of .*|average of .*|zeilenbeschriftungen|spaltenbeschriftungen|summe von .*|étiquettes de .*|somme de .*|etiquetas de .*|suma de .*|行标签|列标签|求和项[:：]?.*|计数项[:：]?.*",
    re.IGNORECASE,
)
MOST_FILES = 500
KEYS = ("order_no", "invoice_no", "customer", "customer_id", "customer_name", "rep", "rep_id", "rep_name", "region", "team", "country", "state", "product_line", "product", "product_name", "channel", "status", "currency", "period")  # fmt: skip
CUSTOMERS = ("customer", "customer_id", "customer_name")
DAYS = ("order_date", "date", "invoice_date", "created", "closed", "made_date", "due_date", "paid_date")
COUNTED = re.compile(re.escape(raw_tables.COUNTED) + r"\d+")
COUNTED_IN_MONEY = frozenset(("amount", "net_amount", "gross_amount", "list_amount", "local_amount", "target_amount", "balance", "paid_amount", "weighted", "cost_amount", "profit", "tax_amount", "discount_amount", "unit_price", "list_price", "unit_cost", "credit_limit"))  # fmt: skip
LONGEST_TITLE = 200
LOOKED_AT = 3_000  # rows for the shape of a table


@dataclass
class Column:
    """A column of a foreign table: what it holds, what its heading says in parts and together."""

    profile: Profile
    parts: Parts
    meaning: Meaning | None
    cut_out: str = ""  # the pattern whose first group is the value, where cells say more
    unit_of: str = ""  # the name of the sheet or the title that names its unit, where its heading names none

    @property
    def heading(self) -> str:
        return self.profile.heading

    @property
    def field(self) -> str | None:
        return self.meaning.field if self.meaning else None


@dataclass
class Foreign:
    """One table of the foreign files: `name` in the engine, the files and the shape in which they are read, its columns."""

    name: str
    label: str
    title: str
    files: list[Path]
    shape: shapes.Shape
    columns: list[Column]
    rows: int
    hints: frozenset[str] = frozenset()
    pieces: list[str] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    repeated: int = 0
    headless: bool = False

    def column(self, heading: str) -> Column | None:
        """The column of that heading."""
        return next((each for each in self.columns if each.heading == heading), None)


@dataclass
class Opened:
    tables: list[Foreign]
    left_out: list[Message]


def kept_paths(paths: Sequence[Path]) -> list[Path]:
    """The files and folders, each once, as absolute paths; `InputError` where one does not exist."""
    for path in paths:
        if not path.exists():
            raise InputError("{path} does not exist; give the path of a file or a folder", path=path)
    return list(dict.fromkeys(path.resolve() for path in paths))


def files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """The files meant, those of folders included; `InputError` for one that does not exist or cannot be read."""
    for path in paths:
        if path.is_dir():
            found = [
                each for each in files_below(path) if raw_tables.form_of(each) and each.name != "plan.yml"
            ]
            if not found:
                raise InputError("{folder} holds no file that is read here: {forms:list}", folder=path, forms=list(raw_tables.READ))  # fmt: skip
            if len(found) > MOST_FILES:
                raise InputError("{folder} holds {n:count} files; name those of one system, at most {most:count}", folder=path, n=len(found), most=MOST_FILES)  # fmt: skip
            yield from found
        elif not path.exists():
            raise InputError("{path} does not exist; give the path of a file or a folder", path=path)
        elif raw_tables.form_of(path) is None:
            raise InputError("{name} is read from {forms:list}; save it as one of these", name=path.name, forms=list(raw_tables.READ))  # fmt: skip
        else:
            yield path


def open_all(
    paths: Sequence[Path],
    *,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    vocabulary: Vocabulary,
    chinese: bool,
    year: int | None,
) -> Opened:
    """The tables of all files, each with its profiles."""
    left_out: list[Message] = []
    groups: dict[tuple[str, ...], list[tuple[Path, str, raw_tables.Raw, int]]] = {}
    faults: list[InputError] = []
    for path in dict.fromkeys(each.resolve() for each in files_of(paths)):
        for sheet in raw_tables.contents(path):
            name = f"{path.name}, {sheet}" if sheet else path.name
            waiting = [0]
            while waiting:
                part = waiting.pop(0)
                try:
                    raw = raw_tables.read_raw(path, sheet, scratch=scratch, chinese=chinese, connection=connection, into="looked_at", part=part)  # fmt: skip
                except InputError as fault:
                    faults.append(fault)
                    left_out.append(fault.message)
                    continue
                connection.execute("DROP TABLE IF EXISTS looked_at")
                if raw.parts > 1 and not part:
                    waiting = list(range(1, raw.parts + 1))
                    continue
                if any(PIVOT.fullmatch(each.strip()) for each in raw.headings if each):
                    left_out.append(Message("{name} is a pivot table and was left out", name=name))
                    continue
                key = (str(part), *sorted(folded(each) or each for each in raw.headings))
                groups.setdefault(key, []).append((path, sheet, raw, part))
    tables = []
    for number, pieces in enumerate(groups.values()):
        found = _open(
            pieces,
            f"t{number}",
            connection=connection,
            scratch=scratch,
            vocabulary=vocabulary,
            chinese=chinese,
            year=year,
        )
        if found.rows:
            tables.append(found)
        else:
            left_out.append(Message("{name} holds no rows and was left out", name=found.label))
    headless = [each for each in tables if each.headless]
    if len(headless) < len(tables):
        tables = [each for each in tables if not each.headless]
        if headless:
            left_out.append(Message("{names:list} hold no headings and were left out", names=[each.label for each in headless]))  # fmt: skip
    if not tables:
        if len(faults) == 1:
            raise faults[0]
        raise InputError("no table was found in {files:list}", files=[path.name for path in paths])
    return Opened(tables, left_out)


def _open(
    pieces: Sequence[tuple[Path, str, raw_tables.Raw, int]],
    name: str,
    *,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    vocabulary: Vocabulary,
    chinese: bool,
    year: int | None,
) -> Foreign:
    path, sheet, raw, part = pieces[0]
    files = list(dict.fromkeys(path for path, *_ in pieces))
    sheets = tuple(dict.fromkeys(sheet for _, sheet, *_ in pieces if sheet))
    alone = len(sheets) == 1 and len(raw_tables.contents(path)) == 1
    label = sheet if sheet and not alone else stem(path)
    looked = _looked_at(raw, path.name)
    shape = _shape(looked, vocabulary, path, sheet, year)
    shape = replace(
        shape,
        part=part,
        sheets=() if alone and len(files) == 1 and raw_tables.form_of(path) != ".zip" else sheets,
    )
    loaded = exports.load(files, shape, connection=connection, into=name, scratch=scratch, chinese=chinese)
    repeated = 0
    if len(pieces) > 1:
        repeated = _overlap(connection, name, len(loaded.headings))
        if repeated:
            shape = replace(shape, once=True)
            connection.execute(f"DROP TABLE {name}")
            loaded = exports.load(
                files, shape, connection=connection, into=name, scratch=scratch, chinese=chinese
            )
    said = None
    if len(loaded.pieces) > 1:
        there = {meaning.field for each in loaded.headings if (meaning := meaning_of(vocabulary.cut(each)))}
        said = pieces_named.said_by(
            loaded.pieces, stem(path) if sheet else path.parent.name, there, vocabulary
        )
    if said:
        connection.execute(f"ALTER TABLE {name} ADD COLUMN c{len(loaded.headings)} VARCHAR")
        connection.execute(f"UPDATE {name} SET c{len(loaded.headings)} = regexp_extract(source_file, {values.literal(said[1])}, 1)")  # fmt: skip
        loaded.headings.append(raw_tables.ADDED[1])
    found = profiles(connection, name, loaded.headings)
    columns = [
        _column(profile, vocabulary, f"{label} {loaded.title}", said, loaded.headings) for profile in found
    ]
    _with_unit(columns, (label, loaded.title[:LONGEST_TITLE]))
    hints = frozenset(vocabulary.cut(label).meanings) | frozenset(
        vocabulary.cut(loaded.title[:LONGEST_TITLE]).meanings if len(loaded.title) < 80 else ()
    )
    return Foreign(
        name,
        label,
        loaded.title,
        files,
        shape,
        columns,
        found[0].rows if found else 0,
        hints,
        loaded.pieces,
        loaded.notes,
        repeated,
        raw.headless,
    )


def _with_unit(columns: Sequence[Column], names: Sequence[str]) -> None:
    """A unit that the sheet's name or the title gives is that of every column of money whose heading names none."""
    found = next(((each, *without_unit(each)[1:]) for each in names if without_unit(each)[1] != 1), None)
    for column in columns if found else ():
        if (
            found
            and column.field in COUNTED_IN_MONEY
            and column.parts.factor == 1
            and column.parts.currency is None
        ):
            column.parts = replace(column.parts, factor=found[1], currency=found[2])
            column.unit_of = found[0]


def stem(path: Path) -> str:
    """The file's name without its ending."""
    form = raw_tables.form_of(path) or ""
    return path.name[: -len(form)] if form else path.stem


def _column(
    profile: Profile, vocabulary: Vocabulary, title: str, said: tuple[str, str] | None, beside: Sequence[str]
) -> Column:
    parts = vocabulary.cut(profile.heading)
    if profile.heading == shapes.GROUP:
        there = {meaning.field for each in beside if (meaning := meaning_of(vocabulary.cut(each)))}
        field, pattern, sure = pieces_named.group_field(profile.texts, title, there, vocabulary)
        return Column(profile, parts, Meaning(field, sure), pattern)
    if profile.heading == raw_tables.ADDED[1] and said:
        return Column(profile, parts, Meaning(said[0], "known" if said[0] == "period" else "values"), said[1])
    if profile.heading == shapes.PERIOD:
        return Column(profile, parts, Meaning("period", "known"))
    if COUNTED.fullmatch(profile.heading):
        return Column(profile, parts, None)
    if profile.heading in (shapes.VALUE, shapes.MEMBER):
        across = "product_name" if any((meant := meaning_of(vocabulary.cut(each))) and meant.field in CUSTOMERS for each in beside) else "rep"  # fmt: skip
        return Column(profile, parts, Meaning("amount" if profile.heading == shapes.VALUE else across, "values"))  # fmt: skip
    return Column(profile, parts, meaning_of(parts))


def _looked_at(raw: raw_tables.Raw, name: str) -> raw_tables.Raw:
    """The first rows, for the shape."""
    if raw.text and not raw.rows:
        body, sign = raw.text
        head = "\n".join(body[: 400 * LOOKED_AT].split("\n")[:LOOKED_AT])
        raw = raw_tables.cut_here(raw, head, sign, name)
    return replace(raw, rows=raw.rows[:LOOKED_AT], numbers=raw.numbers[:LOOKED_AT])


def _shape(
    raw: raw_tables.Raw, vocabulary: Vocabulary, path: Path, sheet: str, year: int | None
) -> shapes.Shape:
    shape = shapes.Shape()
    if not raw.rows:
        return shape
    if len(shapes.group_rows(raw)) > 1:
        shape = replace(shape, groups=True)
        raw = shapes.shaped(raw, shape, path.name)
    fields = [
        (meaning.field if (meaning := meaning_of(vocabulary.cut(each))) else None) for each in raw.headings
    ]
    fill = _fill(raw, fields, workbook=bool(sheet))
    if fill:
        shape = replace(shape, fill=tuple(raw.headings[place] for place in fill))
        raw = shapes.shaped(raw, shapes.Shape(fill=shape.fill), path.name)
    held = layouts.periods(raw.headings)
    if held and _numeric(raw, held):
        lacking = any(said.year is None for said in held.values())
        years = [int(each) for text in (sheet, raw.title, path.stem) for each in layouts.YEAR.findall(text)]
        return replace(
            shape, across=("periods",), year=(year or next(iter(years), None)) if lacking else None
        )
    people = _people_across(raw, fields, vocabulary)
    return replace(shape, across=tuple(people)) if people else shape


def _numeric(raw: raw_tables.Raw, places: dict[int, layouts.Across]) -> bool:
    cells = [cell for row in raw.rows[:200] for place in places if (cell := row[place])]
    return bool(cells) and sum(
        layouts.is_value(cell) or cell.strip() in ("-", "–", "—") for cell in cells
    ) > 0.7 * len(cells)


def _people_across(raw: raw_tables.Raw, fields: Sequence[str | None], vocabulary: Vocabulary) -> list[str]:
    """The headings of numbers that say nothing else, three or more beside a period: people, regions or lines across."""
    dated = any(each in ("period", "date", "year", "quarter_no", "order_date") for each in fields)
    named = any(each in CUSTOMERS for each in fields)
    if not dated or any(each in ("order_no", "amount", "net_amount", "quantity", "unit_price") for each in fields):  # fmt: skip
        return []
    strange = []
    for place, heading in enumerate(raw.headings):
        cells = [cell for row in raw.rows[:100] if (cell := row[place])]
        if fields[place] is None and cells and all(layouts.is_value(cell) for cell in cells) and not layouts.TOTAL.fullmatch(heading) and not heading.startswith("column "):  # fmt: skip
            strange.append(heading)
    if named and (
        len(strange) < 3 or not _with_cents(raw, strange)
    ):  # goods across, in money and not in pieces
        return []
    return strange if len(strange) >= 2 and len(strange) >= len(raw.headings) - 3 else []


def _with_cents(raw: raw_tables.Raw, headings: Sequence[str]) -> bool:
    """Are the columns money: with cents, or with a sign of money?"""
    places = [place for place, each in enumerate(raw.headings) if each in headings]
    cells = [cell for row in raw.rows[:200] for place in places if (cell := row[place])]
    comma = any(map(numbers.speaks_for_comma, cells)) and not any(map(numbers.speaks_for_point, cells))
    read = [said for cell in cells if (said := numbers.number(cell, decimal_comma=comma, money=True))]
    return any(said[1] or said[0] != int(said[0]) for said in read)


def _fill(raw: raw_tables.Raw, fields: Sequence[str | None], *, workbook: bool) -> list[int]:
    """The columns whose blanks mean the cell above: an order's own values on its first line, or merged cells."""
    rows = [row for row in raw.rows if not shapes.is_total(row)]
    if len(rows) < 4:
        return []
    masks = {place: tuple(row[place] is not None for row in rows) for place, each in enumerate(fields) if each in KEYS + DAYS}  # fmt: skip
    candidates = {place: mask for place, mask in masks.items() if mask[0] and mask.count(False) >= 2 and mask.count(False) >= 0.15 * len(mask)}  # fmt: skip
    orders = [place for place, each in enumerate(fields) if each in ("order_no", "invoice_no")]
    for place in orders:
        if place in masks and all(masks[place]):
            numbers = [row[place] for row in rows]
            further = [now == before for before, now in zip([None, *numbers], numbers, strict=False)]
            if any(further):
                held = [other for other, mask in candidates.items() if not any(filled and late for filled, late in zip(mask, further, strict=True)) and sum(not filled and not late for filled, late in zip(mask, further, strict=True)) <= 0.3 * further.count(False)]  # fmt: skip
                if any(fields[other] in DAYS for other in held):
                    return held
    shared = [
        [other for other, mask in candidates.items() if mask == wanted]
        for wanted in dict.fromkeys(candidates.values())
    ]
    for places in shared:
        leading = [place for place in places if fields[place] in KEYS]
        named = workbook or any(fields[place] in (*DAYS, "order_no") for place in places)
        if len(places) > 1 and named and any(_changes(rows, place) for place in leading):
            alone = [other[0] for other in shared if len(other) == 1 and workbook]
            return sorted({*places, *(place for place in alone if _changes(rows, place))})
    if workbook:
        return [place for place, mask in candidates.items() if fields[place] in KEYS and mask.count(False) >= 0.3 * len(mask) and _changes(rows, place) and _blocks(rows, place)]  # fmt: skip
    return []


def _changes(rows: Sequence[Sequence[str | None]], place: int) -> bool:
    """Does each filled cell differ from the filled one above, as merged blocks do?"""
    filled = [row[place] for row in rows if row[place] is not None]
    return len(filled) > 1 and sum(now == before for before, now in pairwise(filled)) <= 0.02 * len(filled)


def _blocks(rows: Sequence[Sequence[str | None]], place: int) -> bool:
    """Does hardly a value come twice, as in a sorted list whose equal cells were merged? A column with gaps repeats its values."""
    filled = [row[place] for row in rows if row[place] is not None]
    return len(set(filled)) >= 0.8 * len(filled) or len(filled) * 2.5 <= len(rows)


def _overlap(connection: duckdb.DuckDBPyConnection, table: str, width: int) -> int:
    """How many rows stand in two files, wholly equal: exports whose spans overlap."""
    cells = ", ".join(f"c{place}" for place in range(width))
    ((n,),) = connection.execute(
        f"SELECT coalesce(sum(files - 1), 0) FROM (SELECT count(DISTINCT source_file) AS files FROM {table} GROUP BY {cells} HAVING count(DISTINCT source_file) > 1)"
    ).fetchall()
    return int(n)
