"""Where does a kernel come from that is ready in a moment? From a process that has imported everything, and forks.

`main`, in a fork of the run or as ``python -m salesnb.report.preload ADDRESS``, listens on a Unix socket. One connection is
one kernel: the client sends a line of JSON (argv, env, cwd), gets the process id, later the exit code. The process has one
thread and no event loop, so that forking is safe. Whatever dies takes its descendants with it: a closed connection kills its
kernel, a closed standard input (the run is gone) ends the server, which removes the folder of its socket, and a dead server
its kernels.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import select
import selectors
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

MACHINERY = (
    "pandas",
    "scipy.stats",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "pyarrow.feather",
    "pyarrow.pandas_compat",
    "scipy.optimize",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "ibis",
    "ibis.backends.duckdb",
    "ibis.backends.duckdb.converter",
    "ibis.expr.types.groupby",
    "ibis.formats.pandas",
    "duckdb",
    "babel.dates",
    "chinese_calendar",
    "holidays.countries",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
)
ROOMS = (
    "salesnb.calendars",
    "salesnb.language",
    "salesnb.plan",
    "salesnb.intake",
    "salesnb.analysis",
    "salesnb.display",
)
REHEARSAL = "salesnb.display.kit.rehearsal"
PR_SET_PDEATHSIG = 1
LIFE_LINE = 0  # standard input, whatever Python has made of it: a scheduler may start a run without one
CALM = 1_000_000  # new objects in a page before garbage is looked for


def main(address: str) -> None:
    """Listen, import, then fork on request until the run lets go of standard input."""
    with suppress(OSError):
        os.setsid()  # Ctrl-C in the run's terminal is the run's to handle
    folder = Path(address).parent
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)  # requests wait here until the imports are done
    preload()
    Server(listener).serve()
    if _run_is_gone():  # a run that lives removes its folder itself
        shutil.rmtree(folder, ignore_errors=True)


def preload() -> None:
    """Import what notebooks will import, and rehearse; a module that cannot be imported is the notebook's problem, later.

    Imports take seconds: between two of them it looks whether there is still a run to import for. Garbage is not looked for
    meanwhile, and seldom in the pages: a page is over before much of it gathers, and looking takes a sixth of its time.
    """
    gc.disable()
    for name in (*MACHINERY, *_rooms()):
        if _run_is_gone():
            return
        with suppress(Exception):
            importlib.import_module(name)
    with suppress(Exception):
        importlib.import_module(REHEARSAL).rehearse()
    gc.set_threshold(CALM)
    gc.enable()
    gc.freeze()  # the children share these pages as long as the collector does not touch them


def _rooms() -> list[str]:
    ground = importlib.import_module("salesnb").__path__
    names = [
        f"salesnb.{module.name}"
        for module in pkgutil.iter_modules(ground)
        if not module.ispkg and not module.name.startswith("_")
    ]
    for room in ROOMS:
        with suppress(Exception):
            package = importlib.import_module(room)
            names += [module.name for module in pkgutil.walk_packages(package.__path__, room + ".")]
    return names


def _run_is_gone() -> bool:
    """Has standard input been closed at its other end? Nothing is ever sent through it."""
    readable, _, _ = select.select([LIFE_LINE], [], [], 0)
    return bool(readable) and not os.read(LIFE_LINE, 1)


class Server:
    """Forks kernels and watches over them."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.pid = os.getpid()
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.alarm, wakeup = socket.socketpair()
        self.wakeup = wakeup
        for end in (self.alarm, wakeup):
            end.setblocking(False)
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    def serve(self) -> None:
        """Until standard input closes."""
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        self.selector.register(self.alarm, selectors.EVENT_READ, self._reap)
        self.selector.register(LIFE_LINE, selectors.EVENT_READ, self._leave)
        try:
            while True:
                for key, _ in self.selector.select():
                    key.data(key.fileobj)
        except SystemExit:
            pass
        finally:
            for pid in list(self.kernels):
                _kill(pid)

    def _leave(self, stdin: int) -> None:
        if not os.read(stdin, 4096):
            sys.exit(0)

    def _accept(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.settimeout(5)  # the request is one small local write
        try:
            request = json.loads(connection.makefile("rb").readline())
            pid = os.fork()
        except (OSError, ValueError) as error:
            with suppress(OSError):
                connection.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
            connection.close()
            return
        if pid == 0:
            self._become_kernel(connection, request)
        self.kernels[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, self._let_go)
        with suppress(OSError):
            connection.sendall(json.dumps({"pid": pid}).encode() + b"\n")

    def _let_go(self, connection: socket.socket) -> None:
        """The client closed its end: nobody waits for this kernel any more."""
        with suppress(OSError):
            if connection.recv(4096):
                return
        with suppress(KeyError, ValueError):  # its kernel was reaped a moment ago
            self.selector.unregister(connection)
        for pid, owner in self.kernels.items():
            if owner is connection:
                _kill(pid)

    def _reap(self, alarm: socket.socket) -> None:
        with suppress(BlockingIOError):
            alarm.recv(4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            connection = self.kernels.pop(pid, None)
            if connection is None:
                continue
            with suppress(KeyError, ValueError):
                self.selector.unregister(connection)
            with suppress(OSError):
                connection.sendall(json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
            connection.close()

    def _become_kernel(self, connection: socket.socket, request: dict[str, Any]) -> NoReturn:
        """In the child: forget the server, then be an ordinary IPython kernel."""
        code = 1
        try:
            _die_with(self.pid)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            self.selector.close()
            for end in (self.listener, self.alarm, self.wakeup, connection, *self.kernels.values()):
                end.close()
            os.setsid()
            silence(0, 1, 2)
            os.environ.clear()
            os.environ.update(request["env"])
            os.chdir(request["cwd"])
            code = _run_kernel(request["argv"])
        finally:
            os._exit(code)


def _run_kernel(argv: list[str]) -> int:
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(parent_handle=0 if sys.platform == "linux" else os.getppid())
    app.initialize(argv)
    app.start()
    return 0


def silence(*numbers: int) -> None:
    """Standard streams that lead nowhere from now on."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in numbers:
        os.dup2(null, number)
    if null not in numbers:  # where one of them was closed, it is that one
        os.close(null)


def _die_with(server: int) -> None:
    """Linux: the kernel goes when the server goes, and is the first to go when memory runs out.

    Elsewhere ipykernel looks once a second whether its parent still lives.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:  # it went before it could be said
            os._exit(1)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500")


def _kill(pid: int) -> None:
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    finally:
        os._exit(0)  # taking apart what was imported would take longer than a page's start
