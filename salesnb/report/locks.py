"""Who is at work here? A file that the system unlocks when its holder dies, however it dies.

No process number is looked up: numbers are given out again, and mean nothing in another container. Two things are kept
this way: the place of a pack (`held`), and a run's own temporary folder (`private_folder`).
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

FOLDER_PREFIX = "salesnb-run-"
LOCK = "lock"
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
def private_folder() -> Iterator[Path]:
    """A new temporary folder, the caller's alone, removed when the block is left.

    Should the process be killed, the next run's `remove_abandoned` finds the folder unlocked and removes it.
    """
    with ExitStack() as lock:
        while True:
            folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
            with suppress(BusyError, FileNotFoundError):  # a run that clears up was faster than our locking
                lock.enter_context(held(folder / LOCK, patient=False))
                break
        try:
            yield folder
        finally:
            lock.close()
            shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned() -> None:
    """Remove the temporary folders of killed runs; those of living ones are locked, those of others not ours to open."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        with suppress(OSError, BusyError):
            with held(folder / LOCK, patient=False):
                _remove(folder)
            if folder.exists():
                folder.rmdir()  # where the lock itself could not go before it was let go


def _remove(folder: Path) -> None:
    """Remove a dead run's folder, though a child that is still dying may put a last socket or file into it meanwhile."""
    for _ in range(30):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


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
