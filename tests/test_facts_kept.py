"""A fact that was asked before is read, not computed: the same frame, for the same question only."""

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from salesnb.intake import facts
from salesnb.intake.facts import keeping
from salesnb.intake.workspace import make_snapshot, open_book

WORKSPACE = Path(__file__).parent.parent / "data/demo"
SPAN = {"start": pd.Timestamp("2026-10-01"), "end": pd.Timestamp("2026-10-31")}
OPTIONS = {
    "cash_came": {"day": pd.Timestamp("2026-07-31"), "weeks": 13},
    "contact_weeks": SPAN,
    "granted": {"by": "rep_id"},
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
KEPT = sorted(name for name in facts.__all__ if hasattr(getattr(facts, name), "__wrapped__"))


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The demo's book as a notebook opens it, once for all: of the company, and of one region."""
    place = tmp_path_factory.mktemp("kept")
    path = make_snapshot(WORKSPACE, place / "snapshot.duckdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALESNB_SNAPSHOT", str(path))
        yield [open_book(WORKSPACE, as_of="2026-10", scope=scope) for scope in ("", "region=East")]


def test_all_facts_but_those_of_other_packs_are_kept():
    assert set(facts.__all__) - set(KEPT) == {
        "decisions_of_year",
        "earlier_calls",
        "earlier_pipeline",
        "rows",
    }


@pytest.mark.parametrize("name", KEPT)
def test_what_is_read_is_what_was_computed(books, name):
    for book in books:
        options = OPTIONS.get(name, {})
        computed = getattr(facts, name).__wrapped__(book, **options)
        first, again = getattr(facts, name)(book, **options), getattr(facts, name)(book, **options)
        assert_frame_equal(first, computed, check_exact=True)
        assert_frame_equal(again, computed, check_exact=True)
        assert list(book.kept.glob(f"{name}-*.arrow"))
        assert not list(book.kept.glob("*.part"))


def test_a_callers_changes_stay_with_the_caller(books):
    mine = facts.reps(books[0])
    mine["rep_name"] = "changed"
    assert "changed" not in set(facts.reps(books[0])["rep_name"])


def test_day_scope_and_options_are_other_questions(books):
    whole, east = books
    asked = [
        keeping._question(whole, (), {}),
        keeping._question(east, (), {}),
        keeping._question(whole, (), {"most": 5}),
        keeping._question(whole, (whole.as_of,), {}),
    ]
    assert len(set(asked)) == len(asked)
    assert keeping._question(east, (), {"company": True}) == asked[0]


def test_a_broken_file_is_computed_anew(books):
    book = books[0]
    expected = facts.pulse(book)
    (path,) = book.kept.glob(f"pulse-{keeping._question(book, (), {})}.arrow")
    path.write_bytes(b"half")
    assert_frame_equal(facts.pulse(book), expected)
    assert path.stat().st_size > 4


def test_nothing_is_written_beside_a_readers_own_snapshot(tmp_path):
    path = make_snapshot(WORKSPACE, tmp_path / "mine.duckdb")
    book = open_book(path, as_of="2026-10")
    facts.reps(book)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.duckdb"]
    book.connection.disconnect()


def test_where_nothing_can_be_kept_the_fact_is_computed(books, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    path = blocked / "fact.arrow"
    keeping._keep(facts.reps(books[0]), path)
    assert not path.exists()


def test_a_kept_frame_without_rows_can_be_merged(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SALESNB_SNAPSHOT", raising=False)
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "plan.yml").write_text("company: X\n")
    (tmp_path / "w" / "orders.csv").write_text(
        "order_id,account_id,ordered_on,net_amount\n1,A,2026-10-01,5\n"
    )
    book = open_book(tmp_path / "w", as_of="2026-10")
    first, again = facts.opportunities(book), facts.opportunities(book)
    assert_frame_equal(first, again)
    for frame in (first, again):
        assert frame.merge(frame[["rep_id"]], on="rep_id").empty
