"""Files of other systems, taken in as they are: is every row, amount, customer and person of them found?"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from salesnb.cli.own_files import start_from
from salesnb.errors import InputError
from salesnb.intake import contents, snapshot
from salesnb.intake.foreign.answers import read_answers
from salesnb.intake.foreign.taking_in import take_in
from salesnb.intake.foreign.telling import understood
from salesnb.language import Language, Message
from tests.foreign_files import CASES, Right
from tests.foreign_oddities import ODDITIES
from tests.foreign_shapes import SHAPES
from tests.packs import SHARED


class Taken:
    """A workspace made of the files in a folder, and what its snapshot holds."""

    def __init__(self, folder: Path, answers: tuple[str, ...] = ()) -> None:
        self.taken = take_in([folder / "in"], folder / "data", answers=read_answers(answers))
        self.path = folder / "s.duckdb"
        snapshot.write_snapshot((folder / "data").resolve(), self.path)
        self.contents = contents.read_contents(self.path)

    def one(self, query: str) -> object:
        return contents.fetch_all(self.path, query)[0][0]

    def kept(self, table: str) -> int:
        return self.contents.counts.get(table, (0, 0))[1]


EVERY = {**CASES, **SHAPES, **ODDITIES}


@pytest.mark.parametrize("case", EVERY)
def test_what_was_written_is_found(case: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    right = EVERY[case](tmp_path / "in")
    if right.asked:
        with pytest.raises(InputError, match=f"--answer {right.asked}="):
            Taken(tmp_path)
        return
    found = Taken(tmp_path, right.answers)
    for table, wanted in _counts(right).items():
        assert found.kept(table) == wanted, table
    for query, wanted in _sums(right).items():
        assert found.one(query) == pytest.approx(wanted, abs=0.005), query
    assert {key: found.taken.settings.get(key) for key in right.plan} == right.plan
    for query, said in right.also.items():
        assert found.one(query) == said, query
    if right.outcomes:
        assert (
            dict(contents.fetch_all(found.path, "SELECT outcome, count(*) FROM opportunities GROUP BY 1"))
            == right.outcomes
        )
    if right.first:
        assert found.one("SELECT min(ordered_on) FROM orders") == right.first


def _counts(right: Right) -> dict[str, int]:
    named = {
        "orders": right.orders,
        "accounts": right.customers,
        "reps": right.people,
        "products": right.goods,
    }
    return {table: wanted for table, wanted in named.items() if wanted is not None}


def _sums(right: Right) -> dict[str, float]:
    named = {
        "SELECT sum(net_amount) FROM orders": right.net,
        "SELECT sum(amount) FROM opportunities": right.pipeline,
        "SELECT sum(amount) FROM invoices": right.invoiced,
        "SELECT sum(paid_amount) FROM invoices": right.paid,
        "SELECT sum(amount) FROM targets": right.targets,
    }
    return {query: wanted for query, wanted in named.items() if wanted is not None}


INTAKE = SHARED / "cases" / "intake"
beside = pytest.mark.skipif(
    not INTAKE.is_dir(), reason="the cases are not beside this checkout (../shared/cases)"
)


@beside
@pytest.mark.parametrize(
    ("case", "answers", "orders", "total", "customers", "targets"),
    [
        ("flat-file", (), 24, 2676, 4, None),
        ("no-customer", (), 24, 2676, 0, None),
        ("title-block-csv", (), 24, 2676, 4, None),
        ("totals-row-id", (), 24, 2676, 4, None),
        ("wide-targets", (), 24, 2676, 4, None),
        ("xlsx-title-total-serial", (), 24, 2676, 4, None),
        ("zh-flat-headings", (), 24, 70_000, 3, None),
        ("zh-merged-cells", (), 24, 70_000, 3, None),
        ("zh-month-sheets", (), 6, 18_000, 3, None),
        ("zh-no-order-number", (), 24, 70_000, 3, None),
        ("zh-targets-wide", ("year=2025",), 24, 70_000, 3, None),
        ("zh-title-row-3", (), 24, 70_000, 3, None),
    ],
)
def test_small_files_of_the_last_issue(
    case: str,
    answers: tuple[str, ...],
    orders: int,
    total: float,
    customers: int,
    targets: float | None,
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    for path in (INTAKE / case).iterdir():
        if path.name != "plan.yml":
            shutil.copy(path, tmp_path / "in")
    found = Taken(tmp_path, answers)
    assert (found.kept("orders"), found.kept("accounts")) == (orders, customers)
    assert found.one("SELECT sum(net_amount) FROM orders") == total
    if "targets" in case:
        assert found.kept("targets") > 0


def test_next_month_needs_nothing_and_a_changed_heading_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "sales.csv"
    path.write_text(
        "Order No,Order Date,Client,Net Sales\n1,2025-01-03,A,10\n2,2025-01-04,B,20\n", encoding="utf-8"
    )
    assert Taken(tmp_path).one("SELECT sum(net_amount) FROM orders") == 30
    path.write_text("Order No,Order Date,Client,Net Sales\n3,2025-02-03,A,50\n", encoding="utf-8")
    snapshot.write_snapshot((tmp_path / "data").resolve(), tmp_path / "next.duckdb")
    assert contents.fetch_all(tmp_path / "next.duckdb", "SELECT sum(net_amount) FROM orders") == [(50,)]
    path.write_text("Order No,Order Date,Client,Net Revenue\n3,2025-02-03,A,50\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"the heading Net Sales is no longer in the file; .* are Net Revenue"
    ):
        snapshot.write_snapshot((tmp_path / "data").resolve(), tmp_path / "changed.duckdb")


def test_answers_that_say_nothing_are_refused(tmp_path: Path) -> None:
    for text, told in (
        ("amunt=Umsatz", "did you mean amount"),
        ("year=25", "a year such as 2025"),
        ("Umsatz", "KEY=VALUE"),
        ("date_order=dm", "dmy, mdy or ymd"),
    ):
        with pytest.raises(InputError, match=told):
            read_answers([text])
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(
        "Order No,Day,Client,X,Y\n1,2025-01-03,A,10,1\n2,2025-01-04,B,20,2\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match="no file has the heading Z"):
        take_in([tmp_path / "in"], tmp_path / "z", answers=read_answers(["amount=Z"]))
    assert Taken(tmp_path, ("amount=Y",)).one("SELECT sum(net_amount) FROM orders") == 3


def test_nothing_is_overwritten_and_files_may_be_copied(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(
        "Order No,Order Date,Client,Net Sales\n1,2025-01-03,A,10\n2,2025-01-04,B,20\n", encoding="utf-8"
    )
    arguments = {"answers": [], "lang": "en", "console": Console(quiet=True)}
    start_from(tmp_path / "mine", [path], copy=True, **arguments)
    plan = (tmp_path / "mine" / "data" / "plan.yml").read_text(encoding="utf-8")
    assert "source" not in plan
    path.unlink()
    snapshot.write_snapshot((tmp_path / "mine" / "data").resolve(), tmp_path / "s.duckdb")
    assert contents.fetch_all(tmp_path / "s.duckdb", "SELECT count(*) FROM orders") == [(2,)]
    with pytest.raises(InputError, match="is not an empty folder"):
        start_from(tmp_path / "mine", [tmp_path], copy=False, **arguments)
    assert (tmp_path / "mine" / "data" / "plan.yml").read_text(encoding="utf-8") == plan


def test_a_unit_in_a_heading_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    EVERY["thousands_de"](tmp_path / "in")
    said = [Language("en")(each) for each in understood(Taken(tmp_path).taken)]
    assert "Auftragseingang (T€) names its unit: its amounts count 1,000 times" in said


def test_a_total_below_all_rows_is_a_control_and_no_money(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    EVERY["one_workbook_zh"](tmp_path / "in")
    taken = Taken(tmp_path).taken
    (control,) = [each for each in taken.controls if each.table == "orders"]
    assert control.totals == pytest.approx(control.total / 2)
    said = [Language("en")(each) for each in understood(taken)]
    assert any("pivot" in each for each in said)
    assert not any("not needed" in each for each in said)


def test_invoices_of_which_nothing_is_paid_yet_are_invoices(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    rows = "F1,甲公司,2026-01-05,1000,0\nF2,乙公司,2026-01-15,2500,0\nF3,甲公司,2026-02-05,1800,0\n"
    (tmp_path / "in" / "a.csv").write_text(f"发票号,客户,开票日期,金额,已收金额\n{rows}", encoding="utf-8")
    found = Taken(tmp_path)
    assert (found.kept("invoices"), found.one("SELECT sum(amount) FROM invoices")) == (3, 5300)
    assert found.one("SELECT sum(paid_amount) FROM invoices") == 0


def test_of_two_amounts_as_good_a_person_is_asked_and_else_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(
        "Order No,Order Date,Client,Amount,Value\n1,2025-01-03,A,10,11\n2,2025-01-04,B,20,25\n", encoding="utf-8"
    )  # fmt: skip
    asked: list[str] = []

    def ask(question: Message, choices: Sequence[str]) -> str:
        asked.append(Language("en")(question))
        return choices[-1]

    told = [Language("en")(each) for each in understood(Taken(tmp_path).taken)]
    assert "Amount counts as the amount; were Value meant, answer with --answer net_amount=Value" in told
    take_in([tmp_path / "in"], tmp_path / "b", answers=read_answers([]), ask=ask)
    assert asked == ["orders: is the amount Amount, such as 10 (1), or Value, such as 11 (2)?"]
    assert 'a."Value" AS net_amount' in (tmp_path / "b" / "orders.sql").read_text(encoding="utf-8")
