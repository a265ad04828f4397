"""The pay curve, and who has earned what."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display import exhibit, theme
from salesnb.display.exhibit import Column, Exhibit
from salesnb.display.labels import label_point, money_axis, share_axis
from salesnb.language import Language, Message, marked


def draw_curve(ax: Axes, data: pd.DataFrame, *, say: Language, narrow: bool) -> Axes:
    """Pay over attainment; each change of the rate is named where it begins."""
    ax.plot(data["attainment"], data["payout"], color=theme.ACTUAL, linewidth=2.2)
    starts = data[(data["rate"] != data["rate"].shift()) & (data.index > 0)]
    for at, pay, rate in zip(starts["attainment"], starts["payout"], starts["rate"], strict=True):
        ax.plot([at], [pay], marker="o", markersize=4, color=theme.ACTUAL)
        label_point(ax, at, pay, say("then {rate:share}", rate=rate), ha="right")
    ax.set_xlim(0, float(data["attainment"].max()))
    money_axis(ax, say)
    share_axis(ax, say, which="x")
    return ax


def pay_curve(curve: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """What a median person's year pays at each attainment."""
    if curve.empty:
        return None
    at = curve.iloc[int((curve["attainment"] - 1).abs().to_numpy().argmin())]
    return exhibit.chart(
        draw_curve,
        curve,
        name="pay_curve",
        say=say,
        finding=Message(
            "Reaching the target pays {pay:money}; the next unit sold is worth {rate:share}",
            pay=at["payout"],
            rate=at["rate"],
        ),
        subtitle=Message(
            "Commission of a year by attainment of the median personal target, {currency}",
            currency=say.currency,
        ),
        height=(3.0, 2.6),
        columns={
            "attainment": Column(marked("Attainment"), "percent"),
            "sold": Column(marked("Sold"), "money"),
            "payout": Column(marked("Commission"), "cents"),
            "rate": Column(marked("Next unit pays"), "share"),
        },
    )


def earnings(table: pd.DataFrame, *, say: Language) -> Exhibit | None:
    """Who earned what this year, largest first."""
    if table.empty:
        return None
    top = table.iloc[0]
    return exhibit.table(
        table,
        name="commission",
        say=say,
        finding=Message("{name} has earned most: {pay:money}", name=top["name"], pay=top["payout"]),
        subtitle=Message("Commission earned in the year to date, to the cent"),
        columns={
            "name": Column(marked("Person")),
            "sold": Column(marked("Sold"), "money", bar=True),
            "target": Column(marked("Target, year"), "money", secondary=True),
            "attainment": Column(marked("Of the year"), "share"),
            "payout": Column(marked("Commission"), "cents"),
            "next_rate": Column(marked("Next unit pays"), "share"),
        },
        total={"sold": float(table["sold"].sum()), "payout": float(table["payout"].sum())},
    )
