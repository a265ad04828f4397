"""Has anything changed since the pack was made? Digests of what its pages depend on."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from salesnb.answers import read_answers
from salesnb.findings import FINDINGS
from salesnb.headlines import CALLS, MANIFEST, METRICS, OPEN_DEALS
from salesnb.intake.files import find_workspace
from salesnb.report.request import Marks, Request, find_notebooks

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARIES = (
    "duckdb", "ibis-framework", "ipykernel", "matplotlib", "mistune", "nbclient", "numpy", "pandas", "papermill", "scikit-learn",
    "scipy", "statsmodels",
)  # fmt: skip


def of_files(paths: Iterable[Path], *, base: Path) -> str:
    """One digest of the files' names and contents."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(paths):
        digest.update(f"\0{path.relative_to(base).as_posix()}\0".encode())
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def of_package() -> str:
    """The package's own files: code, templates, catalogues; not the notebooks and data that it ships."""
    shipped = PACKAGE / "shipped"
    files = (
        path
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".j2", ".css", ".po", ".sql"}
        and shipped not in path.parents
    )
    return of_files(files, base=PACKAGE)


def of_notebook(path: Path) -> str:
    """What a notebook would do: its cells without their outputs, so that running it in place changes nothing."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        texts = [
            (cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", []))
            for cell in cells
        ]
    except (ValueError, KeyError, TypeError):
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    return of_content(texts)


def of_pack(folder: Path | None) -> str:
    """Last month's pack as the notebooks read it: its calls and its list of open deals."""
    if folder is None:
        return ""
    read = (folder / CALLS, folder / OPEN_DEALS)
    return of_files((path for path in read if path.is_file()), base=folder)


def of_content(content: object) -> str:
    """A digest of plain data."""
    return hashlib.blake2b(
        json.dumps(content, sort_keys=True, default=str).encode(), digest_size=16
    ).hexdigest()


def versions() -> dict[str, str]:
    """Python's and the libraries' versions."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def read_manifest(place: Path) -> dict[str, Any]:
    """The run.json of a pack; empty where there is none, or it cannot be read or is not as this package writes it."""
    try:
        content = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        marks, pages = content["fingerprints"], content["pages"]
        records = [*pages.values(), marks, marks["notebooks"]]
        [float(record["seconds"]) for record in pages.values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return content if all(isinstance(record, dict) for record in records) else {}


def same(manifest: Mapping[str, Any], fingerprints: Mapping[str, Any]) -> bool:
    """Was the pack of this run.json made from the same data, package, versions and parameters? Notebooks apart."""
    made = manifest["fingerprints"]
    return all(made.get(name) == value for name, value in fingerprints.items() if name != "notebooks")


def of_answers(previous: Path | None) -> str:
    """What people answered to the decisions of the packs beside the previous one; nothing where nobody did."""
    given = read_answers(previous.parent) if previous is not None else {}
    return of_content(given) if given else ""


def marks_of(request: Request, data: str) -> Marks:
    """All that a pack's pages depend on, as digests; `data` is the workspace's own."""
    parameters = request.parameters(Path()) | {"workspace": str(find_workspace(request.workspace))}
    return {
        "data": data,
        "package": of_package(),
        "versions": of_content(versions()),
        "parameters": of_content(parameters),
        "previous": of_pack(request.previous) + of_answers(request.previous),
        "notebooks": {path.stem: of_notebook(path) for path in find_notebooks(request.notebooks)},
    }


def changed_pages(request: Request, marks: Marks) -> list[str] | None:
    """The pages to execute: none, some, or None for all. A page whose notebook or HTML is gone is to be executed again."""
    place, manifest = request.place, read_manifest(request.place)
    if not manifest or not same(manifest, marks):
        return None
    before, now = manifest["fingerprints"]["notebooks"], marks["notebooks"]
    if set(before) - set(now) or not all(
        (place / name).is_file() for name in ("index.html", METRICS, CALLS, FINDINGS)
    ):
        return None
    whole = {
        page
        for page, record in manifest["pages"].items()
        if record.get("status") == "complete"
        and (place / "notebooks" / f"{page}.ipynb").is_file()
        and (place / f"{page}.html").is_file()
    }
    return [page for page, mark in now.items() if page not in whole or before.get(page) != mark]
