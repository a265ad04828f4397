"""Which number is a decision's own, and of whom? By month: a customer's orders, the win rate of a person, team or line, a team's discounts, visits and leads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from salesnb.analysis.decisions.matching import Measure
from salesnb.audience import LEADS
from salesnb.calendars.periods import month_start

OWN = {  # what a pack's decision is about, by the first part of its id → the measure of its member
    "silent": "orders:account_id",
    "contact": "orders:account_id",
    "coaching": "win_rate:rep_id",
    "funnel-line": "win_rate:product_line",
    "line": "orders:product_line",
}
METRICS = {  # of an action, as people name them → the measure of the owner's team, else of the owner
    "win_rate": ("win_rate", "winrate", "赢单率", "赢率"),
    "discount": ("pricing", "discount", "折扣", "价格", "定价"),
    "visits": ("visits", "visit", "拜访", "拜访量"),
    "leads": ("leads", "lead", "线索", "线索数"),
    "orders": ("orders", "bookings", "订单额", "订单"),
}
DECIDED = ["id", "kind", "member", "measure", "day", "text", "owner", "late", "taken"]
CLOSED = 3.0  # deals in a quarter, below which a win rate says nothing
TAKEN = ("done", "met")  # what shows that a decision without an answer was taken


def measures(
    order_days: pd.DataFrame,
    bookings: pd.DataFrame,
    deals: pd.DataFrame,
    acts: pd.DataFrame | None,
    leads: pd.DataFrame,
    people: pd.DataFrame,
    *,
    since: pd.Timestamp,
    as_of: pd.Timestamp,
) -> dict[str, Measure]:
    """Every number that a decision could be about, from the first whole month since `since` to the month of `as_of`.

    In: `facts.order_days`, `bookings`, `opportunities`, `activity_days` (None: who was met is not known), `leads`, `reps`. A measure of which the data say nothing is left out: it is not zero.
    """
    first = month_start(since) + pd.DateOffset(months=int(since.day > 1))
    months = pd.date_range(first, month_start(as_of), freq="MS")
    home = people.drop_duplicates("rep_id").set_index("rep_id")["team"]

    def by(rows: pd.DataFrame, member: str, value: str) -> pd.DataFrame:
        known = rows[rows[member].notna() & rows[value].notna() & (rows["day"] >= first)]
        month = known["day"].dt.to_period("M").dt.to_timestamp()
        table = known.pivot_table(index=member, columns=month, values=value, aggfunc="sum", fill_value=0.0)
        return table.reindex(columns=months, fill_value=0.0).astype(float)

    closed = deals[deals["outcome"].isin(["won", "lost"])]
    closed = closed.assign(day=closed["closed_on"], one=1.0, won=closed["outcome"].eq("won").astype(float))
    found = {"orders:account_id": Measure(by(order_days, "account_id", "net_amount"))}
    for member in ("team", "rep_id", "product_line"):
        found[f"orders:{member}"] = Measure(by(bookings, member, "net_amount"))
        won, all_closed = by(closed, member, "won"), by(closed, member, "one")
        found[f"win_rate:{member}"] = Measure(won, all_closed.reindex(won.index), CLOSED)
        if member == "product_line":
            continue
        listed = bookings[bookings["list_amount"] > 0]
        listed = listed.assign(cut=listed["list_amount"] - listed["net_amount"])
        cut, whole = by(listed, member, "cut"), by(listed, member, "list_amount")
        found[f"discount:{member}"] = Measure(cut, whole.reindex(cut.index), good=-1)
        found[f"leads:{member}"] = Measure(by(leads, member, "created"))
        if acts is not None:
            visits = acts[acts["kind"] == "visit"].assign(team=lambda rows: rows["rep_id"].map(home))
            found[f"visits:{member}"] = Measure(by(visits, member, "count"))
    return {name: one for name, one in found.items() if len(one.over) and len(months)}


def decided(
    fates: pd.DataFrame, actions: pd.DataFrame, people: pd.DataFrame, *, since: pd.Timestamp
) -> pd.DataFrame:
    """Every decision since a day that was taken or declined, with the number that is its own.

    `fates`: `grading.decisions` of the year; `actions`: of `action_status`; `people`: `facts.reps`. One row per decision: id, kind, member, measure (empty: none of ours), day (on which it was taken, else asked for), text, owner (who
    answered or did it), late (days after its due day; before it below 0), taken.
    """
    rows = []
    none = {"answer": None, "answered_by": None, "answered_on": pd.Series(pd.NaT, fates.index)}
    answered = fates if "answer" in fates else fates.assign(**none, made_on=pd.Series(pd.NaT, fates.index))
    for row in answered[~answered["id"].str.startswith("action-")].to_dict("records"):
        kind = "funnel-line" if row["id"].startswith("funnel-line-") else row["id"].split("-", 1)[0]
        member = row["id"][len(kind) + 1 :]
        member = member.split("-", 1)[0] if kind == "coaching" else member
        taken = row["answer"] == "taken" or (pd.isna(row["answer"]) and row["fate"] in TAKEN)
        if not taken and row["answer"] not in ("not taken", "later"):
            continue
        day = row["answered_on"] if taken and pd.notna(row["answered_on"]) else row["made_on"]
        by = (
            row["answered_by"] if isinstance(row["answered_by"], str) and row["answered_by"] else row["owner"]
        )
        rows.append(
            (row["id"], kind, member, OWN.get(kind, ""), day, row["text"], by, _late(day, row["due"]), taken)
        )
    done = actions[(actions["status"] == "done") & (actions["raised_on"] >= since)]
    lead = people[people["role"].fillna("").str.contains(LEADS, case=False) & people["team"].notna()]
    team = lead.drop_duplicates("rep_id").set_index("rep_id")["team"].to_dict()
    for row in done.to_dict("records"):
        name = _metric(row["metric"])
        unit, member = (
            ("team", team[row["owner_id"]]) if row["owner_id"] in team else ("rep_id", row["owner_id"])
        )
        text = row["description"] if isinstance(row["description"], str) else str(row["metric"])
        measure = f"{name}:{unit}" if name else ""
        rows.append(
            (
                f"action-{row['action_id']}",
                "action",
                member,
                measure,
                row["done_on"],
                text,
                row["owner"],
                _late(row["done_on"], row["due_on"]),
                True,
            )
        )
    table = pd.DataFrame(rows, columns=DECIDED)
    return table.assign(
        day=pd.to_datetime(table["day"]), late=table["late"].astype(float), taken=table["taken"].astype(bool)
    )


def _metric(name: object) -> str:
    plain = str(name).strip().lower().replace(" ", "_")
    return next((known for known, words in METRICS.items() if plain in words), "")


def _late(day: Any, due: Any) -> float:
    if pd.isna(day) or pd.isna(due):
        return np.nan
    return float((pd.Timestamp(day) - pd.Timestamp(due)).days)
