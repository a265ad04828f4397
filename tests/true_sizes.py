"""How large is each planted effect in a company, by the generator itself?

Sizes follow from the settings of `intake.demo.effects` alone where they can, else from the same company (the same seed and so
the same random numbers) without the effect in question. Nothing here asks an analysis. `python -m tests.true_sizes [seed]`
prints them; those of the demo company stand in `planted`, and a test holds the two together.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.calendars.periods import working_days
from salesnb.intake.demo import DEFAULT_SEED, Effects, Simulation, live
from salesnb.intake.demo import effects as planted
from salesnb.intake.demo.contacts import BUSY_KINDS, MINUTES
from salesnb.intake.demo.people import TEAMS
from salesnb.intake.demo.prospects import CHANNELS
from salesnb.intake.demo.rhythm import Rhythm
from salesnb.plan import load_plan

TODAY = planted.LAST_DAY
YEAR = pd.Timestamp(year=TODAY.year, month=1, day=1)
NINE_MONTHS = pd.Timestamp("2026-02-01")  # in which the pages look at product lines
QUARTERS_BEGIN = pd.Timestamp("2024-10-01")  # the first of the eight quarters' ends
QUARTER = pd.Timestamp("2026-08-01")  # in which they look at load and stress
SETTINGS = Effects()
PLAN = Path(__file__).parents[1] / "data" / "demo" / "plan.yml"


@cache
def without(seed: int, *names: str) -> Simulation:
    """The same company without the named effects."""
    nothing = {name: getattr(planted.NO_EFFECTS, name) for name in names}
    return live(seed, effects=replace(SETTINGS, **nothing))


def true_sizes(truth: Simulation, *, seed: int) -> dict[str, float]:
    """The size of each effect, in the unit in which `planted` tells it."""
    return {
        "drives_conversion": _won_points(truth, without(seed, "drives_points"), "Drives", None),
        "valves_conversion": _won_points(truth, without(seed, "valve_points"), "Valves", planted.VALVE_REPS),
        "slow_quotes": SETTINGS.quote_factor,
        "cold_calls": CHANNELS["cold_call"][1] * SETTINGS.cold_call_factor,
        "checklist": -SETTINGS.checklist_gap,
        "checklist_helps": SETTINGS.checklist_points,
        "course": SETTINGS.training_points,
        "star": SETTINGS.star_points,
        "publicity": -SETTINGS.publicity_orders,
        "huge_order": SETTINGS.huge_order,
        "rivalry": float(len(planted.RIVAL_RANKS)),
        "stress": _stress(SETTINGS.overload_stress),
        "help": -_stress(SETTINGS.strain),
        "lecture": SETTINGS.star_points,
        "training_need": float(len(planted.VALVE_REPS)),
        "overload": _hours(seed),
        "handover": float(len(TEAMS[planted.OVERLOADED_TEAM][1])),
        "incomplete_records": _emptied(truth, without(seed, "crm_missing")),
        "valve_orders": _valves_lost(truth, without(seed, "valve_orders_lost", "valve_points")),
        "region_behind": region_gap(truth, "East"),
        "line_behind": _line_points(truth, "Services"),
        "pull_forward": _pulled(truth),
        "sprint_own": 0.0,
        "trials": 0.0,
        "silent_customer": year_to_last_order(truth, planted.STOPPED[0]),
        "zombies": old_value(truth),
        "price_war": war_points(truth, seed=seed),
        "pumps_answer": _answered(truth, without(seed, "war_discount")),
        "bunching": _bunched(without(seed, "bunching", "pull_share", "sprint_pull_share")),
    } | {f"drifting_{account}": _pace(account) for account in planted.DRIFTING}


def _sold(company: Simulation) -> pd.DataFrame:
    tables = company.tables
    lines = tables["orders"].merge(tables["accounts"][["account_id", "region"]], on="account_id")
    return lines.merge(tables["products"][["product_id", "product_line"]], on="product_id")


def _won_points(truth: Simulation, other: Simulation, line: str, reps: tuple[str, ...] | None) -> float:
    """What the effect took from the win rate of the deals closed in nine months."""
    rates = []
    for company in (truth, other):
        deals = company.deals[(company.deals["line"] == line) & ~company.deals["zombie"]]
        deals = deals if reps is None else deals[deals["rep_id"].isin(reps)]
        closed = company.tables["opportunities"].set_index("opportunity_id")["closed_on"]
        recent = deals[deals["opportunity_id"].map(closed) >= NINE_MONTHS]
        rates.append(float(recent["won"].mean()))
    return rates[0] - rates[1]


def _stress(more: float) -> float:
    """Points of stress that an answer between one and five shows of what was added."""
    edges = np.array([-np.inf, 1.5, 2.5, 3.5, 4.5, np.inf])

    def mean(level: float) -> float:
        return float((np.diff(norm.cdf(edges, level, 0.6)) * np.arange(1, 6)).sum())

    return mean(2.6 + more) - mean(2.6)


def _hours(seed: int) -> float:
    """Hours a person and working day: what the team did anyway, and the expected length of the appointments added."""
    acts = without(seed, "overload_per_day").tables["activities"]
    members, days = TEAMS[planted.OVERLOADED_TEAM][1], len(working_days(QUARTER, TODAY, country="CN"))
    own = acts[acts["rep_id"].isin(members) & (acts["happened_on"] >= QUARTER)]
    anyway = own["minutes"].fillna(own.groupby("kind")["minutes"].transform("mean")).sum()
    added = SETTINGS.overload_per_day * float(MINUTES @ np.array(BUSY_KINDS)) * np.exp(-0.04 + 0.3**2 / 2)
    return float(anyway / days / len(members) + added) / 60


def _emptied(truth: Simulation, other: Simulation) -> float:
    """The share of required fields of the team's open deals that the effect emptied."""
    filled = []
    for company in (truth, other):
        deals = company.tables["opportunities"]
        still = deals[(deals["outcome"] == "open") & deals["rep_id"].isin(TEAMS[planted.INCOMPLETE_TEAM][1])]
        fields = [still[name].notna() for name in ("account_id", "rep_id", "amount", "expected_close_on")]
        fields.append(still.loc[still["stage"] == "quote", "competitor"].notna())
        filled.append(pd.concat(fields).mean())
    return float(filled[0] - filled[1])


