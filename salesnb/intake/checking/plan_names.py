"""Does plan.yml, and does the targets table, name what the data have? A misspelt name counts for nobody, and silently.

Each name that matches nothing is told with the nearest one. A kind of which the data name none at all cannot be judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from salesnb.errors import nearest
from salesnb.intake.reading.headings import folded
from salesnb.intake.schema import TABLES
from salesnb.language import Message, marked
from salesnb.plan import Plan

MOST_TOLD = 12
MOST_NAMES = 5_000  # among which the nearest is looked for
WHERE_NAMED = {  # kind → what it is called, and the columns that name its members: (table, what the rows carry, name as people know it)
    "region": (marked("region"), (("accounts", "region", "region"), ("reps", "region", "region"))),
    "team": (marked("team"), (("reps", "team", "team"),)),
    "rep": (
        marked("person"),
        (
            ("reps", "rep_id", "rep_name"),
            ("orders", "rep_id", "rep_id"),
            ("opportunities", "rep_id", "rep_id"),
        ),
    ),
    "product_line": (marked("product line"), (("products", "product_line", "product_line"),)),
    "account": (
        marked("account"),
        (("accounts", "account_id", "account_name"), ("orders", "account_id", "account_id")),
    ),
    "stage": (marked("stage"), (("opportunities", "stage", "stage"), ("stage_events", "stage", "stage"))),
    "item": (marked("checklist item"), (("checklist_items", "item", "item"),)),
}


class Answers(Protocol):
    """What answers queries over the tables: the engine's connection, or a judge in a warehouse."""

    def execute(self, query: str, /) -> Any: ...


def strangers(
    plan: Plan, present: Sequence[str], *, headings: Mapping[str, Sequence[str]], connection: Answers
) -> list[Message]:
    """Every name of the plan and of the targets' members that the data do not have, in the plan's order; at most twelve.
    `headings`: of each table's file."""
    named = _Names(present, connection)
    told = [*_fields(plan), *_columns(plan, headings)]
    for kind, setting, names in _written(plan):
        told.extend(named.missing(kind, names, where=setting))
    if "targets" in present:
        for kind in ("region", "team", "rep", "product_line", "account"):
            members = connection.execute(
                f"SELECT DISTINCT member FROM targets WHERE dimension = '{kind}' ORDER BY member"
            ).fetchall()
            told.extend(named.missing(kind, [member for (member,) in members], where="targets"))
    if len(told) > MOST_TOLD:
        more = Message("and {count:count} more names that the data do not have", count=len(told) - MOST_TOLD)
        return [*told[:MOST_TOLD], more]
    return told


def _written(plan: Plan) -> Iterator[tuple[str, str, Iterable[str]]]:
    """(kind, setting, names) of every place of the plan where a name of the data stands."""
    for label, year in sorted(plan.targets.items()):
        yield "product_line", f"plan.yml, targets.{label}.mix", year.mix
        yield "product_line", f"plan.yml, targets.{label}.growth", year.growth
        yield "region", f"plan.yml, targets.{label}.regions", year.regions
        yield "region", f"plan.yml, targets.{label}.fixed_parts", year.fixed_parts
        lines = dict.fromkeys(line for parts in year.fixed_parts.values() for line in parts)
        yield "product_line", f"plan.yml, targets.{label}.fixed_parts", lines
    if "accounts" in plan.aliases:
        yield "account", "plan.yml, aliases", dict.fromkeys(plan.aliases["accounts"].values())
    if "reps" in plan.aliases:
        yield "rep", "plan.yml, aliases.reps", dict.fromkeys(plan.aliases["reps"].values())
    yield "stage", "plan.yml, stages", plan.stages
    yield "stage", "plan.yml, required_fields", plan.required_fields
    yield "stage", "plan.yml, checklists", plan.checklists
    items = dict.fromkeys(item for each in plan.checklists.values() for item in each)
    yield "item", "plan.yml, checklists", items
    for sprint in plan.sprints:
        people = dict.fromkeys(person for squad in sprint.squads.values() for person in squad)
        yield "rep", f"plan.yml, sprints ({sprint.name})", people
    yield "product_line", "plan.yml, price_floors", plan.price_floors
    yield "product_line", "plan.yml, support.lines", plan.support.lines
    yield "account", "plan.yml, groups", plan.groups
    for scenario in plan.scenarios:
        yield "account", f"plan.yml, scenarios ({scenario.name})", scenario.lost


