"""Do companies in which nothing happens raise no more alarms than the stated error rates allow?

Ten sample companies without their planted effects (forty in `make bench`: `python -m tests.test_null_companies`), through the
very functions that the notebooks call. What a page
calls an alarm is counted here, against the rate that its own module states as a constant: a rate a look (one account, one
event), or a rate a company where a correction over the looks bounds the chance of any alarm; no rate is repeated here. The
allowance is the 99.9% quantile of the binomial distribution. Where the sample company differs in fact even without effects (slow payers, warm
deals, unequal targets) the differing is dealt out at random first, so that nothing is left to find.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from salesnb.analysis import (
    aftermath,
    behaviour,
    breakdown,
    bundles,
    checklists,
    coaching,
    cohorts,
    deal_days,
    deal_features,
    deals,
    forecast,
    funnel,
    gaps,
    hygiene,
    intervals,
    pricing,
    product_lines,
    pull_forward,
    receivables,
    rhythm,
    rivalry,
    stage_groups,
    stage_lifts,
    stars,
    team,
    training,
    win_rates,
    workload,
)  # fmt: skip
from salesnb.analysis.forecast import pipeline
from salesnb.calendars.periods import month_ends, months_back, working_days
from salesnb.display.pipeline import prose as pipeline_prose
from salesnb.display.risk import calls as risk_calls
from salesnb.display.targets import calls as target_calls
from salesnb.display.team import calls as team_calls
from salesnb.headlines import Figure
from salesnb.intake.demo.ordering import LOYAL
from salesnb.intake.demo.people import LINES
from salesnb.intake.demo.rhythm import Rhythm
from tests.companies import Facts, company
from tests.packs import run_folder
from tests.planted import AS_OF

SEEDS = range(10)
MANY = range(40)  # of the bench
ACCOUNTS = 150
SURE = 0.999
TODAY = pd.Timestamp(AS_OF)
VERDICTS = (  # a line fell (Holm), or only where a rival gained, or a reason gained and sits with two people
    intervals.FALSE_ALARM
    + intervals.FALSE_ALARM**2
    + len(LINES) * product_lines.GAINED * product_lines.CROWDED
)
Counted = Iterator[tuple[str, int, int]]  # kind of alarm, alarms, looks


def null(seed: int, place: Path) -> Facts:
    return company(seed, place, accounts=ACCOUNTS, effects=False).known


def of_customers(known: Facts) -> Counted:
    loyal = [f"C{number:03d}" for number in range(1, LOYAL + 1)]  # the others may leave, effects or not
    pauses = rhythm.silence(known.order_days, as_of=TODAY)
    watched = pauses[pauses["account_id"].isin(loyal) & pauses["chance"].notna()]
    yield "silent accounts", int(watched["silent"].any()), 1
    yield "bundles", int(_bought_by_lot(known)["beyond"].any()), 1
    changed = behaviour.changed(
        pauses, known.order_days, known.accounts, keys=loyal, events=known.events, owners=known.owners, as_of=TODAY,
    )  # fmt: skip
    yield "slower accounts", int(changed["slower"].any()), 1


def _bought_by_lot(known: Facts) -> pd.DataFrame:
    """Pairs of lines where each account's lines were dealt out by lot: customers have a main line, effects or not."""
    bought = known.purchases.dropna(subset=["product_line"])
    rng = np.random.default_rng(known.seed)
    lots = bought.groupby("account_id")["product_line"].transform(
        lambda own: rng.choice(bought["product_line"].unique(), len(own), replace=False)
    )
    return bundles.pairs(bought.assign(product_line=lots))


