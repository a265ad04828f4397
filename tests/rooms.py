"""How many statements has each room? `python -m tests.rooms [REVISION]`: of this checkout, beside those of a revision.

A statement is what Python's grammar calls one, the docstring of a module or function left out.
"""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def statements(source: str) -> int:
    """The statements of a module."""
    nodes = list(ast.walk(ast.parse(source)))
    texts = sum(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for node in nodes
    )
    return sum(isinstance(node, ast.stmt) for node in nodes) - texts


def room(path: str) -> str:
    """The room of a file below the root: a folder of the package, its ground floor, the tests."""
    first, *rest = Path(path).parts
    return first if first != "salesnb" else f"salesnb/{rest[0]}" if len(rest) > 1 else "salesnb"


def here() -> Iterator[tuple[str, str]]:
    """The Python files of this checkout: path below the root, text."""
    for folder in ("salesnb", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def at(revision: str) -> Iterator[tuple[str, str]]:
    """The same of a revision."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    for path in git("ls-tree", "-r", "--name-only", revision, "salesnb", "tests").splitlines():
        if path.endswith(".py"):
            yield path, git("show", f"{revision}:{path}")


def counted(files: Iterator[tuple[str, str]]) -> Counter[str]:
    """Room → statements; a package's rooms add up to "salesnb/"."""
    found: Counter[str] = Counter()
    for path, source in files:
        found[room(path)] += statements(source)
        if path.startswith("salesnb/"):
            found["salesnb/ in all"] += statements(source)
    return found


if __name__ == "__main__":
    now, before = counted(here()), counted(at(sys.argv[1])) if len(sys.argv) > 1 else Counter()
    for name in sorted({*now, *before}):
        print(f"{name:22}{before[name]:8,}{now[name]:8,}{now[name] - before[name]:+8,}")
