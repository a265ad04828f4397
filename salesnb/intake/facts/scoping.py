"""Which rows of a table has the reader asked about, and which had happened by as_of?

`rows` is where every fact starts: the checked table without rows dated after `as_of`, and within the book's scope. Who
belongs to a scope: `region` is the account's, the rep's where the account has none; `team` and `rep` the row's rep;
`account` the row's account; `product_line` and own columns as `members` says, and whole where a table cannot tell. Everything is an Ibis expression, so that it runs in whichever engine holds the tables.
"""

from __future__ import annotations

from typing import cast

import ibis
import pandas as pd
from ibis import _

from salesnb.intake.book import Book
from salesnb.intake.facts.keeping import in_one_piece, kept_rows
from salesnb.intake.facts.members import sources, with_member
from salesnb.intake.schema import TABLES
from salesnb.intake.scopes import Scope
from salesnb.intake.warehouse import limited

BY_OPPORTUNITY = ("stage_events", "checklist_items")
MAY_BE_UNKNOWN = {column.name for table in TABLES.values() for column in table if column.kind == "boolean"}
EVER, NEVER = ibis.date(1, 1, 1), ibis.date(9999, 12, 31)
MAY_BE_UNDATED = {"accounts": "created_on", "checklist_items": "done_on"}


def rows(book: Book, name: str, *, company: bool = False, own: bool = False) -> ibis.Table:
    """The rows of the table `name` that had happened by as_of, within the scope unless `company`.

    One row per row of the checked table, its columns unchanged, and with `own` the company's own in their places. A table that the
    workspace does not hold gives no rows. Products, targets and rates are never narrowed; undated accounts and checklist
    items stay.
    """
    table, scope = _happened(book, name), book.scope
    if not (company or scope is None or name in ("products", "targets", "rates")):
        whole = table
        table = kept_rows(book, name, lambda: _within(book, name, whole, scope))
    return table if own else table[TABLES[name].names]


def people(book: Book) -> ibis.Table:
    """One row per sales person, in the columns of reps: the latest row that had begun by as_of, else the first that will.

    hired_on is the earliest of a person's rows.
    """
    return every_column_of_people(book)[TABLES["reps"].names]


def every_column_of_people(book: Book) -> ibis.Table:
    """The same with the company's own columns."""
    reps, began = book.whole_table("reps"), ibis.coalesce(_.valid_from, _.hired_on, EVER)
    to_come = ibis.ifelse(began > until(book), began, EVER)
    latest = ibis.window(group_by="rep_id", order_by=[to_come.asc(), began.desc()])
    hired = reps.group_by(hired=_.rep_id).aggregate(first_hired=_.hired_on.min())
    ranked = reps.mutate(place=ibis.row_number().over(latest)).filter(_.place == 0)
    joined = ranked.left_join(hired, ranked.rep_id == hired.hired)
    return joined.mutate(hired_on=_.first_hired).select(*reps.columns)


def placed_people(book: Book, table: ibis.Table, *, rep: str, day: ibis.Deferred) -> ibis.Table:
    """`table` plus rep_region, rep_team and rep_name of its column `rep` on its `day`: a person's rows are spans, each to the
    next one's beginning; what lies before the first belongs to the first."""
    began = ibis.coalesce(_.valid_from, _.hired_on, EVER)
    by_rep = ibis.window(group_by="rep_id", order_by=began)
    spans = book.table("reps").select(
        span_rep=_.rep_id,
        rep_region=_.region,
        rep_team=_.team,
        rep_name=_.rep_name,
        since=ibis.ifelse(ibis.row_number().over(by_rep) == 0, EVER, began),
        before=ibis.coalesce(began.lead().over(by_rep), NEVER),
    )
    dated = table.mutate(span_day=ibis.coalesce(day, until(book)))
    matching = [
        dated[rep] == spans.span_rep,
        dated.span_day >= spans.since,
        dated.span_day < spans.before,
    ]
    return dated.left_join(spans, matching).drop("span_rep", "since", "before", "span_day")


