"""Where will the year end, how sure is that, and which model has earned the right to say so?

Candidates: seasonal naive; seasonal naive with last year's growth; exponential smoothing; SARIMAX with working days and Chinese
New Year. Rolling origins choose among them; the year's end is simulated from the winner. Where history is too short for an
honest comparison there is no forecast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from salesnb.analysis.forecast.models import (
    LEVEL,
    SEASON,
    Model,
    ask,
    regressors,
    sarimax,
    seasonal_naive,
    smoothing,
)
from salesnb.calendars.periods import fiscal_year, month_end, month_start, working_days
from salesnb.headlines import Figure
from salesnb.language import Message

HORIZON = 3
LEAST_ORIGINS = 6
MOST_ORIGINS = 9
LONGEST = 144  # months: what lies further back says little about the next three and costs time
SEASONAL_NAIVE = "seasonal naive"


@dataclass(frozen=True)
class Forecast:
    """The winner's view of the coming months.

    `months`: one row per month (month, forecast, low, high: 80%); `paths`: simulated months, one row per simulation;
    `scores`: one row per candidate (model, origins, mae, mase, coverage, chosen), best first; `stretch`: by how much
    the interval was widened because it had been too narrow in the past; `tested`: the rolling origins (from `backtest`).
    """

    model: str
    months: pd.DataFrame
    paths: np.ndarray
    scores: pd.DataFrame
    stretch: float
    tested: pd.DataFrame

    @property
    def mase(self) -> float:
        return float(self.scores.loc[self.scores["chosen"], "mase"].iloc[0])

    @property
    def coverage(self) -> float:
        return float(self.scores.loc[self.scores["chosen"], "coverage"].iloc[0])

    @property
    def origins(self) -> int:
        return int(self.scores["origins"].iloc[0])


def candidates(months: int) -> dict[str, tuple[Model, int]]:
    """Name → model and the least history it is fitted on, for a history of so many months.

    Models that need two full years take part only where six origins are left beside them.
    """
    enough = months - (LEAST_ORIGINS - 1) - HORIZON >= 2 * SEASON
    models: dict[str, tuple[Model, int]] = {SEASONAL_NAIVE: (seasonal_naive, SEASON)}
    if enough:
        models["seasonal naive with growth"] = (partial(seasonal_naive, growth=True), 2 * SEASON)
        models["exponential smoothing"] = (smoothing, 2 * SEASON)
        models["SARIMAX with calendar"] = (sarimax, 2 * SEASON)
    return models


def backtest(
    history: pd.Series, *, country: str | None = None, models: dict[str, tuple[Model, int]] | None = None
) -> pd.DataFrame:
    """How far off would each candidate have been, had it been asked in past months?

    `history`: bookings by whole month. Output: one row per model × origin × step (model, origin, step, actual, forecast, low,
    high), in the history's unit; the same origins for all. Empty where history leaves fewer than six origins.
    """
    chosen = models if models is not None else candidates(len(history))
    first = max(least for _, least in chosen.values())
    origins = range(max(first, len(history) - HORIZON - MOST_ORIGINS + 1), len(history) - HORIZON + 1)
    if len(origins) < LEAST_ORIGINS:
        return pd.DataFrame(columns=["model", "origin", "step", "actual", "forecast", "low", "high"])
    calendar = regressors(pd.DatetimeIndex(history.index), country=country)
    rows = []
    for end in origins:
        known, coming = history.iloc[:end], history.iloc[end : end + HORIZON]
        for name, (model, _) in chosen.items():
            view = ask(model, known, calendar.iloc[:end], calendar.iloc[end : end + HORIZON], None)
            if view is not None:
                for step in range(HORIZON):
                    rows.append(
                        (
                            name,
                            coming.index[0],
                            step + 1,
                            coming.iloc[step],
                            view.centre[step],
                            view.low[step],
                            view.high[step],
                        )
                    )
    return pd.DataFrame(rows, columns=["model", "origin", "step", "actual", "forecast", "low", "high"])


def scores(tested: pd.DataFrame) -> pd.DataFrame:
    """One row per candidate that answered at every origin, best first: model, origins, mae, mase, coverage, chosen.

    mae: mean absolute error; mase: mae / that of the seasonal naive forecast on the same months (Hyndman & Koehler 2006,
    International Journal of Forecasting 22, 679–688, with the naive error out of sample), so seasonal naive has 1; coverage:
    share of months inside the 80% interval.
    """
    if tested.empty:
        return pd.DataFrame(columns=["model", "origins", "mae", "mase", "coverage", "chosen"])
    rows = tested.assign(
        error=(tested["actual"] - tested["forecast"]).abs(),
        inside=tested["actual"].between(tested["low"], tested["high"]),
    )
    table = rows.groupby("model", sort=False).agg(
        origins=("origin", "nunique"), mae=("error", "mean"), coverage=("inside", "mean")
    )
    table = table[table["origins"] == table.loc[SEASONAL_NAIVE, "origins"]]
    naive = float(table["mae"].loc[SEASONAL_NAIVE])
    table["mase"] = table["mae"] / naive if naive > 0 else 1.0
    table = table.sort_values("mase", kind="stable").reset_index()
    return table.assign(chosen=[place == 0 for place in range(len(table))])


def whole_months(bookings: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """Bookings by month over the whole months up to `as_of`: a running month is left out, and a first one that begins after
    its tenth day. Empty without a row."""
    if bookings.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    begins = pd.Timestamp(bookings["day"].min())
    first = begins.replace(day=1) if begins.day <= 10 else begins.replace(day=1) + pd.DateOffset(months=1)
    last = month_start(as_of) if as_of == month_end(as_of) else month_start(as_of) - pd.DateOffset(months=1)
    months = bookings["day"].dt.to_period("M").dt.to_timestamp()
    span = pd.date_range(first, last, freq="MS", name="month")
    return bookings.groupby(months)["net_amount"].sum().reindex(span, fill_value=0.0)


def coming_months(as_of: pd.Timestamp, *, starts: int = 1) -> pd.DatetimeIndex:
    """The months that are not over at `as_of`: to the end of the fiscal year, at least three."""
    first = month_start(as_of + pd.Timedelta(days=1))
    last = max(fiscal_year(as_of, starts=starts)[1], first + pd.DateOffset(months=HORIZON - 1))
    return pd.date_range(first, last, freq="MS")


def fit(
    history: pd.Series, as_of: pd.Timestamp, *, starts: int = 1, country: str | None = None, seed: int = 0
) -> Forecast | None:
    """The forecast of `coming_months` by the model with the smallest error in the rolling origins; None where history is too
    short for six of them, or where nothing was ever booked.

    `history`: bookings by whole month up to `as_of`. A running month counts with its working days left. The interval is
    widened by the factor by which it was too narrow at the origins, never narrowed.
    """
    months = coming_months(as_of, starts=starts)
    history = history.iloc[-LONGEST:]
    tested = backtest(history, country=country)
    table = scores(tested)
    if table.empty or not history.abs().sum():
        return None
    best = str(table["model"].iloc[0])
    stretch = stretch_of(tested[tested["model"] == best])
    calendar = regressors(pd.DatetimeIndex([*history.index, *months]), country=country)
    known, ahead = calendar.iloc[: len(history)], calendar.iloc[len(history) :]
    view = ask(candidates(len(history))[best][0], history, known, ahead, seed, stretch)
    if view is None:
        return None
    left = np.ones(len(months))
    left[0] = _left(months[0], as_of, country)
    frame = pd.DataFrame(
        {"month": months, "forecast": view.centre * left, "low": view.low * left, "high": view.high * left}
    )
    return Forecast(best, frame, view.paths * left, table, stretch, tested)


def _left(month: pd.Timestamp, as_of: pd.Timestamp, country: str | None) -> float:
    """The share of a month's working days after `as_of`."""
    days = working_days(month, month_end(month), country=country)
    return float((days > as_of).mean()) if len(days) else float(month > as_of)


