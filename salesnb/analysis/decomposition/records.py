"""To which day do the records tell? A table that ends early makes everybody look silent, and every month poor."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEWEST = 5  # accounts (people) that sold in a year, below which all may pause at once
DAYS_OF_YEAR = 365
GAP = 0.001  # chance, in all that is known, of a span in which nobody at all orders: less is a hole in the records, or a closed company


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


def untold(days: pd.DataFrame, *, by: str, since: pd.Series, until: pd.Timestamp) -> pd.Series:
    """On how many of the days from each `since` to `until` nobody at all ordered, where such a span is none that chance leaves: a hole in the
    records, a holiday of everybody's. On the index of `since`; 0 where fewer than five are known, of whom one may be the whole."""
    found = pd.Series(0.0, since.index)
    ordered = pd.Series(days["day"].unique()).sort_values(ignore_index=True)
    if days[by].nunique() < FEWEST or len(ordered) < FEWEST:
        return found
    gaps = ordered.diff().dt.days.iloc[1:]
    limit = float(gaps.mean()) * np.log(
        len(gaps) / GAP
    )  # of as many gaps at random, one is longer with this chance
    for place in gaps.index[gaps > limit]:
        begins, ends = since.clip(lower=ordered[place - 1]), min(ordered[place], until)
        found += (ends - begins).dt.days.clip(lower=0)
    return found
