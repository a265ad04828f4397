"""At which price was each line ordered, by whom and of which size? What own discounts sold is read from these orders."""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import months_back
from salesnb.intake.book import Book
from salesnb.intake.facts.bookings import in_lines, with_places
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.scoping import collected

MONTHS_BACK = 36
MOST_PRICES = 100_000  # order days beyond which every second, third, … account stands for all


@fact
def order_prices(book: Book, *, company: bool = False, most: int = MOST_PRICES) -> pd.DataFrame:
    """What did each account pay, and what would the list have asked, for a line on a day of the last three years?

    One row per day × account_id × region × rep_id × product_line with a list amount and an account, returns left out: net_amount, list_amount.
    Beyond `most` rows the accounts are thinned: every second, third, … by account_id, each with all its orders, so that their months hold
    as they did.
    """
    first = months_back(book.as_of, MONTHS_BACK)
    sold = in_lines(book, with_places(book, company=company)).filter(
        _.ordered_on >= ibis.date(first.year, first.month, first.day),
        _.net_amount > 0,
        _.list_amount > 0,
        _.account_id.notnull(),
        _.product_line.notnull(),
    )
    days = sold.group_by("account_id", "region", "rep_id", "product_line", day=_.ordered_on).aggregate(
        net_amount=_.net_amount.sum(), list_amount=_.list_amount.sum()
    )
    each = -(-int(days.count().to_pandas()) // most)
    if each > 1:
        buyers = days.select("account_id").distinct()
        place = ibis.row_number().over(ibis.window(order_by="account_id"))
        chosen = buyers.mutate(place=place).filter(_.place % each == 0)
        days = days.semi_join(chosen, "account_id")
    named = days.select("day", "account_id", "region", "rep_id", "product_line", "net_amount", "list_amount")
    return collected(named.order_by("day", "account_id", "region", "rep_id", "product_line"))
