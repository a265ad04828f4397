"""What has commission cost so far, what does the next sale pay, and does the plan pay what it means to?

A person's (or a team's) commission is computed in tiers on the year's bookings or margin: marginal tiers pay each their own part,
retroactive ones pay the whole at the rate of the tier reached. Payouts are exact to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pandas as pd

from salesnb.analysis.allocation import month_parts
from salesnb.calendars.periods import fiscal_year, months_back
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.plan import Commission
from salesnb.plan.commission import marginal_rate, payout, payouts
from salesnb.results.incentives import Pay

MICRO = (
    6  # decimals to which sums are cleaned of floating point, so that who reaches a threshold has reached it
)
HABIT_MONTHS = 12  # how far back a person's part of a month's bookings is looked up


def build(
    bookings: pd.DataFrame,
    commission: Commission | None,
    *,
    as_of: pd.Timestamp,
    targets: pd.Series,
    paths: np.ndarray,
    people: pd.DataFrame,
    alternative: Commission | None = None,
    starts: int = 1,
) -> Pay:
    """Everything about this year's commission.

    `targets`: the year's targets by person or team, of which those of `people` (rep_id, team) may earn something though they have not
    sold yet; `paths`: simulated bookings of the fiscal year's coming months, one row per simulation; `alternative`: the plan to compare
    with, by default the same tiers paid the other way.
    """
    if commission is None:
        empty = pd.DataFrame(columns=["member", "sold", "target", "attainment", "payout", "next_rate"])
        none = pd.DataFrame(columns=["attainment"])
        return Pay(None, None, empty, none, pd.DataFrame(columns=["booked", "cost", "other"]))
    other = alternative or other_mode(commission)
    known = targets[targets > 0]
    asked = known.index[known.index.isin(people[_column(commission)])]
    table = earnings(bookings, commission, as_of=as_of, targets=targets, members=asked, starts=starts)
    curve = (
        pay_curve(commission, target=float(known.median()), alternative=other)
        if len(known)
        else pd.DataFrame(columns=["attainment"])
    )
    year = year_cost(table, habits(bookings, commission, as_of=as_of), commission, other, paths=paths)
    left_out = _uncosted(bookings, commission, as_of=as_of, starts=starts)
    return Pay(commission, other, table, curve, year, *left_out, _at_target(table, commission))


def _at_target(table: pd.DataFrame, commission: Commission) -> float | None:
    aims = table["target"][table["target"] > 0]
    if aims.empty or commission.basis != "net_amount":
        return None
    return float(sum(Decimal(str(payout(aim, commission, target=aim))) for aim in aims))


def _uncosted(
    bookings: pd.DataFrame, commission: Commission, *, as_of: pd.Timestamp, starts: int
) -> tuple[int, float]:
    """The year's lines of somebody who earns commission on margin, and whose cost is not known: how many, and their amount."""
    if commission.basis != "margin" or "uncosted" not in bookings:
        return 0, 0.0
    first, _ = fiscal_year(as_of, starts=starts)
    year = bookings[bookings["day"].between(first, as_of) & bookings[_column(commission)].notna()]
    return int(year["uncosted"].sum()), float(year["uncosted_amount"].sum())


def paid_by(commission: Commission | None) -> str:
    """Who is paid: rep or team; rep where there is no commission."""
    return commission.by if commission else "rep"


def earnings(
    bookings: pd.DataFrame,
    commission: Commission,
    *,
    as_of: pd.Timestamp,
    targets: pd.Series,
    members: Iterable[object] = (),
    starts: int = 1,
) -> pd.DataFrame:
    """What has each person or team earned from the fiscal year's first day to `as_of`?

    Input: bookings (day, rep_id, team, net_amount, cost_amount); `targets`: the year's targets by person or team. Output: one
    row per person or team with sales, and per other of `members`: member, sold (the basis), target, attainment (of the year), payout, next_rate (what the next
    unit sold pays), largest payout first. Rows without a person earn nothing. Empty in, empty out.
    """
    first, _ = fiscal_year(as_of, starts=starts)
    year = bookings[bookings["day"].between(first, as_of)]
    sold = _basis(year, commission).groupby(year[_column(commission)]).sum(min_count=1).dropna()
    sold = sold.reindex(sold.index.union(list(members))).fillna(0.0).round(MICRO)
    table = pd.DataFrame({"member": sold.index.astype(object), "sold": sold.to_numpy(dtype=float)})
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


