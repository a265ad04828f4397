"""What would each candidate have said at past month ends, and how much weight has it earned there?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.analysis.forecast.models import (
    SEASON,
    Scale,
    Smoothed,
    autoregression,
    calendar_effects,
    deviations,
    regressors,
    smoothing,
    theta,
)

HORIZON = 3
LEAST_ORIGINS = 6  # month ends to judge a candidate at, below which there is no forecast
MOST_ORIGINS = 9
LONGEST = 144  # months: what lies further back says little about the next three and costs time
SEASONAL_NAIVE = "seasonal naive"
TO_EQUAL = 0.5  # how far weights are drawn to equal: found on the odd monthly series of the M3 competition
FAR_BETTER = 0.5  # of the combination's error: below, last year's months speak alone


def widening(months: int) -> float:
    """By how much must an interval be wider because so few months are known, and may it be narrower because many are? Found on the odd
    monthly series of the M3 competition (Makridakis & Hibon 2000), where it holds four in five year ends; at most two."""
    many = float(np.clip((months - 4 * SEASON) / (3 * SEASON), 0, 1))
    return min(2.0, 1 + 0.35 * (2 * SEASON / months) ** 4 - 0.06 * many)


@dataclass(frozen=True)
class View:
    """What the candidates say at one month end: each on the scale of its history, and how one of them may err."""

    scale: Scale
    centres: dict[str, np.ndarray]
    smoothed: Smoothed
    known: int  # months

    def paths(self, weights: pd.Series, *, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Simulated months round what the weighted candidates say: one row per draw."""
        centre = weights.to_numpy() @ np.stack([self.centres[name] for name in weights.index])
        models = [name for name in weights.index if name != SEASONAL_NAIVE] or list(weights.index)
        apart = np.stack([self.centres[name] for name in models]) - centre
        wide = widening(self.known)
        return self.scale.back(centre + wide * deviations(self.smoothed, apart, draws=draws, rng=rng))


class Past:
    """A history by month that can be asked at its month ends, at each once."""

    def __init__(self, history: pd.Series, *, country: str | None = None) -> None:
        self.history = history.iloc[-LONGEST:]
        self.months = self.history.to_numpy(dtype=float)
        months = pd.date_range(self.history.index[0], periods=len(self.history) + SEASON, freq="MS")
        self.calendar = regressors(months, country=country).to_numpy()
        self._views: dict[int, View] = {}

    @property
    def origins(self) -> range:
        """How many months were known at each past month end that is asked; empty where there are too few of them."""
        most = len(self.history) - HORIZON
        found = range(max(SEASON, most - MOST_ORIGINS + 1), most + 1)
        enough = len(found) >= LEAST_ORIGINS and self.months[: found[0]].any()
        return found if enough else range(0)

    def view(self, end: int) -> View:
        """The twelve months after the first `end`, foreseen from these alone."""
        if end not in self._views:
            scale = Scale.of(self.months[:end])
            z = scale.to(self.months[:end])
            added = self.calendar @ calendar_effects(z, self.calendar[:end])
            z, added = z - added[:end], added[end : end + SEASON]
            smoothed = smoothing(z, SEASON)
            centres = {
                SEASONAL_NAIVE: scale.to(np.resize(self.months[end - SEASON : end], SEASON)),
                "exponential smoothing": smoothed.centre + added,
                "Theta": theta(z, SEASON) + added,
                "autoregression": autoregression(z, SEASON) + added,
            }
            self._views[end] = View(scale, centres, smoothed, end)
        return self._views[end]

    def backtest(self) -> pd.DataFrame:
        """How far off would each candidate have been, three months ahead?

        One row per origin × step: origin (its first month ahead), step, actual, and what each candidate said, by its name. Empty
        where history leaves fewer than six origins.
        """
        pieces = []
        for end in self.origins:
            view, coming = self.view(end), slice(end, end + HORIZON)
            said = {name: view.scale.back(centre[:HORIZON]) for name, centre in view.centres.items()}
            asked = {"origin": self.history.index[end], "step": range(1, HORIZON + 1)}
            pieces.append(pd.DataFrame(asked | {"actual": self.months[coming]} | said))
        return (
            pd.concat(pieces, ignore_index=True)
            if pieces
            else pd.DataFrame(columns=["origin", "step", "actual", SEASONAL_NAIVE])
        )


def errors(tested: pd.DataFrame) -> pd.Series:
    """Each candidate's mean absolute error."""
    said = tested.drop(columns=["origin", "step", "actual"])
    return said.sub(tested["actual"], axis=0).abs().mean()


def weigh(tested: pd.DataFrame) -> pd.Series:
    """The weight of each candidate: by the inverse square of its error (Bates & Granger 1969), half of the way drawn to equal.

    Last year's months are no model and have no share; they speak alone where they missed by far less than the others together.
    """
    missed = errors(tested)
    dust = 1e-9 * float(tested["actual"].abs().mean()) or 1.0
    models = missed.index.drop(SEASONAL_NAIVE)
    earned = missed[models].clip(lower=dust) ** -2.0
    weight = (1 - TO_EQUAL) * earned / earned.sum() + TO_EQUAL / len(models)
    mixed = float((tested[models] @ weight - tested["actual"]).abs().mean())
    if missed[SEASONAL_NAIVE] < FAR_BETTER * mixed:
        return pd.Series({SEASONAL_NAIVE: 1.0})
    return weight


def run_of(values: np.ndarray, *, draws: int, rng: np.random.Generator) -> np.ndarray:
    """The twelve months after `values`, by smoothing alone: one row per draw."""
    if not np.abs(values).max(initial=0.0):
        return np.zeros((draws, SEASON))
    scale = Scale.of(values)
    view = View(scale, {"": (smoothed := smoothing(scale.to(values), SEASON)).centre}, smoothed, len(values))
    return view.paths(pd.Series({"": 1.0}), draws=draws, rng=rng)
