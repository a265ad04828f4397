"""Where does each table of a workspace come from: which file of the folder, which sheet of the workbook?

What lies there and is not read is told, so that nobody takes it for counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from salesnb.errors import InputError, nearest
from salesnb.intake.files import folder_files
from salesnb.intake.reading import decoding, workbooks
from salesnb.intake.schema import TABLES
from salesnb.language import Message

FORMS = (".csv", ".csv.gz", ".parquet", ".xlsx", ".sql")


@dataclass(frozen=True)
class Source:
    """One table's place: the file, the sheet in it where the workspace is a workbook, and the name for messages."""

    table: str
    path: Path
    form: str
    name: str
    sheet: str = ""


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
    files = set(folder_files(folder))
    for path in sorted(folder.iterdir()):
        form = form_of(path)
        table = table_named(path.name[: -len(form)]) if form else None
        if form is None or table is None:
            continue
        decoding.require_file(path, name=path.name)
        if path in files:
            yield Source(table, path, form, path.name)


def sheet_of(source: Source) -> tuple[str, Message | None]:
    """The sheet to read: the only one, that of the table's name, or the first with content; and what was passed over.

    `InputError` where it would be one of several with the same columns, such as a sheet a month.
    """
    names = workbooks.sheet_names(source.path)
    if not names:
        raise InputError("{name} has no sheet", name=source.name)
    if source.sheet or len(names) == 1:
        return source.sheet or names[0], None
    own = [sheet for sheet in names if table_named(sheet) == source.table]
    if len(own) > 1:
        raise InputError(
            "{first} and {second} both hold the table {table}; keep one",
            first=f"{source.name}, sheet {own[0]}",
            second=f"{source.name}, sheet {own[1]}",
            table=source.table,
        )
    columns = {sheet: workbooks.headings(source.path, sheet, name=source.name) for sheet in names}
    filled = [sheet for sheet in names if columns[sheet]]
    chosen = (own or filled or names)[0]
    wanted = columns[chosen]
    alike = [sheet for sheet in filled if 2 * len(columns[sheet] & wanted) > len(wanted)]
    if len(alike) > 1 and not own:
        raise InputError(
            "{name}: the sheets {sheets:list} hold the same columns; put their rows into one sheet called {table}",
            name=source.name,
            sheets=alike,
            table=source.table,
        )
    others = [sheet for sheet in (alike if own else filled) if sheet != chosen]
    note = Message(
        "of {name} the sheet {sheet} was read, but not {others:list}",
        name=source.name,
        sheet=chosen,
        others=others,
    )
    return chosen, note if others else None


def form_of(path: Path) -> str | None:
    """The ending that tells how a file is read, or None for files that are no tables."""
    name = path.name.casefold()
    return next((form for form in sorted(FORMS, key=len, reverse=True) if name.endswith(form)), None)


def table_named(stem: str) -> str | None:
    """The table that a file or sheet name means; case and blanks do not count."""
    folded = stem.strip().casefold().replace(" ", "_").replace("-", "_")
    return folded if folded in TABLES else None


def strangers(workspace: Path) -> list[tuple[str, str | None]]:
    """Files in a table's form whose name is no table's, each with the table that was probably meant.

    A statement of another name is somebody's own, unless it is a table's name misspelt.
    """
    if workspace.is_file():
        names = [
            (name, ".xlsx")
            for name in workbooks.sheet_names(workspace)
            if name.strip().casefold() not in ("plan", "readme")
        ]
    else:
        names = [
            (path.name[: -len(form)], form) for path in folder_files(workspace) if (form := form_of(path))
        ]
    found = [(name, form, nearest(name, TABLES)) for name, form in names if table_named(name) is None]
    return [(name, guess) for name, form, guess in found if form != ".sql" or guess]


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


def unread(workspace: Path, found: Mapping[str, Source]) -> list[Message]:
    """What lies in the workspace and was not read, though somebody may think it was."""
    told = [
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
        Message("{name} was not read: tables are read from {forms:list}", name=name, forms=list(FORMS))
        for name in unread_forms(workspace, found)
    ]
    return told
