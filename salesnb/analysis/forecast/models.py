"""Which models of a monthly series are there? Last year's month, exponential smoothing, Theta and autoregression, all on one scale on
which months vary alike and from which nothing explodes, and beside what the calendar adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from salesnb.calendars.periods import LUNAR_COUNTRIES, lunar_new_year_share, month_end, working_days

SEASON = 12
DIGITS = 10  # of the usual month: what lies below is dust of the computation
LEVELS = (0.02, 0.1, 0.2, 0.35, 0.55, 0.8)
TRENDS = ((0.0, 0.0), (0.05, 0.9), (0.2, 0.9))  # share of the level's rate, damping
SEASONAL = (0.0, 0.1, 0.3)
SURE = 1.5  # standard errors: a smaller effect of the calendar is none
LAGS = (1, 2, 3, 12)  # of the autoregression
RATES = np.array([0.03, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.95])  # of Theta's level


def regressors(months: pd.DatetimeIndex, *, country: str | None = None) -> pd.DataFrame:
    """The calendar of each month: log working days, and where it is kept the share of Chinese New Year's three weeks."""
    days = [max(1, len(working_days(month, month_end(month), country=country))) for month in months]
    frame = pd.DataFrame({"working_days": np.log(days) - np.log(21)}, index=months)
    if country in LUNAR_COUNTRIES:
        frame["new_year"] = [lunar_new_year_share(month) for month in months]
    return frame


@dataclass(frozen=True)
class Scale:
    """The inverse hyperbolic sine of months in halves of the usual one: a logarithm for large months, straight near zero and below it.

    The way back ends where the past's range has been left by as much again, and at zero where no month was ever below it.
    """

    unit: float
    least: float
    most: float

    @classmethod
    def of(cls, values: np.ndarray) -> Scale:
        """The scale of a history that is not all zero."""
        unit = float(np.abs(values).mean()) / 2 or 1.0
        past = np.arcsinh(values / unit)
        room = max(1.0, float(np.ptp(past)))
        least = float(past.min()) - room
        return cls(unit, max(0.0, least) if values.min() >= 0 else least, float(past.max()) + room)

    def to(self, values: np.ndarray) -> np.ndarray:
        return np.arcsinh(values / self.unit)

    def back(self, values: np.ndarray) -> np.ndarray:
        months = self.unit * np.sinh(np.clip(values, self.least, self.most))
        return np.round(months, DIGITS - int(np.ceil(np.log10(self.unit))))


