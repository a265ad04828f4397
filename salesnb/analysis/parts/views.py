"""What does everybody get in each quarter, month, week and working day, and what is nobody's? Sums and splits of a year handed out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesnb.calendars.periods import month_end, shares_passed, working_days
from salesnb.results.targets import Parts

KEYS = ["region", "team", "rep_id", "product_line"]
NOBODY = ""  # rep_id and team of what personal targets exceed (negative) or leave open of their region


def by_day(table: pd.DataFrame, *, country: str | None = None) -> pd.DataFrame:
    """Each month's amounts spread evenly over its working days: one row per row of `table` × day (KEYS, day, week: its Monday, month,
    quarter, amount), to the cent. A month without a working day uses its calendar days.

    Cents that do not divide evenly go round from one part to the next, so that the days of every whole differ by a cent at most.
    """
    pieces = []
    for month, rows in table.groupby("month"):
        start = pd.Timestamp(str(month))
        days = working_days(start, month_end(start), country=country)
        days = days if len(days) else pd.date_range(start, month_end(start))
        cents = (rows["amount"] * 100).round().to_numpy(dtype=np.int64)
        even, over = np.divmod(cents, len(days))
        begins = np.concatenate([[0], over.cumsum()[:-1]])
        place = (np.arange(len(days))[None, :] - begins[:, None]) % len(days)
        spread = even[:, None] + (place < over[:, None])
        piece = rows.loc[rows.index.repeat(len(days)), [*KEYS, "month"]].reset_index(drop=True)
        pieces.append(piece.assign(day=np.tile(days.to_numpy(), len(rows)), amount=spread.ravel() / 100))
    long = pd.concat(pieces, ignore_index=True)
    weeks = long["day"] - pd.to_timedelta(long["day"].dt.weekday, unit="D")
    return long.assign(week=weeks, quarter=_quarter(long["month"]))


def totals(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """What each member of any combination gets: `table` (or its days) summed by the columns `by`, to the cent."""
    frame = table.assign(quarter=_quarter(table["month"])) if "quarter" in by else table
    return frame.groupby(list(by), sort=True)["amount"].sum().round(2).reset_index()


def to_date(parts: Parts | None, *, as_of: pd.Timestamp, country: str | None = None) -> pd.DataFrame | None:
    """What each region (row) should have booked of each product line (column) by `as_of`, of a running month by the share of its
    working days passed, to the cent; None without parts."""
    if parts is None:
        return None
    begun = parts.table[parts.table["month"] <= as_of]
    begun = begun.assign(amount=begun["amount"] * shares_passed(begun["month"], as_of, country=country))
    return begun.pivot_table("amount", "region", "product_line", aggfunc="sum", fill_value=0.0).round(2)


def open_ahead(parts: Parts | None, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which regions' months after `as_of` are not in anybody's target? One row per region with something open: region, open, target
    (of these months), most open first; empty without parts, where nobody has a target, and where it is not known whose region is whose."""
    if parts is None or not parts.placed or not (parts.people["target"] > 0).any():
        return pd.DataFrame(columns=["region", "open", "target"])
    ahead = parts.table[parts.table["month"] > as_of]
    table = pd.DataFrame(
        {
            "open": ahead[ahead["rep_id"] == NOBODY].groupby("region")["amount"].sum().round(2),
            "target": ahead.groupby("region")["amount"].sum().round(2),
        }
    )
    table = table[table["open"] > 0].rename_axis("region").reset_index()
    return table.sort_values(["open", "region"], ascending=[False, True], ignore_index=True)


def by_person(parts: Parts | None) -> pd.DataFrame:
    """Each person's year: one row per person (region, team, rep_id, q1 to q4, year), then per region what is in nobody's target (rep_id empty), to
    the cent; all rows together are the company's year; empty without parts."""
    if parts is None:
        return pd.DataFrame(columns=["region", "team", "rep_id", "year"])
    frame = parts.table.assign(quarter=_quarter(parts.table["month"]))
    wide = frame.pivot_table("amount", ["region", "team", "rep_id"], "quarter", aggfunc="sum").fillna(0.0)
    wide = wide.set_axis([f"q{place + 1}" for place in range(wide.shape[1])], axis=1).round(2)
    wide["year"] = wide.sum(axis=1).round(2)
    table = wide.reset_index()
    return table.sort_values(
        ["rep_id", "region", "team"],
        key=lambda column: column.eq(NOBODY) if column.name == "rep_id" else column,
        kind="stable",
        ignore_index=True,
    )


def by_month(parts: Parts | None, *, country: str | None = None) -> pd.DataFrame:
    """The company's months: month, working_days, amount, per_day (mean of the working days), total (running), to the cent; empty without parts."""
    if parts is None:
        return pd.DataFrame(columns=["month", "amount", "working_days", "per_day", "total"])
    table = totals(parts.table, ["month"])
    days = [len(working_days(month, month_end(month), country=country)) for month in table["month"]]
    table["working_days"] = days
    table["per_day"] = table["amount"] / table["working_days"].where(table["working_days"] > 0)
    return table.assign(total=table["amount"].cumsum().round(2))


def _quarter(months: pd.Series) -> pd.Series:
    """The first month of the fiscal quarter; the fiscal year begins with the first month there is."""
    first = months.min()
    number = (months.dt.year - first.year) * 12 + months.dt.month - first.month
    starts = {place: first + pd.DateOffset(months=3 * place) for place in range(int(number.max()) // 3 + 1)}
    return (number // 3).map(starts)


def sheet(parts: Parts | None, *, country: str | None = None) -> pd.DataFrame:
    """The whole breakdown: one row per working day × region × team × person, a column per product line and their sum, with quarter,
    month and week (its Monday) of the day; empty without parts."""
    index = ["quarter", "month", "week", "day", "region", "team", "rep_id"]
    if parts is None:
        return pd.DataFrame(columns=[*index, "total"])
    wide = (
        by_day(parts.table, country=country)
        .pivot_table("amount", index, "product_line", aggfunc="sum", sort=True)
        .fillna(0.0)
        .round(2)
    )
    wide.columns = [str(name) for name in wide.columns]
    return wide.assign(total=wide.sum(axis=1).round(2)).reset_index()
