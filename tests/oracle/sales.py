"""Bookings, targets, what is still needed, and commission."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from salesnb.calendars.periods import fiscal_year, working_days
from tests.oracle.tables import Seen

DAY = pd.Timedelta(days=1)


def monthly_targets(seen: Seen, dimension: str, members: set) -> dict[pd.Timestamp, float]:
    """month → target of one member in the fiscal year: its own row, else of what the quarter leaves, else of what the year leaves."""
    start, end = fiscal_year(seen.as_of, starts=seen.plan.fiscal_year_starts)
    rows = seen.rows("targets")
    rows = rows[rows["dimension"] == dimension]
    if dimension != "company":
        rows = rows[rows["member"].isin(members)]
    known: dict[pd.Timestamp, float] = {}
    for grain, length in (("month", 1), ("quarter", 3), ("year", 12)):
        fresh: dict[pd.Timestamp, float] = {}
        for row in rows[rows["grain"] == grain].itertuples():
            first = row.period_start.replace(day=1)
            its = [first + pd.DateOffset(months=step) for step in range(length)]
            still = [month for month in its if month not in known]
            left = max(0.0, row.amount - sum(known[month] for month in its if month in known))
            for month in still:
                fresh[month] = fresh.get(month, 0) + left / len(still)
        known |= fresh
    return {month: amount for month, amount in known.items() if start <= month <= end}


def _summed(seen: Seen) -> dict[pd.Timestamp, float]:
    """The sum of the regions' rows, else the teams', the people's, the product lines': the first that cover the year."""
    start, end = fiscal_year(seen.as_of, starts=seen.plan.fiscal_year_starts)
    rows = seen.rows("targets")
    for dimension in ("region", "team", "rep", "product_line"):
        total: dict[pd.Timestamp, float] = {}
        for member in rows.loc[rows["dimension"] == dimension, "member"].unique():
            for month, amount in monthly_targets(seen, dimension, {member}).items():
                total[month] = total.get(month, 0) + amount
        if set(pd.date_range(start, end, freq="MS")) <= set(total):
            return total
    return {}


def passed(seen: Seen, month: pd.Timestamp) -> float:
    """The share of a month's working days up to as_of."""
    end = month + pd.offsets.MonthEnd(0)
    if end <= seen.as_of:
        return 1.0
    whole = len(working_days(month, end, country=seen.plan.country))
    so_far = len(working_days(month, seen.as_of, country=seen.plan.country))
    return so_far / whole if whole else seen.as_of.day / end.day


def _of_plan(own: Seen, company: Seen) -> dict[pd.Timestamp, float]:
    """plan.yml's year, even over the months that it does not fix; a region's share of it. Other shapes are not done here."""
    start, end = fiscal_year(own.as_of, starts=own.plan.fiscal_year_starts)
    year = own.plan.targets.get(start.year)
    kinds = {"region": "regions", "product_line": "mix"}
    if year is None or (own.scope and own.scope.kind not in kinds):
        return {}
    assert year.shape == "even", "the oracle spreads evenly"
    share = 1.0
    if own.scope:
        shares = getattr(year, kinds[own.scope.kind])
        if own.scope.member not in shares:
            return {}
        share = shares[own.scope.member]
    months = pd.date_range(start, end, freq="MS")
    fixed = {pd.Timestamp(f"{month}-01"): amount for month, amount in year.fixed.items()}
    rest = (year.amount - sum(fixed.values())) / (12 - len(fixed))
    return {month: share * fixed.get(month, rest) for month in months}