def _valves_lost(truth: Simulation, other: Simulation) -> float:
    """The share of the two people's valve bookings, this year to date, that both effects took."""
    sums = []
    for company in (truth, other):
        sold = _sold(company)
        theirs = sold["rep_id"].isin(planted.VALVE_REPS) & (sold["product_line"] == "Valves")
        sums.append(sold.loc[theirs & (sold["ordered_on"] >= YEAR), "net_amount"].sum())
    return float(sums[0] / sums[1] - 1)


def region_gap(truth: Simulation, region: str) -> float:
    """Bookings less targets of the year to date, to the cent."""
    targets, sold = truth.tables["targets"], _sold(truth)
    own = (targets["dimension"] == "region") & (targets["member"] == region)
    plan = targets.loc[own & targets["period_start"].between(YEAR, TODAY), "amount"].sum()
    booked = sold.loc[(sold["region"] == region) & (sold["ordered_on"] >= YEAR), "net_amount"].sum()
    return round(float(booked - plan), 2)


def _line_points(truth: Simulation, line: str) -> float:
    """A line's share of the year to date less what plan.yml expects of it: of what the named shares leave, by last year and growth."""
    year, sold = load_plan(PLAN).targets[TODAY.year], _sold(truth)
    then = sold["ordered_on"].between(YEAR - pd.DateOffset(years=1), YEAR - pd.Timedelta(days=1))
    open_lines = sold[then & ~sold["product_line"].isin(year.mix)].groupby("product_line")["net_amount"].sum()
    grown = {name: amount * (1 + year.growth.get(name, 0.0)) for name, amount in open_lines.items()}
    now = sold[sold["ordered_on"] >= YEAR].groupby("product_line")["net_amount"].sum()
    return float(now[line] / now.sum() - (1 - sum(year.mix.values())) * grown[line] / sum(grown.values()))


def _pulled(truth: Simulation) -> float:
    """What the sprint moved into its last days, to the cent."""
    orders = truth.tables["orders"][truth.lines["pulled"].to_numpy()]
    return round(float(orders.loc[orders["ordered_on"] >= planted.SPRINT_MONTH, "net_amount"].sum()), 2)


