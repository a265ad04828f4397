"""Which amount is a line's, before tax and counted once? Arithmetic between the columns tells what headings leave open."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from salesnb.intake.foreign.drafts import ROWS, Source
from salesnb.intake.foreign.opening import Column
from salesnb.intake.reading import numbers
from salesnb.language import Message

AGREES = 0.9  # of the rows with values
FEW = 3
CENT = 0.011
DIFFERS = 0.01
REPEATED = 5  # orders of several lines that must tell


@dataclass
class Amount:
    """SQL of an amount, the columns that it is made of, and what to tell."""

    sql: str
    columns: Sequence[Column]
    sure: str | None = None
    notes: list[Message] = field(default_factory=list)
    other: Column | None = None  # one that may be meant as well, and says something else


def net_amount(
    source: Source, order: Column | None, *, price_from: tuple[Source, Column] | None = None
) -> Amount | None:
    """What a line brought: net before gross, a line's before its order's, made of price and quantity where no amount stands."""
    found = source.understood
    product = _price_times_quantity(source, price_from)
    candidates = [
        each
        for name in ("net_amount", "amount", "local_amount", "gross_amount")
        for each in found.fields.get(name, [])
    ]
    candidates = _preferred(source, candidates)
    if order is not None and candidates:
        usable = [each for each in candidates if not of_the_order(source, order, each)]
        if usable:
            candidates = usable
        elif product is not None and _once(source, order, candidates[0]):
            return _shared_out(source, order, candidates[0], product)
        elif product is not None:
            return product
        else:
            return _divided(source, order, candidates[0])
    if not candidates:
        return product or _of_list(source)
    chosen = candidates[0]
    tax = found.first("tax_amount")
    if _field(chosen) == "gross_amount" or (
        tax and _field(chosen) != "net_amount" and _includes(source, chosen, tax, product)
    ):
        if tax is not None:
            sql = f"{source.number(chosen)} - coalesce({source.number(tax)}, 0)"
            return Amount(sql, [chosen, tax], "made", [_less_tax(chosen, tax)])
        note = Message(
            "{heading} holds the tax, and no column says how much: amounts are counted with it",
            heading=chosen.heading,
        )
        return Amount(source.amount(chosen), [chosen], None, [note])
    other = next((each for each in candidates[1:] if _as_good(source, chosen, each)), None)
    notes = [Message("{heading} counts as the amount; were {other} meant, answer with --answer net_amount={answer}", heading=chosen.heading, other=other.heading, answer=shlex.quote(other.heading))] if other else []  # fmt: skip
    return Amount(source.amount(chosen), [chosen], None, notes, other)


def _as_good(source: Source, chosen: Column, other: Column) -> bool:
    """Do the headings of two amounts say the same, nobody answered which, and do their cells differ?"""
    if _field(other) != _field(chosen) or (chosen.meaning and chosen.meaning.sure != "known") or (other.meaning and other.meaning.sure != "known"):  # fmt: skip
        return False
    rows = [(one, two) for one, two in source.aligned([chosen, other]) if one is not None and two is not None]
    return sum(abs(one - two) > CENT for one, two in rows) > DIFFERS * len(rows)


def _field(column: Column) -> str:
    return column.meaning.field if column.meaning else ""


def _preferred(source: Source, candidates: Sequence[Column]) -> list[Column]:
    """The candidates, the best first: the local currency's where a document's differ, net where arithmetic says which is."""
    found = source.understood
    currency = found.first("currency")
    several = currency is not None and currency.profile.distinct > 1
    order = {"net_amount": 0, "amount": 1, "local_amount": -1 if several else 2, "gross_amount": 3}
    ranked = sorted(candidates, key=lambda each: order[_field(each)])
    plain = [each for each in ranked if _field(each) == "amount"]
    tax = found.first("tax_amount")
    if ranked and _field(ranked[0]) == "amount" and len(plain) > 1:
        best = None
        if tax is not None:
            best = next(
                (
                    one
                    for one in plain
                    for other in plain
                    if one is not other and _agree(source, [one, tax, other], lambda a, t, b: a + t - b)
                ),
                None,
            )
        if best is None and (product := _factors(source)) is not None:
            best = next((each for each in plain if _agree(source, [*product, each], _product_less)), None)
        if best is not None:
            ranked.remove(best)
            ranked.insert(0, best)
    return ranked


def _product_less(price: float, quantity: float, *rest: float) -> float:
    *discount, amount = rest
    share = discount[0] if discount else 0.0
    return price * quantity * (1 - (share / 100 if share > 1 else share)) - amount


def _factors(source: Source) -> list[Column] | None:
    found = source.understood
    price, quantity = found.first("unit_price", "list_price"), found.first("quantity")
    if price is None or quantity is None:
        return None
    discount = found.first("discount_share", "discount_percent")
    return [price, quantity, discount] if discount else [price, quantity]


def _agree(source: Source, columns: Sequence[Column], difference: Callable[..., float]) -> bool:
    """Does the difference vanish in nearly all rows that hold all the columns and something else than zero?"""
    rows = [row for row in source.aligned(columns) if all(each is not None for each in row) and any(row)]
    near = [abs(difference(*row)) <= CENT + 1e-3 * abs(row[-1] or 0) for row in rows]
    return len(rows) >= FEW and sum(near) >= AGREES * len(near)


def _includes(source: Source, amount: Column, tax: Column, product: Amount | None) -> bool:
    """Is the tax inside the amount, as price times quantity shows?"""
    factors = _factors(source)
    if factors is None or product is None:
        return False
    return _agree(source, [*factors[:2], tax, amount], lambda p, q, t, a: p * q + t - a) and not _agree(source, [*factors[:2], amount], lambda p, q, a: p * q - a)  # fmt: skip


def _less_tax(amount: Column, tax: Column) -> Message:
    return Message("{heading} holds the tax: it counts less {tax}", heading=amount.heading, tax=tax.heading)


def _of_the_line(source: Source, price: Column, quantity: Column) -> bool:
    """Is what is called a price the line's amount? Of one product it then rises with the quantity, and the quotient stays."""
    product = source.understood.first("product_id", "product", "product_name", "description")
    if product is None or price.meaning is None or "unit" in price.parts.meanings:
        return False
    rows = source.holds(f"SELECT c{product.profile.place}, c{price.profile.place}, c{quantity.profile.place} FROM {{t}} ORDER BY source_row LIMIT {ROWS}")  # fmt: skip
    comma = any(map(numbers.speaks_for_comma, price.profile.texts)) and not any(map(numbers.speaks_for_point, price.profile.texts))  # fmt: skip
    told = stays = 0
    last: dict[object, tuple[float, float]] = {}
    for name, *cells in rows:
        read = [
            numbers.number(str(each), decimal_comma=comma, money=True) if each else None for each in cells
        ]
        if any(each is None or each[0] <= 0 for each in read):
            continue
        cost, count = (each[0] for each in read if each)
        before = last.get(name)
        last[name] = (cost, count)
        if before is not None and before[1] != count:
            told += 1
            stays += abs(cost / count - before[0] / before[1]) <= CENT + 1e-3 * cost / count and cost != before[0]  # fmt: skip
    return told >= FEW and stays >= AGREES * told


