"""Files of other systems, taken in as they are: is every row, amount, customer and person of them found?"""

from __future__ import annotations

from pathlib import Path

import pytest

from salesnb.errors import InputError
from salesnb.intake import contents, snapshot
from salesnb.intake.foreign.answers import read_answers
from salesnb.intake.foreign.taking_in import take_in
from tests.foreign_files import CASES, Right


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


@pytest.mark.parametrize("case", CASES)
def test_what_was_written_is_found(case: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    right = CASES[case](tmp_path / "in")
    if right.asked:
        with pytest.raises(InputError, match=f"--answer {right.asked}="):
            Taken(tmp_path)
        return
    found = Taken(tmp_path, right.answers)
    for table, wanted in _counts(right).items():
        assert found.kept(table) == wanted, table
    for query, wanted in _sums(right).items():
        assert found.one(query) == pytest.approx(wanted, abs=0.005), query
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
