"""How does a frame become a table that one reads on a phone, on paper and with a screen reader?

great_tables lays the cells out; its own style block is dropped for the page's. The first column is the row's header, numbers
are right-aligned with their unit in the heading, a total closes the table, rows beyond the first ten fold away, and on a
phone each row becomes a card whose cells carry their heading. Every text from the data is made harmless by us.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pandas as pd
from great_tables import GT
from great_tables import html as verbatim

from salesnb.display.cells import cell, clean, width
from salesnb.display.palette import STATUS
from salesnb.language import Language, Message

LEFT = {"", "list", "status"}
MONEY = {"money", "amount", "cents"}
MOST = 100  # rows of a table on a page; a company with 5,000 accounts still gets pages that a phone opens at once


@dataclass(frozen=True)
class Column:
    """How a column is shown.

    ``kind`` is a kind of `Language`, or ``status`` (▼ behind). ``unit`` stands in the heading: by itself the currency for
    money, amount and cents, days for days, points for points. ``bar`` draws a bar behind the number; ``status`` names the column of the
    data that says ahead, behind or watch for this number; a ``secondary`` column is left out on a phone; ``longest`` cuts
    texts; ``words`` says how values that are the code's own (a shape, a habit) are called.
    """

    label: str | Message
    kind: str = ""
    bar: bool = False
    status: str | None = None
    unit: str | Message | None = None
    secondary: bool = False
    longest: int = 48
    words: Mapping[str, str | Message] | None = None

    def called(self, value: Any, say: Language) -> Any:
        """The value, or what it is called where it is one of the code's own words."""
        return say(self.words[value]) if self.words and value in self.words else value


def table_html(
    data: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    identity: str,
    caption: str,
    say: Language,
    total: Mapping[str, object] | None = None,
    fold: int = 10,
) -> tuple[str, str]:
    """The table in two parts: the first `fold` rows with the total under them, and a fold with more, up to `MOST`, or "".

    One or two rows more than `fold` are shown rather than folded; what is beyond `MOST` is only in the CSV, and the fold
    says so.
    """
    whole = len(data)
    data = data.head(MOST)
    cells = {
        name: [_cell(value, row, name, columns, data, say) for row, value in enumerate(data[name])]
        for name in columns
    }
    frame = pd.DataFrame(cells, dtype=object)
    last = (
        None
        if total is None
        else {
            name: _total(total.get(name), columns[name], first=index == 0, say=say)
            for index, name in enumerate(columns)
        }
    )
    headings = {name: _heading(column, say) for name, column in columns.items()}
    sizes = _sizes(frame, columns, headings, last)
    cut_at = len(frame) if len(frame) <= fold + 2 else fold
    shown = _laid_out(
        frame.iloc[:cut_at], columns, headings, sizes, identity=identity, caption=caption, total=last
    )
    if cut_at == len(frame):
        return shown, ""
    rest = _laid_out(
        frame.iloc[cut_at:],
        columns,
        headings,
        sizes,
        identity=f"{identity}-rest",
        caption=caption,
        total=None,
    )
    if whole > MOST:
        words = say(
            "Rows {first:count} to {last:count} of {n:count}; all are in the CSV",
            first=cut_at + 1,
            last=MOST,
            n=whole,
        )
    else:
        words = say("The other {n:count} rows", n=whole - cut_at)
    more = html.escape(words)
    return shown, f"<details class=more><summary>{more}</summary>{rest}</details>"


def _cell(
    value: Any, row: int, name: str, columns: Mapping[str, Column], data: pd.DataFrame, say: Language
) -> str:
    column = columns[name]
    if column.kind == "status":
        return status_html(str(value or ""), say)
    if column.kind in ("", "list"):
        text = cell(say.kind(column.called(value, say), column.kind), column.longest)
    else:
        text = html.escape(written(value, column.kind, say))
    if column.status is not None:
        text = status_html(str(data[column.status].iloc[row] or ""), say, text=text)
    if column.bar:
        largest = float(pd.to_numeric(data[name], errors="coerce").abs().max() or 0)
        share = 0.0 if pd.isna(value) or not largest else abs(float(value)) / largest
        sign = " neg" if share and float(value) < 0 else ""
        text = f'<span class="bar{sign}" style="--w:{share * 100:.0f}%">{text}</span>'
    return text


def written(value: Any, kind: str, say: Language) -> str:
    """A value as a cell shows it: the unit of days and points stands in the heading."""
    if kind == "status":
        return say(STATUS[value][1]) if value in STATUS else ""
    if kind == "days" and value is not None and not pd.isna(value):
        return say.exact(float(value)) if abs(float(value)) >= 10 else say.number(float(value), digits=2)
    if kind in ("points", "share") and value is not None and not pd.isna(value):
        text = say.exact(
            float(value) * 100, decimals=1
        )  # one decimal throughout, so that a column's points stand in line
        return f"{text}%" if kind == "share" else f"+{text}" if float(value) > 0 else text
    return say.kind(None if value is pd.NaT or value is pd.NA else value, kind)


