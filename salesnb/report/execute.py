"""Did a notebook run to its end? Executes one through papermill and never takes an incomplete one for complete.

A killed kernel leaves a notebook without any error in it, so completeness is checked cell by cell, and every way in which
a page can fail is put into a sentence for its reader.
"""

from __future__ import annotations

import ast
import errno
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from salesnb.errors import InputError, nearest, trouble, without_machine, without_secrets
from salesnb.headlines import EVERYDAY_MIME
from salesnb.language import Message

if TYPE_CHECKING:  # an unchanged pack is told of without these imports
    from nbformat import NotebookNode

KERNEL = "python3"
DIED_EARLY = "Kernel died before"  # what jupyter_client says in place of a class of its own
ERROR_MARKER = "papermill-error-cell-tag"


@dataclass(frozen=True)
class PageTask:
    """A notebook to run: everything as plain values, so that a worker of a cluster can take it."""

    page: str
    notebook: Path
    executed: Path
    parameters: dict[str, str]
    limit: float
    cwd: str
    address: str = ""
    folder: str = ""
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageRun:
    """How it went. `problem` is None for a complete page, else one sentence; `section` is the question it stopped at."""

    page: str
    seconds: float
    forked: bool
    problem: Message | None = None
    section: str = ""
    detail: str = ""

    @property
    def complete(self) -> bool:
        return self.problem is None


def check_parameters(notebooks: Sequence[Path], parameters: Sequence[str]) -> None:
    """papermill only warns of a parameter that a notebook lacks; here it is an `InputError` with the nearest name."""
    import papermill
    from papermill.log import logger

    logger.setLevel("CRITICAL")
    for path in notebooks:
        node = _read(path)
        known = [*papermill.inspect_notebook(node)]
        known += [
            name for name in _assigned(node) if name not in known
        ]  # papermill misses a line with = in its comment
        for name in parameters:
            if name not in known:
                raise InputError(
                    "{notebook}: the parameters cell lacks {name} (it has {known:list}; nearest: {guess}); add it",
                    notebook=path.name,
                    name=name,
                    known=known or ["none"],
                    guess=nearest(name, known) or "none",
                )


def run_page(task: PageTask, tell: Callable[[str, int, int], None] | None = None) -> PageRun:
    """Run the notebook of `task` and write it, as far as it came, to `task.executed`.

    papermill prepares it and our engine runs it, in two steps: in one, it would write the whole page once more, to nowhere.
    """
    import papermill
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors
    from papermill.log import logger

    from salesnb.report.engine import Watch, register_engine

    logger.setLevel("CRITICAL")  # what papermill would say is told by the page
    began = time.monotonic()
    watch = Watch(
        limit=task.limit, tell=None if tell is None else lambda cell, cells: tell(task.page, cell, cells)
    )
    error: BaseException | None = None
    try:
        node = papermill.execute_notebook(
            _read(task.notebook),
            None,
            parameters=task.parameters,
            kernel_name=KERNEL,
            language="python",
            prepare_only=True,
        )
        node = papermill_engines.execute_notebook_with_engine(
            register_engine(),
            node,
            kernel_name=KERNEL,
            progress_bar=False,
            watch=watch,
            address=task.address,
            folder=task.folder,
            env=task.env,
            kernel_cwd=task.cwd,
            arguments=_arguments(task),
        )
        raise_for_execution_errors(node, None)
    except Exception as caught:
        error = caught
    executed = _without_marks(watch.notebook)
    if executed is not None:
        _forget_unshown(executed, task.parameters.get("outputs", ""))
        try:
            _write(executed, task.executed)
        except OSError as full:
            task.executed.unlink(missing_ok=True)  # half a notebook would be worse than none
            error = error or full
    if error is None and (unfinished := _first_unfinished(executed)) is not None:
        error = RuntimeError(f"cell {unfinished} was not executed")
    return PageRun(
        page=task.page,
        seconds=round(time.monotonic() - began, 3),
        forked=watch.forked,
        problem=None if error is None else _in_words(error, watch.exit_code, task.limit),
        section="" if error is None else _section(executed, watch.cell),
        detail="" if error is None else _detail(error),
    )


def _arguments(task: PageTask) -> list[str]:
    """What the kernel is told so that bare frames and pictures reach the pack."""
    outputs, language = task.parameters.get("outputs", ""), task.parameters.get("language", "en")
    if not outputs:
        return []
    return [
        "--InteractiveShellApp.extra_extensions=salesnb.report.everyday",
        f"--Everyday.page={task.page}",
        f"--Everyday.folder={outputs}",
        f"--Everyday.language={language}",
    ]


def _forget_unshown(node: NotebookNode, outputs: str) -> None:
    """A frame that a cell keeps to itself (`remove-output`) stands on no page: nor does its CSV stand beside it."""
    for cell in node.cells:
        if "remove-output" not in cell.metadata.get("tags", []):
            continue
        for output in cell.get("outputs", []):
            word = output.get("data", {}).pop(EVERYDAY_MIME, {})
            if outputs and "csv" in word:
                Path(outputs, word["csv"]).unlink(missing_ok=True)


