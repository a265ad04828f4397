"""Where the command begins: an interrupt before everything is imported ends as any later one does, with one sentence."""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn


def run() -> NoReturn:
    """`salesnb` as a process of its own.

    An import that is broken off leaves half-made modules behind, with which nothing more can be said: so an interrupt is
    noted, and heard when all of the door is there, within a second.
    """
    heard: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGINT, note)
    from salesnb.cli import run as carry_out

    signal.signal(signal.SIGINT, before)
    carry_out(interrupted=bool(heard) and before is not signal.SIG_IGN)
