"""How fast is a pack, and how much memory does it take, against what a user would write instead? Run by `make bench`.

Both ways run in turn within one run, a part of the loop and then a pack, and what is promised is the ratio of their means:
machines are noisy, ratios less so. Takes about ten minutes on two cores; `--quick` renders four scopes in place of twenty and
takes half of that. A promise that is not kept is printed as such, with the figures.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
import openpyxl

from tests.benchmarks.measuring import Cost, mean, measured, together
from tests.benchmarks.showing import Row, show_profile, show_rows

ROOT = Path(__file__).parent.parent.parent
WORKSPACE = ROOT / "data/demo"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
START = 6.0  # seconds that a run may take before its pages begin
TURNS = 3
MOST_MEMORY = 2 * 2**30
MILLION, MOST_READING, MOST_READING_MEMORY = 1_000_000, 40.0, 1.5 * 2**30
SHEET, MOST_OWN = 100_000, 60.0
MONTHS = tuple(calendar.month_abbr)[1:]
STOPWATCH = """
import json, time
began = []
def start(*_):
    began.append(time.process_time())
def stop(result):
    if began:
        with open({log!r}, "a", encoding="utf-8") as log:
            print(json.dumps([{notebook!r}, time.process_time() - began.pop(), result.info.raw_cell]), file=log)
get_ipython().events.register("pre_run_cell", start)
get_ipython().events.register("post_run_cell", stop)
"""


def loop(out: Path, notebooks: Sequence[Path], *, scope: str = "") -> list[str]:
    """What a user would write: papermill, then nbconvert, one notebook after the other."""
    steps = []
    for notebook in notebooks:
        done = out / notebook.name
        steps.append(
            f"{sys.executable} -m papermill {notebook} {done} -p workspace {WORKSPACE} -p as_of 2026-10-31 "
            f"-p scope '{scope}' --no-progress-bar --log-level ERROR && "
            f"{sys.executable} -m jupyter nbconvert --to html --no-input --log-level ERROR {done}"
        )
    return ["bash", "-c", " && ".join(steps)]


def report(out: Path, *options: str) -> list[str]:
    """The same through salesnb; the console is not measured."""
    asked = [str(WORKSPACE), "--month", "2026-10", "--out", str(out)]
    return [sys.executable, "-m", "salesnb", "report", *asked, *options]


def twenty_scopes() -> list[str]:
    """Every region and team of the demo, and as many people as make twenty."""
    with (WORKSPACE / "reps.csv").open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file))
    regions, teams = (sorted({person[kind] for person in people}) for kind in ("region", "team"))
    present = [person["rep_name"] for person in people if not person["left_on"]]
    named = [f"region={name}" for name in regions] + [f"team={name}" for name in teams]
    return [*named, *(f"rep={name}" for name in present[: 20 - len(named)])]


def watched(folder: Path, log: Path) -> Path:
    """Copies of the notebooks, in `folder`, that write to `log` how much CPU each of their cells takes."""
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        watch = STOPWATCH.format(log=str(log), notebook=path.stem)
        notebook.cells.insert(1, nbformat.v4.new_code_cell(watch))
        nbformat.write(notebook, folder / path.name)
    return folder


def in_cells(log: Path) -> dict[str, list[tuple[float, str]]]:
    """CPU seconds of each cell that `watched` notebooks ran, with the cell's last line, by notebook."""
    spent: dict[str, list[tuple[float, str]]] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        notebook, seconds, source = json.loads(line)
        spent.setdefault(notebook, []).append((seconds, (source.strip().splitlines() or [""])[-1]))
    return dict(sorted(spent.items()))


def total(spent: dict[str, list[tuple[float, str]]]) -> float:
    """Seconds of all cells."""
    return sum(seconds for cells in spent.values() for seconds, _ in cells)


