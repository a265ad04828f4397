"""Which product line, or which member of a company's own column, does a row belong to?

Its own table's column says so where that has one, else that of the account, the product, the person or the deal that the row
names. Rows that can name none of these cannot tell.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
from ibis import _

from salesnb.intake.book import Book
from salesnb.intake.own_columns import declared

LINKS: Mapping[
    str, tuple[str, ...]
] = {  # register → the columns in which a row names an entry of it, its key last
    "accounts": ("row_account", "account_id"),
    "products": ("row_product", "product_id"),
    "reps": ("row_rep", "rep_id"),
    "opportunities": ("opportunity_id",),
}


def sources(book: Book, kind: str) -> dict[str, str]:
    """Table → the column that says which member of `kind` (product_line, or an own column) a row is of."""
    if kind == "product_line":
        return {"products": "product_line", "events": "product_line"}
    return {table: one.place for table, one in declared(book.own, kind).items()}


def with_member(
    book: Book, name: str, table: ibis.Table, kind: str, *, people: ibis.Table, column: str = "row_member"
) -> ibis.Table | None:
    """`table`, rows of the table `name` with their own columns, plus `column`; None where its rows cannot tell. `people`: a row a
    person."""
    found = sources(book, kind)
    if name in found:
        return table.mutate(**{column: _[found[name]].cast("string")})
    for register, keys in LINKS.items():
        held = next((key for key in keys if key in table.columns), None)
        if register not in found or held is None:
            continue
        listed = people if register == "reps" else book.whole_table(register)
        named = listed.select(member_of=_[keys[-1]], **{column: _[found[register]].cast("string")})
        return table.left_join(named, table[held] == named.member_of).drop("member_of")
    return None


def grouped(
    book: Book, name: str, table: ibis.Table, *, people: ibis.Table
) -> tuple[ibis.Table, dict[str, str]]:
    """`table` plus a column for each own column by which groups are compared: name → that column."""
    columns = {}
    for number, kind in enumerate(book.dimensions):
        wider = with_member(book, name, table, kind, people=people, column=f"dimension{number}")
        if wider is not None:
            table, columns[kind] = wider, f"dimension{number}"
    return table, columns


def described(book: Book, name: str) -> dict[str, str]:
    """The own columns of the table `name` that plan.yml describes: name → its place."""
    return {one.name: one.place for one in book.own.get(name, ()) if one.declared and one.place != one.name}
