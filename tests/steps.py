"""The headline numbers of a workspace by the notebooks' own steps, without charts, texts and the kernels of a whole pack."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from types import CodeType
from unittest import mock

import pandas as pd

from salesnb.headlines import Figure
from salesnb.intake import facts
from salesnb.intake import workspace as workspaces
from salesnb.intake.workspace import open_book

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
WANTED = "figures"


@lru_cache
def program(notebook: Path) -> CodeType:
    """Those statements of a notebook on which its figures depend, in their order; the parameters are left out."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    source = "\n".join(
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    )
    needed, kept = {WANTED}, []
    for statement in reversed(ast.parse(source).body):
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        written = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        if isinstance(statement, ast.Import | ast.ImportFrom) or needed & written:
            kept.append(statement)
            needed |= {node.id for node in names if isinstance(node.ctx, ast.Load)}
    return compile(ast.Module(kept[::-1], type_ignores=[]), notebook.name, "exec")


def figures(workspace: str | Path, as_of: str, scope: str = "") -> dict[str, Figure]:
    """key → figure, of all six notebooks; what one of them asked the book is remembered for the next."""
    found: dict[str, Figure] = {}
    book = open_book(workspace, as_of=as_of, scope=scope)
    parameters = {"workspace": str(workspace), "as_of": as_of, "scope": scope, "language": "en"}
    asked = {name: remembered(getattr(facts, name)) for name in facts.__all__ if name != "rows"}
    with mock.patch.multiple(facts, **asked), mock.patch.object(workspaces, "open_book", return_value=book):
        for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
            names = parameters | {"previous": "", "outputs": ""}
            exec(program(notebook), names)
            found |= names[WANTED]
    return found


def remembered(fact: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    known: dict[str, pd.DataFrame] = {}

    @wraps(fact)  # a book tells its frames apart by their facts' names
    def again(*given: object, **options: object) -> pd.DataFrame:
        key = repr((given[1:], sorted(options.items())))
        if key not in known:
            known[key] = fact(*given, **options)
        return known[key].copy() if isinstance(known[key], pd.DataFrame) else known[key]

    return again
