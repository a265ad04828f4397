"""Is the public API what it says: few names, documented, errors in one sentence, questions of that day and scope?"""

from __future__ import annotations

import datetime as dt
import doctest
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import salesnb as sb
from salesnb.intake import workspace
from salesnb.intake.parameters import check_cells
from tests.packs import ROOT
from tests.small_notebooks import PARAMETERS, write_notebook, write_workspace

DEMO = ROOT / "data" / "demo"


@pytest.fixture(scope="module")
def book() -> workspace.OpenBook:
    return sb.open(DEMO, as_of="2026-10")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "w")


def test_few_names_each_with_words_and_none_imported_before_it_is_used() -> None:
    assert len([name for name in dir(sb) if not name.startswith("_")]) <= 30
    for name in sb.__all__:
        assert getattr(sb, name).__doc__
    code = "import sys, salesnb; print(*(name for name in ('pandas', 'ibis', 'matplotlib') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
    with pytest.raises(AttributeError, match="has no attribute 'opne'"):
        sb.opne  # noqa: B018


def test_the_examples_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for module in (sb, workspace):
        assert doctest.testmod(module).failed == 0
    runner = doctest.DocTestRunner()
    for name in sb.__all__:
        thing = getattr(sb, name)
        found = doctest.DocTestFinder(recurse=False).find(
            thing, name, globs={**vars(sys.modules[thing.__module__])}
        )
        assert sum(len(each.examples) for each in found), f"{name} has no example"
        for each in found:
            runner.run(each)
    assert runner.summarize().failed == 0


def test_tab_shows_few_names(book: workspace.OpenBook) -> None:
    page = sb.Page("70_margins", book)
    assert all(hasattr(book, name) for name in dir(book))
    for thing in (sb, book, page, page.section("Nothing.")):
        assert len([name for name in dir(thing) if not name.startswith("_")]) <= 30


def test_a_question_is_answered_as_of_the_day_and_within_the_scope(small: Path) -> None:
    september = sb.open(small, as_of="2026-09")
    october = sb.open(small, as_of=dt.date(2026, 10, 31))
    east = sb.open(small, as_of="2026-10", scope="region=East")
    total = "SELECT sum(net_amount) AS total FROM orders"
    assert [each.sql(total)["total"].iloc[0] for each in (september, october, east)] == [10, 22.5, 15]
    by_region = "SELECT region, sum(net_amount) FROM orders JOIN accounts USING (account_id) GROUP BY 1"
    assert east.sql(by_region).to_numpy().tolist() == [["East", 15]]


def test_rows_can_be_left_out(small: Path) -> None:
    without = sb.open(small, as_of="2026-10", exclude="order_id = '3'")
    assert without.sql("SELECT sum(net_amount) AS n FROM orders")["n"].iloc[0] == 17.5
    assert without.bookings["net_amount"].sum() == 17.5
    assert sb.open(small, as_of="2026-10").bookings["net_amount"].sum() == 22.5
    for condition, said in {
        "order_id = 'nobody'": "no row is such",
        "ordr_id = '3'": "did you mean order_id",
        "order_id =": "cannot be read",
        "1=1); DELETE FROM accounts; --": "cannot be read|one condition",
    }.items():
        with pytest.raises(sb.InputError, match=said):
            sb.open(small, as_of="2026-10", exclude=condition)


def test_the_last_complete_month_is_the_default(small: Path) -> None:
    assert f"{sb.open(small).as_of:%Y-%m-%d}" == "2026-09-30"  # the orders end on 20 October
    (small / "orders.csv").open("a").write("4,C1,2026-10-30,1\n")
    assert f"{sb.open(small).as_of:%Y-%m-%d}" == "2026-10-31"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM ordrs", "there is no table ordrs; did you mean orders?"),
        ("SELECT nett_amount FROM orders", "cannot be answered: .*net_amount"),
        ("SELECT", "the question cannot be answered"),
        ("DROP TABLE orders", "one SELECT"),
        ("SELECT 1; SELECT 2", "one SELECT"),
        ("SELECT * FROM read_csv('/etc/passwd')", "cannot be answered"),
        (5, "a question is a text"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_in_one_sentence(
    book: workspace.OpenBook, query: str, said: str
) -> None:
    with pytest.raises(sb.InputError, match=said) as caught:
        book.sql(query)
    assert "\n" not in str(caught.value)
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert len(book.sql("SELECT 1")) == 1


def test_ibis_own_sql_works_and_poisons_nothing(book: workspace.OpenBook) -> None:
    with pytest.raises(Exception, match="nonsense"):
        book.connection.sql("SELECT nonsense FROM orders")
    assert book.connection.sql("SELECT count(*) AS n FROM orders").to_pandas()["n"].iloc[0] > 10_000
    assert book.table("orders").count().to_pandas() > 10_000


@pytest.mark.parametrize(
    "wrong", [{"as_of": 2026}, {"as_of": None}, {"scope": None}, {"scope": 5}, {"workspace": 7}]
)
def test_a_parameter_of_another_kind_is_told_in_a_sentence(wrong: dict[str, object], small: Path) -> None:
    given: dict[str, object] = {"workspace": str(small), "as_of": "2026-10", "scope": ""} | wrong
    with pytest.raises(sb.InputError, match="must be a text, but is"):
        workspace.open_book(given.pop("workspace"), **given)  # type: ignore[arg-type]


def test_an_injected_parameter_that_the_notebook_lacks_is_told_with_the_nearest() -> None:
    known = ["", PARAMETERS, '# Parameters\nscope = "region=East"\n', "book = open_book(workspace)"]
    check_cells(known)
    check_cells([])
    check_cells(["x = 1", "y = 2"])
    for name, said in {"scpoe": "did you mean scope", "zzz": "there are workspace"}.items():
        with pytest.raises(sb.InputError, match=said):
            check_cells([known[0], known[1], f"# Parameters\n{name} = 1\n"])


def test_papermill_with_a_misspelt_parameter_stops(small: Path, tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path / "n.ipynb",
        f"import salesnb as sb\nbook = sb.open({str(small)!r}, as_of=as_of, scope=scope)",
    )
    command = [
        sys.executable,
        "-m",
        "papermill",
        str(notebook),
        str(tmp_path / "o.ipynb"),
        "-p",
        "scpoe",
        "region=East",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    (error,) = [
        output
        for cell in nbformat.read(tmp_path / "o.ipynb", as_version=4).cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    assert error.evalue == "the notebook has no parameter scpoe; did you mean scope?"
    assert error.traceback == [error.evalue]
