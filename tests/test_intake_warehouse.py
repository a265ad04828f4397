"""Do tables come from a warehouse without its address being written anywhere, and are they the same as from files?

The tests start a PostgreSQL server of their own (tests/database.py) and say how to install one where there is none.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import psycopg
import pytest

from salesnb import cli
from salesnb.errors import InputError
from salesnb.intake import facts
from salesnb.intake.demo import write_demo
from salesnb.intake.digests import fingerprint
from salesnb.intake.workspace import open_book
from tests import database
from tests.intake_folders import workspace
from tests.small_notebooks import HAND_OVER, write_notebook
from tests.test_metrics import differences

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


@pytest.fixture(scope="module")
def pair(server, tmp_path_factory) -> tuple[Path, Path]:
    """A small company as files, and its sixteen tables as texts in PostgreSQL."""
    place = tmp_path_factory.mktemp("pair")
    here, there = place / "files", place / "warehouse"
    write_demo(here, accounts=20, months=26, seed=5)
    accounts = pd.read_csv(here / "accounts.csv", dtype="str")
    accounts["segment"] = [("Gold", "Silver", None)[n % 3] for n in range(len(accounts))]
    accounts.to_csv(here / "accounts.csv", index=False)
    with (here / "plan.yml").open("a") as file:
        file.write("columns: {accounts: {segment: text, industry: text}}\n")
    there.mkdir()
    plan = PLAN + (here / "plan.yml").read_text(encoding="utf-8")
    (there / "plan.yml").write_text(plan, encoding="utf-8")
    for name in database.load(server, here):
        (there / f"{name}.sql").write_text(f"SELECT * FROM {name}")
    return here, there


SPAN = {"start": pd.Timestamp("2026-10-01"), "end": pd.Timestamp("2026-10-31")}
OPTIONS = {
    "cash_came": {"day": pd.Timestamp("2026-08-31"), "weeks": 6},
    "contact_weeks": SPAN,
    "granted": {"by": "account_id"},
    "lead_courses": {"start": pd.Timestamp("2026-09-01")},
    "sprint_leads": SPAN,
    "sprint_orders": SPAN,
    "stress_sides": {"people": ("R01", "R02"), "spans": (tuple(SPAN.values()),)},
    "product_sales": {
        "then": (pd.Timestamp("2025-10-01"), pd.Timestamp("2025-10-31")),
        "now": tuple(SPAN.values()),
    },
    "record_keeping": {"months_from": pd.Timestamp("2026-07-31")},
}
FACTS = sorted(name for name in facts.__all__ if hasattr(getattr(facts, name), "__wrapped__"))


@pytest.mark.parametrize("scope", ["", "region=East", "segment=Gold", "product_line=Valves"])
def test_every_fact_of_a_warehouse_is_that_of_the_files(pair, server, monkeypatch, scope):
    monkeypatch.setenv("SALES_ADDRESS", server)
    here, there = (open_book(folder, as_of="2026-10", scope=scope) for folder in pair)
    pd.testing.assert_frame_equal(there.counts, here.counts)
    assert [str(each) for each in there.suspicions] == [
        str(each).replace(".csv", ".sql") for each in here.suspicions
    ]
    differing = {}
    for name in FACTS:
        fact = getattr(facts, name).__wrapped__
        options = OPTIONS.get(name, {})
        try:
            pd.testing.assert_frame_equal(
                fact(there, **options), fact(here, **options), check_exact=False, rtol=1e-9
            )
        except Exception as error:
            differing[name] = f"{type(error).__name__}: {error}"[:300]
    assert not differing


def told(*arguments: object, capsys) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return int(left.value.code or 0), shown.out + shown.err


def test_a_pack_and_a_check_from_a_warehouse_are_those_of_the_files(
    pair, server, monkeypatch, tmp_path, capsys
):
    """Nothing is written there, and no table comes over: the snapshot has the rejected rows, the facts their own size."""
    monkeypatch.setenv("SALES_ADDRESS", server)
    metrics, checks = [], []
    for folder in pair:
        status, shown = told("check", folder, capsys=capsys)
        assert status == 0, shown
        checks.append(re.sub(r"row \d[^\n]*", "", shown.replace(".sql", ".csv").replace(str(folder), "")))
        out = tmp_path / folder.name
        status, shown = told("report", folder, "--month", "2026-10", "--out", out, capsys=capsys)
        assert status == 0, shown
        metrics.append(json.loads((out / "2026-10" / "metrics.json").read_text())["metrics"])
    assert checks[0] == checks[1]
    here, there = metrics
    assert list(here) == list(there)
    assert not differences({key: entry["value"] for key, entry in here.items()}, there)
    for path in (tmp_path / "files/2026-10/rejected").iterdir():
        ours, theirs = (
            pd.read_csv(place, dtype="str")
            for place in (path, tmp_path / "warehouse/2026-10/rejected" / path.name)
        )
        rows = theirs["source_row"].astype(int) + 1  # a file's first row is its heading
        pd.testing.assert_frame_equal(theirs.assign(source_row=rows.astype("str")), ours)
    with psycopg.connect(server) as connection:
        query = "SELECT count(*) FROM pg_class WHERE relname LIKE 'salesnb%' OR relpersistence = 't'"
        assert connection.execute(query).fetchone() == (0,)


@pytest.mark.parametrize(
    "call",
    [
        "pg_terminate_backend(1)",
        "pg_catalog.pg_read_file('/etc/passwd')",
        "PG_SLEEP(600)",
        "lo_import('/etc/passwd')",
        "dblink_exec('DROP TABLE x')",
        "query_to_xml('SELECT 1', true, true, '')",
        "set_config('statement_timeout', '0', false)",
        "nextval('numbers')",
        "java_method('java.lang.System', 'exit', 1)",
        "reflect('java.lang.System', 'exit', 1)",
    ],
)
def test_a_statement_that_would_do_more_than_read_is_refused_before_it_is_sent(
    call, tmp_path, monkeypatch, server
):
    monkeypatch.setenv("SALES_ADDRESS", server)
    query = f"SELECT 1 AS order_id, 'C' AS account_id, DATE '2026-10-01' AS ordered_on, {call} AS net_amount"
    folder = workspace(tmp_path / "w", plan=PLAN, orders_sql=query)
    assert "may not be used in a warehouse" in refusal(folder)


def test_a_statement_that_does_not_end_is_stopped(tmp_path, monkeypatch, server):
    monkeypatch.setenv("SALES_ADDRESS", server)
    monkeypatch.setattr("salesnb.intake.reading.statements.STATEMENT_LIMIT", 1.0)
    query = "SELECT sum(a.i * b.i) AS order_id, 'C' AS account_id, pg_typeof(1) AS note, DATE '2026-10-01' AS ordered_on, 1 AS net_amount FROM generate_series(1, 1000000) a(i), generate_series(1, 1000000) b(i)"
    folder = workspace(tmp_path / "w", plan=PLAN, orders_sql=query)
    assert "longer than 1 second" in refusal(folder)


@pytest.mark.parametrize("address", ["postgres://bob:s[cret@host/db", "postgres://bob:s/cret@host/db"])
def test_an_address_whose_password_parts_it_is_one_sentence(address, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SALES_ADDRESS", address)
    folder = workspace(tmp_path / "w", plan=PLAN, orders_sql="SELECT 1 AS order_id")
    for more in ([], ["--lang", "zh"]):
        status, shown = told("check", folder, *more, capsys=capsys)
        assert status == 2
        assert "SALES_ADDRESS" in shown
        assert "%5B" in shown
        assert "cret" not in shown


def test_a_page_that_fails_with_the_address_in_its_error_tells_no_password(
    pair, server, monkeypatch, tmp_path, capsys
):
    secret = "s3cret-of-the-warehouse"
    monkeypatch.setenv("SALES_ADDRESS", server.replace("canary", secret))
    lost = "import os, sys\naddress = os.environ['SALES_ADDRESS']\nprint(address, file=sys.stderr)\n"
    write_notebook(tmp_path / "own" / "10_target_breakdown.ipynb", "## Which?", HAND_OVER)
    write_notebook(
        tmp_path / "own" / "20_segments.ipynb", lost + "raise RuntimeError(f'cannot reach {address}')"
    )
    write_notebook(
        tmp_path / "own" / "30_funnel.ipynb",
        lost + "raise ConnectionError(OSError(f'no way to {address}'))",
    )
    asked = ["report", pair[1], "--month", "2026-10", "--out", tmp_path / "out"]
    status, shown = told(*asked, "--notebooks", tmp_path / "own", capsys=capsys)
    assert status == 1
    assert "cannot reach" in shown
    assert secret not in shown
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"metrics.json", "run.json", "20_segments.html", "20_segments.ipynb"} <= {
        path.name for path in written
    }
    assert [path for path in written if secret.encode() in path.read_bytes()] == []


def test_rates_count_in_a_warehouse_as_they_do_for_files(tmp_path, monkeypatch, server):
    """Tables of their own: a book that is open holds its rows, and nobody can drop them meanwhile."""
    rows = [
        ("1", "2026-06-30", "100.10", "USD"),
        ("2", "1 Jul 2026", "100.10", "US Dollar"),
        ("3", "2026-07-02", "1.2k", "EUR"),
        ("4", "2026-08-01", "7", "n/a"),
        ("5", "2025-12-31", "50", "usd"),
        ("Total", None, "1457.2", None),
    ]
    rates = [("USD", "2026-01-01", 0.9), ("usd ", "2026-07-01", 0.8), ("USD", "2026-07-01", 0.8)]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE TABLE deals (id text, day text, amount text, code text)")
        connection.execute("CREATE TABLE exchange (code text, day date, rate numeric)")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO deals VALUES (%s, %s, %s, %s)", rows)
            cursor.executemany("INSERT INTO exchange VALUES (%s, %s, %s)", rates)
    monkeypatch.setenv("SALES_ADDRESS", server)
    plan = f"{PLAN}currency: EUR\nintake: {{max_rejected: 1}}\n"
    orders = "SELECT id AS order_id, day AS ordered_on, amount AS net_amount, code AS currency FROM deals"
    exchange = "SELECT code AS currency, day AS valid_from, rate FROM exchange"
    heads = ("currency,valid_from,rate", "order_id,ordered_on,net_amount,currency")
    beside, alone = (
        "\n".join([head, *(",".join("" if cell is None else str(cell) for cell in row) for row in lines)])
        for head, lines in zip(heads, (rates, rows), strict=True)
    )
    there = workspace(tmp_path / "there", plan=plan, orders_sql=orders, rates_sql=exchange)
    mixed = workspace(tmp_path / "mixed", plan=plan, orders_sql=orders, rates=beside)
    files = workspace(
        tmp_path / "files", plan="currency: EUR\nintake: {max_rejected: 1}\n", orders=alone, rates=beside
    )
    found = {}
    for folder in (there, mixed, files):
        book = open_book(folder, as_of="2026-08")
        days = facts.order_days(book)
        left_out = {table: str(said) for table, said in book.left_out.items()}
        assert [str(said).partition(": ")[2] for said in book.suspicions if "1,457.20, read" in str(said)]
        found[folder.name] = (days["net_amount"].round(2).tolist(), book.counts.to_numpy().tolist(), left_out)
    assert found["there"] == found["mixed"] == found["files"]
    assert found["there"] == (
        [90.09, 80.08, 1200.0, 7.0],
        [["orders", 5, 4, 1], ["rates", 3, 2, 1]],
        {"orders": "orders 0.00, without a rate 50 USD"},
    )
