"""What the customer page asks for, predicts, and saw change."""

from __future__ import annotations

import pandas as pd

from salesnb.display.customers.prose import coverage, value_and_effort
from salesnb.headlines import Call, Change, Decision
from salesnb.language import Message

ASKED = 3
CALLS = 40
WEEK = pd.Timedelta(days=7)
YEAR = 365  # days


def lead(silent: pd.DataFrame, covered: pd.DataFrame, summary: pd.DataFrame) -> Message | None:
    """The page in one sentence, for the first screen."""
    if len(silent):
        first = silent.iloc[0]
        if len(silent) == 1:
            return Message(
                "{name}, a key account, has been silent for {pause:days}, far beyond its own rhythm: {money:money} a year is at stake.",
                name=first["account_name"],
                pause=first["pause"],
                money=float(first["a_year"]),
            )
        return Message(
            "{n:count} key accounts, {name} first, have been silent longer than their own rhythm: {money:money} a year is at stake.",
            n=len(silent),
            name=first["account_name"],
            money=float(silent["a_year"].sum()),
        )
    if len(covered) and covered["last_contact_on"].notna().any():
        return coverage(covered)
    return value_and_effort(summary)


def decisions(silent: pd.DataFrame, covered: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Decision]:
    """Who must call whom by when? The largest silent accounts, and the strategic ones that were not met."""
    due = (as_of + WEEK).date()
    asked = [
        Decision(
            id=f"silent-{row['account_id']}",
            what=Message("Visit {name} and learn why its orders stopped", name=row["account_name"]),
            why=Message(
                "silent {pause:days}, usually orders every {interval:days}",
                pause=row["pause"],
                interval=round(row["interval"]),
            ),
            owner="" if pd.isna(row["owner"]) else str(row["owner"]),
            due=due,
            at_stake=float(row["a_year"]),
            over=YEAR,
            subject=str(row["account_name"]),
        )
        for row in silent.head(ASKED).to_dict("records")
    ]
    if not covered["last_contact_on"].notna().any():
        return asked  # no contact is logged at all: that says nothing about a single account
    known = set(silent["account_id"])
    missed = covered[
        ~covered["in_time"] & (covered["tier"] == "strategic") & ~covered["account_id"].isin(known)
    ]
    return asked + [
        Decision(
            id=f"contact-{row['account_id']}",
            what=Message("Call {name} this week", name=row["account_name"]),
            why=Message("strategic, last met {day:date}", day=row["last_contact_on"]),
            owner="" if pd.isna(row["owner"]) else str(row["owner"]),
            due=due,
            at_stake=float(max(row["revenue"], 0.0)),
            over=YEAR,
            subject=str(row["account_name"]),
        )
        for row in missed.head(ASKED).to_dict("records")
    ]


def calls(expected: pd.DataFrame | None, assigned: pd.DataFrame, *, due: pd.Timestamp) -> list[Call]:
    """Which key accounts will order by then? A probability each, for the next retrospective to grade."""
    if expected is None:
        return []
    keys = assigned[assigned["tier"].isin(["strategic", "core"])].merge(
        expected[["account_id", "buys"]], on="account_id"
    )
    return [
        Call(
            id=f"order-{row['account_id']}",
            kind="account",
            subject=str(row["account_id"]),
            probability=float(row["buys"]),
            due=due.date(),
            text=Message("{account} orders by {due:date}", account=row["account_id"], due=due),
        )
        for row in keys.head(CALLS).to_dict("records")
    ]


def prospects(answers: pd.DataFrame, rate: float | None, *, due: pd.Timestamp) -> list[Call]:
    """Do prospects to promote order sooner than those to drop? All with the usual chance, for the next retrospective to compare."""
    if rate is None:
        return []
    kinds = {"promote": "promoted", "drop": "dropped"}
    return [
        Call(
            id=f"{kinds[row['verdict']]}-{row['account_id']}",
            kind=kinds[row["verdict"]],
            subject=str(row["account_id"]),
            probability=rate,
            due=due.date(),
            text=Message("{account} orders by {due:date}", account=row["account_id"], due=due),
        )
        for verdict in kinds
        for row in answers[answers["verdict"] == verdict].head(CALLS).to_dict("records")
    ]


def changes(silent: pd.DataFrame, month_ago: pd.DataFrame) -> list[Change]:
    """Who fell silent since last month?"""
    before = set(month_ago.loc[month_ago["silent"], "account_id"])
    return [
        Change(
            Message("{name} has fallen silent", name=row["account_name"]),
            size=-float(row["a_year"]),
            numbers=Message(
                "no order for {pause:days}; {money:money} a year", pause=row["pause"], money=row["a_year"]
            ),
            good=False,
        )
        for row in silent.to_dict("records")
        if row["account_id"] not in before
    ]
