"""What should regions, product lines, teams and people get: from the targets table, else plan.yml, else as last year?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from salesnb.analysis.allocation import split
from salesnb.calendars.periods import ONE_DAY, fiscal_label, fiscal_months, fiscal_year, shares_passed
from salesnb.plan import Plan, YearTarget


def between(bookings: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The rows from `first` to `last`, both days included."""
    return bookings[bookings["day"].between(first, last)]


def last_year(bookings: pd.DataFrame, column: str, *, as_of: pd.Timestamp, starts: int = 1) -> pd.Series:
    """Bookings of the fiscal year before that of `as_of`, by `column`."""
    begins, _ = fiscal_year(as_of, starts=starts)
    first, last = fiscal_year(begins - ONE_DAY, starts=starts)
    return between(bookings, first, last).groupby(column)["net_amount"].sum()


def region_amounts(year: YearTarget, *, last_year: pd.Series | None = None) -> pd.Series:
    """What does each region carry of the year? Empty where plan.yml gives no region a share.

    Regions without a share divide the rest as last year (`last_year`: amounts by region).
    """
    if not year.regions:
        return pd.Series(dtype=float)
    return (
        split(year.amount, _shares(year.regions, {}, last_year))
        if sum(year.regions.values()) <= 1 + 1e-9
        else (pd.Series(year.regions) * year.amount)
    )


def line_amounts(year: YearTarget, *, last_year: pd.Series | None = None) -> pd.Series:
    """What does each product line carry of the year? Shares of plan.yml's mix first; the others divide the rest as last
    year, moved by their expected growth. Empty where plan.yml has neither mix nor growth."""
    if not year.mix and not year.growth:
        return pd.Series(dtype=float)
    return split(year.amount, _shares(year.mix, year.growth, last_year))


def _shares(
    given: Mapping[str, float], growth: Mapping[str, float], last_year: pd.Series | None
) -> pd.Series:
    others = (
        pd.Series(dtype=float)
        if last_year is None
        else last_year.drop(list(given), errors="ignore").clip(lower=0)
    )
    others = others * (1 + others.index.to_series().map(growth).astype(float).fillna(0.0))
    rest = max(0.0, 1 - sum(given.values()))
    # what the named ones leave is somebody's, though nobody sold it last year
    unnamed = pd.Series({"": 1.0}) if rest > 1e-9 else others
    others = others if others.sum() > 0 else unnamed
    scaled = others / others.sum() * rest if rest > 1e-9 else others * 0.0
    return pd.concat([pd.Series(given, dtype=float), scaled])


def margins(
    spread: pd.DataFrame, plan: Plan, bookings: pd.DataFrame, *, as_of: pd.Timestamp
) -> dict[str, pd.Series | None]:
    """What regions and product lines should have booked by `as_of` (of a running month, what is due): from the targets table, else in the proportions of plan.yml;
    None where neither says it. Keys: regions, lines."""
    year = plan.targets.get(fiscal_label(as_of, starts=plan.fiscal_year_starts))
    found: dict[str, pd.Series | None] = {}
    for key, column in (("regions", "region"), ("lines", "product_line")):
        rows = spread[(spread["dimension"] == column) & (spread["month"] <= as_of)]
        share = shares_passed(rows["month"], as_of, country=plan.country)
        known = (rows["amount"] * share).groupby(rows["member"]).sum()
        if known.empty and year is not None:
            before = last_year(bookings, column, as_of=as_of, starts=plan.fiscal_year_starts)
            known = (
                region_amounts(year, last_year=before)
                if key == "regions"
                else line_amounts(year, last_year=before)
            )
        found[key] = known if len(known) else None
    return found


def region_plan(
    plan: Plan,
    bookings: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    kind: str = "company",
    names: Sequence[str] = (),
) -> pd.Series | None:
    """What plan.yml gives each region for the year; None where it gives no shares. `bookings`: the company's.

    In the scope of a region that one alone; in any other scope none, whose sales are only a part of a region's.
    """
    year = plan.targets.get(fiscal_label(as_of, starts=plan.fiscal_year_starts))
    if year is None or not year.regions or kind not in ("company", "region"):
        return None
    amounts = region_amounts(
        year, last_year=last_year(bookings, "region", as_of=as_of, starts=plan.fiscal_year_starts)
    )
    return amounts if kind == "company" else amounts[amounts.index.isin(list(names))]


def year_margins(
    spread: pd.DataFrame, plan: Plan, bookings: pd.DataFrame, *, as_of: pd.Timestamp, kind: str = "company"
) -> dict[str, Any]:
    """What regions, product lines, teams and people should get of the whole year, as `parts.build` takes it.

    `spread` and `bookings`: of the scope, whose `kind` it is. For the company from the targets table, else plan.yml, else in the
    proportions of last year; for a scope in its own proportions of last year, a team's or a person's in one region.
    """
    starts = plan.fiscal_year_starts
    year = plan.targets.get(fiscal_label(as_of, starts=starts))
    months = fiscal_months(as_of, starts=starts)
    tables = {
        str(dimension): rows.pivot_table("amount", "member", "month", aggfunc="sum").reindex(columns=months)
        for dimension, rows in spread.groupby("dimension")
    }
    sold = {
        column: _weights(last_year(bookings, column, as_of=as_of, starts=starts))
        for column in ("region", "product_line")
    }
    found: dict[str, Any] = {
        "regions": sold["region"],
        "lines": sold["product_line"],
        "given": tables.get("rep", pd.DataFrame()).fillna(0.0),
        "over_assignment": year.over_assignment if year else 1.0,
    }
    if kind != "company":
        largest = sold["region"].sort_values(ascending=False)
        return found | ({"regions": largest.head(1)} if kind in {"team", "rep"} else {})
    whole = {name: table for name, table in tables.items() if not table.isna().to_numpy().any()}
    if year is not None:
        planned = (
            region_amounts(year, last_year=sold["region"]),
            line_amounts(year, last_year=sold["product_line"]),
        )
        found |= {
            key: amounts for key, amounts in zip(("regions", "lines"), planned, strict=True) if len(amounts)
        }
        found["fixed"] = {
            (region, line): amount for region, own in year.fixed_parts.items() for line, amount in own.items()
        }
    for key, dimension in (("regions", "region"), ("lines", "product_line"), ("teams", "team")):
        if dimension in whole:
            found[key] = whole[dimension].sum(axis=1)
    return found | {"region_months": whole.get("region")}


def _weights(before: pd.Series) -> pd.Series:
    """Last year's proportions; one part without a name where there was nothing."""
    sold = before.clip(lower=0)
    return sold if sold.sum() > 0 else pd.Series({"": 1.0})
