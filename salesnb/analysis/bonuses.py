"""What does a sprint pay on top of commission, and how much of its pay was earned by orders that were only drawn forward?

A sprint's bonus is due when its bookings reach the stated share of its target; everybody in its squads then gets the stated
amount. Orders that a sprint drew from the month after it earn commission sooner, and may earn a bonus that would not have
been due without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd

from salesnb.analysis.allocation import split, split_with_fixed
from salesnb.calendars.periods import closing_days, fiscal_year, month_end, month_start
from salesnb.plan import Commission, Sprint, SprintBonus
from salesnb.plan.commission import payout
from salesnb.results.incentives import PulledPay


def members(sprint: Sprint, reps: pd.DataFrame) -> list[str]:
    """Who takes part: the squads' people, without squads everybody; in both cases only who is there on the last day."""
    last = pd.Timestamp(sprint.end)
    here = reps[~(reps["hired_on"] > last) & ~(reps["left_on"] <= last)]["rep_id"]
    named = {person for squad in sprint.squads.values() for person in squad}
    return [rep for rep in here if not named or rep in named]


def squad_targets(sprint: Sprint, targets: pd.Series | None = None) -> pd.Series:
    """What should each squad bring of the sprint's target, to the cent? What plan.yml gives it; the others divide the rest as their
    people's year targets (`targets`, by rep_id) stand to each other, without these by heads. Empty without squads."""
    known = pd.Series(dtype=float) if targets is None else targets
    weights = pd.Series(
        {name: float(known.reindex(people).sum()) for name, people in sprint.squads.items()}, dtype=float
    )
    if not (weights > 0).all():
        weights = pd.Series({name: float(len(people)) for name, people in sprint.squads.items()}, dtype=float)
    fixed: dict[object, float] = {squad: float(target) for squad, target in sprint.squad_targets.items()}
    return split_with_fixed(float(sprint.target), weights, fixed=fixed)[0]


