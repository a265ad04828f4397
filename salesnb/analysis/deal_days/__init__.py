"""How long do deals take, which stage got slower, and which open deals are older than anything ever won?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesnb.analysis import intervals, survival
from salesnb.analysis.deal_days.moves import Shares, moved, other_causes, tidied
from salesnb.analysis.deal_days.standing import (
    FAIR_WON,
    Zombies,
    ages,
    as_known,
    history,
    zombie_deals,
    zombie_limit,
    zombies,
    zombies_by_age,
)
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import month_start, months_back, working_days
from salesnb.findings import Finding
from salesnb.headlines import Figure
from salesnb.language import Message
from salesnb.results.funnel import DaysToClose

__all__ = [
    "DaysToClose", "Zombies", "as_known", "by_group", "closing_curve", "days_to_close", "findings", "headlines", "history", "moved",
    "other_causes", "pace_findings", "recent", "stage_days", "stage_days_by_month", "tidied", "zombie_deals", "zombie_limit", "zombies", "zombies_by_age",
]  # fmt: skip
DIMENSIONS = ("channel", "region", "team", "product_line", "size")
FAIR_ENTRIES = 20  # deals per stage and period below which no change is called


def recent(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 24) -> pd.DataFrame:
    """Deals created in the last `months` months with `days` and `ended`; one row per deal, others dropped."""
    born = opportunities[opportunities["created_on"] >= months_back(as_of, months)]
    return born.assign(days=ages(born, as_of=as_of).clip(lower=0), ended=born["outcome"] != "open")


def days_to_close(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> DaysToClose:
    """How long does a deal take? The Kaplan–Meier median, where open deals count as not yet over, beside the median of
    closed deals alone, which forgets the slow ones. None where half of the deals have not ended yet, or there is none."""
    born = recent(opportunities, as_of=as_of)
    closed = born.loc[born["ended"], "days"]
    return DaysToClose(
        survival.days_until(born["days"], born["ended"]),
        float(closed.median()) if len(closed) else None,
        len(born),
        int((~born["ended"]).sum()),
    )


def closing_curve(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What share of deals is still open after t days, honestly and from closed deals alone?

    One row per day with a close: day, running, low, high (Kaplan–Meier), closed_only. Empty without a deal.
    """
    born = recent(opportunities, as_of=as_of)
    curve = survival.kaplan_meier(born["days"], born["ended"])
    closed = np.sort(born.loc[born["ended"], "days"].to_numpy())
    past = np.searchsorted(closed, curve["day"].to_numpy(), side="right")
    return curve.assign(closed_only=1 - past / len(closed) if len(closed) else np.nan)


def by_group(
    opportunities: pd.DataFrame, *, as_of: pd.Timestamp, dimensions: Sequence[str] = DIMENSIONS
) -> pd.DataFrame:
    """Whose deals take longer than all others'? Deals created in the last 24 months, open ones with their age so far.

    In: one row per deal with the `dimensions` as columns. Out: one row per member of each dimension that has at least two: dimension, member, days, rest_days (Kaplan–Meier medians;
    NaN where half of the deals have not ended), p_value (log-rank against all others; NaN below 20 ended deals and for
    size), net_p (the same between deals of one channel, region, line or person, of those that stand out: `rivals.like_pace`),
    conclusion, by and rivals, days_flagged (beyond noise after Holm's correction over all members of all dimensions, and so between like
    deals too).
    """
    asked = list(dict.fromkeys(each for each in dimensions if each in opportunities))
    deals = recent(opportunities, as_of=as_of)
    deals = deals[
        ["days", "ended", *dict.fromkeys([*asked, *(one for one in rivals.PACE_MIX if one in deals)])]
    ]
    tables = []
    for dimension in asked:
        known = deals[deals[dimension].notna()]
        if known[dimension].nunique() < 2:
            continue
        table = survival.by_member(known["days"], known["ended"], known[dimension])
        fair = table[["ended", "rest_ended"]].min(axis=1).ge(FAIR_ENTRIES) & (dimension != "size")
        named = table.assign(p_value=table["p_value"].where(fair)).rename_axis("member").reset_index()
        tables.append(named.assign(dimension=dimension))
    columns = ["dimension", "member", "days", "rest_days", "p_value"]
    frame = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    frame = frame.astype({"days": float, "rest_days": float, "p_value": float})
    seen = intervals.beyond_noise(frame["p_value"]) if len(frame) else np.zeros(0, dtype=bool)
    frame["net_p"] = [
        _between_like(deals, str(dimension), member) if one else np.nan
        for dimension, member, one in zip(frame["dimension"], frame["member"], seen, strict=True)
    ]
    net = (
        intervals.beyond_noise(frame["net_p"].mask(~seen & frame["p_value"].notna(), 1.0))
        if len(frame)
        else seen
    )
    shares = [
        {"mix": rivals.share_by_chance(*pair)} for pair in zip(frame["p_value"], frame["net_p"], strict=True)
    ]
    return frame.join(rivals.worded(frame.index, seen, net, shares)).assign(days_flagged=seen & net)


