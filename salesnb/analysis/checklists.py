"""Are the stages' checklists kept, and do deals fare better where they are?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from scipy.stats import fisher_exact

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import Finding
from salesnb.results.funnel import Effect

FAIR_DEALS = 20  # deals with a checklist, of a team and of all others, below which it is not judged
MIX = ("channel", "region", "rep_id")  # of deals: good ones may be those that get their checklist done


def kept(
    opportunities: pd.DataFrame, stage_events: pd.DataFrame, items: pd.DataFrame, *, planned: Mapping[str, Sequence[str]],
    as_of: pd.Timestamp, months: int = 12,
) -> pd.DataFrame:  # fmt: skip
    """Which checklist item was done for which deal? Deals that entered a stage with a checklist in the last `months` months.

    One row per deal × stage × item: the deal's opportunity_id, account_name, rep_name, team, amount, outcome, channel, region, rep_id, now (its
    stage), days (from its first entry to the close, missing while open), age (to the close or `as_of`), stage, item, done. `planned`: stage → items; where the plan has none, the items that the data name. `items`: one
    row per item recorded with done_on (missing: not done).
    """
    named = items[["stage", "item"]].drop_duplicates() if not planned else pd.DataFrame(
        [(stage, item) for stage, its in planned.items() for item in its], columns=["stage", "item"]
    )  # fmt: skip
    entered = stage_events[stage_events["entered_on"] >= months_back(as_of, months)]
    entered = entered.sort_values("entered_on", kind="stable").drop_duplicates(["opportunity_id", "stage"])
    entered = entered[["opportunity_id", "stage", "entered_on"]]
    if entered.empty and stage_events.empty:
        entered = items[["opportunity_id", "stage"]].drop_duplicates().reindex(columns=entered.columns)
    deals = opportunities.reindex(
        columns=[
            "opportunity_id",
            "account_name",
            "rep_name",
            "team",
            "amount",
            "outcome",
            "stage",
            "closed_on",
            *MIX,
        ]
    ).rename(columns={"stage": "now"})
    asked = entered.merge(named, on="stage").merge(deals, on="opportunity_id")
    did = (
        items[items["done_on"].notna()][["opportunity_id", "stage", "item"]]
        .drop_duplicates()
        .assign(done=True)
    )
    rows = asked.merge(did, on=["opportunity_id", "stage", "item"], how="left")
    came, closed = pd.to_datetime(rows["entered_on"]), pd.to_datetime(rows["closed_on"])
    ages = {"days": (closed - came).dt.days, "age": (closed.fillna(as_of) - came).dt.days}
    return rows.assign(done=rows["done"].notna(), **ages).drop(columns=["closed_on", "entered_on"])


def by_item(kept: pd.DataFrame) -> pd.DataFrame:
    """Which item is left out? One row per stage × item, the least kept first: stage, item, asked, done, share, low, high."""
    frame = kept.groupby(["stage", "item"], as_index=False).agg(asked=("done", "size"), done=("done", "sum"))
    bounds = intervals.wilson(frame["done"], frame["asked"])
    frame = frame.assign(share=bounds["share"], low=bounds["low"], high=bounds["high"])
    return frame.sort_values("share", kind="stable").reset_index(drop=True)


def by_team(kept: pd.DataFrame) -> pd.DataFrame:
    """Which team keeps it least? One row per team: team, deals (× stage), complete (all items done), share, low, high, rest,
    behind with behind_low and behind_high (share − rest, Newcombe), p_value (Fisher against the others), conclusion, by and rivals (other stages; deals
    that came lately or were lost early, which had no time for it), flagged (less than the others beyond noise, Holm over the teams, and so at equal stage and age)."""
    asked = kept if "age" in kept else kept.assign(age=float("nan"))
    whole = asked.groupby(["opportunity_id", "stage", "team"], as_index=False).agg(
        done=("done", "all"), age=("age", "max")
    )
    frame = whole.groupby("team", as_index=False).agg(deals=("done", "size"), complete=("done", "sum"))
    bounds = intervals.wilson(frame["complete"], frame["deals"])
    n, full = frame["deals"].sum(), frame["complete"].sum()
    rest = (full - frame["complete"]) / (n - frame["deals"]).where(n > frame["deals"])
    p_values = [
        fisher_exact([[done, deals - done], [full - done, n - deals - full + done]])[1]
        if min(deals, n - deals) >= FAIR_DEALS
        else float("nan")
        for deals, done in zip(frame["deals"], frame["complete"], strict=True)
    ]
    frame = frame.assign(
        share=bounds["share"], low=bounds["low"], high=bounds["high"], rest=rest, p_value=p_values
    )
    seen = intervals.beyond_noise(frame["p_value"]) & (frame["share"] < frame["rest"])
    frame = frame.join(intervals.beside(frame["complete"], frame["deals"]))
    strata = pd.DataFrame({"stage": whole["stage"], "age": rivals.bands(whole["age"], most=12)})
    sides = {"mix": strata[["stage"]], "maturity": strata[["age"]], "both": strata}
    like = [
        {
            name: rivals.at_equal_strata(whole["done"], whole["team"] == team, one)
            for name, one in sides.items()
            if stands_out
        }
        for team, stands_out in zip(frame["team"], seen, strict=True)
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
    frame = frame.join(rivals.worded(frame.index, seen, net, shares))
    return frame.assign(flagged=seen & net).sort_values("share", kind="stable").reset_index(drop=True)


def effect(kept: pd.DataFrame) -> Effect | None:
    """Do deals with a kept checklist win more often? Closed deals of one channel, region and person, at equal days from the stage to the
    close; Newcombe's interval of the plain difference where nothing of that is known. None where either side has no closed deal."""
    closed = kept[kept["outcome"] != "open"]
    closed = closed if "days" in closed else closed.assign(days=float("nan"))
    closed = closed.assign(team=closed["team"].fillna("")) if "team" in closed else closed.assign(team="")
    keys = ["opportunity_id", "outcome", "team"]
    mix = {name: (name, "first") for name in MIX if name in closed}
    whole = closed.groupby(keys).agg(done=("done", "all"), days=("days", "max"), **mix).reset_index()
    won = whole["outcome"] == "won"
    yes = whole["done"]
    no = ~yes
    change = intervals.difference(
        int((won & yes).sum()), int(yes.sum()), against=(int((won & no).sum()), int(no.sum()))
    )
    if change is None:
        return None
    strata = whole[["team", *mix]].assign(days=rivals.bands(whole["days"], most=12))
    known = [str(name) for name in strata if whole[name].replace("", None).notna().any()]
    sides: dict[str, list[str]] = {"mix": [name for name in known if name != "days"], "maturity": ["days"]}
    alike, *apart = (
        rivals.at_equal_strata(won, yes, strata[names]) if set(names) & set(known) else None
        for names in (known, *sides.values())
    )
    net = alike or rivals.Estimate(change.value, change.low, change.high, float("nan"))
    seen = change.low > 0 or change.high < 0
    shares = {
        name: rivals.share_of(change.value, left.value if left else None)
        for name, left in zip(sides, apart, strict=True)
    }
    holds = (net.low > 0 or net.high < 0) and net.value * change.value > 0
    word, by = rivals.conclusion(seen, net=holds, shares=shares)
    return Effect(
        int(yes.sum()), float(won[yes].mean()), int(no.sum()), float(won[no].mean()), net.low, net.high, net.value, net.p_value,
        shares, word, by or "",
    )  # fmt: skip


