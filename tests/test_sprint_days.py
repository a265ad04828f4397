"""Time × task × resource, planned and done, by hand: a sprint of ten working days, two squads."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from salesnb.analysis import bonuses
from salesnb.analysis.retrospective import sprint_days
from salesnb.plan import Sprint

SPRINT = Sprint(
    name="S", start=dt.date(2026, 6, 1), end=dt.date(2026, 6, 14), target=1000, visits_per_day=4, leads_per_day=2,
    lead_conversion=0.5, squads={"A": ["R1"], "B": ["R2", "R3"]}, squad_targets={"A": 400, "B": 600},
)  # fmt: skip
FRIDAY = pd.Timestamp("2026-06-05")  # five of ten working days


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns.split())
    for name in ("day", "week_start"):
        if name in table:
            table[name] = pd.to_datetime(table[name])
    return table


SOLD = frame("day rep_id net_amount", ("2026-06-01", "R1", 300.0), ("2026-06-06", "R2", 50.0), ("2026-06-03", "R2", 100.0), ("2026-06-03", "R9", 7.0))  # fmt: skip
DONE = frame("day rep_id kind count", ("2026-06-02", "R1", "visit", 3), ("2026-06-02", "R2", "call", 9), ("2026-06-04", "R3", "visit", 5))  # fmt: skip
LEADS = frame("day rep_id created converted", ("2026-06-01", "R1", 4, 1), ("2026-06-08", "R2", 2, 2))


def days(as_of: pd.Timestamp = FRIDAY, **given: object) -> pd.DataFrame:
    frames = {"sold": SOLD, "done": DONE, "leads": LEADS} | given
    return sprint_days.by_day(
        SPRINT, frames["sold"], frames["done"], frames["leads"], squad_targets=bonuses.squad_targets(SPRINT), as_of=as_of
    )  # fmt: skip


def test_the_plan_of_all_days_is_the_plan_of_the_sprint():
    whole = days().groupby("task")["planned"].sum().to_dict()
    assert whole == pytest.approx({"orders": 1000, "visits": 40, "leads": 20})


def test_what_was_done_counts_wherever_it_fell_and_days_to_come_are_no_zeros():
    table = days(pd.Timestamp("2026-06-14"))
    assert table.groupby("task")["done"].sum().to_dict() == {"orders": 457, "visits": 8, "leads": 6}
    saturday = table[(table["day"] == "2026-06-06") & (table["task"] == "orders")]
    assert saturday[["squad", "planned", "done"]].to_numpy().tolist() == [["B", 0.0, 50.0]]
    assert days().loc[days()["day"] > FRIDAY, "done"].isna().all()


def test_tomorrow_spreads_what_is_left_over_the_working_days_left():
    pace = sprint_days.pace(SPRINT, days(), as_of=FRIDAY).set_index("task")
    orders = pace.loc["orders"]
    assert (orders["due"], orders["done"], orders["left"]) == pytest.approx((500, 407, 593))
    assert (orders["a_day"], orders["needed"]) == pytest.approx((81.4, 118.6))
    assert pace.loc["visits", "reached"] == pytest.approx(8 / 20)
    over = sprint_days.pace(SPRINT, days(pd.Timestamp("2026-06-14")), as_of=pd.Timestamp("2026-06-14"))
    assert over["needed"].isna().all()


def test_each_squad_is_held_against_its_own_target():
    rows = sprint_days.squads(SPRINT, days(), as_of=FRIDAY).set_index("squad")
    assert rows.index.tolist() == ["B", "A"]
    assert rows["orders"].to_dict() == {"B": 100, "A": 300}
    assert rows["reached"].to_dict() == pytest.approx({"B": 100 / 300, "A": 300 / 200})
    assert rows["visits"].to_dict() == pytest.approx({"B": 5 / (20 * 2 / 3), "A": 3 / (20 / 3)})
    assert rows.loc["B", "needed"] == pytest.approx(100)


def test_what_the_data_do_not_tell_is_no_row():
    assert set(days(done=None, leads=None)["task"]) == {"orders"}
    none = sprint_days.by_day(None, SOLD, DONE, LEADS, squad_targets=pd.Series(dtype=float), as_of=FRIDAY)
    assert none.empty


MET = frame(
    "account_id week_start contacts",
    ("K1", "2026-06-01", 2),
    ("K1", "2026-06-08", 1),
    ("K2", "2026-06-08", 1),
)


def test_the_matrix_is_done_by_planned_week_by_week_and_to_date(monkeypatch):
    end = pd.Timestamp("2026-06-14")
    rows = sprint_days.matrix(SPRINT, days(end), LEADS, None, MET, {"K1", "K2"}, as_of=end)
    assert rows.loc[rows["task"] == "conversion", "reached"].isna().all()  # a share of two says nothing
    monkeypatch.setattr(sprint_days, "FEWEST_CONVERTED", 1)
    rows = sprint_days.matrix(SPRINT, days(end), LEADS, None, MET, {"K1", "K2"}, as_of=end)
    cells = rows.set_index(["task", "week"])["reached"]
    assert cells["orders", 1] == pytest.approx(457 / 500)  # the Saturday's in its week
    assert cells["orders", 0] == pytest.approx(0.457)
    assert cells["conversion", 1] == pytest.approx(1 / 2)
    assert cells["conversion", 2] == pytest.approx(2 / 1)
    assert (cells["key_accounts", 1], cells["key_accounts", 2], cells["key_accounts", 0]) == (0.5, 1.0, 0.75)


def test_key_accounts_that_were_missed_are_named_with_their_weeks():
    end = pd.Timestamp("2026-06-14")
    last = {"K2": pd.Timestamp("2026-06-09")}
    rows = sprint_days.unmet(SPRINT, MET, {"K1", "K2", "K3"}, last, as_of=end)
    assert rows["account_id"].tolist() == ["K3", "K2"]
    assert rows["weeks"].tolist() == [[1, 2], [1]]
    assert rows["last_on"].isna().tolist() == [True, False]
    assert sprint_days.unmet(SPRINT, MET, set(), {}, as_of=end).empty


def test_nobody_is_missed_in_a_week_of_holidays():
    october = SPRINT.model_copy(update={"start": dt.date(2026, 10, 1), "end": dt.date(2026, 10, 14)})
    end = pd.Timestamp("2026-10-14")
    rows = sprint_days.unmet(october, MET.iloc[:0], {"K1"}, {}, as_of=end, country="CN")
    assert rows["weeks"].tolist() == [[2]]  # 1 to 7 October are the National Day's
