"""Product lines beside the plan's mix and growth: by line and quarter, to date, and what it means for the year."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from salesnb.calendars.periods import fiscal_year
from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.heat import heat
from salesnb.display.kit.noted import Noted
from salesnb.display.kit.pen import Pen
from salesnb.display.parts.charts import depth
from salesnb.headlines import Decision
from salesnb.language import Message, Nothing, marked
from salesnb.results.targets import LinePath

MOST_LINES = 14  # that a grid holds so that it is read


def answer(found: LinePath) -> Message | None:
    """Which line is farthest behind its plan, what of that is its share of sales, and what the year will lack of it."""
    if found.year.empty:
        return Nothing(
            "No product line has a target: the targets table has none, and plan.yml neither mix nor growth."
        )
    worst = found.worst
    if worst is None:
        return Message("Every product line is at its plan to date or ahead of it.")
    values = {
        "line": worst["product_line"], "gap": -worst["gap"], "share": worst["share"], "due": worst["share_due"],
    }  # fmt: skip
    if not worst["year_gap"] < 0:
        return Message(
            "{line} is {gap:money} behind its plan to date: {share:tenths} of sales where {due:tenths} was planned.",
            **values,
        )
    return Message(
        "{line} is {gap:money} behind its plan to date, {share:tenths} of sales for {due:tenths} planned; its year most likely ends {short:money} short.",
        short=-worst["year_gap"],
        **values,
    )


def caveat(found: LinePath) -> Noted | None:
    """How the gap is parted, whether shares differ beyond chance, and from what the year's end comes."""
    if found.year.empty:
        return None
    beyond = list(found.year.loc[found.year["conclusion"] == "found", "product_line"])
    said = (
        Message(
            "Beyond chance, season and single large orders, another share than planned: {lines:list}.",
            lines=beyond,
        )
        if beyond
        else Message("No line’s share differs from the plan beyond chance, season and single large orders.")
    )
    how = Message(
        "A gap is the company’s own at the planned mix plus the mix; the two sum to the cent. The year’s end divides the forecast among lines as the last twelve months did."
    )
    return Noted(said, how)


def table(found: LinePath) -> Exhibit | None:
    """To date and for the year, by line; None where no line has a target."""
    rows = found.year
    if rows.empty:
        return None
    worst = rows.nsmallest(1, "mix").iloc[0]
    return exhibit.table(
        rows.drop(columns="rivals"),
        name="line_path",
        finding=Message("The mix costs most in {line}: {money:money}", line=worst["product_line"], money=worst["mix"])
        if worst["mix"] < 0
        else Message("The mix is as planned"),
        subtitle=Message("Year to date: bookings less plan, share of sales and growth, expected and actual; the year’s most likely end"),
        columns={
            "product_line": Column(marked("Product line")),
            "due": Column(marked("Plan to date"), "money", secondary=True),
            "actual": Column(marked("Actual"), "money", secondary=True),
            "gap": Column(marked("Gap"), "money", bar=True),
            "mix": Column(marked("Of it mix"), "money", secondary=True),
            "share_due": Column(marked("Share, plan"), "tenths", secondary=True),
            "share": Column(marked("Share"), "tenths"),
            "growth_due": Column(marked("Growth, plan"), "tenths", secondary=True),
            "growth": Column(marked("Growth"), "tenths"),
            "target": Column(marked("Target, year"), "money", secondary=True),
            "ends": Column(marked("Year ends at"), "money", secondary=True),
            "year_gap": Column(marked("Year, to target"), "money"),
        },
        total={name: float(rows[name].sum()) for name in ("due", "actual", "gap", "mix", "target")},
    )  # fmt: skip


def draw_grid(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Lines down, quarters across; each cell says how many points of share more or less than planned, the deeper the more."""
    wide = data.pivot_table(index="product_line", columns="quarter", values="points").sort_index()
    largest = float(data["points"].abs().max())
    return heat(
        ax,
        wide,
        shade=lambda points: (theme.BEHIND if points < 0 else theme.AHEAD, depth(points, largest)),
        pen=pen,
        write=lambda points: pen("{points:points}", points=points),
        columns=[_quarter(pd.Timestamp(str(first)), pen) for first in wide.columns],
        size=8 if pen.narrow else 10,
    )  # fmt: skip


def _quarter(first: pd.Timestamp, pen: Pen) -> str:
    """From which month to which."""
    return pen.short_month(first) + "–" + pen.short_month(first + pd.DateOffset(months=2))


def grid(found: LinePath) -> Exhibit | None:
    """Line × quarter: share expected against actual; None with one line or too many to read."""
    rows = found.quarters
    if not 2 <= rows["product_line"].nunique() <= MOST_LINES:
        return None
    worst = rows.nsmallest(1, "points").iloc[0]
    return exhibit.chart(
        draw_grid,
        rows,
        name="line_quarters",
        finding=Message(
            "Farthest below its planned share: {line} in the quarter from {quarter:month}, {points:points}",
            line=worst["product_line"],
            quarter=worst["quarter"],
            points=worst["points"],
        ),
        subtitle=Message("Share of sales less planned share, points, by product line and quarter; a running quarter to date"),
        height=0.38 * rows["product_line"].nunique() + 0.5,
        columns={
            "product_line": Column(marked("Product line")),
            "quarter": Column(marked("Quarter from"), "month"),
            "due": Column(marked("Plan"), "money"),
            "actual": Column(marked("Actual"), "money"),
            "gap": Column(marked("Gap"), "money"),
            "share_due": Column(marked("Share, plan"), "tenths"),
            "share": Column(marked("Share"), "tenths"),
            "growth_due": Column(marked("Growth, plan"), "tenths"),
            "growth": Column(marked("Growth"), "tenths"),
        },
    )  # fmt: skip


def decisions(found: LinePath, *, as_of: pd.Timestamp, starts: int = 1) -> list[Decision]:
    """Of each line whose share is below plan beyond chance, and whose year will lack money: a plan for it, or another target."""
    if found.year.empty:
        return []
    passed = (as_of - fiscal_year(as_of, starts=starts)[0]).days + 1
    rows = found.year[
        (found.year["conclusion"] == "found") & (found.year["mix"] < 0) & (found.year["gap"] < 0)
    ]
    passed = (as_of - fiscal_year(as_of, starts=starts)[0]).days + 1
    return [
        Decision(
            f"line-{row['product_line']}",
            Message("Decide on {line}: a plan that sells it, or its target to other lines", line=row["product_line"]),
            Message(
                "{gap:money} behind to date; {share:tenths} of sales, {due:tenths} planned",
                gap=-row["gap"],
                share=row["share"],
                due=row["share_due"],
            ),
            "",
            (as_of + pd.Timedelta(days=14)).date(),
            -float(row["gap"]),
            over=passed,
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip
