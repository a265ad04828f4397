"""How much of a product line's fall is mix, rate and immaturity? An exact split, so that a young cohort is not a bad one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesnb.calendars.periods import months_back

COLUMNS = ("part", "points", "from_share", "to_share")
MONTHS = 9  # of deals created, against the same months a year before


def split_change(
    opportunities: pd.DataFrame,
    *,
    line: str,
    as_of: pd.Timestamp,
    months: int = MONTHS,
    segment: str = "channel",
) -> pd.DataFrame:
    """How much of a line's change in won / created is immaturity, mix and rate? Deals created in the last `months` months
    against the same months a year before, all as known now.

    Three rows whose `points` sum to the change exactly: ``immaturity`` (what the earlier deals have won since they were as old as
    these are: those decided first need not be like the rest), ``mix`` (other shares of the `segment`), ``rate`` (other shares
    won within it, both at equal age: the earlier deals as they stood a year before `as_of`); also part, from_share and to_share of the
    whole change. Empty where a span has no deal or none decided.
    """
    start, year = months_back(as_of, months), pd.DateOffset(years=1)
    mine = opportunities[opportunities["product_line"] == line].assign(
        segment=lambda deals: deals[segment].fillna("")
    )
    now, before = (
        mine[mine["created_on"] >= start],
        mine[mine["created_on"].between(start - year, as_of - year)],
    )
    if any((part["outcome"] != "open").sum() == 0 for part in (now, before)):
        return pd.DataFrame(columns=list(COLUMNS))
    then = before.assign(outcome=before["outcome"].mask(~(before["closed_on"] <= as_of - year), "open"))
    raw = [(part["outcome"] == "won").mean() for part in (before, now)]
    names = sorted(set(now["segment"]) | set(before["segment"]))
    weights, rates = zip(*(_weights_and_rates(part, names) for part in (then, now)), strict=True)
    mix = float(((weights[1] - weights[0]) * (rates[0] + rates[1]) / 2).sum())
    rate = float(((rates[1] - rates[0]) * (weights[0] + weights[1]) / 2).sum())
    immaturity = float((then["outcome"] == "won").mean() - raw[0])
    frame = pd.DataFrame({"part": ["immaturity", "mix", "rate"], "points": [immaturity, mix, rate]})
    return frame.assign(from_share=float(raw[0]), to_share=float(raw[1]))


def of_lines(opportunities: pd.DataFrame, *, lines: Sequence[str], as_of: pd.Timestamp) -> pd.DataFrame:
    """The same for several lines, one below the other: product_line and the columns of `split_change`. Lines without a split are
    left out."""
    parts = [split_change(opportunities, line=line, as_of=as_of).assign(product_line=line) for line in lines]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["product_line", *COLUMNS])


def _weights_and_rates(part: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the created deals by segment, and the share of each that is won so far (the span's own where it has no deal)."""
    won = part["outcome"] == "won"
    rates = won.groupby(part["segment"]).mean()
    shares = part["segment"].value_counts(normalize=True)
    return shares.reindex(names).fillna(0).to_numpy(float), rates.reindex(names).fillna(won.mean()).to_numpy(
        float
    )
