"""Which key accounts changed their behaviour?

Three signs are put side by side: a pause longer than the account's own rhythm explains, fewer order days in the last half
year than in the half year before (beyond chance), and an event such as a new decision maker.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import beta, binom

from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import months_back

COLUMNS = [
    "account_id", "account_name", "last_on", "interval", "pause", "silent", "slower", "pace", "pace_low", "pace_high", "trend", "yearly", "at_stake", "likelihood", "basis", "event", "owner",
]  # fmt: skip
FALSE_DISCOVERY = 0.1  # of slower accounts among those called so
STOPPED, SLOWER = 0.7, 0.4  # how likely the business is lost: a judgement, told as such


def changed(
    silence: pd.DataFrame,
    order_days: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    keys: list[str],
    events: pd.DataFrame,
    owners: pd.DataFrame,
    as_of: pd.Timestamp,
    false_discovery: float = FALSE_DISCOVERY,
    stopped: float | None = None,
) -> pd.DataFrame:
    """Which of the key accounts stopped or slowed, and was there an event?

    `silence`: one row per account (account_id, last_on, interval, pause, silent, a_year). `order_days`: account × day
    (net_amount, is_order). `keys`: the ids of the key accounts. `events`: account_id, happened_on, kind. `owners`: account_id,
    owner. One row per key account that is silent or slower, most at stake first: trend (change of the last half year's sales
    on the half year before), slower (fewer order days beyond chance, at this false discovery rate), pace (order days of the
    last half year over those of the half year before, beside the same ratio of all other key accounts) with its exact 95%
    interval pace_low … pace_high (Clopper and Pearson 1934, given the account's number of order days), yearly (a year of orders),
    at_stake (all of it where silent, the decline where slower), likelihood (0–1; of the silent ones `stopped`, what the company's own
    record says of such alarms, where it has one), basis (record, rule), event (its latest kind in a year, or missing).
    """
    half, year = months_back(as_of, 6), months_back(as_of, 12)
    days = order_days[
        order_days["account_id"].isin(keys) & (order_days["day"] <= as_of) & (order_days["day"] >= year)
    ]
    late = days["day"] >= half
    rows = silence[silence["account_id"].isin(keys)].copy()
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    ordered = days["is_order"].astype(bool)
    now = rows["account_id"].map(days[late & ordered].groupby("account_id").size()).astype(float).fillna(0.0)
    before = (
        rows["account_id"].map(days[~late & ordered].groupby("account_id").size()).astype(float).fillna(0.0)
    )
    total = float(now.sum() + before.sum())
    chance = binom.cdf(now, now + before, float(now.sum()) / total if total else 0.5)
    rows["slower"] = beyond_noise(
        np.where(now + before > 0, chance, np.nan), looks="fdr_bh", alpha=false_discovery
    )
    rows = rows.assign(**_pace(now, before))
    sold = (
        rows["account_id"].map(days[late].groupby("account_id")["net_amount"].sum()).astype(float).fillna(0.0)
    )
    sold_before = (
        rows["account_id"]
        .map(days[~late].groupby("account_id")["net_amount"].sum())
        .astype(float)
        .fillna(0.0)
    )
    rows["trend"] = sold / sold_before.where(sold_before > 0) - 1
    rows["yearly"] = rows["a_year"]
    decline = (-rows["trend"]).clip(lower=0, upper=1).fillna(0.0)
    rows["at_stake"] = rows["yearly"] * np.where(rows["silent"], 1.0, decline)
    rows["likelihood"] = np.where(rows["silent"], STOPPED if stopped is None else stopped, SLOWER)
    rows["basis"] = np.where(rows["silent"] & (stopped is not None), "record", "rule")
    recent = events[(events["happened_on"] >= year) & events["account_id"].notna()].sort_values("happened_on")
    rows["event"] = rows["account_id"].map(recent.groupby("account_id")["kind"].last())
    rows["owner"] = rows["account_id"].map(owners.set_index("account_id")["owner"])
    names = accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
    rows["account_name"] = rows["account_id"].map(names).fillna(rows["account_id"])
    rows = rows[(rows["silent"].astype(bool) | rows["slower"]) & (rows["at_stake"] > 0)]
    return rows.sort_values(["at_stake", "account_id"], ascending=[False, True], ignore_index=True)[COLUMNS]


def _pace(now: pd.Series, before: pd.Series) -> dict[str, np.ndarray]:
    """Each account's order days now over before, relative to the same ratio of all others: the estimate and its interval."""
    others = ((now.sum() - now) / (before.sum() - before).where(before.sum() > before)).to_numpy()
    late, early = now.to_numpy(), before.to_numpy()
    low = beta.ppf(0.025, late, early + 1)  # of the share of order days that fall into the later half
    high = beta.ppf(0.975, late + 1, early)
    low, high = np.where(late > 0, low, 0.0), np.where(early > 0, high, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (late / early, low / (1 - low), high / (1 - high))
        return dict(zip(("pace", "pace_low", "pace_high"), (ratio / others for ratio in ratios), strict=True))
