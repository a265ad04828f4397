"""Where do the notebooks, presets and the demo lie? In the checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

from salesnb.errors import InputError

PACKAGE = Path(__file__).resolve().parent
HOMES = (PACKAGE.parent, PACKAGE / "shipped")


def resource(*parts: str) -> Path:
    """The path of ``resource("data", "demo")``; `InputError` where this installation does not hold it."""
    for home in HOMES:
        path = home.joinpath(*parts)
        if path.exists():
            return path
    raise InputError("this installation of salesnb lacks {name}; install it again", name="/".join(parts))


def notebooks() -> Path:
    """The folder of the six notebooks."""
    return resource("notebooks")
