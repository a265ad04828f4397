"""Who gets which part of the year: region, product line, team and person, down to the working day, to the cent?

The company's months and the margins of regions and product lines come in; out comes one amount per region × team × person ×
product line × month. Everything coarser is a sum of these, everything finer a split, so that each parent is the sum of its
children. What personal targets exceed or leave open of their region stands in a row of its own, without a person.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesnb.analysis.allocation import Fitted, fit_margins, split
from salesnb.analysis.parts.views import KEYS as KEYS
from salesnb.analysis.parts.views import NOBODY as NOBODY
from salesnb.analysis.parts.views import Parts as Parts
from salesnb.analysis.parts.views import by_day as by_day
from salesnb.analysis.parts.views import by_month as by_month
from salesnb.analysis.parts.views import by_person as by_person
from salesnb.analysis.parts.views import open_ahead as open_ahead
from salesnb.analysis.parts.views import sheet as sheet
from salesnb.analysis.parts.views import to_date as to_date
from salesnb.analysis.parts.views import totals as totals

TRACE = 0.01  # of the usual proportions, where a region did not sell a product line last year
LOOSE = 0.1  # how much of a person's lines follows the region's mix, whatever was sold last year
FEWEST = 0.25  # of a full person, last year: with less, what was sold does not say what a person can sell


def build(
    months: pd.Series | None,
    *,
    regions: pd.Series,
    lines: pd.Series,
    bookings: pd.DataFrame,
    reps: pd.DataFrame,
    capacity: pd.DataFrame,
    given: pd.DataFrame,
    region_months: pd.DataFrame | None = None,
    teams: pd.Series | None = None,
    fixed: Mapping[tuple[object, object], float] | None = None,
    over_assignment: float = 1.0,
) -> Parts | None:
    """The year handed out; None without twelve monthly targets.

    `months`: the year's monthly targets; `regions`, `lines`, `teams`: what each should get (weights where they do not add up);
    `bookings`: day, region, rep_id, product_line, net_amount, of which the year before counts; `reps`: rep_id, region, team; `capacity`:
    from `capacity.by_month`, for this year's months and the twelve before; `given`: rows rep_id × month of personal targets (empty:
    people get the proposal); `region_months`: the regions' own months, one row each; `fixed`: (region, product line) → amount that stays.
    """
    if months is None or months.isna().any() or regions.empty:
        return None
    total = round(float(months.sum()), 2)
    first = months.index[0]
    last_year = bookings[bookings["day"].between(first - pd.DateOffset(years=1), first, inclusive="left")]
    months = split(total, months.clip(lower=0))
    given = _while_here(given, reps) if len(given) and "left_on" in reps else given
    by_month = fit_margins(
        _like(regions, months) if region_months is None else region_months.clip(lower=0),
        split(total, regions.clip(lower=0)),
        months,
    )
    cells = _cells(months, by_month.table.sum(axis=1).round(2), lines, bookings, fixed)
    people = _people(reps, last_year, capacity, given, by_month.table, teams, over_assignment)
    pieces = []
    for region in cells.table.index:
        own = fit_margins(
            _like(cells.table.loc[region], by_month.table.loc[region]),
            cells.table.loc[region],
            by_month.table.loc[region],
        ).table
        pieces.append(_region(region, own, people, last_year, capacity, given))
    flat = _flat(cells.table, ["region", "product_line"])
    flat["fixed"] = [cell in (fixed or {}) for cell in zip(flat["region"], flat["product_line"], strict=True)]
    told = reps.set_index("rep_id")["region"].reindex(people.loc[people["target"] > 0, "rep_id"])
    return Parts(
        pd.concat(pieces, ignore_index=True),
        people,
        flat,
        _unmet(by_month, cells),
        over_assignment,
        placed=len(cells.table.index) < 2 or bool(told.isin(cells.table.index).all()),
    )


def _while_here(given: pd.DataFrame, reps: pd.DataFrame) -> pd.DataFrame:
    """Everybody's months (rep × month) until they left: what was to follow is nobody's."""
    left = pd.to_datetime(reps.drop_duplicates("rep_id").set_index("rep_id")["left_on"]).reindex(given.index)
    gone = pd.DatetimeIndex(given.columns).to_numpy()[None, :] >= left.to_numpy()[:, None]
    return given.mask(gone, 0.0)


def region_mix(
    region: object,
    months: pd.Series | None,
    *,
    regions: pd.Series,
    lines: pd.Series,
    bookings: pd.DataFrame,
    fixed: Mapping[tuple[object, object], float] | None = None,
    **_: object,
) -> pd.Series | None:
    """What one region gets of each product line where the company's year is handed out, so that its own pack says the same.

    Everything is the company's, as in `build`. None without twelve monthly targets, or where the region has none of them.
    """
    if months is None or months.isna().any() or region not in regions.index:
        return None
    whole = split(round(float(months.sum()), 2), regions.clip(lower=0))
    found: pd.Series = _cells(months, whole, lines, bookings, fixed).table.T[region]
    return found


def _cells(
    months: pd.Series,
    regions: pd.Series,
    lines: pd.Series,
    bookings: pd.DataFrame,
    fixed: Mapping[tuple[object, object], float] | None,
) -> Fitted:
    """Region × product line in last year's proportions, fitted to both totals."""
    first = months.index[0]
    last_year = bookings[bookings["day"].between(first - pd.DateOffset(years=1), first, inclusive="left")]
    mix = last_year.pivot_table("net_amount", "region", "product_line", aggfunc="sum", fill_value=0.0)
    whole = round(float(months.sum()), 2)
    return fit_margins(_seed(mix, regions, lines), regions, split(whole, lines.clip(lower=0)), fixed=fixed)