def of_deals(known: Facts) -> Counted:
    chased, events, plan = known.opportunities, known.stage_events, known.book.plan
    lines = product_lines.by_line(chased, as_of=TODAY)
    yield "falling lines", int(lines["fell"].any()), 1
    told = [
        product_lines.reading(chased, line=line, fell=fell, as_of=TODAY)
        for line, fell in zip(lines["product_line"], lines["fell"], strict=True)
    ]
    yield "product or pitch", int(any(one and one.verdict in ("product", "pitch") for one in told)), 1
    stages = funnel.stage_order(events, planned=plan.stages)
    passed = funnel.passages(chased, events, stages=stages, as_of=TODAY)
    yield "slower stage", int(deal_days.stage_days(passed, as_of=TODAY)["slower"].any()), 1
    alike = win_rates.by_group(chased, as_of=TODAY, dimensions=("channel", "region", "team"))
    yield "unlike groups", int(alike["flagged"].any()), 1
    paces = deal_days.by_group(chased, as_of=TODAY, dimensions=("channel", "region", "team"))
    yield "slower groups", int(paces["days_flagged"].any()), 1
    looks = stage_groups.by_group(passed, chased, as_of=TODAY, dimensions=("channel", "region", "team"))
    yield "groups at a stage", int(looks["flagged"].any()), 1
    born = cohorts.born(chased, as_of=TODAY)
    ages = cohorts.by_cohort(born, age=cohorts.ripe_age(born) or 0)
    yield "unlike cohorts", int(ages["flagged"].any()), 1
    asked = hygiene.required(chased, at_stage=plan.required_fields)
    yield "incomplete teams", int(hygiene.by_team(asked)["flagged"].any()), 1
    yield "incomplete people", int(hygiene.by_person(asked)["flagged"].any()), 1
    rates = funnel.stage_conversion(passed, as_of=TODAY)
    for kind, levels in (
        ("stage beyond its quarters", funnel.quarterly_conversion(passed, as_of=TODAY)),
        ("stage beyond its teams", funnel.team_conversion(passed, as_of=TODAY)),
    ):
        yield kind, int(stage_lifts.lifts(levels, rates)["beyond"].any()), 1
    past = deal_days.history(chased, as_of=TODAY)
    moved = deal_days.moved(past)
    for name, steps in moved.items():
        yield f"moved: {name}", int(steps), 1
    yield "changes told of the pipeline", len(pipeline_prose.changes(past, moved)), len(moved)
    kept = checklists.kept(chased, events, known.checklist, planned=plan.checklists, as_of=TODAY)
    yield "careless teams", int(checklists.by_team(kept)["flagged"].any()), 1
    helps = checklists.effect(kept)
    yield "checklists help", int(helps is not None and (helps.low > 0 or helps.high < 0)), 1


def of_models(known: Facts) -> Counted:
    chased, events = known.opportunities, known.stage_events
    closed = chased["outcome"] != "open"
    drawn = np.random.default_rng(known.seed).permutation(chased.loc[closed, "outcome"].to_numpy())
    luck = chased.assign(outcome=chased["outcome"].mask(closed, pd.Series(drawn, index=chased.index[closed])))
    stages = funnel.stage_order(events, planned=known.book.plan.stages)
    honest = deal_features.honest(luck, deal_features.tripwire(luck))
    marks = deal_features.landmarks(honest, as_of=TODAY)
    seen = deal_features.features(honest, marks, stage_events=events, weeks=known.deal_weeks, stages=stages)
    split = deals.time_split(luck)
    judged = deals.judge(deals.predictions(marks, seen, split), split)
    yield "deal model", int(judged is not None and judged.verdict == "use"), 1
    outlook = forecast.fit(
        forecast.whole_months(known.bookings, as_of=TODAY), TODAY, deals=chased, country="CN"
    )
    yield "surprise", len(forecast.surprise(outlook)), 1
    yield "deals run dry", int(forecast.dried_up(chased, as_of=TODAY) is not None), 1


def of_people(known: Facts) -> Counted:
    chased, people, year_ago = known.opportunities, known.reps, months_back(TODAY, 12)
    yield "courses", int(training.lifts(chased, known.training)["found"].any()), 1
    records = coaching.weaknesses(coaching.outcomes(chased, since=months_back(TODAY, 24)))
    passed = coaching.weaknesses(coaching.passages(chased, known.stage_events, since=year_ago))
    yield "weak people", int(passed["weak"].any()), 1
    yield "strong people", int(records["strong"].any()), 1
    worked = chased.merge(known.deal_contacts, on="opportunity_id", how="left").fillna({"people": 0})
    habits = stars.habits(people, known.activity_days, worked, known.bookings, since=year_ago, as_of=TODAY)
    active = people.loc[people["active"], "rep_id"].to_numpy()
    picked = list(np.random.default_rng(known.seed).choice(active, 5, replace=False))  # stars by lot
    yield "habits of stars", int(stars.differences(habits, picked)["beyond_chance"].any()), 1
    days = working_days(months_back(TODAY, 15), TODAY, country="CN")
    load = workload.monthly_load(workload.hours(known.activity_days), people, days, hours_per_day=7)
    teams = workload.team_load(load, known.answered(), people, as_of=TODAY)
    yield "overloaded teams", int(teams["overloaded"].any()), 1
    rivals = rivalry.contested(known.account_work, chased, known.accounts, team.present(people, TODAY))
    yield "rivals across teams", int(rivals["across_teams"].sum()), len(rivals)


