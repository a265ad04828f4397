"""Where the value lies, who has gone silent, and how much hangs on few, drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.customers.tables import TIER_NAMES
from salesnb.display.kit import exhibit, labels, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.pen import Pen
from salesnb.language import Message, marked

DRAWN = 12


def draw_effort(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Two bars a tier: its share of revenue, and under it its share of our effort."""
    places = np.arange(len(data))
    known = data["effort_share"].notna()
    beside = 0.19 if known.any() else 0.0
    value = ax.barh(places - beside, data["revenue_share"], color=theme.ACTUAL, height=0.34)
    effort = ax.barh(places + beside, data["effort_share"].fillna(0), color=theme.CONTEXT, height=0.34)
    labels.bar_axis(ax, [pen(TIER_NAMES[tier]) for tier in data["tier"]], pen)
    labels.label_bars(
        ax, value, [pen("{share:percent} of revenue", share=share) for share in data["revenue_share"]]
    )
    labels.label_bars(
        ax,
        effort,
        [
            pen("{share:percent} of effort", share=share) if there else ""
            for share, there in zip(data["effort_share"], known, strict=True)
        ],
    )
    labels.calm(ax)
    ax.margins(x=0.34 if pen.narrow else 0.18)
    return ax


def effort(summary: pd.DataFrame) -> Exhibit | None:
    """Revenue share beside effort share, a pair of bars per tier."""
    if summary["revenue_share"].isna().all():
        return None
    if summary["effort_share"].notna().any():
        most = summary.loc[[(summary["effort_share"] - summary["revenue_share"]).idxmax()]].iloc[0]
        finding = Message(
            "{tier} accounts get {effort:percent} of our effort for {revenue:percent} of revenue",
            tier=Message(TIER_NAMES[most["tier"]]),
            revenue=float(most["revenue_share"]),
            effort=float(most["effort_share"]),
        )
    else:
        finding = Message(
            "Strategic and core accounts bring {revenue:percent} of revenue",
            revenue=float(summary.loc[summary["tier"].isin(["strategic", "core"]), "revenue_share"].sum()),
        )
    return exhibit.chart(
        draw_effort,
        summary,
        name="value_and_effort",
        finding=finding,
        subtitle=Message(
            "Share of twelve months' revenue (blue) and of the hours or contacts of the last 90 days (grey), by tier"
        )
        if summary["effort_share"].notna().any()
        else Message("Share of twelve months' revenue, by tier"),
        height=2.9,
        columns={
            "tier": Column(marked("Tier"), words=TIER_NAMES),
            "accounts": Column(marked("Accounts"), "count"),
            "revenue": Column(marked("Revenue"), "money"),
            "revenue_share": Column(marked("Revenue share"), "share"),
            "contacts": Column(marked("Contacts, 90 days"), "count"),
            "hours": Column(marked("Hours, 90 days"), "number"),
        },
    )


