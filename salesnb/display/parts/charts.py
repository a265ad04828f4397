"""The year by region and product line, drawn as a grid of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.cells import cut
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.pen import Pen
from salesnb.display.targets.prose import named
from salesnb.language import Message, marked

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
    colours: Sequence[str],
    pen: Pen,
    rising: bool = True,
) -> Axes:
    """Regions down, product lines across, smallest sums first (`rising`) or largest; the deeper a cell's colour, the larger its number."""
    regions = list(data.groupby("region")[value].sum().sort_values(ascending=rising).index)
    lines = list(data.groupby("product_line")[value].sum().sort_values(ascending=rising).index)
    largest = float(data[value].abs().max()) or 1.0
    for row, colour in zip(data.to_dict("records"), colours, strict=True):
        x, y = lines.index(row["product_line"]), regions.index(row["region"])
        depth = 0.08 + 0.5 * abs(row[value]) / largest
        ax.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=colour, alpha=depth, linewidth=0))
        size = 8 if pen.narrow else 10
        text = pen.money(row[value], digits=2)
        ax.text(x, y, text, ha="center", va="center", fontsize=size, color=theme.INK)
    ax.set_xlim(-0.5, len(lines) - 0.5)
    ax.set_ylim(len(regions) - 0.5, -0.5)
    ax.set_xticks(range(len(lines)), [cut(pen.text(named(name)), 8 if pen.narrow else 14) for name in lines])
    ax.set_yticks(
        range(len(regions)), [cut(pen.text(named(name)), 9 if pen.narrow else 16) for name in regions]
    )
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def draw_mix(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """What each region sells of each product line by plan; a frame marks what plan.yml fixes."""
    draw_cells(ax, data, "amount", colours=[theme.TARGET] * len(data), pen=pen, rising=False)
    for patch, fixed in zip(list(ax.patches), data["fixed"], strict=True):
        if fixed:
            x, y = patch.get_xy()  # type: ignore[attr-defined]
            ax.add_patch(Rectangle((x, y), 0.96, 0.92, fill=False, edgecolor=theme.INK, linewidth=1.6))
    return ax


def mix_grid(parts: Any) -> Exhibit | None:
    """The year's target by region and product line; None without one, or with too many cells to read."""
    if parts is None or not readable(parts.cells):
        return None
    cells = parts.cells.assign(share=parts.cells["amount"] / parts.total)
    most = cells.loc[cells["amount"].idxmax()]
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
            line=named(most["product_line"]),
            region=named(most["region"]),
            amount=most["amount"],
            share=most["share"],
        ),
        subtitle=drawn,
        height=0.42 * cells["region"].nunique() + 0.5,
        columns={
            "region": Column(marked("Region")),
            "product_line": Column(marked("Product line")),
            "amount": Column(marked("Target, year"), "cents"),
            "share": Column(marked("Share"), "share"),
        },
    )
