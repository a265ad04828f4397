"""What a sprint brought of itself, by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from salesnb.analysis import sprint_effect
from salesnb.calendars.periods import working_days
from salesnb.plan import Sprint

TODAY = pd.Timestamp("2026-10-31")
SPRINT = Sprint(name="S", start=dt.date(2026, 9, 1), end=dt.date(2026, 9, 30), target=1000)


def sold(*, more: int = 0, every_quarter: int = 0) -> pd.DataFrame:
    """Ten orders of 100 on each working day of three years; `more` a day in the sprint, `every_quarter` in each quarter's last month."""
    days = working_days(pd.Timestamp("2023-10-01"), TODAY)
    n = pd.Series(10, days)
    n[days.month % 3 == 0] += every_quarter
    n[(days >= "2026-09-01") & (days <= "2026-09-30")] += more
    when = days.repeat(n)
    return pd.DataFrame({"account_id": "A", "day": when, "net_amount": 100.0, "is_order": True})


def test_orders_as_ever_are_no_effect():
    found = sprint_effect.own_effect(SPRINT, sold(), as_of=TODAY)
    assert found is not None
    assert found.value == pytest.approx(0, abs=1e-6)
    assert found.conclusion == "none"
    assert (found.days, found.windows, found.net) == (22, 8, True)


def test_more_orders_in_the_sprint_are_its_own_to_the_order():
    found = sprint_effect.own_effect(SPRINT, sold(more=8), as_of=TODAY)
    assert found is not None
    assert found.value == pytest.approx(22 * 8 * 100)
    assert found.conclusion == "found"
    assert found.low > 0


def test_a_quarters_end_that_is_always_so_is_habit():
    found = sprint_effect.own_effect(SPRINT, sold(every_quarter=8), as_of=TODAY)
    assert found is not None
    assert found.conclusion == "explained"
    assert abs(found.value) < 0.1 * found.plain
    told = sprint_effect.findings(found)[0]
    assert (told.by, told.member) == ("calendar", "S")


def test_other_sprints_are_no_habit():
    others = [Sprint(name="Q2", start=dt.date(2026, 6, 1), end=dt.date(2026, 6, 30), target=1)]
    found = sprint_effect.own_effect(SPRINT, sold(), as_of=TODAY, others=others)
    assert found is not None
    assert found.windows == 7


def test_too_little_history_says_nothing():
    young = sold()
    young = young[young["day"] >= "2026-01-01"]
    assert sprint_effect.own_effect(SPRINT, young, as_of=TODAY) is None
    assert sprint_effect.own_effect(None, sold(), as_of=TODAY) is None
    assert sprint_effect.own_effect(SPRINT, sold().iloc[:0], as_of=TODAY) is None
    assert sprint_effect.findings(None) == []
