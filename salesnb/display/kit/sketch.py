"""How is one chart drawn in the sizes that a page needs: wide, narrow for a phone, small for a card?

The same ``draw(ax, data, pen)`` makes all of them. After it, labels are fitted into the drawing and those at line
ends spread apart; what comes out is SVG for HTML.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
import pandas as pd

from salesnb.display.kit import drawing
from salesnb.display.kit.fitting import fit_bar_labels, fit_names, over_bars, spread_end_labels
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.svg import svg_of, unwarned
from salesnb.language import Language

Draw = Callable[[Any, pd.DataFrame, Pen], Any]
WIDE_HEIGHT = 3.5
NARROW_HEIGHT = 2.7
CARD_HEIGHT = 2.4
SMALL_HEIGHT = 1.7  # of each of many small multiples
TWO_LINES = 0.43  # of a bar with its name above it


@dataclass(frozen=True)
class Sketch:
    """A chart that can be drawn in any size; `rows` and `cols` are those of the wide drawing."""

    draw: Draw
    data: pd.DataFrame = field(repr=False)
    say: Language = field(repr=False)
    name: str
    rows: int = 1
    cols: int = 1
    height: float | tuple[float, float] | None = None
    share: bool = True

    def wide(self) -> str:
        height = self.height[0] if isinstance(self.height, tuple) else self.height or WIDE_HEIGHT * self.rows
        return self._drawn("w", self.rows, self.cols, height, narrow=False)

    def narrow(self) -> str:
        rows, cols, height = self._narrow_grid()
        return self._drawn("n", rows, cols, height, narrow=True)

    def card(self) -> str:
        """The narrow drawing, lower where its height is free."""
        rows, cols, height = self._narrow_grid()
        return self._drawn(
            "c", rows, cols, CARD_HEIGHT if self.height is None and rows * cols == 1 else height, narrow=True
        )

    def _narrow_grid(self) -> tuple[int, int, float]:
        """Rows, columns and height: few axes stand below each other, many in two columns."""
        count = self.rows * self.cols
        cols = 1 if count <= 4 else 2
        rows = math.ceil(count / cols)
        if isinstance(self.height, tuple):
            return rows, cols, self.height[1]
        if count == 1:
            return rows, cols, self.height or NARROW_HEIGHT
        each = (self.height or WIDE_HEIGHT * self.rows) / self.rows * 0.7 if cols == 1 else SMALL_HEIGHT
        return rows, cols, each * rows

    def _drawn(self, size: str, rows: int, cols: int, height: float, *, narrow: bool) -> str:
        count = self.rows * self.cols
        width = drawing.NARROW_INCHES if narrow else drawing.WIDE_INCHES
        with mpl.rc_context(dict(drawing.RC)), unwarned():
            figure, ax = drawing.figure(rows=rows, cols=cols, width=width, height=height, share=self.share)
            axes = drawing.axes_of(ax)
            for spare in axes[count:]:
                spare.set_visible(False)
            self.draw(ax if count == 1 else ax[:count], self.data.copy(), Pen(self.say, narrow=narrow))
            if lines := max(over_bars(one) for one in axes[:count]):
                figure.set_figheight(max(height, rows * (lines * TWO_LINES + 0.5)))
            drawing.settle(figure)
            widened = [fit_bar_labels(one) for one in axes[:count]]
            if any(widened):
                drawing.settle(figure)
            for one in axes[:count]:
                fit_names(one)
                spread_end_labels(one, points=drawing.FONT_POINTS)
            return svg_of(figure, name=f"{self.name}-{size}")
