"""Has this fact been asked before? Notebooks of one pack, and one notebook run again, ask for the same few frames.

A fact depends on the snapshot, the day, the scope and its options, and on nothing else: what was computed for them once is
kept beside the snapshot, as a file of its own, and read from there; so are the rows of a scope, which many facts start from.
A snapshot of a changed workspace, or of changed code, is another one, so that nothing kept is ever out of date.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
from ibis.common.exceptions import TableNotFound
from pyarrow import feather

from salesnb.intake.book import Book
from salesnb.intake.warehouse.queries import Tables

Asked = ParamSpec("Asked")


def fact(
    compute: Callable[Concatenate[Book, Asked], pd.DataFrame],
) -> Callable[Concatenate[Book, Asked], pd.DataFrame]:
    """The fact `compute`, computed once for a snapshot, day, scope and options; each caller gets a frame of its own."""

    @wraps(compute)
    def ask(book: Book, *args: Asked.args, **options: Asked.kwargs) -> pd.DataFrame:
        if book.kept is None:
            return compute(book, *args, **options)
        path = book.kept / f"{compute.__name__}-{_question(book, args, options)}.arrow"
        with suppress(OSError, pa.ArrowInvalid):
            return in_one_piece(feather.read_feather(path, memory_map=False))
        frame = compute(book, *args, **options)
        _keep(frame, path)
        return frame

    return ask


def _question(book: Book, args: tuple[object, ...], options: dict[str, object]) -> str:
    """A digest of what is asked; the company as a whole is the same question with and without a scope."""
    whole = book.scope is None or options.get("company") is True
    scope = "" if whole or book.scope is None else f"{book.scope.kind}={book.scope.member}"
    rest = sorted((name, repr(value)) for name, value in options.items() if name != "company")
    asked = (book.as_of.isoformat(), scope, [repr(value) for value in args], rest)
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:24]


def kept_rows(book: Book, name: str, narrowed: Callable[[], ibis.Table]) -> ibis.Table:
    """The rows that `narrowed` finds of the table `name` in the book's scope, found once for all facts; a warehouse keeps its own."""
    if book.kept is None or isinstance(book.connection, Tables):
        return narrowed()
    connection, digest = book.connection, _question(book, (), {})
    path, view = book.kept / f"{name}-rows-{digest}.parquet", f"{name}-{digest}"
    with suppress(TableNotFound):
        return connection.table(view)
    if not path.is_file():
        _whole(path, lambda part: connection.to_parquet(narrowed(), part))
    with suppress(duckdb.Error):
        return connection.read_parquet(path, table_name=view)
    return narrowed()


def in_one_piece(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame. One without rows may come from Arrow with texts of no chunk, which pandas cannot merge: made anew."""
    if len(frame):
        return frame
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in frame.dtypes.items()})


def _keep(frame: pd.DataFrame, path: Path) -> None:
    _whole(path, lambda part: feather.write_feather(frame, part, compression="uncompressed"))


def _whole(path: Path, write: Callable[[str], object]) -> None:
    """Writes a file whole or not at all; where there is no room for it, the next asker computes it again."""
    with suppress(OSError, duckdb.Error):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle, part = tempfile.mkstemp(suffix=".part", dir=path.parent)
        os.close(handle)
        try:
            write(part)
            os.replace(part, path)
        finally:
            Path(part).unlink(missing_ok=True)
