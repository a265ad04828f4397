"""Does a book open from where its reader stands, for months and scopes that exist, from one snapshot that nothing splits?"""

import multiprocessing

import duckdb
import pandas as pd
import pytest

from salesnb.errors import InputError
from salesnb.intake import cache as caching
from salesnb.intake import facts
from salesnb.intake.contents import pack_message, unpack_message
from salesnb.intake.digests import fingerprint
from salesnb.intake.files import find_workspace
from salesnb.intake.workspace import make_snapshot, open_book
from salesnb.language import Language
from tests.intake_folders import ORDERS, kept, workspace

REPS = "rep_id,rep_name,team,region\nR1,Chen Wei,Falcons,East\nR2,Liu Yang,Wolves,West\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SALESNB_SNAPSHOT", raising=False)


def refused(*arguments, **options) -> str:
    with pytest.raises(InputError) as stopped:
        open_book(*arguments, **options)
    return Language("en")(stopped.value.message)


def test_a_month_outside_the_data_says_which_months_there_are(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS + "3,A,2026-08-31,5\n")
    for month in ("2026-07", "2026-11", "2025-10"):
        assert "from August 2026 to October 2026" in refused(folder, as_of=month)
    assert open_book(folder, as_of="2026-08").as_of == pd.Timestamp("2026-08-31")
    assert open_book(folder, as_of="2026-10-02").as_of == pd.Timestamp("2026-10-02")
    assert "does not exist" in refused(folder, as_of="2026-13")


def test_a_scope_is_a_name_in_the_data(tmp_path):
    accounts = "account_id,account_name,region\nA,Alpha,North\nB,Beta,East\n"
    folder = workspace(tmp_path / "w", orders=ORDERS, reps=REPS, accounts=accounts)
    for text, member in [
        ("region=East", "East"),
        ("team=wolves", "Wolves"),
        ("rep=Chen Wei", "R1"),
        ("rep=R2", "R2"),
        ("account = alpha", "A"),
    ]:
        scope = open_book(folder, as_of="2026-10", scope=text).scope
        assert scope is not None
        assert (scope.kind, scope.member) == (text.partition("=")[0].strip(), member)
    assert open_book(folder, as_of="2026-10", scope=" ").scope is None
    assert "did you mean East?" in refused(folder, as_of="2026-10", scope="region=Eats")
    assert "there are Falcons and Wolves" in refused(folder, as_of="2026-10", scope="team=Qzx")
    assert "cannot be read" in refused(folder, as_of="2026-10", scope="East")
    assert "cannot be read" in refused(folder, as_of="2026-10", scope="planet=Mars")


def test_two_people_of_one_name_are_told_apart_by_their_id(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS, reps=REPS + "R3,Chen Wei,Wolves,West\n")
    assert "R1 and R3" in refused(folder, as_of="2026-10", scope="rep=Chen Wei")


def test_missing_tables_are_told_and_empty(tmp_path):
    book = open_book(workspace(tmp_path / "w", orders=ORDERS), as_of="2026-10")
    assert book.has("orders")
    assert not book.has("orders", "reps")
    assert book.lacking("orders") is None
    assert "reps and activities" in str(book.lacking("reps", "orders", "activities"))
    assert book.table("reps").count().execute() == 0
    assert book.present == ("orders",)


def test_won_opportunities_stand_for_orders(tmp_path):
    text = (
        "opportunity_id,account_id,created_on,closed_on,outcome,amount\n1,A,2026-09-01,2026-10-01,won,5\n2,,2026-09-01,2026-10-02,won,6\n"
        "3,A,2026-09-01,2026-10-02,won,\n4,A,2026-09-01,2026-10-02,lost,7\n5,A,2026-09-01,,open,8\n"
    )
    folder = workspace(tmp_path / "w", opportunities=text)
    assert kept(folder, "orders", "order_id, account_id, net_amount") == [("1", "A", 5.0), ("2", None, 6.0)]
    assert open_book(folder, as_of="2026-10").has("orders")
    workspace(folder, orders=ORDERS)
    assert len(kept(folder, "orders")) == 2


