"""Were a notebook's parameters given as it takes them? papermill only warns of a name that the notebook lacks, and runs on.

Names are read off the cells that IPython has run: what papermill injects begins with its mark, and what the cells before it
assign is what the notebook takes. Values must be texts, because papermill mangles anything else.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence

from salesnb.errors import InputError, nearest

INJECTED = "# Parameters"  # how papermill marks what it injects


def require_known() -> None:
    """`InputError` for an injected parameter that the notebook, where one runs here, does not take."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell else None
    check_cells(running.user_ns.get("In", []) if running else [])


def check_cells(cells: Sequence[str]) -> None:
    """The same for the sources of the cells, in order."""
    injected = next((at for at, cell in enumerate(cells) if cell.startswith(INJECTED)), None)
    known = [name for cell in cells[:injected] for name in _assigned(cell)]
    for name in _assigned(cells[injected]) if injected is not None and known else []:
        if name not in known:
            guess = nearest(name, known)
            if guess:
                raise InputError(
                    "the notebook has no parameter {name}; did you mean {guess}?", name=name, guess=guess
                )
            raise InputError(
                "the notebook has no parameter {name}; there are {known:list}",
                name=name,
                known=[*dict.fromkeys(known)],
            )


def require_texts(**given: object) -> None:
    """`InputError` for a parameter that is not a text."""
    for name, value in given.items():
        if not isinstance(value, str):
            raise InputError(
                "{name} must be a text, but is {value} ({kind}); write it in quotation marks",
                name=name,
                value=repr(value),
                kind=type(value).__name__,
            )


def _assigned(cell: str) -> Iterator[str]:
    try:
        statements = ast.parse(cell).body
    except SyntaxError:  # a magic
        return
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
