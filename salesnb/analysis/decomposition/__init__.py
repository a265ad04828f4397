"""Why did a total change? Bridges whose parts sum to the change, to the cent.

A product of factors is split by Shapley's value: each factor's part is its mean effect over all orders in which the
factors could have changed, so that no order is preferred and nothing is left over. A factor may differ by member (shares,
prices): the products are then summed over the members. A sum over lines is split into volume, mix and price.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Factor = float | NDArray[np.float64]
PARTS = ("volume", "mix", "price")


def factors(before: Mapping[str, Factor], after: Mapping[str, Factor]) -> dict[str, float]:
    """How much of a product's change does each factor explain, in whole cents? As `effects`; the parts sum to the change of
    the product, to the cent."""
    return to_cents(effects(before, after), product(after) - product(before))


def effects(before: Mapping[str, Factor], after: Mapping[str, Factor]) -> dict[str, float]:
    """How much of a product's change does each factor explain?

    In: the factors' values by name, then and now (the same names); a number, or an array with a value per member, over
    which the product is summed (all arrays of one length). Out: name → part, in the product's unit, unrounded.
    `ValueError` where the names differ. Shapley (1953): no order of the factors is preferred and nothing is left over.
    """
    if list(before) != list(after):
        raise ValueError(
            f"after must have the factors {', '.join(before)}, but {', '.join(after)} were passed"
        )
    brought = dict.fromkeys(before, 0.0)
    orders = list(permutations(before))
    for order in orders:
        values = dict(before)
        for name in order:
            held = product(values)
            values[name] = after[name]
            brought[name] += (product(values) - held) / len(orders)
    return brought


def product(values: Mapping[str, Factor]) -> float:
    """The factors multiplied, summed over members where a factor has some; 1 without a factor."""
    return float(np.sum(math.prod(values.values())))


def to_cents(parts: Mapping[str, float], total: float) -> dict[str, float]:
    """The parts in whole cents that sum to `total` in whole cents: the largest remainders take the missing ones."""
    if not parts:
        return {}
    wanted = round(total * 100)
    floors = {name: math.floor(part * 100) for name, part in parts.items()}
    missing = wanted - sum(floors.values())
    order = sorted(parts, key=lambda name: (floors[name] - parts[name] * 100, name))
    each, extra = divmod(missing, len(order))
    return {name: (floors[name] + each + (name in order[:extra])) / 100 for name in parts}


def price_volume_mix(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Did we sell more, something else, or at other prices?

    In: one row per product line, then and now: product_line, quantity, net_amount. Out: one row per part (part, change):
    volume (all quantities grow alike, old prices), mix (the quantities' shares, old prices), price (new quantities); they
    sum to the change to the cent. A line without an old price enters at its new one, as mix. No rows where no quantity
    above zero stands on one side.
    """
    lines = before.merge(after, on="product_line", how="outer", suffixes=("_then", "_now"))
    numbers = lines.drop(columns="product_line").fillna(0.0).astype(float)
    held, sold = float(numbers["quantity_then"].sum()), float(numbers["quantity_now"].sum())
    if held <= 0 or sold <= 0:
        return pd.DataFrame({"part": pd.Series(dtype=str), "change": pd.Series(dtype=float)})
    revenue_then, revenue_now = (
        float(numbers["net_amount_then"].sum()),
        float(numbers["net_amount_now"].sum()),
    )
    new_price = numbers["net_amount_now"] / numbers["quantity_now"].where(numbers["quantity_now"] > 0)
    old_price = (
        numbers["net_amount_then"] / numbers["quantity_then"].where(numbers["quantity_then"] > 0)
    ).fillna(new_price)
    at_old_prices = float((old_price.fillna(0.0) * numbers["quantity_now"]).sum())
    volume = revenue_then * (sold / held - 1)
    parts = {
        "volume": volume,
        "mix": at_old_prices - revenue_then - volume,
        "price": revenue_now - at_old_prices,
    }
    exact = to_cents(parts, revenue_now - revenue_then)
    return pd.DataFrame({"part": list(PARTS), "change": [exact[part] for part in PARTS]})
