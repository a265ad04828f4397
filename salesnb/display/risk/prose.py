"""The risk page in sentences: what could cost us the year, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.display.kit.words import rival
from salesnb.display.risk.tables import risk_text
from salesnb.findings import CANNOT_TELL
from salesnb.headlines import Figure
from salesnb.language import Message, Nothing
from salesnb.results.customers import Looked


def register(risks: pd.DataFrame, looked: Looked | None = None) -> Message | None:
    """What could cost us the year? `looked`: what could be looked for (risks.looked); without it all."""
    # the largest customer stands in the register in any case, so it is no find; the sums are those of the chart
    found = risks["asks"].astype(bool).any()
    if not found and looked is not None and looked.missing:
        return Message(
            "{checked:count} of {all:count} kinds of risk could be checked, and none was found; for the others {tables:list} are missing.",
            checked=looked.checked,
            all=looked.all,
            tables=list(looked.missing),
        )
    if not found:
        return Nothing("None of the checks found a risk beyond the usual.")
    first = risks.iloc[0]
    apart = int(risks["likelihood"].isna().sum())
    if 0 < apart < len(risks):
        return Message(
            "{risk}, which puts {money:money} at stake, {expected:money} weighed by its chance; {unknown:money} more is at stake in risks whose chance nobody knows ({apart:count} of {n:count}).",
            risk=risk_text(first["kind"], first["subject"], first["count"]),
            money=first["at_stake"],
            expected=first["expected"],
            n=len(risks),
            apart=apart,
            unknown=risks.loc[risks["likelihood"].isna(), "at_stake"].sum(),
        )
    if len(risks) == 1:
        return Message(
            "{risk}, which puts {money:money} at stake; no other risk was found.",
            risk=risk_text(first["kind"], first["subject"], first["count"]),
            money=first["at_stake"],
        )
    return Message(
        "{risk}, which puts {money:money} at stake; all {n:count} risks found come to {sum:money} if each came true.",
        risk=risk_text(first["kind"], first["subject"], first["count"]),
        money=first["at_stake"],
        n=len(risks),
        sum=risks["at_stake"].sum(),
    )


def register_caveat(risks: pd.DataFrame, looked: Looked | None = None) -> Message | None:
    """What the likelihoods rest on, and what could not be looked for."""
    if risks.empty:
        return None
    if looked is not None and looked.missing:
        return Message(
            "Likelihoods are the company's own record; where it is too short, a risk stands below the others with all that is at stake, multiplied by nothing. {checked:count} of {all:count} kinds of risk could be checked; for the others {tables:list} are missing.",
            checked=looked.checked,
            all=looked.all,
            tables=list(looked.missing),
        )
    return Message(
        "Likelihoods are the company's own record; where it is too short, a risk stands below the others with all that is at stake, multiplied by nothing. Only what the tables show can stand here."
    )


def behaviour(changed: pd.DataFrame, keys: int) -> Message | None:
    """Which key accounts changed their behaviour?"""
    if not keys:
        return None
    if changed.empty:
        return Nothing("None of {n:count} key accounts has paused or slowed beyond its own rhythm.", n=keys)
    first = changed.iloc[0]
    if first["silent"]:
        return Message(
            "{n:count} of {keys:count} key accounts stopped or slowed: {money:money} a year; {account} has been silent for {pause:days}, usually {interval:days}.",
            n=len(changed),
            keys=keys,
            money=changed["at_stake"].sum(),
            account=first["account_name"],
            pause=round(first["pause"]),
            interval=round(first["interval"]),
        )
    return Message(
        "{n:count} of {keys:count} key accounts stopped or slowed: {money:money} a year; {account} changed its orders by {trend:share} against the half year before.",
        n=len(changed),
        keys=keys,
        money=changed["at_stake"].sum(),
        account=first["account_name"],
        trend=first["trend"],
    )


def behaviour_caveat(keys: int, *, silent: float, slower: float) -> Message | None:
    """How often the alarms are false: the stated rates of `rhythm` and `behaviour`."""
    if not keys:
        return None
    return Message(
        "Each account is held against its own intervals and its own season; of those called silent at most {silent:percent} are chance, of those called slower {slower:percent}.",
        silent=silent,
        slower=slower,
    )


def receivables(figures: Mapping[str, Figure], owed: pd.DataFrame, payers: pd.DataFrame) -> Message | None:
    """Who owes us money, and who pays late?"""
    if figures["receivables.open"].value is None:
        return None
    overdue, share = figures["receivables.overdue"].value, figures["receivables.overdue_share"].value
    late = owed[owed["overdue"] > 0]
    if late.empty:
        return Message("Nothing is overdue; {open:money} is open.", open=figures["receivables.open"].value)
    return Message(
        "{overdue:money} is overdue, {share:share} of what is open; {account} owes the most, {money:money}; {slow:count} customers pay late beyond chance.",
        overdue=overdue,
        share=share,
        account=late.iloc[0]["account_name"],
        money=late.iloc[0]["overdue"],
        slow=int(payers["slow"].sum()),
    )


def receivables_caveat(
    figures: Mapping[str, Figure], payers: pd.DataFrame, months: pd.DataFrame
) -> Message | None:
    """What stands behind the late rate, and how long the wait is when it is counted back."""
    rate, ratio = figures["receivables.late_rate"].value, figures["receivables.dso"].value
    back = months["counted_back"].iloc[-1] if len(months) else float("nan")
    told = []
    if rate is not None:
        told.append(
            Message(
                "Of {n:count} invoices due in twelve months {rate:share} were paid late or are unpaid; a partial payment counts as unpaid.",
                n=int(payers["due_ttm"].sum()),
                rate=rate,
            )
        )
    if pd.notna(back) and ratio is not None:
        told.append(
            Message(
                "DSO is {ratio:days} by the invoices of ninety days, {back:days} counted back month by month.",
                ratio=round(float(ratio)),
                back=round(float(back)),
            )
        )
    return (
        Message("{first} {second}", first=told[0], second=told[1])
        if len(told) == 2
        else next(iter(told), None)
    )


def credit(orders: pd.DataFrame) -> Message | None:
    """Which large orders should be prepaid?"""
    asked = orders[orders["prepay"].astype(bool)]
    if asked.empty:
        return Nothing(
            "No unpaid order above the prepayment line has long terms, a late payer or a passed limit."
        )
    first = asked.iloc[0]
    values = {
        "order": first["order_id"],
        "money": first["unpaid"],
        "account": first["account_name"],
        "days": round(first["days_out"]),
        "cost": first["cost"],
    }
    if not first["loss"] > 0:  # unknown, or nothing was ever lost
        return Message(
            "Ask for prepayment of order {order}: {money:money} from {account} would stay out {days:days} and cost {cost:money}.",
            **values,
        )
    return Message(
        "Ask for prepayment of order {order}: {money:money} from {account} would stay out {days:days} and cost {cost:money} of interest and {loss:money} of expected loss; up to {discount:percent} off for payment before delivery pays for itself.",
        **values,
        loss=first["loss"],
        discount=first["discount"],
    )


def credit_caveat(orders: pd.DataFrame, rate: float) -> Message | None:
    """How the cost was reckoned."""
    if orders.empty:
        return None
    if orders["loss"].notna().any():
        return Message(
            "Interest: amount times days out (terms and the customer's usual delay) at {rate:share} a year; expected loss: the share of all invoices that was never paid, not this customer's.",
            rate=rate,
        )
    return Message(
        "Cost: amount times days out (terms and the customer's usual delay) at {rate:share} a year; that it may never be paid is not in it.",
        rate=rate,
    )


def pricing(figures: Mapping[str, Figure], wars: pd.DataFrame, shortfall: float) -> Message | None:
    """Where do prices fall below the floor?"""
    count = figures["pricing.below_floor_count"].value
    if count is None:
        return Nothing.of(figures["pricing.below_floor_count"].reason)
    if not count:
        return Nothing("No order line of the last twelve months is below its margin floor.")
    found = wars[wars["found"].astype(bool)]
    thin = wars[wars["by"] == "past"]
    if found.empty and len(thin):
        return Message(
            "{n:count} lines were sold below their floor, {short:money} short of it; {line} in {region} stands out as it did all year: no price war.",
            n=count,
            short=shortfall,
            line=thin.iloc[0]["product_line"],
            region=thin.iloc[0]["region"],
        )
    if found.empty:
        return Message(
            "{n:count} lines were sold below their floor, {short:money} short of it; no line and region stands out beyond chance.",
            n=count,
            short=shortfall,
        )
    first = found.iloc[0]
    if pd.notna(first["further"]):
        return Message(
            "{line} in {region}, {begin:month} to {end:month}: discounts {further:gain} above usual ({span:gains}), {given:money} given away; lines below the floor: {n:count}.",
            line=first["product_line"],
            region=first["region"],
            begin=first["first_month"],
            end=first["last_month"],
            given=first["given_away"],
            n=first["below_lines"],
            further=first["further"],
            span=(first["low"], first["high"]),
        )
    return Message(
        "{line} in {region} went below the floor in {n:count} of {all:count} order lines from {begin:month} to {end:month}, {short:money} short of it.",
        line=first["product_line"],
        region=first["region"],
        n=first["below_lines"],
        all=first["lines"],
        short=first["shortfall"],
        begin=first["first_month"],
        end=first["last_month"],
    )


def pricing_caveat(figures: Mapping[str, Figure], wars: pd.DataFrame) -> Message | None:
    """Which lines were looked at."""
    if wars.empty:
        return None
    return Message(
        "{lines:count} lines with a floor and a cost, returns left out; sold below the floor: {value:money}. Orders lost because we held the price do not show.",
        lines=int(wars["lines"].sum()),
        value=figures["pricing.below_floor_value"].value,
    )


def dependence(accounts: pd.DataFrame, figures: Mapping[str, Figure]) -> Message | None:
    """What would losing the largest customer cost?"""
    if accounts.empty:
        return None
    first = accounts.iloc[0]
    top = figures["exposure.top3_share"].value
    if not first["revenue_share"] > 0:
        return Message(
            "Losing {account} would cost {money:money} of what it owes and may order; no order of twelve months is known to be its own.",
            account=first["account_name"],
            money=first["at_stake"],
        )
    if top is None:
        return Message(
            "Losing {account} would cost {money:money} a year, {share:share} of revenue.",
            account=first["account_name"],
            money=first["at_stake"],
            share=first["revenue_share"],
        )
    return Message(
        "Losing {account} would cost {money:money}, {share:share} of revenue with it; the three largest hold {top:share} of all exposure.",
        account=first["account_name"],
        money=first["at_stake"],
        share=first["revenue_share"],
        top=top,
    )


def dependence_caveat(win_rate: float | None, *, dealt: bool) -> Message | None:
    """How open deals were weighted, where there are any (`dealt`)."""
    if not dealt:
        return None
    if win_rate is None:
        return Message("No win rate is defined, so that open deals are left out of the exposure.")
    return Message(
        "Open deals are weighted by the win rate of twelve months, {rate:share}; deals without an account or an amount are left out.",
        rate=win_rate,
    )


def aftermath(effects: pd.DataFrame) -> Message | None:
    """What followed the events?"""
    if effects.empty:
        return Nothing(
            "No event on a product line or customer has enough weeks before and after it to judge."
        )
    sure = effects[effects["beyond_noise"].astype(bool)]
    back, mixed = effects[effects["by"] != ""], effects[effects["conclusion"] == CANNOT_TELL]
    if sure.empty and len(mixed):
        first = mixed.iloc[0]
        return Message(
            "Orders of {subject} moved by {change:share} after {day:date}, beyond noise; another event fell into the same weeks, and which of them did it cannot be told.",
            subject=first["subject"],
            change=abs(first["change"]),
            day=first["happened_on"],
        )
    if sure.empty and len(back) and back["by"].iloc[0] == "calendar":
        first = back.iloc[0]
        return Message(
            "After {day:date} orders of {subject} moved by {change:share}, as they did in the same weeks of the year before.",
            day=first["happened_on"],
            subject=first["subject"],
            change=abs(first["change"]),
        )
    if sure.empty and len(back):
        first = back.iloc[0]
        return Message(
            "After {day:date} orders of {subject} moved by {change:share}, explained by {rival}: the weeks before stood as far from the year.",
            day=first["happened_on"],
            subject=first["subject"],
            change=abs(first["change"]),
            rival=rival(first["by"]),
        )
    if sure.empty:
        return Nothing("None of {n:count} events moved orders beyond what quiet weeks show.", n=len(effects))
    first = sure.assign(size=sure["money"].abs()).nlargest(1, "size").iloc[0]
    values = {
        "day": first["happened_on"],
        "subject": first["subject"],
        "change": abs(first["change"]),
        "weeks": first["weeks"],
        "money": abs(first["money"]),
    }
    if first["change"] < 0:
        return Message(
            "Orders of {subject} fell by {change:share} in the {weeks:count} weeks after {day:date}, {money:money} less and beyond noise.",
            **values,
        )
    return Message(
        "Orders of {subject} rose by {change:share} in the {weeks:count} weeks after {day:date}, {money:money} more and beyond noise.",
        **values,
    )


def aftermath_caveat(effects: pd.DataFrame) -> Message | None:
    """What before and after cannot prove."""
    if effects.empty:
        return None
    return Message(
        "What follows an event need not come from it; nine in ten quiet weeks lie in the grey band, so one event in ten looks like news by chance."
    )
