"""What does a workspace's plan say, and has anything changed on which its numbers depend?

Paths, plan and digest need neither the engine nor a frame, so that a pack whose inputs have not changed is told of in a
moment.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from uuid import uuid4

from salesnb import __version__
from salesnb.errors import InputError, trouble
from salesnb.intake.files import FORMAT, WORKBOOKS, files_below, find_workspace, folder_files, is_snapshot
from salesnb.intake.reading import workbooks
from salesnb.plan import Plan, load_plan, read_plan


def fingerprint(workspace: str | os.PathLike[str]) -> str:
    """A digest of everything that the workspace's numbers depend on; never twice the same for a warehouse, which has none."""
    path = find_workspace(workspace)
    if is_snapshot(path):
        from salesnb.intake import contents  # as above

        digest = contents.read_contents(path).fingerprint
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
            below = [
                path for path in ([folder] if folder.is_file() else files_below(folder)) if path not in seen
            ]
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


def read_workspace_plan(workspace: Path) -> Plan:
    """The plan of a folder (plan.yml in it), of a workbook (its sheet plan, else the plan.yml beside it, else
    its name as the company's) or of a snapshot."""
    if is_snapshot(workspace):
        from salesnb.intake import contents  # the engine is needed for nothing else here

        return contents.read_contents(workspace).plan
    if workspace.is_file():
        if workspace.suffix.lower() not in WORKBOOKS:
            raise InputError("{path} is neither a folder nor a workbook nor a snapshot", path=workspace)
        settings = workbooks.plan_sheet(workspace)
        if settings is not None:
            return read_plan(settings, path=workspace)
        beside = workspace.parent / "plan.yml"
        return load_plan(beside) if beside.is_file() else Plan(company=workspace.stem)
    return load_plan(workspace / "plan.yml")


def source_folders(workspace: Path, plan: Plan) -> list[Path]:
    """The folders (or single files) outside the workspace that its statements may read; `InputError` where one does not exist."""
    base = workspace if workspace.is_dir() else workspace.parent
    folders = []
    for written in plan.source.folders:
        folder = (base / written).resolve()
        if not folder.exists():
            raise InputError(
                "plan.yml: the folder {folder} under source.folders does not exist; correct the path",
                folder=written,
            )
        folders.append(folder)
    return folders
