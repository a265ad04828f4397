"""Is it the channel, the region, the team, the product line or the size of the deal?

Win rates by each, with intervals; a difference is called only where it is more than the noise of so many looks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from salesnb.analysis import intervals
from salesnb.calendars.periods import months_back

FAIR_CLOSED = 20  # closed deals below which a group is shown, but never called
DIMENSIONS = ("channel", "region", "team", "product_line", "size")
COLUMNS = (
    "dimension",
    "member",
    "closed",
    "won",
    "win_rate",
    "low",
    "high",
    "rest",
    "p_value",
    "flagged",
    "lost_value",
)


def sized(opportunities: pd.DataFrame) -> pd.DataFrame:
    """The same deals with `size`: S, M, L, XL by the quartiles of the known amounts; missing where there is no amount.

    One band less where amounts are so alike that quartiles coincide.
    """
    edges = np.unique(opportunities["amount"].dropna().quantile([0.25, 0.5, 0.75]).to_numpy())
    names = np.array(["S", "M", "L", "XL"], dtype=object)
    band = names[np.searchsorted(edges, opportunities["amount"].to_numpy(float), side="left").clip(max=3)]
    return opportunities.assign(
        size=pd.Series(band, index=opportunities.index).where(opportunities["amount"].notna())
    )


def closed_within(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12) -> pd.DataFrame:
    """Deals won or lost in the last `months` months."""
    closed = opportunities[opportunities["outcome"] != "open"]
    return closed[closed["closed_on"] >= months_back(as_of, months)]


def by_group(
    opportunities: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    dimensions: Sequence[str] = DIMENSIONS,
    months: int = 12,
) -> pd.DataFrame:
    """Where is the win rate unlike the rest's? Deals closed in the last `months` months.

    `dimensions`: columns of the deals; one that they lack is left out. One row per member of each dimension that has at least two: dimension, member, closed, won, win_rate, low, high
    (Wilson), rest (win rate of all others), p_value (Fisher's exact test against the others, NaN below 20 closed
    deals and for size, since closing may rewrite an amount), flagged (beyond noise after Holm's correction over all members of all dimensions), lost_value.
    """
    closed = closed_within(sized(opportunities), as_of=as_of, months=months)
    rows = []
    for dimension in (each for each in dict.fromkeys(dimensions) if each in closed):
        known = closed[closed[dimension].notna()]
        if known[dimension].nunique() < 2:
            continue
        won_all, n_all = int((known["outcome"] == "won").sum()), len(known)
        for member, part in known.groupby(dimension):
            won, n = int((part["outcome"] == "won").sum()), len(part)
            others = [[won, n - won], [won_all - won, n_all - n - (won_all - won)]]
            fair = min(n, n_all - n) >= FAIR_CLOSED and dimension != "size"  # closing may rewrite an amount
            p_value = float(fisher_exact(others)[1]) if fair else np.nan
            lost_value = float(part.loc[part["outcome"] == "lost", "amount"].sum())
            rows.append((dimension, member, n, won, (won_all - won) / (n_all - n), p_value, lost_value))
    frame = pd.DataFrame(
        rows, columns=["dimension", "member", "closed", "won", "rest", "p_value", "lost_value"]
    )
    bounds = intervals.wilson(frame["won"], frame["closed"])
    frame = frame.assign(win_rate=bounds["share"], low=bounds["low"], high=bounds["high"])
    frame["flagged"] = intervals.beyond_noise(frame["p_value"]) if len(frame) else pd.Series(dtype=bool)
    return frame[list(COLUMNS)]


def lead_channels(
    leads: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12, ripe_days: int = 30
) -> pd.DataFrame:
    """Which channel's leads become deals? Leads of the last `months` months that have had `ripe_days` days to do so.

    In: one row per day × channel × person with created and converted. Out: one row per channel, the most fruitful
    first: channel, created, converted, share, low, high (Wilson), rest (share of all others), p_value (Fisher), flagged
    (beyond noise after Holm's correction over the channels).
    """
    ripe = leads[leads["day"].between(months_back(as_of, months), as_of - pd.Timedelta(days=ripe_days))]
    frame = ripe[ripe["channel"].notna()].groupby("channel", as_index=False)[["created", "converted"]].sum()
    n, became = int(frame["created"].sum()), int(frame["converted"].sum())
    bounds = intervals.wilson(frame["converted"], frame["created"])
    p_values = [
        float(fisher_exact([[yes, made - yes], [became - yes, n - made - became + yes]])[1])
        if min(made, n - made) >= FAIR_CLOSED
        else np.nan
        for made, yes in zip(frame["created"].astype(int), frame["converted"].astype(int), strict=True)
    ]
    rest = (became - frame["converted"]) / (n - frame["created"]).where(n > frame["created"])
    frame = frame.assign(
        share=bounds["share"], low=bounds["low"], high=bounds["high"], rest=rest, p_value=p_values
    )
    frame["flagged"] = intervals.beyond_noise(frame["p_value"])
    return frame.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)


def strongest(channels: pd.DataFrame) -> str | None:
    """The channel of `lead_channels` whose leads become deals more often than all others' beyond noise; None where none does."""
    strong = channels[channels["flagged"].astype(bool) & (channels["share"] > channels["rest"])]
    return str(strong["channel"].iloc[0]) if len(strong) else None
