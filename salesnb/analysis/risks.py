"""What could cost us the year? The findings of the other questions in one ranked register.

Each risk states the money at stake, how likely it is by the company's own record, who takes care of it, what comes next and by when.
Money at stake × likelihood, the loss to be expected over twelve months, ranks them. Where too few alike have been seen to say how likely it
is, nothing is multiplied: such a risk stands apart, below those that are known, by all that is at stake.
The sum is an order of magnitude and no forecast, for risks can overlap.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from salesnb.calendars.periods import due_in, months_back
from salesnb.results.customers import Looked

COLUMNS = [
    "kind", "subject", "at_stake", "likelihood", "expected", "basis", "owner", "due", "count", "asks", "trigger", "deals", "months",
]  # fmt: skip

OLD_DAYS, LARGE_SHARE = 60, 0.05
WAR_MONTHS = 3  # the last ones, in which a price war shows whether it goes on
RECORD, OBSERVED, UNKNOWN = "record", "observed", "unknown"
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
    """One row of the register; `count` is what identifies or counts it (account id, order id, invoices, lines). `asks`: something was found
    that asks for a step; without it the risk is that of every company, that its largest customer leaves. `trigger` is the day on
    which plan B begins, `deals` and `months` what it has: money of others' open deals, months of new business."""

    kind: str
    subject: str | None
    at_stake: float
    likelihood: float
    basis: str
    owner: str | None
    due: pd.Timestamp
    count: int | str = 1
    asks: bool = True
    trigger: pd.Timestamp | None = None
    deals: float = float("nan")
    months: float = float("nan")


def looked(present: Collection[str], *, payments: bool, floors: bool = True) -> Looked:
    """What could be looked for at all? `present`: the tables that there are; `payments`: the invoices tell what was paid; `floors`: the
    plan sets margins below which nothing is to be sold."""
    there = {table for table in present if table != "invoices" or payments}
    lacking = [table for table in NEEDS.values() if table not in there]
    lacking += ["price_floors"] if "products" in there and not floors else []
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
    true: float = 1.0,
    late: pd.Series | None = None,
    roll: float | None = None,
    leaves: float | None = None,
    plan_b: pd.DataFrame | None = None,
    country: str | None = None,
) -> pd.DataFrame:
    """Which risks stand, ranked by money at stake × likelihood?

    `silent` of behaviour.changed (account_id, account_name, at_stake, likelihood, owner). `orders` of
    credit.large_orders; `ageing` of receivables.ageing; `wars` of pricing.price_wars; `dependence` of exposure.dependence;
    `aftermath` of aftermath.effects; `plan_b` of tiers.plan_b with owners (account_id, act_by, deals, months, owner). One row per risk, the known
    ones by expected, below them the others by at_stake: kind, subject, at_stake (money), likelihood (0–1, missing where nobody can
    say), expected (their product; missing with the likelihood), basis (what the likelihood rests on: record,
    observed, unknown), owner (None where nobody is known), due, count, asks (false of the largest customer where no
    twentieth of the year's revenue is its own); of that customer and all on whom the year depends trigger (the day by which four
    of five of its next orders come), deals and months (what replaces it), missing where nobody knows. Chances are the company's own: a customer's late rate drawn
    towards that of all (`late`, by account_id: expected_rate of receivables.slow_payers); how often old debts stayed unpaid (`roll` of
    receivables.roll_rate); how often a large customer left (`leaves` of exposure.leaving); in how many of the last three months a price
    war went on; how many of the falls after events are more than chance
    shows (`true` of aftermath.true_falls). Money that is paid late costs interest (the order's
    `cost`), not itself. An empty frame adds no risk; an event at an account that is silent already adds none either, nor
    that the year depends on it, nor a war that is over.
    """
    week, fortnight, month = (due_in(days, as_of, country=country) for days in (7, 14, 30))
    found = []
    each: Any
    for each in silent.itertuples():
        found.append(
            Risk("silent", each.account_name, each.at_stake, each.likelihood, each.basis, each.owner, week, each.account_id)
        )  # fmt: skip
    for each in orders[orders["prepay"].astype(bool)].itertuples():
        known = None if late is None else late.get(each.account_id)
        found.append(
            Risk("order", each.account_name, each.cost, *_record(known), each.rep_name, week, each.order_id)
        )
    old = ageing[ageing["from_day"].fillna(0) > OLD_DAYS]
    if old["amount"].sum() > 0:
        amount, number = float(old["amount"].sum()), int(old["invoices"].sum())
        found.append(Risk("overdue", None, amount, *_record(roll), None, fortnight, number))
    for each in wars[wars["found"].astype(bool)].itertuples():
        since = max(months_back(as_of, WAR_MONTHS), each.first_month)
        went_on = len(pd.date_range(since, each.last_month, freq="MS"))
        if went_on:
            chance = went_on / len(pd.date_range(since, as_of, freq="MS"))
            found.append(
                Risk("price", each.product_line, each.shortfall, chance, OBSERVED, None, fortnight, each.below_lines)
            )  # fmt: skip
    known_silent = set(silent["account_name"])
    for each in aftermath[aftermath["beyond_noise"].astype(bool) & (aftermath["change"] < 0)].itertuples():
        if each.happened_on > as_of - pd.DateOffset(months=6) and each.subject not in known_silent and true:
            found.append(Risk("event", each.subject, -each.money, true, OBSERVED, None, month, each.kind))
    plans = {} if plan_b is None else plan_b.set_index("account_id").to_dict("index")
    there = dependence[(dependence["revenue_share"] > 0) & ~dependence["account_name"].isin(known_silent)]
    large = there["revenue_share"] >= LARGE_SHARE
    for each in there[large | (there.index == there.index.min())].itertuples():
        plan = plans.get(getattr(each, "account_id", None), {})
        owner = plan.get("owner")
        found.append(
            Risk(
                "dependence", each.account_name, each.at_stake, *_record(leaves), None if pd.isna(owner) else owner, month,
                asks=each.revenue_share >= LARGE_SHARE, trigger=plan.get("act_by"), deals=plan.get("deals", float("nan")), months=plan.get("months", float("nan")),
            )
        )  # fmt: skip
    frame = pd.DataFrame(found, columns=[field.name for field in fields(Risk)]).astype(
        {"at_stake": float, "likelihood": float, "deals": float, "months": float, "trigger": "datetime64[us]"}
    )
    frame["expected"] = frame["at_stake"] * frame["likelihood"]
    return frame.sort_values(
        ["expected", "at_stake"], ascending=False, kind="stable", na_position="last", ignore_index=True
    )[COLUMNS]


def _record(chance: float | None) -> tuple[float, str]:
    """A chance of the company's own record, and what it rests on."""
    known = chance is not None and pd.notna(chance)
    return (float(chance), RECORD) if known else (float("nan"), UNKNOWN)  # type: ignore[arg-type]
