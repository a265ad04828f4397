"""Can the CRM be trusted? What is required of an open deal at its stage, what is filled, and whose records are thin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.findings import Finding
from salesnb.headlines import Figure
from salesnb.language import Message

ALWAYS = ("account_id", "rep_id", "amount", "expected_close_on")
FAIR_FIELDS = 20  # required fields (of a person, activities) below which nobody is called
STALE_DAYS = 60
PROMISE_DAYS = 14
WINDOW_DAYS = 31
COINCIDENCE = 0.05  # expected coincidences of an account above which alike deals are no sign


def required(opportunities: pd.DataFrame, *, at_stage: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Which required fields are filled? One row per open deal × field that its stage requires: opportunity_id, stage, team,
    rep_id, rep_name, created_on, field, filled, weight (the amount; the median known one of open deals where it is missing, 1 where
    none is known). `at_stage` adds to the four fields that every stage requires; a field that no table knows is not filled."""
    still = opportunities[opportunities["outcome"] == "open"]
    median = still["amount"].median()
    weight = still["amount"].fillna(1.0 if pd.isna(median) else median)
    parts = []
    for field in dict.fromkeys([*ALWAYS, *(name for names in at_stage.values() for name in names)]):
        stages = [stage for stage, names in at_stage.items() if field in names]
        asked = still if field in ALWAYS else still[still["stage"].isin(stages)]
        filled = asked[field].notna() if field in asked else pd.Series(False, index=asked.index)
        part = asked.reindex(columns=["opportunity_id", "stage", "team", "rep_id", "rep_name", "created_on"])
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
    """Whose records are incomplete? One row per team: as `by_field`, with low and high (Wilson on as many fields as deals of
    alike fields tell), rest (share of all others), behind with behind_low and behind_high (share − rest, by deal), p_value (the
    larger of Fisher's and that by deal), conclusion, by and rivals (other stages and fields asked; younger deals, of which less is known yet), flagged (less than the
    others, beyond noise after Holm's correction over the teams, and so at the same stages, fields and age)."""
    return _compared(required, "team")


def by_person(required: pd.DataFrame) -> pd.DataFrame:
    """Whose own records are incomplete? As `by_team`, one row per rep_id, with rep_name and team; Holm's over all people."""
    names = required.drop_duplicates("rep_id").set_index("rep_id")[["rep_name", "team"]]
    return _compared(required, "rep_id").join(names, on="rep_id")


def _held(known: pd.DataFrame) -> dict[str, rivals.Held]:
    """What is held equal: the stages and fields, the age of the deals, and both."""
    mix = known[["stage", "field"]]
    begun = pd.to_datetime(known["created_on"])
    age = rivals.bands((begun - begun.min()).dt.days, most=24)
    strata = {"mix": mix, "maturity": age.to_frame("age"), "both": mix.assign(age=age)}
    return {name: rivals.Held.of(one, len(known)) for name, one in strata.items()}


