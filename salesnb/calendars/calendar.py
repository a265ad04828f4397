"""By which calendar does a company count? The day up to which is told, where its year begins, and whose working days these are."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Calendar:
    """`as_of`, the last day that counts; `starts`, the fiscal year's first month; `country`, ISO 3166, or None for Monday to Friday."""

    as_of: pd.Timestamp
    starts: int
    country: str | None
