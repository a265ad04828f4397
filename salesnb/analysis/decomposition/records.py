"""To which day do the records tell? A table that ends early makes everybody look silent, and every month poor."""

from __future__ import annotations

import pandas as pd

FEWEST = 5  # accounts (people) that sold in a year, below which all may pause at once
DAYS_OF_YEAR = 365


def told_until(days: pd.DataFrame, *, by: str, as_of: pd.Timestamp) -> pd.Timestamp:
    """The last day of which days of orders tell: `as_of`, or the last of them where the whole has never paused so long before.

    `days`: one row per day × `by` (account_id, rep_id) with an order, none after `as_of`. Who is asked about is one of many: where all of them stop
    on one day, the records have. Of fewer than five nothing is said.
    """
    if days.empty:
        return as_of
    last = days["day"].max()
    year = days[days["day"] > last - pd.Timedelta(days=DAYS_OF_YEAR)]
    longest = pd.Series(days["day"].unique()).sort_values().diff().max()
    if year[by].nunique() < FEWEST or pd.isna(longest) or as_of - last <= longest:
        return as_of
    return pd.Timestamp(last)
