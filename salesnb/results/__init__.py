"""What does analysis hand to display, other than a frame?

Each result is a type on the ground floor that both import: a field that is renamed here is missed on either side. What its
fields hold stands here, how they come about in the function of `analysis/` that returns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its interval, in the unit of the estimate."""

    value: float
    low: float
    high: float


class Estimate(NamedTuple):
    """A difference with its 95% interval and two-sided p-value."""

    value: float
    low: float
    high: float
    p_value: float
