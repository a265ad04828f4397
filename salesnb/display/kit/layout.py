"""Which HTML holds the cells of a table, so that it is read on a phone, on paper and by a screen reader?

Cells carry the page's classes, scopes, roles and labels. On a phone the rows are no table to the eye, so that the roles say
what they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    wide = sum(head.wants for head in heads)
    columns = "".join(f'<col style="width:{100 * head.wants / wide:.2f}%;">' for head in heads)
    labels = "".join(_cell("th", head.label, head, scope="col", role="columnheader") for head in heads)
    body = "".join(_row(row, heads) for row in rows)
    foot = f'<tfoot role="rowgroup">{_row(total, heads)}</tfoot>' if total is not None else ""
    attributes = {"role": "table", "style": f"max-width:{max(NARROWEST, wide * CHARACTER):.0f}em"}
    table = (
        f"<table{_written(attributes | ({'class': look} if look else {}))}>"
        f'<caption class="vh">{html.escape(clean(caption), quote=False)}</caption><colgroup>{columns}</colgroup>'
        f'<thead role="rowgroup"><tr role="row">{labels}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody>{foot}</table>'
    )
    return re.sub(r">\s+<", "><", table)


def visible(markup: str) -> str:
    """What of a cell's markup is seen."""
    return html.unescape(re.sub(r"<span class=\"vh\">.*?</span>|<[^>]+>", "", markup))


def _row(markup: Sequence[str], heads: Sequence[Head]) -> str:
    """A row's cells: the first is the row's heading, the others carry theirs for the phone."""
    first, *others = zip(markup, heads, strict=True)
    cells = [_cell("th", *first, scope="row", role="rowheader")]
    for text, head in others:
        more = {"data-label": html.unescape(head.short)}
        if head.after and text.strip("–"):
            more["data-unit"] = html.unescape(head.after)
        cells.append(_cell("td", text, head, role="cell", **more))
    return f'<tr role="row">{"".join(cells)}</tr>'


def _cell(tag: str, markup: str, head: Head, **attributes: str) -> str:
    look = {"class": head.looks} if head.looks else {}
    return f"<{tag}{_written(attributes | look)}>{markup}</{tag}>"


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