def test_a_relative_workspace_is_found_from_here_then_from_the_checkout(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_workspace("data/demo").joinpath("plan.yml").is_file()
    workspace(tmp_path / "data" / "demo", orders=ORDERS)
    assert find_workspace("data/demo") == (tmp_path / "data" / "demo").resolve()
    with pytest.raises(InputError, match="does not exist"):
        find_workspace("data/nothing")
    with pytest.raises(InputError, match="neither a folder"):
        open_book(tmp_path / "data" / "demo" / "plan.yml", as_of="2026-10")


def test_a_changed_file_makes_another_fingerprint_and_book(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS)
    before, book = fingerprint(folder), open_book(folder, as_of="2026-10")
    assert fingerprint(folder) == before
    workspace(folder, orders=ORDERS + "3,A,2026-10-03,7\n")
    assert fingerprint(folder) != before
    assert open_book(folder, as_of="2026-10").table("orders").count().execute() == 3
    assert book.table("orders").count().execute() == 2


def test_the_pack_s_snapshot_is_used_for_its_own_workspace_only(tmp_path, monkeypatch):
    folder, other = workspace(tmp_path / "w", orders=ORDERS), workspace(tmp_path / "v", orders=ORDERS)
    path = make_snapshot(folder, tmp_path / "pack" / "s.duckdb")
    workspace(folder, orders="now it is broken")
    monkeypatch.setenv("SALESNB_SNAPSHOT", str(path))
    assert open_book(folder, as_of="2026-10").snapshot == path
    assert open_book(other, as_of="2026-10").snapshot != path
    assert open_book(path, as_of="2026-10").workspace == folder.resolve()


def test_a_failed_reading_leaves_nothing_behind(tmp_path):
    folder = workspace(tmp_path / "w", orders="order_id\n1\n")
    with pytest.raises(InputError):
        make_snapshot(folder, tmp_path / "pack" / "s.duckdb")
    assert list((tmp_path / "pack").iterdir()) == []
    with pytest.raises(InputError, match="cannot be written"):
        make_snapshot(workspace(tmp_path / "v", orders=ORDERS), folder / "orders.csv" / "s.duckdb")
    (tmp_path / "x.duckdb").write_bytes(b"not a database")
    with pytest.raises(InputError, match="not a checked snapshot"):
        open_book(tmp_path / "x.duckdb", as_of="2026-10")


def test_the_cache_forgets_what_was_used_longest_ago(tmp_path, monkeypatch):
    monkeypatch.setattr(caching, "MOST_CACHED", 2)
    folder = tmp_path / "w"
    cache = tmp_path / "cache" / "salesnb"
    books = []
    for amount in range(4):
        books.append(
            open_book(workspace(folder, orders=ORDERS + f"9,A,2026-10-03,{amount}\n"), as_of="2026-10")
        )
        facts.reps(books[0])  # a notebook that is still open asks on, its snapshot forgotten or not
        facts.accounts(books[0])
        facts.accounts(books[-1])
    snapshots, kept = list(cache.glob("*.duckdb")), list(cache.glob("*.facts"))
    assert len(snapshots) == 2
    assert {path.with_suffix(".duckdb") for path in kept} <= {*snapshots, books[0].snapshot}
    open_book(workspace(folder, orders=ORDERS), as_of="2026-10")
    assert {path.with_suffix(".duckdb") for path in cache.glob("*.facts")} <= set(cache.glob("*.duckdb"))


def _count_orders(folder: str) -> int:
    return int(open_book(folder, as_of="2026-10").table("orders").count().execute())


def test_several_processes_open_one_workspace_at_once(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(_count_orders, [str(folder)] * 4) == [2] * 4


def test_messages_survive_the_snapshot(tmp_path):
    folder = workspace(
        tmp_path / "w",
        orders=ORDERS.replace("order_id", "colour,order_id").replace("\n1", "\nr,1").replace("\n2", "\nb,2"),
    )
    book = open_book(folder, as_of="2026-10")
    assert [str(message) for message in book.suspicions] == [
        "orders.csv: columns that no table knows are kept as text: colour; to use one as a scope and to compare groups by, give it a kind under columns in plan.yml"
    ]
    assert unpack_message(pack_message(book.suspicions[0])) == book.suspicions[0]


@pytest.mark.parametrize("written", ["Jos\u00e9", "Jose\u0301"])
def test_a_scope_is_found_however_its_accents_are_typed(tmp_path, written):
    accounts = f"account_id,region\nA,{written}\nB,West\n"
    folder = workspace(tmp_path / "w", orders=ORDERS, accounts=accounts)
    for asked in ("region=Jos\u00e9", "region=jose\u0301"):
        assert open_book(folder, as_of="2026-10", scope=asked).scope.member == written


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE orders SET net_amount = 1e308", "2 rows of orders hold a number that no amount can be"),
        ("UPDATE orders SET cost_amount = 'nan' WHERE order_id = '1'", "1 row of orders holds a number"),
        ("DROP TABLE invoices", "is not a checked snapshot"),
    ],
)
def test_a_snapshot_that_somebody_gave_is_looked_at_before_it_is_trusted(tmp_path, change, said):
    given = make_snapshot(workspace(tmp_path / "w", orders=ORDERS), tmp_path / "given.duckdb")
    assert open_book(given, as_of="2026-10").has("orders")
    with duckdb.connect(given) as connection:
        connection.execute(change)
    for use in (
        lambda: open_book(given, as_of="2026-10"),
        lambda: make_snapshot(given, tmp_path / "copy.duckdb"),
    ):
        with pytest.raises(InputError, match=said):
            use()