def day_of(book: Book, name: str) -> ibis.Deferred | ibis.Value:
    """The day on which a row of the table counts for somebody: an open deal today, a closed one on its last day."""
    if name == "opportunities":
        return ibis.ifelse(_.closed_on <= until(book), _.closed_on, until(book))
    happened = TABLES[name].happened
    return until(book) if happened is None else _[happened]


def regions_and_teams(book: Book, table: ibis.Table, *, day: ibis.Deferred | ibis.Value) -> ibis.Table:
    """`table` (with account_id and rep_id) plus the places and names that the ids stand for, as they were on its `day`.

    Adds region (the account's, else the rep's), team, rep_name and account_name (the id where there is none); one row per row of `table`.
    """
    accounts = book.table("accounts").select(
        at_account=_.account_id, at_region=_.region, account_name=_.account_name
    )
    kept = [
        column for column in table.columns if column not in ("region", "team", "rep_name", "account_name")
    ]
    named = table.select(*kept)
    joined = placed_people(
        book, named.left_join(accounts, named.account_id == accounts.at_account), rep="rep_id", day=day
    )
    return joined.select(
        *kept,
        region=ibis.coalesce(_.at_region, _.rep_region),
        team=_.rep_team,
        rep_name=ibis.coalesce(_.rep_name, _.rep_id),
        account_name=ibis.coalesce(_.account_name, _.account_id),
    )


def account_owners(book: Book) -> ibis.Table:
    """One row per account with a rep: account_id, rep_id. Its owner, else the rep of its latest order or opportunity by as_of."""
    accounts = book.table("accounts")
    owned = accounts.filter(_.owner_id.notnull()).select(
        "account_id", rep_id=_.owner_id, rank=ibis.literal(0), day=ibis.null("date")
    )
    met = [
        _happened(book, name)
        .filter(_.account_id.notnull(), _.rep_id.notnull())
        .select("account_id", "rep_id", rank=ibis.literal(rank), day=_[TABLES[name].happened])
        for rank, name in enumerate(("orders", "opportunities"), start=1)
    ]
    latest = ibis.window(group_by="account_id", order_by=[_.rank.asc(), _.day.desc(), _.rep_id.asc()])
    ranked = ibis.union(owned, *met).mutate(place=ibis.row_number().over(latest))
    return ranked.filter(_.place == 0).select("account_id", "rep_id")


def collected(table: ibis.Table) -> pd.DataFrame:
    """The expression as a frame: dates as datetime64, ids and texts as str, unknown booleans as NA, whatever the number of rows."""
    with limited(table.get_backend()):
        frame = cast(pd.DataFrame, table.to_pandas())
    for column, kind in table.schema().items():
        if kind.is_date() or kind.is_timestamp():
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
        elif kind.is_boolean() and column in MAY_BE_UNKNOWN:
            frame[column] = frame[column].astype("boolean")
        elif kind.is_floating() or kind.is_decimal():
            frame[column] = frame[column].astype("float64")
        elif kind.is_string():
            frame[column] = frame[column].astype("str")
    return in_one_piece(frame)


@ibis.udf.agg.builtin(name="fsum")
def _compensated_sum(amounts: float) -> float:
    """DuckDB's sum with the rounding errors carried along (Kahan), as pandas sums; the engine has it, only the signature counts."""
    return amounts


def summed_exactly(
    book: Book, amounts: ibis.Deferred, *, where: ibis.Deferred | None = None
) -> ibis.Deferred:
    """Σ amounts, null over no rows, so that what was bought and returned to the cent comes to nothing wherever a sum can."""
    counted = amounts if where is None else ibis.ifelse(where, amounts, ibis.null("float64"))
    return _compensated_sum(counted) if book.connection.name == "duckdb" else counted.sum()


def until(book: Book) -> ibis.Value:
    """as_of as a day that the engine compares."""
    return ibis.date(book.as_of.year, book.as_of.month, book.as_of.day)


def _happened(book: Book, name: str) -> ibis.Table:
    if name == "reps":
        return every_column_of_people(book)
    table = book.whole_table(name)
    happened = TABLES[name].happened
    if happened is not None:
        return table.filter(table[happened] <= until(book))
    undated = MAY_BE_UNDATED.get(name)
    if undated is not None:
        return table.filter(table[undated].isnull() | (table[undated] <= until(book)))
    return table


