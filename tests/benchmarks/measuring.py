"""What did a command cost, all its processes together?"""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

CLOSER = 1.04  # a peak may be missed by what lies between two looks


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds, and the peak of all processes' proportional memory in bytes."""

    wall: float
    cpu: float
    peak: int


def together(costs: Sequence[Cost]) -> Cost:
    """Of commands one after the other."""
    return Cost(
        sum(cost.wall for cost in costs), sum(cost.cpu for cost in costs), max(cost.peak for cost in costs)
    )


def mean(costs: Sequence[Cost]) -> Cost:
    """Of one command, measured several times; the highest peak."""
    whole = together(costs)
    return Cost(whole.wall / len(costs), whole.cpu / len(costs), whole.peak)


def measured(command: list[str]) -> Cost:
    """Runs the command to its end; `CalledProcessError` where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = [0]
    watch = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watch.start()
    status = process.wait()
    wall = time.perf_counter() - start
    watch.join()
    if status:
        raise subprocess.CalledProcessError(status, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak[0])


def _watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    """Four times a second, the resident memory; where it is the most so far by a twenty-fifth, what of it is shared.

    Shared pages count once, since a forked kernel shares most of its memory with its parent. To count them takes so long, and
    the longer the more processes there are, that a closer look would slow down what is measured.
    """
    most = 0.0
    while process.poll() is None:
        try:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        resident = sum(_each(family, lambda member: member.memory_info().rss))
        if resident > CLOSER * most:
            most = resident
            peak[0] = max(peak[0], sum(_each(family, _proportional)))
        time.sleep(0.25)


def _proportional(member: psutil.Process) -> int:
    memory = member.memory_full_info()
    return int(getattr(memory, "pss", memory.rss))


def _each(family: list[psutil.Process], ask: Callable[[psutil.Process], int]) -> Iterator[int]:
    for member in family:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            yield ask(member)
