"""A sprint traced back to working days, and its verdict."""

import pandas as pd
import pytest

from salesnb.analysis import capacity, sprints
from salesnb.plan import Sprint

BEFORE = pd.Timestamp("2026-10-01")
REPS = pd.DataFrame({"rep_id": ["R1", "R2"], "team": ["A", "B"], "hired_on": pd.NaT, "left_on": pd.NaT})


def sprint(**settings) -> Sprint:
    return Sprint.model_validate(
        {"name": "S", "start": "2026-10-01", "end": "2026-10-31", "target": 220, **settings}
    )


def measured() -> sprints.Rates:
    deals = pd.DataFrame(
        {
            "created_on": pd.to_datetime(["2026-05-01", "2026-05-01"]),
            "closed_on": pd.to_datetime(["2026-05-11", "2026-05-11"]),
            "outcome": ["won", "lost"],
            "amount": [10.0, 10.0],
        }
    )
    leads = pd.DataFrame({"day": pd.to_datetime(["2026-05-01"]), "created": [20], "converted": [4]})
    visits = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-05-01"]),
            "kind": ["visit"],
            "count": [3],
            "timed": [3],
            "minutes": [180.0],
        }
    )
    return sprints.rates(deals, leads, visits, before=BEFORE)


def test_rates_of_a_hand_worked_year():
    found = measured()
    assert (
        found.lead_conversion,
        found.win_rate,
        found.deal_size,
        found.days_to_win,
        found.visits_per_win,
    ) == (0.2, 0.5, 10, 10, 3)
    assert found.minutes["visits"] == 60


def test_the_target_is_traced_back_to_each_working_day():
    work = sprints.tasks(sprint(), measured(), key_accounts=0, pipeline=0).set_index("task")
    assert work.loc["visits", "needed"] == pytest.approx(22 * 3 / 22)
    assert work.loc["quotes", "needed"] == pytest.approx(44 / 22)
    assert work.loc["leads", "needed"] == pytest.approx(220 / 22)
    assert work.loc["visits", "hours"] == pytest.approx(3)


def test_an_open_pipeline_saves_leads():
    work = sprints.tasks(sprint(), measured(), key_accounts=7, pipeline=440).set_index("task")
    assert work.loc["leads", "needed"] == 0
    assert work.loc["key_account_contacts", "planned"] == pytest.approx(31 / 22)


def judged(plan: Sprint, hours_per_day: float, pipeline: float = 0.0) -> sprints.Verdict:
    days = pd.bdate_range("2026-10-01", "2026-10-31")
    work = sprints.tasks(plan, measured(), key_accounts=0, pipeline=pipeline)
    matrix = sprints.matrix(work, capacity.hours(REPS, days, hours_per_day=hours_per_day), cadence=1.0)
    return sprints.verdict(plan, work, matrix, measured(), hours_per_day=hours_per_day, pipeline=pipeline)


def test_enough_hours_and_leads_is_feasible():
    assert judged(sprint(leads_per_day=10, visits_per_day=3), 14).feasible


def test_too_few_hours_ask_for_people():
    found = judged(sprint(leads_per_day=10, visits_per_day=3), 4)
    assert found.constraint == "hours"
    assert not found.feasible
    assert found.people == 2  # 15.5 hours a day against 8


def test_too_few_leads_ask_for_conversion():
    found = judged(sprint(leads_per_day=5, visits_per_day=3), 14)
    assert (found.feasible, found.constraint) == (False, "leads")
    assert found.conversion == pytest.approx(0.4)


def test_limits():
    nothing = sprints.rates(
        pd.DataFrame(
            {"created_on": pd.to_datetime([]), "closed_on": pd.to_datetime([]), "outcome": [], "amount": []}
        ),
        pd.DataFrame({"day": pd.to_datetime([]), "created": [], "converted": []}),
        pd.DataFrame({"day": pd.to_datetime([]), "kind": [], "count": [], "timed": [], "minutes": []}),
        before=BEFORE,
    )
    work = sprints.tasks(sprint(), nothing, key_accounts=0, pipeline=0)
    assert work.empty
    assert (
        sprints.verdict(
            sprint(),
            work,
            sprints.matrix(work, capacity.hours(REPS, pd.DatetimeIndex([]), hours_per_day=7)),
            nothing,
            hours_per_day=7,
            pipeline=0,
        )
        is None
    )
    assert sprints.which([], as_of=BEFORE) is None
    assert (
        sprints.which(
            [sprint(), sprint(name="T", start="2026-12-01", end="2026-12-31")],
            as_of=pd.Timestamp("2026-10-31"),
        ).name
        == "T"
    )


def test_squads_share_the_work_as_they_share_the_target():
    deals = pd.DataFrame(
        {
            "created_on": pd.to_datetime(["2026-05-01"]),
            "closed_on": pd.to_datetime(["2026-05-11"]),
            "outcome": ["won"],
            "amount": [10.0],
        }
    )
    leads = pd.DataFrame({"day": pd.to_datetime(["2026-05-01"]), "created": [20], "converted": [4]})
    visits = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-05-01"]),
            "kind": ["visit"],
            "count": [3],
            "timed": [3],
            "minutes": [180.0],
        }
    )
    plan = sprints.build(
        sprint(squads={"A": ["R1"], "B": ["R2"]}),
        deals,
        leads,
        visits,
        REPS,
        key_accounts=0,
        cadence=None,
        hours_per_day=7,
        targets=pd.Series({"R1": 300.0, "R2": 100.0}),
    )
    need = plan.matrix.groupby("squad")["need"].sum()
    assert need["A"] == pytest.approx(3 * need["B"])
    assert (
        sprints.build(None, deals, leads, visits, REPS, key_accounts=0, cadence=None, hours_per_day=7) is None
    )
