"""Who is unlike the rest: channels of leads, groups of deals, and groups at a stage, as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import called, worded
from salesnb.language import Message, Text, Written, marked

DIMENSION_NAMES = {
    "channel": marked("Channel"),
    "region": marked("Region"),
    "team": marked("Team"),
    "product_line": marked("Product line"),
    "size": marked("Deal size"),
}
WHAT_NAMES = {"share": marked("share that moves on"), "days": marked("days in the stage")}


def win_rates(groups: pd.DataFrame) -> Exhibit | None:
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
    shown = worded(
        order,
        state=[state if flag else "" for state, flag in zip(states, order["flagged"], strict=True)],
        pace=[
            ("behind" if own > rest else "ahead") if flag else ""
            for own, rest, flag in zip(
                order["days"], order["rest_days"], order["days_flagged"].eq(True), strict=True
            )
        ],
        dimension=[
            Message(DIMENSION_NAMES[name]) if name in DIMENSION_NAMES else name for name in order["dimension"]
        ],
        member=_members(order),
    ).drop(columns="gap")
    return exhibit.table(
        shown[["member", *[name for name in shown if name != "member"]]],
        name="win_rates",
        finding=Message(
            "Groups unlike the rest beyond noise: {n:count} of {all:count}",
            n=int(groups["flagged"].sum()),
            all=int(groups["p_value"].notna().sum()),
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


def lead_channels(channels: pd.DataFrame) -> Exhibit | None:
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


def stage_groups(frame: pd.DataFrame) -> Exhibit | None:
    """At which stage a group is unlike the rest; `frame` is `stage_groups.by_group`."""
    told = frame[frame["flagged"].astype(bool)]
    if told.empty:
        return None
    worse = np.where(told["what"] == "share", told["own"] < told["rest"], told["own"] > told["rest"])
    kinds = told["what"].map({"share": "percent", "days": "days"})
    both = [
        Message("{own}, the others {rest}", own=Written(kind, own), rest=Written(kind, rest))
        for own, rest, kind in zip(told["own"], told["rest"], kinds, strict=True)
    ]
    shown = worded(
        told,
        group=_members(told),
        what=[Message(WHAT_NAMES[what]) for what in told["what"]],
        told=both,
        state=np.where(worse, "behind", "ahead"),
    )
    return exhibit.table(
        shown[["group", *[name for name in shown if name != "group"]]],
        name="stage_groups",
        finding=Message(
            "Unlike the rest at a stage, beyond noise: {n:count} of {all:count} looks",
            n=len(told),
            all=len(frame),
        ),
        subtitle=Message(
            "Deals that entered the stage in the last twelve months; each group against all others"
        ),
        columns={
            "group": Column(marked("Group")),
            "stage": Column(marked("Stage"), "given"),
            "what": Column(marked("By")),
            "decided": Column(marked("Deals"), "count"),
            "told": Column(marked("Found"), "written", status="state"),
        },
    )


def _members(groups: pd.DataFrame) -> list[Text]:
    """The groups' names; a channel's as people call it."""
    return [
        Written("sentence", called(member)) if dimension == "channel" else member
        for dimension, member in zip(groups["dimension"], groups["member"], strict=True)
    ]
