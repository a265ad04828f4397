"""`salesnb explain`: what does a table, a setting, a column or a headline number mean?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from salesnb.definitions import definition, used_by
from salesnb.errors import InputError, nearest
from salesnb.headlines import HEADLINES
from salesnb.intake.columns import Column, Table
from salesnb.intake.forms.explanations import explanation
from salesnb.intake.schema import TABLES
from salesnb.language import Language, Message, marked
from salesnb.plan.explanations import explained, settings

KINDS = {
    "id": marked("id"),
    "text": marked("text"),
    "date": marked("date"),
    "number": marked("number"),
    "boolean": marked("yes or no"),
    "choice": marked("one of a list"),
}
UNITS = {"money": marked("money"), "days": marked("days")}
Row = tuple[str, ...]


def explain(name: str, say: Language) -> tuple[list[str], list[Row]]:
    """Lines, and the rows of a table with its heading first (or none), about a table, a column, a setting, plan or a headline number.
    `InputError` for what is none of these, with the nearest."""
    name = name.strip()
    if name in TABLES:
        return _table(TABLES[name], say)
    if name in HEADLINES:
        return [f"{say(HEADLINES[name].label)} ({name})", *number_lines(name, say)], []
    paths = dict(settings())
    asked = name.removeprefix("plan.")
    if name == "plan" or any(path == asked or path.startswith(f"{asked}.") for path in paths):
        rows = [
            row
            for row in setting_rows(say)
            if name == "plan" or row[0] == asked or row[0].startswith(f"{asked}.")
        ]
        return [say("What plan.yml may hold; a star stands for a name of your own, a year or an entry.")], [
            _settings_head(say),
            *rows,
        ]
    tables = [table for table in TABLES.values() if name in table.names]
    if tables:
        return [f"{table.name}.{name}: {say(explanation(table.name, name))}" for table in tables], []
    known = [
        "plan",
        *TABLES,
        *HEADLINES,
        *paths,
        *{column for table in TABLES.values() for column in table.names},
    ]
    guess = nearest(name, known)
    if guess:
        raise InputError("nothing is called {name}; did you mean {guess}?", name=name, guess=guess)
    raise InputError(
        "nothing is called {name}; name a table such as orders, plan, a setting, or a number such as bookings.ytd",
        name=name,
    )


def number_lines(key: str, say: Language) -> list[str]:
    """A headline number's definition, what it is made of, and the function that computes it."""
    found = definition(key)
    return [
        say(Message(found.text)),
        say("Made of: {inputs:list}", inputs=list(found.inputs)),
        say("Computed by: {function}", function=f"salesnb.{found.function}"),
    ]


def column_rows(table: Table, say: Language) -> Iterator[Row]:
    """A row per column: name, what it means, its kind, whether a row needs it, and how else it may be headed."""
    for column in table:
        yield (
            column.name,
            say(Message(explanation(table.name, column.name))),
            _kind(column, say),
            say("required") if column.required else "",
            ", ".join(column.aliases),
        )


def setting_rows(say: Language) -> Iterator[Row]:
    """A row per setting of plan.yml: path, what it decides, its default."""
    for path, field in settings():
        yield path.replace("{}", "*"), say(Message(explained(path))), _default(field)


def _settings_head(say: Language) -> Row:
    return say("Setting"), say("Meaning"), say("Default")


def _table(table: Table, say: Language) -> tuple[list[str], list[Row]]:
    numbers = used_by(table.name)
    lines = [f"{say(table.label)} ({table.name})"]
    if table.key:
        lines.append(say("Known by: {columns:list}", columns=list(table.key)))
    if numbers:
        lines.append(say("Numbers made of it: {keys:list}", keys=numbers))
    head = (say("Column"), say("Meaning"), say("Kind"), say("Required"), say("Also headed"))
    return lines, [head, *column_rows(table, say)]


def _kind(column: Column, say: Language) -> str:
    if column.choices:
        return ", ".join(word for word, _ in column.choices)
    said = say(KINDS[column.kind])
    if column.unit:
        said = say(UNITS[column.unit])
    if column.low is not None and column.low >= 0 and column.high is not None and column.high <= 10:
        said += f" {column.low:g}–{column.high:g}"
    return said


def _default(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    return str(value) if isinstance(value, (str, int, float, bool)) else ""
