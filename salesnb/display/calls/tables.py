"""Last month's calls as tables: by kind, probabilities by band, the closed deals, what became of the decisions."""

from __future__ import annotations

import pandas as pd

from salesnb.answers import SAID
from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.language import Message, marked

FATES = {
    "done": marked("done"),
    "ordered": marked("ordered again"),
    "met": marked("met since"),
    "won": marked("won"),
    "lost": marked("lost"),
    "not yet": marked("not yet"),
    "unseen": marked("ask the owner"),
}
STATES = {
    "done": "ahead",
    "ordered": "ahead",
    "met": "ahead",
    "won": "ahead",
    "lost": "behind",
    "not yet": "watch",
    "unseen": "",
}


KINDS = {
    "account": marked("Key accounts that order"),
    "silence": marked("Silent accounts that stay away"),
    "deal": marked("Deals called at risk that are won"),
    "promoted": marked("Prospects to promote that order"),
    "dropped": marked("Prospects to drop that order"),
}


def scorecard(kinds: pd.DataFrame) -> Exhibit | None:
    """Each kind of call: how many were to come by their probabilities, and how many came."""
    if len(kinds) < 2:  # one kind alone is what the sentence above says
        return None
    return exhibit.table(
        worded(kinds, kind=[Message(KINDS[kind]) for kind in kinds["kind"]]),
        name="scorecard",
        finding=Message("Last month's calls by kind"),
        subtitle=Message("Expected is the sum of the probabilities that were given"),
        columns={
            "kind": Column(marked("Call")),
            "calls": Column(marked("Known by now"), "count"),
            "expected": Column(marked("Expected"), "number"),
            "came": Column(marked("Came"), "count"),
        },
    )


def calibration(bands: pd.DataFrame) -> Exhibit | None:
    """What was said and what came, by fifths of probability."""
    if bands.empty:
        return None
    rows = worded(
        bands,
        band=[
            Message("{low:percent} – {high:percent}", low=low, high=high)
            for low, high in zip(bands["low"], bands["high"], strict=True)
        ],
    )
    return exhibit.table(
        rows,
        name="calibration",
        finding=Message("What was said and what came"),
        subtitle=Message(
            "Calls by the probability that was given; a good call comes as often as it was said"
        ),
        columns={
            "band": Column(marked("Probability")),
            "calls": Column(marked("Calls"), "count"),
            "said": Column(marked("Said"), "percent"),
            "came": Column(marked("Came"), "percent"),
        },
    )


def deals(graded: pd.DataFrame) -> Exhibit | None:
    """The called deals that have closed: the chance that was given, and how they ended."""
    if graded.empty:
        return None
    ended = graded["came"].map({True: "won", False: "lost"})
    return exhibit.table(
        worded(graded, ended=[Message(FATES[end]) for end in ended], state=[STATES[end] for end in ended]),
        name="called_deals",
        finding=Message("How the deals called at risk ended"),
        subtitle=Message("The chance of winning that last month's pack gave, and what came"),
        columns={
            "text": Column(marked("Last month's call")),
            "amount": Column(marked("Value"), "money"),
            "probability": Column(marked("Chance"), "percent"),
            "ended": Column(marked("Ended"), status="state"),
        },
    )


ANSWERS = {**SAID, "": marked("no answer")}
KINDS_OF = {
    "silent": marked("Visit a silent customer"),
    "contact": marked("Call a customer"),
    "deal": marked("Work on a deal"),
    "funnel": marked("Close old deals"),
    "action": marked("Finish an action"),
}


def decisions(fates: pd.DataFrame) -> Exhibit | None:
    """Every decision since the year began, what people answered, and what the tables show of it since."""
    if fates.empty:
        return None
    answered = "answer" in fates and bool(fates["answer"].notna().any())
    said = [Message(ANSWERS[one]) for one in fates["answer"].fillna("")] if answered else None
    rows = worded(
        fates,
        since=[Message(FATES[fate]) for fate in fates["fate"]],
        state=[STATES[fate] for fate in fates["fate"]],
        **({"answer": said} if said else {}),
    )
    told = {
        "answer": Column(marked("Answer")),
        "answered_by": Column(marked("Answered by"), secondary=True),
        "after": Column(marked("After"), "days", secondary=True),
    }
    return exhibit.table(
        rows,
        name="decisions_followed",
        finding=Message("What became of the decisions that were asked for"),
        subtitle=Message(
            "As first asked for, the most money first; what people answered, and what the data show since"
        ),
        columns={
            "text": Column(marked("Decision")),
            "owner": Column(marked("Owner")),
            "due": Column(marked("By when"), "date"),
            "amount": Column(marked("At stake"), "money"),
            **(told if answered else {}),
            "since": Column(marked("Since then"), status="state"),
        },
    )


def worked(rows: pd.DataFrame) -> Exhibit | None:
    """By kind of decision: how many that were taken came about, beside those that were not; None without answers."""
    if rows.empty:
        return None
    found = rows[rows["conclusion"] == "found"]
    names = [Message(KINDS_OF[kind]) if kind in KINDS_OF else kind for kind in rows["kind"]]
    return exhibit.table(
        worded(rows, name=names),
        name="decisions_worked",
        finding=Message(
            "Taken or not made a difference beyond chance in {n:count} kinds of decision", n=len(found)
        )
        if len(found)
        else Message("Whether it mattered that a decision was taken, the data cannot tell yet"),
        subtitle=Message(
            "Decisions with an answer and an outcome that the data show: of those taken and of the others, how many came about"
        ),
        columns={
            "name": Column(marked("Kind")),
            "taken": Column(marked("Taken"), "count"),
            "came_taken": Column(marked("Of them came about"), "count"),
            "others": Column(marked("Not taken"), "count"),
            "came_others": Column(marked("Of them too"), "count"),
            "difference": Column(marked("Difference"), "points", secondary=True),
        },
    )
