"""Where do deals stay, where are they lost, and why did a product line fall?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

GAINED = 0.05  # chance below which a competitor or a reason is said to have gained among lost deals
CROWDED = 0.01  # chance below which a reason is said to sit with two people
UNEVEN = 0.01  # chance below which a fall is said to differ between hands


@dataclass(frozen=True)
class Bottleneck:
    """The stage with the largest lift. Money in the plan's currency over twelve months: `added_value` as its best quarter
    looked, `gain` without that quarter's luck, `low` and `high` the gain's 95% interval. `beyond_chance`: its quarters differ
    more than chance allows; `certainty`: how often it leads in draws of the true rates."""

    stage: str
    now: float
    best: float
    best_quarter: pd.Timestamp
    added_value: float
    gain: float
    low: float
    high: float
    certainty: float
    beyond_chance: bool
    cause: str
    by: str = ""  # what explains it instead


@dataclass(frozen=True)
class DaysToClose:
    """Days from creation to close, of deals created in the last 24 months."""

    median: float | None
    closed_only: float | None
    deals: int
    running: int


@dataclass(frozen=True)
class Zombies:
    """Open deals older than the limit, and how far the pipeline covers what the target still needs, with and without."""

    limit_days: float
    count: int
    value: float
    open_count: int
    open_value: float
    share: float | None
    remaining_target: float | None
    coverage_before: float | None
    coverage_after: float | None
    won: int


@dataclass(frozen=True)
class Effect:
    """Win rates of closed deals whose checklist was kept and of the others. `difference` with `low` and `high` is that between
    deals of one channel, region and person which were closed equally long after they had come to the stage, as far as these are known: one that is lost
    early had no time for its checklist. `rivals`: the shares of the plain difference that go with either; `conclusion` and `by` of
    `rivals.conclusion`. A comparison, not a proof: good deals may be the ones that get their checklist done."""

    kept: int
    kept_rate: float
    others: int
    others_rate: float
    low: float
    high: float
    difference: float
    p_value: float
    rivals: Mapping[str, float]
    conclusion: str
    by: str


@dataclass(frozen=True)
class Reading:
    """Why one line fell. `verdict`: product, pitch, explained (`by` a rival), cannot_tell, or steady where it did not fall.

    Win rates of deals closed in the two spans; `few` are the two people in whose hands the fall most likely lies, `few_*`
    and `rest_*` their win rates and everybody else's, `few_low` and `few_high` the 95% interval of the two's change without the luck for which they were picked, `rest_high` the upper end of the rest's change; `uneven_p` the chance
    of so uneven a fall if all hands shared it; `competitor_*` and `reason_*` the share of lost deals that name the one which
    gained most; `crowded_p` the chance that the reason sits so much with two people if anybody could have given it.
    `discount_*`: what orders of the line were granted off the list, by all and by the two; NaN where no list is known.
    `by` and `rivals`: what explains the fall, and the share of it that goes at equal mix and at equal age; `shift` the member of
    the mix that grew most (dimension, member, share of the line's closed deals before and now), None where mix explains little.
    """

    line: str
    verdict: str
    now: float
    before: float
    few: tuple[str, ...]
    few_now: float
    few_before: float
    few_low: float
    few_high: float
    rest_now: float
    rest_before: float
    rest_high: float
    uneven_p: float
    competitor: str | None
    competitor_now: float
    competitor_before: float
    competitor_p: float
    reason: str | None
    reason_now: float
    reason_before: float
    reason_p: float
    crowded_p: float
    discount_now: float
    discount_before: float
    few_discount_now: float
    few_discount_before: float
    lost_wins: float
    lost_value: float
    by: str = ""
    rivals: dict[str, float] = field(default_factory=dict)
    shift: tuple[str, str, float, float] | None = None
    days: int | None = None  # in which `lost_value` was lost

    @property
    def speaks_for(self) -> dict[str, str]:
        """Which pieces of evidence speak for the product, and which for the pitch? Others decide nothing."""
        found = {
            "others": "product" if self.rest_high < 0 else "",
            "two": "pitch" if self.uneven_p < UNEVEN else "",
            "competitor": "product"
            if self.competitor_p < GAINED and self.rest_now < self.rest_before
            else "",
            "reason": "pitch" if self.reason_p < GAINED and self.crowded_p < CROWDED else "",
        }
        return {piece: side for piece, side in found.items() if side}
