"""Is it the channel, the region, the team, the product line or the size of the deal?

Win rates by each, with intervals; a difference is called only where it is more than the noise of so many looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import fisher_exact, norm

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import Finding

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
    "conclusion",
    "by",
    "rivals",
    "gap",
    "gap_low",
    "gap_high",
    "flagged",
    "lost_value",
)
HELD = {  # of a dimension: what is held equal beside the deals' size and age, and is not one with it
    "channel": ("region", "rep_id", "product_line"),
    "region": ("channel", "product_line"),
    "team": ("channel", "product_line"),
    "product_line": ("channel", "region", "rep_id"),
}
OTHERWISE = ("channel",)  # a company's own columns may be one with people, places or lines


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

    `dimensions`: columns of the deals; one that they lack is left out. One row per member of each dimension that has at least two: dimension,
    member, closed, won, win_rate, low, high (Wilson, with
    as many trials as deals of alike accounts tell: `rivals.worth`), rest (win rate of all others), p_value (the larger of Fisher's
    against the others and that which counts accounts; NaN below 20 closed deals and for size, since closing may rewrite an amount),
    gap with gap_low and gap_high (to the others between like deals, of those that stand out), conclusion, by and rivals (other deals,
    younger ones), flagged (beyond noise after Holm's correction over all members of all dimensions, and so between like
    deals too), lost_value.
    """
    closed = closed_within(sized(opportunities), as_of=as_of, months=months)
    won, accounts = (closed["outcome"] == "won").astype(float), closed.get("account_id")
    units = pd.Series(rivals.units(accounts, len(closed)), closed.index)
    alike = rivals.likeness(won, units)
    rows = []
    for dimension in (each for each in dict.fromkeys(dimensions) if each in closed):
        known = closed[dimension].notna()
        if closed.loc[known, dimension].nunique() < 2:
            continue
        for member, part in closed[known].groupby(dimension):
            here = (closed.loc[known, dimension] == member).to_numpy()
            wins, n = int(won[part.index].sum()), len(part)
            others, n_others = int(won[known].sum()) - wins, int(known.sum()) - n
            fair = min(n, n_others) >= FAIR_CLOSED and dimension != "size"  # closing may rewrite an amount
            p_value = np.nan
            if fair:
                p_value = float(fisher_exact([[wins, n - wins], [others, n_others - others]])[1])
            if p_value < intervals.FALSE_ALARM:  # what Fisher's test lets pass is not asked again
                apart = rivals.at_equal_strata(won[known], here, cluster=units[known])
                p_value = max(p_value, apart.p_value if apart else 1.0)
            lost_value = float(part.loc[part["outcome"] == "lost", "amount"].sum())
            worth = rivals.worth(units[part.index], alike)
            rows.append((dimension, member, n, wins, others / n_others, p_value, lost_value, worth))
    frame = pd.DataFrame(
        rows, columns=["dimension", "member", "closed", "won", "rest", "p_value", "lost_value", "worth"]
    )
    share = frame["won"] / frame["closed"]
    bounds = intervals.wilson(share * frame["worth"], frame["worth"])
    frame = frame.assign(win_rate=share, low=bounds["low"], high=bounds["high"])
    seen = intervals.beyond_noise(frame["p_value"]) if len(frame) else np.zeros(0, dtype=bool)
    alike_deals = {one: _Alike.of(closed, one) for one in frame.loc[seen, "dimension"].unique()}
    like = [
        _between_like(alike_deals[dimension], member, gap) if one else (None, {})
        for dimension, member, gap, one in zip(
            frame["dimension"], frame["member"], share - frame["rest"], seen, strict=True
        )
    ]
    net_p = [
        one.p_value if one is not None and one.value * gap > 0 else 1.0
        for (one, _), gap in zip(like, share - frame["rest"], strict=True)
    ]
    net = rivals.beyond_both(frame["p_value"], net_p) if len(frame) else seen
    sizes = [one or (np.nan,) * 3 for one, _ in like]
    frame = frame.join(rivals.worded(frame.index, seen, net, [shares for _, shares in like]))
    frame["gap"], frame["gap_low"], frame["gap_high"] = (
        np.array([size[place] for size in sizes], dtype=float) for place in range(3)
    )
    return frame.assign(flagged=seen & np.array(net, dtype=bool))[list(COLUMNS)]


@dataclass(frozen=True)
class _Alike:
    """The deals of a dimension whose members are compared: which member's, won or not, whose accounts', and what is held equal: all,
    all but age, age alone."""

    members: pd.Series
    won: NDArray[np.float64]
    units: np.ndarray
    held: list[rivals.Held]
    apart: list[np.ndarray]

    @classmethod
    def of(cls, closed: pd.DataFrame, dimension: str) -> _Alike:
        known = closed[closed[dimension].notna()]
        won = np.asarray(known["outcome"] == "won", dtype=np.float64)
        strata = rivals.deal_strata(known, without=("channel", "region", "rep_id"))
        strata = strata.join(known[[name for name in HELD.get(dimension, OTHERWISE) if name in known]])
        young = pd.Index(strata.columns) == rivals.AGE
        sides = (strata, strata.loc[:, ~young], strata.loc[:, young])
        held = [rivals.Held.of(one, len(known)) for one in sides]
        units = rivals.units(known.get("account_id"), len(known))
        return cls(known[dimension], won, units, held, [one.apart(won) for one in held])


