"""What does a sprint pay on top of commission, and how much of its pay was earned by orders that were only drawn forward?

A sprint's bonus is due when its bookings reach the stated share of its target; everybody in its squads then gets the stated
amount. Orders that a sprint drew from the month after it earn commission sooner, and may earn a bonus that would not have
been due without them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from salesnb.calendars.periods import closing_days, fiscal_year, month_end, month_start
from salesnb.plan import Commission, Sprint
from salesnb.plan.commission import payout
from salesnb.results.incentives import PulledPay


def members(sprint: Sprint, reps: pd.DataFrame) -> list[str]:
    """Who takes part: the squads' people, without squads everybody; in both cases only who is there on the last day."""
    last = pd.Timestamp(sprint.end)
    here = reps[~(reps["hired_on"] > last) & ~(reps["left_on"] <= last)]["rep_id"]
    named = {person for squad in sprint.squads.values() for person in squad}
    return [rep for rep in here if not named or rep in named]


def of_sprints(
    sprints: Iterable[Sprint],
    bookings: pd.DataFrame,
    reps: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
) -> pd.DataFrame:
    """Which sprints of the fiscal year that are over paid, or missed, their bonus?

    `bookings`, `reps`: of the company. Output: one row per sprint with a bonus: sprint, end, sold, target, attainment, due_at
    (the share that it needs), people, each (the amount a person gets; 0 where missed), bonus (all together), by end. Empty
    without such a sprint.
    """
    first, _ = fiscal_year(as_of, starts=starts)
    columns = ["sprint", "end", "sold", "target", "attainment", "due_at", "people", "each", "bonus"]
    rows = []
    for sprint in sorted(sprints, key=lambda one: (one.end, one.name)):
        if sprint.bonus is None or not sprint.target or not first <= pd.Timestamp(sprint.end) <= as_of:
            continue
        sold = _sold(bookings, sprint)
        people = len(members(sprint, reps))
        each = float(sprint.bonus.amount) if sold >= _due_at(sprint) else 0.0
        reached = sold / sprint.target
        rows.append(
            (
                sprint.name,
                pd.Timestamp(sprint.end),
                sold,
                sprint.target,
                reached,
                sprint.bonus.at,
                people,
                each,
                round(each * people, 2),
            )
        )
    return pd.DataFrame(rows, columns=columns)


def pulled_pay(
    sprint: Sprint | None,
    pulled: float | None,
    bookings: pd.DataFrame,
    reps: pd.DataFrame,
    *,
    days: pd.DataFrame,
    commission: Commission | None,
    targets: pd.Series,
    starts: int = 1,
    country: str | None = None,
) -> PulledPay | None:
    """How much of the pay did orders earn that the sprint only drew from the month after it?

    `pulled`: their amount, from `pull_forward` (None: not known); it is shared among people as they sold on the sprint's last
    five working days (`calendars.closing_days`, in which they were looked for; `days`: day × team × rep_id). `targets`: the year's personal targets; commission by team is shared by team. None without a sprint, an
    amount, or pay that could depend on it.
    """
    if sprint is None or pulled is None or (commission is None and sprint.bonus is None):
        return None
    end = pd.Timestamp(sprint.end)
    column = "team" if commission is not None and commission.by == "team" else "rep_id"
    late = days[days["day"].isin(closing_days(end, country=country))]
    late_sold = late.groupby(column)["net_amount"].sum().clip(lower=0)
    parts = late_sold / late_sold.sum() * pulled if late_sold.sum() > 0 else late_sold
    first, year_end = fiscal_year(end, starts=starts)
    year = bookings[bookings["day"].between(first, end)]
    table = pd.DataFrame({column: parts.index.astype(object), "pulled": parts.to_numpy(dtype=float)})
    table["sooner"] = 0.0
    if commission is not None:
        basis = (
            year["net_amount"]
            if commission.basis == "net_amount"
            else year["net_amount"] - year.get("uncosted_amount", 0.0) - year["cost_amount"]
        )
        sold, net = basis.groupby(year[column]).sum(), year.groupby(column)["net_amount"].sum()
        table["sooner"] = [
            round(
                _pays(sold.get(who, 0.0), commission, targets.get(who))
                - _pays(sold.get(who, 0.0) - part * _yield(sold, net, who), commission, targets.get(who)),
                2,
            )
            for who, part in zip(table[column], table["pulled"].astype(float), strict=True)
        ]
    crosses = month_end(month_start(end) + pd.DateOffset(months=1)) > year_end
    sooner = round(float(table["sooner"].sum()), 2)
    whole = _sold(bookings, sprint)
    due_at = _due_at(sprint) if sprint.bonus else None
    gained = due_at is not None and whole - pulled < due_at <= whole
    bonus = float(sprint.bonus.amount) * len(members(sprint, reps)) if sprint.bonus and gained else 0.0
    ordered = table.sort_values(["sooner", column], ascending=[False, True], ignore_index=True)
    return PulledPay(
        sprint=sprint,
        pulled=float(pulled),
        sooner=sooner,
        kept=sooner if crosses else 0.0,
        bonus=round(bonus, 2),
        sold=whole,
        due_at=due_at,
        table=ordered.rename(columns={column: "member"}),
    )


def _sold(bookings: pd.DataFrame, sprint: Sprint) -> float:
    days = bookings["day"].between(pd.Timestamp(sprint.start), pd.Timestamp(sprint.end))
    return round(float(bookings.loc[days, "net_amount"].sum()), 2)


def _due_at(sprint: Sprint) -> float:
    """The bookings that a sprint's bonus needs, without the noise of floating point."""
    assert sprint.bonus is not None
    assert sprint.target is not None
    return float(Decimal(str(sprint.bonus.at)) * Decimal(str(sprint.target)))


def _pays(sold: float, commission: Commission, target: float | None) -> float:
    return payout(
        float(sold), commission, target=None if target is None or target != target else float(target)
    )


def _yield(sold: pd.Series, net: pd.Series, who: object) -> float:
    """The commission's basis per unit of bookings: 1 for net amounts, the margin's share for margins."""
    booked = float(net.get(who, 0.0))
    return float(sold.get(who, 0.0)) / booked if booked > 0 else 0.0
