"""Where is the gap to plan, and in whose hands did it open?

The cells are region × product line. Where targets exist for both, the grid is fitted to both; where there is one or none, last
year's bookings say how the company's target divides.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from salesnb.analysis.allocation import fit_margins, split
from salesnb.calendars import fiscal_year

UNKNOWN = ""


@dataclass(frozen=True)
class Cause:
    """In the cell with the largest gap: who lost what against last year.

    `reps`: one row per rep (rep_id, actual, prior, change), largest loss first; `names`: the fewest reps who make up two
    thirds of the loss; `share`: their part of it; `rest_change`: how the cell's other reps changed, as a share of last year;
    `elsewhere`: how the same product line changed in the other regions, as a share of last year (None where it was not sold).
    """

    region: str
    product_line: str
    gap: float
    share_of_gap: float
    reps: pd.DataFrame
    names: list[str]
    share: float
    rest_change: float | None
    elsewhere: float | None

    @property
    def personal(self) -> bool:
        """Is the loss in few hands: at most two people, out of four or more? It describes; it does not say why."""
        return 0 < len(self.names) <= 2 and len(self.reps) >= 4


def spans(as_of: pd.Timestamp, *, starts: int = 1) -> tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]:
    """First day of the fiscal year, and the same span a year before."""
    first, _ = fiscal_year(as_of, starts=starts)
    year = pd.DateOffset(years=1)
    return first, first - year, as_of - year


def grid(
    bookings: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    starts: int = 1,
    total: float | None,
    regions: pd.Series | None = None,
    lines: pd.Series | None = None,
) -> pd.DataFrame:
    """How far is each region × product line from what it should have booked by now?

    `total`: the target of the year to date (None: last year's bookings are the yardstick); `regions`, `lines`: known targets of the
    year to date, scaled to `total`. Output: one row per cell: region, product_line (empty text where unknown), actual, prior,
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
        aims = _targets(seed, total, regions, lines)
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


def cause(
    bookings: pd.DataFrame, cells: pd.DataFrame, *, as_of: pd.Timestamp, starts: int = 1
) -> Cause | None:
    """In the region with the largest shortfall: which product line, and whose orders fell against last year?

    `cells`: from `grid`. None where no cell is behind.
    """
    by_region = cells.groupby("region")["gap"].sum()
    if by_region.empty or by_region.min() >= 0:
        return None
    region = str(by_region.idxmin())
    worst = cells[cells["region"] == region].iloc[0]
    line = str(worst["product_line"])
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
    counted = int((losses.cumsum() < losses.sum() * 2 / 3).sum()) + 1 if len(losses) else 0
    rest = people.iloc[counted:]
    others = bookings[~in_region & in_line]
    was = float(others[others["day"].between(prior_first, prior_last)]["net_amount"].sum())
    short = float(cells.groupby("region")["gap"].sum().clip(upper=0).sum())
    return Cause(
        region=region,
        product_line=line,
        gap=float(by_region.min()),
        share_of_gap=float(by_region.min()) / short,
        reps=people,
        names=[str(name) for name in people["rep_id"].iloc[:counted]],
        share=float(losses.iloc[:counted].sum() / losses.sum()) if len(losses) else 0.0,
        rest_change=float(rest["change"].sum() / rest["prior"].sum()) if rest["prior"].sum() > 0 else None,
        elsewhere=float(others[others["day"].between(first, as_of)]["net_amount"].sum() / was - 1)
        if was > 0
        else None,
    )


def asked_of_deals(pipeline: pd.DataFrame, left: pd.DataFrame, *, won_share: float | None) -> pd.DataFrame:
    """The pipeline by month beside what it must bring: `pipeline` with needed (by `left`) and asked, the part of it that deals bring as a
    rule (`won_share`, at most all; missing where unknown)."""
    table = pipeline.merge(left[["month", "needed"]], on="month", how="left")
    return table.assign(asked=table["needed"] * (float("nan") if won_share is None else min(1.0, won_share)))


def pipeline_by_month(
    opportunities: pd.DataFrame, *, win_rate: float | None, as_of: pd.Timestamp, months: pd.DatetimeIndex
) -> pd.DataFrame:
    """What would the open pipeline bring month by month, if deals were won as often as in the last twelve months?

    Input: opportunities as known at `as_of` (amount, outcome, expected_close_on). Output: one row per month: month, deals, pipeline,
    expected (pipeline × win rate). Deals whose expected close has passed or is missing are left out: nobody says when they come.
    """
    still = opportunities[(opportunities["outcome"] == "open") & (opportunities["expected_close_on"] > as_of)]
    month = still["expected_close_on"].dt.to_period("M").dt.to_timestamp()
    table = (
        still.groupby(month)
        .agg(deals=("amount", "size"), pipeline=("amount", "sum"))
        .reindex(months, fill_value=0)
    )
    table = table.rename_axis("month").reset_index().astype({"pipeline": float})
    return table.assign(expected=table["pipeline"] * (win_rate if win_rate is not None else float("nan")))


def undated(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> float:
    """The amount of open deals whose expected close has passed or is missing."""
    still = opportunities[opportunities["outcome"] == "open"]
    return float(still.loc[~(still["expected_close_on"] > as_of), "amount"].sum())


def win_rate(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """Won ÷ (won + lost), closed in the twelve months to the end of the report month, by amount (a missing amount counts zero); None where
    nothing closed."""
    closed = opportunities[
        opportunities["outcome"].isin(["won", "lost"])
        & (opportunities["closed_on"] > as_of - pd.DateOffset(years=1))
    ]
    amounts = closed["amount"].fillna(0.0)
    return float(amounts[closed["outcome"] == "won"].sum() / amounts.sum()) if amounts.sum() > 0 else None


def won_share(opportunities: pd.DataFrame, bookings: pd.DataFrame, *, as_of: pd.Timestamp) -> float | None:
    """How much of the last twelve months' bookings had been an opportunity: Σ amount won ÷ Σ booked; None without bookings."""
    after = as_of - pd.DateOffset(years=1)
    won = opportunities[(opportunities["outcome"] == "won") & (opportunities["closed_on"] > after)]
    booked = float(bookings.loc[bookings["day"] > after, "net_amount"].sum())
    return float(won["amount"].sum()) / booked if booked > 0 else None
