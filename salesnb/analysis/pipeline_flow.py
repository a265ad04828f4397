"""What happened to the open pipeline between two month ends? A waterfall that balances to the cent.

Amounts are kept once, as known today; a change of an amount or a date shows only against last month's pack.
"""

from __future__ import annotations

import pandas as pd

from salesnb.calendars.periods import month_end

STEPS = (
    "start", "opened", "revived", "pulled", "grown", "shrunk", "pushed", "won", "lost", "edited", "end",
)  # fmt: skip


def flow(
    opportunities: pd.DataFrame,
    *,
    start: pd.Timestamp,
    reported: pd.DataFrame | None = None,
    due: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """How did open value go from `start` (a month end) to today; with `due`: the value expected to close by that day?

    In: one row per deal as known today; `reported`: the deals that last month's pack showed as open (opportunity_id,
    amount, expected_close_on), None where there is none: today's knowledge stands in. Out: one row per step that occurs,
    in order: step, deals, value (signed; in whole cents, so that start and changes sum to end exactly).

    A deal opened and closed in between counts in both. With `due`, pulled and pushed are deals whose date came into
    the span or left it, at the amount then told, and one that was won or lost before its date was pulled in first. Grown and
    shrunk are new amounts of what was due or came to be. Revived deals were closed then by today's dates, yet are open now. Edited is history that was
    rewritten: deals backdated, removed, or closed in the past.
    """
    told = _still_open(opportunities, start) if reported is None else reported
    deals = opportunities.assign(cents=_cents(opportunities["amount"]))
    known = pd.DataFrame(
        {
            "opportunity_id": told["opportunity_id"],
            "told": _cents(told["amount"]),
            "was_due": told["expected_close_on"],
        }
    ).drop_duplicates("opportunity_id")
    rows = deals.merge(known, on="opportunity_id", how="outer")
    cents, before = rows["cents"].fillna(0), rows["told"].fillna(0)
    reported_open, still = rows["told"].notna(), rows["outcome"].eq("open")
    was_in, is_in = reported_open & _by(rows["was_due"], due), still & _by(rows["expected_close_on"], due)
    born = ~reported_open & (rows["created_on"] > start)
    ended = rows["outcome"].isin(["won", "lost"]) & (rows["closed_on"] > start)
    missed = ended & ~reported_open & ~born
    change = (cents - before).where(reported_open & (ended | is_in), 0)
    appeared = is_in & ~reported_open & ~born
    woke = appeared & (rows["entered_stage_on"] > start)
    gone = was_in & ~still & ~ended
    edits = cents.where((appeared & ~woke) | missed, 0) - before.where(gone, 0)
    moves = {
        "start": before.where(was_in),
        "opened": cents.where(born & (is_in | ended)),
        "revived": cents.where(woke),
        "pulled": before.where(reported_open & ~was_in & (is_in | ended)),
        "grown": change.where(change > 0),
        "shrunk": change.where(change < 0),
        "pushed": -before.where(was_in & still & ~is_in),
        "won": -cents.where(ended & rows["outcome"].eq("won")),
        "lost": -cents.where(ended & rows["outcome"].eq("lost")),
        "edited": edits.where((appeared & ~woke) | missed | gone),
        "end": cents.where(is_in),
    }  # fmt: skip
    found = [(step, int(moves[step].notna().sum()), int(moves[step].sum())) for step in STEPS]
    frame = pd.DataFrame(
        [row for row in found if row[1] or row[0] in ("start", "end")], columns=["step", "deals", "value"]
    )
    return frame.assign(value=frame["value"] / 100)


def due_day(as_of: pd.Timestamp, *, starts: int = 1) -> pd.Timestamp:
    """By which day is a deal due that should still help? The end of the fiscal quarter (the year's first month: `starts`) that
    the day after `as_of` falls in."""
    next_day = as_of + pd.Timedelta(days=1)
    return month_end(next_day + pd.DateOffset(months=2 - (next_day.month - starts) % 3))


def _still_open(opportunities: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The deals that were open on `day` by what is known today."""
    closed = opportunities["closed_on"].notna() & (opportunities["closed_on"] <= day)
    return opportunities[(opportunities["created_on"] <= day) & ~closed]


def _cents(amount: pd.Series) -> pd.Series:
    return (amount.fillna(0) * 100).round().astype("int64")


def _by(day: pd.Series, due: pd.Timestamp | None) -> pd.Series:
    """Is the day by `due`? All are where there is none; a missing day is not."""
    return pd.Series(True, index=day.index) if due is None else pd.to_datetime(day) <= due


def balances(flow: pd.DataFrame) -> bool:
    """Do start and changes sum to end, to the cent?"""
    cents = (flow.set_index("step")["value"] * 100).round().astype("int64")
    return int(cents.drop("end").sum()) == int(cents["end"])


def moved_dates(opportunities: pd.DataFrame, reported: pd.DataFrame | None) -> pd.DataFrame:
    """Which open deals were pushed out or pulled in since last month's pack? One row per deal whose expected close moved:
    opportunity_id, account_name, rep_name, amount, from_on, to_on, days (later is positive), the largest amount first."""
    columns = ["opportunity_id", "account_name", "rep_name", "amount", "from_on", "to_on", "days"]
    if reported is None:
        return pd.DataFrame(columns=columns)
    still = opportunities[opportunities["outcome"] == "open"]
    earlier = reported[["opportunity_id", "expected_close_on"]].rename(
        columns={"expected_close_on": "from_on"}
    )
    both = still.merge(earlier, on="opportunity_id").rename(columns={"expected_close_on": "to_on"})
    both["days"] = (both["to_on"] - both["from_on"]).dt.days
    moved = both[both["days"].fillna(0) != 0]
    return moved.sort_values("amount", ascending=False, kind="stable")[columns].reset_index(drop=True)
