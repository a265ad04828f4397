"""Did a lower price sell more of a line? Its own elasticity, where our discounts varied enough to tell.

A large order is given a large discount, and a customer with an agreement always buys cheaply: where such orders fall together, a low
price goes with much volume and has not made any. So the price of a place and month is what its orders were granted beyond what their
size and their customers are granted anyway (levels of orders, least squares), and the volume, at list prices, is held against it with
what is the place's own and what all places had in that month (season, market) taken out. A discount that answers a weak month still
looks like one that sells nothing: no records can tell these apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr
from statsmodels.regression.linear_model import OLS

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import Finding

MONTHS = 36
FEWEST = 24  # months of places behind an elasticity
FILLED = 0.8  # of its months in which a place sold the line
BANDS = 8  # of the sizes of orders
RELIABLE = 0.5  # share of the spread of prices that is none of the noise of single orders: below it they did not vary enough
FALSE_ALARM = 0.05
RIVALS = (
    ("selection", "sized", "volume"),
    ("mix", "known", "volume"),
    ("one_large", "paid_rest", "rest"),
)  # the price (and volume) that each holds equal
COLUMNS = ["product_line", "elasticity", "low", "high", "p_value", "net_p", "conclusion", "by", "rivals"]

Floats = NDArray[np.floating[Any]]
Codes = NDArray[np.integer[Any]]


class Slope(NamedTuple):
    """By how many percent the volume was larger with a price one percent lower, with its 95% interval and chance; missing where the
    discounts did not vary enough."""

    value: float
    low: float
    high: float
    p_value: float

    @property
    def for_more(self) -> float:
        """The chance of it where lower prices sold more; a slope the other way is no sign of that."""
        return 1.0 if self.value <= 0 else self.p_value


UNTOLD = Slope(*(float("nan"),) * 4)


def responses(prices: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What did our own discounts sell of each line?

    `prices`: order_prices (account_id, region, rep_id, product_line, day, net_amount, list_amount). One row per line that has list prices:
    product_line, elasticity (percent more volume with a price one percent lower; size of order and customer held equal), low, high (95%),
    p_value (as it looks at first: the price all money was paid at), net_p, conclusion (found: beyond noise both as it looks and net of its rivals),
    by and rivals (the share of what is seen at first that goes with the size of an order: selection; with the customers: mix; with the largest order of
    each month: one_large). Missing where discounts did not vary enough.
    """
    rows = []
    for line, own in prices.groupby("product_line", sort=True):
        cells = _cells(own, as_of=as_of)
        seen, net = _slope(cells, "paid"), _slope(cells, "equal")
        held = {name: _slope(cells, price, volume=volume).value for name, price, volume in RIVALS}
        shares = {name: rivals.share_of(seen.value, value) for name, value in held.items() if value == value}
        rows.append((line, net.value, net.low, net.high, seen.for_more, net.for_more, shares))
    table = pd.DataFrame(rows, columns=[*COLUMNS[:6], "shares"])
    first, second = table["p_value"].fillna(1.0), table["net_p"].fillna(1.0)
    words = rivals.worded(
        table.index,
        intervals.beyond_noise(first, looks="holm", alpha=FALSE_ALARM),
        rivals.beyond_both(first, second, alpha=FALSE_ALARM),
        list(table["shares"]),
    )
    return table.join(words)[COLUMNS]


