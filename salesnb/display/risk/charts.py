"""Risks by size, prices below the floor, dependence and events, drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, notation, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.forms import dots
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import worded
from salesnb.display.risk.tables import EVENTS, SHORT
from salesnb.language import Message, Written, marked

HELD = {
    "revenue": (marked("orders"), marked("a year of orders (blue)"), marked("A year of orders")),
    "receivables": (marked("debts"), marked("what it owes (dark)"), marked("Owes")),
    "pipeline": (marked("deals"), marked("open deals times win rate (hatched)"), marked("Weighted deals")),
}  # of what a customer may take away: the word for it, its colour, its column
FAR = 1.5  # a change beyond +150% stands at the edge; its number says how far it went


def draw_register(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A bar per risk: of the money at stake first what is to be expected, hatched."""
    places = np.arange(len(data))
    likely = data["expected"].fillna(0.0)
    ax.barh(places, likely, height=0.62, **notation.LOOKS["forecast"])
    rest = data["at_stake"] - likely
    bars = ax.barh(places, rest, left=likely, color=theme.ACTUAL, alpha=notation.BESIDE, height=0.62)
    labels.bar_axis(ax, list(data["risk"]), pen)
    texts = [
        pen.money(amount) if pd.notna(chance) else pen("{money:money}, chance unknown", money=amount)
        for amount, chance in zip(data["at_stake"], data["likelihood"], strict=True)
    ]
    labels.label_bars(ax, bars, texts)
    labels.calm(ax)
    ax.margins(x=0.15 if data["likelihood"].notna().all() else 0.4)
    return ax


def register(risks: pd.DataFrame) -> Exhibit | None:
    """The largest risks by money at stake times likelihood; those whose likelihood nobody knows below them."""
    if not risks["asks"].any():  # that every company's largest customer may leave is no finding
        return None
    rows = worded(
        risks.head(8),
        risk=[
            Message(SHORT[kind], subject=subject)
            for kind, subject in zip(risks["kind"][:8], risks["subject"][:8], strict=True)
        ],
    )
    return exhibit.chart(
        draw_register,
        rows,
        name="largest_risks",
        finding=_weighed(risks),
        subtitle=Message("Money at stake ({currency}); hatched: times likelihood"),
        height=0.36 * len(rows) + 0.4,
        columns={
            "risk": Column(marked("Risk")),
            "at_stake": Column(marked("At stake"), "money"),
            "likelihood": Column(marked("Likelihood"), "percent"),
            "expected": Column(marked("At stake times likelihood"), "money"),
        },
    )


def _weighed(risks: pd.DataFrame) -> Message:
    known = risks[risks["likelihood"].notna()]
    if known.empty:
        return Message(
            "{money:money} is at stake; how likely it is, nobody can say yet",
            money=float(risks["at_stake"].sum()),
        )
    return Message(
        "Weighed by likelihood, {expected:money} of {money:money} is at risk",
        expected=float(known["expected"].sum()),
        money=float(known["at_stake"].sum()),
    )