def findings(keepers: pd.DataFrame, helps: Effect | None, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `by_team` and of `effect`."""
    year = (months_back(as_of, 12), as_of)
    told = rivals.told(
        keepers, id="checklist.team", member="team", value="behind", ends=("behind_low", "behind_high"), unit="deal", basis="peers",
        period=year,
    )  # fmt: skip
    if helps is None:
        return told
    frame = pd.DataFrame([vars(helps) | {"member": ""}])
    return told + rivals.told(
        frame, id="checklist.effect", member="member", value="difference", stated=1 - intervals.CONFIDENCE, unit="deal",
        basis="peers", period=year,
    )  # fmt: skip


def by_stage(kept: pd.DataFrame) -> pd.DataFrame:
    """With and without: do deals that kept a stage's checklist win more often? Closed deals that entered the stage.

    One row per stage: stage, kept and others (deals), kept_rate and others_rate (won), difference, low, high (at equal days from the stage to the close).
    Stages where either side has no closed deal are left out. A comparison, not a proof.
    """
    rows = []
    for stage, part in kept.groupby("stage", sort=False):
        found = effect(part)
        if found is not None:
            rows.append(
                (
                    stage,
                    found.kept,
                    found.kept_rate,
                    found.others,
                    found.others_rate,
                    found.difference,
                    found.low,
                    found.high,
                )
            )
    columns = ["stage", "kept", "kept_rate", "others", "others_rate", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def to_fix(kept: pd.DataFrame) -> pd.DataFrame:
    """Which open deals stand at a stage whose checklist has gaps? One row per deal, the largest amount first: opportunity_id,
    account_name, rep_name, team, amount, stage, missing (list of items)."""
    gaps = kept[(kept["outcome"] == "open") & (kept["now"] == kept["stage"]) & ~kept["done"]]
    keys = ["opportunity_id", "account_name", "rep_name", "team", "amount", "stage"]
    frame = gaps.groupby(keys, as_index=False, dropna=False).agg(missing=("item", list))
    return frame.sort_values("amount", ascending=False, kind="stable").reset_index(drop=True)
