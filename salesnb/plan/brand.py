"""May a house colour stand for what was sold? It must be read on white and on near-black (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re

WHITE, NIGHT = "#ffffff", "#12151a"  # the pages' papers
LEAST = 4.5  # of text to paper


def luminance(colour: str) -> float:
    """How light a colour (#1f4e9c) is, from 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, paper: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(colour), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with a `share` of another."""
    pairs = [(int(colour[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(own + (its - own) * share):02x}" for own, its in pairs)


def for_night(colour: str) -> str:
    """The colour, lightened as little as it takes to be read on the dark page."""
    return next(
        made for step in range(21) if contrast(made := mixed(colour, WHITE, step / 20), NIGHT) >= LEAST
    )


LIGHTER = 0.35  # of white in the tint of what is foreseen


def house(colour: str) -> tuple[str, str]:
    """The variables of what was sold and what is foreseen in the house's colour: by day and by night."""
    night = for_night(colour)
    return tuple(
        f"--actual:{own};--actual-t:{own};--forecast:{tint};--forecast-t:{own}"
        for own, tint in ((colour, mixed(colour, WHITE, LIGHTER)), (night, night))
    )  # type: ignore[return-value]


def is_colour(text: str) -> bool:
    """Is it written as #1f4e9c?"""
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None
