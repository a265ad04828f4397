"""Each verdict in the worlds that could fool it, and with its effect in them: how often is it told?

`python -m tests.verdicts [companies]` (400 by default) writes the table into CONTRIBUTING.md; `make test` looks at forty companies
of each false world, and rings where even the lower bound of the rate exceeds what the verdict states. With `--keep DIR` each
pair's companies are written there as soon as they are counted, and a further run takes them over, but for those of `--only`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import beta

from salesnb.analysis import (
    acts,
    aftermath,
    behaviour,
    breakdown,
    bundles,
    checklists,
    coaching,
    cohorts,
    conversion_split,
    deal_days,
    decisions,
    forecast,
    funnel,
    gaps,
    hygiene,
    intervals,
    price_response,
    pricing,
    product_lines,
    pull_forward,
    receivables,
    rhythm,
    rivalry,
    sprint_effect,
    stage_groups,
    stage_lifts,
    star_of_year,
    stars,
    team,
    training,
    win_rates,
    workload,
)  # fmt: skip
from salesnb.analysis.coaching import lectures
from salesnb.analysis.forecast import pipeline
from salesnb.analysis.rivalry import pay_steps, squads
from salesnb.analysis.targets import lines as lines_of_plan
from salesnb.analysis.workload import relief
from salesnb.calendars.periods import months_back
from salesnb.plan import Sprint
from tests import worlds
from tests.worlds import TODAY

HELD = 0.95  # of the bounds of a rate
FEWEST = 5  # false ones expected, from which a rate is held against half as often again as stated
POWER = 0.8  # of the effects of the stated size that are found at least
TABLE = Path(__file__).parents[1] / "CONTRIBUTING.md"
SEEDS = 10_000  # of the first company of the table: none that a verdict was ever tried on
MARKS = ("<!-- verdicts -->", "<!-- /verdicts -->")
SPRINT = Sprint(name="S", start=dt.date(2026, 9, 1), end=dt.date(2026, 9, 30), target=1_000_000)
YOUNG = pd.Timestamp("2025-04-01")


def lines(made: Callable[..., pd.DataFrame] = worlds.deals, **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        return bool(product_lines.by_line(made(seed, **world), as_of=TODAY)["fell"].any())

    return told


def why(verdict: str = "", **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        made = worlds.deals(seed, **world)
        found = product_lines.by_line(made, as_of=TODAY)
        looked = found[(found["conclusion"] != "none") | (found["product_line"] == "Alpha")]
        read = [
            product_lines.reading(made, line=row.product_line, fell=row.fell, by=row.by, as_of=TODAY)
            for row in looked.itertuples()
        ]
        words = {one.verdict for one in read if one}
        return verdict in words if verdict else bool(words & {"product", "pitch"})

    return told


def bottleneck(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed = worlds.stage_passages(seed, **world)
        levels, rates = (
            funnel.quarterly_conversion(passed, as_of=TODAY),
            funnel.stage_conversion(passed, as_of=TODAY),
        )
        return bool(stage_lifts.lifts(levels, rates)["beyond"].any())

    return told


def slower_stage(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed, day = worlds.new_year_passages(seed, **world)
        return bool(deal_days.stage_days(passed, as_of=day, country="CN")["slower"].any())

    return told


def cohort(made: Callable[..., pd.DataFrame], **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        born = cohorts.born(made(seed, **world), as_of=TODAY)
        return bool(cohorts.by_cohort(born, age=cohorts.ripe_age(born) or 0)["flagged"].any())

    return told


def slower_group(made: Callable[..., pd.DataFrame], **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = deal_days.by_group(made(seed, **world), as_of=TODAY)
        return bool(found.loc[found["dimension"] == "region", "days_flagged"].any())

    return told


def at_a_stage(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed = worlds.unlike_passages(seed, **world)
        found = stage_groups.by_group(passed, passed, as_of=TODAY)
        return bool(found.loc[found["dimension"] == "region", "flagged"].any())

    return told


def unlike_stage(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed = worlds.unlike_passages(seed, **world)
        return bool(deal_days.stage_days(passed, as_of=TODAY)["slower"].any())

    return told


def unlike_quarter(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed = worlds.unlike_passages(seed, **world)
        levels, rates = (
            funnel.quarterly_conversion(passed, as_of=TODAY),
            funnel.stage_conversion(passed, as_of=TODAY),
        )
        return bool(stage_lifts.lifts(levels, rates)["beyond"].any())

    return told


def clean_up(seed: int) -> bool:
    made = worlds.cleaned_up(seed)
    past = deal_days.history(made, as_of=TODAY)
    return any(deal_days.moved(past, deal_days.other_causes(made, past, as_of=TODAY)).values())


def kept(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        helps = checklists.effect(worlds.checklists_kept(seed, **world))
        return helps is not None and helps.conclusion == "found" and helps.low > 0

    return told


def courses(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        return bool(training.lifts(*worlds.course(seed, **world))["found"].any())

    return told


def weak(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        passed = coaching.outcomes(worlds.people_deals(seed, **world), since=months_back(TODAY, 12))
        return bool(coaching.weaknesses(passed)["weak"].any())

    return told


def slow_payer(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(receivables.slow_payers(worlds.payments(seed, **world))["slow"].any())


def price_war(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(pricing.price_wars(worlds.floor_sales(seed, **world))["found"].any())


def sold_more(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = price_response.responses(worlds.line_prices(seed, **world), as_of=TODAY)
        return bool((found["conclusion"] == "found").any())

    return told


def silent(
    today: pd.Timestamp = TODAY, *, ended: int = 0, begins: int = 10_000, **world: object
) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        days = worlds.order_days(seed, today=today, **world)
        known = days["day"].between(today - pd.Timedelta(days=begins), today - pd.Timedelta(days=ended))
        return bool(rhythm.silence(days[known], as_of=today)["silent"].any())

    return told


def slower_account(seed: int) -> bool:
    days = worlds.order_days(seed, kind="season")
    pauses, names = rhythm.silence(days, as_of=TODAY), sorted(days["account_id"].unique())
    nobody = pd.DataFrame(columns=["account_id", "account_name", "owner", "happened_on", "kind"])
    events = nobody.astype({"happened_on": "datetime64[us]"})
    found = behaviour.changed(pauses, days, nobody, keys=names, events=events, owners=nobody, as_of=TODAY)
    return bool(found["slower"].any())


def drawn(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = pull_forward.pull_forward(SPRINT, worlds.quarter_ends(seed, **world), as_of=TODAY)
        return found is not None and found.conclusion == "found"

    return told


def overdue(**world: object) -> Callable[[int], bool]:
    return lambda seed: receivables.moved(worlds.overdue(seed, **world))[0]


def turned(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        sold, months = worlds.seasonal_bookings(seed, **world)
        day = pd.Timestamp("2026-12-31")
        noise = breakdown.month_noise(sold, months, as_of=day)
        return breakdown.turn(sold, months, noise=noise, as_of=day).conclusion == "found"

    return told


def habit(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found, best = worlds.habits_by_luck(seed, **world)
        return bool(stars.differences(found, best, measure="attainment", draws=1000)["beyond_chance"].any())

    return told


def split(made: Callable[..., pd.DataFrame] = worlds.deals, **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        deals = made(seed, **world)
        names = sorted(deals["product_line"].unique())
        rate = conversion_split.verdicts(conversion_split.of_lines(deals, lines=names, as_of=TODAY))
        return bool((rate["conclusion"] == "found").any())

    return told


def group(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = win_rates.by_group(worlds.like_groups(seed, **world), as_of=TODAY)
        return bool(found.loc[found["dimension"] != "channel", "flagged"].any())

    return told


def channel(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(
        win_rates.lead_channels(worlds.leads(seed, **world), as_of=TODAY)["flagged"].any()
    )


def records(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(hygiene.by_team(worlds.fields(seed, **world))["flagged"].any())


def event(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = aftermath.effect(*worlds.weeks_of_sales(seed, **world))
        return found is not None and found[-1]

    return told


def slower_key(*, ended: int = 0, **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        days = worlds.key_days(seed, **world)
        days = days[days["day"] <= TODAY - pd.Timedelta(days=ended)]
        return bool(
            behaviour.paces(days, keys=sorted(days["account_id"].unique()), as_of=TODAY)["slower"].any()
        )

    return told


def behind(whom: str = "", **world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = team.attainment(*worlds.few_large(seed, **world), as_of=TODAY).set_index("rep_id")["standing"]
        return found[whom] == "behind" if whom else bool(found.isin(["behind", "ahead"]).any())

    return told


def worked(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        numbers, made = worlds.decided_months(seed, **world)
        found = decisions.effects(made, {"orders:account_id": decisions.Measure(numbers)}, as_of=TODAY)
        return bool(decisions.by_kind(found, found.iloc[:0])["conclusion"].eq("found").any())

    return told


def overloaded_person(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        made = worlds.person_hours(seed, **world)
        calm = pd.Series(False, index=sorted(set(made["rep_id"])))
        return bool(workload.person_load(made, calm, as_of=TODAY, weeks=13.0)["overloaded"].any())

    return told


def strong(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        made = coaching.outcomes(worlds.people_deals(seed, **world), since=months_back(TODAY, 24))
        people = made[["rep_id"]].drop_duplicates()
        return bool(lectures.strengths(made, people=people)["strong"].any())

    return told


def first_of_year(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        who, booked, asked = worlds.few_large(seed, **world)
        attained = team.attainment(who, booked, asked, as_of=TODAY)
        order_days = pd.DataFrame(columns=["account_id", "day", "is_order"])
        nobody = pd.DataFrame(columns=["account_id", "owner_id", "rep_id", "contacts", "order_lines"])
        ranks = star_of_year.ranking(
            attained, booked, booked, order_days, nobody[["account_id", "owner_id"]], nobody.drop(columns="owner_id"),
            as_of=TODAY, data_from=TODAY,
        )  # fmt: skip
        return star_of_year.findings(ranks, as_of=TODAY)[0].holds

    return told


def overloaded(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(
        workload.team_load(*worlds.team_hours(seed, **world), as_of=TODAY)["overloaded"].any()
    )


def few_hands(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        sold = worlds.two_years(seed, **world)
        found = gaps.cause(sold, gaps.grid(sold, as_of=TODAY, total=None), as_of=TODAY)
        return found is not None and found.personal

    return told


def own_effect(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = sprint_effect.own_effect(SPRINT, worlds.quarter_ends(seed, **world), as_of=TODAY)
        return found is not None and found.conclusion == "found"

    return told


def line_share(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        sold, asked = worlds.line_sales(seed, **world)
        return bool((lines_of_plan.path(asked, sold, sold, as_of=TODAY).year["conclusion"] == "found").any())

    return told


def surprised(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        months = pd.date_range("2023-01-01", TODAY, freq="MS")
        sold = pd.Series(rng.gamma(*world["noise"], len(months)), months)
        sold.iloc[-1] *= world.get("jump", 1.0)
        return len(forecast.surprise(forecast.fit(sold, TODAY))) > 0

    return told


def careless(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(checklists.by_team(worlds.team_checklists(seed, **world))["flagged"].any())


def dried(**world: object) -> Callable[[int], bool]:
    return lambda seed: forecast.dried_up(worlds.begun(seed, **world), as_of=TODAY) is not None


def bundle(**world: object) -> Callable[[int], bool]:
    return lambda seed: bool(bundles.pairs(worlds.bought(seed, **world))["beyond"].any())


def together(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = rivalry.cooperation(worlds.worked_together(seed, **world))
        return bool((found["conclusion"] == "found").any())

    return told


def poached(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        away, days, aims = worlds.stepping(seed, **world)
        close = pay_steps.near(days, pay_steps.steps(worlds.STEPS, aims), as_of=TODAY)
        return bool((pay_steps.poaching(away, close)["conclusion"] == "found").any())

    return told


def in_squads(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = squads.compared(squads.changes(*worlds.squad_days(seed, **world), as_of=TODAY))
        return bool((found["conclusion"] == "found").any())

    return told


def helped(**world: object) -> Callable[[int], bool]:
    given = pd.DataFrame(
        {"action_id": ["1"], "done_on": [months_back(TODAY, 5)], "team": ["T"], "kinds": [[]]}
    )

    def told(seed: int) -> bool:
        found = relief.effects(given, [worlds.asked_before_and_after(seed, **world)], as_of=TODAY)
        return bool((found["conclusion"] == "found").any())

    return told


def stressed_by_load(more: float = 0.0) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        sides = worlds.asked_before_and_after(seed, lasting=more)
        found = relief.with_load(sides[sides["place"] == 1])
        return relief.findings(pd.DataFrame(columns=relief.HELP), found, as_of=TODAY)[-1].holds

    return told


def crowded(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        found = pull_forward.bunching(worlds.quarter_ends(seed, **world), as_of=TODAY)
        return found is not None and found.bunched

    return told


def turned_in(
    made: Callable[[int], tuple[pd.DataFrame, pd.Series]], day: pd.Timestamp
) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        sold, months = made(seed)
        noise = breakdown.month_noise(sold, months, as_of=day)
        return breakdown.turn(sold, months, noise=noise, as_of=day, country="CN").conclusion == "found"

    return told


def act(**world: object) -> Callable[[int], bool]:
    def told(seed: int) -> bool:
        done, *known = worlds.accompanied(seed, **world)
        found = acts.effects(acts.done(done, known[0], as_of=TODAY), *known)
        return bool((found["conclusion"] == "found").any())

    return told


class Pair(NamedTuple):
    """A verdict in a world, what it states, and whether it is told in the company of a seed; `quick`: in `make test` too."""

    verdict: str
    world: str
    stated: float
    told: Callable[[int], bool]
    quick: bool = True


ALARM, CROSSING = intervals.FALSE_ALARM, pd.Timestamp("2026-02-28")
FALSE = (
    Pair("line.fell", "young CRM, losses slower than wins", ALARM, lines(begins=YOUNG, days=(60, 150))),
    Pair("line.fell", "channel mix flips", ALARM, lines(flips=True)),
    Pair("line.fell", "growth, wins slower than losses", ALARM, lines(growth=2.0, days=(150, 50))),
    Pair("line.fell", "accounts differ by nature", ALARM, lines(unlike=0.25, accounts=30)),
    Pair("line.why", "channel mix flips", ALARM, why(flips=True)),
    Pair("line.fell", "a month in which old deals are closed", ALARM, lines(made=worlds.cleaned_up), False),
    Pair("line.split", "a month in which old deals are closed", ALARM, split(made=worlds.cleaned_up), False),
    Pair("account.silent", "order days end 25 days early", rhythm.ALARM, silent(ended=25), False),
    Pair("account.silent", "data that begin in mid-year", rhythm.ALARM, silent(begins=200), False),
    Pair("account.slower", "order days end 40 days early", behaviour.FALSE_DISCOVERY, slower_key(ended=40), False),
    Pair("event.aftermath", "the line's season ends", 1 - aftermath.LEVEL, event(season=1.0), False),
    Pair("stage.bottleneck", "losses slower than wins", ALARM, bottleneck(lost_days=60.0)),
    Pair("stage.bottleneck", "losses faster than wins", ALARM, bottleneck(lost_days=5.0)),
    Pair("stage.slower", "New Year moves between the periods", ALARM, slower_stage()),
    Pair("stage.bottleneck", "the best quarter had other channels", ALARM, unlike_quarter(of="quarter"), False),
    Pair("stage.slower", "channel mix flips", ALARM, unlike_stage(of="time"), False),
    Pair("cohort.unlike", "season", ALARM, cohort(worlds.seasonal_deals)),
    Pair("cohort.unlike", "a quarter of other channels", ALARM, cohort(worlds.unlike_cohorts, mixed=True), False),
    Pair("group.days", "a region has other channels", ALARM, slower_group(worlds.regional_deals), False),
    Pair("group.stage", "a region has other channels", ALARM, at_a_stage(of="region"), False),
    Pair("pipeline.*", "a month in which old deals are closed", 3 * ALARM, clean_up),
    Pair("checklist.effect", "deals lost early", (1 - intervals.CONFIDENCE) / 2, kept(lost_days=15.0)),
    Pair("account.act", "trials for those about to buy", ALARM, act(given="about")),
    Pair("account.act", "trials for those with an open deal", ALARM, act(given="deal"), False),
    Pair("account.act", "trials for those who buy often", ALARM, act(given="often"), False),
    Pair("account.act", "trials in a trough", ALARM, act(given="trough"), False),
    Pair("account.act", "trials after a peak", ALARM, act(given="peak"), False),
    Pair("course.lift", "people sent at their worst", training.FALSE_ALARM, courses(sent="worst")),
    Pair("course.lift", "people sent when new", training.FALSE_ALARM, courses(sent="new")),
    Pair("person.weak", "cold calls for two people", coaching.FALSE_DISCOVERY, weak(cold=True)),
    Pair("person.weak", "newcomers", coaching.FALSE_DISCOVERY, weak(fresh=True)),
    Pair("person.strong", "cold calls for two people", lectures.FALSE_DISCOVERY, strong(cold=True)),
    Pair("person.strong", "newcomers", lectures.FALSE_DISCOVERY, strong(fresh=True), False),
    Pair("step.poaching", "random", pay_steps.ALARM, poached()),
    Pair("step.poaching", "more of it late in the year", pay_steps.ALARM, poached(lookalike="late"), False),
    Pair("step.poaching", "who sells little keeps to the own", pay_steps.ALARM, poached(lookalike="helpers"), False),
    Pair("squads.pace", "a sprint that lifts all", squads.ALARM, in_squads()),
    Pair("squads.pace", "squads of the faster ones", squads.ALARM, in_squads(faster=0.2), False),
    Pair("help.stress", "the worst of six teams", relief.ALARM, helped(picked=True)),
    Pair("load.stress", "no stress from load", relief.ALARM, stressed_by_load()),
    Pair("star.year", "equals with few large orders", star_of_year.MAY, first_of_year(orders=8)),
    Pair("star.habit", "chosen on bookings", stars.FALSE_ALARM, habit()),
    Pair("account.slow_payer", "payment runs of 3", receivables.FALSE_DISCOVERY, slow_payer(together=3)),
    Pair("account.slow_payer", "payment runs of 6", receivables.FALSE_DISCOVERY, slow_payer(together=6)),
    Pair("receivables.overdue", "every December", ALARM, overdue(december=60.0)),
    Pair("price.war", "a line that is always thin", pricing.FALSE_DISCOVERY, price_war(thin=True)),
    Pair("price.war", "six-line orders with one discount", pricing.FALSE_DISCOVERY, price_war(each=6)),
    Pair("price.elasticity", "large orders get large discounts", price_response.FALSE_ALARM, sold_more(by_size=0.06, spread=0.03)),
    Pair("price.elasticity", "customers with an agreement order in bursts", price_response.FALSE_ALARM, sold_more(agreed=0.15, spread=0.03), False),
    Pair("price.elasticity", "one huge order at a huge discount", price_response.FALSE_ALARM, sold_more(one_huge=2.0, spread=0.03), False),
    Pair("account.silent", "bursts", rhythm.ALARM, silent(kind="bursts")),
    Pair("account.silent", "New Year", rhythm.ALARM, silent(CROSSING, kind="new_year")),
    Pair("account.silent", "seasonal buyers", rhythm.ALARM, silent(kind="season")),
    Pair("account.slower", "seasonal buyers", behaviour.FALSE_DISCOVERY, slower_account),
    Pair("sprint.pull_forward", "every quarter's end is so", (1 - pull_forward.LEVEL) / 2, drawn()),
    Pair("attainment.turned", "even targets, December is strong", ALARM, turned(year_end=1.8)),
    Pair("line.split", "young CRM, losses slower than wins", ALARM, split(begins=YOUNG, days=(60, 150))),
    Pair("line.split", "growth, wins slower than losses", ALARM, split(growth=2.0, days=(150, 50)), False),
    Pair("line.split", "channel mix flips", ALARM, split(flips=True), False),
    Pair("line.split", "accounts differ by nature", ALARM, split(unlike=0.25, accounts=30), False),
    Pair("group.win_rate", "regions have other channels", ALARM, group(regions_differ=True), False),
    Pair("group.win_rate", "accounts differ by nature", ALARM, group(unlike=0.25), False),
    Pair("lead.channel", "the best people get the fair's leads", ALARM, channel(of_the_best=True), False),
    Pair("lead.channel", "a channel whose leads are young", ALARM, channel(young=True), False),
    Pair("records.team", "a team's deals stand at another stage", ALARM, records(late=True), False),
    Pair("records.team", "deals are filled all or none", ALARM, records(whole=True), False),
    Pair("deals.together", "losses before a second person came", 1 - rivalry.LEVEL, together(), False),
    Pair("event.aftermath", "dated after a peak", 1 - aftermath.LEVEL, event(peak=1.0), False),
    Pair("event.aftermath", "dated after one huge order", 1 - aftermath.LEVEL, event(one_huge=4.0), False),
    Pair("account.slower", "data that begin in mid-year", behaviour.FALSE_DISCOVERY, slower_key(begins=300), False),
    Pair("account.silent", "heavy tails", rhythm.ALARM, silent(kind="heavy"), False),
    Pair("person.attainment", "few large orders, heavy tails", team.FALSE_DISCOVERY, behind(orders=4, spread=1.2), False),
    Pair("person.attainment", "newcomers", team.FALSE_DISCOVERY, behind(orders=60, new=4, spread=0.6), False),
    Pair("team.overloaded", "busy, within the day", workload.STRESSED, overloaded(load=0.97), False),
    Pair("decision.worked", "the lowest were chosen and recover", decisions.STATED, worked()),
    Pair("decision.worked", "the lowest of few", decisions.STATED, worked(members=12, taken=4), False),
    Pair("decision.worked", "chosen by lot", decisions.STATED, worked(lowest=False), False),
    Pair("person.overloaded", "a full day, no more", workload.STRESSED, overloaded_person(load=1.0)),
    Pair("gap.few_hands", "one huge order last year", gaps.UNEVEN, few_hands(one_huge=60.0), False),
    Pair("gap.few_hands", "heavy tails", gaps.UNEVEN, few_hands(heavy=True), False),
    Pair("sprint.effect", "every quarter's end is so", (1 - sprint_effect.LEVEL) / 2, own_effect()),
    Pair("sprint.effect", "the sprint only draws forward", (1 - sprint_effect.LEVEL) / 2, own_effect(drawn=0.4), False),
    Pair("sprint.effect", "one huge order", (1 - sprint_effect.LEVEL) / 2, own_effect(plain=True, one_huge=60.0), False),
    Pair("line.share", "a line that sells in November and December", ALARM, line_share(season=3.0)),
    Pair("line.share", "one huge order", ALARM, line_share(one_huge=60.0), False),
    Pair("line.share", "heavy tails", ALARM, line_share(heavy=True), False),
    Pair("bookings.surprise", "heavy tails", ALARM, surprised(noise=(4.0, 25.0)), False),
    Pair("quarter.bunching", "one huge order", (1 - pull_forward.LEVEL) / 2, crowded(plain=True, one_huge=60.0), False),
    Pair("sprint.pull_forward", "one huge order", (1 - pull_forward.LEVEL) / 2, drawn(one_huge=60.0), False),
    Pair("attainment.turned", "heavy tails", ALARM, turned(heavy=1.5), False),
    Pair("attainment.turned", "one huge order in June", ALARM, turned(one_huge=60.0), False),
    Pair("attainment.turned", "data that begin in mid-year, December is strong", ALARM, turned(year_end=1.8, begins="2025-07-01"), False),
    Pair("records.team", "a team's deals are of the last weeks", ALARM, records(young=True), False),
    Pair("checklist.team", "a team's deals came in the last weeks", ALARM, careless(young=True)),
    Pair("checklist.team", "a team's deals stand at another stage", ALARM, careless(short=True), False),
    Pair("checklist.effect", "referrals win, and have theirs done", (1 - intervals.CONFIDENCE) / 2, kept(channels=True, lost_days=60.0)),
    Pair("receivables.overdue", "growth", ALARM, overdue(growth=0.03), False),
    Pair("account.silent", "everybody orders more seldom", rhythm.ALARM, silent(kind="slower"), False),
    Pair("account.silent", "a hole in the records", rhythm.ALARM, silent(kind="hole"), False),
    Pair("account.silent", "every four weeks", rhythm.ALARM, silent(kind="regular"), False),
    Pair("cohort.unlike", "a month in which old deals are closed", ALARM, cohort(worlds.cleaned_up), False),
    Pair("deals.dried_up", "nobody begins a deal in any summer", pipeline.UNLIKELY, dried(summers=True)),
    Pair("bundle.pair", "large accounts buy more of everything", ALARM, bundle(), False),
    Pair("attainment.turned", "New Year moves between months", ALARM, turned_in(worlds.new_year_bookings, CROSSING), False),
)  # fmt: skip
TRUE = (
    Pair("line.fell", "25 points in all hands", ALARM, lines(effect=0.25, win=0.45)),
    Pair("line.fell", "25 points beside a mix of channels", ALARM, lines(effect=0.25, channels=True, n=1400)),
    Pair("line.why", "product: 30 points in all hands", ALARM, why("product", effect=0.30, win=0.5)),
    Pair("stage.bottleneck", "20 points in the best quarter", ALARM, bottleneck(lift=0.20, lost_days=20.0)),
    Pair("stage.slower", "half as long again", ALARM, slower_stage(slower=1.5)),
    Pair("stage.bottleneck", "25 points, channels known", ALARM, unlike_quarter(lift=0.25), False),
    Pair("stage.slower", "half as long again, channels known", ALARM, unlike_stage(slower=1.5), False),
    Pair("cohort.unlike", "25 points in one quarter", ALARM, cohort(worlds.unlike_cohorts, effect=0.25), False),
    Pair("group.days", "half as long again in a region", ALARM, slower_group(worlds.unlike_cohorts, longer=1.5), False),
    Pair("group.stage", "25 points in a region", ALARM, at_a_stage(west=0.25), False),
    Pair("checklist.effect", "30 points", (1 - intervals.CONFIDENCE) / 2, kept(effect=0.30, lost_days=40.0)),
    Pair("account.act", "1.2 order days in four months, by lot", ALARM, act(effect=1.2)),
    Pair("course.lift", "12 points, sent by lot", training.FALSE_ALARM, courses(sent="lot", effect=0.12)),
    Pair("person.weak", "20 points", coaching.FALSE_DISCOVERY, weak(weak=0.20)),
    Pair("person.strong", "25 points", lectures.FALSE_DISCOVERY, strong(weak=-0.25)),
    Pair("step.poaching", "25 points", pay_steps.ALARM, poached(poaching=0.25)),
    Pair("squads.pace", "20 points of days", squads.ALARM, in_squads(gain=0.20)),
    Pair("help.stress", "1.2 points of five after half a year", relief.ALARM, helped(effect=1.2, lasting=1.2)),
    Pair("load.stress", "a point of five", relief.ALARM, stressed_by_load(1.0)),
    Pair("star.year", "four times as much", star_of_year.MAY, first_of_year(orders=40, spread=0.6, behind=-3.0)),
    Pair("star.habit", "three standard deviations", stars.FALSE_ALARM, habit(effect=3.0)),
    Pair("account.slow_payer", "late in 80 of 100 runs of 3", receivables.FALSE_DISCOVERY, slow_payer(together=3, slow=0.6)),
    Pair("receivables.overdue", "six usual steps", ALARM, overdue(jump=45.0)),
    Pair("price.war", "40 points for four months", pricing.FALSE_DISCOVERY, price_war(war=0.4)),
    Pair("price.elasticity", "four percent more for each percent off", price_response.FALSE_ALARM, sold_more(effect=4.0, spread=0.05)),
    Pair("checklist.team", "30 points", ALARM, careless(effect=0.3), False),
    Pair("deals.dried_up", "none for three months", pipeline.UNLIKELY, dried(stops=True), False),
    Pair("bundle.pair", "a third buys both", ALARM, bundle(together=0.35), False),
    Pair("account.silent", "six of its own intervals", rhythm.ALARM, silent(stopped=6)),
    Pair("sprint.pull_forward", "40% of the next three weeks", (1 - pull_forward.LEVEL) / 2, drawn(drawn=0.4)),
    Pair("attainment.turned", "a month of 1.8 times its usual", ALARM, turned(jump=1.8)),
    Pair("line.why", "pitch: 60 points in two hands of eight", ALARM, why("pitch", effect=0.6, win=0.65, hands=2, n=2400), False),
    Pair("line.split", "30 points in all hands", ALARM, split(effect=0.3, win=0.5), False),
    Pair("group.win_rate", "20 points between like deals", ALARM, group(effect=0.2), False),
    Pair("lead.channel", "10 points", ALARM, channel(effect=0.10), False),
    Pair("records.team", "20 points", ALARM, records(effect=0.20), False),
    Pair("deals.together", "25 points from the first day", 1 - rivalry.LEVEL, together(effect=0.25, lost_days=60.0), False),
    Pair("event.aftermath", "a dip of a third", 1 - aftermath.LEVEL, event(dip=0.33), False),
    Pair("account.slower", "three of twelve at 40% of their pace", behaviour.FALSE_DISCOVERY, slower_key(slower=0.6), False),
    Pair("person.attainment", "80% less, thirty orders a person", team.FALSE_DISCOVERY, behind("R00", orders=30, behind=0.8, spread=0.6), False),
    Pair("team.overloaded", "a quarter more than others", workload.STRESSED, overloaded(over=0.25), False),
    Pair("decision.worked", "half of the usual level more", decisions.STATED, worked(effect=0.5)),
    Pair("person.overloaded", "a third beyond the day", workload.STRESSED, overloaded_person(over=0.36)),
    Pair("gap.few_hands", "two people sell 90% less of a line", gaps.UNEVEN, few_hands(lost=0.9), False),
    Pair("sprint.effect", "half as many orders again", (1 - sprint_effect.LEVEL) / 2, own_effect(more=0.5), False),
    Pair("line.share", "a line lacks 30%", ALARM, line_share(less=0.3), False),
    Pair("bookings.surprise", "a month of twice its usual", ALARM, surprised(noise=(40.0, 2.5), jump=2.0), False),
    Pair("quarter.bunching", "half as many again", (1 - pull_forward.LEVEL) / 2, crowded(), False),
)  # fmt: skip


def bounds(told: int, looks: int) -> tuple[float, float]:
    """Clopper and Pearson's 95% bounds of a rate, each one-sided."""
    low = float(beta.ppf(1 - HELD, told, looks - told + 1)) if told else 0.0
    return low, float(beta.ppf(HELD, told + 1, looks - told)) if told < looks else 1.0


