"""Which accounts of the opportunity tier deserve time: prospects by the plan's screen, customers in decline by what they used to bring."""

from __future__ import annotations

import itertools

import pandas as pd

from salesnb.calendars.periods import months_back
from salesnb.plan import Screen

ASKED = ("industry_fit", "budget", "decision_access")
ORDER = ("promote", "win_back", "ask", "hold", "drop")
YEARS_BACK = 5


def screened(
    assigned: pd.DataFrame,
    accounts: pd.DataFrame,
    order_days: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    screen: Screen,
) -> pd.DataFrame:
    """Which opportunity accounts deserve an adviser's time, which should be won back, and which let go?

    Who has ordered before is a customer in decline: win_back. A prospect is held against the screen. Out: one row per
    opportunity account, in the order of the verdicts, most money or budget first: account_id, revenue (twelve months), best_year
    (the most that any twelve months up to now brought; missing for prospects, and where two years are not known), industry_fit, budget, decision_access, fits,
    affords, reaches (each true, false or missing), missing (number of a prospect's unknown answers), verdict: promote (all three
    hold), drop (two or more fail for certain), ask (none fails, answers are missing), hold (a single one fails), win_back.
    """
    chosen = assigned["tier"] == "opportunity"
    table = assigned.loc[chosen, ["account_id", "revenue", "first_on"]].merge(
        accounts[["account_id", *ASKED]], on="account_id", how="left"
    )
    table["fits"] = _answer(
        table["industry_fit"].astype(float) >= screen.industry_fit, table["industry_fit"].notna()
    )
    table["affords"] = _answer(table["budget"].astype(float) >= screen.budget, table["budget"].notna())
    known = table["decision_access"].notna() & (table["decision_access"] != "unknown")
    table["reaches"] = _answer(table["decision_access"].isin(screen.decision_access), known)
    answers = table[["fits", "affords", "reaches"]]
    failed, missing = (answers == False).fillna(False).sum(axis=1), answers.isna().sum(axis=1)  # noqa: E712
    customer = table["first_on"].notna()
    table["missing"] = missing.where(~customer, 0).astype(int)
    verdict = pd.Series("hold", index=table.index, dtype=object)
    verdict[(failed == 0) & (missing > 0)] = "ask"
    verdict[(failed == 0) & (missing == 0)] = "promote"
    verdict[failed >= 2] = "drop"
    verdict[customer] = "win_back"
    table["verdict"] = verdict.astype(str)
    best = _best_years(order_days, as_of=as_of).reindex(table["account_id"])
    told = customer & (assigned["first_on"].min() < months_back(as_of, 24))
    table["best_year"] = pd.Series(best.to_numpy(dtype=float), index=table.index).where(told)
    rank = table["verdict"].map({name: place for place, name in enumerate(ORDER)})
    table = table.assign(rank=rank).sort_values(
        ["rank", "best_year", "revenue", "budget", "account_id"],
        ascending=[True, False, False, False, True],
        ignore_index=True,
    )
    return table.drop(columns=["rank", "first_on"])


def _answer(holds: pd.Series, known: pd.Series) -> pd.Series:
    return holds.astype("boolean").where(known.astype(bool))


def _best_years(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """account_id → the most that twelve months brought, of the last five spans of twelve months that end with the report's month."""
    days = order_days[order_days["account_id"].notna() & (order_days["day"] <= as_of)]
    ends = [months_back(as_of, 12 * back) for back in range(YEARS_BACK + 1)]
    spans = [
        days[(days["day"] >= first) & (days["day"] < last if back else days["day"] <= as_of)]
        .groupby("account_id")["net_amount"]
        .sum()
        for back, (last, first) in enumerate(itertools.pairwise(ends))
    ]
    return pd.concat(spans).groupby(level=0).max().clip(lower=0.0)


def first_orders(assigned: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """How likely is a prospect's first order within a month, by the last twelve? None where nobody could have ordered for the first time.

    First orders of the last twelve months over those who could give one: they, and the prospects that are left.
    """
    if not assigned["first_on"].min() < months_back(as_of, 24):
        return None  # in a first year of records everybody's first order is new
    new = int((assigned["first_on"] >= months_back(as_of, 12)).sum())
    left = int(assigned["first_on"].isna().sum())
    return new / (new + left) / 12 if left else None
