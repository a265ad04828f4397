"""Do the rules of reading hold wherever the rows lie: in files, in PostgreSQL, in Spark? Each cell is a text there, as people write it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from salesnb.intake.workspace import open_book
from tests import database
from tests.intake_folders import workspace

ORDERS = """order_id,account_id,ordered_on,net_amount,cost_amount
O1,K1,"15 Apr, 2021 00:02:00","€1,200.50",n/a
O1,K1,"15 Apr, 2021 00:02:00","€1,200.50",n/a
O1,K1,"15 Apr, 2021 00:02:00",(300.25),"80"
O2,—,2021-04-16,3k,?
O3,K2,2021年4月17日 星期六,15%,12
O4,K9,someday,10,1
"""
ACCOUNTS = """account_id,account_name,is_strategic,payment_terms_days,credit_limit,created_on
K1,Müller,Ja,Net 30,"1.2M",Apr-18
K2,Durand,√,月结60天,-,soon
K9,Rossi,perhaps,s/o,"CHF",2018-04
"""
PLAN = "currency: EUR\nintake: {max_rejected: 0.5}\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return workspace(tmp_path / "files", plan=PLAN, orders=ORDERS, accounts=ACCOUNTS)


def same_rules(folder: Path) -> list[str]:
    """What is asked of every engine; the messages with the names of the sources left out."""
    book = open_book(folder, as_of="2021-04")
    orders = book.sql(
        "SELECT order_id, account_id, ordered_on, net_amount, cost_amount FROM orders ORDER BY order_id, net_amount DESC"
    )
    day = dt.date(2021, 4, 15)
    assert [(order, None if pd.isna(account) else account) for order, account in orders[["order_id", "account_id"]].itertuples(index=False)] == [("O1", "K1"), ("O1", "K1"), ("O1", "K1"), ("O2", None)]  # fmt: skip
    assert [each.date() if hasattr(each, "date") else each for each in orders["ordered_on"]] == [day, day, day, dt.date(2021, 4, 16)]  # fmt: skip
    assert orders["net_amount"].tolist() == [1200.5, 1200.5, -300.25, 3000.0]
    assert orders["cost_amount"].dropna().tolist() == [80.0]
    accounts = book.sql("SELECT account_id, is_strategic, payment_terms_days, credit_limit, created_on FROM accounts ORDER BY 1")  # fmt: skip
    assert [None if pd.isna(each) else bool(each) for each in accounts["is_strategic"]] == [True, True, None]  # fmt: skip
    assert accounts["payment_terms_days"].dropna().tolist() == [30, 60]
    assert accounts["credit_limit"].dropna().tolist() == [1_200_000]
    assert [str(each)[:10] for each in accounts["created_on"].dropna()] == ["2018-04-01", "2018-04-01"]
    counts = book.counts.set_index("table") if "table" in book.counts else book.counts
    assert counts.loc["orders", ["read", "kept"]].tolist() == [6, 4]  # a share and "someday" are the others
    assert counts.loc["accounts", ["read", "kept"]].tolist() == [3, 3]
    return sorted(str(each).replace(".sql", ".csv") for each in book.suspicions)


def test_files_are_read_by_the_rules(files: Path) -> None:
    said = "\n".join(same_rules(files))
    for column in ("is_strategic", "credit_limit", "created_on"):
        assert f"{column} cannot be read in 1 row and is blank there" in said


def of_postgres(files: Path) -> Iterator[str]:
    with database.server() as url:
        database.load(url, files)
        yield url


def of_spark(files: Path) -> Iterator[str]:
    sql = pytest.importorskip("pyspark.sql", reason="no Spark: pip install salesnb[spark]")
    if shutil.which("java") is None:
        pytest.skip("no Java: apt-get install openjdk-17-jre-headless")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for path in files.glob("*.csv"):
        session.read.csv(str(path), header=True, escape='"').createOrReplaceTempView(path.stem)
    yield "pyspark://"
    session.stop()


@pytest.mark.parametrize("engine", [of_postgres, of_spark])
def test_a_warehouses_texts_are_read_by_the_same_rules(
    engine: Callable[[Path], Iterator[str]], files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    here = same_rules(files)
    for url in engine(files):
        monkeypatch.setenv("SALES_ADDRESS", url)
        there = workspace(
            tmp_path / "there",
            plan=f"source: {{url_env: SALES_ADDRESS}}\n{PLAN}",
            orders_sql="SELECT * FROM orders",
            accounts_sql="SELECT * FROM accounts",
        )
        assert same_rules(there) == here
