"""How much more must be sold for a lower price to earn as much, and do our own discounts ever bring so much?

A cut c of the price at the margin m (both shares of today's price) earns as much where the volume grows by c / (m − c); no volume is
enough where c reaches m. Volume is what was sold at list prices, the price the share of the list that was paid; what our own discounts
sold is `price_response`'s.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest

from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import months_back
from salesnb.findings import FOUND

CUT = 0.05  # where no price war says how deep one goes
FALSE_DISCOVERY = 0.05  # of people who are said to keep floors better or worse than others
PAYS, LOSES, UNKNOWN = "pays", "loses", "unknown"


def break_even(margin: ArrayLike, cut: ArrayLike) -> NDArray[np.float64]:
    """By which share must the volume grow for a price cut to earn as much? Infinite where the cut takes the whole margin; missing where
    the margin is.

    >>> float(break_even(0.30, 0.10).round(3))  # at 30% a cut of 10% asks for half as much again
    0.5
    """
    left = np.asarray(margin, dtype=float) - np.asarray(cut, dtype=float)
    with np.errstate(divide="ignore"):
        return np.where(
            np.isnan(left), np.nan, np.where(left > 0, np.asarray(cut) / np.where(left > 0, left, 1), np.inf)
        )


def scenarios(
    bookings: pd.DataFrame, wars: pd.DataFrame, responses: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """What does a lower price ask of each product line?

    `bookings`: the rows by month (day, product_line, region, net_amount, list_amount, cost_amount, uncosted); `wars` of
    pricing.given_away; `responses` of price_response. One row per line with a margin over the last twelve months, largest loss first: product_line, net (money of twelve
    months), margin, cut (of the deepest war found in the line, else CUT), lost (money, where the volume stays), more (break_even), needed
    (elasticity of which that asks), elasticity, low, high (missing where discounts varied too little), verdict (loses where the whole interval lies below
    it, pays where the whole interval lies above it and what is seen goes with nothing else, else unknown), by (what is seen goes with it: selection, mix, one_large; else empty).
    """
    columns = [
        "product_line",
        "net",
        "margin",
        "cut",
        "lost",
        "more",
        "needed",
        "elasticity",
        "low",
        "high",
        "verdict",
        "by",
    ]
    year = bookings[
        (bookings["day"] >= months_back(as_of, 12))
        & (bookings["uncosted"] == 0)
        & bookings["product_line"].notna()
    ]
    lines = year.groupby("product_line", as_index=False).agg(
        net=("net_amount", "sum"), cost=("cost_amount", "sum")
    )
    lines = lines[(lines["net"] > 0) & (lines["cost"] > 0)].reset_index(drop=True)
    if lines.empty:
        return pd.DataFrame(columns=columns)
    lines["margin"] = 1 - lines["cost"] / lines["net"]
    found = wars[wars["found"].astype(bool) & (wars["further"] > 0)]
    deepest = (found["further"] / (1 - found["usual"])).groupby(found["product_line"]).max()
    lines["cut"] = lines["product_line"].map(deepest).astype(float).fillna(CUT)
    lines["lost"], lines["more"] = lines["cut"] * lines["net"], break_even(lines["margin"], lines["cut"])
    lines["needed"] = np.log1p(lines["more"]) / -np.log1p(-lines["cut"])
    own = responses.set_index("product_line").reindex(lines["product_line"]).reset_index(drop=True)
    lines[["elasticity", "low", "high"]] = own[["elasticity", "low", "high"]].astype(float)
    lines["by"] = own["by"].fillna("")
    sure = own["conclusion"].eq(FOUND)
    lines["verdict"] = np.select(
        [sure & (lines["low"] > lines["needed"]), lines["high"] < lines["needed"]], [PAYS, LOSES], UNKNOWN
    )
    return lines.sort_values(["lost", "product_line"], ascending=[False, True], ignore_index=True)[columns]


def keepers(floor_sales: pd.DataFrame, *, false_discovery: float = FALSE_DISCOVERY) -> pd.DataFrame:
    """Who keeps the floors better, and who worse, than colleagues who sold the same line in the same region and month?

    `floor_sales` (rep_id, rep_name, product_line, region, month, orders, below_orders, shortfall). One row per person with such colleagues,
    largest shortfall first: rep_id, rep_name, orders, below_orders, expected (orders below, at the others' share), shortfall, p_value
    (two-sided binomial), kept (better, worse, or empty: no difference beyond chance at this false discovery rate).
    """
    columns = ["rep_id", "rep_name", "orders", "below_orders", "expected", "shortfall", "p_value", "kept"]
    rows = floor_sales[floor_sales["rep_id"].notna()] if len(floor_sales) else floor_sales
    if rows.empty:
        return pd.DataFrame(columns=columns)
    cell = rows.groupby(["product_line", "region", "month"], dropna=False)[
        ["orders", "below_orders"]
    ].transform("sum")
    others = cell["orders"] - rows["orders"]
    share = (cell["below_orders"] - rows["below_orders"]) / others.where(others > 0)
    rows = rows.assign(expected=rows["orders"] * share)[others > 0]
    people = rows.groupby("rep_id", as_index=False).agg(
        rep_name=("rep_name", "first"),
        **{name: (name, "sum") for name in ("orders", "below_orders", "expected", "shortfall")},
    )
    people = people[people["orders"] > 0]
    counts = people[["below_orders", "orders", "expected"]].to_numpy(dtype=float)
    people["p_value"] = [binomtest(int(low), int(all_), usual / all_).pvalue for low, all_, usual in counts]
    sure = beyond_noise(people["p_value"], looks="fdr_bh", alpha=false_discovery)
    better = people["below_orders"] < people["expected"]
    people["kept"] = np.where(sure, np.where(better, "better", "worse"), "")
    return people.sort_values(["shortfall", "rep_id"], ascending=[False, True], ignore_index=True)[columns]
