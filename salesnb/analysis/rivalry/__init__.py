"""Where do we compete with ourselves, and does working together help?

An account is contested where two or more people have worked it repeatedly in the same span, neither of whom only helped
out. Cooperation is a deal on which more than one person was active before it closed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.rivalry import pay_steps as pay_steps
from salesnb.analysis.rivalry import squads as squads
from salesnb.findings import NONE, Finding

FAIR_DEALS = 10  # closed deals of one person and of several, below which they are not compared
LEVEL = 0.9
TOGETHER = [
    "together", "deals", "won", "win_rate", "difference", "low", "high", "p_value", "conclusion", "by", "rivals",
]  # fmt: skip
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
    seen = seen[seen.groupby("account_id")["rep_id"].transform("nunique") > 1]  # few of tens of thousands
    if seen.empty:
        return pd.DataFrame(columns=CONTESTED)
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
    table = table.merge(
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


def cooperation(deals: pd.DataFrame, *, level: float = LEVEL) -> pd.DataFrame:
    """Are deals that several people work won more often?

    `deals`: one row per opportunity (outcome, people: how many were active on it while it was open). Two rows, alone and
    together, of the closed deals with any activity: deals, won, win_rate; and on the second the difference between deals of one age,
    size, channel and region with its 90% interval, as far as these are known (a deal lost early meets fewer people, a large one more),
    conclusion, by and rivals. Fewer than ten deals on a side give no rows.
    """
    closed = deals[deals["outcome"].isin(["won", "lost"]) & (deals["people"] > 0)].reset_index(drop=True)
    together, won = (closed["people"] > 1).to_numpy(), (closed["outcome"] == "won").to_numpy(float)
    sides = [~together, together]
    if min(side.sum() for side in sides) < FAIR_DEALS:
        return pd.DataFrame(columns=TOGETHER)
    strata = rivals.deal_strata(closed, without=("rep_id",))
    young = pd.Index(strata.columns) == rivals.AGE
    accounts = closed.get("account_id")
    whole, like, mixed, aged = (
        rivals.at_equal_strata(won, together, one, cluster=accounts)
        for one in (None, strata, strata.loc[:, ~young], strata.loc[:, young])
    )
    rates = [float(won[side].mean()) for side in sides]
    gap = rates[1] - rates[0]
    shares = {
        name: rivals.share_of(gap, one.value if one else None)
        for name, one in (("mix", mixed), ("maturity", aged))
    }
    seen = whole is not None and whole.p_value < 1 - level
    net = like is not None and like.p_value < 1 - level and like.value * gap > 0
    word, by = rivals.conclusion(seen, net=net, shares=shares)
    told = like or whole or rivals.Estimate(gap, np.nan, np.nan, np.nan)
    narrow = norm.ppf((1 + level) / 2) / norm.ppf(0.975)  # of the 95% interval
    low, high = (told.value + (end - told.value) * narrow for end in (told.low, told.high))
    rows = [
        (False, len(closed) - int(together.sum()), int(won[~together].sum()), rates[0], np.nan, np.nan, np.nan, np.nan, NONE, "", {}),
        (True, int(together.sum()), int(won[together].sum()), rates[1], told.value, low, high, told.p_value, word, by or "", shares),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=TOGETHER)


def findings(compared: pd.DataFrame, *, as_of: pd.Timestamp, since: pd.Timestamp) -> list[Finding]:
    """The verdict of `cooperation`."""
    both = compared[compared["together"].eq(True)].assign(member="")
    return rivals.told(
        both, id="deals.together", member="member", value="difference", stated=1 - LEVEL, unit="account", basis="peers",
        period=(since, as_of),
    )  # fmt: skip
