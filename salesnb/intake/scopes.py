"""Which part of the company is meant? ``region=East``, ``team=…``, ``rep=…``, ``account=…``, ``product_line=…`` or an own column of
plan.yml: a name in the data."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import ibis

from salesnb.errors import InputError, nearest
from salesnb.intake.own_columns import Own, declared
from salesnb.intake.schema import CORE
from salesnb.intake.warehouse.queries import Tables

SCOPE_KINDS = ("region", "team", "rep", "account", "product_line")


@dataclass(frozen=True)
class Scope:
    """The part of the company that a pack looks at: `kind` region, team, rep, account, product_line or an own column; `name`
    as people know it.

    `member` is what the rows carry: the id for a rep or an account, the name itself else.
    """

    kind: str
    name: str
    member: str

    def __str__(self) -> str:
        return f"{self.kind}={self.name}"


def parse_scope(
    text: str, connection: ibis.BaseBackend | Tables, own: Mapping[str, tuple[Own, ...]] | None = None
) -> Scope | None:
    """``region=East`` as a `Scope` whose name is in the data; None for an empty text; else `InputError`. `own`: table → its own
    columns."""
    if not text.strip():
        return None
    kind, sign, name = (part.strip() for part in text.partition("="))
    owns = own or {}
    kinds = [*SCOPE_KINDS, *dict.fromkeys(one.name for each in owns.values() for one in each if one.selects)]
    if not sign or kind not in kinds or not name:
        if sign and name:
            _explain(kind, kinds, owns)
        raise InputError(
            "the scope {scope} cannot be read: write one of {kinds:list}, = and a name, such as region=East",
            scope=text,
            kinds=kinds,
        )
    members = scope_members(kind, connection, owns)
    exact = [pair for pair in members if name in pair]
    folded = exact or [pair for pair in members if _folded(name) in map(_folded, pair)]
    if len({member for member, _ in folded}) == 1:
        member, shown = folded[0]
        return Scope(kind, shown, member)
    if folded:
        raise InputError(
            "the scope {scope} is not unique: it means {members:list}; give the id",
            scope=text,
            members=[member for member, _ in folded][:5],
        )
    guess = nearest(name, [each for pair in members for each in pair])
    if guess:
        raise InputError(
            "there is no {kind} {name} in the data; did you mean {guess}?", kind=kind, name=name, guess=guess
        )
    known = sorted({shown for _, shown in members})
    if not known:
        raise InputError(
            "there is no {kind} {name} in the data, which name no {kind} at all; leave --scope out",
            kind=kind,
            name=name,
        )
    raise InputError(
        "there is no {kind} {name} in the data; there are {known:list}",
        kind=kind,
        name=name,
        known=known[:12],
    )


def _folded(name: str) -> str:
    """Without capitals, and with an accented letter as one sign, however it was typed."""
    return unicodedata.normalize("NFC", name).casefold()


def _explain(kind: str, kinds: list[str], own: Mapping[str, tuple[Own, ...]]) -> None:
    """`InputError` where the kind is a slip of the pen, or an own column that plan.yml does not declare as one of words."""
    tables = [table for table, owns in own.items() for one in owns if one.name == kind and not one.declared]
    if tables:
        raise InputError(
            "{kind} is a column of {table} that plan.yml does not describe: write {setting} there to use it as a scope",
            kind=kind,
            table=tables[0],
            setting=f"columns: {{{tables[0]}: {{{kind}: text}}}}",
        )
    described = any(one.name == kind for owns in own.values() for one in owns)
    guess = None if described else nearest(kind, kinds)
    if guess:
        raise InputError("there is no kind of scope {kind}; did you mean {guess}?", kind=kind, guess=guess)


def scope_members(
    kind: str, connection: ibis.BaseBackend | Tables, own: Mapping[str, tuple[Own, ...]]
) -> list[tuple[str, str]]:
    """(what the rows carry, name as people know it) of every region, team, rep, account, product line, or member of an own column."""
    if kind not in SCOPE_KINDS:
        found = [
            connection.table(table).select(member=ibis._[one.place].cast("string"))
            for table, one in declared(own, kind).items()
        ]
        every = ibis.union(*found, distinct=True) if len(found) > 1 else found[0].distinct()
        names = sorted(str(each) for each in every.to_pandas()["member"].dropna())
        return [(name, name) for name in names]
    accounts, reps = connection.table("accounts"), connection.table("reps")
    if kind == "region":
        found = [
            accounts.select(member="region", shown="region"),
            reps.select(member="region", shown="region"),
        ]
    elif kind == "team":
        found = [reps.select(member="team", shown="team")]
    elif kind == "rep":
        found = [reps.select(member=reps.rep_id, shown=reps.rep_name.fill_null(reps.rep_id))]
        found += [
            connection.table(name).select(member="rep_id", shown="rep_id")
            for name in ("orders", "opportunities")
        ]
    elif kind == "product_line":
        found = [connection.table("products").select(member="product_line", shown="product_line")]
    else:
        found = [
            accounts.select(
                member=accounts.account_id, shown=accounts.account_name.fill_null(accounts.account_id)
            )
        ]
        found += [connection.table(name).select(member="account_id", shown="account_id") for name in CORE]
    pairs: dict[str, str] = {}
    for each in found:
        frame = each.filter(each.member.notnull()).distinct().to_pandas()
        for member, shown in zip(frame["member"], frame["shown"], strict=True):
            pairs.setdefault(str(member), str(shown))
    return list(pairs.items())
