"""What do libraries look up when the first chart and the first table are made? Fonts, templates, plugins: once for many pages."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit.exhibit import Column, chart, table
from salesnb.display.kit.pen import Pen
from salesnb.language import Language


def rehearse() -> None:
    """One small chart and one small table, shown to nobody; what they made libraries look up stays in the process."""
    say = Language("en")
    data = pd.DataFrame({"day": pd.to_datetime(["2026-01-01", "2026-01-02"]), "amount": [1.0, 2.0]})
    columns = {"day": Column("Day", "date"), "amount": Column("Amount", "money")}
    words: dict[str, Any] = {
        "name": "rehearsal",
        "finding": "Nothing",
        "subtitle": "Nothing",
        "columns": columns,
    }
    for made in (chart(_draw, data, **words), table(data, **words)):
        if made is not None:
            made.html(say)


def _draw(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    ax.plot(data["day"], data["amount"], label="Amount")
    ax.bar(data["day"], data["amount"])
    ax.set_title("Amount")
    return ax
