"""Which frames does an open book hand out? Each fact by its name: `book.opportunities` of the scope that it was opened in,
`book.company.opportunities` of the whole company.

`book.company` is the one door to what lies outside the scope. A frame is asked for once; each look gives a copy of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from salesnb.calendars.calendar import Calendar
from salesnb.errors import InputError
from salesnb.intake import facts
from salesnb.intake.asking import answer
from salesnb.intake.book import Book
from salesnb.intake.facts.sales import own_targets
from salesnb.intake.facts.scoping import rows

SHOWN = (
    "accounts", "actions", "activity_days", "as_of", "bookings", "company", "contacts", "counts", "currency", "dimensions", "events",
    "has", "leads", "open_invoices", "opportunities", "order_days", "owners", "payments", "plan", "products", "rejected", "reps",
    "scope", "sql", "stage_events", "suspicions", "table", "targets", "workspace",
)  # fmt: skip
Ask = Callable[..., pd.DataFrame]


class _Named:
    """A fact that needs no more than the book, as a property of who hands it out."""

    def __init__(self, fact: Ask) -> None:
        self.fact = fact
        self.__doc__ = fact.__doc__

    def __get__(self, frames: Frames, owner: type) -> pd.DataFrame:
        return frames.asked(self.fact)


class Frames:
    """The facts by name; those that need a span are asked with it."""

    def asked(self, fact: Ask, **options: Any) -> pd.DataFrame:
        raise TypeError("frames are handed out by an open book or by its company")

    account_hours = _Named(facts.account_hours)
    account_acts = _Named(facts.account_acts)
    account_work = _Named(facts.account_work)
    away_days = _Named(facts.away_days)
    breadth = _Named(facts.breadth)
    accounts = _Named(facts.accounts)
    actions = _Named(facts.actions)
    activity_days = _Named(facts.activity_days)
    bookings = _Named(facts.bookings)
    checklist = _Named(facts.checklist)
    contact_months = _Named(facts.contact_months)
    contacts = _Named(facts.contacts)
    deal_contacts = _Named(facts.deal_contacts)
    deal_orders = _Named(facts.deal_orders)
    deal_weeks = _Named(facts.deal_weeks)
    event_weeks = _Named(facts.event_weeks)
    discounts = _Named(facts.discounts)
    event_contacts = _Named(facts.event_contacts)
    events = _Named(facts.events)
    floor_breaches = _Named(facts.floor_breaches)
    floor_sales = _Named(facts.floor_sales)
    large_orders = _Named(facts.large_orders)
    leads = _Named(facts.leads)
    line_weeks = _Named(facts.line_weeks)
    open_invoices = _Named(facts.open_invoices)
    opportunities = _Named(facts.opportunities)
    order_days = _Named(facts.order_days)
    order_lumps = _Named(facts.order_lumps)
    order_prices = _Named(facts.order_prices)
    overdue_rolls = _Named(facts.overdue_rolls)
    payment_days = _Named(facts.payment_days)
    payments = _Named(facts.payments)
    products = _Named(facts.products)
    pulse = _Named(facts.pulse)
    purchases = _Named(facts.purchases)
    rep_days = _Named(facts.rep_days)
    reps = _Named(facts.reps)
    revenue = _Named(facts.revenue)
    satisfaction = _Named(facts.satisfaction)
    stage_events = _Named(facts.stage_events)
    targets = _Named(facts.targets)
    training = _Named(facts.training)

    def contact_weeks(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """`facts.contact_weeks` from `start` to `end`."""
        return self.asked(facts.contact_weeks, start=start, end=end)

    def granted(self, by: str) -> pd.DataFrame:
        """`facts.granted` by rep_id or account_id."""
        return self.asked(facts.granted, by=by)

    def cash_came(self, day: pd.Timestamp, weeks: int) -> pd.DataFrame:
        """`facts.cash_came` in the weeks after an earlier day."""
        return self.asked(facts.cash_came, day=day, weeks=weeks)

    def stress_sides(
        self, people: Iterable[str], spans: Iterable[tuple[pd.Timestamp, pd.Timestamp]]
    ) -> pd.DataFrame:
        """`facts.stress_sides` of these people and all others."""
        return self.asked(facts.stress_sides, people=tuple(sorted(people)), spans=tuple(spans))

    def sprint_leads(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """`facts.sprint_leads` from `start` to `end`."""
        return self.asked(facts.sprint_leads, start=start, end=end)

    def sprint_orders(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """`facts.sprint_orders` from `start` to `end`."""
        return self.asked(facts.sprint_orders, start=start, end=end)

    def lead_courses(self, start: pd.Timestamp) -> pd.DataFrame:
        """`facts.lead_courses` of the leads before `start`."""
        return self.asked(facts.lead_courses, start=start)

    def receivable_months(self, months: int = 13) -> pd.DataFrame:
        """`facts.receivable_months` of the last month ends."""
        return self.asked(facts.receivable_months, months=months)

    def product_sales(
        self, *, then: tuple[pd.Timestamp, pd.Timestamp], now: tuple[pd.Timestamp, pd.Timestamp]
    ) -> pd.DataFrame:
        """`facts.product_sales` of two spans."""
        return self.asked(facts.product_sales, then=then, now=now)

    def record_keeping(self, since: pd.Timestamp) -> pd.DataFrame:
        """`facts.record_keeping` from the month of `since` on."""
        return self.asked(facts.record_keeping, months_from=since)


class Company(Frames):
    """The same facts of the whole company, whatever the book's scope."""

    def __init__(self, book: OpenBook) -> None:
        self._book = book

    def asked(self, fact: Ask, **options: Any) -> pd.DataFrame:
        return self._book.asked(fact, company=True, **options)


