"""How should the year's target be spread over its months, and which way would have fitted the past best?

Shapes: even; by working days; last year's; seasonal (the mean of past years per working day, moved with Chinese New Year, shrunk
towards working days where history is short); forecast (by a model that the caller passes in). Each is scored on past years.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from salesnb.caching import cached
from salesnb.calendars.periods import LUNAR_COUNTRIES, lunar_new_year_share, month_end, working_days

SHAPES = ("even", "working_days", "last_year", "seasonal", "forecast")
YearAhead = Callable[[pd.Series, pd.DatetimeIndex], "pd.Series | None"]
SHRINKAGE_YEARS = 1.0  # how many years of "no season at all" stand against the years that were seen


def days_in(months: pd.DatetimeIndex, *, country: str | None = None) -> pd.Series:
    """Working days of each month."""
    return pd.Series(
        [float(len(working_days(month, month_end(month), country=country))) for month in months], index=months
    )


def shape(
    name: str,
    history: pd.Series,
    months: pd.DatetimeIndex,
    *,
    country: str | None = None,
    year_ahead: YearAhead | None = None,
) -> pd.Series | None:
    """What share of the year does each of the twelve `months` get under the shape `name`?

    `history`: bookings by month; only months before the year count. Shares add up to 1. None where history cannot give the
    shape: fewer than twelve months before, or a model that refuses.
    """
    past = history[history.index < months[0]]
    if name == "even":
        return pd.Series(1 / len(months), index=months)
    if name == "working_days":
        return _normal(days_in(months, country=country))
    if name == "last_year":
        before = past.reindex(months - pd.DateOffset(years=1))
        return None if before.isna().any() else _normal(before.clip(lower=0).set_axis(months))
    if name == "seasonal":
        return seasonal(past, months, country=country)
    if name == "forecast":
        ahead = year_ahead(past, months) if year_ahead else None
        return None if ahead is None else _normal(ahead.clip(lower=0).set_axis(months))
    raise ValueError(f"a shape must be one of {', '.join(SHAPES)}, but {name!r} was passed")


def _normal(amounts: pd.Series) -> pd.Series | None:
    return amounts / amounts.sum() if amounts.sum() > 0 else None


def seasonal(
    past: pd.Series, months: pd.DatetimeIndex, *, country: str | None = None, holiday: bool = True
) -> pd.Series | None:
    """The mean of past years per working day, by calendar month, with the holiday where it falls this year; None below twelve months.

    Levels are shrunk towards none by years ÷ (years + `SHRINKAGE_YEARS`). `holiday`: move the months around Chinese New Year with it, where
    the country keeps it.
    """
    years = len(past) // 12
    if not years:
        return None
    full = past.iloc[-12 * years :].clip(lower=0)
    index = pd.DatetimeIndex(full.index)
    per_day = full / days_in(index, country=country).replace(0, 1)
    year = pd.Series([position // 12 for position in range(len(full))], index=full.index)
    relative = per_day / per_day.groupby(year).transform("mean").replace(0, float("nan"))
    level = relative.groupby(index.month).mean().fillna(1.0)
    trust = years / (years + SHRINKAGE_YEARS)
    shrunk = level * trust + (1 - trust)
    moved = pd.Series(1.0, index=months)
    if holiday and country in LUNAR_COUNTRIES:
        share = pd.Series([lunar_new_year_share(month) for month in index], index=full.index)
        usual = share.groupby(index.month).mean()
        ahead = pd.Series([lunar_new_year_share(month) for month in months], index=months)
        shift = ahead - usual.reindex(months.month).to_numpy()
        moved = pd.Series(np.exp(holiday_effect(relative, share) * shift), index=months)
    return _normal(days_in(months, country=country) * shrunk.reindex(months.month).to_numpy() * moved)


def holiday_effect(relative: pd.Series, share: pd.Series) -> float:
    """By which factor (as a logarithm) do sales per working day change where the whole holiday falls into a month?

    `relative`: sales per working day against the year's; `share`: the holiday's share in the month. Least squares within calendar
    months, so that only the holiday's move from year to year speaks, shrunk by its own noise (the positive part of James & Stein 1961,
    1 − 1/t²): 0 where the holiday never moved, or where working days say it all, as in China's imports.
    """
    known = relative.where(relative > 0).dropna()
    month = pd.DatetimeIndex(known.index).month
    logs, shares = np.log(known), share.reindex(known.index)
    y, x = logs - logs.groupby(month).transform("mean"), shares - shares.groupby(month).transform("mean")
    y, x = y[x.abs() > 1e-9], x[x.abs() > 1e-9]
    if len(x) < 3:
        return 0.0
    spread = float((x**2).sum())
    effect = float((x * y).sum()) / spread
    noise = float(((y - effect * x) ** 2).sum()) / (len(x) - 1) / spread
    return effect * max(0.0, 1 - noise / effect**2) if effect else 0.0


@cached
def back_test(
    history: pd.Series,
    *,
    country: str | None = None,
    year_ahead: YearAhead | None = None,
    step: int = 3,
    most: int = 6,
) -> pd.DataFrame:
    """Had we spread past years by each shape, how far off would the months have been?

    `history`: bookings by whole month. A past year is any twelve months with at least twelve before them, in steps of `step`
    months back from the last one, at most `most`. Output: one row per shape that could be used in all of them: shape, years,
    error (mean absolute miss of a month, in shares of an average month), best (True on one row). Empty below 24 months.
    """
    ends = range(len(history), 23, -step)
    scores = []
    for end in list(ends)[:most]:
        year = history.iloc[end - 12 : end]
        total = float(year.sum())
        if total <= 0:
            continue
        for name in SHAPES:
            shares = shape(
                name,
                history.iloc[: end - 12],
                pd.DatetimeIndex(year.index),
                country=country,
                year_ahead=year_ahead,
            )
            if shares is not None:
                miss = float((shares - year / total).abs().mean() * len(year))
                scores.append({"shape": name, "error": miss, "year": year.index[0]})
    if not scores:
        return pd.DataFrame(
            {
                "shape": pd.Series(dtype=object),
                "years": pd.Series(dtype=int),
                "error": pd.Series(dtype=float),
                "best": pd.Series(dtype=bool),
            }
        )
    table = (
        pd.DataFrame(scores)
        .groupby("shape", sort=False)
        .agg(years=("year", "size"), error=("error", "mean"))
        .reset_index()
    )
    table = table[table["years"] == table["years"].max()].sort_values(
        "error", kind="stable", ignore_index=True
    )
    return table.assign(best=[position == 0 for position in range(len(table))])


def chosen(
    name: str,
    history: pd.Series,
    months: pd.DatetimeIndex,
    *,
    scores: pd.DataFrame,
    country: str | None = None,
    year_ahead: YearAhead | None = None,
) -> tuple[str, pd.Series]:
    """The shape that plan.yml asks for and its shares; "best" is the winner of the back-test. A shape that history cannot
    give becomes working days, and its name says so."""
    wanted = str(scores.loc[scores["best"], "shape"].iloc[0]) if name == "best" and len(scores) else name
    shares = (
        None if wanted == "best" else shape(wanted, history, months, country=country, year_ahead=year_ahead)
    )
    if shares is not None:
        return wanted, shares
    fallback = shape("working_days", history, months, country=country)
    assert fallback is not None, "twelve months without a working day"
    return "working_days", fallback
