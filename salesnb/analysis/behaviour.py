"""Which key accounts changed their behaviour?

Three signs are put side by side: a pause longer than the account's own rhythm explains, fewer order days in the last half
year than in the half year before (beyond chance), and an event such as a new decision maker.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import beta

from salesnb.analysis.decomposition import records, rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import month_end, months_back
from salesnb.findings import Finding

COLUMNS = [
    "account_id", "account_name", "last_on", "interval", "pause", "silent", "slower", "pace", "pace_low", "pace_high", "trend", "yearly", "at_stake", "likelihood", "basis", "event", "owner",
]  # fmt: skip
FALSE_DISCOVERY = 0.1  # of slower accounts among those called so
FEWEST_SLOWED = 10  # accounts that slowed before: of fewer nobody can say how they go on


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
    slowed: float | None = None,
) -> pd.DataFrame:
    """Which of the key accounts stopped or slowed, and was there an event?

    `silence`: one row per account (account_id, last_on, interval, pause, silent, a_year). `order_days`: account × day
    (net_amount, is_order). `keys`: the ids of the key accounts. `events`: account_id, happened_on, kind. `owners`: account_id,
    owner. One row per key account that is silent or slower, most at stake first: trend (change of the last half year's sales
    on the half year before), slower (fewer order days beyond chance, at this false discovery rate, and than in the same half of the year before too: who buys by
    season always slows; an account that is younger cannot be told from one), pace (order days of the
    last half year over those of the half year before, beside the same ratio of all other key accounts) with its exact 95%
    interval pace_low … pace_high (Clopper and Pearson 1934, given the account's number of order days), yearly (a year of orders),
    at_stake (all of it where silent, the decline where slower), likelihood (0–1, what the company's own record says of such
    alarms: `stopped` for the silent ones, `slowed` for the slower; missing without one), basis (record, unknown), event (its latest kind in a year, or missing).
    """
    half, year = months_back(as_of, 6), months_back(as_of, 12)
    rows = silence[silence["account_id"].isin(keys)].merge(
        paces(order_days, keys=keys, as_of=as_of, false_discovery=false_discovery), on="account_id"
    )
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    days = order_days[
        order_days["account_id"].isin(keys) & (order_days["day"] <= as_of) & (order_days["day"] >= year)
    ]
    late = days["day"] >= half
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
    chances = [np.nan if chance is None else chance for chance in (stopped, slowed)]
    rows["likelihood"] = np.where(rows["silent"], *chances)
    rows["basis"] = np.where(rows["likelihood"].notna(), "record", "unknown")
    recent = events[(events["happened_on"] >= year) & events["account_id"].notna()].sort_values("happened_on")
    rows["event"] = rows["account_id"].map(recent.groupby("account_id")["kind"].last())
    rows["owner"] = rows["account_id"].map(owners.set_index("account_id")["owner"])
    names = accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
    rows["account_name"] = rows["account_id"].map(names).fillna(rows["account_id"])
    rows = rows[(rows["silent"].astype(bool) | rows["slower"]) & (rows["at_stake"] > 0)]
    return rows.sort_values(["at_stake", "account_id"], ascending=[False, True], ignore_index=True)[COLUMNS]


def paces(
    order_days: pd.DataFrame,
    *,
    keys: list[str],
    as_of: pd.Timestamp,
    false_discovery: float = FALSE_DISCOVERY,
) -> pd.DataFrame:
    """Which of the key accounts orders less often than half a year ago, and is it its season?

    One row per key account with an order day: account_id, pace with pace_low and pace_high, p_value (of so few order days in the
    later half year), season_p (the same against that half of the year before; missing without one), conclusion, by and rivals (the time
    of the year), slower. As told under `changed`.
    """
    known = order_days[order_days["is_order"].astype(bool) & (order_days["day"] <= as_of)]
    as_of = records.told_until(
        known, by="account_id", as_of=as_of
    )  # halves of a year that the records tell of
    half, year = months_back(as_of, 6), months_back(as_of, 12)
    ordered = known[known["account_id"].isin(keys)]
    rows = pd.DataFrame({"account_id": ordered["account_id"].unique()})

    def counted(days: pd.DataFrame) -> pd.Series:
        return rows["account_id"].map(days.groupby("account_id").size()).astype(float)

    days = ordered[ordered["day"] >= year]
    now, before = (counted(days[side]).fillna(0.0) for side in (days["day"] >= half, days["day"] < half))
    total = float(now.sum() + before.sum())
    spread = _bursts(days, year, as_of)
    chance = rivals.at_least(
        before / spread, (now + before) / spread, float(before.sum()) / total if total else 0.5
    )
    p_value = np.where(now + before > 0, chance, np.nan)
    seen = beyond_noise(p_value, looks="fdr_bh", alpha=false_discovery)
    back = pd.DateOffset(years=1)
    then = counted(ordered[ordered["day"].between(half - back, as_of - back)])
    both = float(now[then.notna()].sum() + then.sum())
    usual = rivals.at_least(then / spread, (now + then) / spread, float(then.sum()) / both if both else 0.5)
    season_p = pd.Series(usual, rows.index).where(then.notna())
    slower = seen & beyond_noise(season_p.where(seen), looks="fdr_bh", alpha=false_discovery)
    shares = [{"calendar": float(one)} for one in season_p.notna().to_numpy() & ~slower]
    rows = rows.assign(**_pace(now, before), p_value=p_value, season_p=season_p, slower=slower)
    return rows.join(rivals.worded(rows.index, seen, slower, shares))


def stayed_slow(order_days: pd.DataFrame, *, keys: list[str], as_of: pd.Timestamp) -> float | None:
    """How many of the key accounts that had slowed before ordered no more often in the half year after, by the company's own record?

    Asked half a year, a year, and one and a half years before `as_of`. None under ten such accounts.
    """
    slowed = stayed = 0
    ordered = order_days[order_days["is_order"].astype(bool)]
    for months in (6, 12, 18):
        day = month_end(as_of - pd.DateOffset(months=months))
        then = paces(order_days, keys=keys, as_of=day)
        names = then.loc[then["slower"].astype(bool), "account_id"]
        own = ordered[ordered["account_id"].isin(names)]
        half, after = months_back(day, 6), day + pd.DateOffset(months=6)
        before = own[own["day"].between(half, day)].groupby("account_id").size()
        came = own[own["day"].between(day, after, inclusive="right")].groupby("account_id").size()
        slowed += len(names)
        stayed += int((names.map(came).fillna(0) <= names.map(before).fillna(0)).sum())
    return stayed / slowed if slowed >= FEWEST_SLOWED else None


def findings(found: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `paces`."""
    return rivals.told(
        found, id="account.slower", member="account_id", value="pace", ends=("pace_low", "pace_high"), stated=FALSE_DISCOVERY,
        unit="order_day", basis="own_past", period=(months_back(as_of, 12), as_of),
    )  # fmt: skip


def _bursts(ordered: pd.DataFrame, since: pd.Timestamp, as_of: pd.Timestamp) -> float:
    """How many order days come together, as the accounts' months tell: the mean of variance over mean, at least one."""
    months = len(pd.period_range(since, as_of, freq="M"))
    place, accounts = pd.factorize(ordered["account_id"])
    month = (ordered["day"].dt.year - since.year) * 12 + ordered["day"].dt.month - since.month
    inside = ((month >= 0) & (month < months)).to_numpy() & (place >= 0)
    cells = np.bincount(place[inside] * months + month.to_numpy()[inside], minlength=months * len(accounts))
    counts = pd.DataFrame(cells.reshape(-1, months))
    each = (counts.var(axis=1, ddof=1) / counts.mean(axis=1)).dropna()
    return float(max(1.0, each.median())) if len(each) else 1.0


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