@dataclass(frozen=True)
class OpenBook(Book, Frames):
    """A book that hands out its frames by name, and the calendar by which the company counts."""

    _handed: dict[str, pd.DataFrame] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __dir__(self) -> list[str]:
        """What Tab shows: what is asked most; everything else is there all the same."""
        return [*SHOWN, *(name for name in super().__dir__() if name.startswith("_"))]

    @property
    def company(self) -> Company:
        """What the whole company knows: for models, limits and tiers, which no scope may change."""
        return Company(self)

    @property
    def kind(self) -> str:
        """What the book is of: company, region, team, …"""
        return self.scope.kind if self.scope else "company"

    @property
    def names(self) -> tuple[str, ...]:
        """The scope's member as people call it and as the tables do; nothing for the company."""
        return (self.scope.name, self.scope.member) if self.scope else ()

    @property
    def owners(self) -> pd.DataFrame:
        return self.asked(facts.owners)

    @property
    def last_days(self) -> pd.DataFrame:
        return self.asked(facts.last_days)

    @property
    def calendar(self) -> Calendar:
        """The day of the report, the month in which the fiscal year starts, and the country whose working days count."""
        return Calendar(self.as_of, self.plan.fiscal_year_starts, self.plan.country)

    def sql(self, query: str) -> pd.DataFrame:
        """What one SELECT over the tables gives: rows as of the book's day and within its scope, targets and products of it alone.

        >>> book.sql("SELECT region, sum(net_amount) FROM orders JOIN accounts USING (account_id) GROUP BY 1")  # doctest: +SKIP
        """
        return answer(query, self._rows)

    def _rows(self, name: str) -> pa.Table:
        """The rows of a table as a question sees them: own columns under their names; no single answer of an employee."""
        if name == "pulse":
            raise InputError("what employees answered is told of groups alone; ask for book.pulse")
        found = rows(self, name, own=True)
        if name == "products" and self.scope is not None:
            sold = [rows(self, table).select("product_id") for table in ("orders", "opportunities")]
            found = found.semi_join(ibis.union(*sold, distinct=True), "product_id")
        elif name == "targets" and self.scope is not None:
            found = own_targets(self, own=True)
        called = {one.name: one.place for one in self.own.get(name, ()) if one.name != one.place}
        return found.rename(called).to_pyarrow()

    def at(self, day: pd.Timestamp) -> OpenBook:
        """The same book on an earlier day: what was known then."""
        return replace(self, as_of=min(day, self.as_of))

    def asked(self, fact: Ask, **options: Any) -> pd.DataFrame:
        """What a fact gives for this book, asked for once."""
        if self.scope is None:
            options.pop("company", None)
        question = repr((fact.__name__, sorted(options.items())))
        if question not in self._handed:
            self._handed[question] = fact(self, **options)
        return self._handed[question].copy(deep=False)  # writing into it copies


def with_frames(book: Book) -> OpenBook:
    """The same book, handing out its frames."""
    return OpenBook(**{one.name: getattr(book, one.name) for one in fields(Book) if one.init})