def _price_times_quantity(source: Source, price_from: tuple[Source, Column] | None) -> Amount | None:
    found = source.understood
    quantity = found.first("quantity")
    price = found.first("unit_price", "list_price")
    if quantity is None or (price is None and price_from is None):
        return None
    if price is not None and _of_the_line(source, price, quantity):
        note = Message("{heading} is a line's amount: of one product it rises with the quantity", heading=price.heading)  # fmt: skip
        return Amount(source.amount(price), [price], "made", [note])
    if price is not None:
        sql, used = f"{source.number(price)} * {source.number(quantity)}", [price, quantity]
    else:
        assert price_from is not None
        sql, used = (
            f"{price_from[0].number(price_from[1])} * {source.number(quantity)}",
            [price_from[1], quantity],
        )
    share, percent, amount = (
        found.first(each) for each in ("discount_share", "discount_percent", "discount_amount")
    )
    if share is not None:
        sql, used = f"{sql} * (1 - coalesce({source.number(share)}, 0))", [*used, share]
    elif percent is not None:
        sql, used = f"{sql} * (1 - coalesce({source.number(percent)}, 0) / 100)", [*used, percent]
    elif amount is not None:
        sql, used = f"{sql} - coalesce({source.number(amount)}, 0)", [*used, amount]
    made = Message(
        "no column holds the amounts: they are {headings:list} put together",
        headings=[each.heading for each in used],
    )
    return Amount(sql, used, "made", [made])


