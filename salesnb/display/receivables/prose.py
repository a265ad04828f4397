"""When what is owed comes, and what of it never, in words."""

from __future__ import annotations

import pandas as pd

from salesnb.language import Message, Nothing
from salesnb.results.customers import TimeToPay


def collection(weeks: pd.DataFrame, bands: pd.DataFrame) -> Message | None:
    """How much of what is open comes in the next weeks, and what never?"""
    if bands.empty:
        return Nothing("Nothing is owed.")
    open_, loss, known = bands["amount"].sum(), bands["loss"], bands["loss"].notna()
    if weeks.empty:
        return Nothing(
            "Too few invoices were ever paid to say when the {open:money} that is open comes.", open=open_
        )
    last = weeks.iloc[-1]
    values = {
        "open": open_,
        "cash": last["so_far"],
        "low": last["so_far_low"],
        "high": last["so_far_high"],
        "days": 7 * len(weeks),
    }
    if not known.all():
        return Message(
            "Of {open:money} open, {cash:money} ({low:money} to {high:money}) comes within {days:days}; what of {unknown:money} is never paid cannot be told: too few invoices became so old.",
            **values,
            unknown=bands.loc[~known, "amount"].sum(),
        )
    if not loss.sum():
        return Message(
            "Of {open:money} open, {cash:money} ({low:money} to {high:money}) comes within {days:days}; by our own record all of it is paid in the end, or all but {most:money} at the worst.",
            **values,
            most=bands["loss_high"].sum(),
        )
    return Message(
        "Of {open:money} open, {cash:money} ({low:money} to {high:money}) comes within {days:days}; {loss:money} ({least:money} to {most:money}) is never paid, by our own record.",
        **values,
        loss=loss.sum(),
        least=bands["loss_low"].sum(),
        most=bands["loss_high"].sum(),
    )


def collection_caveat(wait: TimeToPay, held: tuple[int, int] = (0, 0)) -> Message | None:
    """How long payment takes, what the weeks and the loss rest on, and of how many earlier weeks the interval `held` what came."""
    told = _waiting(wait)
    inside, weeks = held
    if told is None or not weeks:
        return told
    kept = Message(
        "Foretold at earlier month ends, {held:count} of {n:count} weeks brought what their interval says.",
        held=inside,
        n=weeks,
    )
    return Message("{first} {second}", first=told, second=kept)


def _waiting(wait: TimeToPay) -> Message | None:
    if wait.median is None:
        return None
    if wait.nine_in_ten is None:
        return Message(
            "Half of {n:count} invoices were paid within {median:days} of their issue, open ones counted as waiting. Invoices of tomorrow are not in it; what is unpaid a year past due counts as never paid.",
            n=wait.invoices,
            median=round(wait.median),
        )
    return Message(
        "Half of {n:count} invoices were paid within {median:days} of their issue, nine in ten within {late:days}, open ones counted as waiting. Invoices of tomorrow are not in it; what is unpaid a year past due counts as never paid.",
        n=wait.invoices,
        median=round(wait.median),
        late=round(wait.nine_in_ten),
    )
