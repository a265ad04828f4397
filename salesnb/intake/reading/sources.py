"""Where does each table of a workspace come from: which file of the folder, which sheet of the workbook?

What lies there and is not read is told, so that nobody takes it for counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from salesnb.errors import InputError, nearest
from salesnb.intake.files import WORKBOOKS, folder_files
from salesnb.intake.reading import decoding, workbooks
from salesnb.intake.reading.headings import folded, heading_place, known_headings
from salesnb.intake.reading.table_names import table_named
from salesnb.intake.schema import TABLES
from salesnb.language import Message

FORMS = (".csv", ".csv.gz", ".tsv", ".txt", ".parquet", *WORKBOOKS, ".sql")
RAW = (
    ".tsv",
    ".txt",
    ".xlsm",
    ".xls",
    ".ods",
)  # where a statement of the table's name lies beside, it reads them
# what follows a table's name in that of a piece: orders-2025, orders 2025-03, orders_2025Q1, orders (2), 订单3月
PIECE = re.compile(
    r"[\s_\-.(（]*(?:(?:19|20)\d\d年?[-_. ]?(?:Q[1-4]|[01]?\d月?)?|Q[1-4]|\d{1,3}月?)[)）]?$", re.IGNORECASE
)


@dataclass(frozen=True)
class Source:
    """One table's place: the file, the sheet in it where the workspace is a workbook, and the name for messages; `more` files
    that hold further pieces of it."""

    table: str
    path: Path
    form: str
    name: str
    sheet: str = ""
    more: tuple[Path, ...] = ()


def find_sources(workspace: Path) -> dict[str, Source]:
    """Table → source, for the tables that the workspace holds; `InputError` where one table has two files or sheets."""
    found = _sheets_of(workspace) if workspace.is_file() else _files_of(workspace)
    sources: dict[str, Source] = {}
    for source in found:
        other = sources.setdefault(source.table, source)
        if other is not source:
            raise InputError(
                "{first} and {second} both hold the table {table}; keep one",
                first=other.name,
                second=source.name,
                table=source.table,
            )
    return sources


def _sheets_of(workbook: Path) -> Iterator[Source]:
    for sheet in workbooks.sheet_names(workbook):
        table = table_named(sheet)
        if table is not None:
            yield Source(table, workbook, ".xlsx", f"{workbook.name}, sheet {sheet}", sheet)


def _files_of(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.iterdir()):
        form = form_of(path)
        if form and table_named(path.name[: -len(form)]):
            decoding.require_file(path, name=path.name)
    files = [
        (path, form, path.name[: -len(form)]) for path in folder_files(folder) if (form := form_of(path))
    ]
    mapped = {table_named(stem) for _, form, stem in files if form == ".sql"}
    whole = [
        Source(table, path, form, path.name)
        for path, form, stem in files
        if (table := table_named(stem)) is not None and not (form in RAW and table in mapped)
    ]
    yield from whole
    named = {source.table for source in whole}
    pieces: dict[str, list[Path]] = {}
    for path, form, stem in files:
        table = _table_of_piece(form, stem)
        if table is not None and table not in named:
            pieces.setdefault(table, []).append(path)
    for table, paths in pieces.items():
        stems: dict[str, Path] = {}
        twice = [path for path in paths if stems.setdefault(path.name.split(".")[0], path) is not path]
        first, *more = stems.values()
        yield Source(table, first, form_of(first) or "", first.name, more=tuple(more))
        for path in twice:  # one export in two forms
            yield Source(table, path, form_of(path) or "", path.name)


def _table_of_piece(form: str, stem: str) -> str | None:
    """The table of which a file is a piece by its name; None where it is the table's own or none."""
    return table_named(PIECE.sub("", stem)) if form != ".sql" and table_named(stem) is None else None


def pieces_of(source: Source) -> tuple[list[Source], list[Message]]:
    """The files and sheets of which a table is made, and what was passed over.

    Of a workbook: the sheet of the table's name, else all that have the headings of the first with content. `InputError` where
    sheets have nearly the same columns.
    """
    pieces, notes = [], []
    for path in (source.path, *source.more):
        own = path == source.path
        form, name = (source.form, source.name) if own else (form_of(path) or "", path.name)
        piece = replace(source, path=path, form=form, name=name, more=())
        if form in WORKBOOKS and not source.sheet:
            sheets, passed_over = _sheets_to_read(piece)
            alone = len(sheets) == 1 and not source.more
            pieces += [
                replace(piece, sheet=sheet, name=piece.name if alone else f"{piece.name}, {sheet}")
                for sheet in sheets
            ]
            notes += [passed_over] if passed_over else []
        else:
            pieces.append(piece)
    return pieces, notes