class Count(NamedTuple):
    """How often a pair's verdict was told in how many companies."""

    pair: Pair
    told: int
    companies: int

    @property
    def wrong(self) -> bool:
        """Is a false verdict told oftener than half as often again as stated, or beyond doubt oftener than stated? Is a true one
        found in fewer than `POWER`?"""
        rate = self.told / self.companies
        if self.pair in TRUE:
            return rate < POWER
        many = (
            self.companies * self.pair.stated >= FEWEST
        )  # of a rate so small, one company more is half as often again
        oftener = many and rate > 1.5 * self.pair.stated
        return oftener or bounds(self.told, self.companies)[0] > self.pair.stated

    def __str__(self) -> str:
        low, high = bounds(self.told, self.companies)
        return f"{self.told / self.companies:.1%} of {self.companies} ({low:.1%} to {high:.1%})"


def counted(pair: Pair, companies: int, *, keep: Path | None = None, anew: bool = False) -> Count:
    """The pair's count, from its piece in the folder where as many companies are kept there."""
    piece = keep / (re.sub(r"\W+", "-", f"{pair.verdict} {pair.world}") + ".json") if keep else None
    if piece and piece.exists() and not anew:
        known = json.loads(piece.read_text(encoding="utf-8"))
        if known["companies"] >= companies:
            return Count(pair, len(known["told"]), known["companies"])
    told = [seed for seed in range(SEEDS, SEEDS + companies) if pair.told(seed)]
    if piece:
        piece.parent.mkdir(parents=True, exist_ok=True)
        piece.write_text(json.dumps({"companies": companies, "told": told}), encoding="utf-8")
    return Count(pair, len(told), companies)


