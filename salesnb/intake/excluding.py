"""What would the book say without some of its rows? A copy of the checked snapshot from which they are gone.

A table loses the rows for which the condition is true, where it has all the columns that the condition names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

import duckdb

from salesnb.errors import InputError, nearest
from salesnb.intake.cache import cache_folder
from salesnb.intake.contents import read_contents
from salesnb.intake.own_columns import Own
from salesnb.intake.schema import TABLES


def without(snapshot: Path, condition: str) -> Path:
    """The snapshot without the rows for which `condition` holds; `InputError` where it holds for none."""
    if read_contents(snapshot).warehouse is not None:
        raise InputError("exclude works on a workspace of files; a warehouse's rows are not copied")
    digest = hashlib.sha256(f"{snapshot.stem}/{snapshot.stat().st_mtime_ns}/{condition}".encode()).hexdigest()
    copy = cache_folder() / f"{digest}.duckdb"
    if copy.is_file():
        return copy
    part = copy.with_suffix(f".part{os.getpid()}")
    shutil.copyfile(snapshot, part)
    try:
        with closing(duckdb.connect(part, config={"threads": 1})) as connection:
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            if not _delete(condition, connection, read_contents(snapshot).own):
                raise InputError(
                    "exclude: no row is such that {condition}; correct the condition", condition=condition
                )
            connection.execute("CHECKPOINT")
        os.replace(part, copy)
    finally:
        with suppress(OSError):
            part.unlink()
    return copy


def _delete(condition: str, connection: duckdb.DuckDBPyConnection, own: Mapping[str, Sequence[Own]]) -> int:
    """How many rows went from all tables."""
    gone, problem = 0, ""
    for table in TABLES:
        called = "".join(
            f', {one.place} AS "{one.name.replace(chr(34), chr(34) * 2)}"'
            for one in own.get(table, ())
            if one.place != one.name
        )
        rows = f"(SELECT *, rowid AS excluded_row{called} FROM {table}) AS {table} WHERE ({condition})"
        query = f"SELECT count(*) FROM {rows}"
        try:
            if [each.type for each in connection.extract_statements(query)] != [duckdb.StatementType.SELECT]:
                raise InputError("exclude is one condition, such as order_id = 'O6725'")
            found = connection.execute(query).fetchone()
        except duckdb.BinderException as error:  # the table has other columns
            problem = str(error).split("\n")[0]
            continue
        except duckdb.Error as error:
            raise InputError(
                "exclude: the condition {condition} cannot be read ({problem})",
                condition=condition,
                problem=str(error).split("\n")[0],
            ) from None
        if found and found[0]:
            connection.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT excluded_row FROM {rows})")
            gone += found[0]
    if not gone and problem:
        words = [word for word in condition.replace("(", " ").split() if word.isidentifier()]
        known = sorted(
            {column.name for table in TABLES.values() for column in table}
            | {one.name for owns in own.values() for one in owns}
        )
        for word in words:
            guess = None if word in known or word.upper() in ("AND", "OR", "NOT") else nearest(word, known)
            if guess:
                raise InputError(
                    "exclude: no table has a column {name}; did you mean {guess}?", name=word, guess=guess
                )
    return gone
