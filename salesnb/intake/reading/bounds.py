"""Is a table of a size that anybody keeps? What would take minutes or all memory is refused in one sentence, before it is read.

The same bounds hold for the files of a workspace and for those of another system.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from salesnb.errors import InputError
from salesnb.intake.reading import decoding

CELL = 8  # bytes that a cell takes, unpacked, at the least
# the engine slows down with the square of their number, and no table of a sales system has more
MOST_COLUMNS = 2_000


def require_narrow(headings: Sequence[str], name: str) -> None:
    if len(headings) > MOST_COLUMNS:
        raise InputError(
            "{name} has {n:count} columns; a table is read with at most {most:count}: leave out those that nobody needs",
            name=name,
            n=len(headings),
            most=MOST_COLUMNS,
        )


def parquet_schema(path: Path, name: str) -> pa.Schema:
    """The columns of a Parquet file that is neither too wide nor made to fill the memory; an error of pyarrow where it is none."""
    about = pq.read_metadata(path)
    schema = about.schema.to_arrow_schema()  # the engine renames a column that stands twice
    require_narrow(schema.names, name)
    cells = about.num_rows * len(schema.names)
    if CELL * cells > max(decoding.UNPACKED, decoding.MOST_TIMES * path.stat().st_size):
        raise decoding.unpacks_too_far(name)
    return schema


def require_short_cells(
    cells: Sequence[str], source: str, schema: pa.Schema, *, connection: duckdb.DuckDBPyConnection, name: str
) -> None:
    """Reads every page of `source`, whose columns are called `cells` there: one that is broken is the engine's error."""
    texts = [pa.types.is_string(kind) or pa.types.is_large_string(kind) for kind in schema.types]
    sizes = ", ".join(
        f"max(strlen({cell}))" if text else f"0 * count({cell})"
        for cell, text in zip(cells, texts, strict=True)
    )
    (longest,) = connection.execute(f"SELECT {sizes} FROM {source}").fetchall()
    for heading, size in zip(schema.names, longest, strict=True):
        if (size or 0) > decoding.LONGEST_LINE:
            raise InputError(
                "{name}: a cell of {column} is longer than {longest:count} bytes, as no cell of a table is; export it again",
                name=name,
                column=heading,
                longest=decoding.LONGEST_LINE,
            )
