"""Which way do deals leave each stage?

Conversion by stage, by quarter of entry and by team, with deals that are still undecided treated as undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from salesnb.analysis import intervals, survival
from salesnb.analysis.decomposition import rivals
from salesnb.analysis.survival import stage_order as stage_order
from salesnb.calendars.periods import month_start, months_back
from salesnb.headlines import Figure
from salesnb.language import Message

QUARTERS = 4
FAIR_DECIDED = 30  # decided deals of a team at a stage below which it is no yardstick
LIKE_DEALS = 2.0  # a comparable team's median deal is at most this many times larger or smaller
STAGE_COLUMNS = (
    "stage",
    "entered",
    "moved_on",
    "lost",
    "undecided",
    "conversion",
    "low",
    "high",
    "days_in_stage",
)


def passages(
    opportunities: pd.DataFrame, stage_events: pd.DataFrame, *, stages: Sequence[str], as_of: pd.Timestamp
) -> pd.DataFrame:
    """Which way did each deal leave each stage that it entered?

    In: one row per deal as known at `as_of`; one row per deal and stage entered. Out: one row per deal × stage, by its
    first entry: opportunity_id, stage, entered_on, left_on (NaT while it is there), way (1 moved on or won, 2 lost,
    0 still there), days (in the stage, so far where it is still there), amount (the median known one where missing, or where
    losing has written nothing over it), team, and of the deal what is known of `rivals.PACE_MIX`.
    """
    position = {stage: number for number, stage in enumerate(stages)}
    events = stage_events[stage_events["stage"].isin(list(stages))]
    first = events.groupby(["opportunity_id", "stage"]).agg(entered_on=("entered_on", "min")).reset_index()
    first["position"] = first["stage"].map(position).astype(float)
    first = first.sort_values(["opportunity_id", "position"], kind="stable")
    later = first.iloc[::-1].groupby("opportunity_id", sort=False)["entered_on"].cummin().iloc[::-1]
    first["next_on"] = later.groupby(first["opportunity_id"]).shift(-1)
    mix = [name for name in rivals.PACE_MIX if name in opportunities]
    deals = opportunities.reindex(columns=["opportunity_id", "outcome", "closed_on", "amount", "team", *mix])
    written_off = deals["outcome"].eq("lost") & deals["amount"].eq(0)
    deals["amount"] = deals["amount"].mask(written_off)
    deals["amount"] = deals["amount"].fillna(deals["amount"].median())
    rows = first.merge(deals, on="opportunity_id", how="inner")
    moved = rows["next_on"].notna()
    won, lost = rows["outcome"].eq("won"), rows["outcome"].eq("lost")
    rows["way"] = np.select([moved | won, lost], [1, 2], default=0)
    rows["left_on"] = rows["next_on"].where(moved, rows["closed_on"])
    rows["days"] = (rows["left_on"].fillna(as_of) - rows["entered_on"]).dt.days.clip(lower=0).astype(float)
    columns = [
        "opportunity_id",
        "stage",
        "position",
        "entered_on",
        "left_on",
        "way",
        "days",
        "amount",
        "team",
    ]
    return rows[[*columns, *mix]]


def stage_conversion(passages: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12) -> pd.DataFrame:
    """What share of the deals that entered a stage in the last `months` months moves on?

    One row per stage in order: entered, moved_on, lost, undecided (counts), conversion (Aalen–Johansen: the share of
    those that will leave which leave forward; undecided deals count for as long as they were seen), low and high
    (Wilson, over the decided), days_in_stage (Kaplan–Meier median). NaN where nothing is decided.
    """
    recent = passages[passages["entered_on"] >= months_back(as_of, months)]
    days = [
        survival.days_until(part["days"], part["way"] > 0)
        for _, part in recent.groupby(["position", "stage"])
    ]
    frame = _converted(recent, ["position", "stage"]).assign(days_in_stage=np.array(days, dtype=float))
    return frame[list(STAGE_COLUMNS)]


def _converted(passages: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Counts by way, Σ and median amount, and the conversion with its interval, a row per group of `keys`."""
    rows = []
    for key, part in passages.groupby(keys, sort=True):
        found = survival.ends(part["days"], part["way"])
        ways = [int((part["way"] == way).sum()) for way in (1, 2, 0)]
        amounts = (part["amount"].sum(), part["amount"].median())
        rows.append((*key, len(part), *ways, *amounts, found.of_ended if found else np.nan))
    counted = ["entered", "moved_on", "lost", "undecided", "value", "typical", "conversion"]
    frame = pd.DataFrame(rows, columns=[*keys, *counted])
    frame["decided"] = (frame["moved_on"] + frame["lost"]).astype(int)
    bounds = intervals.wilson(frame["conversion"].fillna(0) * frame["decided"], frame["decided"])
    return frame.assign(low=bounds["low"], high=bounds["high"])


def quarter_starts(as_of: pd.Timestamp, *, quarters: int = QUARTERS) -> list[pd.Timestamp]:
    """First days of the last quarters, each three calendar months, the last one ending with the month of `as_of`."""
    return [month_start(as_of) - pd.DateOffset(months=3 * back - 1) for back in range(quarters, 0, -1)]


