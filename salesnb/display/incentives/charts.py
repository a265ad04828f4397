"""The pay curve with its marginal rate, and what commission costs in weak and strong years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.labels import label_line, label_point, money_axis, share_axis
from salesnb.display.kit.pen import Pen
from salesnb.language import Message, marked


def draw_curve(axes: np.ndarray, data: pd.DataFrame, pen: Pen) -> np.ndarray:
    """Pay over attainment above, below it what the next unit sold pays; the alternative in grey."""
    pay, rate = axes
    if "other" in data:
        pay.plot(data["attainment"], data["other"], color=theme.CONTEXT, linewidth=1.4)
        rate.step(data["attainment"], data["other_rate"], where="post", color=theme.CONTEXT, linewidth=1.4)
        label_line(
            pay,
            data["attainment"].iloc[-1],
            data["other"].iloc[-1],
            pen("Alternative"),
            color=theme.MUTED,
            weight="normal",
        )
    pay.plot(data["attainment"], data["payout"], color=theme.ACTUAL, linewidth=2.2)
    label_line(
        pay, data["attainment"].iloc[-1], data["payout"].iloc[-1], pen("This plan"), color=theme.ACTUAL
    )
    pay.set_title(pen("Commission of a year"), loc="left")
    rate.step(data["attainment"], data["rate"], where="post", color=theme.ACTUAL, linewidth=2.2)
    for place in np.flatnonzero(data["rate"] != data["rate"].shift()):
        at, paid = data["attainment"].iloc[place], data["rate"].iloc[place]
        label_point(rate, at, paid, pen.share(paid), color=theme.ACTUAL, ha="left")
    rate.set_title(pen("The next unit sold pays"), loc="left")
    money_axis(pay, pen)
    share_axis(rate, pen, ticks=6)
    if (top := float(data["rate"].max())) > 0:
        rate.set_ylim(top=1.2 * top)  # room for the rates above their steps
    for ax in axes:
        ax.set_xlim(0, float(data["attainment"].max()))
        share_axis(ax, pen, which="x")
    return axes


def pay_curve(curve: pd.DataFrame) -> Exhibit | None:
    """What a median person's year pays at each attainment, and what the next unit pays there."""
    if curve.empty:
        return None
    at = curve.iloc[int((curve["attainment"] - 1).abs().to_numpy().argmin())]
    return exhibit.chart(
        draw_curve,
        curve,
        name="pay_curve",
        finding=Message(
            "Reaching the target pays {pay:money}; the next unit sold is worth {rate:share}",
            pay=at["payout"],
            rate=at["rate"],
        ),
        subtitle=Message("Commission of a year by attainment of the median personal target, {currency}"),
        rows=2,
        share=False,
        height=(4.6, 4.6),
        columns={
            "attainment": Column(marked("Attainment"), "percent"),
            "sold": Column(marked("Sold"), "money"),
            "payout": Column(marked("Commission"), "money"),
            "rate": Column(marked("Next unit pays"), "share"),
            "other": Column(marked("Alternative"), "money"),
            "other_rate": Column(marked("Next unit, alternative"), "share"),
        },
    )


def draw_cost(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Cost over the year's end: this plan strong, the alternative grey."""
    ends = data["booked"]
    ax.plot(ends, data["other"], color=theme.CONTEXT, linewidth=1.6)
    ax.plot(ends, data["cost"], color=theme.ACTUAL, linewidth=2.2, marker="o", markersize=4)
    label_line(ax, ends.iloc[-1], data["cost"].iloc[-1], pen("This plan"), color=theme.ACTUAL)
    label_line(
        ax, ends.iloc[-1], data["other"].iloc[-1], pen("Alternative"), color=theme.MUTED, weight="normal"
    )
    money_axis(ax, pen)
    money_axis(ax, pen, which="x", ticks=4 if pen.narrow else 6, zero=False)
    return ax


def cost_by_outcome(outcomes: pd.DataFrame) -> Exhibit | None:
    """What commission costs by where the year ends, this plan beside the alternative; None without a simulation."""
    if outcomes.empty:
        return None
    weak, strong = outcomes.iloc[0], outcomes.iloc[-1]
    return exhibit.chart(
        draw_cost,
        outcomes,
        name="pay_cost",
        finding=Message(
            "A weak year costs {low:money}, a strong one {high:money}; the alternative {other_low:money} and {other_high:money}",
            low=weak["cost"],
            high=strong["cost"],
            other_low=weak["other"],
            other_high=strong["other"],
        ),
        subtitle=Message(
            "Commission of the year by simulated year end, mean of each tenth of the simulations, {currency}"
        ),
        height=(3.0, 2.8),
        columns={
            "booked": Column(marked("Year ends at"), "money"),
            "attainment": Column(marked("Attainment"), "share"),
            "cost": Column(marked("This plan"), "money"),
            "rate": Column(marked("Of bookings"), "share"),
            "other": Column(marked("Alternative"), "money"),
            "other_rate": Column(marked("Of bookings, alternative"), "share"),
        },
    )