def _assigned(node: NotebookNode) -> list[str]:
    """The names that the parameters cell assigns."""
    cells = [cell.source for cell in node.cells if "parameters" in cell.metadata.get("tags", [])]
    try:
        statements = ast.parse("\n".join(cells)).body
    except SyntaxError:
        return []
    targets = [
        target
        for statement in statements
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    ]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _read(path: Path) -> NotebookNode:
    import nbformat

    try:
        node = nbformat.read(path, as_version=4)
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs = []  # of an earlier run: much to carry along, and never to be taken for this one's
        node.metadata.setdefault(
            "kernelspec", {"name": KERNEL, "display_name": "Python 3", "language": "python"}
        )
        node.metadata.setdefault("language_info", {"name": "python"})
        return node
    except Exception as error:
        raise InputError(
            "{notebook} is not a Jupyter notebook ({problem})",
            notebook=path.name,
            problem=str(error).splitlines()[0][:120],
        ) from None


def _write(node: NotebookNode, path: Path) -> None:
    """The executed notebook, without the folder that exists only while the pack is being made, without
    secrets of errors and without the folders of this machine."""
    import nbformat

    for cell in node.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.evalue = without_secrets(output.evalue)
                output.traceback = [without_secrets(line) for line in output.traceback]
            elif output.output_type == "stream":
                output.text = without_secrets(output.text)
        if "injected-parameters" in cell.metadata.get("tags", []):
            kept = [line for line in cell.source.splitlines() if not line.startswith("outputs = ")]
            cell.source = "\n".join([*kept, 'outputs = ""'])
            cell.id = "injected-parameters"  # papermill draws one
    node.metadata.get("papermill", {}).get("parameters", {}).update(outputs="")
    path.parent.mkdir(parents=True, exist_ok=True)
    written = nbformat.writes(node, indent=None)  # indenting takes Python ten times as long as writing
    path.write_text(without_machine(written), encoding="utf-8")


def _without_marks(node: NotebookNode | None) -> NotebookNode | None:
    """Without the two cells by which papermill marks an error: the page says it in words."""
    if node is not None:
        node.cells = [cell for cell in node.cells if ERROR_MARKER not in cell.metadata.get("tags", [])]
    return node


def _first_unfinished(node: NotebookNode | None) -> int | None:
    if node is None:
        return 0
    for index, cell in enumerate(node.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        failed = any(output.output_type == "error" for output in cell.outputs)
        if (
            cell.execution_count is None
            or failed
            or cell.metadata.get("papermill", {}).get("status") != "completed"
        ):
            return index
    return None


def _section(node: NotebookNode | None, cell: int) -> str:
    """The last question before the cell at which it stopped."""
    headings = [
        line.lstrip("# ").strip()
        for earlier in (node.cells[: cell + 1] if node is not None else [])
        if earlier.cell_type == "markdown"
        for line in earlier.source.splitlines()
        if line.startswith("## ")
    ]
    return headings[-1] if headings else ""


def _in_words(error: BaseException, exit_code: int | None, limit: float) -> Message:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, InputError):
        return error.message
    if isinstance(error, PapermillExecutionError):
        return _raised_in_words(error.ename, error.evalue, error.traceback)
    if isinstance(error, CellTimeoutError):
        return Message(
            "The computation took longer than the {limit:count} seconds that a page has.", limit=limit
        )
    if isinstance(error, DeadKernelError) or str(error).startswith(DIED_EARLY):
        if exit_code is not None and exit_code < 0:
            return Message(
                "The process that computed the page was ended from outside (signal {number}), as happens when memory runs out.",
                number=-exit_code,
            )
        return Message("The process that computed the page ended by itself.")
    if isinstance(error, OSError):
        return of_file(error)
    return Message(
        "The computation could not be carried out: {error}.",
        error=without_secrets(str(error)).splitlines()[0][:300] if str(error) else type(error).__name__,
    )


def _raised_in_words(name: str, text: str, shown: Sequence[str]) -> Message:
    """What a cell raised: class, text, and what its reader was shown; an `InputError` shows itself in the notebook's language."""
    if name == "InputError":
        return Message("{sentence:whole}", sentence=without_secrets("\n".join(shown) or text))
    if name.endswith(("MemoryError", "OutOfMemoryException")):  # Python's, NumPy's, DuckDB's
        return Message("The computation needed more memory than this machine could give.")
    if name.endswith("QueryCanceled"):  # psycopg's, after the time that a session allows its statements
        return Message("The warehouse took longer over a question than it may, and was stopped.")
    if f"[Errno {errno.ENOSPC}]" in text or os.strerror(errno.ENOSPC) in text:
        return of_file(OSError(errno.ENOSPC, ""))
    return Message(
        "The computation stopped with an error: {error}.", error=without_secrets(f"{name}: {text}")[:300]
    )


def of_file(error: OSError) -> Message:
    """Why a file could not be read or written."""
    return Message("A file could not be used: {problem}.", problem=trouble(error))


def _detail(error: BaseException) -> str:
    return without_secrets(f"{type(error).__name__}: {error}")[-4000:]
