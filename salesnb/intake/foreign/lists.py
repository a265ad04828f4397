"""Customers, people and products: from lists of their own where there are any, else from the rows that name them."""

from __future__ import annotations

from collections.abc import Sequence

from salesnb.intake.foreign.drafts import LINKED, Cell, Draft, Keys, Source, cell
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.recognising import Understood, same_values
from salesnb.intake.foreign.sales import Links, key_of, no_totals
from salesnb.intake.foreign.vocabulary import folded

OF_ACCOUNTS = (
    ("region", ("region", "region_name", "state", "state_name", "country", "country_name")),
    ("industry", ("industry", "segment")),
    ("payment_terms_days", ("terms",)),
    ("credit_limit", ("credit_limit",)),
    ("employees", ("employees",)),
    ("annual_revenue", ("annual_revenue", "amount")),
)
OF_REPS = (
    ("team", ("team", "team_name")),
    ("region", ("region", "region_name", "state", "country")),
    ("role", ("role",)),
    ("hired_on", ("hired_on",)),
    ("left_on", ("left_on",)),
)
OF_PRODUCTS = (
    ("product_line", ("product_line", "product_line_name", "product_line_id")),
    ("list_price", ("list_price", "unit_price", "amount")),
    ("unit_cost", ("unit_cost", "cost_amount")),
)
AT_HOME = 0.95  # of a person's rows lie in one region where it is the person's, and not the customers'
LISTS = (("accounts", "customer", "account", OF_ACCOUNTS), ("reps", "rep", "rep", OF_REPS), ("products", "product", "product", OF_PRODUCTS))  # fmt: skip


def from_list(
    source: Source, table: str, links: Links, *, wanted: Sequence[Column], others: Sequence[Source]
) -> Draft | None:
    """A list of customers, people or products; its id is the column whose values the other tables name (`wanted`)."""
    _, entity, prefix, further = next(each for each in LISTS if each[0] == table)
    found = source.understood
    named = key_of(source, entity, links)
    own = [each.key for each in (named,) if each] + [each.name for each in (named,) if each and each.name]
    every = own + [each for name in ("id", "name") for each in found.fields.get(name, [])]
    candidates = [each for each in every if each.profile.unique] or every
    if not candidates:
        return None
    linked = max(candidates, key=lambda each: max((same_values(one, each) for one in wanted), default=0.0))
    key = (
        linked if max((same_values(one, linked) for one in wanted), default=0.0) >= LINKED else candidates[0]
    )
    draft = Draft(table, [cell(f"{prefix}_id", source.text(key), key)], [source], source.place)
    name = next((each for each in (*[named.name if named else None], *found.fields.get("name", []), *own) if each is not None and each is not key), None)  # fmt: skip
    first, last = found.first("first_name"), found.first("last_name")
    if first is not None and last is not None:
        draft.cells.append(
            cell(f"{prefix}_name", f"concat_ws(' ', {source.text(first)}, {source.text(last)})", first, last)
        )
    else:
        label = name if name is not None and name.profile.kind == "text" else key
        draft.cells.append(cell(f"{prefix}_name", source.text(label), label))
    draft.cells += _further(source, further, {key.heading})
    if table == "accounts":
        owner = key_of(source, "rep", links)
        if owner is not None:
            draft.cells.append(cell("owner_id", source.text(owner.key), owner.key))
        created = found.first("created")
        if created is not None:
            draft.cells.append(cell("created_on", source.text(created), created))
    if table == "products":
        _look_up(draft, source, "product_line", "product_line_id", others)
    return draft


def _further(source: Source, further: Sequence[tuple[str, tuple[str, ...]]], used: set[str]) -> list[Cell]:
    cells = []
    for target, names in further:
        column = source.understood.fullest(*names)
        if column is not None and column.heading not in used and column.profile.filled:
            cells.append(cell(target, source.text(column), column))
    return cells


