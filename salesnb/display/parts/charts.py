"""The year by region and product line, drawn as a grid of cells."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.heat import Shade, heat
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import assigned
from salesnb.language import Message, marked
from salesnb.results.targets import Parts

MOST_ROWS, MOST_COLUMNS = 14, 7


def readable(cells: pd.DataFrame) -> bool:
    """Are there cells to compare, and few enough to read?"""
    return (
        len(cells) >= 2
        and cells["region"].nunique() <= MOST_ROWS
        and cells["product_line"].nunique() <= MOST_COLUMNS
    )


def draw_cells(
    ax: Axes,
    data: pd.DataFrame,
    value: str,
    *,
    shade: Shade,
    pen: Pen,
    rising: bool = True,
    signed: bool = False,
) -> Axes:
    """Regions down, smallest sums first (`rising`) or largest; product lines across, in one order on every map; each with its number,
    a difference with its sign (`signed`), which tells it where there is no colour."""
    wide = data.pivot_table(index="region", columns="product_line", values=value, aggfunc="sum")
    wide = wide.loc[_ranked(data, "region", value, rising), _across(data)]
    return heat(
        ax,
        wide,
        shade=shade,
        pen=pen,
        write=lambda number: ("+" if signed and number > 0 else "") + pen.money(number, digits=2),
        rows=[assigned(name) for name in wide.index],
        columns=[assigned(name) for name in wide.columns],
        size=8 if pen.narrow else 10,
    )


def _ranked(data: pd.DataFrame, by: str, value: str, rising: bool) -> pd.Index:
    return data.groupby(by)[value].sum().sort_values(ascending=rising).index


def _across(data: pd.DataFrame) -> pd.Index:
    """The product lines by name, what is not assigned last."""
    return pd.Index(sorted(data["product_line"].unique(), key=lambda name: (name == "", name)))


def depth(number: float, largest: float) -> float:
    """How deep the colour of a cell is beside the largest one."""
    return 0.08 + 0.5 * abs(number) / (largest or 1.0)


def draw_mix(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """What each region sells of each product line by plan; a frame marks what plan.yml fixes."""
    largest = float(data["amount"].abs().max())
    draw_cells(
        ax, data, "amount", shade=lambda number: (theme.TARGET, depth(number, largest)), pen=pen, rising=False
    )
    lines, regions = list(_across(data)), list(_ranked(data, "region", "amount", False))
    for row in data[data["fixed"].astype(bool)].to_dict("records"):
        x, y = lines.index(row["product_line"]), regions.index(row["region"])
        ax.add_patch(
            Rectangle((x + 0.02, y + 0.04), 0.96, 0.92, fill=False, edgecolor=theme.INK, linewidth=1.6)
        )
    return ax


def mix_grid(parts: Parts | None) -> Exhibit | None:
    """The year's target by region and product line; None without one, or with too many cells to read."""
    if parts is None or not readable(parts.cells):
        return None
    cells = parts.cells.assign(share=parts.cells["amount"] / parts.total)
    most = cells.nlargest(1, "amount").iloc[0]
    fixed = bool(cells["fixed"].any())
    drawn = (
        Message(
            "Target of the year, {currency}; rows: regions, columns: product lines; framed: fixed by plan.yml"
        )
        if fixed
        else Message("Target of the year, {currency}; rows: regions, columns: product lines")
    )
    return exhibit.chart(
        draw_mix,
        cells.sort_values("amount", ascending=False, ignore_index=True),
        name="mix_grid",
        finding=Message(
            "The largest part: {line} in {region}, {amount:money} or {share:percent} of the year",
            line=assigned(most["product_line"]),
            region=assigned(most["region"]),
            amount=most["amount"],
            share=most["share"],
        ),
        subtitle=drawn,
        height=0.42 * cells["region"].nunique() + 0.5,
        columns={
            "region": Column(marked("Region")),
            "product_line": Column(marked("Product line")),
            "amount": Column(marked("Target, year"), "money"),
            "share": Column(marked("Share"), "share"),
        },
    )
