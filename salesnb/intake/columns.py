"""What is a column, and what a table? Their types, and short ways to write down many columns.

Kinds: ``id`` and ``text`` (kept as written), ``date``, ``number``, ``boolean``, ``choice`` (one word of a list).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

HAN = re.compile("[\u4e00-\u9fff]")
Kind = Literal["id", "text", "date", "number", "boolean", "choice"]


@dataclass(frozen=True)
class Column:
    """One column. `choices` maps each word to others that mean the same; without `fallback` any other word breaks a rule.

    `unit` is money (in the plan's currency) or days (of payment), where a number is one of these. `heading` is what people call
    a column of their own.
    """

    name: str
    kind: Kind
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fallback: str | None = None
    low: float | None = None
    high: float | None = None
    unit: Literal["", "money", "days"] = ""
    heading: str = ""

    @property
    def called(self) -> str:
        """The name by which people know it."""
        return self.heading or self.name

    def name_in(self, language: str) -> str:
        """The name at the head of a file or sheet that we write: in Chinese the first of the Chinese ones."""
        return in_language(self.name, self.aliases, language)

    def words(self, language: str) -> dict[str, str]:
        """Each word that the column may hold, as we write it in that language."""
        return {word: in_language(word, others, language) for word, others in self.choices}


@dataclass(frozen=True)
class Table:
    """One table. `key` names the columns that no two rows share; `happened` the day on which a row comes to be."""

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    happened: str | None = None
    not_before: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.required]


def in_language(name: str, others: Iterable[str], language: str) -> str:
    """The first of the names that mean the same which is written in that language, else our own."""
    return next(filter(HAN.search, others), name) if language == "zh" else name


def ids(text: str) -> Iterator[Column]:
    return columns("id", text)


def columns(kind: Kind, text: str) -> Iterator[Column]:
    for part in text.split(";"):
        name, *aliases = part.replace("|", " ").split()
        yield Column(
            name.rstrip("*"), kind, name.endswith("*"), tuple(alias.replace("_", " ") for alias in aliases)
        )


def text(text: str) -> Iterator[Column]:
    return columns("text", text)


def dates(text: str) -> Iterator[Column]:
    return columns("date", text)


def numbers(text: str) -> Iterator[Column]:
    return columns("number", text)


def money(text: str) -> Iterator[Column]:
    return (replace(column, unit="money") for column in columns("number", text))


def booleans(text: str) -> Iterator[Column]:
    return columns("boolean", text)


def scale(name: str, low: float, high: float, *aliases: str, required: bool = False) -> Column:
    return Column(name, "number", required, aliases, low=low, high=high)


def choice(
    name: str, words: str, *aliases: str, fallback: str | None = None, required: bool = False
) -> Column:
    choices = tuple((word, tuple(others)) for word, *others in (entry.split() for entry in words.split(";")))
    return Column(name, "choice", required, aliases, choices, fallback)
