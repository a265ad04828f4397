"""How does the month become one file? The decision paper, and the pages folded below it, with nothing that lies beside it.

A page in its fold keeps its sections; its headings stand below the paper's, its ids carry its number, so that no two of the file
are the same, and links to files of the folder go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from salesnb.language import Language
from salesnb.report import pages
from salesnb.report.export import Content

LOWER = 2  # levels by which a page's headings stand lower in the file
FILES = re.compile(r'\s*<a class="csv"[^>]*>.*?</a>', re.S)
NAMED = re.compile(r'(\b(?:id|aria-labelledby|for)="|\bhref="#|url\(#)(?=[\w-])')
TAG = re.compile(r"<[a-zA-Z][^<>]*>")
QUOTED = re.compile(
    r"""(?<=\s)(?!href=|src=|id=|for=|aria-labelledby=)([a-zA-Z:-]+)="([^\s"'=<>`/&]+)"(?=[\s>])"""
)
HEADING = re.compile(r"(</?h)([2-4])\b")


def whole(contents: Mapping[str, Content], *, say: Language, **context: Any) -> str:
    """The file of the paper's `context` and the pages that came through, each by its name."""
    appendix = {
        page: {"id": f"p{place}", "html": _folded(content, f"p{place}", say)}
        for place, (page, content) in enumerate(contents.items(), 1)
    }
    return lean(pages.render("month.html.j2", say=say, nav=[], appendix=appendix, **context))


def lean(page: str) -> str:
    """The same page without the quotes that HTML does not ask for: a fifteenth of what a chat has to carry."""
    return TAG.sub(lambda tag: QUOTED.sub(r"\1=\2", tag[0]), page)


def _folded(content: Content, prefix: str, say: Language) -> str:
    """A page's sections for a file that they share with others."""
    body = pages.fragment(
        "appendix.html.j2", say=say, leads=content.leads, sections=[vars(each) for each in content.sections]
    )
    body = NAMED.sub(lambda found: f"{found[1]}{prefix}-", FILES.sub("", body))
    return HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + LOWER}", body)
