"""What does a snapshot say about itself, beside its tables?"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
from ibis.backends.duckdb import Backend

from salesnb.errors import InputError
from salesnb.headlines import LARGEST
from salesnb.intake.files import FORMAT
from salesnb.intake.own_columns import Own
from salesnb.intake.schema import TABLES
from salesnb.language import Message
from salesnb.plan import Plan


@dataclass(frozen=True)
class Contents:
    """What a snapshot says about itself, beside its tables.

    `left_out`: of a table whose rows are money, what the rejected ones add up to and how many of them have no amount.
    `by_reason`: their money by the code of the rule that they break; in another currency where that one has no rate.
    """

    workspace: str
    fingerprint: str
    plan: Plan
    present: tuple[str, ...]
    counts: dict[str, tuple[int, int]]
    left_out: dict[str, tuple[float, int]]
    by_reason: dict[str, dict[str, float]]
    headings: dict[str, list[str]]
    columns: dict[str, list[str]]
    suspicions: list[Message]
    own: dict[str, tuple[Own, ...]]
    warehouse: dict[str, Any] | None = None


class Reading(Backend):  # type: ignore[misc]
    """Ibis' DuckDB, whose `sql` knows the columns of a statement without the call that DuckDB 2 no longer has."""

    def _get_schema_using_query(self, query: str) -> ibis.Schema:
        described = self.con.cursor().execute(f"DESCRIBE {query}").fetchall()
        kinds = self.compiler.type_mapper
        return ibis.schema({name: kinds.from_string(kind) for name, kind, *_ in described})


def connect(path: Path) -> ibis.BaseBackend:
    """The snapshot for reading, by any number of processes; one thread, so that sums are always added in one order."""
    backend: ibis.BaseBackend = Reading().connect(str(path), read_only=True, threads=1)
    return backend


def fetch_all(path: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over the snapshot; `duckdb.Error` where the file is none."""
    with closing(duckdb.connect(path, read_only=True, config={"threads": 1})) as connection:
        return connection.execute(query).fetchall()


def require_finite(path: Path, contents: Contents) -> None:
    """`InputError` where a snapshot that somebody gave holds an amount that no sum can hold, as no checked one does."""
    if contents.warehouse is not None:
        return
    for table in TABLES.values():
        columns = [column.name for column in table if column.kind == "number"]
        if not columns:
            continue
        beyond = " OR ".join(f"NOT {name} BETWEEN {-LARGEST} AND {LARGEST}" for name in columns)
        try:
            ((n,),) = fetch_all(path, f"SELECT count(*) FROM {table.name} WHERE {beyond}")
        except duckdb.Error:
            raise InputError(
                "{path} is not a checked snapshot of this version; open the workspace itself", path=path
            ) from None
        if n:
            raise InputError(
                "{path}: {n:count} rows of {table} hold a number that no amount can be; open the workspace itself",
                path=path,
                n=n,
                table=table.name,
            )


def read_contents(path: Path) -> Contents:
    """What the snapshot says about itself; `InputError` where the file is no snapshot of this version."""
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        written = 0
    return _contents(path, written)


@lru_cache(maxsize=4)
def _contents(path: Path, written: int) -> Contents:
    try:
        row = fetch_all(path, "SELECT document FROM rejected.contents")[0]
    except (duckdb.Error, IndexError):
        row = None
    document = json.loads(row[0]) if row else {}
    if document.get("format") != FORMAT:
        raise InputError(
            "{path} is not a checked snapshot of this version; open the workspace itself", path=path
        )
    return Contents(
        workspace=document["workspace"],
        fingerprint=document["fingerprint"],
        plan=Plan.model_validate_json(document["plan"]),
        present=tuple(document["present"]),
        counts={table: (read, kept) for table, (read, kept) in document["counts"].items()},
        left_out={table: (money, rows) for table, (money, rows) in document["left_out"].items()},
        by_reason=document["by_reason"],
        headings=document["headings"],
        columns=document["columns"],
        warehouse=document["warehouse"],
        own={table: tuple(Own(**one) for one in owns) for table, owns in document["own"].items()},
        suspicions=[unpack_message(packed) for packed in document["suspicions"]],
    )


def pack_message(message: Message) -> dict[str, Any]:
    """A message as JSON can hold it."""
    return {
        "template": message.template,
        "values": {name: _plain(value) for name, value in message.values.items()},
    }


def unpack_message(packed: dict[str, Any]) -> Message:
    """The message again."""
    return Message(packed["template"], **{name: _full(value) for name, value in packed["values"].items()})


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return pack_message(value)
    if isinstance(value, dt.date):
        return {"date": value.isoformat()[:10]}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (int, float, str)) or value is None else str(value)


def _full(value: Any) -> object:
    if isinstance(value, list):
        return [_full(each) for each in value]
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["date"]) if "date" in value else unpack_message(value)
    return value
