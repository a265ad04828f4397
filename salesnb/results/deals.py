"""How did the model of the open deals do, and what is the open pipeline worth?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """How the model did on deals that it had not seen. `verdict`: use, or do not use. AUC with its 95% bootstrap interval;
    Brier scores of the model and of the training win rate as a constant."""

    verdict: str
    trained: int
    tested: int
    base_rate: float
    brier: float
    base_brier: float
    auc: float
    auc_low: float
    auc_high: float
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Worth:
    """The expected won value of the open pipeline, with its 80% interval, and what is left out of it."""

    expected: float
    low: float
    high: float
    listed: float
    deals: int
    zombies: float
    source: str
