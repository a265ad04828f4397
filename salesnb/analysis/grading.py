"""Were last month's calls right? Probabilities against what came, forecasts against their interval, decisions against deeds.

Every function takes `calls`, one row per call of last month's pack (id, kind, subject, probability, amount, low, high, due,
text, owner, made_on), and grades what is known by `as_of`; a call whose day has not come is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import month_start
from salesnb.results.months import Grade

ANSWERED = ("made_on", "answer", "answered_by", "note", "answered_on")  # of a decision, where people answered
SCORED = 10
GRADED = ["subject", "text", "probability", "amount", "came"]


def grade_accounts(
    calls: pd.DataFrame, order_days: pd.DataFrame, *, as_of: pd.Timestamp, kind: str = "account"
) -> pd.DataFrame:
    """Did the accounts order that were expected to? One row per call of the kind (account, promoted, dropped) due by `as_of`; came: it
    ordered by then."""
    due = calls[(calls["kind"] == kind) & (calls["due"] <= as_of) & calls["probability"].notna()]
    return _graded(due, _ordered(due, order_days, until=due["due"]))


def grade_silence(calls: pd.DataFrame, order_days: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Were the accounts lost that had fallen silent? One row per call of kind silence; came: no order since."""
    silent = calls[calls["kind"] == "silence"]
    until = pd.Series(as_of, index=silent.index)
    return _graded(silent, ~_ordered(silent, order_days, until=until))


def grade_deals(calls: pd.DataFrame, opportunities: pd.DataFrame) -> pd.DataFrame:
    """How did the deals at risk end? One row per call of kind deal whose deal is closed now; came: it was won."""
    outcomes = opportunities.set_index("opportunity_id")["outcome"]
    deals = calls[(calls["kind"] == "deal") & calls["probability"].notna()]
    outcome = deals["subject"].map(outcomes)
    closed = outcome.isin(["won", "lost"])
    return _graded(deals[closed], outcome[closed] == "won")