def standing() -> dict[Pair, str]:
    """The rows of the table as it stands: of pairs that are counted in it already."""
    found = re.findall(
        r"^\| `([^`]+)` \| ([^|]+) \| [^|]+% of \d+ [^|]+\|.*$", TABLE.read_text(encoding="utf-8"), flags=re.M
    )
    lines = re.findall(
        r"^\| `[^`]+` \| [^|]+ \| [^|]+% of \d+ [^|]+\|.*$", TABLE.read_text(encoding="utf-8"), flags=re.M
    )
    rows = dict(zip(found, lines, strict=True))
    return {
        pair: rows[pair.verdict, pair.world] for pair in (*FALSE, *TRUE) if (pair.verdict, pair.world) in rows
    }


def table(counts: list[Count]) -> str:
    """The matrix and the power table as markdown; pairs that were not counted now keep the row that they have."""
    kept = standing()
    now = {one.pair: one for one in counts}
    rows = ["| verdict | world | told | stated |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{pair.verdict}` | {pair.world} | {now[pair]} | {pair.stated:.3g} |"
        if pair in now
        else kept[pair]
        for pair in FALSE
        if pair in now or pair in kept
    ]
    rows += ["", "| verdict | effect | found |", "| --- | --- | --- |"]
    rows += [
        f"| `{pair.verdict}` | {pair.world} | {now[pair]} |" if pair in now else kept[pair]
        for pair in TRUE
        if pair in now or pair in kept
    ]
    return "\n".join(rows)


