"""A company of any size: many demo companies side by side, written as Parquet one after the other.

Each block is a demo company with teams, people and accounts of its own, in the four regions and with the products that all
share; every order line that can be is delivered in two, so that an account has some fifty lines in three years, as in trade.
No more than a block is in memory. A company larger than `DIFFERENT` blocks repeats theirs under other names and sizes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from salesnb.intake.demo.rhythm import cents, stream
from salesnb.intake.demo.simulation import DEFAULT_SEED, live
from salesnb.intake.schema import TABLES

ACCOUNTS, LINES = 2_050, 100_000  # of a block, about
DIFFERENT = 20  # blocks before they repeat
KINDS = {"date": pa.date32(), "number": pa.float64(), "boolean": pa.bool_()}
SHARED = ("products", "targets")
IDS = (
    "account_id", "rep_id", "owner_id", "order_id", "opportunity_id", "lead_id", "activity_id", "invoice_id", "action_id",
)  # fmt: skip
NAMES = ("account_name", "rep_name", "team")  # which no two blocks share
MONEY = ("net_amount", "list_amount", "cost_amount", "amount", "paid_amount", "quantity")
YEAR = 1_000_000_000  # a demo company's target
PLAN = """\
# A company of {blocks} demo companies; what a setting means: salesnb explain plan
company: Demo Industrial
currency: CNY
country: CN
hours_per_day: 7
targets:
  2026: {{amount: {amount}, shape: best}}
tiers:
  strategic: {{hours_per_month: 16}}
  core: {{hours_per_month: 6}}
  potential: {{hours_per_month: 3}}
  opportunity: {{hours_per_month: 1, screen: {{industry_fit: 0.5, budget: 100_000}}}}
stages: [lead, qualified, needs, quote, negotiation]
checklists: {{quote: [competitor_analysis, differentiators, payment_terms]}}
sprints:
  - {{name: Quarter end, start: 2026-09-01, end: 2026-09-30, target: {sprint}, bonus: {{at: 1.0, amount: 20_000}}}}
  - {{name: Autumn fair, start: 2026-10-01, end: 2026-10-31, target: {sprint}, bonus: {{at: 1.0, amount: 20_000}}}}
commission: {{tiers: [{{from: 0, rate: 0.004}}, {{from: 0.8, rate: 0.008}}, {{from: 1.0, rate: 0.015}}], cap: 500_000}}
credit: {{cost_of_capital: 0.06, prepay_above: 5_000_000, long_terms_days: 90}}
price_floors: {{Valves: 0.18, Pumps: 0.15, Drives: 0.15, Sensors: 0.20, Services: 0.30}}
"""


def write_large(folder: Path | str, *, lines: int, seed: int = DEFAULT_SEED) -> Path:
    """Write plan.yml and a Parquet file per table with about `lines` order lines; the same arguments give the same rows."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    blocks = max(1, round(lines / LINES))
    accounts = max(20, round(ACCOUNTS * lines / LINES / blocks))
    aims: list[pd.DataFrame] = []
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(
                pq.ParquetWriter(folder / f"{name}.parquet", _schema(name), compression="zstd")
            )
            for name in TABLES
            if name not in ("rates", *SHARED)
        }
        for place in range(min(blocks, DIFFERENT)):
            tables = live(seed + place, accounts=accounts).tables
            tables["orders"] = in_two(tables["orders"])
            aims += [_aims(tables["targets"], block) for block in range(place, blocks, DIFFERENT)]
            if place == 0:
                _write(folder, "products", tables["products"])
            for block in range(place, blocks, DIFFERENT):
                for name, table in _block(tables, block, seed=seed):
                    files[name].write_table(_table(name, table))
    _write(folder, "targets", _summed(pd.concat(aims, ignore_index=True)))
    plan = PLAN.format(blocks=blocks, amount=blocks * YEAR, sprint=blocks * 90_000_000)
    (folder / "plan.yml").write_text(plan, encoding="utf-8", newline="\n")
    return folder


def in_two(orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines of which each that has more than one piece is delivered, and written, in two; the sums stay."""
    several = orders["quantity"].abs() >= 2
    first, second = orders.copy(), orders[several].copy()
    for column in ("quantity", "net_amount", "list_amount", "cost_amount"):
        whole = orders[column].to_numpy(float)
        half = np.trunc(whole / 2) if column == "quantity" else cents(whole / 2)
        first[column] = np.where(several, half, whole)
        second[column] = (whole - half)[several.to_numpy()]
    second["line_id"] = second["line_id"].astype(str) + "b"
    both = pd.concat([first, second])
    return both.sort_index(kind="stable").reset_index(drop=True)


def _block(tables: dict[str, pd.DataFrame], block: int, *, seed: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """One block's tables under names and in sizes of its own."""
    size = float(stream(seed, 70, block).uniform(0.8, 1.25)) if block >= DIFFERENT else 1.0
    for name, table in tables.items():
        if name in SHARED:
            continue
        if name == "events" and block:  # what happens in the market happens once
            table = table[table["account_id"].notna()]
        changed = {column: _marked(table[column], block) for column in IDS if column in table}
        changed |= {
            column: table[column].astype(object) + f" {block + 1}" for column in NAMES if column in table
        }
        if name != "satisfaction" and size != 1.0:
            changed |= {column: (table[column] * size).round(2) for column in MONEY if column in table}
        yield name, table.assign(**changed)


def _marked(ids: pd.Series, block: int) -> pd.Series:
    """C001 of block 7 is C7-001."""
    texts = ids.astype(object)
    return (texts.str[:1] + f"{block}-" + texts.str[1:]).where(texts.notna(), None)


def _aims(targets: pd.DataFrame, block: int) -> pd.DataFrame:
    own = targets["dimension"].isin(["rep", "account"])
    return targets.assign(member=_marked(targets["member"], block).where(own, targets["member"]))


def _summed(aims: pd.DataFrame) -> pd.DataFrame:
    keys = ["period_start", "grain", "dimension", "member"]
    return aims.groupby(keys, sort=False).agg(amount=("amount", "sum")).reset_index()


def _schema(name: str) -> pa.Schema:
    return pa.schema([(column.name, KINDS.get(column.kind, pa.string())) for column in TABLES[name]])


def _table(name: str, table: pd.DataFrame) -> pa.Table:
    schema = _schema(name)
    full = table.reindex(columns=schema.names)
    for field in schema:
        if pa.types.is_date32(field.type):
            full[field.name] = pd.to_datetime(full[field.name])
    return pa.Table.from_pandas(full, schema=schema, preserve_index=False)


def _write(folder: Path, name: str, table: pd.DataFrame) -> None:
    pq.write_table(_table(name, table), folder / f"{name}.parquet", compression="zstd")
