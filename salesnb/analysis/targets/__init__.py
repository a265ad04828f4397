"""What has been promised for the year, what has come in, and what must come in from now?

Targets come from the rows of the targets table that name the scope; where it says nothing, from plan.yml's amount, spread
over the months by the chosen shape. Everything below the year is a sum of months, everything below the month of working days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from salesnb.analysis.allocation import split, split_with_fixed
from salesnb.analysis.targets import lines as lines
from salesnb.analysis.targets.margins import between as between
from salesnb.analysis.targets.margins import last_year as last_year
from salesnb.analysis.targets.margins import line_amounts as line_amounts
from salesnb.analysis.targets.margins import margins as margins
from salesnb.analysis.targets.margins import region_amounts as region_amounts
from salesnb.analysis.targets.margins import region_plan as region_plan
from salesnb.analysis.targets.margins import year_margins as year_margins
from salesnb.calendars.periods import (
    fiscal_label,
    fiscal_months,
    fiscal_year,
    month_end,
    month_ends,
    month_passed,
    month_start,
    months_back,
    shares_passed,
    working_days,
    year_before,
)
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.plan import Plan
from salesnb.plan.spreading import spread_rows as spread_rows
from salesnb.plan.spreading import summed_from as summed_from

NO_ORDERS = Message("no orders and no opportunities in the data")


def monthly(bookings: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """What was booked in each calendar month, from the first one with a row to that of `as_of`?

    Input: one row per day (or finer) with day and net_amount. Output: net amount by month start, zero where nothing was
    booked, returns deducted; empty for an empty frame.
    """
    if bookings.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([], name="month"), name="net_amount")
    months = bookings["day"].dt.to_period("M").dt.to_timestamp()
    span = pd.date_range(months.min(), month_start(as_of), freq="MS", name="month")
    return bookings.groupby(months)["net_amount"].sum().reindex(span, fill_value=0.0).rename_axis("month")


def spreads(targets: pd.DataFrame, days: Sequence[pd.Timestamp], *, starts: int = 1) -> list[pd.DataFrame]:
    """`spread_rows` at each of the days, once for each fiscal year."""
    years = {fiscal_label(day, starts=starts): day for day in days}
    found = {label: spread_rows(targets, as_of=day, starts=starts) for label, day in years.items()}
    return [found[fiscal_label(day, starts=starts)] for day in days]


def from_rows(
    spread: pd.DataFrame, *, dimension: str, names: Sequence[str], months: pd.DatetimeIndex
) -> pd.Series | None:
    """The twelve months of one scope, from `spread_rows`; NaN where a month has no target, None where no row names the scope.

    `names` are the member's possible names (its id and its name); the company needs none.
    """
    rows = spread[spread["dimension"] == dimension]
    if dimension != "company":
        rows = rows[rows["member"].isin(list(names))]
    if rows.empty:
        return None
    return rows.groupby("month")["amount"].sum().reindex(months)


def company_source(rows: pd.DataFrame, plan: Plan, *, as_of: pd.Timestamp) -> str | None:
    """Whose targets the company's is a sum of this year: as `summed_from`; None where it has its own, or none at all."""
    spread = spread_rows(rows, as_of=as_of, starts=plan.fiscal_year_starts)
    own = fiscal_label(as_of, starts=plan.fiscal_year_starts) in plan.targets
    if own or (spread["dimension"] == "company").any():
        return None
    return summed_from(spread, fiscal_months(as_of, starts=plan.fiscal_year_starts))


def due(months: pd.Series, *, as_of: pd.Timestamp, country: str | None = None) -> float:
    """What of the monthly targets is due by `as_of`: a running month's by the share of its working days passed. NaN where a
    month that has begun has none."""
    share = shares_passed(pd.DatetimeIndex(months.index), as_of, country=country)
    return float((months * share)[share > 0].sum(skipna=False))


def from_plan(
    plan: Plan,
    weights: pd.Series,
    *,
    as_of: pd.Timestamp,
    region: str | None = None,
    line: str | None = None,
    last_year: pd.Series | None = None,
) -> pd.Series | None:
    """The twelve months that plan.yml gives the company, one of its regions or product lines, to the cent; None where it says nothing.

    `weights`: the shape of the months; months that the plan fixes stay. `last_year`: bookings by region (by product line), by
    which those without a share of their own divide what the named ones leave.
    """
    year = plan.targets.get(fiscal_label(as_of, starts=plan.fiscal_year_starts))
    if year is None:
        return None
    fixed: dict[object, float] = {pd.Timestamp(f"{month}-01"): amount for month, amount in year.fixed.items()}
    months, _ = split_with_fixed(year.amount, weights, fixed=fixed)
    part = region or line
    if part is None:
        return months
    amounts = (region_amounts if line is None else line_amounts)(year, last_year=last_year)
    return split(amounts[part], months) if part in amounts.index else None


