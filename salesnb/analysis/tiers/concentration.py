"""How much of the revenue hangs on few accounts?"""

from __future__ import annotations

import pandas as pd

from salesnb.calendars.periods import months_back
from salesnb.results.customers import Concentration

LARGEST = 10  # accounts for whose loss a plan is asked
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


def plan_b(
    assigned: pd.DataFrame,
    ahead: pd.DataFrame,
    opportunities: pd.DataFrame,
    *,
    win_rate: float | None,
    as_of: pd.Timestamp,
    moved: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """If one of the ten largest left: by which day would we know, what could replace it, and how long would the gap last?

    In: `assign` of the accounts asked about, `readiness.calendar`, opportunities (account_id, amount, outcome), `tiers.moved`. Out: one row per
    account, largest first: account_id, revenue (twelve months), act_by (the day by which four of five of its next orders come; missing
    where nobody knows), deals (open deals of all others, at the usual win rate; missing without one), due (money expected of all others in ninety days; missing
    where the calendar tells no money), risen (by how much others that rose a tier grew; missing without `moved`), new (what customers of the last
    twelve months have brought; missing where orders are known for less than a year before), months (of such new business that its revenue equals; missing where there is none).
    """
    largest = (
        assigned[assigned["revenue"] > 0].sort_values("revenue", ascending=False, kind="stable").head(LARGEST)
    )
    table = largest[["account_id", "revenue"]].reset_index(drop=True)
    table["act_by"] = pd.to_datetime(
        ahead.set_index("account_id")["to_80"].reindex(table["account_id"]).to_numpy()
    )
    still = opportunities[opportunities["outcome"] == "open"]
    own = table["account_id"].map(still.groupby("account_id")["amount"].sum()).fillna(0.0)
    rate = float("nan") if win_rate is None else win_rate
    table["deals"] = (float(still["amount"].sum()) - own.astype(float)) * rate
    if "money_90" in ahead:
        expected = ahead.groupby("account_id")["money_90"].sum()
        table["due"] = float(expected.sum()) - table["account_id"].map(expected).astype(float).fillna(0.0)
    else:
        table["due"] = float("nan")
    table["risen"] = float("nan")
    if moved is not None:
        up = moved[moved["direction"] == "up"].set_index("account_id")["change"].clip(lower=0)
        table["risen"] = float(up.sum()) - table["account_id"].map(up).astype(float).fillna(0.0)
    young = assigned["first_on"] >= months_back(as_of, 12)
    known = assigned["first_on"].min() < months_back(as_of, 24)  # in a first year of records everybody is new
    table["new"] = float(assigned.loc[young, "revenue"].clip(lower=0).sum()) if known else float("nan")
    table["months"] = 12 * table["revenue"] / table["new"].where(table["new"] > 0)
    return table
