"""Which texts does a file of a pack hold? Every one that a reader could find: hidden ones, alternatives, labels of drawings,
cells of workbooks, strings of JSON, all unescaped."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DRAWN = re.compile(
    r"""(?s)<style\b.*?</style>|\s(?:d|points|transform|style|class|clip-path|r|ref|sqref|spans|s|t|topLeftCell|activeCell|[\w:-]*href)\s*=\s*(?:"[^"]*"|'[^']*')"""
)
ATTRIBUTE = re.compile(r"""[\w:-]\s*=\s*(?:"([^"]*)"|'([^']*)')""")
TAG = re.compile(r"<[^<>]*>")
TEXTS = (".xml", ".rels")


def texts_of(path: Path) -> set[str]:
    """The texts of a file, each once."""
    found = set(_texts(path))
    found.discard("")
    return found


def _texts(path: Path) -> Iterator[str]:
    kind, body = path.suffix.lower(), path.read_bytes()
    if kind in (".xlsx", ".zip"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            for name in book.namelist():
                yield from _marked_up(book.read(name).decode("utf-8", errors="replace"))
        return
    text = body.decode("utf-8-sig", errors="replace")
    if kind == ".csv":
        headings: list[str] = []
        for row in csv.reader(io.StringIO(text)):
            yield from (cell.strip() for cell in row)
            if not headings:
                headings = row
                yield " ".join(row)
            for heading, cell in zip(headings, row, strict=False):
                if heading.endswith("_id") and cell.isdigit():
                    yield f"{heading}={cell}"  # a number is an id where its column says so
    elif kind in (".json", ".ipynb"):
        yield from _of_json(json.loads(text))
    else:
        yield from _marked_up(text)


def _of_json(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            if not key.startswith("image/") or key == "image/svg+xml":
                yield from _of_json(value)
    elif isinstance(content, list):
        if content and all(isinstance(each, str) for each in content):
            yield from _of_json("".join(content))  # a notebook's lines
        for each in content:
            yield from _of_json(each)
    elif isinstance(content, str):
        yield from _marked_up(content) if "<" in content else content.splitlines()
    elif isinstance(content, (int, float)) and not isinstance(content, bool):
        yield repr(content)


def _marked_up(text: str) -> Iterator[str]:
    """What stands between tags, in attributes and in comments; not the shapes of a drawing, nor rules of style."""
    text = DRAWN.sub("", text.replace("<!--", " ").replace("-->", " "))
    for tag in set(TAG.findall(text)):
        if "=" in tag:
            yield from (html.unescape(one or other).strip() for one, other in ATTRIBUTE.findall(tag))
    for piece in set(TAG.split(text)):
        yield from (line.strip() for line in html.unescape(piece).splitlines())
