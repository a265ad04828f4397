"""Where do we compete with ourselves, and does working together help?

An account is contested where two or more people have worked it repeatedly in the same span, neither of whom only helped
out. Cooperation is a deal on which more than one person was active before it closed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

CONTESTED = [
    "account_id",
    "account_name",
    "owner_id",
    "reps",
    "teams",
    "names",
    "contacts",
    "open_deals",
    "net_amount",
    "second_share",
    "across_teams",
    "owner_differs",
]


def contested(
    work: pd.DataFrame,
    deals: pd.DataFrame,
    accounts: pd.DataFrame,
    people: pd.DataFrame,
    *,
    least: int = 3,
    share: float = 0.15,
) -> pd.DataFrame:
    """Which accounts are worked by more than one person?

    `work`: one row per account × rep of the last twelve months (account_id, rep_id, contacts, order_lines, net_amount). `deals`: one
    row per opportunity (account_id, rep_id, outcome). `accounts`:
    account_id, account_name, owner_id. `people`: rep_id, rep_name, team (only those who
    are still there: a handover is no rivalry). A person counts with at least `least` contacts and
    orders together and `share` of all of them, or with an open deal there. One row per account with two such people or more, across teams first, then by money:
    reps, teams (numbers), names (in the order of their work), contacts, open_deals, net_amount, second_share (of the work, the second
    person's), across_teams, owner_differs (the one who works most is not the owner).
    """
    pairs = ["account_id", "rep_id"]
    hoped = (
        deals[(deals["outcome"] == "open") & deals["account_id"].notna()]
        .groupby(pairs)
        .size()
        .reset_index(name="open_deals")
    )
    both = work.merge(hoped, on=pairs, how="outer").fillna(
        {"contacts": 0, "order_lines": 0, "net_amount": 0.0, "open_deals": 0}
    )
    rows = both.assign(effort=both["contacts"] + both["order_lines"]).merge(
        people[["rep_id", "rep_name", "team"]], on="rep_id"
    )
    if rows.empty:
        return pd.DataFrame(columns=CONTESTED)
    rows["part"] = rows["effort"] / rows.groupby("account_id")["effort"].transform("sum").clip(lower=1)
    money = rows.groupby("account_id")["net_amount"].sum()
    seen = rows[((rows["effort"] >= least) & (rows["part"] >= share)) | (rows["open_deals"] > 0)].sort_values(
        ["effort", "rep_id"], ascending=[False, True]
    )
    grouped = seen.groupby("account_id")
    table = grouped.agg(
        reps=("rep_id", "nunique"),
        teams=("team", "nunique"),
        open_deals=("open_deals", "sum"),
        contacts=("contacts", "sum"),
        most=("rep_id", "first"),
    ).reset_index()
    table["names"] = table["account_id"].map(grouped["rep_name"].agg(list))
    table["second_share"] = table["account_id"].map(
        grouped["part"].agg(lambda part: part.iloc[1] if len(part) > 1 else 0.0)
    )
    table = table[table["reps"] > 1].merge(
        accounts[["account_id", "account_name", "owner_id"]].drop_duplicates("account_id"),
        on="account_id",
        how="left",
    )
    table["account_name"] = table["account_name"].fillna(table["account_id"])
    table["net_amount"] = table["account_id"].map(money).astype(float).fillna(0.0)
    table["across_teams"] = table["teams"] > 1
    table["owner_differs"] = table["owner_id"].notna() & (table["owner_id"] != table["most"])
    return table.sort_values(
        ["across_teams", "net_amount", "account_id"], ascending=[False, False, True], ignore_index=True
    )[CONTESTED]


def cooperation(deals: pd.DataFrame, *, level: float = 0.9) -> pd.DataFrame:
    """Are deals that several people work won more often?

    `deals`: one row per opportunity (outcome, people: how many were active on it while it was open). Two rows, alone and
    together, of the closed deals with any activity: deals, won, win_rate; and on the second the difference with its interval
    (Newcombe 1998), a comparison and no proof: large deals get more people. Fewer than ten deals on a side give no rows.
    """
    columns = ["together", "deals", "won", "win_rate", "difference", "low", "high"]
    closed = deals[deals["outcome"].isin(["won", "lost"]) & (deals["people"] > 0)]
    both = (
        closed.assign(together=closed["people"] > 1, won=closed["outcome"] == "won")
        .groupby("together")["won"]
        .agg(["size", "sum"])
    )
    if len(both) < 2 or (both["size"] < 10).any():
        return pd.DataFrame(columns=columns)
    low, high = confint_proportions_2indep(
        both["sum"][True],
        both["size"][True],
        both["sum"][False],
        both["size"][False],
        method="newcomb",
        alpha=1 - level,
    )
    rates = both["sum"] / both["size"]
    return pd.DataFrame(
        {
            "together": [False, True],
            "deals": both["size"].astype(int).to_numpy(),
            "won": both["sum"].astype(int).to_numpy(),
            "win_rate": rates.to_numpy(),
            "difference": [np.nan, rates[True] - rates[False]],
            "low": [np.nan, float(low)],
            "high": [np.nan, float(high)],
        }
    )
