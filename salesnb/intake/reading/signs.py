"""By which sign are the cells of a text parted that no comma, semicolon, tab or bar parts? Two signs, rare ones, or blanks alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

PLAIN = "\x1f"  # stands between the cells once they are parted
RARE = ("+|", "||", "~|~", "|~|", "^|", "^", "~", "¦", "¬", "\x01", "\x1e", "::")
LINE_ENDS = ("&|", "|&", "\x1e")
GAP = re.compile(r"[ \t]{2,}|\t")
BLANK = re.compile(r"\s+")
FEWEST = 3  # columns of a text whose cells blanks alone part
MOSTLY = 0.95


def parted(text: str, lines: Sequence[str], usual: Sequence[str]) -> str | None:
    """The text with `PLAIN` between its cells, where one of the rare signs or blanks part its first `lines` evenly; else None."""
    for sign in RARE:
        inside = any(each in sign for each in usual)
        if _even([line.count(sign) for line in lines], fewest=1) and (
            inside or not any(_even([line.count(each) for line in lines], fewest=1) for each in usual)
        ):
            return _without_ends(text).replace(sign, PLAIN)
    if any(each in line for line in lines[1:] for each in usual if each != ",") or any(
        _even([line.count(each) for line in lines], fewest=1) for each in usual
    ):
        return None
    for gap in (BLANK, GAP):  # names of one word or more are parted unevenly by single blanks
        if _even([len(gap.split(line.strip())) for line in lines], fewest=FEWEST):
            return "\n".join(gap.sub(PLAIN, line.strip()) for line in text.split("\n"))
    return None


def _without_ends(text: str) -> str:
    """Without signs that end each line."""
    for end in LINE_ENDS:
        lines = text.split("\n")
        if sum(line.endswith(end) for line in lines) >= MOSTLY * sum(bool(line.strip()) for line in lines):
            return "\n".join(line.removesuffix(end) for line in lines)
    return text


def _even(counts: Sequence[int], *, fewest: int) -> bool:
    usual = max(set(counts), key=counts.count) if counts else 0
    return len(counts) > 1 and usual >= fewest and counts.count(usual) >= MOSTLY * len(counts)
