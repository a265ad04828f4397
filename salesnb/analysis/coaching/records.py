"""Who needs coaching in what?

At each stage a rep's deals move on or are lost. A rep is weak at a stage where fewer move on than the colleagues' record on
the same product lines and quarters lets expect; with many people and stages some look weak by luck, so that the false discovery rate
is held, and the shown rate is drawn towards the colleagues' as far as the spread between people is noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import quarters_of
from salesnb.findings import Finding

FALSE_DISCOVERY = 0.1  # of people who are called weak (or strong) at a stage and are not
SETTLED = 90  # days after the data begin by which who has a record is no newcomer
NEW = 182  # days of a newcomer's record
LEAST = 8  # deals of a person at a stage, below which the record is too thin to be judged
LIKE = ["line", "channel", "quarter"]
COLUMNS = [
    "rep_id", "rep_name", "team", "stage", "deals", "advanced", "rate", "peers", "colleagues", "difference", "low", "high", "shrunk", "lost_value", "p_value", "net_p", "conclusion", "by", "rivals", "weak", "strong",
]  # fmt: skip

PASSAGES = [
    "opportunity_id", "rep_id", "rep_name", "team", "product_line", "amount", "outcome", "stage", "entered_on", "advanced",
    "account_id", "channel", "newcomer",
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
    rows["newcomer"] = _newcomer(rows, "entered_on", deals)
    latest = rows.groupby("opportunity_id")["entered_on"].transform("max")
    rows["advanced"] = (rows["entered_on"] < latest) | (rows["outcome"] == "won")
    done = rows["advanced"] | (rows["outcome"] == "lost")
    told = rows[done & (rows["entered_on"] >= since) & rows["rep_id"].notna()]
    return told.reindex(columns=PASSAGES).reset_index(drop=True)


def _newcomer(rows: pd.DataFrame, otherwise: str, deals: pd.DataFrame) -> pd.Series:
    """Was a deal begun in the first half year of the person's own record, where that begins later than the data do? By the day
    of `otherwise` where none is created."""
    dated = "created_on" in deals
    born, days, reps = (
        deals["created_on" if dated else "closed_on"],
        rows["created_on" if dated else otherwise],
        rows["rep_id"],
    )
    first = born.groupby(deals["rep_id"]).min()
    late = first[first > born.min() + pd.Timedelta(days=SETTLED)]
    if late.empty:
        return pd.Series(False, index=reps.index)
    return days < pd.to_datetime(reps.map(late)) + pd.Timedelta(days=NEW)


def outcomes(deals: pd.DataFrame, *, since: pd.Timestamp) -> pd.DataFrame:
    """The deals closed since `since`, in the shape of `passages` with the one stage "won": advanced where won."""
    closed = deals[
        deals["outcome"].isin(["won", "lost"]) & (deals["closed_on"] >= since) & deals["rep_id"].notna()
    ]
    rows = closed.assign(
        stage="won",
        entered_on=closed["closed_on"],
        advanced=closed["outcome"] == "won",
        newcomer=_newcomer(closed, "closed_on", deals),
    )
    return rows.reindex(columns=PASSAGES).reset_index(drop=True)


def weaknesses(
    passed: pd.DataFrame, *, false_discovery: float = FALSE_DISCOVERY, least: int = LEAST
) -> pd.DataFrame:
    """At which stage does whom lose more deals than the colleagues would?

    `passed` of `passages`. One row per rep × stage with at least `least` deals, the surest weakness first: deals, advanced,
    rate, peers (what all other reps' rates on the same product lines give), colleagues (how many these are), difference (rate − peers) with a 90% interval,
    shrunk (the difference that is expected to last: empirical Bayes, Morris 1983), lost_value (− shrunk × the money of the
    deals, where weak), p_value (one-sided), net_p (the same between deals of the same line, channel and
    quarter, in nobody's first half year, by account), conclusion, by and rivals (mix, maturity: newness) of the weakness, weak and strong
    (at this false discovery rate each, Benjamini and Hochberg 1995; both of them net of mix and newness too).
    """
    if passed.empty or passed["rep_id"].nunique() < 2:
        return pd.DataFrame(columns=COLUMNS)
    rows = passed.reindex(columns=[*PASSAGES, *(set(passed) - set(PASSAGES))]).assign(
        line=passed["product_line"].astype(object).where(passed["product_line"].notna(), ""),
        quarter=quarters_of(pd.to_datetime(passed["entered_on"])),
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
    table["colleagues"] = (
        _colleagues(rows).reindex(pd.MultiIndex.from_frame(table[["rep_id", "stage"]])).to_numpy()
    )
    error = np.sqrt(table["variance"]) / table["deals"]
    table["low"], table["high"] = table["difference"] - 1.645 * error, table["difference"] + 1.645 * error
    table["shrunk"] = table["difference"] * _reliability(table["difference"].to_numpy(), error.to_numpy())
    table["p_value"] = norm.cdf((table["difference"] + 0.5 / table["deals"]) / error.where(error > 0, np.inf))
    weak = beyond_noise(table["p_value"], looks="fdr_bh", alpha=false_discovery)
    luck = norm.sf((table["difference"] - 0.5 / table["deals"]) / error.where(error > 0, np.inf))
    strong = beyond_noise(luck, looks="fdr_bh", alpha=false_discovery)
    marked = table.loc[weak | strong, "stage"]
    sides = {stage: _sides(own) for stage, own in rows[rows["stage"].isin(marked)].groupby("stage")}
    alike = [
        _alike(sides[stage], rep, difference) if one else (np.nan, np.nan, {})
        for rep, stage, difference, one in zip(
            table["rep_id"], table["stage"], table["difference"], weak | strong, strict=True
        )
    ]
    net = pd.DataFrame([one[:2] for one in alike], columns=["value", "p"], index=table.index)
    table["net_p"] = np.where(net["value"] < 0, net["p"] / 2, 1 - net["p"] / 2)
    lower = rivals.beyond_both(table["p_value"], table["net_p"], looks="fdr_bh", alpha=false_discovery)
    higher = rivals.beyond_both(luck, 1 - table["net_p"], looks="fdr_bh", alpha=false_discovery)
    table = table.join(rivals.worded(table.index, weak, lower, [one[2] for one in alike]))
    table = table.assign(weak=weak & lower, strong=strong & higher)
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


def _colleagues(rows: pd.DataFrame) -> pd.Series:
    """How many others had deals of a person's product lines at the stage? By rep_id and stage."""
    counted: dict[tuple[object, object], int] = {}
    for stage, there in rows.groupby("stage"):
        sells = pd.crosstab(there["rep_id"], there["line"]).gt(0).astype(np.float32)
        shared = sells.to_numpy() @ sells.to_numpy().T > 0
        others = shared.sum(axis=1) - 1
        counted |= {(rep, stage): int(n) for rep, n in zip(sells.index, others, strict=True)}
    return pd.Series(counted)


@dataclass(frozen=True)
class _Side:
    """Deals at one stage among which people are compared: whose they are, which came through, what is held equal, whose accounts',
    and what of the outcome is no work of what is held equal; people are numbered."""

    reps: np.ndarray
    won: np.ndarray
    held: rivals.Held
    accounts: np.ndarray
    apart: np.ndarray
    names: dict[object, int]

    @classmethod
    def of(cls, deals: pd.DataFrame, like: list[str]) -> _Side:
        held = rivals.Held.of(deals[like], len(deals))
        accounts = rivals.units(deals["account_id"], len(deals))
        reps, names = pd.factorize(deals["rep_id"])
        won = deals["won"].to_numpy()
        numbered = {name: number for number, name in enumerate(names)}
        return cls(reps, won, held, accounts, held.apart(won), numbered)


def _sides(own: pd.DataFrame) -> list[_Side]:
    """The deals at a stage: like ones without newcomers' first half years, like ones of everybody, and all without these half years."""
    settled = own[~own["newcomer"].eq(True)]
    return [_Side.of(settled, LIKE), _Side.of(own, LIKE), _Side.of(settled, [])]


def _alike(sides: list[_Side], rep: object, difference: float) -> tuple[float, float, dict[str, float]]:
    """A person's distance from the colleagues between like deals with its p-value, and what of it goes at equal mix, and without
    newcomers' first half years (everybody's). Unknown where a person has hardly more than these."""
    found = [_between_like(side, rep) for side in sides]
    shares = {
        name: 1.0 if one is None else rivals.share_of(difference, one.value)
        for name, one in zip(("mix", "maturity"), found[1:], strict=True)
    }
    return (found[0].value, found[0].p_value, shares) if found[0] else (np.nan, np.nan, shares)


def _between_like(side: _Side, rep: object) -> rivals.Estimate | None:
    """A person's distance from the colleagues in deals of a side; None below `LEAST` deals of the person."""
    here = side.reps == side.names.get(rep, -1)
    if here.sum() < LEAST:
        return None
    return rivals.at_equal_strata(side.won, here, side.held, cluster=side.accounts, apart=side.apart)


def findings(found: pd.DataFrame, *, since: pd.Timestamp, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `weaknesses`."""
    return rivals.told(
        found, id="person.weak", member=["rep_id", "stage"], value="difference", stated=FALSE_DISCOVERY, unit="account",
        basis="peers", period=(since, as_of),
    )  # fmt: skip


def _reliability(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    """The share of each difference that is expected to last: spread between people over spread plus noise."""
    between = max(float((difference**2 - error**2).mean()), 0.0)
    total = between + error**2
    return np.divide(between, total, out=np.zeros_like(total), where=total > 0)
