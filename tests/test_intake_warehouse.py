"""Do tables come from a warehouse without its address being written anywhere, and are they the same as from files?

The tests start a PostgreSQL server of their own (tests/database.py) and say how to install one where there is none.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import psycopg
import pytest

from salesnb.errors import InputError
from salesnb.intake import facts
from salesnb.intake.workspace import fingerprint, open_book
from tests import database
from tests.intake_folders import workspace

DEMO = Path(__file__).parent.parent / "data" / "demo"
PLAN = "source: {url_env: SALES_ADDRESS}\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SALESNB_SNAPSHOT", raising=False)
    monkeypatch.delenv("SALES_ADDRESS", raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with database.server() as url:
        yield url


def refusal(folder) -> str:
    with pytest.raises(InputError) as refused:
        open_book(folder, as_of="2026-10")
    return str(refused.value)


def test_the_address_comes_from_the_environment_and_is_never_repeated(tmp_path, monkeypatch):
    folder = workspace(tmp_path / "w", plan=PLAN, orders_sql="SELECT 1 AS order_id")
    assert "SALES_ADDRESS, which is not set" in refusal(folder)
    monkeypatch.setenv("SALES_ADDRESS", "mysql://me:secret@host/db")
    assert "postgres://" in refusal(folder)
    monkeypatch.setenv("SALES_ADDRESS", "postgres://me:secret@127.0.0.1:1/db")
    text = refusal(folder)
    assert "cannot be reached" in text
    assert "secret" not in text


def test_a_warehouse_has_no_lasting_fingerprint(tmp_path):
    folder = workspace(tmp_path / "w", plan=PLAN, orders_sql="SELECT 1 AS order_id")
    assert fingerprint(folder) != fingerprint(folder)


def test_rows_come_through_a_read_only_transaction(tmp_path, monkeypatch, server):
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS sales")
        connection.execute("CREATE TABLE sales (id int, customer text, day timestamp, amount numeric(12, 2))")
        connection.execute(
            "INSERT INTO sales SELECT g, 'C' || g % 50, timestamp '2026-10-01' + g % 30 * interval '1 day', g * 1.5 FROM generate_series(1, 30000) g"
        )
    monkeypatch.setenv("SALES_ADDRESS", server)
    query = "SELECT id AS order_id, customer AS account_id, CAST(day AS DATE) AS ordered_on, amount AS net_amount FROM sales"
    folder = workspace(tmp_path / "w", plan=PLAN, orders_sql=query)
    book = open_book(folder, as_of="2026-10")
    assert facts.order_days(book)["net_amount"].sum() == 30_000 * 30_001 / 2 * 1.5
    workspace(folder, plan=PLAN, accounts_sql="SELECT nowhere AS account_id FROM sales")
    assert 'column "nowhere" does not exist' in refusal(folder)
    workspace(folder, plan=PLAN, accounts_sql="SELECT a AS account_id FROM read_csv('x.csv')")
    assert "reads the file x.csv" in refusal(folder)


def test_the_demo_from_a_warehouse_is_the_demo_from_files(tmp_path, monkeypatch, server):
    """Sixteen tables as texts in PostgreSQL: as many rows kept and rejected, and the same facts."""
    names = database.load(server, DEMO)
    monkeypatch.setenv("SALES_ADDRESS", server)
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "plan.yml").write_text(PLAN + (DEMO / "plan.yml").read_text(encoding="utf-8"), encoding="utf-8")
    for name in names:
        (folder / f"{name}.sql").write_text(f"SELECT * FROM {name}")
    here, there = open_book(DEMO, as_of="2026-10"), open_book(folder, as_of="2026-10")
    pd.testing.assert_frame_equal(
        there.counts.sort_values("table", ignore_index=True),
        here.counts.sort_values("table", ignore_index=True),
    )
    for fact in (
        facts.order_days,
        facts.bookings,
        facts.opportunities,
        facts.open_invoices,
        facts.large_orders,
    ):
        pd.testing.assert_frame_equal(fact(there), fact(here), check_exact=False, rtol=1e-12)