def unmet(plan: Plan, met: Collection[str]) -> list[Message]:
    """The spellings under aliases that no table holds, one sentence a kind: a typing error would cure nothing, in silence."""
    told = []
    for kind, others in plan.aliases.items():
        gone = [other for other in others if other not in met]
        if gone:
            told.append(
                Message(
                    "plan.yml, aliases.{kind}: no cell of the data holds {names:list}, so that these count for nothing; write them as they stand in the data",
                    kind=kind,
                    names=gone[:5],
                )
            )
    return told


def _fields(plan: Plan) -> Iterator[Message]:
    """Fields of an opportunity that no opportunity has."""
    known = [column.name for column in TABLES["opportunities"]]
    for field in dict.fromkeys(field for fields in plan.required_fields.values() for field in fields):
        if field not in known:
            yield _stranger("plan.yml, required_fields", marked("column of opportunities"), field, known)


def _columns(plan: Plan, headings: Mapping[str, Sequence[str]]) -> Iterator[Message]:
    """Own columns of a table that its file does not have."""
    for table, columns in plan.columns.items():
        known = {folded(each): each for each in headings.get(table, ()) if each.strip()}
        for name in columns:
            if folded(name) not in known and known:
                where = f"plan.yml, columns.{table}"
                yield _stranger(where, marked("column"), name, list(known.values()))
        if not known:
            yield Message(
                "plan.yml, columns: the workspace holds no table {table}, whose columns are described",
                table=table,
            )


class _Names:
    """The names of each kind in the data, asked for once."""

    def __init__(self, present: Sequence[str], connection: Answers) -> None:
        self.present = present
        self.connection = connection
        self.known: dict[str, dict[str, str]] = {}

    def missing(self, kind: str, names: Iterable[str], *, where: str) -> Iterator[Message]:
        """A sentence for each of the names that is none."""
        names = [name for name in names if name]
        called, _ = WHERE_NAMED[kind]
        by_id = kind == "rep" and where.startswith("plan.yml, sprints")  # squads are of ids alone
        known = self._of(kind) if names else {}
        for name in names if known else []:
            if name not in (known if not by_id else known.values()):
                yield _stranger(where, called, name, [*known][:MOST_NAMES], meant=known if by_id else {})

    def _of(self, kind: str) -> dict[str, str]:
        """Every id and name of a kind, with the id."""
        if kind not in self.known:
            found: dict[str, str] = {}
            for table, member, shown in WHERE_NAMED[kind][1]:
                if table in self.present:
                    rows = self.connection.execute(
                        f"SELECT DISTINCT {member}, {shown} FROM {table} WHERE {member} IS NOT NULL ORDER BY 1, 2"
                    ).fetchall()
                    for each in rows:
                        found.setdefault(str(each[0]), str(each[0]))
                        found.setdefault(str(each[1] if each[1] is not None else each[0]), str(each[0]))
            self.known[kind] = found
        return self.known[kind]


def _stranger(
    where: str, kind: str, name: str, known: Sequence[str], *, meant: dict[str, str] | None = None
) -> Message:
    said = {"where": where, "kind": Message(kind), "name": name}
    guess = (meant or {}).get(name) or nearest(name, known)
    guess = (meant or {}).get(guess or "", guess)
    if guess:
        return Message(
            "{where}: no {kind} in the data is called {name}; did you mean {guess}?", **said, guess=guess
        )
    return Message(
        "{where}: no {kind} in the data is called {name}; there are {known:list}",
        **said,
        known=list(known)[:8],
    )
