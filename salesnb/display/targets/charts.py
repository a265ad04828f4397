"""The year's path, the gap by region and line, the pace per working day, the shapes: drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, labels, notation, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.labels import bar_axis, calm, label_bars, label_line, money_axis, month_axis
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import assigned
from salesnb.display.parts.charts import depth, draw_cells, readable
from salesnb.display.targets.prose import SHAPES, shape_name
from salesnb.language import Message, marked

CERTAIN = 0.001  # of the year: a narrower interval is one number


def draw_path(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Running totals: last year grey, target thin, actual strong, forecast dashed with its fan."""
    if data["last_year"].notna().any():
        before = data[data["last_year"].notna()]
        ax.plot(before["day"], before["last_year"], color=theme.CONTEXT, linewidth=1.4)
        label_line(
            ax,
            before["day"].iloc[-1],
            before["last_year"].iloc[-1],
            pen("Last year {end:money}", end=before["last_year"].iloc[-1]),
            color=theme.CONTEXT,
            weight="normal",
        )
    fan = data[data["forecast"].notna()]
    if len(fan) > 1:
        ax.fill_between(fan["day"], fan["low"], fan["high"], color=theme.FORECAST, alpha=0.35, linewidth=0)
        ax.plot(fan["day"], fan["forecast"], color=theme.ACTUAL, linewidth=1.8, linestyle=(0, (2, 1.5)))
        label_line(
            ax,
            fan["day"].iloc[-1],
            fan["forecast"].iloc[-1],
            pen("Forecast {end:money}", end=fan["forecast"].iloc[-1]),
            color=theme.FORECAST,
        )
    if data["target"].notna().any():
        aims = data[data["target"].notna()]
        ax.plot(aims["day"], aims["target"], color=theme.TARGET, linewidth=1.1)
        label_line(
            ax,
            aims["day"].iloc[-1],
            aims["target"].iloc[-1],
            pen("Target {end:money}", end=aims["target"].iloc[-1]),
            color=theme.TARGET,
        )
    done = data[data["actual"].notna()]
    ax.plot(done["day"], done["actual"], color=theme.ACTUAL, linewidth=2.4)
    if len(done):
        ax.plot(done["day"].iloc[-1:], done["actual"].iloc[-1:], marker="o", markersize=5, color=theme.ACTUAL)
        ax.annotate(
            pen("Actual {now:money}", now=done["actual"].iloc[-1]),
            (done["day"].iloc[-1], done["actual"].iloc[-1]),
            xytext=(7, -9),
            textcoords="offset points",
            color=theme.ACTUAL,
            fontweight="bold",
            va="top",
            ha="left",
        )
    ax.set_xlim(data["day"].iloc[0], data["day"].iloc[-1])
    money_axis(ax, pen)
    month_axis(ax, pen)
    return ax


def year_path(path: pd.DataFrame) -> Exhibit | None:
    """The year as it adds up, with the forecast's fan."""
    if path["actual"].isna().all():
        return None
    return exhibit.chart(
        draw_path,
        path,
        name="year_path",
        finding=_ending(path),
        subtitle=Message("Bookings since the year began, {currency}; band: 80% interval of the forecast"),
        height=(3.6, 3.0),
        columns={
            "day": Column(marked("Up to"), "date"),
            "target": Column(marked("Target"), "money"),
            "last_year": Column(marked("Last year"), "money"),
            "actual": Column(marked("Actual"), "money"),
            "forecast": Column(marked("Forecast"), "money"),
            "low": Column(marked("Low"), "money"),
            "high": Column(marked("High"), "money"),
        },
    )


def _ending(path: pd.DataFrame) -> Message:
    end = path.iloc[-1]
    if pd.notna(end["forecast"]) and len(path["forecast"].dropna()) > 1:
        if end["high"] - end["low"] < CERTAIN * abs(end["high"]):
            return Message("The year ends at {end:money}", end=end["forecast"])
        return Message(
            "The year ends between {low:money} and {high:money}, four times in five",
            low=end["low"],
            high=end["high"],
        )
    return Message("The year as it adds up")


