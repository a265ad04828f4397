"""Which large orders tie up money for too long, and what would prepayment save?

An order is large above the plan's `credit.prepay_above`, or where it lifts what the customer owes above the customer's
credit limit. Its money is out for its terms and for the days that this customer usually takes beyond them.
"""

from __future__ import annotations

import pandas as pd

from salesnb.plan import Credit

DAYS_OF_YEAR = 365
COLUMNS = [
    "order_id", "account_id", "account_name", "rep_id", "rep_name", "ordered_on", "amount", "unpaid", "open_before", "credit_limit",
    "terms_days", "mean_days_late", "late_rate", "days_out", "cost", "loss", "discount", "beyond_limit", "over_prepay", "over_limit", "long_terms", "pays_late", "prepay",
]  # fmt: skip


def large_orders(
    orders: pd.DataFrame,
    payments: pd.DataFrame,
    *,
    credit: Credit,
    house_late_rate: float | None = None,
    loss_rate: float | None = None,
) -> pd.DataFrame:
    """Which orders should be paid, at least in part, before we deliver?

    `orders`: one row per large order of the last twelve months (order_id, account_id, account_name, rep_id, rep_name,
    ordered_on, amount, unpaid (of it, invoiced or not), open_before (what the account owed otherwise), credit_limit,
    terms_days). `payments`: one row per account (late_ttm, due_ttm, mean_days_late). One row per order that is above the
    prepayment line or over the limit, largest cost first: days_out = terms + usual days late; cost = amount × days_out / 365 ×
    cost of capital; prepay: still unpaid, large, of a known customer, and with long terms, a late payer or over the limit.
    Missing terms count as none; a customer without a record as punctual. `loss_rate` (collection.loss_rates, not yet due) prices what may
    never be paid: loss = unpaid × it, missing where it is not known; discount: the largest share of the price that is worth giving for
    payment before delivery, interest and loss saved; beyond_limit: what must be prepaid for the rest to keep the credit limit (money).
    """
    if orders.empty:
        return pd.DataFrame(columns=COLUMNS)
    record = payments.assign(
        late_rate=payments["late_ttm"] / payments["due_ttm"].where(payments["due_ttm"] > 0)
    )
    rows = orders.merge(record[["account_id", "late_rate", "mean_days_late"]], on="account_id", how="left")
    house = (
        record["late_ttm"].sum() / max(record["due_ttm"].sum(), 1)
        if house_late_rate is None
        else house_late_rate
    )
    line = float("inf") if credit.prepay_above is None else credit.prepay_above
    rows["unpaid"] = rows["unpaid"].fillna(0.0).round(2)
    rows["days_out"] = rows["terms_days"].fillna(0) + rows["mean_days_late"].fillna(0)
    rows["cost"] = rows["amount"] * rows["days_out"] / DAYS_OF_YEAR * credit.cost_of_capital
    rows["loss"] = rows["unpaid"] * (float("nan") if loss_rate is None else loss_rate)
    interest = rows["days_out"] / DAYS_OF_YEAR * credit.cost_of_capital
    rows["discount"] = interest + (0.0 if loss_rate is None else loss_rate)
    rows["beyond_limit"] = (rows["open_before"].fillna(0) + rows["unpaid"] - rows["credit_limit"]).clip(
        lower=0, upper=rows["unpaid"]
    )
    rows["over_prepay"] = rows["amount"] > line
    rows["over_limit"] = (rows["open_before"].fillna(0) + rows["unpaid"]) > rows["credit_limit"].fillna(
        float("inf")
    )
    rows["long_terms"] = rows["terms_days"].fillna(0) > credit.long_terms_days
    rows["pays_late"] = rows["late_rate"].fillna(0) > house
    rows["prepay"] = (
        (rows["unpaid"] > 0)
        & rows["over_prepay"]
        & rows["account_id"].notna()
        & (rows["long_terms"] | rows["pays_late"] | rows["over_limit"])
    )
    rows = rows[rows["over_prepay"] | (rows["over_limit"] & (rows["unpaid"] > 0))]
    return rows.sort_values(
        ["prepay", "cost", "order_id"], ascending=[False, False, True], ignore_index=True
    )[COLUMNS]
