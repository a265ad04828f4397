"""Which HTML holds the cells of a table, so that it is read on a phone, on paper and by a screen reader?

great_tables lays the cells out; its own style block is dropped for the page's, and its cells get our classes, scopes, roles
and labels. On a phone the rows are no table to the eye, so that the roles say what they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

import pandas as pd
from great_tables import GT

from salesnb.display.kit.cells import clean

CHARACTER = 0.62  # of an em: the width of a letter or digit of a table, with some air
NARROWEST = 30.0  # em


@dataclass(frozen=True)
class Head:
    """A column's heading as markup, its classes, and the letters that its widest cell wants; for the phone, what stands before and after a value."""

    label: str
    looks: str
    wants: int
    short: str = ""
    after: str = ""


def laid_out(
    rows: Sequence[Sequence[str]],
    heads: Sequence[Head],
    *,
    caption: str,
    total: Sequence[str] | None = None,
    look: str = "",
) -> str:
    """A `<table>` of the cells' markup in `rows`, with `total` as its foot. No wider than what it holds; `look` is its class."""
    marked_up = [*rows, *([total] if total is not None else [])]
    table = _structure(marked_up, heads)
    table.attrib.clear()
    wide = sum(head.wants for head in heads)
    table.attrib.update({"role": "table", "style": f"max-width:{max(NARROWEST, wide * CHARACTER):.0f}em"})
    if look:
        table.set("class", look)
    title = ElementTree.Element("caption", {"class": "vh"})
    title.text = clean(caption)
    table.insert(0, title)
    for cell, head in zip(table.iter("th"), heads, strict=True):
        cell.attrib.clear()
        cell.attrib.update({"scope": "col", "role": "columnheader"} | _classes(head))
    body = table.find("tbody")
    head_part = table.find("thead")
    assert body is not None
    assert head_part is not None
    body.attrib.clear()
    for row, markup in zip(body, marked_up, strict=True):
        _fill(row, markup, heads)
    for part in (head_part, body):
        part.set("role", "rowgroup")
    for row in head_part:
        row.attrib.clear()
        row.set("role", "row")
    if total is not None:
        foot = ElementTree.SubElement(table, "tfoot", {"role": "rowgroup"})
        last = body[-1]
        body.remove(last)
        foot.append(last)
    return re.sub(r">\s+<", "><", ElementTree.tostring(table, encoding="unicode", method="html"))


def visible(markup: str) -> str:
    """What of a cell's markup is seen."""
    return html.unescape(re.sub(r"<span class=\"vh\">.*?</span>|<[^>]+>", "", markup))


def _structure(rows: Sequence[Sequence[str]], heads: Sequence[Head]) -> ElementTree.Element:
    """great_tables' table: groups of rows, columns with their widths, headings, and empty cells (`_fill` brings the texts)."""
    table = ElementTree.fromstring(one_column())
    for group, tag in (("colgroup", "col"), ("thead/tr", "th")):
        columns = table.find(group)
        assert columns is not None
        columns[:] = [ElementTree.Element(tag) for _ in heads]
    whole = sum(head.wants for head in heads)
    for column, heading, head in zip(table.iter("col"), table.iter("th"), heads, strict=True):
        column.set("style", f"width:{100 * head.wants / whole:.2f}%;")
        inside = ElementTree.fromstring(f"<th>{head.label}</th>")
        heading.text = inside.text
        heading[:] = list(inside)
    body = table.find("tbody")
    assert body is not None
    body[:] = [ElementTree.Element("tr") for _ in rows]
    for row in body:
        row.extend(ElementTree.Element("td") for _ in heads)
    return table


@lru_cache(maxsize=1)
def one_column() -> str:
    """A table of great_tables with one column and one row; it is asked once, because a page has many tables."""
    laid = GT(pd.DataFrame({"c": [None]}, dtype=object), id="table").cols_width({"c": "100%"})
    text = laid.as_raw_html()
    return text[text.index("<table") : text.rindex("</table>") + len("</table>")]


def _fill(row: ElementTree.Element, markup: Sequence[str], heads: Sequence[Head]) -> None:
    """A row's cells: the first is the row's heading, the others carry theirs for the phone."""
    row.attrib.clear()
    row.set("role", "row")
    for index, (cell, head) in enumerate(zip(row, heads, strict=True)):
        cell.clear()
        inside = ElementTree.fromstring(f"<td>{markup[index]}</td>")
        cell.text = inside.text
        cell.extend(inside)
        if index == 0:
            cell.tag = "th"
            cell.attrib.update({"scope": "row", "role": "rowheader"})
        else:
            cell.attrib.update({"role": "cell", "data-label": html.unescape(head.short)})
            if head.after and markup[index].strip("–"):
                cell.set("data-unit", html.unescape(head.after))
        cell.attrib.update(_classes(head))


def _classes(head: Head) -> dict[str, str]:
    return {"class": head.looks} if head.looks else {}
