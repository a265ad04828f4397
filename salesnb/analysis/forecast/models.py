"""Which models of a monthly series are there? Seasonal naive, exponential smoothing and SARIMAX with the calendar, each asked
the same way: a history, its calendar, the calendar of the months to come, and a seed for simulated paths.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.sarimax import SARIMAX

from salesnb.calendars.periods import LUNAR_COUNTRIES, lunar_new_year_share, month_end, working_days

SEASON = 12
LEVEL = 0.8  # of the intervals
Z80 = float(norm.ppf((1 + LEVEL) / 2))


@dataclass(frozen=True)
class Ahead:
    """What a model says of the next months, on the scale it was fitted on: centre, 80% interval, simulated paths (the
    centre alone where no seed was given)."""

    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray
    paths: np.ndarray


Model = Callable[[pd.Series, pd.DataFrame, pd.DataFrame, int | None], Ahead]


def regressors(months: pd.DatetimeIndex, *, country: str | None = None) -> pd.DataFrame:
    """The calendar of each month: log working days, and where it is kept the share of Chinese New Year's three weeks."""
    days = [max(1, len(working_days(month, month_end(month), country=country))) for month in months]
    frame = pd.DataFrame({"working_days": np.log(days) - np.log(21)}, index=months)
    if country in LUNAR_COUNTRIES:
        frame["new_year"] = [lunar_new_year_share(month) for month in months]
    return frame


def seasonal_naive(
    y: pd.Series, past: pd.DataFrame, ahead: pd.DataFrame, seed: int | None, *, growth: bool = False
) -> Ahead:
    """The same month of last year, optionally moved by the change of the last twelve months against those before; paths from
    whole windows of past errors, so that months stay as correlated as they were."""
    values, steps = y.to_numpy(), len(ahead)
    drift = (
        float(values[-SEASON:].mean() - values[-2 * SEASON : -SEASON].mean())
        if growth and len(y) >= 2 * SEASON
        else 0.0
    )
    centre = np.array(
        [values[len(values) - SEASON + step % SEASON] + drift * (1 + step // SEASON) for step in range(steps)]
    )
    errors = values[SEASON:] - values[:-SEASON] - drift if len(y) > SEASON else np.zeros(1)
    spread = Z80 * float(np.sqrt(np.mean(errors**2)))
    noise = errors - errors.mean()
    noise = noise * (spread / Z80 / noise.std() if noise.std() > 0 else 0.0)
    starts = np.random.default_rng(seed).integers(0, len(noise), size=1000)
    paths = centre + np.stack([np.take(noise, range(start, start + steps), mode="wrap") for start in starts])
    return Ahead(centre, centre - spread, centre + spread, paths)


def smoothing(y: pd.Series, past: pd.DataFrame, ahead: pd.DataFrame, seed: int | None) -> Ahead:
    """Additive exponential smoothing with seasons and a damped trend (Hyndman et al. 2008, Forecasting with Exponential
    Smoothing, ch. 2)."""
    model = ETSModel(
        y,
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=SEASON,
        initialization_method="heuristic",
    )
    fitted = model.fit(disp=False, maxiter=200)
    steps = len(ahead)
    interval = fitted.get_prediction(len(y), len(y) + steps - 1).pred_int(alpha=1 - LEVEL).to_numpy()
    centre = fitted.forecast(steps).to_numpy()
    if seed is None:
        return Ahead(centre, interval[:, 0], interval[:, 1], centre[None])
    errors = np.random.default_rng(seed).normal(0, float(np.sqrt(fitted.mse)), size=(steps, 1000))
    paths = fitted.simulate(steps, anchor="end", repetitions=1000, random_errors=errors).to_numpy().T
    return Ahead(centre, interval[:, 0], interval[:, 1], paths)


def sarimax(y: pd.Series, past: pd.DataFrame, ahead: pd.DataFrame, seed: int | None) -> Ahead:
    """Seasonal ARIMA with calendar regressors: the airline model (Box & Jenkins 1970) from four years on, before that one
    autoregressive term around last year."""
    if len(y) >= 4 * SEASON:
        given = {"order": (0, 1, 1), "seasonal_order": (0, 1, 1, SEASON), "concentrate_scale": True}
        # the differenced series has the same likelihood and half the states: a quarter of the time to estimate
        estimated = SARIMAX(y, exog=past, simple_differencing=True, **given).fit(disp=False, maxiter=60)
        fitted = SARIMAX(y, exog=past, **given).filter(estimated.params)
    else:
        given = {"order": (1, 0, 0), "seasonal_order": (0, 1, 0, SEASON), "trend": "c"}
        fitted = SARIMAX(y, exog=past, **given).fit(disp=False, maxiter=60)
    view = fitted.get_forecast(len(ahead), exog=ahead)
    centre, interval = view.predicted_mean.to_numpy(), view.conf_int(alpha=1 - LEVEL).to_numpy()
    if seed is None:
        return Ahead(centre, interval[:, 0], interval[:, 1], centre[None])
    paths = fitted.simulate(len(ahead), anchor="end", repetitions=1000, exog=ahead, rng=seed).to_numpy().T
    return Ahead(centre, interval[:, 0], interval[:, 1], paths)


def ask(
    model: Model,
    history: pd.Series,
    past: pd.DataFrame,
    ahead: pd.DataFrame,
    seed: int | None,
    stretch: float = 1.0,
) -> Ahead | None:
    """The model's answer in the history's unit; fitted to logarithms where all months are positive. None where it fails."""
    logs = bool((history > 0).all())
    y = pd.Series(
        np.log(history) if logs else history, index=pd.DatetimeIndex(history.index, freq="MS"), dtype=float
    )
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            view = model(y, past.set_axis(y.index), ahead, seed)
    except (ValueError, np.linalg.LinAlgError, IndexError):
        return None
    if not all(np.isfinite(part).all() for part in (view.centre, view.low, view.high, view.paths)):
        return None
    parts = [
        view.centre + stretch * (part - view.centre)
        for part in (view.centre, view.low, view.high, view.paths)
    ]
    return Ahead(*(np.exp(np.minimum(part, 700)) for part in parts)) if logs else Ahead(*parts)
