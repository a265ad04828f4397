"""Does pay rise with sales, without holes, cliffs and tiers that nobody reaches? Told in words and money by `plan.linter`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from salesnb.language import Message
from salesnb.plan import Commission, CommissionTier
from salesnb.plan.commission import payout


def lint_commission(commission: Commission) -> Iterator[Message]:
    """Every contradiction of one commission plan."""
    tiers = commission.tiers
    starts = [tier.start for tier in tiers]
    if starts != sorted(starts):
        yield Message("commission: the tiers are not in rising order; they are read as if they were")
    for start in sorted({start for start in starts if starts.count(start) > 1}):
        yield Message(
            "commission: more than one tier starts at {start:number}; the later one counts", start=start
        )
    ordered = sorted(tiers, key=lambda tier: tier.start)
    yield from _seams(commission, ordered)
    yield from _unused(commission, ordered)
    if ordered[0].start > 0:
        yield Message(
            "commission: nothing is paid below {start:number}, where the first tier starts",
            start=ordered[0].start,
        )
    for below, above in pairwise(ordered):
        if above.rate < below.rate:
            if commission.mode == "retroactive":
                yield Message(
                    "commission: at {start:number} the rate falls from {high:share} to {low:share} on everything sold: pay falls as sales rise",
                    start=above.start,
                    high=below.rate,
                    low=above.rate,
                )
            else:
                yield Message(
                    "commission: from {start:number} on the rate falls from {high:share} to {low:share}: more sales pay less each",
                    start=above.start,
                    high=below.rate,
                    low=above.rate,
                )
        elif commission.mode == "retroactive" and above.rate > below.rate and above.start > 0:
            jump = (above.rate - below.rate) * above.start
            if commission.unit == "amount":
                yield Message(
                    "commission: a cliff at {start:exact}: one sale more pays {jump:exact} at once",
                    start=above.start,
                    jump=jump,
                )
            else:
                yield Message(
                    "commission: a cliff at {start:percent} of target: one sale more pays {jump:share} of the target at once",
                    start=above.start,
                    jump=jump,
                )
    if commission.cap is None and any(tier.rate > 0 for tier in tiers):
        yield Message("commission: there is no cap; what the plan can cost is not limited")


def _where(commission: Commission, start: float) -> Message:
    """Where a tier begins or ends, in money or of the target."""
    if commission.unit == "amount":
        return Message("{start:exact}", start=start)
    return Message("{start:percent} of target", start=start)


def _seams(commission: Commission, ordered: list[CommissionTier]) -> Iterator[Message]:
    """Holes and overlaps between tiers that say where they end, and a last tier that ends."""
    for below, above in pairwise(ordered):
        if below.to is not None and below.to < above.start:
            yield Message(
                "commission: a gap from {end} to {start}, where no tier pays; the tier below is read as going on",
                end=_where(commission, below.to),
                start=_where(commission, above.start),
            )
        elif below.to is not None and below.to > above.start:
            yield Message(
                "commission: two tiers overlap from {start} to {end}; the upper one counts",
                start=_where(commission, above.start),
                end=_where(commission, below.to),
            )
    if ordered[-1].to is not None:
        yield Message(
            "commission: the last tier ends at {end}, and nothing is said for more; it is read as going on",
            end=_where(commission, ordered[-1].to),
        )


def _unused(commission: Commission, ordered: list[CommissionTier]) -> Iterator[Message]:
    """Tiers that change nothing: the same rate as the one below, or a start beyond where the cap is reached."""
    for below, above in pairwise(ordered):
        if above.rate == below.rate:
            yield Message(
                "commission: the tier from {start} pays the {rate:share} of the tier below; it changes nothing",
                start=_where(commission, above.start),
                rate=above.rate,
            )
        elif (
            commission.cap is not None
            and commission.unit == "amount"
            and payout(
                above.start,
                commission.model_copy(
                    update={"cap": None, "tiers": [tier for tier in ordered if tier.start < above.start]}
                ),
            )
            >= commission.cap
        ):
            yield Message(
                "commission: the tier from {start} is never paid: the cap of {cap:exact} is reached before",
                start=_where(commission, above.start),
                cap=commission.cap,
            )
