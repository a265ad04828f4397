"""What runs, what is done, how long still? A live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from salesnb.language import Language


class Display:
    """Told of pages as they start, move on and end; may be called from several threads.

    It stays here when a page is sent to another machine: there, a pickled copy is silent.
    """

    def __init__(self, console: Console, *, say: Language, pages: int) -> None:
        self.console = console
        self.say = say
        self.lock = threading.Lock()
        self.began = time.monotonic()
        self.pages = pages
        self.done = 0
        self.running: dict[str, TaskID] = {}
        self.bar: Progress | None = None
        if console.is_terminal:
            self.bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TimeRemainingColumn(compact=True),
                console=console,
                transient=True,
            )
            self.total = self.bar.add_task(say("Pages"), total=pages)

    def __reduce__(self) -> tuple[type[Silent], tuple[()]]:
        return Silent, ()

    def __enter__(self) -> Display:
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def cell(self, page: str, cell: int, cells: int) -> None:
        """A page is at this cell."""
        with self.lock:
            if self.bar is None:
                return
            if page not in self.running:
                self.bar.update(self.total, description=self.say("Pages"))
                self.running[page] = self.bar.add_task("  " + page, total=cells)
            self.bar.update(self.running[page], completed=cell)

    def page(self, page: str, *, seconds: float, complete: bool) -> None:
        """A page has ended."""
        with self.lock:
            self.done += 1
            if self.bar is not None:
                if page in self.running:
                    self.bar.remove_task(self.running.pop(page))
                self.bar.update(self.total, completed=self.done)
            word = self.say("done") if complete else self.say("failed")
            left = (time.monotonic() - self.began) / self.done * (self.pages - self.done)
            line = self.say(
                "{done:count}/{pages:count} {page} {word}, {seconds:number} s (about {left:count} s left)",
                done=self.done,
                pages=self.pages,
                page=page,
                word=word,
                seconds=round(seconds, 1),
                left=left,
            )
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)


class Silent:
    """The display on a machine where nobody looks."""

    def cell(self, *_: Any) -> None:
        """Nothing."""
