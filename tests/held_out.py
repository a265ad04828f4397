"""Does the forecast keep its promise on months that it did not choose its model by? Real monthly totals, for a test and the bench."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from salesnb.analysis import forecast
from salesnb.analysis.forecast.models import ask, regressors
from salesnb.intake import facts
from salesnb.intake.workspace import open_book

SHARED = Path(__file__).parents[2] / "shared"
NAMES = ("superstore", "adventureworks", "china")
CHINA_MONTHS = 60  # of thirty years: as many as a company might have


def monthly(name: str) -> tuple[pd.Series, str | None]:
    """One of `NAMES`: its monthly totals, and the country of its calendar."""
    if name == "china":
        table = pd.read_csv(SHARED / "data" / "cny_trade" / "china_imports_monthly.csv.gz")
        index = pd.DatetimeIndex(table["month"] + "-01")
        return pd.Series(table["imports"].to_numpy(dtype=float), index=index).iloc[-CHINA_MONTHS:], "CN"
    place = SHARED / "workspaces" / name
    month = json.loads((place / "expected.json").read_text(encoding="utf-8"))["month"]
    book = open_book(str(place), as_of=month)
    return forecast.whole_months(facts.bookings(book), as_of=book.as_of), book.plan.country


def origins(history: pd.Series) -> list[int]:
    """Where the held-out forecasts begin: every three months of the last year, or of the half year where history is short."""
    enough = len(history) - 4 * forecast.HORIZON >= 12 + forecast.LEAST_ORIGINS - 1 + forecast.HORIZON
    count = 4 if enough else 2
    return [len(history) - forecast.HORIZON * back for back in range(count, 0, -1)]


def held_out(history: pd.Series, *, country: str | None) -> pd.DataFrame:
    """The model that the backtest chose before the first of `origins`, and seasonal naive, asked at each of them.

    One row per model (chosen, naive) × origin × step: model, name, origin, step, actual, forecast, low, high.
    """
    first = origins(history)[0]
    known = history.iloc[:first]
    tested = forecast.backtest(known, country=country)
    best = str(forecast.scores(tested)["model"].iloc[0])
    stretch = forecast.stretch_of(tested[tested["model"] == best])
    models = forecast.candidates(len(known))
    calendar = regressors(pd.DatetimeIndex(history.index), country=country)
    rows = []
    for end in origins(history):
        span = slice(end, end + forecast.HORIZON)
        for label, name, wide in (("chosen", best, stretch), ("naive", forecast.SEASONAL_NAIVE, 1.0)):
            view = ask(
                models[name][0], history.iloc[:end], calendar.iloc[:end], calendar.iloc[span], None, wide
            )
            assert view is not None
            for step, actual in enumerate(history.iloc[span]):
                rows.append(
                    (
                        label,
                        name,
                        end,
                        step + 1,
                        actual,
                        view.centre[step],
                        view.low[step],
                        view.high[step],
                    )
                )
    names = ["model", "name", "origin", "step", "actual", "forecast", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def errors(rows: pd.DataFrame) -> pd.Series:
    """Mean absolute error by model."""
    return (rows["actual"] - rows["forecast"]).abs().groupby(rows["model"]).mean()


def coverage(rows: pd.DataFrame) -> float:
    """The share of months inside the chosen model's 80% interval."""
    own = rows[rows["model"] == "chosen"]
    return float(np.mean((own["actual"] >= own["low"]) & (own["actual"] <= own["high"])))
