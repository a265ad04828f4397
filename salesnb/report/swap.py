"""How does a pack appear whole? It is written beside its place, under a lock, and swapped in by one step.

The name in the making is fixed (``.2026-10.making``), so that under the lock whatever lies there is a dead run's and goes. In
a folder of several users it may hold a pack that one of them made and another replaced, which only the first can remove: then
the next free name is taken (``.2026-10.1.making``).
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, count
from pathlib import Path

from salesnb.errors import InputError, trouble
from salesnb.packs import is_pack, of_another
from salesnb.report.locks import BusyError, held

UNWRITABLE = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ENOLCK, errno.EOPNOTSUPP,
)  # fmt: skip
OURS = re.compile(r"\.(?P<name>(?:\d{4}-\d\d(?:\..+)?|snapshot-\d+))\.(?:making|kept|lock)", re.S)
AT_FDCWD = -100
RENAME_EXCHANGE = 2


@contextmanager
def in_the_making(
    place: Path, *, company: str = "", waiting: Callable[[], None] | None = None
) -> Iterator[Path]:
    """An empty folder beside `place`, the caller's alone; `swap_in` puts it there, and leaving the block removes it.

    A second run of the same pack waits for the first (`waiting` is called once). `InputError` where the folder above
    cannot be written, or where something that is no pack, or another company's, stands at `place`.
    """
    with ExitStack() as lock:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            lock.enter_context(held(_beside(place, "lock"), waiting=waiting))
            _clear_dead(place)
            require_pack(place, company=company)
            making = _free(_beside(place, "making"))
            making.mkdir()
        except OSError as error:
            if error.errno in UNWRITABLE:
                raise _unwritable(place, error) from None
            raise
        try:
            yield making
        finally:
            _remove(making)


def swap_in(making: Path, place: Path, *, company: str = "") -> None:
    """Put the finished folder at `place` in one step; the pack that was there is at `making` afterwards, or gone.

    `InputError` where what stands there is no pack: it is somebody's, and would be lost. Where the system cannot exchange two names, the old folder is kept beside until the new one stands, and put back if it
    does not.
    """
    _flush(making)
    require_pack(place, company=company)  # somebody may have put something there while the pages ran
    if not place.exists():
        making.rename(place)
        return
    if _exchange(making, place):
        return
    kept = _beside(place, "kept")
    place.rename(kept)
    try:
        making.rename(place)
    except OSError:
        kept.rename(place)
        raise
    _remove(kept)


def require_pack(place: Path, *, company: str = "") -> None:
    """`InputError` where something stands at `place` that is neither a pack of `company` ("": of any) nor an empty folder."""
    if of_another(place, company):
        raise InputError(
            "{path} holds the pack of another company and is left as it is; move it away, or choose another folder for {company} with --out",
            path=place,
            company=company,
        )
    if place.is_dir():
        if is_pack(place) or not any(place.iterdir()):
            return
    elif not place.exists():
        return
    raise InputError(
        "{path} is no pack of salesnb and is left as it is; move it away, or choose another folder with --out",
        path=place,
    )


def remove_dead(out: Path) -> None:
    """Remove what killed runs left in the folder of packs; what belongs to running ones, or is not ours, stays."""
    for name in sorted({ours["name"] for path in out.glob(".*") if (ours := OURS.fullmatch(path.name))}):
        place = out / name
        with suppress(OSError, BusyError), held(_beside(place, "lock"), patient=False):
            _clear_dead(place)


def _clear_dead(place: Path) -> None:
    """Under the lock: restore what an interrupted exchange left aside, remove the rest."""
    kept = _beside(place, "kept")
    if kept.exists() and not place.exists():
        kept.rename(place)
    for leftover in (kept, _beside(place, "making")):
        _remove(leftover)


def _beside(place: Path, kind: str) -> Path:
    """The name of what lies beside a pack while it is made: its lock, the new one, the old one."""
    return place.with_name(f".{place.name}.{kind}")


def _free(making: Path) -> Path:
    """The name in the making, or where another user's leavings have it the next that is free."""
    others = (making.with_name(f"{making.stem}.{number}.making") for number in count(1))
    return next(path for path in chain([making], others) if not path.exists())


def _remove(path: Path) -> None:
    """A folder, or what an exchange brought in place of one: a link that led to a pack kept elsewhere."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path, ignore_errors=True)


def _unwritable(place: Path, error: OSError) -> InputError:
    return InputError(
        "the folder {folder} cannot be written ({problem}); choose another with --out",
        folder=place.parent,
        problem=trouble(error),
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
            with path.open(
                "rb+" if sys.platform == "win32" else "rb"
            ) as file:  # Windows flushes writers only
                os.fsync(file.fileno())
