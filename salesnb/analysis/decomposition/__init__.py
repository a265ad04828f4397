"""Why did a total change? Bridges whose parts sum to the change, to the cent.

A product of factors is split by Shapley's value: each factor's part is its mean effect over all orders in which the
factors could have changed, so that no order is preferred and nothing is left over. A factor may differ by member (shares,
prices): the products are then summed over the members. A sum over products is split into volume and price.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Factor = float | NDArray[np.float64]


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


def price_volume(products: pd.DataFrame) -> pd.DataFrame:
    """Did we sell more, or at other prices?

    In: one row per product, then and now: quantity_then, net_amount_then, quantity_now, net_amount_now. Out: one row per part (part,
    change): volume (each product's own change in quantity, at its old price: Σ Δq · p), price (at new quantities), and unmeasured
    (products without a quantity then or now, where there are any); they sum to the change to the cent. A product counts in one
    unit, and nobody says whether two do: quantities of two are never added up, so that there is no mix, and in which unit a product
    counts changes nothing. A product that is new, or gone, is volume. No rows where no product has a quantity.
    """
    change = products["net_amount_now"] - products["net_amount_then"]
    held, sold = products["quantity_then"].astype(float), products["quantity_now"].astype(float)
    counted = held.notna() & sold.notna()
    if not (counted & ((held != 0) | (sold != 0))).any():
        return pd.DataFrame({"part": pd.Series(dtype=str), "change": pd.Series(dtype=float)})
    old_price = products["net_amount_then"] / held.where(held > 0)
    volume = ((sold - held) * old_price).where((held > 0) & (sold > 0), change)[counted]
    parts = {"volume": float(volume.sum()), "price": float((change - volume)[counted].sum())}
    if not counted.all():
        parts["unmeasured"] = float(change[~counted].sum())
    exact = to_cents(parts, float(change.sum()))
    return pd.DataFrame({"part": list(exact), "change": list(exact.values())})
