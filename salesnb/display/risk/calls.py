"""What the risk page asks for, predicts, and saw change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesnb.display.risk.prose import register
from salesnb.display.risk.tables import OWNERS, STEPS, risk_text
from salesnb.headlines import Call, Change, Decision, Figure
from salesnb.language import Message
from salesnb.results.customers import Looked

YEAR = 365  # days
YEARLY = ("silent", "price", "dependence")  # what these cost is that of twelve months


def lead(
    risks: pd.DataFrame, orders: pd.DataFrame, figures: Mapping[str, Figure], looked: Looked | None = None
) -> Message | None:
    """Risk and what is asked for: the fifth sentence of the first page."""
    asked = orders[orders["prepay"].astype(bool)]
    if len(asked):
        first = asked.iloc[0]
        return Message(
            "To decide by {due:day}: {owner} asks for prepayment of order {order}, or {money:money} stays out {days:days}; {overdue:money} is overdue already.",
            due=risks.loc[risks["kind"] == "order", "due"].iloc[0],
            owner=first["rep_name"] if pd.notna(first["rep_name"]) else Message("sales"),
            order=first["order_id"],
            money=first["unpaid"],
            days=round(first["days_out"]),
            overdue=figures["receivables.overdue"].value,
        )
    return register(risks, looked)


def decisions(risks: pd.DataFrame, orders: pd.DataFrame) -> list[Decision]:
    """Prepayment first, then the next steps of the three largest other risks."""
    asked = []
    for order in orders[orders["prepay"].astype(bool)].head(3).to_dict("records"):
        due = risks.loc[risks["kind"] == "order", "due"].iloc[0]
        known = [
            Message("{late:share} of invoices paid late", late=order["late_rate"]),
            Message("limit {limit:money}", limit=order["credit_limit"]),
        ]
        why = Message(
            "{out:list}",
            out=[
                Message(
                    "{money:money} out for {days:days}", money=order["unpaid"], days=round(order["days_out"])
                ),
                *(
                    text
                    for text, value in zip(known, (order["late_rate"], order["credit_limit"]), strict=True)
                    if pd.notna(value)
                ),
            ],
        )
        what = Message(
            "Prepayment for order {order} from {account}",
            order=order["order_id"],
            account=order["account_name"],
        )
        asked.append(
            Decision(
                f"prepay-{order['order_id']}",
                what,
                why,
                "" if pd.isna(order["rep_name"]) else str(order["rep_name"]),
                due.date(),
                float(order["cost"]),
            )
        )
    for place, risk in enumerate(
        risks[risks["asks"].astype(bool) & (risks["kind"] != "order")].head(3).to_dict("records")
    ):
        owner = risk["owner"] if pd.notna(risk["owner"]) else Message(OWNERS[risk["kind"]])
        asked.append(
            Decision(
                f"silent-{risk['count']}" if risk["kind"] == "silent" else f"{risk['kind']}-{place + 1}",
                _step(risk["kind"], risk["subject"]),
                _why(
                    risk_text(risk["kind"], risk["subject"], risk["count"]),
                    risk["at_stake"],
                    risk["expected"],
                ),
                owner,
                risk["due"].date(),
                None if pd.isna(risk["expected"]) else float(risk["expected"]),
                over=YEAR if risk["kind"] in YEARLY else None,
            )
        )
    return asked


def _step(kind: str, subject: object) -> Message:
    """The next step, with whom where the risk is one customer's and no other sentence names it."""
    if kind == "dependence":
        return Message("Agree on a frame contract with {account}", account=subject)
    return Message(STEPS[kind])


def _why(text: Message, at_stake: float, expected: float) -> Message:
    """The risk, and where nobody knows its chance all that is at stake."""
    if pd.notna(expected):
        return text
    return Message("{risk}: {money:money} at stake, chance unknown", risk=text, money=at_stake)


def _told(account: Mapping[Any, Any]) -> Message:
    if account["silent"]:
        return Message("{account} does not come back by itself", account=account["account_name"])
    return Message("{account} orders less than its rhythm", account=account["account_name"])


def calls(changed: pd.DataFrame, orders: pd.DataFrame) -> list[Call]:
    """What the pack predicts: key accounts that will not come back by themselves, large orders that will be paid late."""
    made = [
        Call(
            f"silent-{account['account_id']}",
            "silence" if account["silent"] else "slowing",
            account["account_id"],
            probability=None if pd.isna(account["likelihood"]) else float(account["likelihood"]),
            amount=float(account["at_stake"]),
            text=_told(account),
        )
        for account in changed.to_dict("records")
    ]
    for order in orders[orders["prepay"].astype(bool)].to_dict("records"):
        chance = None if pd.isna(order["late_rate"]) else float(order["late_rate"])
        text = Message("Order {order} is paid late", order=order["order_id"])
        made.append(
            Call(
                f"late-{order['order_id']}",
                "payment",
                order["order_id"],
                probability=chance,
                amount=float(order["unpaid"]),
                text=text,
            )
        )
    return made


def changes(history: pd.DataFrame, *, moved: bool) -> list[Change]:
    """Did overdue money move more since last month than it usually does from month to month?"""
    if not moved:
        return []
    now, before = history["overdue"].iloc[-1], history["overdue"].iloc[-2]
    numbers = Message("{before:money} → {now:money}", before=before, now=now)
    return [
        Change(
            Message("Overdue receivables"),
            abs(float(now - before)),
            numbers,
            good=bool(now < before),
            rose=bool(now > before),
        )
    ]
