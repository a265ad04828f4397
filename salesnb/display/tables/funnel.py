"""Stages, win rates, readings of a fall, zombies and moved dates, as tables."""

from __future__ import annotations

import pandas as pd

from salesnb.display import exhibit
from salesnb.display.columns import DEAL, WORTH, interval
from salesnb.display.exhibit import Column, Exhibit
from salesnb.display.words import called
from salesnb.language import Language, Message, marked

DIMENSION_NAMES = {
    "channel": marked("Channel"),
    "region": marked("Region"),
    "team": marked("Team"),
    "product_line": marked("Product line"),
    "size": marked("Deal size"),
}
VERDICT_NAMES = {
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


def stages(conversion: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Conversion and time by stage."""
    if conversion.empty:
        return None
    worst = (
        conversion.loc[[conversion["conversion"].idxmin()]].iloc[0]
        if conversion["conversion"].notna().any()
        else conversion.iloc[0]
    )
    return exhibit.table(
        conversion,
        name="stages",
        say=say,
        finding=Message(
            "{stage} lets the smallest share through: {share:percent}",
            stage=called(worst["stage"]),
            share=worst["conversion"],
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


def quarters(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Conversion of each stage, quarter by quarter; `frame` is `funnel.by_quarter`."""
    if frame.empty:
        return None
    firsts = [name for name in frame if isinstance(name, pd.Timestamp)]
    shown = frame.rename(columns={first: f"{first:%Y-%m-%d}" for first in firsts})
    return exhibit.table(
        shown,
        name="stages_by_quarter",
        say=say,
        finding=Message("Is a stage worse in all quarters, or only in one?"),
        subtitle=Message(
            "Conversion of deals by the three months in which they entered the stage, undecided ones treated as such; quarters begin in the month named"
        ),
        columns={
            "stage": Column(marked("Stage"), "given"),
            **{
                f"{first:%Y-%m-%d}": Column(say.month(first), "share", secondary=place < len(firsts) - 3)
                for place, first in enumerate(firsts)
            },
        },
    )


def win_rates(groups: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Win rates by channel, region, team, line and size, what stands out first."""
    if groups.empty:
        return None
    order = groups.assign(gap=(groups["win_rate"] - groups["rest"]).abs()).sort_values(
        ["flagged", "gap"], ascending=False, kind="stable"
    )
    states = [
        "ahead" if rate > rest else "behind"
        for rate, rest in zip(order["win_rate"], order["rest"], strict=True)
    ]
    shown = order.assign(
        state=[state if flag else "" for state, flag in zip(states, order["flagged"], strict=True)],
        pace=[
            ("behind" if own > rest else "ahead") if flag else ""
            for own, rest, flag in zip(
                order["days"], order["rest_days"], order["days_flagged"].eq(True), strict=True
            )
        ],
        dimension=[say(DIMENSION_NAMES[name]) for name in order["dimension"]],
        member=[
            say.sentence(called(member)) if dimension == "channel" else member
            for dimension, member in zip(order["dimension"], order["member"], strict=True)
        ],
    ).drop(columns="gap")
    return exhibit.table(
        shown[["member", *[name for name in shown if name != "member"]]],
        name="win_rates",
        say=say,
        finding=Message(
            "Groups unlike the rest beyond noise: {n:count} of {all:count}",
            n=int(groups["flagged"].sum()),
            all=len(groups),
        ),
        subtitle=Message(
            "Deals closed in the last twelve months; marked only beyond the noise of so many looks"
        ),
        columns={
            "member": Column(marked("Group")),
            "dimension": Column(marked("By")),
            "closed": Column(marked("Closed"), "count"),
            "win_rate": Column(marked("Win rate"), "share", status="state"),
            **interval("share", secondary=True),
            "rest": Column(marked("Others"), "share"),
            "days": Column(marked("Median"), "days", status="pace"),
        },
    )


def readings(found: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Product or pitch, line by line, with the evidence for each reading."""
    if found.empty:
        return None
    shown = found.assign(
        verdict=[say.sentence(say(VERDICT_NAMES[name])) for name in found["verdict"]],
        few=[say.list(names) for names in found["few"]],
    )
    return exhibit.table(
        shown[["line", "verdict", *[name for name in shown if name not in ("line", "verdict")]]],
        name="product_or_pitch",
        say=say,
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


def evidence(frame: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """What speaks for the product and what for the pitch; `frame` is `line_evidence.of`."""
    if frame.empty:
        return None
    pieces = [
        say(Message(EVIDENCE_NAMES[kind], names=[called(name) for name in names]))
        for kind, names in zip(frame["evidence"], frame["names"], strict=True)
    ]
    shown = frame.assign(
        piece=[f"{line}: {piece}" for line, piece in zip(frame["line"], pieces, strict=True)],
        verdict=[say.sentence(say(VERDICT_NAMES[side])) if side else "" for side in frame["speaks_for"]],
    )
    return exhibit.table(
        shown[["piece", *[name for name in shown if name not in ("piece", "names")]]],
        name="line_evidence",
        say=say,
        finding=Message("Piece by piece: what speaks for the product, what for the pitch"),
        subtitle=Message("Deals closed in the last nine months and the year before; discounts of orders"),
        columns={
            "piece": Column(marked("Evidence")),
            "before": Column(marked("Before"), "share"),
            "now": Column(marked("Now"), "share"),
            "verdict": Column(marked("Speaks for")),
        },
        fold=12,
    )


def split(parts: pd.DataFrame, *, line: str, say: Language) -> Exhibit | None:
    """How the fall of a line's conversion splits."""
    if parts.empty:
        return None
    shown = parts.assign(part=[say(PART_NAMES[name]) for name in parts["part"]])
    return exhibit.table(
        shown,
        name="conversion_split",
        say=say,
        finding=Message(
            "{line}: won of created, from {before:percent} to {now:percent}, split exactly",
            line=line,
            before=parts["from_share"].iloc[0],
            now=parts["to_share"].iloc[0],
        ),
        subtitle=Message(
            "Deals created in the last nine months against the year before; the parts sum to the change"
        ),
        columns={"part": Column(marked("Part")), "points": Column(marked("Points"), "points")},
    )


def zombies(dead: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """The zombies, the largest first."""
    if dead.empty:
        return None
    return exhibit.table(
        dead,
        name="zombies",
        say=say,
        finding=Message("Close these deals or give them a new date, the largest first"),
        subtitle=Message("Open deals older than 99% of those ever won"),
        columns={
            **DEAL,
            "stage": Column(marked("Stage"), "given", secondary=True),
            **WORTH,
            "age_days": Column(marked("Age"), "days"),
        },
    )


def moved(dates: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Close dates that moved since last month's pack."""
    if dates.empty:
        return None
    return exhibit.table(
        dates,
        name="moved_dates",
        say=say,
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


def lead_channels(channels: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Which channel's leads become deals."""
    if channels.empty:
        return None
    states = [
        ("ahead" if share > rest else "behind") if flag else ""
        for share, rest, flag in zip(channels["share"], channels["rest"], channels["flagged"], strict=True)
    ]
    return exhibit.table(
        channels.assign(state=states),
        name="lead_channels",
        say=say,
        finding=Message(
            "From {best:share} of the leads ({first}) to {least:share} ({last}) become deals",
            best=channels["share"].iloc[0],
            first=called(channels["channel"].iloc[0]),
            least=channels["share"].iloc[-1],
            last=called(channels["channel"].iloc[-1]),
        ),
        subtitle=Message(
            "Leads of the last twelve months that are at least 30 days old; marked only beyond noise"
        ),
        columns={
            "channel": Column(marked("Channel"), "given"),
            "created": Column(marked("Leads"), "count"),
            "converted": Column(marked("Became deals"), "count"),
            "share": Column(marked("Share"), "share", status="state"),
            "rest": Column(marked("Others"), "share"),
        },
    )
