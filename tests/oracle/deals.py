"""The funnel, by metrics.md's words, and the fields that open deals lack."""

from __future__ import annotations

import numpy as np

from tests.oracle.tables import Seen

ALWAYS = ("account_id", "rep_id", "amount", "expected_close_on")


def closed(seen: Seen):
    """Which deals are won or lost by as_of?"""
    deals = seen.rows("opportunities")
    return deals["outcome"].isin(["won", "lost"]) & (deals["closed_on"] <= seen.as_of)


def win_rate(seen: Seen) -> float | None:
    deals = seen.rows("opportunities")
    recent = deals[closed(seen) & (deals["closed_on"] >= seen.window(12))]
    return (recent["outcome"] == "won").mean() if len(recent) else None


def funnel(own: Seen, company: Seen) -> dict[str, float | None]:
    keys = (
        "open_count",
        "open_value",
        "win_rate",
        "median_days_to_close",
        "zombie_limit_days",
        "zombie_count",
        "zombie_value",
    )
    if own.opportunities is None or own.opportunities.empty:
        found = {f"funnel.{key}": None for key in keys}
    else:
        found = _funnel(own, company)
    return found | {"deals.base_brier": None if own.opportunities is None else _base_brier(company)}


def _funnel(seen: Seen, company: Seen) -> dict[str, float | None]:
    deals, as_of, ended = seen.opportunities, seen.as_of, closed(seen)
    still = deals[~ended]
    won = company.opportunities[closed(company) & (company.opportunities["outcome"] == "won")]
    days = (won["closed_on"] - won["created_on"]).dt.days
    limit = float(np.percentile(days, 99)) if len(won) >= 20 else None
    young = deals[deals["created_on"] >= seen.window(24)]
    over = ended.loc[young.index]
    days = (young["closed_on"].where(over, as_of) - young["created_on"]).dt.days
    survival, median = 1.0, None
    for time in sorted(set(days[over])):
        survival *= 1 - (days[over] == time).sum() / (days >= time).sum()
        if survival <= 0.5 + 1e-12:
            median = time
            break
    unknown = len(still) and still["amount"].isna().all()
    old = still.iloc[:0] if limit is None else still[(as_of - still["created_on"]).dt.days > limit]
    return {
        "funnel.open_count": len(still),
        "funnel.open_value": None if unknown else still["amount"].sum(),
        "funnel.win_rate": win_rate(seen),
        "funnel.median_days_to_close": median,
        "funnel.zombie_limit_days": limit,
        "funnel.zombie_count": None if limit is None else len(old),
        "funnel.zombie_value": None if limit is None or unknown else old["amount"].sum(),
    }


def _base_brier(company: Seen) -> float | None:
    deals = company.opportunities[closed(company)].sort_values(["closed_on", "opportunity_id"])
    won, cut = (deals["outcome"] == "won").astype(float), int(0.75 * len(deals))
    return float(((won[cut:] - won[:cut].mean()) ** 2).mean()) if 0 < cut < len(deals) else None


def hygiene(own: Seen, company: Seen) -> dict[str, float | None]:
    if own.opportunities is None:
        return {"hygiene.completeness": None}
    still = own.opportunities[~closed(own)]
    entered = own.rows("stage_events")
    typical = still["amount"].median()
    filled = asked = 0.0
    for deal in still.to_dict("records"):
        its = entered[entered["opportunity_id"] == deal["opportunity_id"]]
        stage = (
            deal["stage"] if deal["outcome"] == "open" else None
        )  # of one that closed later, what it became
        if len(its):
            last = its[its["entered_on"] == its["entered_on"].max()]["stage"]
            order = list(own.plan.stages)
            stage = max(last, key=lambda name: order.index(name) if name in order else -1)
        weight = deal["amount"] if deal["amount"] == deal["amount"] else typical
        weight = 1.0 if weight != weight else weight
        for field in {*ALWAYS, *own.plan.required_fields.get(stage, [])}:
            value = deal.get(field)
            asked += weight
            filled += weight * (value is not None and value == value)
    return {"hygiene.completeness": filled / asked if asked else None}
