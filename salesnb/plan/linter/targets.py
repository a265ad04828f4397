"""Do the targets of plan.yml and of the targets table add up to their wholes? Told in words and money by `plan.linter`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from salesnb.calendars.periods import fiscal_months
from salesnb.language import Message
from salesnb.plan import Plan, YearTarget

GRAIN_MONTHS = {"year": 12, "quarter": 3, "month": 1}
Sums = dict[tuple[str, str], dict[int, dict[str, tuple[float, int]]]]


def lint_targets(plan: Plan, targets: pd.DataFrame | None) -> Iterator[Message]:
    """Every contradiction of the targets; `targets`: rows of the targets table, None without one."""
    for label, year in sorted(plan.targets.items()):
        yield from _year(plan, label, year)
    if targets is not None and len(targets):
        yield from _grains(plan, targets)
        yield from _parts(plan, targets)


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
