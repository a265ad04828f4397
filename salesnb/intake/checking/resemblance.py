"""Who is perhaps somebody else? Names that are nearly equal, two people in one cell, and sales of people who had left.

Told only: other spellings are cured by `aliases:` in plan.yml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from salesnb.language import Message

MOST_NAMES = 200_000
# what a company's name loses or gains when it changes its legal form, or a clerk writes it shorter
FORMS = re.compile(
    r"[(（]原.*?[)）]|股份|有限|责任|集团|控股|公司"
    r"|\b(?:gmbh|mbh|ag|kg|ohg|se|co|corp|corporation|company|inc|incorporated|ltd|limited|llc|plc|sa|sarl|sas|srl|spa|bv|nv|oy|ab|as|und|and)\b"
)
APART = re.compile(
    r"\s*(?:[/、,，;；&+|]|和|及| and | und | et )\s*|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
)


class Answers(Protocol):
    """What answers queries over the tables: the engine's connection, or a judge in a warehouse."""

    def execute(self, query: str, /) -> Any: ...


def of_names(present: Sequence[str], *, connection: Answers) -> list[Message]:
    """What looks like one customer twice, like two people at once, or like a sale after somebody left."""
    told: list[Message] = []
    if "accounts" in present or "orders" in present:
        told.extend(_nearly_equal(connection))
    told.extend(_two_people(connection))
    if {"reps", "orders"} <= set(present):
        told.extend(_after_leaving(connection))
    return told


def _nearly_equal(connection: Answers) -> Iterator[Message]:
    query = """
        SELECT account_name AS name FROM accounts WHERE account_name IS NOT NULL
        UNION SELECT account_id FROM orders WHERE account_id NOT IN (SELECT account_id FROM accounts)
    """
    names = sorted(str(row[0]) for row in connection.execute(f"{query} LIMIT {MOST_NAMES}").fetchall())
    alike: dict[str, list[str]] = {}
    for name in names:
        core = _core(name)
        if (len(core) > 1 and not core.isascii()) or len(core) > 3:
            alike.setdefault(core, []).append(name)
    pairs = [found for found in alike.values() if len(found) > 1]
    if pairs:
        yield Message(
            "accounts: pairs of names that differ only in their legal form or punctuation: {count:count}, such as {one} and {other}; if they are one customer, name it under aliases in plan.yml",
            count=len(pairs),
            one=pairs[0][0],
            other=pairs[0][1],
        )


def _core(name: str) -> str:
    """What is left of a company's name without its legal form, blanks and punctuation; ids with digits stay whole."""
    text = unicodedata.normalize("NFKC", name).casefold()
    bare = "".join(sign for sign in FORMS.sub("", text.replace(".", "")) if sign.isalnum())
    return bare or text


def _two_people(connection: Answers) -> Iterator[Message]:
    query = """
        SELECT rep_id AS name FROM orders WHERE rep_id IS NOT NULL
        UNION SELECT rep_id FROM opportunities WHERE rep_id IS NOT NULL
        UNION SELECT rep_id FROM activities WHERE rep_id IS NOT NULL
        UNION SELECT rep_id FROM reps UNION SELECT rep_name FROM reps WHERE rep_name IS NOT NULL
        UNION SELECT owner_id FROM accounts WHERE owner_id IS NOT NULL
    """
    names = {str(row[0]) for row in connection.execute(f"{query} LIMIT {MOST_NAMES}").fetchall()}
    split = {name: [part for part in APART.split(name) if part] for name in names}
    several = sorted(name for name, parts in split.items() if len(parts) > 1 and set(parts) & names)
    if several:
        yield Message(
            "rep_id: several people stand in {count:count} cells, such as {example}; each counts as one further person: give each row one",
            count=len(several),
            example=several[0],
        )


def _after_leaving(connection: Answers) -> Iterator[Message]:
    ((rows, example),) = connection.execute(
        """
        SELECT count(*), min(orders.rep_id) FROM orders JOIN (
            SELECT rep_id, max(coalesce(left_on, DATE '9999-12-31')) AS gone FROM reps GROUP BY rep_id
        ) AS people ON people.rep_id = orders.rep_id WHERE orders.ordered_on > people.gone
        """
    ).fetchall()
    if rows:
        yield Message(
            "orders: sales of somebody who had left by then stand in {count:count} rows, such as those of {example}",
            count=int(rows),
            example=example,
        )
