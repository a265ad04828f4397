"""Steps of pay, squads, help against stress: by hand, and silent where nothing is."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis.rivalry import pay_steps, squads
from salesnb.analysis.workload import relief
from salesnb.display.team import culture
from salesnb.intake import facts
from salesnb.intake.book import open_book
from salesnb.language import Language
from salesnb.plan import Commission, Sprint
from tests import worlds

DAY = pd.Timestamp("2026-10-31")
PLAN = "company: C\n"


def test_steps_by_hand():
    plan = Commission.model_validate(
        {"tiers": [{"from": 0, "rate": 0.01}, {"from": 0.5, "rate": 0.02}, {"from": 1, "rate": 0.02}]}
    )
    ladder = pay_steps.steps(plan, pd.Series({"A": 200.0, "B": 0.0}))
    assert ladder.to_numpy().tolist() == [["A", 100.0, 0.02, 0.01]]
    days = pd.DataFrame(
        {"rep_id": "A", "day": pd.to_datetime(["2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05"]), "net_amount": [89.0, 5.0, 10.0, 1.0]}
    )  # fmt: skip
    close = pay_steps.near(days, ladder, as_of=DAY)
    assert close["near"].tolist() == [False, False, True, False]  # 0, 89, 94 and 104 of 100 before the day
    assert pay_steps.close_now(close.iloc[:2], ladder) == 1
    for other in ({"by": "team"}, {"basis": "margin"}):
        assert pay_steps.steps(plan.model_copy(update=other), pd.Series({"A": 200.0})).empty
    assert pay_steps.steps(None, pd.Series({"A": 200.0})).empty
    paid = pay_steps.rewards(plan, 30.0, pd.DataFrame({"bonus": [10.0]}))
    assert paid.to_dict() == {"own": 30.0, "team": 10.0}
    assert Language("en")(culture.pay(paid, ladder, 1)).startswith(
        "75% of the year's pay is for own bookings; past a step the next unit pays 2.0×"
    )
    assert pay_steps.rewards(None, 0.0, pd.DataFrame()).empty


def test_poaching_by_hand():
    rows = [("A", f"2026-01-{day:02d}", 1, int(day <= 12), True) for day in range(1, 25)]
    rows += [("A", f"2026-02-{day:02d}", 1, int(day <= 6), False) for day in range(1, 25)]
    rows += [(name, f"2026-02-{day:02d}", 1, 0, False) for name in "BCD" for day in range(1, 8)]
    frame = pd.DataFrame(rows, columns=["rep_id", "day", "orders", "away", "near"]).assign(
        day=lambda one: pd.to_datetime(one["day"])
    )
    found = pay_steps.poaching(frame.drop(columns="near"), frame[["rep_id", "day", "near"]]).iloc[0]
    assert (found["near_orders"], found["near_share"], found["far_share"]) == (24, 0.5, pytest.approx(6 / 45))
    assert found["difference"] == pytest.approx(0.25)  # A's own, in one quarter: 12 of 24 against 6 of 24
    few = frame.head(10)
    assert pay_steps.poaching(few.drop(columns="near"), few).empty


def test_squads_by_hand():
    sprint = Sprint.model_validate(
        {"name": "S", "start": "2026-03-02", "end": "2026-03-06", "target": 1, "squads": {"A": ["A"]}}
    )
    people = pd.DataFrame({"rep_id": ["A", "B"], "hired_on": pd.NaT, "left_on": pd.NaT})
    past = pd.date_range(end="2026-02-27", periods=60, freq="B")
    days = pd.DataFrame(
        {
            "rep_id": ["A"] * 30 + ["B"] * 16,
            "day": [*past[::2], *past[::4], pd.Timestamp("2026-03-03")],
            "net_amount": 1.0,
        }
    )
    found = squads.changes(days, people, [sprint], as_of=DAY).set_index("rep_id")
    assert found["before"].to_dict() == {"A": 0.5, "B": 0.25}
    assert found["during"].to_dict() == {"A": 0.0, "B": 0.2}
    assert squads.compared(found.reset_index()).empty  # fewer than five on either side
    assert squads.changes(days, people, [sprint], as_of=pd.Timestamp("2026-03-05")).empty  # it still runs
    assert "cannot be compared" in Language("en")(
        culture.together(None, squads.compared(found.reset_index()))
    )


def test_help_by_hand():
    actions = pd.DataFrame(
        {
            "action_id": ["1", "2", "3"], "metric": ["stress", "压力", "pipeline"], "owner_id": ["A", "Z", "A"],
            "description": ["EAP and talks", None, "talk"], "done_on": pd.to_datetime(["2026-05-31", "2026-10-20", "2026-05-31"]),
        }
    )  # fmt: skip
    given = relief.offered(actions, pd.DataFrame({"rep_id": ["A"], "team": ["T"]}), as_of=DAY)
    assert given[["action_id", "team", "kinds"]].to_numpy().tolist() == [
        ["1", "T", ["eap", "talk"]],
        ["2", "", []],
    ]
    nothing = actions.head(0).astype({"metric": "str"})
    assert relief.offered(nothing, pd.DataFrame({"rep_id": ["A"], "team": ["T"]}), as_of=DAY).empty
    levels = {
        ("these", 0): 4.0,
        ("these", 1): 4.0,
        ("these", 2): 3.0,
        ("others", 0): 3.0,
        ("others", 1): 3.0,
        ("others", 2): 3.2,
    }
    sides = pd.DataFrame(
        [(side, place, 9, mean, 0.18) for (side, place), mean in levels.items()],
        columns=["side", "place", "people", "mean", "variance"],
    )
    told = relief.effects(given, [sides, sides], as_of=DAY)
    assert told["effect"].iloc[0] == pytest.approx(-1.2)
    assert told["low"].iloc[0] == pytest.approx(
        -1.2 - 2.0369 * np.sqrt(4 * 0.02), abs=1e-3
    )  # t of 32 degrees
    assert told["conclusion"].tolist() == ["found", "cannot_tell"]  # the second's three months are not over
    back = sides.assign(mean=sides["mean"].where((sides["side"] != "these") | (sides["place"] != 0), 2.9))
    assert relief.effects(given.head(1), [back], as_of=DAY)[["conclusion", "by"]].to_numpy().tolist() == [
        ["explained", "regression"]
    ]
    few = relief.effects(given.head(1), [sides[sides["side"] == "others"]], as_of=DAY)
    assert few["conclusion"].tolist() == ["cannot_tell"]
    assert "five people must answer" in Language("en")(culture.stress(few, None))
    assert relief.effects(given.head(0), [], as_of=DAY).empty


@pytest.mark.parametrize("scope", ["", "team=T"])
def test_sides_of_fewer_than_five_are_not_told(tmp_path, scope):
    names = [f"P{number}" for number in range(11)]
    (tmp_path / "plan.yml").write_text(PLAN)
    (tmp_path / "reps.csv").write_text(
        "rep_id,rep_name,team\n"
        + "".join(f"{one},{one} Name,{'T' if one < 'P6' else 'U'}\n" for one in names)
    )
    (tmp_path / "orders.csv").write_text(
        "order_id,rep_id,ordered_on,net_amount\n" + "".join(f"O{one},{one},2026-10-05,10\n" for one in names)
    )
    (tmp_path / "pulse.csv").write_text(
        "rep_id,surveyed_on,stress\n" + "".join(f"{one},2026-10-12,3\n" for one in names)
    )
    book = open_book(tmp_path, as_of="2026-10-31", scope=scope)
    span = ((pd.Timestamp("2026-10-01"), DAY),)
    told = {
        size: len(facts.stress_sides(book, people=tuple(names[:size]), spans=span))
        for size in (0, 4, 5, 6, 7, 11)
    }
    assert told == ({0: 1, 4: 1, 5: 2, 6: 2, 7: 1, 11: 1} if not scope else dict.fromkeys(told, 0))
    twice = facts.stress_sides(
        book, people=tuple(names[:5]), spans=(*span, (pd.Timestamp("2026-09-01"), pd.Timestamp("2026-09-30")))
    )
    assert twice.empty  # nobody answered in the other span


def test_away_days_by_hand(tmp_path):
    (tmp_path / "plan.yml").write_text(PLAN)
    (tmp_path / "accounts.csv").write_text("account_id,owner_id\nK1,A\nK2,B\n")
    (tmp_path / "orders.csv").write_text(
        "order_id,account_id,rep_id,ordered_on,net_amount\nO1,K1,A,2026-10-05,10\nO2,K2,A,2026-10-05,10\nO3,K2,A,2026-10-05,5\nO4,K2,B,2026-10-06,9\n"
    )
    found = facts.away_days(open_book(tmp_path, as_of="2026-10-31"))
    assert found[["rep_id", "orders", "away"]].to_numpy().tolist() == [["A", 2, 1], ["B", 1, 0]]


def test_the_helped_team_of_the_sample_company_is_seen_in_worlds():
    assert relief.effects(
        pd.DataFrame({"action_id": ["1"], "done_on": [pd.Timestamp("2026-06-30")], "team": ["T"], "kinds": [[]]}),
        [worlds.asked_before_and_after(1, effect=1.2, lasting=1.2)], as_of=DAY,
    )["conclusion"].tolist() == ["found"]  # fmt: skip
