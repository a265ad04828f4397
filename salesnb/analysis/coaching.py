"""Who needs coaching in what?

At each stage a rep's deals move on or are lost. A rep is weak at a stage where fewer move on than the colleagues' record on
the same product lines and quarters lets expect; with many people and stages some look weak by luck, so that the false discovery rate
is held, and the shown rate is drawn towards the colleagues' as far as the spread between people is noise.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.analysis.intervals import beyond_noise

FALSE_DISCOVERY = 0.1  # of people who are called weak (or strong) at a stage and are not
COLUMNS = [
    "rep_id", "rep_name", "team", "stage", "deals", "advanced", "rate", "peers", "difference", "low", "high", "shrunk", "lost_value", "p_value", "weak", "strong",
]  # fmt: skip

PASSAGES = [
    "opportunity_id", "rep_id", "rep_name", "team", "product_line", "amount", "outcome", "stage", "entered_on", "advanced",
]  # fmt: skip


def passages(deals: pd.DataFrame, stage_events: pd.DataFrame, *, since: pd.Timestamp) -> pd.DataFrame:
    """Which deals came to a stage and which went on?

    `deals`: one row per opportunity (opportunity_id, rep_id, rep_name, team, product_line, amount, outcome, closed_on).
    `stage_events`: opportunity_id, stage, entered_on. One row per deal × stage that it entered since `since` and has left,
    by moving on, by winning or by losing: advanced (to another stage later, or won). Deals still waiting there are not told.
    """
    first = stage_events.groupby(["opportunity_id", "stage"], as_index=False)["entered_on"].min()
    rows = first.merge(deals, on="opportunity_id", suffixes=("", "_now"))
    if rows.empty:
        return pd.DataFrame(columns=PASSAGES)
    latest = rows.groupby("opportunity_id")["entered_on"].transform("max")
    rows["advanced"] = (rows["entered_on"] < latest) | (rows["outcome"] == "won")
    done = rows["advanced"] | (rows["outcome"] == "lost")
    return rows.loc[done & (rows["entered_on"] >= since) & rows["rep_id"].notna(), PASSAGES].reset_index(
        drop=True
    )


def outcomes(deals: pd.DataFrame, *, since: pd.Timestamp) -> pd.DataFrame:
    """The deals closed since `since`, in the shape of `passages` with the one stage "won": advanced where won."""
    closed = deals[
        deals["outcome"].isin(["won", "lost"]) & (deals["closed_on"] >= since) & deals["rep_id"].notna()
    ]
    rows = closed.assign(stage="won", entered_on=closed["closed_on"], advanced=closed["outcome"] == "won")
    return rows[PASSAGES].reset_index(drop=True)


def weaknesses(
    passed: pd.DataFrame, *, false_discovery: float = FALSE_DISCOVERY, least: int = 8
) -> pd.DataFrame:
    """At which stage does whom lose more deals than the colleagues would?

    `passed` of `passages`. One row per rep × stage with at least `least` deals, the surest weakness first: deals, advanced,
    rate, peers (what all other reps' rates on the same product lines give), difference (rate − peers) with a 90% interval,
    shrunk (the difference that is expected to last: empirical Bayes, Morris 1983), lost_value (− shrunk × the money of the
    deals, where weak), p_value (one-sided), weak and strong (at this false
    discovery rate each, Benjamini and Hochberg 1995).
    """
    if passed.empty or passed["rep_id"].nunique() < 2:
        return pd.DataFrame(columns=COLUMNS)
    rows = passed.assign(
        line=passed["product_line"].astype(object).where(passed["product_line"].notna(), ""),
        won=passed["advanced"].astype(float),
    )
    cell = rows.groupby(["stage", "line"])["won"].agg(["sum", "size"])
    own = rows.groupby(["stage", "line", "rep_id"])["won"].agg(["sum", "size"])
    in_cell = own.index.to_frame(index=False).set_index(["stage", "line"]).index
    others = cell.reindex(in_cell).set_axis(own.index) - own
    overall = rows.groupby("stage")["won"].mean().reindex(own.index.get_level_values("stage")).to_numpy()
    own["chance"] = (others["sum"] + 2 * overall) / (
        others["size"] + 2
    )  # two deals' worth of the stage's own rate
    own["expected"] = own["chance"] * own["size"]
    own["variance"] = (
        own["chance"] * (1 - own["chance"]) * own["size"] * (1 + own["size"] / (others["size"] + 2))
    )
    table = own.groupby(["rep_id", "stage"])[["sum", "size", "expected", "variance"]].sum().reset_index()
    table = table.rename(columns={"sum": "advanced", "size": "deals"})
    table = table[table["deals"] >= least].reset_index(drop=True)
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    table["rate"], table["peers"] = table["advanced"] / table["deals"], table["expected"] / table["deals"]
    table["difference"] = table["rate"] - table["peers"]
    error = np.sqrt(table["variance"]) / table["deals"]
    table["low"], table["high"] = table["difference"] - 1.645 * error, table["difference"] + 1.645 * error
    table["shrunk"] = table["difference"] * _reliability(table["difference"].to_numpy(), error.to_numpy())
    table["p_value"] = norm.cdf((table["difference"] + 0.5 / table["deals"]) / error.where(error > 0, np.inf))
    table["weak"] = beyond_noise(table["p_value"], looks="fdr_bh", alpha=false_discovery)
    luck = norm.sf((table["difference"] - 0.5 / table["deals"]) / error.where(error > 0, np.inf))
    table["strong"] = beyond_noise(luck, looks="fdr_bh", alpha=false_discovery)
    money = rows.groupby(["rep_id", "stage"])["amount"].sum()
    lost = (
        -table["shrunk"]
        * money.reindex(pd.MultiIndex.from_frame(table[["rep_id", "stage"]])).fillna(0.0).to_numpy()
    )
    table["lost_value"] = lost.where(table["weak"])
    people = passed.drop_duplicates("rep_id")[["rep_id", "rep_name", "team"]]
    return table.merge(people, on="rep_id").sort_values(["p_value", "rep_id", "stage"], ignore_index=True)[
        COLUMNS
    ]


def _reliability(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    """The share of each difference that is expected to last: spread between people over spread plus noise."""
    between = max(float((difference**2 - error**2).mean()), 0.0)
    total = between + error**2
    return np.divide(between, total, out=np.zeros_like(total), where=total > 0)
