"""Whom did we call after an event, how soon, and who has not been called yet?

An event is answered within thirty days by talking to those whom it concerns: the account that it names, or the largest buyers of its product
line. Beside them stands how many of them are met in thirty days anyway. What was agreed after it is read from the actions whose words name
the line or the account. It says what was done, and nothing of what that brought: whoever is called first differs from the others.
"""

from __future__ import annotations

import re

import pandas as pd

SPAN, SPANS = 30, 12  # days of an answer; spans of as many days before the event (facts.event_contacts)
ANSWERED = ("publicity", "price_war", "decision_change", "departure")  # kinds after which one calls


def responses(
    contacts: pd.DataFrame, actions: pd.DataFrame, accounts: pd.DataFrame, *, until: pd.Timestamp
) -> pd.DataFrame:
    """How was each event of the last twelve months answered?

    `contacts`: facts.event_contacts; `actions` (raised_on, done_on, description, goal); `accounts` (account_id, account_name); `until`: the day
    up to which activities are known. One row per event of `ANSWERED` whose thirty days lie before that day, the most money that nobody called first: happened_on,
    kind, subject (the line, or the account's name), on_line (whether it is the line), customers, met (of them within thirty days), usual (of them in thirty days of the year
    before), bought (their money of the year before), unmet (money of those not met in time), never (not met to this day), agreed (the first action after
    it that names its subject; missing where none does), done_on (of that action).
    """
    rows = _named(contacts, accounts, until=until)
    columns = ["happened_on", "kind", "subject", "on_line", "customers", "met", "usual", "bought", "unmet", "never", "agreed", "done_on"]  # fmt: skip
    if rows.empty:
        return pd.DataFrame(columns=columns)
    table = (
        rows.assign(
            usual=rows["spans_met"] / SPANS, never=rows["first_on"].isna(), unmet=rows["bought"].where(~rows["met"], 0.0)
        )
        .groupby(["happened_on", "kind", "subject", "on_line"], as_index=False)
        .agg(
            customers=("account_id", "size"), met=("met", "sum"), usual=("usual", "sum"), bought=("bought", "sum"),
            unmet=("unmet", "sum"), never=("never", "sum"),
        )
    )  # fmt: skip
    first = [
        _agreed(str(name), day, actions)
        for name, day in zip(table["subject"], table["happened_on"], strict=True)
    ]
    table["agreed"] = pd.Series([text for text, _ in first], index=table.index, dtype=object)
    table["done_on"] = pd.to_datetime(pd.Series([day for _, day in first], index=table.index))
    return table.sort_values(["unmet", "happened_on"], ascending=[False, False], ignore_index=True)[columns]


def uncalled(
    contacts: pd.DataFrame, accounts: pd.DataFrame, owners: pd.DataFrame, *, until: pd.Timestamp
) -> pd.DataFrame:
    """Whom did nobody call within thirty days of an event, and whom not to this day?

    In: as `responses`, and owners (account_id, owner). One row per event × account not met in time, those not met yet first, then most money:
    account_id, account_name, owner (missing where nobody is known), happened_on, kind, subject, bought, first_on (NaT: not yet).
    """
    rows = _named(contacts, accounts, until=until)
    rows = rows[~rows["met"].astype(bool)].merge(
        owners[["account_id", "owner"]].drop_duplicates("account_id"), on="account_id", how="left"
    )
    rows = rows.assign(waits=rows["first_on"].notna()).sort_values(
        ["waits", "bought", "account_id"], ascending=[True, False, True], ignore_index=True
    )
    return rows[
        ["account_id", "account_name", "owner", "happened_on", "kind", "subject", "bought", "first_on"]
    ]


def _named(contacts: pd.DataFrame, accounts: pd.DataFrame, *, until: pd.Timestamp) -> pd.DataFrame:
    """The contacts of events that are to be answered and whose time is over: with account_name, subject and met."""
    days = pd.Timedelta(days=SPAN)
    rows = contacts[contacts["kind"].isin(ANSWERED) & (contacts["happened_on"] + days <= until)]
    names = accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
    name = rows["account_id"].map(names).fillna(rows["account_id"])
    first = rows["first_on"].where(rows["first_on"] <= until)
    return rows.assign(
        account_name=name, subject=rows["product_line"].where(rows["on_line"].astype(bool), name), first_on=first,
        met=(first - rows["happened_on"] <= days),
    )  # fmt: skip


def _agreed(name: str, day: pd.Timestamp, actions: pd.DataFrame) -> tuple[str | None, object]:
    """The first action raised within thirty days after an event whose words name its subject, and the day on which it was done."""
    own = actions[actions["raised_on"].between(day, day + pd.Timedelta(days=SPAN))]
    words = own["description"].fillna("").astype(str) + " " + own["goal"].fillna("").astype(str)
    whole = (
        rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name)
    )  # Chinese writes no spaces
    own = own[words.str.contains(whole, case=False, regex=True)].sort_values("raised_on")
    return (str(own["description"].iloc[0]), own["done_on"].iloc[0]) if len(own) else (None, pd.NaT)
