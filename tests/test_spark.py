"""Are the facts of a Spark cluster those of the files, is no row brought to the driver, and does a question end in time?

On a cluster of two workers on this machine. pyspark is an extra (`pip install salesnb[spark]`) and needs Java: where either is
missing the tests say so; `make bench-scale` installs the extra.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import duckdb
import pandas as pd
import pytest

from salesnb.errors import InputError
from salesnb.intake import facts, warehouse
from salesnb.intake.demo import write_demo
from salesnb.intake.reading import statements
from salesnb.intake.warehouse.queries import Tables
from salesnb.intake.workspace import make_snapshot, open_book
from tests.test_intake_warehouse import FACTS, OPTIONS

sql = pytest.importorskip("pyspark.sql", reason="no Spark: pip install salesnb[spark]")
pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="no Java: apt-get install openjdk-17-jre-headless"
)
CALM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # tables of a few hundred rows are not worth compiling for
SETTINGS = {
    "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": CALM, "spark.executor.extraJavaOptions": CALM, "spark.executor.memory": "1g",
}  # fmt: skip


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]")
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


@pytest.fixture(scope="module")
def pair(cluster, tmp_path_factory) -> tuple[Any, Any]:
    """A small company's book, and the same rows as tables of the cluster."""
    place = tmp_path_factory.mktemp("spark")
    write_demo(place / "files", accounts=8, months=26, seed=5)
    kept = make_snapshot(place / "files", place / "kept.duckdb")
    with closing(duckdb.connect(str(kept), read_only=True)) as connection:
        listed = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
        ).fetchall()
        names = [name for (name,) in listed]
        for name in names:
            connection.execute(f"COPY {name} TO '{place / name}.parquet' (FORMAT parquet)")
    for name in names:
        cluster.read.parquet(str(place / f"{name}.parquet")).createOrReplaceTempView(name)
    here = open_book(kept, as_of="2026-10")
    tables = Tables(
        warehouse.connect("pyspark://"), {name: f"SELECT * FROM {name}" for name in names}, here.own
    )
    return here, replace(here, connection=tables, kept=None)


def test_every_fact_of_a_cluster_is_that_of_the_files_and_no_row_comes_over(pair, monkeypatch):
    here, there = pair
    fetched: list[int] = []
    frame = type(there.connection.session.backend._session.sql("SELECT 1"))
    for way in ("toPandas", "collect", "toArrow"):
        ask = getattr(frame, way)

        def counted(asked: Any, *options: Any, ask: Any = ask, **named: Any) -> Any:
            given = ask(asked, *options, **named)
            fetched.append(len(given))
            return given

        monkeypatch.setattr(frame, way, counted)
    differing = {}
    for name in FACTS:
        ask = getattr(facts, name)
        ours = ask(here, **OPTIONS.get(name, {}))
        fetched.clear()
        theirs = ask(there, **OPTIONS.get(name, {}))
        try:
            pd.testing.assert_frame_equal(theirs, ours, rtol=1e-9)
            assert max(fetched, default=0) <= max(
                len(ours), 100
            )  # what leaves the cluster is the fact itself
        except AssertionError as error:
            differing[name] = str(error)[:300]
    assert not differing
    assert fetched


def test_a_question_that_does_not_end_is_stopped(pair, monkeypatch):
    monkeypatch.setattr(statements, "STATEMENT_LIMIT", 1.0)
    session = pair[1].connection.session
    began = time.monotonic()
    with pytest.raises(InputError, match="takes longer than 1 second"):
        session.rows("SELECT count(*) FROM range(1000000000000) WHERE id % 7 = 3")
    assert time.monotonic() - began < 30
    assert session.rows("SELECT 1 + 1") == [(2,)]
