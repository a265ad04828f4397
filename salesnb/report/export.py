"""How does an executed notebook become a page? What is seen in the notebook stands on it, but code and warnings.

The blocks of the notebook's markdown are translated through the catalogue; outputs were made in the reader's language.
What a notebook says of its data and hands to the pack stands at the page's end: the reader came for the answers.
Of one output the page has the richest kind that it can show (`shown`); what it cannot show is told in `Content.left_out`.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mistune
import nbformat
from nbformat import NotebookNode

from salesnb.display.kit.bare import bare_figure
from salesnb.display.kit.cells import cut
from salesnb.errors import without_secrets
from salesnb.headlines import COVER_MIME, EVERYDAY_MIME, FIGURE_MIME, FIGURES_MIME, SECTION_MIME
from salesnb.language import Language, Message
from salesnb.language.translation import translated_markdown
from salesnb.report.pages import without_style

PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
LINES = 40  # of printed text on a page
WIDEST = 300  # letters of a line of it
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# what the analyst's edition, the notebook, shows alone
ANALYSTS = re.compile(r'<(p|figure|tr)\b[^>]*\bclass="[^"]*\banalyst\b[^"]*"[^>]*>.*?</\1>', re.S)
ACTIVE = re.compile(
    r"<(script|iframe|object|embed|link|meta|base)\b[^>]*>(?:(?:(?!<\1\b).)*?</\1\s*>)?", re.I | re.S
)
FETCHED = re.compile(
    r"<(img|video|audio|source|image)\b(?=[^>]*\b(?:src|href)\s*=\s*[\"']?\s*(?!data:|#|[\"'\s]))[^>]*>", re.I
)


@dataclass
class Section:
    """A question of a page, the answer that its first output gives, and the HTML of what follows it."""

    id: str
    title: str
    html: str = ""
    answer: str = ""
    quiet: str = ""  # the line in its stead where nothing was found or looked for


@dataclass
class Content:
    """What a page shows: its title, what stands under it, its sections, and at its end the data and all headline numbers;
    `handed` is what it hands to the pack."""

    heading: str
    intro: str = ""
    sections: list[Section] = field(default_factory=list)
    closing: str = ""
    handed: dict[str, Any] | None = None
    left_out: list[Message] = field(default_factory=list)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)  # numbers of an analyst's own, by key

    @property
    def leads(self) -> list[str]:
        """What the page hands over as its first words and none of its sections answers; the rest stands in the paper's lines."""
        answers = {section.answer for section in self.sections}
        return [lead for lead in (self.handed or {}).get("leads", []) if lead not in answers]

    @property
    def answer(self) -> str:
        """What the page says first."""
        return next((section.answer for section in self.sections if section.answer), "")


@dataclass
class Cell:
    """What the outputs of one cell leave on the page: `pictures` that it has shown, and what it could not show."""

    pictures: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    left_out: list[Message] = field(default_factory=list)


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
        cell_so_far = Cell()
        for output in _outputs(cell):
            data = output.get("data", {})
            if FIGURES_MIME in data:
                content.handed = dict(data[FIGURES_MIME])
                handing = content.sections[-1] if content.sections else None
            if FIGURE_MIME in data:
                content.own[data[FIGURE_MIME]["key"]] = dict(data[FIGURE_MIME])
            if FIGURES_MIME in data or COVER_MIME in data:
                content.closing += shown(output, say=say, cell=cell_so_far)
                continue
            body = shown(output, say=say, cell=cell_so_far)
            _append(content, body)
            if content.sections and body:
                section, facts = content.sections[-1], data.get(SECTION_MIME) or {}
                still = facts.get("lacking") or facts.get("quiet") or ""
                section.quiet = still if still and (section.quiet or section.id not in showing) else ""
                showing.add(section.id)
                section.answer = section.answer or facts.get("answer") or ""
        content.left_out += cell_so_far.left_out
        if not cell_so_far.pictures:  # of a picture on the page nobody misses the names of its parts
            content.left_out += [
                Message("a part of a drawing whose picture stands elsewhere: {kind}", kind=kind)
                for kind in cell_so_far.drawn
            ]
    if handing is not None and handing.id not in showing:
        content.sections.remove(handing)
    content.heading = content.heading or name
    return content


