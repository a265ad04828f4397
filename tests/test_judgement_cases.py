"""Small workspaces in which a true number or a plain sentence was wrong once, each with what is right about it."""

from __future__ import annotations

from functools import cache

import pytest

from tests.packs import SHARED
from tests.test_metrics_variants import held_against

CASES = SHARED / "cases" / "judgement"

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases are not beside this checkout (../shared/cases)"
)


@cache
def figures(case: str, as_of: str, scope: str = "") -> dict[str, object]:
    """The figures of a case, after they were found equal to the second computation."""
    return {key: figure.value for key, figure in held_against(CASES / case, as_of, scope).items()}


def test_a_credit_note_that_was_paid_out_is_settled():
    found = figures("credit-note-sign", "2025-03")
    assert found["receivables.open"] == 1500
    assert found["receivables.overdue"] == 1000


def test_an_invoice_due_today_is_neither_overdue_nor_late_and_a_credit_note_is_no_debt():
    found = figures("due-today-is-late", "2026-06")
    assert found["receivables.late_rate"] == 0
    assert found["receivables.overdue"] == 0
    assert found["receivables.overdue_share"] == 0
    assert found["receivables.open"] == 400


def test_without_a_word_on_payments_nothing_is_called_unpaid():
    found = figures("no-payments-column", "2025-12")
    assert {value for key, value in found.items() if key.startswith("receivables.")} == {None}
    assert found["exposure.hhi"] is None
