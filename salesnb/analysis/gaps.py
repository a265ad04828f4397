"""Where is the gap to plan, and in whose hands did it open?

The cells are region × product line, as the year was handed out. Where it could not be, because months are without a target, the
grid is fitted to the targets that regions and lines have; where there are none, last year's bookings say how the target divides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import norm

from salesnb.analysis.allocation import fit_margins, split
from salesnb.analysis.intervals import Interval
from salesnb.calendars.periods import fiscal_year, year_before
from salesnb.findings import FOUND, NONE, Finding
from salesnb.results.targets import FEW, PEOPLE, UNEVEN, Cause, WorstLine

UNKNOWN = ""
DRAWS = 1000
AT_ONCE = 10_000_000  # order days × draws that are held at a time
UNNAMED = 0.1  # of the year's bookings: with more that name no region or product line, no other can be said to lack most


def without_people(cause: Cause | None) -> Cause | None:
    """The cause without the people, for who may not see them beside each other."""
    return None if cause is None else replace(cause, reps=cause.reps.iloc[:0], names=[], beside=None)


def spans(as_of: pd.Timestamp, *, starts: int = 1) -> tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]:
    """First day of the fiscal year, and the same span a year before."""
    first, _ = fiscal_year(as_of, starts=starts)
    return first, year_before(first), year_before(as_of)


def grid(
    bookings: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    total: float | None,
    regions: pd.Series | None = None,
    lines: pd.Series | None = None,
    handed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How far is each region × product line from what it should have booked by now?

    `total`: the target of the year to date (None: last year's bookings are the yardstick); `handed`: its cells (region × product
    line) as the year was handed out; without them `regions`, `lines`: known targets of the year to date, scaled to `total`. Output: one row per cell: region, product_line (empty text where unknown), actual, prior,
    target, gap (actual − target), largest shortfall first. The targets add up to `total` to the cent. Empty without bookings.
    """
    first, prior_first, prior_last = spans(as_of, starts=starts)
    named = bookings.assign(
        region=bookings["region"].astype(object).where(bookings["region"].notna(), UNKNOWN),
        product_line=bookings["product_line"].astype(object).where(bookings["product_line"].notna(), UNKNOWN),
    )
    now = _cells(named[named["day"].between(first, as_of)])
    before = _cells(named[named["day"].between(prior_first, prior_last)])
    rows, columns = now.index.union(before.index), now.columns.union(before.columns)
    now = now.reindex(index=rows, columns=columns, fill_value=0.0)
    before = before.reindex(index=rows, columns=columns, fill_value=0.0)
    if total is None:
        aims = before
    else:
        seed = (before if before.clip(lower=0).to_numpy().sum() > 0 else now).clip(lower=0)
        aims = _targets(seed, total, regions, lines) if handed is None else _all_of(handed, seed)
        now, before = (
            frame.reindex(index=aims.index, columns=aims.columns, fill_value=0.0) for frame in (now, before)
        )
    places = [(row, column) for row in aims.index for column in aims.columns]
    table = pd.DataFrame(places, columns=["region", "product_line"])
    table["actual"], table["prior"], table["target"] = (
        frame.to_numpy(dtype=float).ravel() for frame in (now, before, aims)
    )
    table["gap"] = table["actual"] - table["target"]
    return table.sort_values(["gap", "region", "product_line"], ignore_index=True)


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.pivot_table("net_amount", "region", "product_line", aggfunc="sum", fill_value=0.0).astype(
        float
    )


def _targets(
    seed: pd.DataFrame, total: float, regions: pd.Series | None, lines: pd.Series | None
) -> pd.DataFrame:
    row_weights = regions if regions is not None and regions.sum() > 0 else seed.sum(axis=1)
    column_weights = lines if lines is not None and lines.sum() > 0 else seed.sum(axis=0)
    row_weights = row_weights.reindex(row_weights.index.union(seed.index), fill_value=0.0)
    column_weights = column_weights.reindex(column_weights.index.union(seed.columns), fill_value=0.0)
    return fit_margins(seed, split(total, row_weights), split(total, column_weights)).table


