"""A dozen exports with oddities of their own, made up here: lists that a screen printed, quotes that are none, months in names of
files, a contact in the customer's place, units of a thousand; like `foreign_files`, each maker knows what is right of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from tests.foreign_files import (
    CHINESE,
    GOODS,
    LEUTE,
    PEOPLE,
    WESTERN,
    Right,
    german,
    lines,
    right,
    write_book,
    write_csv,
)

LATER = dt.timedelta(days=30)
NAMED_LIKE_A_WORD = ("Anna Weber", "Max Braun", "Lena Vogt")  # "web" is a word of addresses


def invoices_with_void_ones(folder: Path) -> Right:
    rows = lines()
    void = rows[59]
    head = ["Invoice Date", "Invoice Number", "Invoice Status", "Customer Name", "Due Date", "Currency Code", "Item Name", "Quantity", "Item Price", "Item Total", "Item Tax Amount", "Balance", "Sales person"]  # fmt: skip
    body = [[each.day, f"INV-{number}", "Void" if each is void else "Paid", WESTERN[each.customer], each.day + LATER, "EUR", GOODS[each.good][1], each.quantity, each.price, each.net, round(each.net * 0.2, 2), 0, PEOPLE[each.rep]] for number, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "invoices.csv", [head, *body])
    net = round(sum(each.net for each in rows) - void.net, 2)
    return Right(59, net, 7, 3, 4, invoiced=net, plan={"currency": "EUR"})


def title_and_total_de(folder: Path) -> Right:
    rows = lines()
    net = round(sum(each.net for each in rows), 2)
    head = ["Belegnr.", "Belegdatum", "Kundennr.", "Firma", "Vertreter", "Gesamt Netto", "Gesamt Brutto", "Status"]  # fmt: skip
    body = [[f"AU-{number}", f"{each.day:%d.%m.%Y}", 10_000 + each.customer, WESTERN[each.customer], PEOPLE[each.rep], f"{german(each.net)} €", f"{german(each.net * 1.19)} €", "gebucht"] for number, each in enumerate(rows)]  # fmt: skip
    above = [["Musterfirma GmbH"], ["Auftragsliste vom 31.12.2025"], []]
    total = ["Summe", "", "", "", "", f"{german(net)} €", "", ""]
    write_csv(folder / "liste.csv", [*above, head, *body, total], delimiter=";", encoding="cp1252")
    return Right(60, net, 7, 3, first=rows[0].day, plan={"currency": "EUR"})


def a_printed_list(folder: Path) -> Right:
    rows = lines()
    rule = "-" * 72
    text = ["Liste der Auftraege", rule, "|Sales Doc.|Created on|Sold-to pt|Name 1         |Net Value   |Curr.|", rule]  # fmt: skip
    text += [f"|{4_500_000 + number}|{each.day:%d.%m.%Y}|{7_000 + each.customer:010}|{WESTERN[each.customer]:<15}|{german(each.net):>12}|EUR  |" for number, each in enumerate(rows)]  # fmt: skip
    (folder / "va05.txt").write_text("\n".join([*text, rule]), encoding="utf-8")
    return Right(60, round(sum(each.net for each in rows), 2), 7, plan={"currency": "EUR"})


def headings_in_two_rows_with_subtotals_zh(folder: Path) -> Right:
    rows = sorted(lines(), key=lambda each: each.customer)
    body: list[list[object]] = []
    for place, name in enumerate(CHINESE):
        own = [each for each in rows if each.customer == place]
        body += [[f"XS{rows.index(each):03}", each.day, name, LEUTE[each.rep], f"球阀{each.good}", each.quantity, each.net, round(each.net * 0.13, 2), round(each.net * 1.13, 2)] for each in own]  # fmt: skip
        body += [["小计", *[None] * 5, round(sum(each.net for each in own), 2), None, None]]
    net = round(sum(each.net for each in rows), 2)
    heads = [["单据编号", "日期", "客户", "销售员", "物料名称", "数量", "金额", None, "价税合计"], [*[None] * 6, "不含税", "税额", None]]  # fmt: skip
    write_book(folder / "明细.xlsx", 销售出库=[["某某有限公司销售明细表"], [], *heads, *body, ["合计", *[None] * 5, net]])  # fmt: skip
    return Right(60, net, 7, 3, 4)


def base_and_total_es(folder: Path) -> Right:
    rows = lines()
    head = ["Num", "Fecha", "Vencimiento", "Cliente", "Concepto", "Base imponible", "IVA", "Total", "Cobrado", "Pendiente", "Estado"]  # fmt: skip
    body = [[f"F{number:04}", f"{each.day:%d/%m/%Y}", f"{each.day + LATER:%d/%m/%Y}", WESTERN[each.customer], "Servicio", german(each.net), german(each.net * 0.21), german(each.net * 1.21), german(0), german(each.net * 1.21), "Pendiente"] for number, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "ventas.csv", [head, *body], delimiter=";")
    net = round(sum(each.net for each in rows), 2)
    owed = sum(round(each.net * 1.21, 2) for each in rows)  # with the tax
    return Right(60, net, 7, invoiced=owed, first=rows[0].day)


def a_contact_for_the_customer_pt(folder: Path) -> Right:
    rows = lines()
    head = ["Número do pedido", "Data", "Nome do contato", "Vendedor", "Código", "Descrição", "Quantidade", "Valor unitário", "Valor total", "Situação"]  # fmt: skip
    body: list[list[object]] = []
    for before, each in zip([None, *rows], rows, strict=False):
        new = before is None or before.order != each.order
        top = [each.order, f"{each.day:%d/%m/%Y}", WESTERN[each.customer], PEOPLE[each.rep]] if new else [""] * 4  # fmt: skip
        body.append([*top, *GOODS[each.good][:2], each.quantity, f"R$ {german(each.price)}", f"R$ {german(each.net)}", "Atendido" if new else ""])  # fmt: skip
    write_csv(folder / "pedidos.csv", [head, *body], delimiter=";")
    return right(rows, plan={"currency": "BRL"})


def a_page_of_deals(folder: Path) -> Right:
    rows = lines()
    stages = ("Won", "Lost", "Negotiation", "Proposal")
    head = ["ID", "Deal name", "Stage", "Income", "Currency", "Responsible person", "Company", "Created on", "Expected close date", "Closed", "Probability"]  # fmt: skip
    body = [[100 + n, f"Deal {n}", stages[n % 4], round(each.net), "USD", PEOPLE[each.rep], WESTERN[each.customer], f"{each.day:%Y-%m-%d} 10:00:00", each.day + LATER, "Y" if n % 4 < 2 else "N", 50] for n, each in enumerate(rows)]  # fmt: skip
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in [head, *body]]
    (folder / "deals.xls").write_text("<html><table><tr>" + "</tr>\n<tr>".join(cells) + "</tr></table></html>", encoding="utf-8")  # fmt: skip
    return Right(None, None, 7, 3, outcomes={"won": 15, "lost": 15, "open": 30}, pipeline=sum(round(each.net) for each in rows))  # fmt: skip


def months_in_names_of_workbooks(folder: Path) -> Right:
    rows = [each for each in lines() if each.day.year == 2025]
    for month in sorted({each.day.month for each in rows}):
        own = [[WESTERN[each.customer], GOODS[each.good][1], PEOPLE[each.rep], each.net] for each in rows if each.day.month == month]  # fmt: skip
        write_book(folder / f"sales 2025-{month:02}.xlsx", Sheet1=[["Customer", "Product", "Sales Rep", "Net Sales"], *own])  # fmt: skip
    return Right(len(rows), round(sum(each.net for each in rows), 2), first=min(each.day for each in rows).replace(day=1))  # fmt: skip


def a_sheet_each_person_named_like_a_word(folder: Path) -> Right:
    rows = lines()
    sheets = {name: [["Datum", "Kunde", "Auftrag", "Betrag netto"], *([each.day, WESTERN[each.customer], each.order, each.net] for each in rows if each.rep == place)] for place, name in enumerate(NAMED_LIKE_A_WORD)}  # fmt: skip
    write_book(folder / "umsatz.xlsx", **sheets)
    return Right(60, round(sum(each.net for each in rows), 2), 7, 3, first=rows[0].day)


def thin_blanks_between_thousands_fr(folder: Path) -> Right:
    rows = lines()

    def french(amount: float) -> str:
        return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")

    head = ["N° facture", "Date facture", "Code client", "Nom du client", "Commercial", "Total HT", "Total TTC", "Date d'échéance", "Solde dû"]  # fmt: skip
    body = [[f"FA{number:05}", f"{each.day:%d/%m/%Y}", f"C{each.customer:03}", WESTERN[each.customer], PEOPLE[each.rep], french(each.net * 10), french(each.net * 12), f"{each.day + LATER:%d/%m/%Y}", french(0)] for number, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "factures.txt", [head, *body], delimiter="\t", encoding="utf-16")
    net = round(sum(each.net for each in rows) * 10, 2)
    return Right(60, net, 7, 3, invoiced=net * 1.2)


def single_quotes_and_percentages(folder: Path) -> Right:
    rows = lines()
    head = ("order_ref", "created_ts", "client", "sku", "qty", "unit_price", "discount", "agent")
    text = [head]
    for number, each in enumerate(rows):
        moment = int(dt.datetime(each.day.year, each.day.month, each.day.day, 12, tzinfo=dt.UTC).timestamp())
        text.append((f"R{number}", f"{moment}", f"O''Neill, {WESTERN[each.customer]}", GOODS[each.good][0], f"{each.quantity}", f"{each.price}", f"{number % 3 * 5}%", PEOPLE[each.rep]))  # fmt: skip
    written = "\n".join(",".join(f"'{cell}'" for cell in row) for row in text)
    (folder / "dump.csv").write_text(written, encoding="utf-8")
    net = sum(each.price * each.quantity * (1 - number % 3 * 0.05) for number, each in enumerate(rows))
    return Right(60, net, 7, 3, 4, first=rows[0].day)


def thousands_with_targets_across(folder: Path) -> Right:
    rows = lines()
    orders = [[f"SO{number}", each.day, WESTERN[each.customer], PEOPLE[each.rep], each.net / 1000] for number, each in enumerate(rows)]  # fmt: skip
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    targets = [[name, *[base + month for month in range(6)], 6 * base + 15] for name, base in zip(PEOPLE, (100, 120, 90), strict=True)]  # fmt: skip
    team = ["Team", *[310 + 3 * month for month in range(6)], 1905]
    write_book(folder / "plan.xlsx", **{"Orders": [["Order No", "Order Date", "Customer", "Owner", "Net Amount (k EUR)"], *orders], "Targets 2025 (k EUR)": [["Salesperson", *months, "Total"], *targets, team]})  # fmt: skip
    by_month = "SELECT count(DISTINCT period_start) FROM targets"
    return Right(60, round(sum(each.net for each in rows), 2), 7, 3, targets=1_905_000, also={by_month: 6})


def total_due_is_no_balance(folder: Path) -> Right:
    rows = lines()
    head = ["SalesOrderID", "OrderDate", "DueDate", "AccountNumber", "SalesPersonID", "SubTotal", "TaxAmt", "Freight", "TotalDue"]  # fmt: skip
    body = [[43_000 + number, each.day, each.day + LATER, f"10-{each.customer:04}", 270 + each.rep, each.net, round(each.net * 0.08, 2), 5, round(each.net * 1.08 + 5, 2)] for number, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "SalesOrderHeader.csv", [head, *body])
    net = round(sum(each.net for each in rows), 2)
    return Right(60, net, 7, 3, also={"SELECT count(*) FROM invoices WHERE paid_amount < 0": 0})


ODDITIES: dict[str, Callable[[Path], Right]] = {
    maker.__name__: maker
    for maker in (invoices_with_void_ones, title_and_total_de, a_printed_list, headings_in_two_rows_with_subtotals_zh, base_and_total_es, a_contact_for_the_customer_pt, a_page_of_deals, months_in_names_of_workbooks, a_sheet_each_person_named_like_a_word, thin_blanks_between_thousands_fr, single_quotes_and_percentages, thousands_with_targets_across, total_due_is_no_balance)
}  # fmt: skip
