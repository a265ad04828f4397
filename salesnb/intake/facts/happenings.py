"""What happened in the market and around customers, and whom did we talk to after it? The events table, with names and contacts."""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import months_back
from salesnb.intake.book import Book
from salesnb.intake.facts.bookings import in_lines
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.scoping import collected, rows

MOST_CALLED = 100  # of the customers of a line, the largest first: whom one calls
SPAN, SPANS = (
    30,
    12,
)  # days in which an event is to be answered; as many such spans before it show what is usual


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


@fact
def event_contacts(book: Book, *, company: bool = False, most: int = MOST_CALLED) -> pd.DataFrame:
    """Whom did each event of the last twelve months concern, and when were they met after it?

    One row per event × account that it names; where it names a product line alone, × the `most` customers who bought most of it in the year
    before: happened_on, kind, product_line, account_id, on_line (the event names the line alone), bought (money of that year, of the line where it is the line's), first_on (the first
    activity after the event's day, executive_on the first executive meeting; NaT where there was none), spans_met (in how many of the twelve
    thirty days before the event the account was met).
    """
    first = months_back(book.as_of, 12)
    keys = ("happened_on", "kind", "product_line")
    told = rows(book, "events", company=company).filter(
        _.happened_on >= ibis.date(first.year, first.month, first.day)
    )
    sold = in_lines(book, rows(book, "orders", company=company)).filter(_.account_id.notnull())
    sold = sold.select("product_line", "ordered_on", "net_amount", buyer=_.account_id)
    by_line = told.filter(_.product_line.notnull(), _.account_id.isnull()).select(*keys).distinct()
    bought = by_line.inner_join(sold, "product_line").filter(
        _.ordered_on <= _.happened_on, _.ordered_on.delta(_.happened_on, unit="day") > -SPAN * SPANS
    )
    buyers = (
        bought.group_by(*keys, account_id=_.buyer).aggregate(bought=_.net_amount.sum()).filter(_.bought > 0)
    )
    largest = ibis.window(group_by=keys, order_by=[_.bought.desc(), _.account_id])
    buyers = buyers.mutate(place=ibis.row_number().over(largest)).filter(_.place < most).drop("place")
    named = told.filter(_.account_id.notnull()).select(*keys, "account_id").distinct()
    own = named.left_join(sold.drop("product_line"), (named.account_id == sold.buyer))
    year = (_.ordered_on <= _.happened_on) & (_.ordered_on.delta(_.happened_on, unit="day") > -SPAN * SPANS)
    single = own.group_by(*keys, "account_id").aggregate(bought=_.net_amount.sum(where=year).fill_null(0.0))
    single, buyers = (
        side.mutate(on_line=ibis.literal(line)) for side, line in ((single, False), (buyers, True))
    )
    concerned = single.union(buyers.select(*single.columns))
    done = rows(book, "activities", company=company).filter(_.account_id.notnull())
    done = done.select(met=_.account_id, met_on=_.happened_on, how=_.kind)
    joined = concerned.left_join(done, concerned.account_id == done.met)
    after = _.met_on > _.happened_on
    ago = _.happened_on.delta(_.met_on, unit="day")
    before = (ago >= 0) & (ago < SPAN * SPANS)
    found = joined.group_by(*keys, "account_id", "on_line", "bought").aggregate(
        first_on=_.met_on.min(where=after),
        executive_on=_.met_on.min(where=after & (_.how == "executive_meeting")),
        spans_met=ibis.ifelse(before, ago // SPAN, ibis.null("int64")).nunique().cast("float64"),
    )
    return collected(found.order_by(ibis.desc("happened_on"), "kind", ibis.desc("bought"), "account_id"))
