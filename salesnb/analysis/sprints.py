"""Is the sprint feasible: time × task × resource?

The target is traced back, with measured conversion, deal size and effort, to visits, leads, quotes and key-account contacts per working day;
these take hours, and hours are what the squads have. The scarcest of them binds.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import pandas as pd

from salesnb.analysis.capacity import hours
from salesnb.calendars import working_days
from salesnb.plan import Sprint

TASKS = ("visits", "leads", "quotes", "key_account_contacts")
DEFAULT_MINUTES = {"visits": 90.0, "leads": 45.0, "quotes": 120.0, "key_account_contacts": 45.0}
WORKING_DAYS = 250  # a year's, to bring monthly care to the day
TOUCHES = ("visit", "call", "meeting", "executive_meeting")


@dataclass(frozen=True)
class Rates:
    """What twelve months of data say a sale takes; None where they say nothing.

    Conversion of leads to opportunities, won share of closed deals, mean won amount, median days from creation to winning, and
    per working day: leads, visits, contacts. `minutes`: mean length of a task, by task; `measured`: which of them the data gave.
    """

    lead_conversion: float | None
    win_rate: float | None
    deal_size: float | None
    days_to_win: float | None
    leads_per_day: float | None
    visits_per_day: float | None
    visits_per_win: float | None
    minutes: dict[str, float]
    measured: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """Can it be done? `constraint`: what binds (hours, pipeline, leads, visits or nothing); `use`: need ÷ what there is;
    and the smallest single changes: people, working days, points of conversion (None where it does not help)."""

    feasible: bool
    constraint: str
    use: float
    people: int | None
    days: int | None
    conversion: float | None
    squad: str = ""


@dataclass(frozen=True)
class SprintPlan:
    """A sprint with what it was measured by, its tasks, its load by day and squad, and the verdict."""

    sprint: Sprint
    measured: Rates
    work: pd.DataFrame
    matrix: pd.DataFrame
    verdict: Verdict | None


def which(sprints: list[Sprint], *, as_of: pd.Timestamp) -> Sprint | None:
    """The sprint to plan: the next one that is not over at `as_of`, else the last one; None without sprints."""
    ordered = sorted(sprints, key=lambda sprint: (sprint.start, sprint.name))
    coming = [sprint for sprint in ordered if pd.Timestamp(sprint.end) > as_of]
    return coming[0] if coming else (ordered[-1] if ordered else None)


def rates(
    opportunities: pd.DataFrame,
    leads: pd.DataFrame,
    activities: pd.DataFrame,
    *,
    before: pd.Timestamp,
    country: str | None = None,
) -> Rates:
    """What did a sale take in the twelve months that end with the day before `before`?

    Input: opportunities (created_on, closed_on, outcome, amount), leads by day (day, created, converted), activities by day × rep ×
    kind (day, kind, count, timed: those with minutes, minutes). Missing tables are empty frames.
    """
    first = before - pd.DateOffset(years=1)
    span = len(working_days(first, before - pd.Timedelta(days=1), country=country)) or 1
    closed = opportunities[(opportunities["closed_on"] >= first) & (opportunities["closed_on"] < before)]
    won = closed[closed["outcome"] == "won"]
    new = leads[(leads["day"] >= first) & (leads["day"] < before)]
    acts = activities[(activities["day"] >= first) & (activities["day"] < before)]
    visits = acts[acts["kind"] == "visit"]
    created, converted = float(new["created"].sum()), float(new["converted"].sum())
    minutes, measured = dict(DEFAULT_MINUTES), set()
    for task, kinds in (
        ("visits", ("visit",)),
        ("key_account_contacts", TOUCHES),
        ("leads", ("call", "email")),
    ):
        timed = acts[acts["kind"].isin(kinds) & (acts["minutes"] > 0)]
        if timed["timed"].sum() > 0:
            minutes[task] = float(timed["minutes"].sum() / timed["timed"].sum())
            measured.add(task)
    days = (won["closed_on"] - won["created_on"]).dt.days
    return Rates(
        lead_conversion=converted / created if created else None,
        win_rate=len(won) / len(closed) if len(closed) else None,
        deal_size=float(won["amount"].mean()) if won["amount"].notna().any() else None,
        days_to_win=float(days.median()) if len(won) else None,
        leads_per_day=created / span if created else None,
        visits_per_day=float(visits["count"].sum()) / span if len(visits) else None,
        visits_per_win=float(visits["count"].sum()) / len(won) if len(visits) and len(won) else None,
        minutes=minutes,
        measured=frozenset(measured),
    )


def tasks(
    sprint: Sprint,
    measured: Rates,
    *,
    key_accounts: int,
    pipeline: float,
    deal_share: float = 1.0,
    country: str | None = None,
) -> pd.DataFrame:
    """What must be done on each working day of the sprint?

    `key_accounts`: accounts to be contacted every `key_account_contact_days`; `pipeline`: open amount when the sprint begins,
    counted at the measured win rate; `deal_share`: the part of bookings that comes through opportunities (the rest is ordered without one). Output: one row per task that is planned or can be traced back: task, planned (per working day, by
    plan.yml), needed (by the target; missing where data give no rate), usual (the last twelve months), minutes (each), hours (per
    working day, by the plan, else by the need).
    """
    days = max(1, len(working_days(*_span(sprint), country=country)))
    calendar_days = (sprint.end - sprint.start).days + 1
    conversion = sprint.lead_conversion or measured.lead_conversion
    deals = quotes = new_leads = visits = None
    if measured.deal_size and measured.win_rate:
        asked = sprint.target * deal_share
        missing = max(0.0, asked - pipeline * measured.win_rate)
        deals = asked / measured.deal_size
        quotes = deals / measured.win_rate
        new_leads = missing / measured.deal_size / measured.win_rate / conversion if conversion else None
        visits = deals * measured.visits_per_win if measured.visits_per_win else None
    contacts = key_accounts * calendar_days / sprint.key_account_contact_days if key_accounts else None
    rows = [
        ("visits", sprint.visits_per_day, _per(visits, days), measured.visits_per_day),
        ("leads", sprint.leads_per_day, _per(new_leads, days), measured.leads_per_day),
        ("quotes", None, _per(quotes, days), None),
        ("key_account_contacts", _per(contacts, days), _per(contacts, days), None),
    ]
    table = pd.DataFrame(rows, columns=["task", "planned", "needed", "usual"]).astype(
        {"planned": float, "needed": float, "usual": float}
    )
    table["minutes"] = table["task"].map(measured.minutes)
    table["hours"] = table["planned"].fillna(table["needed"]) * table["minutes"] / 60
    return table[table["hours"].notna()].reset_index(drop=True)


def matrix(
    work: pd.DataFrame, there: pd.DataFrame, *, cadence: float = 0.0, weights: pd.Series | None = None
) -> pd.DataFrame:
    """How full is each squad on each working day?

    `work`: from `tasks`; `there`: day, squad, people, hours (from capacity); `cadence`: hours a working day that the care of accounts
    takes first; `weights`: what each squad carries (its target; by its hours where none is known). Output: one row per day × squad ×
    task: day, squad, task, people, need, hours (the squad's), use (the day's whole need ÷ hours).
    """
    usual = there.groupby("squad")["hours"].sum()
    carried = usual if weights is None else weights.reindex(usual.index).fillna(0.0)
    carried = carried if carried.sum() > 0 else usual + 1
    share = carried / carried.sum()
    total = pd.concat(
        [work.set_index("task")["hours"], pd.Series({"cadence": cadence} if cadence else {}, dtype=float)]
    )
    pieces = [
        there.assign(task=task, need=there["squad"].map(share) * float(amount))
        for task, amount in total.items()
    ]
    columns = ["day", "squad", "task", "people", "need", "hours"]
    table = (
        pd.concat(pieces, ignore_index=True)[columns]
        if pieces
        else there.assign(task="", need=0.0)[columns].iloc[:0]
    )
    whole = table.groupby(["day", "squad"])["need"].transform("sum")
    return table.assign(use=(whole / table["hours"]).where(table["hours"] > 0, float("inf")))


def verdict(
    sprint: Sprint,
    work: pd.DataFrame,
    plan: pd.DataFrame,
    measured: Rates,
    *,
    hours_per_day: float,
    pipeline: float,
    deal_share: float = 1.0,
    country: str | None = None,
) -> Verdict | None:
    """Feasible, or what binds and the smallest change that frees it?

    Constraints: hours (need of all squads ÷ their hours), leads and visits (what the target needs ÷ what plan.yml asks for; without a
    plan ÷ the usual), pipeline (deals that must come from new leads although a deal takes longer than the sprint). None without any
    task or hours.
    """
    if plan.empty:
        return None
    first, last = _span(sprint)
    days = max(1, len(working_days(first, last, country=country)))
    available = float(plan.drop_duplicates(["day", "squad"])["hours"].sum())
    need = float(plan["need"].sum())
    uses = {"hours": need / available if available > 0 else math.inf}
    paced = work[work["task"].isin(["leads", "visits"]) & work["needed"].notna()]
    offers = paced["planned"].fillna(paced["usual"])
    for task, needed, offered in zip(
        paced["task"], paced["needed"].astype(float), offers.astype(float), strict=True
    ):
        if offered > 0:
            uses[str(task)] = needed / offered
        elif offered == 0 and needed > 0:
            uses[str(task)] = math.inf
    slow = measured.days_to_win is not None and measured.days_to_win > (sprint.end - sprint.start).days + 1
    expected = pipeline * measured.win_rate if measured.win_rate else None
    if slow and expected is not None:
        uses["pipeline"] = sprint.target * deal_share / expected if expected > 0 else math.inf
    constraint = max(uses, key=lambda name: uses[name])
    use = uses[constraint]
    squads = plan.drop_duplicates(["day", "squad"]).groupby("squad")["hours"].sum()
    if use <= 1 + 1e-9:
        return Verdict(True, constraint, use, None, None, None)
    people = extra = None
    if constraint == "hours":
        people = math.ceil((need - available) / (days * hours_per_day) - 1e-9)
        extra = math.ceil(days * (use - 1) - 1e-9) if math.isfinite(use) else None
    conversion = None
    if constraint == "leads" and math.isfinite(use):
        current = sprint.lead_conversion or measured.lead_conversion
        conversion = current * use if current and current * use <= 1 else None
    if constraint == "pipeline" and measured.win_rate and measured.win_rate * use <= 1:
        conversion = measured.win_rate * use
    return Verdict(
        False, constraint, use, people, extra, conversion, squad=str(squads.idxmin()) if len(squads) else ""
    )


def build(
    sprint: Sprint | None,
    opportunities: pd.DataFrame,
    leads: pd.DataFrame,
    activities: pd.DataFrame,
    reps: pd.DataFrame,
    *,
    key_accounts: int,
    cadence: float | None,
    hours_per_day: float,
    targets: pd.Series | None = None,
    deal_share: float | None = None,
    country: str | None = None,
) -> SprintPlan | None:
    """The whole plan of a sprint: rates measured in the twelve months before it, tasks, load and verdict; None without a sprint.

    `cadence`: hours a month that the care of accounts takes (None: unknown, counted as none); `targets`: the
    year's personal targets by rep, in whose proportions squads share the work; `deal_share` as in `tasks` (None: all).
    """
    if sprint is None:
        return None
    first, last = _span(sprint)
    days = working_days(first, last, country=country)
    measured = rates(opportunities, leads, activities, before=first, country=country)
    pipeline = open_when(opportunities, sprint.start)
    part = 1.0 if deal_share is None else min(1.0, max(0.0, deal_share))
    work = tasks(
        sprint, measured, key_accounts=key_accounts, pipeline=pipeline, deal_share=part, country=country
    )
    there = hours(reps, days, hours_per_day=hours_per_day, groups=dict(sprint.squads))
    aims = (
        {squad: float(targets.reindex(people).sum()) for squad, people in sprint.squads.items()}
        if targets is not None
        else {}
    )
    carried = pd.Series(aims, dtype=float) if aims else None
    plan = matrix(work, there, cadence=(cadence or 0.0) * 12 / WORKING_DAYS, weights=carried)
    judged = verdict(
        sprint,
        work,
        plan,
        measured,
        hours_per_day=hours_per_day,
        pipeline=pipeline,
        deal_share=part,
        country=country,
    )
    return SprintPlan(sprint, measured, work, plan, judged)


def open_when(opportunities: pd.DataFrame, day: dt.date) -> float:
    """The amount of opportunities that were open when the sprint began (or are open now, if it lies ahead)."""
    moment = pd.Timestamp(day)
    still = (opportunities["created_on"] < moment) & ~(opportunities["closed_on"] < moment)
    return float(opportunities.loc[still, "amount"].sum())


def _span(sprint: Sprint) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(sprint.start), pd.Timestamp(sprint.end)


def _per(amount: float | None, days: int) -> float:
    return float("nan") if amount is None else amount / days
