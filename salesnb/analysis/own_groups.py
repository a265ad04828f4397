"""How do groups compare that a company knows by columns of its own? The year, the month and the tiers, group by group.

`dimensions`: the own columns by which groups are compared; of a frame without one of them it is left out. Members that are not known
are left out as well, so the sums of a dimension may lie below the whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from salesnb.calendars.periods import fiscal_year, month_end, month_start, year_before

TIERS = ("strategic", "core", "potential", "opportunity")
Span = tuple[pd.Timestamp, pd.Timestamp]


def year(
    bookings: pd.DataFrame, dimensions: Sequence[str], *, as_of: pd.Timestamp, starts: int = 1
) -> pd.DataFrame:
    """What did each group book this year, and in the same span of the last one?

    One row per dimension and member: dimension, member, actual, before, change (actual − before), largest loss of a dimension first.
    """
    first, _ = fiscal_year(as_of, starts=starts)
    return _beside(bookings, dimensions, (first, as_of), (year_before(first), year_before(as_of)))


def month(bookings: pd.DataFrame, dimensions: Sequence[str], *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What did each group book in the month of `as_of`, and in the month before? Columns as in `year`."""
    first = month_start(as_of)
    earlier = first - pd.DateOffset(months=1)
    return _beside(bookings, dimensions, (first, as_of), (earlier, month_end(earlier)))


def tiers(assigned: pd.DataFrame, accounts: pd.DataFrame, dimensions: Sequence[str]) -> pd.DataFrame:
    """Which groups hold the strategic and core accounts?

    In: `tiers.assign`; one row per account with the dimensions. Out: one row per dimension and member: dimension, member, accounts,
    strategic, core, potential, opportunity (how many), revenue (of twelve months), most revenue of a dimension first.
    """
    columns = [name for name in dimensions if name in accounts]
    held = assigned.merge(accounts[["account_id", *columns]], on="account_id", how="left")
    parts = []
    for name in columns:
        member = held[name].astype("str").where(held[name].notna()).rename("member")
        sums = held.groupby(member).agg(accounts=("tier", "size"), revenue=("revenue", "sum"))
        counts = pd.crosstab(member, held["tier"]).reindex(columns=list(TIERS), fill_value=0)
        table = sums.join(counts.astype(int))
        parts.append(_labelled(table, name).sort_values(["revenue", "member"], ascending=[False, True]))
    return _together(parts, ["dimension", "member", "accounts", *TIERS, "revenue"])


def _beside(bookings: pd.DataFrame, dimensions: Sequence[str], now: Span, then: Span) -> pd.DataFrame:
    parts = []
    for name in (each for each in dimensions if each in bookings):
        spans = {
            called: bookings[bookings["day"].between(*span)].groupby(name)["net_amount"].sum()
            for called, span in (("actual", now), ("before", then))
        }
        table = pd.DataFrame(spans).fillna(0.0)
        table["change"] = table["actual"] - table["before"]
        parts.append(_labelled(table, name).sort_values(["change", "member"]))
    return _together(parts, ["dimension", "member", "actual", "before", "change"])


def _labelled(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table.rename_axis("member").reset_index().assign(dimension=name)


def _together(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(columns))
    return pd.concat(parts, ignore_index=True)[list(columns)] if parts else empty
