"""What happened to the open pipeline between two month ends? A waterfall that balances to the cent.

Amounts are kept once, as known today; a change of an amount or a date shows only against last month's pack.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

STEPS = ("start", "opened", "grown", "shrunk", "won", "lost", "revived", "edited", "end")


def flow(
    opportunities: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
    reported: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How did open value go from `start` (a month end) to `as_of`?

    In: one row per deal as known at `as_of`; `reported`: the deals that last month's pack showed as open (opportunity_id,
    amount), None where there is none. Out: one row per step that occurs, in order: step, deals, value (signed; in whole
    cents, so that start and changes sum to end exactly). Opened deals enter at today's amount; a deal opened and closed
    in between counts in both. Against `reported`, grown and shrunk are new amounts, revived deals were closed then by
    today's dates yet open now, and edited is history that was rewritten: deals backdated, removed, or reopened in the past.
    """
    cents = (opportunities["amount"].fillna(0) * 100).round().astype("int64")
    deals = opportunities.assign(cents=cents)
    was_born = deals["created_on"] <= start
    was_closed = deals["closed_on"].notna() & (deals["closed_on"] <= start)
    was_open, now_open = was_born & ~was_closed, deals["outcome"] == "open"
    steps: dict[str, tuple[int, int]] = {}
    if reported is None:
        steps["start"] = _sum(deals[was_open])
    else:
        told = reported.drop_duplicates("opportunity_id").set_index("opportunity_id")["amount"]
        told_cents = (told.fillna(0) * 100).round().astype("int64")
        steps["start"] = (len(told_cents), int(told_cents.sum()))
        known = deals["opportunity_id"].map(told_cents)
        change = (deals["cents"] - known).where(known.notna() & was_open).fillna(0).astype("int64")
        steps["grown"] = (int((change > 0).sum()), int(change[change > 0].sum()))
        steps["shrunk"] = (int((change < 0).sum()), int(change[change < 0].sum()))
        revived = deals[was_open & known.isna() & deals["entered_stage_on"].gt(start) & now_open]
        added = deals[was_open & known.isna() & ~deals.index.isin(revived.index)]
        gone = told_cents[~told_cents.index.isin(deals.loc[was_open, "opportunity_id"])]
        steps["revived"] = _sum(revived)
        steps["edited"] = (len(added) + len(gone), int(added["cents"].sum() - gone.sum()))
    steps["opened"] = _sum(deals[~was_born])
    ended = (was_open | ~was_born) & ~now_open
    for outcome in ("won", "lost"):
        number, value = _sum(deals[ended & (deals["outcome"] == outcome)])
        steps[outcome] = (number, -value)
    steps["end"] = _sum(deals[now_open])
    rows = [(step, *steps[step]) for step in STEPS if step in ("start", "end") or steps.get(step, (0, 0))[0]]
    frame = pd.DataFrame(rows, columns=["step", "deals", "value"])
    return frame.assign(value=frame["value"] / 100)


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


def by_month(opportunities: pd.DataFrame, *, ends: list[pd.Timestamp]) -> pd.DataFrame:
    """Is more opened than closed? One row per span between two `ends`: month (its last day), opened, won, lost (Σ amount as
    known today; won and lost of deals whenever opened)."""
    rows = []
    for start, end in pairwise(ends):
        closed = opportunities[opportunities["closed_on"].between(start + pd.Timedelta(days=1), end)]
        opened = opportunities[opportunities["created_on"].between(start + pd.Timedelta(days=1), end)]
        won = float(closed.loc[closed["outcome"] == "won", "amount"].sum())
        rows.append(
            (
                end,
                float(opened["amount"].sum()),
                won,
                float(closed.loc[closed["outcome"] == "lost", "amount"].sum()),
            )
        )
    return pd.DataFrame(rows, columns=["month", "opened", "won", "lost"])


def _sum(deals: pd.DataFrame) -> tuple[int, int]:
    return len(deals), int(deals["cents"].sum())
