"""Where does the plan contradict itself, in words and money?

`lint` looks at plan.yml, and at the rows of the targets table where they are passed in: parts that do not add up to their
whole, commission that falls or jumps as sales rise, sprints outside the year, squads that share a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from salesnb.calendars import fiscal_months
from salesnb.commission import payout
from salesnb.language import Message
from salesnb.plan import Commission, CommissionTier, Plan, Sprint, YearTarget

GRAIN_MONTHS = {"year": 12, "quarter": 3, "month": 1}
Sums = dict[tuple[str, str], dict[int, dict[str, tuple[float, int]]]]


def lint(plan: Plan, targets: pd.DataFrame | None = None) -> list[Message]:
    """Every contradiction, most general first; empty where the plan adds up.

    `targets`: rows of the targets table (period_start, grain, dimension, member, amount), typed.
    """
    found: list[Message] = []
    for label, year in sorted(plan.targets.items()):
        found += _year(plan, label, year)
    if targets is not None and len(targets):
        found += _grains(plan, targets)
        found += _parts(plan, targets)
    found += _tiers(plan)
    for commission in filter(None, (plan.commission, plan.commission_alternative)):
        found += [message for message in _commission(commission) if message not in found]
    found += _sprints(plan)
    found += _stages(plan)
    return found


def _year(plan: Plan, label: int, year: YearTarget) -> Iterator[Message]:
    months = fiscal_months(pd.Timestamp(label, plan.fiscal_year_starts, 1), starts=plan.fiscal_year_starts)
    names = [f"{month:%Y-%m}" for month in months]
    outside = sorted(set(year.fixed) - set(names))
    if outside:
        yield Message(
            "targets {year}: the fixed months {months:list} lie outside that fiscal year",
            year=label,
            months=outside,
        )
    fixed = sum(amount for month, amount in year.fixed.items() if month in names)
    if fixed > year.amount + 0.004:
        yield Message(
            "targets {year}: the fixed months add up to {sum:exact}, {over:exact} more than the year's {whole:exact}",
            year=label,
            sum=fixed,
            over=fixed - year.amount,
            whole=year.amount,
        )
    elif set(names) <= set(year.fixed) and year.amount - fixed > 0.004:
        yield Message(
            "targets {year}: the twelve fixed months add up to {sum:exact}, {short:exact} short of the year's {whole:exact}",
            year=label,
            sum=fixed,
            short=year.amount - fixed,
            whole=year.amount,
        )
    for setting, shares in (("mix", year.mix), ("regions", year.regions)):
        total = sum(shares.values())
        if total > 1 + 1e-9:
            yield Message(
                "targets {year}: the shares under {setting} add up to {total:share}, {over:exact} more than the whole",
                year=label,
                setting=setting,
                total=total,
                over=(total - 1) * year.amount,
            )
    for region, parts in sorted(year.fixed_parts.items()):
        whole, held = year.amount * year.regions.get(region, 1.0), sum(parts.values())
        if held > whole + 0.004:
            yield Message(
                "targets {year}: the parts fixed in {region} add up to {sum:exact}, {over:exact} more than its {whole:exact}",
                year=label,
                region=region,
                sum=held,
                over=held - whole,
                whole=whole,
            )
    both = sorted(set(year.mix) & set(year.growth))
    if both:
        yield Message(
            "targets {year}: {lines:list} have a share and a growth; the share counts", year=label, lines=both
        )
    if year.over_assignment < 1:
        yield Message(
            "targets {year}: over_assignment {factor:number} hands out {short:exact} less than the company's target",
            year=label,
            factor=year.over_assignment,
            short=(1 - year.over_assignment) * year.amount,
        )


def _grains(plan: Plan, targets: pd.DataFrame) -> Iterator[Message]:
    """Years, quarters and months of one member that disagree."""
    for (dimension, member), by_year in _sums(plan, targets).items():
        for label, sums in by_year.items():
            complete = {grain: total for grain, (total, months) in sums.items() if months == 12}
            for (coarse, whole), (fine, parts) in pairwise(complete.items()):
                if abs(whole - parts) >= max(1.0, 1e-9 * abs(whole)):
                    names = {
                        "year": Message("year"),
                        "quarter": Message("quarters"),
                        "month": Message("months"),
                    }
                    said = {
                        "year": label,
                        "member": member or dimension,
                        "coarse": names[coarse],
                        "fine": names[fine],
                    }
                    if parts < whole:
                        yield Message(
                            "targets {year}, {member}: the {fine} add up to {parts:exact}, {by:exact} short of the {whole:exact} by {coarse}",
                            **said,
                            whole=whole,
                            parts=parts,
                            by=whole - parts,
                        )
                    else:
                        yield Message(
                            "targets {year}, {member}: the {fine} add up to {parts:exact}, {by:exact} more than the {whole:exact} by {coarse}",
                            **said,
                            whole=whole,
                            parts=parts,
                            by=parts - whole,
                        )


def _sums(plan: Plan, targets: pd.DataFrame) -> Sums:
    """Of each dimension and member, in their order: fiscal year → grain, coarsest first → sum and months covered."""
    days = targets["period_start"].dt
    label = days.year - (days.month < plan.fiscal_year_starts)
    month, amounts = (days.year * 12 + days.month).to_numpy(), targets["amount"].to_numpy(dtype=float)
    by = [targets["dimension"], targets["member"], label.rename("label"), targets["grain"]]
    order = list(GRAIN_MONTHS)
    groups: dict[Any, Any] = dict(targets.groupby(by, sort=True).indices)
    sums: Sums = {}
    for key in sorted(groups, key=lambda key: (*key[:3], order.index(key[3]))):
        dimension, member, year, grain = key
        rows = groups[key]
        covered = len(set(month[rows])) * GRAIN_MONTHS[grain]
        by_year = sums.setdefault((str(dimension), str(member)), {})
        by_year.setdefault(int(year), {})[grain] = (float(np.nansum(amounts[rows])), covered)
    return sums


def _parts(plan: Plan, targets: pd.DataFrame) -> Iterator[Message]:
    """Regions, lines, teams and people against the company, and the table against plan.yml."""
    totals: dict[int, dict[str, float]] = {}
    for (dimension, _), by_year in _sums(plan, targets).items():
        for label, sums in by_year.items():
            complete = [total for total, months in sums.values() if months == 12]
            if complete:
                held = totals.setdefault(label, {})
                held[dimension] = held.get(dimension, 0.0) + complete[-1]
    for label, sums_by_dimension in sorted(totals.items()):
        year = plan.targets.get(label)
        company = sums_by_dimension.get("company", year.amount if year else None)
        if company is None:
            continue
        if year and abs(company - year.amount) >= max(1.0, 1e-9 * company):
            yield Message(
                "targets {year}: the targets table says {table:exact}, plan.yml {plan:exact}; the table counts",
                year=label,
                table=company,
                plan=year.amount,
            )
        for dimension in ("region", "team", "rep", "product_line"):
            if dimension in sums_by_dimension and company - sums_by_dimension[dimension] >= max(
                1.0, 1e-6 * company
            ):
                yield Message(
                    "targets {year}: what is handed out by {dimension} adds up to {parts:exact}, {short:exact} short of the company's {whole:exact}",
                    year=label,
                    dimension=dimension,
                    parts=sums_by_dimension[dimension],
                    short=company - sums_by_dimension[dimension],
                    whole=company,
                )


def _tiers(plan: Plan) -> Iterator[Message]:
    tiers = plan.tiers
    for upper, lower, days, more in (
        ("strategic", "core", tiers.strategic.contact_days, tiers.core.contact_days),
        ("core", "potential", tiers.core.contact_days, tiers.potential.contact_days),
        ("potential", "opportunity", tiers.potential.contact_days, tiers.opportunity.contact_days),
    ):
        if days > more:
            yield Message(
                "tiers: {upper} accounts are due every {days:count} days, more rarely than {lower} accounts every {more:count}",
                upper=upper,
                lower=lower,
                days=days,
                more=more,
            )


def _commission(commission: Commission) -> Iterator[Message]:
    tiers = commission.tiers
    starts = [tier.start for tier in tiers]
    if starts != sorted(starts):
        yield Message("commission: the tiers are not in rising order; they are read as if they were")
    for start in sorted({start for start in starts if starts.count(start) > 1}):
        yield Message(
            "commission: more than one tier starts at {start:number}; the later one counts", start=start
        )
    ordered = sorted(tiers, key=lambda tier: tier.start)
    yield from _seams(commission, ordered)
    yield from _unused(commission, ordered)
    if ordered[0].start > 0:
        yield Message(
            "commission: nothing is paid below {start:number}, where the first tier starts",
            start=ordered[0].start,
        )
    for below, above in pairwise(ordered):
        if above.rate < below.rate:
            if commission.mode == "retroactive":
                yield Message(
                    "commission: at {start:number} the rate falls from {high:share} to {low:share} on everything sold: pay falls as sales rise",
                    start=above.start,
                    high=below.rate,
                    low=above.rate,
                )
            else:
                yield Message(
                    "commission: from {start:number} on the rate falls from {high:share} to {low:share}: more sales pay less each",
                    start=above.start,
                    high=below.rate,
                    low=above.rate,
                )
        elif commission.mode == "retroactive" and above.rate > below.rate and above.start > 0:
            jump = (above.rate - below.rate) * above.start
            if commission.unit == "amount":
                yield Message(
                    "commission: a cliff at {start:exact}: one sale more pays {jump:exact} at once",
                    start=above.start,
                    jump=jump,
                )
            else:
                yield Message(
                    "commission: a cliff at {start:percent} of target: one sale more pays {jump:share} of the target at once",
                    start=above.start,
                    jump=jump,
                )
    if commission.cap is None and any(tier.rate > 0 for tier in tiers):
        yield Message("commission: there is no cap; what the plan can cost is not limited")


def _where(commission: Commission, start: float) -> Message:
    """Where a tier begins or ends, in money or of the target."""
    if commission.unit == "amount":
        return Message("{start:exact}", start=start)
    return Message("{start:percent} of target", start=start)


def _seams(commission: Commission, ordered: list[CommissionTier]) -> Iterator[Message]:
    """Holes and overlaps between tiers that say where they end, and a last tier that ends."""
    for below, above in pairwise(ordered):
        if below.to is not None and below.to < above.start:
            yield Message(
                "commission: a gap from {end} to {start}, where no tier pays; the tier below is read as going on",
                end=_where(commission, below.to),
                start=_where(commission, above.start),
            )
        elif below.to is not None and below.to > above.start:
            yield Message(
                "commission: two tiers overlap from {start} to {end}; the upper one counts",
                start=_where(commission, above.start),
                end=_where(commission, below.to),
            )
    if ordered[-1].to is not None:
        yield Message(
            "commission: the last tier ends at {end}, and nothing is said for more; it is read as going on",
            end=_where(commission, ordered[-1].to),
        )


def _unused(commission: Commission, ordered: list[CommissionTier]) -> Iterator[Message]:
    """Tiers that change nothing: the same rate as the one below, or a start beyond where the cap is reached."""
    for below, above in pairwise(ordered):
        if above.rate == below.rate:
            yield Message(
                "commission: the tier from {start} pays the {rate:share} of the tier below; it changes nothing",
                start=_where(commission, above.start),
                rate=above.rate,
            )
        elif (
            commission.cap is not None
            and commission.unit == "amount"
            and payout(
                above.start,
                commission.model_copy(
                    update={"cap": None, "tiers": [tier for tier in ordered if tier.start < above.start]}
                ),
            )
            >= commission.cap
        ):
            yield Message(
                "commission: the tier from {start} is never paid: the cap of {cap:exact} is reached before",
                start=_where(commission, above.start),
                cap=commission.cap,
            )


def _sprints(plan: Plan) -> Iterator[Message]:
    for sprint in plan.sprints:
        for label, year in plan.targets.items():
            months = fiscal_months(
                pd.Timestamp(label, plan.fiscal_year_starts, 1), starts=plan.fiscal_year_starts
            )
            first, after = months[0].date(), (months[-1] + pd.DateOffset(months=1)).date()
            if first <= sprint.start < after and sprint.end >= after:
                yield Message(
                    "sprint {name}: it ends on {end:date}, after the fiscal year {year}",
                    name=sprint.name,
                    end=sprint.end,
                    year=label,
                )
            if first <= sprint.start < after and sprint.target > year.amount:
                yield Message(
                    "sprint {name}: its target {target:exact} is more than the year's {whole:exact}",
                    name=sprint.name,
                    target=sprint.target,
                    whole=year.amount,
                )
        if plan.targets and not any(
            _in_year(sprint.start, label, plan.fiscal_year_starts) for label in plan.targets
        ):
            yield Message(
                "sprint {name}: it starts on {start:date}, in a year without a target",
                name=sprint.name,
                start=sprint.start,
            )
        yield from _squads(sprint)
    for first_sprint, second in pairwise(sorted(plan.sprints, key=lambda sprint: sprint.start)):
        if second.start <= first_sprint.end:
            yield Message(
                "sprints {first} and {second} overlap from {start:date}",
                first=first_sprint.name,
                second=second.name,
                start=second.start,
            )


def _in_year(day: dt.date, label: int, starts: int) -> bool:
    return (day.year if day.month >= starts else day.year - 1) == label


def _squads(sprint: Sprint) -> Iterator[Message]:
    members = [person for squad in sprint.squads.values() for person in squad]
    for person in sorted({person for person in members if members.count(person) > 1}):
        yield Message("sprint {name}: {person} is in more than one squad", name=sprint.name, person=person)
    if sprint.squads and not sprint.target:
        yield Message("sprint {name}: it has squads but a target of zero", name=sprint.name)


def _stages(plan: Plan) -> Iterator[Message]:
    if not plan.stages:
        return
    for setting, named in (("required_fields", plan.required_fields), ("checklists", plan.checklists)):
        for stage in sorted(set(named) - set(plan.stages)):
            yield Message(
                "{setting}: the stage {stage} is not among the stages {stages:list}",
                setting=setting,
                stage=stage,
                stages=plan.stages,
            )
