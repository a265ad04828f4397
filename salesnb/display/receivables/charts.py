"""Receivables by age, and how long we wait for our money, drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, notation, theme
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import worded
from salesnb.language import Message, Text, Written, marked


def draw_ageing(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A bar per age band, the youngest on top."""
    colours = [theme.CONTEXT, *[theme.ACTUAL] * (len(data) - 1)]  # not yet due is context
    bars = ax.barh(
        np.arange(len(data)), data["amount"].clip(lower=0), color=colours[: len(data)], height=0.62
    )
    labels.bar_axis(ax, list(data["band"]), pen)
    labels.label_bars(
        ax,
        bars,
        [
            f"{pen.money(amount)} · {pen.share(share)}"
            for amount, share in zip(data["amount"], data["share"], strict=True)
        ],
    )
    labels.calm(ax)
    ax.margins(x=0.25)
    return ax


def band(low: object, high: object) -> Text:
    """An age band in words."""
    if pd.isna(low):  # type: ignore[call-overload]
        return Written("sentence", Message("not yet due"))
    if pd.isna(high):  # type: ignore[call-overload]
        return Message("More than {days:days}", days=int(str(low)) - 1)
    return Message("{low:count} to {high:days}", low=low, high=high)


def ageing(bands: pd.DataFrame) -> Exhibit | None:
    """Open receivables by days past due."""
    if bands.empty:
        return None
    rows = worded(
        bands, band=[band(low, high) for low, high in zip(bands["from_day"], bands["to_day"], strict=True)]
    )
    old = bands.iloc[-1]
    return exhibit.chart(
        draw_ageing,
        rows,
        name="ageing",
        finding=Message(
            "{share:share} of open receivables is more than three months overdue: {money:money}",
            share=old["share"],
            money=old["amount"],
        )
        if old["amount"] > 0
        else Message("No open receivable is more than three months overdue"),
        subtitle=Message("Open receivables by days past due, {currency}"),
        height=2.2,
        columns={
            "band": Column(marked("Past due")),
            "amount": Column(marked("Amount"), "money"),
            "invoices": Column(marked("Number of invoices"), "count"),
            "share": Column(marked("Share"), "share"),
        },
    )


def draw_dso(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Days sales outstanding at the month ends, each drawn at its month."""
    months, values = data["month_end"].dt.to_period("M").dt.to_timestamp(), data["dso"]
    ax.plot(months, values, color=theme.ACTUAL)
    ax.scatter(months.iloc[-1:], values.iloc[-1:], color=theme.ACTUAL, s=36, zorder=3)
    label = pen("{days:days}", days=round(float(values.iloc[-1])))
    labels.label_line(ax, months.iloc[-1], values.iloc[-1], label, color=theme.ACTUAL)
    labels.number_axis(ax, pen)
    labels.month_axis(ax, pen)
    return ax


def dso(history: pd.DataFrame) -> Exhibit | None:
    """DSO over thirteen month ends."""
    rows = history.dropna(subset=["dso"])
    if len(rows) < 2:
        return None
    return exhibit.chart(
        draw_dso,
        rows,
        name="dso_history",
        finding=_waiting(rows),
        subtitle=Message(
            "Days sales outstanding at month ends: open receivables over the invoices of ninety days"
        ),
        height=2.6,
        columns={
            "month_end": Column(marked("Month end"), "date"),
            "open": Column(marked("Open"), "money"),
            "overdue": Column(marked("Overdue"), "money"),
            "dso": Column(marked("DSO"), "days"),
            "counted_back": Column(marked("DSO, counted back"), "days"),
        },
    )


def _waiting(rows: pd.DataFrame) -> Message:
    now, then = round(rows["dso"].iloc[-1]), round(rows["dso"].iloc[0])
    if now == then:
        return Message(
            "We wait {now:days} for our money, as in {month:month}", now=now, month=rows["month_end"].iloc[0]
        )
    return Message(
        "We wait {now:days} for our money; it was {then:days} in {month:month}",
        now=now,
        then=then,
        month=rows["month_end"].iloc[0],
    )


def draw_cash(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A bar per week, hatched as what is foreseen, with its interval as a line."""
    places = np.arange(len(data))
    notation.bars(ax, places, data["expected"], as_="forecast", across=True)
    ax.hlines(places, data["low"], data["high"], color=theme.INK, linewidth=1.4)
    labels.bar_axis(ax, list(data["called"]), pen)
    ends = ax.barh(places, data["high"], color="none", height=0.62)  # the text stands clear of the interval
    labels.label_bars(ax, ends, [pen.money(amount) for amount in data["expected"]])
    labels.calm(ax)
    ax.margins(x=0.15)
    return ax


def cash(weeks: pd.DataFrame) -> Exhibit | None:
    """What of the open invoices comes week by week."""
    if weeks.empty:
        return None
    rows = worded(weeks, called=[Message("from {day:day}", day=day) for day in weeks["begins"]])
    return exhibit.chart(
        draw_cash,
        rows,
        name="cash_weeks",
        finding=Message(
            "{money:money} of what is open comes within {days:days}",
            money=float(weeks["so_far"].iloc[-1]),
            days=7 * len(weeks),
        ),
        subtitle=Message("Expected week by week, {currency}; the line: where four weeks of five end"),
        height=0.36 * len(rows) + 0.4,
        columns={
            "called": Column(marked("Week")),
            "expected": Column(marked("Expected"), "money"),
            **interval("money"),
            "so_far": Column(marked("Together"), "money"),
        },
    )
