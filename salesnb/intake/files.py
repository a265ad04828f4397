"""Where does a workspace lie, and which files are its?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from salesnb.errors import InputError, trouble
from salesnb.packs import is_pack

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")  # a workspace in one file
FORMAT = 6  # of a snapshot
FORM, NOTEBOOKS = "workspace.xlsx", "notebooks"  # in a folder that `salesnb init` writes


def find_workspace(workspace: str | os.PathLike[str]) -> Path:
    """The folder, workbook or snapshot meant: from the working directory, from beside the notebook that runs, then from the checkout
    or the shipped data. A folder of one's own (`own_workspace`) stands for the workspace in it."""
    written = Path(workspace)
    with suppress(RuntimeError):  # no such user: then a folder whose name begins with a tilde is meant
        written = written.expanduser()
    package = Path(__file__).resolve().parents[1]
    here = Path.cwd()
    for base in (here, *_notebook_folders(here), package.parent, package / "shipped"):
        path = base / written
        with suppress(OSError, ValueError):
            if path.exists():
                return _readable((own_workspace(path) or path).resolve())
    raise InputError(
        "the workspace {path} does not exist; give a folder, a workbook or a snapshot", path=str(workspace)
    )


def own_workspace(folder: Path) -> Path | None:
    """The workspace in a folder that `salesnb init` wrote: its data, or the form there; None for any other folder."""
    data = folder / "data"
    with suppress(OSError):  # whoever reads a folder that is closed to us tells so
        if (folder / "plan.yml").exists():
            return None
        return _own(data)
    return None


def _own(data: Path) -> Path | None:
    return data if (data / "plan.yml").is_file() else data / FORM if (data / FORM).is_file() else None


def own_notebooks(workspace: str | os.PathLike[str]) -> Path | None:
    """The notebooks beside the workspace of a folder of one's own; None where there are none."""
    folder = Path(workspace)
    found = own_workspace(folder) is not None and any((folder / NOTEBOOKS).glob("*.ipynb"))
    return folder / NOTEBOOKS if found else None


def _notebook_folders(here: Path) -> Iterator[Path]:
    """Where a notebook that says ../data may lie: in the folder of notebooks here, or where papermill, which runs it in the folder that
    it was called from, was told to look."""
    yield here / NOTEBOOKS
    with suppress(OSError, ValueError):
        command = Path(f"/proc/{os.getppid()}/cmdline").read_bytes().decode(errors="replace").split("\0")
        if any("papermill" in word for word in command):
            yield from (
                Path(word).parent for word in command if word.endswith(".ipynb") and Path(word).is_file()
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
