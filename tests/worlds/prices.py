"""What is ordered at which price: discounts that sell more, and such as only go with large orders or certain customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.worlds.dates import TODAY

MONTHS, BUYERS = 36, 40


def line_prices(
    seed: int,
    *,
    effect: float = 0.0,
    spread: float = 0.0,
    by_size: float = 0.0,
    agreed: float = 0.0,
    one_huge: float = 0.0,
    places: int = 5,
    orders: float = 12.0,
) -> pd.DataFrame:
    """Three years of a line in `places` regions with a season, demand and a discount policy that both last for months, orders of heavy-tailed sizes.
    `effect`: percent more orders for each percent off; `spread`: how much the policy varies (log price); `by_size`: how much further discount an order
    gets for each 2.7 times its size; `agreed`: the further discount of the customers whose orders are always large, who order in bursts;
    `one_huge`: an order of that many usual months, at 60% off."""
    rng = np.random.default_rng(seed)
    months = pd.date_range(end=TODAY, periods=MONTHS, freq="ME").to_period("M").to_timestamp()

    def lasting(size: float) -> np.ndarray:
        noise = rng.normal(0, size, (places, MONTHS))
        for month in range(1, MONTHS):
            noise[:, month] = 0.6 * noise[:, month - 1] + 0.8 * noise[:, month]
        return noise

    policy = lasting(spread)
    season = 0.3 * np.sin(np.arange(MONTHS) * np.pi / 6)
    level = np.log(orders) + rng.normal(0, 0.4, (places, 1)) + season + lasting(0.15) + effect * policy
    count = rng.poisson(np.exp(level))
    place, month = (axis.ravel().repeat(count.ravel()) for axis in np.indices(count.shape))
    n = len(place)
    usual = rng.normal(0, 0.6, (places, BUYERS))
    burst = rng.random((places, MONTHS)) < 0.3
    large = np.argsort(usual, axis=1)[:, -8:]
    buyer = rng.integers(0, BUYERS, n)
    among = bool(agreed) & burst[place, month] & (rng.random(n) < 0.5)
    buyer = np.where(among, large[place, rng.integers(0, 8, n)], buyer)
    own = usual[place, buyer]
    size = 8 + own + rng.normal(0, 0.8, n)
    favoured = (large[place] == buyer[:, None]).any(axis=1)
    off = 0.10 + policy[place, month] + by_size * (size - 8) + agreed * favoured + rng.normal(0, 0.03, n)
    listed = np.exp(size)
    if one_huge:
        at = int(rng.integers(n))
        listed[at], off[at] = one_huge * listed.sum() / (places * MONTHS), 0.9
    days = months[month] + pd.to_timedelta(rng.integers(0, 28, n), unit="D")
    return pd.DataFrame(
        {
            "day": days, "account_id": [f"C{a}-{b}" for a, b in zip(place, buyer, strict=True)], "region": [f"R{one}" for one in place],
            "rep_id": [f"P{one}" for one in place], "product_line": "Pumps", "net_amount": listed * np.exp(-off), "list_amount": listed,
        }
    )  # fmt: skip
