"""Which accounts have gone silent, beyond their own rhythm?

Each account is held against its own intervals between order days, not against a rule for all. The alarm asks how likely
a pause this long is if the account still bought as it always did. Its intervals are taken as gamma-distributed; then the
next interval over the mean of the n before follows F(2k, 2nk), whatever the scale. k, the regularity (1 for orders at
random, more for a standing order), is the account's own 1/CV², drawn towards 1 where there are few intervals.
"""

from __future__ import annotations

import pandas as pd
from scipy.stats import f as f_distribution

FEWEST_INTERVALS = 4
FEWEST_ALARMS = 10  # below which they are no record
ALARM = 0.01  # chance of a false alarm an account
PRIOR_INTERVALS = (
    5  # intervals at random that every account is credited with, before its own regularity counts
)

COLUMNS = ["account_id", "last_on", "orders", "interval", "due_on", "pause", "chance", "silent", "a_year"]


def silence(order_days: pd.DataFrame, *, as_of: pd.Timestamp, alarm: float = ALARM) -> pd.DataFrame:
    """How long has each account paused, and could it be chance?

    In: one row per account × day (account_id, day, net_amount, is_order). Out: one row per account with an order day,
    least likely pause first: account_id, last_on, orders (order days), interval (mean days between them; missing below
    two), due_on (last + interval), pause (days), chance (of such a pause; missing below four intervals), silent (chance
    below `alarm`), a_year (revenue of the 365 days up to the last order: what is at stake). Empty in, empty out.
    """
    days = order_days[order_days["account_id"].notna() & (order_days["day"] <= as_of)]
    ordered = days.loc[days["is_order"].astype(bool), ["account_id", "day"]].drop_duplicates()
    ordered = ordered.sort_values(["account_id", "day"])
    gap = ordered.groupby("account_id")["day"].diff().dt.days
    table = (
        ordered.assign(gap=gap)
        .groupby("account_id")
        .agg(last_on=("day", "max"), orders=("day", "size"), interval=("gap", "mean"), spread=("gap", "std"))
    )
    table = table.reset_index()
    table["pause"] = (as_of - table["last_on"]).dt.days.astype(float)
    table["due_on"] = table["last_on"] + pd.to_timedelta(table["interval"].round(), unit="D")
    table["chance"] = _chance(table)
    table["silent"] = (table["chance"] < alarm).astype(bool)
    table["a_year"] = _year_before(days, table)
    return table.sort_values(["chance", "account_id"], na_position="last", ignore_index=True)[COLUMNS]


def stayed_away(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """How many of the accounts that fell silent before did not order in the next 90 days, by the company's own record?

    Alarms at the ends of the four quarters that ended 90 to 365 days before `as_of`. None under ten of them.
    """
    alarms = stayed = 0
    ordered = order_days[order_days["is_order"].astype(bool)]
    for back in range(1, 5):
        day = as_of - pd.Timedelta(days=90 * back)
        quiet = silence(order_days, as_of=day).query("silent")["account_id"]
        came = ordered.loc[
            ordered["day"].between(day, day + pd.Timedelta(days=90), inclusive="right"), "account_id"
        ]
        alarms, stayed = alarms + len(quiet), stayed + int((~quiet.isin(came)).sum())
    return stayed / alarms if alarms >= FEWEST_ALARMS else None


def _chance(table: pd.DataFrame) -> pd.Series:
    intervals = table["orders"].astype(float) - 1
    enough = intervals >= FEWEST_INTERVALS
    n, pause = intervals.where(enough), table["pause"].where(enough)
    variation = (table["spread"] / table["interval"]) ** 2
    regularity = (n + PRIOR_INTERVALS) / (n * variation + PRIOR_INTERVALS)
    chance = f_distribution.sf(pause / table["interval"], 2 * regularity, 2 * n * regularity)
    return pd.Series(chance, index=table.index, dtype=float).where(enough)


def _year_before(days: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    since = days.merge(table[["account_id", "last_on"]], on="account_id")
    inside = (since["day"] <= since["last_on"]) & (since["day"] > since["last_on"] - pd.Timedelta(days=365))
    total = since[inside].groupby("account_id")["net_amount"].sum()
    return table["account_id"].map(total).fillna(0.0).astype(float).clip(lower=0)
