"""What is foreseen of the year, who hands it out, and in whose hands does its gap lie?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.results import Interval

SHORT = 36  # months: below, the interval is wide, and that is told
FEW = 2  # people in whose hands a loss may lie
PEOPLE = 4  # who must sell in a cell before its loss can lie in few hands
DUST = 1e-9  # of an amount
UNEVEN = 0.05  # chance of naming people where everybody's business changed alike (permutation of order days)


def inside(tested: pd.DataFrame) -> pd.Series:
    """Which months lay within their interval, dust aside?"""
    dust = DUST * tested["actual"].abs()
    return tested["actual"].between(tested["low"] - dust, tested["high"] + dust)


@dataclass(frozen=True)
class Forecast:
    """What is foreseen of the coming months.

    `months`: one row per month (month, forecast: the median, low, high: 80%); `paths`: simulated months, one row per simulation;
    `scores`: one row per candidate (model, mae, mase, weight), heaviest first; `tested`: what would have been said at past month ends,
    three months ahead (origin, step, actual, forecast, low, high, naive); `seen`: month → the simulated twelve after it, as known then;
    `known`: months of history.
    """

    months: pd.DataFrame
    paths: np.ndarray
    scores: pd.DataFrame
    tested: pd.DataFrame
    seen: Mapping[pd.Timestamp, np.ndarray]
    known: int

    @property
    def weights(self) -> dict[str, float]:
        """The candidates that speak, heaviest first."""
        heard = self.scores[self.scores["weight"] >= 0.005]
        return dict(zip(heard["model"], heard["weight"], strict=True))

    @property
    def model(self) -> str:
        return ", ".join(f"{name} {weight:.0%}" for name, weight in self.weights.items())

    @property
    def is_short(self) -> bool:
        return self.known < SHORT

    @property
    def mase(self) -> float:
        """Mean absolute error / that of the seasonal naive forecast on the same months (Hyndman & Koehler 2006, International Journal
        of Forecasting 22, 679–688, with the naive error out of sample)."""
        missed = (self.tested[["forecast", "naive"]].sub(self.tested["actual"], axis=0)).abs().mean()
        return float(missed["forecast"] / missed["naive"]) if missed["naive"] > 0 else 1.0

    @property
    def coverage(self) -> float:
        return float(inside(self.tested).mean())

    @property
    def origins(self) -> int:
        return int(self.tested["origin"].nunique())


@dataclass(frozen=True)
class Dry:
    """Since when has no deal been created, in how many whole months, and how many came a month in the year before?"""

    since: pd.Timestamp
    months: int
    usual: float


@dataclass(frozen=True)
class WorstLine:
    """The product line that lacks most over all regions: its gap, and in how many of the `regions` that sell or should sell it
    it is `behind`."""

    product_line: str
    gap: float
    behind: int
    regions: int


@dataclass(frozen=True)
class Cause:
    """In the cell with the largest gap: who lost what against last year.

    `reps`: one row per rep (rep_id, actual, prior, change), largest loss first; `names`: the fewest reps who make up two
    thirds of the loss; `lost`: what these booked less than last year; `rest_change`: how the cell's other reps changed, as a share of last year;
    `elsewhere`: how the same product line changed in the other regions, as a share of last year (None where it was not sold).
    `chance`: of naming people who kept so much less than everybody else, if everybody's business had changed alike; `beside`: how much more
    or less the named kept of last year than everybody else who sells the line (a share, with its 90% interval; None where
    one of the four sums is not above zero); `between`: the 90% interval of the gap; `whole`: the gap of all regions together; `line`:
    the product line that lacks most over all regions (None where none is behind); `line_gap`: that of `product_line`, over all
    regions. Region and product line are empty texts where too much of the year names none.
    """

    region: str
    product_line: str
    gap: float
    whole: float
    reps: pd.DataFrame
    names: list[str]
    lost: float
    rest_change: float | None
    elsewhere: float | None
    chance: float = 0.0
    beside: Interval | None = None
    between: Interval | None = None
    line: WorstLine | None = None
    line_gap: float = 0.0

    @property
    def personal(self) -> bool:
        """Is the loss in few hands, beyond chance: at most two people, out of four or more? It does not say why."""
        return 0 < len(self.names) <= FEW and len(self.reps) >= PEOPLE and self.chance < UNEVEN


@dataclass(frozen=True)
class Parts:
    """The year as it is handed out.

    `table`: one row per region × team × rep_id × product_line × month: amount. `people`: one row per person: rep_id, region, team,
    capacity (full people over the year), target (handed out), given (by the targets table; missing where it names nobody),
    proposed (by ramped capacity), difference (given − proposed). `cells`: one row per region × product line: amount, fixed.
    `unmet`: what the given numbers ask for beyond what there is: kind (region, product_line, month), member, amount.
    `over_assignment`: what the proposals add up to, as a share of the year. `placed`: the region of everybody with a target is
    told, not guessed from where they sold.
    """

    table: pd.DataFrame
    people: pd.DataFrame
    cells: pd.DataFrame
    unmet: pd.DataFrame
    over_assignment: float
    placed: bool = True

    @property
    def total(self) -> float:
        """The year that is handed out."""
        return round(float(self.table["amount"].sum()), 2)

    @property
    def regions(self) -> pd.DataFrame:
        """One row per region: region, target, carried (by its people), open (in nobody's target; below zero: handed out beyond it),
        most open first."""
        table = pd.DataFrame(
            {
                "target": self.table.groupby("region")["amount"].sum(),
                "carried": self.people.groupby("region")["target"].sum(),
            }
        ).fillna(0.0)
        table["open"] = (table["target"] - table["carried"]).round(2)
        return (
            table.rename_axis("region").reset_index().sort_values("open", ascending=False, ignore_index=True)
        )

    @property
    def over_assigned(self) -> float:
        """Personal targets ÷ the year's target."""
        return float(self.people["target"].sum()) / self.total if self.total else float("nan")


@dataclass(frozen=True)
class LinePath:
    """The product lines beside their plan: `year` (a row per line, to date and for the whole year) and `quarters` (a row per line and
    quarter that has begun). Both empty where no line has a target."""

    year: pd.DataFrame
    quarters: pd.DataFrame

    @property
    def worst(self) -> pd.Series | None:
        """The line that lacks most to date; None where none lacks anything."""
        if self.year.empty:
            return None
        row = self.year.sort_values(["gap", "product_line"]).iloc[0]
        return row if row["gap"] < 0 else None
