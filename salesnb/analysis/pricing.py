"""Where do we sell below the margin that we set as the least?

A line is below the floor where (net amount − cost) / net amount is less than its product line's floor in the plan; returns
and lines without a cost do not count. The shortfall is the money that the floor would have brought more at the same cost:
cost / (1 − floor) − net amount.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binom, norm

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.findings import Finding
from salesnb.headlines import Figure
from salesnb.language import Message

UNUSUAL = 0.01  # of a month without a price war
FALSE_DISCOVERY = 0.05  # of price wars among those found
DRAWS, SEED = 999, 7  # of the orders below the floor over a cell's months
USUAL_MONTHS = 12  # before a price war, whose discounts are the usual ones


def headlines(floor_sales: pd.DataFrame, *, floors: dict[str, float]) -> dict[str, Figure]:
    """How many order lines of the last twelve months lie below their floor, and what was sold in them?

    `floor_sales`: one row per product line × region × rep × month of lines that have a floor and a cost (below_lines,
    below_amount). Null without floors in the plan, or without lines that have both.
    """
    keys = ("pricing.below_floor_count", "pricing.below_floor_value")
    if not floors:
        return {key: Figure(None, Message("plan.yml sets no price_floors.")) for key in keys}
    if floor_sales.empty:
        return {
            key: Figure(None, Message("No order line of the last twelve months has both a floor and a cost."))
            for key in keys
        }
    return {
        keys[0]: Figure(int(floor_sales["below_lines"].sum())),
        keys[1]: Figure(float(floor_sales["below_amount"].sum())),
    }


def below_floor(floor_sales: pd.DataFrame, *, by: list[str]) -> pd.DataFrame:
    """Where does the money fall below the floor?

    One row per value of `by` (columns of `floor_sales`: product_line, region, rep_id, month …), largest shortfall first:
    lines, below_lines, below_share, below_amount, shortfall. Missing values of `by` keep a row of their own.
    """
    measures = ["lines", "below_lines", "below_amount", "shortfall"]
    if floor_sales.empty:
        return pd.DataFrame(columns=[*by, *measures, "below_share"])
    rows = floor_sales.groupby(by, as_index=False, dropna=False)[measures].sum()
    rows["below_share"] = rows["below_lines"] / rows["lines"]
    return rows.sort_values(["shortfall", *by], ascending=[False, *[True] * len(by)], ignore_index=True)


def price_wars(floor_sales: pd.DataFrame, *, false_discovery: float = FALSE_DISCOVERY) -> pd.DataFrame:
    """In which product line and region, and since when, do we sell below the floor more than elsewhere?

    One row per product line × region, the surest first: orders and below_orders (the independent unit: the lines of one order
    share its discount), lines, below_lines, below_share, elsewhere (the share in all other
    cells), shortfall, first_month and last_month of the longest run with more lines below the floor than chance allows, p_value (one-sided binomial
    of orders against elsewhere), own_p (of so crowded a run of months, if the cell's orders below the floor fell on its orders of the
    twelve months by lot), conclusion and by (a cell that always was so thin is explained by its own past), found (both at this
    false discovery rate, Benjamini and Hochberg 1995). One cell alone has no elsewhere and is never found.
    """
    columns = [
        "product_line",
        "region",
        "lines",
        "below_lines",
        "below_share",
        "elsewhere",
        "shortfall",
        "first_month",
        "last_month",
        "orders",
        "below_orders",
        "p_value",
        "own_p",
        "conclusion",
        "by",
        "rivals",
        "found",
    ]
    if floor_sales.empty:
        return pd.DataFrame(columns=columns)
    floor_sales = _with_orders(floor_sales)
    cells = below_floor(floor_sales, by=["product_line", "region"])
    counts = floor_sales.groupby(["product_line", "region"], dropna=False)[["orders", "below_orders"]].sum()
    cells = cells.merge(counts.reset_index(), on=["product_line", "region"])
    others = cells["lines"].sum() - cells["lines"]
    cells["elsewhere"] = (cells["below_lines"].sum() - cells["below_lines"]) / others.where(others > 0)
    rest = cells["orders"].sum() - cells["orders"]
    usual = (cells["below_orders"].sum() - cells["below_orders"]) / rest.where(rest > 0)
    tail = binom.sf(cells["below_orders"] - 1, cells["orders"], usual.fillna(1.0))
    cells["p_value"] = np.where(usual.isna() | (cells["below_orders"] == 0), 1.0, tail)
    seen = beyond_noise(cells["p_value"], looks="fdr_bh", alpha=false_discovery)
    cells["own_p"] = [
        _crowded(floor_sales, row.product_line, row.region) if one else np.nan
        for row, one in zip(cells.itertuples(), seen, strict=True)
    ]
    own = beyond_noise(cells["own_p"], looks="fdr_bh", alpha=false_discovery)
    past = [{"past": 0.0 if new else 1.0} if one else {} for one, new in zip(seen, own, strict=True)]
    cells = cells.join(rivals.worded(cells.index, seen, own, past)).assign(found=seen & own)
    spans = [_span(floor_sales, row.product_line, row.region, row.elsewhere) for row in cells.itertuples()]
    cells["first_month"] = pd.to_datetime([first for first, _ in spans])
    cells["last_month"] = pd.to_datetime([last for _, last in spans])
    return cells.sort_values(
        ["found", "shortfall", "p_value"], ascending=[False, False, True], ignore_index=True
    )[columns]


def findings(wars: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `price_wars`."""
    year = (as_of - pd.DateOffset(years=1) + pd.Timedelta(days=1), as_of)
    return rivals.told(
        wars, id="price.war", member=["product_line", "region"], value="below_share", ends=("", ""), stated=FALSE_DISCOVERY,
        unit="order", basis="own_past", period=year,
    )  # fmt: skip


