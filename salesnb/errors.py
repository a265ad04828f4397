"""What is a user told when the request or the data cannot be used?

One sentence: what, where, what was expected, what came, what to do. `InputError` carries it as a `Message`, so that the
command line and a notebook say it in the reader's language; the command line prints it and exits with status 2.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from salesnb.language import Message

LONGEST = 240  # a value in a sentence; a cell or a heading may hold megabytes
CREDENTIALS = re.compile(r"://[^\s/]*@")  # user and password of an address


def told(message: Message) -> Message:
    """The message as it may be shown: no password of an address, and no value longer than a reader takes in."""
    return Message(message.template, **{name: _showable(value) for name, value in message.values.items()})


def _showable(value: object) -> object:
    if isinstance(value, str):
        text = CREDENTIALS.sub("://…@", value)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    if isinstance(value, (list, tuple)):
        return [_showable(each) for each in value]
    return value


class InputError(Exception):
    """The request or the data cannot be used; its text is meant for the user as it stands."""

    def __init__(self, template: str | Message, **values: object) -> None:
        self.message = told(template if isinstance(template, Message) else Message(template, **values))
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: an analyst in a notebook reads the sentence, not a stack."""
        return [str(self)]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant, or None. Case, blanks and underscores do not count."""
    folded = {_fold(candidate): candidate for candidate in known if len(candidate) <= LONGEST}
    close = difflib.get_close_matches(_fold(name[:LONGEST]), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def _fold(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "").replace("-", "")