def draw_grid(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Regions down, product lines across; the deeper the colour, the larger the gap; each cell carries its number."""
    largest = float(data["gap"].abs().max())
    return draw_cells(
        ax,
        data,
        "gap",
        shade=lambda gap: (theme.BEHIND if gap < 0 else theme.AHEAD, depth(gap, largest)),
        pen=pen,
        signed=True,
    )


def gap_grid(cells: pd.DataFrame, *, target: bool) -> Exhibit | None:
    """The gap by region and product line; None where there is but one cell or too many to read."""
    if not readable(cells):
        return None
    worst = cells.iloc[0]
    if target:
        subtitle = Message(
            "Bookings less target, year to date, {currency}; rows: regions, columns: product lines"
        )
    else:
        subtitle = Message(
            "Bookings less last year, year to date, {currency}; rows: regions, columns: product lines"
        )
    return exhibit.chart(
        draw_grid,
        cells,
        name="gap_grid",
        finding=Message(
            "The largest gap: {line} in {region}, {gap:money}",
            line=assigned(worst["product_line"]),
            region=assigned(worst["region"]),
            gap=worst["gap"],
        ),
        subtitle=subtitle,
        height=0.42 * cells["region"].nunique() + 0.5,
        columns={
            "region": Column(marked("Region")),
            "product_line": Column(marked("Product line")),
            "actual": Column(marked("Actual"), "money"),
            "target": Column(marked("Yardstick"), "money"),
            "gap": Column(marked("Gap"), "money"),
        },
    )


def draw_pace(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Per working day: booked so far, target, and what the months left must bring."""
    places = np.arange(len(data))
    booked = data["actual"].notna().to_numpy()
    notation.bars(ax, places, data["target"].fillna(0.0), as_="plan")
    notation.bars(ax, places[booked], data.loc[booked, "actual"], as_="actual")
    bars = notation.bars(ax, places[~booked], data.loc[~booked, "needed"], as_="forecast")
    label_bars(ax, bars, [pen.money(value) for value in data.loc[~booked, "needed"]])
    names = [pen.short_month(month) for month in data["month"]]
    ax.set_xticks(
        places, [name if not pen.narrow or place % 2 == 0 else "" for place, name in enumerate(names)]
    )
    ax.tick_params(axis="x", length=0)
    money_axis(ax, pen)
    return ax


def daily_pace(pace: pd.DataFrame) -> Exhibit | None:
    """Booked per working day by month, and what is needed from now."""
    booked = pace[pace["actual"].notna()]
    if booked.empty:
        return None
    best = booked.sort_values("actual").iloc[-1]
    return exhibit.chart(
        draw_pace,
        pace,
        name="daily_pace",
        finding=Message(
            "The best month so far brought {best:money} a working day, in {month:month}",
            best=best["actual"],
            month=best["month"],
        ),
        subtitle=Message(
            "Per working day, {currency}; solid: booked, hatched: needed from now, outlined: target"
        ),
        height=(3.0, 2.6),
        columns={
            "month": Column(marked("Month"), "month"),
            "actual": Column(marked("Booked"), "money"),
            "target": Column(marked("Target"), "money"),
            "needed": Column(marked("Needed"), "money"),
        },
    )


def draw_attainment(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Bookings to date before their target and last year, with both variances."""
    shown = data.rename(columns={"actual_ytd": "actual", "target_ytd": "target", "prior_ytd": "prior"})
    return notation.compared(ax, shown, list(data["name"]), pen)


def attainment(groups: pd.DataFrame) -> Exhibit | None:
    """Attainment of regions or teams; None where none has a target."""
    judged = groups[groups["attainment"].notna()].sort_values("attainment")
    if judged.empty:
        return None
    worst = judged.iloc[0]
    return exhibit.chart(
        draw_attainment,
        judged,
        name="attainment",
        finding=Message(
            "{name} stands at {reached:percent} of its target to date",
            name=worst["name"],
            reached=worst["attainment"],
        ),
        subtitle=Message(
            "Bookings (solid), target (outlined) and last year (grey), year to date, {currency}; to the right what is more or less"
        ),
        height=0.38 * len(judged) + 0.5,
        columns={
            "name": Column(marked("Region")),
            "target_ytd": Column(marked("Target"), "money"),
            "actual_ytd": Column(marked("Actual"), "money"),
            "prior_ytd": Column(marked("Last year"), "money"),
            "attainment": Column(marked("Attainment"), "share"),
        },
    )


def draw_shapes(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """How far off each shape would have been; the best one in the strong colour."""
    bars = ax.barh(
        range(len(data)),
        data["error"],
        color=[theme.ACTUAL if best else theme.CONTEXT for best in data["best"]],
        height=0.6,
    )
    bar_axis(ax, [pen.sentence(shape_name(name)) for name in data["shape"]], pen)
    label_bars(ax, bars, [pen.share(value) for value in data["error"]])
    calm(ax)
    return ax


def shapes(scores: pd.DataFrame) -> Exhibit | None:
    """The back-test of the month shapes."""
    if scores.empty:
        return None
    return exhibit.chart(
        draw_shapes,
        scores,
        name="shapes",
        finding=Message("The shape {best} fits past years best", best=shape_name(scores["shape"].iloc[0])),
        subtitle=Message(
            "Mean miss of a month, share of an average month, over {n:count} past twelve-month spans",
            n=scores["years"].iloc[0],
        ),
        height=0.3 * len(scores) + 0.3,
        columns={
            "shape": Column(marked("Shape"), words=SHAPES),
            "years": Column(marked("Spans"), "count"),
            "error": Column(marked("Mean miss"), "share"),
        },
    )


def draw_bottom_up(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Per month: expected from the pipeline, with what is needed as a tick."""
    places = np.arange(len(data))
    bars = notation.bars(ax, places, data["expected"], as_="forecast")
    label_bars(ax, bars, [pen.money(value) for value in data["expected"]])
    if "asked" in data:
        for place, needed in zip(places.tolist(), data["asked"], strict=True):
            ax.plot([place - 0.4, place + 0.4], [needed, needed], color=theme.TARGET, linewidth=2)
            if needed == needed:
                asked = pen("asked {amount:money}", amount=needed)
                labels.label_point(ax, place, needed, asked, color=theme.TARGET)
    ax.set_xticks(places, [pen.short_month(month) for month in data["month"]])
    ax.tick_params(axis="x", length=0)
    money_axis(ax, pen)
    return ax


def bottom_up(compared: pd.DataFrame) -> Exhibit | None:
    """Pipeline × win rate by close month beside what is needed."""
    if compared.empty or compared["expected"].isna().all() or not compared["deals"].any():
        return None
    most = compared.sort_values("expected").iloc[-1]
    return exhibit.chart(
        draw_bottom_up,
        compared,
        name="bottom_up",
        finding=Message("Most of the dated pipeline is due in {month:month}", month=most["month"]),
        subtitle=Message("Open pipeline × win rate by expected close, {currency}; tick: asked of deals"),
        height=(2.8, 2.6),
        columns={
            "month": Column(marked("Month"), "month"),
            "deals": Column(marked("Deals"), "count"),
            "pipeline": Column(marked("Pipeline"), "money"),
            "expected": Column(marked("Expected"), "money"),
            "needed": Column(marked("Needed"), "money"),
            "asked": Column(marked("Asked of deals"), "money"),
        },
    )
