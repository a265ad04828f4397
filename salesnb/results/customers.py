"""Who orders again, how much hangs on few, and which risks could be looked for?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from salesnb.language import Message


@dataclass(frozen=True)
class RepeatModel:
    """The fitted model: gamma(r, alpha) order rates per week, beta(a, b) chances of leaving after an order."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    accounts: int


@dataclass(frozen=True)
class RepeatFit:
    """A model, or the reason why there is none."""

    model: RepeatModel | None
    reason: Message | None = None


@dataclass(frozen=True)
class Holdout:
    """Does the model foresee who orders in the last `days`, and how often, better than the simplest guesses?

    Who: the area under the ROC curve (None where all ordered, or none did) of the model and of the day of the last order.
    How often: the mean absolute error of order days of the model and of the account's own rate, and the standard error of what the
    model's is smaller by (account by account).
    """

    days: int
    accounts: int
    actual: float
    expected: float
    model_auc: float | None
    recency_auc: float | None
    model_error: float
    rate_error: float
    gain_error: float = float("nan")

    @property
    def useful(self) -> bool:
        if self.model_auc is None or self.recency_auc is None:
            return False
        return self.model_auc > self.recency_auc and self.model_error < self.rate_error


@dataclass(frozen=True)
class Coverage:
    """Of `orders` next orders that came in the last `days`, the shares that fell into their windows."""

    days: int
    orders: int
    half: float
    four_fifths: float


@dataclass(frozen=True)
class Concentration:
    """How much hangs on few: revenue share of the ten largest, HHI (0–10,000), and how many accounts carry half."""

    top10_share: float
    hhi: float
    half: int
    accounts: int
    largest: str
    largest_share: float


@dataclass(frozen=True)
class Looked:
    """How many of `all` risks could be looked for, and which tables are missing for the others."""

    checked: int
    all: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Moves:
    """Hours a month of contact that could go elsewhere.

    `accounts`: one row per account whose time should change: account_id, tier, revenue, hours (logged a month), asked (by the plan), change.
    `beyond` and `lacking`: all hours over and under the plan's; `moved`: what could move.
    """

    accounts: pd.DataFrame
    beyond: float
    lacking: float
    moved: float


@dataclass(frozen=True)
class TimeToPay:
    """Days from an invoice's issue to its payment: the `median` and the day by which `nine_in_ten` are paid, open ones counted for as long as they
    have waited (None where the answer lies beyond what was seen); the median of the `paid_alone`; the usual `terms`; of how many `invoices`, how many `waiting`."""

    median: float | None
    nine_in_ten: float | None
    paid_alone: float | None
    terms: float | None
    invoices: int
    waiting: int