def of_markets(known: Facts) -> Counted:
    yield "price wars", int(pricing.price_wars(known.floor_sales)["found"].any()), 1
    by_line = aftermath.weekly(known.line_weeks, by="product_line", as_of=TODAY)
    events = pd.DataFrame(
        [(pd.Timestamp("2026-04-13"), "publicity", None, None, line, 4) for line in by_line.columns],
        columns=["happened_on", "kind", "account_id", "account_name", "product_line", "severity"],
    )
    followed = aftermath.effects(events, by_line, by_line.iloc[:, :0])
    yield "aftermath", int(followed["beyond_noise"].sum()), len(followed)
    months = receivables.history(known.receivable_months)
    yield (
        "changes told of receivables",
        len(risk_calls.changes(months, moved=receivables.moved(months)[0])),
        1,
    )
    sprint = pull_forward.known_sprint(known.book.plan.sprints, as_of=TODAY)
    drawn = pull_forward.pull_forward(sprint, known.order_days, as_of=TODAY, country="CN")
    yield "pulled forward", int(drawn.low > 0), 1
    crowd = pull_forward.bunching(known.order_days, as_of=TODAY, country="CN")
    yield "bunching", int(crowd.bunched), 1
    cells = gaps.grid(known.bookings, as_of=TODAY, total=None)
    cause = gaps.cause(known.order_lumps, cells, as_of=TODAY)
    yield "in few hands", int(cause is not None and cause.personal), 1
    payments = known.payments
    rng = np.random.default_rng(known.seed)
    due, late = payments["due_ttm"].to_numpy(int), int(payments["late_ttm"].sum())
    dealt = payments.assign(late_ttm=rng.multivariate_hypergeometric(due, late))
    yield "slow payers", int(receivables.slow_payers(dealt)["slow"].any()), 1
    leads = known.leads
    rate = leads["converted"].sum() / leads["created"].sum()
    luck = leads.assign(converted=rng.binomial(leads["created"].astype(int), rate))
    yield "lead channels", int(win_rates.lead_channels(luck, as_of=TODAY)["flagged"].any()), 1
    lots = _everybody_by_lot(known, rng)
    now, before = (_attained(known, lots, day) for day in month_ends(TODAY, 2)[::-1])
    yield "attainment", int(now["standing"].isin(["behind", "ahead"]).any()), 1
    newly = [change for change in team_calls.changes(now, before) if not change.good]
    yield "newly behind", int(len(newly) > 0), 1
    yield "attainment told", *_turned(known)


def _everybody_by_lot(known: Facts, rng: np.random.Generator) -> pd.DataFrame:
    """The year's bookings where each order day of a person fell to anybody by lot."""
    people = team.present(known.reps, TODAY)
    year = known.rep_days[known.rep_days["day"].between("2026-01-01", TODAY)]
    day = year.groupby(["day", "rep_id"]).ngroup()
    lot = rng.choice(people["rep_id"].to_numpy(), int(day.max()) + 1)
    return year.assign(rep_id=lot[day.to_numpy()])


