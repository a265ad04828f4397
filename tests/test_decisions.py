"""A decision's own number against like ones: by hand, silent where nothing was brought, and told in its own unit."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import decisions
from salesnb.analysis.decisions import matching, numbers
from salesnb.display.calls import effects as shown
from tests import worlds

AS_OF = pd.Timestamp("2026-10-31")
MONTHS = pd.date_range("2024-11-01", "2026-10-01", freq="MS")


def test_a_case_stands_against_the_nineteen_that_were_most_alike():
    # twenty-one cases of own members: one is far off before and left out; of the others what came after is 0, 1, …, 19 but for
    # the last, which is no nearer; own 25 is beyond all: the 19 nearest are 0 to 18, whose mean is 9
    cases = np.array([[1.0 + at / 1000, 5.0, float(at)] for at in range(20)] + [[9.0, 5.0, 500.0]])
    origin = np.c_[np.arange(21), np.zeros(21)].astype(int)
    own = np.array([1.0, 5.0, 25.0])
    assert matching._nearest(np.abs(cases[:, 0] - 1.0), origin, 3) == list(range(19))
    level = cases.copy()
    level[:, 2] = [float(at % 2) for at in range(20)] + [
        0.0
    ]  # no line between before and after worth the name
    found = matching.against_like(np.array([1.0, 5.0, 3.0]), level, origin, apart=3)
    assert found is not None
    effect, low, high, rank, _, _ = found
    assert effect == pytest.approx(3 - 9 / 19, abs=0.02)
    assert (low, high) == (pytest.approx(2.0, abs=0.02), pytest.approx(3.0, abs=0.02))
    assert rank == 19.5 / 20
    assert matching.against_like(own, cases[:18], origin[:18], apart=3) is None  # too few
    assert matching.against_like(np.array([20.0, 5.0, 1.0]), cases, origin, apart=3) is None  # none alike


def test_cases_of_one_member_lie_apart():
    origin = np.array([[0, 5], [0, 6], [0, 8], [1, 6]])
    assert matching._nearest(np.array([0.0, 1.0, 2.0, 3.0]), origin, 3) == [0, 2, 3]


def test_ranks_together_are_as_likely_as_their_mean():
    # three ranks of 0.975: 0.475 ÷ √((1 ÷ 3 + 1 ÷ 19) ÷ 12) = 2.6486 deviations
    assert matching._chance(pd.Series([0.975] * 3)) == pytest.approx(0.0080835, rel=1e-4)
    assert matching._chance(pd.Series([0.5] * 4)) == 1.0


def test_what_was_low_and_recovers_is_explained_and_what_was_brought_is_found():
    words = {"null": [], "effect": []}
    for seed in range(10):
        for name, effect in (("null", 0.0), ("effect", 0.5)):
            table, made = worlds.decided_months(seed, effect=effect)
            found = decisions.effects(made, {"orders:account_id": decisions.Measure(table)}, as_of=AS_OF)
            kinds = decisions.by_kind(found, found.iloc[:0])
            words[name].append((kinds["conclusion"].iloc[0], kinds["by"].iloc[0]))
    assert words["null"].count(("explained", "regression")) >= 7
    assert [word for word, _ in words["effect"]].count("found") >= 8


def test_where_the_declined_fared_as_well_the_choice_explains_it():
    table, made = worlds.decided_months(3, effect=0.8, taken=8, lowest=False)
    taken, declined = made.iloc[:4], made.iloc[4:]
    measure = {"orders:account_id": decisions.Measure(table)}
    found, refused = (decisions.effects(one, measure, as_of=AS_OF) for one in (taken, declined))
    kinds = decisions.by_kind(found, refused)
    assert kinds[["conclusion", "by"]].iloc[0].tolist() == ["explained", "selection"]
    assert decisions.by_kind(found, refused.iloc[:0])["conclusion"].tolist() == ["found"]


def test_a_decision_of_this_month_or_of_nobody_known_cannot_be_told():
    table, made = worlds.decided_months(1)
    late = made.iloc[:1].assign(day=pd.Timestamp("2026-10-15"))
    strange = made.iloc[:1].assign(member="nobody")
    for one in (late, strange, made.iloc[:1].assign(measure="")):
        found = decisions.effects(one, {"orders:account_id": decisions.Measure(table)}, as_of=AS_OF)
        assert found["effect"].isna().all()
        assert decisions.by_kind(found, found).empty


PEOPLE = pd.DataFrame({"rep_id": ["R1", "R2"], "team": ["T", "T"], "role": ["team lead", "engineer"]})


def test_a_lead_decides_for_the_team_and_others_for_themselves():
    actions = pd.DataFrame(
        {
            "action_id": ["M1", "M2", "M3", "M4"],
            "raised_on": pd.to_datetime(["2026-01-05", "2026-01-05", "2026-01-05", "2025-12-05"]),
            "owner_id": ["R1", "R2", "R1", "R1"], "owner": ["Ann", "Bo", "Ann", "Ann"],
            "due_on": pd.to_datetime(["2026-02-01", "2026-02-01", None, "2026-01-01"]),
            "done_on": pd.to_datetime(["2026-02-11", "2026-01-28", "2026-03-01", "2026-01-01"]),
            "metric": ["Win rate", "visits", "moods", "visits"], "description": ["A", None, "C", "D"], "status": "done",
        }
    )  # fmt: skip
    none = pd.DataFrame(columns=["id", "fate", "owner", "due", "text"])
    found = numbers.decided(none, actions, PEOPLE, since=pd.Timestamp("2026-01-01"))
    assert found[["id", "member", "measure"]].to_numpy().tolist() == [
        ["action-M1", "T", "win_rate:team"], ["action-M2", "R2", "visits:rep_id"], ["action-M3", "T", ""],
    ]  # fmt: skip
    assert found["late"].tolist()[:2] == [10.0, -4.0]
    assert found["late"].isna().tolist() == [False, False, True]


def test_answers_and_what_the_data_show_say_what_was_taken():
    fates = pd.DataFrame(
        {
            "id": ["silent-C1", "silent-C2", "coaching-R2-quote", "funnel-line-Drives", "deal-D1"],
            "text": "text", "owner": "Ann", "due": pd.Timestamp("2026-05-10"), "made_on": pd.Timestamp("2026-04-30"),
            "fate": ["met", "not yet", "unseen", "unseen", "won"],
            "answer": [None, "later", "taken", "taken", None], "answered_by": [None, "Bo", "Bo", None, None],
            "answered_on": pd.to_datetime([None, "2026-05-02", "2026-05-12", None, None]),
        }
    )  # fmt: skip
    actions = pd.DataFrame(
        columns=[
            "action_id",
            "raised_on",
            "owner_id",
            "owner",
            "due_on",
            "done_on",
            "metric",
            "description",
            "status",
        ]
    )
    found = numbers.decided(
        fates,
        actions.assign(raised_on=pd.to_datetime(actions["raised_on"])),
        PEOPLE,
        since=pd.Timestamp("2026-01-01"),
    )
    assert found[["member", "measure", "owner", "taken"]].to_numpy().tolist() == [
        ["C1", "orders:account_id", "Ann", True],
        ["C2", "orders:account_id", "Bo", False],
        ["R2", "win_rate:rep_id", "Bo", True],
        ["Drives", "win_rate:product_line", "Ann", True],
    ]
    assert found["late"].tolist() == [-10.0, -10.0, 2.0, -10.0]


def test_the_pages_numbers_stand_in_their_units():
    table, made = worlds.decided_months(2, effect=0.5)
    found = decisions.effects(made, {"orders:account_id": decisions.Measure(table)}, as_of=AS_OF)
    kinds = decisions.by_kind(found, found.iloc[:0])
    taken = made.assign(text="Visit", owner="Ann", late=0.0, taken=True)
    assert "orders a month" in str(shown.answer(kinds, taken, found))
    first = found[found["effect"].notna()].iloc[0]
    after = table.loc[first["member"], ["2026-06-01", "2026-07-01", "2026-08-01"]].mean()
    assert first["after"] == pytest.approx(after)
    assert shown.own_numbers(taken, found) is not None
    assert shown.answer(kinds.iloc[:0], taken.iloc[:0], found.iloc[:0]) is None
