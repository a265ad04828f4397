"""What do the six pages of a workspace tell? The notebooks' cells run in this process, without kernels, export and, where asked, drawings."""

from __future__ import annotations

import ast
import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any
from unittest import mock

import pandas as pd

from salesnb.display.kit.exhibit import Exhibit
from salesnb.display.kit.page import Shown
from salesnb.headlines import FIGURES_MIME, SECTION_MIME
from salesnb.intake import facts
from salesnb.intake import workspace as workspaces
from salesnb.intake.workspace import open_book
from tests.steps import NOTEBOOKS, remembered


@dataclass
class Told:
    """One page: its sections, what it hands over, the words of each output, and the data of its exhibits by name."""

    sections: list[dict[str, Any]] = field(default_factory=list)
    handed: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)


@lru_cache
def cells(notebook: Path) -> tuple[tuple[CodeType, CodeType | None], ...]:
    """The code cells after the parameters: what is run, and the expression that is shown."""
    found = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code" or "parameters" in cell["metadata"].get("tags", []):
            continue
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        shown = compile(ast.Expression(last.value), notebook.name, "eval") if last is not None else None
        found.append((compile(ast.Module(body, type_ignores=[]), notebook.name, "exec"), shown))
    return tuple(found)


def pages(
    workspace: str | Path,
    as_of: str,
    *,
    scope: str = "",
    language: str = "en",
    drawn: bool = True,
    only: str = "",
) -> dict[str, Told]:
    """Each notebook's page by its name (those whose name begins with `only`); whatever a cell raises is raised."""
    book = open_book(workspace, as_of=as_of, scope=scope)
    given = {"workspace": str(workspace), "as_of": as_of, "scope": scope, "language": language}
    asked = {name: remembered(getattr(facts, name)) for name in facts.__all__ if name != "rows"}
    told = {}
    with ExitStack() as patched:
        patched.enter_context(mock.patch.multiple(facts, **asked))  # type: ignore[call-overload]
        patched.enter_context(mock.patch.object(workspaces, "open_book", return_value=book))
        if not drawn:
            patched.enter_context(mock.patch.object(Exhibit, "_chart", return_value=[]))
            patched.enter_context(mock.patch.object(Exhibit, "card", return_value=""))
        for notebook in sorted(NOTEBOOKS.glob(f"{only}*.ipynb")):
            names: dict[str, Any] = given | {"previous": "", "outputs": ""}
            told[notebook.stem] = page = Told()
            for run, shown in cells(notebook):
                exec(run, names)
                value = eval(shown, names) if shown is not None else None
                if isinstance(value, Shown):
                    page.words.append(repr(value))
                    if SECTION_MIME in value.bundle:
                        page.sections.append(value.bundle[SECTION_MIME])
                    if FIGURES_MIME in value.bundle:
                        page.handed = value.bundle[FIGURES_MIME]
            page.frames = {name: exhibit.held for name, exhibit in names["page"].exhibits.items()}
    return told
