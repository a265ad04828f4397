"""How are the measurements shown? One line per promise, and what each notebook spends in its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measuring import Cost

DEAREST = 3  # cells of a notebook that the profile names


@dataclass(frozen=True)
class Row:
    """A promise: what was run, what it cost us and the loop, and the ratio that must be at least `least`."""

    what: str
    ours: Cost
    loop: Cost
    ratio: float
    promise: str
    least: float

    @property
    def kept(self) -> bool:
        return self.ratio >= self.least


def show_rows(rows: Sequence[Row], *, cores: int) -> None:
    """The table of promises; seconds of wall and CPU, memory as the peak of all processes, shared pages counted once."""
    grid = Table("What", title=f"Promises, on {cores} cores", title_justify="left")
    for name in ("Ours", "Loop", "CPU", "loop's", "Peak MB", "loop's", "Ratio"):
        grid.add_column(name, justify="right")
    grid.add_column("Promised")
    grid.add_column("Kept")
    for row in rows:
        costs = [f"{cost.wall:.1f} s" for cost in (row.ours, row.loop)]
        costs += [f"{cost.cpu:.1f} s" for cost in (row.ours, row.loop)]
        costs += [f"{cost.peak / 2**20:,.0f}" for cost in (row.ours, row.loop)]
        grid.add_row(row.what, *costs, f"{row.ratio:.2f}", row.promise, "yes" if row.kept else "NO")
    Console(width=170).print(grid)


def show_profile(spent: Mapping[str, Sequence[tuple[float, str]]]) -> None:
    """What each notebook spends: CPU seconds in its cells, in a preloaded kernel, and its dearest cells."""
    grid = Table("Notebook", title="CPU that each notebook spends in its cells", title_justify="left")
    grid.add_column("Seconds", justify="right")
    grid.add_column("Dearest cells, by their last line")
    for notebook, cells in spent.items():
        dearest = sorted(cells, reverse=True)[:DEAREST]
        named = "\n".join(f"{seconds:.2f} {line.strip()[:90]}" for seconds, line in dearest)
        grid.add_row(notebook, f"{sum(seconds for seconds, _ in cells):.2f}", named)
    grid.add_section()
    grid.add_row("all", f"{sum(seconds for cells in spent.values() for seconds, _ in cells):.2f}", "")
    Console(width=170, markup=False).print(grid)
