"""What did the year's sales days bring, against a usual day?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.calendars.periods import month_end, month_start, working_days
from salesnb.calendars.sales_days import sales_days

USUAL = 10  # working days of a month from which its usual day is known
AHEAD = 31  # days


def in_month(
    order_days: pd.DataFrame, *, as_of: pd.Timestamp, country: str | None, named: Mapping[str, str]
) -> pd.DataFrame:
    """The sales days of the month up to `as_of`, and those of the next 31 days.

    `order_days`: day, net_amount. One row per sales day: name, day, ahead (it is still to come), times (bookings of the day over the mean
    working day of its month that is none; NaN ahead, and where the month has fewer than ten of these or no money), times_before (the
    same for the sales day of that name a year before; NaN where orders do not reach back).
    """
    daily = order_days.groupby("day")["net_amount"].sum()
    first = daily.index.min() if len(daily) else as_of
    rows = []
    for name, day in sales_days(
        month_start(as_of).date(), (as_of + pd.Timedelta(days=AHEAD)).date(), country=country, named=named
    ):
        at = pd.Timestamp(day)
        before = [
            pd.Timestamp(then)
            for other, then in sales_days(
                (at - pd.DateOffset(months=12) - pd.Timedelta(days=7)).date(),
                (at - pd.DateOffset(months=12) + pd.Timedelta(days=7)).date(),
                country=country,
                named=named,
            )
            if other == name
        ]
        past = (
            _times(daily, before[0], country) if before and month_start(before[0]) >= first else float("nan")
        )
        rows.append(
            (
                name,
                at,
                at > as_of,
                float("nan") if at > as_of else _times(daily, at, country, until=as_of),
                past,
            )
        )
    return pd.DataFrame(rows, columns=["name", "day", "ahead", "times", "times_before"])


def _times(
    daily: pd.Series, day: pd.Timestamp, country: str | None, *, until: pd.Timestamp | None = None
) -> float:
    usual = working_days(month_start(day), until or month_end(day), country=country)
    usual = usual[usual != day]
    mean = float(daily.reindex(usual, fill_value=0.0).mean()) if len(usual) >= USUAL else 0.0
    return float(daily.get(day, 0.0)) / mean if mean > 0 else float("nan")
