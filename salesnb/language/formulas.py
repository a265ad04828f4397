"""Which text would a spreadsheet run as a formula? Names come from other systems, and a file of ours must run nothing."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def unformulated_text(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    That is a leading = + - @, their full-width kin, tab or return, also behind blanks or a byte order mark; a plain
    number (−5, 1e3) is none.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
