"""Product lines beside the plan's mix and growth, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import targets
from salesnb.analysis.targets import lines
from salesnb.plan import Plan

TODAY = pd.Timestamp("2026-03-31")
MONTHS = pd.date_range("2026-01-01", periods=12, freq="MS")
NO_ROWS = pd.DataFrame(columns=["dimension", "member", "month", "amount"])


def sales(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "product_line", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"]), rep_id="R1")


TWO_YEARS = sales(
    ("2025-01-10", "A", 100), ("2025-02-10", "B", 100), ("2025-06-10", "A", 200), ("2025-06-10", "B", 200),
    ("2026-01-10", "A", 150), ("2026-02-10", "B", 50), ("2026-03-10", "X", 30),
)  # fmt: skip


def asked(year: dict[str, object]) -> pd.DataFrame:
    plan = Plan.model_validate({"company": "C", "targets": {2026: {"amount": 1200, **year}}})
    months = pd.Series(100.0, index=MONTHS)
    found = lines.line_months(NO_ROWS, plan, months, TWO_YEARS, as_of=TODAY)
    assert found is not None
    return found


def test_the_mix_divides_each_month_to_the_cent():
    months = asked({"mix": {"A": 0.75, "B": 0.25}})
    assert months.loc["A"].tolist() == [75.0] * 12
    assert months.sum().tolist() == [100.0] * 12


def test_growth_moves_what_the_mix_leaves():
    months = asked({"growth": {"A": 1.0}})  # A 300 → 600 beside B 300
    assert months.loc["A"].sum() == pytest.approx(800, abs=0.12)


def test_a_line_is_held_against_its_share_and_its_growth():
    year = lines.path(asked({"mix": {"A": 0.75, "B": 0.25}}), TWO_YEARS, TWO_YEARS, as_of=TODAY).year
    rows = year.set_index("product_line")
    assert rows["due"].to_dict() == {"A": 225.0, "B": 75.0}
    assert rows["gap"].to_dict() == {"A": -75.0, "B": -25.0}
    assert rows["share"].to_dict() == {"A": 0.75, "B": 0.25}  # X has no target and is in no share
    assert rows["points"].to_dict() == {"A": 0.0, "B": 0.0}
    assert rows["level"].to_dict() == {"A": -75.0, "B": -25.0}
    assert rows["mix"].to_dict() == {"A": 0.0, "B": 0.0}
    assert rows["growth_due"].to_dict() == pytest.approx({"A": 1.25, "B": -0.25})
    assert rows["growth"].to_dict() == pytest.approx({"A": 0.5, "B": -0.5})
    assert set(year["conclusion"]) == {"none"}  # of so few days nothing is said


def test_level_and_mix_sum_to_the_gap_to_the_cent():
    year = lines.path(asked({"mix": {"A": 0.3333, "B": 0.6667}}), TWO_YEARS, TWO_YEARS, as_of=TODAY).year
    assert (year["level"] + year["mix"]).round(2).tolist() == year["gap"].round(2).tolist()
    assert year["mix"].sum() == pytest.approx(0, abs=0.011)


def test_a_quarter_that_runs_counts_what_is_due_by_now():
    found = lines.path(
        asked({"mix": {"A": 0.75, "B": 0.25}}), TWO_YEARS, TWO_YEARS, as_of=pd.Timestamp("2026-04-30")
    )
    quarters = found.quarters.set_index(["product_line", "quarter"])["due"]
    assert quarters.loc["A"].tolist() == [225.0, 75.0]


def test_the_years_end_divides_the_forecast_as_the_last_twelve_months_did():
    only_a = sales(("2025-06-10", "A", 100), ("2026-01-10", "A", 50))
    paths = np.full((10, 9), 20.0)
    year = lines.path(asked({"mix": {"A": 0.5, "B": 0.5}}), only_a, only_a, as_of=TODAY, paths=paths).year
    rows = year.set_index("product_line")
    assert rows["ends"].to_dict() == {"A": 50 + 9 * 20, "B": 0.0}
    assert rows["year_gap"].to_dict() == {"A": 230.0 - 600, "B": -600.0}


def test_own_rows_of_the_targets_table_win_where_they_cover_the_year():
    rows = pd.DataFrame({"dimension": "product_line", "member": "A", "month": MONTHS, "amount": 10.0})
    plan = Plan.model_validate({"company": "C", "targets": {2026: {"amount": 1200, "mix": {"A": 0.5}}}})
    given = lines.line_months(rows, plan, None, TWO_YEARS, as_of=TODAY)
    assert given is not None
    assert given.loc["A"].sum() == 120
    assert targets.lines.as_rows(given, NO_ROWS).sort_values("month")["amount"].tolist() == [10.0] * 12


def test_nothing_is_said_of_lines_without_a_target():
    plan = Plan.model_validate({"company": "C", "targets": {2026: {"amount": 1200}}})
    none = lines.line_months(NO_ROWS, plan, pd.Series(100.0, index=MONTHS), TWO_YEARS, as_of=TODAY)
    assert none is None
    found = lines.path(none, TWO_YEARS, TWO_YEARS, as_of=TODAY)
    assert found.year.empty
    assert lines.findings(found, as_of=TODAY) == []
    assert lines.line_months(NO_ROWS, plan, None, TWO_YEARS, as_of=TODAY, kind="region") is None
