"""Workspaces in which a column or a table of the schema is missing, or is there and wholly empty."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from salesnb.intake.demo.simulation import live
from salesnb.intake.demo.writing import PLAN
from salesnb.intake.schema import TABLES

AS_OF = "2026-10-31"
WAYS = ("dropped", "empty")


NEEDED = {
    "opportunities": {"closed_on"}
}  # no column of every row's, but each deal that is won or lost must have it


def optional(table: str) -> list[str]:
    """The columns that a table may lack."""
    return [
        column.name
        for column in TABLES[table].columns
        if not column.required and column.name not in NEEDED.get(table, ())
    ]


@cache
def small(folder: Path) -> Path:
    """A small company with every table and column."""
    place = folder / "whole"
    place.mkdir(parents=True)
    for name, table in live(3, accounts=24, months=26).tables.items():
        table.to_parquet(place / f"{name}.parquet")
    (place / "plan.yml").write_text(
        PLAN.replace("    regions: REGIONS\n", "").replace("shape: best", "shape: even"), encoding="utf-8"
    )
    return place


def without(whole: Path, table: str, columns: list[str] | None, way: str) -> Path:
    """The same company; of `table` these columns (None: the whole table) are dropped or empty."""
    place = whole.parent / f"{table}-{len(columns or [])}-{(columns or ['all'])[0]}-{way}"
    shutil.copytree(whole, place)
    path = place / f"{table}.parquet"
    if columns is None and way == "dropped":
        path.unlink()
        return place
    rows = pd.read_parquet(path)
    if columns is None:
        rows = rows.iloc[:0]
    elif way == "dropped":
        rows = rows.drop(columns=[name for name in columns if name in rows])
    else:
        rows = rows.assign(**dict.fromkeys(columns))
    rows.to_parquet(path)
    return place


def each_alone() -> Iterator[tuple[str, list[str] | None, str]]:
    """Every optional column, those of a table at once, and every table, dropped and empty; the company has no foreign money."""
    for table in TABLES:
        if table == "rates":
            continue
        for way in WAYS:
            yield table, None, way
            if optional(table):
                yield table, optional(table), way
            for column in optional(table):
                yield table, [column], way
