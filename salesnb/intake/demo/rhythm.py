"""When does the demo company sell? Working days, seasons, Chinese New Year, growth.

A `Rhythm` maps operational time (one unit a year of average activity) to calendar days, so that customers keep their own
cycles while the company's year goes on around them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.calendars.periods import working_days

COUNTRY = "CN"
SEASON = (
    0.96,
    0.84,
    1.06,
    0.98,
    1.00,
    1.08,
    0.93,
    0.92,
    1.06,
    0.97,
    1.04,
    1.16,
)  # level of a working day, by month
NEW_YEARS = ("2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06")
NEW_YEAR_LEVEL = 0.52  # of a working day from twelve days before to twenty after it
GROWTH = 0.11
BASE_DAY = pd.Timestamp("2026-01-01")


def stream(seed: int, *path: int) -> np.random.Generator:
    """A stream of random numbers of its own for each part of the company."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *path])))


def cents(amounts: np.ndarray) -> np.ndarray:
    """Amounts rounded to cents."""
    return np.round(np.asarray(amounts, dtype=float) * 100) / 100


@dataclass(frozen=True)
class Rhythm:
    """One entry per calendar day from the burn-in's first to the data's last day."""

    days: pd.DatetimeIndex
    weight: np.ndarray
    cumulative: np.ndarray
    starts: pd.Timestamp

    @classmethod
    def of(cls, *, starts: pd.Timestamp, ends: pd.Timestamp, burn_in: int = 200) -> Rhythm:
        days = pd.date_range(starts - pd.Timedelta(days=burn_in), ends, freq="D")
        works = days.isin(working_days(days[0], days[-1], country=COUNTRY))
        season = np.array(SEASON)[days.month.to_numpy() - 1]
        slack = np.ones(len(days))
        for text in NEW_YEARS:
            distance = (days - pd.Timestamp(text)).days.to_numpy()
            slack[(distance >= -12) & (distance < 20)] = NEW_YEAR_LEVEL
        growth = (1 + GROWTH) ** ((days - BASE_DAY).days.to_numpy() / 365.25)
        weight = works * season * slack * growth / 250
        return cls(days, weight, np.cumsum(weight), starts)

    @property
    def works(self) -> np.ndarray:
        return self.weight > 0

    @property
    def first(self) -> int:
        """The position of the data's first day."""
        return self.position(self.starts)

    def positions(self, moments: np.ndarray) -> np.ndarray:
        """The day at which operational time reaches each moment; beyond the end: the number of days."""
        return np.searchsorted(self.cumulative, moments, side="left")

    def worked(self, positions: np.ndarray) -> np.ndarray:
        """The next working day at or after each position (the last one at the end)."""
        working = np.flatnonzero(self.works)
        return working[np.minimum(np.searchsorted(working, positions, side="left"), len(working) - 1)]

    def position(self, day: pd.Timestamp) -> int:
        """How many days after the first day; may lie outside."""
        return int((day - self.days[0]).days)

    def dates(self, positions: np.ndarray) -> pd.DatetimeIndex:
        """Calendar days of positions; they may lie beyond the data."""
        return pd.DatetimeIndex(self.days[0] + pd.to_timedelta(np.asarray(positions), unit="D"))

    def quarter_ends(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Per quarter's end: the earlier working days of its month, the last five, the first fifteen of the next month."""
        working = np.flatnonzero(self.works)
        months = self.days[working].to_period("M")
        ends = []
        for month in months.unique():
            if month.month % 3 == 0:
                own, following = working[months == month], working[months == month + 1][:15]
                if len(own) > 5:
                    ends.append((own[:-5], own[-5:], following))
        return ends
