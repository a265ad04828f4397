"""The headline numbers of a workspace by the notebooks' own steps, without charts, texts and the kernels of a whole pack."""

from __future__ import annotations

import ast
import json
from functools import lru_cache
from pathlib import Path
from types import CodeType

from salesnb.headlines import Figure

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


def figures(workspace: str | Path, as_of: str, scope: str = "", *, without: tuple[str, ...] = ()) -> dict[str, Figure]:
    """key → figure, of every notebook whose name does not begin with one of `without`."""
    found: dict[str, Figure] = {}
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not notebook.name.startswith(tuple(without)):
            names = {"workspace": str(workspace), "as_of": as_of, "scope": scope, "language": "en", "previous": "", "outputs": ""}
            exec(program(notebook), names)
            found |= names[WANTED]
    return found