def _between_like(deals: pd.DataFrame, dimension: str, member: object) -> float:
    """`rivals.like_pace` of a member's deals and all others'."""
    own = deals[dimension] == member
    rest = deals[dimension].notna() & ~own
    return rivals.like_pace(deals[own], deals[rest], without=rivals.same(dimension))


def pace_findings(paces: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `by_group`."""
    return rivals.told(
        paces, id="group.days", member=["dimension", "member"], value="days", ends=("", ""), unit="deal",
        basis="peers", period=(months_back(as_of, 24), as_of),
    )  # fmt: skip


def stage_days(
    passages: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 6, country: str | None = None
) -> pd.DataFrame:
    """Which stage got slower? Deals that entered it in the last `months` months against the same months a year before.

    In: one row per deal × stage with entered_on, left_on, days, way (0: still there), and its channel, region, line and person where known. Out: one row per stage: stage,
    position, n_now, n_before, now, before (Kaplan–Meier medians in days, the earlier period watched no longer than the
    present one could be), change (days), p_value (log-rank test, Mantel 1966), net_p (the same in working days of the `country`: a New Year
    that moves from one period to the other makes nobody slower), like_p (in days, between deals of one channel, region, line or person),
    conclusion and by, slower (beyond noise after Holm's
    correction over the stages, in working days and between like deals too, and with at least 20 deals in either period), factor with low and high (how many times as
    long as a year before, with the 95% interval of the same test; only where slower).
    """
    start = months_back(as_of, months)
    year_ago = as_of - pd.DateOffset(years=1)
    now = passages[passages["entered_on"] >= start]
    then = _as_seen(
        passages[passages["entered_on"].between(start - pd.DateOffset(years=1), year_ago)], year_ago
    )
    rows = []
    for (position, stage), part in now.groupby(["position", "stage"], sort=True):
        earlier = then[then["stage"] == stage]
        fair = min(len(part), len(earlier)) >= FAIR_ENTRIES
        rows.append(
            {
                "stage": stage,
                "position": position,
                "n_now": len(part),
                "n_before": len(earlier),
                "now": survival.days_until(part["days"], part["way"] > 0),
                "before": survival.days_until(earlier["days"], earlier["way"] > 0),
                "p_value": survival.log_rank(
                    part["days"], part["way"] > 0, against=(earlier["days"], earlier["way"] > 0)
                )
                if fair
                else np.nan,
                "net_p": _worked_p(part, earlier, as_of=as_of, ago=year_ago, country=country)
                if fair
                else np.nan,
                "like_p": rivals.like_pace(*(one.assign(ended=one["way"] > 0) for one in (part, earlier)))
                if fair
                else np.nan,
            }
        )
    numbers = ["now", "before", "p_value", "net_p", "like_p"]
    frame = pd.DataFrame(rows, columns=["stage", "position", "n_now", "n_before", *numbers])
    frame = frame.astype(dict.fromkeys(numbers, float))
    change = frame["now"] - frame["before"]
    seen = intervals.beyond_noise(frame["p_value"]) & (change > 0).to_numpy()
    worked, like = (intervals.beyond_noise(frame[name]) for name in ("net_p", "like_p"))
    net = worked & like
    shares = [
        {"calendar": rivals.share_by_chance(raw, one), "mix": rivals.share_by_chance(raw, two)}
        for raw, one, two in zip(frame["p_value"], frame["net_p"], frame["like_p"], strict=True)
    ]
    words = rivals.worded(frame.index, seen, net, shares)
    frame = frame.assign(change=change, **words, slower=seen & net)
    sizes = [
        _factor(now, then, stage) if slower else None
        for stage, slower in zip(frame["stage"], frame["slower"], strict=True)
    ]
    return frame.assign(
        **{
            name: [size[place] if size else np.nan for size in sizes]
            for place, name in enumerate(("factor", "low", "high"))
        }
    )


def _worked_p(
    part: pd.DataFrame, earlier: pd.DataFrame, *, as_of: pd.Timestamp, ago: pd.Timestamp, country: str | None
) -> float:
    """The log-rank test in working days."""
    first = min(part["entered_on"].min(), earlier["entered_on"].min())
    calendar = working_days(first.normalize(), as_of.normalize(), country=country).to_numpy("datetime64[ns]")

    def worked(rows: pd.DataFrame, until: pd.Timestamp) -> np.ndarray:
        left = rows["left_on"].where(rows["way"] > 0, until).to_numpy("datetime64[ns]")
        ends = (
            np.searchsorted(calendar, left),
            np.searchsorted(calendar, rows["entered_on"].to_numpy("datetime64[ns]")),
        )
        return np.clip(ends[0] - ends[1], 0, None)

    own, others = worked(part, as_of), worked(earlier, ago)
    return survival.log_rank(own, part["way"] > 0, against=(others, earlier["way"] > 0))


def findings(
    in_stage: pd.DataFrame, past: pd.DataFrame, shares: Shares, *, as_of: pd.Timestamp
) -> list[Finding]:
    """The verdicts of `stage_days` and of `moved` (`past` of `history`, `shares` of `other_causes`)."""
    slower = rivals.told(
        in_stage, id="stage.slower", member="stage", value="change", ends=("", ""), unit="deal", basis="year_before",
        period=(months_back(as_of, 6), as_of),
    )  # fmt: skip
    month, raw = f"{month_start(as_of):%Y-%m-%d}/{as_of:%Y-%m-%d}", moved(past)
    for name, held in shares.items():
        word, by = rivals.conclusion(raw[name], net=moved(past, shares)[name], shares=held)
        step = float(past[name].iloc[-1] - past[name].iloc[-2]) if len(past) > 1 else None
        slower.append(
            Finding(
                f"pipeline.{name}", word, by=by, value=step, stated=intervals.FALSE_ALARM,
                unit="month", basis="own_past", rivals=held, period=month,
            )
        )  # fmt: skip
    return slower


def _factor(now: pd.DataFrame, then: pd.DataFrame, stage: str) -> tuple[float, float, float] | None:
    part, earlier = now[now["stage"] == stage], then[then["stage"] == stage]
    return survival.factor(part["days"], part["way"] > 0, against=(earlier["days"], earlier["way"] > 0))


def stage_days_by_month(
    passages: pd.DataFrame, *, stage: str, as_of: pd.Timestamp, months: int = 24
) -> pd.DataFrame:
    """When did a stage become slower? One row per month of entry: month, entered, days (Kaplan–Meier median, NaN where
    half of the deals are still there)."""
    rows = passages[(passages["stage"] == stage) & (passages["entered_on"] >= months_back(as_of, months))]
    month = rows["entered_on"].dt.to_period("M").dt.to_timestamp()
    found = [
        (start, len(part), survival.days_until(part["days"], part["way"] > 0))
        for start, part in rows.groupby(month)
    ]
    return pd.DataFrame(found, columns=["month", "entered", "days"]).astype({"days": float})


def _as_seen(passages: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The same passages as they were known on `day`."""
    left = passages["left_on"].notna() & (passages["left_on"] <= day)
    days = (passages["left_on"].where(left, day) - passages["entered_on"]).dt.days.clip(lower=0).astype(float)
    return passages.assign(way=passages["way"].where(left, 0), days=days)


def headlines(
    opportunities: pd.DataFrame, *, as_of: pd.Timestamp, company: pd.DataFrame | None = None
) -> dict[str, Figure]:
    """Keys funnel.median_days_to_close and funnel.zombie_limit_days, .zombie_count, .zombie_value."""
    median = days_to_close(opportunities, as_of=as_of).median
    found = zombies(opportunities, as_of=as_of, company=company)
    never = Message("too few deals were won to say at which age one is dead ({n:count} needed)", n=FAIR_WON)
    unfinished = Message("fewer than half of the deals created in the last 24 months have been closed")
    unvalued = (
        opportunities.loc[opportunities["outcome"] == "open", "amount"].notna().sum() == 0
        and found
        and found.open_count
    )
    return {
        "funnel.median_days_to_close": Figure(median) if median is not None else Figure(None, unfinished),
        "funnel.zombie_limit_days": Figure(found.limit_days) if found else Figure(None, never),
        "funnel.zombie_count": Figure(found.count) if found else Figure(None, never),
        "funnel.zombie_value": Figure(None, Message("no open deal has an amount"))
        if unvalued
        else (Figure(found.value) if found else Figure(None, never)),
    }
