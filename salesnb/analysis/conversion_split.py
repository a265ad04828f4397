"""How much of a product line's fall is mix, rate and immaturity? An exact split, so that a young cohort is not a bad one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import Finding

COLUMNS = (
    "part", "points", "from_share", "to_share", "change_p", "rate_low", "rate_high", "rate_p",
)  # fmt: skip
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
    whole change; and of the line: change_p (of the whole change by luck, accounts counted), rate_low, rate_high and rate_p (of the
    rate part between like deals of one age). Empty where a span has no deal or none decided.
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
    whole, own = _apart(before, now), _apart(then, now, by="segment")
    return frame.assign(
        from_share=float(raw[0]),
        to_share=float(raw[1]),
        change_p=whole.p_value if whole else np.nan,
        rate_low=own.low if own else np.nan,
        rate_high=own.high if own else np.nan,
        rate_p=own.p_value if own else np.nan,
    )


def _apart(before: pd.DataFrame, now: pd.DataFrame, *, by: str = "") -> rivals.Estimate | None:
    deals = pd.concat([before, now], ignore_index=True)
    here = np.arange(len(deals)) >= len(before)
    strata = deals[[by]] if by else None
    return rivals.at_equal_strata(deals["outcome"] == "won", here, strata, cluster=deals.get("account_id"))


def of_lines(opportunities: pd.DataFrame, *, lines: Sequence[str], as_of: pd.Timestamp) -> pd.DataFrame:
    """The same for several lines, one below the other: product_line and the columns of `split_change`. Lines without a split are
    left out."""
    parts = [split_change(opportunities, line=line, as_of=as_of).assign(product_line=line) for line in lines]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["product_line", *COLUMNS])


def verdicts(parts: pd.DataFrame) -> pd.DataFrame:
    """Did the win rate itself change, or is it mix and immaturity? One row per line of `of_lines`: product_line, change, points (of
    the rate), rate_low, rate_high, change_p, rate_p, conclusion, by and rivals (the share of the change that is mix, and immaturity)."""
    names = {"mix": "mix", "immaturity": "maturity"}
    rate = parts[parts["part"] == "rate"].reset_index(drop=True)
    change = rate["to_share"] - rate["from_share"]
    points = parts.pivot_table(index="product_line", columns="part", values="points", sort=False)
    shares = [
        {name: rivals.share_of(whole, whole - points.loc[line, part]) for part, name in names.items()}
        for line, whole in zip(rate["product_line"], change, strict=True)
    ]
    seen, net = (intervals.beyond_noise(rate[name]) for name in ("change_p", "rate_p"))
    net &= (rate["points"] * change > 0).to_numpy()
    return rate.assign(change=change, **rivals.worded(rate.index, seen, net, shares))


def findings(parts: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `verdicts`."""
    return rivals.told(
        verdicts(parts), id="line.split", member="product_line", value="points", ends=("rate_low", "rate_high"), p="rate_p",
        unit="account", basis="year_before", period=(months_back(as_of, MONTHS), as_of),
    )  # fmt: skip


def _weights_and_rates(part: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the created deals by segment, and the share of each that is won so far (the span's own where it has no deal)."""
    won = part["outcome"] == "won"
    rates = won.groupby(part["segment"]).mean()
    shares = part["segment"].value_counts(normalize=True)
    return shares.reindex(names).fillna(0).to_numpy(float), rates.reindex(names).fillna(won.mean()).to_numpy(
        float
    )
