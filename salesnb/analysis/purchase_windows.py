"""On which days will each account order next, if it orders at all within the horizon?

Time runs as the company sells: a weekday counts as much as it brings order days, and so does a month. In that time an account's gaps vary about
a mean of its own with a regularity of its own (gamma), and the means differ between accounts (inverse gamma): the next gap
given the gaps so far, and that the present pause has lasted, is then known in closed form (compound gamma, "beta prime"). An
account whose orders stand in the same months every year runs by its own season.

The windows say when, not whether: that is `repeat`'s. They are held against orders that came later by `coverage`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betainc, betaln
from scipy.stats import chi2

from salesnb.caching import cached
from salesnb.results.customers import Coverage

HORIZON = 90  # days
LEVELS = (0.5, 0.8)
PRIOR_GAPS = 5  # as even as the median account's, with which each account's own regularity is credited
FEWEST_GAPS = 3  # from which an account's own regularity counts at all
EVENNESS = (0.3, 15.0)  # bounds of the gamma's shape: from bursts to a standing order
REGULAR = 3.0  # a shape from which gaps are called regular: at random it is 1
SEASONAL = 0.001  # chance of months so uneven if the account bought as the company does
SEASON_YEARS = 2
PRIOR_MONTH = 10  # order days that each month of the company is credited with
PRIOR_SEASON = 6  # order days as the company has them, credited to a seasonal account's own months
FEWEST_ORDER_DAYS = 50  # of the company, below which no window is told
MOST_ALIKE = 50.0  # bound of the shape in which accounts' rates differ

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rhythms:
    """What the past says: one row per account, the clock, and how the accounts' rates differ (r, alpha)."""

    accounts: (
        pd.DataFrame
    )  # account_id, last_on, gaps, total, evenness, kind, and its place in time: now, last
    ahead: Floats  # accounts × days of the horizon: time from the last order to the end of that day
    pause: Floats  # time from the last order to now
    days: pd.DatetimeIndex
    r: float
    alpha: float


@cached
def rhythms(order_days: pd.DataFrame, *, as_of: pd.Timestamp, horizon: int = HORIZON) -> Rhythms | None:
    """How do the accounts' gaps run, in the company's time?

    In: one row per account × day (account_id, day, is_order), up to `as_of` counts. None under fifty order days, or where no
    account has ordered twice.
    """
    days = order_days[
        order_days["is_order"].astype(bool) & order_days["account_id"].notna() & (order_days["day"] <= as_of)
    ]
    days = days[["account_id", "day"]].drop_duplicates().sort_values(["account_id", "day"], ignore_index=True)
    if len(days) < FEWEST_ORDER_DAYS or not days["account_id"].duplicated().any():
        return None
    calendar = pd.date_range(days["day"].min(), as_of + pd.Timedelta(days=horizon))
    usual, seasons = _seasons(days, as_of)
    clock = _weekdays(days["day"], calendar, as_of) * usual[calendar.month - 1]
    place = (days["day"] - calendar[0]).dt.days.to_numpy()
    common = np.cumsum(clock)
    time = pd.Series(common[place], index=days.index)
    now, ends = len(calendar) - horizon - 1, np.arange(len(calendar) - horizon, len(calendar))
    own = {account: np.cumsum(clock * shape[calendar.month - 1]) for account, shape in seasons.items()}
    for account, rows in days[days["account_id"].isin(own)].groupby("account_id").groups.items():
        time.loc[rows] = own[str(account)][place[rows]]
    gap = time.groupby(days["account_id"]).diff()
    by_account = gap.groupby(days["account_id"])
    table = pd.DataFrame(
        {
            "last_on": days.groupby("account_id")["day"].max(),
            "last": time.groupby(days["account_id"]).max(),
            "gaps": by_account.count().astype(float),
            "total": by_account.sum(),
            "evenness": _evenness(by_account.count(), by_account.mean(), by_account.std()),
        }
    ).reset_index()
    seasonal = table["account_id"].isin(own).to_numpy()
    table["kind"] = np.select(
        [
            seasonal,
            (table["gaps"] >= FEWEST_GAPS) & (table["evenness"] >= REGULAR),
            table["gaps"] >= FEWEST_GAPS,
        ],
        ["seasonal", "regular", "irregular"],
        "new",
    )
    last = table["last"].to_numpy()
    reached = np.where(seasonal[:, None], 0.0, common[ends][None, :] - last[:, None])
    pause = np.where(seasonal, 0.0, common[now] - last)
    for row in np.flatnonzero(seasonal):
        line = own[table["account_id"].iloc[row]]
        reached[row], pause[row] = line[ends] - last[row], line[now] - last[row]
    r, alpha = _spread(table)
    return Rhythms(table, reached, pause, pd.DatetimeIndex(calendar[ends]), r, alpha)