def _with_orders(floor_sales: pd.DataFrame) -> pd.DataFrame:
    """With a line taken for an order where orders are not told."""
    if "orders" in floor_sales:
        return floor_sales
    return floor_sales.assign(orders=floor_sales["lines"], below_orders=floor_sales["below_lines"])


def _crowded(floor_sales: pd.DataFrame, product_line: Any, region: Any) -> float:
    """The chance of so crowded a run of months, if the cell's orders below the floor were dealt among all its orders: the largest
    excess of any run over what the cell's own share lets expect, against the same of dealt ones."""
    rows = floor_sales[_in_cell(floor_sales, product_line, region)]
    months = rows.groupby("month")[["orders", "below_orders"]].sum().sort_index()
    orders, below = months["orders"].to_numpy(int), months["below_orders"].to_numpy(int)
    total, low = int(orders.sum()), int(below.sum())
    if len(months) < 3 or low == total:
        return 1.0
    rng = np.random.default_rng(SEED)
    dealt = rng.multivariate_hypergeometric(orders, low, DRAWS, method="marginals")
    sums = np.concatenate([np.zeros((DRAWS + 1, 1)), np.vstack([below, dealt]).cumsum(axis=1)], axis=1)
    held = np.concatenate([[0], orders.cumsum()])
    most = np.full(DRAWS + 1, -np.inf)
    for first in range(len(orders)):
        for end in range(first + 1, len(orders) + 1):
            n = held[end] - held[first]
            if 0 < n < total:
                excess = sums[:, end] - sums[:, first] - n * low / total
                most = np.maximum(most, excess / np.sqrt(n * (1 - n / total)))
    return float((1 + (most[1:] >= most[0] - 1e-9).sum()) / (1 + DRAWS))


def given_away(wars: pd.DataFrame, discounts: pd.DataFrame) -> pd.DataFrame:
    """How much lower were prices in a war than before it? The rows of `price_wars` with usual (the discount off the list in the
    same line and region in the twelve months before the war's first month), further (the war's discount beyond it, a share
    of the list) with its 95% interval low … high, and given_away (further × what the list asked, money).

    `discounts`: of each month × region × line the sums over people's days that have a list amount: net_amount, list_amount,
    net_squares, products, list_squares. Missing where no war was found or no list is known. The interval takes each such day's
    discount as one draw around the usual one, before the war and in it.
    """
    sizes = [_further(row, discounts) if row.found else (np.nan,) * 5 for row in wars.itertuples()]
    columns = ("usual", "further", "low", "high", "given_away")
    return wars.assign(**{name: [size[place] for size in sizes] for place, name in enumerate(columns)})


def _further(war: Any, discounts: pd.DataFrame) -> tuple[float, ...]:
    rows = discounts[_in_cell(discounts, war.product_line, war.region) & (discounts["list_amount"] > 0)]
    month = rows["day"].dt.to_period("M").dt.to_timestamp()
    inside = rows[month.between(war.first_month, war.last_month)]
    before = rows[(month < war.first_month) & (month >= war.first_month - pd.DateOffset(months=USUAL_MONTHS))]
    if inside.empty or before.empty:
        return (np.nan,) * 5
    now, then = inside.sum(numeric_only=True), before.sum(numeric_only=True)
    paid = float(then["net_amount"] / then["list_amount"])
    further = paid - float(now["net_amount"] / now["list_amount"])
    apart = then["net_squares"] - 2 * paid * then["products"] + paid**2 * then["list_squares"]
    spread = max(float(apart), 0.0) / float(then["list_squares"])
    weights = sum(float(side["list_squares"] / side["list_amount"] ** 2) for side in (now, then))
    half = float(norm.ppf(0.975) * np.sqrt(spread * weights))
    return 1 - paid, further, further - half, further + half, further * float(now["list_amount"])


def _span(floor_sales: pd.DataFrame, product_line: Any, region: Any, usual: Any) -> tuple[Any, Any]:
    """The longest run of months in which more lines than usual were below the floor; of two as long, that with more lines."""
    months = (
        floor_sales[_in_cell(floor_sales, product_line, region)]
        .groupby("month")[["lines", "below_lines"]]
        .sum()
        .sort_index()
    )
    chance = binom.sf(months["below_lines"] - 1, months["lines"], usual if pd.notna(usual) else 0.0)
    high = pd.Series((months["below_lines"] > 0).to_numpy() & (chance < UNUSUAL), index=months.index)
    if not high.any():
        return pd.NaT, pd.NaT
    run = (high != high.shift()).cumsum()
    runs = months[high].groupby(run[high])["below_lines"].agg(["size", "sum"])
    longest = high.index[(run == runs.sort_values(["size", "sum"], kind="stable").index[-1]) & high]
    return longest.min(), longest.max()


def _in_cell(rows: pd.DataFrame, product_line: Any, region: Any) -> pd.Series:
    """Which rows are of the line and the region? Rows without a region are of the nameless one."""
    there = rows["region"].isna() if pd.isna(region) else rows["region"] == region
    return (rows["product_line"] == product_line) & there
