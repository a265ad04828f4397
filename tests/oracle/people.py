"""Who sells, and how much of what was asked?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import fiscal_year
from tests.oracle.sales import monthly_targets, passed
from tests.oracle.tables import Seen


def team(own: Seen, company: Seen) -> dict[str, float | None]:
    if own.reps is None:
        return dict.fromkeys(("team.reps", "team.median_attainment", "team.at_target"))
    as_of, reps = own.as_of, own.reps
    here = reps[~(reps["hired_on"] > as_of) & ~(reps["left_on"] <= as_of)]
    start, _ = fiscal_year(as_of, starts=own.plan.fiscal_year_starts)
    year = None if own.orders is None else own.orders[own.orders["ordered_on"] >= start]
    if year is not None and len(year) and year["rep_id"].isna().all():  # who sold is not known, not nothing
        return {"team.reps": len(here), "team.median_attainment": None, "team.at_target": None}
    reached = []
    for rep in here.itertuples():
        months = monthly_targets(own, "rep", {rep.rep_id, rep.rep_name})
        to_date = pd.date_range(start, as_of, freq="MS")
        if own.orders is not None and months and all(month in months for month in to_date):
            orders = own.orders[(own.orders["ordered_on"] >= start) & (own.orders["rep_id"] == rep.rep_id)]
            due = sum(months[month] * passed(own, month) for month in to_date)
            reached.append(orders["net_amount"].sum() / due)
    if own.scope is not None and own.scope.kind not in ("region", "team", "rep"):
        reached = []  # what a person attains is no part of such a pack
    return {
        "team.reps": len(here),
        "team.median_attainment": float(np.median(reached)) if reached else None,
        "team.at_target": sum(r >= 1 for r in reached) if reached else None,
    }
