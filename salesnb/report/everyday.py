"""What of a notebook's everyday values does a page need beside what Jupyter shows of them? An extension of the pack's kernels.

A frame's whole rows go to a CSV, and how the page shows it goes beside pandas' own HTML; a picture gets its text alternative;
what is only the name of a part of a drawing is told apart from a value. Jupyter shows all of them as ever.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.core.formatters import BaseFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets import ObjectName, Unicode
from traitlets.config import Configurable

from salesnb.display.kit.bare import bare_table, spoken_figure, tidy
from salesnb.display.kit.cells import unformulated
from salesnb.headlines import EVERYDAY_MIME
from salesnb.language import Language

DRAWING = ("matplotlib.", "seaborn.")


class Everyday(Configurable):
    """What the extension must know of the page: its name, the pack's folder and the reader's language."""

    page = Unicode(help="the page's name").tag(config=True)
    folder = Unicode(help="the pack in the making").tag(config=True)
    language = Unicode("en", help="the reader's language").tag(config=True)


class EverydayFormatter(BaseFormatter):  # type: ignore[misc]
    """Gives frames, pictures and parts of drawings a word for the page; everything else nothing."""

    format_type = Unicode(EVERYDAY_MIME)
    print_method = ObjectName("_repr_everyday_")
    _return_type = dict

    def __init__(self, settings: Everyday, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = settings
        self.say = Language(settings.language)
        self.tables = 0

    def __call__(self, obj: Any) -> dict[str, Any] | None:
        """Never in the way of what Jupyter shows: a value that cannot be looked into is an ordinary one."""
        try:
            return self._look(obj)
        except Exception as error:
            return {"problem": f"{type(error).__name__}: {error}"[:300]}

    def _look(self, obj: Any) -> dict[str, Any] | None:
        if isinstance(obj, (pd.DataFrame, pd.Series)) and not _is_drawn(obj):
            return self._table(obj)
        drawing = sys.modules.get("matplotlib.figure")  # who has drawn nothing has not imported it
        if drawing is not None and isinstance(obj, drawing.Figure):
            return {"alt": spoken_figure(obj, self.say), "texts": _texts(obj)}
        return {"drawn": type(obj).__name__} if _is_drawn(obj) else None

    def _table(self, data: Any) -> dict[str, str]:
        frame = tidy(data)
        self.tables += 1
        address = f"tables/{self.settings.page}.table_{self.tables}.csv"
        path = Path(self.settings.folder, address)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = unformulated(frame).to_csv(index=False, lineterminator="\n")
        path.write_text(text, encoding="utf-8-sig", newline="")
        caption = self.say("Table {number}", number=self.tables)
        rows = self.say("{title}, rows: {rows:count}", title=caption, rows=len(frame))
        return {"table": bare_table(frame, caption=caption, say=self.say), "csv": address, "title": rows}


def _texts(figure: Any) -> list[str]:
    """Every text of a picture, for who must know what it says: a picture itself cannot be read."""
    from matplotlib.text import Text

    for ax in figure.axes:
        ax.get_xticklabels(), ax.get_yticklabels()  # these are written when they are asked for
    return sorted({text.get_text() for text in figure.findobj(Text)} - {""})


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by IPython: the page's settings come with the kernel's arguments."""
    settings = Everyday(parent=shell)
    if settings.folder and shell.display_formatter is not None:
        formatter = EverydayFormatter(settings, parent=shell.display_formatter)
        shell.display_formatter.formatters[EVERYDAY_MIME] = formatter


def _is_drawn(value: Any) -> bool:
    """Is it an artist, a grid of charts, or a collection of such: what drawing gives back?"""
    for _ in range(3):
        if type(value).__module__.startswith(DRAWING):
            return True
        value = getattr(value, "values", value) if type(value).__module__.startswith("pandas.") else value
        first = getattr(value, "flat", value)
        if isinstance(first, dict):
            first = first.values()
        elif isinstance(value, str) or not hasattr(first, "__iter__") or not hasattr(value, "__len__"):
            return False
        if not len(value):
            return False
        value = next(iter(first))
    return False