def _of_list(source: Source) -> Amount | None:
    found = source.understood.first("list_amount", "target_amount", "balance", "paid_amount")
    return Amount(source.amount(found), [found], "partly") if found else None


def owes_more_than_it_is(source: Source) -> bool:
    """Is what calls itself due or open never less than the amount, and mostly more? Then it is the total with tax, and tells
    nothing of payments."""
    found = source.understood
    owed, balance = found.first("net_amount", "amount"), found.first("balance")
    if owed is None or balance is None or found.has("gross_amount", "paid_amount"):
        return False
    rows = [(one, two) for one, two in source.aligned([owed, balance]) if one and two is not None]
    least = sum(abs(two) >= abs(one) - CENT for one, two in rows)
    more = sum(abs(two) > abs(one) + CENT for one, two in rows)
    return len(rows) >= FEW and least >= AGREES * len(rows) and 2 * more > len(rows)


def of_the_order(source: Source, order: Column, amount: Column) -> bool:
    """Does the amount belong to the order and not to its lines? It stands once, or is the same on all lines that differ."""
    return _once(source, order, amount) or _same_on_all(source, order, amount)


def _once(source: Source, order: Column, amount: Column) -> bool:
    rows = source.holds(
        f"SELECT count(*), count(*) FILTER (filled = 1) FROM (SELECT count(*) AS lines, count(c{amount.profile.place}) AS filled FROM {{t}} WHERE c{order.profile.place} IS NOT NULL GROUP BY c{order.profile.place} HAVING count(*) > 1)"
    )
    several, once = (int(str(each)) for each in rows[0])
    return several > 1 and once >= AGREES * several


def _same_on_all(source: Source, order: Column, amount: Column) -> bool:
    others = source.understood.first(
        "product_id", "product", "product_name", "line_no", "quantity", "unit_price", "description"
    )
    if others is None:
        return False
    factors = _factors(source)
    if factors is not None and _agree(source, [*factors, amount], _product_less):
        return False
    rows = source.holds(
        f"SELECT count(*), count(*) FILTER (amounts = 1) FROM (SELECT count(DISTINCT c{others.profile.place}) AS others, count(DISTINCT c{amount.profile.place}) AS amounts FROM {{t}} WHERE c{order.profile.place} IS NOT NULL GROUP BY c{order.profile.place} HAVING count(*) > 1) WHERE others > 1"
    )
    several, same = (int(str(each)) for each in rows[0])
    return several >= REPEATED and same >= AGREES * several


def _shared_out(source: Source, order: Column, amount: Column, product: Amount) -> Amount:
    """An order's amount on its first line, shared out among the lines as price times quantity has it."""
    whole = f"max({source.number(amount)}) OVER (PARTITION BY {source.text(order)})"
    lines = f"sum({product.sql}) OVER (PARTITION BY {source.text(order)})"
    note = Message("{heading} is the whole order's: it is shared out among the order's lines by {headings:list}", heading=amount.heading, headings=[each.heading for each in product.columns])  # fmt: skip
    return Amount(
        f"coalesce({product.sql} * {whole} / nullif({lines}, 0), {source.number(amount)}, 0)",
        [amount, *product.columns],
        "made",
        [note],
    )


def _divided(source: Source, order: Column, amount: Column) -> Amount:
    """An order's amount on each of its lines counts once: in equal parts."""
    parts = f"count(*) OVER (PARTITION BY {source.text(order)})"
    if _once(source, order, amount):
        return Amount(f"coalesce({source.number(amount)}, 0)", [amount], "made")
    note = Message("{heading} stands on every line of an order and counts once", heading=amount.heading)
    return Amount(f"{source.number(amount)} / {parts}", [amount], "made", [note])
