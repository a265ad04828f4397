"""On how few customers does the year depend?

A customer's exposure is what it owes and what its open deals are expected to bring (amount × win rate). Concentration is
measured by the Herfindahl–Hirschman index: 10,000 × the sum of squared shares, 10,000 where all lies with one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import months_back
from salesnb.headlines import Figure
from salesnb.language import Message

FEWEST_LARGE = 20  # customers a year ago: of fewer nobody can say how often one leaves
LARGE = 0.8  # of a year's revenue, from the largest customer down
COLUMNS = ["account_id", "account_name", "receivables", "pipeline", "exposure", "share"]


def by_account(
    invoices: pd.DataFrame, opportunities: pd.DataFrame, *, win_rate: float | None
) -> pd.DataFrame:
    """Where is our money, and the money we count on?

    `invoices`: one row per open invoice (account_id, account_name, unpaid). `opportunities`: one row per opportunity
    (account_id, account_name, amount, outcome); only open ones with an amount count, weighted by `win_rate`, and none where
    it is None. One row per account with a positive exposure, largest first: receivables, pipeline (weighted), exposure, share.
    Rows without an account are left out; nothing at all gives no rows.
    """
    owed = invoices.loc[invoices["account_id"].notna(), ["account_id", "account_name", "unpaid"]].rename(
        columns={"unpaid": "receivables"}
    )
    deals = opportunities[(opportunities["outcome"] == "open") & opportunities["account_id"].notna()]
    hoped = deals[["account_id", "account_name"]].assign(
        pipeline=deals["amount"].fillna(0.0) * (win_rate or 0.0)
    )
    parts = [part for part in (owed, hoped) if len(part)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    both = (
        pd.concat(parts, ignore_index=True)
        .reindex(columns=COLUMNS[:4])
        .fillna({"receivables": 0.0, "pipeline": 0.0})
    )
    rows = both.groupby("account_id", as_index=False).agg(
        {"account_name": "first", "receivables": "sum", "pipeline": "sum"}
    )
    rows["exposure"] = rows["receivables"] + rows["pipeline"]
    rows = rows[rows["exposure"] > 0]
    rows["share"] = rows["exposure"] / rows["exposure"].sum()
    return rows.sort_values(["exposure", "account_id"], ascending=[False, True], ignore_index=True)[COLUMNS]


def headlines(exposure: pd.DataFrame) -> dict[str, Figure]:
    """How concentrated is it? HHI and the share of the three largest; null where nothing is exposed."""
    if exposure.empty:
        reason = Message("There are neither open receivables nor open deals with a win rate.")
        return {"exposure.hhi": Figure(None, reason), "exposure.top3_share": Figure(None, reason)}
    return {
        "exposure.hhi": Figure(float(10_000 * (exposure["share"] ** 2).sum())),
        "exposure.top3_share": Figure(float(exposure["share"].head(3).sum())),
    }


def dependence(
    exposure: pd.DataFrame,
    order_days: pd.DataFrame,
    *,
    since: pd.Timestamp,
    as_of: pd.Timestamp,
    owed: bool = True,
    dealt: bool = True,
) -> pd.DataFrame:
    """What would losing a customer cost?

    `order_days`: one row per account × day (account_id, day, net_amount). One row per account with sales from `since` to
    `as_of` or an exposure, largest at stake first: revenue (of that span), revenue_share (of positive revenue), receivables,
    pipeline, at_stake = the three together (a year of orders, what it owes, what its deals may bring). Receivables and pipeline are
    missing where nobody knows what is `owed`, or how often deals are won (`dealt`).
    """
    columns = [
        "account_id",
        "account_name",
        "revenue",
        "revenue_share",
        "receivables",
        "pipeline",
        "at_stake",
    ]
    span = order_days[order_days["day"].between(since, as_of) & order_days["account_id"].notna()]
    revenue = span.groupby("account_id", as_index=False).agg(revenue=("net_amount", "sum"))
    rows = revenue.merge(
        exposure[["account_id", "account_name", "receivables", "pipeline"]], on="account_id", how="outer"
    )
    if rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows.fillna({"revenue": 0.0, "receivables": 0.0, "pipeline": 0.0})
    positive = rows["revenue"].clip(lower=0)
    rows["revenue_share"] = positive / positive.sum() if positive.sum() else 0.0
    rows["at_stake"] = rows["revenue"] + rows["receivables"] + rows["pipeline"]
    for name, known in (("receivables", owed), ("pipeline", dealt)):
        if not known:
            rows[name] = np.nan
    rows = rows[rows["at_stake"] > 0]
    return rows.sort_values(["at_stake", "account_id"], ascending=[False, True], ignore_index=True)[columns]


def named(frame: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the account names of `accounts` (account_id, account_name); the id where there is none."""
    names = accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
    return frame.assign(account_name=frame["account_id"].map(names).fillna(frame["account_id"]))


def leaving(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """How often does a large customer leave within a year, by the company's own record?

    Of the customers who brought four fifths of the revenue of the year before last, the share without a net order in the last
    twelve months, by the rule of succession (Laplace 1774). None under twenty such customers.
    """
    year, before = months_back(as_of, 12), months_back(as_of, 24)
    then = order_days[order_days["day"].between(before, year, inclusive="left")]
    sums = then.groupby("account_id")["net_amount"].sum().sort_values(ascending=False, kind="stable")
    sums = sums[sums > 0]
    large = sums.index[(sums.cumsum() - sums) < LARGE * sums.sum()]
    if len(large) < FEWEST_LARGE:
        return None
    now = order_days[order_days["day"].between(year, as_of)].groupby("account_id")["net_amount"].sum()
    left = int((now.reindex(large).fillna(0.0) <= 0).sum())
    return (left + 1) / (len(large) + 2)