def _all_of(handed: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """The cells that were handed out, and those that sold without a target."""
    return handed.reindex(
        index=handed.index.union(sold.index), columns=handed.columns.union(sold.columns), fill_value=0.0
    )


def unnamed(cells: pd.DataFrame, column: str) -> float:
    """Which share of the year's bookings names no region (or product line)? `cells`: from `grid`; 0 without bookings."""
    whole = float(cells["actual"].sum())
    return float(cells.loc[cells[column] == UNKNOWN, "actual"].sum()) / whole if whole > 0 else 0.0


def worst_line(cells: pd.DataFrame) -> WorstLine | None:
    """Which product line lacks most, over all regions? `cells`: from `grid`. None where none is behind, where there is but one
    of them or one region, or where too much of the year names none."""
    by_line = cells.groupby("product_line")["gap"].sum().drop(UNKNOWN, errors="ignore")
    if cells["region"].nunique() < 2 or len(by_line) < 2 or by_line.min() >= 0:
        return None
    if unnamed(cells, "product_line") > UNNAMED:
        return None
    line = str(by_line.idxmin())
    own = cells[(cells["product_line"] == line) & cells[["actual", "prior", "target"]].ne(0).any(axis=1)]
    return WorstLine(line, float(by_line.min()), int((own["gap"] < 0).sum()), len(own))


def cause(
    bookings: pd.DataFrame, cells: pd.DataFrame, *, as_of: pd.Timestamp, starts: int = 1
) -> Cause | None:
    """In the region with the largest shortfall: which product line, and whose orders fell against last year?

    `cells`: from `grid`. None where no cell is behind. Money comes in lumps: intervals take order days as a compound
    Poisson process, whose variance is estimated by the sum of the squared amounts.
    """
    by_region = cells.groupby("region")["gap"].sum()
    if by_region.empty or by_region.min() >= 0:
        return None
    region = str(by_region.idxmin())
    if len(by_region) > 1 and unnamed(cells, "region") > UNNAMED:
        region = UNKNOWN
    worst = cells[cells["region"] == region].iloc[0]
    line = UNKNOWN if unnamed(cells, "product_line") > UNNAMED else str(worst["product_line"])
    first, prior_first, prior_last = spans(as_of, starts=starts)
    in_region = bookings["region"].astype(object).fillna(UNKNOWN) == region
    in_line = bookings["product_line"].astype(object).fillna(UNKNOWN) == line
    now, before = bookings["day"].between(first, as_of), bookings["day"].between(prior_first, prior_last)
    people = pd.DataFrame(
        {
            "actual": bookings[in_region & in_line & now].groupby("rep_id")["net_amount"].sum(),
            "prior": bookings[in_region & in_line & before].groupby("rep_id")["net_amount"].sum(),
        }
    ).fillna(0.0)
    people["change"] = people["actual"] - people["prior"]
    people = people.rename_axis("rep_id").reset_index().sort_values(["change", "rep_id"], ignore_index=True)
    losses = -people.loc[people["change"] < 0, "change"]
    counted = _fewest(losses.to_numpy())
    rest = people.iloc[counted:]
    names = [str(name) for name in people["rep_id"].iloc[:counted]]
    others = bookings[~in_region & in_line]
    was = float(others[others["day"].between(prior_first, prior_last)]["net_amount"].sum())
    return Cause(
        region=region,
        product_line=line,
        gap=float(by_region[region]),
        whole=float(by_region.sum()),
        reps=people,
        names=names,
        lost=float(-people["change"].iloc[:counted].sum()),
        rest_change=float(rest["change"].sum() / rest["prior"].sum()) if rest["prior"].sum() > 0 else None,
        elsewhere=float(others[others["day"].between(first, as_of)]["net_amount"].sum() / was - 1)
        if was > 0
        else None,
        chance=_uneven(bookings[now | before], cells, first),
        beside=_beside(bookings[in_line], now, before, names),
        between=_between(bookings[in_region & now], float(by_region[region])),
        line=worst_line(cells),
        line_gap=float(cells.loc[cells["product_line"] == line, "gap"].sum()),
    )


def findings(found: Cause | None, *, as_of: pd.Timestamp, starts: int = 1) -> list[Finding]:
    """Does the gap lie in few hands? Value: how much more or less the named kept of last year than everybody else with the line."""
    span = f"{fiscal_year(as_of, starts=starts)[0]:%Y-%m-%d}/{as_of:%Y-%m-%d}"
    shared: dict[str, Any] = {"stated": UNEVEN, "unit": "order_day", "basis": "year_before", "period": span}
    if found is None or not found.names:
        return [Finding("gap.few_hands", NONE, **shared)]
    if found.beside is not None:
        shared |= {"value": found.beside.value, "low": found.beside.low, "high": found.beside.high}
    if not found.personal:
        return [Finding("gap.few_hands", NONE, p=found.chance, **shared)]
    return [Finding("gap.few_hands", FOUND, f"{found.region}/{found.product_line}", p=found.chance, **shared)]


def _uneven(sold: pd.DataFrame, cells: pd.DataFrame, first: pd.Timestamp) -> float:
    """The chance of naming at most two people who kept so much less than everybody else with the line, had everybody's business
    in each line changed alike. `sold`: the company's rows of both years. 1 where nobody is named.

    Which order days of a line fell into which year is drawn anew, and then the cell and the people are picked as they were
    here: whoever is picked for a loss has one.
    """
    kinds = ["region", "product_line", "rep_id"]
    rows = sold.assign(
        **{kind: sold[kind].astype(object).where(sold[kind].notna(), UNKNOWN) for kind in kinds}
    )
    units = rows.groupby([*kinds, "day"], as_index=False)["net_amount"].sum()
    code, keys = pd.factorize(pd.MultiIndex.from_arrays([units[kind] for kind in kinds]))
    late, money = (units["day"] >= first).to_numpy(), units["net_amount"].to_numpy(float)
    both = [csr_array((values, (code, np.arange(len(units))))) for values in (money, money**2)]
    whole = [part @ np.ones(len(units)) for part in both]
    aims = cells.pivot_table("target", "region", "product_line", aggfunc="sum")
    region, line, rep = (keys.get_level_values(place) for place in range(3))
    places = (aims.index.get_indexer(region), aims.columns.get_indexer(line), pd.factorize(rep)[0])
    nobody = np.asarray(rep == UNKNOWN)
    rng, lines = np.random.default_rng(0), list(units.groupby("product_line").indices.values())

    def lacking(years: np.ndarray) -> list[float]:
        now = [part @ years.astype(float) for part in both]
        return [
            _shortfall(places, nobody, aims.to_numpy(), *whole, *(part[:, draw] for part in now))
            for draw in range(years.shape[1])
        ]

    here, drawn = lacking(late[:, None])[0], 0
    if here >= 0:
        return 1.0
    as_low = 1
    while drawn < DRAWS:
        count = min(DRAWS - drawn, max(1, AT_ONCE // len(units)))
        years = np.tile(late[:, None], count)
        for own in lines:
            years[own] = rng.permuted(years[own], axis=0)
        as_low += sum(shortfall <= here + 1e-9 for shortfall in lacking(years))
        drawn += count
    return as_low / (DRAWS + 1)


def _shortfall(
    places: tuple[np.ndarray, ...],
    nobody: np.ndarray,
    aims: np.ndarray,
    whole: np.ndarray,
    squares: np.ndarray,
    now: np.ndarray,
    spread: np.ndarray,
) -> float:
    """How much less the named kept of a line than everybody else, in standard errors, in the cell with the largest gap of the
    region with the largest; 0 where nobody is named. Region, line and person of each entry of the sums of both years, and now; `nobody`: which have no person."""
    region, line, rep = places
    gap = np.bincount(region * aims.shape[1] + line, now, minlength=aims.size).reshape(aims.shape) - aims
    worst = gap.sum(axis=1).argmin()
    same = line == gap[worst].argmin()
    mine = np.flatnonzero((region == worst) & same & ~nobody)
    change = 2 * now[mine] - whole[mine]
    order = np.argsort(change, kind="stable")
    count = _fewest(-change[order].clip(max=0))
    if not 0 < count <= FEW or len(mine) < PEOPLE:
        return 0.0
    theirs = np.isin(rep, rep[mine[order[:count]]])
    sides = (same & theirs, same & ~theirs)
    sums = (
        [float(part[side].sum()) for side in sides for part in (late, both - late)]
        for both, late in ((whole, now), (squares, spread))
    )
    kept = _kept(*sums)
    return kept[0] / kept[1] if kept else 0.0


def _fewest(losses: np.ndarray) -> int:
    """The fewest people, largest loss first, who make up two thirds of what was lost; none where nothing was."""
    total = losses.sum()
    return int((np.cumsum(losses) < total * 2 / 3).sum()) + 1 if total > 0 else 0


def _kept(money: list[float], squares: list[float]) -> tuple[float, float] | None:
    """The logarithm of what the named kept over what the others kept, and its standard error; each as the named's now and
    before, the others' now and before. None unless all four are above zero."""
    if min(money) <= 0:
        return None
    error = np.sqrt((np.array(squares) / np.square(money)).sum())
    return float(np.array([1, -1, -1, 1]) @ np.log(money)), float(error)


def _beside(sold: pd.DataFrame, now: pd.Series, before: pd.Series, names: list[str]) -> Interval | None:
    """How much more or less the named kept of last year than everybody else with the same product line."""
    theirs = sold["rep_id"].isin(names)
    parts = [
        sold[part.reindex(sold.index)].groupby(["rep_id", "day"], dropna=False)["net_amount"].sum()
        for part in (theirs & now, theirs & before, ~theirs & now, ~theirs & before)
    ]
    kept = _kept([float(part.sum()) for part in parts], [float((part**2).sum()) for part in parts])
    if kept is None:
        return None
    half = float(norm.ppf(0.95)) * kept[1]
    low, middle, high = np.expm1([kept[0] - half, kept[0], kept[0] + half])
    return Interval(float(middle), float(low), float(high))


def _between(sold: pd.DataFrame, gap: float) -> Interval:
    """A region's gap with its interval."""
    money = sold.groupby(["rep_id", "day"], dropna=False)["net_amount"].sum()
    half = float(norm.ppf(0.95) * np.sqrt((money**2).sum()))
    return Interval(gap, gap - half, gap + half)
