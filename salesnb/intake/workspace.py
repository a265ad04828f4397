"""The door of intake: what the notebooks, the report and the commands take from it."""

from __future__ import annotations

import os

from salesnb.intake import book as books
from salesnb.intake import facts as facts
from salesnb.intake.book import Book as Book
from salesnb.intake.book import counts_frame as counts_frame
from salesnb.intake.book import data_span as data_span
from salesnb.intake.book import held as held
from salesnb.intake.book import make_snapshot as make_snapshot
from salesnb.intake.book import rejected_rows as rejected_rows
from salesnb.intake.cache import checked_snapshot as checked_snapshot
from salesnb.intake.facts.frames import OpenBook as OpenBook
from salesnb.intake.facts.frames import with_frames


def open_book(workspace: str | os.PathLike[str], *, as_of: str, scope: str = "") -> OpenBook:
    """`book.open_book`, whose book hands out its frames by name (`book.opportunities`, `book.company.opportunities`)."""
    return with_frames(books.open_book(workspace, as_of=as_of, scope=scope))
