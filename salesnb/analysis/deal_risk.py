"""Which open deals are at risk, why, what is the next step, and what is the open pipeline worth?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis import intervals
from salesnb.results.deals import Worth

SEED = 17
DRAWS = 2000
REASONS = ("silent", "stuck", "late", "no_next_step", "no_executive")
FAIR_LANDMARKS = 20  # sightings of deals won, below which a stage has no usual days
STALE_SHARE = 0.90  # beyond what nine in ten won deals ever showed


def limits(known: pd.DataFrame, won: pd.Series) -> pd.Series:
    """What did nine in ten landmarks of won deals not exceed? weeks_silent, stage_days or age_days, days_late; NaN for a
    feature that does not exist. `known` and `won`: a row per landmark."""
    names = ["weeks_silent", "stage_days", "age_days", "days_late"]
    good = known[won == 1]
    return pd.Series(
        {name: good[name].quantile(STALE_SHARE) if name in good and len(good) else np.nan for name in names}
    )


def stage_limits(known: pd.DataFrame, won: pd.Series) -> pd.Series:
    """How long did nine in ten landmarks of won deals at most stand in the same stage? stage_rank → days, for stages with at
    least 20 landmarks of won deals; empty without stage history."""
    if "stage_days" not in known:
        return pd.Series(dtype=float)
    stood = known.loc[won == 1].groupby("stage_rank")["stage_days"]
    return stood.quantile(STALE_SHARE)[stood.size() >= FAIR_LANDMARKS]


def at_risk(
    opportunities: pd.DataFrame, *, known: pd.DataFrame, chances: pd.DataFrame, limits: pd.Series, zombie_limit: float | None,
    large: float | None = None, by_stage: pd.Series | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Which open deals show what won deals rarely showed? One row per risky open deal, the largest amount first.

    In: deals as known at as_of; `known` (features, one row per row of `chances`); `chances` (opportunity_id, probability).
    Out: the deal's columns, probability, expected_value, age_days, at_stake (amount × (1 − probability)), and one column
    of bool per reason: silent (longer than nine in ten won deals ever were), stuck (longer in its stage than nine in ten won
    deals in the same one, `by_stage`, else in any; or older where stages are unknown; usual_days is that bound), late (past its expected close date by more than nine in ten won deals ever were),
    no_next_step, no_executive (among the largest tenth, never
    met one); first_reason. Zombies are not listed: they are past risk.
    """
    facts = chances.reset_index(drop=True).join(known.reset_index(drop=True))
    still = opportunities[opportunities["outcome"] == "open"].merge(facts, on="opportunity_id", how="inner")
    stuck_by = "stage_days" if "stage_days" in known else "age_days"
    age = still["age_days"] if "age_days" in still else pd.Series(np.nan, index=still.index)
    bound = still["amount"].quantile(0.9) if large is None else large
    active = "weeks_silent" in known
    still["silent"] = still["weeks_silent"] > limits["weeks_silent"] if active else False
    still["usual_days"] = _usual_days(still, limits.get(stuck_by, np.nan), by_stage)
    still["stuck"] = still[stuck_by] > still["usual_days"] if stuck_by in still else False
    still["late"] = still["days_late"] > max(0.0, limits["days_late"]) if "days_late" in still else False
    still["no_next_step"] = (
        (still["activities"] > 0) & ~still["next_step_logged"].astype(bool) if active else False
    )
    still["no_executive"] = (still["amount"] >= bound) & (still["met_executive"] == 0) if active else False
    risky = still[list(REASONS[:3])].any(axis=1) & ~(age > (np.inf if zombie_limit is None else zombie_limit))
    listed = still[risky]
    expected = listed["amount"] * listed["probability"]
    at_stake = listed["amount"] - expected
    first = listed[list(REASONS)].idxmax(axis=1) if len(listed) else pd.Series(dtype=object)
    listed = listed.assign(expected_value=expected, at_stake=at_stake, first_reason=first)
    return listed.sort_values(
        ["amount", "opportunity_id"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)


def _usual_days(still: pd.DataFrame, bound: float, by_stage: pd.Series | None) -> pd.Series:
    if by_stage is None or "stage_rank" not in still:
        return pd.Series(bound, index=still.index)
    return still["stage_rank"].map(by_stage).astype(float).fillna(bound)


def worth(
    opportunities: pd.DataFrame,
    *,
    chances: pd.DataFrame,
    zombie_limit: float | None,
    as_of: pd.Timestamp,
    closed: tuple[int, int],
    drift: float = 0.0,
    seed: int = SEED,
) -> Worth | None:
    """What is the open pipeline worth? Σ amount × probability with an 80% interval: each deal is won or not, and the level of
    all probabilities is as uncertain as the past deals leave it (`closed`: won and lost; Jeffreys' posterior) and as it was off in single months (`deals.drift`). Zombies count as nothing, deals without an amount
    are left out. None without an open deal with amount and probability, and where only won or only lost deals are recorded."""
    still = opportunities[opportunities["outcome"] == "open"].merge(chances, on="opportunity_id", how="inner")
    priced = still[still["amount"].notna() & still["probability"].notna()]
    age = (as_of - priced["created_on"]).dt.days
    dead = age > (np.inf if zombie_limit is None else zombie_limit)
    live = priced[~dead]
    if live.empty or min(closed) == 0:
        return None
    amount, chance = live["amount"].to_numpy(), live["probability"].to_numpy()
    rng = np.random.default_rng(seed)
    won, lost = closed
    level = (rng.beta(won + 0.5, lost + 0.5, DRAWS) - won / (won + lost) + rng.normal(0, drift, DRAWS))[
        :, None
    ]
    draws = ((rng.random((DRAWS, len(live))) < np.clip(chance + level, 0, 1)) * amount).sum(axis=1)
    low, high = intervals.ends(draws, confidence=0.8)
    source = (
        "model"
        if (live["source"] == "model").any()
        else "stage"
        if (live["source"] == "stage").any()
        else "overall"
    )
    return Worth(
        float((amount * chance).sum()),
        low,
        high,
        float(amount.sum()),
        len(live),
        float(priced.loc[dead, "amount"].sum()),
        source,
    )
