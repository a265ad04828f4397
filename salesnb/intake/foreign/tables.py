"""From foreign tables to the workspace's: which is which, what is joined, what is derived, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from salesnb.errors import InputError
from salesnb.intake.foreign import amounts, billing, lists, others, sales
from salesnb.intake.foreign.drafts import LINKED, Draft, Source, keys
from salesnb.intake.foreign.meanings import Meaning
from salesnb.intake.foreign.opening import Column, Foreign
from salesnb.intake.foreign.recognising import Understood, role_of, same_values, understand
from salesnb.intake.foreign.sales import Links, key_of, order_key
from salesnb.language import Message

NAMING = (
    "orders",
    "opportunities",
    "invoices",
    "activities",
)  # rows from which customers, people and products are listed


@dataclass
class Understanding:
    """The drafts of the tables, the foreign tables as they were understood, and what was left out."""

    drafts: list[Draft] = field(default_factory=list)
    tables: list[Understood] = field(default_factory=list)
    unused: list[Understood] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    links: Links = field(default_factory=Links)


def understand_all(
    tables: Sequence[Foreign],
    *,
    connection: duckdb.DuckDBPyConnection,
    company: str,
    year: int | None,
    answers: dict[str, str],
) -> Understanding:
    """What the foreign tables are together; `InputError` where nothing of them is a table of sales."""
    found = Understanding([], [understand(each, overrides=answers) for each in tables])
    listed = _numbers(found.tables)
    links = found.links = Links(_by_name(found.tables) - set(listed), year)
    sources = {id(each): Source(chr(ord("a") + number) if number < 26 else f"t{number}", each, connection) for number, each in enumerate(found.tables)}  # fmt: skip
    taken: set[int] = set()
    for each in found.tables:
        if amounts.owes_more_than_it_is(sources[id(each)]):
            each.fields["gross_amount"] = each.fields.pop("balance")
            each.fields["gross_amount"][0].meaning = Meaning("gross_amount", "values")
            each.role, each.score = role_of(each)

    def source(each: Understood) -> Source:
        taken.add(id(each))
        return sources[id(each)]

    def of(role: str) -> list[Understood]:
        return sorted((each for each in found.tables if each.role == role and id(each) not in taken), key=lambda each: (each.score, each.foreign.rows), reverse=True)  # fmt: skip

    pair = _lines_and_headers(found.tables)
    if pair:
        lines, headers, column, other = pair
        links.prices = _prices(lines, found.tables, sources)
        draft = sales.orders_draft(source(lines), source(headers), links, f"{sources[id(headers)].text(other)} = {sources[id(lines)].text(column)}")  # fmt: skip
        if draft is not None:
            _with_prices(draft, sources[id(lines)], links)
            found.drafts.append(draft)
    links.prices = None
    for role, make in (("orders", _orders), ("opportunities", sales.deals_draft)):
        candidates = of(role)
        if role in {each.table for each in found.drafts} or not candidates:
            continue
        first = next(
            ((each, draft) for each in candidates if (draft := make(sources[id(each)], links)) is not None),
            None,
        )
        if first is not None:
            taken.add(id(first[0]))
            found.drafts.append(first[1])
            _also(found, candidates, first[1], sources, links, taken, make)
    billed = of("invoices")
    for each in billed[:1]:
        payments = next(iter(of("payments")), None)
        number = each.first("invoice_no", "order_no", "id")
        held = sources[id(each)]
        draft = billing.invoices_draft(
            held,
            links,
            sources[id(payments)] if payments and number else None,
            held.text(number) if number else "",
        )
        if draft is not None:
            taken.update((id(each), *([id(payments)] if payments else [])))
            if not {"orders", "opportunities"} & {one.table for one in found.drafts}:
                twin = Source(held.alias, each, connection)
                made = sales.orders_draft(twin, None, links)
                if made is not None:
                    made.notes.append(Message("no file holds orders: each invoice counts as one"))
                    found.drafts.append(made)
            found.drafts.append(draft)
    if not billed:
        _billed_by_sales(found, sources, links, next(iter(of("payments")), None), taken)
    for each in of("targets"):
        draft = others.targets_draft(source(each), links, company)
        if draft is not None and "targets" not in {one.table for one in found.drafts}:
            found.drafts.append(draft)
    for role, simple in (
        ("activities", others.activities_draft),
        ("leads", others.leads_draft),
        ("stage_events", others.stages_draft),
    ):
        for each in of(role)[:1]:
            draft = simple(source(each), links)
            if draft is not None:
                found.drafts.append(draft)
    _lists(found, sources, links, taken, of)
    if not any(each.table in ("orders", "opportunities", "invoices") for each in found.drafts):
        raise _nothing(found)
    links.numbers = {entity: (sources[id(each)], number, name) for entity, (each, number, name) in listed.items()}  # fmt: skip
    for draft in found.drafts:
        _numbered(draft, links)
    order = (
        "accounts",
        "reps",
        "products",
        "orders",
        "targets",
        "leads",
        "opportunities",
        "stage_events",
        "activities",
        "invoices",
    )
    found.drafts.sort(key=lambda each: order.index(each.table))
    found.unused = [each for each in found.tables if id(each) not in taken]
    return found


def _billed_by_sales(
    found: Understanding,
    sources: dict[int, Source],
    links: Links,
    payments: Understood | None,
    taken: set[int],
) -> None:
    """A list of contracts that tells what was paid of each, by columns of its own or by a list of payments, holds invoices too."""
    for orders in [each for each in found.drafts if each.table == "orders" and not each.further]:
        if len(orders.sources) > 1:
            continue
        held = orders.sources[0]
        number = order_key(held)
        named = payments.first("invoice_no", "order_no") if payments else None
        linked = bool(number and named and same_values(named, number) >= LINKED)
        if number is None or not (linked or billing.leaves_open(held)):
            continue
        twin = Source(held.alias, held.understood, held.connection)
        received = Source(sources[id(payments)].alias, payments, held.connection) if payments and linked else None  # fmt: skip
        draft = billing.invoices_draft(twin, links, received, twin.text(number))
        if draft is not None:
            draft.notes.append(Message("no file holds invoices: each order counts as one, with what was paid of it"))  # fmt: skip
            found.drafts.append(draft)
            taken.update([id(payments)] if payments and linked else [])
        return


def _orders(source: Source, links: Links) -> Draft | None:
    return sales.orders_draft(source, None, links)


def _lists(
    found: Understanding, sources: dict[int, Source], links: Links, taken: set[int], of: object
) -> None:
    every = list(sources.values())
    for table, entity, prefix, _ in lists.LISTS:
        columns = list(_naming(found, entity, links))
        candidates = sorted((each for each in found.tables if each.role == table and id(each) not in taken), key=lambda each: (_linked(each, columns), each.score), reverse=True)  # fmt: skip
        made, first = None, None
        for each in candidates:
            taken.add(id(each))
            made = lists.from_list(sources[id(each)], table, links, wanted=columns, others=every)
            if made is not None:
                taken.update(id(one.understood) for one in made.sources)
                found.drafts.append(made)
                break
        if made is None:
            for rows in list(found.drafts):
                if rows.table not in NAMING or f"{prefix}_id" not in rows.columns:
                    continue
                holding = next(one for one in rows.sources if keys(one.understood, entity, by_name=entity in links.by_name))  # fmt: skip
                further = lists.derived(rows, holding, table, links)
                if further is None:
                    continue
                if len(rows.sources) > 1 and holding is not rows.sources[0]:
                    further.where = [each for each in further.where if each.startswith(f"{holding.alias}.")]
                named = key_of(holding, entity, links)
                if made is None:
                    made, first = further, named
                    found.drafts.append(made)
                elif entity != "product" and first and named and same_values(named.key, first.key) < 1:
                    lists.added(further, made)


def _linked(each: Understood, columns: Sequence[Column]) -> bool:
    """Does a list name what other tables name?"""
    named = [column for name in ("id", "name", *(f"{entity}{end}" for entity in ("customer", "rep", "product") for end in ("_id", "", "_name"))) for column in each.fields.get(name, [])]  # fmt: skip
    return any(same_values(one, other) >= LINKED for one in columns for other in named)


def _naming(found: Understanding, entity: str, links: Links) -> Iterator[Column]:
    """The columns by which the rows of other tables name an entity."""
    for draft in found.drafts:
        for source in draft.sources:
            named = keys(source.understood, entity, by_name=entity in links.by_name)
            if named is not None:
                yield named.key


def _by_name(tables: Sequence[Understood]) -> frozenset[str]:
    """Entities that some table knows by the name alone, which another knows by id and name."""
    found = set()
    for entity in ("customer", "rep", "product"):
        named = [
            (each, held)
            for each in tables
            if (held := keys(each, entity)) is not None and each.role is not None
        ]
        for each, held in named:
            if held.name is not None:
                continue
            for other, also in named:
                if other is not each and also.name is not None and same_values(held.key, also.name) > max(LINKED, same_values(held.key, also.key)):  # fmt: skip
                    found.add(entity)
    return frozenset(found)


def _numbers(tables: Sequence[Understood]) -> dict[str, tuple[Understood, Column, Column]]:
    """Entities that some tables know by number and others by name, with the list that tells the one from the other."""
    found = {}
    for role, entity, *_ in lists.LISTS:
        named = [(each, held) for each in tables if each.role and (held := keys(each, entity)) is not None]
        for each, held in named:
            own = held.name or each.first("name")
            if each.role != role or own is None or not held.key.profile.unique or not own.profile.unique:
                continue
            alone = [other.key for table, other in named if table is not each and other.name is None]
            closer = [max(same_values(one, held.key), same_values(one, own)) >= LINKED and same_values(one, own) > same_values(one, held.key) for one in alone]  # fmt: skip
            numbers = [same_values(one, held.key) >= LINKED for one in alone]
            if any(closer) and any(numbers):
                found[entity] = (each, held.key, own)
                break
    return found


def _numbered(draft: Draft, links: Links) -> None:
    """Where rows name somebody by the name alone, the number comes from the list; who is not on it keeps the name."""
    for _, entity, prefix, _ in lists.LISTS:
        if entity not in links.numbers:
            continue
        listing, number, name = links.numbers[entity]
        for source in list(draft.sources):
            held = keys(source.understood, entity)
            if source.understood is listing.understood or held is None or held.name is not None or same_values(held.key, name) <= same_values(held.key, number):  # fmt: skip
                continue
            twin = Source(f"{prefix}_list", listing.understood, listing.connection)
            said, known = source.text(held.key), f"coalesce({twin.text(number)}, {source.text(held.key)})"
            draft.cells = [replace(each, sql=each.sql.replace(said, known)) if each.column in (f"{prefix}_id", "owner_id", "member") else each for each in draft.cells]  # fmt: skip
            draft.origin += f"\nLEFT JOIN {twin.place} ON {twin.text(name)} = {said}"
            draft.sources.append(twin)
            break


def _lines_and_headers(tables: Sequence[Understood]) -> tuple[Understood, Understood, Column, Column] | None:
    """Lines without a day and the table that has their orders' days, joined by the number of the order."""
    best = None
    for lines in tables:
        number = lines.first("order_no", "invoice_no", "id")
        if (
            number is None
            or not (lines.moneyed or lines.has("quantity"))
            or _own_day(lines)
            or lines.role in ("targets",)
        ):
            continue
        for headers in tables:
            other = next((each for name in ("order_no", "invoice_no", "id") for each in headers.fields.get(name, []) if each.profile.unique), None)  # fmt: skip
            if headers is lines or other is None or not headers.dated or headers.role in ("opportunities", "accounts", "reps", "products", "targets"):  # fmt: skip
                continue
            shared = same_values(number, other)
            if shared >= LINKED and (best is None or shared > best[0]):
                best = (shared, lines, headers, number, other)
    return best[1:] if best else None


