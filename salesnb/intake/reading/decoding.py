"""Which characters do a file's bytes stand for? UTF-8 and UTF-16 say so themselves; of the others the most plausible is taken.

Nearly every text is valid in several encodings; `plausibility` judges which it is.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from salesnb.errors import InputError, trouble
from salesnb.intake.reading.plausibility import CHINESE, CLOSE, LANGUAGES, implausibility
from salesnb.language import Message

HEADING = 4096  # bytes in which the first line is looked at
UNPACKED = 300_000_000  # bytes that any packed file may unpack to
MOST_TIMES = 100  # a larger one: so many times its packed size
LONGEST_LINE = 1_000_000  # bytes; no table has such a row, and a file without line ends is no table
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1")
FOREIGN = re.compile(
    r"""[^\s,;|"]*[^\x00-\x7f][^\s,;|"]*"""
)  # the first cell's word with a sign beyond ASCII
HIGH_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")
SAMPLE = 60_000  # bytes of such lines
NAMES = {
    "gb18030": "GB18030",
    "big5hkscs": "Big5",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "cp852": "DOS 852",
    "cp866": "DOS 866",
    "cp874": "Windows 874",
    "iso8859_2": "ISO 8859-2",
    "iso8859_15": "ISO 8859-15",
    "koi8_r": "KOI8-R",
    **{each: f"Windows {each[2:]}" for each in LANGUAGES if each.startswith("cp12")},
}
SHIFTED = b"\x1b$"  # with which ISO 2022-JP turns to Japanese, in bytes that are ASCII otherwise
UTF32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
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


@dataclass(frozen=True)
class Decoded:
    """A file's text and its encoding; another that would be as plausible, and a word as either reads it, where there is one."""

    text: str
    encoding: str
    rival: str | None = None

    @property
    def is_chinese(self) -> bool:
        return self.encoding in (NAMES[each] for each in CHINESE)

    def note(self, *, name: str) -> Message | None:
        """What to say of a file that is not UTF-8; None where it is."""
        if self.encoding in ("UTF-16", "UTF-32"):
            return Message("{name} was read as {encoding}", name=name, encoding=self.encoding)
        odd = None if self.encoding == "UTF-8" else FOREIGN.search(self.text)
        if odd is None:
            return None
        if self.rival is None:
            return Message(
                "{name} was read as {encoding}, as in {example}; if that is wrong, save it as CSV UTF-8",
                name=name,
                encoding=self.encoding,
                example=odd.group()[:40],
            )
        return Message(
            "{name} was read as {encoding}, as in {example}, though {rival} would fit as well; if that is wrong, save it as CSV UTF-8",
            name=name,
            encoding=self.encoding,
            example=odd.group()[:40],
            rival=self.rival,
        )


def decode(data: bytes, *, name: str, chinese: bool = False) -> Decoded:
    """`data` as text; `InputError` where no encoding fits. `chinese`: where two are as plausible, a Chinese one is meant."""
    if data.startswith(PACKED):
        raise InputError(
            "{name} is no text but a workbook or an archive; give it its own ending (.xlsx, .csv.gz) or save it as CSV UTF-8",
            name=name,
        )
    wide = _wide(data)
    if wide is not None:
        return Decoded(data.decode(wide, "replace").removeprefix("\ufeff"), wide[:6].upper())
    shifted = _reads(data, "iso2022_jp") if SHIFTED in data else None
    if shifted is not None:
        return Decoded(shifted, "ISO 2022-JP")
    try:
        return Decoded(data.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError as error:
        first = error.start
    sample = _sample(data)
    order = sorted(LANGUAGES, key=lambda each: each not in CHINESE) if chinese else LANGUAGES
    judged = []
    for encoding in order:
        with suppress(UnicodeDecodeError):
            doubt = implausibility(sample.decode(encoding), encoding)
            judged.extend([] if doubt is None else [(doubt, encoding)])
    for odd, encoding in sorted(judged, key=lambda each: each[0]):
        if _mostly_utf8(sample):
            break
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            others = (other for also, other in judged if other != encoding and also <= odd + CLOSE)
            rival = next((other for other in others if sample.decode(other) != sample.decode(encoding)), None)
            same = next(
                each for each in order if _reads(data, each) == text
            )  # the commonest of them is named
            return Decoded(text, NAMES[same], NAMES[rival] if rival else None)
    raise InputError(
        "{name} is in no encoding that is known here: byte {byte:count} ({value}) does not fit; save it as CSV UTF-8",
        name=name,
        byte=first + 1,
        value=f"0x{data[first]:02X}",
    )


def _reads(data: bytes, encoding: str) -> str | None:
    with suppress(UnicodeDecodeError):
        return data.decode(encoding)
    return None


def _wide(data: bytes) -> str | None:
    """UTF-16, by its mark or by the zeros between the letters of its first line; None for anything else."""
    if data.startswith(UTF32_MARKS):
        return "utf-32"
    if data.startswith(UTF16_MARKS):
        return "utf-16"
    head = data[:HEADING][: len(data[:HEADING]) // 2 * 2]
    for encoding, zeros, letters in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if len(head) >= 8 and zeros.count(0) > 0.3 * len(zeros) and letters.count(0) == 0:
            return encoding
    return None


def _sample(data: bytes) -> bytes:
    """The first lines with a byte beyond ASCII."""
    found, size = [], 0
    for line in HIGH_LINE.finditer(data):
        found.append(line.group())
        size += len(line.group())
        if size > SAMPLE:
            break
    return b"\n".join(found)


def _mostly_utf8(sample: bytes) -> bool:
    """Is it UTF-8 but for a few broken bytes? Then every other encoding would bend all the rest."""
    text = sample.decode("utf-8", "replace")
    whole = sum(sign > "\x7f" and sign != "\ufffd" for sign in text)
    return whole > 0 and whole >= text.count("\ufffd")


def is_utf8(data: bytes) -> bool:
    """Can the engine read the bytes as they are?"""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data[:HEADING]
