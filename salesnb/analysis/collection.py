"""When will what is owed be paid, and what of it never?

Days are counted from the due date (negative before it). An invoice that is still open has been watched for its age and no longer:
it is censored there and no answer (Kaplan and Meier 1958), so that neither the share that is never paid nor the time to pay is that
of the quick ones alone. Own roll rates, from one age band to the next, are the same estimate read at the bands' edges; their product
is the loss rate of a provision matrix (IFRS 9, B5.5.35).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.duration.survfunc import SurvfuncRight

from salesnb.analysis import intervals, survival
from salesnb.results.customers import TimeToPay

LOST_DAYS = 365  # what is unpaid a year after its due date is taken for lost
FEWEST = 20  # invoices that came to an age and whose end is known, before a rate of that age is told
WEEKS, SHARE, DRAWS = 6, 0.8, 2_000
PAST_DAYS, PAST_DRAWS = 4, 500  # month ends at which the interval is held against what came


def loss_rates(
    times: pd.DataFrame, *, bands: Sequence[tuple[int | None, int | None]], lost_after: int = LOST_DAYS
) -> pd.DataFrame:
    """Which part of the money that comes to an age is never paid, by the house's own record?

    `times`: payment_days (days, settled, invoices, amount). `bands`: first and last day past due of each
    age (receivables.BUCKETS). One row per age band and one of the lost:
    from_day, to_day, rate (share of the money unpaid as the band begins that is unpaid still `lost_after` days past due; 1 beyond),
    low, high (Wilson's 95% interval for as many invoices), invoices (that came so far, their end known). A band that too few have
    reached, or whose money nobody has watched to the end, has none: missing.
    """
    firsts = [low for low, _ in bands if low is None or low <= lost_after]
    edges = [-np.inf if low is None else low - 1 for low in firsts]
    left = unpaid_after(times, [*edges, lost_after], by="amount")
    reached, lost = left[:-1], left[-1]
    known = times["settled"].astype(bool) | (times["days"] > lost_after)
    seen = np.array([times.loc[known & (times["days"] > edge), "invoices"].sum() for edge in edges], float)
    told = (seen >= FEWEST) & (reached > 0)
    rate = np.where(told, lost / np.where(told, reached, 1.0), np.nan)
    spread = intervals.wilson(np.nan_to_num(rate) * seen, seen)
    begins = [*firsts, lost_after + 1]
    return pd.DataFrame(
        {
            "from_day": pd.array(begins, dtype="Int64"),
            "to_day": pd.array([*(day - 1 for day in begins[1:] if day is not None), None], dtype="Int64"),
            "rate": [*rate, 1.0],
            "low": [*spread["low"].where(pd.notna(rate)), 1.0],
            "high": [*spread["high"].where(pd.notna(rate)), 1.0],
            "invoices": [*seen.astype(int), int(times.loc[times["days"] > lost_after, "invoices"].sum())],
        }
    )


def expected_loss(rates: pd.DataFrame, invoices: pd.DataFrame) -> pd.DataFrame:
    """What of what is owed will not be paid? A provision matrix: each band's money at its own loss rate.

    `rates` of loss_rates; `invoices`: one row per open invoice (amount, unpaid, days_overdue). One row per band: the columns of `rates`,
    amount, loss, loss_low, loss_high (money; missing where money stands in a band without a rate, 0 in an empty band). Unused credit
    notes and invoices without a due date are in no band; no invoice gives no rows.
    """
    owed = invoices[(invoices["amount"] > 0) & invoices["days_overdue"].notna()]
    edges = [-np.inf, *(rates["from_day"].iloc[1:].astype(float) - 1), np.inf]
    band = pd.cut(owed["days_overdue"].astype(float), edges, labels=False)
    bands = rates.assign(amount=owed["unpaid"].groupby(band).sum().reindex(range(len(rates)), fill_value=0.0))
    for money, rate in (("loss", "rate"), ("loss_low", "low"), ("loss_high", "high")):
        bands[money] = (bands["amount"] * bands[rate]).round(2).mask(bands["amount"] == 0, 0.0)
    return bands if len(owed) else bands.iloc[:0]


def time_to_pay(times: pd.DataFrame) -> TimeToPay:
    """How many days after its issue is an invoice paid? The median, and the day by which nine in ten are, both by invoices; what the
    paid ones alone would say; how many were asked. None where nobody has waited so long; no invoices give None throughout."""
    rows = times[times["invoices"] > 0]
    age = (rows["terms_days"] + rows["days"]).clip(lower=0).astype(float)
    days, paid = (np.repeat(one.to_numpy(), rows["invoices"]) for one in (age, rows["settled"].astype(bool)))
    alone = float(np.median(days[paid])) if paid.any() else None
    return TimeToPay(
        median=survival.days_until(days, paid),
        nine_in_ten=survival.days_until(days, paid, share=0.9),
        paid_alone=alone,
        terms=float(np.median(np.repeat(rows["terms_days"].to_numpy(), rows["invoices"]))) if len(days) else None,
        invoices=len(days),
        waiting=len(days) - int(paid.sum()),
    )  # fmt: skip


def cash_weeks(
    invoices: pd.DataFrame,
    times: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    weeks: int = WEEKS,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """How much of what is owed today comes in which week?

    `invoices`: one row per open invoice (account_id, amount, unpaid, days_overdue); `times`: payment_days. Each open invoice is paid on a
    day of the own record, given that it is unpaid today, each for itself. One row per week: week (1 the next seven days), begins, ends, expected, low, high (80%
    of draws), and so_far, so_far_low, so_far_high (of all weeks up to here; money). Invoices of tomorrow are not in it. No rows where nothing is owed or too few were ever paid.
    """
    columns = ["week", "begins", "ends", "expected", "low", "high", "so_far", "so_far_low", "so_far_high"]
    owed = invoices[(invoices["amount"] > 0) & invoices["days_overdue"].notna()]
    if owed.empty or times.loc[times["settled"].astype(bool), "invoices"].sum() < FEWEST:
        return pd.DataFrame(columns=columns)
    days, unpaid = _curve(times, by="invoices")
    age, money = owed["days_overdue"].to_numpy(dtype=float), owed["unpaid"].to_numpy(dtype=float)
    left = _at(days, unpaid, age)
    ends = np.arange(weeks + 1) * 7
    later = np.array([_at(days, unpaid, age + end) for end in ends]) / np.where(left > 0, left, 1.0)
    expected = ((later[:-1] - later[1:]) * money).sum(axis=1)
    rng = np.random.default_rng(seed)
    drawn = np.zeros((draws, weeks + 1))
    for draw in range(draws):
        # the week of the payment: how many week ends the share still unpaid has passed below the draw
        week = (later[1:] > rng.random(len(age))).sum(axis=0)
        drawn[draw] = np.bincount(week, weights=money, minlength=weeks + 1)
    drawn = drawn[:, :weeks]
    tails = [(1 - SHARE) / 2, (1 + SHARE) / 2]
    low, high = np.quantile(drawn, tails, axis=0)
    sums = np.quantile(drawn.cumsum(axis=1), tails, axis=0)
    first = as_of + pd.Timedelta(days=1)
    return pd.DataFrame(
        {
            "week": np.arange(1, weeks + 1),
            "begins": [first + pd.Timedelta(days=7 * week) for week in range(weeks)],
            "ends": [as_of + pd.Timedelta(days=7 * week) for week in range(1, weeks + 1)],
            "expected": expected, "low": low, "high": high,
            "so_far": expected.cumsum(), "so_far_low": sums[0], "so_far_high": sums[1],
        }
    )[columns]  # fmt: skip


def held(past: Iterable[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]) -> tuple[int, int]:
    """Of how many weeks would the interval of `cash_weeks` have held what came? `past`: of each earlier day its open invoices, its payment_days, and
    cash_came of the weeks after it. Weeks held, and weeks foretold; a day on which nothing could be foretold adds none."""
    inside = foretold = 0
    for invoices, times, came in past:
        weeks = cash_weeks(invoices, times, as_of=pd.Timestamp(0), weeks=WEEKS, draws=PAST_DRAWS)
        both = weeks.merge(came, on="week")
        inside += int(((both["came"] > both["low"] - 0.005) & (both["came"] < both["high"] + 0.005)).sum())
        foretold += len(both)
    return inside, foretold


def unpaid_after(times: pd.DataFrame, days: list[float], *, by: str) -> NDArray[np.float64]:
    """Which share (of `by`: amount or invoices) is unpaid after so many days past due? Missing beyond the last day that anybody was watched,
    unless all had been paid."""
    seen, unpaid = _curve(times, by=by)
    if not len(seen):
        return np.full(len(days), np.nan)
    found = _at(seen, unpaid, np.array(days, dtype=float))
    beyond = (np.array(days) > times["days"].max()) & (unpaid[-1] > 0)
    return np.where(beyond, np.nan, found)


def _curve(times: pd.DataFrame, *, by: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The days on which something was paid, and the share that is unpaid after each."""
    rows = times[times[by] > 0]
    if not rows["settled"].any():
        return np.array([float(rows["days"].min())] if len(rows) else []), np.ones(min(len(rows), 1))
    start = float(rows["days"].min())  # the library counts from zero
    curve = SurvfuncRight(
        rows["days"].to_numpy(float) - start,
        rows["settled"].to_numpy(int),
        freq_weights=rows[by].to_numpy(float),
    )
    return np.asarray(curve.surv_times, float) + start, np.asarray(curve.surv_prob, float)


def _at(
    days: NDArray[np.float64], unpaid: NDArray[np.float64], when: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The share unpaid after each of these days."""
    return np.concatenate([[1.0], unpaid])[np.searchsorted(days, when, side="right")]
