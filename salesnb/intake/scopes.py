"""Which part of the company is meant? ``region=East``, ``team=…``, ``rep=…`` or ``account=…``: a name in the data."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import ibis

from salesnb.errors import InputError, nearest
from salesnb.intake.schema import CORE
from salesnb.intake.warehouse.queries import Tables

SCOPE_KINDS = ("region", "team", "rep", "account")


@dataclass(frozen=True)
class Scope:
    """The part of the company that a pack looks at: `kind` region, team, rep or account; `name` as people know it.

    `member` is what the rows carry: the id for a rep or an account, the name itself for a region or a team.
    """

    kind: str
    name: str
    member: str

    def __str__(self) -> str:
        return f"{self.kind}={self.name}"


def parse_scope(text: str, connection: ibis.BaseBackend | Tables) -> Scope | None:
    """``region=East`` as a `Scope` whose name is in the data; None for an empty text; else `InputError`."""
    if not text.strip():
        return None
    kind, sign, name = (part.strip() for part in text.partition("="))
    if not sign or kind not in SCOPE_KINDS or not name:
        raise InputError(
            "the scope {scope} cannot be read: write one of {kinds:list}, = and a name, such as region=East",
            scope=text,
            kinds=list(SCOPE_KINDS),
        )
    members = scope_members(kind, connection)
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


def scope_members(kind: str, connection: ibis.BaseBackend | Tables) -> list[tuple[str, str]]:
    """(what the rows carry, name as people know it) of every region, team, rep or account in the data."""
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
