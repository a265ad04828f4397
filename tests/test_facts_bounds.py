"""Do facts grow with days, people, accounts and deals alone, however many rows stand behind these?"""

import re
from contextlib import closing
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from salesnb.intake import facts
from salesnb.intake.book import Book
from salesnb.intake.demo import write_demo
from salesnb.intake.workspace import make_snapshot, open_book
from tests.test_intake_warehouse import FACTS, OPTIONS

ROOT = Path(__file__).parent.parent
TIMES = 50
COUNTS = {
    "lines", "uncosted", "order_lines", "below_lines", "activities", "contacts", "contacts_90d", "executive", "count", "minutes", "timed", "has_minutes",
    "minutes_90d", "pain_points", "next_steps", "has_pain_points", "has_next_step",
}  # fmt: skip
MONEY = ("net_amount", "list_amount", "cost_amount", "quantity")


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> tuple[Book, Book]:
    """A small company, and the same one whose order lines came in fifty parts each, on the same day and at the same price."""
    place = tmp_path_factory.mktemp("bounds")
    write_demo(place / "made", accounts=20, months=26, seed=5)
    kept = make_snapshot(place / "made", place / "kept.duckdb")
    found = []
    for times in (1, TIMES):
        folder = place / f"times{times}"
        folder.mkdir()
        (folder / "plan.yml").write_text(
            (place / "made/plan.yml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        with closing(duckdb.connect(str(kept), read_only=True)) as connection:
            names = [
                name
                for (name,) in connection.execute(
                    "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
                ).fetchall()
            ]
            for name in names:
                path = folder / f"{name}.parquet"
                if name == "orders":
                    parts = ", ".join(f"{column} / {times} AS {column}" for column in MONEY)
                    query = f"SELECT * REPLACE (line_id || '-' || part AS line_id, {parts}) FROM orders, range({times}) AS parts(part)"
                elif name == "activities":
                    query = f"SELECT * REPLACE (activity_id || '-' || part AS activity_id) FROM activities, range({times}) AS parts(part)"
                else:
                    query = f"SELECT * FROM {name}"
                connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        found.append(open_book(folder, as_of="2026-10"))
    return found[0], found[1]


def test_fifty_times_as_many_lines_and_activities_give_the_same_frames(books):
    few, many = books
    kept = [book.counts.set_index("table")["kept"] for book in books]
    assert kept[1]["orders"] == TIMES * kept[0]["orders"]
    assert kept[1]["activities"] == TIMES * kept[0]["activities"]
    grown = {}
    for name in FACTS:
        ask = getattr(facts, name)
        one, other = (ask(book, **OPTIONS.get(name, {})) for book in (few, many))
        if name == "floor_breaches":
            assert len(other) <= 100
            continue
        same = [column for column in one if column not in COUNTS]
        try:
            assert len(one) == len(other)
            pd.testing.assert_frame_equal(one[same], other[same], rtol=1e-9)
        except AssertionError as error:
            grown[name] = (len(one), len(other), str(error)[:200])
    assert not grown


def test_each_facts_bound_is_stated():
    told = (ROOT / "data/README.md").read_text(encoding="utf-8").partition("## How large the facts are")[2]
    named = set(
        re.findall(
            r"`(\w+)`", "".join(line.split("|")[1] for line in told.splitlines() if line.startswith("| `"))
        )
    )
    assert named >= {name for name in FACTS if not name.startswith("earlier")}
