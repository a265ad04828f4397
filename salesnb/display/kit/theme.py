"""What does every chart, tile, table and page look like, and which colour means what?

Colours carry meaning before decoration, the same in all notebooks: actual, target, forecast, context, behind, ahead, watch.
A drawing is made with the light values; `salesnb.display.kit.svg` replaces each by its CSS variable, so that one drawing follows
the reader's light or dark setting. A status is always a shape and a word as well as a colour. How charts are drawn is in
`drawing`: whoever only writes pages need not load it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from salesnb.display.kit.palette import ACTUAL as ACTUAL
from salesnb.display.kit.palette import AHEAD as AHEAD
from salesnb.display.kit.palette import BEHIND as BEHIND
from salesnb.display.kit.palette import CONTEXT as CONTEXT
from salesnb.display.kit.palette import FORECAST as FORECAST
from salesnb.display.kit.palette import GRID as GRID
from salesnb.display.kit.palette import INK as INK
from salesnb.display.kit.palette import MEANINGS
from salesnb.display.kit.palette import MUTED as MUTED
from salesnb.display.kit.palette import PAPER as PAPER
from salesnb.display.kit.palette import STATUS as STATUS
from salesnb.display.kit.palette import TARGET as TARGET
from salesnb.display.kit.palette import WATCH as WATCH
from salesnb.display.kit.palette import Status as Status
from salesnb.display.kit.palette import status_of as status_of
from salesnb.plan.brand import house


def variables(*, dark: bool) -> str:
    """The colours as CSS custom properties: ``--actual`` for marks, ``--actual-t`` for text in that colour."""
    return "".join(
        f"--{name}:{colour.dark if dark else colour.light};--{name}-t:{colour.dark_text if dark else colour.light_text};"
        for name, colour in MEANINGS.items()
    )


@lru_cache(maxsize=1)
def section_css() -> str:
    """The rules of a section, without the colours: the same text in JupyterLab and in the exported pages."""
    text = (Path(__file__).parent / "section.css").read_text(encoding="utf-8")
    return squeezed(text)


@lru_cache(maxsize=4)
def lab_css(colour: str | None = None) -> str:
    """What a section carries in JupyterLab: its rules and colours (the house's, where plan.yml names one), which follow Lab's own
    light or dark theme."""
    light, dark = variables(dark=False), variables(dark=True)
    if colour:
        light, dark = (f"{own};{its}" for own, its in zip((light, dark), house(colour), strict=True))
    return f".snb{{{light}}}[data-jp-theme-light=false] .snb{{{dark}}}{section_css()}"


@lru_cache(maxsize=1)
def page_css() -> str:
    """What an exported page carries: rules and colours, which follow the reader's setting; print is light."""
    light, dark = variables(dark=False), variables(dark=True)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}{section_css()}"
    )


def squeezed(css: str) -> str:
    """Rules without comments and needless blanks."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,>])\s*", r"\1", css).replace(": ", ":").strip()
