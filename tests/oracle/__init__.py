"""What should the headline numbers be? A second computation, in plain pandas over whole tables, that shares no code with
the analyses: slow, literal, one key at a time. The tests hold packs and the notebooks' steps against it.
"""

from __future__ import annotations

from tests.oracle import customers, deals, money, people, sales, sprints
from tests.oracle.tables import Seen

PARTS = (sales.bookings, sales.incentives, customers.customers, customers.repeat, deals.funnel, deals.hygiene,
         people.team, money.receivables, money.exposure, money.pricing, sprints.sprint, sprints.actions)  # fmt: skip


def expected(book) -> dict[str, float | None]:
    """Every key that metrics.md defines to the digit, in the book's scope on its day; None where its inputs are missing."""
    company, own = Seen(book), Seen(book, scoped=True)
    return {key: value for part in PARTS for key, value in part(own, company).items()}
