"""Which rules and colours does a section carry, in JupyterLab and in an exported page?

Apart from the charts' theme, so that whoever only writes pages need not load what draws.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from salesnb.display.palette import MEANINGS


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


@lru_cache(maxsize=1)
def lab_css() -> str:
    """What a section carries in JupyterLab: its rules and colours, which follow Lab's own light or dark theme."""
    light, dark = variables(dark=False), variables(dark=True)
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
