"""Why did revenue change: fewer leads, worse conversion, smaller deals, another mix, or orders that no deal brought?

Revenue is what deals brought, what was ordered without a deal, and what came back. What deals brought is leads × deals
booked per lead × their mix of product lines × the mean deal of each line, split by Shapley's value; the parts sum to the
change to the cent.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis.decomposition import effects, to_cents
from salesnb.calendars.periods import month_end, month_start
from salesnb.results.months import Change

SPANS = {
    "month": (1, 1),
    "quarter": (3, 3),
    "year": (12, 12),
}  # months; months between the spans
GRACE = pd.Timedelta(days=7)  # by which records may begin late and still count as the whole span
PARTS = ("leads", "opened", "conversion", "deals", "mix", "size", "unlinked", "returns")


def spans(
    as_of: pd.Timestamp, *, months: int, back: int
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], tuple[pd.Timestamp, pd.Timestamp]]:
    """The last `months` months up to `as_of`, and the same days `back` months before.

    A month end answers to a month end, so that whole months are held against whole months.
    """
    first, ago = month_start(as_of) - pd.DateOffset(months=months - 1), pd.DateOffset(months=back)
    then = month_end(as_of - ago) if as_of == month_end(as_of) else as_of - ago
    return (first, as_of), (first - ago, then)


def why(
    orders: pd.DataFrame,
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    span: str,
    lag: float = 0,
    since: pd.Timestamp | None = None,
) -> Change | None:
    """Why did revenue change? `span`: the month against last month, three months against the three before (quarter), twelve months
    against the twelve before (year).

    In: one row per deal × day × product line booked (opportunity_id missing: without a deal; sold; returned, zero or
    less); leads by day (created); deals with created_on, which stand in for leads where no lead is known. Leads are
    counted `lag` days earlier, when the deals that were booked began: else a month's orders were divided by leads that
    could not have become orders yet. A span that began before the first lead has none to divide by.

    None where neither span has an order, or where the earlier one began more than a week before `since`, the first day that
    the data cover: nothing known is not nothing sold. A span without a deal keeps the other's mix and mean deal, so that all of its
    change is conversion; a line that was not sold in a span keeps the other's mean deal, so that it counts as mix.
    """
    now, then = spans(as_of, months=SPANS[span][0], back=SPANS[span][1])
    if since is not None and then[0] + GRACE < since:
        return None
    booked = [orders[orders["day"].between(*days)] for days in (then, now)]
    if not any(len(part) for part in booked):
        return None
    before, after = (round(float(part["sold"].sum() + part["returned"].sum()), 2) for part in booked)
    arrivals = (
        leads.groupby("day")["created"].sum() if len(leads) else opportunities["created_on"].value_counts()
    )
    came = [_came(arrivals, *days, lag=lag) for days in (then, now)]
    wins = [by_deal(part[part["opportunity_id"].notna()]) for part in booked]
    bare = [float(part.loc[part["opportunity_id"].isna(), "sold"].sum()) for part in booked]
    back = [float(part["returned"].sum()) for part in booked]
    parts = deal_parts(*wins, came=(came[0], came[1]), counted="leads" if len(leads) else "opened")
    parts |= {"unlinked": bare[1] - bare[0], "returns": back[1] - back[0]}
    moved = {name: value for name, value in parts.items() if value}
    means = [float(deals["sold"].mean()) if len(deals) else float("nan") for deals in wins]
    spread = [deals["sold"].to_numpy(float) for deals in wins]
    error = float(np.sqrt(sum(sold.var(ddof=1) / len(sold) if len(sold) > 1 else np.nan for sold in spread)))
    return Change(
        span, *now, *then, before, after, to_cents(moved, round(after - before, 2)),
        (came[0], came[1]), (len(wins[0]), len(wins[1])), (means[0], means[1]), error,
    )  # fmt: skip


def _came(arrivals: pd.Series, first: pd.Timestamp, last: pd.Timestamp, *, lag: float) -> float:
    """How many came in the span, `lag` days earlier; 0 where the records begin within it."""
    back = pd.Timedelta(days=lag)
    if arrivals.empty or arrivals.index.min() > first - back + GRACE:
        return 0.0
    return float(arrivals[(arrivals.index >= first - back) & (arrivals.index <= last - back)].sum())


def by_deal(orders: pd.DataFrame) -> pd.DataFrame:
    """What did each deal bring? One row per deal: opportunity_id, product_line (of its largest amount, "" where unknown),
    sold."""
    lines = orders.assign(product_line=orders["product_line"].fillna("").astype(str))
    sums = lines.groupby(["opportunity_id", "product_line"], as_index=False)[["sold"]].sum()
    largest = sums.sort_values(by="sold", ascending=False, kind="stable")
    main = largest.drop_duplicates("opportunity_id")
    total = sums.groupby("opportunity_id")["sold"].sum()
    return main.assign(sold=main["opportunity_id"].map(total)).sort_values(
        "opportunity_id", ignore_index=True
    )


def deal_parts(
    before: pd.DataFrame, after: pd.DataFrame, *, came: tuple[float, float], counted: str = "leads"
) -> dict[str, float]:
    """What did leads, conversion, mix and size bring? In: `by_deal` of both spans and how many leads `came`. Out: part →
    change of what deals brought; `counted` and conversion, or deals alone where nothing came in one of the spans."""
    if before.empty and after.empty:
        return {}
    lines = sorted(set(before["product_line"]) | set(after["product_line"]))
    numbers = [
        part["product_line"].value_counts().reindex(lines).fillna(0).to_numpy(float)
        for part in (before, after)
    ]
    sums = [
        part.groupby("product_line")["sold"].sum().reindex(lines).fillna(0).to_numpy(float)
        for part in (before, after)
    ]
    sizes = [
        np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
        for total, n in zip(sums, numbers, strict=True)
    ]
    shares = [n / n.sum() if n.sum() else np.full(len(n), np.nan) for n in numbers]
    known = {
        "mix": [np.where(np.isnan(own), other, own) for own, other in (shares, shares[::-1])],
        "size": [np.where(np.isnan(own), other, own) for own, other in (sizes, sizes[::-1])],
    }
    if min(came) > 0:
        volume = {
            counted: list(came),
            "conversion": [n.sum() / new for n, new in zip(numbers, came, strict=True)],
        }
    else:
        volume = {"deals": [float(n.sum()) for n in numbers]}
    sides = [{name: values[side] for name, values in (volume | known).items()} for side in (0, 1)]
    return effects(*sides)


def beside(changes: list[Change | None]) -> pd.DataFrame:
    """All spans side by side: one row per part that moved in any, in the order of `PARTS`: part, and a column per span in the
    order given, with 0 where the part did not move it. Columns of spans without revenue are missing."""
    known = {change.span: change.parts for change in changes if change is not None}
    frame = pd.DataFrame(
        {span: [parts.get(part, 0.0) for part in PARTS] for span, parts in known.items()}, index=list(PARTS)
    )
    return frame[(frame != 0).any(axis=1)].rename_axis("part").reset_index()
