"""Is a page that did not run to its end ever taken for a complete one? Real kernels, really broken."""

from __future__ import annotations

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.provisioning import KernelProvisionerBase
from papermill.engines import Engine

from salesnb.errors import InputError, without_machine
from salesnb.report.execute import PageRun, PageTask, check_parameters, run_page
from salesnb.report.kernels import Kernels
from tests import database
from tests.faults import wait_for
from tests.small_notebooks import write_notebook, write_workspace


@pytest.fixture(scope="module")
def kernels() -> Iterator[Kernels]:
    with Kernels() as started:
        yield started
    assert not started.folder.exists()
    assert started.server is None


def run(
    folder: Path, kernels: Kernels | None, *cells: str, limit: float = 60
) -> tuple[PageRun, nbformat.NotebookNode]:
    notebook = write_notebook(folder / "page.ipynb", *cells)
    executed = folder / "out" / "page.ipynb"
    task = PageTask(
        "page",
        notebook,
        executed,
        {"as_of": "2026-10-17", "outputs": "/in/the/making"},
        limit,
        str(folder),
        address=kernels.address if kernels else "",
        folder=str(kernels.folder) if kernels else str(folder),
        env=kernels.environment() if kernels else {},
    )
    result = run_page(task)
    return result, nbformat.read(executed, as_version=4)


def test_a_complete_page_is_computed_in_a_forked_kernel_with_its_parameters(
    tmp_path: Path, kernels: Kernels
) -> None:
    result, node = run(tmp_path, kernels, "import os\nas_of, os.getcwd(), os.environ['OMP_NUM_THREADS']")
    assert result.complete
    assert result.forked
    said = node.cells[-1].outputs[0].data["text/plain"]
    assert ast.literal_eval(said) == ("2026-10-17", without_machine(str(tmp_path)), "1")
    assert "/in/the/making" not in nbformat.writes(node)


def test_a_forked_kernel_starts_well_within_the_time_of_an_ordinary_one(
    tmp_path: Path, kernels: Kernels
) -> None:
    run(tmp_path, kernels, "import pandas")  # the server has done its imports
    began = time.monotonic()
    forked, _ = run(tmp_path, kernels, "import pandas, statsmodels.api, matplotlib.pyplot")
    middle = time.monotonic()
    ordinary, _ = run(tmp_path / "other", None, "import pandas, statsmodels.api, matplotlib.pyplot")
    assert forked.forked
    assert ordinary.complete
    assert not ordinary.forked
    assert middle - began < (time.monotonic() - middle) / 2


def test_a_cell_that_fails_stops_the_page_at_its_question(tmp_path: Path, kernels: Kernels) -> None:
    result, node = run(tmp_path, kernels, "## Which region?", "1 / 0", "## Later?", "'never'")
    assert not result.complete
    assert "ZeroDivisionError" in str(result.problem)
    assert result.section == "Which region?"
    assert node.cells[-1].execution_count is None
    assert not any("papermill-error" in cell.source for cell in node.cells)


def test_what_the_data_do_not_allow_is_said_in_its_own_words(tmp_path: Path, kernels: Kernels) -> None:
    result, _ = run(
        tmp_path, kernels, "from salesnb.errors import InputError\nraise InputError('there is no such month')"
    )
    assert str(result.problem) == "there is no such month"


def test_what_the_data_do_not_allow_is_said_in_the_packs_language(tmp_path: Path, kernels: Kernels) -> None:
    workspace = write_workspace(tmp_path / "data")
    cell = f"from salesnb.intake.workspace import open_book\nopen_book({str(workspace)!r}, as_of='2031-05')"
    english, _ = run(tmp_path, kernels, cell)
    assert str(english.problem) == (
        "there are no data for May 2031: they run from September 2026 to October 2026; choose a month among these"
    )
    chinese, _ = run(tmp_path, kernels, f"language = 'zh'\n{cell}")
    assert "2031年5月" in str(chinese.problem)
    assert "there are no data" not in str(chinese.problem)


def test_a_killed_kernel_makes_a_failed_page(tmp_path: Path, kernels: Kernels) -> None:
    result, node = run(
        tmp_path, kernels, "## One?", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "'never'"
    )
    assert not result.complete
    assert "ended from outside" in str(result.problem)
    assert node.cells[-1].execution_count is None


def test_a_kernel_that_leaves_makes_a_failed_page(tmp_path: Path, kernels: Kernels) -> None:
    result, _ = run(tmp_path, kernels, "import os\nos._exit(0)")
    assert not result.complete


def test_a_kernel_that_cannot_begin_makes_a_failed_page(tmp_path: Path, kernels: Kernels) -> None:
    gone = str(tmp_path / "gone")
    notebook = write_notebook(tmp_path / "page.ipynb", "1")
    task = PageTask("page", notebook, tmp_path / "out.ipynb", {}, 60, gone, kernels.address)
    result = run_page(replace(task, folder=str(kernels.folder), env=kernels.environment()))
    assert str(result.problem) == "The process that computed the page ended by itself."


def test_a_cell_that_never_ends_is_stopped_at_the_limit_with_its_process(
    tmp_path: Path, kernels: Kernels
) -> None:
    began = time.monotonic()
    result, _ = run(tmp_path, kernels, "import time\nwhile True: time.sleep(0.05)", limit=3)
    assert "longer than the 3 seconds" in str(result.problem)
    assert time.monotonic() - began < 20
    assert kernels.server is not None
    gone = time.monotonic() + 5
    while psutil.Process(kernels.server.pid).children() and time.monotonic() < gone:
        time.sleep(0.05)
    assert psutil.Process(kernels.server.pid).children() == []