def grade_forecasts(calls: pd.DataFrame, bookings: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Did the months' bookings fall into the intervals that were forecast?

    One row per month due by `as_of`: due, amount, low, high, actual, inside.
    """
    months = calls[(calls["subject"] == "bookings.month") & (calls["due"] <= as_of)]
    actual = [
        float(bookings.loc[bookings["day"].between(month_start(due), due), "net_amount"].sum())
        for due in months["due"]
    ]
    table = months[["due", "amount", "low", "high"]].assign(
        actual=pd.Series(actual, months.index, dtype=float)
    )
    return table.assign(inside=table["actual"].between(table["low"], table["high"])).reset_index(drop=True)


def decisions(
    calls: pd.DataFrame,
    *,
    actions: pd.DataFrame,
    order_days: pd.DataFrame,
    opportunities: pd.DataFrame,
    as_of: pd.Timestamp,
    contacts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What became of the decisions that were asked for?

    In: `actions` with status; `contacts`: account_id, last_contact_on (None where nobody knows); the account, deal or action that a
    decision is about is the second half of its id, the number of the oldest deals to close its subject. One row per
    decision, most money first: text, owner, due, amount, late (its day has passed), fate: done, ordered, met, won, lost, not yet
    (the data show that it has not come), or unseen (no table could show it).
    """
    asked = calls[calls["kind"] == "decision"].copy()
    about = asked["id"].str.split("-", n=1)
    kind, member = about.str[0], about.str[1]
    fate = pd.Series("unseen", index=asked.index, dtype=object)
    status = member.map(actions.drop_duplicates("action_id").set_index("action_id")["status"])
    fate = fate.mask((kind == "action") & status.notna(), "not yet").mask(
        (kind == "action") & (status == "done"), "done"
    )
    silent = asked.assign(subject=member)[kind == "silent"]
    came = _ordered(silent, order_days, until=pd.Series(as_of, index=silent.index))
    fate.loc[silent.index] = np.where(came, "ordered", "not yet")
    if contacts is not None:
        last = member.map(contacts.drop_duplicates("account_id").set_index("account_id")["last_contact_on"])
        asked_after = kind.isin(["silent", "contact"]) & (fate != "ordered")
        met = pd.to_datetime(last) > pd.to_datetime(asked["made_on"])
        fate = fate.mask(asked_after, met.map({True: "met", False: "not yet"}))
    old = asked[(kind == "funnel") & (member == "zombies")]
    cleared = [_cleared(row, opportunities, as_of) for row in old.to_dict("records")]
    fate = fate.mask(fate.index.isin(old.index), pd.Series(cleared, index=old.index, dtype=object))
    outcome = member.map(
        opportunities.drop_duplicates("opportunity_id").set_index("opportunity_id")["outcome"]
    )
    fate = fate.mask((kind == "deal") & outcome.notna(), outcome.replace("open", "not yet"))
    table = asked.assign(fate=fate, late=(asked["due"] <= as_of) & fate.isin(["not yet", "unseen"]))
    answers = [name for name in ANSWERED if name in table]
    if "answered_on" in answers:
        since = pd.to_datetime(table["answered_on"]) - pd.to_datetime(table["made_on"])
        table["after"] = since.dt.days.astype(float)
        answers.append("after")
    return table.sort_values(
        ["amount", "id"], ascending=[False, True], na_position="last", ignore_index=True
    )[["id", "text", "owner", "due", "amount", "fate", "late", *answers]]


def worked(fates: pd.DataFrame) -> pd.DataFrame:
    """Which kinds of decision came about more often where they were taken than where they were not?

    In: `decisions` with answers. One row per kind with an answer and an outcome that the data show: kind, taken and came_taken (how many of them came about), others and
    came_others (answered not taken or later), p_value (Fisher's exact test, two-sided), difference (of the two shares), conclusion: found
    where it is beyond chance over all kinds (Holm), else cannot_tell. People choose what they take: a comparison, no proof.
    """
    columns = ["kind", "taken", "came_taken", "others", "came_others", "difference", "p_value", "conclusion"]
    if fates.empty or "answer" not in fates:
        return pd.DataFrame(columns=columns)
    seen = fates[fates["answer"].notna() & (fates["fate"] != "unseen")]
    came, taken = ~seen["fate"].isin(["not yet", "lost"]), seen["answer"] == "taken"
    rows = []
    for kind, own in seen.groupby(seen["id"].str.split("-", n=1).str[0]):
        a, n = int((came & taken)[own.index].sum()), int(taken[own.index].sum())
        b, m = int((came & ~taken)[own.index].sum()), int((~taken)[own.index].sum())
        apart = a / n - b / m if n and m else np.nan
        chance = float(fisher_exact([[a, n - a], [b, m - b]])[1]) if n and m else np.nan
        rows.append((kind, n, a, m, b, apart, chance))
    table = pd.DataFrame(rows, columns=columns[:-1])
    beyond = beyond_noise(table["p_value"]) if len(table) else np.zeros(0, dtype=bool)
    return table.assign(conclusion=np.where(beyond, "found", "cannot_tell")).sort_values(
        ["taken", "kind"], ascending=[False, True], ignore_index=True
    )


def _cleared(call: Mapping[Any, Any], opportunities: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Are the oldest deals that were open when the call was made closed, or due on a day to come? The call's subject is their number."""
    if not str(call["subject"]).isdigit():
        return "unseen"
    made = pd.Timestamp(call["made_on"])
    then = opportunities[
        (opportunities["created_on"] <= made)
        & ((opportunities["outcome"] == "open") | (opportunities["closed_on"] > made))
    ]
    oldest = then.sort_values(["created_on", "opportunity_id"]).head(int(call["subject"]))
    dealt_with = (oldest["outcome"] != "open") | (oldest["expected_close_on"] > as_of)
    return "done" if len(oldest) and bool(dealt_with.all()) else "not yet"


def _ordered(calls: pd.DataFrame, order_days: pd.DataFrame, *, until: pd.Series) -> pd.Series:
    """Which of the accounts (`subject`) ordered after their call was made and by its last day?"""
    orders = order_days.loc[order_days["is_order"].astype(bool), ["account_id", "day"]]
    spans = calls[["subject", "made_on"]].assign(until=until, call=calls.index)
    seen = spans.merge(orders, left_on="subject", right_on="account_id")
    seen = seen[(seen["day"] > seen["made_on"]) & (seen["day"] <= seen["until"])]
    return pd.Series(calls.index.isin(seen["call"]), index=calls.index, dtype=bool)


def _graded(calls: pd.DataFrame, came: pd.Series) -> pd.DataFrame:
    return calls.assign(came=came.astype(bool))[GRADED].reset_index(drop=True)


def grade(graded: pd.DataFrame) -> Grade | None:
    """Were the probabilities worth having? None without calls."""
    if graded.empty:
        return None
    probability, came = graded["probability"].astype(float), graded["came"].astype(float)
    return Grade(
        calls=len(graded),
        expected=float(probability.sum()),
        came=int(came.sum()),
        brier=float(((probability - came) ** 2).mean()),
        base_brier=float(came.mean() * (1 - came.mean())),
    )


def scorecard(graded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Which kinds of calls were worth having? In: kind → its graded calls. One row per kind with calls: kind, calls, expected,
    came, brier, base_brier (both missing below ten calls, where a score says nothing)."""
    rows = [{"kind": kind, **asdict(found)} for kind, calls in graded.items() if (found := grade(calls))]
    table = pd.DataFrame(rows, columns=["kind", "calls", "expected", "came", "brier", "base_brier"])
    scores = ["brier", "base_brier"]
    return table.assign(**table[scores].astype(float).where(table["calls"] >= SCORED))


def calibration(graded: pd.DataFrame) -> pd.DataFrame:
    """In fifths of probability: what was said and what came. One row per filled fifth: low, high, calls, said, came."""
    bands = np.minimum((graded["probability"].astype(float) * 5).astype(int), 4)
    table = (
        graded.assign(band=bands)
        .groupby("band")
        .agg(calls=("came", "size"), said=("probability", "mean"), came=("came", "mean"))
    )
    table = table.reset_index()
    table.insert(0, "low", table["band"] / 5)
    table.insert(1, "high", (table.pop("band") + 1) / 5)
    return table.astype({"said": float, "came": float})
