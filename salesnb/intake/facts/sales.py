"""What was sold, to whom, by whom, against which target? The aggregates of orders, and the lists they refer to.

All are computed in the engine; what arrives here grows with accounts, order days and reps, never with order lines.
"""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from salesnb.calendars.periods import months_back
from salesnb.intake.book import Book
from salesnb.intake.facts.bookings import account_days
from salesnb.intake.facts.keeping import fact
from salesnb.intake.facts.members import described, sources
from salesnb.intake.facts.scoping import collected, rows, until
from salesnb.intake.schema import TABLES

NAME_ACCOUNTS = (
    "accounts",
    "orders",
    "leads",
    "opportunities",
    "activities",
    "invoices",
    "satisfaction",
    "events",
)


@fact
def last_days(book: Book) -> pd.DataFrame:
    """Up to which day does each table tell what happened? One row per table with a dated row by as_of: table, last (of the whole
    company's). Beyond it nobody knows: a visit that is not in the data may have been."""
    ends = [
        book.table(name).filter(_[table.happened] <= until(book)).aggregate(last=_[table.happened].max())
        .mutate(table=ibis.literal(name)).select("table", "last")
        for name, table in TABLES.items()
        if table.happened is not None and book.has(name)
    ]  # fmt: skip
    found = ibis.union(*ends) if len(ends) > 1 else ends[0]
    return collected(found.filter(_.last.notnull()).order_by("table"))


