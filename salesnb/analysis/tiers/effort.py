"""Where does time go that the plan would spend elsewhere?"""

from __future__ import annotations

import pandas as pd

from salesnb.plan import Tiers
from salesnb.results.customers import Moves

MONTHS = 3  # that the logged time of ninety days is
WORTH = 0.5  # hours a month, below which moving them is no plan
LARGEST_FIRST = ("strategic", "core", "potential", "opportunity")


def hours_to_move(assigned: pd.DataFrame, contacts: pd.DataFrame, *, tiers: Tiers) -> Moves | None:
    """Which accounts get more time than their tier's hours, which less, and how much could move?

    In: `assign`; one row per account with minutes_90d. Only what is logged beyond the hours of its tier can move, from the lowest tier and
    the smallest revenue up; it goes to accounts that lack hours, the highest tier and the largest revenue first. None where the plan gives
    a tier no hours, or no time is logged.
    """
    asked = {name: getattr(tiers, name).hours_per_month for name in LARGEST_FIRST}
    if any(hours is None for hours in asked.values()) or not contacts["minutes_90d"].sum() > 0:
        return None
    minutes = contacts.set_index("account_id")["minutes_90d"]
    table = assigned[["account_id", "tier", "revenue"]].assign(
        hours=(assigned["account_id"].map(minutes).fillna(0.0) / 60 / MONTHS).astype(float),
        asked=assigned["tier"].map(asked).astype(float),
    )
    table["beyond"] = (table["hours"] - table["asked"]).clip(lower=0)
    table["lacking"] = (table["asked"] - table["hours"]).clip(lower=0)
    rank = table["tier"].map({name: place for place, name in enumerate(LARGEST_FIRST)})
    ordered = table.assign(rank=rank).sort_values(["rank", "revenue"], ascending=[True, False], kind="stable")
    free = float(table["beyond"].sum())
    before = ordered["lacking"].cumsum() - ordered["lacking"]
    ordered["get"] = (free - before).clip(lower=0).clip(upper=ordered["lacking"])
    given, backwards = float(ordered["get"].sum()), ordered.iloc[::-1]
    taken = backwards["beyond"].cumsum() - backwards["beyond"]
    ordered["give"] = (given - taken).clip(lower=0).clip(upper=backwards["beyond"])
    rows = ordered.assign(change=ordered["get"] - ordered["give"])
    rows = rows[rows["change"].abs() >= WORTH]
    return Moves(
        rows[["account_id", "tier", "revenue", "hours", "asked", "change"]].reset_index(drop=True),
        beyond=free,
        lacking=float(table["lacking"].sum()),
        moved=given,
    )
