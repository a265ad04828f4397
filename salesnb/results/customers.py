"""Who orders again, how much hangs on few, and which risks could be looked for?"""

from __future__ import annotations

from dataclasses import dataclass

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
    """Does the model foresee? Squared errors per account of order days in the last `days`, against two naive guesses."""

    days: int
    accounts: int
    actual: float
    expected: float
    model_error: float
    same_again_error: float
    own_rate_error: float

    @property
    def best_naive_error(self) -> float:
        return min(self.same_again_error, self.own_rate_error)

    @property
    def useful(self) -> bool:
        return self.model_error < self.best_naive_error


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
