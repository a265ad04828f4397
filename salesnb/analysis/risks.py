"""What could cost us the year? The findings of the other questions in one ranked register.

Each risk states the money at stake, how likely it is (an estimate from the data with its basis), who takes care of it, what
comes next and by when. Money at stake × likelihood ranks them; the sum is an order of magnitude and no forecast, for risks
can overlap.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

COLUMNS = ["kind", "subject", "at_stake", "likelihood", "expected", "basis", "owner", "due", "count"]
CHANCES = {"certain": 1.0, "likely": 0.7, "possible": 0.4, "unlikely": 0.15}


def register(
    *,
    as_of: pd.Timestamp,
    silent: pd.DataFrame,
    orders: pd.DataFrame,
    debtors: pd.DataFrame,
    wars: pd.DataFrame,
    dependence: pd.DataFrame,
    aftermath: pd.DataFrame,
) -> pd.DataFrame:
    """Which risks stand, ranked by money at stake × likelihood?

    `silent`: key accounts quieter than their own rhythm (account_name, yearly, p_silent, owner). `orders` of
    credit.large_orders; `debtors` of receivables.debtors; `wars` of pricing.price_wars; `dependence` of exposure.dependence;
    `aftermath` of aftermath.effects. One row per risk: kind, subject, at_stake (money), likelihood (0–1), expected (their
    product), basis (what the likelihood rests on: observed, record, rule), owner (None where nobody is known), due, count.
    An empty frame adds no risk.
    """
    week, fortnight, month = (as_of + pd.Timedelta(days=days) for days in (7, 14, 30))
    rows: list[tuple[object, ...]] = []
    each: Any
    for each in silent.itertuples():
        rows.append(
            ("silent", each.account_name, each.yearly, each.likelihood, "record", each.owner, week, 1)
        )
    for each in orders[orders["prepay"].astype(bool)].itertuples():
        late = each.late_rate if pd.notna(each.late_rate) else CHANCES["possible"]
        rows.append(
            (
                "order",
                each.account_name,
                each.unpaid,
                late,
                "record" if pd.notna(each.late_rate) else "rule",
                each.rep_name,
                week,
                each.order_id,
            )
        )
    old = debtors[(debtors["overdue"] > 0) & (debtors["oldest_days"] > 60)]
    if len(old):
        rows.append(
            (
                "overdue",
                None,
                float(old["overdue"].sum()),
                CHANCES["possible"],
                "rule",
                None,
                fortnight,
                len(old),
            )
        )
    for each in wars[wars["found"].astype(bool)].itertuples():
        recent = each.last_month >= as_of - pd.DateOffset(months=3)
        likelihood = CHANCES["likely"] if recent else CHANCES["possible"]
        rows.append(
            (
                "price",
                each.product_line,
                each.shortfall,
                likelihood,
                "observed",
                each.region,
                fortnight,
                each.below_lines,
            )
        )
    for each in aftermath[aftermath["beyond_noise"].astype(bool) & (aftermath["change"] < 0)].itertuples():
        if each.happened_on > as_of - pd.DateOffset(months=6):
            rows.append(
                ("event", each.subject, -each.money, CHANCES["possible"], "observed", None, month, each.kind)
            )
    if len(dependence) and dependence["revenue_share"].iloc[0] >= 0.05:
        top = dependence.iloc[0]
        rows.append(
            ("dependence", top["account_name"], top["at_stake"], CHANCES["unlikely"], "rule", None, month, 1)
        )
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "expected"])
    frame[["at_stake", "likelihood"]] = frame[["at_stake", "likelihood"]].astype(float)
    frame["expected"] = frame["at_stake"] * frame["likelihood"]
    return frame.sort_values(["expected", "at_stake"], ascending=False, kind="stable", ignore_index=True)[
        COLUMNS
    ]