def _sheets_to_read(source: Source) -> tuple[list[str], Message | None]:
    names = workbooks.sheet_names(source.path)
    if not names:
        raise InputError("{name} has no sheet", name=source.name)
    if len(names) == 1:
        return names, None
    own = [sheet for sheet in names if table_named(sheet) == source.table]
    if len(own) > 1:
        raise InputError(
            "{first} and {second} both hold the table {table}; keep one",
            first=f"{source.name}, sheet {own[0]}",
            second=f"{source.name}, sheet {own[1]}",
            table=source.table,
        )
    find = partial(heading_place, TABLES[source.table])
    columns = {
        sheet: {folded(cell) for cell in workbooks.headings(source.path, sheet, name=source.name, find=find)}
        for sheet in names
    }
    filled = [sheet for sheet in names if columns[sheet]]
    known = [sheet for sheet in filled if columns[sheet] & set(known_headings(TABLES[source.table]))]
    chosen = (own or known or filled or names)[0]
    wanted = columns[chosen]
    same = [chosen] if own else [sheet for sheet in filled if columns[sheet] == wanted] or [chosen]
    alike = [sheet for sheet in filled if 2 * len(columns[sheet] & wanted) > len(wanted)]
    if not own and len(same) != len(alike) and len(alike) > 1:
        raise InputError(
            "{name}: the sheets {sheets:list} hold nearly the same columns; give them the same headings, or call the one to read {table}",
            name=source.name,
            sheets=alike,
            table=source.table,
        )
    others = [sheet for sheet in (alike if own else filled) if sheet not in same]
    note = Message(
        "of {name} the sheet {sheet} was read, but not {others:list}",
        name=source.name,
        sheet=chosen,
        others=others,
    )
    return same, note if others else None


def form_of(path: Path) -> str | None:
    """The ending that tells how a file is read, or None for files that are no tables."""
    name = path.name.casefold()
    return next((form for form in sorted(FORMS, key=len, reverse=True) if name.endswith(form)), None)


def strangers(workspace: Path) -> list[tuple[str, str | None]]:
    """Files in a table's form whose name is no table's, each with the table that was probably meant.

    A statement of another name is somebody's own, unless it is a table's name misspelt.
    """
    if workspace.is_file():
        names = [
            (name, ".xlsx")
            for name in workbooks.sheet_names(workspace)
            if name.strip().casefold() not in (*workbooks.PLAN_SHEETS, "readme")
        ]
    else:
        names = [
            (path.name[: -len(form)], form) for path in folder_files(workspace) if (form := form_of(path))
        ]
    strange = [(name, form) for name, form in names if table_named(PIECE.sub("", name)) is None]
    found = [(name, form, nearest(name, TABLES)) for name, form in strange]
    return [(name, guess) for name, form, guess in found if form not in RAW and (form != ".sql" or guess)]


def unread_forms(workspace: Path, found: Mapping[str, Source]) -> list[str]:
    """Files named after a table whose ending is not read, unless a table's .sql file may be reading them."""
    if workspace.is_file():
        return []
    return [
        path.name
        for path in folder_files(workspace)
        if form_of(path) is None
        and (table := table_named(path.name.split(".")[0])) is not None
        and (table not in found or found[table].form != ".sql")
    ]


def _pieces_beside(workspace: Path, found: Mapping[str, Source]) -> Iterator[tuple[str, str, str]]:
    """Files that are a piece of a table by their name, beside one that is the whole of it; what a statement reads is none."""
    for path in folder_files(workspace) if workspace.is_dir() else ():
        form = form_of(path)
        table = _table_of_piece(form, path.name[: -len(form)]) if form else None
        source = found.get(table) if table else None
        if table and source and path not in (source.path, *source.more) and source.form != ".sql":
            yield path.name, source.name, table


def unread(workspace: Path, found: Mapping[str, Source]) -> list[Message]:
    """What lies in the workspace and was not read, though somebody may think it was; and that a workbook has no settings."""
    told = (
        [
            Message(
                "{name} has no sheet plan: its name is taken for the company's, and every setting is as it comes; a sheet plan with rows such as company | NAME and currency | EUR says more",
                name=workspace.name,
            )
        ]
        if workspace.is_file()
        and workbooks.plan_sheet(workspace) is None
        and not workspace.with_name("plan.yml").is_file()
        else []
    )
    told += [
        Message(
            "{name} is no table of a workspace and was not read; did you mean {guess}?",
            name=name,
            guess=guess,
        )
        if guess
        else Message("{name} is no table of a workspace and was not read", name=name)
        for name, guess in strangers(workspace)
    ]
    told += [
        Message(
            "{name} was not read, since {other} holds the table {table}; put its rows there, or give both names as {table}-2025 and {table}-2026",
            name=name,
            other=other,
            table=table,
        )
        for name, other, table in _pieces_beside(workspace, found)
    ]
    told += [
        Message("{name} was not read: tables are read from {forms:list}", name=name, forms=list(FORMS))
        for name in unread_forms(workspace, found)
    ]
    return told
