"""Orders, invoices and deals of foreign tables: which columns they are, and what has to be made of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from salesnb.intake.foreign import amounts
from salesnb.intake.foreign.drafts import ROWS, Cell, Draft, Keys, Source, cell, keys, listed
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.profiles import CANCELLED, LOST, WON, is_currency, plain
from salesnb.intake.foreign.profiles import said_in as _said
from salesnb.intake.reading import dates, layouts, words
from salesnb.language import Message

ORDER_DAYS = ("order_date", "date", "made_date", "invoice_date", "closed", "created", "paid_date", "period", "ship_date", "due_date")  # fmt: skip
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass
class Links:
    """How entities are named over all tables: those that are known by their names alone (`by_name`), and those whose number
    a list holds beside the name (`numbers`: by entity the list, its number and its name)."""

    by_name: frozenset[str] = frozenset()
    year: int | None = None
    prices: tuple[Source, Column] | None = None
    numbers: dict[str, tuple[Source, Column, Column]] = field(default_factory=dict)


def key_of(source: Source, entity: str, links: Links) -> Keys | None:
    return keys(source.understood, entity, by_name=entity in links.by_name)


def entity_cells(
    sources: Sequence[Source], links: Links, *, among: Sequence[str] = ("account", "rep", "product")
) -> list[Cell]:
    """The ids of the account, the person and the product of a row, from the first of the sources that names them."""
    found = []
    for column, entity in (("account", "customer"), ("rep", "rep"), ("product", "product")):
        for source in sources:
            named = key_of(source, entity, links) if column in among else None
            if named is not None:
                found.append(cell(f"{column}_id", source.text(named.key), named.key))
                break
    return found


def day_cell(source: Source, column: Column, target: str, links: Links) -> Cell:
    """A day; a month or a day without a year gets the one that is known."""
    text = source.text(column)
    found = source.understood
    texts = column.profile.texts
    numbered = all(any(sign.isdigit() for sign in each) for each in texts)
    is_period = column.meaning is not None and column.meaning.field in ("period", "year")
    if is_period and target != "period_start" and all(YEAR.fullmatch(each.strip()) for each in texts):
        text = f"{text} || '-01'"
    elif is_period and not _has_year(column) and numbered:
        year = found.first("year")
        month = f"lpad(regexp_extract({text}, '[0-9]+'), 2, '0')"
        if year is not None:
            text = f"{source.text(year)} || '-' || {month}"
        elif links.year:
            text = f"'{links.year}-' || {month}"
    elif column.profile.lacking_year and links.year:
        chinese = any("月" in each for each in texts)
        text = f"'{links.year}年' || {text}" if chinese else f"{text} || ' {links.year}'"
    return cell(target, text, column)


def _has_year(column: Column) -> bool:
    return column.profile.date_share > 0.5 or column.profile.dates_of_digits > 0.5


def needs_year(source: Source, column: Column) -> bool:
    """Can nobody tell in which year its days are?"""
    if column.profile.lacking_year:
        return True
    return bool(column.meaning and column.meaning.field == "period" and not _has_year(column) and source.understood.first("year") is None)  # fmt: skip


def order_key(source: Source) -> Column | None:
    return source.understood.first("order_no", "invoice_no", "quote_no", "id")


def currency_cells(source: Source) -> list[Cell]:
    found = source.understood.first("currency")
    return [cell("currency", source.text(found), found)] if found and is_currency(found.profile) else []


def orders_draft(lines: Source, headers: Source | None, links: Links, join: str = "") -> Draft | None:
    """Orders from a flat table, or from lines joined with their orders' headers."""
    top = headers or lines
    day = next((each for name in ORDER_DAYS if (each := filled_first(top, name)) is not None), None)
    number = order_key(lines)
    amount = amounts.net_amount(lines, number, price_from=links.prices)
    if amount is None and headers is not None:
        amount = amounts.net_amount(headers, number)
    if day is None or amount is None:
        return None
    draft = Draft("orders", [], [lines, *([headers] if headers else [])], notes=list(amount.notes))
    draft.origin = lines.place + (f"\nJOIN {{{headers.alias}}} ON {join}" if headers else "")
    dated = day_cell(top, day, "ordered_on", links)
    who = entity_cells([lines, *([headers] if headers else [])], links)
    draft.cells = [*_order_id(lines, number, top, day, who, dated), *who, dated]
    deal = lines.understood.first("deal_id", "deal")
    if deal is not None and deal is not number:
        draft.cells.append(cell("opportunity_id", lines.text(deal), deal))
    quantity = lines.understood.first("quantity")
    if quantity is not None:
        draft.cells.append(cell("quantity", lines.text(quantity), quantity))
    draft.cells.append(cell("net_amount", amount.sql, *amount.columns, sure=amount.sure))
    draft.unclear = (amount.columns[0], amount.other) if amount.other is not None else None
    draft.cells += _further_amounts(lines, amount)
    draft.cells += currency_cells(top)
    without_cancelled(draft, top, amount.sql)
    return draft