def bookings(own: Seen, company: Seen) -> dict[str, float | None]:
    as_of, plan = own.as_of, own.plan
    start, end = fiscal_year(as_of, starts=plan.fiscal_year_starts)
    result: dict[str, float | None] = dict.fromkeys(("bookings.month", "bookings.ytd", "bookings.prior_ytd"))
    if own.orders is not None:
        day, year = own.orders["ordered_on"], pd.DateOffset(years=1)
        whole = as_of == as_of + pd.offsets.MonthEnd(0)
        until = as_of - year + pd.offsets.MonthEnd(0) if whole else as_of - year

        def span(first, last):
            return float(own.orders.loc[(day >= first) & (day <= last), "net_amount"].sum())

        result["bookings.month"], result["bookings.ytd"] = (
            span(as_of.replace(day=1), as_of),
            span(start, as_of),
        )
        if len(day) and day.min() <= start - year + pd.offsets.MonthEnd(0):
            result["bookings.prior_ytd"] = span(start - year, until)
    names = {own.scope.name, own.scope.member} if own.scope else set()
    months = monthly_targets(own, own.scope.kind if own.scope else "company", names) or _of_plan(own, company)
    months = months or ({} if own.scope else _summed(own))
    for key, first, last in (
        ("year", start, end),
        ("month", as_of.replace(day=1), as_of),
        ("ytd", start, as_of),
    ):
        asked = pd.date_range(first, last, freq="MS")
        covered = months and all(month in months for month in asked)
        due = {month: passed(own, month) if key == "ytd" else 1.0 for month in asked}
        result[f"target.{key}"] = (
            float(sum(months[month] * due[month] for month in asked)) if covered else None
        )
    for key, share in (("month", passed(own, as_of.replace(day=1))), ("ytd", 1.0)):
        booked, target = result[f"bookings.{key}"], result[f"target.{key}"]
        result[f"attainment.{key}"] = (
            booked / target / share if booked is not None and target and share else None
        )
    left = len(working_days(as_of + DAY, end, country=plan.country))
    target, booked = result["target.year"], result["bookings.ytd"]
    needed = left and target is not None and booked is not None
    result["required.per_working_day"] = max(0.0, target - booked) / left if needed else None
    return result


def incentives(own: Seen, company: Seen) -> dict[str, float | None]:
    """Each person's (or team's) year to date through the tiers, whose starts are shares of the year's target."""
    nothing = dict.fromkeys(("incentives.payout", "incentives.rate"))
    scheme = own.plan.commission
    if scheme is None or own.orders is None:
        return nothing
    start, _ = fiscal_year(own.as_of, starts=own.plan.fiscal_year_starts)
    year = own.orders[own.orders["ordered_on"] >= start]
    amount = year["net_amount"] - (year["cost_amount"] if scheme.basis == "margin" else 0)
    reps = company.rows("reps")
    names = dict(zip(reps["rep_id"], reps["rep_name"], strict=True))
    teams = dict(zip(reps["rep_id"], reps["team"], strict=True))
    payee = year["rep_id"] if scheme.by == "rep" else year["rep_id"].map(teams)
    sold = amount.groupby(payee).sum(min_count=1).dropna()
    alone = own.scope is not None and own.scope.kind in ("region", "team") and len(sold) < 2
    unpaid = own.scope is not None and own.scope.kind not in ("region", "team", "rep")
    if sold.empty or alone or unpaid:  # the sum of one person's pay is that person's
        return nothing
    theirs = _wholly(own, company, by=scheme.by)
    paid, anybody = Fraction(0), False
    for member, basis in sold.items():
        held = own.scope is None or member in theirs  # the whole of a target is not asked of a part
        months = monthly_targets(company, scheme.by, {member, names.get(member, member)}) if held else {}
        target = sum(months.values()) if months else None
        anybody |= target is not None
        due = _pay(Fraction(basis), scheme, None if target is None else Fraction(target))
        paid += Fraction(int(due * 100 + Fraction(1, 2)), 100)
    if scheme.unit == "attainment" and not anybody and any(tier.start > 0 for tier in scheme.tiers):
        return nothing
    booked = float(year["net_amount"].sum())
    return {"incentives.payout": float(paid), "incentives.rate": float(paid) / booked if booked else None}


def _wholly(own: Seen, company: Seen, *, by: str) -> set:
    """The people or teams that are known to be the scope's alone."""
    people, everyone = own.rows("reps"), company.rows("reps")
    if by == "rep":
        return {*people["rep_id"], *([own.scope.member] if own.scope and own.scope.kind == "rep" else [])}
    return set(people["team"]) - set(everyone.loc[~everyone["rep_id"].isin(people["rep_id"]), "team"])


def _pay(sold: Fraction, scheme, target: Fraction | None) -> Fraction:
    unit = Fraction(1) if scheme.unit == "amount" else target
    steps = [
        (Fraction(0) if tier.start == 0 else Fraction(str(tier.start)) * unit, Fraction(str(tier.rate)))
        for tier in sorted(scheme.tiers, key=lambda tier: tier.start)
        if tier.start == 0 or unit
    ]
    if scheme.mode == "retroactive":
        earned = max(sold, Fraction(0)) * next(
            (rate for at, rate in reversed(steps) if sold >= at), Fraction(0)
        )
    else:
        ends = [at for at, _ in steps[1:]] + [None]
        earned = sum(
            (
                max(Fraction(0), (sold if end is None else min(sold, end)) - at) * rate
                for (at, rate), end in zip(steps, ends, strict=True)
            ),
            Fraction(0),
        )
    return earned if scheme.cap is None else min(earned, Fraction(str(scheme.cap)))
