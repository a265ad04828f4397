"""Who could be star of the year, and what speaks for each as facts?

First is who attains most of the year's target. Orders come in lumps, so that the same year lived again would rank people otherwise:
how often each would be first is drawn from as many lumps as each person's own order days are worth. The other facts stand beside it and
are not weighed into one number. Who is called first beyond chance would be so in all but `MAY` of the years lived again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from salesnb.calendars.periods import fiscal_year
from salesnb.findings import FOUND, NONE, Finding

DRAWS, SEED = 4_000, 11
MAY = 0.05  # from this chance on somebody may be first
FEWEST = 5  # accounts that bought the year before, for a share of kept ones
YEARS = 2  # before this one, whose attainment stands beside it
PAST = ("one_before", "two_before")
MEASURES = (
    "growth",
    "yearly",
    "kept",
    "helped",
)  # facts that speak for somebody where they lie above the median
COLUMNS = [
    "rep_id", "rep_name", "team", "attainment", *PAST, "met", "known", "first", "growth", "three_years", "yearly", "bought", "kept", "helped", "speaks",
]  # fmt: skip


def ends_before(as_of: pd.Timestamp, *, starts: int = 1, data_from: pd.Timestamp) -> list[pd.Timestamp]:
    """The last days of the two fiscal years before the report's, the nearer first; none of a year that began before the data do."""
    since, _ = fiscal_year(as_of, starts=starts)
    firsts = [since - pd.DateOffset(years=back) for back in range(YEARS + 1)]
    return [last - pd.Timedelta(days=1) for last, first in pairwise(firsts) if first >= data_from]


