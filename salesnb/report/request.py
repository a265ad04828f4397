"""What is asked for: which workspace, which month, whose part of it, in which language, and where the pack goes.

`Request` asks for a pack, `Outcome` says what became of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesnb.errors import InputError
from salesnb.headlines import METRICS
from salesnb.language import Message
from salesnb.packs import of_another

if TYPE_CHECKING:
    from salesnb.report.execute import PageRun

Marks = dict[str, Any]

PAGE_LIMIT = 900.0
TAKEN = ("index", "month")  # names of pages that the pack makes itself
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*%]|^\.+|[. ]+$')


@dataclass(frozen=True)
class Request:
    """One pack. `as_of` is the day up to which things have happened, `scope` as it was asked for ("" is the company)."""

    workspace: str
    as_of: dt.date
    scope: str
    language: str
    out: Path
    notebooks: Path
    plan_language: str = "en"
    company: str = ""

    @property
    def month(self) -> str:
        """2026-10"""
        return f"{self.as_of:%Y-%m}"

    @property
    def name(self) -> str:
        """The folder: 2026-10, 2026-10.region=East, 2026-10.zh."""
        return self._named(self.as_of)

    @property
    def place(self) -> Path:
        """Where the pack stands when it is finished."""
        return self.out / self.name

    @property
    def previous(self) -> Path | None:
        """Last month's pack of the same company, scope and language, where there is one."""
        last = self.out / self._named(self.as_of.replace(day=1) - dt.timedelta(days=1))
        return last if (last / METRICS).is_file() and not of_another(last, self.company) else None

    def _named(self, day: dt.date) -> str:
        parts = [f"{day:%Y-%m}", safe_name(self.scope) if self.scope else ""]
        parts.append(self.language if self.language != self.plan_language else "")
        return ".".join(part for part in parts if part)

    def parameters(self, outputs: Path) -> dict[str, str]:
        """What each notebook is given: ISO text only, because papermill would mangle anything else."""
        return {
            "workspace": self.workspace,
            "as_of": self.as_of.isoformat(),
            "scope": self.scope,
            "language": self.language,
            "previous": str(self.previous.resolve()) if self.previous else "",
            "outputs": str(outputs),
        }


@dataclass
class Outcome:
    """What became of a request: where the pack is, how each page went, and which pages were taken over unchanged."""

    request: Request
    runs: dict[str, PageRun] = field(default_factory=dict)
    reused: list[str] = field(default_factory=list)
    unchanged: bool = False
    replaced: bool = True
    was_complete: bool = False
    left_out: dict[str, list[Message]] = field(
        default_factory=dict
    )  # page → what it shows in the notebook alone

    @property
    def failed(self) -> list[PageRun]:
        return [run for run in self.runs.values() if not run.complete]


def normal_scope(scope: str) -> str:
    """A scope without the blanks around its parts and in one form of its letters: ``region = East`` is ``region=East``."""
    kind, sign, name = (unicodedata.normalize("NFC", part.strip()).strip() for part in scope.partition("="))
    return f"{kind}{sign}{name}"


def same_place(request: Request) -> str:
    """What two requests have in common whose packs would be one folder, also where capitals do not count in file names."""
    return unicodedata.normalize("NFC", str(request.place)).casefold()


def safe_name(scope: str) -> str:
    """A scope as part of a folder's name: readable, never a path, short, and different for different scopes."""
    written = normal_scope(scope)
    safe = _UNSAFE.sub("_", written)[:80].encode()[:160].decode(errors="ignore")
    if safe != written:
        safe += "~" + hashlib.blake2b(written.encode(), digest_size=4).hexdigest()
    return safe


def find_notebooks(folder: Path) -> list[Path]:
    """The notebooks of a folder in the order of their names; `InputError` where there is none, or one is called index."""
    if not folder.is_dir():
        raise InputError(
            "the folder of notebooks {folder} does not exist; correct --notebooks", folder=folder
        )
    found = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    for path in found:
        if path.stem.casefold() in TAKEN:
            raise InputError(
                "{notebook} would take the place of the pack's own {page}; rename the notebook",
                notebook=path.name,
                page=f"{path.stem.casefold()}.html",
            )
    if not found:
        raise InputError("there is no notebook in {folder}; correct --notebooks", folder=folder)
    return found