def draw_floor(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Shortfall by month; what happened meanwhile stands in `data.attrs["marks"]`."""
    ax.bar(data["month"], data["shortfall"], width=20, color=theme.BEHIND)
    labels.money_axis(ax, pen)
    labels.month_axis(ax, pen)
    for day, text in data.attrs.get("marks", []):
        labels.mark_day(ax, day, pen.text(text))
    return ax


def floor(by_month: pd.DataFrame, wars: pd.DataFrame, events: pd.DataFrame) -> Exhibit | None:
    """Money short of the floor by month, with the price wars that the events table names."""
    if by_month.empty or not by_month["below_lines"].sum():
        return None
    found = wars[wars["found"].astype(bool)]
    if len(found):
        first = found.iloc[0]
        finding = Message(
            "{line} in {region} falls below its floor: {share:share} of lines",
            line=first["product_line"],
            region=first["region"],
            share=first["below_share"],
        )
    else:
        finding = Message("Prices below the floor are spread over lines and regions")
    rows = by_month.sort_values("month")
    known = events[(events["kind"] == "price_war") & (events["happened_on"] >= rows["month"].iloc[0])]
    rows.attrs["marks"] = [
        (event["happened_on"], _war(event["product_line"])) for event in known.head(2).to_dict("records")
    ]
    return exhibit.chart(
        draw_floor,
        rows,
        name="floor_shortfall",
        finding=finding,
        subtitle=Message("What the floor would have brought more, by month, {currency}"),
        height=2.6,
        columns={
            "month": Column(marked("Month"), "month"),
            "below_lines": Column(marked("Lines below"), "count"),
            "below_amount": Column(marked("Sold below"), "money"),
            "shortfall": Column(marked("Shortfall"), "money"),
        },
    )


def _war(line: object) -> Written:
    name = EVENTS["price_war"]
    kind = Message(name)
    return Written("sentence", kind if pd.isna(line) else Message("{kind}, {line}", kind=kind, line=line))  # type: ignore[call-overload]


def draw_dependence(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A stacked bar per customer: orders, owed, and deals, hatched as what is foreseen."""
    places = np.arange(len(data))
    left = np.zeros(len(data))
    for column, look in (
        ("revenue", notation.LOOKS["actual"]),
        ("receivables", {"color": theme.TARGET}),
        ("pipeline", notation.LOOKS["forecast"]),
    ):
        known = data[column].fillna(0.0)  # what is not known is not drawn
        bars = ax.barh(places, known, left=left, height=0.62, **look)
        left = left + known.to_numpy()
    labels.bar_axis(ax, list(data["account_name"]), pen)
    labels.label_bars(ax, bars, [pen.money(amount) for amount in data["at_stake"]])
    labels.calm(ax)
    ax.margins(x=0.15)
    return ax


def dependence(accounts: pd.DataFrame) -> Exhibit | None:
    """The customers whose loss would cost most."""
    if accounts.empty:
        return None
    rows = accounts.head(10)
    known = [name for name in HELD if rows[name].notna().any()]
    held = [Message(HELD[name][0]) for name in known]
    money = float(rows["at_stake"].sum())
    return exhibit.chart(
        draw_dependence,
        rows,
        name="dependence",
        finding=Message("The largest customer holds {money:money} of {held:list}", money=money, held=held)
        if len(rows) == 1
        else Message(
            "The {n:count} largest customers hold {money:money} of {held:list}",
            n=len(rows),
            money=money,
            held=held,
        ),
        subtitle=Message("{currency}: {held:list}", held=[Message(HELD[name][1]) for name in known]),
        height=0.34 * len(rows) + 0.4,
        columns={
            "account_name": Column(marked("Account")),
            **{name: Column(HELD[name][2], "money") for name in known},
        },
    )


def draw_aftermath(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A dot per event: the change of orders, beside the band of quiet weeks."""
    colours = [
        (theme.BEHIND if change < 0 else theme.AHEAD) if beyond else theme.ACTUAL
        for change, beyond in zip(data["change"], data["beyond_noise"], strict=True)
    ]
    return dots(
        ax,
        [
            pen("{line}: {piece}", line=subject, piece=pen(EVENTS[kind]))
            for kind, subject in zip(data["kind"], data["subject"], strict=True)
        ],
        data["change"].clip(upper=FAR),
        low=data["low"],
        high=data["high"].clip(upper=FAR),
        colours=colours,
        pen=pen,
        reading="share",
        band=True,
        texts=[pen.share(change, decimals=0) for change in data["change"]],
    )


def aftermath(effects: pd.DataFrame) -> Exhibit | None:
    """What followed the latest events."""
    if effects.empty:
        return None
    rows = effects.head(10)
    return exhibit.chart(
        draw_aftermath,
        rows,
        name="aftermath",
        finding=Message(
            "{n:count} of {all:count} events moved orders beyond noise",
            n=int(effects["beyond_noise"].sum()),
            all=len(effects),
        ),
        subtitle=Message(
            "Change of weekly orders after the event, the rest of the company's change taken out; grey: nine in ten weeks without an event"
        ),
        height=0.36 * len(rows) + 0.7,
        columns={
            "subject": Column(marked("Subject")),
            "change": Column(marked("Change"), "share", signed=True),
            "low": Column(marked("Noise from"), "share"),
            "high": Column(marked("Noise to"), "share"),
        },
    )