def filled_first(source: Source, name: str) -> Column | None:
    """The field's first column that is filled often enough to date rows by."""
    found = source.understood.fields.get(name, [])
    return next((each for each in found if each.profile.filled > 0.3 * each.profile.rows), None)


def _order_id(
    lines: Source, number: Column | None, top: Source, day: Column | None, who: Sequence[Cell], dated: Cell
) -> list[Cell]:
    """The order's number; without one the customer and the day, without a customer each row."""
    found = lines.understood
    line = found.first("line_no")
    if number is not None and number.profile.filled >= 0.5 * number.profile.rows:
        cells = [cell("order_id", lines.text(number), number)]
        return (
            [*cells, cell("line_id", lines.text(line), line)]
            if line is not None and line is not number
            else cells
        )
    account = next((each.sql for each in who if each.column == "account_id"), None)
    if account is None or day is None:
        return [Cell("order_id", f"CAST({lines.alias}.source_row AS VARCHAR)", (), "made")]
    when = (
        dated.sql
        if day.profile.lacking_year or dated.sql != top.text(day)
        else f"CAST({top.day(day)} AS VARCHAR)"
    )
    order = f"{account} || ' · ' || {when}"
    return [
        Cell("order_id", order, (), "made"),
        Cell("line_id", f"CAST({lines.alias}.source_row AS VARCHAR)", (), "made"),
    ]


def _further_amounts(source: Source, amount: amounts.Amount) -> list[Cell]:
    found, cells = source.understood, []
    quantity = found.first("quantity")
    whole = found.first("list_amount")
    price = found.first("list_price", "unit_price")
    share, off = found.first("discount_share"), found.first("discount_amount")
    if whole is not None:
        cells.append(cell("list_amount", source.amount(whole), whole))
    elif (
        price is not None
        and quantity is not None
        and (found.has("list_price") or found.has("discount_share", "discount_percent", "discount_amount"))
        and len(amount.columns) >= 1
    ):
        cells.append(
            cell(
                "list_amount",
                f"{source.number(price)} * {source.number(quantity)}",
                price,
                quantity,
                sure="made",
            )
        )
    elif share is not None and len(amount.columns) == 1:
        cells.append(cell("list_amount", f"({amount.sql if amount.columns[0].parts.factor != 1 else source.number(amount.columns[0])}) / nullif(1 - coalesce({source.number(share)}, 0), 0)", amount.columns[0], share, sure="made"))  # fmt: skip
    elif off is not None and len(amount.columns) == 1:
        cells.append(cell("list_amount", f"{source.number(amount.columns[0])} + abs(coalesce({source.number(off)}, 0))", amount.columns[0], off, sure="made"))  # fmt: skip
    cost, unit, profit = found.first("cost_amount"), found.first("unit_cost"), found.first("profit")
    if unit is not None and quantity is not None and cost is None:
        cells.append(
            cell(
                "cost_amount",
                f"{source.number(unit)} * {source.number(quantity)}",
                unit,
                quantity,
                sure="made",
            )
        )
    elif cost is not None:
        cells.append(cell("cost_amount", source.amount(cost), cost))
    elif (
        profit is not None
        and profit.profile.kind == "number"
        and not any("%" in each for each in profile_texts(profit))
        and len(amount.columns) == 1
    ):
        cells.append(cell("cost_amount", f"{source.number(amount.columns[0])} - {source.number(profit)}", amount.columns[0], profit, sure="made"))  # fmt: skip
    return cells


