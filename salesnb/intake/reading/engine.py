"""How does the engine read a workspace's files? With as many threads as they are worth, and nothing that lies elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from salesnb.intake.reading.sources import Source

MEMORY = "1500MiB"  # that the engine may hold while it reads a workspace, whatever its size
SMALL = 8 * 2**20  # bytes of a file; in tables of a sales system, some 100,000 rows


def opened(path: Path, read: Iterable[Source], *, scratch: Path) -> duckdb.DuckDBPyConnection:
    """The engine upon the file `path`, with its usual threads; with one where each source is small.

    What it cannot hold in `MEMORY` it writes to `scratch`, on the disk where the file is made. It shares out a table's rows by 120,000; where there are fewer, further threads take a third more CPU and save no time.
    """
    small = all(
        each.form != ".sql" and sum(path.stat().st_size for path in (each.path, *each.more)) < SMALL
        for each in read
    )
    config: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": str(scratch / "engine")}
    return duckdb.connect(path, config=config | ({"threads": 1} if small else {}))


def drop(name: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Drops what was staged as `name`, a table or a view of its file."""
    view = connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [name]).fetchall()
    connection.execute(f"DROP {'VIEW' if view else 'TABLE'} {name}")


def lock(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """From here on the connection reads below `folders` only and cannot be told otherwise."""
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    connection.execute("SET python_enable_replacements = false; SET preserve_insertion_order = true")
    connection.execute("SET TimeZone = 'UTC'")  # a moment has one day, wherever the machine stands
    places = ", ".join("'" + f"{folder}/".replace("'", "''") + "'" for folder in folders if folder.is_dir())
    files = ", ".join("'" + str(file).replace("'", "''") + "'" for file in folders if file.is_file())
    if files:
        connection.execute(f"SET allowed_paths = [{files}]")
    if places:
        connection.execute(f"SET allowed_directories = [{places}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
