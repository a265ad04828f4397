"""What did a command cost, all its processes together?"""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from dataclasses import dataclass

import psutil

REST = 50  # times as long as a look at the memory took: reading the pages of large processes must not take a core from them


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds, and the peak of all processes' proportional memory in bytes."""

    wall: float
    cpu: float
    peak: int


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
    while process.poll() is None:
        total, began = 0, time.perf_counter()
        try:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for member in family:
            try:  # shared pages count once: a forked kernel shares most of its memory with its parent
                memory = member.memory_full_info()
                total += getattr(memory, "pss", memory.rss)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        peak[0] = max(peak[0], total)
        time.sleep(max(0.1, REST * (time.perf_counter() - began)))
