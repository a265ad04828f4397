"""What happened in the market and around customers? The events table, with names."""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.scoping import collected, rows


@fact
def events(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What happened by as_of? One row per event: happened_on, kind, account_id, account_name (missing without an account),
    product_line, severity (1–5), note. A scope keeps the events that name no account."""
    happened = rows(book, "events", company=company)
    names = book.table("accounts").select(listed=_.account_id, account_name=_.account_name)
    named = happened.left_join(names, happened.account_id == names.listed).select(
        "happened_on",
        "kind",
        "account_id",
        "product_line",
        "severity",
        "note",
        account_name=ibis.coalesce(_.account_name, _.account_id),
    )
    return collected(named.order_by("happened_on", "kind", "account_id"))