def _like(rows: pd.Series, columns: pd.Series) -> pd.DataFrame:
    """A table whose rows all have the proportions of `columns`."""
    return pd.DataFrame(np.outer(rows, columns), index=rows.index, columns=columns.index)


def _seed(mix: pd.DataFrame, regions: pd.Series, lines: pd.Series) -> pd.DataFrame:
    """Last year's region × product line. What was not sold there gets a trace of the usual proportions, so that no total is out of
    reach for it; a region or a line that is new gets these proportions."""
    known = mix.reindex(index=regions.index, columns=lines.index).fillna(0.0).clip(lower=0).round(2)
    usual = _like(regions, lines)
    if not usual.to_numpy().sum() > 0:
        usual = usual + 1.0
    usual = usual * max(1.0, float(known.to_numpy().sum())) / usual.to_numpy().sum()
    seeded = known.where(known > 0, TRACE * usual)
    seeded.loc[known.sum(axis=1) == 0] = usual
    seeded.loc[:, known.sum(axis=0) == 0] = usual
    return seeded


def _unmet(by_month: Fitted, cells: Fitted) -> pd.DataFrame:
    named = (
        ("month", by_month.unmet_columns),
        ("region", cells.unmet_rows),
        ("product_line", cells.unmet_columns),
    )
    rows = [
        (kind, member, float(amount))
        for kind, values in named
        for member, amount in values.items()
        if abs(amount) > 0.004
    ]
    return pd.DataFrame(rows, columns=["kind", "member", "amount"])


def _people(
    reps: pd.DataFrame,
    last_year: pd.DataFrame,
    capacity: pd.DataFrame,
    given: pd.DataFrame,
    by_month: pd.DataFrame,
    teams: pd.Series | None,
    over_assignment: float,
) -> pd.DataFrame:
    """Everybody with capacity or a target: where they belong, what they carry, what the targets table gives, what is proposed."""
    now = capacity["month"].isin(by_month.columns)
    level = capacity[now].groupby("rep_id")["capacity"].mean()
    table = reps.set_index("rep_id")[["region", "team"]].astype(object)
    table["capacity"] = level.reindex(table.index).fillna(0.0)
    table["given"] = given.sum(axis=1).reindex(table.index) if len(given) else float("nan")
    table = table[(table["capacity"] > 0) | (table["given"] > 0)]
    sold = last_year.groupby("rep_id")["net_amount"].sum().round(2)
    table["region"] = _home(table, last_year, by_month.index)
    table["team"] = table["team"].where(table["team"].notna(), NOBODY)
    past = capacity[~now].groupby("rep_id")["capacity"].mean().reindex(table.index).fillna(0.0)
    rate = (sold.reindex(table.index).clip(lower=0) / past.where(past >= FEWEST)).astype(float)
    middle = float(rate.median()) if rate.notna().any() else 1.0
    weight = rate.fillna(middle if middle > 0 else 1.0) * table["capacity"]
    table["proposed"] = 0.0
    whole = by_month.sum(axis=1)
    grouped = "team" if teams is not None and len(teams) else "region"
    wanted = teams if teams is not None and len(teams) else whole
    for member, amount in wanted.items():
        own = weight[table[grouped] == member]
        if own.sum() > 0:
            table.loc[own.index, "proposed"] = split(float(amount) * over_assignment, own)
    known = table["given"].notna().any()
    table["target"] = table["given"].fillna(0.0).round(2) if known else table["proposed"]
    table["difference"] = table["given"] - table["proposed"]
    columns = ["rep_id", "region", "team", "capacity", "target", "given", "proposed", "difference"]
    return table.rename_axis("rep_id").reset_index()[columns]


