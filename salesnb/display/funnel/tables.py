"""Stages, readings of a fall, zombies and moved dates, as tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import DEAL, WORTH, interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import called, worded
from salesnb.language import Message, Written, marked

VERDICT_NAMES = {
    "explained": marked("explained otherwise"),
    "product": marked("the product"),
    "pitch": marked("the pitch"),
    "cannot_tell": marked("cannot tell"),
    "steady": marked("no fall"),
}
EVIDENCE_NAMES = {
    "others": marked("won by all others"),
    "two": marked("won by {names:list}"),
    "competitor": marked("losses that name {names:list}"),
    "reason": marked("losses for “{names:list}”"),
    "discount": marked("discount, all"),
    "two_discount": marked("discount by {names:list}"),
}
PART_NAMES = {
    "immaturity": marked("Not decided yet"),
    "mix": marked("Other mix of channels"),
    "rate": marked("Other win rates"),
}


def stages(conversion: pd.DataFrame, *, fewest: int) -> Exhibit | None:
    """Conversion and time by stage; one is named from `fewest` decided deals on."""
    if conversion.empty:
        return None
    decided = conversion["moved_on"] + conversion["lost"]
    fair = conversion[(decided >= fewest) & (conversion["conversion"] < 1)]
    lowest = fair.sort_values("conversion", kind="stable").head(1).to_dict("records")
    return exhibit.table(
        conversion,
        name="stages",
        finding=Message("How many deals pass each stage, and how long they take")
        if not lowest
        else Message(
            "{stage} lets the smallest share through: {share:percent}",
            stage=called(lowest[0]["stage"]),
            share=lowest[0]["conversion"],
        ),
        subtitle=Message(
            "Deals that entered a stage in the last twelve months; conversion leaves undecided deals undecided, 95% interval"
        ),
        columns={
            "stage": Column(marked("Stage"), "given"),
            "entered": Column(marked("Entered"), "count"),
            "undecided": Column(marked("Undecided"), "count", secondary=True),
            "conversion": Column(marked("Conversion"), "share", bar=True),
            **interval("share", secondary=True),
            "days_in_stage": Column(marked("Median days"), "count"),
        },
    )


def quarters(levels: pd.DataFrame) -> Exhibit | None:
    """Conversion of each stage with its interval, quarter by quarter; `levels` is `funnel.quarterly_conversion`."""
    if levels.empty:
        return None
    told = [
        Message(
            "{share} ({low}–{high})",
            share=Written("percent", share),
            low=Written("exact", 100 * low),
            high=Written("exact", 100 * high),
        )
        if decided
        else ""
        for share, low, high, decided in zip(
            levels["conversion"], levels["low"], levels["high"], levels["decided"], strict=True
        )
    ]
    return _side_by_side(
        worded(levels, told=told),
        "told",
        "written",
        name="stages_by_quarter",
        finding=_widest(levels),
        subtitle=Message(
            "Share that moves on (95% interval) by the three months of entry, undecided deals treated as such; quarters begin in the month named"
        ),
    )


def _widest(levels: pd.DataFrame) -> Message:
    """Which stage moved most between quarters."""
    span = levels[levels["decided"] > 0].groupby("stage", sort=False)["conversion"].agg(["min", "max"])
    widest = span.loc[[(span["max"] - span["min"]).idxmax()]].reset_index() if len(span) else span
    if widest.empty:
        return Message("Conversion of each stage, quarter by quarter")
    return Message(
        "{stage} moves most between quarters: {low:percent} to {high:percent} pass",
        stage=called(widest["stage"].iloc[0]),
        low=widest["min"].iloc[0],
        high=widest["max"].iloc[0],
    )


def quarter_days(levels: pd.DataFrame) -> Exhibit | None:
    """Days in each stage, quarter by quarter; `levels` is `funnel.quarterly_conversion`."""
    if levels.empty or levels["days_in_stage"].isna().all():
        return None
    return _side_by_side(
        levels,
        "days_in_stage",
        "days",
        name="stage_days_by_quarter",
        finding=Message("How long deals stay in each stage, quarter by quarter"),
        subtitle=Message(
            "Median days by the three months of entry, deals still there with their time so far; a dash: most are still there"
        ),
    )


def _side_by_side(
    levels: pd.DataFrame,
    value: str,
    kind: str,
    *,
    name: str,
    finding: Message,
    subtitle: Message,
) -> Exhibit | None:
    """A row per stage in order, a column per quarter in order of time."""
    wide = levels.pivot_table(index=["position", "stage"], columns="peer", values=value, aggfunc="first")
    firsts = [pd.Timestamp(first) for first in pd.DatetimeIndex(wide.columns)]
    shown = wide.set_axis([f"{first:%Y-%m-%d}" for first in firsts], axis=1).reset_index("stage")
    return exhibit.table(
        shown.reset_index(drop=True),
        name=name,
        finding=finding,
        subtitle=subtitle,
        columns={
            "stage": Column(marked("Stage"), "given"),
            **{
                f"{first:%Y-%m-%d}": Column(Written("month", first), kind, secondary=place < len(firsts) - 3)
                for place, first in enumerate(firsts)
            },
        },
    )


def readings(found: pd.DataFrame) -> Exhibit | None:
    """Product or pitch, line by line, with the evidence for each reading."""
    if found.empty:
        return None
    shown = worded(
        found.drop(columns=["rivals", "shift"], errors="ignore"),
        verdict=[Written("sentence", Message(VERDICT_NAMES[name])) for name in found["verdict"]],
        few=[Written("list", names) for names in found["few"]],
    )
    return exhibit.table(
        shown[["line", "verdict", *[name for name in shown if name not in ("line", "verdict")]]],
        name="product_or_pitch",
        finding=Message("The evidence for each reading, by product line"),
        subtitle=Message(
            "Win rates, last nine months and the year before; the two people in whose hands a fall most likely lies, and all others"
        ),
        columns={
            "line": Column(marked("Product line")),
            "verdict": Column(marked("Verdict")),
            "rest_now": Column(marked("Others now"), "share"),
            "rest_before": Column(marked("Others before"), "share", secondary=True),
            "few": Column(marked("The two"), secondary=True),
            "few_now": Column(marked("The two now"), "share"),
            "few_before": Column(marked("The two before"), "share", secondary=True),
        },
    )


def evidence(frame: pd.DataFrame) -> Exhibit | None:
    """What speaks for the product and what for the pitch; `frame` is `line_evidence.of`."""
    if frame.empty:
        return None
    pieces = [
        Message(EVIDENCE_NAMES[kind], names=[called(name) for name in names])
        for kind, names in zip(frame["evidence"], frame["names"], strict=True)
    ]
    shown = worded(
        frame,
        piece=[
            Message("{line}: {piece}", line=line, piece=piece)
            for line, piece in zip(frame["line"], pieces, strict=True)
        ],
        verdict=[
            Written("sentence", Message(VERDICT_NAMES[side])) if side else "" for side in frame["speaks_for"]
        ],
    )
    return exhibit.table(
        shown[["piece", *[name for name in shown if name not in ("piece", "names")]]],
        name="line_evidence",
        finding=Message("Piece by piece: what speaks for the product, what for the pitch"),
        subtitle=Message("Deals closed in the last nine months and the year before; discounts of orders"),
        columns={
            "piece": Column(marked("Evidence")),
            "now": Column(marked("Now"), "share"),
            "before": Column(marked("Year before"), "share"),
            "verdict": Column(marked("Speaks for")),
        },
        fold=12,
    )


def split(parts: pd.DataFrame) -> Exhibit | None:
    """How the fall of each line's conversion splits; `parts` is `conversion_split.of_lines`."""
    if parts.empty:
        return None
    first = parts.iloc[0]
    lines = list(dict.fromkeys(parts["product_line"]))
    wide = parts.pivot_table(
        index="part", columns="product_line", values="points", sort=False, observed=True
    )[lines]
    shown = wide.reset_index().rename_axis(columns=None)
    return exhibit.table(
        worded(shown, part=[Message(PART_NAMES[name]) for name in shown["part"]]),
        name="conversion_split",
        finding=Message(
            "{line}: won of created, from {before:percent} to {now:percent}, split exactly",
            line=first["product_line"],
            before=first["from_share"],
            now=first["to_share"],
        ),
        subtitle=Message(
            "Deals created in the last nine months against the year before; the parts sum to the change"
        ),
        columns={"part": Column(marked("Part")), **{line: Column(line, "points") for line in lines}},
        total={line: float(wide[line].sum()) for line in lines},
    )


def zombies(dead: pd.DataFrame) -> Exhibit | None:
    """The zombies, the largest first."""
    return exhibit.table(
        dead,
        name="zombies",
        finding=Message("Close these deals or give them a new date, the largest first"),
        subtitle=Message("Open deals older than 99% of those ever won"),
        columns={
            **DEAL,
            "stage": Column(marked("Stage"), "given", secondary=True),
            **WORTH,
            "age_days": Column(marked("Age"), "days"),
        },
    )


def moved(dates: pd.DataFrame) -> Exhibit | None:
    """Close dates that moved since last month's pack."""
    if dates.empty:
        return None
    return exhibit.table(
        dates,
        name="moved_dates",
        finding=Message(
            "Close dates pushed out: {n:count}; pulled in: {m:count}",
            n=int((dates["days"] > 0).sum()),
            m=int((dates["days"] < 0).sum()),
        ),
        subtitle=Message("Open deals whose expected close moved since last month's pack"),
        columns={
            **DEAL,
            "amount": Column(marked("Amount"), "money"),
            "days": Column(marked("Moved"), "days"),
        },
    )
