"""How does a pack appear whole? It is written beside its place, under a lock, and swapped in by one step.

The name in the making is fixed (``.2026-10.making``), so that under the lock whatever lies there is a dead run's and goes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from salesnb.errors import InputError

AT_FDCWD = -100
RENAME_EXCHANGE = 2


@contextmanager
def in_the_making(place: Path, *, waiting: Callable[[], None] | None = None) -> Iterator[Path]:
    """An empty folder beside `place`, the caller's alone; `swap_in` puts it there, and leaving the block removes it.

    A second run of the same pack waits for the first (`waiting` is called once). `InputError` where the folder above
    cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place, waiting):
            _clear_dead(place)
            making = _making(place)
            making.mkdir()
            try:
                yield making
            finally:
                _remove(making)
    except PermissionError as error:
        raise _unwritable(place, error) from None
    except OSError as error:
        if error.errno in (errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG):
            raise _unwritable(place, error) from None
        raise


def swap_in(making: Path, place: Path) -> None:
    """Put the finished folder at `place` in one step; what was there is at `making` afterwards, or gone.

    Where the system cannot exchange two names, the old folder is kept beside until the new one stands, and put back if it
    does not.
    """
    _flush(making)
    if not place.exists():
        making.rename(place)
        return
    if _exchange(making, place):
        return
    kept = place.with_name(f".{place.name}.kept")
    place.rename(kept)
    try:
        making.rename(place)
    except OSError:
        kept.rename(place)
        raise
    _remove(kept)


def remove_dead(out: Path) -> None:
    """Remove what killed runs left in the folder of packs; those of running ones stay."""
    for making in [*out.glob(".*.making"), *out.glob(".*.kept")]:
        place = out / making.name.rpartition(".")[0][1:]
        with suppress(OSError, _BusyError), _locked(place, None, patient=False):
            _clear_dead(place)


def _clear_dead(place: Path) -> None:
    """Under the lock: restore what an interrupted exchange left aside, remove the rest."""
    kept = place.with_name(f".{place.name}.kept")
    if kept.exists() and not place.exists():
        kept.rename(place)
    for leftover in (kept, _making(place)):
        _remove(leftover)


def _making(place: Path) -> Path:
    return place.with_name(f".{place.name}.making")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def _unwritable(place: Path, error: OSError) -> InputError:
    return InputError(
        "the folder {folder} cannot be written ({problem}); choose another with --out",
        folder=place.parent,
        problem=(error.strerror or type(error).__name__).lower(),
    )


def _exchange(one: Path, other: Path) -> bool:
    """Linux: two names change places atomically. False where that does not exist."""
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    code = library.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    return code == 0


def _flush(folder: Path) -> None:
    """What is about to be shown is on the disk: a full disk is noticed here, not by the reader."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


class _BusyError(Exception):
    """Another run holds the lock."""


@contextmanager
def _locked(place: Path, waiting: Callable[[], None] | None, *, patient: bool = True) -> Iterator[None]:
    """The lock of one pack: a file that the system unlocks when its holder dies, and that is removed after use."""
    path = place.with_name(f".{place.name}.lock")
    told = False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if _try_lock(handle) and _still_there(handle, path):
            break
        os.close(handle)
        if not patient:
            raise _BusyError
        if waiting is not None and not told:
            waiting()
            told = True
        time.sleep(0.2)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _still_there(handle: int, path: Path) -> bool:
    """Not removed by its last holder between our opening and our locking it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
