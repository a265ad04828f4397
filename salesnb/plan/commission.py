"""What does a commission plan pay for an amount sold, and for the next unit of it?

Marginal tiers pay each their own part, retroactive ones pay the whole at the rate of the tier reached. `payout` is exact to the
cent; `payouts` gives the same for a whole array at once, for simulations.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from salesnb.plan import Commission, CommissionTier

CENT = Decimal("0.01")


def ordered(commission: Commission) -> list[CommissionTier]:
    """The tiers by where they begin; of two that begin alike the later one counts."""
    return list({tier.start: tier for tier in sorted(commission.tiers, key=lambda tier: tier.start)}.values())


def thresholds(commission: Commission, *, target: float | None = None) -> list[Decimal | None]:
    """Where does each tier start in money, lowest first? None for one that cannot be reached because there is no target."""
    starts = [Decimal(str(tier.start)) for tier in ordered(commission)]
    if commission.unit == "amount":
        return [*starts]
    if target is None or not target > 0:
        return [start if start == 0 else None for start in starts]
    return [start * Decimal(str(target)) for start in starts]


def payout(sold: float, commission: Commission, *, target: float | None = None) -> float:
    """What does a year's `sold` amount pay, to the cent (half a cent up)?

    `target`: the year's personal target, where tiers start at a share of it; without one only tiers that start at 0 can be
    reached. Nothing or less sold pays 0. The cap is a year's.
    """
    amount = Decimal(str(sold))
    if amount <= 0:
        return 0.0
    starts = thresholds(commission, target=target)
    rates = [Decimal(str(tier.rate)) for tier in ordered(commission)]
    if commission.mode == "retroactive":
        reached = [
            rate for start, rate in zip(starts, rates, strict=True) if start is not None and amount >= start
        ]
        earned = amount * reached[-1] if reached else Decimal(0)
    else:
        ends = [*starts[1:], None]
        earned = sum(
            (
                max(Decimal(0), (amount if end is None else min(amount, end)) - start) * rate
                for start, end, rate in zip(starts, ends, rates, strict=True)
                if start is not None
            ),
            Decimal(0),
        )
    if commission.cap is not None:
        earned = min(earned, Decimal(str(commission.cap)))
    return float(earned.quantize(CENT, rounding=ROUND_HALF_UP))


def payouts(sold: np.ndarray, commission: Commission, *, targets: np.ndarray) -> np.ndarray:
    """`payout` for many at once, in floating point and unrounded; `targets` broadcasts against `sold`, NaN where there is none."""
    amounts, aims = np.broadcast_arrays(np.maximum(sold, 0.0), targets)
    tiers = ordered(commission)
    if commission.unit == "amount":
        starts = [np.full(amounts.shape, tier.start) for tier in tiers]
    else:
        known = np.where(aims > 0, aims, np.inf)
        starts = [
            np.round(known * tier.start, 6) if tier.start else np.zeros(amounts.shape) for tier in tiers
        ]
    earned = np.zeros(amounts.shape)
    for place, (tier, start) in enumerate(zip(tiers, starts, strict=True)):
        if commission.mode == "retroactive":
            earned = np.where((amounts >= start) & (amounts > 0), amounts * tier.rate, earned)
        else:
            end = starts[place + 1] if place + 1 < len(starts) else np.inf
            reached = np.minimum(amounts, end) - np.where(np.isfinite(start), start, amounts)
            earned = earned + np.maximum(reached, 0.0) * tier.rate
    return earned if commission.cap is None else np.minimum(earned, commission.cap)


def marginal_rate(sold: float, commission: Commission, *, target: float | None = None) -> float:
    """What does the next unit of currency pay at this point? 0 where the cap is reached."""
    if commission.cap is not None and payout(sold, commission, target=target) >= commission.cap:
        return 0.0
    reached = [
        tier.rate
        for start, tier in zip(thresholds(commission, target=target), ordered(commission), strict=True)
        if start is not None and max(sold, 0) >= start
    ]
    return reached[-1] if reached else 0.0
