"""Small workspaces for the tests of intake."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl

from salesnb.intake import quarantine, snapshot
from salesnb.intake.contents import Contents, fetch_all, read_contents

ORDERS = "order_id,account_id,ordered_on,net_amount\n1,A,2026-10-01,100\n2,B,2026-10-15,50.5\n"


def workspace(folder: Path, *, plan: str = "", **tables: str | bytes) -> Path:
    """A folder with a plan and one file per table: `orders="…"` is orders.csv, `orders_sql="…"` is orders.sql."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yml").write_text(f"company: X\n{plan}", encoding="utf-8")
    for name, content in tables.items():
        table, _, form = (
            name.rpartition("_") if name.endswith(("_sql", "_parquet", "_xlsx")) else (name, "", "csv")
        )
        path = folder / f"{table}.{form}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def write_sheets(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """A workbook whose sheets hold these rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def checked(folder: Path) -> tuple[Path, Contents]:
    """The snapshot of the folder, and what it says about itself."""
    path = folder.parent / f"{folder.name}.duckdb"
    snapshot.write_snapshot(folder, path)
    return path, read_contents(path)


def kept(folder: Path, table: str, columns: str = "*") -> list[tuple]:
    """The kept rows of a table."""
    path, _ = checked(folder)
    return fetch_all(path, f"SELECT {columns} FROM {table}")


def rejected(folder: Path, table: str) -> list[tuple[int, str]]:
    """Source row and reason of the rejected rows of a table; checks on the way that no row is lost."""
    path, contents = checked(folder)
    rows = quarantine.rejected_rows(path, table, contents.headings[table])
    read, stayed = contents.counts[table]
    assert stayed + len(rows) == read
    return [(int(row), str(why)) for row, why in zip(rows["source_row"], rows["reason"], strict=True)]
