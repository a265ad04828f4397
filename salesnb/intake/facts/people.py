"""What do the sales people do, learn and feel? Aggregates of activities, training and pulse surveys."""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import months_back
from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.scoping import account_owners, collected, rows, until


@fact
def activity_days(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What did each rep do on each day up to as_of?

    One row per day × rep_id × kind: count, minutes (of those that tell), timed (how many tell their minutes), has_minutes,
    has_pain_points, has_next_step (how many carry each note).
    """
    done = rows(book, "activities", company=company).filter(_.rep_id.notnull())
    days = done.group_by(day=_.happened_on, rep_id=_.rep_id, kind=_.kind).aggregate(
        count=_.count(),
        minutes=_.minutes.sum().fill_null(0.0),
        timed=_.count(where=_.minutes.notnull()),
        has_minutes=_.count(where=_.has_minutes),
        has_pain_points=_.count(where=_.has_pain_points),
        has_next_step=_.count(where=_.has_next_step),
    )
    return collected(days.order_by("day", "rep_id", "kind"))


@fact
def training(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Who completed which course by as_of? One row per row of training: rep_id, course, topic, completed_on, score."""
    return collected(rows(book, "training", company=company).order_by("completed_on", "rep_id", "course"))


@fact
def pulse(book: Book, *, months: int = 3, company: bool = False) -> pd.DataFrame:
    """How stressed did the people of each team say they were, in the last `months` months and in the same a year before?

    One row per team × span (now, before): team, span, people, mean, variance (of people's means; missing for one). Only teams of
    which at least `privacy.fewest_people` different people answered in that span; in a scope only teams all of whose people it
    holds, so that no difference of two packs tells of fewer; no single answer leaves this fact.
    """
    told = answered(book, months=months).filter(_.people >= book.plan.privacy.fewest_people)
    if not company and book.scope is not None:
        own = rows(book, "reps").select(own=_.rep_id) if book.audience.pulse else None
        others = (
            _team_of_each(book) if own is None else _team_of_each(book).anti_join(own, _.person == own.own)
        )
        told = told.anti_join(others, "team")
    return collected(told.order_by("team", "span"))


@fact
def stress_sides(
    book: Book,
    *,
    people: tuple[str, ...],
    spans: tuple[tuple[pd.Timestamp, pd.Timestamp], ...],
    company: bool = False,
) -> pd.DataFrame:
    """How stressed did these `people` say they were in each of the `spans` (first and last day), beside all others?

    One row per side (``these``, ``others``) × span: side, place (of the span), people, mean, variance (of people's means). Only the
    company's book tells, and only of sides on which at least `privacy.fewest_people` different people answered in each span.
    """
    asked = rows(book, "pulse", company=True).mutate(
        side=ibis.ifelse(_.rep_id.isin(list(people)) if people else ibis.literal(False), "these", "others")
    )
    parts = []
    for place, (first, last) in enumerate(spans):
        within = asked.filter(_.surveyed_on.between(_day(first), _day(last)))
        means = within.group_by("side", "rep_id").aggregate(stress=_.stress.mean())
        groups = means.group_by("side").aggregate(
            people=_.rep_id.nunique(), mean=_.stress.mean(), variance=_.stress.var(how="sample")
        )
        parts.append(groups.select("side", "people", "mean", "variance", place=ibis.literal(place)))
    told = ibis.union(*parts) if len(parts) > 1 else parts[0]
    found = collected(told.select("side", "place", "people", "mean", "variance").order_by("side", "place"))
    enough = found[found["people"] >= book.plan.privacy.fewest_people]
    whole = enough.groupby("side")["place"].transform("size") == len(spans)
    return enough[whole & (book.scope is None)].reset_index(drop=True)


@fact
def away_days(book: Book, *, company: bool = False) -> pd.DataFrame:
    """On which days did whom customers order from that a colleague looks after?

    One row per day × rep_id of two years with an order: day, rep_id, orders (accounts that bought from this person that day), away (those
    of them whose owner is somebody else).
    """
    owned = account_owners(book).select(owned=_.account_id, owner=_.rep_id)
    first = months_back(book.as_of, 24)
    sold = rows(book, "orders", company=company).filter(
        _.ordered_on >= _day(first), _.rep_id.notnull(), _.account_id.notnull(), _.net_amount > 0
    )
    placed = sold.left_join(owned, sold.account_id == owned.owned)
    days = placed.group_by(day=_.ordered_on, rep_id=_.rep_id).aggregate(
        orders=_.account_id.nunique(),
        away=ibis.coalesce(_.account_id.nunique(where=_.owner != _.rep_id), 0),
    )
    return collected(days.order_by("day", "rep_id"))


def answered(book: Book, *, months: int) -> ibis.Table:
    """The rows of `pulse` before anything is kept back; for `pulse` and for nobody's page."""
    teams, asked, year = _team_of_each(book), rows(book, "pulse", company=True), pd.DateOffset(years=1)
    answers = asked.inner_join(teams, asked.rep_id == teams.person)
    first, spans = months_back(book.as_of, months), []
    for span, since, last in (("now", first, book.as_of), ("before", first - year, book.as_of - year)):
        within = answers.filter(_.surveyed_on.between(_day(since), _day(last)))
        means = within.group_by("team", "rep_id").aggregate(stress=_.stress.mean())
        groups = means.group_by("team").aggregate(
            people=_.rep_id.nunique(), mean=_.stress.mean(), variance=_.stress.var(how="sample")
        )
        spans.append(groups.select("team", "people", "mean", "variance", span=ibis.literal(span)))
    return ibis.union(*spans).select("team", "span", "people", "mean", "variance")


def _team_of_each(book: Book) -> ibis.Table:
    """One row per person with a team: person, team."""
    people = book.table("reps").filter(_.team.notnull())
    return people.group_by(person=_.rep_id).aggregate(team=_.team.max())


def _day(moment: pd.Timestamp) -> ibis.Value:
    return ibis.date(moment.year, moment.month, moment.day)


@fact
def deal_contacts(book: Book, *, company: bool = False) -> pd.DataFrame:
    """When was each deal first worked, and by how many?

    One row per opportunity with an activity by as_of that names it: opportunity_id, first_contact_on, people (reps active
    on it before it closed; after the close nothing counts).
    """
    deals = rows(book, "opportunities", company=company).select(
        deal_id=_.opportunity_id, closed_on=_.closed_on
    )
    done = book.table("activities").filter(_.happened_on <= until(book), _.opportunity_id.notnull())
    met = done.inner_join(deals, done.opportunity_id == deals.deal_id).filter(
        ibis.coalesce(_.happened_on <= _.closed_on, True)
    )
    first = met.group_by("opportunity_id").aggregate(
        first_contact_on=_.happened_on.min(), people=_.rep_id.nunique()
    )
    return collected(first.order_by("opportunity_id"))


@fact
def account_hours(book: Book, *, months: int = 3, company: bool = False) -> pd.DataFrame:
    """How long were people busy with each account in the last `months` months? One row per account × rep × kind of activity:
    account_id, rep_id, kind, count, minutes (of those that tell), timed (how many tell their minutes)."""
    first = months_back(book.as_of, months)
    done = rows(book, "activities", company=company).filter(
        _.account_id.notnull(), _.rep_id.notnull(), _.happened_on >= _day(first)
    )
    summed = done.group_by("account_id", "rep_id", "kind").aggregate(
        count=_.count(), minutes=_.minutes.sum().fill_null(0.0), timed=_.count(where=_.minutes.notnull())
    )
    return collected(summed.order_by("account_id", "rep_id", "kind"))


@fact
def account_work(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Who worked which account in the last twelve months?

    One row per account × rep with an activity or an order line: account_id, rep_id, contacts, order_lines, net_amount, executive_on (of
    the last executive meeting; NaT where there was none).
    """
    first = months_back(book.as_of, 12)
    since = ibis.date(first.year, first.month, first.day)
    known = (_.account_id.notnull(), _.rep_id.notnull())
    met = (
        rows(book, "activities", company=company)
        .filter(*known, _.happened_on >= since)
        .select(
            "account_id",
            "rep_id",
            contact=ibis.literal(1),
            line=ibis.literal(0),
            amount=ibis.literal(0.0),
            executive=ibis.ifelse(_.kind == "executive_meeting", _.happened_on, ibis.null("date")),
        )
    )
    sold = (
        rows(book, "orders", company=company)
        .filter(*known, _.ordered_on >= since)
        .select(
            "account_id",
            "rep_id",
            contact=ibis.literal(0),
            line=ibis.literal(1),
            amount=_.net_amount,
            executive=ibis.null("date"),
        )
    )
    work = met.union(sold).group_by("account_id", "rep_id")
    summed = work.aggregate(
        contacts=_.contact.sum(),
        order_lines=_.line.sum(),
        net_amount=_.amount.sum(),
        executive_on=_.executive.max(),
    )
    return collected(summed.order_by("account_id", "rep_id"))
