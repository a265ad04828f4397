"""Which columns of a file does no table know, and what are they kept as? Text, or the kind that plan.yml gives them.

The name of an own column is anyone's; in a snapshot it stands under a place of its own (own3), so that no name is in the way
of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from salesnb.intake.columns import Column, Kind, Table
from salesnb.intake.reading.headings import folded
from salesnb.plan import Plan

MOST_MEMBERS = 60  # different values of a column by which groups are compared
GROUPING = ("text", "boolean")


@dataclass(frozen=True)
class Own:
    """A column that no table knows: `place` as the snapshot holds it, `name` as people call it; `declared`: plan.yml gives its
    kind; `members`: how many different values its kept rows have."""

    place: str
    name: str
    kind: Kind
    declared: bool
    members: int = 0

    @property
    def selects(self) -> bool:
        """Can a part of the company be named by it?"""
        return self.declared and self.kind in GROUPING

    @property
    def groups(self) -> bool:
        """Are groups compared by it?"""
        return self.selects and 1 < self.members <= MOST_MEMBERS


def find(table: Table, unknown: Mapping[str, int], plan: Plan) -> tuple[Own, ...]:
    """The own columns of a file, from its headings that no column of the table has (heading → position). A column that the table
    has and plan.yml describes all the same is one as well, in its usual place."""
    columns = plan.columns.get(table.name, {})  # type: ignore[call-overload]
    described = {folded(name): (name, kind) for name, kind in columns.items()}
    found: dict[str, Own] = {}
    for heading, position in unknown.items():
        name, kind = described.get(folded(heading), (heading, "text"))
        own = Own(f"own{position}", name, kind, folded(heading) in described)
        found.setdefault(folded(heading), own)
    for column in table:
        if column.name in columns:
            kind = "text" if column.kind in ("id", "choice") else column.kind
            found[column.name] = Own(column.name, column.name, kind, declared=True)
    return tuple(found.values())


def widened(table: Table, owns: Iterable[Own]) -> Table:
    """The table with its own columns behind those that every company's has."""
    more = [Column(one.place, one.kind, heading=one.name) for one in owns if one.place != one.name]
    return replace(table, columns=(*table.columns, *more))


def positions(owns: Iterable[Own]) -> dict[str, int]:
    """Where each stands in the file."""
    return {one.place: int(one.place.removeprefix("own")) for one in owns if one.place != one.name}


def counted(table: str, owns: Sequence[Own], connection: Any) -> tuple[Own, ...]:
    """The same with the number of different values of those that plan.yml declares; `connection` answers queries over the table."""
    asked = [one for one in owns if one.selects]
    if not asked:
        return tuple(owns)
    cells = ", ".join(f"count(DISTINCT {one.place})" for one in asked)
    row = connection.execute(f"SELECT {cells} FROM {table}").fetchone()
    members = dict(zip((one.place for one in asked), row, strict=True))
    return tuple(replace(one, members=int(members.get(one.place, 0))) for one in owns)


def unknown_headings(owns: Iterable[Own]) -> list[str]:
    """What is kept as text because nobody says what it is."""
    return [one.name for one in owns if not one.declared]


def declared(own: Mapping[str, Collection[Own]], name: str) -> dict[str, Own]:
    """Table → the column by which plan.yml's own column `name` selects there."""
    return {table: one for table, owns in own.items() for one in owns if one.selects and one.name == name}
