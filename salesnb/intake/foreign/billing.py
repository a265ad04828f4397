"""Invoices of foreign tables: what is owed, what was paid of it and when; lines of one invoice are one invoice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from salesnb.intake.foreign import amounts
from salesnb.intake.foreign.drafts import Cell, Draft, Source, cell, listed
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.profiles import said_in
from salesnb.intake.foreign.sales import (
    Links,
    currency_cells,
    day_cell,
    filled_first,
    key_of,
    order_key,
    without_cancelled,
)
from salesnb.intake.foreign.vocabulary import plain
from salesnb.intake.reading import words

PAID = frozenset(["paid", "settled", "bezahlt", "beglichen", "paye", "payee", "pagado", "pagada", "pago", "pagata", "pagato", "saldato", "closed", "cleared", "已付", "已付款", "已结清", "已回款", "已收款", "结清", "已核销"])  # fmt: skip
TURN = re.compile(r"首[次笔期付]|第?[一二三四五六1-9][次笔期]|第[一二三四五六1-9]|尾款|定金|预付|\b[1-9](?:st|nd|rd|th|\.)?\b|first|second|third|erste|zweite|dritte|premier|deuxieme|primer|segund|prim[ao]|second[ao]|deposit|final")  # fmt: skip
NUMBER = re.compile(r"[0-9]")
ISSUED = ("invoice_date", "date", "made_date", "order_date", "created", "period")


class _Invoice:
    """A table of invoices or of their lines: how a column's value of the whole invoice is had."""

    def __init__(self, source: Source, number: Column) -> None:
        self.source, self.number = source, number
        self.several = number.profile.distinct < 0.995 * number.profile.filled

    def once(self, sql: str) -> str:
        return f"any_value({sql})" if self.several else sql

    def whole(self, column: Column) -> str:
        """The invoice's amount: its lines' added up, or the one that stands on each line."""
        if not self.several:
            return self.source.number(column)
        repeated = amounts.of_the_order(self.source, self.number, column)
        return f"{'max' if repeated else 'sum'}({self.source.number(column)})"


def invoices_draft(
    source: Source, links: Links, payments: Source | None, payment_join: str = ""
) -> Draft | None:
    """Invoices with what was paid of them; lines of one invoice are added up."""
    found = source.understood
    number = found.first("invoice_no", "order_no", "quote_no", "id")
    issued = next((each for name in ISSUED if (each := filled_first(source, name))), None)
    account = key_of(source, "customer", links)
    if number is None or issued is None or account is None:
        return None
    invoice = _Invoice(source, number)
    amount, of = _owed(invoice)
    if not of:
        return None
    draft = Draft("invoices", [], [source], source.place, grouped=invoice.several)
    draft.cells = [
        cell("invoice_id", source.text(number), number),
        cell("account_id", invoice.once(source.text(account.key)), account.key),
    ]
    order = found.first("order_no")
    if order is not None and order is not number:
        draft.cells.append(cell("order_id", invoice.once(source.text(order)), order))
    dated = day_cell(source, issued, "issued_on", links)
    draft.cells.append(Cell("issued_on", invoice.once(dated.sql), dated.headings, dated.sure, dated.samples))
    due = found.first("due_date")
    terms = found.first("terms")
    if due is not None:
        draft.cells.append(cell("due_on", invoice.once(source.text(due)), due))
    elif (
        terms is not None
        and source.text(issued) == dated.sql
        and any(map(NUMBER.search, terms.profile.texts))
    ):
        draft.cells.append(_due_by(invoice, issued, terms))
    plain = not invoice.several and len(of) == 1
    draft.cells.append(
        cell("amount", source.amount(of[0]) if plain else amount, *of, sure=None if plain else "made")
    )
    if payments is not None:
        _with_payments(draft, payments, payment_join)
    else:
        draft.cells += _paid(invoice, amount)
    draft.cells += [Cell(each.column, invoice.once(each.sql), each.headings, each.sure, each.samples) for each in currency_cells(source)]  # fmt: skip
    without_cancelled(draft, source, source.number(of[0]))
    return draft


def _due_by(invoice: _Invoice, issued: Column, terms: Column) -> Cell:
    """The day that the invoice's own terms give: of ``2/10 net 30`` the last number counts; what names none is not known."""
    source = invoice.source
    days = f"TRY_CAST(regexp_extract({source.text(terms)}, '([0-9]+)[^0-9]*$', 1) AS INTEGER)"
    return cell("due_on", invoice.once(f"CAST({source.day(issued)} AS DATE) + {days}"), terms, sure="made")


