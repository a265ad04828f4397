"""What do the pages' own analyses say about each planted effect: is it found, how large is it, how sure?

Each function goes the way of the notebook in whose subject the effect lies. `found` means that the page names the right one;
`low` and `high` are the ends of the interval that the page states, at the `level` of that interval. An amount that can be
counted has equal ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from salesnb.analysis import (
    acts,
    aftermath,
    attention,
    behaviour,
    carriers,
    checklists,
    coaching,
    credit,
    curriculum,
    deal_days,
    funnel,
    gaps,
    handover,
    hygiene,
    price_response,
    pricing,
    product_lines,
    pull_forward,
    rhythm,
    rivalry,
    sprint_effect,
    stars,
    targets,
    team,
    tiers,
    training,
    win_rates,
    workload,
)  # fmt: skip
from salesnb.calendars.periods import month_start, months_back, working_days
from salesnb.intake import facts
from tests.planted import TRUTHS

NAN = float("nan")


@dataclass(frozen=True)
class Sighting:
    """One effect as a page tells it."""

    name: str
    found: bool
    value: float = NAN
    low: float = NAN
    high: float = NAN
    level: float = 0.95
    span: tuple[pd.Timestamp, pd.Timestamp] | None = (
        None  # the months that the size is about, where the page finds them
    )

    def holds(self, size: float) -> bool:
        """Does the interval hold the size (an amount that is counted: to the cent)?"""
        return self.low - 0.005 <= size <= self.high + 0.005


def counted(name: str, found: bool, value: float) -> Sighting:
    """A sighting whose size is counted, not estimated."""
    return Sighting(name, found, value, value, value, 1.0)


def sightings(known: Any) -> dict[str, Sighting]:
    """All of them, by the name of the effect. `known`: the facts of a company, with its `book`."""
    subjects = (
        of_gap,
        of_conversion,
        of_stages,
        of_records,
        of_customers,
        of_trials,
        of_team,
        of_prices,
        of_quarter_ends,
    )
    return {one.name: one for subject in subjects for one in subject(known)}


def of_gap(known: Any) -> Iterator[Sighting]:
    as_of, bookings = known.book.as_of, known.bookings
    spread = targets.spread_rows(known.targets, as_of=as_of)
    regions = carriers.by_member(bookings, spread, dimension="region", as_of=as_of).set_index("member")
    aims = regions["target_ytd"]
    cells = gaps.grid(bookings, as_of=as_of, total=float(aims.sum()), regions=aims)
    cause = gaps.cause(known.order_lumps, cells, as_of=as_of)
    behind, hands = TRUTHS["region_behind"], TRUTHS["valve_orders"]
    there = cause is not None and cause.region == behind.who[0]
    yield counted("region_behind", there, float(regions.loc[behind.who[0], "gap"]))
    yield of_lines(known, spread)
    theirs = (
        there and cause.product_line == hands.detail["product_line"] and set(cause.names) == set(hands.who)
    )
    beside = cause.beside if theirs else None
    size = (beside.value, beside.low, beside.high) if beside else (NAN,) * 3
    yield Sighting("valve_orders", bool(theirs and cause.personal), *size, level=0.9)


def of_lines(known: Any, spread: pd.DataFrame) -> Sighting:
    """The line whose share the plan overrates."""
    plan, as_of = known.book.plan, known.book.as_of
    months = spread[spread["dimension"] == "company"].groupby("month")["amount"].sum()
    asked = targets.lines.line_months(spread, plan, months, known.bookings, as_of=as_of)
    year = targets.lines.path(asked, known.bookings, known.order_lumps, as_of=as_of, country="CN").year
    named = year[(year["conclusion"] == "found") & (year["points"] < 0)]
    (line,) = TRUTHS["line_behind"].who
    row = year.set_index("product_line").loc[line]
    return Sighting(
        "line_behind", list(named["product_line"]) == [line], row["points"], row["low"], row["high"]
    )


def of_conversion(known: Any) -> Iterator[Sighting]:
    as_of, deals = known.book.as_of, known.opportunities
    lines = product_lines.by_line(deals, as_of=as_of)
    told = {
        line: product_lines.reading(deals, line=line, fell=fell, as_of=as_of, bookings=known.bookings)
        for line, fell in zip(lines["product_line"], lines["fell"], strict=True)
    }
    fall, few = TRUTHS["drives_conversion"], TRUTHS["valves_conversion"]
    beaten = told[str(fall.detail["product_line"])]
    drives = lines.set_index("product_line").loc[fall.detail["product_line"]]
    rival = beaten.verdict == "product" and beaten.competitor == fall.detail["competitor"]
    yield Sighting("drives_conversion", rival, drives["change"], drives["low"], drives["high"])
    pitched = told[str(few.detail["product_line"])]
    names = known.reps.set_index("rep_id")["rep_name"]
    right = pitched.verdict == "pitch" and set(pitched.few) == {names[rep] for rep in few.who}
    change = pitched.few_now - pitched.few_before
    size = (change, pitched.few_low, pitched.few_high) if right else (NAN,) * 3
    yield Sighting("valves_conversion", right, *size)
    channels = win_rates.lead_channels(known.leads, as_of=as_of).set_index("channel")
    cold = channels.loc[TRUTHS["cold_calls"].who[0]]
    yield Sighting("cold_calls", bool(cold["flagged"]), cold["share"], cold["low"], cold["high"])


def of_stages(known: Any) -> Iterator[Sighting]:
    as_of, deals, events = known.book.as_of, known.opportunities, known.stage_events
    stages = funnel.stage_order(events, planned=known.book.plan.stages)
    passed = funnel.passages(deals, events, stages=stages, as_of=as_of)
    slow = deal_days.stage_days(passed, as_of=as_of).query("slower")
    right = slow["stage"].tolist() == [TRUTHS["slow_quotes"].detail["stage"]]
    size = tuple(slow.iloc[0][["factor", "low", "high"]]) if right else (NAN,) * 3
    yield Sighting("slow_quotes", right, *size)
    dead = deal_days.zombies(deals, as_of=as_of)
    yield counted("zombies", dead is not None and dead.count > 0, dead.value if dead else NAN)


def of_records(known: Any) -> Iterator[Sighting]:
    plan, deals = known.book.plan, known.opportunities
    thin = hygiene.by_team(hygiene.required(deals, at_stage=plan.required_fields)).query("flagged")
    yield _team_behind("incomplete_records", thin)
    kept = checklists.kept(
        deals, known.stage_events, known.checklist, planned=plan.checklists, as_of=known.book.as_of
    )
    yield _team_behind("checklist", checklists.by_team(kept).query("flagged"))
    helps = checklists.effect(kept)
    difference = helps.kept_rate - helps.others_rate
    yield Sighting("checklist_helps", helps.low > 0, difference, helps.low, helps.high)


def _team_behind(name: str, flagged: pd.DataFrame) -> Sighting:
    right = tuple(flagged["team"]) == TRUTHS[name].who
    size = tuple(flagged.iloc[0][["behind", "behind_low", "behind_high"]]) if right else (NAN,) * 3
    return Sighting(name, right, *size)


def of_customers(known: Any) -> Iterator[Sighting]:
    as_of, order_days, accounts = known.book.as_of, known.order_days, known.accounts
    pauses = rhythm.silence(order_days, as_of=as_of)
    assigned = tiers.assign(order_days, accounts, as_of=as_of, tiers=known.book.plan.tiers)
    silent = attention.silent(pauses, assigned).set_index("account_id")
    stopped = TRUTHS["silent_customer"].who[0]
    yield counted("silent_customer", stopped in silent.index, _of(silent, stopped, "a_year"))
    keys = list(assigned.loc[assigned["tier"].isin(tiers.KEY_TIERS), "account_id"])
    changed = behaviour.changed(
        pauses, order_days, accounts, keys=keys, events=known.events, owners=known.owners, as_of=as_of
    ).set_index("account_id")
    for account in TRUTHS["drifting_customers"].who:
        size = (_of(changed, account, name) for name in ("pace", "pace_low", "pace_high"))
        yield Sighting(f"drifting_{account}", account in changed.index, *size)


def of_trials(known: Any) -> Iterator[Sighting]:
    order_days, accounts = known.order_days, known.accounts
    done = acts.done(known.account_acts, order_days, as_of=known.book.as_of)
    then = tiers.in_months(order_days, accounts, done["day"].map(month_start), tiers=known.book.plan.tiers)
    found = acts.effects(done, order_days, then, accounts, known.opportunities).set_index("kind")
    if "trial" in found.index:
        row = found.loc["trial"]
        yield Sighting("trials", row["conclusion"] != "found", row["value"], row["low"], row["high"])


def _of(frame: pd.DataFrame, key: str, column: str) -> float:
    return float(frame.loc[key, column]) if key in frame.index else NAN


def of_team(known: Any) -> Iterator[Sighting]:
    as_of, deals, people, plan = known.book.as_of, known.opportunities, known.reps, known.book.plan
    lifts = training.lifts(deals, known.training)
    courses = lifts.set_index("course")
    lift = courses.loc["Consultative selling"]
    alone = lifts.loc[lifts["found"], "course"].tolist() == ["Consultative selling"]
    yield Sighting("course", alone, lift["lift"], lift["low"], lift["high"])
    days = working_days(months_back(as_of, 15), as_of, country=plan.country)
    hours = workload.hours(known.activity_days)
    load = workload.monthly_load(hours, people, days, hours_per_day=plan.hours_per_day)
    teams = workload.team_load(load, known.answered(), people, as_of=as_of)
    heavy = teams[teams["overloaded"]]
    right = tuple(heavy["team"]) == TRUTHS["overload"].who
    first = teams.set_index("team").loc[TRUTHS["overload"].who[0]]
    day = plan.hours_per_day
    yield Sighting("overload", right, first["load"] * day, first["low"] * day, first["high"] * day)
    yield Sighting("stress", right, first["stress_change"], first["stress_low"], first["stress_high"])
    moved = _handed_over(known, hours, days, teams)
    own = people.set_index("rep_id")["team"]
    takers = set(own[moved.moves["taker"]]) if moved else set()
    right = bool(moved) and takers == {TRUTHS["handover"].detail["to"]} and moved.beyond == 0
    givers = sorted(set(moved.moves["giver"])) if moved else []
    yield counted("handover", right and tuple(givers) == TRUTHS["handover"].who, float(len(givers)))
    records = coaching.weaknesses(coaching.outcomes(deals, since=months_back(as_of, 24)))
    spread = targets.spread_rows(known.targets, as_of=as_of)
    attained = team.attainment(people, known.rep_days, spread, as_of=as_of)
    star = records.set_index("rep_id").loc[TRUTHS["star"].who[0]]
    best = stars.star_list(attained, records)[:1] == list(TRUTHS["star"].who)
    yield Sighting("star", best, star["difference"], star["low"], star["high"], level=0.9)
    quotes = coaching.passages(deals, known.stage_events, since=months_back(as_of, 24))
    skill = coaching.lectures.strengths(quotes, people=team.present(people, as_of))
    shown = coaching.lectures.programme(skill, team.present(people, as_of), as_of=as_of)
    best_at = skill.iloc[0]
    alone = tuple(shown["rep_id"]) == TRUTHS["lecture"].who
    yield Sighting("lecture", alone, best_at["difference"], best_at["low"], best_at["high"], level=0.9)
    lines = product_lines.by_line(deals, as_of=as_of)[["product_line", "fell", "by"]].to_numpy()
    read = [
        product_lines.reading(deals, line=line, fell=fell, by=by, as_of=as_of) for line, fell, by in lines
    ]
    weak = coaching.weaknesses(coaching.passages(deals, known.stage_events, since=months_back(as_of, 12)))
    needs = curriculum.wanted(weak, team.present(people, as_of), read, order=plan.stages)
    yield counted("training_need", set(needs["rep_id"]) == set(TRUTHS["training_need"].who), len(needs))
    given = workload.relief.offered(known.actions, people, as_of=as_of)
    asked = [
        facts.stress_sides(
            known.book,
            people=tuple(people.loc[people["team"] == team_, "rep_id"]),
            spans=workload.relief.spans(day),
        )
        for team_, day in given[["team", "done_on"]].itertuples(index=False)
    ]
    helped = workload.relief.effects(given, asked, as_of=as_of)
    right = helped.loc[helped["conclusion"] == "found", "team"].tolist() == list(TRUTHS["help"].who)
    yield Sighting("help", right, helped["effect"].iloc[0], helped["low"].iloc[0], helped["high"].iloc[0])
    rivals = rivalry.contested(known.account_work, deals, known.accounts, team.present(people, as_of))
    across = int(rivals["across_teams"].sum())
    yield counted("rivalry", across > 0, across)


def _handed_over(known: Any, hours: pd.DataFrame, days: pd.DatetimeIndex, teams: pd.DataFrame) -> Any:
    """Who hands which customers over to whom, as the page of the team asks it."""
    plan, as_of, people = known.book.plan, known.book.as_of, known.reps
    single = workload.monthly_load(hours, people, days, hours_per_day=plan.hours_per_day, by="rep_id")
    heavy = people.set_index("rep_id")["team"].isin(teams.loc[teams["overloaded"], "team"])
    weeks = (as_of - months_back(as_of, 3)).days / 7
    busy = workload.person_load(single, heavy, as_of=as_of, weeks=weeks)
    tiered = tiers.assign(known.order_days, known.accounts, as_of=as_of, tiers=plan.tiers)
    met = tiers.coverage(tiered, known.contacts, as_of=as_of, tiers=plan.tiers)
    oldest = deal_days.zombie_limit(known.opportunities)
    waiting = handover.at_risk(met, known.opportunities, as_of=as_of, limit=oldest)
    work = workload.hours(known.account_hours)
    carried = handover.carried(work, known.owners, tiered, waiting, known.purchases, weeks=weeks)
    able = handover.takers(people, busy, known.activity_days.groupby("rep_id")["day"].max(), as_of=as_of)
    sells = handover.sold_lines(known.bookings, since=months_back(as_of, 12))
    return handover.handover(carried, busy, able, people, sells=sells)


def of_prices(known: Any) -> Iterator[Sighting]:
    war, huge, bad = TRUTHS["price_war"], TRUTHS["huge_order"], TRUTHS["publicity"]
    wars = pricing.given_away(pricing.price_wars(known.floor_sales), known.discounts).query("found")
    cells = wars[["product_line", "region"]].to_numpy().tolist()
    right = cells == [[war.detail["product_line"], war.detail["region"]]]
    size = tuple(wars.iloc[0][["further", "low", "high"]]) if right else (NAN,) * 3
    span = (wars["first_month"].iloc[0], wars["last_month"].iloc[0]) if right else None
    yield Sighting("price_war", right, *size, span=span)
    line = TRUTHS["pumps_answer"].detail["product_line"]
    sold = price_response.responses(known.order_prices, as_of=known.book.as_of).set_index("product_line")
    answer = sold.loc[line]
    yield Sighting("pumps_answer", answer["conclusion"] != "found", *answer[["elasticity", "low", "high"]])
    orders = credit.large_orders(known.large_orders, known.payments, credit=known.book.plan.credit)
    first = orders.iloc[0]
    theirs = bool(first["prepay"]) and first["terms_days"] == huge.detail["terms"]
    yield counted("huge_order", theirs, float(first["unpaid"]))
    weekly = aftermath.weekly(known.line_weeks, by="product_line", as_of=known.book.as_of)
    events = known.events[known.events["kind"] == "publicity"]
    after = aftermath.effects(events, weekly, weekly.iloc[:, :0]).iloc[0]
    named = after["subject"] == bad.detail["product_line"] and bool(after["beyond_noise"])
    ends = (after["change"] - after["high"], after["change"] - after["low"])
    yield Sighting("publicity", named, after["change"], *ends, level=0.9)


def of_quarter_ends(known: Any) -> Iterator[Sighting]:
    book = known.book
    sprint = pull_forward.known_sprint(book.plan.sprints, as_of=book.as_of)
    drawn = pull_forward.pull_forward(
        sprint,
        known.order_days,
        as_of=book.as_of,
        country=book.plan.country,
        starts=book.plan.fiscal_year_starts,
    )
    yield Sighting("pull_forward", drawn.low > 0, drawn.amount, drawn.low, drawn.high, level=0.9)
    own = sprint_effect.own_effect(sprint, known.order_days, as_of=book.as_of, country=book.plan.country)
    yield Sighting("sprint_own", own.conclusion != "found", own.value, own.low, own.high, level=0.9)
    crowd = pull_forward.bunching(known.order_days, as_of=book.as_of, country=book.plan.country)
    yield Sighting("bunching", crowd.bunched, crowd.factor, crowd.low, crowd.high, level=0.9)
