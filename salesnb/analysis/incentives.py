"""What has commission cost so far, what does the next sale pay, and does the plan pay what it means to?

A person's (or a team's) commission is computed in tiers on the year's bookings or margin: marginal tiers pay each their own part,
retroactive ones pay the whole at the rate of the tier reached. Payouts are exact to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from salesnb.calendars import fiscal_year
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.plan import Commission

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Pay:
    """Commission as a page needs it: earnings by person or team, the median target's pay curve, simulated cost of the year
    (with that of the same tiers paid the other way). All empty without a commission in the plan."""

    commission: Commission | None
    table: pd.DataFrame
    curve: pd.DataFrame
    year: pd.DataFrame

    @property
    def marginal(self) -> bool:
        return self.commission is None or self.commission.mode == "marginal"


def build(
    bookings: pd.DataFrame,
    commission: Commission | None,
    *,
    as_of: pd.Timestamp,
    targets: pd.Series,
    ratios: np.ndarray,
    starts: int = 1,
) -> Pay:
    """Everything about this year's commission; `ratios`: simulated year ends as multiples of the year to date."""
    empty = pd.DataFrame(columns=["member", "sold", "target", "attainment", "payout", "next_rate"])
    if commission is None:
        return Pay(None, empty, pd.DataFrame(columns=["attainment"]), pd.DataFrame(columns=["cost"]))
    table = earnings(bookings, commission, as_of=as_of, targets=targets, starts=starts)
    known = targets[targets > 0]
    curve = (
        pay_curve(commission, target=float(known.median()))
        if len(known)
        else pd.DataFrame(columns=["attainment"])
    )
    year = year_cost(table, commission, growth=ratios, alternative=other_mode(commission))
    return Pay(commission, table, curve, year if len(table) else year.iloc[:0])


def paid_by(commission: Commission | None) -> str:
    """Who is paid: rep or team; rep where there is no commission."""
    return commission.by if commission else "rep"


def payout(sold: float, commission: Commission, *, target: float | None = None) -> float:
    """What does a year's `sold` amount pay, to the cent?

    `target`: the year's personal target, where tiers start at a share of it; without one only tiers that start at 0 can be
    reached. Nothing or less sold pays 0. The cap is a year's.
    """
    amount = Decimal(str(sold))
    if amount <= 0:
        return 0.0
    starts = thresholds(commission, target=target)
    rates = [Decimal(str(tier.rate)) for tier in sorted(commission.tiers, key=lambda tier: tier.start)]
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


def thresholds(commission: Commission, *, target: float | None = None) -> list[Decimal | None]:
    """Where does each tier start in money, lowest first? None for one that cannot be reached because there is no target."""
    starts = [Decimal(str(tier.start)) for tier in sorted(commission.tiers, key=lambda tier: tier.start)]
    if commission.unit == "amount":
        return [*starts]
    if target is None or not target > 0:
        return [start if start == 0 else None for start in starts]
    return [start * Decimal(str(target)) for start in starts]


def earnings(
    bookings: pd.DataFrame,
    commission: Commission,
    *,
    as_of: pd.Timestamp,
    targets: pd.Series,
    starts: int = 1,
) -> pd.DataFrame:
    """What has each person or team earned from the fiscal year's first day to `as_of`?

    Input: bookings (day, rep_id, team, net_amount, cost_amount); `targets`: the year's targets by person or team. Output: one
    row per person or team with sales: member, sold (the basis), target, attainment (of the year), payout, next_rate (what the next
    unit sold pays), largest payout first. Rows without a person earn nothing. Empty in, empty out.
    """
    first, _ = fiscal_year(as_of, starts=starts)
    year = bookings[bookings["day"].between(first, as_of)]
    basis = (
        year["net_amount"] if commission.basis == "net_amount" else year["net_amount"] - year["cost_amount"]
    )
    sold = basis.groupby(year["rep_id" if commission.by == "rep" else "team"]).sum(min_count=1)
    table = pd.DataFrame({"member": sold.index.astype(object), "sold": sold.to_numpy(dtype=float)}).dropna(
        subset=["sold"]
    )
    table["target"] = table["member"].map(targets).astype(float)
    table["attainment"] = table["sold"] / table["target"].where(table["target"] > 0)
    aims = [None if np.isnan(aim) else aim for aim in table["target"]]
    table["payout"] = [
        payout(amount, commission, target=aim) for amount, aim in zip(table["sold"], aims, strict=True)
    ]
    table["next_rate"] = [
        marginal_rate(amount, commission, target=aim) for amount, aim in zip(table["sold"], aims, strict=True)
    ]
    return table.astype({"payout": float, "next_rate": float}).sort_values(
        ["payout", "member"], ascending=[False, True], ignore_index=True
    )