def quarterly_conversion(
    passages: pd.DataFrame, *, as_of: pd.Timestamp, quarters: int = QUARTERS
) -> pd.DataFrame:
    """How did each stage convert by quarter of entry? One row per stage × quarter: stage, position, peer (the quarter's first
    day), entered, moved_on, lost, undecided, decided, value (Σ amount that entered), typical (median amount), conversion,
    low, high (Wilson), days_in_stage (Kaplan–Meier median), comparable (something is decided), alike_moved and alike_decided (of the
    deals that came long enough ago, those decided by the age which half of the latest quarter's could reach: losses that take longer than
    wins make a young quarter look good), like_p (of so high a conversion of the decided by luck, between deals of like channel, region, line and
    person, for the quarter that was picked out of all; missing where none is known). A quarter with nothing decided
    has no conversion, one whose deals are mostly still there no days."""
    starts = np.array(quarter_starts(as_of, quarters=quarters), dtype="datetime64[ns]")
    recent = passages[passages["entered_on"] >= starts[0]]
    place = np.searchsorted(starts, recent["entered_on"].to_numpy("datetime64[ns]"), side="right") - 1
    keys = ["position", "stage", "peer"]
    placed = recent.assign(peer=starts[place])
    frame = _converted(placed, keys)
    days = [survival.days_until(part["days"], part["way"] > 0) for _, part in placed.groupby(keys)]
    alike = [_by_age(placed, part, as_of=as_of) for _, part in placed.groupby(keys)]
    like = [_between_like(placed, part) for _, part in placed.groupby(keys)]
    return frame.assign(
        comparable=frame["decided"] > 0,
        days_in_stage=np.array(days, dtype=float),
        alike_moved=[moved for moved, _ in alike],
        alike_decided=[decided for _, decided in alike],
        like_p=np.array(like, dtype=float),
    )


def _between_like(placed: pd.DataFrame, part: pd.DataFrame) -> float:
    """The chance that a quarter converts so much better than the stage's others between like deals, if it was picked as the best."""
    own = placed[(placed["stage"] == part["stage"].iloc[0]) & (placed["way"] > 0)]
    mix = [name for name in rivals.PACE_MIX if name in own and own[name].notna().any()]
    if not mix:
        return np.nan
    found = rivals.at_equal_strata(own["way"] == 1, own["peer"] == part["peer"].iloc[0], own[mix])
    if found is None or found.value <= 0:
        return 1.0
    return min(1.0, found.p_value / 2 * own["peer"].nunique())


def _by_age(placed: pd.DataFrame, part: pd.DataFrame, *, as_of: pd.Timestamp) -> tuple[int, int]:
    """Of a quarter's passages of a stage: how many had moved on, and were decided, at an age that all quarters can show."""
    own = placed[placed["stage"] == part["stage"].iloc[0]]
    latest = own.loc[own["peer"] == own["peer"].max(), "entered_on"]
    age = float((as_of - latest).dt.days.median())
    seen = part[(as_of - part["entered_on"]).dt.days >= age]
    decided = seen[(seen["way"] > 0) & (seen["days"] <= age)]
    return int((decided["way"] == 1).sum()), len(decided)


def team_conversion(passages: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12) -> pd.DataFrame:
    """How does each stage convert in each team's hands? One row per stage × team, as `quarterly_conversion` with the team as
    peer, over entries of the last `months` months.

    A team is comparable at a stage where at least 30 of its deals were decided there and its median deal is between half
    and double the stage's: a team that sells small renewals is no yardstick for one that sells plants.
    """
    recent = passages[(passages["entered_on"] >= months_back(as_of, months)) & passages["team"].notna()]
    frame = _converted(recent.assign(peer=recent["team"].astype(object)), ["position", "stage", "peer"])
    usual = frame["stage"].map(recent.groupby("stage")["amount"].median())
    alike = frame["typical"].between(usual / LIKE_DEALS, usual * LIKE_DEALS) | usual.isna()
    return frame.assign(comparable=(frame["decided"] >= FAIR_DECIDED) & alike)


def headlines(
    opportunities: pd.DataFrame, *, as_of: pd.Timestamp, found: Any, has_history: bool
) -> dict[str, Figure]:
    """Keys funnel.open_count, .open_value, .win_rate and .bottleneck, by the definitions of the glossary.

    `opportunities`: one row per deal as known at `as_of`. Open value is the sum of known amounts, null where none is
    known; the win rate won / (won + lost) over deals closed in the last twelve months.
    """
    if opportunities.empty:
        reason = Message("no deals are known by this date")
        return {
            f"funnel.{key}": Figure(None, reason)
            for key in ("open_count", "open_value", "win_rate", "bottleneck")
        }
    still = opportunities[opportunities["outcome"] == "open"]
    value = float(still["amount"].sum()) if still["amount"].notna().any() or still.empty else None
    rate = win_rate(opportunities, as_of=as_of)
    no_events = Message("the stage at which deals stood is not recorded (table stage_events)")
    undecided = Message("no deal has left a stage in the last twelve months")
    return {
        "funnel.open_count": Figure(len(still)),
        "funnel.open_value": Figure(value)
        if value is not None
        else Figure(None, Message("no open deal has an amount")),
        "funnel.win_rate": Figure(rate)
        if rate is not None
        else Figure(None, Message("no deal was closed in the last twelve months")),
        "funnel.bottleneck": Figure(found.stage)
        if found
        else Figure(None, undecided if has_history else no_events),
    }


def win_rate(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12) -> float | None:
    """Won / (won + lost) of the deals closed in the last `months` months; None where none was closed."""
    closed = opportunities[
        (opportunities["outcome"] != "open") & (opportunities["closed_on"] >= months_back(as_of, months))
    ]
    return float((closed["outcome"] == "won").mean()) if len(closed) else None