def paid_out(
    bookings: pd.DataFrame,
    commission: Commission | None,
    *,
    as_of: pd.Timestamp,
    targets: pd.Series,
    starts: int = 1,
) -> float:
    """What has the year's commission come to so far, of all together? 0 without one."""
    if commission is None:
        return 0.0
    return float(earnings(bookings, commission, as_of=as_of, targets=targets, starts=starts)["payout"].sum())


def ledger(
    bookings: pd.DataFrame,
    commission: Commission | None,
    *,
    as_of: pd.Timestamp,
    targets: pd.Series,
    starts: int = 1,
) -> pd.DataFrame:
    """What was earned, and taken back, in which month of the year?

    One row per person or team × month with a sale or a return: member, month, sold (the basis), paid: what the year to date pays at the
    month's end less what it paid before, so that a return takes its commission back in the month in which it came, at the rate that it
    had earned; the months sum to the payout to the cent. A return of last year's sale lowers this year's basis. Empty without a commission.
    """
    if commission is None:
        return pd.DataFrame({"member": [], "month": pd.to_datetime([]), "sold": [], "paid": []})
    first, _ = fiscal_year(as_of, starts=starts)
    year = bookings[bookings["day"].between(first, as_of)]
    month = year["day"].dt.to_period("M").dt.to_timestamp().rename("month")
    cells = (
        _basis(year, commission).groupby([year[_column(commission)].rename("member"), month]).sum(min_count=1)
    )
    table = cells.dropna().rename("sold").reset_index().sort_values(["member", "month"], ignore_index=True)
    so_far = table.groupby("member")["sold"].cumsum().round(MICRO)
    aims = [None if pd.isna(aim) else float(aim) for aim in table["member"].map(targets)]
    due = pd.Series(
        [payout(sold, commission, target=aim) for sold, aim in zip(so_far, aims, strict=True)], dtype=float
    )
    before = due.groupby(table["member"]).shift(fill_value=0.0)
    return table.assign(paid=(due - before).round(2))


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """The ledger by month: month, earned (what rose), taken_back (what fell, zero or less), paid (their sum), to the cent."""
    months = rows.assign(earned=rows["paid"].clip(lower=0), taken_back=rows["paid"].clip(upper=0))
    return months.groupby("month")[["earned", "taken_back", "paid"]].sum().round(2).reset_index()


def _basis(rows: pd.DataFrame, commission: Commission) -> pd.Series:
    if commission.basis == "net_amount":
        return rows["net_amount"]
    costed = rows["net_amount"] - rows["uncosted_amount"] if "uncosted_amount" in rows else rows["net_amount"]
    return costed - rows["cost_amount"]  # what a line without a cost brought is not known, and earns nothing


def _column(commission: Commission) -> str:
    return "rep_id" if commission.by == "rep" else "team"


def pay_curve(
    commission: Commission,
    *,
    target: float,
    alternative: Commission | None = None,
    upto: float = 1.6,
    points: int = 161,
) -> pd.DataFrame:
    """How does pay grow with sales? One row per step from 0 to `upto` × `target`: attainment, sold, payout, rate (what the next
    unit pays), and other and other_rate where an `alternative` is given."""
    shares = np.linspace(0, upto, points)
    schemes = {("payout", "rate"): commission} | (
        {("other", "other_rate"): alternative} if alternative is not None else {}
    )
    table = pd.DataFrame({"attainment": shares, "sold": shares * target})
    for (paid, rate), scheme in schemes.items():
        table[paid] = [payout(sold, scheme, target=target) for sold in table["sold"]]
        table[rate] = [marginal_rate(sold, scheme, target=target) for sold in table["sold"]]
    return table


