"""Which process runs a notebook's cells? A fork of the preloaded server where the platform can, else an ordinary kernel.

`Kernels` is the run's own: a private folder for sockets and connection files, and the server. `PreloadedProvisioner` is
the standard extension point of jupyter_client (entry point ``salesnb-preloaded``): it asks the server, and starts an
ordinary kernel where there is none.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from salesnb.report import launch, locks

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
INLINE = "module://matplotlib_inline.backend_inline"
FORKED = (
    "--HistoryManager.enabled=False",  # a database of what was typed; nobody types in a page
    "--matplotlib=inline",  # the server imported the backend before there was a shell to show its pictures in
)
SOCKET_NAME = len("01234567-ipc-5")  # the longest in the run's folder: a kernel's channels are numbered


class Kernels:
    """A run's kernels: ``with Kernels() as kernels`` gives the folder and the server's address.

    `shared` names modules that the run and its notebooks both need: imported here where the server can be a fork of the run.
    `address` is empty where nothing can be forked (Windows; a server that did not start), and kernels are then ordinary.
    Leaving the block, however it is left, ends every forked kernel and removes the folder; an ordinary kernel is ended by
    who waits for it, and ends itself when this process has gone.
    """

    def __init__(self, *, shared: Sequence[str] = ()) -> None:
        self.folder = Path()
        self._own = ExitStack()
        self._shared = shared
        self.address = ""
        self.server: launch.Launched | None = None

    def __enter__(self) -> Kernels:
        self.folder = self._own.enter_context(locks.private_folder(room=SOCKET_NAME))
        try:
            if (
                hasattr(os, "fork")
                and hasattr(socket, "AF_UNIX")
                and locks.has_room(self.folder, SOCKET_NAME)
            ):
                self._start_server()
        except BaseException:  # an interrupt, too: nobody else would let go of the folder
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the server and with it every kernel; a second call does nothing."""
        server, self.server = self.server, None
        if server is not None:
            server.end()
        self._own.close()

    def environment(self) -> dict[str, str]:
        """What the kernels' environment has beside the run's own: one thread each, and no trace in the user's home."""
        return {
            **ONE_THREAD,
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }

    def _start_server(self) -> None:
        address = str(self.folder / "preload")
        environment = {**self.environment(), "MPLBACKEND": INLINE}
        with suppress(OSError):
            if launch.can_fork():
                os.environ.update(ONE_THREAD)
                for name in self._shared:
                    importlib.import_module(name)
                self.server = launch.forked(address, environment)
            else:
                self.server = launch.started(address, environment)
            self.address = address


class ForkedProcess:
    """A forked kernel, seen as `subprocess.Popen` would show it. The connection is its life line."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection = connection
        self.pid = pid
        self.returncode: int | None = None
        connection.setblocking(False)

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            try:
                line = self.connection.recv(4096)
                self.returncode = json.loads(line)["exit"] if line else -signal.SIGKILL
            except BlockingIOError:
                return None
            except (OSError, ValueError):
                self.returncode = -signal.SIGKILL
            self.connection.close()
        return self.returncode

    def wait(self) -> int:
        """Block until it has ended."""
        while (code := self.poll()) is None:
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        """To the kernel alone; nothing where it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class PreloadedProvisioner(LocalProvisioner):
    """Forks the kernel from the server at `address`; an ordinary process where that is not possible."""

    address = Unicode("", help="the Unix socket of a salesnb.report.preload server").tag(config=True)
    arguments = List(Unicode(), help="what IPython is told beside its connection").tag(config=True)
    forked = False

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Ask the server for a fork; the connection stays open as long as the kernel is wanted."""
        cmd = [*cmd, *self.arguments]
        connection = self._connect() if self._ours(cmd) else None
        if connection is None:
            return await self._launch_ordinary(cmd, **kwargs)
        argv = [*cmd[cmd.index("ipykernel_launcher") + 1 :], *FORKED]
        cwd = str(kwargs.get("cwd") or Path.cwd())
        request = {"argv": argv, "env": dict(kwargs.get("env") or os.environ), "cwd": cwd}
        try:
            connection.sendall(json.dumps(request).encode() + b"\n")
            pid = json.loads(connection.makefile("rb").readline())["pid"]
        except (OSError, ValueError, KeyError):
            connection.close()
            return await self._launch_ordinary(cmd, **kwargs)
        self.process = ForkedProcess(connection, pid)  # type: ignore[assignment]
        self.pid, self.pgid, self.cwd, self.forked = pid, None, cwd, True
        return self.connection_info

    async def _launch_ordinary(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Silent as a forked one: what a kernel says outside its channels is not for the reader of the terminal."""
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return await super().launch_kernel(cmd, **{**kwargs, **silent})

    def _connect(self) -> socket.socket | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(60)  # the server may still be importing
        for _ in range(50):  # and may not even listen yet
            try:
                connection.connect(self.address)
                return connection
            except FileNotFoundError:
                time.sleep(0.1)
            except OSError:
                break
        connection.close()
        return None

    def _ours(self, cmd: list[str]) -> bool:
        """Would the command start the same Python as the server's, as an IPython kernel?"""
        with suppress(OSError, ValueError):
            return (
                bool(self.address)
                and "ipykernel_launcher" in cmd
                and os.path.samefile(cmd[0], sys.executable)
            )
        return False
