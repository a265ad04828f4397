"""In whose hands does a product line's conversion fall: everybody's, or those of a few?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis import intervals
from salesnb.calendars.periods import months_back

DRAWS = 2000
MONTHS = 9  # of closed deals, against the same months a year before
FEW = 2  # people in whose hands a fall may lie


def spans(
    opportunities: pd.DataFrame, *, as_of: pd.Timestamp, months: int = MONTHS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deals closed in the last `months` months, and in the same months a year before."""
    start, year = months_back(as_of, months), pd.DateOffset(years=1)
    closed = opportunities[(opportunities["outcome"] != "open") & opportunities["product_line"].notna()]
    return closed[closed["closed_on"] >= start], closed[
        closed["closed_on"].between(start - year, as_of - year)
    ]


def by_rep(
    opportunities: pd.DataFrame, *, line: str, as_of: pd.Timestamp, months: int = MONTHS
) -> pd.DataFrame:
    """In whose hands does a line fall? One row per person who closed such deals in either span, the largest shortfall first:
    rep_id, rep_name, closed_now, won_now, closed_before, won_before, now, before, change, shortfall (wins missing now
    against the person's earlier rate, drawn towards the line's with the weight of five deals)."""
    now, before = spans(opportunities, as_of=as_of, months=months)
    now, before = now[now["product_line"] == line], before[before["product_line"] == line]
    counts = _counts(now).join(_counts(before), how="outer", lsuffix="_now", rsuffix="_before").fillna(0)
    line_rate = float((before["outcome"] == "won").mean()) if len(before) else np.nan
    earlier = (counts["won_before"] + 5 * line_rate) / (counts["closed_before"] + 5)
    counts["shortfall"] = counts["closed_now"] * earlier - counts["won_now"]
    counts["now"] = counts["won_now"] / counts["closed_now"].where(counts["closed_now"] > 0)
    counts["before"] = counts["won_before"] / counts["closed_before"].where(counts["closed_before"] > 0)
    counts["change"] = counts["now"] - counts["before"]
    names = pd.concat([now, before]).drop_duplicates("rep_id").set_index("rep_id")["rep_name"]
    counts.insert(
        0, "rep_name", names.reindex(counts.index).fillna(pd.Series(counts.index, index=counts.index))
    )
    return counts.sort_values("shortfall", ascending=False, kind="stable").rename_axis("rep_id").reset_index()


def unpicked(people: pd.DataFrame, few: tuple[str, ...], *, seed: int) -> tuple[float, float]:
    """How far did the win rate of `few` change? The 95% interval, NaN where they closed nothing in a span.

    They were picked because they fell most, which is partly luck: everybody's rates are drawn towards their common mean in
    either span, as far as they differ no more than their numbers explain (`intervals.true_rates`).
    """
    draws = []
    for span, place in (("now", seed), ("before", seed + 1)):
        own = people[people[f"closed_{span}"] > 0]
        n, picked = own[f"closed_{span}"].to_numpy(float), own["rep_id"].isin(few).to_numpy()
        if not picked.any():
            return float("nan"), float("nan")
        true = intervals.true_rates(own[f"won_{span}"].to_numpy(float) / n, n, draws=DRAWS, seed=place)
        draws.append(true[:, picked] @ n[picked] / n[picked].sum())
    return intervals.ends(draws[0] - draws[1])


def how_crowded(now: pd.DataFrame, reason: str | None, *, seed: int) -> tuple[float, tuple[str, ...]]:
    """Does the reason sit with two people? The chance if the reason were dealt among the lost deals, and who they are."""
    lost = now[(now["outcome"] == "lost") & now["rep_id"].notna()]
    named = (lost["loss_reason"] == reason).to_numpy()
    if reason is None or lost["rep_id"].nunique() <= FEW or named.sum() < 2:
        return float("nan"), ()
    who, people = pd.factorize(lost["rep_id"])
    counts = np.bincount(who[named], minlength=len(people))
    rng = np.random.default_rng(seed)
    dealt = rng.multivariate_hypergeometric(np.bincount(who), int(named.sum()), DRAWS, method="marginals")
    chance = np.sort(dealt, axis=1)[:, -FEW:].sum(axis=1)
    order = np.argsort(-counts, kind="stable")[:FEW]
    return float((1 + (chance >= counts[order].sum()).sum()) / (1 + DRAWS)), tuple(
        str(people[place]) for place in order
    )


def _counts(closed: pd.DataFrame) -> pd.DataFrame:
    return (
        closed.assign(won=closed["outcome"] == "won")
        .groupby("rep_id")
        .agg(closed=("won", "size"), won=("won", "sum"))
    )


def how_uneven(people: pd.DataFrame, *, seed: int) -> float:
    """The chance of falls at least as unequal as these, if every hand's odds had fallen alike (simulated, two-span)."""
    n, before = people["closed_now"].to_numpy(int), people["closed_before"].to_numpy(int)
    if len(people) < 3 or before.sum() == 0 or n.sum() == 0:
        return float("nan")
    line_before, line_now = people["won_before"].sum() / before.sum(), people["won_now"].sum() / n.sum()
    own = (people["won_before"].to_numpy() + 5 * line_before) / (before + 5)
    rng = np.random.default_rng(seed)

    def statistic(won_now: np.ndarray, won_before: np.ndarray) -> np.ndarray:
        start = (won_before + 5 * line_before) / (before + 5)
        missing = start * n - won_now
        gap = missing - missing.sum(axis=-1, keepdims=True) * n / n.sum()
        spread = gap / np.sqrt(np.maximum(n * line_before * (1 - line_before) * (1 + n / (before + 5)), 0.25))
        return np.sort(spread, axis=-1)[..., -FEW:].sum(axis=-1)

    fallen = np.clip(own * line_now / line_before if line_before > 0 else own, 0, 1)
    draws = statistic(rng.binomial(n, fallen, (DRAWS, len(n))), rng.binomial(before, own, (DRAWS, len(n))))
    seen = statistic(people["won_now"].to_numpy(float), people["won_before"].to_numpy(float))
    return float((1 + (draws >= seen).sum()) / (1 + DRAWS))
