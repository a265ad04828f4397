"""Who is at target, who is behind by more than chance, and how do newcomers ramp up?

A person's attainment is bookings over personal target, year to date. Sales come in lumps: the interval around an attainment
takes each rep's order days as a compound Poisson process, whose variance is estimated by the sum of the squared amounts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from salesnb.headlines import Figure
from salesnb.language import Message

ATTAINMENT = [
    "rep_id", "rep_name", "team", "region", "hired_on", "bookings", "target", "attainment", "low", "high", "gap", "p_value", "standing",
]  # fmt: skip


def headlines(people: pd.DataFrame, attained: pd.DataFrame) -> dict[str, Figure]:
    """How many sales people are there, what does the median one attain, how many are at target?

    `people`: one row per rep (active: hired by the day of the report, not left by it). `attained`: one row per active rep as
    `attainment` gives it; only reps with a target count. Null without reps, or without personal targets.
    """
    if people.empty:
        reason = Message("There is no table of sales people.")
        return {
            key: Figure(None, reason) for key in ("team.reps", "team.median_attainment", "team.at_target")
        }
    known = attained["attainment"].dropna()
    reason = Message("No sales person has a target that covers the year to date.")
    return {
        "team.reps": Figure(int(people["active"].sum())),
        "team.median_attainment": Figure(float(known.median())) if len(known) else Figure(None, reason),
        "team.at_target": Figure(int((known >= 1.0).sum())) if len(known) else Figure(None, reason),
    }


def attainment(
    people: pd.DataFrame, bookings: pd.DataFrame, targets: pd.Series, *, false_discovery: float = 0.1
) -> pd.DataFrame:
    """Who has sold how much of what was asked, and is the difference more than luck?

    `people`: one row per rep (rep_id, rep_name, team, region, hired_on, active). `bookings`: rows with day, rep_id, net_amount
    of the year to date. `targets`: rep_id → target of the year to date, missing where there is none. One row per active rep,
    least attainment first, reps without a target last: bookings, target, attainment, low and high (90% interval of the
    attainment), gap (bookings − target; negative is behind), p_value (two-sided, against the target), standing (behind,
    ahead: beyond chance at this false discovery rate; near; none without a target).
    """
    rows = people[people["active"]].copy()
    if rows.empty:
        return pd.DataFrame(columns=ATTAINMENT)
    days = bookings.groupby(["rep_id", "day"])["net_amount"].sum()
    sums = days.groupby("rep_id").sum()
    noise = np.sqrt((days**2).groupby("rep_id").sum())
    rows["bookings"] = rows["rep_id"].map(sums).fillna(0.0).astype(float)
    rows["target"] = rows["rep_id"].map(targets).astype(float)
    target = rows["target"].where(rows["target"] > 0)
    spread = rows["rep_id"].map(noise).fillna(0.0).astype(float) / target
    rows["attainment"] = rows["bookings"] / target
    half = norm.ppf(0.95) * spread
    rows["low"], rows["high"] = rows["attainment"] - half, rows["attainment"] + half
    rows["gap"] = rows["bookings"] - rows["target"]
    distance = (rows["attainment"] - 1).abs() / spread.where(spread > 0)
    rows["p_value"] = 2 * norm.sf(distance)
    rows.loc[(spread == 0) & rows["attainment"].notna(), "p_value"] = 0.0
    rows["standing"] = _standing(rows, false_discovery)
    return rows.sort_values(["attainment", "rep_id"], na_position="last", ignore_index=True)[ATTAINMENT]


def _standing(rows: pd.DataFrame, false_discovery: float) -> np.ndarray:
    known = rows["attainment"].notna().to_numpy()
    beyond = np.zeros(len(rows), dtype=bool)
    if known.any():
        beyond[known] = multipletests(rows.loc[known, "p_value"], alpha=false_discovery, method="fdr_bh")[0]
    behind = (rows["attainment"] < 1).to_numpy()
    return np.select([~known, beyond & behind, beyond], ["none", "behind", "ahead"], "near")


def median_history(
    people: pd.DataFrame, bookings: pd.DataFrame, targets: pd.DataFrame
) -> list[tuple[pd.Timestamp, float | None]]:
    """What was the median attainment at each month end, year to date?

    `bookings`: day, rep_id, net_amount, from the first fiscal year concerned. `targets`: one row per month end × rep
    (month_end, since (the fiscal year's first day), rep_id, target; of the year to that date). One (day, median) per month
    end; None where nobody has a target.
    """
    history: list[tuple[pd.Timestamp, float | None]] = []
    end: Any
    since: Any
    for (end, since), goals in targets.groupby(["month_end", "since"]):
        there = people[~(people["hired_on"] > end) & ~(people["left_on"] <= end)]["rep_id"]
        sold = bookings[bookings["day"].between(since, end)].groupby("rep_id")["net_amount"].sum()
        goal = goals.set_index("rep_id")["target"].reindex(there).dropna()
        goal = goal[goal > 0]
        shares = sold.reindex(goal.index).fillna(0.0) / goal
        history.append((pd.Timestamp(end), float(shares.median()) if len(shares) else None))
    return history


def ramp(
    people: pd.DataFrame,
    bookings: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    data_from: pd.Timestamp,
    months: int = 12,
) -> pd.DataFrame:
    """How fast do newcomers grow into the job, compared with the settled colleagues of their team?

    A newcomer was hired at most `months` months before the day of the report and after the data begin. One row per
    newcomer × full month of tenure (1 = the first 30 days): rep_id, rep_name, team, hired_on, tenure_month, bookings (of these
    30 days), peers (mean per settled team colleague in the same 30 days; of all settled reps where the team has none), share
    (bookings / peers). No newcomer gives no rows.
    """
    columns = ["rep_id", "rep_name", "team", "hired_on", "tenure_month", "bookings", "peers", "share"]
    active = people[people["active"]]
    since = max(as_of - pd.DateOffset(months=months), data_from)
    fresh = active[active["hired_on"] > since]
    settled = active[~active["rep_id"].isin(fresh["rep_id"])]
    rows = []
    person: Any
    for person in fresh.itertuples():
        mates = settled.loc[settled["team"] == person.team, "rep_id"]
        mates = mates if len(mates) else settled["rep_id"]
        for month in range(1, (as_of - person.hired_on).days // 30 + 1):
            first = person.hired_on + pd.Timedelta(days=30 * (month - 1))
            span = bookings[bookings["day"].between(first, first + pd.Timedelta(days=29))]
            own = float(span.loc[span["rep_id"] == person.rep_id, "net_amount"].sum())
            peers = (
                float(span.loc[span["rep_id"].isin(mates), "net_amount"].sum()) / len(mates)
                if len(mates)
                else np.nan
            )
            rows.append(
                (
                    person.rep_id,
                    person.rep_name,
                    person.team,
                    person.hired_on,
                    month,
                    own,
                    peers,
                    own / peers if peers else np.nan,
                )
            )
    return pd.DataFrame(rows, columns=columns)


HELP = ["rep_id", "rep_name", "team", "need", "measure", "yardstick", "at_stake", "due"]


def help_wanted(
    attained: pd.DataFrame,
    coaching: pd.DataFrame,
    load: pd.DataFrame,
    ramping: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Who needs which help, by when?

    `attained` of `attainment`; `coaching`: one row per rep × stage found weak (rep_id, stage, rate, peers, lost_value);
    `load`: one row per team found overloaded (team, load, hours_over); `ramping` of `ramp`. One row per person or team and
    need, most money at stake first: need (stage name where coaching; workload, ramp, plan otherwise), kind of it, measure
    against its yardstick, at_stake (money, missing where no amount is known), due.
    Someone behind target without a finding gets a review of the plan. Coaching is due in 30 days, the rest in 14.
    """
    columns = ["kind", *HELP]
    names = attained.set_index("rep_id")[["rep_name", "team"]]
    soon, later = as_of + pd.Timedelta(days=14), as_of + pd.Timedelta(days=30)
    rows: list[tuple[object, ...]] = []
    weak: Any
    for weak in coaching.itertuples():
        if weak.rep_id in names.index:
            rows.append(
                (
                    "coaching",
                    weak.rep_id,
                    *names.loc[weak.rep_id],
                    weak.stage,
                    weak.rate,
                    weak.peers,
                    weak.lost_value,
                    later,
                )
            )
    team: Any
    for team in load.itertuples():
        rows.append(("workload", None, None, team.team, "workload", team.load, 1.0, np.nan, soon))
    if len(ramping):
        latest = (
            ramping.sort_values("tenure_month").groupby("rep_id").tail(3).groupby("rep_id")["share"].mean()
        )
        for rep_id, share in latest[latest < 0.8].items():
            if rep_id in names.index:
                rows.append(("ramp", rep_id, *names.loc[rep_id], "ramp", share, 1.0, np.nan, later))
    helped = {row[1] for row in rows}
    for person in attained[
        (attained["standing"] == "behind") & ~attained["rep_id"].isin(helped)
    ].itertuples():
        rows.append(
            (
                "plan",
                person.rep_id,
                person.rep_name,
                person.team,
                "plan",
                person.attainment,
                1.0,
                -person.gap,
                soon,
            )
        )
    frame = pd.DataFrame(rows, columns=columns)
    frame["at_stake"] = frame["at_stake"].astype(float)
    return frame.sort_values(
        "at_stake", ascending=False, na_position="last", kind="stable", ignore_index=True
    )
