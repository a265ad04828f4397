"""What will the next order of an account be worth?

Gamma–gamma: an account's order days vary about a mean of its own, and the means differ between accounts. Three numbers for
the whole company (p: how even an account's order days are; q, gamma: how the means differ) are fitted by maximum likelihood;
an account's expected order day then lies between its own mean and everybody's, the nearer to its own the more it has ordered.

Source: Fader, Hardie (2013), "The Gamma-Gamma Model of Monetary Value", equations 1a and 5. It holds where those who order
often do not order larger or smaller amounts; `correlation` tells how far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

from salesnb.caching import cached

FEWEST_ACCOUNTS = 30  # with a repeated order of positive value: three numbers are taken from them
DRAWS, LEVEL, MOST_DRAWN = (
    1000,
    0.8,
    200_000,
)  # of an account's money ahead; draws that are held at a time, accounts × draws
LARGEST = 1e5  # a parameter beyond this, or below its inverse, lies at the edge: everybody is alike

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ValueModel:
    """p, q as in the source; gamma in money; `usual` is what an order day of an unknown account is worth."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    accounts: int
    correlation: float

    @property
    def usual(self) -> float:
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("nan")


def repeated(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What were the order days after the first worth, by account?

    In: one row per account × day (account_id, day, net_amount, is_order). Out: one row per account with an order day up to
    `as_of`: account_id, repeats (order days after the first of more than zero), mean_value (of them; money; missing without one).
    """
    days = order_days[
        order_days["account_id"].notna() & order_days["is_order"].astype(bool) & (order_days["day"] <= as_of)
    ]
    by_day = days.groupby(["account_id", "day"], as_index=False)["net_amount"].sum()
    later = by_day[by_day["account_id"].duplicated() & (by_day["net_amount"] > 0)]
    found = later.groupby("account_id")["net_amount"].agg(["size", "mean"])
    ids = pd.Index(by_day["account_id"].unique(), name="account_id")
    found = found.reindex(ids).rename(columns={"size": "repeats", "mean": "mean_value"})
    return found.fillna({"repeats": 0.0}).reset_index()


@cached
def fit(values: pd.DataFrame) -> ValueModel | None:
    """Which gamma–gamma model makes the accounts' mean order days most likely?

    In: `repeated`. None under thirty accounts that ordered again, or where no mean is better than another (the likelihood
    rises without end).
    """
    known = values[values["repeats"] > 0]
    if len(known) < FEWEST_ACCOUNTS:
        return None
    x, mean = known["repeats"].to_numpy(float), known["mean_value"].to_numpy(float)
    scale = float(np.median(mean))  # the fit must not depend on the currency's unit

    def loss(logs: Floats) -> float:
        p, q, gamma = np.exp(logs)
        return -_log_likelihood(p, q, gamma, x, mean / scale) / len(x)

    edge = float(np.log(LARGEST) + 1)
    ends = [
        minimize(loss, np.log(start), method="L-BFGS-B", bounds=[(-edge, edge)] * 3)
        for start in ((2.0, 3.0, 2.0), (6.0, 4.0, 0.5), (1.0, 1.5, 1.0))
    ]
    best = min(ends, key=lambda end: float(end.fun))
    if not np.isfinite(best.fun) or np.abs(best.x).max() > np.log(LARGEST):
        return None
    p, q, gamma = (float(f"{value:.6g}") for value in np.exp(best.x))  # the same on all processors
    together = float(np.corrcoef(x, mean)[0, 1]) if x.std() > 0 and mean.std() > 0 else 0.0
    return ValueModel(
        p, q, gamma * scale, -float(best.fun) * len(x) - len(x) * np.log(scale), len(x), together
    )


def _log_likelihood(p: float, q: float, gamma: float, x: Floats, mean: Floats) -> float:
    terms = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
    terms += (p * x - 1) * np.log(mean) + p * x * np.log(x) - (p * x + q) * np.log(x * mean + gamma)
    return float(terms.sum())


def expected_values(values: pd.DataFrame, *, model: ValueModel | None) -> pd.Series:
    """What is an order day of each account worth in expectation (money)?

    In: `repeated`. Without a model, an account's own mean; missing where it has none. Out: in the order of the rows.
    """
    if model is None:
        return values["mean_value"].astype(float)
    x = values["repeats"].astype(float)
    total = (values["mean_value"] * x).fillna(0.0)
    ahead = model.p * x + model.q - 1
    return ((model.gamma + total) * model.p / ahead).where(ahead > 0)


def worth(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """What is the next order day of each account worth (money)? account_id → value, of `repeated` days and their model."""
    values = repeated(order_days, as_of=as_of)
    return expected_values(values, model=fit(values)).set_axis(values["account_id"])


def between(
    ahead: pd.DataFrame, order_days: pd.DataFrame, *, as_of: pd.Timestamp, days: int = 90, seed: int = 0
) -> pd.DataFrame:
    """Within which amounts does each account's money of the coming `days` lie, with four chances in five?

    In: one row per account with buys_90 (chance of an order) and orders_90 (expected order days). None comes with 1 − buys, else one and a Poisson
    number more; what they are worth follows the gamma–gamma model given the account's own order days (an account's own mean, and the
    company's spread about such means, without a model). Out: the same rows with money_low and money_high; missing where the worth of
    an order is not known.
    """
    values = repeated(order_days, as_of=as_of)
    model = fit(values)
    own = values.set_index("account_id").reindex(ahead["account_id"])
    x, mean = own["repeats"].fillna(0.0).to_numpy(float), own["mean_value"].to_numpy(float)
    buys, orders = (ahead[f"{name}_{days}"].to_numpy(float) for name in ("buys", "orders"))
    further = np.maximum(orders / np.where(buys > 0, buys, 1.0) - 1.0, 0.0)
    rng, step = np.random.default_rng(seed), max(1, MOST_DRAWN // DRAWS)
    spread = 1.0 if model is not None else _spread(order_days, as_of=as_of)
    ends = np.full((len(ahead), 2), np.nan)
    for first in range(0, len(ahead), step):
        part = slice(first, first + step)
        size = (len(x[part]), DRAWS)
        number = np.where(rng.random(size) < buys[part, None], 1 + rng.poisson(further[part, None], size), 0)
        if model is not None:
            total = model.gamma + x[part] * np.nan_to_num(mean[part])
            rate = rng.gamma(model.q + model.p * x[part, None], 1.0, size) / total[:, None]
            money = rng.gamma(np.maximum(model.p * number, 1e-9)) / rate
        else:
            money = rng.gamma(np.maximum(number / spread, 1e-9)) * spread * mean[part, None]
        money = np.where(number > 0, money, 0.0)
        ends[part] = np.quantile(money, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1).T
    ends = np.where(
        (np.isnan(buys) | np.isnan(ahead[f"money_{days}"].to_numpy(float)))[:, None], np.nan, ends
    )
    return ahead.assign(money_low=ends[:, 0], money_high=ends[:, 1])


def _spread(order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> float:
    """The squared coefficient of variation of order days about their account's mean: at random amounts it is one."""
    days = order_days[(order_days["day"] <= as_of) & (order_days["net_amount"] > 0)]
    by_account = days.groupby("account_id")["net_amount"].agg(["mean", "var", "size"]).query("size > 1")
    if by_account.empty:
        return 1.0
    return float(max((by_account["var"] / by_account["mean"] ** 2).median(), 1e-3))