def _compared(required: pd.DataFrame, key: str) -> pd.DataFrame:
    known = required[required[key].notna()]
    frame = _grouped(known, [key])
    n, filled = frame["asked"].sum(), frame["filled"].sum()
    deals = pd.Series(known["opportunity_id"].factorize()[0], known.index)
    p_values, rest, gaps = [], [], []
    for member, asked, full in zip(frame[key], frame["asked"], frame["filled"], strict=True):
        others = n - asked
        rest.append((filled - full) / others if others else float("nan"))
        fair = min(asked, others) >= FAIR_FIELDS
        table = [[full, asked - full], [filled - full, others - filled + full]]
        p_value = float(fisher_exact(table)[1]) if fair else float("nan")
        gap = (
            rivals.at_equal_strata(
                known["filled"], known[key] == member, cluster=deals
            )  # deals are counted, not fields
            if p_value < intervals.FALSE_ALARM
            else None
        )
        gaps.append(gap)  # what Fisher's test lets pass is not asked again
        p_values.append(max(p_value, gap.p_value) if gap else p_value)
    alike = rivals.likeness(known["filled"], deals)
    worths = deals.groupby(known[key]).apply(lambda own: rivals.worth(own, alike))
    worth = frame[key].map(worths).astype(float)
    bounds = intervals.wilson(frame["share"] * worth, worth)
    frame = frame.assign(low=bounds["low"], high=bounds["high"], rest=rest, p_value=p_values)
    frame = frame.join(intervals.beside(frame["filled"], frame["asked"]))
    for place, name in ((1, "behind_low"), (2, "behind_high")):
        frame[name] = [gap[place] if gap else plain for gap, plain in zip(gaps, frame[name], strict=True)]
    seen = intervals.beyond_noise(frame["p_value"]) & (frame["share"] < frame["rest"])
    held = _held(known) if seen.any() else {}
    like = [
        {
            name: rivals.at_equal_strata(known["filled"], known[key] == member, strata, cluster=deals)
            for name, strata in held.items()
            if one
        }
        for member, one in zip(frame[key], seen, strict=True)
    ]
    net_p = [both.p_value if (both := one.get("both")) and both.value < 0 else float("nan") for one in like]
    net = rivals.beyond_both(frame["p_value"], net_p) if len(frame) else seen
    shares = [
        {
            name: rivals.share_of(behind, left.value) if (left := one.get(name)) else 0.0
            for name in ("mix", "maturity")
        }
        for behind, one in zip(frame["behind"], like, strict=True)
    ]
    frame = frame.join(rivals.worded(frame.index, seen, net, shares)).assign(flagged=seen & net)
    return frame.sort_values("share", kind="stable").reset_index(drop=True)


