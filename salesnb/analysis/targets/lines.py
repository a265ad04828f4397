"""Which product lines move away from the plan's mix and growth, and what does that mean for the year?

A line's gap has two parts that sum to it: that the company as a whole sold less or more than planned (at the plan's mix), and
that the line's share of what was sold is another than planned. The second is held against chance: the error of a share is that of a ratio
of sums over independent order days (Cochran 1977, Sampling Techniques, 2.11).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t as student

from salesnb.analysis.allocation import month_parts, split
from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import FALSE_ALARM, beyond_noise
from salesnb.analysis.targets.margins import between, last_year, line_amounts
from salesnb.calendars.periods import (
    fiscal_label,
    fiscal_months,
    fiscal_year,
    month_end,
    months_back,
    shares_passed,
    year_before,
)
from salesnb.findings import Finding
from salesnb.plan import Plan
from salesnb.results.targets import LinePath

FORECAST = (0.1, 0.5, 0.9)  # of the simulated year ends
HISTORY = 12  # months, as one of which a coming month may be divided among the lines
SEASONS = 3  # years before, from which the season of a line is told
FEWEST_DAYS = 20  # order days, from which a share's error can be told
PARTS = ["product_line", "quarter", "due", "actual", "gap", "share_due", "share", "points", "growth_due", "growth"]  # fmt: skip


def line_months(
    spread: pd.DataFrame,
    plan: Plan,
    months: pd.Series | None,
    bookings: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    kind: str = "company",
) -> pd.DataFrame | None:
    """What should each product line book in each month of the fiscal year? One row per line, one column per month.

    The lines' own rows of the targets table (`spread`) where they cover every month; else plan.yml's mix and growth of the
    scope's `months`. None where neither says it, or where the scope (`kind`) is not the company: nobody said what lines are to bring there.
    """
    if kind != "company":
        return None
    year = fiscal_months(as_of, starts=plan.fiscal_year_starts)
    rows = spread[spread["dimension"] == "product_line"]
    given = rows.pivot_table("amount", "member", "month", aggfunc="sum").reindex(columns=year)
    asked = plan.targets.get(fiscal_label(as_of, starts=plan.fiscal_year_starts))
    if given.empty or given.isna().to_numpy().any():
        if months is None or months.isna().any() or asked is None:
            return None
        before = last_year(bookings, "product_line", as_of=as_of, starts=plan.fiscal_year_starts)
        amounts = line_amounts(asked, last_year=before)
        amounts = amounts[amounts > 0]
        if amounts.empty:
            return None
        given = pd.DataFrame({month: split(float(amount), amounts) for month, amount in months.items()})
        given = given.reindex(columns=year)
    return given.rename_axis(index="product_line")


def path(
    lines: pd.DataFrame | None,
    bookings: pd.DataFrame,
    lumps: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
    paths: np.ndarray | None = None,
) -> LinePath:
    """Share and growth of each product line, expected against actual, to date and by quarter, and where its year will end.

    `lines`: from `line_months`; `bookings`: rows with day, product_line, net_amount; `lumps`: the same by order day and person (day, rep_id);
    `paths`: simulated bookings of the fiscal year's coming months, one row per simulation, each month divided among lines as one
    of the last twelve was.
    Out, by line, largest shortfall first: due, actual, gap (actual − due), level and mix (its two parts, in money), share_due,
    share, points (share − share_due) with low, high (95%) and p_value, growth_due and growth (missing where the year before is not in the data
    or sold nothing), target (the year's), ends with ends_low and ends_high (80%), year_gap (ends − target), conclusion, by, rivals.
    """
    if lines is None or lines.empty:
        return LinePath(pd.DataFrame(), pd.DataFrame(columns=PARTS))
    first, _ = fiscal_year(as_of, starts=starts)
    passed = pd.Series(shares_passed(pd.DatetimeIndex(lines.columns), as_of, country=country), lines.columns)
    due = lines.mul(passed, axis=1)
    known = between(bookings, first, as_of)
    table = _beside(due.sum(axis=1), known, bookings, first, as_of)
    table = table.rename_axis("product_line").reset_index()
    table["level"] = (table["share_due"] * (table["actual"].sum() - table["due"].sum())).round(2)
    table["mix"] = (table["gap"] - table["level"]).round(2)
    table = table.merge(_error(lumps, table, first, as_of), on="product_line", how="left")
    table["target"] = table["product_line"].map(lines.sum(axis=1)).astype(float)
    table = table.join(_ends(bookings, table, paths, as_of=as_of))
    table["year_gap"] = table["ends"] - table["target"]
    table = table.join(_judged(table, lines, lumps, bookings, first, as_of))
    months = pd.DatetimeIndex(lines.columns)
    begun = [pd.Timestamp(month) for month in months[::3] if month <= as_of]
    quarters = [
        _beside(due[months[3 * nth : 3 * nth + 3]].sum(axis=1), known, bookings, start, last)
        .rename_axis("product_line").reset_index().assign(quarter=start)
        for nth, start in enumerate(begun)
        for last in [min(month_end(start + pd.DateOffset(months=2)), as_of)]
    ]  # fmt: skip
    return LinePath(
        table.sort_values(["gap", "product_line"], ignore_index=True),
        pd.concat(quarters, ignore_index=True)[PARTS],
    )


def _beside(
    due: pd.Series, known: pd.DataFrame, bookings: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """The lines with a target between two days, beside what is due; a line without one counts in no share."""
    sold = between(known, first, last).groupby("product_line")["net_amount"].sum()
    then = between(bookings, year_before(first), year_before(last))
    seen = len(bookings) > 0 and bookings["day"].min() <= month_end(year_before(first))
    before = then.groupby("product_line")["net_amount"].sum().reindex(due.index)
    before = before.where(before > 0) if seen else before * np.nan
    table = pd.DataFrame({"due": due, "actual": sold.reindex(due.index, fill_value=0.0)})
    table["gap"] = table["actual"] - table["due"]
    for share, amount in (("share_due", "due"), ("share", "actual")):
        table[share] = table[amount] / (table[amount].sum() or np.nan)
    table["points"] = table["share"] - table["share_due"]
    table["growth_due"], table["growth"] = table["due"] / before - 1, table["actual"] / before - 1
    return table


def _error(lumps: pd.DataFrame, table: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Low and high of the points and the chance of them, from independent order days; missing below twenty."""
    days = _order_days(lumps, list(table["product_line"]), first, last)
    whole = days.sum(axis=1)
    rows = table.set_index("product_line")
    if len(days) < FEWEST_DAYS or whole.sum() <= 0:
        return pd.DataFrame(
            {
                "product_line": rows.index,
                "low": np.nan,
                "high": np.nan,
                "p_value": np.nan,
                "error": np.nan,
                "freedom": np.nan,
            }
        )
    apart = days - np.outer(whole, rows["share"].reindex(days.columns))
    error = np.sqrt((apart**2).sum() * len(days) / (len(days) - 1)) / whole.sum()
    error = error.reindex(rows.index).replace(0.0, np.nan)
    weighty = (apart**2).sum() ** 2 / (apart**4).sum().replace(0.0, np.nan)
    freedom = (weighty.reindex(rows.index) - 1).clip(lower=2.0)  # few large orders tell as much as few
    half = student.ppf(0.975, freedom) * error
    found = pd.DataFrame({"low": rows["points"] - half, "high": rows["points"] + half})
    found["p_value"] = 2 * student.sf((rows["points"] / error).abs(), freedom)
    found["error"], found["freedom"] = error, freedom
    return found.rename_axis("product_line").reset_index()


def _order_days(
    lumps: pd.DataFrame, lines: list[str], first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """One row per day and person with orders, one column per line: what was sold."""
    span = between(lumps, first, last)
    span = span[span["product_line"].isin(lines)]
    return span.assign(rep_id=span["rep_id"].astype(object).where(span["rep_id"].notna(), "")).pivot_table(
        "net_amount", ["day", "rep_id"], "product_line", aggfunc="sum", fill_value=0.0
    ).reindex(columns=lines, fill_value=0.0)  # fmt: skip


def _judged(
    table: pd.DataFrame,
    lines: pd.DataFrame,
    lumps: pd.DataFrame,
    bookings: pd.DataFrame,
    first: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Is a line's share another than planned, beyond chance, and is that its season or one large order?

    Calendar: what of the points goes where each line's due follows its own months of earlier years. One large: what goes without
    the order day that moved it most. What is left of those that are seen must be beyond chance too, the season's own error counted.
    """
    rows = table.set_index("product_line")
    seasonal, years = _in_season(rows, lines, bookings, first, as_of)
    days = _order_days(lumps, list(rows.index), first, as_of)
    shares, left = [], []
    for line, row in rows.iterrows():
        points = float(row["points"])
        lean = _without_largest(days, str(line), points) - row["share_due"] if len(days) else points
        in_season = points if seasonal is None else float(row["share"]) - float(seasonal[str(line)])
        shares.append(
            {"calendar": rivals.share_of(points, in_season), "one_large": rivals.share_of(points, lean)}
        )
        same_way = points * in_season > 0 and points * lean > 0
        left.append(min(abs(in_season), abs(lean)) if same_way else 0.0)
    open_part = 1 - float(table["due"].sum()) / float(table["target"].sum() or np.nan)
    error = table["error"] * (np.sqrt(1 + open_part / years) if years else 1.0)
    net_p = pd.Series(2 * student.sf(pd.Series(left, table.index) / error, table["freedom"]), table.index)
    seen = beyond_noise(table["p_value"], alpha=FALSE_ALARM)
    net = beyond_noise(net_p.where(seen), alpha=FALSE_ALARM)
    net &= np.array([max(held.values()) < rivals.MOST for held in shares])
    return rivals.worded(table.index, seen, net, shares)


def _without_largest(days: pd.DataFrame, line: str, points: float) -> float:
    """The line's share without the order day that moved it most the way it went: of its own where it sold more, of the others
    where it sold less."""
    own = days[line]
    weight = own if points > 0 else days.sum(axis=1) - own
    kept = days.drop(index=weight.idxmax())
    whole = float(kept.to_numpy().sum())
    return float(kept[line].sum()) / whole if whole > 0 else float("nan")


def _in_season(
    rows: pd.DataFrame,
    lines: pd.DataFrame,
    bookings: pd.DataFrame,
    first: pd.Timestamp,
    as_of: pd.Timestamp,
) -> tuple[pd.Series | None, int]:
    """The shares due if each line's year came in its own months of the years before, and how many of these there are (at most
    `SEASONS`); None and 0 without a whole year before."""
    so_far, whole = pd.Series(0.0, rows.index), pd.Series(0.0, rows.index)
    years = 0
    begins, until = year_before(first), year_before(as_of)
    while years < SEASONS and len(bookings) and bookings["day"].min() <= month_end(begins):
        for last, full in ((until, False), (begins + pd.DateOffset(years=1, days=-1), True)):
            sold = between(bookings, begins, last).groupby("product_line")["net_amount"].sum()
            sold = sold.reindex(rows.index, fill_value=0.0)
            so_far, whole = (so_far, whole + sold) if full else (so_far + sold, whole)
        begins, until, years = year_before(begins), year_before(until), years + 1
    if not years:
        return None, 0
    part = (so_far / whole.where(whole > 0)).clip(0, 1)
    usual = float(part.median()) if part.notna().any() else 1.0
    due = lines.sum(axis=1).reindex(rows.index) * part.fillna(usual)
    return (due / due.sum() if due.sum() > 0 else None), years


def _ends(
    bookings: pd.DataFrame,
    table: pd.DataFrame,
    paths: np.ndarray | None,
    *,
    as_of: pd.Timestamp,
    seed: int = 0,
) -> pd.DataFrame:
    """Where each line's year will end, with the forecast's own year ends: ends, ends_low, ends_high; missing without a forecast."""
    names = ["ends_low", "ends", "ends_high"]
    recent = between(bookings, months_back(as_of, HISTORY), as_of)
    parts = month_parts(recent, "product_line").reindex(columns=list(table["product_line"]), fill_value=0.0)
    if paths is None or not paths.size or parts.empty:
        return pd.DataFrame(np.nan, index=table.index, columns=names)
    drawn = np.random.default_rng(seed).integers(0, len(parts), size=paths.shape)
    coming = (paths[:, :, None] * parts.to_numpy(dtype=float)[drawn]).sum(axis=1)
    ends = np.quantile(coming + table["actual"].to_numpy(), FORECAST, axis=0)
    return pd.DataFrame(ends.T, index=table.index, columns=names)


def findings(found: LinePath, *, as_of: pd.Timestamp, starts: int = 1) -> list[Finding]:
    """The verdicts of `path`."""
    if found.year.empty:
        return []
    return rivals.told(
        found.year, id="line.share", member="product_line", value="points", stated=FALSE_ALARM, unit="order_day",
        basis="target", period=(fiscal_year(as_of, starts=starts)[0], as_of),
    )  # fmt: skip


def as_rows(lines: pd.DataFrame | None, spread: pd.DataFrame) -> pd.DataFrame:
    """`line_months` as rows of `targets.spread_rows` (dimension, member, month, amount); these themselves where there is none."""
    if lines is None:
        return spread
    rows = lines.rename_axis("member").reset_index().melt("member", var_name="month", value_name="amount")
    return rows.assign(dimension="product_line")[["dimension", "member", "month", "amount"]]
