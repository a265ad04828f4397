"""What do millions of order lines cost, on a laptop? Run by `make bench-scale`.

Workspaces are streamed by `salesnb demo DIR --lines N`, all tables in proportion, and rendered whole: two million lines, then ten;
`--hundred` adds a hundred million, measured and not promised. The facts stand beside plain pandas over the same file in one run,
and the model of repeat orders before a million accounts. What is written lies in a temporary folder (`TMPDIR`) and goes again.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import Cost, measured
from tests.benchmarks.showing import Row, show_rows

MILLION, GB = 1_000_000, 2**30
MONTH = "2026-10"
# lines → seconds and bytes that a pack may take
PACKS = {2 * MILLION: (60.0, 2 * GB), 10 * MILLION: (240.0, 4 * GB)}
HUNDRED = 100 * MILLION
MOST_WRITING = 2 * GB
ACCOUNTS, MOST_FITTING, MOST_FITTING_MEMORY = MILLION, 60.0, 2 * GB
NOTHING = Cost(0.0, 0.0, 0)
FITTING = """
import time
import numpy as np, pandas as pd
from salesnb.analysis import repeat
rng = np.random.default_rng(1)
n = {accounts}
rate, leaves, T = rng.gamma(0.8, 1 / 10, n), rng.beta(0.8, 2.5, n), rng.integers(70, 1050, n) / 7
alive, t, x, last = np.ones(n, bool), np.zeros(n), np.zeros(n), np.zeros(n)
while alive.any():
    t = t + np.where(alive, rng.exponential(1 / rate), 0)
    alive &= t < T
    x[alive] += 1
    last[alive] = t[alive]
    alive &= rng.random(n) > leaves
last = np.round(last * 7) / 7
history = pd.DataFrame({{"account_id": np.arange(n).astype(str), "frequency": x, "recency": last, "age": T}})
began = time.process_time()
fit = repeat.fit(history)
print("seconds of CPU", round(time.process_time() - began, 1), "of histories", len(history.drop_duplicates(["frequency", "recency", "age"])))
print(fit.model, repeat.expected(history, fit=fit)["expected"].sum())
"""
# what an analyst writes for four of the facts; the same rows come out of both
PLAIN = """
import pandas as pd
orders = pd.read_parquet({orders!r})
accounts, reps, products = (pd.read_parquet({folder!r} + f"/{{name}}.parquet") for name in ("accounts", "reps", "products"))
orders["ordered_on"] = pd.to_datetime(orders["ordered_on"])
told = orders.merge(accounts[["account_id", "region"]], on="account_id", how="left")
told = told.merge(reps[["rep_id", "team"]].drop_duplicates("rep_id"), on="rep_id", how="left")
told = told.merge(products[["product_id", "product_line"]], on="product_id", how="left")
money = ["net_amount", "list_amount", "cost_amount", "quantity"]
month = told["ordered_on"].dt.to_period("M")
bookings = told.groupby([month, "region", "team", "rep_id", "product_line"], dropna=False)[money].sum()
days = told.groupby(["account_id", "ordered_on"], dropna=False)[money].sum()
year = told[told["ordered_on"] > "2025-10-31"]
purchases = year.groupby(["account_id", "product_line"], dropna=False).agg({{"net_amount": "sum", "ordered_on": "nunique"}})
people = told[told["ordered_on"] > "2024-10-31"].groupby(["ordered_on", "team", "rep_id"], dropna=False)["net_amount"].sum()
print(len(bookings), len(days), len(purchases), len(people))
"""
OURS = """
import sys
from salesnb.intake.workspace import open_book
book = open_book({snapshot!r}, as_of={month!r})
print(len(book.bookings), len(book.order_days), len(book.purchases), len(book.rep_days))
"""
SNAPSHOT = (
    "import sys; from salesnb.intake.workspace import make_snapshot; make_snapshot(sys.argv[1], sys.argv[2])"
)


def salesnb(*words: str) -> list[str]:
    return [sys.executable, "-m", "salesnb", *words]


def written(out: Path, lines: int) -> tuple[Path, Row]:
    """A workspace of so many lines, and what it took to write it."""
    folder = out / f"lines{lines}"
    cost = measured(salesnb("demo", str(folder), "--lines", str(lines)))
    return folder, Row(f"{lines:,} lines written", cost, NOTHING, MOST_WRITING / cost.peak, "within 2 GB", 1)


def rendered(out: Path, folder: Path, lines: int) -> tuple[Cost, list[Row]]:
    """A whole pack of a workspace."""
    place = out / f"pack{lines}"
    cost = measured(salesnb("report", str(folder), "--month", MONTH, "--out", str(place), "--fresh"))
    seconds, memory = PACKS.get(lines, (0.0, 0.0))
    pages = max(path.stat().st_size for path in place.rglob("*.html"))
    rows = [
        Row(f"pack of {lines:,} lines", cost, NOTHING, seconds / cost.wall, f"under {seconds:.0f} s", 1),
        Row("memory of all its processes", cost, NOTHING, memory / cost.peak, f"under {memory / GB:.0f} GB", 1),
    ]  # fmt: skip
    largest = Row("its largest page", cost, NOTHING, 2 * 2**20 / pages, "under 2 MB", 1)
    return cost, [*rows, largest] if seconds else [largest]


def facts(out: Path, folder: Path) -> Iterator[Row]:
    """Four facts from the checked snapshot, and the same in plain pandas from the file."""
    snapshot = out / "checked.duckdb"
    measured([sys.executable, "-c", SNAPSHOT, str(folder), str(snapshot)])
    plain = measured(
        [sys.executable, "-c", PLAIN.format(orders=str(folder / "orders.parquet"), folder=str(folder))]
    )
    ours = measured([sys.executable, "-c", OURS.format(snapshot=str(snapshot), month=MONTH)])
    yield Row(
        "four facts, beside plain pandas", ours, plain, plain.wall / ours.wall, "at least 2 times faster", 2
    )
    yield Row("their memory", ours, plain, plain.peak / ours.peak, "at least 5 times smaller", 5)


def fitting() -> Iterator[Row]:
    """The model of repeat orders before a million accounts."""
    cost = measured([sys.executable, "-c", FITTING.format(accounts=ACCOUNTS)])
    yield Row("BG/NBD on 1,000,000 accounts", cost, NOTHING, MOST_FITTING / cost.wall, "under 60 s", 1)
    yield Row("its memory", cost, NOTHING, MOST_FITTING_MEMORY / cost.peak, "under 2 GB", 1)


def main() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    sizes = [2 * MILLION] if "--quick" in sys.argv else [*PACKS]
    rows: list[Row] = list(fitting())
    costs = {}
    for lines in [*sizes, *([HUNDRED] if "--hundred" in sys.argv else [])]:
        with tempfile.TemporaryDirectory(prefix="salesnb-scale-") as name:
            print(f"{lines:,} lines", flush=True)
            out = Path(name)
            folder, row = written(out, lines)
            costs[lines], more = rendered(out, folder, lines)
            rows += [row, *more]
            if lines == min(sizes):
                rows += facts(out, folder)
    if len(costs) > 1:
        few, many = sorted(costs)[:2]
        slower = costs[many].cpu / costs[few].cpu
        rows.append(
            Row(f"{many // few} times the lines", costs[many], costs[few], many / few / slower, "less than so many times the CPU", 1)
        )  # fmt: skip
    show_rows(rows, cores=cores)


if __name__ == "__main__":
    main()
