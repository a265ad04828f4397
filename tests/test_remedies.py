"""What each cause costs and which remedy fits, by hand; bought together, told apart, and at one age."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from salesnb.analysis import (
    checklists,
    cohorts,
    deal_days,
    funnel,
    hygiene,
    intervals,
    line_evidence,
    prescriptions,
    product_lines,
    revenue_change,
    stage_lifts,
    win_rates,
)
from salesnb.display.remedies import prose as remedies
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from salesnb.language import Language
from tests.planted import AS_OF, TRUTHS

NOW = pd.Timestamp("2026-10-31")
NO_STAGES = pd.DataFrame(
    {"stage": [], "slower": pd.Series(dtype=bool), "change": [], "now": [], "before": []}
)


@pytest.fixture(scope="module")
def book():
    return open_book("data/demo", as_of=AS_OF)


def lifts(*rows):
    columns = ["stage", "cause", "now", "best", "value", "win_after", "gain", "low", "high", "beyond"]
    return pd.DataFrame(rows, columns=columns)


def year(**parts):
    day = pd.Timestamp("2026-01-01")
    return revenue_change.Change(
        "year", day, day, day, day, 0.0, 0.0, parts, (100.0, 81.0), (40, 36), (500.0, 400.0), 25.0
    )


def test_each_cause_is_priced_and_what_is_sure_comes_first():
    stages = lifts(
        ("lead", "entry", 0.9, 0.9, 1000.0, 0.2, 0.0, -5.0, 5.0, False),
        ("needs", "early", 0.8, 0.9, 900.0, 0.4, 36.0, 1.0, 70.0, False),
        ("quote", "late", 0.5, 0.7, 730.0, 0.5, 73.0, 40.0, 100.0, True),
        ("order", "late", 0.6, 0.7, 300.0, 1.0, 30.0, 20.0, 40.0, True),
    )
    slow = pd.DataFrame(
        {
            "stage": ["needs", "quote"],
            "slower": True,
            "now": [12.0, 30.0],
            "before": [10.0, 20.0],
            "change": [2.0, 10.0],
        }
    )
    found = prescriptions.causes(stages, slow, year(leads=-190.0, size=-400.0)).set_index("cause")
    assert list(found.index) == ["late", "speed", "size", "leads", "early"]
    assert found["beyond"].tolist() == [True, True, False, False, False]
    assert found.loc["late", "stage"] == "quote"  # the dearer of the two
    assert found.loc["speed", "worth"] == pytest.approx(730 * 0.5 * 0.5 / 365 * 10)
    # 19 fewer leads cost 190: ten each, and their number is as sure as a Poisson count of 181
    assert found.loc["leads", "high"] - found.loc["leads", "worth"] == pytest.approx(
        1.959964 * 10 * np.sqrt(181)
    )
    assert found.loc["size", "worth"] - found.loc["size", "low"] == pytest.approx(1.959964 * 25 * 38)


def test_no_loss_no_cause_and_no_revenue_no_price():
    assert prescriptions.causes(lifts(), NO_STAGES, year(leads=190.0, size=400.0)).empty
    assert prescriptions.causes(lifts(), NO_STAGES, None).empty
    nothing = prescriptions.causes(lifts(), NO_STAGES, None)
    assert str(remedies.answer(nothing, comparable=True)) != str(remedies.answer(nothing, comparable=False))


@pytest.mark.parametrize("cause", list(remedies.CAUSE_NAMES))
@pytest.mark.parametrize(("channel", "bundle"), [(None, None), ("referral", ("Pumps", "Valves"))])
def test_every_cause_has_a_remedy_in_both_languages(cause, channel, bundle):
    told = remedies.remedy(cause, stage="quote", channel=channel, bundle=bundle)
    assert Language("en").text(told)
    assert Language("zh").text(told) != Language("en").text(told)


def test_the_planted_slow_stage_is_the_sure_cause_and_its_price_follows_from_the_planted_days(book):
    deals, events = facts.opportunities(book), facts.stage_events(book)
    passages = funnel.passages(
        deals, events, stages=funnel.stage_order(events, planned=book.plan.stages), as_of=book.as_of
    )
    conversion = funnel.stage_conversion(passages, as_of=book.as_of)
    own = stage_lifts.lifts(funnel.quarterly_conversion(passages, as_of=book.as_of), conversion)
    found = prescriptions.causes(own, deal_days.stage_days(passages, as_of=book.as_of), None)
    top = found.iloc[0]
    assert (top["cause"], top["stage"], top["beyond"]) == ("speed", "quote", True)


def test_the_evidence_tells_the_two_planted_lines_apart(book):
    deals, bookings = facts.opportunities(book), facts.bookings(book)
    lines = product_lines.by_line(deals, as_of=book.as_of)
    readings = [
        product_lines.reading(deals, line=line, fell=fell, as_of=book.as_of, bookings=bookings)
        for line, fell in zip(lines["product_line"], lines["fell"], strict=True)
    ]
    found = line_evidence.of([None, *readings])
    beaten, mispitched = TRUTHS["drives_conversion"], TRUTHS["valves_conversion"]
    product, pitch = beaten.detail["product_line"], mispitched.detail["product_line"]
    sides = {line: set(part["speaks_for"]) - {""} for line, part in found.groupby("line")}
    assert sides == {product: {"product"}, pitch: {"pitch"}}
    rival = found[(found["line"] == product) & (found["evidence"] == "competitor")].iloc[0]
    assert rival["names"] == [beaten.detail["competitor"]]
    assert rival["speaks_for"] == "product"
    assert found[found["evidence"].str.contains("discount")]["now"].between(0, 1).all()


def test_win_rates_with_and_without_a_checklist_by_hand():
    rows = [("quote", deal, item, outcome, done) for deal, outcome, done in
            [("A", "won", True), ("B", "lost", True), ("C", "lost", False), ("D", "open", True)]
            for item in ("terms", "rivals")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["stage", "opportunity_id", "item", "outcome", "done"])
    found = checklists.by_stage(frame).iloc[0]
    assert (found["kept"], found["kept_rate"], found["others"], found["others_rate"]) == (2, 0.5, 1, 0.0)
    assert found["low"] < found["difference"] == 0.5 < found["high"]
    assert checklists.by_stage(frame[frame["done"]]).empty


def born(cohort, deals, *, old=None):
    return pd.DataFrame(
        {
            "cohort": pd.Timestamp(cohort),
            "days": [float(day) for day, _ in deals],
            "way": [way for _, way in deals],
            "old": (NOW - pd.Timestamp(cohort)).days if old is None else old,
            "older": False,
        }
    )


def test_a_young_cohort_is_not_a_bad_one():
    old = [(10, 1)] * 20 + [(20, 2)] * 20
    young = [(10, 1)] * 10 + [(12, 0)] * 30  # won as fast, and the others are not decided yet
    frame = pd.concat(
        [
            born("2026-04-01", old),
            born("2026-07-01", [(10, 1)] * 20 + [(15, 0)] * 20),
            born("2026-10-01", young),
        ]
    )
    found = cohorts.by_cohort(frame, age=10).set_index("cohort")
    assert found["so_far"].tolist() == [0.5, 0.5, 0.25]
    assert found["by_then"].tolist() == [0.5, 0.5, 0.25]
    assert cohorts.ripe_age(frame) == 20
    early = pd.concat([frame, born("2027-01-01", [(5, 1)] * 10 + [(9, 0)] * 30, old=9)])
    late = cohorts.by_cohort(early, age=10).set_index("cohort")
    assert np.isnan(late.loc["2027-01-01", "by_then"])  # no deal of it has had ten days
    assert cohorts.by_cohort(frame.iloc[:0], age=10).empty
    assert cohorts.ripe_age(frame.iloc[:0]) is None


def test_a_cohort_is_called_once_twenty_of_its_deals_are_old_enough():
    rest = born("2026-04-01", [(10, 1)] * 20 + [(20, 2)] * 20)
    poor = [(10, 1)] * 1 + [(9, 2)] * 39
    for number, called in ((19, False), (20, True)):
        old = [30] * number + [9] * (40 - number)
        found = cohorts.by_cohort(pd.concat([rest, born("2026-07-01", poor, old=old)]), age=10)
        assert found["by_then"].tolist() == pytest.approx([0.5, 0.025])
        assert found["p_value"].notna().tolist() == [True, called]
    # one of 40 and 20 of 40, with a win and a loss more each: 2 / 42 and 21 / 42
    z = 19 / 42 / ((2 / 42 * 40 / 42 + 0.25) / 42) ** 0.5
    assert found["p_value"].iloc[1] == pytest.approx(2 * norm.sf(z))
    assert found["conclusion"].eq("cannot_tell").all()  # both are unlike, and may be of their season
    twins = [
        born(day.replace("2026", "2025"), [(10, 1)] * 20 + [(20, 2)] * 20)
        for day in ("2026-04-01", "2026-07-01")
    ]
    seasons = pd.concat([rest, born("2026-07-01", poor, old=[30] * 40), *twins])
    flagged = cohorts.by_cohort(seasons, age=10).set_index("cohort")["flagged"]
    assert list(flagged[flagged].index) == [pd.Timestamp("2026-07-01")]


def test_cohorts_that_are_alike_raise_no_more_alarms_than_they_say():
    rng, alarms, companies = np.random.default_rng(6), 0, 120
    first, days = pd.Timestamp("2025-01-01"), (NOW - pd.Timestamp("2025-01-01")).days
    for _ in range(companies):
        created = first + pd.to_timedelta(rng.integers(0, days, 320), unit="D")
        closed = pd.Series(created + pd.to_timedelta(rng.exponential(60, 320).round() + 1, unit="D"))
        over = closed <= NOW
        outcome = np.where(~over, "open", np.where(rng.random(320) < 0.3, "won", "lost"))
        deals = pd.DataFrame({"created_on": created, "closed_on": closed.where(over), "outcome": outcome})
        begun = cohorts.born(deals, as_of=NOW)
        alarms += cohorts.by_cohort(begun, age=cohorts.ripe_age(begun))["flagged"].any()
    assert alarms <= binom.ppf(0.99, companies, intervals.FALSE_ALARM)


def test_curves_begin_at_nothing_never_fall_and_end_with_the_youngest_deals_age(book):
    frame = cohorts.born(facts.opportunities(book), as_of=book.as_of)
    for cohort, curve in cohorts.curves(frame, as_of=book.as_of).groupby("cohort"):
        assert curve["won"].iloc[0] == 0
        assert curve["won"].is_monotonic_increasing
        youngest = (book.as_of - (cohort + pd.DateOffset(months=3) - pd.Timedelta(days=1))).days
        assert curve["day"].max() <= max(youngest, 0)


def test_only_quarters_whose_deals_met_the_slow_quotes_stand_out(book):
    frame = cohorts.born(facts.opportunities(book), as_of=book.as_of)
    found = cohorts.by_cohort(frame, age=cohorts.ripe_age(frame))
    flagged = found.loc[found["flagged"], "cohort"]
    assert len(flagged)
    assert flagged.min() >= pd.Timestamp(TRUTHS["slow_quotes"].since).to_period("Q").start_time


def test_slow_members_are_flagged_and_alike_ones_are_not(book):
    rng = np.random.default_rng(4)
    n = 400
    team = rng.choice(["Slow", "Quick"], n)
    days = np.where(team == "Slow", 60, 30) + rng.integers(0, 20, n)
    created = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 120, n), unit="D")
    deals = pd.DataFrame(
        {
            "created_on": created, "closed_on": created + pd.to_timedelta(days, unit="D"), "outcome": "won",
            "team": team, "region": rng.choice(["East", "West"], n), "amount": 1.0,
        }
    )  # fmt: skip
    found = deal_days.by_group(deals, as_of=NOW, dimensions=("team", "region")).set_index("member")
    assert found["days_flagged"].to_dict() == {"Quick": True, "Slow": True, "East": False, "West": False}
    assert found.loc["Slow", "days"] > found.loc["Slow", "rest_days"] + 20
    assert found.loc["Slow", "days"] == found.loc["Quick", "rest_days"]
    sized = deal_days.by_group(
        win_rates.sized(facts.opportunities(book)), as_of=book.as_of, dimensions=("size",)
    )
    assert sized["p_value"].isna().all()  # closing may rewrite an amount


def test_spans_stand_side_by_side_and_sum_to_their_changes(book):
    changes = [
        revenue_change.why(
            facts.deal_orders(book),
            facts.leads(book),
            facts.opportunities(book),
            as_of=book.as_of,
            span=span,
            lag=56,
        )
        for span in revenue_change.SPANS
    ]
    frame = revenue_change.beside([*changes, None])
    assert list(frame.columns) == ["part", *revenue_change.SPANS]
    for change in changes:
        assert round(frame[change.span].sum(), 2) == change.change


def test_a_next_step_waits_from_the_last_contact():
    frame = pd.DataFrame(
        {
            "opportunity_id": ["LATE", "FRESH", "NONE", "WON", "EDGE"],
            "outcome": ["open", "open", "open", "won", "open"],
            "amount": [5.0, 9.0, 7.0, 8.0, 6.0],
            "next_step_logged": [True, True, False, True, True],
            "last_activity_on": pd.to_datetime(
                ["2026-10-01", "2026-10-30", "2026-09-01", "2026-09-01", "2026-10-17"]
            ),
        }
    )
    found = hygiene.promises(frame, as_of=NOW)
    assert found[["opportunity_id", "waiting_days"]].to_numpy().tolist() == [["LATE", 30]]


def test_thin_records_are_found_person_by_person_in_the_planted_team_alone(book):
    deals = facts.opportunities(book)
    people = hygiene.by_person(hygiene.required(deals, at_stage=book.plan.required_fields))
    flagged = people[people["flagged"]]
    assert len(flagged)
    assert set(flagged["team"]) == set(TRUTHS["incomplete_records"].who)