def _within(book: Book, name: str, table: ibis.Table, scope: Scope) -> ibis.Table:
    """The rows of `table` that belong to the scope."""
    columns = list(table.columns)
    located = placed(book, name, table)
    kind, member = scope.kind, scope.member
    if kind == "region":
        narrowed = located.filter(_.row_region == member)
    elif kind == "team":
        narrowed = located.filter(_.row_team == member)
    elif kind == "rep":
        narrowed = located.filter(_.row_rep == member)
    elif kind == "account":
        narrowed = located.filter(_.row_account == member)
    else:
        return _of_member(book, name, located, scope).select(*columns)
    if name == "events":
        narrowed = narrowed.union(located.filter(_.account_id.isnull()))
    return narrowed.select(*columns)


def _of_member(book: Book, name: str, located: ibis.Table, scope: Scope) -> ibis.Table:
    """The rows of a product line or of a member of an own column; all rows of a table that cannot tell."""
    if name == "reps" and "accounts" in sources(book, scope.kind):
        listed = with_member(book, "accounts", book.whole_table("accounts"), scope.kind, people=people(book))
        assert listed is not None
        owned = account_owners(book).semi_join(listed.filter(_.row_member == scope.member), "account_id")
        return located.semi_join(owned, "rep_id")
    told = with_member(book, name, located, scope.kind, people=every_column_of_people(book))
    if told is None:
        return located
    own = ibis.coalesce(_.row_member == scope.member, False)
    if name == "events":  # the market's are everybody's
        own = own | (_.account_id.isnull() & (_.product_line.isnull() | (scope.kind != "product_line")))
    return told.filter(own)


def placed(book: Book, name: str, table: ibis.Table) -> ibis.Table:
    """The table with row_account, row_rep, row_region and row_team."""
    if name == "reps":
        return table.mutate(
            row_rep=_.rep_id,
            row_region=_.region,
            row_team=_.team,
            row_account=_rep_of_scope_account(book, table),
        )
    located = _with_account_and_rep(book, name, table)
    accounts = book.table("accounts").select(place_account=_.account_id, account_region=_.region)
    placed = located.left_join(accounts, located.row_account == accounts.place_account)
    return placed_people(book, placed, rep="row_rep", day=day_of(book, name)).mutate(
        row_region=ibis.coalesce(_.account_region, _.rep_region), row_team=_.rep_team
    )


def _with_account_and_rep(book: Book, name: str, table: ibis.Table) -> ibis.Table:
    names = {column.name for column in TABLES[name]}
    if name in BY_OPPORTUNITY:
        deals = book.table("opportunities").select(
            deal_id=_.opportunity_id, row_account=_.account_id, row_rep=_.rep_id, row_product=_.product_id
        )
        return table.left_join(deals, table.opportunity_id == deals.deal_id)
    if name == "invoices":
        orders = (
            book.table("orders")
            .filter(_.rep_id.notnull())
            .group_by(ordered=_.order_id)
            .aggregate(order_rep=_.rep_id.min())
        )
        owners = account_owners(book).select(owned=_.account_id, owner_rep=_.rep_id)
        return (
            table.left_join(orders, table.order_id == orders.ordered)
            .left_join(owners, _.account_id == owners.owned)
            .mutate(row_account=_.account_id, row_rep=ibis.coalesce(_.order_rep, _.owner_rep))
        )
    if "account_id" in names and "rep_id" not in names:
        owners = account_owners(book).select(owned=_.account_id, row_rep=_.rep_id)
        return table.left_join(owners, table.account_id == owners.owned).mutate(row_account=_.account_id)
    rep = "rep_id" if "rep_id" in names else "owner_id"
    account = _["account_id"] if "account_id" in names else ibis.null("string")
    return table.mutate(row_account=account, row_rep=_[rep])


def _rep_of_scope_account(book: Book, table: ibis.Table) -> ibis.Value:
    """For a scope of one account, that account beside its rep; null beside the others."""
    if book.scope is None or book.scope.kind != "account":
        return ibis.null("string")
    owners = account_owners(book)
    its = owners.filter(owners.account_id == book.scope.member).rep_id
    return ibis.ifelse(table.rep_id.isin(its), book.scope.member, ibis.null("string"))
