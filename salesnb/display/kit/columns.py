"""Which columns stand in more than one table, under the same heading each time?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from salesnb.display.kit.grid import Column
from salesnb.language import marked

DEAL: Mapping[str, Column] = MappingProxyType(
    {
        "opportunity_id": Column(marked("Deal")),
        "account_name": Column(marked("Account")),
        "rep_name": Column(marked("Owner")),
    }
)
ACCOUNT: Mapping[str, Column] = MappingProxyType(
    {"account_name": Column(marked("Account")), "tier": Column(marked("Tier"), secondary=True)}
)
WORTH: Mapping[str, Column] = MappingProxyType({"amount": Column(marked("Amount"), "money", bar=True)})


def interval(kind: str, *, secondary: bool = False) -> dict[str, Column]:
    """The ends of an interval, `low` and `high`."""
    return {
        "low": Column(marked("Lower end"), kind, secondary=secondary),
        "high": Column(marked("Upper end"), kind, secondary=secondary),
    }


def summed(frame: pd.DataFrame, *names: str) -> dict[str, float]:
    """The sums of a table's last row; of a column in which nothing is known, missing."""
    return {name: float(frame[name].sum(min_count=1)) for name in names}
