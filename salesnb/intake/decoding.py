"""Which characters do a file's bytes stand for? UTF-8, with or without its mark, else GB18030; nothing is guessed beyond."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from salesnb.errors import InputError

HEADING = 4096  # bytes in which the first line is looked at
UNPACKED = 300_000_000  # bytes that any packed file may unpack to
MOST_TIMES = 100  # a larger one: so many times its packed size
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_bytes(path: Path) -> bytes:
    """The file's content, unpacked where its name ends in .gz; `InputError` where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            "{name} cannot be read ({problem}); close it elsewhere or grant access",
            name=path.name,
            problem=error.strerror,
        ) from None
    if path.suffix.lower() != ".gz":
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            unpacked = file.read(max(UNPACKED, MOST_TIMES * len(data)) + 1)
    except (OSError, EOFError, zlib.error):
        raise InputError("{name} is not a complete gzip file; export it again", name=path.name) from None
    if len(unpacked) > max(UNPACKED, MOST_TIMES * len(data)):
        raise InputError(
            "{name} unpacks to more than {times:count} times its size, which no table does; export it again",
            name=path.name,
            times=MOST_TIMES,
        )
    return unpacked


def decode(data: bytes, *, name: str) -> str:
    """`data` as text; `InputError` names the byte that is neither UTF-8 nor GB18030."""
    if data.startswith(UTF16_MARKS):
        raise InputError("{name} is UTF-16 (byte 1); save it as CSV UTF-8", name=name)
    if b"\0" in data[:HEADING].split(b"\n", 1)[0]:
        raise InputError(
            "{name} holds zero bytes in its first line, as UTF-16 without its mark does; save it as CSV UTF-8",
            name=name,
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        first = error.start
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise InputError(
            "{name} is neither UTF-8 nor GB18030: byte {byte:count} ({value}) fits neither; save it as CSV UTF-8",
            name=name,
            byte=max(first, error.start) + 1,
            value=f"0x{data[max(first, error.start)]:02X}",
        ) from None


def is_utf8(data: bytes) -> bool:
    """Can the engine read the bytes as they are?"""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