def findings(told: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `responses`."""
    return rivals.told(
        told, id="price.elasticity", member="product_line", value="elasticity", stated=FALSE_ALARM, unit="month", basis="own_past",
        period=(months_back(as_of, MONTHS), as_of),
    )  # fmt: skip


def _cells(orders: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per place × month of a line: volume (log of list money), rest (the same without the largest order), and the log of the price:
    paid (all money), paid_rest, sized and known (orders' mean beyond what their size, or their customer, is granted), equal (beyond both),
    noise (the variance of `equal` by the noise of single orders). No rows where no two places sold in most months."""
    start = months_back(as_of, MONTHS)
    rows = orders[
        (orders["day"] >= start)
        & (orders["day"] <= as_of)
        & (orders["list_amount"] > 0)
        & (orders["net_amount"] > 0)
    ]
    place = "region" if len(rows["region"].dropna().unique()) > 1 else "rep_id"
    rows = rows[rows[place].notna()].assign(month=rows["day"].dt.to_period("M"), place=rows[place])
    sold = rows.groupby("place")["month"].nunique()
    rows = rows[rows["place"].isin(sold.index[sold >= FILLED * rows["month"].nunique()])]
    if rows["place"].nunique() < 2:
        return pd.DataFrame(columns=["place", "month"])
    rows = rows.reset_index(drop=True)
    size = np.log(rows["list_amount"].to_numpy(float))
    price = np.log(rows["net_amount"].to_numpy(float)) - size
    groups = rows.groupby(["place", "month"], sort=True)
    cell = groups.ngroup().to_numpy()
    largest = groups["list_amount"].idxmax().to_numpy()
    cells = groups[["net_amount", "list_amount"]].sum().reset_index()
    rest = cells[["net_amount", "list_amount"]] - rows.loc[largest, ["net_amount", "list_amount"]].to_numpy()
    few = rest["list_amount"] <= 0
    bands = pd.factorize(rivals.bands(pd.Series(size), most=BANDS))[0]
    buyer = rivals.units(rows["account_id"], len(rows))
    levels, left = {}, price
    for name, held in (("sized", [bands]), ("known", [buyer]), ("equal", [bands, buyer])):
        levels[name], left = _level(price, cell, held, size if held[0] is bands else None)
    freedom = max(len(rows) - len(cells) - len(np.unique(buyer)) - BANDS, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.DataFrame(
            {
                "place": cells["place"], "month": cells["month"],
                "volume": np.log(cells["list_amount"]),
                "rest": np.log(rest["list_amount"].where(~few)),
                "paid": np.log(cells["net_amount"] / cells["list_amount"]),
                "paid_rest": np.log((rest["net_amount"] / rest["list_amount"]).where(~few)),
                **levels, "noise": float(left @ left) / freedom / np.bincount(cell),
            }
        )  # fmt: skip


def _level(price: Floats, cell: Codes, held: Sequence[Codes], size: Floats | None) -> tuple[Floats, Floats]:
    """The level of each cell beside levels of what is held equal (and beside the size itself), and what is left of each order."""
    n, width, places = len(price), int(cell.max()) + 1, [cell]
    for codes in held:
        places.append(codes + width)
        width += int(codes.max()) + 1
    ones = [np.ones(n) for _ in places]
    if size is not None:
        places, ones, width = [*places, np.full(n, width)], [*ones, size - size.mean()], width + 1
    row = np.tile(np.arange(n), len(places))
    design = csr_array((np.concatenate(ones), (row, np.concatenate(places))), shape=(n, width))
    centred = price - price.mean()
    found = lsqr(design, centred, atol=1e-10, btol=1e-10, iter_lim=2_000)[0]
    return np.asarray(found[: int(cell.max()) + 1]), centred - design @ found


def _slope(cells: pd.DataFrame, price: str, *, volume: str = "volume") -> Slope:
    """The elasticity of the volume, what is the place's own and what the month's is taken out; errors may hold together within a year of a place.
    Noise of the orders in a price draws the slope towards none: it is divided by the share of the spread that is no noise."""
    if len(cells) < FEWEST:
        return UNTOLD
    rows = cells[np.isfinite(cells[price].astype(float)) & np.isfinite(cells[volume].astype(float))]
    if rows["place"].nunique() < 2 or len(rows) < FEWEST:
        return UNTOLD
    groups = pd.get_dummies(rows[["place", "month"]].astype(str), drop_first=True, dtype=float).assign(
        one=1.0
    )
    value, sold = rows[price].to_numpy(float), rows[volume].to_numpy(float)
    own = value - groups @ np.linalg.lstsq(groups.to_numpy(), value, rcond=None)[0]
    freedom = len(rows) - groups.shape[1] - 1
    if freedom < 2 or own.std() < 1e-6:
        return UNTOLD
    spread = float(own @ own) / (freedom + 1)
    reliable = 1 - float(rows["noise"].mean()) / spread
    if reliable < RELIABLE:
        return UNTOLD
    year = rows["place"].astype(str) + "/" + ((rows["month"] - rows["month"].min()).map(lambda step: step.n) // 12).astype(str)  # fmt: skip
    fit = OLS(sold, groups.assign(price=value)).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(year)[0]}, use_t=True
    )
    with np.errstate(invalid="ignore"):  # where all lie on the line there is no error to take a root of
        low, high = sorted(-float(end) / reliable for end in fit.conf_int().loc["price"])
        return Slope(-float(fit.params["price"]) / reliable, low, high, float(fit.pvalues["price"]))
