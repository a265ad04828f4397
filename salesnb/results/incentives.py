"""What does pay cost, and which part of it did drawing forward earn?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from salesnb.plan import Commission, Sprint


@dataclass(frozen=True)
class Pay:
    """Commission as a page needs it: earnings by person or team, the median target's pay curve, simulated cost of the year
    (that of the alternative beside it). All empty without a commission in the plan. Where it is on margin, what lines without
    a cost it leaves out, and their net amount. `at_target`: what a year costs in which everybody exactly reaches the target, to the
    cent; None where nobody has one, or where commission is on margin (targets are not)."""

    commission: Commission | None
    alternative: Commission | None
    table: pd.DataFrame
    curve: pd.DataFrame
    year: pd.DataFrame
    uncosted_lines: int = 0
    uncosted_amount: float = 0.0
    at_target: float | None = None

    @property
    def most(self) -> float | None:
        """What the year can cost at the very most: everybody at the cap; None where nothing limits it."""
        if self.commission is None or self.commission.cap is None:
            return None
        return self.commission.cap * len(self.table)


@dataclass(frozen=True)
class PulledPay:
    """What orders that a sprint drew from the following month earned.

    `pulled`: their amount; `sooner`: commission that was paid on them by the sprint's end; `kept`: the part of it that the
    year keeps although the month after fell short (all of it where that month is in another fiscal year); `bonus`: the
    sprint's bonus where it would not have been due without them; `sold` and `due_at`: the sprint's bookings and what the
    bonus needed. `table`: one row per person: rep_id, pulled, sooner.
    """

    sprint: Sprint
    pulled: float
    sooner: float
    kept: float
    bonus: float
    sold: float
    due_at: float | None
    table: pd.DataFrame

    @property
    def total(self) -> float:
        """Pay that stays and would not have been earned without drawing forward."""
        return round(self.kept + self.bonus, 2)