def seasons(z: np.ndarray) -> np.ndarray:
    """What each month of the year adds (place: index % 12), shrunk by how far its years disagree (James & Stein 1961); nothing below
    two years. Classical decomposition over the whole years at the end."""
    years = len(z) // SEASON
    if years < 2:
        return np.zeros(SEASON)
    first = len(z) - SEASON * years
    level = np.convolve(z[first:], np.r_[0.5, np.ones(SEASON - 1), 0.5] / SEASON, "valid")
    beside = z[first + SEASON // 2 :][: len(level)] - level
    place = (np.arange(len(beside)) + first + SEASON // 2) % SEASON
    adds = np.bincount(place, beside, SEASON) / np.bincount(place, minlength=SEASON)
    noise = float((beside - adds[place]).var()) / max(1, years - 2)
    adds = adds - adds.mean()
    signal = float(adds.var())
    return adds * max(0.0, 1 - noise / signal) if signal > 0 else adds


@dataclass(frozen=True)
class Smoothed:
    """Exponential smoothing under each setting of its rates: `each` forecast (step × setting), its weight and residual error."""

    each: np.ndarray
    weight: np.ndarray
    error: np.ndarray

    @property
    def centre(self) -> np.ndarray:
        return self.each @ self.weight


def _settings() -> np.ndarray:
    rows = [
        (level, level * trend, damped, seasonal * (1 - level), 1 + 2 * (trend > 0) + (seasonal > 0))
        for level, (trend, damped), seasonal in product(LEVELS, TRENDS, SEASONAL)
    ]
    return np.array(rows).T


def smoothing(z: np.ndarray, steps: int) -> Smoothed:
    """Additive exponential smoothing with seasons and a damped trend (Hyndman et al. 2008, Forecasting with Exponential Smoothing,
    ch. 2), under every setting of a grid at once, each weighted by its likelihood less a unit per rate (Akaike)."""
    level_rate, trend_rate, damped, season_rate, rates = _settings()
    adds = seasons(z)
    season = np.repeat(adds[:, None], len(rates), axis=1)
    level = np.full(len(rates), float(np.mean(z[:6] - adds[: len(z[:6])])))
    trend, squares = np.zeros(len(rates)), np.zeros(len(rates))
    for place, value in enumerate(z):
        carried = damped * trend
        missed = value - level - carried - season[place % SEASON]
        squares += missed**2 if place else 0.0
        level = level + carried + level_rate * missed
        trend = carried + trend_rate * missed
        season[place % SEASON] += season_rate * missed
    ahead = np.arange(steps)
    each = (
        level + np.cumsum(damped ** (ahead[:, None] + 1), axis=0) * trend + season[(len(z) + ahead) % SEASON]
    )
    variance = squares / (len(z) - 1)
    likelihood = -(len(z) - 1) / 2 * np.log(variance + np.finfo(float).tiny) - rates
    weight = np.exp(likelihood - likelihood.max())
    return Smoothed(each, weight / weight.sum(), np.sqrt(variance))


def theta(z: np.ndarray, steps: int) -> np.ndarray:
    """Theta (Assimakopoulos & Nikolopoulos 2000; as Hyndman & Billah 2003 wrote it: simple smoothing with half the trend of all
    months), after the seasons are taken out."""
    adds, places = seasons(z), np.arange(len(z) + steps) % SEASON
    plain = z - adds[places[: len(z)]]
    level, squares = np.full(len(RATES), plain[:3].mean()), np.zeros(len(RATES))
    for value in plain:
        squares += (value - level) ** 2
        level = level + RATES * (value - level)
    likelihood = -len(z) / 2 * np.log(squares + np.finfo(float).tiny)
    weight = np.exp(likelihood - likelihood.max())
    weight = weight / weight.sum()
    slope = float(np.polyfit(np.arange(len(z)), plain, 1)[0])
    drift = slope / 2 * (np.arange(steps) + weight @ (1 / RATES))
    return weight @ level + drift + adds[places[len(z) :]]


def autoregression(z: np.ndarray, steps: int) -> np.ndarray:
    """Each month from the three before it and last year's, by ridge regression drawn towards the mean of last month and last year's
    (Hoerl & Kennard 1970). Below two years nothing is known of last year's: the usual month."""
    if len(z) < 2 * SEASON:
        return np.full(steps, z[-6:].mean())
    about = z - z.mean()
    rows = np.column_stack([about[SEASON - lag : len(z) - lag] for lag in LAGS] + [np.ones(len(z) - SEASON)])
    ridge = np.diag([float(z.var())] * len(LAGS) + [0.0])
    towards = np.array([0.5 if lag in (1, SEASON) else 0.0 for lag in LAGS] + [0.0])
    slopes = np.linalg.lstsq(rows.T @ rows + ridge, rows.T @ about[SEASON:] + ridge @ towards)[0]
    whole = list(about)
    for _ in range(steps):
        whole.append(float(np.r_[[whole[-lag] for lag in LAGS], 1.0] @ slopes))
    return np.array(whole[len(z) :]) + z.mean()


def calendar_effects(z: np.ndarray, calendar: np.ndarray) -> np.ndarray:
    """What a unit of each column of the calendar adds to a month, shrunk by how unsure it is (James & Stein 1961), to nothing below
    one and a half standard errors or three years. By least squares on what differs from the mean of last month and last year's."""
    columns = calendar.shape[1]
    if len(z) < 3 * SEASON:
        return np.zeros(columns)
    moved, given = (part[SEASON:] - (part[SEASON - 1 : -1] + part[:-SEASON]) / 2 for part in (z, calendar))
    moved, given = moved - moved.mean(), given - given.mean(axis=0)
    inverse = np.linalg.pinv(given.T @ given)
    found = inverse @ given.T @ moved
    left = moved - given @ found
    unsure = np.diag(inverse) * float(left @ left) / max(1, len(moved) - columns - 1)
    squares = found**2
    return found * np.clip(
        1 - np.divide(SURE**2 * unsure, squares, out=np.ones(columns), where=squares > 0), 0, 1
    )


def deviations(
    smoothed: Smoothed, apart: Sequence[np.ndarray], *, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """How far may the coming months lie from the centre? One row per draw, one column per month, each beside its mirror image.

    A draw is a setting of the smoothing with its own errors, which carry into later months as that setting says, with how far this
    setting's forecast and a candidate's (`apart`: each less the centre) lie from what is foreseen.
    """
    level_rate, trend_rate, damped, season_rate, _ = _settings()
    steps, half = len(smoothed.each), draws // 2
    picked = rng.choice(len(smoothed.weight), size=half, p=smoothed.weight)
    lags = np.arange(steps)[:, None]
    kept = (
        level_rate
        + trend_rate * np.cumsum(damped ** (lags + 1), axis=0)
        + season_rate * ((lags + 1) % SEASON == 0)
    )
    shocks = rng.standard_normal((half, steps))
    noise = shocks.copy()
    for step in range(1, steps):
        noise[:, step] += (shocks[:, :step] * kept[:step, picked].T[:, ::-1]).sum(axis=1)
    noise = noise * smoothed.error[picked][:, None] + (smoothed.each[:, picked].T - smoothed.centre)
    noise = noise + np.stack(apart)[rng.integers(0, len(apart), size=half)]
    return np.vstack([noise, -noise])
