"""Who is weak at a stage, worked by hand: what colleagues' records let expect, its interval, and who is a newcomer."""

from math import sqrt

import pandas as pd
import pytest
from scipy.stats import norm

from salesnb.analysis import coaching
from salesnb.display.team import calls

DAY = pd.Timestamp("2026-02-02")


def at_a_stage(**people: tuple[int, int, str]) -> pd.DataFrame:
    """Deals of each person at one stage: how many went on, how many there were, of which product line."""
    rows = [
        {
            "opportunity_id": f"{rep}-{number}",
            "rep_id": rep,
            "rep_name": rep,
            "product_line": line,
            "amount": 100.0,
            "stage": "quote",
            "entered_on": DAY,
            "advanced": number < advanced,
            "account_id": f"{rep}-{number}",
            "newcomer": False,
        }
        for rep, (advanced, deals, line) in people.items()
        for number in range(deals)
    ]
    return pd.DataFrame(rows).reindex(columns=coaching.PASSAGES)


def test_what_colleagues_let_expect_by_hand():
    found = coaching.weaknesses(at_a_stage(A=(4, 10, "x"), B=(12, 20, "x"), C=(7, 8, "x"), D=(5, 7, "x")))
    assert found["rep_id"].tolist() == [
        "A",
        "B",
        "C",
    ]  # of D there are too few; it counts among the colleagues
    first = found.iloc[0]
    # the 35 deals of the others, of which 24 went on, and two deals' worth of the stage's own rate of 28 in 45
    chance = (24 + 2 * 28 / 45) / (35 + 2)
    error = sqrt(chance * (1 - chance) * 10 * (1 + 10 / (35 + 2))) / 10
    assert (first["deals"], first["advanced"], first["rate"], first["colleagues"]) == (10, 4, 0.4, 3)
    assert first["peers"] == pytest.approx(chance)
    assert first["difference"] == pytest.approx(0.4 - chance)
    assert (first["low"], first["high"]) == pytest.approx(
        (0.4 - chance - 1.645 * error, 0.4 - chance + 1.645 * error)
    )
    assert first["p_value"] == pytest.approx(norm.cdf((0.4 - chance + 0.05) / error))
    assert not found["weak"].any()


def test_only_colleagues_who_sell_the_same_line_count():
    found = coaching.weaknesses(
        at_a_stage(A=(4, 10, "x"), B=(12, 20, "x"), C=(2, 8, "y"), D=(0, 9, "y"))
    ).set_index("rep_id")
    assert found["colleagues"].to_dict() == {"A": 1, "B": 1, "C": 1, "D": 1}
    assert found.loc["A", "peers"] == pytest.approx((12 + 2 * 18 / 47) / 22)
    assert found.loc["C", "peers"] == pytest.approx((0 + 2 * 18 / 47) / 11)


def test_a_record_of_seven_deals_is_too_thin_and_of_eight_is_not():
    assert coaching.weaknesses(at_a_stage(A=(3, 7, "x"), B=(3, 7, "x"))).empty
    assert len(coaching.weaknesses(at_a_stage(A=(3, 8, "x"), B=(3, 7, "x")))) == 1


def test_a_newcomer_is_one_for_half_a_year_and_only_where_the_data_began_before():
    began = pd.Timestamp("2025-01-01")
    days = {"old": [0], "on time": [90], "late": [91, 91 + 181, 91 + 182]}  # days after the data begin
    deals = pd.DataFrame(
        [
            {"rep_id": rep, "created_on": began + pd.Timedelta(days=day), "closed_on": DAY, "outcome": "won"}
            for rep, created in days.items()
            for day in created
        ]
    )
    rows = coaching.outcomes(deals, since=began)
    assert rows["newcomer"].tolist() == [False, False, True, True, False]
    assert rows["advanced"].all()
    assert (
        coaching.outcomes(deals.drop(columns="created_on"), since=began)["newcomer"].tolist() == [False] * 5
    )


@pytest.mark.parametrize("role", ["team lead", "团队主管", "Sales manager"])
def test_a_teams_lead_answers_for_its_relief_whatever_the_role_is_called_and_nobody_coaches_himself(role):
    people = pd.DataFrame(
        {
            "rep_id": ["R1", "R2"], "rep_name": ["Ana", "Bo"], "team": "T", "role": [role, "sales engineer"], "active": True,
            "hired_on": pd.to_datetime(["2020-01-01", "2019-01-01"]),
        }
    )  # fmt: skip
    teams = pd.DataFrame({"team": ["T", "U"], "load": [1.3, 0.6], "overloaded": [True, False]})
    needs = pd.DataFrame(
        {
            "kind": "coaching", "rep_id": ["R1", "R2"], "rep_name": ["Ana", "Bo"], "team": "T", "need": "quote", "measure": 0.2,
            "yardstick": 0.4, "due": pd.Timestamp("2026-11-09"), "at_stake": [2.0, 1.0],
        }
    )  # fmt: skip
    asked = calls.decisions(needs, teams, people)
    assert {one.id: one.owner for one in asked} == {
        "relief-T": "Ana",
        "coaching-R1-quote": "",
        "coaching-R2-quote": "Ana",
    }