def shown(output: NotebookNode, *, say: Language, cell: Cell) -> str:
    """The HTML of one output; `cell` remembers what the cell has shown and what no page can.

    HTML and Markdown stay as they are, pictures lie inside the page, a bare frame is a table like every other, and text is a
    small note. A warning is for the analyst, not for the reader.
    """
    if output.output_type == "stream":
        if output.name == "stderr":
            cell.left_out.append(Message("a warning: {text}", text=_last_line(output.text)))
            return ""
        return _note(output.text, cell)
    data, word = output.get("data", {}), output.get("data", {}).get(EVERYDAY_MIME, {})
    if "problem" in word:
        cell.left_out.append(Message("the table of a frame: {problem}", problem=word["problem"]))
    if "unread" in word:
        told = Message("a picture whose words cannot be read, in a scope's pack: {kind}", kind=word["unread"])
        cell.left_out.append(told)
        if "text/html" not in data:
            return ""
    if "table" in word:
        table = bare_figure(word["table"], word["title"], csv=word["csv"], say=say)
        return f'<div class="snb">{table}</div>'
    if "text/html" in data:
        return _harmless(ANALYSTS.sub("", without_style(_text(data["text/html"]))), cell)
    if picture := _picture(output, word.get("alt", ""), say, cell):
        if picture in cell.pictures:  # a figure as a cell's last value is shown once more when the cell ends
            return ""
        cell.pictures.append(picture)
        return f'<div class="snb">{picture}</div>'
    if "text/markdown" in data:
        return _markdown(_text(data["text/markdown"]))
    if "drawn" in word:
        cell.drawn.append(word["drawn"])
        return ""
    foreign = [kind for kind in data if not kind.startswith(("text/", "application/vnd.salesnb."))]
    if foreign or output.output_type not in ("display_data", "execute_result"):
        cell.left_out += [_left_out(kind) for kind in foreign or [output.output_type]]
        return ""
    return _note(data.get("text/latex") or data.get("text/plain", ""), cell)


def _outputs(cell: NotebookNode) -> list[NotebookNode]:
    """What a code cell shows; nothing where its author has tagged it as the notebook's own business."""
    tags = cell.metadata.get("tags", [])
    return [] if cell.cell_type != "code" or "remove-output" in tags else cell.get("outputs", [])


def _left_out(kind: str) -> Message:
    return Message("an output that a page cannot show: {kind}", kind=kind)


def _picture(output: NotebookNode, alternative: str, say: Language, cell: Cell) -> str:
    """A drawing or an image with its text alternative, or ""."""
    data = output.get("data", {})
    kind = next((kind for kind in PICTURES if kind in data), None)
    if kind is None:
        return ""
    given = output.get("metadata", {}).get(kind, {})
    words = alternative or (given.get("alt", "") if isinstance(given, Mapping) else "")
    text = _text(data.get("text/plain", ""))
    words = html.escape(
        words or ("" if text.startswith("<") else text) or say("A picture without a title"), quote=True
    )
    if kind == "image/svg+xml":
        svg = re.sub(r"^.*?(?=<svg\b)", "", _text(data[kind]), flags=re.S)
        return _harmless(svg, cell).replace("<svg", f'<svg role="img" aria-label="{words}"', 1)
    body = re.sub(r"\s", "", _text(data[kind]))
    base64.b64decode(body, validate=True)
    return f'<img alt="{words}" src="data:{kind};base64,{body}">'


def _note(text: str | Sequence[str], cell: Cell) -> str:
    """Printed text and bare values: small, and no longer than a reader bears."""
    lines = [line.rsplit("\r", 1)[-1] for line in ANSI.sub("", _text(text)).rstrip().split("\n")]
    if not any(lines):
        return ""
    rest = len(lines) - LINES
    if rest > 0:
        cell.left_out.append(
            Message("printed lines after the first {shown:count}: {rest:count}", shown=LINES, rest=rest)
        )
        lines = [*lines[:LINES], "…"]
    body = html.escape("\n".join(cut(line, WIDEST) if len(line) > WIDEST else line for line in lines))
    return f'<div class="snb"><pre class="note">{body}</pre></div>'


def _harmless(markup: str, cell: Cell) -> str:
    """HTML without what runs or is fetched: a page is read offline and needs no script."""
    for pattern in (ACTIVE, FETCHED):
        found = pattern.findall(markup)
        cell.left_out += [_left_out(f"<{name.lower()}>") for name in sorted(set(found))]
        markup = pattern.sub("", markup) if found else markup
    return markup


def _last_line(text: str) -> str:
    lines = [line.strip() for line in ANSI.sub("", _text(text)).splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r".*\w(Warning|Error)\b", line)]
    return without_secrets(re.sub(r"^\S*:\d+: ", "", (telling or lines or [""])[0]))[:200]


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