def _home(table: pd.DataFrame, last_year: pd.DataFrame, regions: pd.Index) -> pd.Series:
    """Each person's region; where it has no target, the region in which the person sold most, else the first."""
    sold = last_year[last_year["region"].isin(regions)].groupby(["rep_id", "region"])["net_amount"].sum()
    most = sold.reset_index().sort_values("net_amount").drop_duplicates("rep_id", keep="last")
    elsewhere = most.set_index("rep_id")["region"].reindex(table.index)
    home = table["region"].where(table["region"].isin(regions), elsewhere.astype(object))
    return home.where(home.notna(), regions[0])


def _region(
    region: object,
    own: pd.DataFrame,
    people: pd.DataFrame,
    last_year: pd.DataFrame,
    capacity: pd.DataFrame,
    given: pd.DataFrame,
) -> pd.DataFrame:
    """One region's product lines × months, divided among its people; what is over or left stands without a person."""
    here = people[(people["region"] == region) & (people["target"] > 0)].set_index("rep_id")
    tables: dict[str, pd.DataFrame] = {}
    if len(here):
        handed = float(here["target"].sum())
        by_line = split(handed, own.sum(axis=1))
        sold = last_year.pivot_table("net_amount", "rep_id", "product_line", aggfunc="sum", fill_value=0.0)
        sold = sold.reindex(index=here.index, columns=own.index).fillna(0.0).clip(lower=0).round(2)
        sold = sold.div(sold.sum(axis=1).replace(0, 1), axis=0).mul(here["target"], axis=0)
        lines = fit_margins(sold + LOOSE * _like(here["target"], by_line / handed), here["target"], by_line)
        tables = (
            _by_own_months(lines.table, given, own.sum(axis=0).round(2))
            if here["given"].notna().any()
            else _by_capacity(lines.table, own, capacity)
        )
    rest = own - sum(tables.values()) if tables else own
    pieces = [_long(cells, region, str(here["team"][rep]), rep) for rep, cells in tables.items()]
    if rest.abs().to_numpy().max() > 0.004 or not pieces:
        pieces.append(_long(rest.round(2), region, NOBODY, NOBODY))
    return pd.concat(pieces, ignore_index=True)


def _by_own_months(lines: pd.DataFrame, given: pd.DataFrame, usual: pd.Series) -> dict[str, pd.DataFrame]:
    """Each person's product lines × the months that the targets table gives.

    A person with equal months throughout a quarter was given the quarter: it follows the region's months (`usual`), holidays included.
    """
    found = {}
    for rep, row in lines.iterrows():
        months = pd.Series(given.T[rep], dtype=float).reindex(usual.index).fillna(0.0)
        for place in range(0, len(months), 3):
            quarter = months.iloc[place : place + 3]
            if quarter.max() - quarter.min() < 0.01:
                months.iloc[place : place + 3] = split(
                    float(quarter.sum()), usual.iloc[place : place + 3]
                ).to_numpy()
        months = split(float(row.sum()), months)
        found[str(rep)] = fit_margins(_like(row, months), row, months).table
    return found


def _by_capacity(lines: pd.DataFrame, own: pd.DataFrame, capacity: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each person's product lines × months by the region's months and the person's capacity in each of them."""
    levels = capacity.pivot_table("capacity", "rep_id", "month", aggfunc="mean", fill_value=0.0)
    levels = levels.reindex(index=lines.index, columns=own.columns).fillna(0.0)
    by_line = {}
    for line in own.index:
        months = split(float(lines[line].sum()), own.loc[line])
        by_line[line] = fit_margins(levels * months, lines[line], months).table
    return {
        str(rep): pd.DataFrame({line: cells.loc[rep] for line, cells in by_line.items()}).T
        for rep in lines.index
    }


def _long(cells: pd.DataFrame, region: object, team: str, rep: str) -> pd.DataFrame:
    flat = _flat(cells, ["product_line", "month"])
    flat["month"] = pd.to_datetime(flat["month"])
    return flat.assign(region=str(region), team=team, rep_id=rep)[[*KEYS, "month", "amount"]]


def _flat(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """A row per cell: its row, its column (called `names`), amount."""
    rows, columns = table.shape
    return pd.DataFrame(
        {
            names[0]: table.index.take(np.tile(np.arange(rows), columns)),
            names[1]: table.columns.take(np.repeat(np.arange(columns), rows)),
            "amount": table.to_numpy().ravel(order="F"),
        }
    )
