"""The month by member, the sprint by measure and by squad, the actions."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.language import Message, Written, marked
from salesnb.results.past_sprints import Bunching, SprintResult

TARGET_COLUMNS = {
    "target": Column(marked("Target"), "money"),
    "attainment": Column(marked("Attainment"), "share"),
}
STATUS = {"done": "ahead", "open": "", "overdue": "behind"}
STATUS_NAMES = {"done": marked("done"), "open": marked("open"), "overdue": marked("overdue")}


def members(rows: pd.DataFrame, *, dimension: str, heading: str) -> Exhibit | None:
    """One row per region, team or product line: the month against target and last month."""
    if rows.empty:
        return None
    aimed = rows["target"].notna().any()
    most = rows.iloc[int(rows["change"].abs().to_numpy().argmax())]
    return exhibit.table(
        rows,
        name=f"month_by_{dimension}",
        finding=Message(
            "{heading}: {member} moved most against last month, {change:change}",
            heading=Message(heading),
            member=most["member"],
            change=most["change"],
        ),
        subtitle=Message(
            "Bookings of the month and of the same days of the month before, with the target where there is one"
        ),
        columns={
            "member": Column(heading),
            "actual": Column(marked("Bookings"), "money", bar=True),
            **(TARGET_COLUMNS if aimed else {}),
            "last_month": Column(marked("Last month"), "money", secondary=bool(aimed)),
            "change": Column(marked("Change"), "money", signed=True),
        },
    )


def sprint(result: SprintResult | None) -> Exhibit | None:
    """The sprint's plan beside what happened."""
    if result is None:
        return None
    plan = result.sprint
    runs, own = result.days < result.whole, result.of_company
    rows = [
        (
            Message("Bookings, target by the days passed") if runs and own else Message("Bookings"),
            Written("money", result.due),
            Written("money", result.bookings),
        ),
        (
            Message("Leads per working day"),
            Written("number", plan.leads_per_day if own else None),
            Written("number", result.leads_per_day),
        ),
        (
            Message("Leads that convert")
            if result.lead_age is None
            else Message("Leads that convert, the plan's share at the age that they have"),
            Written("share", result.conversion_due),
            Written("share", result.lead_conversion),
        ),
        (
            Message("Strategic accounts met every week"),
            Written("percent", 1.0),
            Written("share", result.key_account_weekly),
        ),
    ]
    if result.invoiced is not None:
        done = Message("Orders of the sprint that are invoiced by now, of their money")
        rows.append((done, Written("percent", 1.0), Written("share", result.invoiced)))
    return exhibit.table(
        pd.DataFrame(rows, columns=["measure", "plan", "actual"]),
        name="sprint_plan",
        finding=Message("The sprint's plan and what happened"),
        subtitle=Message("From {first:date} to {last:date}", first=plan.start, last=result.last),
        columns={
            "measure": Column(marked("Measure")),
            "plan": Column(marked("Plan"), "written"),
            "actual": Column(marked("Actual"), "written"),
        },
    )


def squads(rows: pd.DataFrame) -> Exhibit | None:
    """What each squad brought, per head."""
    if rows.empty:
        return None
    return exhibit.table(
        rows,
        name="squads",
        finding=Message(
            "{squad} brought most per head: {money:money}",
            squad=rows["squad"].iloc[0],
            money=rows["a_head"].iloc[0],
        ),
        subtitle=Message("Bookings of the sprint by squad"),
        columns={
            "squad": Column(marked("Squad")),
            "people": Column(marked("People"), "count"),
            "bookings": Column(marked("Bookings"), "money", bar=True),
            "a_head": Column(marked("Per head"), "money"),
            "leads": Column(marked("Leads"), "count", secondary=True),
        },
        total={name: rows[name].sum() for name in ("people", "bookings", "leads")},
    )


def actions(status: pd.DataFrame) -> Exhibit | None:
    """The actions with owner and status: overdue first."""
    if status.empty:
        return None
    rows = worded(
        status,
        state=[STATUS[name] for name in status["status"]],
        status=[Message(STATUS_NAMES[name]) for name in status["status"]],
    )
    return exhibit.table(
        rows,
        name="actions",
        finding=Message("Every action, the overdue first"),
        subtitle=Message("What was agreed, by whom and until when"),
        columns={
            "description": Column(marked("Action")),
            "owner": Column(marked("Owner")),
            "due_on": Column(marked("Due"), "date"),
            "status": Column(marked("Status"), status="state"),
            "late": Column(marked("Late"), "days"),
        },
    )


def owners(status: pd.DataFrame) -> Exhibit | None:
    """How many actions does each owner have, open, overdue and done?"""
    if status["owner"].isna().all():
        return None
    counts = pd.crosstab(status["owner"].fillna(None), status["status"])
    counts = counts.reindex(columns=["overdue", "open", "done"], fill_value=0).reset_index()
    counts = counts.sort_values(
        ["overdue", "open", "owner"], ascending=[False, False, True], ignore_index=True
    )
    return exhibit.table(
        counts,
        name="actions_by_owner",
        finding=Message(
            "{owner} has most overdue actions: {n:count}",
            owner=counts["owner"].iloc[0],
            n=int(counts["overdue"].iloc[0]),
        ),
        subtitle=Message("Number of actions by owner; open ones that are overdue stand apart"),
        columns={
            "owner": Column(marked("Owner")),
            "overdue": Column(marked("Overdue"), "count"),
            "open": Column(marked("Open, in time"), "count"),
            "done": Column(marked("Done"), "count"),
        },
    )


def quarter_ends(found: Bunching | None) -> Exhibit | None:
    """How orders crowd at quarters' ends; None where too few are known."""
    if found is None:
        return None
    said = {"factor": found.factor, "low": found.low, "high": found.high}
    return exhibit.table(
        found.ends.iloc[::-1].assign(times=found.ends["last"] / found.ends["earlier"]),
        name="quarter_ends",
        finding=Message(
            "In a quarter’s last five working days a day brings {factor:multiple} the orders of an earlier one ({low:multiple} to {high:multiple})",
            **said,
        )
        if found.bunched
        else Message("Orders do not crowd in a quarter’s last days beyond chance"),
        subtitle=Message("Orders a working day in each quarter’s last month; 90% interval over all of them"),
        columns={
            "month": Column(marked("Month"), "month"),
            "earlier": Column(marked("Earlier days"), "number"),
            "last": Column(marked("Last five days"), "number", bar=True),
            "times": Column(marked("Times as many"), "multiple"),
        },
    )
