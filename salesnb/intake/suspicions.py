"""What breaks no rule but looks wrong? Kept, and told to the reader of `salesnb check` and of the pack's cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from salesnb.intake.schema import Table
from salesnb.language import Message


def of_table(
    table: Table,
    positions: Mapping[str, int],
    unknown: Sequence[str],
    *,
    name: str,
    connection: duckdb.DuckDBPyConnection,
) -> list[Message]:
    """What looks wrong in the staged and checked rows of one table."""
    told = []
    if unknown:
        told.append(
            Message(
                "{name}: the columns {unknown:list} are not known and were left out",
                name=name,
                unknown=list(unknown),
            )
        )
    return told


def across_tables(present: Sequence[str], *, connection: duckdb.DuckDBPyConnection) -> list[Message]:
    """What looks wrong between tables."""
    return []
