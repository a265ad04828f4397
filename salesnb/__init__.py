"""salesnb: the workbook with which a sales organisation runs its year.

>>> import salesnb as sb
>>> book = sb.open("data/demo", as_of="2026-10-31", scope="region=East")
>>> int(book.sql("SELECT count(*) AS orders FROM orders")["orders"].iloc[0]) > 0
True

Everything here is imported when it is first used; `help(sb.open)` and the like tell the rest.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salesnb.analysis.intervals import wilson
    from salesnb.display.kit.exhibit import chart, table
    from salesnb.display.kit.grid import Column
    from salesnb.display.kit.page import Page
    from salesnb.errors import InputError
    from salesnb.intake.workspace import open
    from salesnb.packs import compare, read_metrics

try:
    __version__ = version("salesnb")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"

_PLACES = {  # public name → the module that holds it, and what it is called there
    "open": ("salesnb.intake.workspace", "open"),
    "Page": ("salesnb.display.kit.page", "Page"),
    "chart": ("salesnb.display.kit.exhibit", "chart"),
    "table": ("salesnb.display.kit.exhibit", "table"),
    "Column": ("salesnb.display.kit.grid", "Column"),
    "wilson": ("salesnb.analysis.intervals", "wilson"),
    "read_metrics": ("salesnb.packs", "read_metrics"),
    "compare": ("salesnb.packs", "compare"),
    "InputError": ("salesnb.errors", "InputError"),
}
__all__ = ["Column", "InputError", "Page", "chart", "compare", "open", "read_metrics", "table", "wilson"]


def __getattr__(name: str) -> Any:
    """What is asked for by its public name, imported now."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, called = _PLACES[name]
    return getattr(import_module(module), called)


def __dir__() -> list[str]:
    return [*__all__, "__all__", "__doc__", "__version__"]
