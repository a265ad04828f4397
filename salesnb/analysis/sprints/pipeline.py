"""What will deals bring within the sprint?

An open deal is counted at the chance that the data measured: of the money of deals that were open at its age on earlier days, the
share that was won in a span as long as the sprint. So a deal older than anything ever won counts nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.plan import Sprint
from salesnb.results.sprints import Coming

BANDS = 8  # age bands at most
FAIR = 20  # deals watched in a band
YEAR = 365


def coming(
    opportunities: pd.DataFrame, sprint: Sprint, *, as_of: pd.Timestamp, deal_size: float | None
) -> Coming | None:
    """What will deals bring in the sprint, judged on the day before it begins (on `as_of`, where it lies ahead)?

    Input: opportunities (created_on, closed_on, outcome, amount, rep_id). `deal_size`: the mean won amount, which stands for a
    missing one (and for a lost one that was set to zero). The chance is counted on as many earlier spans as fit into the twelve months before, back to back, by age band: up
    to eight with equal numbers of deals, at least 20 each. None where no deal was open at the beginning of such a span.
    """
    start = pd.Timestamp(sprint.start)
    known = min(start, as_of + pd.Timedelta(days=1))
    lag, length = (start - known).days, (sprint.end - sprint.start).days + 1
    days = [
        known - pd.Timedelta(days=back)
        for back in range(lag + length, max(YEAR, lag + length) + 1, lag + length)
    ]
    amounts = opportunities["amount"].where(opportunities["amount"] > 0, deal_size).astype(float).fillna(0.0)
    known_amount = (opportunities["amount"] > 0).reset_index(drop=True)
    used = ["created_on", "closed_on", "outcome", *(["rep_id"] if "rep_id" in opportunities else [])]
    opportunities = opportunities[used].assign(amount=amounts).reset_index(drop=True)
    seen = [_span(opportunities, day, lag=lag, length=length) for day in days]
    watched = pd.concat([open_then for open_then, *_ in seen], ignore_index=True)
    if watched.empty:
        return None
    edges = _edges(watched["age"])
    past = watched.groupby(_band(watched["age"], edges)).agg(
        deals=("won", "size"), won=("won", "sum"), amount=("amount", "sum")
    )
    still = _open(opportunities, known)
    band = _band((known - still["created_on"]).dt.days, edges)
    ages = pd.DataFrame({"from_days": edges[:-1], "to_days": edges[1:]})
    ages["watched"] = past["deals"]
    ages["chance"] = (past["won"] / past["amount"].where(past["amount"] > 0)).fillna(0.0)
    ages["deals"] = still["amount"].groupby(band).size().reindex(ages.index, fill_value=0)
    ages["amount"] = still["amount"].groupby(band).sum().reindex(ages.index, fill_value=0.0)
    expected = still["amount"] * band.map(ages["chance"])
    ages["expected"] = ages["amount"] * ages["chance"]
    created, won = sum(created for _, _, created, _ in seen), sum(won for *_, won in seen)
    return Coming(
        ages=ages,
        by_rep=expected.groupby(still["rep_id"].fillna("")).sum()
        if "rep_id" in still
        else pd.Series(dtype=float),
        stood_for=float(still.loc[~known_amount[still.index], "amount"].sum()),
        fresh=float(np.mean([money for _, money, _, _ in seen])),
        fresh_chance=won / created if created else 0.0,
        spans=len(seen),
    )


def _open(opportunities: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The deals that were open when `day` began."""
    return opportunities[(opportunities["created_on"] < day) & ~(opportunities["closed_on"] < day)]


def _span(
    opportunities: pd.DataFrame, day: pd.Timestamp, *, lag: int, length: int
) -> tuple[pd.DataFrame, float, int, int]:
    """One earlier span as it would have been judged on `day`: the open deals (age, amount, won: the amount won within it), the money of deals created later
    and won within it, how many deals were created within it, and how many of these were won within it."""
    first = day + pd.Timedelta(days=lag)
    last = first + pd.Timedelta(days=length - 1)
    won = (opportunities["outcome"] == "won") & opportunities["closed_on"].between(first, last)
    still = _open(opportunities, day)
    open_then = pd.DataFrame(
        {
            "age": (day - still["created_on"]).dt.days,
            "amount": still["amount"],
            "won": still["amount"] * won[still.index],
        }
    )
    later = opportunities["created_on"] >= day
    inside = opportunities["created_on"].between(first, last)
    return (
        open_then,
        float(opportunities.loc[won & later, "amount"].sum()),
        int(inside.sum()),
        int((won & inside).sum()),
    )


def _edges(ages: pd.Series) -> np.ndarray:
    """Where the age bands begin and end, in days; the last one has no end."""
    bands = min(BANDS, max(1, len(ages) // FAIR))
    inner = np.unique(np.quantile(ages, np.arange(1, bands) / bands).round())
    return np.concatenate([[0.0], inner[inner > 0], [np.inf]])


def _band(ages: pd.Series, edges: np.ndarray) -> pd.Series:
    return pd.Series(np.searchsorted(edges, ages.to_numpy(dtype=float), side="right") - 1, index=ages.index)
