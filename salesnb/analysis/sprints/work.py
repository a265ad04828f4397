"""What does a sale take, and so what must be done on each working day to reach the sprint's target?"""

from __future__ import annotations

import pandas as pd

from salesnb.calendars.periods import working_days
from salesnb.plan import Sprint
from salesnb.results.sprints import Rates, Sources

DEFAULT_MINUTES = {"visits": 90.0, "leads": 45.0, "quotes": 120.0, "key_account_contacts": 45.0}
TOUCHES = ("visit", "call", "meeting", "executive_meeting")


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
        before=before,
        lead_conversion=converted / created if created else None,
        win_rate=len(won) / len(closed) if len(closed) else None,
        deal_size=deal_size(opportunities, before=before),
        days_to_win=float(days.median()) if len(won) else None,
        leads_per_day=created / span if created else None,
        visits_per_day=float(visits["count"].sum()) / span if len(visits) else None,
        visits_per_win=float(visits["count"].sum()) / len(won) if len(visits) and len(won) else None,
        minutes=minutes,
        measured=frozenset(measured),
    )


def deal_size(opportunities: pd.DataFrame, *, before: pd.Timestamp) -> float | None:
    """The mean amount won in the twelve months that end with the day before `before`; None where none is known."""
    won = opportunities[
        (opportunities["outcome"] == "won")
        & (opportunities["closed_on"] >= before - pd.DateOffset(years=1))
        & (opportunities["closed_on"] < before)
    ]
    return float(won["amount"].mean()) if won["amount"].notna().any() else None


def span(sprint: Sprint) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day."""
    return pd.Timestamp(sprint.start), pd.Timestamp(sprint.end)


def length(sprint: Sprint, *, country: str | None = None) -> int:
    """Working days of the sprint, at least one."""
    return max(1, len(working_days(*span(sprint), country=country)))


def sources(
    sprint: Sprint,
    measured: Rates,
    *,
    opened: float,
    fresh: float,
    fresh_chance: float,
    deal_share: float = 1.0,
    country: str | None = None,
) -> Sources | None:
    """What do deals bring in the sprint, against what it asks of them? None where nothing says how large a deal is.

    `opened`, `fresh` and `fresh_chance`: what open deals bring, what deals not yet created usually bring, and the chance of one of these
    to be won within the sprint. `deal_share`: the part of bookings that comes through opportunities (the rest is ordered without one). Of the money that deals
    not yet created usually bring, the part of usual leads counts as theirs.
    """
    if not measured.deal_size:
        return None
    days = length(sprint, country=country)
    usual_conversion = measured.lead_conversion or 0.0
    conversion = sprint.lead_conversion or usual_conversion
    per_deal = fresh_chance * measured.deal_size
    usual = (measured.leads_per_day or 0.0) * days
    offered = usual if sprint.leads_per_day is None else sprint.leads_per_day * days
    return Sources(
        asked=sprint.target * deal_share,
        opened=opened,
        fresh=max(0.0, fresh - usual * usual_conversion * per_deal),
        leads=offered * conversion * per_deal,
        per_lead=conversion * per_deal,
    )


def tasks(
    sprint: Sprint,
    measured: Rates,
    *,
    key_accounts: int,
    found: Sources | None,
    deal_share: float = 1.0,
    country: str | None = None,
) -> pd.DataFrame:
    """What must be done on each working day of the sprint?

    `key_accounts`: accounts to be contacted every `key_account_contact_days`; `found`: from `sources`. Output: one row per task that
    is planned or can be traced back: task, planned (per working day, by plan.yml), needed (by the target; missing where data give no
    rate), usual (the last twelve months), number (done per working day: the plan's, else the need), minutes (each), hours (per working
    day).
    """
    days = length(sprint, country=country)
    calendar_days = (sprint.end - sprint.start).days + 1
    quotes = visits = new_leads = None
    if measured.deal_size and measured.win_rate:
        deals = sprint.target * deal_share / measured.deal_size
        quotes = deals / measured.win_rate
        visits = deals * measured.visits_per_win if measured.visits_per_win else None
    if found is not None:
        missing = max(0.0, found.asked - found.opened - found.fresh)
        new_leads = missing / found.per_lead if found.per_lead else (None if missing else 0.0)
    contacts = key_accounts * calendar_days / sprint.key_account_contact_days if key_accounts else None
    rows = [
        ("visits", sprint.visits_per_day, _per(visits, days), measured.visits_per_day),
        ("leads", sprint.leads_per_day, _per(new_leads, days), measured.leads_per_day),
        ("quotes", None, _per(quotes, days), None),
        ("key_account_contacts", _per(contacts, days), _per(contacts, days), None),
    ]
    numbers = ["planned", "needed", "usual"]
    table = pd.DataFrame(rows, columns=["task", *numbers]).astype(dict.fromkeys(numbers, float))
    table["number"] = table["planned"].fillna(table["needed"])
    table["minutes"] = table["task"].map(measured.minutes)
    table["hours"] = table["number"] * table["minutes"] / 60
    return table[table["hours"].notna()].reset_index(drop=True)


def _per(amount: float | None, days: int) -> float:
    return float("nan") if amount is None else amount / days
