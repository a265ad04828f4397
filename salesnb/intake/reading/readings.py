"""What is decided about how a column is read? The plan's rules, the reading itself, and what is said of cells that have none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from salesnb.intake.reading import values
from salesnb.intake.schema import Column
from salesnb.language import Message

SQL_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "date": "DATE",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}
FORMS = {"date": "2026-10-31", "number": "1234.50", "boolean": "yes", "days": "30"}
ALIASED = {
    **dict.fromkeys(("account_id", "account_name"), "accounts"),
    **dict.fromkeys(("rep_id", "owner_id", "rep_name"), "reps"),
    **dict.fromkeys(("product_id", "product_name"), "products"),
}

Ask = Callable[[str], Sequence[Sequence[Any]]]  # the rows of a DuckDB-dialect query over the staged rows


@dataclass(frozen=True)
class Rules:
    """What the plan says about reading: the order of day, month and year where it is given; whether Chinese is expected (short
    years may stand first); whether quarters are the calendar year's; table → other spellings of its names and ids; whether 1.200
    is twelve hundred where a column does not tell (None: not known)."""

    date_order: str | None = None
    chinese: bool = False
    quarters: bool = True
    aliases: Mapping[Any, Mapping[str, str]] = field(default_factory=dict)
    decimal_comma: bool | None = None
    met: set[str] = field(default_factory=set)  # the other spellings that the tables hold, as they are read

    def spellings(self, column: str) -> dict[str, str]:
        """Another spelling → what counts, for a column that names accounts, people or products; a target's member may be any."""
        tables = self.aliases if column == "member" else [ALIASED[column]] if column in ALIASED else []
        return {other: name for table in tables for other, name in self.aliases.get(table, {}).items()}


@dataclass(frozen=True)
class Reading:
    """`expression` gives a column's values, with `v` + place for what the odd spellings mean; `marks`: an odd spelling's
    currency sign; what was decided or could not be read is in `notes`. `comma`: read with a decimal comma; `unclear`: its points
    may as well part thousands."""

    expression: str
    meant: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[Message] = ()
    comma: bool = False
    unclear: bool = False


def spelled(cell: str, column: Column, meant: Mapping[str, Any]) -> str:
    """What the odd spellings of the staged column mean, as the engine joins it."""
    return f"v{cell[1:]}" if meant else f"CAST(NULL AS {SQL_TYPES[column.kind]})"


def unread(column: Column, counted: Mapping[str, int], meant: Mapping[str, Any], name: str) -> list[Message]:
    """What to say of an optional column's cells that cannot be read; a required one's are a row rule's."""
    odd = {text: n for text, n in counted.items() if text not in meant and not values.is_missing(text)}
    if column.required or not odd:
        return []
    return [
        Message(
            "{name}: {column} cannot be read in {count:count} rows and is blank there, as in {example}; a form that is read: {form}",
            name=name,
            column=column.called,
            count=sum(odd.values()),
            example=min(odd, key=lambda text: (-odd[text], text)),
            form=form_of(column),
        )
    ]


def form_of(column: Column) -> str:
    """A way to write the column that is always read."""
    return FORMS.get(column.unit) or FORMS.get(column.kind) or column.choices[0][0]
