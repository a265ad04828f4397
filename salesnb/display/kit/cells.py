"""How does a text from the data become harmless and short before it is shown or exported?

Names come from other systems: they may hold markup, formulas, line breaks, marks that turn the reading direction, or ten
thousand characters. What is shown is one line of plain text; what goes to a CSV is not read as a formula.
"""

from __future__ import annotations

import html
import re
import unicodedata

import pandas as pd

from salesnb.language.formulas import unformulated_text

LONGEST = 60
ELLIPSIS = "…"
_UNSEEN = {
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Cn",
    "Zl",
    "Zp",
}  # controls, direction marks, surrogates, unassigned, line ends
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_JOINERS = {"\u200c", "\u200d"}  # within scripts that need them


def clean(text: object) -> str:
    """One line of plain text: line ends and tabs become blanks, invisible and direction-changing characters go."""
    text = str(text)[:20_000]
    if _PLAIN.fullmatch(text):  # most are; the others are looked at letter by letter
        return text
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _UNSEEN
    )
    return re.sub(" +", " ", "".join(kept)).strip()


def cut(text: object, longest: int = LONGEST) -> str:
    """The same, at most `longest` characters wide (a Chinese one counts two), with an ellipsis where it was cut."""
    line = clean(text)
    if width(line) <= longest:
        return line
    used, kept = 1, []
    for char in line:
        used += width(char)
        if used > longest:
            break
        kept.append(char)
    return "".join(kept).rstrip() + ELLIPSIS


def width(text: str) -> int:
    """How many Latin letters wide a text is: a full-width character takes two, a combining mark none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def cell(text: object, longest: int = LONGEST) -> str:
    """HTML of a cell: escaped, isolated in direction, cut, with the whole text (up to 300 characters) as its title."""
    whole, short = clean(text), cut(text, longest)
    shown = html.escape(short)
    return shown if short == whole else f'<span title="{html.escape(cut(whole, 300))}">{shown}</span>'


def unformulated(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy whose texts and headings no spreadsheet takes for a formula."""
    safe = frame.copy()
    for column in safe.columns:
        if not (
            pd.api.types.is_numeric_dtype(safe[column]) or pd.api.types.is_datetime64_any_dtype(safe[column])
        ):
            safe[column] = safe[column].map(
                lambda value: unformulated_text(value) if isinstance(value, str) else value
            )
    safe.columns = [unformulated_text(name) if isinstance(name, str) else name for name in safe.columns]
    return safe
