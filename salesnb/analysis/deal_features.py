"""What was knowable about a deal while it was open?

A landmark is a month end on which a deal was open (its first day, where it never saw one): the days on which someone
would have asked. Features at a landmark use nothing dated after it, and no field that closing may rewrite.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from salesnb.caching import cached

PRIOR_DEALS = 10
SEPARATES = 0.90  # a field that tells won from lost this well by itself was written at closing
LOOKS = ("rep_id", "account_id", "product_line", "channel")
WRITABLE = ("amount", "loss_reason", "competitor", "expected_close_on", "product_id", "account_id", "channel")
DERIVED = {
    "product_id": ("product_line",),
    "account_id": ("account_name", "region"),
}  # looked up by the field


def month_ends_between(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """The month ends from `first` to `last`, and `last` itself."""
    ends = pd.date_range(first, last, freq="ME")
    return ends if len(ends) and ends[-1] == last else pd.DatetimeIndex([*ends, last])


def landmarks(opportunities: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """When could one have asked about a deal? One row per deal × landmark: opportunity_id, landmark, weight (one over the
    deal's landmarks), won (1 or 0; NaN while open). Open deals have one landmark, `as_of`."""
    if opportunities.empty:
        return pd.DataFrame(
            {
                "opportunity_id": pd.Series(dtype=object),
                "landmark": pd.Series(dtype="datetime64[ns]"),
                "weight": pd.Series(dtype=float),
                "won": pd.Series(dtype=float),
            }
        )
    ends = month_ends_between(opportunities["created_on"].min(), as_of).to_numpy("datetime64[ns]")
    still = (opportunities["outcome"] == "open").to_numpy()
    created = opportunities["created_on"].to_numpy("datetime64[ns]")
    closed = opportunities["closed_on"].fillna(as_of).to_numpy("datetime64[ns]")
    first, past = np.searchsorted(ends, created), np.searchsorted(ends, closed)
    count = np.where(still, 1, np.maximum(past - first, 1))
    row = np.repeat(np.arange(len(opportunities)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    place = np.minimum(first[row] + step, len(ends) - 1)
    day = np.where(
        still[row], as_of.to_datetime64(), np.where((past > first)[row], ends[place], created[row])
    )
    won = np.where(still, np.nan, (opportunities["outcome"] == "won").to_numpy(float))
    return pd.DataFrame(
        {
            "opportunity_id": opportunities["opportunity_id"].to_numpy()[row],
            "landmark": pd.to_datetime(day),
            "weight": 1 / count[row],
            "won": won[row],
        }
    )


@cached
def features(
    opportunities: pd.DataFrame,
    marks: pd.DataFrame,
    *,
    stage_events: pd.DataFrame,
    weeks: pd.DataFrame,
    stages: list[str],
    given: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """What was known at each landmark? One row per row of `marks`, same order, numbers only.

    age_days; stage_rank (place in `stages`), stage_days and stage_pace (stage_days less the median of the deals that stood
    in the same stage on the same day), where stage history exists; weeks_silent, contacts_28d and met_executive, where
    activities name deals (`weeks`: opportunity_id, week_start, contacts, executive); days_late (past the expected close
    date); for person, account, line and channel the win rate of the twelve months before the landmark, drawn towards the
    company's with the weight of ten deals; and the discount of the same months (`given`: rep_id or account_id → rows with
    that column, day, net_amount, list_amount), drawn towards the company's with the weight of a usual member. All less the
    company's own. The deal's own discount is no feature: closing rewrites the amount. A feature without data is left out.
    """
    needed = opportunities[
        ["opportunity_id", "created_on", "expected_close_on", *LOOKS]
    ]  # no text is held once a landmark in vain
    rows = marks.merge(needed, on="opportunity_id", how="left", validate="many_to_one")
    known = pd.DataFrame(
        {"age_days": (rows["landmark"] - rows["created_on"]).dt.days.clip(lower=0)}, index=rows.index
    )
    if len(stage_events):
        # of stages entered on one day the furthest counts, whatever they are called
        ranks = stage_events["stage"].map({stage: rank for rank, stage in enumerate(stages)})
        entered = stage_events.assign(rank=ranks).rename(columns={"entered_on": "day"}).sort_values("rank")
        at = _latest(rows, entered, "rank")
        known["stage_rank"] = at["rank"].fillna(0)
        known["stage_days"] = (rows["landmark"] - at["day"]).dt.days.fillna(known["age_days"])
        peers = known["stage_days"].groupby([rows["landmark"], known["stage_rank"]])
        known["stage_pace"] = known["stage_days"] - peers.transform("median")
    if len(weeks):
        known = known.join(_contacts(rows, weeks, known["age_days"]))
    if rows["expected_close_on"].notna().any():
        late = (rows["landmark"] - rows["expected_close_on"]).dt.days
        known["days_late"] = late.fillna(0).clip(-90, 365)
    for look in LOOKS:
        if rows[look].notna().any():
            closed = opportunities[(opportunities["outcome"] != "open") & opportunities[look].notna()]
            wins = closed.assign(day=closed["closed_on"], part=closed["outcome"] == "won", whole=1.0)
            known[f"{look.removesuffix('_id')}_record"] = _record(
                wins, rows, look, weight=PRIOR_DEALS, prior=0.5
            )
    for look, sales in (given or {}).items():
        listed = sales[(sales["list_amount"] > 0) & sales[look].notna()]
        if len(listed):
            granted = listed.assign(
                part=listed["list_amount"] - listed["net_amount"], whole=listed["list_amount"]
            )
            usual = float(granted["whole"].sum() / granted[look].nunique())
            known[f"{look.removesuffix('_id')}_discount"] = _record(
                granted, rows, look, weight=usual, prior=0.0
            )
    return known.astype(float)


def separating(known: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Does a feature by itself tell won from lost, so that it must have been written with the outcome in mind? One row per
    feature, the strongest first: field, alone (AUC over the landmarks of closed deals, either way round), refused (at
    least 0.9). Empty where one of the outcomes is missing."""
    closed = marks["won"].notna().to_numpy()
    won, weight = marks["won"].to_numpy()[closed], marks["weight"].to_numpy()[closed]
    if len(set(won)) < 2:
        return pd.DataFrame(
            {"field": pd.Series(dtype=str), "alone": pd.Series(dtype=float), "refused": pd.Series(dtype=bool)}
        )
    found = [
        (name, max(auc, 1 - auc))
        for name in known
        for auc in [float(roc_auc_score(won, known[name].to_numpy()[closed], sample_weight=weight))]
    ]
    frame = pd.DataFrame(found, columns=["field", "alone"]).sort_values(
        "alone", ascending=False, kind="stable"
    )
    return frame.assign(refused=frame["alone"] >= SEPARATES).reset_index(drop=True)


def tripwire(opportunities: pd.DataFrame) -> pd.DataFrame:
    """Which fields give the outcome away? Over closed deals: does a field's being filled, its value, or its date's being
    the closing day tell won from lost, or closed from open?

    One row per field with data: field, filled_won, filled_lost, filled_open (shares), alone (AUC of the field alone,
    the better of value and being filled; 0.5 says nothing), at_closing (share of dates that equal the closing day),
    refused, why (separates, written_at_closing, rewritten, or empty). An amount is refused in any case: closing may
    rewrite it.
    """
    closed = opportunities[opportunities["outcome"] != "open"]
    won = (closed["outcome"] == "won").to_numpy()
    rows = []
    for field in WRITABLE:
        if opportunities[field].isna().all() or won.all() or not won.any():
            continue
        filled = closed[field].notna().to_numpy()
        alone = roc_auc_score(won, filled)
        if pd.api.types.is_numeric_dtype(closed[field]):
            value = roc_auc_score(won, closed[field].fillna(0))
            alone = max(alone, 1 - alone, value, 1 - value)
        alone = max(alone, 1 - alone)
        dated = pd.api.types.is_datetime64_any_dtype(closed[field])
        at_closing = (
            float((closed[field] == closed["closed_on"])[filled].mean()) if dated and filled.any() else 0.0
        )
        still = opportunities.loc[opportunities["outcome"] == "open", field].notna().mean()
        known = max(
            filled[won].mean(), filled[~won].mean()
        )  # a reason for losing is filled for lost deals alone
        only_closed = bool(known - still > 0.5)  # nobody knows where no deal is open
        why = (
            "separates"
            if alone >= SEPARATES
            else "written_at_closing"
            if only_closed or at_closing > 0.5
            else "rewritten"
            if field == "amount"
            else ""
        )
        rows.append(
            (field, filled[won].mean(), filled[~won].mean(), still, alone, at_closing, bool(why), why)
        )
    columns = ["field", "filled_won", "filled_lost", "filled_open", "alone", "at_closing", "refused", "why"]
    return (
        pd.DataFrame(rows, columns=columns)
        .sort_values("alone", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


def honest(opportunities: pd.DataFrame, checked: pd.DataFrame) -> pd.DataFrame:
    """The deals without what the tripwire refused: those fields are emptied, and what was looked up by them, so that no feature
    can use them."""
    named = [*checked.loc[checked["refused"], "field"]]
    named += [looked_up for field in named for looked_up in DERIVED.get(field, ())]
    refused = [field for field in named if field in opportunities]
    return opportunities.assign(
        **{
            field: opportunities[field].where(pd.Series(False, index=opportunities.index))
            for field in refused
        }
    )


def _latest(rows: pd.DataFrame, events: pd.DataFrame, column: str) -> pd.DataFrame:
    """The last event of each row's deal on or before its landmark, in the order of `rows`."""
    deals, names = pd.factorize(rows["opportunity_id"])
    asked = pd.DataFrame({"deal": deals, "row": np.arange(len(rows))})
    told = pd.DataFrame(
        {"deal": pd.Index(names).get_indexer(pd.Index(events["opportunity_id"])), column: events[column]}
    )
    asked["landmark"], told["day"] = (
        rows["landmark"].to_numpy("datetime64[ns]"),
        events["day"].to_numpy("datetime64[ns]"),
    )
    found = pd.merge_asof(
        asked.sort_values("landmark", kind="stable"),
        told[told["deal"] >= 0].sort_values("day", kind="stable"),
        left_on="landmark",
        right_on="day",
        by="deal",
    )
    return found.sort_values("row").set_axis(rows.index)


def _contacts(rows: pd.DataFrame, weeks: pd.DataFrame, age: pd.Series) -> pd.DataFrame:
    """Silence and contact by whole weeks that had ended by the landmark."""
    ended = weeks.sort_values("week_start", kind="stable").assign(
        day=lambda w: w["week_start"] + pd.Timedelta(days=6)
    )
    running = ended.groupby("opportunity_id")[["contacts", "executive"]].cumsum()
    ended = ended.assign(contacts=running["contacts"], executive=running["executive"])
    at = _latest(rows, ended, "contacts")
    earlier = _latest(rows.assign(landmark=rows["landmark"] - pd.Timedelta(days=28)), ended, "contacts")
    silent = (rows["landmark"] - at["day"]).dt.days
    executive = _latest(rows, ended, "executive")["executive"].fillna(0)
    return pd.DataFrame(
        {
            "weeks_silent": (silent.fillna(age) / 7).clip(0, 26),
            "contacts_28d": at["contacts"].fillna(0) - earlier["contacts"].fillna(0),
            "met_executive": (executive > 0).astype(float),
        }
    )


def _record(past: pd.DataFrame, rows: pd.DataFrame, look: str, *, weight: float, prior: float) -> np.ndarray:
    """Σ part / Σ whole of the row's person (or account, line, channel) in the year before the landmark, less the company's.

    `past`: what happened, with `look`, day, part and whole; known from the next month end after its day (what happened on a
    month end, from the one after: a deal closed on its landmark must not see its own outcome). `weight`: of the
    company's ratio, in the unit of whole, to which a thin record is drawn; `prior`: what the company's own starts from.
    """
    if rows.empty:
        return np.zeros(0)
    first = min(rows["created_on"].min(), past["day"].min()) if len(past) else rows["created_on"].min()
    ends = month_ends_between(first, rows["landmark"].max()).to_numpy("datetime64[ns]")
    members = pd.Index(sorted({*past[look].unique(), *rows[look].dropna().unique()}))
    known_from = np.searchsorted(ends, past["day"].to_numpy("datetime64[ns]"), side="right")
    inside = known_from < len(ends)
    place = (members.get_indexer(past[look])[inside], known_from[inside])
    part, whole = np.zeros((len(members) + 1, len(ends))), np.zeros((len(members) + 1, len(ends)))
    np.add.at(part, place, past["part"].to_numpy(float)[inside])
    np.add.at(whole, place, past["whole"].to_numpy(float)[inside])
    part, whole = _last_year(part), _last_year(whole)
    base = (part.sum(axis=0) + prior * weight) / (whole.sum(axis=0) + weight)
    when = np.searchsorted(ends, rows["landmark"].to_numpy("datetime64[ns]"), side="right") - 1
    who = members.get_indexer(rows[look].where(rows[look].notna(), "\0"))
    record = (part[who, when] + weight * base[when]) / (whole[who, when] + weight) - base[when]
    return np.where((who < 0) | (when < 0), 0.0, record)


def _last_year(counts: np.ndarray) -> np.ndarray:
    total = counts.cumsum(axis=1)
    total[:, 12:] = total[:, 12:] - counts.cumsum(axis=1)[:, :-12]
    return total
