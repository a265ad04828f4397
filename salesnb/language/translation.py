"""How are the notebooks' own texts translated, and how do all texts get into the catalogue?

Markdown is translated block by block (a heading, a paragraph, a list item), so that a changed sentence asks for one new
translation and not for a whole cell's. Python and template texts are found by Babel's own extractors.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python

from salesnb.language import catalogue

SINCE = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)  # a date of today would change the file with every run
KEYWORDS: Mapping[str, Any] = {
    "Message": None,
    "Nothing": None,
    "InputError": None,
    "say": None,
    "pen": None,
    "marked": None,
    "_": None,
}
METHODS = [
    ("salesnb/shipped/**", "ignore"),
    ("salesnb/**.py", "python"),
    ("salesnb/**.j2", "jinja2.ext:babel_extract"),
    ("data/presets/**.yml", "salesnb.language.translation:preset_texts"),
    ("data/presets/**.sql", "salesnb.language.translation:preset_texts"),
    ("notebooks/cookbook/**", "ignore"),
    ("notebooks/**.ipynb", "salesnb.language.translation:notebook_texts"),
]
COMMENT = re.compile(r"((?:^|[ ]{2})\s*)# (.*)$", re.M)
NOTE = re.compile(r"(?<=\S)([ ]{2,})# (.*)$", re.M)  # of a setting, which may itself be commented out
SQL_HEAD = re.compile(r"\A(?:-- .*\n)+")


def translated_markdown(text: str, *, language: str) -> str:
    """The same markdown with each block translated; a block that the catalogue lacks stays as it is."""
    if language == "en":
        return text
    known = catalogue(language)
    return "".join(mark + known.get(block, block) + rest for mark, block, rest in _blocks(text))


def translated_code(source: str, *, language: str) -> str:
    """The same code with each comment translated; one that the catalogue lacks stays as it is."""
    if language == "en":
        return source
    known = catalogue(language)
    return COMMENT.sub(lambda found: f"{found[1]}# {known.get(found[2], found[2])}", source)


def translated_preset(text: str, *, language: str) -> str:
    """A preset's plan.yml or mapping with its notes translated: those behind settings, and what stands above a query."""
    if language == "en":
        return text
    known = catalogue(language)
    text = NOTE.sub(lambda found: f"{found[1]}# {known.get(found[2], found[2])}", text)
    return SQL_HEAD.sub(lambda found: f"-- {known.get(_remark(found[0]), _remark(found[0]))}\n", text)


def _remark(lines: str) -> str:
    return " ".join(line.removeprefix("-- ") for line in lines.splitlines())


def preset_texts(
    file: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction method for presets: the notes of their settings, and what stands above their queries."""
    text = file.read().decode("utf-8")
    for found in NOTE.finditer(text):
        yield 1, None, found[2], []
    if head := SQL_HEAD.match(text):
        yield 1, None, _remark(head[0]), []


def notebook_texts(
    file: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction method for notebooks: every block of every markdown cell, the texts of the code and its comments."""
    for number, cell in enumerate(json.load(file)["cells"], 1):
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            for found in COMMENT.finditer(source):
                yield number, None, found[2], []
            code = BytesIO(source.encode())
            for _, _, text, notes in extract_python(code, KEYWORDS, [], {}):
                if isinstance(text, str):
                    yield number, None, text, notes
        if cell["cell_type"] == "markdown":
            for _, block, _ in _blocks("".join(cell["source"])):
                if block:
                    yield number, None, block, []


def collect(root: Path) -> Catalog:
    """Every text of the project that a reader can meet, without places: they would change with each edit."""
    found = Catalog(
        locale="zh",
        domain="salesnb",
        project="salesnb",
        version="",
        copyright_holder="the salesnb founders",
        msgid_bugs_address="",
        last_translator="the salesnb founders",
        language_team="zh",
        header_comment="# The texts of salesnb in Chinese. `make catalogue` collects new ones; a test asks for each.",
        creation_date=SINCE,
        revision_date=SINCE,
        fuzzy=False,
    )
    for _, _, message, _, _ in extract_from_dir(
        root, METHODS, keywords=KEYWORDS, options_map={"**.j2": {"silent": "false"}}
    ):
        if message:
            found.add(message, flags=())
    return found


def _blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """(heading or list mark, text on one line, line breaks that follow) for each heading, list item and paragraph."""
    for match in re.finditer(
        r"(\s*(?:#{1,6}|[-*]|\d+\.)\s+)?(.+?)(\s*\Z|\n\s*\n|\n(?=\s*(?:#{1,6}|[-*]|\d+\.)\s))",
        _after_headings(text),
        re.S,
    ):
        mark, block, rest = match.groups()
        yield mark or "", " ".join(block.split()), rest


def _after_headings(text: str) -> str:
    """The same with an empty line after each heading, so that a heading is a block of its own."""
    return re.sub(r"^(#{1,6}\s.*)\n(?!\n)", r"\1\n\n", text, flags=re.M)
