"""What commission and sprint bonuses cost, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.headlines import Figure
from salesnb.language import Message, Nothing
from salesnb.results.incentives import Pay, PulledPay
from salesnb.results.past_sprints import OwnEffect


def cost(
    figures: Mapping[str, Figure], year: pd.DataFrame, *, at_target: float | None = None
) -> Message | None:
    """What the year will most likely cost beside a year in which everybody reaches the target (`at_target`, where known), and what of
    it is earned; the reason where there is no commission."""
    paid, rate = figures["incentives.payout"].value, figures["incentives.rate"].value
    if paid is None or rate is None:
        return Nothing.of(figures["incentives.payout"].reason)
    if year.empty:
        return Message(
            "Commission earned this year: {paid:money}, {rate:share} of bookings.", paid=paid, rate=rate
        )
    low, middle, high = year["cost"].quantile([0.1, 0.5, 0.9])
    if at_target is not None:
        return Message(
            "Commission will most likely cost {middle:money} this year ({low:money} to {high:money}), {paid:money} of it earned; everybody at target would cost {whole:money}.",
            middle=middle,
            low=low,
            high=high,
            paid=paid,
            whole=at_target,
        )
    return Message(
        "Commission earned this year is {paid:money}, {rate:share} of bookings; the year will most likely cost {middle:money} ({low:money} to {high:money}).",
        paid=paid,
        rate=rate,
        middle=middle,
        low=low,
        high=high,
    )


def caveat(pay: Pay, *, given: bool) -> Message | None:
    """What the simulation assumes, which alternative stands beside it (`given`: plan.yml names one), and what limits the cost."""
    if pay.commission is None or pay.year.empty:
        return uncosted(pay)
    assumed = Message(
        "Simulated from the forecast; each coming month is divided among people as one of the last twelve was."
    )
    if given:
        beside = Message("The alternative is plan.yml's.")
    elif pay.commission.mode == "marginal":
        beside = Message("The alternative pays the same tiers retroactively.")
    else:
        beside = Message("The alternative pays the same tiers marginally.")
    if pay.most is None:
        limit = Message("No cap limits the cost.")
    else:
        limit = Message("The cap limits the year to {most:money}.", most=pay.most)
    left_out = uncosted(pay)
    if left_out is not None:
        limit = Message("{limit} {more}", limit=limit, more=left_out)
    return Message("{assumed} {beside} {limit}", assumed=assumed, beside=beside, limit=limit)


def uncosted(pay: Pay) -> Message | None:
    """What commission on margin leaves out because nobody knows its cost; None where it leaves nothing out."""
    if not pay.uncosted_lines:
        return None
    return Message(
        "Left out: {n:count} order lines without a cost, {amount:money} in all; they earn nothing until it is known.",
        n=pay.uncosted_lines,
        amount=pay.uncosted_amount,
    )


def sprint_pay(found: PulledPay | None, paid: pd.DataFrame, own: OwnEffect | None = None) -> Message | None:
    """What the sprints paid, and what that bought; None without a sprint that is over.

    `found`: a `PulledPay` or None; `paid`: from `bonuses.of_sprints`; `own`: the last sprint's `OwnEffect`, or None.
    """
    total = float(paid["bonus"].sum())
    last = 0.0 if own is None else float(paid.loc[paid["sprint"] == own.sprint.name, "bonus"].sum())
    if own is not None and own.conclusion == "found" and last:
        return Message(
            "{sprint} paid {bonus:money} and brought {own:money} of its own ({low:money} to {high:money}), the habit of quarter ends apart.",
            sprint=own.sprint.name,
            bonus=last,
            own=own.value,
            low=own.low,
            high=own.high,
        )
    if found is not None:
        if found.bonus:
            return Message(
                "Orders drawn forward earned the bonus of {sprint}: without them it had missed {due:money}. That is {bonus:money} of pay.",
                sprint=found.sprint.name,
                due=found.due_at,
                bonus=found.bonus,
            )
        if found.kept:
            return Message(
                "Of the commission by the end of {sprint}, {kept:money} was earned by orders drawn from the next fiscal year.",
                sprint=found.sprint.name,
                kept=found.kept,
            )
        if found.pulled and not found.sooner:
            return Message(
                "Orders of {pulled:money} drawn into {sprint} earned nobody commission early.",
                pulled=found.pulled,
                sprint=found.sprint.name,
            )
        if found.pulled:
            return Message(
                "Orders of {pulled:money} drawn into {sprint} brought {sooner:money} of commission early; over the year they earned nothing more.",
                pulled=found.pulled,
                sprint=found.sprint.name,
                sooner=found.sooner,
            )
    if paid.empty:
        return None
    if not total:
        return Nothing("No sprint of this year has reached its bonus.")
    return Message("The sprints of this year paid {total:money} in bonuses.", total=total)


def sprint_pay_caveat(found: PulledPay | None, own: OwnEffect | None = None) -> Message | None:
    """How certain the drawn-forward amount and the sprint's own effect are, and what is not counted."""
    told = _drawn_caveat(found)
    if own is None:
        return told
    values = {"sprint": own.sprint.name, "own": own.value, "low": own.low, "high": own.high, "told": told}
    if own.net:
        return Message(
            "Beside what such weeks bring anyway and what it drew forward, {sprint} brought {own:change} ({low:change} to {high:change}, 90%). {told}",
            **values,
        )
    return Message(
        "Beside what such weeks bring anyway, {sprint} brought {own:change} ({low:change} to {high:change}, 90%); what it drew forward is not known yet. {told}",
        **values,
    )


def _drawn_caveat(found: PulledPay | None) -> Message:
    if found is None:
        return Message(
            "Whether orders were drawn forward shows once the month after a sprint is in the data."
        )
    return Message(
        "The amount drawn forward is an estimate, with its interval on the page of the retrospective. Within a year it moves commission forward but does not add to it, unless a tier or a bonus depends on it."
    )
