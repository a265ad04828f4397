"""Each decision's own number beside like ones without a decision, and which kinds of decision worked: sentence, tables, caveat."""

from __future__ import annotations

import pandas as pd

from salesnb.display.calls.tables import KINDS_OF
from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import rival, worded
from salesnb.findings import CANNOT_TELL, EXPLAINED, FOUND
from salesnb.language import Message, Written, marked

NUMBERS = {
    "orders": (marked("orders a month"), "money"),
    "win_rate": (marked("win rate"), "percent"),
    "discount": (marked("discount off list"), "percent"),
    "visits": (marked("visits a month"), "number"),
    "leads": (marked("leads a month"), "number"),
}
BEST, WORST = 0.95, 0.05  # of the ranks among nineteen like ones: beyond all of them


def answer(kinds: pd.DataFrame, taken: pd.DataFrame, found: pd.DataFrame) -> Message | None:
    """Which kinds of decision worked, of how many that were taken?"""
    if taken.empty:
        return None
    known = int(found["effect"].notna().sum())
    worked = kinds[kinds["conclusion"] == FOUND]
    told = {"n": len(taken), "known": known}
    if len(worked):
        best = worked.iloc[0]
        name = Message(NUMBERS[best["measure"].partition(":")[0]][0])
        if (best["value"] > 0) == (best["better"] * 2 > best["members"]):
            return Message(
                "{n:count} decisions were taken; those on {name} moved it beyond like ones: by {value:gain}, in {better:count} of {members:count} cases to the better.",
                n=told["n"],
                name=name,
                value=abs(best["value"]),
                better=int(best["better"]),
                members=int(best["members"]),
            )
        return Message(
            "{n:count} decisions were taken; those on {name} moved it beyond like ones: by {value:gain} downwards, in {better:count} of {members:count} cases to the better.",
            n=told["n"],
            name=name,
            value=abs(best["value"]),
            better=int(best["better"]),
            members=int(best["members"]),
        )
    aside = kinds[kinds["conclusion"] == EXPLAINED]
    if len(aside):
        return Message(
            "{n:count} decisions were taken; what followed those on {name} came as well to like ones without: {rival}.",
            n=told["n"],
            name=Message(NUMBERS[aside.iloc[0]["measure"].partition(":")[0]][0]),
            rival=rival(aside.iloc[0]["by"]),
        )
    if not known:
        return Message(
            "{n:count} decisions were taken; whether their own numbers moved, the data cannot tell yet.",
            **told,
        )
    return Message(
        "{n:count} decisions were taken, {known:count} have a number of their own; no kind moved it beyond like ones without a decision.",
        **told,
    )


def own_numbers(taken: pd.DataFrame, found: pd.DataFrame) -> Exhibit | None:
    """Every decision that was taken: by whom, how late, and its number before and after beside like ones."""
    if taken.empty:
        return None
    both = (
        taken.drop(columns=["kind", "member", "measure"])
        .merge(found, on="id")
        .sort_values(
            ["effect", "day"],
            key=lambda one: one.abs() if one.name == "effect" else one,
            ascending=[False, True],
            ignore_index=True,
        )
    )
    names = [
        NUMBERS.get(measure.partition(":")[0], (marked("no number in the data"), "number"))
        for measure in both["measure"]
    ]
    written = {
        name: [Written(kind, value) for (_, kind), value in zip(names, both[name], strict=True)]
        for name in ("before", "after", "expected")
    }
    beyond = both["rank"] * (both["effect"].notna())
    states = [
        "ahead" if rank > BEST else "behind" if rank < WORST and effect == effect else ""
        for rank, effect in zip(beyond, both["effect"], strict=True)
    ]
    rows = worded(
        both.drop(columns=list(written)),
        name=[Message(label) for label, _ in names],
        state=states,
        **written,
    )
    return exhibit.table(
        rows,
        name="decisions_numbers",
        finding=Message("Each decision’s own number beside like ones without a decision"),
        subtitle=Message("A quarter before and after; like ones: nineteen whose quarter and year before were most alike"),
        columns={
            "text": Column(marked("Decision")),
            "owner": Column(marked("Taken by"), secondary=True),
            "late": Column(marked("Days late"), "number", signed=True, secondary=True),
            "name": Column(marked("Its number")),
            "before": Column(marked("Quarter before"), "written"),
            "after": Column(marked("Quarter after"), "written"),
            "expected": Column(marked("Like ones"), "written"),
            "state": Column(
                marked("Against like ones"),
                "status",
                words={"ahead": marked("better than all"), "behind": marked("worse than all")},
            ),
        },
    )  # fmt: skip


def kinds(rows: pd.DataFrame) -> Exhibit | None:
    """By kind of decision and number: how many, in how many cases better than like ones, and whether that is beyond chance."""
    if len(rows) < 2:  # one kind alone is what the sentence says
        return None
    words = {FOUND: Message("beyond chance"), EXPLAINED: None, CANNOT_TELL: Message("cannot tell")}
    table = worded(
        rows,
        name=[Message(KINDS_OF[kind]) if kind in KINDS_OF else kind for kind in rows["kind"]],
        number=[Message(NUMBERS[measure.partition(":")[0]][0]) for measure in rows["measure"]],
        word=[
            Message("explained by {rival}", rival=rival(by)) if word == EXPLAINED else words.get(word) or Message("no difference")
            for word, by in zip(rows["conclusion"], rows["by"], strict=True)
        ],
    )  # fmt: skip
    return exhibit.table(
        table,
        name="decisions_kinds",
        finding=Message("Which kinds of decision moved their numbers"),
        subtitle=Message("Each customer, team or person counts once; amounts in shares of their usual level"),
        columns={
            "name": Column(marked("Kind")),
            "number": Column(marked("Its number")),
            "decided": Column(marked("Decisions"), "count"),
            "members": Column(marked("Cases"), "count"),
            "better": Column(marked("Better than like ones"), "count"),
            "value": Column(marked("Difference"), "points"),
            "word": Column(marked("Conclusion")),
        },
    )


def caveat(found: pd.DataFrame) -> Message | None:
    """What do like ones not show?"""
    if found.empty:
        return None
    return Message(
        "Like ones were alike before the decision, not in all else: who was chosen for a reason that no table holds may differ. One in ten lies beyond all of nineteen by chance."
    )
