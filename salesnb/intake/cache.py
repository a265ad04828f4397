"""Has this workspace been read before? The checked snapshots that notebooks share, by the fingerprint of what they hold."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from salesnb.errors import InputError
from salesnb.intake import contents, snapshot
from salesnb.intake.digests import digest_of, read_workspace_plan
from salesnb.intake.files import WORKBOOKS, find_workspace, is_snapshot

MOST_CACHED = 24
SNAPSHOT_VARIABLE = "SALESNB_SNAPSHOT"  # names the pack's snapshot to the kernels that a report starts
SCOPE_VARIABLE = "SALESNB_SCOPE"  # and the pack's scope, beyond which its pages open nothing


def checked_snapshot(workspace: str | os.PathLike[str]) -> Path:
    """The snapshot of `workspace`: itself, the pack's, the cached one, or one made now."""
    path = find_workspace(workspace)
    given = os.environ.get(SNAPSHOT_VARIABLE)
    if given and Path(given).is_file() and contents.read_contents(Path(given)).workspace == str(path):
        return Path(given)
    if is_snapshot(path):
        contents.require_finite(path, contents.read_contents(path))
        return path
    if path.is_file() and path.suffix.lower() not in WORKBOOKS:
        raise InputError("{path} is neither a folder nor a workbook nor a snapshot", path=path)
    cached = cache_folder() / f"{digest_of(path)}.duckdb"
    if (
        read_workspace_plan(path).source.url_env is not None
    ):  # its rows may have changed: nothing is taken up again
        cached = cached.with_suffix(f".{uuid4().hex}.duckdb")
    if _is_whole(cached):
        logging.getLogger(__name__).info("%s was read before: %s", path, cached)
        cached.touch()
    else:
        logging.getLogger(__name__).info("%s is read and kept as %s", path, cached)
        snapshot.write_snapshot(path, cached)
        _forget_old(cached.parent)
    return cached


def _forget_old(folder: Path) -> None:
    """Leaves the snapshots that were used last, and no half ones; what another process is just removing is no matter."""
    used = sorted((path.stat().st_mtime, path) for path in folder.glob("*.duckdb") if path.is_file())
    for _, path in used[:-MOST_CACHED]:
        with suppress(OSError):
            path.unlink()
    for path in folder.glob(
        "*.facts"
    ):  # of a snapshot that went, be it while a notebook still asked for more
        if not path.with_suffix(".duckdb").exists():
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob("*.part*"):  # a killed process's, by its age
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - 86_400:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _is_whole(cached: Path) -> bool:
    """Is there such a snapshot? One that a full disk or another version broke is made again, in silence."""
    try:
        return cached.is_file() and bool(contents.read_contents(cached).present)
    except InputError:
        return False


def cache_folder() -> Path:
    """The user's own cache; without one, a temporary folder that nobody else can have put anything into.

    A folder that somebody else owns or may write could hold a snapshot of other numbers: it is not trusted, and that is told.
    """
    with suppress(OSError, RuntimeError):  # no home, or none that can be written
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "salesnb"
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _own(base.stat(), others=0o022):
            logging.getLogger(__name__).warning(
                "%s belongs to somebody else or may be written by others, so nothing is kept there; chmod 700 mends it",
                base,
            )
        else:
            with tempfile.TemporaryFile(dir=base):
                return base
    other = Path(tempfile.gettempdir()) / f"salesnb-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    with suppress(OSError):
        other.mkdir(mode=0o700, exist_ok=True)
        if _own(other.lstat(), others=0o077):
            return other
    return Path(tempfile.mkdtemp(prefix="salesnb-"))


def _own(found: os.stat_result, *, others: int) -> bool:
    """A folder of this user's, no link to one, that gives nobody else any of the rights `others`."""
    if not stat.S_ISDIR(found.st_mode):
        return False
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & others)
