"""How are the numbers of one column written so that they compare at a glance?

A column has one unit and one number of decimals, so that the points stand in line and 0.8M is seen to be less than 20.9M.
Where the column spans too many sizes for that, each number keeps its own unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pandas as pd

from salesnb.language import Language

Writer = Callable[[float], str]
MOST_DECIMALS = 2
DIGITS = 3


def money_writer(values: Sequence[object], say: Language) -> Writer:
    """Writes money in the unit of the column: 20.9M, 0.8M; each by itself where the smallest would come out as nothing.

    In Chinese a column is in 亿 only where every amount reaches it, else in 万, as in the tables that companies print.
    """
    known = _known(values)
    units = [
        (size, mark)
        for size, mark in say.money_units(max(known, default=0.0))
        if max(known, default=0.0) >= size
    ]
    if not units:
        return say.money
    size, mark = units[0]
    if say.code == "zh" and min(known) < size and len(units) > 1:
        size, mark = units[1]
    decimals = _decimals([value / size for value in known])
    if decimals is None:
        return say.money
    return lambda value: say.exact(0.0) if value == 0 else say.exact(value / size, decimals=decimals) + mark


def number_writer(values: Sequence[object], say: Language) -> Writer:
    """Writes plain numbers with the same decimals throughout; whole numbers stay whole."""
    known = _known(values)
    if all(value.is_integer() for value in known):
        return lambda value: say.exact(value)
    decimals = _decimals(known)
    return say.number if decimals is None else lambda value: say.exact(value, decimals=decimals)


def _known(values: Sequence[object]) -> list[float]:
    """The sizes of the numbers that are there and not zero."""
    numbers = (
        pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce").dropna().astype(float).abs()
    )
    return [float(number) for number in numbers if number > 0 and math.isfinite(number)]


def _decimals(values: Sequence[float]) -> int | None:
    """Decimals that give the largest three digits and leave no value as nothing; None where two decimals are too few."""
    if not values:
        return 0
    wanted = min(MOST_DECIMALS, max(0, DIGITS - 1 - math.floor(math.log10(max(values)))))
    return next(
        (decimals for decimals in range(wanted, MOST_DECIMALS + 1) if min(values) >= 0.5 * 10**-decimals),
        None,
    )
