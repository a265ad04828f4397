"""What does an analyst ask of the tables in words of their own? One SELECT over the rows of that day and of the scope.

The rows come from `facts.scoping`, as those of every fact do, and are asked in an engine of their own that reads and writes
no file: what is asked here changes nothing for anybody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing

import duckdb
import pandas as pd
import pyarrow as pa

from salesnb.errors import InputError, nearest
from salesnb.intake.schema import TABLES

LOCKED = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)
MISSING = re.compile(r"Table with name (\S+) does not exist")


def answer(query: str, rows: Callable[[str], pa.Table]) -> pd.DataFrame:
    """The frame that a single SELECT gives; `rows` gives the rows of a table by its name. `InputError` in one sentence."""
    if not isinstance(query, str):
        raise InputError(
            "a question is a text such as SELECT count(*) FROM orders, but {kind} was given",
            kind=type(query).__name__,
        )
    with closing(duckdb.connect(config={"threads": 1})) as connection:
        try:
            statements = connection.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise InputError("a question is one SELECT; nothing else is carried out here")
            for name in TABLES:
                if re.search(rf"\b{name}\b", query, re.I):
                    connection.register(name, rows(name))
            for setting in LOCKED:
                connection.execute(setting)
            return connection.execute(query).df()
        except duckdb.Error as error:
            raise _told(error) from None


def _told(error: duckdb.Error) -> InputError:
    said = str(error)
    missing = MISSING.search(said)
    if missing:
        name = missing[1].strip('"!')
        guess = nearest(name, TABLES)
        if guess:
            return InputError("there is no table {name}; did you mean {guess}?", name=name, guess=guess)
        return InputError("there is no table {name}; there are {known:list}", name=name, known=list(TABLES))
    first = re.split(r"\n\s*\n|\nLINE ", said)[0]
    return InputError("the question cannot be answered: {problem}", problem=" ".join(first.split()))