def status_html(status: str, say: Language, *, text: str = "") -> str:
    """▼ behind: mark and word; with `text`, the mark before it and the word for those who cannot see it."""
    if status not in STATUS:
        return text
    mark, word = STATUS[status][0], html.escape(say(STATUS[status][1]))
    if not text:
        return f'<span class="st {status}"><span aria-hidden="true">{mark}</span> {word}</span>'
    return f'<span class="st {status}"><span aria-hidden="true">{mark}</span><span class="vh">{word}</span> {text}</span>'


def _total(value: object, column: Column, *, first: bool, say: Language) -> str:
    if value is None:
        return html.escape(say("Total")) if first else ""
    if isinstance(value, (str, Message)):
        return html.escape(say.text(value))
    return html.escape(written(value, column.kind, say))


def _heading(column: Column, say: Language) -> tuple[str, str]:
    """Label and unit, escaped."""
    unit = column.unit
    if unit is None:
        unit = {"days": say("days"), "points": say("points")}.get(
            column.kind, say.currency if column.kind in MONEY else ""
        )
    return html.escape(say(column.label)), html.escape(say.text(unit)) if unit else ""


def _sizes(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    headings: Mapping[str, tuple[str, str]],
    total: Mapping[str, str] | None,
) -> list[float]:
    """Column widths in per cent, from the texts: the shown and the folded part must stand in line."""
    wants = []
    for name, column in columns.items():
        texts = [_visible(text) for text in [*frame[name], (total or {}).get(name, "")]]
        longest = max((width(text) for text in texts), default=1)
        words = max((width(word) for word in re.split(r"[\s]", " ".join(headings[name]))), default=1)
        head = max(words, (width(" ".join(headings[name])) + 1) // 2)
        wants.append(
            max(
                min(longest, 28 if column.kind in LEFT else 20) + (4 if column.bar or column.status else 0),
                head,
                5,
            )
            + 3
        )
    whole = sum(wants)
    return [round(100 * want / whole, 2) for want in wants]


def _visible(markup: str) -> str:
    return html.unescape(re.sub(r"<span class=\"vh\">.*?</span>|<[^>]+>", "", markup))


def _laid_out(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    headings: Mapping[str, tuple[str, str]],
    sizes: Sequence[float],
    *,
    identity: str,
    caption: str,
    total: Mapping[str, str] | None,
) -> str:
    """The structure from great_tables, with our classes, scopes, roles and labels."""
    rows = frame if total is None else pd.concat([frame, pd.DataFrame([total])], ignore_index=True)
    marked_up = rows[list(columns)].to_numpy()
    keys = {name: f"c{index}" for index, name in enumerate(columns)}
    laid = (
        GT(rows[list(columns)].rename(columns=keys).map(_visible), id=identity)
        .cols_label(
            {
                keys[name]: verbatim(f"{label}, <i>{unit}</i>" if unit else label)
                for name, (label, unit) in headings.items()
            }
        )
        .cols_align(
            "right", [keys[name] for name, column in columns.items() if column.kind not in LEFT] or None
        )
        .cols_width({keys[name]: f"{size}%" for name, size in zip(columns, sizes, strict=True)})
    ).as_raw_html()
    table = ElementTree.fromstring(laid[laid.index("<table") : laid.rindex("</table>") + len("</table>")])
    table.attrib.clear()
    table.set("role", "table")
    title = ElementTree.Element("caption", {"class": "vh"})
    title.text = clean(caption)
    table.insert(0, title)
    classes = [
        (" ".join(filter(None, ["" if column.kind in LEFT else "n", "sec" if column.secondary else ""])))
        for column in columns.values()
    ]
    for heading, look in zip(table.iter("th"), classes, strict=True):
        heading.attrib.clear()
        heading.attrib.update({"scope": "col", "role": "columnheader"} | ({"class": look} if look else {}))
    body = table.find("tbody")
    assert body is not None
    body.attrib.clear()
    labels = [_visible(", ".join(filter(None, heading))) for heading in headings.values()]
    for row, marked_row in zip(body, marked_up, strict=True):
        row.attrib.clear()
        row.set("role", "row")
        for index, (data_cell, look) in enumerate(zip(row, classes, strict=True)):
            data_cell.clear()
            inside = ElementTree.fromstring(f"<td>{marked_row[index]}</td>")
            data_cell.text = inside.text
            data_cell.extend(inside)
            if index == 0:
                data_cell.tag = "th"
                data_cell.attrib.update({"scope": "row", "role": "rowheader"})
            else:
                data_cell.attrib.update({"role": "cell", "data-label": labels[index]})
            if look:
                data_cell.set("class", look)
    for group in ("thead", "tbody"):
        part = table.find(group)
        assert part is not None
        part.set("role", "rowgroup")
    for row in table.iterfind("thead/tr"):
        row.attrib.clear()
        row.set("role", "row")
    if total is not None:
        foot = ElementTree.SubElement(table, "tfoot", {"role": "rowgroup"})
        last = body[-1]
        body.remove(last)
        foot.append(last)
    return re.sub(r">\s+<", "><", ElementTree.tostring(table, encoding="unicode", method="html"))
