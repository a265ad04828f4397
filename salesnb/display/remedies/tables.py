"""What each cause costs and what remedy fits, and which lines are bought together, as tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import called, worded
from salesnb.display.remedies.prose import CAUSE_NAMES, remedy
from salesnb.language import Message, Written, marked

UNITS = {
    "leads": "count",
    "size": "money",
    "speed": "days",
}  # of a cause's now and before; the others are shares


def causes(frame: pd.DataFrame, *, channel: str | None, bundle: tuple[str, str] | None) -> Exhibit | None:
    """Each cause in money, with its remedy; `frame` is `prescriptions.causes`."""
    if frame.empty:
        return None
    kinds = [UNITS.get(cause, "percent") for cause in frame["cause"]]
    moved = [
        Message("{before} → {now}", before=Written(kind, before), now=Written(kind, now))
        for before, now, kind in zip(frame["before"], frame["now"], kinds, strict=True)
    ]
    remedies = [
        Written("sentence", remedy(cause, stage=stage, channel=channel, bundle=bundle))
        for cause, stage in zip(frame["cause"], frame["stage"], strict=True)
    ]
    names = [
        Written(
            "sentence", Message("{cause}: {stage}", cause=Message(CAUSE_NAMES[cause]), stage=called(stage))
        )
        if stage
        else Written("sentence", Message(CAUSE_NAMES[cause]))
        for cause, stage in zip(frame["cause"], frame["stage"], strict=True)
    ]
    shown = worded(
        frame,
        name=names,
        moved=moved,
        remedy=remedies,
        state=["watch" if sure else "" for sure in frame["beyond"]],
    )
    return exhibit.table(
        shown[["name", *[column for column in shown if column != "name"]]],
        name="remedies",
        finding=Message("What each cause costs, and the remedy that fits"),
        subtitle=Message(
            "Won value of twelve months against the company’s own best quarter (its luck taken out) or last year; marked: beyond chance"
        ),
        columns={
            "name": Column(marked("Cause")),
            "worth": Column(marked("Costs"), "money", bar=True, status="state"),
            **interval("money", secondary=True),
            "moved": Column(marked("Then and now"), "written", secondary=True),
            "remedy": Column(marked("Remedy")),
        },
        fold=3,
    )


def yardsticks(lifts: pd.DataFrame, *, fewest: int) -> Exhibit | None:
    """Each stage beside its own best quarter and the best comparable team; `lifts` is `stage_lifts.beside`."""
    if lifts.empty or lifts["team"].isna().all():
        return None
    sure = lifts["team_beyond"].astype(bool)
    gains = lifts[sure].sort_values("team_gain", ascending=False, kind="stable")
    finding = (
        Message(
            "{stage} at {team}’s rate would add {value:money}, beyond chance",
            stage=called(gains["stage"].iloc[0]),
            team=gains["team"].iloc[0],
            value=gains["team_gain"].iloc[0],
        )
        if len(gains)
        else Message("No team passes more deals than chance alone would show")
    )
    return exhibit.table(
        lifts.assign(state=["watch" if flag else "" for flag in sure]),
        name="stage_yardsticks",
        finding=finding,
        subtitle=Message(
            "Conversion over twelve months; what each yardstick adds a year, luck taken out; teams from {fewest:count} decided deals of like size; marked: beyond chance",
            fewest=fewest,
        ),
        columns={
            "stage": Column(marked("Stage"), "given"),
            "now": Column(marked("Now"), "share"),
            "best": Column(marked("Best quarter"), "share", secondary=True),
            "gain": Column(marked("Own best adds"), "money", secondary=True),
            "team": Column(marked("Best team")),
            "team_best": Column(marked("Its rate"), "share"),
            "team_gain": Column(marked("Its rate adds"), "money", status="state"),
        },
    )


def bundles(pairs: pd.DataFrame) -> Exhibit | None:
    """Which lines the same customers buy; `pairs` is `bundles.pairs`."""
    if pairs.empty:
        return None
    top = pairs.iloc[0]
    values = {
        "first": top["first"],
        "second": top["second"],
        "n": top["together"],
        "chance": top["by_chance"],
    }
    finding = (
        Message(
            "{first} and {second} go together: {n:count} customers buy both, by chance {chance:count} would",
            **values,
        )
        if top["beyond"]
        else Message("No two lines are bought together more than chance would have it")
    )
    named = worded(
        pairs,
        pair=[
            Message("{first} and {second}", first=first, second=second)
            for first, second in zip(pairs["first"], pairs["second"], strict=True)
        ],
        state=["ahead" if sure else "" for sure in pairs["beyond"]],
    )
    return exhibit.table(
        named[["pair", *[column for column in named if column != "pair"]]],
        name="bundles",
        finding=finding,
        subtitle=Message(
            "Customers of twelve months; by chance: everybody buys as many lines, and each line has as many customers"
        ),
        columns={
            "pair": Column(marked("Lines")),
            "together": Column(marked("Buy both"), "count", status="state"),
            "by_chance": Column(marked("By chance"), "count"),
            "candidates": Column(marked("Buy one"), "count", secondary=True),
            "worth": Column(marked("Worth of a bundle"), "money"),
        },
    )


def candidates(customers: pd.DataFrame) -> Exhibit | None:
    """Whom to offer the other half of the surest bundle; `customers` is `bundles.candidates`."""
    return exhibit.table(
        customers,
        name="bundle_candidates",
        finding=Message("Offer the other half to these customers first"),
        subtitle=Message("Customers of one of the two lines, by what they buy of it in a year"),
        columns={
            "account_name": Column(marked("Account")),
            "buys": Column(marked("Buys")),
            "lacks": Column(marked("Lacks")),
            "net_amount": Column(marked("A year"), "money"),
        },
    )