@fact
def order_days(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What did each account buy on each day up to as_of?

    One row per account × day (account_id null where orders have none): account_id, day, net_amount, is_order (a line of
    at least zero stands on that day), lines, list_amount, cost_amount (null where no line has one). Amounts in the
    plan's currency; no orders give no rows.
    """
    return collected(account_days(book, company=company).order_by("account_id", "day"))


@fact
def purchases(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What did each account buy of each product line in the last twelve months?

    One row per account × product_line: account_id, product_line (null where unknown), net_amount, order_days. Orders
    without an account are left out.
    """
    first = months_back(book.as_of, 12)
    orders = rows(book, "orders", company=company).filter(
        _.account_id.notnull(), _.ordered_on >= ibis.date(first.year, first.month, first.day)
    )
    lines = book.table("products").select(listed_product=_.product_id, product_line=_.product_line)
    bought = orders.left_join(lines, orders.product_id == lines.listed_product)
    by_line = bought.group_by(account_id=_.account_id, product_line=_.product_line).aggregate(
        net_amount=_.net_amount.sum(), order_days=_.ordered_on.nunique(where=_.net_amount >= 0)
    )
    return collected(by_line.order_by("account_id", "product_line"))


@fact
def product_sales(
    book: Book,
    *,
    then: tuple[pd.Timestamp, pd.Timestamp],
    now: tuple[pd.Timestamp, pd.Timestamp],
    company: bool = False,
) -> pd.DataFrame:
    """What was sold of each product in two spans, in the unit in which that product counts?

    One row per product with a product line: product_id, and for each span quantity_then, net_amount_then, quantity_now,
    net_amount_now; what came back counts against what went out. A quantity is null where a line has none, and zero where nothing was
    sold.
    """
    lines = book.table("products").filter(_.product_line.notnull()).select(listed_product=_.product_id)
    orders = rows(book, "orders", company=company)
    sold = orders.inner_join(lines, orders.product_id == lines.listed_product)
    signed = ibis.ifelse(_.net_amount < 0, -_.quantity.abs(), _.quantity)
    sums = {}
    for side, (first, last) in (("then", then), ("now", now)):
        inside = _.ordered_on.between(ibis.date(first.date().isoformat()), ibis.date(last.date().isoformat()))
        whole = (inside & _.quantity.isnull()).sum() == 0
        sums[f"quantity_{side}"] = ibis.ifelse(whole, signed.sum(where=inside).fill_null(0.0), None)
        sums[f"net_amount_{side}"] = _.net_amount.sum(where=inside).fill_null(0.0)
    spans = sold.group_by("product_id").aggregate(lines=_.count(), **sums)
    moved = spans.filter((_.net_amount_then != 0) | (_.net_amount_now != 0)).drop("lines")
    return collected(moved.order_by("product_id"))


@fact
def breadth(book: Book, *, company: bool = False) -> pd.DataFrame:
    """How many product lines did each account buy in the last twelve months and in the twelve before, and for how much?

    One row per account with an order in these two years: account_id, lines, lines_before (product lines of more than zero; zero where
    the lines are unknown), net_amount, net_before.
    """
    now, before = months_back(book.as_of, 12), months_back(book.as_of, 24)
    orders = rows(book, "orders", company=company).filter(
        _.account_id.notnull(), _.ordered_on >= ibis.date(before.year, before.month, before.day)
    )
    lines = book.table("products").select(listed_product=_.product_id, product_line=_.product_line)
    late = _.ordered_on >= ibis.date(now.year, now.month, now.day)
    by_line = (
        orders.left_join(lines, orders.product_id == lines.listed_product)
        .group_by("account_id", "product_line", late=late)
        .aggregate(net_amount=_.net_amount.sum())
    )
    bought = (_.net_amount > 0) & _.product_line.notnull()
    by_account = by_line.group_by("account_id").aggregate(
        lines=_.count(where=bought & _.late),
        lines_before=_.count(where=bought & ~_.late),
        net_amount=ibis.coalesce(_.net_amount.sum(where=_.late), 0.0),
        net_before=ibis.coalesce(_.net_amount.sum(where=~_.late), 0.0),
    )
    return collected(by_account.order_by("account_id"))


@fact
def accounts(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Which accounts does any table name in a row dated by as_of, or undated?

    One row per account: every column of the accounts table, own ones of plan.yml included (account_name: the id where there is none; region: its own,
    else null), listed (it stands in the accounts table). In a scope: the accounts that a row within it names.
    """
    listed = rows(book, "accounts", company=True, own=True).mutate(listed=ibis.literal(True))
    named = [
        rows(book, name, company=company).filter(_.account_id.notnull()).select("account_id")
        for name in NAME_ACCOUNTS
    ]
    everyone = ibis.union(*named, _promised(book, company=company), distinct=True)
    columns = [column for column in TABLES["accounts"].names if column not in ("account_id", "account_name")]
    known = listed.rename(listed_id="account_id")
    full = everyone.left_join(known, everyone.account_id == known.listed_id).select(
        "account_id",
        account_name=ibis.coalesce(_.account_name, _.account_id),
        **{column: _[column] for column in columns},
        listed=ibis.coalesce(_.listed, False),
        **{name: _[place] for name, place in described(book, "accounts").items()},
    )
    return collected(full.order_by("account_id"))


def _promised(book: Book, *, company: bool) -> ibis.Table:
    """The accounts, by id, that a target names which had begun by as_of; in a scope only the scope's own account."""
    targets = rows(book, "targets", company=True).filter(
        _.dimension == "account", _.period_start <= until(book)
    )
    names = book.table("accounts").select(called=_.account_name, listed=_.account_id)
    members = targets.left_join(names, targets.member == names.called).select(
        account_id=ibis.coalesce(_.listed, _.member)
    )
    if company or book.scope is None:
        return members
    own = book.scope.member if book.scope.kind == "account" else None
    return members.filter(_.account_id == own) if own else members.limit(0)


@fact
def reps(book: Book, *, company: bool = False) -> pd.DataFrame:
    """Who sells?

    One row per rep: every column of the reps table (rep_name: the id where there is none), active (hired by as_of or
    undated, and not left by it: who leaves on as_of is gone). People hired later are there, not active.
    """
    people = rows(book, "reps", company=company, own=True)
    day = ibis.date(book.as_of.year, book.as_of.month, book.as_of.day)
    active = ibis.coalesce(_.hired_on <= day, True) & ibis.coalesce(_.left_on > day, True)
    named = people.mutate(rep_name=ibis.coalesce(_.rep_name, _.rep_id), active=active).order_by("rep_id")
    own = {name: _[place] for name, place in described(book, "reps").items()}
    return collected(named.select(*TABLES["reps"].names, "active", **own))


@fact
def products(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What is sold? One row per product: every column of the products table; a scope does not narrow it."""
    own = {name: _[place] for name, place in described(book, "products").items()}
    listed = rows(book, "products", company=company, own=True).order_by("product_id")
    return collected(listed.select(*TABLES["products"].names, **own))


@fact
def targets(book: Book, *, company: bool = False) -> pd.DataFrame:
    """What was promised? One row per row of targets: period_start, grain, dimension, member, amount.

    A scope keeps the company's and those of members that are wholly its own: a part of what a member sold is never held
    against the whole of its target.
    """
    whole = company or book.scope is None
    promised = rows(book, "targets", company=True) if whole else own_targets(book)
    return collected(promised.order_by("period_start", "grain", "dimension", "member"))


def own_targets(book: Book, *, own: bool = False) -> ibis.Table:
    """The rows of targets that a scope's pack may hold, with `own` the company's own columns too."""
    kept = _.dimension == "company"
    for dimension, members in _own_members(book).items():
        kept = kept | ((_.dimension == dimension) & _.member.isin(sorted(members)))
    return rows(book, "targets", company=True, own=own).filter(kept)


def _own_members(book: Book) -> dict[str, set[str]]:
    """The members of each dimension of targets that are wholly within the scope, by id and by name."""
    scope = book.scope
    assert scope is not None
    own: dict[str, set[str]] = {scope.kind: {scope.member, scope.name}}
    if scope.kind in ("region", "team"):
        people, everyone = (collected(rows(book, "reps", company=whole)) for whole in (False, True))
        strangers = everyone[~everyone["rep_id"].isin(people["rep_id"])]
        own["rep"] = {*people["rep_id"], *people["rep_name"].dropna()}
        own["team"] = own.get("team", set()) | (
            set(people["team"].dropna()) - set(strangers["team"].dropna())
        )
    if scope.kind == "region" or "accounts" in sources(book, scope.kind):
        placed = collected(rows(book, "accounts"))
        own["account"] = {*placed["account_id"], *placed["account_name"].dropna()}
    return own