def in_turn(out: Path) -> tuple[Cost, Cost]:
    """A pack and the loop over its notebooks: a third of the loop, a pack, the next third; the packs' mean and the whole loop."""
    place = _new(out, "loop")
    packs, parts = [], []
    for turn in range(TURNS):
        parts.append(measured(loop(place, NOTEBOOKS[turn::TURNS])))
        packs.append(measured(report(_new(out, f"pack{turn}"), "--fresh")))
    return mean(packs), together(parts)


def one_pack(out: Path, cores: int) -> Iterator[Row]:
    """The demo pack: whole, unchanged, one notebook changed, and its floor: the CPU of its cells, spread over the cores."""
    pack, plain = in_turn(out)
    log = out / "cells.jsonl"
    copies = watched(_new(out, "watched"), log)
    alone = measured(report(_new(out, "alone"), "--jobs", "1", "--notebooks", str(copies)))
    spent = in_cells(log)
    show_profile(spent)
    floor = total(spent) / cores
    yield Row("the demo pack", pack, plain, plain.wall / pack.wall, "at least 5 times faster", 5)
    own = _new(out, "notebooks")
    for notebook in NOTEBOOKS:
        shutil.copy(notebook, own)
    options = ("--notebooks", str(own))
    measured(report(out / "pack0", *options))
    again = measured(report(out / "pack0", *options))
    yield Row("the same, nothing changed", again, plain, 2 / again.wall, "under 2 s", 1)
    changed = nbformat.read(own / NOTEBOOKS[-1].name, as_version=4)
    changed.cells.append(nbformat.v4.new_markdown_cell("A remark."))
    nbformat.write(changed, own / NOTEBOOKS[-1].name)
    one = measured(report(out / "pack0", *options))
    yield Row("the same, one notebook changed", one, plain, pack.wall / one.wall, "faster than all", 1)
    allowed = 1.3 * floor + START
    yield Row(
        f"wall against 1.3 × floor ({floor:.1f} s) + {START:.0f} s",
        pack,
        plain,
        allowed / pack.wall,
        f"at most {allowed:.1f} s",
        1,
    )
    ours_outside, their_outside = alone.cpu - total(spent), plain.cpu - total(spent)
    yield Row(
        f"CPU outside the cells: {ours_outside:.1f} s against {their_outside:.1f} s",
        alone,
        plain,
        their_outside / ours_outside,
        "at least 8 times less",
        8,
    )


def many_packs(out: Path, scopes: list[str]) -> Iterator[Row]:
    """A batch of scopes in one run, between the halves of the loop over one of them, taken as often as there are scopes."""
    place, scoped = _new(out, "batch"), _new(out, "scoped")
    options = [option for scope in scopes for option in ("--scope", scope)]
    first = measured(loop(scoped, NOTEBOOKS[::2], scope=scopes[0]))
    batch = measured(report(place, "--fresh", *options))
    plain = together([first, measured(loop(scoped, NOTEBOOKS[1::2], scope=scopes[0]))])
    n = len(scopes)
    theirs = Cost(plain.wall * n, plain.cpu * n, plain.peak)
    yield Row(f"{n} scopes in one run", batch, theirs, theirs.wall / batch.wall, "at least 8 times faster", 8)
    yield Row("peak memory of all its processes", batch, theirs, MOST_MEMORY / batch.peak, "under 2 GB", 1)
    ready = sorted(path.stat().st_mtime for path in place.glob("*/run.json"))
    half = len(ready) // 2
    early, late = (
        (ready[half] - ready[0]) / half,
        (ready[-1] - ready[half]) / (len(ready) - 1 - half),
    )
    yield Row(
        f"a further pack: {early:.1f} s in the first half, {late:.1f} s in the second",
        batch,
        theirs,
        1.25 * early / late,
        "no slower by a quarter",
        1,
    )


