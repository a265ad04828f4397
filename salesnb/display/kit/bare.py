"""How does an analyst's own frame or picture look on a page? Without a word from its author: a table as every other, a text alternative.

Kinds are read off the values: whole numbers, numbers with the same decimals, days; an index that says something stands first.
"""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from salesnb.display.kit.cells import clean, cut
from salesnb.display.kit.grid import Column, table_html
from salesnb.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_COLUMNS = 10  # a page is 960 pixels wide; what stands further right is in the CSV
SPOKEN_VALUES = 12


def tidy(data: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """One column per column, with texts as headings, after those of an index that has a name or is more than a count."""
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    counted = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    index = [] if counted else [frame.index.get_level_values(level) for level in range(frame.index.nlevels)]
    names = ["" if values.name is None else _heading(values.name) for values in index]
    names += [_heading(name) for name in frame.columns]
    columns = [pd.Series(values) for values in index]
    columns += [frame.iloc[:, place].reset_index(drop=True) for place in range(frame.shape[1])]
    if not columns:
        return pd.DataFrame(index=range(len(frame)))
    whole = pd.concat(columns, axis="columns")
    whole.columns = pd.Index(_told_apart(names))
    return whole


def bare_table(frame: pd.DataFrame, *, caption: str, say: Language) -> str:
    """The HTML of a `tidy` frame: ten rows, more in a fold, the first columns."""
    shown = frame.iloc[:, :MOST_COLUMNS]
    kinds = {str(name): _kind(shown[name]) for name in shown}
    columns = {name: Column(name or " ", kind) for name, kind in kinds.items()}
    texts = [name for name, kind in kinds.items() if kind == ""]
    written = shown.assign(**{name: shown[name].astype(object).map(_written) for name in texts})
    return "".join(table_html(written, columns, caption=caption, say=say)) if kinds else ""


def bare_figure(table: str, title: str, *, csv: str, say: Language) -> str:
    """The table under its title, with the way to its CSV where there is one."""
    name = html.escape(say("The data as CSV: {finding}", finding=title), quote=True)
    link = f' <a class="csv" href="{quote(csv)}" download aria-label="{name}">CSV</a>' if csv else ""
    return f'<figure class="ex"><p class="sub">{html.escape(title)}{link}</p>{table}</figure>'


def bare_picture(figure: Figure, say: Language) -> str:
    """The drawing with its text as text, and what it shows in words; it is not shown once more when the cell ends."""
    import matplotlib.pyplot as plt

    drawn = io.StringIO()
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": "salesnb"}):
        figure.savefig(drawn, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    svg = drawn.getvalue()
    words = html.escape(spoken_figure(figure, say), quote=True)
    svg = svg[svg.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{words}"', 1)
    return f'<figure class="ex bare">{svg}</figure>'


def spoken_figure(figure: Figure, say: Language) -> str:
    """What a reader who cannot see the picture hears: titles, what the axes measure, and the numbers of bars and lines."""
    parts = [clean(figure.get_suptitle())]
    for ax in figure.axes:
        parts += [clean(ax.get_title(loc=place)) for place in ("left", "center", "right")]
        axes = [clean(label) for label in (ax.get_xlabel(), ax.get_ylabel()) if label]
        parts += [say("axes: {names:list}", names=axes)] if axes else []
        bars = _bars(ax, say)
        parts += [*bars, *_lines(ax, say, named=bool(bars))]
    said = [part.rstrip(".。") for part in parts if part]
    stop = "。" if say.code == "zh" else ". "
    return stop.join(said) + stop.rstrip() if said else say("A picture without a title")


def _heading(name: object) -> str:
    if isinstance(name, tuple):
        return " · ".join(clean(part) for part in name if str(part))
    return clean(name)


def _told_apart(names: list[str]) -> list[str]:
    """The same heading twice is numbered, so that each column can be called by its own."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    counted: dict[str, int] = {}
    told = []
    for name in names:
        counted[name] = counted.get(name, 0) + 1
        told.append(f"{name} ({counted[name]})" if seen[name] > 1 else name)
    return told


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_complex_dtype(values.dtype):
        return ""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = values.dropna()
        return "date" if days.dt.normalize().eq(days).all() else ""
    return ""


def _written(value: Any) -> str:
    return "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)


def _bars(ax: Axes, say: Language) -> list[str]:
    from matplotlib.container import BarContainer

    said = []
    for bars in ax.containers:
        if not isinstance(bars, BarContainer) or bars.datavalues is None:
            continue
        lying = bars.orientation == "horizontal"
        axis = ax.yaxis if lying else ax.xaxis
        names = {
            round(float(place), 9): label.get_text()
            for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
        }
        values = []
        for bar, length in list(zip(bars.patches, np.ravel(bars.datavalues), strict=False))[:SPOKEN_VALUES]:
            middle = bar.get_y() + bar.get_height() / 2 if lying else bar.get_x() + bar.get_width() / 2
            values.append(f"{names.get(round(float(middle), 9), '')} {say.number(float(length))}".strip())
        said.append(_with_label(bars.get_label(), say.list(values), say))
    return said


def _lines(ax: Axes, say: Language, *, named: bool) -> list[str]:
    """Every line, or beside bars, whose whiskers are lines too, those with a name."""
    said = []
    for line in ax.get_lines():
        if named and str(line.get_label()).startswith("_"):
            continue
        values = pd.Series(pd.to_numeric(np.ravel(line.get_ydata()), errors="coerce")).dropna()
        if len(values) > 1:
            words = say(
                "{n:count} points from {first:number} to {last:number}, the least {low:number}, the most {high:number}",
                n=len(values),
                first=values.iloc[0],
                last=values.iloc[-1],
                low=values.min(),
                high=values.max(),
            )
            said.append(_with_label(line.get_label(), words, say))
    return said


def _with_label(label: object, words: str, say: Language) -> str:
    named = cut(label) if str(label) and not str(label).startswith("_") else ""
    return say("{label}: {words}", label=named, words=words) if named else words