def profile_texts(column: Column) -> tuple[str, ...]:
    return column.profile.texts


def without_cancelled(draft: Draft, source: Source, amount: str) -> None:
    """Cancelled rows and drafts stand apart, with their money."""
    for status in source.understood.fields.get("status", []):
        gone = [each for each in source.words(status) if CANCELLED.fullmatch(plain(each).strip())]
        if gone and len(gone) < len(source.words(status)) + 1:
            condition = f"{source.text(status)} IN ({listed(gone)})"
            draft.where.append(f"coalesce({source.text(status)}, '') NOT IN ({listed(gone)})")
            draft.left_out.append(
                (Message("{heading}: {words:list}", heading=status.heading, words=gone), condition, amount)
            )
    flag = next((each for each in source.understood.foreign.columns if _says_cancelled(each)), None)
    if flag is not None:
        yes = [each for each in source.words(flag) if words.flag(each)]
        if yes:
            condition = f"{source.text(flag)} IN ({listed(yes)})"
            draft.where.append(f"coalesce({source.text(flag)}, '') NOT IN ({listed(yes)})")
            draft.left_out.append(
                (Message("{heading}: {words:list}", heading=flag.heading, words=yes), condition, amount)
            )


def _says_cancelled(column: Column) -> bool:
    folded = plain(column.heading)
    return column.profile.flags and bool(CANCELLED.fullmatch(folded.strip()) or folded.replace("是否", "") in ("作废", "取消") or folded.removeprefix("is ").removeprefix("is_") in ("cancelled", "canceled", "void", "voided", "deleted"))  # fmt: skip


def deals_draft(source: Source, links: Links) -> Draft | None:
    """Opportunities: what is won and lost by flags, by a status's words or by the stages'."""
    found = source.understood
    opened = next((each for name in ("created", "date", "order_date", "made_date", "stage_date", "period") if (each := filled_first(source, name))), None)  # fmt: skip
    ends = [each for each in found.fields.get("closed", []) if each.profile.filled]
    expected = found.first("expected_close")
    dates = [opened] if opened is not None else [*ends, *([expected] if expected else [])]
    if not dates:
        return None
    draft = Draft("opportunities", [], [source], source.place)
    number = next((each for name in ("deal_id", "id", "deal", "quote_no", "deal_name", "order_no") for each in found.fields.get(name, []) if each.profile.unique), None)  # fmt: skip
    if number is not None:
        draft.cells.append(cell("opportunity_id", source.text(number), number))
    else:
        draft.cells.append(Cell("opportunity_id", f"CAST({source.alias}.source_row AS VARCHAR)", (), "made"))
    begun = _first_of([source.text(each) for each in dates])
    if opened is None:
        draft.notes.append(Message("no column says when a deal began: it counts from {headings:list}", headings=[each.heading for each in dates]))  # fmt: skip
    if len(dates) > 1 or dates[0].profile.filled < dates[0].profile.rows:
        draft.where.append(f"{begun} IS NOT NULL")
        value = found.first("amount", "net_amount", "weighted")
        empty = Message("{heading} is empty", heading=dates[0].heading)
        draft.left_out.append((empty, f"{begun} IS NULL", source.number(value) if value else "0"))
    created = day_cell(source, dates[0], "created_on", links) if len(dates) == 1 else cell("created_on", begun, *dates, sure="made")  # fmt: skip
    draft.cells += [*entity_cells([source], links), created]
    for name, target in (
        ("channel", "channel"),
        ("stage", "stage"),
        ("loss_reason", "loss_reason"),
        ("competitor", "competitor"),
    ):
        column = found.first(name)
        if column is not None:
            draft.cells.append(cell(target, source.text(column), column))
    amount = found.first("amount", "net_amount", "local_amount", "gross_amount", "list_amount", "weighted")
    outcome, of = _outcome(source, ends)
    if amount is not None:
        draft.cells.append(cell("amount", source.amount(amount), amount))
    draft.cells.append(cell("outcome", outcome, *of, sure=None if of else "made"))
    if opened is not None and ends and len(dates) == 1 and _entered_late(source, opened, ends[0]):
        place = draft.cells.index(created)
        begun = f"CASE WHEN ({outcome}) <> 'open' AND {source.day(ends[0])} < {source.day(opened)} THEN {source.text(ends[0])} ELSE {source.text(opened)} END"
        draft.cells[place] = cell("created_on", begun, opened, ends[0], sure="made")
        draft.notes.append(Message("deals that closed before {heading} were entered late: they begin on the day they closed", heading=opened.heading))  # fmt: skip
    planned = expected or (ends[0] if ends else None)
    if planned is not None:
        draft.cells.append(cell("expected_close_on", source.text(planned), planned))
    done = [*ends, *([expected] if expected else [])] or dates
    day = _first_of([source.text(each) for each in done])
    draft.cells.append(cell("closed_on", f"CASE WHEN ({outcome}) <> 'open' THEN {day} END", *done))
    draft.cells += currency_cells(source)
    return draft


