"""What stands in a workbook's sheets? The process that reads them, as ``python -I workbook_process.py PATH SHEET MOST``.

A workbook can be made (or broken) so that reading it takes all memory or aborts the process: a value in the last corner
makes a sheet of 17 billion cells, a text of a megabyte may be used twenty thousand times. Here that costs this process,
which has a limit of memory and time, and never the run. It imports nothing of salesnb, so that it starts in a twentieth
of a second, and writes to standard output with `marshal`: the sheets' names, the names of the hidden ones, then, where SHEET
is not empty, the number of rows above the first that holds something, then blocks of rows, at MOST so many rows in all
(0: every row), then None.
"""

from __future__ import annotations

import datetime as dt
import marshal
import sys
from itertools import islice

import python_calamine

MEMORY = 2 * 2**30  # bytes; the largest sheet that Excel allows with sixty columns
SECONDS = 120  # of processor time
LONGEST_CELL = 32_767  # signs in a cell, as Excel allows
BLOCK = 10_000  # rows
LONG_CELL, UNREADABLE = 3, 4  # exit status


def main(path: str, sheet: str, most: int) -> int:
    """Reads `path` within the limits; the exit status."""
    _limit()
    out = sys.stdout.buffer
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        marshal.dump(list(workbook.sheet_names), out)
        shown = python_calamine.SheetVisibleEnum.Visible
        marshal.dump([each.name for each in workbook.sheets_metadata if each.visible != shown], out)
        if not sheet:
            return 0
        content = workbook.get_sheet_by_name(sheet)
        above = content.start[0] if content.start else 0
        marshal.dump(above, out)
        rows = islice(content.iter_rows(), above, above + most if most else None)
        while block := [[text(cell) for cell in row] for row in islice(rows, BLOCK)]:
            if any(cell is not None and len(cell) > LONGEST_CELL for row in block for cell in row):
                return LONG_CELL
            marshal.dump(block, out)
        marshal.dump(None, out)
    except (python_calamine.CalamineError, ValueError, EOFError, OSError):
        return UNREADABLE
    return 0


def _limit() -> None:
    """From here on this process has so much memory and time; where the system has no such limits, it goes on without."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text(cell: object) -> str | None:
    """A cell as text: what a formula last gave, a day without its midnight, a whole number without its .0."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    return str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
