"""What was agreed to be done, and how did the leads of a sprint fare?"""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import months_back
from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.pipeline import with_deal
from salesnb.intake.facts.scoping import collected, people, rows, until

RIPE_DAYS = 90  # of a lead: a younger one may still convert


@fact
def actions(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Which actions were raised by as_of?

    One row per action: action_id, raised_on, owner_id, owner (name; the id where there is none), due_on, metric, goal,
    done_on (missing where it was not done by as_of), description.
    """
    persons = people(book).select(person=_.rep_id, rep_name=_.rep_name)
    raised = rows(book, "actions", company=company)
    named = raised.left_join(persons, raised.owner_id == persons.person).select(
        "action_id",
        "raised_on",
        "owner_id",
        owner=ibis.coalesce(_.rep_name, _.owner_id),
        due_on=_.due_on,
        metric=_.metric,
        goal=_.goal,
        done_on=ibis.ifelse(_.done_on <= until(book), _.done_on, ibis.null("date")),
        description=_.description,
    )
    return collected(named.order_by("due_on", "action_id"))


@fact
def sprint_leads(
    book: Book, start: pd.Timestamp, end: pd.Timestamp, *, company: bool = False
) -> pd.DataFrame:
    """How many leads came in on each day from `start` to `end`, and how many of them became something by as_of?

    One row per day × rep_id with a lead: day, rep_id, created, converted (qualified by as_of, or an opportunity is named; one
    that was created after as_of had not happened, one that no table dates counts).
    """
    new = rows(book, "leads", company=company).filter(
        _.created_on >= ibis.date(start.year, start.month, start.day),
        _.created_on <= ibis.date(end.year, end.month, end.day),
    )
    followed = with_deal(book, new).mutate(
        became=ibis.coalesce(_.qualified_on <= until(book), False) | _.has_deal
    )
    by_day = followed.group_by(day=_.created_on, rep_id=_.rep_id).aggregate(
        created=_.count(), converted=_.count(where=_.became)
    )
    return collected(by_day.order_by("day", "rep_id"))


@fact
def sprint_orders(
    book: Book, start: pd.Timestamp, end: pd.Timestamp, *, company: bool = False
) -> pd.DataFrame:
    """How much was ordered on each day from `start` to `end`, and how much of it is invoiced by as_of?

    One row per day: day, net_amount (of order lines above zero), invoiced (of those whose order an invoice names). Without a row where no invoice of
    the workspace names an order: then nobody knows what is completed.
    """
    named = book.table("invoices").filter(_.order_id.notnull(), _.issued_on <= until(book))
    billed = named.select(billed=_.order_id).distinct()
    placed = rows(book, "orders", company=company).filter(
        _.ordered_on >= ibis.date(start.year, start.month, start.day),
        _.ordered_on <= ibis.date(end.year, end.month, end.day),
        _.net_amount > 0,
    )
    known = billed.aggregate(bills=_.count())
    joined = placed.left_join(billed, placed.order_id == billed.billed).cross_join(known).filter(_.bills > 0)
    by_day = joined.group_by(day=_.ordered_on).aggregate(
        net_amount=_.net_amount.sum(),
        invoiced=ibis.coalesce(_.net_amount.sum(where=_.billed.notnull()), 0.0),
    )
    return collected(by_day.order_by("day"))


@fact
def lead_courses(book: Book, start: pd.Timestamp, *, company: bool = False) -> pd.DataFrame:
    """How many days did leads take that converted? Of those that came in the twelve months before `start`, of which the last
    ninety days are left out: some of these may still convert.

    One row per number of days: days, converted (qualified, or its opportunity created, whichever came first; those that no
    table dates are left out).
    """
    since, last = months_back(start, 12), start - pd.Timedelta(days=RIPE_DAYS)
    deals = book.table("opportunities").select(deal=_.opportunity_id, deal_on=_.created_on)
    past = rows(book, "leads", company=company).filter(
        _.created_on >= ibis.date(since.year, since.month, since.day),
        _.created_on <= ibis.date(last.year, last.month, last.day),
    )
    dated = past.left_join(deals, past.opportunity_id == deals.deal).mutate(
        became_on=ibis.least(
            ibis.coalesce(_.qualified_on, _.deal_on), ibis.coalesce(_.deal_on, _.qualified_on)
        )
    )
    known = dated.filter(_.became_on.notnull(), _.became_on <= until(book)).mutate(
        days=ibis.greatest(_.became_on.delta(_.created_on, unit="day"), 0)
    )
    return collected(known.group_by("days").aggregate(converted=_.count()).order_by("days"))
