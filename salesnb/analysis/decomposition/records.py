"""To which day do the records tell? A table that ends early makes everybody look silent."""

from __future__ import annotations

import pandas as pd

FEWEST = 5  # accounts that ordered in a year, below which all may pause at once
DAYS_OF_YEAR = 365


def told_until(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Timestamp:
    """The last day of which the order days tell: `as_of`, or the last order day where the company has never paused so long before.

    `order_days`: account_id, day; one row per account × day with an order, none after `as_of`. The account that is asked about is one of many:
    where all of them stop on one day, the records have.
    """
    if order_days.empty:
        return as_of
    last = order_days["day"].max()
    year = order_days[order_days["day"] > last - pd.Timedelta(days=DAYS_OF_YEAR)]
    days = pd.Series(order_days["day"].unique()).sort_values()
    longest = days.diff().max()
    if year["account_id"].nunique() < FEWEST or pd.isna(longest) or as_of - last <= longest:
        return as_of
    return pd.Timestamp(last)
