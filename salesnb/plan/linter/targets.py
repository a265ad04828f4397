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
from salesnb.plan.spreading import GRAIN_MONTHS, SUMMED, spread_rows, summed_from

NAMES = {"year": Message("year"), "quarter": Message("quarters"), "month": Message("months")}
ROUNDED = 1e-3  # of the company, which handing out in round amounts may add
Sums = dict[tuple[str, str], dict[int, dict[str, tuple[float, int]]]]


def lint_targets(plan: Plan, targets: pd.DataFrame | None) -> Iterator[Message]:
    """Every contradiction of the targets; `targets`: rows of the targets table, None without one."""
    for label, year in sorted(plan.targets.items()):
        yield from _year(plan, label, year)
    if targets is not None and len(targets):
        sums = _sums(plan, targets)
        yield from _starts(plan, targets)
        yield from _grains(sums)
        for label in _labels(plan, targets):
            day = pd.Timestamp(label, plan.fiscal_year_starts, 1)
            spread = spread_rows(targets, as_of=day, starts=plan.fiscal_year_starts)
            yield from _finer(label, sums, spread)
            yield from _parts(plan, label, spread)
    yield from _paid(plan, targets)


def _labels(plan: Plan, targets: pd.DataFrame) -> list[int]:
    """The fiscal years into which rows reach."""
    first = targets["period_start"].dt.year * 12 + targets["period_start"].dt.month - plan.fiscal_year_starts
    last = first + targets["grain"].map(GRAIN_MONTHS).fillna(1) - 1
    return sorted({int(month // 12) for month in (*first.dropna(), *last.dropna())})


def _paid(plan: Plan, targets: pd.DataFrame | None) -> Iterator[Message]:
    """Pay by the share of a target that nobody has."""
    commission = plan.commission
    if (
        commission is None
        or commission.unit != "attainment"
        or not any(one.start for one in commission.tiers)
    ):
        return
    known = set() if targets is None else set(targets["dimension"])
    if (plan.targets or known) and commission.by not in known:
        yield Message(
            "commission: its tiers start at shares of a target, and the targets table hands out none by {dimension}: only what begins at zero is paid",
            dimension=commission.by,
        )


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


def _starts(plan: Plan, targets: pd.DataFrame) -> Iterator[Message]:
    """Years that begin in another month than the fiscal year."""
    rows = targets[targets["grain"] == "year"]
    odd = rows[rows["period_start"].dt.month != plan.fiscal_year_starts]
    if len(odd):
        yield Message(
            "targets: {n:count} rows of a year begin in another month than the fiscal year ({day:date}); their months belong to two years",
            n=len(odd),
            day=odd["period_start"].min(),
        )


def _grains(found: Sums) -> Iterator[Message]:
    """Years, quarters and months of one member that disagree."""
    for (dimension, member), by_year in found.items():
        for label, sums in by_year.items():
            complete = {grain: total for grain, (total, months) in sums.items() if months == 12}
            for (coarse, whole), (fine, parts) in pairwise(complete.items()):
                if abs(whole - parts) >= max(1.0, 1e-9 * abs(whole)):
                    said = {
                        "year": label,
                        "member": member or dimension,
                        "coarse": NAMES[coarse],
                        "fine": NAMES[fine],
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
    """Of each dimension and member, in their order: fiscal year → grain, coarsest first → sum and months covered (of the company by any
    name; a year that begins in another month covers none)."""
    targets = targets[targets["grain"].isin(list(GRAIN_MONTHS))]
    company = targets["dimension"] == "company"
    names = targets.loc[company, "member"].dropna().unique()
    called = names[0] if len(names) == 1 else ""
    targets = targets.assign(member=targets["member"].astype(object).where(~company, called))
    days = targets["period_start"].dt
    label = days.year - (days.month < plan.fiscal_year_starts)
    month, amounts = (days.year * 12 + days.month).to_numpy(), targets["amount"].to_numpy(dtype=float)
    by = [targets["dimension"], targets["member"], label.rename("label"), targets["grain"]]
    order = sorted(GRAIN_MONTHS, key=lambda grain: -GRAIN_MONTHS[grain])  # coarsest first
    groups: dict[Any, Any] = dict(targets.groupby(by, sort=True).indices)
    sums: Sums = {}
    for key in sorted(groups, key=lambda key: (*key[:3], order.index(key[3]))):
        dimension, member, year, grain = key
        rows = groups[key]
        covered = len(set(month[rows])) * GRAIN_MONTHS[grain]
        if grain == "year" and any(month[rows] % 12 != plan.fiscal_year_starts % 12):
            covered = 0
        by_year = sums.setdefault((str(dimension), str(member)), {})
        by_year.setdefault(int(year), {})[grain] = (float(np.nansum(amounts[rows])), covered)
    return sums


def _finer(label: int, found: Sums, spread: pd.DataFrame) -> Iterator[Message]:
    """Finer rows of a few months that hold more than the coarser row of them all, so that the year comes to more than it says."""
    held = spread.groupby(["dimension", "member"])["amount"].sum()
    for (dimension, member), by_year in found.items():
        complete = [one for one in by_year.get(label, {}).items() if one[1][1] == 12]
        key = (dimension, "" if dimension == "company" else member)
        if not complete or key not in held.index:
            continue
        grain, (whole, _) = complete[-1]
        parts = float(held[key])
        if parts - whole >= max(1.0, 1e-9 * abs(whole)):
            yield Message(
                "targets {year}, {member}: with its finer rows it comes to {parts:exact}, {by:exact} more than the {whole:exact} by {coarse}",
                year=label,
                member=member or dimension,
                parts=parts,
                by=parts - whole,
                whole=whole,
                coarse=NAMES[grain],
            )


def company_year(plan: Plan, label: int, spread: pd.DataFrame) -> float | None:
    """The company's year as the headlines read it; None where not every month has a target."""
    months = fiscal_months(pd.Timestamp(label, plan.fiscal_year_starts, 1), starts=plan.fiscal_year_starts)
    source: str | None = "company"
    if not (spread["dimension"] == "company").any():
        year = plan.targets.get(label)
        if year is not None:
            fixed = [amount for month, amount in year.fixed.items() if pd.Timestamp(f"{month}-01") in months]
            held = sum(fixed)
            return held if held > year.amount or len(fixed) == len(months) else year.amount
        source = summed_from(spread, months)
    rows = spread[spread["dimension"] == source]
    return float(rows["amount"].sum()) if set(months) <= set(rows["month"]) else None


def _parts(plan: Plan, label: int, spread: pd.DataFrame) -> Iterator[Message]:
    """Regions, lines, teams and people against the company, and the table against plan.yml."""
    year, company = plan.targets.get(label), company_year(plan, label, spread)
    told = (
        [year] if year else list(plan.targets.values())
    )  # a year that plan.yml does not hold: as in its others
    factor = max([1.0, *(one.over_assignment for one in told)])
    covered = int(spread.loc[spread["dimension"] == "company", "month"].nunique())
    if year and company is None:
        yield Message(
            "targets {year}: the targets table has {n:count} of the company's twelve months and counts; plan.yml's {plan:exact} does not, and the year has no target",
            year=label,
            n=covered,
            plan=year.amount,
        )
    if company is None:
        return
    if year and covered and abs(company - year.amount) >= max(1.0, 1e-9 * company):
        yield Message(
            "targets {year}: the targets table says {table:exact}, plan.yml {plan:exact}; the table counts",
            year=label,
            table=company,
            plan=year.amount,
        )
    for dimension in SUMMED:
        rows = spread[spread["dimension"] == dimension]
        if rows["month"].nunique() < 12:
            continue
        parts, slack = float(rows["amount"].sum()), max(1.0, 1e-6 * company)
        said = {"year": label, "dimension": dimension, "parts": parts, "whole": company}
        if company - parts >= slack:
            yield Message(
                "targets {year}: what is handed out by {dimension} adds up to {parts:exact}, {short:exact} short of the company's {whole:exact}",
                **said,
                short=company - parts,
            )
        elif parts - company * factor >= max(1.0, ROUNDED * company):
            yield Message(
                "targets {year}: what is handed out by {dimension} adds up to {parts:exact}, {over:exact} more than the company's {whole:exact}",
                **said,
                over=parts - company,
            )