def habits(bookings: pd.DataFrame, commission: Commission, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which part of a month's bookings is whose, in the basis of the commission?

    One row per whole month of the last twelve in which something was booked, one column per person or team: its basis ÷ the
    month's bookings of all. Empty without bookings.
    """
    recent = bookings[bookings["day"].between(months_back(as_of, HABIT_MONTHS), as_of)]
    return month_parts(recent, _column(commission), amounts=_basis(recent, commission))


def year_cost(
    table: pd.DataFrame,
    parts: pd.DataFrame,
    commission: Commission,
    alternative: Commission,
    *,
    paths: np.ndarray,
    seed: int = 0,
) -> pd.DataFrame:
    """What will the year's commission cost, were the forecast's simulated year ends to come?

    `table`: from `earnings`; `parts`: from `habits`; `paths`: simulated bookings of the coming months. Each coming month is
    divided among people, who need not have sold this year, as one of the last twelve months was, drawn anew in each simulation, so
    that some rise and some fall.
    Output: one row per simulation: booked (the coming months together), cost, other (by `alternative`). Empty without people,
    bookings or paths.
    """
    if parts.empty or not paths.size:
        return pd.DataFrame({"booked": [], "cost": [], "other": []}, dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(parts), size=paths.shape)
    known = table.set_index("member")
    members = known.index.union(parts.columns)
    shares = parts.reindex(columns=members).fillna(0.0).to_numpy(dtype=float)[drawn]
    so_far = known["sold"].reindex(members).fillna(0.0).to_numpy(dtype=float)
    ends = so_far + (paths[:, :, None] * shares).sum(axis=1)
    aims = known["target"].reindex(members).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "booked": paths.sum(axis=1),
            "cost": payouts(ends, commission, targets=aims).sum(axis=1),
            "other": payouts(ends, alternative, targets=aims).sum(axis=1),
        }
    )


def cost_by_outcome(year: pd.DataFrame, *, booked: float, target: float | None) -> pd.DataFrame:
    """What does each plan cost in a weak, a middling and a strong year?

    `year`: from `year_cost`; `booked`: the year to date. Output: one row per tenth of the simulated years, weakest first: chance
    (the share of years below its middle), booked (mean year end), attainment (missing without a `target`), cost, other, rate and
    other_rate (cost ÷ booked). Empty in, empty out.
    """
    ends = (year["booked"] + booked).sort_values(kind="stable")
    columns = ["chance", "booked", "attainment", "cost", "other", "rate", "other_rate"]
    tenth = pd.Series((np.arange(len(ends)) * 10) // max(1, len(ends)), index=ends.index)
    table = year.assign(booked=ends, tenth=tenth).groupby("tenth")[["booked", "cost", "other"]].mean()
    table["chance"] = (table.index.to_numpy() + 0.5) / 10
    table["attainment"] = table["booked"] / target if target else float("nan")
    table["rate"], table["other_rate"] = table["cost"] / table["booked"], table["other"] / table["booked"]
    return table.reset_index(drop=True)[columns]


def other_mode(commission: Commission) -> Commission:
    """The same tiers paid the other way: marginal for retroactive, retroactive for marginal."""
    return commission.model_copy(
        update={"mode": "marginal" if commission.mode == "retroactive" else "retroactive"}
    )


def headlines(pay: Pay, *, booked: Figure, withheld: Message | None = None) -> dict[str, Figure]:
    """incentives.payout: Σ commission earned in the year to date; .rate: that / bookings.ytd. `withheld`: why they are not told."""
    table, commission = pay.table, pay.commission
    if withheld is not None:
        reason = withheld
    elif commission is None:
        reason = Message("plan.yml has no commission")
    elif booked.value is None:
        assert booked.reason is not None
        reason = booked.reason
    elif table["sold"].eq(0).all():
        reason = Message("no sales carry a person or team who could earn commission")
    elif (
        commission.unit == "attainment"
        and table["target"].isna().all()
        and any(tier.start > 0 for tier in commission.tiers)
    ):
        reason = Message(
            "commission tiers start at shares of a target, and of nobody here a target of their own is known"
        )
    else:
        total = float(sum((Decimal(str(value)) for value in table["payout"]), Decimal(0)))
        share = (
            Figure(total / float(booked.value))
            if booked.value
            else Figure(None, Message("nothing was booked this year"))
        )
        return {"incentives.payout": Figure(total), "incentives.rate": share}
    return {"incentives.payout": Figure(None, reason), "incentives.rate": Figure(None, reason)}
