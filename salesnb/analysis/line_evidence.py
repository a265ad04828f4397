"""What speaks for the product, and what for the pitch? The evidence behind a reading, one line of it after another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = ("line", "evidence", "names", "before", "now", "p_value", "speaks_for")


def of(readings: Iterable[Any]) -> pd.DataFrame:
    """Why product, why pitch? In: `product_lines.reading` of each line. Out: one row per product line that fell and piece of evidence, in the order of the readings: line,
    evidence, names (list of the people, the competitor or the reason it is about), before, now (shares), p_value (NaN
    where nothing is tested), speaks_for (product, pitch, or "" where it decides nothing).

    ``others``: win rate without the two people in whose hands the fall most likely lies; ``two``: theirs, with the chance of
    so uneven a fall. ``competitor`` and ``reason``: the share of lost deals that name the one which gained most; a reason
    speaks for the pitch only where it sits with two people. ``discount`` and ``two_discount``: what was granted off the
    list. A piece that the data do not know is left out.
    """
    rows = [
        row for reading in readings if reading and reading.verdict != "steady" for row in _pieces(reading)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame[frame["now"].notna()].reset_index(drop=True)


def _pieces(found: Any) -> list[tuple[object, ...]]:
    few = list(found.few)
    rival = [found.competitor] if found.competitor else []
    reason = [found.reason] if found.reason else []
    pieces = [
        ("others", [], found.rest_before, found.rest_now, np.nan),
        ("two", few, found.few_before, found.few_now, found.uneven_p),
        ("competitor", rival, found.competitor_before, found.competitor_now, found.competitor_p),
        ("reason", reason, found.reason_before, found.reason_now, found.reason_p),
        ("discount", [], found.discount_before, found.discount_now, np.nan),
        ("two_discount", few, found.few_discount_before, found.few_discount_now, np.nan),
    ]
    return [(found.line, *piece, found.speaks_for.get(str(piece[0]), "")) for piece in pieces]