def _own_day(lines: Understood) -> bool:
    return lines.has("order_date", "date", "invoice_date", "made_date", "period", "created")


def _prices(
    lines: Understood, tables: Sequence[Understood], sources: dict[int, Source]
) -> tuple[Source, Column] | None:
    """A price in another file, where the lines have a product and a quantity but no amount."""
    if lines.moneyed or not lines.has("quantity"):
        return None
    wanted = keys(lines, "product")
    for each in tables:
        price = each.first("unit_price", "list_price")
        named = keys(each, "product")
        if (
            wanted
            and named
            and price
            and each is not lines
            and named.key.profile.unique
            and same_values(wanted.key, named.key) >= LINKED
        ):
            return sources[id(each)], price
    return None


def _with_prices(draft: Draft, lines: Source, links: Links) -> None:
    if links.prices is None:
        return
    other, _ = links.prices
    wanted, named = keys(lines.understood, "product"), keys(other.understood, "product")
    assert wanted is not None
    assert named is not None
    draft.origin += f"\nLEFT JOIN {{{other.alias}}} ON {other.text(named.key)} = {lines.text(wanted.key)}"
    draft.sources.append(other)


def _also(
    found: Understanding, candidates: Sequence[Understood], first: Draft, sources: dict[int, Source], links: Links, taken: set[int], make: object
) -> None:  # fmt: skip
    """Further tables of the same kind whose rows are others: an export whose headings changed. They are added below."""
    for each in candidates:
        if id(each) in taken:
            continue
        number, other = (
            first.sources[0].understood.first("order_no", "deal_id", "id"),
            each.first("order_no", "deal_id", "id"),
        )
        draft = make(sources[id(each)], links)  # type: ignore[operator]
        shared = len(set(draft.columns) & set(first.columns)) / len(first.columns) if draft else 0.0
        if (
            draft is None
            or shared < 0.7
            or (number and other and same_values(number, other) > 0.1)
            or _disjoint(first, draft) is False
        ):
            continue
        taken.add(id(each))
        first.notes.append(Message("{name} has other headings and was added below", name=each.foreign.label))
        first.further.append(draft)


def _disjoint(first: Draft, draft: Draft) -> bool | None:
    """None where it cannot be told by numbers; the hints of both must agree."""
    mine, theirs = first.sources[0].understood.foreign, draft.sources[0].understood.foreign
    return None if mine.hints - {"year", "period"} == theirs.hints - {"year", "period"} else False


def _nothing(found: Understanding) -> InputError:
    named = [each.foreign.label for each in found.tables]
    if not any(each.dated for each in found.tables):
        lacking = [
            each
            for each in found.tables
            if any(column.profile.lacking_year for column in each.foreign.columns)
        ]
        if lacking:
            return InputError(
                "{names:list}: the months name no year; answer with --answer year=2025", names=named
            )
        return InputError(
            "{names:list}: no column holds a day or a month, without which nothing can be counted; if one does, answer with --answer date=HEADING",
            names=named,
        )
    headings = [column.heading for each in found.tables for column in each.foreign.columns][:30]
    return InputError(
        "{names:list}: no column of amounts was found among {headings:list}; if one is, answer with --answer amount=HEADING",
        names=named,
        headings=headings,
    )
