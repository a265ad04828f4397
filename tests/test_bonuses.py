"""Sprint bonuses, and what orders drawn forward earned."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesnb.analysis import bonuses
from salesnb.plan import Commission, Sprint

REPS = pd.DataFrame(
    {
        "rep_id": ["R1", "R2", "R3", "R4"],
        "hired_on": pd.to_datetime([None, None, None, "2026-10-05"]),
        "left_on": pd.to_datetime([None, None, "2026-09-15", None]),
    }
)
AS_OF = pd.Timestamp("2026-10-31")
NO_TARGETS = pd.Series(dtype=float)


def push(**settings) -> Sprint:
    given = {
        "name": "S",
        "start": "2026-09-01",
        "end": "2026-09-30",
        "target": 1000,
        "bonus": {"at": 1.0, "amount": 50},
    }
    return Sprint.model_validate({**given, **settings})


def orders(*rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["day", "rep_id", "net_amount"])
    return table.assign(day=pd.to_datetime(table["day"]), team="A", cost_amount=0.0)


SOLD = orders(("2026-09-10", "R1", 600.0), ("2026-09-29", "R2", 300.0), ("2026-09-30", "R1", 100.0))


def test_a_bonus_is_due_at_its_share_of_the_target_to_the_cent():
    found = bonuses.of_sprints([push()], SOLD, REPS, as_of=AS_OF).iloc[0]
    assert (found["sold"], found["attainment"], found["people"], found["each"], found["bonus"]) == (
        1000,
        1,
        2,
        50,
        100,
    )
    missed = bonuses.of_sprints([push(target=1000.01)], SOLD, REPS, as_of=AS_OF).iloc[0]
    assert (missed["each"], missed["bonus"]) == (0, 0)


def test_a_share_of_the_target_that_is_reached_is_reached_in_cents():
    sold = pd.DataFrame({"day": pd.Timestamp("2026-09-15"), "rep_id": "R1", "net_amount": [0.1] * 11})
    assert sum(sold["net_amount"]) < 1.1
    sprint = push(target=1.0, bonus={"at": 1.1, "amount": 50})
    assert bonuses.of_sprints([sprint], sold, REPS, as_of=AS_OF)["each"].item() == 50


def test_who_left_before_the_end_or_came_after_it_gets_none():
    assert bonuses.members(push(), REPS) == ["R1", "R2"]
    assert bonuses.members(push(squads={"A": ["R2", "R3"]}), REPS) == ["R2"]


def test_sprints_without_a_bonus_not_over_or_of_another_year_are_left_out():
    others = [push(bonus=None), push(end="2026-11-05"), push(start="2025-09-01", end="2025-09-30")]
    assert bonuses.of_sprints(others, SOLD, REPS, as_of=AS_OF).empty


def test_a_bonus_reached_only_by_drawn_orders_was_earned_by_them():
    plan = Commission.model_validate(
        {"unit": "amount", "tiers": [{"from": 0, "rate": 0.01}, {"from": 650, "rate": 0.10}]}
    )
    found = bonuses.pulled_pay(push(), 200.0, SOLD, REPS, days=SOLD, commission=plan, targets=NO_TARGETS)
    # the last five working days: R2 300, R1 100, so 150 and 50 of the 200; R1 falls from 700 to 650: 5.00, R2 from 300 to 150: 1.50
    assert dict(zip(found.table["member"], found.table["sooner"], strict=True)) == {"R1": 5.0, "R2": 1.5}
    assert (found.sooner, found.kept, found.bonus, found.total) == (6.5, 0, 100, 100)
    assert (
        bonuses.pulled_pay(
            push(target=700), 200.0, SOLD, REPS, days=SOLD, commission=plan, targets=NO_TARGETS
        ).bonus
        == 0
    )


def test_across_the_years_end_the_commission_stays():
    december = push(start="2026-12-01", end="2026-12-31", target=10**6)
    sold = orders(("2026-12-30", "R1", 400.0))
    plan = Commission.model_validate({"unit": "amount", "tiers": [{"from": 0, "rate": 0.01}]})
    found = bonuses.pulled_pay(december, 100.0, sold, REPS, days=sold, commission=plan, targets=NO_TARGETS)
    assert (found.sooner, found.kept, found.total) == (1, 1, 1)
    july = bonuses.pulled_pay(
        december, 100.0, sold, REPS, days=sold, commission=plan, targets=NO_TARGETS, starts=7
    )
    assert (july.sooner, july.kept) == (1, 0)


def test_tiers_at_shares_of_a_target_and_margins():
    plan = Commission.model_validate(
        {"basis": "margin", "tiers": [{"from": 0, "rate": 0.01}, {"from": 1.0, "rate": 0.03}]}
    )
    sold = orders(("2026-09-30", "R1", 200.0)).assign(cost_amount=100.0)
    found = bonuses.pulled_pay(
        push(), 40.0, sold, REPS, days=sold, commission=plan, targets=pd.Series({"R1": 90.0})
    )
    assert found.sooner == pytest.approx(0.40)  # margin falls from 100 to 80: 1.20 to 0.80


def test_nothing_to_say():
    plan = Commission.model_validate({"tiers": [{"from": 0, "rate": 0.01}]})
    assert bonuses.pulled_pay(None, 1.0, SOLD, REPS, days=SOLD, commission=plan, targets=NO_TARGETS) is None
    assert (
        bonuses.pulled_pay(push(), None, SOLD, REPS, days=SOLD, commission=plan, targets=NO_TARGETS) is None
    )
    assert (
        bonuses.pulled_pay(push(bonus=None), 1.0, SOLD, REPS, days=SOLD, commission=None, targets=NO_TARGETS)
        is None
    )
    none = SOLD.iloc[:0]
    bare = bonuses.pulled_pay(push(), 0.0, none, REPS, days=none, commission=plan, targets=NO_TARGETS)
    assert (bare.sooner, bare.bonus, len(bare.table)) == (0, 0, 0)


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, 100_000), st.sampled_from(["marginal", "retroactive"]))
def test_drawing_forward_never_costs_pay_where_pay_rises(pulled_cents, mode):
    plan = Commission.model_validate(
        {"mode": mode, "unit": "amount", "tiers": [{"from": 0, "rate": 0.01}, {"from": 500, "rate": 0.05}]}
    )
    found = bonuses.pulled_pay(
        push(), pulled_cents / 100, SOLD, REPS, days=SOLD, commission=plan, targets=NO_TARGETS
    )
    assert found.sooner >= 0
    assert found.table["pulled"].sum() == pytest.approx(pulled_cents / 100)
    assert (found.bonus > 0) == (pulled_cents > 0)


def test_orders_are_shared_by_the_days_in_which_they_were_looked_for_also_in_the_month_before():
    plan = Commission.model_validate(
        {"basis": "net_amount", "by": "rep", "unit": "amount", "tiers": [{"from": 0, "rate": 0.1}]}
    )
    early = push(start="2026-08-01", end="2026-09-02")  # its last five working days begin on 27 August
    sold = orders(("2026-08-26", "R1", 900.0), ("2026-08-27", "R1", 300.0), ("2026-09-01", "R2", 100.0))
    found = bonuses.pulled_pay(early, 40.0, sold, REPS, days=sold, commission=plan, targets=NO_TARGETS)
    assert found.table.set_index("member")["pulled"].to_dict() == {"R1": 30, "R2": 10}


STEPS = [{"at": 0.8, "amount": 20}, {"at": 1.0, "amount": 50}, {"at": 1.2, "amount": 90}]


def test_of_several_steps_the_highest_reached_is_paid_and_each_adds_to_the_one_below():
    table = bonuses.of_sprints([push(bonus=STEPS)], SOLD, REPS, as_of=AS_OF)
    assert table["due_at"].tolist() == [0.8, 1.0, 1.2]
    assert table["each"].tolist() == [20, 30, 0]
    assert table["bonus"].tolist() == [40, 60, 0]  # two people, 50 each in all


def test_a_step_bought_what_of_the_own_effect_lies_in_its_reach():
    table = bonuses.of_sprints([push(bonus=STEPS)], SOLD, REPS, as_of=AS_OF, own={"S": 250.0})
    # 750 without it: 50 to the first step's 800, 200 from there to 1,000, nothing beyond
    assert table["bought"].tolist() == [50, 200, 0]
    assert table["bought"].sum() == 250
    none = bonuses.of_sprints([push(bonus=STEPS)], SOLD, REPS, as_of=AS_OF, own={"S": -10.0})
    assert none["bought"].tolist() == [0, 0, 0]


def test_orders_drawn_forward_may_have_earned_more_than_one_step():
    found = bonuses.pulled_pay(
        push(bonus=STEPS), 250.0, SOLD, REPS, days=SOLD, commission=None, targets=NO_TARGETS
    )
    assert (found.bonus, found.due_at) == (100, 800)
    one = bonuses.pulled_pay(
        push(bonus=STEPS), 150.0, SOLD, REPS, days=SOLD, commission=None, targets=NO_TARGETS
    )
    assert (one.bonus, one.due_at) == (60, 1000)


def test_a_squad_is_paid_for_its_own_target():
    sprint = push(squads={"A": ["R1"], "B": ["R2"]}, bonus=[{"at": 1.0, "amount": 500, "per": "squad"}])
    assert bonuses.squad_targets(sprint).to_dict() == {"A": 500, "B": 500}
    found = bonuses.of_sprints([sprint], SOLD, REPS, as_of=AS_OF).iloc[0]
    assert (found["people"], found["bonus"]) == (1, 500)  # A sold 700, B 300
    aims = pd.Series({"R1": 300.0, "R2": 100.0})
    assert bonuses.squad_targets(sprint, aims).to_dict() == {"A": 750, "B": 250}
    both = bonuses.of_sprints([sprint], SOLD, REPS, as_of=AS_OF, targets=aims).iloc[0]
    assert (both["people"], both["bonus"]) == (1, 500)  # now B alone
    fixed = push(squads={"A": ["R1"], "B": ["R2"]}, squad_targets={"A": 100})
    assert bonuses.squad_targets(fixed).to_dict() == {"A": 100, "B": 900}


def test_a_sprints_own_rates_are_paid_on_top_by_person_and_by_team_to_the_cent():
    tiers = [{"from": 0, "rate": 0.01}, {"from": 1.0, "rate": 0.05}]
    aims = pd.Series({"R1": 600.0, "R2": 400.0, "A": 900.0})
    by_person = bonuses.sprint_commission(push(commission={"tiers": tiers}), SOLD, REPS, targets=aims)
    # R1: part 600 of 1,000, sold 700: 6.00 + 5.00; R2: part 400, sold 300: 3.00
    assert dict(zip(by_person["member"], by_person["paid"], strict=True)) == {"R1": 11.0, "R2": 3.0}
    by_team = bonuses.sprint_commission(
        push(commission={"tiers": tiers, "by": "team"}), SOLD, REPS, targets=aims
    )
    assert by_team[["member", "part", "paid"]].to_numpy().tolist() == [["A", 1000.0, 10.0]]


def test_a_return_in_the_sprint_takes_its_pay_back_to_the_cent():
    back = orders(*SOLD[["day", "rep_id", "net_amount"]].to_numpy().tolist(), ("2026-09-20", "R1", -100.01))
    rates = push(commission={"tiers": [{"from": 0, "rate": 0.01}]})
    paid = bonuses.sprint_commission(rates, back, REPS, targets=NO_TARGETS)
    assert dict(zip(paid["member"], paid["paid"], strict=True)) == {"R1": 6.0, "R2": 3.0}
    assert bonuses.of_sprints([push(bonus=STEPS)], back, REPS, as_of=AS_OF)["bonus"].tolist() == [40, 0, 0]
