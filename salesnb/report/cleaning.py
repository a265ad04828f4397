"""What is taken out of a page's files before anybody looks at them? What they tell of the machine, and in a scope's pack pictures
whose words nobody can read.

A chart of matplotlib brings its texts along (`report.everyday`), and a drawing has them as text; a photograph, or a picture that another
program has made, may show anything.
"""

from __future__ import annotations

import getpass
import json
import re
import socket
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from salesnb.errors import without_machine
from salesnb.headlines import EVERYDAY_MIME

RASTERS = ("image/png", "image/jpeg", "image/gif", "image/webp")
INLINE = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"']?\s*data:image/(?!svg)[^>]*>", re.I)
TEXTS = (".ipynb", ".json", ".csv", ".html")
SHORTEST = 5  # letters of a name that is looked for where it stands alone
TELLING = re.compile(r"[\d._-]")  # no word of a text, but the name of a machine or an account


def machine_names() -> list[str]:
    """The names of this machine and of its user, the longest first."""
    host, found = socket.gethostname(), set[str]()
    with suppress(OSError, KeyError):  # a user without a name
        found.add(getpass.getuser())
    found |= {host, host.partition(".")[0]}
    return sorted(filter(None, found), key=lambda name: (-len(name), name))


def without_names(text: str, names: Iterable[str], *, spoken: Callable[[], Collection[str]]) -> str:
    """The text without these names: alone where a name is no word (`TELLING`) and none of the data's own (`spoken`), else in an
    address (name@…, …@name) or behind a word that says what it is (host=name)."""
    for name in names:
        if name not in text:
            continue
        word = re.escape(name)
        if len(name) >= SHORTEST and TELLING.search(name) and name not in spoken():
            text = re.sub(rf"(?<![\w]){word}(?![\w])", "…", text)
        else:
            text = re.sub(rf"(?<![\w]){word}(?=@[\w.…-])|(?<=[\w…]@){word}(?![\w])", "…", text)
            text = re.sub(
                rf"(?i)\b(host|hostname|user|username|login|machine)(['\"\\]*\s*[=:]\s*['\"\\]*){word}(?![\w])",
                r"\1\2…",
                text,
            )
    return text


def clean(path: Path, *, names: Iterable[str], spoken: Callable[[], Collection[str]], pictures: bool) -> None:
    """Takes out of the file what tells of the machine; without `pictures` also those whose words cannot be read."""
    if path.suffix not in TEXTS:
        return
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    cleaned = without_names(without_machine(text), names, spoken=spoken)
    if not pictures and path.suffix == ".ipynb" and "image/" in cleaned:
        cleaned = _readable(cleaned)
    if cleaned != text:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(cleaned)


def _readable(notebook: str) -> str:
    """The notebook, in which for each picture whose words cannot be read a word stands that it was there."""
    node = json.loads(notebook)
    for cell in node["cells"]:
        cell.pop("attachments", None)
        for output in cell.get("outputs", []):
            _without_pictures(output.get("data", {}))
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))


def _without_pictures(data: dict[str, Any]) -> None:
    word = data.get(EVERYDAY_MIME, {})
    kinds = [kind for kind in RASTERS if kind in data and "texts" not in word]
    for kind in kinds:
        del data[kind]
    markup = data.get("text/html", "")
    whole = markup if isinstance(markup, str) else "".join(markup)
    if INLINE.search(whole):
        data["text/html"] = INLINE.sub("", whole)
        kinds = kinds or ["<img>"]
    if kinds:
        data[EVERYDAY_MIME] = {**word, "unread": kinds[0]}