def marginal_rate(sold: float, commission: Commission, *, target: float | None = None) -> float:
    """What does the next unit of currency pay at this point? 0 where the cap is reached."""
    if commission.cap is not None and payout(sold, commission, target=target) >= commission.cap:
        return 0.0
    rates = [tier.rate for tier in sorted(commission.tiers, key=lambda tier: tier.start)]
    reached = [
        rate
        for start, rate in zip(thresholds(commission, target=target), rates, strict=True)
        if start is not None and max(sold, 0) >= start
    ]
    return reached[-1] if reached else 0.0


def pay_curve(commission: Commission, *, target: float, upto: float = 1.6, points: int = 161) -> pd.DataFrame:
    """How does pay grow with sales? One row per step from 0 to `upto` × `target`: attainment, sold, payout, rate."""
    shares = np.linspace(0, upto, points)
    return pd.DataFrame(
        {
            "attainment": shares,
            "sold": shares * target,
            "payout": [payout(share * target, commission, target=target) for share in shares],
            "rate": [marginal_rate(share * target, commission, target=target) for share in shares],
        }
    )


def year_cost(
    table: pd.DataFrame,
    commission: Commission,
    *,
    growth: Sequence[float] | np.ndarray,
    alternative: Commission | None = None,
) -> pd.DataFrame:
    """What will the year's commission cost under simulated year ends?

    `table`: from `earnings`; `growth`: simulated ratios of the year's bookings to the bookings so far, applied to everybody. Output:
    one row per simulation: growth, cost, and other (cost of `alternative`) where one is given.
    """
    rows = []
    for ratio in growth:
        pair = [
            sum(
                payout(sold * ratio, scheme, target=None if np.isnan(aim) else aim)
                for sold, aim in zip(table["sold"], table["target"], strict=True)
            )
            for scheme in (commission, alternative or commission)
        ]
        rows.append({"growth": float(ratio), "cost": pair[0], "other": pair[1]})
    frame = pd.DataFrame(rows, columns=["growth", "cost", "other"])
    return frame if alternative else frame[["growth", "cost"]]


def other_mode(commission: Commission) -> Commission:
    """The same tiers paid the other way: marginal for retroactive, retroactive for marginal."""
    return commission.model_copy(
        update={"mode": "marginal" if commission.mode == "retroactive" else "retroactive"}
    )


def headlines(pay: Pay, *, booked: Figure) -> dict[str, Figure]:
    """incentives.payout: Σ commission earned in the year to date; .rate: that / bookings.ytd."""
    table, commission = pay.table, pay.commission
    if commission is None:
        reason = Message("plan.yml has no commission")
    elif booked.value is None:
        assert booked.reason is not None
        reason = booked.reason
    elif table.empty:
        reason = Message("no sales carry a person or team who could earn commission")
    elif (
        commission.unit == "attainment"
        and table["target"].isna().all()
        and any(tier.start > 0 for tier in commission.tiers)
    ):
        reason = Message("commission tiers start at shares of a target, and nobody has a target")
    else:
        total = float(sum((Decimal(str(value)) for value in table["payout"]), Decimal(0)))
        share = (
            Figure(total / float(booked.value))
            if booked.value
            else Figure(None, Message("nothing was booked this year"))
        )
        return {"incentives.payout": Figure(total), "incentives.rate": share}
    return {"incentives.payout": Figure(None, reason), "incentives.rate": Figure(None, reason)}
