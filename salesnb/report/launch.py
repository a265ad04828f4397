"""How does the server of preloaded kernels begin and end? As a fork of the run where nothing speaks against it.

A fork has what the run has imported; a new interpreter would import the same once more, for two seconds. It is for a run
with one thread in which nothing computes yet (the command's own process); elsewhere the server is a new interpreter. Either
way its standard input is its life line: it ends when the run, however it ends, has let go of the other end.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import NoReturn

from salesnb.report import preload

PATIENCE = 3.0  # seconds that a server has to end its kernels


class Launched:
    """A server that was launched, and the end of its life line that the run holds."""

    def __init__(self, pid: int, life_line: int) -> None:
        self.pid = pid
        self._life_line = life_line

    def end(self) -> None:
        """End the server, which ends its kernels first; return when it has gone."""
        os.close(self._life_line)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)  # while it imports it has no kernels
        patient_until = time.monotonic() + PATIENCE
        with suppress(ChildProcessError):  # somebody else has waited for it
            while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
                if time.monotonic() > patient_until:
                    os.kill(self.pid, signal.SIGKILL)
                time.sleep(0.01)


def can_fork() -> bool:
    """Has this process one thread, and no NumPy yet that would have chosen how many its kernels compute with?"""
    if sys.platform != "linux" or "numpy" in sys.modules:
        return False
    with suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1
    return False


def forked(address: str, environment: Mapping[str, str]) -> Launched:
    """A server that begins with what this process has imported."""
    theirs, ours = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become_server(address, environment, theirs)
    os.close(theirs)
    return Launched(pid, ours)


def started(address: str, environment: Mapping[str, str]) -> Launched:
    """A server in a new interpreter; `OSError` where it cannot be started."""
    theirs, ours = os.pipe()
    try:
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", preload.__name__, address],
            {**os.environ, **environment},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, theirs, 0),
                *((os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)),
            ],
        )
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return Launched(pid, ours)


def _become_server(address: str, environment: Mapping[str, str], life_line: int) -> NoReturn:
    """In the child: let go of all that is the run's, its locks above all, then serve."""
    try:
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, signal.SIG_DFL)
        os.dup2(life_line, 0)
        preload.silence(1, 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.environ.update(environment)
        preload.main(address)
    finally:
        os._exit(0)
