"""How is a number by rows and columns drawn? As cells whose colour deepens with it, each with its text where there is room."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from salesnb.display.kit.cells import cut
from salesnb.display.kit.palette import INK, PAPER
from salesnb.display.kit.pen import Pen
from salesnb.language import Text

FEW = 5  # columns, up to which names have more room on a phone
Shade = Callable[[float], tuple[str, float]]  # a number's colour, and how deep it is (0 to 1)


def heat(
    ax: Axes,
    wide: pd.DataFrame,
    *,
    shade: Shade,
    pen: Pen,
    write: Callable[[float], str] | None = None,
    rows: list[Text] | None = None,
    columns: list[Text] | None = None,
    size: float = 10,
) -> Axes:
    """`wide` as cells, `shade` says each one's colour and `write` its text; `rows` and `columns` are what stands beside and above.

    A pair without a number is left white.
    """
    numbers = wide.to_numpy(dtype=float)
    texts = None if write is None else np.vectorize(write, otypes=[object])(numbers)
    kws = {"color": INK, "fontsize": size}
    sns.heatmap(
        wide.notna().astype(float), ax=ax, mask=wide.isna(), annot=texts, fmt="", annot_kws=kws, cbar=False
    )
    (mesh,) = ax.collections
    mesh.set_array(None)  # the house's colours, which follow light and dark, and not those of a scale
    mesh.set(
        facecolor=[
            to_rgba(PAPER, 0) if np.isnan(value) else to_rgba(*shade(value)) for value in numbers.ravel()
        ]
    )
    mesh.set(edgecolor=PAPER, linewidth=2)
    ax.set(xlabel="", ylabel="")
    beside, above = rows or list(wide.index), columns or list(wide.columns)
    narrow = (12, 10) if wide.shape[1] <= FEW else (9, 8)
    left, top = narrow if pen.narrow else (16, 14)
    ax.set_yticks(np.arange(len(wide)) + 0.5, [cut(pen.text(name), left) for name in beside])
    ax.set_xticks(np.arange(wide.shape[1]) + 0.5, [cut(pen.text(name), top) for name in above])
    ax.tick_params(length=0, labelrotation=0)
    ax.xaxis.tick_top()
    ax.grid(visible=False)
    return ax