def scope_months(
    rows: pd.DataFrame,
    plan: Plan,
    weights: pd.Series,
    *,
    as_of: pd.Timestamp,
    company: pd.DataFrame,
    kind: str = "company",
    names: Sequence[str] = (),
) -> pd.Series | None:
    """The scope's twelve monthly targets: from the targets table where it names the scope in this fiscal year, else from
    plan.yml, the company's else from those of its parts (`summed_from`); None where none does. `rows`: the targets table; `company`: the company's bookings, by whose regions of last year
    those divide the rest that plan.yml gives no share; the others as in `from_rows` and `from_plan`."""
    spread = spread_rows(rows, as_of=as_of, starts=plan.fiscal_year_starts)
    months = fiscal_months(as_of, starts=plan.fiscal_year_starts)
    given = from_rows(spread, dimension=kind, names=names, months=months)
    if given is not None:
        return given
    if kind not in {"company", "region", "product_line"}:
        return None
    by = "region" if kind == "company" else kind
    before = last_year(company, by, as_of=as_of, starts=plan.fiscal_year_starts)
    part = {} if kind == "company" else {"line" if kind == "product_line" else "region": names[0]}
    planned = from_plan(plan, weights, as_of=as_of, last_year=before, **part)
    parts = summed_from(spread, months) if planned is None and kind == "company" else None
    if parts is None:
        return planned
    return spread[spread["dimension"] == parts].groupby("month")["amount"].sum().reindex(months)


def trail(
    bookings: pd.DataFrame,
    rows: pd.DataFrame,
    plan: Plan,
    months: pd.Series | None,
    *,
    as_of: pd.Timestamp,
    kind: str = "company",
    names: Sequence[str] = (),
    has_orders: bool = True,
) -> dict[str, list[tuple[pd.Timestamp, float | None]]]:
    """The last thirteen month ends of bookings and attainment, for the headlines (the first is a year ago): key → (day, value) oldest first.

    Earlier fiscal years are measured against the targets table alone.
    """
    keys = ("bookings.month", "bookings.ytd", "attainment.month", "attainment.ytd")
    history: dict[str, list[tuple[pd.Timestamp, float | None]]] = {key: [] for key in keys}
    starts = plan.fiscal_year_starts
    ends = month_ends(as_of, 13)
    for end, spread in zip(ends, spreads(rows, ends, starts=starts), strict=True):
        own = fiscal_label(end, starts=starts) == fiscal_label(as_of, starts=starts)
        then = from_rows(spread, dimension=kind, names=names, months=fiscal_months(end, starts=starts))
        booked = bookings[bookings["day"] <= end]
        known = has_orders and len(booked) > 0
        figures = headlines(
            booked,
            months if own else then,
            as_of=end,
            starts=starts,
            country=plan.country,
            has_orders=known,
        )
        for key in keys:
            value = figures[key].value
            history[key].append((end, None if value is None else float(value)))
    return history


def headlines(
    bookings: pd.DataFrame,
    months: pd.Series | None,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
    has_orders: bool = True,
) -> dict[str, Figure]:
    """Bookings, targets, attainment and the need per working day, as metrics.json has them.

    `bookings`: one row per day or finer, of the scope; `months`: the scope's twelve monthly targets, or None.
    bookings.month and .ytd: Σ net_amount in the report month and from the fiscal year's first day to `as_of`;
    .prior_ytd: the same span a year before, none where the data begin after its first month. target.*: Σ of the months, in
    .ytd what of them is `due`; none unless each is covered. attainment = bookings / target due. required = max(0, target.year −
    bookings.ytd) / working days left.
    """
    first, last = fiscal_year(as_of, starts=starts)
    booked = {
        "month": float(between(bookings, months_back(as_of, 1), as_of)["net_amount"].sum()),
        "ytd": float(between(bookings, first, as_of)["net_amount"].sum()),
    }
    figures = {
        f"bookings.{span}": Figure(value) if has_orders else Figure(None, NO_ORDERS)
        for span, value in booked.items()
    }
    then, until = year_before(first), year_before(as_of)
    prior = between(bookings, then, until)
    begins = bookings["day"].min() if len(bookings) else None
    known = has_orders and begins is not None and begins <= month_end(then)
    figures["bookings.prior_ytd"] = (
        Figure(float(prior["net_amount"].sum())) if known else Figure(None, _no_prior(begins, has_orders))
    )
    for span, days in (
        ("year", (first, last)),
        ("month", (month_start(as_of), as_of)),
        ("ytd", (first, as_of)),
    ):
        figures[f"target.{span}"] = _target(months, *days)
    if months is not None and figures["target.ytd"].value is not None:
        figures["target.ytd"] = Figure(due(months, as_of=as_of, country=country))
    for span, share in (("month", month_passed(as_of, country=country)), ("ytd", 1.0)):
        figures[f"attainment.{span}"] = _attainment(
            figures[f"bookings.{span}"], figures[f"target.{span}"], share
        )
    left = len(working_days(as_of + pd.Timedelta(days=1), last, country=country))
    figures["required.per_working_day"] = _required(figures["target.year"], figures["bookings.ytd"], left)
    return figures