def test_memory_that_runs_out_is_said(tmp_path: Path, kernels: Kernels) -> None:
    cell = (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (resource.getrlimit(resource.RLIMIT_AS)[1],) * 2)\n"
        "space = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (space + 10**8, space + 10**8))\nlen(bytearray(10**9))"
    )
    result, _ = run(tmp_path, kernels, cell)
    assert "memory" in str(result.problem)


@pytest.mark.parametrize(
    "cell",
    [
        "import numpy\nnumpy.ones(10**15)",
        "import duckdb\nduckdb.connect(config={'memory_limit': '20MB', 'temp_directory': ''}).execute("
        "'SELECT count(DISTINCT random()) FROM range(9000000)')",
    ],
)
def test_memory_that_runs_out_in_a_library_is_said(cell: str, tmp_path: Path, kernels: Kernels) -> None:
    result, _ = run(tmp_path, kernels, cell)
    assert "more memory than this machine could give" in str(result.problem)


def test_a_warehouse_that_is_stopped_over_a_question_is_said(tmp_path: Path, kernels: Kernels) -> None:
    with database.server() as url:
        cell = (
            f"import ibis\ncon = ibis.connect({url!r})\ncon.con.execute('SET statement_timeout = 200')\n"
            "con.sql('SELECT 1 AS one FROM pg_sleep(20)', schema={'one': 'int32'}).to_pandas()"
        )
        result, _ = run(tmp_path, kernels, cell)
    assert str(result.problem) == "The warehouse took longer over a question than it may, and was stopped."


def test_threads_that_begin_pages_look_up_no_class_by_its_name() -> None:
    """traitlets does that at a class's first instance, unguarded: two threads at once, and one page fails."""
    script = """
import papermill  # which loads the engine
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient
from salesnb.report.kernels import PreloadedProvisioner
first = AsyncKernelManager, AsyncKernelClient, Session, KernelSpecManager, PapermillNotebookClient, PreloadedProvisioner
for one in first:
    traits = one.class_traits()
    assert len(traits) > 1, one
    for name, trait in traits.items():
        assert not isinstance(getattr(trait, "klass", None), str), (one, name)
"""
    tried = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


def test_a_server_that_dies_takes_its_kernel_along_and_the_next_page_has_an_ordinary_one(
    tmp_path: Path,
) -> None:
    with Kernels() as own:
        assert own.server is not None
        # written, not printed: the kernel dies with the server, and what it said last may die with it
        told = tmp_path / "pid"
        cell = f"import os, signal\nopen({str(told)!r}, 'w').write(str(os.getpid()))\nos.kill({own.server.pid}, signal.SIGKILL)\nwhile True: pass"
        struck, _ = run(tmp_path, own, cell)
        assert struck.forked
        assert "ended from outside" in str(struck.problem)
        assert wait_for(lambda: not psutil.pid_exists(int(told.read_text())))
        following, _ = run(tmp_path, own, "1")
        assert following.complete
        assert not following.forked


def test_a_kernel_that_dies_in_the_moment_it_is_let_go_does_not_end_the_server(tmp_path: Path) -> None:
    with Kernels() as own:
        kernel, busy = (socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(2))
        assert wait_for(lambda: Path(own.address).exists())
        kernel.connect(own.address)
        request = {"argv": ["-f", str(tmp_path / "kernel.json")], "env": dict(os.environ), "cwd": "/"}
        kernel.sendall(json.dumps(request).encode() + b"\n")
        pid = json.loads(kernel.makefile("rb").readline())["pid"]
        busy.connect(own.address)  # while the server waits for this request, both ends come together
        time.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        assert wait_for(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
        time.sleep(0.2)  # the server has heard of the death before the connection's end
        kernel.close()
        time.sleep(0.2)
        busy.sendall(b"\n")
        assert b"error" in busy.recv(4096)
        busy.close()
        result, _ = run(tmp_path, own, "1")
        assert result.forked


def test_an_ordinary_kernel_is_as_silent_as_a_forked_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result, _ = run(tmp_path, None, "import os\nos.write(2, b'Traceback')\nos.write(1, b'Traceback')")
    assert result.complete
    assert capfd.readouterr() == ("", "")


def test_what_becomes_of_a_disk_that_is_full_is_said(tmp_path: Path, kernels: Kernels) -> None:
    result, _ = run(tmp_path, kernels, "open('/dev/full', 'w').write('x' * 100_000)")
    assert "the disk is full" in str(result.problem)


def test_a_parameter_that_a_notebook_lacks_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "page.ipynb", parameters='workspce = "x"')
    with pytest.raises(InputError, match=r"lacks workspace .*nearest: workspce"):
        check_parameters([path], ["workspace"])


def test_what_is_no_notebook_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    path.write_text("not json")
    with pytest.raises(InputError, match=r"page.ipynb is not a Jupyter notebook"):
        check_parameters([path], ["workspace"])


def test_the_standard_extension_points_name_what_exists() -> None:
    points = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"][
        "entry-points"
    ]
    engine = EntryPoint("salesnb", points["papermill.engine"]["salesnb"], "papermill.engine").load()
    kind = "jupyter_client.kernel_provisioners"
    provisioner = EntryPoint("salesnb-preloaded", points[kind]["salesnb-preloaded"], kind).load()
    assert issubclass(engine, Engine)
    assert issubclass(provisioner, KernelProvisionerBase)