def this_year(forecast: Forecast | None, *, as_of: pd.Timestamp, starts: int = 1) -> Forecast | None:
    """The same forecast, only the months of the fiscal year of `as_of`."""
    if forecast is None:
        return None
    inside = (forecast.months["month"] <= fiscal_year(as_of, starts=starts)[1]).to_numpy()
    return replace(
        forecast, months=forecast.months[inside].reset_index(drop=True), paths=forecast.paths[:, inside]
    )


def candidates_of(forecast: Forecast | None) -> pd.DataFrame:
    """The scores of the candidates; empty where there is no forecast."""
    return scores(pd.DataFrame()) if forecast is None else forecast.scores


def parts(forecast: Forecast | None) -> dict[str, pd.DataFrame | np.ndarray]:
    """The months and paths of a forecast as ahead and paths; both empty where there is none."""
    if forecast is None:
        return {"ahead": pd.DataFrame({"month": [], "forecast": []}), "paths": np.zeros((0, 0))}
    return {"ahead": forecast.months, "paths": forecast.paths}


def surprise(forecast: Forecast | None) -> pd.DataFrame:
    """What had the winner said three months ago about the last whole month? One row (origin, step, actual, forecast, low, high), or
    none where that month lay inside its 80% interval."""
    columns = ["origin", "step", "actual", "forecast", "low", "high"]
    if forecast is None:
        return pd.DataFrame(columns=columns)
    rows = forecast.tested[forecast.tested["model"] == forecast.model].tail(1)
    return rows.loc[~rows["actual"].between(rows["low"], rows["high"]), columns]