def year_to_last_order(truth: Simulation, account: str) -> float:
    """Bookings of the 365 days that end with the last order, to the cent."""
    orders = truth.tables["orders"].query("account_id == @account")
    last = orders.loc[orders["net_amount"] >= 0, "ordered_on"].max()
    year = orders["ordered_on"].between(last - pd.Timedelta(days=364), last)
    return round(float(orders.loc[year, "net_amount"].sum()), 2)


def old_value(truth: Simulation) -> float:
    """The open value older than 99 of 100 deals ever won."""
    deals = truth.tables["opportunities"]
    won = deals[deals["outcome"] == "won"]
    limit = np.percentile((won["closed_on"] - won["created_on"]).dt.days, 99)
    dead = (deals["outcome"] == "open") & ((TODAY - deals["created_on"]).dt.days > limit)
    return round(float(deals.loc[dead, "amount"].sum()), 2)


def war_points(
    truth: Simulation, *, seed: int, span: tuple[pd.Timestamp, pd.Timestamp] | None = None
) -> float:
    """How much lower prices were, as a share of the list, from the first to the last month of a span (the war's whole months)."""
    line, region, begins, ends = planted.WAR
    first, last = span or (begins + pd.offsets.MonthBegin(), ends)
    paid = []
    for company in (truth, without(seed, "war_discount")):
        sold = _sold(company)
        cell = (sold["product_line"] == line) & (sold["region"] == region) & (sold["list_amount"] > 0)
        inside = sold["ordered_on"].between(first, last + pd.offsets.MonthEnd(0))
        net, listed = sold.loc[cell & inside, ["net_amount", "list_amount"]].sum()
        paid.append(float(net / listed))
    return paid[1] - paid[0]


def _answered(truth: Simulation, other: Simulation) -> float:
    """Percent more list value with a price one percent lower, in the war's cell and months."""
    line, region, begins, ends = planted.WAR
    sums = []
    for company in (truth, other):
        sold = _sold(company)
        war = (
            (sold["product_line"] == line)
            & (sold["region"] == region)
            & sold["ordered_on"].between(begins, ends)
        )
        sums.append(sold.loc[war & (sold["net_amount"] > 0), ["net_amount", "list_amount"]].sum())
    price = np.log(sums[0] / sums[1])
    return float(price["list_amount"] / (price["list_amount"] - price["net_amount"]))


def _bunched(other: Simulation) -> float:
    """What the settings make of a company whose orders do not bunch: a day of a quarter's last five over an earlier one."""
    orders = other.tables["orders"].query("net_amount > 0").drop_duplicates(["account_id", "ordered_on"])
    rhythm = Rhythm.of(starts=orders["ordered_on"].min().replace(day=1), ends=TODAY)
    own = late = following = 0.0
    days = last_days = 0
    for early, last, after in rhythm.quarter_ends():
        if rhythm.days[last[0]] < QUARTERS_BEGIN:
            continue
        earlier, there, later = (
            orders["ordered_on"].isin(rhythm.dates(part)) for part in (early, last, after)
        )
        sprint = rhythm.days[last[0]] >= planted.SPRINT_MONTH
        drawn = SETTINGS.sprint_pull_share if sprint else SETTINGS.pull_share
        following += drawn * (later & orders["opportunity_id"].isna()).sum()
        own, late = own + earlier.sum(), late + there.sum()
        days, last_days = days + len(early), last_days + len(last)
    moved = own * SETTINGS.bunching
    return float(((late + moved + following) / last_days) / ((own - moved) / days))


def _pace(account: str) -> float:
    """Order days that a drifting customer was left with in the last half year, beside what its rhythm held."""
    rhythm = Rhythm.of(starts=pd.Timestamp("2023-11-01"), ends=TODAY)
    half = rhythm.days > TODAY - pd.DateOffset(months=6)
    weight, days = rhythm.weight[half], rhythm.days[half]
    left = np.where(days < planted.DRIFT_BEGINS, 1.0, np.where(days <= planted.DRIFTING[account], 0.5, 0.0))
    return float((weight * left).sum() / weight.sum())


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SEED
    for name, size in true_sizes(live(wanted), seed=wanted).items():
        print(f"{name:24} {size:,.4f}")
