"""Which product line's conversion falls, and is it the product or the pitch?

The fall is split exactly into mix, rate and immaturity; then three readings are weighed: all hands or a few, a
competitor, the reasons given. The verdict is one word, and "cannot tell" is one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from salesnb.analysis import intervals
from salesnb.calendars import months_back

FAIR_CLOSED = 20
SEED = 31
DRAWS = 2000
FEW = 2  # people in whose hands a fall may lie


@dataclass(frozen=True)
class Reading:
    """Why one line fell. `verdict`: product, pitch or cannot_tell. Win rates of deals closed in the two spans; `few` are the
    people with the largest shortfall, `without_*` the rates of everybody else, `uneven_p` the chance of so uneven a fall if
    all hands shared it, `competitor_*` the share of lost deals that name the competitor who gained most."""

    line: str
    verdict: str
    now: float
    before: float
    few: tuple[str, ...]
    few_shortfall: float
    without_now: float
    without_before: float
    without_change_high: float
    uneven_p: float
    competitor: str | None
    competitor_now: float
    competitor_before: float
    competitor_p: float
    reason: str | None
    reason_now: float
    reason_before: float
    lost_wins: float
    lost_value: float


def spans(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 6) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deals closed in the last `months` months, and in the same months a year before."""
    start, year = months_back(as_of, months), pd.DateOffset(years=1)
    closed = opportunities[(opportunities["outcome"] != "open") & opportunities["product_line"].notna()]
    return closed[closed["closed_on"] >= start], closed[closed["closed_on"].between(start - year, as_of - year)]


