"""Small workspaces in which a true number or a plain sentence was wrong once, each with what is right about it."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import carriers, incentives
from salesnb.display.incentives import prose as pay_prose
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from tests.packs import SHARED
from tests.test_metrics_variants import held_against
from tests.told import pages

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


def test_one_deal_won_says_nothing_about_the_age_of_dead_ones():
    found = figures("dead-pipeline-from-one-win", "2026-05")
    assert found["funnel.open_count"] == 3
    assert {found[f"funnel.zombie_{key}"] for key in ("limit_days", "count", "value")} == {None}


def test_a_holiday_on_the_first_of_january_loses_no_year():
    found = figures("first-day-jan-2", "2025-10")
    assert found["bookings.prior_ytd"] == 30_000
    assert found["bookings.ytd"] is not None


def test_targets_of_product_lines_alone_are_the_companys():
    found = figures("line-targets-only", "2025-12")
    assert (found["target.year"], found["target.month"]) == (2640, 220)
    assert found["attainment.ytd"] is not None


def test_targets_of_people_alone_are_the_companys():
    found = figures("rep-targets-only", "2025-10")
    assert (found["target.year"], found["target.ytd"]) == (2_400_000, 2_000_000)


def test_a_year_of_which_the_second_half_was_revised_keeps_its_first():
    found = figures("year-target-lost", "2026-06")
    assert (found["target.year"], found["target.ytd"]) == (1200, 300)
    assert figures("year-target-lost", "2026-06", "rep=Ana")["target.year"] == 600
    assert found["attainment.ytd"] == 2
    assert found["incentives.payout"] == 6  # Ana and Bo sold 300 of 600 each: 1%


def test_activities_that_end_in_august_say_nothing_about_december():
    assert figures("activities-end-early", "2025-12")["coverage.key_accounts"] is None
    assert figures("activities-end-early", "2025-08")["coverage.key_accounts"] is not None


def test_commission_on_margin_tells_the_lines_without_a_cost():
    book = open_book(CASES / "margin-without-cost", as_of="2026-06")
    bookings = facts.bookings(book)
    pay = incentives.build(
        bookings, book.plan.commission, as_of=book.as_of, targets=pd.Series(dtype=float),
        paths=np.empty((0, 0)), people=facts.reps(book),
    )  # fmt: skip
    assert pay.table["payout"].tolist() == [12.9]
    assert (pay.uncosted_lines, pay.uncosted_amount) == (3, 312.0)
    assert "3 order lines without a cost" in str(pay_prose.caveat(pay, given=False))


def test_who_has_left_is_asked_nothing():
    book = open_book(CASES / "decision-for-who-has-left", as_of="2026-06")
    assert carriers.acting(facts.reps(book)) == {"Gil": "", "Gil Gone": ""}


def test_what_follows_after_somebody_left_is_in_nobodys_target():
    told = pages(CASES / "decision-for-who-has-left", "2026-06-30", drawn=False, only="10")
    asked = told["10_target_breakdown"].handed["decisions"]
    (open_part,) = (one for one in asked if one["id"] == "open-Nord")
    assert open_part["at_stake"] == pytest.approx(
        10_000, abs=0.1
    )  # the half year of both, of which nobody is left or known


def test_without_a_year_before_and_a_target_no_gap_is_told():
    told = pages(CASES / "dead-pipeline-from-one-win", "2026-05-31", drawn=False, only="10")
    words = "\n".join(told["10_target_breakdown"].words)
    assert "neither a target nor the same span of last year" in words
    assert "less than last year" not in words


def test_sales_of_somebody_who_moves_count_for_the_team_of_their_day():
    book = open_book(CASES / "rep-moves-team", as_of="2026-06")
    pay = incentives.build(
        facts.bookings(book), book.plan.commission, as_of=book.as_of, targets=pd.Series(dtype=float),
        paths=np.empty((0, 0)), people=facts.reps(book),
    )  # fmt: skip
    assert pay.table.set_index("member")["payout"].to_dict() == {"T2": 9.9, "T1": 1.53}


def test_a_table_that_ends_early_is_told_in_check():
    found = subprocess.run(
        [sys.executable, "-m", "salesnb", "check", str(CASES / "activities-end-early")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "activities ends on" in found.stdout
    assert "orders ends on" not in found.stdout