def _target(months: pd.Series | None, first: pd.Timestamp, last: pd.Timestamp) -> Figure:
    if months is None:
        return Figure(
            None, Message("neither the targets table nor plan.yml has a target for this scope and year")
        )
    needed = months[(months.index >= first) & (months.index <= last)]
    if needed.isna().any():
        return Figure(
            None,
            Message(
                "the targets leave months of the year open: {n:count} without one", n=int(needed.isna().sum())
            ),
        )
    return Figure(float(needed.sum()))


def _attainment(booked: Figure, target: Figure, share: float) -> Figure:
    if booked.value is None or target.value is None:
        return Figure(None, booked.reason or target.reason)
    if not float(target.value):
        return Figure(None, Message("the target is zero"))
    if not share:
        return Figure(None, Message("no working day of the month has passed yet"))
    return Figure(float(booked.value) / (float(target.value) * share))


def _required(target: Figure, booked: Figure, left: int) -> Figure:
    if booked.value is None or target.value is None:
        return Figure(None, booked.reason or target.reason)
    if left == 0:
        return Figure(None, Message("no working day is left in the fiscal year"))
    return Figure(max(0.0, float(target.value) - float(booked.value)) / left)


def _no_prior(begins: pd.Timestamp | None, has_orders: bool) -> Message:
    if not has_orders:
        return NO_ORDERS
    if begins is None:
        return Message("no orders in the data")
    return Message("the data begin on {day:date}, after that span does", day=begins)


def month_before(
    trail: Mapping[str, Sequence[tuple[pd.Timestamp, float | None]]], key: str, *, starts: int = 1
) -> float | None:
    """The value of the month before in `trail`; None in the first month of a fiscal year, whose numbers begin anew."""
    points = trail[key]
    return None if len(points) < 2 or points[-1][0].month == starts else points[-2][1]


def yardsticks(
    bookings: pd.DataFrame,
    months: pd.Series | None,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
) -> dict[str, list[tuple[pd.Timestamp, float | None]]]:
    """What are the month and the year held against, beside the headlines? key → [(day, value)].

    month.due: what of the month's target is due by `as_of`; bookings.month_prior: what its same days brought a year before;
    bookings.year_prior: what the whole last fiscal year brought. None where there is no target, or the data begin after the
    first month of the span.
    """
    first = month_start(as_of)
    aim = None if months is None else float(months.get(first, np.nan))
    due = None if aim is None or aim != aim else aim * month_passed(as_of, country=country)
    begun = bookings["day"].min() if len(bookings) else pd.NaT

    def booked(span: tuple[pd.Timestamp, pd.Timestamp]) -> float | None:
        known = bool(begun <= month_end(span[0]))
        return float(between(bookings, *span)["net_amount"].sum()) if known else None

    month = (year_before(first), year_before(as_of))
    year = fiscal_year(year_before(as_of), starts=starts)
    found = {"month.due": due, "bookings.month_prior": booked(month), "bookings.year_prior": booked(year)}
    return {key: [(as_of, value)] for key, value in found.items()}


def asked_shape(plan: Plan, *, as_of: pd.Timestamp) -> str:
    """The shape that plan.yml asks for this year; even where it says nothing."""
    year = plan.targets.get(fiscal_label(as_of, starts=plan.fiscal_year_starts))
    return year.shape if year else "even"


def fixed_months(plan: Plan, rows: pd.DataFrame, *, as_of: pd.Timestamp) -> list[pd.Timestamp]:
    """The months of the fiscal year that plan.yml fixes; none where the targets table says the company's months."""
    year = plan.targets.get(fiscal_label(as_of, starts=plan.fiscal_year_starts))
    spread = spread_rows(rows, as_of=as_of, starts=plan.fiscal_year_starts)
    if year is None or (spread["dimension"] == "company").any():
        return []
    return [pd.Timestamp(f"{month}-01") for month in sorted(year.fixed)]