def _look_up(draft: Draft, source: Source, target: str, number: str, others: Sequence[Source]) -> None:
    """The name behind a number, from a list of numbers and names."""
    of = source.understood.first(number)
    if of is None or source.understood.has("product_line", "product_line_name"):
        return
    for other in others:
        key = next((each.heading for each in other.understood.foreign.columns if folded(each.heading) == folded(of.heading) and each.profile.unique), None)  # fmt: skip
        name = other.understood.first("product_line_name", "name", "product_line")
        if key and name is not None and name.heading != key:
            column = next(each for each in other.understood.foreign.columns if each.heading == key)
            draft.origin += f"\nLEFT JOIN {{{other.alias}}} ON {other.text(column)} = {source.text(of)}"
            draft.sources.append(other)
            draft.cells = [each for each in draft.cells if each.column != target]
            draft.cells.append(cell(target, other.text(name), name))
            return


def derived(rows: Draft, source: Source, table: str, links: Links) -> Draft | None:
    """A list made of the rows that name its members: a name is its own id; of what changes over time the last stands."""
    _, entity, prefix, further = next(each for each in LISTS if each[0] == table)
    named: Keys | None = key_of(source, entity, links)
    if named is None:
        return None
    key = source.text(named.key)
    twin = Source(source.alias, source.understood, source.connection)
    draft = Draft(table, [cell(f"{prefix}_id", key, named.key)], [twin], source.place, grouped=True)
    label = named.name or (named.key if not (named.key.field or "").endswith("_id") else None)
    day = rows.day_of(source)
    moment = (
        f"({twin.day(day)}, {source.alias}.source_row)" if day is not None else f"{source.alias}.source_row"
    )
    last = f"max_by({{}}, {moment})"
    if label is not None:
        draft.cells.append(cell(f"{prefix}_name", last.format(source.text(label)), label))
    for target, names in further:
        if target in ("list_price", "unit_cost", "annual_revenue", "credit_limit", "employees", "role"):
            continue
        column = source.understood.fullest(*names)
        if table == "reps" and target == "region" and key_of(source, "customer", links) is not None and not _at_home(source, named.key, column):  # fmt: skip
            continue
        if (
            column is not None
            and (column.heading != named.key.heading or target == "product_line")
            and column.profile.filled
        ):
            draft.cells.append(cell(target, last.format(source.text(column)), column))
    draft.where = [f"{key} IS NOT NULL", *no_totals(source, named.key), *rows.where]
    if day is not None:
        draft.where.insert(1, f"{twin.text(day)} IS NOT NULL")
    return draft


def added(further: Draft, made: Draft) -> None:
    """Those whom only other rows name, a prospect who was visited, below those who are listed already."""
    key = further.cells[0].sql
    listed = [made, *made.further]
    if any(
        source.understood is further.sources[0].understood for draft in listed for source in draft.sources
    ):
        return
    for draft in listed:
        named = draft.sources[0]
        further.origin += f"\nANTI JOIN {named.place} ON {draft.cells[0].sql} = {key}"
        further.sources.append(Source(named.alias, named.understood, named.connection))
    made.further.append(further)


def _at_home(source: Source, person: Column, region: Column | None) -> bool:
    """Is the region on a customer's rows where the person works: one for each, and of several persons not the same?"""
    if region is None:
        return False
    who, where = f"c{person.profile.place}", f"c{region.profile.place}"
    counted = source.holds(f"SELECT {who}, {where}, count(*) FROM {{t}} WHERE {who} IS NOT NULL AND {where} IS NOT NULL GROUP BY ALL")  # fmt: skip
    rows: dict[object, list[int]] = {}
    for name, _, count in counted:
        rows.setdefault(name, []).append(int(str(count)))
    regions = {place for _, place, _ in counted}
    usual, total = sum(map(max, rows.values())), sum(map(sum, rows.values()))
    return len(rows) > 1 < len(regions) and usual >= AT_HOME * total


def owners(found: Understood) -> list[Column]:
    return [each for name in ("rep_id", "rep", "rep_name") for each in found.fields.get(name, [])]
