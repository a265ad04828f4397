"""Which month's target does everybody have by the rows of the targets table? One answer for the headlines, for pay and for the linter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import fiscal_months

GRAIN_MONTHS = {"month": 1, "quarter": 3, "year": 12}  # finest first
SUMMED = ("region", "team", "rep", "product_line")  # whose targets may stand for the company's, in this order


def spread_rows(targets: pd.DataFrame, *, as_of: pd.Timestamp, starts: int = 1) -> pd.DataFrame:
    """Which month's target does every dimension and member have in the fiscal year of `as_of`?

    Input: rows of the targets table. Output: one row per dimension × member × month (dimension, member, month, amount): the
    month's own row, else its share of what the quarter leaves to its open months, else of what the year leaves to its open
    ones; equally, and never below zero. The company counts as one member whatever it is called. Months without a target are
    absent.
    """
    columns = ["dimension", "member", "month", "amount"]
    months = fiscal_months(as_of, starts=starts)
    lengths = targets["grain"].map(GRAIN_MONTHS).fillna(0).to_numpy(dtype=int)
    # each row of the table once for each month of its period
    row = np.repeat(np.arange(len(targets)), lengths)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    month = targets["period_start"].to_numpy(dtype="datetime64[M]")[row] + nth
    spread = targets[["dimension", "member", "amount"]].take(row)
    spread = spread.assign(month=month.astype("datetime64[us]"), row=row, length=lengths[row])
    spread = spread.assign(member=spread["member"].astype(object).where(spread["dimension"] != "company", ""))
    known = pd.Series(dtype=float)
    for length in GRAIN_MONTHS.values():
        own = spread[spread["length"] == length]
        if own.empty:
            continue
        held = known.reindex(pd.MultiIndex.from_frame(own[columns[:3]])).to_numpy(dtype=float)
        of_row = pd.DataFrame({"row": own["row"].to_numpy(), "held": held, "open": np.isnan(held)})
        sums = of_row.groupby("row")[["held", "open"]].transform("sum").to_numpy(dtype=float)
        left = own["amount"].to_numpy(dtype=float) - sums[:, 0]
        left = left.clip(min=0) if len(known) else left
        own = own.assign(amount=left / np.maximum(sums[:, 1], 1))[np.isnan(held)]
        fresh = own.groupby(columns[:3])["amount"].sum()
        known = pd.concat([known, fresh]) if len(known) else fresh
    if known.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns}).astype(
            {"month": "datetime64[ns]", "amount": float}
        )
    table = known.rename_axis(columns[:3]).rename("amount").reset_index()
    inside = table["month"].between(months[0], months[-1])
    return table[inside].sort_values(columns[:3], ignore_index=True)


def summed_from(spread: pd.DataFrame, months: pd.DatetimeIndex) -> str | None:
    """Whose targets sum up to the company's, where it has none of its own: region, team, rep or product_line, the first of
    these whose rows in `spread` cover every month; None where none does."""
    for dimension in SUMMED:
        if set(months) <= set(spread.loc[spread["dimension"] == dimension, "month"]):
            return dimension
    return None
