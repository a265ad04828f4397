"""Is an interrupt heard while the engine is busy? Python hears none within a long query, so long work goes on in a thread beside."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress

import duckdb

PATIENCE = 1.0  # seconds that interrupted work has to clear up behind itself
Engines = list[duckdb.DuckDBPyConnection]  # those that a piece of work has opened


def audible(work: Callable[[Engines], None]) -> None:
    """Carries `work` out and raises what it raises; an interrupt meanwhile stops its engines and is raised at once."""
    engines, raised, context = Engines(), list[BaseException](), contextvars.copy_context()

    def carried_out() -> None:
        try:
            context.run(work, engines)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=carried_out, name="salesnb-intake", daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        for connection in engines:
            with suppress(duckdb.Error):
                connection.interrupt()
        with suppress(KeyboardInterrupt):
            thread.join(PATIENCE)
        raise
    if raised:
        raise raised[0]
