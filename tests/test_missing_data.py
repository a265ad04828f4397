"""A column or a table that is missing, or there and wholly empty, leaves six complete pages, figures that agree with the second
computation, and sentences that take what is not known for nothing: neither for zero nor for looked for in vain.

In a test the columns of a table at once; `python -m tests.test_missing_data` takes each column and each table alone (`make bench`).
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from salesnb.headlines import HEADLINES
from salesnb.intake.workspace import open_book
from tests import oracle
from tests.matrix import AS_OF, each_alone, optional, small, without
from tests.test_metrics import differences
from tests.told import Told, pages

ALONE = ("accounts", "reps", "products", "orders", "opportunities", "leads", "activities", "invoices")
REST = ("checklist_items", "training", "events", "actions")
UNWORDED = re.compile(r"\b(nan|NaN|NaT|None|inf)\b(?! of)")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return small(tmp_path_factory.mktemp("missing"))


@pytest.fixture(scope="module")
def narrowed(whole) -> Callable[[str], tuple[Path, dict[str, Told]]]:
    """The company without the optional columns of a table, and what its pages tell; the smaller tables' are empty, all at once."""

    @cache
    def told(table: str) -> tuple[Path, dict[str, Told]]:
        place = without(whole, table, optional(table), "dropped") if table else whole
        for name in () if table else REST:
            place = without(place, name, optional(name), "empty")
        return place, shown(place)

    return told


def shown(place: Path) -> dict[str, Told]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pages(place, AS_OF, drawn=False)


def faults(place: Path, told: dict[str, Told]) -> list[str]:
    """What is wrong with the pages of a workspace."""
    figures: dict[str, dict[str, object]] = {}
    wrong = []
    for name, page in told.items():
        figures |= page.handed["figures"]
        wrong += [f"{name}: {section}" for section in page.sections if not _says(section)]
        wrong += [f"{name}: {words}" for words in page.words if UNWORDED.search(words)]
    wrong += [f"{key} is missing" for key in HEADLINES if key not in figures]
    apart = differences(oracle.expected(open_book(place, as_of=AS_OF)), figures)
    return wrong + [f"{key}: {pair}" for key, pair in apart.items()]


def _says(section: dict[str, object]) -> bool:
    # what is handed to people's sheets is no section of the page
    return "people" in section or bool(
        section.get("answer") or section.get("lacking") or section.get("exhibits")
    )


def answers(told: dict[str, Told], page: str) -> str:
    """All that a page says."""
    return "\n".join(next(words for name, words in told.items() if name.startswith(page)).words)


@pytest.mark.parametrize("table", [*ALONE, ""], ids=[*ALONE, "smaller ones"])
def test_a_table_without_its_optional_columns_leaves_true_and_complete_pages(narrowed, table):
    assert not faults(*narrowed(table))


def test_orders_that_name_nobody_say_nothing_of_anybody(narrowed):
    """No person, no customer, no product and no region: nobody is at zero, and no order is asked of a customer without a name."""
    told = narrowed("orders")[1]
    targets, customers, team, risk, month = (answers(told, page) for page in ("10", "20", "40", "50", "60"))
    assert "too many orders name no region, so the data cannot say where" in targets
    assert "nobody can say who carries what" in targets
    assert "nobody can say who is at target" in team
    odds = r"the target is then reached with .*"  # a chance may be 0%
    for words in (re.sub(odds, "", targets), customers, team, risk):
        assert not re.search(r"\b(lacks most|brings?|with|median at) (0|0%)\b", words)
    assert "from –" not in risk
    assert "misses most" not in month
    asked = [decision["what"] for page in told.values() for decision in page.handed["decisions"]]
    assert not [what for what in asked if "recovery plan" in what or "Prepayment" in what]


def test_activities_that_name_no_customer_say_nothing_of_who_was_met(narrowed):
    told = narrowed("activities")[1]
    assert answers(told, "20").count("No activity names an account") == 2
    assert "discounts paid with potential accounts cannot be told" in answers(
        told, "20"
    )  # orders tell these alone
    figures = {key: figure for page in told.values() for key, figure in page.handed["figures"].items()}
    for key in ("coverage.key_accounts", "sprint.key_account_weekly"):
        assert figures[key]["value"] is None
        assert "no activity names an account" in figures[key]["reason"]


def test_without_anybodys_region_no_region_is_told_to_hand_out_more(narrowed):
    told = answers(narrowed("reps")[1], "10")
    assert "not all of them have a region of their own" in told
    assert "in nobody's target" not in told


def main() -> int:
    """Each column and each table alone."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        place = small(Path(folder))
        for table, columns, way in each_alone():
            lacking = without(place, table, columns, way)
            try:
                wrong = faults(lacking, shown(lacking))
            except Exception as error:
                wrong = [f"{type(error).__name__}: {error}"]
            shutil.rmtree(lacking)
            failed += bool(wrong)
            print(
                "ok   " if not wrong else "WRONG", table, *(columns or ["the table"]), way, *wrong, flush=True
            )
    print(f"{failed} of {len(list(each_alone()))} leave a page that is incomplete or untrue")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
