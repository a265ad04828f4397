"""How did a month or a span end, what moved it, and were the forecasts right?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Outcome:
    """The month's bookings and what of its target is due, None where there is none; `days` and `passed`: the month's working days
    and those of them that have passed; `largest`: what the account `buyer` ordered on one day, where that makes a tenth of the month."""

    actual: float
    target: float | None
    days: int = 0
    passed: int = 0
    buyer: str = ""
    largest: float = 0.0


@dataclass(frozen=True)
class Why:
    """A month beside an earlier one: bookings then and now, and what each factor brought (parts sum to the change); returns where
    there were days with nothing else; the working days of both."""

    then: pd.Timestamp
    before: float
    after: float
    parts: dict[str, float]
    days_then: int = 0
    days_now: int = 0
    back: int = 12  # months between the two

    @property
    def main(self) -> tuple[str, float]:
        """What moved bookings most the way they went, and by how much: a gain explains no fall."""
        way = 1 if self.after >= self.before else -1
        return max(self.parts.items(), key=lambda item: way * item[1])

    @property
    def against(self) -> tuple[str, float] | None:
        """What moved most the other way, and by how much; None where nothing did."""
        way = -1 if self.after >= self.before else 1
        found = max(self.parts.items(), key=lambda item: way * item[1])
        return found if way * found[1] > 0 else None

    @property
    def growth(self) -> tuple[float, float] | None:
        """Growth, plain and per working day; None where one of the months has nothing to divide by."""
        if self.before <= 0 or not self.days_then or not self.days_now:
            return None
        plain = self.after / self.before
        return plain - 1, plain * self.days_then / self.days_now - 1


@dataclass(frozen=True)
class Change:
    """Revenue of a span (`first` to `last`) beside an earlier one, and what each part that moved brought, in cents that sum
    to the change. `came` counts leads, or new deals where no lead is known (`opened`); `deals` stands for leads and
    conversion together where a span has nothing to divide by. Pairs are (then, now); the mean deal of a span without a
    deal is NaN, and so is `deal_error`, the standard error of the two means' difference, below two deals a span."""

    span: str
    first: pd.Timestamp
    last: pd.Timestamp
    then_first: pd.Timestamp
    then_last: pd.Timestamp
    before: float
    after: float
    parts: dict[str, float]
    came: tuple[float, float]
    deals: tuple[int, int]
    mean_deal: tuple[float, float]
    deal_error: float

    @property
    def change(self) -> float:
        """After less before, in whole cents."""
        return round(self.after - self.before, 2)


@dataclass(frozen=True)
class Grade:
    """Probabilities against what came: how many were to come, how many came, Brier score, and that of the base rate alone."""

    calls: int
    expected: float
    came: int
    brier: float
    base_brier: float
