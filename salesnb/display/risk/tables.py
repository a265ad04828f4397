"""The register, debtors, orders and events of the risk page, as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import worded
from salesnb.language import Message, Written, marked

RISKS = {
    "silent": marked("{subject} has stopped or slowed its orders"),
    "order": marked("{subject} may pay the large order {count} late"),
    "overdue": marked("Invoices more than two months overdue may be lost"),
    "price": marked("{subject} is sold below its margin floor"),
    "event": marked("{subject} orders fell after an event"),
    "dependence": marked("{subject} may leave: the year depends on it"),
}
SHORT = {
    "silent": marked("{subject}: silent"),
    "order": marked("{subject}: large order"),
    "overdue": marked("Old overdue invoices"),
    "price": marked("{subject}: below floor"),
    "event": marked("{subject}: after an event"),
    "dependence": marked("{subject}: may leave"),
}
STEPS = {
    "silent": marked("Visit the decision maker and ask what changed"),
    "order": marked("Ask for prepayment before delivery"),
    "overdue": marked("Stop deliveries to the oldest debtors and call them"),
    "price": marked("Approve each price below the floor in person"),
    "event": marked("Call the customers who stopped ordering"),
    "dependence": marked("Agree on a frame contract"),
}
DEALS, MONTHS = (
    marked("{amount:money} of others' open deals"),
    marked("{amount:count} months of new business"),
)
BASES = {
    "record": marked("own record"),
    "observed": marked("seen in the data"),
}
OWNERS = {  # who acts where no person is known
    "silent": marked("Sales director"),
    "overdue": marked("Finance"),
    "price": marked("Sales director"),
    "event": marked("Sales director"),
    "dependence": marked("Sales director"),
}
EVENTS = {
    "publicity": marked("publicity"),
    "decision_change": marked("change of decision maker"),
    "price_war": marked("price war"),
    "departure": marked("departure"),
    "other": marked("other event"),
}
LIKELY = (
    (0.85, marked("nearly certain")),
    (0.55, marked("likely")),
    (0.25, marked("possible")),
    (0.0, marked("unlikely")),
)


def likelihood(value: float, basis: str) -> Message:
    """A probability as a word, with its share and what it rests on; that it is not known."""
    if pd.isna(value):
        return Message("not known: too few alike were seen")
    word = Message(next(word for limit, word in LIKELY if value >= limit))
    return Message("{word} ({share:percent}, {basis})", word=word, share=value, basis=Message(BASES[basis]))


def risk_text(kind: str, subject: object, count: object) -> Message:
    """A risk of the register as a sentence."""
    return Message(RISKS[kind], subject=subject, count=str(count))


def register(risks: pd.DataFrame) -> Exhibit | None:
    """The risks, ranked, with likelihood and next step."""
    if risks.empty:
        return None
    rows = worded(
        risks,
        risk=[
            Message(SHORT[kind], subject=subject)
            for kind, subject in zip(risks["kind"], risks["subject"], strict=True)
        ],
        word=[
            likelihood(value, basis) for value, basis in zip(risks["likelihood"], risks["basis"], strict=True)
        ],
        step=[
            _step(kind, deals=deals, months=months)
            for kind, deals, months in zip(risks["kind"], risks["deals"], risks["months"], strict=True)
        ],
        owner=[
            Message(OWNERS[kind]) if pd.isna(owner) and kind in OWNERS else owner
            for kind, owner in zip(risks["kind"], risks["owner"], strict=True)
        ],
    )
    return exhibit.table(
        rows,
        name="risk_register",
        finding=Message("What could cost us the year, ranked"),
        subtitle=Message(
            "By the loss to be expected over twelve months, money at stake times likelihood; those of unknown likelihood below, by money at stake; risks can overlap"
        ),
        columns={
            "risk": Column(marked("Risk")),
            "at_stake": Column(marked("At stake"), "money", bar=True),
            "expected": Column(marked("Loss to be expected"), "money"),
            "word": Column(marked("Likelihood and basis"), secondary=True),
            "owner": Column(marked("Owner")),
            "step": Column(marked("Next step")),
            **(
                {"trigger": Column(marked("Plan B without an order by"), "day")}
                if risks["trigger"].notna().any()
                else {}
            ),
            "due": Column(marked("Due"), "day"),
        },
    )


def _step(kind: str, *, deals: float, months: float) -> Message:
    """What comes next; of a customer on whom the year depends also what would replace it, as far as known."""
    step = Message(STEPS[kind])
    has = [Message(text, amount=one) for one, text in ((deals, DEALS), (months, MONTHS)) if one > 0]
    return Message("{step}; plan B: {has:list}", step=step, has=has) if has else step


def silent(accounts: pd.DataFrame) -> Exhibit | None:
    """Key accounts quieter than their own rhythm."""
    return exhibit.table(
        worded(
            accounts,
            event=[
                Written("sentence", Message(EVENTS[kind])) if kind in EVENTS else ""
                for kind in accounts["event"]
            ],
            pace_range=[
                Message("{low:percent} – {high:percent}", low=low, high=high) if np.isfinite(high) else ""
                for low, high in zip(accounts["pace_low"], accounts["pace_high"], strict=True)
            ],
        ),
        name="silent_key_accounts",
        finding=Message("Key accounts that changed their behaviour"),
        subtitle=Message(
            "Pauses longer than the account's own rhythm explains, slower ordering, and events of the last twelve months"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "last_on": Column(marked("Last order"), "day"),
            "interval": Column(marked("Usual interval"), "days"),
            "pause": Column(marked("Pause"), "days"),
            "trend": Column(marked("Half year on half year"), "share", secondary=True, signed=True),
            "pace_range": Column(marked("Order days beside other key accounts"), secondary=True),
            "yearly": Column(marked("A year of orders"), "money", bar=True),
            "event": Column(marked("Event")),
            "owner": Column(marked("Owner")),
        },
    )


def debtors(owed: pd.DataFrame) -> Exhibit | None:
    """Who owes what, since when, with the payment record."""
    return exhibit.table(
        owed[owed["overdue"] > 0],
        name="debtors",
        finding=Message("Who owes us overdue money"),
        subtitle=Message("Open and overdue at the day of the report; late payments over twelve months"),
        columns={
            "account_name": Column(marked("Account")),
            "overdue": Column(marked("Overdue"), "money", bar=True),
            "open": Column(marked("Open"), "money"),
            "oldest_days": Column(marked("Oldest, past due"), "days"),
            "late_rate": Column(marked("Paid late"), "share"),
            "yearly_cost": Column(marked("Cost of waiting, a year"), "money", secondary=True),
        },
    )


def slow_payers(payers: pd.DataFrame) -> Exhibit | None:
    """Who pays late more often than chance allows."""
    return exhibit.table(
        payers[payers["slow"].astype(bool)],
        name="slow_payers",
        finding=Message("Who pays late beyond chance"),
        subtitle=Message("Invoices due in twelve months, against all other customers"),
        columns={
            "account_name": Column(marked("Account")),
            "due_ttm": Column(marked("Invoices due"), "count"),
            "late_rate": Column(marked("Paid late"), "share"),
            "expected_rate": Column(marked("To be expected"), "share", secondary=True),
            "mean_days_late": Column(marked("Mean delay"), "days"),
            "invoiced_ttm": Column(marked("Invoiced"), "money"),
        },
    )


def large_orders(orders: pd.DataFrame) -> Exhibit | None:
    """Large open orders with their terms and cost."""
    rows = orders.assign(state=orders["prepay"].map({True: "behind", False: "watch"}))
    return exhibit.table(
        rows[rows["unpaid"] > 0],
        name="large_orders",
        finding=Message("Unpaid orders above the prepayment line or the credit limit"),
        subtitle=Message(
            "Prepayment proposed where the terms are long, the customer pays late or the limit is passed"
        ),
        columns={
            "order_id": Column(marked("Order")),
            "account_name": Column(marked("Account")),
            "unpaid": Column(marked("Unpaid"), "money"),
            "credit_limit": Column(marked("Credit limit"), "money"),
            "terms_days": Column(marked("Terms"), "days"),
            "cost": Column(marked("Cost of waiting"), "money"),
            "discount": Column(marked("Worth giving for prepayment"), "percent", secondary=True),
            "beyond_limit": Column(marked("Prepaid for the limit"), "money", secondary=True),
            "state": Column(
                marked("Proposed"), "status", words={"behind": marked("prepayment"), "watch": marked("watch")}
            ),
        },
    )


def floor_lines(lines: pd.DataFrame) -> Exhibit | None:
    """The lines furthest below their floor."""
    return exhibit.table(
        lines,
        name="below_floor_lines",
        finding=Message("The order lines furthest below their floor"),
        subtitle=Message(
            "The last twelve months; shortfall: what the floor would have brought more at the same cost"
        ),
        columns={
            "order_id": Column(marked("Order")),
            "account_name": Column(marked("Account")),
            "rep_name": Column(marked("Sold by")),
            "product_line": Column(marked("Product line")),
            "net_amount": Column(marked("Sold for"), "money"),
            "margin": Column(marked("Margin"), "share"),
            "floor": Column(marked("Floor"), "share"),
            "shortfall": Column(marked("Shortfall"), "money"),
        },
    )


def aftermath(effects: pd.DataFrame) -> Exhibit | None:
    """What followed each event."""
    if effects.empty:
        return None
    rows = worded(
        effects,
        what=[Written("sentence", Message(EVENTS[kind])) for kind in effects["kind"]],
        state=[
            ("behind" if change < 0 else "ahead") if beyond else ""
            for change, beyond in zip(effects["change"], effects["beyond_noise"], strict=True)
        ],
    )
    return exhibit.table(
        rows,
        name="event_aftermath",
        finding=Message("Events and what followed them"),
        subtitle=Message(
            "Orders a week after the event against the rest of the company; the band holds nine in ten weeks without an event"
        ),
        columns={
            "subject": Column(marked("Subject")),
            "what": Column(marked("Event")),
            "happened_on": Column(marked("On"), "date"),
            "change": Column(marked("Change"), "share", signed=True),
            "low": Column(marked("Noise from"), "share", secondary=True),
            "high": Column(marked("Noise to"), "share", secondary=True),
            "money": Column(marked("In money"), "money"),
            "state": Column(
                marked("Beyond noise"), "status", words={"behind": marked("fell"), "ahead": marked("rose")}
            ),
        },
    )


def dependence(accounts: pd.DataFrame) -> Exhibit | None:
    """What losing each of the largest customers would cost."""
    more = {
        "receivables": Column(marked("Owes"), "money"),
        "pipeline": Column(marked("Weighted deals"), "money", secondary=True),
    }
    return exhibit.table(
        accounts.head(20),
        name="dependence_accounts",
        finding=Message("What losing a customer would cost"),
        subtitle=Message(
            "What it orders in a year, what it owes and what its open deals may bring, as far as known"
        ),
        columns={
            "account_name": Column(marked("Account")),
            "revenue": Column(marked("A year of orders"), "money", bar=True),
            "revenue_share": Column(marked("Of revenue"), "share"),
            **{name: column for name, column in more.items() if accounts[name].notna().any()},
            "at_stake": Column(marked("At stake"), "money"),
        },
    )
