"""How does papermill run a notebook here? In a preloaded kernel over ipc, within the time that its page has.

A papermill engine (entry point ``salesnb``) with four more settings than papermill's own: `address` of the server,
`folder` for sockets, `arguments` of the kernel, and `watch`, which is told of each cell and keeps the notebook whatever happens to the kernel.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from salesnb.report import locks
from salesnb.report.kernels import SOCKET_NAME, PreloadedProvisioner

ENGINE = "salesnb"


class Watch:
    """Follows one notebook: the cells as they run, the deadline, and the notebook as far as it came."""

    def __init__(self, *, limit: float, tell: Callable[[int, int], None] | None = None) -> None:
        self.deadline = time.monotonic() + limit
        self.tell = tell
        self.notebook: NotebookNode | None = None
        self.cell = 0
        self.forked = False
        self.exit_code: int | None = None

    def remaining(self, cell: NotebookNode | None = None) -> float:
        """Seconds left; nbclient stops a cell that takes longer."""
        return max(0.1, self.deadline - time.monotonic())

    def starts(self, cell: NotebookNode, cell_index: int) -> None:
        """A cell begins."""
        self.cell = cell_index
        if self.tell is not None and self.notebook is not None:
            self.tell(cell_index, len(self.notebook.cells))


class PreloadedEngine(Engine):
    """papermill's nbclient engine, in a kernel of ours."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        watch: Watch | None = None,
        address: str = "",
        folder: str = "",
        env: dict[str, str] | None = None,
        arguments: Sequence[str] = (),
        kernel_cwd: str | None = None,
        start_timeout: int = 60,
        **kwargs: Any,
    ) -> None:
        """Run the cells; what goes wrong is raised, and `watch` holds the notebook so far."""
        watch = watch or Watch(limit=kwargs.get("execution_timeout") or 86_400)
        watch.notebook = nb_man.nb
        own = KernelSpecManager(kernel_dirs=[])  # this Python's own kernel, whatever a user has installed
        manager = AsyncKernelManager(
            kernel_name=kernel_name, kernel_spec_manager=own, **_private_channels(folder)
        )
        manager.provisioner = PreloadedProvisioner(
            kernel_id=str(uuid.uuid4()),
            kernel_spec=manager.kernel_spec,
            parent=manager,
            address=address,
            arguments=list(arguments),
        )
        client = PapermillNotebookClient(
            nb_man,
            km=manager,
            log=logger,
            startup_timeout=start_timeout,
            timeout_func=watch.remaining,
            shutdown_kernel="immediate",
            on_cell_start=watch.starts,
            coalesce_streams=True,
        )
        started = {"cwd": kernel_cwd or str(Path.cwd()), "env": {**os.environ, **(env or {})}}
        try:
            client.execute(cleanup_kc=True, **started)
        finally:
            watch.forked = manager.provisioner.forked
            process = manager.provisioner.process
            watch.exit_code = process.poll() if process is not None else None


def register_engine() -> str:
    """Make the engine known to papermill even where the package was never installed; gives its name."""
    papermill_engines.register(ENGINE, PreloadedEngine)
    return ENGINE


def _private_channels(folder: str) -> dict[str, Any]:
    """Unix sockets in a folder of the run's own; TCP where there are none, or no room for their names."""
    if sys.platform == "win32" or not folder or not locks.has_room(Path(folder), SOCKET_NAME):
        return {}
    return {
        "transport": "ipc",
        "connection_file": str(Path(folder) / f"{uuid.uuid4().hex[:8]}.json"),
        "transport_encryption": "disabled",
    }


def _first_instances() -> None:
    """traitlets looks up the classes that traits name at the first instance of each, and two threads that do it at once
    stumble over each other. Pages begin in threads; a module is loaded by one."""
    AsyncKernelManager().client()
    PreloadedProvisioner()


_first_instances()