def write_orders(folder: Path, rows: int) -> Path:
    """A workspace whose orders.csv has so many lines, as a system exports them: amounts with thousands, days with a clock."""
    (folder / "plan.yml").write_text("company: Million\ncurrency: EUR\n", encoding="utf-8")
    heading = (
        "order_id,line_id,account_id,rep_id,product_id,ordered_on,quantity,net_amount,list_amount,note\n"
    )
    with (folder / "orders.csv").open("w", encoding="utf-8") as file:
        file.write(heading)
        for n in range(rows):
            day = f"{n % 28 + 1:02} {MONTHS[n % 12]} {2024 + n % 3} {n % 24:02}:{n % 60:02}"
            ids = f"SO-{n // 4:07},{n % 4 + 1},C{n % 9_973:05},R{n % 97:03},P{n % 389:04}"
            file.write(
                f'{ids},{day},{n % 50},"{n % 99_991:,}.{n % 100:02}",{n % 100_003}.5,line {n % 1000}\n'
            )
    return folder


def many_rows(out: Path) -> Iterator[Row]:
    """A million rows of csv through `salesnb check`, against pandas that reads the file and adds up one column."""
    folder = write_orders(_new(out, "million"), MILLION)
    reads = f"import pandas; pandas.read_csv({str(folder / 'orders.csv')!r}, thousands=',').net_amount.sum()"
    plain = measured([sys.executable, "-c", reads])
    ours = measured([sys.executable, "-m", "salesnb", "check", str(folder)])
    yield Row("a million rows of csv through check", ours, plain, MOST_READING / ours.wall, "under 40 s", 1)
    yield Row("its memory", ours, plain, MOST_READING_MEMORY / ours.peak, "under 1.5 GB", 1)


def write_book(path: Path, rows: int) -> Path:
    """A workbook as people keep them: a title, headings of their own, days and amounts."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sales")
    sheet.append(["Sales of the company"])
    sheet.append(["Order number", "Date of sale", "Client", "Sold by", "Article", "Pieces", "Net value"])
    for n in range(rows):
        day = dt.date(2024, 1, 1) + dt.timedelta(n % 1000)
        sheet.append([f"SO-{n // 4:07}", day, f"Client {n % 9_973}", f"Person {n % 97}", f"P{n % 389}", n % 50, n % 99_991 / 7])  # fmt: skip
    book.save(path)
    return path


def own_files(out: Path) -> Iterator[Row]:
    """Files that nobody prepared through `salesnb init --from`, against pandas that reads them and adds up one column."""
    orders = write_orders(_new(out, "export"), MILLION) / "orders.csv"
    book = write_book(out / "sales.xlsx", SHEET)
    for path, reads, label in (
        (orders, f"pandas.read_csv({str(orders)!r}, thousands=',').net_amount.sum()", "a million rows of csv"),
        (book, f"pandas.read_excel({str(book)!r}, header=1)['Net value'].sum()", f"a workbook of {SHEET:,} rows"),
    ):  # fmt: skip
        plain = measured([sys.executable, "-c", f"import pandas; {reads}"])
        made = out / f"own-{path.stem}"
        ours = measured([sys.executable, "-m", "salesnb", "init", str(made), "--from", str(path), "--answer", "date_order=dmy"])  # fmt: skip
        yield Row(f"{label} through init --from", ours, plain, MOST_OWN / ours.wall, f"under {MOST_OWN:.0f} s", 1)  # fmt: skip
        yield Row("its memory", ours, plain, MOST_READING_MEMORY / ours.peak, "under 1.5 GB", 1)


def main() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    scopes = twenty_scopes()
    if "--quick" in sys.argv:
        scopes = scopes[:4]
    with tempfile.TemporaryDirectory(prefix="salesnb-bench-") as folder:
        out = Path(folder)
        _tell("The pack and the loop over its six notebooks, in turn, for the company")
        rows = list(one_pack(out, cores))
        _tell(f"{len(scopes)} scopes in one run, between the halves of the loop for one of them, {scopes[0]}")
        rows += many_packs(out, scopes)
        _tell("A million rows of csv through check")
        rows += many_rows(out)
        _tell("Files that nobody prepared through init --from")
        rows += own_files(out)
    show_rows(rows, cores=cores)


def _tell(text: str) -> None:
    print(text, flush=True)


def _new(out: Path, name: str) -> Path:
    path = out / name
    path.mkdir()
    return path


if __name__ == "__main__":
    main()