def year_ahead(
    history: pd.Series, months: pd.DatetimeIndex, *, country: str | None = None
) -> pd.Series | None:
    """Twelve months by exponential smoothing, as a shape for a target; None below two years of history."""
    if len(history) < 2 * SEASON:
        return None
    calendar = regressors(pd.DatetimeIndex([*history.index, *months]), country=country)
    view = ask(
        smoothing,
        history.iloc[-LONGEST:],
        calendar.iloc[: len(history)].iloc[-LONGEST:],
        calendar.iloc[len(history) :],
        0,
    )
    return None if view is None else pd.Series(view.centre, index=months)


def headlines(
    forecast: Forecast | None, *, booked: Figure, target: Figure, history_months: int
) -> dict[str, Figure]:
    """forecast.* of metrics.json: the year's bookings (year to date + remaining months) with 80% interval, the probability of
    reaching the target over the simulated paths, the winning model and its error against seasonal naive."""
    keys = ("year", "year_p10", "year_p90", "hit_probability", "model", "mase")
    if forecast is None or booked.value is None:
        needs = HORIZON + SEASON + LEAST_ORIGINS - 1
        short = Message(
            "{n:count} whole months of history; a forecast that can be checked needs {needed:count}",
            n=history_months,
            needed=needs,
        )
        flat = Message("no model could be fitted to this history")
        return {
            f"forecast.{key}": Figure(None, booked.reason or (short if history_months < needs else flat))
            for key in keys
        }
    ends = float(booked.value) + forecast.paths.sum(axis=1)
    low, high = np.quantile(ends, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    hit = (
        Figure(float((ends >= float(target.value)).mean()))
        if target.value is not None
        else Figure(None, target.reason)
    )
    return {
        "forecast.year": Figure(float(booked.value) + float(forecast.months["forecast"].sum())),
        "forecast.year_p10": Figure(float(low)),
        "forecast.year_p90": Figure(float(high)),
        "forecast.hit_probability": hit,
        "forecast.model": Figure(forecast.model),
        "forecast.mase": Figure(forecast.mase),
    }


def trail(
    forecast: Forecast | None,
    history: pd.Series,
    *,
    as_of: pd.Timestamp,
    year: Figure,
    starts: int = 1,
    country: str | None = None,
) -> list[tuple[pd.Timestamp, float | None]]:
    """Where would today's model have seen the year end, asked at each month end of it so far? (day, amount), oldest first.

    `history`: bookings by whole month; `year`: forecast.year of today, the last point. Each point knows the months before it
    alone; None where the model cannot be fitted to them. Empty without a forecast.
    """
    if forecast is None or year.value is None:
        return []
    begins, ends = fiscal_year(as_of, starts=starts)
    model, least = candidates(len(history))[forecast.model]
    points: list[tuple[pd.Timestamp, float | None]] = []
    for month in history.index[(history.index >= begins) & (history.index < month_start(as_of))]:
        known = history.loc[:month].iloc[-LONGEST:]
        coming = pd.date_range(month + pd.DateOffset(months=1), ends, freq="MS")
        calendar = regressors(pd.DatetimeIndex([*known.index, *coming]), country=country)
        view = (
            ask(model, known, calendar.iloc[: len(known)], calendar.iloc[len(known) :], None)
            if len(known) >= least
            else None
        )
        so_far = float(history.loc[begins:month].sum())
        points.append((month_end(month), None if view is None else so_far + float(view.centre.sum())))
    return [*points, (as_of, float(year.value))]


def stretch_of(tested: pd.DataFrame) -> float:
    """By how much must one model's intervals be widened to hold four in five of its months (`tested`: its rows of `backtest`)? At least 1."""
    width = ((tested["high"] - tested["low"]) / 2).clip(lower=1e-9)
    return max(1.0, float(((tested["actual"] - tested["forecast"]).abs() / width).quantile(LEVEL)))