def _between_like(
    deals: _Alike, member: object, gap: float
) -> tuple[rivals.Estimate | None, dict[str, float]]:
    """A group's distance from the others between deals of like size, age and what is `HELD`, and what of its `gap`
    goes at equal mix and at equal age."""
    here = deals.members == member
    found = [
        rivals.at_equal_strata(deals.won, here, held, cluster=deals.units, apart=apart)
        for held, apart in zip(deals.held, deals.apart, strict=True)
    ]
    left = [one.value if one else None for one in found[1:]]
    shares = {
        name: rivals.share_of(gap, value) for name, value in zip(("mix", "maturity"), left, strict=True)
    }
    return found[0], shares


def findings(groups: pd.DataFrame, channels: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `by_group` and of `lead_channels`."""
    year = (months_back(as_of, 12), as_of)
    return [
        *rivals.told(
            groups, id="group.win_rate", member=["dimension", "member"], value="gap", ends=("gap_low", "gap_high"), unit="account",
            basis="peers", period=year,
        ),
        *rivals.told(
            channels, id="lead.channel", member="channel", value="share", unit="lead", basis="peers", period=year,
        ),
    ]  # fmt: skip


def lead_channels(
    leads: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12, ripe_days: int = 30
) -> pd.DataFrame:
    """Which channel's leads become deals? Leads of the last `months` months that have had `ripe_days` days to do so.

    In: one row per day × channel × person with created and converted. Out: one row per channel, the most fruitful
    first: channel, created, converted, share, low, high (Wilson), rest (share of all others), p_value (Fisher), net_p (the same
    between leads of one person and quarter: Mantel and Haenszel 1959), conclusion, by and rivals, flagged (beyond noise after
    Holm's correction over the channels, and so within people and quarters).
    """
    ripe = leads[leads["day"].between(months_back(as_of, months), as_of - pd.Timedelta(days=ripe_days))]
    ripe = ripe[ripe["channel"].notna()]
    frame = ripe.groupby("channel", as_index=False)[["created", "converted"]].sum()
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
    seen = intervals.beyond_noise(frame["p_value"])
    whose = {"mix": ["rep_id"], "maturity": ["quarter"]}
    ripe = ripe.assign(quarter=ripe["day"].dt.to_period("Q"))
    held = [
        {name: _within(ripe, channel, by) for name, by in (*whose.items(), ("both", ["rep_id", "quarter"]))}
        for channel in frame["channel"]
    ]
    gaps = frame["share"] - frame["rest"]
    frame["net_p"] = [
        one["both"][1] if one["both"][0] * gap > 0 else np.nan for one, gap in zip(held, gaps, strict=True)
    ]
    shares = [
        {name: rivals.share_of(gap, one[name][0]) for name in whose}
        for gap, one in zip(gaps, held, strict=True)
    ]
    net = rivals.beyond_both(frame["p_value"], frame["net_p"])
    frame = frame.join(rivals.worded(frame.index, seen, net, shares)).assign(flagged=seen & net)
    return frame.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)


def _within(leads: pd.DataFrame, channel: object, by: list[str]) -> tuple[float, float]:
    """How far a channel's share lies from the others' among leads of one `by`, and the chance of it: Mantel and Haenszel."""
    here = (leads["channel"] == channel).to_numpy()
    keys = leads.groupby(by, dropna=False).ngroup().to_numpy()
    made, yes = leads["created"].to_numpy(float), leads["converted"].to_numpy(float)
    n, own = np.bincount(keys, made), np.bincount(keys, made * here)
    won, theirs = np.bincount(keys, yes), np.bincount(keys, yes * here)
    some = n > 1
    n, own, won, theirs = n[some], own[some], won[some], theirs[some]
    variance = float((own * (n - own) * won * (n - won) / (n**2 * (n - 1))).sum())
    weight = float((own * (n - own) / n).sum())
    if variance <= 0 or weight <= 0:
        return np.nan, np.nan
    beyond = float((theirs - own * won / n).sum())
    return beyond / weight, float(2 * norm.sf(max(abs(beyond) - 0.5, 0.0) / variance**0.5))


def strongest(channels: pd.DataFrame) -> str | None:
    """The channel of `lead_channels` whose leads become deals more often than all others' beyond noise; None where none does."""
    strong = channels[channels["flagged"].astype(bool) & (channels["share"] > channels["rest"])]
    return str(strong["channel"].iloc[0]) if len(strong) else None