def _entered_late(source: Source, opened: Column, closed: Column) -> bool:
    """Did deals end before they were entered, as those that were brought over from another system?"""
    rows = source.holds(f"SELECT c{opened.profile.place}, c{closed.profile.place} FROM {{t}} LIMIT {ROWS}")
    read = [[dates.written(str(each)).day if each else None for each in row] for row in rows]
    return any(first and last and last < first for first, last in read)


def _first_of(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"


def _outcome(source: Source, ends: Sequence[Column]) -> tuple[str, list[Column]]:
    found = source.understood
    won, closed = found.first("won_flag"), found.first("closed_flag")
    if won is not None and won.profile.flags:
        yes = [each for each in source.words(won) if words.flag(each)]
        over = [each for each in source.words(closed) if words.flag(each)] if closed else []
        is_won = f"{source.text(won)} IN ({listed(yes or ['yes'])})"
        if closed is not None:
            return (
                f"CASE WHEN {is_won} THEN 'won' WHEN {source.text(closed)} IN ({listed(over or ['yes'])}) THEN 'lost' ELSE 'open' END",
                [won, closed],
            )
    for column in (
        *found.fields.get("status", []),
        *found.fields.get("stage", []),
        *found.fields.get("type", []),
    ):
        spelled = source.words(column)
        is_lost = [each for each in spelled if _said(each, LOST)]
        won_words = [each for each in spelled if each not in is_lost and _said(each, WON)]
        if won_words or is_lost:
            text = source.text(column)
            parts = [
                f"WHEN {text} IN ({listed(each)}) THEN '{word}'"
                for each, word in ((won_words, "won"), (is_lost, "lost"))
                if each
            ]
            return f"CASE {' '.join(parts)} ELSE 'open' END", [column]
    chance = found.first("probability")
    if chance is not None:
        top = 100 if max(chance.profile.numbers, default=0) > 1 else 1
        number = source.number(chance)
        return f"CASE WHEN {number} >= {top} THEN 'won' WHEN {number} <= 0 THEN 'lost' ELSE 'open' END", [
            chance
        ]
    return "'open'", []


def no_totals(source: Source, column: Column) -> list[str]:
    """The conditions that leave out rows whose name says that they are totals, where there are such."""
    found = [each for each in source.words(column) if layouts.says_total(each)]
    return [f"{source.text(column)} NOT IN ({listed(found)})"] if found else []
