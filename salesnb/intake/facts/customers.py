"""How are the accounts kept in contact, and how content are they? Aggregates of activities, surveys and events."""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import months_back
from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.scoping import account_owners, collected, people, rows, summed_exactly

CONTACT_DAYS = 90
ACTS = ("trial", "case_visit", "joint_marketing", "executive_meeting")
LOOKED_BACK = 24  # months: twelve month ends, and a year for the longest contact interval that a plan may set


@fact
def contacts(book: Book, *, company: bool = False) -> pd.DataFrame:
    """When was each account last met, and how much time did it get in the last 90 days?

    One row per account with an activity by as_of: account_id, last_contact_on, last_executive_on (NaT where never),
    contacts_90d, minutes_90d (0 where none is logged), last_trial_on.
    """
    since = book.as_of - pd.Timedelta(days=CONTACT_DAYS)
    recent = _.happened_on > ibis.date(since.year, since.month, since.day)
    met = rows(book, "activities", company=company).filter(_.account_id.notnull())
    by_account = met.group_by("account_id").aggregate(
        last_contact_on=_.happened_on.max(),
        last_executive_on=_.happened_on.max(where=_.kind == "executive_meeting"),
        last_trial_on=_.happened_on.max(where=_.kind == "trial"),
        contacts_90d=ibis.coalesce(_.count(where=recent), 0).cast("float64"),
        minutes_90d=ibis.coalesce(_.minutes.sum(where=recent), 0.0).cast("float64"),
    )
    return collected(by_account.order_by("account_id"))


@fact
def revenue(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What did each account bring in the last twelve months, in the last six and in the six before, summed over its rows?

    One row per account with an order in the twelve months: account_id, revenue, recent, before (returns included).
    """
    year, half = months_back(book.as_of, 12), months_back(book.as_of, 6)
    since_half = _.ordered_on >= ibis.date(half.year, half.month, half.day)
    ordered = rows(book, "orders", company=company).filter(
        _.account_id.notnull(), _.ordered_on >= ibis.date(year.year, year.month, year.day)
    )
    by_account = ordered.group_by("account_id").aggregate(
        revenue=summed_exactly(book, _.net_amount),
        recent=ibis.coalesce(summed_exactly(book, _.net_amount, where=since_half), 0.0),
        before=ibis.coalesce(summed_exactly(book, _.net_amount, where=~since_half), 0.0),
    )
    return collected(by_account.order_by("account_id"))


@fact
def contact_months(book: Book, *, company: bool = False) -> pd.DataFrame:
    """On which day of each month was an account last met? Over the months that the last twelve month ends look back on.

    One row per account × month with a contact by as_of: account_id, last_on.
    """
    since = months_back(book.as_of, LOOKED_BACK)
    met = rows(book, "activities", company=company).filter(
        _.account_id.notnull(), _.happened_on > ibis.date(since.year, since.month, since.day)
    )
    by_month = met.group_by(account_id=_.account_id, month=_.happened_on.truncate("M"))
    return collected(by_month.aggregate(last_on=_.happened_on.max()).order_by("account_id", "last_on"))[
        ["account_id", "last_on"]
    ]


@fact
def account_acts(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What was done to win an account over, beyond usual contact? Trials, visits to a reference, joint marketing, executives' meetings.

    One row per account × day × kind, up to as_of: account_id, day, kind.
    """
    done = rows(book, "activities", company=company).filter(_.account_id.notnull(), _.kind.isin(ACTS))
    acts = done.select("account_id", day=_.happened_on, kind=_.kind).distinct()
    return collected(acts.order_by("day", "account_id", "kind"))


@fact
def contact_weeks(
    book: Book, *, start: pd.Timestamp, end: pd.Timestamp, company: bool = False
) -> pd.DataFrame:
    """Which accounts were met in which week of a span?

    Weeks are the seven days from `start`, then the next seven, up to `end` (both included) or as_of. One row per account
    × week with a contact: account_id, week_start, contacts.
    """
    last = min(end, book.as_of)
    met = rows(book, "activities", company=company).filter(
        _.account_id.notnull(),
        _.happened_on >= ibis.date(start.year, start.month, start.day),
        _.happened_on <= ibis.date(last.year, last.month, last.day),
    )
    passed = _.happened_on.delta(ibis.date(start.year, start.month, start.day), unit="day") // 7
    by_week = met.group_by(account_id=_.account_id, passed=passed).aggregate(contacts=_.count())
    weeks = collected(by_week.order_by("account_id", "passed"))
    begun = start + pd.to_timedelta(weeks["passed"].astype("int64") * 7, unit="D")
    return weeks.assign(week_start=begun.astype("datetime64[us]"))[["account_id", "week_start", "contacts"]]


@fact
def satisfaction(book: Book, *, company: bool = False) -> pd.DataFrame:
    """How content is each account, and was it more content before?

    One row per surveyed account: account_id, surveyed_on, score (0–10, the latest), previous_on, previous_score (missing
    where there is one survey only).
    """
    surveys = rows(book, "satisfaction", company=company).filter(_.account_id.notnull())
    latest = ibis.window(group_by="account_id", order_by=[_.surveyed_on.desc(), _.score.asc()])
    ranked = surveys.mutate(place=ibis.row_number().over(latest)).filter(_.place < 2)
    two = ranked.group_by("account_id").aggregate(
        surveyed_on=_.surveyed_on.max(where=_.place == 0),
        score=_.score.max(where=_.place == 0),
        previous_on=_.surveyed_on.max(where=_.place == 1),
        previous_score=_.score.max(where=_.place == 1),
    )
    return collected(two.order_by("account_id"))


@fact
def owners(book: Book) -> pd.DataFrame:
    """Who looks after each account? One row per account: account_id, owner_id, owner (name; the id where there is none).

    Its owner in the accounts table, else the rep of its latest order or opportunity by as_of. A person's scope names that person
    alone: who else owns what this person has worked on is not among the rows.
    """
    persons = people(book).select(person=_.rep_id, rep_name=_.rep_name)
    owned = account_owners(book)
    if book.scope is not None and book.scope.kind == "rep":
        owned = owned.filter(_.rep_id == book.scope.member)
    named = owned.left_join(persons, owned.rep_id == persons.person).select(
        "account_id", owner_id=_.rep_id, owner=ibis.coalesce(_.rep_name, _.rep_id)
    )
    return collected(named.order_by("account_id"))


@fact
def account_events(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What happened around single accounts in the last 90 days? One row per event: account_id, happened_on, kind, severity, note."""
    since = book.as_of - pd.Timedelta(days=CONTACT_DAYS)
    happened = rows(book, "events", company=company).filter(
        _.account_id.notnull(), _.happened_on > ibis.date(since.year, since.month, since.day)
    )
    columns = ("account_id", "happened_on", "kind", "severity", "note")
    return collected(happened.select(*columns).order_by("happened_on", "account_id", "kind"))
