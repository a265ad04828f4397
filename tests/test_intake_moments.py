"""On which day does a moment count? In UTC, wherever the machine and the warehouse stand, and somebody is told."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salesnb.intake import schema, warehouse
from salesnb.intake.checking import checks
from salesnb.intake.checking.currencies import Money
from salesnb.intake.reading.readings import Rules
from salesnb.intake.warehouse import pushdown
from tests.database import server
from tests.intake_folders import checked, kept, rejected, workspace

ZONES = ["UTC", "Asia/Shanghai", "<-09>9"]
LATE = dt.datetime(2026, 10, 31, 20, 30, tzinfo=dt.UTC)  # in Shanghai it is November already
CODE = """
import sys
from pathlib import Path
from tests.intake_folders import kept
for row in kept(Path(sys.argv[1]), "orders", "order_id, CAST(ordered_on AS VARCHAR)"):
    print(*row)
"""


def days(folder: Path, zone: str) -> list[str]:
    """What a process in a zone of its own reads: order and day."""
    given = [sys.executable, "-c", CODE, str(folder)]
    done = subprocess.run(
        given,
        env={**os.environ, "TZ": zone},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def parquet(folder: Path, *moments: dt.datetime, zone: str = "UTC") -> Path:
    made = workspace(folder)
    columns = {
        "order_id": pa.array([str(number) for number in range(len(moments))]),
        "account_id": pa.array(["A"] * len(moments)),
        "ordered_on": pa.array(moments, pa.timestamp("us", tz=zone)),
        "net_amount": pa.array([1.0] * len(moments)),
    }
    pq.write_table(pa.table(columns), made / "orders.parquet")
    return made


@pytest.mark.parametrize("zone", ZONES)
def test_a_moment_counts_on_its_day_in_utc_wherever_the_machine_stands(zone: str, tmp_path: Path) -> None:
    assert days(parquet(tmp_path / "w", LATE, zone="Asia/Shanghai"), zone) == ["0 2026-10-31"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_statement_may_give_the_day_of_another_zone(zone: str, tmp_path: Path) -> None:
    seconds = int(LATE.timestamp())
    statement = f"""
        SELECT 1 AS order_id, 'A' AS account_id, to_timestamp({seconds}) AS ordered_on, 1 AS net_amount
        UNION ALL SELECT 2, 'A', to_timestamp({seconds}) AT TIME ZONE 'Asia/Shanghai', 1
        UNION ALL SELECT 3, 'A', CAST(to_timestamp({seconds}) AS DATE), 1
    """
    first, second, third = days(workspace(tmp_path / "w", orders_sql=statement), zone)
    assert (first, third) == ("1 2026-10-31", "3 2026-10-31")
    assert second == "2 2026-11-01"


def test_moments_are_told_where_the_zone_decides_their_day_and_midnights_are_not(tmp_path: Path) -> None:
    midnight = LATE.replace(hour=0, minute=0)
    _, told = checked(parquet(tmp_path / "v", midnight, LATE))
    _, silent = checked(parquet(tmp_path / "w", midnight))
    assert any("ordered_on holds moments" in str(message) for message in told.suspicions)
    assert not any("moments" in str(message) for message in silent.suspicions)


def test_a_text_keeps_the_day_that_is_written(tmp_path: Path) -> None:
    rows = "1,A,2026-10-31T23:30:00-09:00,1\n2,A,2026-10-31T20:30:00Z,1\n"
    made = workspace(tmp_path / "w", orders=f"order_id,account_id,ordered_on,net_amount\n{rows}")
    assert {day for (day,) in kept(made, "orders", "ordered_on")} == {dt.date(2026, 10, 31)}


def test_a_list_is_no_day_and_no_number(tmp_path: Path) -> None:
    good = ", ".join(f"({number})" for number in range(2, 50))
    statement = f"""
        SELECT 1 AS order_id, 'A' AS account_id, [DATE '2026-10-01'] AS ordered_on, [1.5::DOUBLE] AS net_amount
        UNION ALL SELECT n, 'A', NULL, NULL FROM (VALUES {good}) AS v(n)
    """
    made = workspace(tmp_path / "w", plan="intake: {max_rejected: 1.0}\n", orders_sql=statement)
    assert rejected(made, "orders")[0] == (
        1,
        "ordered_on cannot be read: [2026-10-01]; write it as 2026-10-31",
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_a_warehouse_counts_moments_as_files_do(zone: str) -> None:
    with server() as url:
        with psycopg.connect(url, autocommit=True) as made:
            made.execute(f"ALTER DATABASE postgres SET timezone = '{zone}'")
            made.execute("CREATE TABLE sold (id int, at timestamptz)")
            made.execute("INSERT INTO sold VALUES (1, %s), (2, 'infinity')", [LATE])
        session = warehouse.connect(url)
        judge = pushdown.Judge(session)
        table = schema.TABLES["orders"]
        statement = "SELECT id AS order_id, 'A' AS account_id, at AS ordered_on, 1 AS net_amount FROM sold"
        headings, kinds = judge.stage(table, statement, name="orders.sql")
        positions = {name: place for place, name in enumerate(headings)}
        source = checks.Source(table, "orders.sql", positions, kinds)
        told = checks.check_rows(source, judge, rules=Rules(), money=Money("CNY"))
        assert judge.execute("SELECT ordered_on FROM orders").fetchall() == [(dt.date(2026, 10, 31),)]
        assert ["holds moments" in str(message) for message in told] == [True]
        session.close()


def test_an_interrupt_ends_a_long_intake_within_two_seconds(tmp_path):
    endless = "SELECT range AS order_id, DATE '2026-10-01' AS ordered_on, hash(range) % 1000 AS net_amount FROM range(40000000000)"
    folder = workspace(tmp_path / "w", orders_sql=endless)
    place = os.environ | {"TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from salesnb.start import run; run()"  # what a shell runs in the background is born deaf to it
    process = subprocess.Popen(
        [sys.executable, "-c", listening, "check", str(folder)], env=place, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not [*tmp_path.rglob("*.part.*")] and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)  # in the midst of the query
    assert process.poll() is None
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - began < 2.0
    assert process.returncode == 130
    assert said == "Interrupted; nothing was replaced.\n"
    assert not [path for path in tmp_path.rglob("*.part") if path.is_file()]
