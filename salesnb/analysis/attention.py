"""Whom should we see next, and what hangs on it? The account lists of the customer page, named and with an owner."""

from __future__ import annotations

import pandas as pd

from salesnb.calendars.periods import month_ends
from salesnb.language import Message

KEY_TIERS = ("strategic", "core")
TRIAL_DAYS = 180
FALL = 2.0  # points of satisfaction between two surveys
LOW_SCORE = 6.0


def named(frame: pd.DataFrame, accounts: pd.DataFrame, owners: pd.DataFrame) -> pd.DataFrame:
    """The same rows with account_name (the id where none is known), region and owner (missing where nobody is known)."""
    places = accounts[["account_id", "account_name", "region"]].drop_duplicates("account_id")
    table = frame.merge(places, on="account_id", how="left")
    table = table.merge(
        owners[["account_id", "owner"]].drop_duplicates("account_id"), on="account_id", how="left"
    )
    return table.assign(account_name=table["account_name"].fillna(table["account_id"]))


def unseen(
    contacts: pd.DataFrame, *, until: pd.Timestamp | None = None, as_of: pd.Timestamp | None = None
) -> Message | None:
    """Why nobody can say whom we met: no activity of the company names an account (`contacts`: one row per account met), or they
    end `until` a day before the month of `as_of`. None where it can be said."""
    if contacts.empty:
        return Message("no activity names an account, so nobody can say who was met")
    if until is not None and as_of is not None and until < as_of:
        return Message("the activities end on {day:date}: who was met since then is not known", day=until)
    return None


def silent(rhythm: pd.DataFrame, assigned: pd.DataFrame) -> pd.DataFrame:
    """Which strategic and core accounts pause beyond their own rhythm?

    In: `rhythm.silence` and `tiers.assign`. Out: its rows of the key accounts that alarm, most money a year first, with tier.
    """
    table = rhythm.merge(assigned[["account_id", "tier"]], on="account_id")
    table = table[table["silent"] & table["tier"].isin(KEY_TIERS)]
    return table.sort_values(["a_year", "account_id"], ascending=[False, True], ignore_index=True)


def watched(rhythm: pd.DataFrame, assigned: pd.DataFrame) -> int:
    """How many key accounts have a rhythm that could be held against them?"""
    known = rhythm.loc[rhythm["chance"].notna(), "account_id"]
    return int((assigned["tier"].isin(KEY_TIERS) & assigned["account_id"].isin(known)).sum())


def contact_trail(
    covered: pd.DataFrame, months: pd.DataFrame, *, as_of: pd.Timestamp
) -> list[tuple[pd.Timestamp, float | None]]:
    """What share of today's key accounts had been met in time at each of the last thirteen month ends? (day, share), oldest first.

    In: `tiers.coverage` (account_id, limit in days); one row per account × month with the last contact in it (account_id,
    last_on). The tiers of today are kept, so that the trail shows the contacts and not the accounts that moved. Empty
    without a key account or a contact.
    """
    if covered.empty or months.empty:
        return []
    met = covered[["account_id", "limit"]].merge(months, on="account_id")
    trail: list[tuple[pd.Timestamp, float | None]] = []
    for end in month_ends(as_of, 13):
        known = met[met["last_on"] <= end]
        since = (end - known.groupby("account_id")["last_on"].max()).dt.days
        limits = known.groupby("account_id")["limit"].first()
        trail.append((end, float((since <= limits).sum()) / len(covered)))
    return trail


def trials(assigned: pd.DataFrame, contacts: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which potential accounts deserve a trial or a senior adviser?

    Those that grew most, by money of the last six months over the six before, and had neither a trial nor an executive
    meeting in 180 days. Out: one row per account: account_id, revenue, recent, before, growth, contacts_90d.
    """
    table = assigned[assigned["tier"] == "potential"].merge(
        contacts[["account_id", "last_trial_on", "last_executive_on", "contacts_90d"]],
        on="account_id",
        how="left",
    )
    since = as_of - pd.Timedelta(days=TRIAL_DAYS)
    served = (table["last_trial_on"] > since) | (table["last_executive_on"] > since)
    table = table.assign(
        growth=table["recent"] - table["before"], contacts_90d=table["contacts_90d"].fillna(0)
    )
    table = table[~served & (table["growth"] > 0)]
    columns = ["account_id", "revenue", "recent", "before", "growth", "contacts_90d"]
    return table.sort_values(["growth", "account_id"], ascending=[False, True], ignore_index=True)[columns]


def discontent(surveys: pd.DataFrame, assigned: pd.DataFrame) -> pd.DataFrame:
    """Which key accounts became less content, by two points or more, or score at most six?

    Out: one row per account, most revenue first: account_id, tier, revenue, score, previous_score, change, surveyed_on.
    """
    keys = assigned.loc[assigned["tier"].isin(KEY_TIERS), ["account_id", "tier", "revenue"]]
    table = keys.merge(surveys, on="account_id")
    table["change"] = table["score"] - table["previous_score"]
    table = table[(table["change"] <= -FALL) | (table["score"] <= LOW_SCORE)]
    return table.sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)