def findings(teams: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `by_team`."""
    return rivals.told(
        teams, id="records.team", member="team", value="behind", ends=("behind_low", "behind_high"), unit="record",
        basis="peers", period=(as_of, as_of),
    )  # fmt: skip


def record_shares(records: pd.DataFrame, *, by: Sequence[str] = ("team",)) -> pd.DataFrame:
    """Who writes down what was said? In: one row per rep with activities, minutes, pain_points, next_steps. Out: one row per
    team, or per combination of `by`, the thinnest first: `by`, activities, share of those with each, and `kept`, the mean of
    those of the three that anybody notes (missing where nobody does). Fewer than 20 activities of a group tell nothing: left out."""
    teams = (
        records[records[list(by)].notna().all(axis=1)]
        .groupby(list(by), as_index=False)[["activities", "minutes", "pain_points", "next_steps"]]
        .sum()
    )
    teams = teams[teams["activities"] >= FAIR_FIELDS].reset_index(drop=True)
    for name in ("minutes", "pain_points", "next_steps"):
        known = bool(records[name].sum())  # else the records have no place for it
        teams[name] = teams[name] / teams["activities"].where((teams["activities"] > 0) & known)
    teams["kept"] = teams[["minutes", "pain_points", "next_steps"]].mean(axis=1)
    return teams[teams["kept"].notna()].sort_values("kept", kind="stable").reset_index(drop=True)


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


def promises(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, days: int = PROMISE_DAYS) -> pd.DataFrame:
    """Where is a next step overdue? One row per open deal whose last contact named a next step and that nobody has contacted
    for more than `days` days since: the deal's columns and waiting_days, the largest amount first. Activities record that
    a next step was named, not when it was due."""
    still = opportunities[
        (opportunities["outcome"] == "open") & opportunities["next_step_logged"].astype(bool)
    ]
    waiting = still.assign(waiting_days=(as_of - still["last_activity_on"]).dt.days)
    late = waiting[waiting["waiting_days"] > days]
    return late.sort_values("amount", ascending=False, kind="stable").reset_index(drop=True)


def duplicates(opportunities: pd.DataFrame) -> pd.DataFrame:
    """Which open deals may stand twice? One row per pair of open deals of an account with the same product and amount,
    created within 31 days: account_name, first_id, second_id, amount, created_on, days_apart, by_chance. Suggested, never
    merged.

    by_chance: how many such pairs the account would show by coincidence: its pairs of deals within 31 days × the share of
    other accounts' open deals that have this very product and amount. Where list prices are the amounts, many do, and
    likeness is no sign: pairs above 0.05 are left out.
    """
    columns = ["account_name", "first_id", "second_id", "amount", "created_on", "days_apart", "by_chance"]
    still = opportunities[
        (opportunities["outcome"] == "open")
        & opportunities["account_id"].notna()
        & opportunities["amount"].notna()
    ]
    still = still.assign(product=still["product_id"].fillna("")).sort_values(
        ["created_on", "opportunity_id"], kind="stable"
    )
    pairs = still.merge(still, on="account_id", suffixes=("", "_later"))
    pairs["days_apart"] = (pairs["created_on_later"] - pairs["created_on"]).dt.days
    later = (pairs["days_apart"] > 0) | (pairs["opportunity_id"] < pairs["opportunity_id_later"])
    close = pairs[later & pairs["days_apart"].between(0, WINDOW_DAYS)]
    alike = close[(close["product"] == close["product_later"]) & (close["amount"] == close["amount_later"])]
    chances = close.groupby("account_id").size().reindex(alike["account_id"]).to_numpy()
    alike = alike.assign(by_chance=chances * _elsewhere(still, alike))
    named = alike.rename(columns={"opportunity_id": "first_id", "opportunity_id_later": "second_id"})
    sure = named[named["by_chance"] <= COINCIDENCE]
    return sure.sort_values("amount", ascending=False, kind="stable")[columns].reset_index(drop=True)


def _elsewhere(still: pd.DataFrame, alike: pd.DataFrame) -> np.ndarray:
    """The share of other accounts' open deals with the same product and amount; 0 where there is no other account."""
    same = still.groupby(["product", "amount"]).size()
    own = still.groupby(["account_id", "product", "amount"]).size()
    all_own = still.groupby("account_id").size()
    everywhere = same.reindex(pd.MultiIndex.from_frame(alike[["product", "amount"]])).to_numpy(float)
    here = own.reindex(pd.MultiIndex.from_frame(alike[["account_id", "product", "amount"]])).to_numpy(float)
    others = len(still) - all_own.reindex(alike["account_id"]).to_numpy(float)
    return np.divide(everywhere - here, others, out=np.zeros(len(alike)), where=others > 0)


def alike_names(names: Sequence[str]) -> list[tuple[str, str]]:
    """Which names may mean the same (`GTXPro`, `GTX Pro`)? Pairs that are equal but for case, blanks and punctuation, or
    that differ in one letter of at least eight (a letter more, less or another); suggested, never merged."""
    distinct = sorted({name for name in names if isinstance(name, str)})
    folded = {name: "".join(sign for sign in name.casefold() if sign.isalnum()) for name in distinct}
    shared: dict[str, list[str]] = {}
    for name, letters in folded.items():
        shorter = (
            {letters[:at] + letters[at + 1 :] for at in range(len(letters))} if _long(letters) else set()
        )
        for key in {letters, *shorter}:
            shared.setdefault(key, []).append(name)
    pairs = {
        (first, second)
        for alike in shared.values()
        for number, first in enumerate(alike)
        for second in alike[number + 1 :]
        if folded[first] == folded[second] or _one_letter(folded[first], folded[second])
    }
    return sorted(pairs)


def _long(letters: str) -> bool:
    return letters.isalpha() and len(letters) >= 8


def _one_letter(first: str, second: str) -> bool:
    """Do two names of at least eight letters differ in one? They share a form with a letter less, but `abcdefgh` and
    `bcdefghx` share one too and are no slip of a finger."""
    if not (_long(first) and _long(second)):
        return False
    short, long = sorted((first, second), key=len)
    at = next(
        (place for place, (one, two) in enumerate(zip(short, long, strict=False)) if one != two), len(short)
    )
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


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
