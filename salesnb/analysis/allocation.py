"""How is a whole divided so that the parts add up to it again, to the cent?

`split` divides an amount by weights with the largest remainders; `split_with_fixed` leaves the parts that somebody has
fixed; `fit_margins` spreads a table over given row and column totals. All of them round in minor units (cents) and keep
every total exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow


@dataclass(frozen=True)
class Fitted:
    """A table with its margins met, and by how much each margin could not be met (rows, then columns)."""

    table: pd.DataFrame
    unmet_rows: pd.Series
    unmet_columns: pd.Series

    @property
    def complete(self) -> bool:
        """Are all margins met to the cent?"""
        return not (self.unmet_rows.abs().gt(0.004).any() or self.unmet_columns.abs().gt(0.004).any())


def split(total: float, weights: pd.Series, *, decimals: int = 2) -> pd.Series:
    """What part of `total` does each weight get?

    One value per weight, in multiples of the minor unit, adding up to `total` rounded to it. Remainders go to the largest
    fractions first, ties to the earlier part (Hamilton's method). Weights that are all zero are treated as equal; no weight
    gives an empty series. `ValueError` for a negative or missing weight.
    """
    shares = weights.astype(float)
    if shares.isna().any() or (shares < 0).any():
        raise ValueError("weights must be zero or more, without missing values")
    if shares.empty:
        return shares
    if shares.sum() == 0:
        shares = pd.Series(1.0, index=shares.index)
    units = round(total * 10**decimals)
    parts = _largest_remainder(abs(units), shares.to_numpy() / shares.sum()) * (1 if units >= 0 else -1)
    return pd.Series(_amounts(parts, decimals), index=weights.index)


def split_with_fixed(
    total: float, weights: pd.Series, *, fixed: Mapping[object, float] | None = None, decimals: int = 2
) -> tuple[pd.Series, float]:
    """The same where some parts are fixed: they stay, the others share what is left.

    Returns the parts and the amount that could not be placed: 0 in general; positive where everything is fixed and falls
    short of the whole; negative where the fixed parts alone exceed it (the free parts are then zero).
    """
    known = pd.Series(
        {key: float(value) for key, value in (fixed or {}).items() if key in weights.index}, dtype=float
    )
    rest = round(total - float(known.sum()), decimals)
    free = weights.drop(known.index)
    if free.empty or rest < 0:
        shared, unplaced = free * 0.0, rest
    else:
        shared, unplaced = split(rest, free, decimals=decimals), 0.0
    return pd.concat([shared, known]).reindex(weights.index).astype(float), unplaced + 0.0


def month_parts(rows: pd.DataFrame, column: str, *, amounts: pd.Series | None = None) -> pd.DataFrame:
    """Which part of a month's bookings is whose, by `column`?

    `rows`: day, net_amount and the column; `amounts`: what is parted, by row (by default the net amounts). One row per month in
    which something was booked, one column per member: its amount ÷ the month's bookings of all. Empty without bookings.
    """
    month = rows["day"].dt.to_period("M")
    whole = rows["net_amount"].groupby(month).sum()
    whole = whole[whole > 0]
    own = (rows["net_amount"] if amounts is None else amounts).groupby([month, rows[column]]).sum()
    table = own.unstack()  # noqa: PD010
    return table.reindex(whole.index).fillna(0.0).div(whole, axis=0)


def fit_margins(
    seed: pd.DataFrame,
    rows: pd.Series,
    columns: pd.Series,
    *,
    fixed: Mapping[tuple[object, object], float] | None = None,
    decimals: int = 2,
    rounds: int = 500,
) -> Fitted:
    """Which table is closest to `seed` in its proportions and has these row and column totals?

    Iterative proportional fitting (Deming & Stephan 1940, Annals of Mathematical Statistics 11, 427–444) on the cells that
    are not fixed; then rounding to the minor unit that keeps both margins (Cox 1987, controlled rounding by network flow).
    A cell that is zero in `seed` stays zero, unless its row or column has no other cell. What cannot be met is named in the
    result. The row totals decide where the two margins have different sums.
    """
    base = (
        seed.reindex(index=rows.index, columns=columns.index)
        .fillna(0.0)
        .clip(lower=0)
        .to_numpy(dtype=float, copy=True)
    )
    want_rows, want_columns = rows.to_numpy(dtype=float), columns.to_numpy(dtype=float)
    held = np.zeros_like(base)
    free = np.ones_like(base, dtype=bool)
    for (row, column), value in (fixed or {}).items():
        if row in rows.index and column in columns.index:
            place = rows.index.get_loc(row), columns.index.get_loc(column)
            held[place], free[place] = value, False
    base[~free] = 0
    base[(base.sum(axis=1) == 0)[:, None] & free] = 1.0
    base[(base.sum(axis=0) == 0)[None, :] & free] = 1.0
    left_rows = np.maximum(want_rows - held.sum(axis=1), 0)
    left_columns = np.maximum(want_columns - held.sum(axis=0), 0)
    if left_columns.sum() > 0:
        left_columns = left_columns * left_rows.sum() / left_columns.sum()
    cells = _fit(base, left_rows, left_columns, rounds)
    table = held + _controlled_rounding(cells, left_rows, left_columns, free & (base > 0), decimals)
    return Fitted(
        pd.DataFrame(table.round(decimals), index=rows.index, columns=columns.index),
        pd.Series((want_rows - table.sum(axis=1)).round(decimals) + 0.0, index=rows.index),
        pd.Series((want_columns - table.sum(axis=0)).round(decimals) + 0.0, index=columns.index),
    )


def _fit(cells: np.ndarray, rows: np.ndarray, columns: np.ndarray, rounds: int) -> np.ndarray:
    for _ in range(rounds):
        cells = cells * _ratio(columns, cells.sum(axis=0))[None, :]
        sums = cells.sum(axis=1)
        cells = cells * _ratio(rows, sums)[:, None]
        if np.allclose(sums, rows, rtol=0, atol=1e-13 * float(rows.sum())):
            break
    return cells


def _ratio(wanted: np.ndarray, present: np.ndarray) -> np.ndarray:
    return np.divide(wanted, present, out=np.zeros_like(wanted), where=present > 0)


def _controlled_rounding(
    cells: np.ndarray, rows: np.ndarray, columns: np.ndarray, free: np.ndarray, decimals: int
) -> np.ndarray:
    """The cells rounded up or down so that they add up to the rounded margins wherever that is possible."""
    scaled = cells * 10**decimals
    scaled = np.where(np.abs(scaled - np.rint(scaled)) < 1e-6, np.rint(scaled), scaled)
    units = np.floor(scaled)
    want_rows, want_columns = _rounded_margin(rows * 10**decimals), _rounded_margin(columns * 10**decimals)
    units = units + _flow(scaled > units, want_rows - units.sum(axis=1), want_columns - units.sum(axis=0))
    units = units + _repair(units, want_rows - units.sum(axis=1), want_columns - units.sum(axis=0), free)
    for row in np.flatnonzero(want_rows - units.sum(axis=1)):  # no column can take it: the rows decide
        if free[row].any():
            largest = np.argmax(np.where(free[row], cells[row], -1))
            units[row, largest] = max(0.0, units[row, largest] + want_rows[row] - units[row].sum())
    return units / 10**decimals


def _rounded_margin(sums: np.ndarray) -> np.ndarray:
    """Margins as whole units with the rounded total."""
    total = round(float(sums.sum()))
    return (
        _largest_remainder(total, sums / sums.sum()).astype(float) if sums.sum() > 0 else np.zeros_like(sums)
    )


def _flow(open_cells: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """A 0/1 table with at most these margins, as full as possible."""
    height, width = open_cells.shape
    row, column = np.nonzero(open_cells)
    flow = _maximum_flow(
        row,
        height + column,
        np.ones(len(row)),
        fed=np.concatenate([rows, np.zeros(width)]).clip(min=0),
        drained=np.concatenate([np.zeros(height), columns]).clip(min=0),
    )
    return np.maximum(flow[:height, height:], 0).astype(float)


def _repair(units: np.ndarray, rows: np.ndarray, columns: np.ndarray, free: np.ndarray) -> np.ndarray:
    """What to add to each free cell so that what rows and columns still lack goes to zero, as far as it can (negative: have too much).

    A free cell may grow without limit and shrink to zero, so that units move along rows and columns until they fit: a flow from
    rows that lack and columns that have too much to columns that lack and rows that have too much.
    """
    height = len(rows)
    if not rows.any() and not columns.any():
        return np.zeros_like(units)
    row, column = np.nonzero(free)
    flow = _maximum_flow(
        np.concatenate([row, height + column]),
        np.concatenate([height + column, row]),
        np.concatenate([np.full(len(row), np.inf), units[row, column]]),
        fed=np.concatenate([rows, -columns]).clip(min=0),
        drained=np.concatenate([-rows, columns]).clip(min=0),
    )
    return flow[:height, height:].astype(float)


def _maximum_flow(
    tails: np.ndarray, heads: np.ndarray, limits: np.ndarray, *, fed: np.ndarray, drained: np.ndarray
) -> np.ndarray:
    """The net flow between nodes when as much as possible goes through limited arcs, from the nodes that are fed to those that are drained."""
    nodes = np.arange(len(fed))
    source, sink = len(nodes), len(nodes) + 1
    most = (2**31 - 1) // (len(nodes) + 1)  # scipy counts in 32 bits
    limits = np.concatenate([fed, limits, drained]).clip(0, most).round().astype(np.int32)
    starts = np.concatenate([np.full(len(nodes), source), tails, nodes])
    ends = np.concatenate([nodes, heads, np.full(len(nodes), sink)])
    graph = csr_matrix((limits, (starts, ends)), shape=(sink + 1, sink + 1))
    return maximum_flow(graph, source, sink).flow.toarray()[:source, :source]


def _largest_remainder(units: int, shares: np.ndarray) -> np.ndarray:
    exact = shares * units
    whole = np.floor(exact).astype(np.int64)
    missing = units - int(whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    if missing >= 0:
        whole[order[np.arange(missing) % len(order)]] += 1
    else:  # float noise gave one unit too many
        whole[order[::-1][np.flatnonzero(whole[order[::-1]] > 0)[:-missing]]] -= 1
    return whole


def _amounts(units: np.ndarray, decimals: int) -> np.ndarray:
    return np.round(units / 10**decimals, decimals)
