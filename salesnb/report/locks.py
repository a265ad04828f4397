"""Who is at work here? A file that the system unlocks when its holder dies, however it dies.

No process number is looked up: numbers are given out again, and mean nothing in another container. Two things are kept
this way: the place of a pack (`held`), and a run's own temporary folder (`private_folder`).
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

FOLDER_PREFIX = "salesnb-run-"
LOCK = "lock"
SHORT = Path("/tmp")  # a place whose name leaves room for a socket's
LONGEST_SOCKET = 103  # bytes of a socket's path: Linux 107, macOS 103
TAKEN = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


class BusyError(Exception):
    """Another holds the lock."""


@contextmanager
def held(path: Path, *, waiting: Callable[[], None] | None = None, patient: bool = True) -> Iterator[None]:
    """Hold the lock at `path` alone; the file goes when the block is left.

    Waits for another holder (`waiting` is called once), or raises `BusyError` where not `patient`. `OSError` where the file
    cannot be made, or the file system has no locks.
    """
    told = False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            mine = _try_lock(handle) and _still_there(handle, path)
        except OSError:
            os.close(handle)
            raise
        if mine:
            break
        os.close(handle)
        if not patient:
            raise BusyError
        if waiting is not None and not told:
            waiting()
            told = True
        time.sleep(0.2)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()  # before unlocking: afterwards it may be another's
        os.close(handle)
        if (
            sys.platform == "win32"
        ):  # where an open file cannot be removed, and one that another holds neither
            with suppress(OSError):
                path.unlink()


@contextmanager
def private_folder(*, room: int = 0) -> Iterator[Path]:
    """A new temporary folder, the caller's alone, removed when the block is left.

    `room`: the longest name of a socket that is to stand in it; where the usual place leaves none, it is made in /tmp.
    Should the process be killed, the next run's `remove_abandoned` finds the folder unlocked and removes it.
    """
    with ExitStack() as lock:
        while True:
            folder = _new_folder(room)
            with suppress(BusyError, FileNotFoundError):  # a run that clears up was faster than our locking
                lock.enter_context(held(folder / LOCK, patient=False))
                break
        try:
            yield folder
        finally:
            lock.close()
            shutil.rmtree(folder, ignore_errors=True)


def has_room(folder: Path, name: int) -> bool:
    """May a socket whose name has `name` letters stand in the folder? The system's limit is on the whole path."""
    return len(os.fsencode(folder)) + 1 + name <= LONGEST_SOCKET


def _new_folder(room: int) -> Path:
    usual = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    if not room or has_room(usual, room):
        return usual
    try:
        short = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=SHORT))
    except OSError:  # then without sockets
        return usual
    usual.rmdir()
    return short


def remove_abandoned() -> None:
    """Remove the temporary folders of killed runs; those of living ones are locked, those of others not ours to open."""
    for parent in {Path(tempfile.gettempdir()), SHORT}:
        for folder in parent.glob(f"{FOLDER_PREFIX}*"):
            for _ in range(30):  # a child that is still dying may put a last socket or file into it meanwhile
                if not _ours(folder) or _removed(folder):
                    break
                time.sleep(0.1)


def _ours(folder: Path) -> bool:
    """A folder of this user's own; a link of somebody's would lead elsewhere."""
    with suppress(OSError):
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())
    return False


def _removed(folder: Path) -> bool:
    """Is there nothing left to do for the dead run's folder? The lock goes last, and the folder only when it is empty.

    Once the lock has gone the folder may be a new run's, which then holds a lock of its own: it is looked at anew.
    """
    try:
        with held(folder / LOCK, patient=False):
            for path in folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != LOCK:
                    path.unlink(missing_ok=True)
        folder.rmdir()
    except BusyError:
        return True
    except OSError as error:
        return error.errno not in (errno.ENOTEMPTY, errno.EEXIST)
    return True


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise
    return True


def _still_there(handle: int, path: Path) -> bool:
    """Not removed by its last holder between our opening and our locking it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
