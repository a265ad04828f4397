"""A PostgreSQL server of the tests' own: made in a temporary folder, reached through its socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from salesnb.intake.reading import decoding, delimited

INSTALL = "no PostgreSQL server on this machine: apt-get install postgresql"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version's."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database. PostgreSQL refuses to run as root: there its own user runs it."""
    where = programs()
    if where is None:
        pytest.skip(INSTALL)
    folder = Path(tempfile.mkdtemp(prefix="salesnb-postgres-", dir="/tmp"))  # a socket's path is short
    before: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        before = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [*before, str(where / program), *words], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    run("initdb", "-D", str(data), "-U", "tester", "-A", "trust", "--locale=C.UTF-8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c jit=off -c max_connections=20"
    run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
    try:
        yield f"postgresql://tester:canary@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def load(url: str, folder: Path) -> list[str]:
    """Loads the CSV files of `folder` as they stand, each cell a text, an empty one null; the tables' names."""
    names = []
    with psycopg.connect(url, autocommit=True) as connection:
        for path in sorted(folder.glob("*.csv")):
            text = decoding.decode(decoding.read_bytes(path), name=path.name).text
            headings, records = delimited.read_records(text, name=path.name)
            columns = [heading.lstrip("\ufeff") for heading in headings]
            connection.execute(f"DROP TABLE IF EXISTS {path.stem}")
            connection.execute(f"CREATE TABLE {path.stem} ({', '.join(f'{each} text' for each in columns)})")
            with connection.cursor().copy(f"COPY {path.stem} FROM STDIN") as copy:
                for record in records:
                    copy.write_row([cell or None for cell in record.cells])
            names.append(path.stem)
        connection.execute("ANALYZE")
    return names
