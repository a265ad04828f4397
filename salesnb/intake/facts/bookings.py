"""What was booked, in which span, where and by whom? The sums of order lines, each as fine as a question is and no finer.

Months where months are asked; days of two years where people's order days are weighed; weeks where events are. None grows with
the number of order lines. A row's `day` is the first one with an order in it, so that every span that begins and ends where the
rows are cut holds whole rows.
"""

from __future__ import annotations

from functools import reduce
from operator import add

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import fiscal_year, month_end, months_back, year_before
from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.members import grouped
from salesnb.intake.facts.scoping import collected, every_column_of_people, regions_and_teams, rows, until

DAYS_BACK = 24  # months: twelve month ends, and the fiscal year that the first of them lies in
MOST_LUMPS = 100_000  # order days beyond which a week's are taken together, then a month's
PLACES = ("region", "team", "rep_id", "product_line")
SUMS = ("net_amount", "list_amount", "cost_amount", "quantity", "lines", "uncosted", "uncosted_amount")


@fact
def bookings(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What was booked in each month, where, by whom and in which product line, up to as_of?

    One row per span × region × team × rep_id × product_line: day (the first with an order), net_amount, list_amount, cost_amount,
    quantity (null where no line has one), lines, uncosted (lines without a cost) and uncosted_amount (their net amount). A span is a
    month, cut where the report's day fell a month and a year before and where a sprint of the plan begins or ends. Days of a
    cell that came to nothing or less, and days without a list amount, are rows of their own: prices are compared without them.
    The region is the account's, else the rep's; null is "not known" in every dimension. And by each own column of plan.yml by
    which groups are compared.
    """
    by_day, own = _by_day(book, company=company)
    cells = (*PLACES, *own)
    spans = by_day.group_by(
        *cells, month=_.day.truncate("M"), cut=_passed(by_day.day, _cuts(book)), sold=_.net_amount > 0,
        listed=ibis.coalesce(_.list_amount > 0, False),
    ).aggregate(
        day=_.day.min(),
        **{name: _[name].sum() for name in SUMS},
    )  # fmt: skip
    ordered = spans.order_by("day", *cells, "month", "cut", "sold", "listed")
    return collected(ordered.select("day", *PLACES, *SUMS, *own))


@fact
def rep_days(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What did each person book on each day of the last two years? One row per day × team × rep_id: net_amount."""
    first = months_back(book.as_of, DAYS_BACK)
    placed = with_places(book, company=company).filter(_.ordered_on >= _date(first))
    days = placed.group_by(day=_.ordered_on, team=_.team, rep_id=_.rep_id)
    return collected(days.aggregate(net_amount=_.net_amount.sum()).order_by("day", "team", "rep_id"))


@fact
def order_lumps(book: Book, *, company: bool = False, most: int = MOST_LUMPS) -> pd.DataFrame:
    """In which lumps did money come this fiscal year and in the same span of the year before?

    One row per day × region × rep_id × product_line: net_amount. Beyond `most` rows the days of a week are taken together, and
    beyond as many weeks those of a month: what is drawn by lot then is a week or a month of a person's business in a cell.
    """
    first, _end = fiscal_year(book.as_of, starts=book.plan.fiscal_year_starts)
    now, then = (first, book.as_of), (year_before(first), year_before(book.as_of))
    orders = with_places(book, company=company).filter(
        _.ordered_on.between(*map(_date, now)) | _.ordered_on.between(*map(_date, then))
    )
    sold = in_lines(book, orders)
    for unit in ("D", "W", "M"):
        lumps = sold.group_by(
            "region", "rep_id", "product_line", late=_.ordered_on >= _date(first), unit=_.ordered_on.truncate(unit)
        ).aggregate(day=_.ordered_on.min(), net_amount=_.net_amount.sum())  # fmt: skip
        if unit == "M" or int(lumps.count().to_pandas()) <= most:
            break
    named = lumps.select("day", "region", "rep_id", "product_line", "net_amount")
    return collected(named.order_by("day", "region", "rep_id", "product_line"))


@fact
def discounts(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What was granted off the list, and how unevenly? Over days of a person's line that have a list amount.

    One row per month × region × product_line: day (the first with an order), net_amount, list_amount, and the sums over these
    days of net², net × list and list² (net_squares, products, list_squares), from which a spread about any discount follows.
    """
    listed = _by_day(book, company=company)[0].filter(_.list_amount > 0)
    cells = listed.group_by("region", "product_line", month=_.day.truncate("M")).aggregate(
        day=_.day.min(),
        **{name: _[name].sum() for name in ("net_amount", "list_amount")},
        net_squares=(_.net_amount * _.net_amount).sum(),
        products=(_.net_amount * _.list_amount).sum(),
        list_squares=(_.list_amount * _.list_amount).sum(),
    )
    return collected(cells.drop("month").order_by("day", "region", "product_line"))


@fact
def granted(book: Book, *, by: str, company: bool = False) -> pd.DataFrame:
    """What did each person or account (`by`: rep_id, account_id) get or grant off the list, as known at each month end?

    One row per member × month that ends after its days: the member, day (the first), net_amount, list_amount. What happened on a
    month's last day, or on that of the report, is known from the next end on; days without a list amount are left out.
    """
    by_day = _by_day(book, company=company)[0] if by == "rep_id" else account_days(book, company=company)
    listed = by_day.filter(_.list_amount > 0, _[by].notnull())
    known = (_.day + ibis.interval(days=1)).truncate("M")
    cells = listed.group_by(by, month=known, today=_.day == until(book)).aggregate(
        day=_.day.min(), **{name: _[name].sum() for name in ("net_amount", "list_amount")}
    )
    return collected(cells.drop("month", "today").order_by("day", by))


@fact
def line_weeks(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What did each product line bring in each week, counted back from as_of? One row per week × product_line: day (the first
    with an order), net_amount."""
    sold = in_lines(book, rows(book, "orders", company=company))
    weeks = sold.group_by("product_line", week=_week(book, _.ordered_on))
    found = weeks.aggregate(day=_.ordered_on.min(), net_amount=_.net_amount.sum())
    return collected(found.select("day", "product_line", "net_amount").order_by("day", "product_line"))


@fact
def event_weeks(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What did the accounts around which something happened bring in each week, beside all others together?

    One row per week, counted back from as_of, × account_id (empty text: all without an event; missing: orders without an
    account): day (the first with an order), net_amount.
    """
    happened = rows(book, "events", company=company).filter(_.account_id.notnull())
    named = happened.select(named=_.account_id).distinct()
    orders = rows(book, "orders", company=company)
    told = orders.left_join(named, orders.account_id == named.named)
    whose = ibis.ifelse(_.account_id.isnull(), ibis.null("string"), ibis.coalesce(_.named, ""))
    weeks = told.group_by(account_id=whose, week=_week(book, _.ordered_on))
    found = weeks.aggregate(day=_.ordered_on.min(), net_amount=_.net_amount.sum())
    return collected(found.select("day", "account_id", "net_amount").order_by("day", "account_id"))


def account_days(book: Book, *, company: bool) -> ibis.Table:
    """One row per account × day: net_amount, is_order (a line of at least zero stands on that day), lines, list_amount, cost_amount."""
    orders = rows(book, "orders", company=company)
    return orders.group_by(account_id=_.account_id, day=_.ordered_on).aggregate(
        net_amount=_.net_amount.sum(),
        is_order=(_.net_amount >= 0).any(),
        lines=_.count(),
        list_amount=_.list_amount.sum(),
        cost_amount=_.cost_amount.sum(),
    )


def _by_day(book: Book, *, company: bool) -> tuple[ibis.Table, list[str]]:
    """One row per day × region × team × rep_id × product_line, and × each own column, whose names are told; it stays in the engine."""
    sold = rows(book, "orders", company=company, own=True)
    told, own = grouped(book, "orders", sold, people=every_column_of_people(book))
    placed = in_lines(book, regions_and_teams(book, told, day=_.ordered_on))
    by_day = placed.group_by(
        day=_.ordered_on,
        **{name: _[name] for name in PLACES},
        **{name: _[place] for name, place in own.items()},
    ).aggregate(
        **{name: _[name].sum() for name in SUMS[:4]},
        lines=_.count(),
        uncosted=_.count(where=_.cost_amount.isnull()),
        uncosted_amount=_.net_amount.sum(where=_.cost_amount.isnull()).fill_null(0.0),
    )
    return by_day, list(own)


def with_places(book: Book, *, company: bool) -> ibis.Table:
    """Order lines with the region and the team that they belong to."""
    return regions_and_teams(book, rows(book, "orders", company=company), day=_.ordered_on)


def in_lines(book: Book, orders: ibis.Table) -> ibis.Table:
    """Order lines with their product_line."""
    lines = book.table("products").select(listed_product=_.product_id, product_line=_.product_line)
    return orders.left_join(lines, orders.product_id == lines.listed_product)


def _cuts(book: Book) -> list[pd.Timestamp]:
    """The days within a month on which a span begins that a page asks for."""
    as_of, one = book.as_of, pd.Timedelta(days=1)
    then = [as_of - pd.DateOffset(months=1), as_of - pd.DateOffset(years=1), year_before(as_of)]
    sprints = [pd.Timestamp(sprint.start) for sprint in book.plan.sprints]
    ends = [pd.Timestamp(sprint.end) + one for sprint in book.plan.sprints]
    cuts = {*(day + one for day in then if day != month_end(day)), *sprints, *ends}
    return sorted(day for day in cuts if day.day > 1 and day <= as_of)


def _passed(day: ibis.Column, cuts: list[pd.Timestamp]) -> ibis.Value:
    """How many of the cuts had passed on a day."""
    passed = (ibis.ifelse(day >= _date(cut), 1, 0) for cut in cuts)
    return reduce(add, passed, ibis.literal(0))


def _week(book: Book, day: ibis.Deferred) -> ibis.Value:
    """How many whole weeks before as_of a day lies."""
    return -day.delta(until(book), unit="day") // 7


def _date(day: pd.Timestamp) -> ibis.Value:
    return ibis.date(day.year, day.month, day.day)
