"""How does a template become a page: one HTML file without scripts, requests or anything beside it?

The contexts are plain dicts; each template says at its top what it takes.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from salesnb.display.kit import theme
from salesnb.language import Language
from salesnb.report.look import Look, tongued

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, *, say: Language, look: Look | None = None, **context: Any) -> str:
    """The page that ``page.html.j2``, ``index.html.j2`` or ``failed.html.j2`` makes of `context`."""
    shared = {
        "notices": [],
        "links": [],
        "versions": "",
        "methods": [],
        "sections": [],
        "leads": [],
        "intro": "",
        "closing": "",
    }
    language = "zh-CN" if say.code == "zh" else "en"
    look = look or Look()
    css = stylesheet() + look.css
    page = _environment().get_template(template)
    made = page.render(**shared | context, say=say, language=language, css=css, logo=look.logo)
    return made if say.code == "zh" else tongued(made)


def fragment(template: str, *, say: Language, **context: Any) -> str:
    """A part of a page, without head and frame."""
    return _environment().get_template(template).render(**context, say=say)


@lru_cache(maxsize=1)
def stylesheet() -> str:
    """All rules of a page: the pages' own before those of the sections."""
    return theme.squeezed((TEMPLATES / "pages.css").read_text(encoding="utf-8")) + theme.page_css()


def without_style(output: str) -> str:
    """A section's HTML as JupyterLab shows it, without the style block that it carries there."""
    if output.startswith("<style>"):
        return output[output.index("</style>") + len("</style>") :]
    return output


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        lstrip_blocks=False,
        keep_trailing_newline=True,
    )
