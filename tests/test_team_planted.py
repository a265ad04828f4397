"""Do the pages of the team and of risk find what is planted in the demo company?"""

import pandas as pd
import pytest

from salesnb.analysis import (
    aftermath,
    coaching,
    credit,
    pricing,
    rivalry,
    stars,
    targets,
    team,
    training,
    workload,
)
from salesnb.calendars import months_back, working_days
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from tests.planted import AS_OF, TRUTHS


@pytest.fixture(scope="module")
def book():
    return open_book("data/demo", as_of=AS_OF)


@pytest.fixture(scope="module")
def deals(book):
    return facts.opportunities(book)


def test_the_course_lifts_by_its_planted_size(book, deals):
    lifts = training.lifts(deals, facts.training(book)).set_index("course")
    planted = lifts.loc["Consultative selling"]
    assert planted["low"] <= TRUTHS["course"].size <= planted["high"]
    assert lifts.index[lifts["found"]].tolist() == ["Consultative selling"]


def test_the_overloaded_team_is_found(book):
    people = facts.reps(book)
    days = working_days(months_back(book.as_of, 15), book.as_of, country=book.plan.country)
    load = workload.monthly_load(
        workload.hours(facts.activity_days(book)), people, days, hours_per_day=book.plan.hours_per_day
    )
    teams = workload.team_load(load, facts.pulse(book), people, as_of=book.as_of)
    assert tuple(teams.loc[teams["overloaded"], "team"]) == TRUTHS["overload"].who
    hours = teams["load"].iloc[0] * book.plan.hours_per_day
    assert hours == pytest.approx(TRUTHS["overload"].size, rel=0.15)


def test_the_star_is_found(book, deals):
    records = coaching.weaknesses(coaching.outcomes(deals, since=months_back(book.as_of, 24)))
    people, spread = facts.reps(book), targets.spread_rows(facts.targets(book), as_of=book.as_of)
    attained = team.attainment(people, facts.bookings(book), spread, as_of=book.as_of)
    assert stars.star_list(attained, records)[0] in TRUTHS["star"].who
    star = records.set_index("rep_id").loc[TRUTHS["star"].who[0]]
    assert star["low"] <= TRUTHS["star"].size <= star["high"]


def test_the_rival_accounts_are_found(book, deals):
    people = team.present(facts.reps(book), book.as_of)
    rivals = rivalry.contested(facts.account_work(book), deals, facts.accounts(book), people)
    assert rivals["across_teams"].sum() == TRUTHS["rivalry"].size


def test_the_price_war_is_found_with_its_time(book):
    first = pricing.price_wars(facts.floor_sales(book)).iloc[0]
    truth = TRUTHS["price_war"]
    assert first["found"]
    assert (first["product_line"], first["region"]) == (truth.detail["product_line"], truth.detail["region"])
    assert abs((first["first_month"] - pd.Timestamp(truth.since)).days) <= 31
    assert first["last_month"] == pd.Timestamp(truth.until).replace(day=1)


def test_the_huge_order_is_to_be_prepaid(book):
    orders = credit.large_orders(facts.large_orders(book), facts.payments(book), credit=book.plan.credit)
    first, truth = orders.iloc[0], TRUTHS["huge_order"]
    assert first["prepay"]
    assert (first["account_id"], first["unpaid"], first["terms_days"]) == (
        truth.who[0],
        truth.size,
        truth.detail["terms"],
    )


def test_the_publicity_is_found_with_its_size(book):
    weekly = aftermath.weekly(facts.bookings(book), by="product_line", as_of=book.as_of)
    events = facts.events(book)
    found = aftermath.effects(events[events["kind"] == "publicity"], weekly, weekly.iloc[:, :0])
    truth = TRUTHS["publicity"]
    assert found["subject"].tolist() == [truth.detail["product_line"]]
    assert found.loc[0, "change"] < 0
    assert (
        found.loc[0, "change"] - found.loc[0, "high"]
        <= truth.size
        <= found.loc[0, "change"] - found.loc[0, "low"]
    )
