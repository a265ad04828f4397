"""How full is each squad, can every one do its part of the sprint, and what binds where one cannot?

Hours are a squad's own: what another one has left helps it only when people are lent. Deals and visits are the sprint's: one
squad's surplus makes up for another's shortfall.
"""

from __future__ import annotations

import math

import pandas as pd

from salesnb.results.sprints import HAIR, Verdict


def shares(there: pd.DataFrame, weights: pd.Series | None = None) -> pd.Series:
    """Which part of the work does each squad carry? By `weights` (its target); by its hours where none is known. Sums to one."""
    usual = there.groupby("squad")["hours"].sum()
    carried = usual if weights is None else weights.reindex(usual.index).fillna(0.0)
    carried = carried if carried.sum() > 0 else usual + 1
    return carried / carried.sum()


def matrix(work: pd.DataFrame, there: pd.DataFrame, *, share: pd.Series, cadence: float) -> pd.DataFrame:
    """How full is each squad on each working day?

    `work`: from `tasks`; `there`: day, squad, people, hours (from capacity); `share`: from `shares`; `cadence`: hours a working day
    that the care of accounts takes first. Output: one row per day × squad × task: day, squad, task, people, number (of visits, leads
    …; missing for the care), need (hours), hours (the squad's), use (the day's whole need ÷ hours).
    """
    done = work.set_index("task")[["number", "hours"]]
    if cadence:
        done = pd.concat(
            [done, pd.DataFrame({"number": [float("nan")], "hours": cadence}, index=["cadence"])]
        )
    part = there["squad"].map(share)
    pieces = [
        there.assign(task=task, number=part * number, need=part * taken)
        for task, number, taken in zip(done.index, done["number"], done["hours"], strict=True)
    ]
    columns = ["day", "squad", "task", "people", "number", "need", "hours"]
    table = (
        pd.concat(pieces, ignore_index=True)[columns]
        if pieces
        else there.assign(task="", number=0.0, need=0.0)[columns].iloc[:0]
    )
    whole = table.groupby(["day", "squad"])["need"].transform("sum")
    return table.assign(use=(whole / table["hours"]).where(table["hours"] > 0, float("inf")))


def judge(
    work: pd.DataFrame,
    there: pd.DataFrame,
    *,
    share: pd.Series,
    cadence: float,
    asked: float | None,
    brought: float | None,
    own: pd.Series,
) -> Verdict | None:
    """Feasible, or what binds?

    `work`, `there`, `share` and `cadence`: as in `matrix`; `asked` and `brought`: money of deals (None where unknown); `own`: the
    part of it that each squad's deals bring. Visits: what the target needs ÷ what plan.yml asks for (without a plan ÷ the usual). None without any task or squad.
    """
    if there.empty or (work.empty and not cadence):
        return None
    days = there.groupby("squad")
    taken = work["hours"].sum() + cadence  # a working day, by everybody together
    squads = pd.DataFrame(
        {
            "people": days["people"].mean(),
            "need": days.size() * share * taken,
            "hours": days["hours"].sum(),
        }
    )
    squads["use"] = [_use(need, there) for need, there in zip(squads["need"], squads["hours"], strict=True)]
    rows = [
        (squad, "hours", need, there, use)
        for squad, need, there, use in squads[["need", "hours", "use"]].itertuples(name=None)
    ]
    visits = work[(work["task"] == "visits") & work["needed"].notna()]
    offered = visits["planned"].fillna(visits["usual"])
    rows += [
        ("", "visits", need, there, _use(need, there))
        for need, there in zip(visits["needed"], offered, strict=True)
        if there == there
    ]
    squads["asked"] = squads["brought"] = float("nan")
    if asked is not None and brought is not None:
        rows.append(("", "deals", asked, brought, _use(asked, brought)))
        squads["asked"], squads["brought"] = asked * share.reindex(squads.index), own.reindex(squads.index)
    squads["verdict"] = "ahead"
    squads.loc[squads["brought"] < squads["asked"] * (1 - HAIR), "verdict"] = "watch"
    squads.loc[squads["use"] > 1 + HAIR, "verdict"] = "behind"
    uses = pd.DataFrame(rows, columns=["squad", "resource", "need", "there", "use"])
    return Verdict(
        uses.sort_values(["use", "squad", "resource"], ascending=[False, True, True], ignore_index=True),
        squads.rename_axis("squad")
        .reset_index()
        .sort_values(["use", "squad"], ascending=[False, True], ignore_index=True),
    )


def _use(need: float, there: float) -> float:
    if there > 0:
        return float(need / there)
    return math.inf if need > 0 else 0.0
