"""What is a user told when the request or the data cannot be used?

One sentence: what, where, what was expected, what came, what to do. `InputError` carries it as a `Message`, so that the
command line and a notebook say it in the reader's language; the command line prints it and exits with status 2.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePath

from salesnb.language import LANGUAGES, Language, Message, marked

MOST_FAULTS = 8  # told at once
LONGEST = 240  # a value in a sentence; a cell or a heading may hold megabytes
CREDENTIALS = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]+):/{1,3}\S*@")  # user and password of an address
SECRETS = re.compile(
    r"(?i)\b(\w*(?:password|passwd|pwd|secret|token|apikey|api_key)\w*\s*[=:]\s*)[^\s&;,'\"]+"
)
BEGINS = r"(?:(?<![\w.:/<\\])|(?<=\dm))"  # before an absolute path; a colour of the terminal ends in m
PLACES = re.compile(BEGINS + r"/([\w.@+-]+)((?:/[^\s/'\"<>:,;()\\\[\]]+)+)")
TROUBLES = {
    "EACCES": marked("access is denied"),
    "EPERM": marked("access is denied"),
    "EROFS": marked("the disk can only be read"),
    "ENOSPC": marked("the disk is full"),
    "EDQUOT": marked("the disk is full"),
    "ENOENT": marked("it does not exist"),
    "ENOTDIR": marked("a file stands where a folder is needed"),
    "EISDIR": marked("it is a folder"),
    "EEXIST": marked("a file stands where a folder is needed"),
    "EBUSY": marked("another program uses it"),
    "ETXTBSY": marked("another program uses it"),
    "ENAMETOOLONG": marked("its name is too long"),
    "ELOOP": marked("its links lead back to themselves"),
    "EIO": marked("the disk reports an error"),
    "EMFILE": marked("too many files are open"),
    "ENOLCK": marked("its file system cannot lock files"),
    "EOPNOTSUPP": marked("its file system cannot lock files"),
}


def trouble(error: OSError) -> Message:
    """What the system has against a file, in words that are translated; an unusual case by its number."""
    known = TROUBLES.get(errno.errorcode.get(error.errno or 0, ""))
    return Message(known) if known else Message("system error {number}", number=error.errno or 0)


def trouble_in(text: str) -> Message | None:
    """The system's trouble of which a library's error speaks in the system's own words; None where it speaks of none."""
    for name in TROUBLES:
        number = getattr(errno, name, 0)  # not every system knows every trouble
        if number and os.strerror(number) in text:
            return trouble(OSError(number, ""))
    return None


def told(message: Message) -> Message:
    """The message as it may be shown: no password of an address, and no value longer than a reader takes in."""
    return Message(message.template, **{name: _showable(value) for name, value in message.values.items()})


def without_secrets(text: str) -> str:
    """The text without the user and password of an address, and without what is called a password or a token."""
    return SECRETS.sub(r"\1…", CREDENTIALS.sub(r"\1://…@", text))


def without_machine(text: str) -> str:
    """The text without the folders of this machine: of each absolute path its last name is left."""
    text = _folders().sub("", text)
    return PLACES.sub(_last_name, text)


def _last_name(found: re.Match[str]) -> str:
    there = os.path.isdir(
        f"/{found.group(1)}"
    )  # else it is no path, but words with strokes between them, or a picture
    return found.group(2).rpartition("/")[2] if there else found.group()


@cache
def _folders() -> re.Pattern[str]:
    """The folders that texts speak of here, the deepest first, whatever signs their names have."""
    found = {Path.cwd(), Path(__file__).parents[1], Path(sys.prefix), Path(tempfile.gettempdir())}
    with suppress(RuntimeError):  # nobody's home
        found.add(Path.home())
    known = sorted((str(path) for path in found if len(path.parts) > 1), key=len, reverse=True)
    return re.compile(f"{BEGINS}(?:{'|'.join(map(re.escape, known))}){re.escape(os.sep)}")


def _showable(value: object) -> object:
    if isinstance(value, Message):
        return told(value)
    if isinstance(value, (str, PurePath)):
        text = without_secrets(str(value))
        text = "".join(sign if sign.isprintable() else " " for sign in text)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    if isinstance(value, (list, tuple)):
        return [_showable(each) for each in value]
    return value


class InputError(Exception):
    """The request or the data cannot be used; its text is meant for the user as it stands.

    >>> str(InputError("there is no region {name}", name="Eest"))
    'there is no region Eest'
    """

    def __init__(self, template: str | Message, **values: object) -> None:
        self.message = told(template if isinstance(template, Message) else Message(template, **values))
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: an analyst in a notebook reads the sentence, not a stack, in the notebook's language."""
        return [Language(_notebook_language())(self.message)]


def together(faults: Sequence[InputError]) -> InputError:
    """All faults of one thing as one, so that they are mended at once."""
    first, *others = dict.fromkeys(fault.message for fault in faults)
    for other in others[: MOST_FAULTS - 1]:
        first = Message("{first}; {other}", first=first, other=other)
    return InputError(first)


def _notebook_language() -> str:
    """The `language` of the notebook that runs here, English where none does."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell else None
    code = running.user_ns.get("language") if running else None
    return code if code in LANGUAGES else "en"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant, or None. Case, blanks and underscores do not count."""
    folded = {_fold(candidate): candidate for candidate in known if len(candidate) <= LONGEST}
    meant = _fold(name[:LONGEST])
    close = difflib.get_close_matches(meant, folded, n=3, cutoff=0.6)
    likely = sorted(close, key=lambda one: one[:1] != meant[:1])  # people rarely mistype the first letter
    return folded[likely[0]] if likely else None


def _fold(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "").replace("-", "")
