"""How is a company's warehouse reached? Read-only, in one transaction, so that every question meets the same rows.

plan.yml gives the name of the environment variable with the address (``source.url_env``), never the address itself, so
that no password is written down; no message repeats it either. The role should be one that may only read: what a statement
may call is refused by name, which no list can do in full.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import ibis

from salesnb.errors import InputError
from salesnb.intake.reading import statements
from salesnb.language import Message
from salesnb.plan import Plan

SCHEMES = ("postgres", "postgresql", "pyspark")
MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True)
class Session:
    """A connection that reads: `backend` for Ibis, `dialect` as sqlglot names it; `url` for `_line` alone."""

    backend: Any
    dialect: str
    url: str

    @property
    def row_number(self) -> str:
        """The number of a row as the statement gives it; Spark numbers rows by their partitions, in the same order."""
        return "row_number() OVER ()" if self.dialect == "postgres" else "monotonically_increasing_id() + 1"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query in the warehouse's own dialect; `InputError` where it does not answer."""
        try:
            if self.dialect == "postgres":
                with self.backend.con.cursor() as cursor:
                    return [tuple(row) for row in cursor.execute(query).fetchall()]
            with limited(self.backend):
                return [tuple(row) for row in self.backend._session.sql(query).collect()]
        except Exception as error:
            raise InputError(
                "the warehouse does not answer a question about its rows: {problem}",
                problem=_line(error, self.url),
            ) from None

    def schema(self, query: str, *, name: str) -> dict[str, str]:
        """Heading → kind (date, moment, number, boolean, text) of a statement; `InputError` where the warehouse does not run it."""
        try:
            if self.dialect == "postgres":
                with self.backend.con.cursor() as cursor:
                    cursor.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0")
                    return {
                        column.name: POSTGRES_KINDS.get(column.type_code, "text")
                        for column in cursor.description
                    }
            return {
                column.name: _kind(column.dataType.typeName())
                for column in self.backend._session.sql(query).schema.fields
            }
        except Exception as error:
            raise InputError(
                "{name}: the warehouse does not run the statement: {problem}; correct it",
                name=name,
                problem=_line(error, self.url),
            ) from None

    def moment(self) -> str | None:
        """The name under which others see the same rows while this session lasts; None where there is none."""
        if self.dialect != "postgres":
            return None
        return str(self.rows("SELECT pg_export_snapshot()")[0][0])

    def close(self) -> None:
        """Ends the session; a Spark session belongs to its process and stays."""
        if self.dialect == "postgres":
            with suppress(Exception):
                self.backend.disconnect()


@contextmanager
def limited(backend: Any) -> Iterator[None]:
    """A question to Spark within this is stopped after `STATEMENT_LIMIT`; PostgreSQL keeps the limit itself, files have theirs."""
    if backend.name != "pyspark":
        yield
        return
    spark, tag, late = backend._session.sparkContext, f"salesnb-{uuid4().hex}", threading.Event()

    def stop() -> None:
        late.set()
        spark.cancelJobsWithTag(tag)

    timer = threading.Timer(statements.STATEMENT_LIMIT, stop)
    timer.daemon = True
    spark.addJobTag(tag)
    spark.setInterruptOnCancel(True)
    timer.start()
    try:
        yield
    except Exception:
        if late.is_set():
            from psycopg.errors import QueryCanceled  # a question that took too long has one name

            raise QueryCanceled from None
        raise
    finally:
        timer.cancel()
        spark.removeJobTag(tag)


POSTGRES_KINDS = {
    **dict.fromkeys((20, 21, 23, 700, 701, 1700), "number"),
    **dict.fromkeys((1082, 1114), "date"),
    1184: "moment",
    16: "boolean",
}  # type oids: int8, int2, int4, float4, float8, numeric; date, timestamp, timestamptz; bool


def _kind(name: str) -> str:
    """What Spark calls a type, as one of our kinds."""
    if name.startswith("decimal") or name in (
        "double",
        "float",
        "long",
        "integer",
        "short",
        "byte",
        "bigint",
        "int",
    ):
        return "number"
    other = {"date": "date", "timestamp_ntz": "date", "timestamp": "moment", "boolean": "boolean"}
    return other.get(name, "text")


def address(plan: Plan) -> str | None:
    """The warehouse's address, None where the plan names none; `InputError` where the variable is not set or no address."""
    variable = plan.source.url_env
    if variable is None:
        return None
    url = os.environ.get(variable, "")
    if not url:
        raise InputError(
            "plan.yml takes the warehouse's address from {variable}, which is not set; set it",
            variable=variable,
        )
    try:
        scheme, _ = urlsplit(url).scheme, urlsplit(url).port
    except ValueError:  # a password with one of the signs that part an address
        raise InputError(
            "{variable} holds no address that can be read; write a sign such as {sign} in its password as {code}",
            variable=variable,
            sign="[",
            code="%5B",
        ) from None
    if scheme not in SCHEMES:
        raise InputError(
            "{variable} must hold an address that begins with one of {schemes:list}",
            variable=variable,
            schemes=[f"{scheme}://" for scheme in SCHEMES],
        )
    return url


def connect(url: str, *, moment: str | None = None) -> Session:
    """A session that can only read. `moment`: that of another session, whose rows are meant; where it has passed, now.

    `InputError` where the warehouse cannot be reached.
    """
    try:
        backend = ibis.connect(url)
        if backend.name != "postgres":
            backend._session.conf.set("spark.sql.session.timeZone", "UTC")
            return Session(backend, "spark", url)
        con = backend.con
        con.autocommit = True
        con.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        con.execute(
            "SET synchronize_seqscans = off"
        )  # a scan begins at the first row, so that rows keep their numbers
        con.execute(f"SET statement_timeout = {int(1000 * statements.STATEMENT_LIMIT)}")
        con.execute("SET max_parallel_workers_per_gather = 0")
        con.execute("SET TIME ZONE 'UTC'")  # a moment has one day, wherever the server stands
        con.execute(MOMENT)
        if moment is not None:
            try:
                con.execute(f"SET TRANSACTION SNAPSHOT '{moment}'")
            except Exception:
                con.execute("ROLLBACK")
                con.execute(MOMENT)
        return Session(backend, "postgres", url)
    except Exception as error:
        raise InputError(
            "the warehouse cannot be reached ({problem}); check the address and the network",
            problem=type(error).__name__,
        ) from None


@contextmanager
def held(plan: Plan) -> Iterator[str | None]:
    """While this lasts, sessions that are given the moment that it yields see the rows of now; None where no plan names a
    warehouse that can hold a moment."""
    url = address(plan)
    if url is None:
        yield None
        return
    session = connect(url)
    try:
        yield session.moment()
    finally:
        session.close()


def _line(error: Exception, url: str) -> str | Message:
    """What the warehouse says, without its address and password, as written and as meant."""
    if type(error).__name__ == "QueryCanceled":
        return Message(
            "it takes longer than {seconds:count} seconds", seconds=int(statements.STATEMENT_LIMIT)
        )
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    secret = urlsplit(url).password
    for each in (url, secret, unquote(secret)) if secret else ():
        text = text.replace(each, "…")
    return text
