"""Can the CRM be trusted? What is required of an open deal at its stage, what is filled, and whose records are thin."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import pandas as pd
from scipy.stats import fisher_exact

from salesnb.analysis import intervals
from salesnb.headlines import Figure
from salesnb.language import Message

ALWAYS = ("account_id", "rep_id", "amount", "expected_close_on")
FAIR_FIELDS = 20
STALE_DAYS = 60


def required(opportunities: pd.DataFrame, *, at_stage: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Which required fields are filled? One row per open deal × field that its stage requires: opportunity_id, stage, team,
    rep_id, rep_name, field, filled, weight (the amount; the median known one of open deals where it is missing, 1 where
    none is known). `at_stage` adds to the four fields that every stage requires; a field that no table knows is not filled."""
    still = opportunities[opportunities["outcome"] == "open"]
    median = still["amount"].median()
    weight = still["amount"].fillna(1.0 if pd.isna(median) else median)
    parts = []
    for field in dict.fromkeys([*ALWAYS, *(name for names in at_stage.values() for name in names)]):
        stages = [stage for stage, names in at_stage.items() if field in names]
        asked = still if field in ALWAYS else still[still["stage"].isin(stages)]
        filled = asked[field].notna() if field in asked else pd.Series(False, index=asked.index)
        part = asked[["opportunity_id", "stage", "team", "rep_id", "rep_name"]]
        parts.append(part.assign(field=field, filled=filled.astype(bool), weight=weight.reindex(asked.index)))
    return pd.concat(parts, ignore_index=True)


def completeness(required: pd.DataFrame) -> float | None:
    """The share of required fields that are filled, each weighing its deal's amount; None without an open deal."""
    total = required["weight"].sum()
    return float((required["weight"] * required["filled"]).sum() / total) if total > 0 else None


