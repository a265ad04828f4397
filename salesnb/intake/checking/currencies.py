"""In which currency is each row, and may its amounts be added up? Several are never mixed: converted by rates, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from salesnb.errors import InputError
from salesnb.intake.reading import numbers
from salesnb.intake.reading.currency_marks import likeliest
from salesnb.intake.reading.readings import Ask
from salesnb.intake.schema import Column, Table
from salesnb.language import Message

CODE = Column("currency", "text")


@dataclass(frozen=True)
class Money:
    """The plan's currency, and those for which the workspace's table of rates has one."""

    currency: str
    rated: frozenset[str] = frozenset()

    def code(self, mark: str) -> str:
        """The code that a sign means here: the plan's or a rated one where it may be that, else the sign itself."""
        possible = numbers.codes(mark.strip()) or frozenset((mark.strip().upper(),))
        if self.currency in possible:
            return self.currency
        likely = possible & self.rated or possible
        return next(iter(likely)) if len(likely) == 1 else mark.strip()


def money_columns(table: Table, positions: Mapping[str, int]) -> list[str]:
    """The table's columns of money that the source has, required ones first."""
    found = [column for column in table if column.unit == "money" and column.name in positions]
    return [column.name for column in sorted(found, key=lambda column: not column.required)]


def must_convert(sums: Sequence[tuple[str, float | None]], money: Money, *, name: str) -> bool:
    """Are rows in other currencies than the plan's, all of them with a rate? `InputError` where one has none.

    `sums` has each currency met with the sum of its amounts.
    """
    others = [code for code, _ in sums if code != money.currency]
    if not set(others) - money.rated:
        return bool(others)
    listed = [
        Message("{amount:exact} {currency}", amount=amount or 0.0, currency=code) for code, amount in sums
    ]
    if money.rated:
        raise InputError(
            "{name}: the amounts are in several currencies ({sums:list}) and cannot be added up; the table rates has no rate of {missing:list}",
            name=name,
            missing=sorted({*others} - money.rated),
            sums=listed,
        )
    if len(sums) == 1:
        raise InputError(
            "{name}: the amounts are in {currency} ({sums:list}), but the plan's currency is {own}; write currency: {code} in plan.yml, or give a table rates (currency, valid_from, rate)",
            name=name,
            currency=others[0],
            code=likeliest(others[0]),
            sums=listed,
            own=money.currency,
        )
    raise InputError(
        "{name}: the amounts are in several currencies ({sums:list}) and cannot be added up; give a table rates (currency, valid_from, rate in {own}), or one currency",
        name=name,
        sums=listed,
        own=money.currency,
    )


def require_one_a_row(codes: Sequence[str], ask: Ask, rows_of: str, *, name: str) -> None:
    """`InputError` where two of the columns `codes` name two currencies in one row: no cost can be taken from its sale then."""
    for one, other in combinations(codes, 2):
        rows = ask(
            f"SELECT {one} AS one, {other} AS other, count(*) AS n, min(source_row) AS first"
            f" FROM {rows_of} WHERE {one} <> {other} GROUP BY {one}, {other} ORDER BY 4"
        )
        for code, another, count, first in rows:
            if not (numbers.codes(str(code)) or frozenset()) & (numbers.codes(str(another)) or frozenset()):
                raise InputError(
                    "{name}: amounts in two currencies stand in {count:count} rows, such as {one} and {other} in row {row:count}; write each row's amounts in one",
                    name=name,
                    count=count,
                    one=code,
                    other=another,
                    row=first,
                )


SPANS = """
    SELECT upper(trim(currency)) AS currency, valid_from, rate,
           lead(valid_from) OVER (PARTITION BY upper(trim(currency)) ORDER BY valid_from) AS valid_until
    FROM rates
"""


def converted(
    based: str, columns: Sequence[str], money: Sequence[str], *, day: str | None, currency: str
) -> str:
    """The query `based`, whose rows name their currency in row_currency, with its `money` in `currency`.

    A row's rate is the latest one of its `day`, where that is not known the last one; `unrated` names the currency of a row without, whose
    amounts stay as they are: it is rejected.
    """
    cells = [
        f"CASE WHEN row_currency = '{currency}' THEN {name} ELSE {name} * coalesce(spans.rate, 1) END AS {name}"
        if name in money
        else name
        for name in columns
    ]
    valid = "spans.valid_until IS NULL"
    if day:
        valid = f"(({day} >= spans.valid_from AND ({day} < spans.valid_until OR {valid})) OR ({day} IS NULL AND {valid}))"
    return f"""
        SELECT {", ".join(cells)},
               CASE WHEN row_currency <> '{currency}' AND spans.rate IS NULL THEN row_currency END AS unrated
        FROM ({based}) AS based LEFT JOIN ({SPANS}) AS spans
          ON spans.currency = based.row_currency AND {valid}
    """
