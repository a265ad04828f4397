"""Where is a workspace, what does its plan say, and has anything in it changed? And the gate to its book, `open_book`.

Paths, plan and digest need neither the engine nor a frame, so that a pack whose inputs have not changed is told of in a
moment; what needs them is in `intake.book` and is imported when it is first asked for.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from salesnb import __version__
from salesnb.errors import InputError, trouble
from salesnb.intake import workbooks
from salesnb.packs import is_pack
from salesnb.plan import Plan, load_plan, read_plan

if TYPE_CHECKING:
    from salesnb.intake.book import (
        Book,
        checked_snapshot,
        counts_frame,
        data_span,
        held,
        make_snapshot,
        open_book,
        rejected_rows,
    )

__all__ = [
    "FORMAT",
    "SNAPSHOT_VARIABLE",
    "Book",
    "checked_snapshot",
    "counts_frame",
    "data_span",
    "digest_of",
    "find_workspace",
    "fingerprint",
    "folder_files",
    "held",
    "make_snapshot",
    "open_book",
    "read_workspace_plan",
    "rejected_rows",
    "source_folders",
]
FORMAT = 3  # of a snapshot
SNAPSHOT_VARIABLE = "SALESNB_SNAPSHOT"  # names the pack's snapshot to the kernels that a report starts


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from salesnb.intake import book

    return getattr(book, name)


def find_workspace(workspace: str | os.PathLike[str]) -> Path:
    """The folder, workbook or snapshot meant: from the working directory, then from the checkout or the shipped data."""
    written = Path(workspace)
    with suppress(RuntimeError):  # no such user: then a folder whose name begins with a tilde is meant
        written = written.expanduser()
    package = Path(__file__).resolve().parents[1]
    for base in (Path.cwd(), package.parent, package / "shipped"):
        path = base / written
        with suppress(OSError, ValueError):
            if path.exists():
                return _readable(path.resolve())
    raise InputError(
        "the workspace {path} does not exist; give a folder, a workbook or a snapshot", path=str(workspace)
    )


def is_snapshot(workspace: Path) -> bool:
    """Is it the file of a checked snapshot, by its name?"""
    return workspace.is_file() and workspace.suffix.lower() == ".duckdb"


def _readable(path: Path) -> Path:
    try:
        str(path).encode()
    except UnicodeEncodeError:  # bytes of another encoding, which neither the engine nor a page can hold
        raise InputError(
            "the name of the workspace {path} is not UTF-8; rename the folder or the file", path=path
        ) from None
    return path


def read_workspace_plan(workspace: Path) -> Plan:
    """The plan of a folder (plan.yml in it), of a workbook (its sheet plan, else the plan.yml beside it) or of a snapshot."""
    if is_snapshot(workspace):
        from salesnb.intake import snapshot  # the engine is needed for nothing else here

        return snapshot.read_contents(workspace).plan
    if workspace.is_file():
        if workspace.suffix.lower() not in (".xlsx", ".xlsm"):
            raise InputError("{path} is neither a folder nor a workbook nor a snapshot", path=workspace)
        settings = workbooks.plan_sheet(workspace)
        if settings is not None:
            return read_plan(settings, path=workspace)
        return load_plan(workspace.parent / "plan.yml")
    return load_plan(workspace / "plan.yml")


def source_folders(workspace: Path, plan: Plan) -> list[Path]:
    """The folders outside the workspace that its statements may read; `InputError` where one does not exist."""
    base = workspace if workspace.is_dir() else workspace.parent
    folders = []
    for written in plan.source.folders:
        folder = (base / written).resolve()
        if not folder.is_dir():
            raise InputError(
                "plan.yml: the folder {folder} under source.folders does not exist; correct the path",
                folder=written,
            )
        folders.append(folder)
    return folders


def folder_files(workspace: Path) -> list[Path]:
    """The files of the folder, sorted; lock files and hidden ones left out."""
    try:
        paths = sorted(workspace.iterdir())
        return [path for path in paths if not path.name.startswith((".", "~$")) and path.is_file()]
    except OSError as error:
        raise InputError(
            "{path} cannot be read ({problem}); grant access to the folder",
            path=workspace,
            problem=trouble(error),
        ) from None


def files_below(folder: Path) -> Iterator[Path]:
    """The files in `folder` and its folders, sorted, for statements to read.

    Hidden ones and packs of ours are no data and are passed over: a run that writes its pack there changes nothing.
    """
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not is_pack(Path(base, name))
        )
        paths = (Path(base, name) for name in sorted(names) if not name.startswith((".", "~$")))
        yield from (path for path in paths if path.is_file())


def is_passed_over(path: Path, folder: Path) -> bool:
    """Is the file `path` below `folder` one that `files_below` leaves out?"""
    inside = path.relative_to(folder)
    above = [folder / parent for parent in inside.parents if parent.parts]
    return any(part.startswith(".") for part in inside.parts) or any(is_pack(each) for each in above)


def fingerprint(workspace: str | os.PathLike[str]) -> str:
    """A digest of everything that the workspace's numbers depend on; never twice the same for a warehouse, which has none."""
    path = find_workspace(workspace)
    if is_snapshot(path):
        from salesnb.intake import snapshot  # as above

        digest = snapshot.read_contents(path).fingerprint
    else:
        digest = digest_of(path)
    return uuid4().hex if read_workspace_plan(path).source.url_env else digest


def digest_of(workspace: Path) -> str:
    """A digest of all that the workspace's numbers can depend on: its files, its source folders' files, this package."""
    plan = read_workspace_plan(workspace)
    files = [workspace] if workspace.is_file() else folder_files(workspace)
    if workspace.is_file() and (workspace.parent / "plan.yml").is_file():
        files.append(workspace.parent / "plan.yml")
    if any(path.suffix.lower() == ".sql" for path in files):
        seen = set(files)
        for folder in [workspace, *source_folders(workspace, plan)]:
            below = [path for path in files_below(folder) if path not in seen]
            files.extend(below)
            seen.update(below)
    digest = hashlib.sha256(f"{__version__}/{FORMAT}/{_code()}".encode())
    for path in files:
        digest.update(b"\0" + os.fsencode(path) + b"\0")
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise InputError(
                "{name} cannot be read ({problem}); close it elsewhere or grant access",
                name=path.name,
                problem=trouble(error),
            ) from None
    return digest.hexdigest()


def _code() -> str:
    """A digest of intake itself, so that a changed rule never meets a snapshot made under the old one."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
