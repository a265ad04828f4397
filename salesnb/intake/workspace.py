"""The door of intake: what the notebooks, the report and the commands take from it."""

from __future__ import annotations

import datetime as dt
import os

from salesnb.intake import book as books
from salesnb.intake import facts as facts
from salesnb.intake.book import Book as Book
from salesnb.intake.book import counts_frame as counts_frame
from salesnb.intake.book import data_span as data_span
from salesnb.intake.book import facts_folder as facts_folder
from salesnb.intake.book import held as held
from salesnb.intake.book import make_snapshot as make_snapshot
from salesnb.intake.book import rejected_rows as rejected_rows
from salesnb.intake.cache import checked_snapshot as checked_snapshot
from salesnb.intake.facts.frames import OpenBook as OpenBook
from salesnb.intake.facts.frames import with_frames


def open_book(
    workspace: str | os.PathLike[str], *, as_of: str, scope: str = "", exclude: str = ""
) -> OpenBook:
    """`book.open_book`, whose book hands out its frames by name (`book.opportunities`, `book.company.opportunities`)."""
    return with_frames(books.open_book(workspace, as_of=as_of, scope=scope, exclude=exclude))


def open(
    workspace: str | os.PathLike[str], *, as_of: str | dt.date = "", scope: str = "", exclude: str = ""
) -> OpenBook:
    """A workspace (folder, workbook or snapshot) as it stood on a day, for one's own questions.

    `as_of` is a month ("2026-10"), a day ("2026-10-17" or a date) or empty: the last complete month. `scope` is a part of
    the company ("region=East"); `exclude` a condition in SQL: every table that has its columns loses the rows for which it is
    true. `InputError` says in one sentence what cannot be used.

    >>> book = open("data/demo", as_of="2026-10", scope="region=East", exclude="order_id = 'O6725'")
    >>> book.as_of.day, book.scope.name
    (31, 'East')
    """
    day = f"{as_of:%Y-%m-%d}" if isinstance(as_of, dt.date) else as_of
    return open_book(workspace, as_of=day, scope=scope, exclude=exclude)