def draw_silence(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A bar of the days of pause per account; the dark tick is its usual interval."""
    bars = ax.barh(range(len(data)), data["pause"], color=theme.ACTUAL, height=0.6)
    ax.scatter(
        data["interval"], range(len(data)), marker="|", s=220, color=theme.TARGET, linewidths=2.2, zorder=3
    )
    labels.bar_axis(ax, list(data["account_name"]), pen)
    labels.label_bars(
        ax,
        bars,
        [
            pen("{pause:days}, usually {interval:number}", pause=pause, interval=round(interval))
            for pause, interval in zip(data["pause"], data["interval"], strict=True)
        ],
    )
    labels.calm(ax)
    ax.margins(x=0.5 if pen.narrow else 0.25)
    return ax


def silence(silent: pd.DataFrame) -> Exhibit | None:
    """The key accounts that pause beyond their rhythm: the largest twelve."""
    rows = silent.head(DRAWN)
    return exhibit.chart(
        draw_silence,
        rows,
        name="silent_accounts",
        finding=Message(
            "{account} has paused for {times:multiple} its usual interval",
            account=rows["account_name"].iloc[0] if len(rows) else "",
            times=float(rows["pause"].iloc[0] / rows["interval"].iloc[0]) if len(rows) else None,
        ),
        subtitle=Message(
            "Days since the last order (bar) and the account's mean interval (tick); most money first"
        ),
        height=0.34 * len(rows) + 0.5,
        columns={
            "account_name": Column(marked("Account")),
            "last_on": Column(marked("Last order"), "date"),
            "pause": Column(marked("Pause"), "days"),
            "interval": Column(marked("Usual interval"), "days"),
            "a_year": Column(marked("A year's revenue"), "money"),
        },
    )


def draw_calendar(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A line a row over the days of the 80% window, thick over the 50% window, a dot on the likely day."""
    places = np.arange(len(data))
    for ends, width, color in ((80, 2.0, theme.CONTEXT), (50, 7.0, theme.ACTUAL)):
        ax.hlines(
            places,
            data[f"from_{ends}"],
            data[f"to_{ends}"] + pd.Timedelta(days=1),
            color=color,
            linewidth=width,
        )
    ax.scatter(data["likely_on"], places, s=30, color=theme.PAPER, edgecolors=theme.INK, zorder=3)
    labels.bar_axis(ax, list(data["account_name"]), pen)
    labels.month_axis(ax, pen)
    for place, chance in zip(places, data["buys_90"], strict=True):
        labels.label_right(ax, float(place), pen("{chance:percent}", chance=chance))
    return ax


def calendar(ahead: pd.DataFrame) -> Exhibit | None:
    """When the accounts with the most money expected are likely to order: the largest twelve."""
    rows = ahead.head(DRAWN)
    if rows.empty:
        return None
    first = rows.sort_values("likely_on").iloc[0]
    return exhibit.chart(
        draw_calendar,
        rows,
        name="purchase_windows",
        finding=Message(
            "Of the largest, {account} is likely to order first: about {day:day}",
            account=first["account_name"],
            day=first["likely_on"],
        ),
        subtitle=Message(
            "Days of the next order, if one comes in ninety days: half of the chance (thick), four fifths (thin), the middle (dot); at the right the chance of one"
        ),
        height=0.34 * len(rows) + 0.7,
        columns={
            "account_name": Column(marked("Account")),
            "likely_on": Column(marked("Likely"), "date"),
            "from_50": Column(marked("1 in 2 from"), "date"),
            "to_50": Column(marked("1 in 2 to"), "date"),
            "buys_90": Column(marked("Orders in 90 days"), "percent"),
            "money_90": Column(marked("Expected"), "money"),
        },
    )


def draw_curve(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """The share of revenue that the largest accounts carry together, and the line if all were alike."""
    ranks, shares = [0, *data["rank"]], [0.0, *data["cumulative"]]
    ax.plot([0, ranks[-1]], [0, 1], color=theme.TARGET, linewidth=1.1, linestyle=(0, (4, 2)))
    ax.plot(ranks, shares, color=theme.ACTUAL)
    tenth = min(10, len(data))
    ax.scatter([tenth], [shares[tenth]], color=theme.ACTUAL, s=36, zorder=3)
    ax.annotate(
        pen("{n:count} largest", n=tenth),
        (tenth, shares[tenth]),
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        color=theme.INK,
    )
    labels.share_axis(ax, pen)
    labels.number_axis(ax, pen, which="x", ticks=4 if pen.narrow else 6)
    ax.set_xlabel(pen("accounts"), loc="right")
    return ax


def curve(shares: pd.DataFrame) -> Exhibit | None:
    """How many accounts carry how much of the revenue."""
    if shares.empty:
        return None
    return exhibit.chart(
        draw_curve,
        shares,
        name="concentration_curve",
        finding=Message(
            "The ten largest of {n:count} customers bring {share:percent} of revenue",
            n=len(shares),
            share=float(shares["cumulative"].iloc[min(10, len(shares)) - 1]),
        ),
        subtitle=Message(
            "Cumulative share of twelve months' revenue, accounts from the largest; dashed: if all were alike"
        ),
        height=3.0,
    )
