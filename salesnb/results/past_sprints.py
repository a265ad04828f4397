"""What did a sprint bring, and what did it draw forward?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.findings import CANNOT_TELL, EXPLAINED, FOUND, NONE
from salesnb.plan import Sprint


@dataclass(frozen=True)
class SprintResult:
    """A sprint up to `last` (its end, or as_of while it runs): `days` of its `whole` working days have passed, and that share of
    its target is `due`, by which attainment is reckoned; `lead_age`: of the leads that convert, which part had done so at the age
    that the sprint's leads have; `invoiced`: the share of the sprint's orders, in money, that are; missing numbers are None, so `due` for a part of the company: what the plan asks of a sprint in sum
    (`of_company`) it asks of all together."""

    sprint: Sprint
    last: pd.Timestamp
    days: int
    whole: int
    of_company: bool
    due: float | None
    leads_per_day: float | None
    lead_conversion: float | None
    bookings: float
    attainment: float | None
    key_account_weekly: float | None
    weeks: int
    lead_age: float | None = None
    invoiced: float | None = None

    @property
    def conversion_due(self) -> float | None:
        """Which part of the leads should have converted by now, as the plan wants it in the end."""
        plan = self.sprint.lead_conversion
        return plan if plan is None or self.lead_age is None else plan * self.lead_age


@dataclass(frozen=True)
class PullForward:
    """Bookings that a sprint drew from the following month, with their 90% interval; excess and shortfall in money. At a quarter's
    end this is the sprint's own part, beyond `habit`: what the other quarters' ends draw too (`ends` of them, 0 elsewhere)."""

    sprint: Sprint
    amount: float
    low: float
    high: float
    excess: float
    shortfall: float
    usual_days: int
    usual: float  # orders a working day
    habit: float = 0.0
    ends: int = 0

    @property
    def conclusion(self) -> str:
        """Did the sprint draw orders forward, or did it only what every quarter's end does?"""
        if self.low > 0:
            return FOUND
        return EXPLAINED if self.habit > self.amount else NONE


@dataclass(frozen=True)
class Bunching:
    """How orders crowd at quarters' ends: what a day of the last five brings over an earlier day of the same month (factor), with
    its 90% interval; `ends`: one row per quarter's end, oldest first: month, earlier, last (orders a working day)."""

    factor: float
    low: float
    high: float
    ends: pd.DataFrame

    @property
    def bunched(self) -> bool:
        """Do the last days bring more than the earlier ones, beyond chance?"""
        return self.low > 1


@dataclass(frozen=True)
class OwnEffect:
    """What the sprint brought beyond the habit, in money with its 90% interval; `plain`: the same with the habit in it; `net`: are
    the weeks after it counted too (they lie in the data)? `windows`: earlier quarters that say what is habit; `days`: working days of the
    sprint so far; `mean`: money of an order."""

    sprint: Sprint
    value: float
    low: float
    high: float
    plain: float
    net: bool
    windows: int
    days: int
    error: float

    @property
    def conclusion(self) -> str:
        """Did it bring something of its own, or only what such weeks bring anyway?"""
        if self.low > 0:
            return FOUND
        if self.plain <= self.half:
            return NONE
        return EXPLAINED if self.plain - self.value >= self.plain / 2 else CANNOT_TELL

    def a_day(self, draws: int = 2000, seed: int = 0) -> np.ndarray:
        """What one working day of it may have brought of itself, drawn."""
        luck = np.random.default_rng(seed).standard_t(max(1, self.windows - 1), draws)
        return (self.value + self.error * luck) / self.days

    @property
    def half(self) -> float:
        """Half of the interval."""
        return self.high - self.value
