"""What does the pay plan reward, and do people sell at colleagues' customers to reach a step of it?

Just below a step the next sale raises the rate, and a colleague's customer is as good as an own one. An order that a customer of
somebody else's gives to a person is counted away; the share of these within `NEAR` of a step is held against the same person's share in the
same quarter farther from it. The error counts people.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import fiscal_year
from salesnb.findings import Finding
from salesnb.plan import Commission

NEAR = 0.1  # of the step's own height, below it
ALARM = 0.05  # chance of a false call
FEWEST = 20  # orders near a step, and farther from one
NEARNESS = ["orders", "near_orders", "near_share", "far_share", "difference", "low", "high", "p_value", "conclusion", "by", "rivals", "people"]  # fmt: skip


def steps(commission: Commission | None, targets: pd.Series) -> pd.DataFrame:
    """Where do whose steps lie? One row per person of `targets` (the year's, by rep_id) × step with a higher rate than below: rep_id, at
    (money), rate, below (the rates above and below it). Empty where pay is not each person's own bookings'."""
    columns = ["rep_id", "at", "rate", "below"]
    if commission is None or commission.by != "rep" or commission.basis != "net_amount":
        return pd.DataFrame(columns=columns)
    tiers = sorted(commission.tiers, key=lambda tier: tier.start)
    pairs = [(low, high) for low, high in pairwise(tiers) if high.rate > low.rate]
    scale = targets[targets > 0] if commission.unit == "attainment" else targets.abs() * 0 + 1
    rows = [
        (rep, high.start * one, high.rate, low.rate) for rep, one in scale.dropna().items() for low, high in pairs
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def near(days: pd.DataFrame, ladder: pd.DataFrame, *, as_of: pd.Timestamp, starts: int = 1) -> pd.DataFrame:
    """Which of a person's days of the fiscal year lay close below a step? The rows of `days` (day, rep_id, net_amount) of people with
    steps, one per day × rep_id, with before (what the year had brought on the evening before) and near."""
    since, _ = fiscal_year(as_of, starts=starts)
    known = days[days["day"].between(since, as_of) & days["rep_id"].isin(ladder["rep_id"])]
    rows = known.groupby(["rep_id", "day"])["net_amount"].sum().reset_index()
    rows["before"] = rows.groupby("rep_id")["net_amount"].cumsum() - rows["net_amount"]
    ends: dict[str, list[float]] = {}
    for rep, at in zip(ladder["rep_id"], ladder["at"], strict=True):
        ends.setdefault(str(rep), []).append(float(at))
    rows["near"] = [
        any(at * (1 - NEAR) <= sold < at for at in ends[str(rep)]) for rep, sold in zip(rows["rep_id"], rows["before"], strict=True)
    ]  # fmt: skip
    return rows.reset_index(drop=True)


def poaching(away: pd.DataFrame, close: pd.DataFrame) -> pd.DataFrame:
    """Do people sell more at colleagues' customers just below a step?

    `away`: day × rep_id with orders and away; `close` of `near`. One row, none with fewer than `FEWEST` orders near a step or farther
    from one: orders, near_orders, near_share and far_share (orders at colleagues' customers), difference between one person's
    days of one quarter with its 95% interval and p_value, conclusion (found only where the share is higher), by and rivals (mix: who comes near a step;
    calendar: when), people (who came near one).
    """
    rows = away.merge(close[["day", "rep_id", "near"]], on=["day", "rep_id"])
    here = rows["near"].astype(bool)
    counts = rows.groupby(here)["orders"].sum().reindex([True, False]).fillna(0)
    if counts.min() < FEWEST:
        return pd.DataFrame(columns=NEARNESS)
    parts = [
        rows.loc[rows.index.repeat(number.astype(int)), ["rep_id", "day", "near"]].assign(out=out)
        for out, number in ((1.0, rows["away"]), (0.0, rows["orders"] - rows["away"]))
    ]
    each = pd.concat(parts, ignore_index=True)
    side, people = each["near"].to_numpy(bool), each["rep_id"]
    quarter = each["day"].dt.to_period("Q").astype(str)
    strata = pd.DataFrame({"rep_id": people, "quarter": quarter})
    whole, like, mixed, timed = (
        rivals.at_equal_strata(each["out"], side, one, cluster=people)
        for one in (None, strata, strata[["rep_id"]], strata[["quarter"]])
    )
    shares = [float(each.loc[which, "out"].mean()) for which in (side, ~side)]
    gap = shares[0] - shares[1]
    part = {
        name: rivals.share_of(gap, one.value if one else None)
        for name, one in (("mix", mixed), ("calendar", timed))
    }
    seen = whole is not None and whole.p_value < ALARM and gap > 0
    net = like is not None and like.p_value < ALARM and like.value > 0
    word, by = rivals.conclusion(seen, net=net, shares=part)
    told = like or whole or rivals.Estimate(gap, np.nan, np.nan, np.nan)
    came = int(each.loc[side, "rep_id"].nunique())
    row = (
        len(each),
        int(side.sum()),
        *shares,
        told.value,
        told.low,
        told.high,
        told.p_value,
        word,
        by or "",
        part,
        came,
    )
    return pd.DataFrame([row], columns=NEARNESS)


def findings(found: pd.DataFrame, *, as_of: pd.Timestamp, starts: int = 1) -> list[Finding]:
    """The verdict of `poaching`."""
    return rivals.told(
        found.assign(member=""), id="step.poaching", member="member", value="difference", stated=ALARM, unit="person",
        basis="own_past", period=(fiscal_year(as_of, starts=starts)[0], as_of),
    )  # fmt: skip


def rewards(commission: Commission | None, paid: float, bonuses: pd.DataFrame) -> pd.Series:
    """What is the year's pay so far for? Money by kind: own (own bookings), margin, team (of a team's sales, or of a sprint that all
    reach together), from `paid` (the year's commission) and `bonuses` (bonus). Empty where nothing was paid."""
    kind = "own"
    if commission is not None:
        kind = "team" if commission.by == "team" else "margin" if commission.basis == "margin" else "own"
    together = float(bonuses["bonus"].sum()) if len(bonuses) else 0.0
    found = pd.Series({"own": 0.0, "margin": 0.0, "team": together})
    found[kind] += paid
    return found[found > 0]


def close_now(close: pd.DataFrame, ladder: pd.DataFrame) -> int:
    """How many people stand close below a step at the end of the days of `near`?"""
    sold = close.groupby("rep_id")["net_amount"].sum()
    ends: dict[str, list[float]] = {}
    for rep, at in zip(ladder["rep_id"], ladder["at"], strict=True):
        ends.setdefault(str(rep), []).append(float(at))
    return sum(any(at * (1 - NEAR) <= money < at for at in ends[str(rep)]) for rep, money in sold.items())
