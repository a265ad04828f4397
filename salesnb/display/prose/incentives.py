"""What commission costs, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.headlines import Figure
from salesnb.language import Message


def cost(figures: Mapping[str, Figure], year: pd.DataFrame) -> Message | None:
    """Commission to date, its rate, and what the year will most likely cost; None without commission."""
    paid, rate = figures["incentives.payout"].value, figures["incentives.rate"].value
    if paid is None or rate is None:
        return figures["incentives.payout"].reason
    if year.empty:
        return Message(
            "Commission earned this year: {paid:money}, {rate:share} of bookings.", paid=paid, rate=rate
        )
    low, middle, high = year["cost"].quantile([0.1, 0.5, 0.9])
    return Message(
        "Commission earned this year is {paid:money}, {rate:share} of bookings; the year will most likely cost {middle:money} ({low:money} to {high:money}).",
        paid=paid,
        rate=rate,
        middle=middle,
        low=low,
        high=high,
    )


def caveat(year: pd.DataFrame, *, marginal: bool) -> Message | None:
    """What the other mode would cost, and what the simulation assumes."""
    if year.empty or "other" not in year:
        return None
    other = float(year["other"].median())
    if marginal:
        return Message(
            "Simulated year ends, everybody growing alike. The same tiers paid retroactively would cost {other:money}. Personal targets are the year's; sprint bonuses are not included.",
            other=other,
        )
    return Message(
        "Simulated year ends, everybody growing alike. The same tiers paid marginally would cost {other:money}. Personal targets are the year's; sprint bonuses are not included.",
        other=other,
    )
