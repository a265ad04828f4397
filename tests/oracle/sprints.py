"""The sprint of the month, and the actions."""

from __future__ import annotations

import pandas as pd

from salesnb.calendars.periods import working_days
from tests.oracle.customers import named, tiers
from tests.oracle.tables import Seen

KEYS = ("leads_per_day", "lead_conversion", "attainment", "key_account_weekly")


def sprint(own: Seen, company: Seen) -> dict[str, float | None]:
    """In the last sprint that has begun by as_of and overlaps the month, up to as_of; a week is seven days of it that have passed."""
    as_of = own.as_of
    begun = [
        s
        for s in own.plan.sprints
        if pd.Timestamp(s.start) <= as_of and pd.Timestamp(s.end) >= as_of.replace(day=1)
    ]
    result: dict[str, float | None] = {f"sprint.{key}": None for key in KEYS}
    if not begun:
        return result
    last = max(begun, key=lambda s: (s.start, s.end))
    start, end = pd.Timestamp(last.start), min(pd.Timestamp(last.end), as_of)
    if own.leads is not None:
        new = own.leads[(own.leads["created_on"] >= start) & (own.leads["created_on"] <= end)]
        days = len(working_days(start, end, country=own.plan.country))
        result["sprint.leads_per_day"] = len(new) / days if days else None
        later = company.not_yet("opportunities")
        became = (new["qualified_on"] <= as_of) | (
            new["opportunity_id"].notna() & ~new["opportunity_id"].isin(later)
        )
        result["sprint.lead_conversion"] = float(became.mean()) if len(new) else None
    if own.orders is not None and last.target and own.scope is None:  # the target is the whole company's
        inside = (own.orders["ordered_on"] >= start) & (own.orders["ordered_on"] <= end)
        days = len(working_days(start, pd.Timestamp(last.end), country=own.plan.country))
        share = len(working_days(start, end, country=own.plan.country)) / days if days else 0.0
        if share:
            result["sprint.attainment"] = own.orders.loc[inside, "net_amount"].sum() / (last.target * share)
    weeks = ((end - start).days + 1) // 7
    told = (
        own.activities is not None
        and company.activities["happened_on"].max() >= as_of.replace(day=1)
        and company.activities["account_id"].notna().any()
    )  # else nobody knows who was met
    if told and own.orders is not None and weeks:
        mine = named(own)
        keys = [a for a, tier in tiers(company).items() if tier == "strategic" and a in mine]
        met = own.activities[
            (own.activities["happened_on"] >= start) & (own.activities["happened_on"] <= end)
        ]
        week = (met["happened_on"] - start).dt.days // 7
        seen = {a: set(week[met["account_id"] == a]) for a in keys}
        every = [set(range(weeks)) <= seen[a] for a in keys]
        result["sprint.key_account_weekly"] = sum(every) / len(every) if every else None
    return result


def actions(own: Seen, company: Seen) -> dict[str, float | None]:
    if own.actions is None:
        return dict.fromkeys(("actions.open", "actions.overdue", "actions.done_share"))
    done = own.actions["done_on"] <= own.as_of
    overdue = ~done & (own.actions["due_on"] < own.as_of)
    return {
        "actions.open": int((~done).sum()),
        "actions.overdue": int(overdue.sum()),
        "actions.done_share": float(done.mean()) if len(done) else None,
    }
