"""Receivables, exposure and prices below the floor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.oracle.deals import closed, win_rate
from tests.oracle.tables import Seen

DAY = pd.Timedelta(days=1)


def unpaid(seen: Seen) -> pd.Series:
    bills = seen.rows("invoices")
    later = bills["paid_on"] > seen.as_of
    whole = bills["paid_on"].notna() & bills["paid_amount"].isna()
    given = bills["paid_amount"].abs() * np.sign(bills["amount"])
    paid = given.fillna(0.0).where(~whole, bills["amount"]).where(~later, 0.0)
    left = (bills["amount"] - paid).astype(float)
    return left.where(left.abs() > 0.004, 0.0)


def due_days(seen: Seen) -> pd.Series:
    """A bill without a due day: a credit note's day, else that after the account's terms."""
    bills = seen.rows("invoices")
    terms = dict(zip(seen.listed["account_id"], seen.listed["payment_terms_days"], strict=True))
    after = pd.to_timedelta(bills["account_id"].map(terms).astype(float), unit="D")
    return bills["due_on"].fillna(
        (bills["issued_on"] + after).where(bills["amount"] >= 0, bills["issued_on"])
    )


def payments_told(seen: Seen) -> bool:
    return bool({"paid_on", "paid_amount"} & seen.written["invoices"])


def receivables(own: Seen, company: Seen) -> dict[str, float | None]:
    keys = ("open", "overdue", "overdue_share", "dso", "late_rate")
    if own.invoices is None or not payments_told(own):
        return {f"receivables.{key}": None for key in keys}
    bills, left, as_of = own.invoices, unpaid(own), own.as_of
    bills = bills.assign(due_on=due_days(own))
    bills = bills.assign(due_on=due_days(own))
    late = ((bills["paid_on"] > bills["due_on"]) & (bills["paid_on"] <= as_of)) | (left > 0)
    bill = bills["amount"] > 0
    due = bill & (bills["due_on"] >= own.window(12)) & (bills["due_on"] < as_of)
    recent = bills.loc[bills["issued_on"] > as_of - 90 * DAY, "amount"].sum()
    overdue = left[bill & (bills["due_on"] < as_of)].sum()
    return {
        "receivables.open": left.sum(),
        "receivables.overdue": overdue,
        "receivables.overdue_share": overdue / left[bill].sum() if left[bill].sum() else None,
        "receivables.dso": left.sum() / recent * 90 if recent else None,
        "receivables.late_rate": late[due].mean() if due.any() else None,
    }


def exposure(own: Seen, company: Seen) -> dict[str, float | None]:
    owed = unpaid(own).groupby(own.rows("invoices")["account_id"]).sum()
    if own.invoices is not None and not payments_told(own):
        owed = owed.iloc[:0]
    rate = win_rate(own)
    if rate is not None:
        pending = own.opportunities[~closed(own)]
        owed = owed.add(pending.groupby("account_id")["amount"].sum() * rate, fill_value=0)
    owed = owed[owed > 0]
    if owed.empty:
        return {"exposure.hhi": None, "exposure.top3_share": None}
    share = owed / owed.sum()
    return {"exposure.hhi": 10_000 * (share**2).sum(), "exposure.top3_share": share.nlargest(3).sum()}


def pricing(own: Seen, company: Seen) -> dict[str, float | None]:
    """Lines with a floor and a cost: their own, else quantity × the product's; returns have no margin to judge."""
    floors = own.plan.price_floors
    products = own.rows("products")[["product_id", "product_line", "unit_cost"]]
    orders = own.rows("orders")
    lines = orders[(orders["ordered_on"] >= own.window(12)) & (orders["net_amount"] >= 0)]
    lines = lines.merge(products, on="product_id")
    cost = lines["cost_amount"].fillna(lines["quantity"] * lines["unit_cost"]).astype(float)
    floor = lines["product_line"].map(floors).astype(float)
    known = cost.notna() & floor.notna()
    if not known.any():
        return {"pricing.below_floor_count": None, "pricing.below_floor_value": None}
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = (lines["net_amount"] - cost) / lines["net_amount"]
    under = lines[known & (margin < floor)]
    return {"pricing.below_floor_count": len(under), "pricing.below_floor_value": under["net_amount"].sum()}
