"""Which colour means what, in light and in dark?

Each meaning has four values: marks and text, on white and on near-black. Marks keep 3:1 and text 4.5:1 against the page
(a test computes it). The light mark is also the colour that matplotlib draws with and is unique, so that a drawing can be
translated to CSS variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from salesnb.language import marked

Status = Literal["ahead", "behind", "watch", ""]

ACTUAL = "#1f4e9c"
TARGET = "#3b424d"
FORECAST = "#6491d6"
CONTEXT = "#87919f"
BEHIND = "#b3261e"
AHEAD = "#1f8046"
WATCH = "#b86e00"
INK = "#181c22"
MUTED = "#565e6a"
GRID = "#e1e5ea"
PAPER = "#ffffff"


@dataclass(frozen=True)
class Colour:
    """One meaning: its mark and its text, on the light and on the dark page."""

    light: str
    light_text: str
    dark: str
    dark_text: str


MEANINGS: Mapping[str, Colour] = MappingProxyType(
    {
        "actual": Colour(ACTUAL, "#1f4e9c", "#6ea8ff", "#8dbaff"),
        "target": Colour(TARGET, "#3b424d", "#c5ccd6", "#d3d9e1"),
        "forecast": Colour(FORECAST, "#2f62ad", "#3f74c4", "#9dc2f7"),
        "context": Colour(CONTEXT, "#565e6a", "#727d8c", "#a9b2be"),
        "behind": Colour(BEHIND, "#b3261e", "#f2786d", "#ff9a90"),
        "ahead": Colour(AHEAD, "#1b7340", "#55bd80", "#71d096"),
        "watch": Colour(WATCH, "#8a5200", "#e0a13c", "#f0b65a"),
        "ink": Colour(INK, "#181c22", "#e9ecf1", "#e9ecf1"),
        "muted": Colour(MUTED, "#565e6a", "#a9b2be", "#a9b2be"),
        "grid": Colour(GRID, "#565e6a", "#30363f", "#a9b2be"),
        "paper": Colour(PAPER, "#ffffff", "#12151a", "#12151a"),
    }
)

STATUS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ahead": ("▲", marked("ahead")),
        "behind": ("▼", marked("behind")),
        "watch": ("●", marked("watch")),
    }
)


def status_of(
    value: float | None, yardstick: float | None, *, more_is_better: bool = True, tolerance: float = 0.02
) -> Status:
    """ahead, behind or watch: how a number stands to its yardstick; "" where one of them is missing.

    Within `tolerance` of the yardstick (relative to it, on the wrong side) it is to be watched.
    """
    if value is None or yardstick is None or value != value or yardstick != yardstick:
        return ""
    gap = (value - yardstick) * (1 if more_is_better else -1)
    if gap >= 0:
        return "ahead"
    return "watch" if -gap <= tolerance * abs(yardstick) else "behind"
