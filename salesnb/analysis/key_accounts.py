"""What do we owe the strategic and core accounts, and what do they owe us? A card each, and the agenda of the monthly review."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

OLD_SCORE = 365  # days after which a survey says little
FEWEST_PEERS = 5  # core accounts of an industry, before what most of them buy is a hint


def cards(
    covered: pd.DataFrame,
    *,
    standing: pd.DataFrame,
    work: pd.DataFrame,
    reps: pd.DataFrame,
    breadth: pd.DataFrame,
    invoices: pd.DataFrame | None,
    satisfaction: pd.DataFrame,
    year_before: bool = True,
) -> pd.DataFrame:
    """How stands each strategic account: contact, plan, people, money, breadth, debts?

    In: `tiers.coverage`; `standing`: `carriers.by_member` of accounts (member, actual_ytd, target_ytd, attainment); `work`: one row per
    account × rep of twelve months (account_id, rep_id, contacts, executive_on); `reps` (rep_id, rep_name, role); `breadth`: one row per
    account (account_id, lines, lines_before, net_amount, net_before); `invoices`: open ones (account_id, unpaid, days_overdue), None
    where nobody knows what is paid; `satisfaction` (account_id, score, surveyed_on). Out: one row per strategic account, those that no executive met in
    time first, then by revenue (`year_before`: two years of orders are known; else change is missing): account_id, revenue, executive_in_time, executive_on, executive_by (name; missing where nobody known),
    people, roles (numbers), actual_ytd, target_ytd, attainment (missing without a plan), lines, lines_before, change (of twelve
    months' money), owed, overdue (missing where unknown), score, surveyed_on.
    """
    table = covered[covered["tier"] == "strategic"][["account_id", "revenue", "executive_in_time"]]
    names = reps.drop_duplicates("rep_id").set_index("rep_id")
    own = work[work["account_id"].isin(table["account_id"]) & (work["contacts"] > 0)]
    own = own.assign(role=own["rep_id"].map(names["role"]), name=own["rep_id"].map(names["rep_name"]))
    met = (
        own.dropna(subset=["executive_on"])
        .sort_values("executive_on")
        .drop_duplicates("account_id", keep="last")
    )
    last = met.set_index("account_id")
    people = own.groupby("account_id").agg(people=("rep_id", "nunique"), roles=("role", "nunique"))
    table = table.assign(
        executive_on=last["executive_on"]
        .reindex(table["account_id"])
        .to_numpy(),  # days, also where nobody met anybody
        executive_by=table["account_id"].map(last["name"]),
        people=table["account_id"].map(people["people"]).fillna(0).astype(int),
        roles=table["account_id"].map(people["roles"]).fillna(0).astype(int),
    )
    plans = standing.set_index("member")
    for name in ("actual_ytd", "target_ytd", "attainment"):
        table[name] = table["account_id"].map(plans[name]).astype(float)
    wide = breadth.set_index("account_id")
    table["lines"], table["lines_before"] = (
        table["account_id"].map(wide[name]).fillna(0).astype(int) for name in ("lines", "lines_before")
    )
    table["change"] = (
        (
            table["account_id"].map(wide["net_amount"]).astype(float)
            - table["account_id"].map(wide["net_before"]).astype(float)
        )
        .astype(float)
        .fillna(0.0)
    )
    if not year_before:
        table["change"] = float("nan")
    table = table.assign(**_owed(table["account_id"], invoices))
    scores = satisfaction.set_index("account_id")
    table["score"] = table["account_id"].map(scores["score"]).astype(float)
    table["surveyed_on"] = scores["surveyed_on"].reindex(table["account_id"]).to_numpy()
    unmet = table["executive_in_time"].fillna(False).astype(bool)
    return (
        table.assign(met=unmet)
        .sort_values(["met", "revenue"], ascending=[True, False], ignore_index=True)
        .drop(columns="met")
    )


def groups(
    cards: pd.DataFrame,
    named: Mapping[str, Mapping[str, str]],
    accounts: pd.DataFrame,
    *,
    reps: pd.DataFrame,
    everybody: pd.DataFrame,
) -> pd.DataFrame:
    """Who works on each strategic account, by the plan's project groups?

    In: `cards`; plan.yml's groups: account (id or name) → function → person (id or name); accounts (account_id, account_name); `reps` of
    the scope and of the company (rep_id, rep_name). Out: `cards` with group: a tuple of (function, name), empty without one; a
    person of the company whom the scope does not know is not named.
    """
    called = accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
    here, all_ = (one.drop_duplicates("rep_id").set_index("rep_id")["rep_name"] for one in (reps, everybody))
    strangers = {*all_.index.difference(here.index), *all_[~all_.index.isin(here.index)]} - {*here}

    def group(account: str) -> tuple[tuple[str, str], ...]:
        members = named.get(account) or named.get(str(called.get(account, account))) or {}
        return tuple(
            (function, str(here.get(person, person)))
            for function, person in members.items()
            if person not in strangers
        )

    return cards.assign(
        group=pd.Series([group(one) for one in cards["account_id"]], cards.index, dtype=object)
    )


def _owed(accounts: pd.Series, invoices: pd.DataFrame | None) -> Mapping[str, pd.Series]:
    """What each account has not paid, and of that what is overdue; missing where nobody knows what is paid."""
    if invoices is None:
        unknown = pd.Series(float("nan"), index=accounts.index)
        return {"owed": unknown, "overdue": unknown}
    late = invoices[invoices["days_overdue"] > 0]
    return {
        name: accounts.map(rows.groupby("account_id")["unpaid"].sum()).fillna(0.0).astype(float)
        for name, rows in (("owed", invoices), ("overdue", late))
    }


def agenda(
    covered: pd.DataFrame,
    *,
    rhythm: pd.DataFrame,
    satisfaction: pd.DataFrame,
    breadth: pd.DataFrame,
    purchases: pd.DataFrame,
    accounts: pd.DataFrame,
    opportunities: pd.DataFrame,
    as_of: pd.Timestamp,
    seen: bool = True,
    year_before: bool = True,
) -> pd.DataFrame:
    """What should the monthly review of each core account speak of?

    In: `tiers.coverage`, `rhythm.silence`, the latest surveys, `breadth`, purchases by line of twelve months, accounts (industry), opportunities.
    `seen`: whether anybody knows who was met; `year_before`: two years of orders are known, else change is missing. Out: one row per core account, most revenue first: account_id, revenue, change (of twelve
    months' money), last_contact_on, in_time (missing where nobody knows who was met),
    score, score_age (days; missing without a survey), old_score (true where it is older than a year), last_on, pause, interval (days
    of its order rhythm), late (its next order was due), promised (money of its open deals), deals, offer (a line that most core
    accounts of its industry buy and it does not; missing where there is none or fewer than five such accounts).
    """
    table = covered.loc[
        covered["tier"] == "core", ["account_id", "revenue", "last_contact_on", "in_time"]
    ].sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)
    ids = table["account_id"]
    scores, own = satisfaction.set_index("account_id"), rhythm.set_index("account_id")
    wide = breadth.set_index("account_id")
    table["in_time"] = table["in_time"].astype("boolean")
    if not seen:
        table["in_time"] = pd.Series(pd.NA, index=table.index, dtype="boolean")
    table["score"] = ids.map(scores["score"]).astype(float)
    surveyed = pd.Series(scores["surveyed_on"].reindex(ids).to_numpy(), table.index)
    table["score_age"] = (as_of - surveyed).dt.days.astype(float)
    table["old_score"] = table["score_age"] > OLD_SCORE
    for name in ("last_on", "due_on"):
        table[name] = pd.to_datetime(own[name].reindex(ids).to_numpy())
    for name in ("pause", "interval"):
        table[name] = ids.map(own[name]).astype(float)
    table["late"] = table["due_on"] < as_of
    table["change"] = (
        ids.map(wide["net_amount"]).astype(float) - ids.map(wide["net_before"]).astype(float)
    ).fillna(0.0)
    if not year_before:
        table["change"] = float("nan")
    still = opportunities[opportunities["outcome"] == "open"].groupby("account_id")["amount"]
    table["promised"] = ids.map(still.sum()).fillna(0.0).astype(float)
    table["deals"] = ids.map(still.size()).fillna(0).astype(int)
    table["offer"] = _peers_buy(ids, purchases, accounts)
    return table.drop(columns="due_on")


def _peers_buy(ids: pd.Series, purchases: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """The line that most of the peers of an account's industry buy and it does not, the most common first."""
    industry = accounts.drop_duplicates("account_id").set_index("account_id")["industry"].dropna()
    bought = purchases[(purchases["net_amount"] > 0) & purchases["product_line"].notna()]
    bought = bought[bought["account_id"].isin(ids)]
    bought = bought.assign(industry=bought["account_id"].map(industry)).dropna(subset=["industry"])
    peers = ids[ids.isin(bought["account_id"])].map(industry).value_counts()
    lines = bought.groupby(["industry", "product_line"])["account_id"].nunique().reset_index(name="n")
    lines["peers"] = [float(peers.get(name, 0)) for name in lines["industry"]]
    lines = lines[(lines["peers"] >= FEWEST_PEERS) & (lines["n"] > lines["peers"] / 2)]
    lines = lines.sort_values(["n", "product_line"], ascending=[False, True])
    common = {name: list(part) for name, part in lines.groupby("industry", sort=False)["product_line"]}
    has = {name: {*part} for name, part in bought.groupby("account_id", sort=False)["product_line"]}
    trade = {str(account): str(name) for account, name in industry.items()}

    def lacking(account: str) -> str | None:
        own = has.get(account)
        if own is None:
            return None
        return next((str(line) for line in common.get(trade.get(account, ""), ()) if line not in own), None)

    return ids.map(lacking).astype(object)
