"""How are the numbers of one column written so that they compare at a glance?

A column has one unit and one number of decimals, so that the points stand in line and 0.8M is seen to be less than 20.9M.
Where that would leave many of them as nothing, each number keeps its own unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pandas as pd

from salesnb.language import Language

Writer = Callable[[float], str]
DIGITS = 3
MOST_DECIMALS = 2
MOST_LOST = 0.1  # of a column's numbers, that its scale may show as less than its last decimal


def money_writer(values: Sequence[object], say: Language, *, among: Sequence[object] = ()) -> Writer:
    """Writes money in the unit of the column: 20.9M, 0.8M, <0.1M; each by itself where too many would come out as nothing.

    In Chinese a column is in 亿 only where every amount of the table (`among`) reaches it, else in 万, as companies print it.
    """
    known = _known(values)
    largest = max(known, default=0.0)
    units = [unit for unit in say.money_units(largest) if largest >= unit[0]]
    if not known:
        return say.money
    size, mark = units[0] if units else (1.0, "")
    if say.code == "zh" and min([*known, *_known(among)]) < size and len(units) > 1:
        size, mark = units[1]
    return _on_scale(known, say, size=size, mark=mark) or say.money


def number_writer(values: Sequence[object], say: Language) -> Writer:
    """Writes plain numbers with the same decimals throughout; whole numbers stay whole."""
    known = _known(values)
    if all(value.is_integer() for value in known):
        return say.exact
    return _on_scale(known, say) or say.number


def _known(values: Sequence[object]) -> list[float]:
    """The sizes of the numbers that are there and not zero."""
    numbers = (
        pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce").dropna().astype(float).abs()
    )
    return [float(number) for number in numbers if number > 0 and math.isfinite(number)]


def _on_scale(known: Sequence[float], say: Language, *, size: float = 1.0, mark: str = "") -> Writer | None:
    """Three digits for the largest, the same decimals for all; None where too many would come out as nothing."""
    digits = DIGITS - 1 - math.floor(math.log10(max(known) / size))
    decimals = min(MOST_DECIMALS, max(0, digits))
    least = 10.0**-decimals
    if sum(value / size < least / 2 for value in known) > MOST_LOST * len(known):
        return None

    def write(value: float) -> str:
        if value == 0:
            return say.exact(0.0)
        if abs(value) / size < least / 2:
            return ("<" if value > 0 else ">\N{MINUS SIGN}") + say.exact(least, decimals=decimals) + mark
        return say.exact(value / size, decimals=decimals) + mark

    return write