def of_sprints(
    sprints: Iterable[Sprint],
    bookings: pd.DataFrame,
    reps: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    targets: pd.Series | None = None,
    own: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Which steps of their bonus did the sprints of the fiscal year that are over pay or miss, and what did each step buy?

    `bookings`, `reps`: of the company; `targets`: the year's by rep_id, for the squads' parts; `own`: sprint → what it brought of itself,
    the habit of quarter ends apart (`sprint_effect`). Output: one row per sprint × step, by end and step: sprint, end, sold, target, attainment, due_at
    (the share that it needs), per, people (who gets it: persons, or squads), each (what the step adds to the amount of the one below; 0 where missed), bonus (all together), bought (of
    the own effect, what lies between the step below and the next; missing where it is not known). Empty without such a sprint.
    """
    first, _ = fiscal_year(as_of, starts=starts)
    columns = ["sprint", "end", "sold", "target", "attainment", "due_at", "per", "people", "each", "bonus", "bought"]  # fmt: skip
    rows = []
    for sprint in sorted(sprints, key=lambda one: (one.end, one.name)):
        if not sprint.bonus or not sprint.target or not first <= pd.Timestamp(sprint.end) <= as_of:
            continue
        sold = _sold(bookings, sprint)
        effect = (own or {}).get(sprint.name)
        bought = _bought(sprint, sold, effect)
        for step, below in _ladder(sprint):
            people = _reached(sprint, step, sold, bookings, reps, targets)
            each = float(Decimal(str(step.amount)) - Decimal(str(below))) if people else 0.0
            rows.append(
                (
                    sprint.name, pd.Timestamp(sprint.end), sold, sprint.target, sold / sprint.target, step.at, step.per,
                    people or (len(members(sprint, reps)) if step.per == "person" else len(sprint.squads)),
                    each, round(each * people, 2), bought.get(_due_at(sprint, step), float("nan")),
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _ladder(sprint: Sprint) -> list[tuple[SprintBonus, float]]:
    """The steps, lowest first, each with the amount of the one below it of its kind."""
    found, below = [], {"person": 0.0, "squad": 0.0}
    for step in sorted(sprint.bonus, key=lambda one: (one.at, one.per)):
        found.append((step, below[step.per]))
        below[step.per] = float(step.amount)
    return found


def _reached(
    sprint: Sprint,
    step: SprintBonus,
    sold: float,
    bookings: pd.DataFrame,
    reps: pd.DataFrame,
    targets: pd.Series | None,
) -> int:
    """To how many a step is paid: everybody where the sprint has reached it, or the squads that have of their own targets."""
    if step.per == "person":
        return len(members(sprint, reps)) if sold >= _due_at(sprint, step) else 0
    days = bookings["day"].between(pd.Timestamp(sprint.start), pd.Timestamp(sprint.end))
    by_rep = bookings[days].groupby("rep_id")["net_amount"].sum()
    aims = squad_targets(sprint, targets)
    return sum(
        round(float(by_rep.reindex(people).sum()), 2)
        >= float(Decimal(str(step.at)) * Decimal(str(aims[name])))
        for name, people in sprint.squads.items()
        if aims[name] > 0
    )


def _bought(sprint: Sprint, sold: float, effect: float | None) -> dict[float, float]:
    """Which part of the sprint's own effect lies in the reach of which step, by what the step needs? From what had been sold without the effect,
    up to what was: each step's reach goes from the step below to its own, the last one's beyond. The parts sum to the effect, one below zero is none."""
    if effect is None or effect != effect:
        return {}
    edges = sorted({_due_at(sprint, step) for step in sprint.bonus})
    without, found, low = sold - max(0.0, effect), {}, float("-inf")
    for edge in edges:
        top = float("inf") if edge == edges[-1] else edge
        found[edge] = round(max(0.0, min(sold, top) - max(without, low)), 2)
        low = edge
    return found


def sprint_commission(
    sprint: Sprint | None, bookings: pd.DataFrame, reps: pd.DataFrame, *, targets: pd.Series
) -> pd.DataFrame:
    """What does a sprint's own commission pay, on top of the year's, on what was sold in it?

    `targets`: the year's by member, in whose proportion members share the sprint's target, at which its tiers start. Output: one
    row per person or team with sales in the sprint: member, sold (the basis), part (of the sprint's target), paid, to the cent, largest first; a person of no squad earns none.
    Empty where the sprint has none.
    """
    commission = None if sprint is None else sprint.commission
    if sprint is None or commission is None:
        return pd.DataFrame({"member": [], "sold": [], "part": [], "paid": []})
    column = "rep_id" if commission.by == "rep" else "team"
    span = bookings["day"].between(pd.Timestamp(sprint.start), pd.Timestamp(sprint.end))
    rows = bookings[span & (bookings["rep_id"].isin(members(sprint, reps)) | (len(sprint.squads) == 0))]
    sold = _amounts(rows, commission).groupby(rows[column]).sum().round(6)
    aims = targets.reindex(sold.index).where(lambda aim: aim > 0)
    parts = split(float(sprint.target), aims.fillna(0.0)) if aims.notna().any() else aims
    paid = [
        payout(float(amount), commission, target=None if part != part or part <= 0 else float(part))
        for amount, part in zip(sold, parts, strict=True)
    ]
    table = pd.DataFrame(
        {"member": sold.index.astype(object), "sold": sold.to_numpy(), "part": parts.to_numpy(), "paid": paid}
    )
    return table.sort_values(["paid", "member"], ascending=[False, True], ignore_index=True)


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
    if sprint is None or pulled is None or (commission is None and not sprint.bonus):
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
        basis = _amounts(year, commission)
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
    gained = [
        (step, below)
        for step, below in _ladder(sprint)
        if step.per == "person" and whole - pulled < _due_at(sprint, step) <= whole
    ]
    each = sum(Decimal(str(step.amount)) - Decimal(str(below)) for step, below in gained)
    bonus = float(each * len(members(sprint, reps)))
    due_at = _due_at(sprint, gained[0][0]) if gained else None
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


def _due_at(sprint: Sprint, step: SprintBonus) -> float:
    """The bookings that a step needs, without the noise of floating point."""
    return float(Decimal(str(step.at)) * Decimal(str(sprint.target)))


def _amounts(rows: pd.DataFrame, commission: Commission) -> pd.Series:
    """What commission is paid on, row by row."""
    if commission.basis == "net_amount":
        return rows["net_amount"]
    return rows["net_amount"] - rows.get("uncosted_amount", 0.0) - rows["cost_amount"]


def _pays(sold: float, commission: Commission, target: float | None) -> float:
    return payout(
        float(sold), commission, target=None if target is None or target != target else float(target)
    )


def _yield(sold: pd.Series, net: pd.Series, who: object) -> float:
    """The commission's basis per unit of bookings: 1 for net amounts, the margin's share for margins."""
    booked = float(net.get(who, 0.0))
    return float(sold.get(who, 0.0)) / booked if booked > 0 else 0.0
