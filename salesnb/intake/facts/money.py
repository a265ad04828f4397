"""Who owes us money, who pays late, and what was sold below its floor? Aggregates of invoices and order lines.

Unpaid is an invoice's amount less what was paid by as_of: a payment date without an amount means paid whole, a payment
dated after as_of has not happened, an amount without a date counts as paid; what was paid has the sign of its invoice, and
less than a cent is nothing. A table that tells neither when nor how much was paid says nothing about what is owed: then
there are no rows here, as there are none without invoices.
"""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import month_ends, month_start, months_back
from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.scoping import collected, regions_and_teams, rows, until

HALF_A_CENT = 0.005
OLD_DAYS, ROLL = (
    60,
    pd.Timedelta(days=90),
)  # overdue beyond which a debt is old; until when it is looked at again
PAYMENTS = "invoices.paid_on|paid_amount"


@fact
def open_invoices(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Which invoices issued by as_of are not fully paid?

    One row per invoice with something unpaid (credit notes not yet used are negative): invoice_id, account_id,
    account_name, region, order_id, issued_on, due_on, amount, unpaid, days_overdue (negative before the due date).
    """
    day = until(book)
    bills = _settled(_bills(book, company=company), day).filter(_.unpaid != 0)
    names = book.table("accounts").select(listed=_.account_id, account_name=_.account_name, region=_.region)
    owed = bills.left_join(names, bills.account_id == names.listed).select(
        "invoice_id",
        "account_id",
        "order_id",
        "issued_on",
        "due_on",
        "amount",
        "unpaid",
        account_name=ibis.coalesce(_.account_name, _.account_id),
        region=_.region,
        days_overdue=-_.due_on.delta(day, unit="day"),
    )
    return collected(owed.order_by(ibis.desc("days_overdue"), "invoice_id"))


@fact
def payments(book: Book, *, company: bool = False) -> pd.DataFrame:
    """How does each account pay?

    One row per account with an invoice by as_of: account_id, account_name, due_ttm (invoices above 0 that were due in the last
    twelve months and before as_of), late_ttm (of these, paid after the due date or not fully paid), mean_days_late (of these,
    at least 0 each; unpaid ones up to as_of; missing where none was due), runs_ttm (as how many payment runs those due in the
    twelve months tell: what is paid on one day, or stays unpaid of one month, holds together), invoiced_90d, invoiced_ttm (money).
    """
    day, ttm = until(book), months_back(book.as_of, 12)
    quarter = book.as_of - pd.Timedelta(days=90)
    since, after = (
        ibis.date(ttm.year, ttm.month, ttm.day),
        ibis.date(quarter.year, quarter.month, quarter.day),
    )
    bills = _settled(_bills(book, company=company), day)
    names = book.table("accounts").select(listed=_.account_id, account_name=_.account_name)
    named = bills.left_join(names, bills.account_id == names.listed)
    judged = named.mutate(
        name=ibis.coalesce(_.account_name, _.account_id),
        due=(_.amount > 0) & (_.due_on >= since) & (_.due_on < day),
        late=(_.settled_on > _.due_on).fill_null(False) | (_.unpaid > 0),
        days_late=ibis.greatest(ibis.coalesce(_.settled_on, day).delta(_.due_on, unit="day"), 0),
    )
    runs = (
        judged.filter(_.due)
        .group_by(
            payer=_.account_id,
            paid=_.settled_on,
            month=ibis.ifelse(_.settled_on.isnull(), _.due_on.truncate("M"), ibis.null("date")),
        )
        .aggregate(size=_.count().cast("float64"))
        .group_by("payer")
        .aggregate(runs_ttm=_.size.sum() * _.size.sum() / (_.size * _.size).sum())
    )
    paid = judged.group_by("account_id").aggregate(
        account_name=_.name.max(),
        due_ttm=_.count(where=_.due),
        late_ttm=_.count(where=_.due & _.late),
        mean_days_late=_.days_late.mean(where=_.due),
        invoiced_90d=_.amount.sum(where=_.issued_on > after).fill_null(0.0),
        invoiced_ttm=_.amount.sum(where=_.issued_on >= since).fill_null(0.0),
    )
    with_runs = paid.left_join(runs, paid.account_id == runs.payer).drop("payer")
    return collected(with_runs.order_by("account_id"))


@fact
def receivable_months(book: Book, *, months: int = 13, company: bool = False) -> pd.DataFrame:
    """How much was open and overdue at the last `months` month ends (the last one is as_of)?

    One row per month end: month_end, open, billed (of this, the unpaid part of invoices above 0; the rest are unused credit
    notes), overdue (of billed), invoiced_90d, invoiced_month (issued in that month; money), as they would have been reported on that
    day. No rows where the workspace has no invoices or does not tell what was paid.
    """
    columns = ["month_end", "open", "billed", "overdue", "invoiced_90d", "invoiced_month"]
    if not payments_known(book):
        return pd.DataFrame(columns=columns).astype(
            {"month_end": "datetime64[us]"} | dict.fromkeys(columns[1:], "float64")
        )
    bills, ends = _bills(book, company=company), month_ends(book.as_of, months)
    sums = {}
    for place, end in enumerate(ends):
        day, before = end.date(), (end - pd.Timedelta(days=90)).date()
        issued = _.issued_on <= ibis.date(day.isoformat())
        unpaid, billed = _unpaid(ibis.date(day.isoformat())), issued & (_.amount > 0)
        sums[f"open_{place}"] = unpaid.sum(where=issued)
        sums[f"billed_{place}"] = unpaid.sum(where=billed)
        sums[f"overdue_{place}"] = unpaid.sum(where=billed & (_.due_on < ibis.date(day.isoformat())))
        for name, since in (("90d", before), ("month", (month_start(end) - pd.Timedelta(days=1)).date())):
            sums[f"invoiced_{name}_{place}"] = _.amount.sum(
                where=issued & (_.issued_on > ibis.date(since.isoformat()))
            )
    found = bills.aggregate(**sums).to_pandas().iloc[0].fillna(0.0)
    values = [
        (end, *(float(found[f"{name}_{place}"]) for name in columns[1:])) for place, end in enumerate(ends)
    ]
    return pd.DataFrame(values, columns=columns).astype({"month_end": "datetime64[us]"})


@fact
def overdue_rolls(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What became of old debts: of the money more than 60 days overdue at earlier month ends, what was still unpaid 90 days later?

    One row per month end of the thirteen months before the last 90 days: month_end, old, still (money). No rows where the
    workspace has no invoices or does not tell what was paid.
    """
    columns = ["month_end", "old", "still"]
    if not payments_known(book):
        return pd.DataFrame(columns=columns).astype(
            {"month_end": "datetime64[us]", "old": float, "still": float}
        )
    ends = [end for end in month_ends(book.as_of, 16) if end + ROLL <= book.as_of]
    bills, sums = _bills(book, company=company).filter(_.amount > 0), {}
    for place, end in enumerate(ends):
        then, later, since = (
            ibis.date(day.date().isoformat()) for day in (end, end + ROLL, end - pd.Timedelta(days=OLD_DAYS))
        )
        old = (_.due_on < since) & (_unpaid(then) > 0)
        sums[f"old_{place}"] = _unpaid(then).sum(where=old)
        sums[f"still_{place}"] = _unpaid(later).sum(where=old)
    found = bills.aggregate(**sums).to_pandas().iloc[0].fillna(0.0)
    values = [
        (end, float(found[f"old_{place}"]), float(found[f"still_{place}"])) for place, end in enumerate(ends)
    ]
    return pd.DataFrame(values, columns=columns).astype({"month_end": "datetime64[us]"})


@fact
def payment_days(book: Book, *, company: bool = False) -> pd.DataFrame:
    """How many days after its due date was money paid, and how long has the rest been waited for?

    One row per terms_days (from issue to due date) × days (from the due date to the payment, else to as_of; negative before it) ×
    settled, of invoices above 0 issued in the last three years: invoices (settled once nothing of them is unpaid), amount (money that
    was paid then, or has not been). What was paid on a day that nobody knows is left out.
    """
    day, since = until(book), months_back(book.as_of, 36)
    bills = _settled(_bills(book, company=company), day).filter(
        _.amount > 0, _.due_on.notnull(), _.issued_on >= ibis.date(since.year, since.month, since.day)
    )
    terms = _.due_on.delta(_.issued_on, unit="day")
    paid = bills.filter(_.settled_on.notnull(), _.unpaid < _.amount).select(
        terms_days=terms,
        days=_.settled_on.delta(_.due_on, unit="day"),
        settled=ibis.literal(True),
        whole=ibis.ifelse(_.unpaid == 0, 1, 0),
        money=_.amount - _.unpaid,
    )
    waiting = bills.filter(_.unpaid > 0).select(
        terms_days=terms,
        days=-_.due_on.delta(day, unit="day"),
        settled=ibis.literal(False),
        whole=ibis.literal(1),
        money=_.unpaid,
    )
    cells = (
        paid.union(waiting)
        .group_by("terms_days", "days", "settled")
        .aggregate(invoices=_.whole.sum(), amount=_.money.sum())
    )
    return collected(cells.order_by("days", "terms_days", "settled"))


@fact
def cash_came(book: Book, *, day: pd.Timestamp, weeks: int, company: bool = False) -> pd.DataFrame:
    """What of the invoices that were open and had a due date on an earlier `day` was paid in each of the weeks after it?

    One row per week: week (1 the seven days after `day`), came (money). A week that ends after as_of is left out.
    """
    ends = [day + pd.Timedelta(days=7 * week) for week in range(weeks + 1)]
    ends = [end for end in ends if end <= book.as_of]
    issued = ibis.date(day.year, day.month, day.day)
    bills = _bills(book, company=company).filter(_.amount > 0, _.issued_on <= issued, _.due_on.notnull())
    left = bills.aggregate(
        **{
            f"left_{week}": _unpaid(ibis.date(end.year, end.month, end.day)).sum()
            for week, end in enumerate(ends)
        }
    )
    sums = left.to_pandas().iloc[0].fillna(0.0).to_numpy(float) if ends else []
    return pd.DataFrame(
        [(week, float(sums[week - 1] - sums[week])) for week in range(1, len(ends))], columns=["week", "came"]
    ).astype({"week": "int64", "came": float})


@fact
def floor_sales(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What was sold in the last twelve months in product lines with a margin floor, and what of it below the floor?

    One row per product_line × region × team × rep_id × month of lines with net_amount ≥ 0 and a cost (its own, else
    quantity × the product's unit cost): rep_name, lines, orders, below_orders (with a line below), net_amount, below_lines, below_amount, shortfall (what the floor
    would have brought more). Lines without a floor in the plan or without a cost are left out.
    """
    below = _margins(book, company=company).mutate(month=_.ordered_on.truncate("M"))
    cells = below.group_by("product_line", "region", "team", "rep_id", "month").aggregate(
        rep_name=_.rep_name.max(),
        lines=_.count(),
        orders=_.order_id.nunique(),
        below_orders=_.order_id.nunique(where=_.below),
        net_amount=_.net_amount.sum(),
        below_lines=_.count(where=_.below),
        below_amount=_.net_amount.sum(where=_.below).fill_null(0.0),
        shortfall=_.missing.sum(where=_.below).fill_null(0.0),
    )
    return collected(cells.order_by("month", "product_line", "region", "team", "rep_id"))


@fact
def floor_breaches(book: Book, *, company: bool = False, most: int = 100) -> pd.DataFrame:
    """Which lines of the last twelve months lie furthest below their floor?

    At most `most` lines, largest shortfall first: order_id, ordered_on, account_name, rep_name, region, product_line,
    net_amount, cost, margin (share of net_amount), floor, shortfall.
    """
    below = _margins(book, company=company).filter(_.below)
    lines = below.select(
        "order_id",
        "ordered_on",
        "account_name",
        "rep_name",
        "region",
        "product_line",
        "net_amount",
        "cost",
        "floor",
        margin=ibis.ifelse(_.net_amount > 0, (_.net_amount - _.cost) / _.net_amount, ibis.null("float64")),
        shortfall=_.missing,
    )
    return collected(lines.order_by(ibis.desc("shortfall"), "order_id", "net_amount").limit(most))


@fact
def large_orders(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Which orders of the last twelve months are still to be paid, or large by the plan's prepayment line?

    One row per order: order_id, account_id, account_name, region, rep_id, rep_name, ordered_on, amount, unpaid (amount less
    what its invoices brought; missing where no invoice names an order), open_before (what else the account owes),
    credit_limit, terms_days (of its invoices, else of the account). No rows without invoices.
    """
    day, ttm = until(book), months_back(book.as_of, 12)
    bills = _settled(_bills(book, company=company), day)
    billed = (
        bills.filter(_.order_id.notnull())
        .group_by(billed_order=_.order_id)
        .aggregate(
            paid=_.amount.sum() - _.unpaid.sum(),
            billed_unpaid=_.unpaid.sum(),
            billed_terms=_.due_on.delta(_.issued_on, unit="day").max(),
        )
    )
    owing = bills.group_by(owing=_.account_id).aggregate(owed=_.unpaid.sum())
    limits = book.table("accounts").select("credit_limit", "payment_terms_days", limited=_.account_id)
    orders = rows(book, "orders", company=company).filter(
        _.ordered_on >= ibis.date(ttm.year, ttm.month, ttm.day)
    )
    whole = orders.group_by("order_id").aggregate(
        account_id=_.account_id.max(),
        rep_id=_.rep_id.max(),
        ordered_on=_.ordered_on.min(),
        amount=_.net_amount.sum(),
    )
    placed = regions_and_teams(book, whole, day=_.ordered_on)
    joined = (
        placed.left_join(billed, placed.order_id == billed.billed_order)
        .left_join(owing, _.account_id == owing.owing)
        .left_join(limits, _.account_id == limits.limited)
        .cross_join(billed.aggregate(named=_.count()))
    )
    line = book.plan.credit.prepay_above
    found = joined.select(
        "order_id",
        "account_id",
        "account_name",
        "region",
        "rep_id",
        "rep_name",
        "ordered_on",
        "amount",
        unpaid=ibis.ifelse(_.named > 0, _owed(_.amount - _.paid.fill_null(0.0)), ibis.null("float64")),
        open_before=_.owed.fill_null(0.0) - _.billed_unpaid.fill_null(0.0),
        credit_limit=_.credit_limit,
        terms_days=ibis.coalesce(_.billed_terms.cast("float64"), _.payment_terms_days.cast("float64")),
    ).filter(
        (_.amount > 0)
        & ((_.unpaid > 0).fill_null(False) | (ibis.literal(False) if line is None else _.amount > line))
    )
    frame = collected(found.order_by(ibis.desc("amount"), "order_id"))
    return frame if payments_known(book) else frame.iloc[:0]


def payments_known(book: Book) -> bool:
    """Does the workspace tell of its invoices which were paid?"""
    return book.lacking(PAYMENTS) is None


def _bills(book: Book, *, company: bool) -> ibis.Table:
    """The invoices of which it is known what was paid: all of them, or none.

    Without a due date a credit note is due at once, an invoice when its account's terms have passed, else nobody knows when.
    """
    bills = rows(book, "invoices", company=company)
    terms = book.table("accounts").select(termed=_.account_id, terms=_.payment_terms_days.cast("int64"))
    dated = bills.left_join(terms, bills.account_id == terms.termed)
    by_terms = _.issued_on + _.terms.as_interval("D")
    due = ibis.coalesce(_.due_on, ibis.ifelse(_.amount < 0, _.issued_on, by_terms.cast("date")))
    settled = dated.mutate(due_on=due).select(bills.columns)
    return settled if payments_known(book) else settled.limit(0)


def _unpaid(day: ibis.Value) -> ibis.Deferred:
    """The part of an invoice's amount that had not been paid on a day, nothing where it is less than a cent."""
    paid = _.paid_amount.abs() * _.amount.sign()
    on_date = ibis.ifelse(_.paid_on <= day, ibis.coalesce(paid, _.amount), 0.0)
    left = _.amount - ibis.ifelse(_.paid_on.isnull(), paid.fill_null(0.0), on_date)
    return ibis.ifelse(left.abs() < HALF_A_CENT, 0.0, left)


def _owed(left: ibis.Deferred) -> ibis.Deferred:
    """What is left to pay of an order, nothing where it is less than a cent: sums of many lines differ by less."""
    return ibis.ifelse(left < HALF_A_CENT, 0.0, left)


def _settled(invoices: ibis.Table, day: ibis.Value) -> ibis.Table:
    """Invoices with unpaid on `day`, and settled_on: the day of payment, null where that had not come."""
    return invoices.mutate(
        unpaid=_unpaid(day), settled_on=ibis.ifelse(_.paid_on <= day, _.paid_on, ibis.null("date"))
    )


def _margins(book: Book, *, company: bool) -> ibis.Table:
    """Order lines of the last twelve months with a floor and a cost: floor, cost, below, missing (money to the floor)."""
    first = months_back(book.as_of, 12)
    orders = rows(book, "orders", company=company).filter(
        _.ordered_on >= ibis.date(first.year, first.month, first.day), _.net_amount >= 0
    )
    products = book.table("products").select("product_line", "unit_cost", sold=_.product_id)
    placed = regions_and_teams(book, orders, day=_.ordered_on)
    priced = placed.left_join(products, placed.product_id == products.sold)
    floors = list(book.plan.price_floors.items()) or [("", 0.0)]
    floor = ibis.cases(
        *((_.product_line == line, ibis.literal(share, type="float64")) for line, share in floors),
        else_=ibis.null("float64"),
    )
    costed = priced.mutate(floor=floor, cost=ibis.coalesce(_.cost_amount, _.quantity * _.unit_cost))
    known = costed.filter(_.floor.notnull(), _.cost.notnull())
    return known.mutate(
        below=_.net_amount - _.cost < _.floor * _.net_amount,
        missing=ibis.ifelse(_.floor < 1, _.cost / (1 - _.floor) - _.net_amount, ibis.null("float64")),
    )