def _owed(invoice: _Invoice) -> tuple[str, list[Column]]:
    """What is owed of an invoice: with the tax."""
    found, source = invoice.source.understood, invoice.source
    gross, plain, net, tax = (
        found.first(each) for each in ("gross_amount", "amount", "net_amount", "tax_amount")
    )
    chosen = gross or plain
    if chosen is not None:
        return invoice.whole(chosen), [chosen]
    if net is not None and tax is not None:
        return f"{invoice.whole(net)} + coalesce({invoice.whole(tax)}, 0)", [net, tax]
    if net is not None:
        return invoice.whole(net), [net]
    made = amounts.net_amount(source, invoice.number)
    if made is None or " OVER " in made.sql:
        return "", []
    return f"sum({made.sql})" if invoice.several else made.sql, list(made.columns)


def _paid(invoice: _Invoice, amount: str) -> list[Cell]:
    """When and what was paid: as it stands, else what is no longer open, else all where a word or a flag says so."""
    source, found = invoice.source, invoice.source.understood
    paid, balance, flag = found.first("paid_amount"), found.first("balance"), found.first("paid_flag")
    days = [each for each in found.fields.get("paid_date", []) if each.profile.filled]
    parts = _in_turn(found.fields.get("paid_amount", []))
    turns = _in_turn(days) if len(parts) > 1 else []
    cells = []
    if len(turns) > 1:
        last = ", ".join(source.text(each) for each in reversed(turns))
        cells = [cell("paid_on", invoice.once(f"coalesce({last})"), *turns, sure="made")]
    elif days:
        cells = [cell("paid_on", invoice.once(source.text(days[0])), days[0])]
    if len(parts) > 1:
        summed = " + ".join(f"coalesce({invoice.whole(each)}, 0)" for each in parts)
        return [*cells, cell("paid_amount", summed, *parts, sure="made")]
    if paid is not None:
        return [
            *cells,
            cell("paid_amount", invoice.whole(paid) if invoice.several else source.amount(paid), paid),
        ]
    if balance is not None:
        return [
            *cells,
            cell("paid_amount", f"{amount} - coalesce({invoice.whole(balance)}, 0)", balance, sure="made"),
        ]
    if cells:
        return cells
    for column in (*([flag] if flag else []), *found.fields.get("status", [])):
        yes = [
            each
            for each in source.words(column)
            if (words.flag(each) if column is flag else said_in(each, PAID))
        ]
        if yes:
            says = f"{source.text(column)} IN ({listed(yes)})"
            says = f"bool_or({says})" if invoice.several else says
            return [cell("paid_amount", f"CASE WHEN {says} THEN {amount} ELSE 0 END", column, sure="made")]
    return []


def _in_turn(columns: Sequence[Column]) -> list[Column]:
    """The columns whose headings count the payments, in their turn: 首次回款, 2nd payment, Zahlung 3."""
    counted = {each.heading: TURN.search(plain(each.heading)) for each in columns}
    return sorted((each for each in columns if counted[each.heading]), key=lambda each: each.profile.place)


def leaves_open(source: Source) -> bool:
    """Does a list of sales tell what was paid of each, and is something open?"""
    found = source.understood
    owed, balance = found.first("gross_amount", "amount", "net_amount"), found.first("balance")
    paid = found.fields.get("paid_amount", [])
    if owed is None or order_key(source) is None or not (balance or paid):
        return False
    if balance is not None:
        return any(balance.profile.numbers)
    rows = source.aligned([owed, *paid])
    return sum(row[0] or 0.0 for row in rows) > 1.001 * sum(each or 0.0 for row in rows for each in row[1:])


def _with_payments(draft: Draft, payments: Source, join: str) -> None:
    """Part payments are summed; the last one's day is when the invoice was paid."""
    found = payments.understood
    number, paid = (
        found.first("invoice_no", "order_no"),
        found.first("paid_amount", "amount", "net_amount", "gross_amount"),
    )
    day = found.first("paid_date", "date", "made_date", "order_date")
    if number is None or paid is None:
        return
    last = f", max({payments.day(day)}) AS paid_on" if day else ""
    draft.origin += f"\nLEFT JOIN (\n  SELECT {payments.text(number)} AS number, sum({payments.number(paid)}) AS paid{last}\n  FROM {{{payments.alias}}}\n  GROUP BY 1\n) AS payments ON payments.number = {join}"
    draft.sources.append(payments)
    once = "any_value({})" if draft.grouped else "{}"
    if day:
        draft.cells.append(cell("paid_on", once.format("payments.paid_on"), day))
    draft.cells.append(cell("paid_amount", once.format("coalesce(payments.paid, 0)"), paid))