def write(counts: list[Count]) -> str:
    """The tables, written into CONTRIBUTING.md."""
    begin, end = MARKS
    made = f"{begin}\nOf so many companies each, with 95% bounds on either side:\n\n{table(counts)}\n{end}"
    text = TABLE.read_text(encoding="utf-8")
    TABLE.write_text(re.sub(f"{begin}.*?{end}", lambda _: made, text, flags=re.S), encoding="utf-8")
    return made


def asked(words: list[str]) -> argparse.Namespace:
    known = sorted({pair.verdict for pair in (*FALSE, *TRUE)})
    parser = argparse.ArgumentParser(prog="python -m tests.verdicts", description=__doc__)
    parser.add_argument("companies", nargs="?", type=int, default=400)
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="write each pair's companies there, and take over those written",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        choices=known,
        metavar="VERDICT",
        help="count these anew, with --keep the others where none are kept; without it the others keep their rows",
    )
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    options = asked(words)
    found = []
    for pair in (*FALSE, *TRUE):
        if options.only and not options.keep and pair.verdict not in options.only:
            continue
        found.append(counted(pair, options.companies, keep=options.keep, anew=pair.verdict in options.only))
        print(f"{'wrong: ' if found[-1].wrong else ''}{pair.verdict}, {pair.world}: {found[-1]}", flush=True)
    write(found)
    return int(any(one.wrong for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
