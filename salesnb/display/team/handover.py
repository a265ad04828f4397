"""Which customers go from whom to whom: the sentence, the list by name, what it does not know, and the decision."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.language import Message, Nothing, marked
from salesnb.results.people import Handover

REACH = {
    "team": marked("same team"),
    "region": marked("same region"),
    "any": marked("team and region not known"),
}
NAMED = 3


def answer(found: Handover | None, load: pd.DataFrame, people: pd.DataFrame) -> Message | None:
    """How many customers move, and what does it serve?"""
    if load.empty:
        return None
    if found is None and not load["overloaded"].any():
        return Nothing("Nobody is overloaded beyond chance, so no customer needs to change hands.")
    if found is None:
        return Nothing(
            "The customers of overloaded people are met in time and no deal is past its day, so none needs to change hands."
        )
    names = _names(people)
    givers = [names.get(rep, rep) for rep in found.over][:NAMED]
    if found.moves.empty:
        return Message(
            "{money:money} are at risk with {givers:list}, who are overloaded, and nobody who may take their customers has room.",
            money=found.at_risk,
            givers=givers,
        )
    told = {"n": len(found.moves), "givers": givers, "hours": found.hours, "money": found.served}
    if found.beyond > 0:
        return Message(
            "Hand over {n:count} customers of {givers:list}: {hours:number} hours a week and {money:money} at risk are served, {left:number} hours beyond their day stay.",
            left=found.beyond,
            **told,
        )
    return Message(
        "Hand over {n:count} customers of {givers:list}: {hours:number} hours a week move, and {money:money} at risk come into hands with time.",
        **told,
    )


def moves(found: Handover | None, accounts: pd.DataFrame, people: pd.DataFrame) -> Exhibit | None:
    """Each customer that moves, by name, with hours and money."""
    if found is None or found.moves.empty:
        return None
    names = _names(people)
    called = dict(zip(accounts["account_id"], accounts["account_name"], strict=True))
    after = found.people.set_index("rep_id")
    share = (after["after"] / after["room"]).to_dict()
    rows = worded(
        found.moves,
        account=[called.get(one, one) for one in found.moves["account_id"]],
        giver=[names.get(one, one) for one in found.moves["giver"]],
        taker=[names.get(one, one) for one in found.moves["taker"]],
        near=[Message(REACH[one]) for one in found.moves["reach"]],
        filled=[share[one] for one in found.moves["taker"]],
    )
    fullest = found.people.assign(share=found.people["after"] / found.people["room"])
    takers = fullest[fullest["rep_id"].isin(found.moves["taker"])]["share"].max()
    return exhibit.table(
        rows,
        name="handover",
        finding=Message(
            "{n:count} moves in all; afterwards nobody who takes customers is filled beyond {share:percent}",
            n=len(rows),
            share=takers,
        ),
        subtitle=Message(
            "Hours a week of the last three months; at risk: a late key customer’s year, or open deals past their day"
        ),
        columns={
            "account": Column(marked("Account")),
            "giver": Column(marked("From whom")),
            "taker": Column(marked("To whom")),
            "hours": Column(marked("Hours a week"), "number"),
            "revenue": Column(marked("Revenue a year"), "money", secondary=True),
            "at_risk": Column(marked("At risk"), "money", bar=True),
            "near": Column(marked("Why this one"), secondary=True),
            "filled": Column(marked("Taker’s day then"), "percent"),
        },
    )


def caveat(found: Handover | None) -> Message | None:
    """By which rules, and what is not seen?"""
    if found is None:
        return None
    if not found.proven:
        return Message(
            "A good list, but not shown to be the shortest: too many are possible. Leave and work that nobody logs are not seen; strategic customers stay."
        )
    return Message(
        "No shorter list does it. Strategic customers stay; takers are of the team or region, sell the line, are settled and log. Leave and work that nobody logs are not seen."
    )


def relief(found: Handover | None, people: pd.DataFrame, team: str) -> Mapping[str, object] | None:
    """What is asked for a team: customers, takers (the first of those who are `loaded`), hours a week and the money served; None where none of its customers moves."""
    if found is None:
        return None
    own = found.moves[found.moves["giver"].isin(people.loc[people["team"] == team, "rep_id"])]
    if own.empty:
        return None
    names = _names(people)
    takers = list(dict.fromkeys(names.get(one, one) for one in own["taker"]))
    return {
        "n": len(own),
        "takers": takers[:NAMED],
        "loaded": takers,
        "hours": float(own["hours"].sum()),
        "served": float(found.people.loc[found.people["rep_id"].isin(own["giver"]), "served"].sum()),
    }


def _names(people: pd.DataFrame) -> dict[str, str]:
    return dict(zip(people["rep_id"], people["rep_name"].fillna(people["rep_id"]), strict=True))
