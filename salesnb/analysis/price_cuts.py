"""How much more must be sold for a lower price to earn as much, and do our own discounts ever bring so much?

A cut c of the price at the margin m (both shares of today's price) earns as much where the volume grows by c / (m − c); no volume is
enough where c reaches m. Volume is what was sold at list prices, the price the share of the list that was paid.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest
from statsmodels.regression.linear_model import OLS

from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import month_start, months_back

CUT = 0.05  # where no price war says how deep one goes
FEWEST = 24  # months of regions behind an elasticity
MONTHS = 36
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


def elasticity(bookings: pd.DataFrame, *, as_of: pd.Timestamp) -> tuple[float, float, float]:
    """By how many percent did the volume grow with a price one percent lower? The estimate and its 95% interval.

    `bookings` of one product line: day, region, net_amount, list_amount. Months of regions beside each other, over three years: what is a
    region's own, and what all regions had in a month (season, list prices, market), is taken out; errors may hold together within half a
    year of a region. Missing with one region, too few months, or discounts that never varied. It says what goes with what: deep
    discounts on large deals look like an effect.
    """
    start = month_start(months_back(as_of, MONTHS))
    rows = bookings[(bookings["day"] > start) & (bookings["list_amount"] > 0) & (bookings["net_amount"] > 0)]
    month = rows["day"].dt.to_period("M")
    cells = (
        rows.groupby([rows["region"], month.rename("month")])[["net_amount", "list_amount"]]
        .sum()
        .reset_index()
    )
    if cells["region"].nunique() < 2 or len(cells) < FEWEST:
        return (float("nan"),) * 3
    volume = pd.Series(np.log(cells["list_amount"]))
    price = pd.Series(np.log(cells["net_amount"])) - volume
    groups = pd.get_dummies(cells[["region", "month"]].astype(str), drop_first=True, dtype=float).assign(
        one=1.0
    )
    own = price - groups @ np.linalg.lstsq(groups.to_numpy(), price.to_numpy(), rcond=None)[0]
    if own.std() < 1e-6 or len(cells) <= groups.shape[1] + 2:
        return (float("nan"),) * 3
    half = cells["region"].astype(str) + (
        (cells["month"].dt.year * 12 + cells["month"].dt.month) // 6
    ).astype(str)
    fit = OLS(volume, groups.assign(price=price)).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(half)[0]}, use_t=True
    )
    high, low = -fit.conf_int().loc["price"]
    return float(-fit.params["price"]), float(low), float(high)


def scenarios(bookings: pd.DataFrame, wars: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What does a lower price ask of each product line?

    `bookings`: the rows by month (day, product_line, region, net_amount, list_amount, cost_amount, uncosted); `wars` of
    pricing.given_away. One row per line with a margin over the last twelve months, largest loss first: product_line, net (money of twelve
    months), margin, cut (of the deepest war found in the line, else CUT), lost (money, where the volume stays), more (break_even), needed
    (elasticity of which that asks), elasticity, low, high, verdict (pays and loses only where the whole interval says so, else unknown).
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
    ]
    year = bookings[
        (bookings["day"] > months_back(as_of, 12))
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
    own = [
        elasticity(bookings[bookings["product_line"] == line], as_of=as_of) for line in lines["product_line"]
    ]
    lines[["elasticity", "low", "high"]] = own
    lines["verdict"] = np.select(
        [lines["low"] > lines["needed"], lines["high"] < lines["needed"]], [PAYS, LOSES], UNKNOWN
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