def _weekdays(days: pd.Series, calendar: pd.DatetimeIndex, as_of: pd.Timestamp) -> Floats:
    """How much does each day of the calendar count? One on the average of the days up to now."""
    seen = np.bincount(days.dt.dayofweek, minlength=7) + 1.0
    had = np.bincount(calendar[calendar <= as_of].dayofweek, minlength=7) + 1.0
    weight = (seen / had)[calendar.dayofweek]
    return np.asarray(weight / weight[calendar <= as_of].mean(), dtype=float)


def _seasons(days: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Floats, dict[str, Floats]]:
    """The company's months, one on average, and beside them the months of the accounts that are more uneven than chance: twelve
    weights each, one where the account buys as the company does.

    Asked of accounts that are known for two whole years, in those years alone, so that no month counts more often than another.
    """
    first = days.groupby("account_id")["day"].transform("min")
    years = ((as_of - first).dt.days // 365).clip(upper=5)
    whole = days[
        (years >= SEASON_YEARS)
        & (days["day"] > as_of - pd.to_timedelta((years * 365.25).astype(int), unit="D"))
    ]
    if whole.empty:
        return np.ones(12), {}
    place, accounts = pd.factorize(whole["account_id"], sort=True)
    cells = np.bincount(place * 12 + whole["day"].dt.month.to_numpy() - 1, minlength=12 * len(accounts))
    counts = cells.reshape(-1, 12).astype(float)
    usual = (counts.sum(axis=0) + PRIOR_MONTH) / (counts.sum() + 12 * PRIOR_MONTH)
    due = counts.sum(axis=1, keepdims=True) * usual
    chance = chi2.sf(((counts - due) ** 2 / due).sum(axis=1), 11)
    # a burst of orders in one month of one year is no season: each kept month must have come in another year too
    often = (
        whole.assign(month=whole["day"].dt.month, year=(as_of - whole["day"]).dt.days // 365.25)
        .drop_duplicates(["account_id", "month", "year"])
        .groupby("account_id")
        .size()
        .reindex(accounts)
    )
    again = often.to_numpy() >= SEASON_YEARS * (counts > 0).sum(axis=1)
    weights = (counts + PRIOR_SEASON * usual) / (due + PRIOR_SEASON * usual)
    kept = (chance < SEASONAL) & again
    return usual * 12, {str(account): weights[row] for row, account in enumerate(accounts) if kept[row]}


def _evenness(gaps: pd.Series, mean: pd.Series, spread: pd.Series) -> pd.Series:
    """The gamma's shape of each account's gaps (1/CV²), drawn towards the median account's where there are few."""
    variation = (spread / mean) ** 2
    known = variation[gaps > PRIOR_GAPS]
    usual = float((1 / known.clip(lower=1e-6)).clip(*EVENNESS).median()) if len(known) else 1.0
    own = (gaps + PRIOR_GAPS) / (gaps * variation.fillna(0.0) + PRIOR_GAPS / usual)
    return own.where(gaps >= FEWEST_GAPS, usual).clip(*EVENNESS)


def _spread(table: pd.DataFrame) -> tuple[float, float]:
    """How do the accounts' rates differ? Gamma(r, alpha), by maximum likelihood of the sums of their gaps."""
    known = table[table["gaps"] > 0]
    shape, n, total = (known[name].to_numpy(float) for name in ("evenness", "gaps", "total"))
    usual = total.sum() / n.sum()

    def loss(logs: Floats) -> float:
        r, alpha = np.exp(logs)
        scaled = shape * total / (alpha * usual)
        terms = (n * shape) * np.log(scaled) - (n * shape + r) * np.log1p(scaled) - betaln(n * shape, r)
        return -float(terms.mean())

    bounds = [(np.log(0.05), np.log(MOST_ALIKE)), (np.log(1e-3), np.log(10 * MOST_ALIKE))]
    best = minimize(loss, np.log([2.0, 2.0]), method="L-BFGS-B", bounds=bounds)
    r, alpha = (float(f"{value:.6g}") for value in np.exp(best.x))  # the same on all processors
    return r, alpha * usual


def chances(found: Rhythms) -> Floats:
    """By each day of the horizon, how likely is the next order to have come, if it comes within it? accounts × days, rising to 1."""
    shape = found.accounts["evenness"].to_numpy()[:, None]
    gaps, total = (found.accounts[name].to_numpy()[:, None] for name in ("gaps", "total"))
    scale = (found.alpha + shape * total) / shape
    rest = found.r + gaps * shape
    # the survival function of the beta prime (shape, rest), without a check of each argument
    still = betainc(rest, shape, 1 / (1 + found.pause[:, None] / scale))
    late = betainc(rest, shape, 1 / (1 + found.ahead / scale))
    came = np.where(still > 0, 1 - late / np.where(still > 0, still, 1.0), 0.0)
    even = (
        np.arange(1, came.shape[1] + 1) / came.shape[1]
    )  # far beyond all it ever did: any day as good as another
    return np.where(came[:, -1:] > 1e-9, came / np.where(came[:, -1:] > 1e-9, came[:, -1:], 1.0), even)


def windows(order_days: pd.DataFrame, *, as_of: pd.Timestamp, horizon: int = HORIZON) -> pd.DataFrame:
    """When is each account's next order likely, if one comes within the horizon?

    Out: one row per account: account_id, kind (regular, seasonal, irregular, new), likely_on (the middle day), from_50, to_50,
    from_80, to_80 (days), within_30, within_60 (chance that it comes by then, if it comes within the horizon). No rows where
    `rhythms` says nothing.
    """
    found = rhythms(order_days, as_of=as_of, horizon=horizon)
    if found is None:
        empty = pd.DataFrame({"account_id": pd.Series(dtype="object"), "kind": pd.Series(dtype="object")})
        return empty.assign(
            **dict.fromkeys(
                ("likely_on", "from_50", "to_50", "from_80", "to_80"), pd.Series(dtype="datetime64[ns]")
            ),
            **dict.fromkeys(("within_30", "within_60"), pd.Series(dtype=float)),
        )
    by_day = chances(found)
    table = found.accounts[["account_id", "kind"]].assign(
        likely_on=found.days[(by_day < 0.5).sum(axis=1).clip(max=horizon - 1)]
    )
    for level in LEVELS:
        first, last = _window(by_day, level)
        table[f"from_{level * 100:.0f}"], table[f"to_{level * 100:.0f}"] = found.days[first], found.days[last]
    within = {f"within_{days}": by_day[:, days - 1] for days in (30, 60) if days <= horizon}
    return table.assign(**within)


def _window(by_day: Floats, level: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first and last day (places) of the middle that holds `level`: the days whose own middle lies in it, at least one."""
    before = np.hstack([np.zeros((len(by_day), 1)), by_day[:, :-1]])
    middle = (before + by_day) / 2
    first = (middle < (1 - level) / 2).sum(axis=1)
    last = (middle <= (1 + level) / 2).sum(axis=1) - 1
    median = (by_day < 0.5).sum(axis=1)
    none = last < first
    most = by_day.shape[1] - 1
    return np.where(none, median, first).clip(max=most), np.where(none, median, last).clip(max=most)


@cached
def coverage(order_days: pd.DataFrame, *, as_of: pd.Timestamp, horizon: int = HORIZON) -> Coverage | None:
    """Had the windows been told `horizon` days ago, how many of the next orders would have kept to them? None where none came."""
    then = as_of - pd.Timedelta(days=horizon)
    told = windows(order_days, as_of=then, horizon=horizon)
    if told.empty:
        return None
    later = order_days[
        order_days["is_order"].astype(bool) & (order_days["day"] > then) & (order_days["day"] <= as_of)
    ]
    came = told.assign(next_on=told["account_id"].map(later.groupby("account_id")["day"].min())).dropna(
        subset=["next_on"]
    )
    if came.empty:
        return None
    return Coverage(
        days=horizon,
        orders=len(came),
        half=float(came["next_on"].between(came["from_50"], came["to_50"]).mean()),
        four_fifths=float(came["next_on"].between(came["from_80"], came["to_80"]).mean()),
    )
