"""Whether trials, discounts, visits and joint marketing paid with potential accounts, and who should be next: sentences and tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import ACTS, named, worded
from salesnb.display.kit.words import rival as named_rival
from salesnb.findings import EXPLAINED, FOUND
from salesnb.language import Message, Nothing, marked


def answer(found: pd.DataFrame, candidates: pd.DataFrame) -> Message:
    """Did anything pay, and whom should it go to next?"""
    told = paid(found)
    following = _next(candidates)
    if told is None:
        if following is None:
            return Nothing("No growing potential account is without a trial and an executive meeting.")
        return Message("{next}.", next=following)
    return (
        Message("{told}; {next}.", told=told, next=following) if following else Message("{told}.", told=told)
    )


def paid(found: pd.DataFrame) -> Message | None:
    """What the act with the clearest verdict brought of itself; None where nothing was done."""
    if found.empty:
        return None
    held, explained = (found[found["conclusion"] == word] for word in (FOUND, EXPLAINED))
    if held.empty and explained.empty:
        kinds = [_kind(one) for one in found["kind"]]
        return Message("Whether {acts:list} paid with potential accounts cannot be told", acts=kinds)
    if held.empty:
        kinds = [_kind(one) for one in explained["kind"]]
        rival = named_rival(explained["by"].iloc[0])
        return Message("What followed {acts:list} is explained by {rival}", acts=kinds, rival=rival)
    first = held.sort_values("money", ascending=False).iloc[0]
    low, high = first["money_low"], first["money_high"]
    if first["value"] > 0:
        return Message(
            "Of themselves {act} brought {money:money} each ({low:money} to {high:money})",
            act=_kind(first["kind"]), money=first["money"], low=low, high=high,
        )  # fmt: skip
    return Message(
        "Accounts ordered less after {act}: {money:money} each ({low:money} to {high:money})",
        act=_kind(first["kind"]), money=-first["money"], low=-high, high=-low,
    )  # fmt: skip


def _next(candidates: pd.DataFrame) -> Message | None:
    if candidates.empty:
        return None
    first = candidates.iloc[0]
    if pd.isna(first["money_high"]):
        return Message("next among those who grow: {name}", name=first["account_name"])
    return Message(
        "next among those who grow: {name}, expected {money:money} in 90 days ({low:money} to {high:money})",
        name=first["account_name"],
        money=first["expected"],
        low=first["money_low"],
        high=first["money_high"],
    )


def _kind(kind: str) -> Message | str:
    return named(kind, ACTS)


def _verdict(row: pd.Series) -> Message:
    if pd.isna(row["value"]):
        return Message("too few to tell")
    if row["conclusion"] == FOUND:
        return Message("brings orders") if row["value"] > 0 else Message("costs orders")
    if row["conclusion"] == EXPLAINED:
        return named_rival(row["by"])
    return Message("cannot be told")


def effects(found: pd.DataFrame) -> Exhibit | None:
    """One row per kind of act: how often, what it looks like, what of it is its own."""
    if found.empty:
        return None
    rows = worded(
        found,
        act=[_kind(one) for one in found["kind"]],
        within=[
            "" if pd.isna(low) else Message("{low:change} to {high:change}", low=low, high=high)
            for low, high in zip(found["money_low"], found["money_high"], strict=True)
        ],
        verdict=[_verdict(row) for _, row in found.iterrows()],
    )
    told = found["value"].notna().any()
    sizes = {
        "plain": Column(marked("Looks like, order days"), "number", signed=True, secondary=True),
        "value": Column(marked("Of it its own"), "number", signed=True),
        "money": Column(marked("Money each"), "money", signed=True, secondary=True),
        "within": Column(marked("95% of that"), secondary=True),
    }
    return exhibit.table(
        rows,
        name="acts",
        finding=Message("What trials, discounts and visits brought"),
        subtitle=Message(
            "Order days in 120 days beside all other potential accounts; of its own: from day 31 on, beside accounts of the same tier, region, orders, money, pause and open deals on the day of the act"
        ),
        columns={
            "act": Column(marked("Act")),
            "acts": Column(marked("Acts"), "count"),
            **(sizes if told else {}),
            "verdict": Column(marked("Verdict")),
        },
    )


def candidates(rows: pd.DataFrame) -> Exhibit | None:
    """Growing potential accounts without a trial or an executive meeting: what they will bring, and what the act that pays would add."""
    ends = ("money_low", "money_high"), ("gain_low", "gain_high")
    within, added = (
        [
            "" if pd.isna(low) else Message("{low:money} to {high:money}", low=low, high=high)
            for low, high in zip(rows[first], rows[last], strict=True)
        ]
        for first, last in ends
    )
    gains = {
        "gain": Column(marked("The act would add"), "money"),
        "added": Column(marked("95% of that"), secondary=True),
    }
    return exhibit.table(
        worded(rows, within=within, added=added),
        name="trial_candidates",
        finding=Message(
            "Next for a trial or a senior adviser: {n:count} accounts that grew by {growth:money}",
            n=len(rows),
            growth=float(rows["growth"].sum()),
        ),
        subtitle=Message(
            "Without either in 180 days; growth of six months on the six before; expected in ninety days"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "growth": Column(marked("Growth"), "money", bar=True),
            **({"expected": Column(marked("Expected"), "money")} if rows["expected"].notna().any() else {}),
            **({"within": Column(marked("4 in 5 within"), secondary=True)} if any(within) else {}),
            **(gains if rows["gain"].notna().any() else {}),
            "owner": Column(marked("Owner")),
        },
        fold=3,
    )


def caveat(found: pd.DataFrame) -> Message | None:
    """What is compared, and what the data cannot say."""
    if found["value"].notna().any():
        return Message(
            "Beside accounts chosen by what was known on the day; orders of the first thirty days are left out, since who is about to buy is given trials."
        )
    if len(found):
        return Message(
            "Told from twenty acts on twelve potential accounts on, after a first year of records and with 120 days behind them."
        )
    return None
