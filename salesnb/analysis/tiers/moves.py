"""Who moved tier, and would it still have moved if the thresholds were a little different?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from salesnb.plan import Tiers

LARGEST_FIRST = ("strategic", "core", "potential", "opportunity")
SHAKEN = 0.10  # by which thresholds are moved, up and down


def movements(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Who moved tier?

    In: two results of `assign`. Out: one row per account that is in both and whose tier changed, largest revenue change
    first: account_id, from_tier, to_tier, direction (up, down), revenue_before, revenue, change.
    """
    table = before[["account_id", "tier", "revenue"]].merge(
        after[["account_id", "tier", "revenue"]], on="account_id", suffixes=("_before", "")
    )
    table = table[table["tier_before"] != table["tier"]].rename(
        columns={"tier_before": "from_tier", "tier": "to_tier"}
    )
    rank = {tier: place for place, tier in enumerate(LARGEST_FIRST)}
    table["direction"] = (table["to_tier"].map(rank) < table["from_tier"].map(rank)).map(
        {True: "up", False: "down"}
    )
    table["change"] = table["revenue"] - table["revenue_before"]
    order = table["change"].abs().sort_values(ascending=False, kind="stable").index
    columns = ["account_id", "from_tier", "to_tier", "direction", "revenue_before", "revenue", "change"]
    return table.loc[order, columns].reset_index(drop=True)


def shaken(tiers: Tiers) -> list[Tiers]:
    """The plan's tiers with every threshold a tenth lower, and a tenth higher (shares at most one)."""
    return [
        tiers.model_copy(
            update={
                "strategic": tiers.strategic.model_copy(
                    update={
                        "top_share": min(1.0, tiers.strategic.top_share * factor),
                        "min_days": round(tiers.strategic.min_days * factor),
                    }
                ),
                "core": tiers.core.model_copy(
                    update={"revenue_share": min(1.0, tiers.core.revenue_share * factor)}
                ),
                "potential": tiers.potential.model_copy(
                    update={"new_days": round(tiers.potential.new_days * factor)}
                ),
            }
        )
        for factor in (1 - SHAKEN, 1 + SHAKEN)
    ]


def robust(moved: pd.DataFrame, others: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Which moves do not hang on where a threshold was drawn?

    In: `movements`, and the movements of the same accounts under other thresholds. Out: `moved` with robust: true where the
    account moved in the same direction under all of them.
    """
    held = pd.Series(True, index=moved.index)
    for other in others:
        directions = other.set_index("account_id")["direction"]
        held &= moved["account_id"].map(directions) == moved["direction"]
    return moved.assign(robust=held)