def ranking(
    attained: pd.DataFrame,
    days: pd.DataFrame,
    bookings: pd.DataFrame,
    order_days: pd.DataFrame,
    owners: pd.DataFrame,
    work: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    data_from: pd.Timestamp,
    starts: int = 1,
    before: Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Who could be first, and with which year and three years behind?

    `attained` of team.attainment; `days`: day × rep_id (net_amount); `bookings`: day, rep_id, net_amount; `order_days`: account_id, day,
    is_order; `owners`: account_id, owner_id; `work`: account × rep of twelve months (contacts, order_lines); `before`: team.attainment at
    each of `ends_before`. One row per person with a target and bookings, likeliest first on top: rep_id, rep_name, team, attainment,
    one_before and two_before (attainment of the fiscal years before; missing without a target for a whole one), met and known (of these
    three years, those at target, and those whose target is known), first (chance to be first, 0–1), growth (twelve
    months on the twelve before), three_years (money), yearly (growth a year over three years; both missing where the data begin later),
    bought (own accounts that bought in the year before), kept (share of these that bought in the last; missing under FEWEST), helped
    (colleagues at whose accounts, worked by them, this person made contacts without selling), speaks (which of `MEASURES` lie above the
    median of all ranked, and "met" where every one of two known years or more was at target). No rows under two people.
    """
    rows = attained[(attained["target"] > 0) & (attained["bookings"] > 0)].reset_index(drop=True)
    if len(rows) < 2:
        return pd.DataFrame(columns=COLUMNS)
    since, _ = fiscal_year(as_of, starts=starts)
    rows["first"] = _first(rows, days[days["day"].between(since, as_of)])
    for name, then in zip(PAST, [*before, None, None], strict=False):
        rows[name] = np.nan if then is None else rows["rep_id"].map(then.set_index("rep_id")["attainment"])
    three = rows[["attainment", *PAST]].astype(float)
    rows["met"], rows["known"] = (three >= 1).sum(axis=1), three.notna().sum(axis=1)
    ends = [as_of - pd.DateOffset(years=back) for back in range(4)]
    sold = [
        rows["rep_id"]
        .map(bookings[_within(bookings, first, last)].groupby("rep_id")["net_amount"].sum())
        .fillna(0.0)
        for last, first in pairwise(ends)
    ]
    long = data_from <= ends[3] + pd.Timedelta(days=1)
    rows["growth"] = sold[0] / sold[1].where(sold[1] > 0) - 1
    rows["three_years"] = sum(sold) if long else np.nan
    rows["yearly"] = (sold[0].clip(lower=0) / sold[2].where(sold[2] > 0)) ** 0.5 - 1 if long else np.nan
    kept = _kept(order_days, owners, ends)
    rows["bought"] = rows["rep_id"].map(kept["bought"]).fillna(0).astype(int)
    rows["kept"] = rows["rep_id"].map(kept["again"] / kept["bought"]).where(rows["bought"] >= FEWEST)
    rows["helped"] = rows["rep_id"].map(_helped(work, owners)).fillna(0).astype(int)
    above = rows[list(MEASURES)].gt(rows[list(MEASURES)].median())
    above.insert(0, "met", (rows["known"] > 1) & (rows["met"] == rows["known"]))
    facts = [[str(name) for name in above if one[name]] for one in above.to_dict("records")]
    rows["speaks"] = pd.Series(facts, index=rows.index, dtype=object)
    return rows.sort_values(
        ["first", "attainment", "rep_id"], ascending=[False, False, True], ignore_index=True
    )[COLUMNS]


def _first(rows: pd.DataFrame, year: pd.DataFrame) -> np.ndarray:
    """How often each is first when the year's lumps are drawn anew; a lump is at least as large as that of all people together."""
    by_day = year.groupby(["rep_id", "day"])["net_amount"].sum()
    sums, squares = by_day.groupby("rep_id").sum(), (by_day**2).groupby("rep_id").sum()
    common = float(squares.sum() / sums.sum()) if sums.sum() > 0 else 1.0
    lump = rows["rep_id"].map(squares / sums.where(sums > 0)).clip(lower=common).fillna(common)
    rng = np.random.default_rng(SEED)
    drawn = rng.gamma((rows["bookings"] / lump).to_numpy(float), size=(DRAWS, len(rows)))
    best = (drawn * (lump / rows["target"]).to_numpy(float)).argmax(axis=1)
    return np.bincount(best, minlength=len(rows)) / DRAWS


def _kept(order_days: pd.DataFrame, owners: pd.DataFrame, ends: list[pd.Timestamp]) -> pd.DataFrame:
    """Per owner: accounts that bought in the year before (bought), and of these, in the last (again)."""
    orders = order_days[order_days["is_order"].astype(bool)]
    then = set(orders.loc[_within(orders, ends[2], ends[1]), "account_id"])
    now = set(orders.loc[_within(orders, ends[1], ends[0]), "account_id"])
    theirs = owners[owners["account_id"].isin(then)]
    return (
        theirs.assign(bought=1, again=theirs["account_id"].isin(now).astype(int))
        .groupby("owner_id")[["bought", "again"]]
        .sum()
    )


def _helped(work: pd.DataFrame, owners: pd.DataFrame) -> pd.Series:
    """Per person: how many colleagues at whose own accounts this one made contacts and sold nothing."""
    owned = work.merge(owners[["account_id", "owner_id"]], on="account_id")
    by_owner = set(owned.loc[owned["rep_id"] == owned["owner_id"], "account_id"])
    help_ = owned[(owned["rep_id"] != owned["owner_id"]) & owned["account_id"].isin(by_owner)]
    return (
        help_[(help_["contacts"] > 0) & (help_["order_lines"] == 0)].groupby("rep_id")["owner_id"].nunique()
    )


def findings(ranks: pd.DataFrame, *, as_of: pd.Timestamp, starts: int = 1) -> list[Finding]:
    """Is the first of `ranking` first beyond chance?"""
    span = f"{fiscal_year(as_of, starts=starts)[0]:%Y-%m-%d}/{as_of:%Y-%m-%d}"
    shared: dict[str, Any] = {
        "stated": MAY,
        "unit": "order_day",
        "basis": "peers",
        "period": span,
        "looks": max(1, len(ranks)),
    }
    if ranks.empty:
        return [Finding("star.year", NONE, **shared)]
    top = ranks.iloc[0]
    if top["first"] < 1 - MAY:
        return [Finding("star.year", NONE, **shared)]
    return [Finding("star.year", FOUND, str(top["rep_id"]), value=float(top["attainment"]), p=1 - float(top["first"]), **shared)]  # fmt: skip


def _within(rows: pd.DataFrame, after: pd.Timestamp, until: pd.Timestamp) -> pd.Series:
    return (rows["day"] > after) & (rows["day"] <= until)
