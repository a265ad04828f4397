"""What could cost us the year? The findings of the other questions in one ranked register.

Each risk states the money at stake, how likely it is (an estimate from the data with its basis), who takes care of it, what
comes next and by when. Money at stake × likelihood ranks them; the sum is an order of magnitude and no forecast, for risks
can overlap.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from salesnb.calendars.periods import due_in

COLUMNS = ["kind", "subject", "at_stake", "likelihood", "expected", "basis", "owner", "due", "count"]
CHANCES = {"certain": 1.0, "likely": 0.7, "possible": 0.4, "unlikely": 0.15}

OLD_DAYS, LARGE_SHARE = 60, 0.05
NEEDS = {
    "silent": "orders",
    "order": "invoices",
    "overdue": "invoices",
    "price": "products",
    "event": "events",
    "dependence": "orders",
}  # without which table a risk cannot be looked for


@dataclass(frozen=True)
class Risk:
    """One row of the register; `count` is what identifies or counts it (account id, order id, invoices, lines)."""

    kind: str
    subject: str | None
    at_stake: float
    likelihood: float
    basis: str
    owner: str | None
    due: pd.Timestamp
    count: int | str = 1


@dataclass(frozen=True)
class Looked:
    """How many of `all` risks could be looked for, and which tables are missing for the others."""

    checked: int
    all: int
    missing: tuple[str, ...]


def looked(present: Collection[str], *, payments: bool) -> Looked:
    """What could be looked for at all? `present`: the tables that there are; `payments`: the invoices tell what was paid."""
    there = {table for table in present if table != "invoices" or payments}
    lacking = [table for table in NEEDS.values() if table not in there]
    return Looked(len(NEEDS) - len(lacking), len(NEEDS), tuple(dict.fromkeys(lacking)))


def register(
    *,
    as_of: pd.Timestamp,
    silent: pd.DataFrame,
    orders: pd.DataFrame,
    ageing: pd.DataFrame,
    wars: pd.DataFrame,
    dependence: pd.DataFrame,
    aftermath: pd.DataFrame,
    roll: float | None = None,
    country: str | None = None,
) -> pd.DataFrame:
    """Which risks stand, ranked by money at stake × likelihood?

    `silent` of behaviour.changed (account_id, account_name, at_stake, likelihood, owner). `orders` of
    credit.large_orders; `ageing` of receivables.ageing; `wars` of pricing.price_wars; `dependence` of exposure.dependence;
    `aftermath` of aftermath.effects. One row per risk: kind, subject, at_stake (money), likelihood (0–1), expected (their
    product), basis (what the likelihood rests on: observed, record, rule), owner (None where nobody is known), due, count.
    Money that is paid late costs interest (the order's `cost`), not itself; an old debt is lost as often as such debts stayed unpaid
    before (`roll` of receivables.roll_rate). An empty frame adds no risk; an event at an account that is silent already adds none either.
    """
    week, fortnight, month = (due_in(days, as_of, country=country) for days in (7, 14, 30))
    found = []
    each: Any
    for each in silent.itertuples():
        found.append(
            Risk(
                "silent",
                each.account_name,
                each.at_stake,
                each.likelihood,
                getattr(each, "basis", "rule"),
                each.owner,
                week,
                each.account_id,
            )
        )
    for each in orders[orders["prepay"].astype(bool)].itertuples():
        known = pd.notna(each.late_rate)
        chance, basis = (each.late_rate, "record") if known else (CHANCES["possible"], "rule")
        found.append(
            Risk("order", each.account_name, each.cost, chance, basis, each.rep_name, week, each.order_id)
        )
    old = ageing[ageing["from_day"].fillna(0) > OLD_DAYS]
    if old["amount"].sum() > 0:
        amount, number = float(old["amount"].sum()), int(old["invoices"].sum())
        chance, basis = (CHANCES["possible"], "rule") if roll is None else (roll, "record")
        found.append(Risk("overdue", None, amount, chance, basis, None, fortnight, number))
    for each in wars[wars["found"].astype(bool)].itertuples():
        chance = (
            CHANCES["likely"] if each.last_month >= as_of - pd.DateOffset(months=3) else CHANCES["possible"]
        )
        found.append(
            Risk(
                "price",
                each.product_line,
                each.shortfall,
                chance,
                "observed",
                None,
                fortnight,
                each.below_lines,
            )
        )
    known_silent = set(silent["account_name"])
    for each in aftermath[aftermath["beyond_noise"].astype(bool) & (aftermath["change"] < 0)].itertuples():
        if each.happened_on > as_of - pd.DateOffset(months=6) and each.subject not in known_silent:
            found.append(
                Risk(
                    "event",
                    each.subject,
                    -each.money,
                    CHANCES["possible"],
                    "observed",
                    None,
                    month,
                    each.kind,
                )
            )
    for each in dependence[dependence["revenue_share"] >= LARGE_SHARE].head(1).itertuples():
        found.append(
            Risk("dependence", each.account_name, each.at_stake, CHANCES["unlikely"], "rule", None, month)
        )
    frame = pd.DataFrame(found, columns=[field.name for field in fields(Risk)]).astype(
        {"at_stake": float, "likelihood": float}
    )
    frame["expected"] = frame["at_stake"] * frame["likelihood"]
    return frame.sort_values(["expected", "at_stake"], ascending=False, kind="stable", ignore_index=True)[
        COLUMNS
    ]
