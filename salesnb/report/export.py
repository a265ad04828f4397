"""How does an executed notebook become a page? Markdown and rich outputs stay; code and stray output do not.

The blocks of the notebook's markdown are translated through the catalogue; outputs were made in the reader's language.
What a notebook says of its data and hands to the pack stands at the page's end: the reader came for the answers.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mistune
import nbformat
from nbformat import NotebookNode

from salesnb.headlines import COVER_MIME, FIGURES_MIME, SECTION_MIME
from salesnb.language import Language
from salesnb.language.translation import translated_markdown
from salesnb.report.pages import without_style


@dataclass
class Section:
    """A question of a page, the answer that its first output gives, and the HTML of what follows it."""

    id: str
    title: str
    html: str = ""
    answer: str = ""


@dataclass
class Content:
    """What a page shows: its title, what stands under it, its sections, and at its end the data and all headline numbers;
    `handed` is what it hands to the pack."""

    heading: str
    intro: str = ""
    sections: list[Section] = field(default_factory=list)
    closing: str = ""
    handed: dict[str, Any] | None = None


def read_page(path: Path, *, say: Language, name: str) -> Content:
    """The content of an executed notebook; empty but for its name where there is no such file."""
    if not path.is_file():
        return Content(name)
    return page_content(nbformat.read(path, as_version=4), say=say, name=name)


def page_content(node: NotebookNode, *, say: Language, name: str) -> Content:
    """Title, introduction, sections and what is handed over, from the cells in order.

    A section that shows nothing but what is handed over is the notebook's own business and no part of the page.
    """
    content = Content(heading="")
    handing: Section | None = None
    showing: set[str] = set()
    for cell in node.cells:
        for heading, body in _parts(cell, say):
            if heading is None:
                _append(content, body)
            elif heading.startswith("# ") and not content.heading:
                content.heading = heading[2:].strip()
                content.intro += body
            else:
                content.sections.append(
                    Section(f"q{len(content.sections) + 1}", heading.lstrip("# ").strip(), body)
                )
        for output in cell.get("outputs", []) if cell.cell_type == "code" else []:
            data = output.get("data", {})
            if FIGURES_MIME in data:
                content.handed = dict(data[FIGURES_MIME])
                handing = content.sections[-1] if content.sections else None
            if FIGURES_MIME in data or COVER_MIME in data:
                content.closing += shown(output)
                continue
            _append(content, shown(output))
            if content.sections:
                section = content.sections[-1]
                showing.add(section.id)
                section.answer = section.answer or (data.get(SECTION_MIME) or {}).get("answer") or ""
    if handing is not None and handing.id not in showing:
        content.sections.remove(handing)
    content.heading = content.heading or name
    return content


def shown(output: NotebookNode) -> str:
    """The HTML of one output: rich ones as they are, pictures inside the page, text and streams not at all."""
    data = output.get("data", {})
    if "text/html" in data:
        return without_style(_text(data["text/html"]))
    if "image/svg+xml" in data:
        return f'<div class="snb">{_text(data["image/svg+xml"])}</div>'
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            alternative = html.escape(_text(data.get("text/plain", "")), quote=True)
            body = re.sub(r"\s", "", _text(data[kind]))
            base64.b64decode(body, validate=True)
            return f'<div class="snb"><img alt="{alternative}" src="data:{kind};base64,{body}"></div>'
    if "text/markdown" in data:
        return _markdown(_text(data["text/markdown"]))
    return ""


def _parts(cell: NotebookNode, say: Language) -> Iterator[tuple[str | None, str]]:
    """(heading of level one or two or None, HTML of what follows) of a markdown cell, translated."""
    if cell.cell_type != "markdown":
        return
    text = translated_markdown(cell.source, language=say.code)
    for part in re.split(r"^(?=#{1,2} )", text, flags=re.M):
        if part.startswith("#") and re.match(r"#{1,2} ", part):
            heading, _, rest = part.partition("\n")
            yield heading.rstrip(" #"), _markdown(rest)
        elif part.strip():
            yield None, _markdown(part)


def _append(content: Content, body: str) -> None:
    if content.sections:
        content.sections[-1].html += body
    else:
        content.intro += body


def _markdown(text: str) -> str:
    return (
        str(mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])(text))
        if text.strip()
        else ""
    )


def _text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