def by_line(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 6) -> pd.DataFrame:
    """Which line's win rate fell? Deals closed in the last `months` months against the same months a year before.

    One row per product line, the largest fall first: product_line, closed_now, closed_before, now, before, change,
    low, high (Newcombe's interval of the change), p_value (Fisher; NaN below 20 closed deals in a span), fell (a fall
    beyond noise after Holm's correction over the lines).
    """
    now, before = spans(opportunities, as_of=as_of, months=months)
    rows = []
    for line in sorted(set(now["product_line"]) & set(before["product_line"])):
        (won, n), (won_before, n_before) = _wins(now, line), _wins(before, line)
        change = intervals.difference(won, n, against=(won_before, n_before))
        if change is None:
            continue
        fair = min(n, n_before) >= FAIR_CLOSED
        p = float(fisher_exact([[won, n - won], [won_before, n_before - won_before]])[1]) if fair else np.nan
        rows.append((line, n, n_before, won / n, won_before / n_before, change.value, change.low, change.high, p))
    columns = ["product_line", "closed_now", "closed_before", "now", "before", "change", "low", "high", "p_value"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("change", kind="stable").reset_index(drop=True)
    fell = intervals.beyond_noise(frame["p_value"]) & (frame["change"] < 0) if len(frame) else pd.Series(dtype=bool)
    return frame.assign(fell=fell)


def split_change(
    opportunities: pd.DataFrame, *, line: str, as_of: pd.Timestamp, months: int = 6, segment: str = "channel"
) -> pd.DataFrame:
    """How much of a line's change in won / created is immaturity, mix and rate? Deals created in the last `months` months
    against the same months a year before, all as known now.

    Three rows whose `points` sum to the change exactly: ``immaturity`` (deals not decided yet), ``mix`` (other shares
    of the `segment`), ``rate`` (other win rates of decided deals within it); also part, from_share and to_share of the
    whole change. Empty where a span has no deal or none decided.
    """
    start, year = months_back(as_of, months), pd.DateOffset(years=1)
    mine = opportunities[opportunities["product_line"] == line].assign(segment=lambda deals: deals[segment].fillna(""))
    now, before = mine[mine["created_on"] >= start], mine[mine["created_on"].between(start - year, as_of - year)]
    if any((part["outcome"] != "open").sum() == 0 for part in (now, before)):
        return pd.DataFrame(columns=["part", "points", "from_share", "to_share"])
    raw = [(part["outcome"] == "won").mean() for part in (before, now)]
    names = sorted(set(now["segment"]) | set(before["segment"]))
    weights, rates = zip(*(_weights_and_rates(part, names) for part in (before, now)), strict=True)
    mature = [float((w * r).sum()) for w, r in zip(weights, rates, strict=True)]
    mix = float(((weights[1] - weights[0]) * (rates[0] + rates[1]) / 2).sum())
    rate = float(((rates[1] - rates[0]) * (weights[0] + weights[1]) / 2).sum())
    immaturity = float((raw[1] - mature[1]) - (raw[0] - mature[0]))
    frame = pd.DataFrame({"part": ["immaturity", "mix", "rate"], "points": [immaturity, mix, rate]})
    return frame.assign(from_share=float(raw[0]), to_share=float(raw[1]))


def by_rep(opportunities: pd.DataFrame, *, line: str, as_of: pd.Timestamp, months: int = 6) -> pd.DataFrame:
    """In whose hands does a line fall? One row per person who closed such deals in both spans, the largest shortfall first:
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
    counts.insert(0, "rep_name", names.reindex(counts.index).fillna(pd.Series(counts.index, index=counts.index)))
    return counts.sort_values("shortfall", ascending=False, kind="stable").rename_axis("rep_id").reset_index()


def reading(opportunities: pd.DataFrame, *, line: str, as_of: pd.Timestamp, months: int = 6, seed: int = SEED) -> Reading | None:
    """Product or pitch? **pitch** where the fall is unevenly spread (a chance below 5% if all hands shared it) and the
    rate without the two people who fell most did not fall beyond noise; **product** where it fell without them too and
    is not uneven, or a competitor gained among the lost deals of everybody else; else **cannot tell**.

    None where a span has no closed deal of the line.
    """
    now, before = spans(opportunities, as_of=as_of, months=months)
    now, before = now[now["product_line"] == line], before[before["product_line"] == line]
    if now.empty or before.empty:
        return None
    people = by_rep(opportunities, line=line, as_of=as_of, months=months)
    few = tuple(people["rep_id"].head(FEW)) if len(people) > FEW else ()
    rest_now, rest_before = now[~now["rep_id"].isin(few)], before[~before["rep_id"].isin(few)]
    rest = intervals.difference(
        *_wins(rest_now, line), against=_wins(rest_before, line)
    ) or intervals.Interval(np.nan, np.nan, np.nan)
    uneven = _uneven(people, seed=seed)
    rival = _gained(rest_now, rest_before, "competitor")
    reason = _gained(now, before, "loss_reason")
    rate_now, rate_before = float((now["outcome"] == "won").mean()), float((before["outcome"] == "won").mean())
    everywhere = rest.high < 0 or (rival[3] < 0.05 and rest.value < 0)
    if uneven < 0.05 and not rest.high < 0:
        verdict = "pitch"
    elif everywhere and uneven >= 0.05:
        verdict = "product"
    else:
        verdict = "cannot_tell"
    missing = len(now) * (rate_before - rate_now)
    return Reading(
        line, verdict, rate_now, rate_before, tuple(people["rep_name"].head(FEW)) if few else (),
        float(people["shortfall"].head(FEW).sum() / people["shortfall"].sum()) if people["shortfall"].sum() > 0 else float("nan"),
        float((rest_now["outcome"] == "won").mean()), float((rest_before["outcome"] == "won").mean()), rest.high, uneven,
        *rival, *reason[:3], missing, missing * float(now["amount"].mean()),
    )  # fmt: skip


def _wins(closed: pd.DataFrame, line: str) -> tuple[int, int]:
    mine = closed[closed["product_line"] == line]
    return int((mine["outcome"] == "won").sum()), len(mine)


def _counts(closed: pd.DataFrame) -> pd.DataFrame:
    return closed.assign(won=closed["outcome"] == "won").groupby("rep_id").agg(closed=("won", "size"), won=("won", "sum"))


def _weights_and_rates(part: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the created deals by segment, and win rates of the decided ones (the span's own where none is decided)."""
    decided = part[part["outcome"] != "open"]
    overall = (decided["outcome"] == "won").mean()
    rates = (decided["outcome"] == "won").groupby(decided["segment"]).mean()
    shares = part["segment"].value_counts(normalize=True)
    return shares.reindex(names).fillna(0).to_numpy(float), rates.reindex(names).fillna(overall).to_numpy(float)


def _uneven(people: pd.DataFrame, *, seed: int) -> float:
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


def _gained(now: pd.DataFrame, before: pd.DataFrame, column: str) -> tuple[str | None, float, float, float]:
    """Whose share among lost deals grew most: name, share now, share before, p-value times the number of names."""
    lost_now, lost_before = now[now["outcome"] == "lost"], before[before["outcome"] == "lost"]
    if lost_now[column].notna().sum() == 0 or lost_before.empty:
        return None, float("nan"), float("nan"), float("nan")
    share_now = lost_now[column].value_counts() / len(lost_now)
    share_before = (lost_before[column].value_counts() / len(lost_before)).reindex(share_now.index).fillna(0)
    name = (share_now - share_before).idxmax()
    a, b = int((lost_now[column] == name).sum()), int((lost_before[column] == name).sum())
    p = float(fisher_exact([[a, len(lost_now) - a], [b, len(lost_before) - b]], alternative="greater")[1])
    return str(name), float(share_now[name]), float(share_before[name]), min(1.0, p * len(share_now))