def _attained(known: Facts, year: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Attainment on a day, where everybody has the same target: an equal part of what was booked by then."""
    people = team.present(known.reps, TODAY)
    months = pd.date_range("2026-01-01", day, freq="MS")
    share = year.loc[year["day"] <= day, "net_amount"].sum() / len(people) / len(months)
    spread = pd.DataFrame(
        [("rep", rep, month, share) for rep in people["rep_id"] for month in months],
        columns=["dimension", "member", "month", "amount"],
    )
    return team.attainment(people, year, spread, as_of=day)


def _turned(known: Facts) -> tuple[int, int]:
    """How often was a turn of the company's attainment told, at the month ends since February? The target follows the days and
    seasons in which such companies sell, so that only chance turns it."""
    selling = Rhythm.of(starts=pd.Timestamp("2026-01-01"), ends=TODAY, burn_in=0)
    year = known.rep_days[known.rep_days["day"].between("2026-01-01", TODAY)]
    sold = year.groupby("day")["net_amount"].sum().reindex(selling.days, fill_value=0.0).cumsum()
    aim = pd.Series(selling.cumulative, selling.days) * float(sold.iloc[-1]) / selling.cumulative[-1]
    ends, alarms = month_ends(TODAY, 10), 0
    months = aim.groupby(aim.index.to_period("M").to_timestamp()).last().diff().fillna(float(aim.iloc[30]))
    for before, day in pairwise(ends):
        shares, target = [float(sold[end] / aim[end]) for end in (before, day)], float(aim[day])
        figures = {"attainment.ytd": Figure(shares[1]), "target.ytd": Figure(target)}
        noise = breakdown.month_noise(known.rep_days, months, as_of=day)
        alarms += len(target_calls.changes(pd.DataFrame(), figures, then=shares[0], noise=noise))
    return alarms, len(ends) - 1


SUBJECTS: dict[Callable[[Facts], Counted], dict[str, float]] = {
    of_customers: {
        "silent accounts": rhythm.ALARM,  # a company, its loyal accounts: false discovery rate
        "slower accounts": behaviour.FALSE_DISCOVERY,  # a company: with nothing to find, any is a false one
        "bundles": intervals.FALSE_ALARM,  # a company: Holm over the pairs
    },
    of_deals: {
        "falling lines": intervals.FALSE_ALARM,  # a company: Holm over the lines
        "product or pitch": VERDICTS,  # a company: a verdict other than steady or cannot tell
        "slower stage": intervals.FALSE_ALARM,  # a company: Holm over the stages
        "unlike groups": intervals.FALSE_ALARM,  # a company: Holm over channels, regions and teams
        "slower groups": intervals.FALSE_ALARM,  # a company: Holm over channels, regions and teams
        "groups at a stage": intervals.FALSE_ALARM,  # a company: Holm over stages, channels, regions, teams, share and time
        "unlike cohorts": intervals.FALSE_ALARM,  # a company: Holm over the quarters
        "incomplete teams": intervals.FALSE_ALARM,  # a company: Holm over the teams
        "incomplete people": intervals.FALSE_ALARM,  # a company: Holm over the people
        "stage beyond its quarters": intervals.FALSE_ALARM,  # a company: Holm over the stages
        "stage beyond its teams": intervals.FALSE_ALARM,  # a company: Holm over the stages
        "moved: open_value": intervals.FALSE_ALARM,  # a company: outside a prediction interval
        "moved: win_rate": intervals.FALSE_ALARM,  # a company: the same
        "moved: zombie_value": intervals.FALSE_ALARM,  # a company: the same
        "changes told of the pipeline": intervals.FALSE_ALARM,  # a series of the three
        "careless teams": intervals.FALSE_ALARM,  # a company: Holm over the teams
        "checklists help": 1 - intervals.CONFIDENCE,  # a company: interval of the difference
    },
    of_models: {
        "deal model": (1 - intervals.CONFIDENCE) / 2,  # a company: lower end of the AUC's interval above a half
        "surprise": intervals.FALSE_ALARM,  # a company: where one month in twenty lies
        "deals run dry": pipeline.UNLIKELY,  # a company: Poisson
    },
    of_people: {
        "courses": training.FALSE_ALARM,  # a company: Holm over the courses
        "weak people": coaching.FALSE_DISCOVERY,  # a company: false discovery rate
        "strong people": coaching.FALSE_DISCOVERY,  # a company: false discovery rate
        "habits of stars": stars.FALSE_ALARM,  # a company: Holm over the habits
        "overloaded teams": workload.STRESSED,  # a company: Bonferroni over the teams
        "rivals across teams": 0.0,  # an account: nobody works another team's, and the page counts, it does not infer
    },
    of_markets: {
        "price wars": pricing.FALSE_DISCOVERY,  # a company: false discovery rate
        "aftermath": 1 - aftermath.LEVEL,  # an event: outside the band of quiet weeks
        "changes told of receivables": intervals.FALSE_ALARM,  # a company: outside a prediction interval
        "pulled forward": (1 - pull_forward.LEVEL) / 2,  # a company: lower end of the interval above zero
        "bunching": (1 - pull_forward.LEVEL) / 2,  # a company: lower end of the interval above one
        "in few hands": gaps.UNEVEN,  # a company: permutation of order days
        "slow payers": receivables.FALSE_DISCOVERY,  # a company: false discovery rate
        "lead channels": intervals.FALSE_ALARM,  # a company: Holm over the channels
        "attainment": team.FALSE_DISCOVERY,  # a company: false discovery rate over the people
        "newly behind": team.FALSE_DISCOVERY,  # a company: behind today and not a month ago
        "attainment told": intervals.FALSE_ALARM,  # a month
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def place() -> Path:
    return run_folder() / "companies"


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.__name__)
def test_null_companies_raise_no_more_alarms_than_the_stated_rates_allow(
    subject: Callable[[Facts], Counted], place: Path
) -> None:
    table = counted(subject, SEEDS, place)
    assert set(table.index) == set(SUBJECTS[subject])
    over = table[table["alarms"] > table["allowed"]]
    assert over.empty, table.to_string()


def counted(subject: Callable[[Facts], Counted], seeds: range, place: Path) -> pd.DataFrame:
    """One row per kind of alarm: alarms, looks, rate (stated), allowed."""
    rows = [found for seed in seeds for found in subject(null(seed, place))]
    table = pd.DataFrame(rows, columns=["kind", "alarms", "looks"]).groupby("kind").sum()
    table["rate"] = pd.Series(SUBJECTS[subject])
    return table.assign(allowed=binom.ppf(SURE, table["looks"], table["rate"]))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        tables = [counted(subject, MANY, Path(folder)) for subject in SUBJECTS]
    whole = pd.concat(tables)
    print(whole.to_string())
    sys.exit(int((whole["alarms"] > whole["allowed"]).any()))
