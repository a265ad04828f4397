"""Do people in squads sell more than people of an equal pace who work alone, in the same sprint?

A person's pace is the share of working days with a sale. Its change from the sixty working days before a sprint to the sprint is held
against that of people in no squad, of an equal pace before; what the weeks bring to all is in both.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import working_days
from salesnb.findings import Finding
from salesnb.plan import Sprint

BEFORE = 60  # working days that say what is usual
FEWEST = 5  # people in squads, and outside
ALARM = 0.05  # chance of a false call
CHANGES = ["sprint", "rep_id", "squad", "before", "during", "change"]
PACE = ["sprints", "inside", "outside", "squads", "alone", "difference", "low", "high", "p_value", "conclusion", "by", "rivals"]  # fmt: skip


def changes(
    days: pd.DataFrame,
    people: pd.DataFrame,
    sprints: Iterable[Sprint],
    *,
    as_of: pd.Timestamp,
    country: str | None = None,
) -> pd.DataFrame:
    """How did each person's pace change in each sprint that is over and had people in squads and outside? One row per sprint × person who
    was there from the first of the days before it: before, during (shares of working days with a sale), change.

    `days`: day, rep_id, net_amount (of two years); `people`: rep_id, hired_on, left_on.
    """
    sold = days[days["net_amount"] > 0].drop_duplicates(["day", "rep_id"])
    rows = []
    for sprint in sprints:
        first, last = pd.Timestamp(sprint.start), pd.Timestamp(sprint.end)
        named = {rep for squad in sprint.squads.values() for rep in squad}
        span = working_days(first, last, country=country)
        past = working_days(
            first - pd.Timedelta(days=2 * BEFORE), first - pd.Timedelta(days=1), country=country
        )[-BEFORE:]
        if not named or last > as_of or not len(span) or sold.empty or past[0] < sold["day"].min():
            continue
        there = people[~(people["hired_on"] > past[0]) & ~(people["left_on"] <= last)]
        own = sold.groupby("rep_id")["day"].agg(set)
        for rep in there["rep_id"].unique():
            done = own.get(rep, set())
            before, during = (float(np.mean([day in done for day in one])) for one in (past, span))
            rows.append((sprint.name, rep, rep in named, before, during, during - before))
    return pd.DataFrame(rows, columns=CHANGES)


def compared(found: pd.DataFrame) -> pd.DataFrame:
    """Did those in squads gain more? One row over all sprints of `changes` that have `FEWEST` people on either side, none without one: sprints,
    inside and outside (people), squads and alone (mean change), difference at an equal pace before in the same sprint with its 95%
    interval, p_value, conclusion, by and rivals (mix: the pace before)."""
    sides = found.groupby("sprint")["squad"].agg(["sum", "size"])
    told = sides.index[(sides["sum"] >= FEWEST) & (sides["size"] - sides["sum"] >= FEWEST)]
    rows = found[found["sprint"].isin(told)].reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame(columns=PACE)
    side = rows["squad"].to_numpy(bool)
    strata = pd.DataFrame({"sprint": rows["sprint"], "pace": rivals.bands(rows["before"], most=3)})
    whole, like = (
        rivals.at_equal_strata(rows["change"], side, one, cluster=rows["rep_id"])
        for one in (strata[["sprint"]], strata)
    )
    means = [float(rows.loc[which, "change"].mean()) for which in (side, ~side)]
    gap = whole.value if whole else means[0] - means[1]
    part = {"mix": rivals.share_of(gap, like.value if like else None)}
    seen = whole is not None and whole.p_value < ALARM
    net = like is not None and like.p_value < ALARM and like.value * gap > 0
    word, by = rivals.conclusion(seen, net=net, shares=part)
    best = like or whole or rivals.Estimate(gap, np.nan, np.nan, np.nan)
    people = [int(rows.loc[which, "rep_id"].nunique()) for which in (side, ~side)]
    row = (len(told), *people, *means, best.value, best.low, best.high, best.p_value, word, by or "", part)
    return pd.DataFrame([row], columns=PACE)


def findings(found: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdict of `compared`."""
    return rivals.told(
        found.assign(member=""), id="squads.pace", member="member", value="difference", stated=ALARM, unit="person",
        basis="peers", period=(as_of, as_of),
    )  # fmt: skip