def by_field(required: pd.DataFrame) -> pd.DataFrame:
    """Which field is missing most, in money? One row per field: field, asked, filled, share (by count), completeness
    (weighted by amount), missing_value (Σ weight of deals that lack it); the largest gap first."""
    return (
        _grouped(required, ["field"])
        .sort_values("missing_value", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


def by_team(required: pd.DataFrame) -> pd.DataFrame:
    """Whose records are incomplete? One row per team: as `by_field`, with low and high (Wilson on the count), rest (share of all
    others), p_value (Fisher), flagged (less than the others, beyond noise after Holm's correction over the teams)."""
    known = required[required["team"].notna()]
    frame = _grouped(known, ["team"])
    bounds = intervals.wilson(frame["filled"], frame["asked"])
    n, filled = frame["asked"].sum(), frame["filled"].sum()
    p_values, rest = [], []
    for asked, full in zip(frame["asked"], frame["filled"], strict=True):
        others = n - asked
        rest.append((filled - full) / others if others else float("nan"))
        fair = min(asked, others) >= FAIR_FIELDS
        p_values.append(
            fisher_exact([[full, asked - full], [filled - full, others - filled + full]])[1]
            if fair
            else float("nan")
        )
    frame = frame.assign(low=bounds["low"], high=bounds["high"], rest=rest, p_value=p_values)
    flagged = intervals.beyond_noise(frame["p_value"]) & (frame["share"] < frame["rest"])
    return frame.assign(flagged=flagged).sort_values("share", kind="stable").reset_index(drop=True)


def record_shares(records: pd.DataFrame) -> pd.DataFrame:
    """Who writes down what was said? In: one row per rep with activities, minutes, pain_points, next_steps. Out: one row per
    team, the thinnest first: team, activities, share of those with each, and `kept`, the mean of the three."""
    teams = (
        records[records["team"].notna()]
        .groupby("team", as_index=False)[["activities", "minutes", "pain_points", "next_steps"]]
        .sum()
    )
    for name in ("minutes", "pain_points", "next_steps"):
        teams[name] = teams[name] / teams["activities"].where(teams["activities"] > 0)
    teams["kept"] = teams[["minutes", "pain_points", "next_steps"]].mean(axis=1)
    return teams.sort_values("kept", kind="stable").reset_index(drop=True)


def stale(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, days: int = STALE_DAYS) -> pd.DataFrame:
    """Which open records has nobody touched for `days` days, or whose close date has passed? The deals' rows with
    silent_days (since the last activity, the last stage or creation) and overdue_days (past the expected close; NaN where
    it lies ahead), the largest amount first."""
    still = opportunities[opportunities["outcome"] == "open"]
    touched = still[["created_on", "entered_stage_on", "last_activity_on"]].max(axis=1)
    overdue = (as_of - still["expected_close_on"]).dt.days
    rows = still.assign(silent_days=(as_of - touched).dt.days, overdue_days=overdue.where(overdue > 0))
    late = rows[(rows["silent_days"] > days) | rows["overdue_days"].notna()]
    return late.sort_values("amount", ascending=False, kind="stable").reset_index(drop=True)


def duplicates(opportunities: pd.DataFrame) -> pd.DataFrame:
    """Which open deals may stand twice? One row per pair of open deals of an account with the same product and amount,
    created within 31 days: account_name, first_id, second_id, amount, created_on, days_apart. Suggested, never merged."""
    columns = ["account_name", "first_id", "second_id", "amount", "created_on", "days_apart"]
    still = opportunities[
        (opportunities["outcome"] == "open")
        & opportunities["account_id"].notna()
        & opportunities["amount"].notna()
    ]
    still = still.assign(product=still["product_id"].fillna("")).sort_values(
        ["created_on", "opportunity_id"], kind="stable"
    )
    pairs = still.merge(still, on=["account_id", "product", "amount"], suffixes=("", "_later"))
    pairs["days_apart"] = (pairs["created_on_later"] - pairs["created_on"]).dt.days
    later = (pairs["days_apart"] > 0) | (pairs["opportunity_id"] < pairs["opportunity_id_later"])
    close = pairs[later & pairs["days_apart"].between(0, 31)]
    named = close.rename(columns={"opportunity_id": "first_id", "opportunity_id_later": "second_id"})
    return named.sort_values("amount", ascending=False, kind="stable")[columns].reset_index(drop=True)


def alike_names(names: Sequence[str]) -> list[tuple[str, str]]:
    """Which names may mean the same (`GTXPro`, `GTX Pro`)? Pairs that are equal but for case, blanks and punctuation, or
    that differ in one letter of at least eight; suggested, never merged."""
    distinct = sorted({name for name in names if isinstance(name, str)})
    folded = {name: "".join(sign for sign in name.casefold() if sign.isalnum()) for name in distinct}
    pairs = []
    for number, first in enumerate(distinct):
        for second in distinct[number + 1 :]:
            a, b = folded[first], folded[second]
            letters = a.isalpha() and b.isalpha() and min(len(a), len(b)) >= 8 and abs(len(a) - len(b)) <= 1
            if a == b or (letters and difflib.SequenceMatcher(None, a, b).ratio() > 0.94):
                pairs.append((first, second))
    return pairs


def headlines(opportunities: pd.DataFrame, *, required: pd.DataFrame) -> dict[str, Figure]:
    """Key hygiene.completeness."""
    share = completeness(required)
    reason = Message("no deals are known by this date") if opportunities.empty else Message("no deal is open")
    return {"hygiene.completeness": Figure(share) if share is not None else Figure(None, reason)}


def _grouped(required: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    rows = required.assign(
        full=required["weight"] * required["filled"], missing=required["weight"] * ~required["filled"]
    )
    sums = rows.groupby(keys, as_index=False).agg(
        asked=("filled", "size"),
        filled=("filled", "sum"),
        weight=("weight", "sum"),
        full=("full", "sum"),
        missing_value=("missing", "sum"),
    )
    sums = sums.assign(share=sums["filled"] / sums["asked"], completeness=sums["full"] / sums["weight"])
    return sums[[*keys, "asked", "filled", "share", "completeness", "missing_value"]]
