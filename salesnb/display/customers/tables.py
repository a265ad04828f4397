"""Whom to call, who moved, who is due: the account lists."""

from __future__ import annotations

import pandas as pd

from salesnb.display.customers.prose import QUESTIONS
from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import ACCOUNT
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.language import Message, Written, marked

TIER_NAMES = {
    "strategic": marked("Strategic"),
    "core": marked("Core"),
    "potential": marked("Potential"),
    "opportunity": marked("Opportunity"),
}
VERDICTS = {
    "promote": marked("promote"),
    "ask": marked("ask"),
    "hold": marked("hold"),
    "drop": marked("drop"),
    "win_back": marked("win back"),
}


def _tiered(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return worded(
        frame, **{column: [Message(TIER_NAMES[tier]) for tier in frame[column]] for column in columns}
    )


def tiers(summary: pd.DataFrame) -> Exhibit | None:
    """One row per tier with its accounts, revenue and effort."""
    return exhibit.table(
        _tiered(summary, "tier"),
        name="tiers",
        finding=Message("The four tiers, their revenue and the time they get"),
        subtitle=Message(
            "Revenue of twelve months; contacts and hours of the last 90 days; hours that the plan asks a month"
        )
        if summary["effort_share"].notna().any()
        else Message("Revenue of twelve months; hours that the plan asks a month"),
        columns={
            "tier": Column(marked("Tier")),
            "accounts": Column(marked("Accounts"), "count"),
            "revenue": Column(marked("Revenue"), "money", bar=True),
            "revenue_share": Column(marked("Revenue share"), "share"),
            "contacts": Column(marked("Contacts"), "count", secondary=True),
            "hours": Column(marked("Hours spent"), "number", secondary=True),
            "hours_needed": Column(marked("Hours a month, plan"), "number", secondary=True),
        },
        total={"accounts": int(summary["accounts"].sum()), "revenue": float(summary["revenue"].sum())},
    )


def call_list(covered: pd.DataFrame) -> Exhibit | None:
    """The key accounts that were not met in time, most revenue first."""
    late = covered[~covered["in_time"]]
    return exhibit.table(
        _tiered(late, "tier"),
        name="call_list",
        finding=Message("To call this week: {n:count} key accounts", n=len(late)),
        subtitle=Message(
            "Strategic and core accounts without an activity inside their contact interval; revenue of twelve months"
        ),
        columns={
            **ACCOUNT,
            "revenue": Column(marked("Revenue"), "money", bar=True),
            "last_contact_on": Column(marked("Last contact"), "date"),
            "days": Column(marked("Since"), "days"),
            "limit": Column(marked("Limit"), "days", secondary=True),
            "owner": Column(marked("Owner")),
        },
    )


def silence(silent: pd.DataFrame) -> Exhibit | None:
    """Who owns the silent accounts, and how unlikely is the pause?"""
    return exhibit.table(
        _tiered(silent, "tier"),
        name="silent_list",
        finding=Message("Whose accounts they are"),
        subtitle=Message(
            "Chance: how often an account with this rhythm would pause so long; revenue of the year up to the last order"
        ),
        columns={
            **ACCOUNT,
            "last_on": Column(marked("Last order"), "date"),
            "chance": Column(marked("Chance"), "percent"),
            "a_year": Column(marked("A year's revenue"), "money", bar=True),
            "owner": Column(marked("Owner")),
        },
    )


def calendar(ahead: pd.DataFrame) -> Exhibit | None:
    """Who orders when: the middle day, the days that hold half and four fifths of the chance, and what is to stand ready."""
    within = worded(
        ahead,
        **{
            f"within_{level}": [
                Message("{first:day} to {last:day}", first=first, last=last)
                for first, last in zip(ahead[f"from_{level}"], ahead[f"to_{level}"], strict=True)
            ]
            for level in (50, 80)
        },
        money_within=[
            "" if pd.isna(low) else Message("{low:money} to {high:money}", low=low, high=high)
            for low, high in zip(ahead["money_low"], ahead["money_high"], strict=True)
        ],
    )
    return exhibit.table(
        _tiered(within, "tier"),
        name="purchase_calendar",
        finding=Message("The next ninety days: {n:count} accounts", n=len(ahead)),
        subtitle=Message(
            "Chance of an order in ninety days, and if one comes, the likely day and the days that hold half and four fifths of the chance; who is silent beyond its rhythm is left out"
        ),
        columns={
            **ACCOUNT,
            "likely_on": Column(marked("Likely"), "day"),
            "within_50": Column(marked("1 in 2 within")),
            "within_80": Column(marked("4 in 5 within"), secondary=True),
            "buys_90": Column(marked("Orders in 90 days"), "percent"),
            "product_line": Column(marked("Line"), secondary=True),
            "money_90": Column(marked("Expected"), "money", bar=True),
            "money_within": Column(marked("Money, 4 in 5 within"), secondary=True),
            "hours_90": Column(marked("Support hours"), "count", secondary=True),
            "owner": Column(marked("Owner"), secondary=True),
        },
        fold=8,
    )


def load(spans: pd.DataFrame) -> Exhibit | None:
    """What comes in each thirty days, and the support that it takes."""
    told = worded(
        spans,
        span=[
            Message("day {first} to {last}", first=int(days) - 29, last=int(days)) for days in spans["days"]
        ],
    )
    hours = {
        "hours": Column(marked("Support hours"), "count"),
        "capacity": Column(marked("Hours there are"), "count"),
    }
    return exhibit.table(
        told,
        name="support_ahead",
        finding=Message("What the next ninety days bring and take"),
        subtitle=Message("Order days and money expected of strategic, core and potential accounts"),
        columns={
            "span": Column(marked("From today")),
            "orders": Column(marked("Order days"), "count"),
            "money": Column(marked("Expected"), "money"),
            **{name: column for name, column in hours.items() if spans[name].notna().any()},
        },
    )


def moved(movements: pd.DataFrame) -> Exhibit | None:
    """Who moved tier since a quarter ago, largest change of revenue first."""
    return exhibit.table(
        _tiered(movements, "from_tier", "to_tier"),
        name="moved_accounts",
        finding=Message(
            "{up:count} accounts went up a tier, {down:count} down",
            up=int((movements["direction"] == "up").sum()),
            down=int((movements["direction"] == "down").sum()),
        ),
        subtitle=Message(
            "Tiers three months ago and now; revenue of the twelve months up to then and up to now"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "from_tier": Column(marked("From")),
            "to_tier": Column(marked("To")),
            "revenue_before": Column(marked("Revenue then"), "money", secondary=True),
            "revenue": Column(marked("Revenue now"), "money", secondary=True),
            "change": Column(marked("Change"), "money", signed=True),
        },
    )


def screened(answers: pd.DataFrame) -> Exhibit | None:
    """Prospects of the opportunity tier that pass the screen first, those to drop last."""
    prospects = answers[answers["verdict"] != "win_back"]
    if (prospects["missing"] == QUESTIONS).all():
        return None
    rows = worded(
        prospects,
        verdict=[Written("sentence", Message(VERDICTS[verdict])) for verdict in prospects["verdict"]],
    )
    return exhibit.table(
        rows,
        name="screened_accounts",
        finding=Message(
            "{promote:count} pass the screen, {drop:count} can be dropped, {ask:count} lack answers",
            **{verdict: int((answers["verdict"] == verdict).sum()) for verdict in ("promote", "drop", "ask")},
        ),
        subtitle=Message(
            "Prospects, who have never ordered, by industry fit, budget and access to the decision, as the plan asks"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "verdict": Column(marked("Verdict")),
            "industry_fit": Column(marked("Fit"), "percent"),
            "budget": Column(marked("Budget"), "money"),
            "owner": Column(marked("Owner")),
        },
    )


def to_win_back(answers: pd.DataFrame) -> Exhibit | None:
    """Customers in decline, with what their best twelve months brought."""
    rows = answers[answers["verdict"] == "win_back"]
    known = rows["best_year"].notna().any()  # not in the first two years of records
    return exhibit.table(
        rows.assign(lost=rows["best_year"] - rows["revenue"].clip(lower=0)),
        name="win_back",
        finding=Message("To win back: {n:count} customers in decline", n=len(rows)),
        subtitle=Message(
            "Customers that buy less than half a year ago: their best twelve months, and what they brought in the last twelve"
        )
        if known
        else Message("Customers that buy less than half a year ago, and what they brought in twelve months"),
        columns={
            "account_name": Column(marked("Account")),
            **({"best_year": Column(marked("Best year"), "money", bar=True)} if known else {}),
            "revenue": Column(marked("Last twelve months"), "money"),
            "owner": Column(marked("Owner")),
        },
    )


def discontent(surveys: pd.DataFrame) -> Exhibit | None:
    """Key accounts that are less content than before."""
    return exhibit.table(
        _tiered(surveys, "tier"),
        name="discontent_accounts",
        finding=Message("Low or falling: {n:count} key accounts", n=len(surveys)),
        subtitle=Message("Latest score (0 to 10) and the one before; revenue of twelve months"),
        columns={
            "account_name": Column(marked("Account")),
            "score": Column(marked("Score"), "number"),
            "previous_score": Column(marked("Before"), "number"),
            "revenue": Column(marked("Revenue"), "money", bar=True),
            "surveyed_on": Column(marked("Surveyed"), "date", secondary=True),
            "owner": Column(marked("Owner")),
        },
    )
