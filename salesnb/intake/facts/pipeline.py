"""Which deals were open, won or lost as known at as_of, where did they stand, and what was done about them?"""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.members import grouped
from salesnb.intake.facts.scoping import (
    collected,
    day_of,
    every_column_of_people,
    people,
    placed_people,
    regions_and_teams,
    rows,
    until,
)
from salesnb.intake.schema import TABLES


@fact
def opportunities(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Which deals had been created by as_of, and what was known of them then?

    One row per deal: opportunity_id, account_id, account_name, rep_id, rep_name, team, region, product_id, product_line,
    channel, created_on, amount, stage (the last one entered by as_of, else the table's, which of a deal that closed later is not known
    yet), expected_close_on, closed_on (missing if later), outcome (open if closed later), loss_reason and competitor (loss_reason missing while open),
    entered_stage_on, activities, last_activity_on, next_step_logged (the last activity with an answer named a next step), and
    each own column of plan.yml by which groups are compared.
    """
    every = rows(book, "opportunities", company=company, own=True)
    told, own = grouped(book, "opportunities", every, people=every_column_of_people(book))
    deals = regions_and_teams(book, told, day=day_of(book, "opportunities"))
    products = book.table("products").select(sold=_.product_id, product_line=_.product_line)
    closed = (_.outcome != "open") & (_.closed_on <= until(book))
    known = (
        deals.left_join(products, deals.product_id == products.sold)
        .drop("sold")
        .mutate(is_closed=ibis.coalesce(closed, False))
    )
    stood = _last_stages(book)
    done = _activity(book)
    joined = (
        known.left_join(stood, known.opportunity_id == stood.stood)
        .left_join(done, _.opportunity_id == done.acted)
        .select(
            "opportunity_id", "account_id", "account_name", "rep_id", "rep_name", "team", "region",
            "product_id", "product_line", "channel", "created_on", "amount",
            stage=ibis.coalesce(
                _.last_stage,
                ibis.ifelse(_.is_closed | (_.outcome == "open"), _.stage, ibis.null("string")),
            ),
            expected_close_on=_.expected_close_on,
            closed_on=ibis.ifelse(_.is_closed, _.closed_on, ibis.null("date")),
            outcome=ibis.ifelse(_.is_closed, _.outcome, "open"),
            loss_reason=ibis.ifelse(_.is_closed, _.loss_reason, ibis.null("string")),
            competitor=_.competitor,
            entered_stage_on=_.entered_stage_on,
            activities=ibis.coalesce(_.activities, 0),
            last_activity_on=_.last_activity_on,
            next_step_logged=ibis.coalesce(_.next_step, 0) > 0,
            **{name: _[place] for name, place in own.items() if name not in TABLES["opportunities"].names},
        )
    )  # fmt: skip
    return collected(joined.order_by("opportunity_id"))


@fact
def stage_events(book: Book, *, company: bool = False) -> pd.DataFrame:
    """When did each deal enter each stage? One row per entry by as_of: opportunity_id, stage, entered_on."""
    entries = rows(book, "stage_events", company=company).select("opportunity_id", "stage", "entered_on")
    return collected(entries.order_by("opportunity_id", "entered_on", "stage"))


@fact
def leads(book: Book, *, company: bool = False) -> pd.DataFrame:
    """How many leads came in, and what became of them by as_of? One row per day × channel × rep_id: day, channel, rep_id,
    team, region (the rep's), created, qualified, disqualified, converted (an opportunity is named and was not created later)."""
    new = with_deal(book, rows(book, "leads", company=company))
    by_day = new.group_by(day=_.created_on, channel=_.channel, rep_id=_.rep_id).aggregate(
        created=_.count(),
        qualified=ibis.coalesce(_.count(where=_.qualified_on <= until(book)), 0),
        disqualified=ibis.coalesce(_.count(where=_.disqualified_on <= until(book)), 0),
        converted=ibis.coalesce(_.count(where=_.has_deal), 0),
    )
    placed = (
        placed_people(book, by_day, rep="rep_id", day=_.day)
        .rename(team="rep_team", region="rep_region")
        .select(
            "day", "channel", "rep_id", "team", "region", "created", "qualified", "disqualified", "converted"
        )
    )
    return collected(placed.order_by("day", "channel", "rep_id"))


def with_deal(book: Book, leads: ibis.Table) -> ibis.Table:
    """`leads` with has_deal: it names an opportunity. One created after as_of had not happened; one that no table dates counts."""
    deals = book.table("opportunities").select(deal=_.opportunity_id, deal_on=_.created_on)
    named = leads.left_join(deals, leads.opportunity_id == deals.deal)
    happened = ibis.coalesce(_.deal_on <= until(book), True)
    return named.mutate(has_deal=_.opportunity_id.notnull() & happened)


@fact
def deal_orders(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What was booked for each deal, and what without one? One row per opportunity_id (missing: no deal) × day × product_line
    up to as_of: sold (Σ net_amount of lines of at least zero), returned (of the others, zero or less)."""
    orders = rows(book, "orders", company=company)
    lines = book.table("products").select(listed_product=_.product_id, product_line=_.product_line)
    placed = orders.left_join(lines, orders.product_id == lines.listed_product)
    booked = placed.group_by(
        opportunity_id=_.opportunity_id, day=_.ordered_on, product_line=_.product_line
    ).aggregate(
        sold=ibis.coalesce(_.net_amount.sum(where=_.net_amount >= 0), 0.0),
        returned=ibis.coalesce(_.net_amount.sum(where=_.net_amount < 0), 0.0),
    )
    return collected(booked.order_by("opportunity_id", "day", "product_line"))


@fact
def checklist(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Which checklist items were done by as_of? One row per item of a deal: opportunity_id, stage, item, done_on."""
    items = rows(book, "checklist_items", company=company).select(
        "opportunity_id", "stage", "item", "done_on"
    )
    return collected(items.order_by("opportunity_id", "stage", "item"))


@fact
def deal_weeks(book: Book, *, company: bool = False) -> pd.DataFrame:
    """How often was a deal touched? One row per deal × week with an activity by as_of: opportunity_id, week_start
    (Monday), contacts, executive (meetings with an executive)."""
    touched = rows(book, "activities", company=company).filter(_.opportunity_id.notnull())
    by_week = touched.group_by(
        opportunity_id=_.opportunity_id, week_start=_.happened_on.truncate("W")
    ).aggregate(contacts=_.count(), executive=ibis.coalesce(_.count(where=_.kind == "executive_meeting"), 0))
    return collected(by_week.order_by("opportunity_id", "week_start"))


@fact
def record_keeping(book: Book, *, months_from: pd.Timestamp, company: bool = False) -> pd.DataFrame:
    """Do people write down what happened? One row per team × rep with an activity since `months_from`: team, rep_id,
    rep_name, activities, minutes, pain_points, next_steps (activities that carry each)."""
    reps = people(book).select(person=_.rep_id, team=_.team, rep_name=_.rep_name)
    since = ibis.date(months_from.year, months_from.month, months_from.day)
    spoken = rows(book, "activities", company=company).filter(_.happened_on >= since, _.rep_id.notnull())
    counted = spoken.group_by(rep_id=_.rep_id).aggregate(
        activities=_.count(),
        minutes=_.count(where=_.has_minutes),
        pain_points=_.count(where=_.has_pain_points),
        next_steps=_.count(where=_.has_next_step),
    )
    named = counted.left_join(reps, counted.rep_id == reps.person).select(
        "team",
        "rep_id",
        "activities",
        "minutes",
        "pain_points",
        "next_steps",
        rep_name=ibis.coalesce(_.rep_name, _.rep_id),
    )
    return collected(named.order_by("team", "rep_id"))


def _last_stages(book: Book) -> ibis.Table:
    """The stage that each deal entered last by as_of; of several on one day, the one that its other entries put last."""
    entries = rows(book, "stage_events", company=True)
    mean_age = entries.group_by("opportunity_id").mutate(
        rank=ibis.rank().over(ibis.window(group_by="opportunity_id", order_by="entered_on"))
    )
    order = mean_age.group_by(ranked=_.stage).aggregate(mean_rank=_["rank"].mean())
    placed = entries.left_join(order, entries.stage == order.ranked)
    latest = ibis.window(
        group_by="opportunity_id", order_by=[_.entered_on.desc(), _.mean_rank.desc(), _.stage.desc()]
    )
    last = placed.mutate(place=ibis.row_number().over(latest)).filter(_.place == 0)
    return last.select(stood=_.opportunity_id, last_stage=_.stage, entered_stage_on=_.entered_on)


def _activity(book: Book) -> ibis.Table:
    """Per deal: activities, the last one's day, and whether the last one that says so named a next step."""
    touched = rows(book, "activities", company=True).filter(_.opportunity_id.notnull())
    counted = touched.group_by(acted=_.opportunity_id).aggregate(
        activities=_.count(), last_activity_on=_.happened_on.max()
    )
    latest = ibis.window(group_by="opportunity_id", order_by=[_.happened_on.desc(), _.activity_id.desc()])
    spoken = (
        touched.filter(_.has_next_step.notnull())
        .mutate(place=ibis.row_number().over(latest))
        .filter(_.place == 0)
    )
    answers = spoken.select(answered=_.opportunity_id, next_step=ibis.ifelse(_.has_next_step, 1, 0))
    return counted.left_join(answers, counted.acted == answers.answered).drop("answered")
