"""How much of the revenue hangs on few accounts?"""

from __future__ import annotations

import pandas as pd

from salesnb.results.customers import Concentration

ROUNDING = 1e-12  # of the total: sums of cents in another order must not move an account to another tier


def concentration(assigned: pd.DataFrame) -> Concentration | None:
    """How concentrated is revenue? Over accounts with positive revenue; None where there is none."""
    positive = assigned[assigned["revenue"] > 0].sort_values("revenue", ascending=False, kind="stable")
    if positive.empty:
        return None
    shares = positive["revenue"] / positive["revenue"].sum()
    half = int((shares.cumsum() < 0.5 - ROUNDING).sum()) + 1
    return Concentration(
        top10_share=float(shares.head(10).sum()),
        hhi=float(10_000 * (shares**2).sum()),
        half=half,
        accounts=len(positive),
        largest=str(positive["account_id"].iloc[0]),
        largest_share=float(shares.iloc[0]),
    )


def curve(assigned: pd.DataFrame) -> pd.DataFrame:
    """The concentration curve. Out: one row per account with positive revenue, largest first: rank, account_id, share, cumulative."""
    positive = assigned[assigned["revenue"] > 0].sort_values("revenue", ascending=False, kind="stable")
    share = positive["revenue"] / positive["revenue"].sum()
    return pd.DataFrame(
        {
            "rank": range(1, len(positive) + 1),
            "account_id": positive["account_id"].to_numpy(),
            "share": share.to_numpy(float),
            "cumulative": share.cumsum().to_numpy(float),
        }
    )


def largest_name(found: Concentration | None, accounts: pd.DataFrame) -> str:
    """What is the largest account called? Its id where no name is known."""
    if found is None:
        return ""
    names = dict(zip(accounts["account_id"], accounts["account_name"], strict=True))
    return str(names.get(found.largest, found.largest))
