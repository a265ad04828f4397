"""Has this fact been asked before? Notebooks of one pack, and one notebook run again, ask for the same few frames.

A fact depends on the snapshot, the day, the scope and its options, and on nothing else: what was computed for them once is
kept beside the snapshot, as a file of its own, and read from there. A snapshot of a changed workspace, or of changed code,
is another one, so that nothing kept is ever out of date.
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

import pandas as pd
import pyarrow as pa
from pyarrow import feather

from salesnb.intake.facts.scoping import in_one_piece
from salesnb.intake.workspace import Book

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


def _keep(frame: pd.DataFrame, path: Path) -> None:
    """Writes the frame whole or not at all; where there is no room for it, the next asker computes it again."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle, part = tempfile.mkstemp(suffix=".part", dir=path.parent)
        os.close(handle)
        try:
            feather.write_feather(frame, part, compression="uncompressed")
            os.replace(part, path)
        finally:
            Path(part).unlink(missing_ok=True)
