"""Which characters do a file's bytes stand for? UTF-8, with or without its mark, else GB18030; nothing is guessed beyond."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from pathlib import Path
from typing import BinaryIO

from salesnb.errors import InputError, trouble
from salesnb.language import Message

HEADING = 4096  # bytes in which the first line is looked at
UNPACKED = 300_000_000  # bytes that any packed file may unpack to
MOST_TIMES = 100  # a larger one: so many times its packed size
LONGEST_LINE = 1_000_000  # bytes; no table has such a row, and a file without line ends is no table
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1")
FOREIGN = re.compile(
    r"""[^\s,;|"]*[^\x00-\x7f][^\s,;|"]*"""
)  # the first cell's word with a sign beyond ASCII
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_bytes(path: Path) -> bytes:
    """The file's content, unpacked where its name ends in .gz; `InputError` where it cannot be read.

    A line without end is refused before the rest is read, so that a file of one line fills no memory.
    """
    packed = path.suffix.lower() == ".gz"
    require_file(path, name=path.name)
    try:
        with path.open("rb") as file:
            most = max(UNPACKED, MOST_TIMES * path.stat().st_size) if packed else None
            return _read(gzip.GzipFile(fileobj=file) if packed else file, name=path.name, most=most)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InputError("{name} is not a complete gzip file; export it again", name=path.name) from None
    except OSError as error:
        raise InputError(
            "{name} cannot be read ({problem}); close it elsewhere or grant access",
            name=path.name,
            problem=trouble(error),
        ) from None


def require_file(path: Path, *, name: str) -> None:
    """`InputError` for a pipe, a socket or a device, which has no end that a reader could wait for."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise InputError(
            "{name} is no file but a pipe, a socket or a device; put the file itself there", name=name
        )


def _read(file: BinaryIO | gzip.GzipFile, *, name: str, most: int | None) -> bytes:
    content = io.BytesIO()
    line, begun = 1, 0  # the line that is being read, and how many bytes of it came with earlier pieces
    while piece := file.read(LONGEST_LINE):
        ends = [place for place in (piece.find(b"\n"), piece.find(b"\r")) if place >= 0]
        if begun + min(ends, default=len(piece)) > LONGEST_LINE:
            raise InputError(
                "{name}: line {line:count} is longer than {longest:count} bytes, as no row of a table is; export it again",
                name=name,
                line=line,
                longest=LONGEST_LINE,
            )
        line += piece.count(b"\n") or piece.count(b"\r")
        begun = len(piece) - 1 - max(piece.rfind(b"\n"), piece.rfind(b"\r")) if ends else begun + len(piece)
        content.write(piece)
        if most is not None and content.tell() > most:
            raise unpacks_too_far(name)
    return content.getvalue()


def unpacks_too_far(name: str) -> InputError:
    """What is said of a small file that would fill the memory."""
    return InputError(
        "{name} unpacks to more than {times:count} times its size, which no table does; export it again",
        name=name,
        times=MOST_TIMES,
    )


def decode(data: bytes, *, name: str) -> str:
    """`data` as text; `InputError` names the byte that is neither UTF-8 nor GB18030."""
    if data.startswith(UTF16_MARKS):
        raise InputError("{name} is UTF-16 (byte 1); save it as CSV UTF-8", name=name)
    if data.startswith(PACKED):
        raise InputError(
            "{name} is no text but a workbook or an archive; give it its own ending (.xlsx, .csv.gz) or save it as CSV UTF-8",
            name=name,
        )
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


def doubt(data: bytes, text: str, *, name: str) -> Message | None:
    """What to say of a file that was taken for GB18030, where nobody expects Chinese; None for UTF-8.

    Most texts of another Latin encoding fit GB18030, too, and become Chinese signs.
    """
    odd = None if is_utf8(data) else FOREIGN.search(text)
    if odd is None:
        return None
    return Message(
        "{name} is not UTF-8 and was read as GB18030, as in {example}; if that is wrong, save it as CSV UTF-8",
        name=name,
        example=odd.group()[:40],
    )


def is_utf8(data: bytes) -> bool:
    """Can the engine read the bytes as they are?"""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
