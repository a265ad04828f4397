"""Files of shapes that people and further systems write, made up here; like `foreign_files`, each maker knows what is right of it."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.foreign_files import (
    CHINESE,
    GOODS,
    LEUTE,
    PEOPLE,
    WESTERN,
    Line,
    Right,
    german,
    lines,
    right,
    write_book,
    write_csv,
)

Cells = list[list[object]]


def _total(rows: list[Line]) -> float:
    return round(sum(each.net for each in rows), 2)


def _plain(rows: list[Line]) -> Cells:
    return [[each.order, f"{each.day}", WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, each.net] for each in rows]  # fmt: skip


def _text(path: Path, rows: Cells, sign: str) -> None:
    path.write_text("\n".join(sign.join(map(str, each)) for each in rows) + "\n", encoding="utf-8")


HEAD: list[object] = ["Order No", "Order Date", "Customer", "Sales Rep", "Product", "Qty", "Net Amount"]


def headless_en(folder: Path) -> Right:
    rows = lines()
    write_csv(folder / "sales.csv", [[each.order, f"{each.day}", WESTERN[each.customer], PEOPLE[each.rep], f"{each.net:.2f}"] for each in rows])  # fmt: skip
    return Right(orders=60, net=_total(rows), first=rows[0].day)


def headless_zh(folder: Path) -> Right:
    rows = lines()
    write_book(folder / "销售.xlsx", Sheet1=[[f"{each.day:%Y/%m/%d}", CHINESE[each.customer], each.net] for each in rows])  # fmt: skip
    return Right(orders=60, net=_total(rows), customers=7, first=rows[0].day)


def headless_de(folder: Path) -> Right:
    rows = lines()
    write_csv(folder / "umsatz.csv", [[f"{each.day:%d.%m.%Y}", WESTERN[each.customer], german(each.net)] for each in rows], delimiter=";")  # fmt: skip
    return Right(orders=60, net=_total(rows), customers=7, first=rows[0].day)


def two_heading_rows_zh(folder: Path) -> Right:
    rows = lines()
    body = [[each.day, f"XS{each.order}", CHINESE[each.customer], LEUTE[each.rep], f"球阀{each.good}", each.quantity, each.price, each.net] for each in rows]  # fmt: skip
    upper = ["单据", None, "客户名称", "业务员", "销售明细", None, None, None]
    lower = ["日期", "编号", None, None, "产品名称", "数量", "单价", "金额"]
    write_book(folder / "明细.xlsx", 明细=[["销售明细"], upper, lower, *body])
    return right(rows)


def two_heading_rows_de(folder: Path) -> Right:
    rows = lines()
    body = [[each.order, f"{each.day:%d.%m.%Y}", f"K{each.customer}", WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, german(each.net)] for each in rows]  # fmt: skip
    upper = ["Auftrag", "", "Kunde", "", "Vertreter", "Artikel", "Umsatz", ""]
    lower = ["Nr.", "Datum", "Nr.", "Name", "Name", "Bezeichnung", "Menge", "Netto"]
    write_csv(folder / "liste.csv", [upper, lower, *body], delimiter=";")
    return right(rows)


def pipes(folder: Path) -> Right:
    rows = lines()
    _text(folder / "orders.txt", [HEAD, *_plain(rows)], "|")
    return right(rows)


def plus_pipes(folder: Path) -> Right:
    rows = lines()
    _text(folder / "orders.csv", [HEAD, *_plain(rows)], "+|")
    return right(rows)


def carets(folder: Path) -> Right:
    rows = lines()
    _text(folder / "orders.txt", [HEAD, *_plain(rows)], "^")
    return right(rows)


def two_tables_below(folder: Path) -> Right:
    rows = lines()
    people = [["Sales Rep", "Team", "Region"], *([name, "Inside" if name < "B" else "Field", "North"] for name in PEOPLE)]  # fmt: skip
    write_book(folder / "book.xlsx", Data=[HEAD, *_plain(rows), [], [], *people])
    return right(rows, also={"SELECT count(DISTINCT team) FROM reps": 2})


def two_tables_beside(folder: Path) -> Right:
    rows = lines()
    prices: Cells = [[None, "Product", "Category", "List Price"], *([None, each[1], each[2], each[3]] for each in GOODS)]  # fmt: skip
    body = [[*row, *(prices[place] if place < len(prices) else [])] for place, row in enumerate([HEAD, *_plain(rows)])]  # fmt: skip
    write_book(folder / "book.xlsx", Data=body)
    return right(rows, also={"SELECT count(DISTINCT product_line) FROM products": 3})


def a_sheet_each_person(folder: Path) -> Right:
    rows = lines()
    keep = [0, 1, 2, 4, 5, 6]
    sheets = {name: [[HEAD[place] for place in keep], *([row[place] for place in keep] for row in _plain(rows) if row[3] == name)] for name in PEOPLE}  # fmt: skip
    write_book(folder / "by person.xlsx", **sheets)
    return right(rows)


def a_sheet_each_person_zh(folder: Path) -> Right:
    rows = lines()
    sheets = {name: [["日期", "客户", "产品", "数量", "金额（元）"], *([each.day, CHINESE[each.customer], f"球阀{each.good}", each.quantity, each.net] for each in rows if each.rep == place)] for place, name in enumerate(LEUTE)}  # fmt: skip
    write_book(folder / "业务员销售.xlsx", **sheets)
    return right(rows)


def a_sheet_each_region(folder: Path) -> Right:
    rows = lines()
    sheets = {name: [HEAD, *(row for each, row in zip(rows, _plain(rows), strict=True) if each.customer % 3 == place)] for place, name in enumerate(("Nord", "Süd", "West"))}  # fmt: skip
    write_book(folder / "Umsatz nach Region.xlsx", **sheets)
    return right(rows, also={"SELECT count(DISTINCT region) FROM accounts": 3})


def first_line_only_zh(folder: Path) -> Right:
    rows = lines()
    body, seen = [], set()
    for each in rows:
        top = [f"{each.day}", f"XS{each.order}", CHINESE[each.customer], LEUTE[each.rep]] if each.order not in seen else [""] * 4  # fmt: skip
        seen.add(each.order)
        body.append([*top, f"球阀{each.good}", each.quantity, each.price, each.net])
    write_csv(folder / "订单.csv", [["单据日期", "单据编号", "客户", "业务员", "商品名称", "数量", "单价", "金额"], *body], encoding="gb18030")  # fmt: skip
    return right(rows)


def grouped_de(folder: Path) -> Right:
    rows = lines()
    out: Cells = [["Umsatz je Kunde"], ["Belegnr.", "Datum", "Artikel", "Menge", "Netto EUR"]]
    for number, name in enumerate(WESTERN):
        own = [each for each in rows if each.customer == number]
        out += [[name, "", "", "", ""], *([each.order, f"{each.day:%d.%m.%Y}", GOODS[each.good][1], each.quantity, german(each.net)] for each in own)]  # fmt: skip
        out.append([f"Summe {name}", "", "", "", german(_total(own))])
    out.append(["Gesamtsumme", "", "", "", german(_total(rows))])
    write_csv(folder / "Umsatz je Kunde.csv", out, delimiter=";", encoding="cp1252")
    found = right(rows)
    found.people = 0
    return found


def grouped_zh(folder: Path) -> Right:
    rows = lines()
    out: Cells = [["日期", "单号", "客户名称", "产品名称", "数量", "金额"]]
    for place, name in enumerate(LEUTE):
        own = [each for each in rows if each.rep == place]
        out += [[f"业务员：{name}"], *([each.day, f"XS{each.order}", CHINESE[each.customer], f"球阀{each.good}", each.quantity, each.net] for each in own)]  # fmt: skip
        out.append(["小计", None, None, None, sum(each.quantity for each in own), _total(own)])
    out.append(["总计", None, None, None, sum(each.quantity for each in rows), _total(rows)])
    write_book(folder / "业务员销售明细.xlsx", Sheet1=out)
    return right(rows)


def contracts_zh(folder: Path) -> Right:
    rows = [each for each in lines() if int(each.order) % 3 == 1]
    body, paid = [], 0.0
    for number, each in enumerate(rows):
        got = each.net if number % 3 == 0 else round(each.net / 2, 2) if number % 3 == 1 else 0.0
        paid += got
        body.append([f"HT{each.order}{number}", each.day, CHINESE[each.customer], LEUTE[each.rep], each.net, got, round(each.net - got, 2)])  # fmt: skip
    write_book(folder / "合同台账.xlsx", 合同台账=[["合同编号", "签订日期", "客户名称", "负责人", "合同金额", "已回款", "未回款"], *body])  # fmt: skip
    return Right(len(rows), _total(rows), first=rows[0].day, invoiced=_total(rows), paid=round(paid, 2))


def contracts_with_payments_across_zh(folder: Path) -> Right:
    rows = [each for each in lines() if int(each.order) % 3 == 1]
    body, paid = [], 0.0
    for number, each in enumerate(rows):
        first, second = round(each.net / 2, 2), round(each.net / 4, 2) if number % 2 else None
        paid += first + (second or 0)
        body.append([f"HT{each.order}{number}", each.day, CHINESE[each.customer], LEUTE[each.rep], each.net, each.day + dt.timedelta(30), first, each.day + dt.timedelta(60) if second else None, second])  # fmt: skip
    head = ["合同编号", "签订日期", "客户名称", "负责人", "合同金额", "首次回款日期", "首次回款金额", "二次回款日期", "二次回款金额"]  # fmt: skip
    write_book(folder / "合同.xlsx", Sheet1=[head, *body])
    return Right(len(rows), _total(rows), first=rows[0].day, invoiced=_total(rows), paid=round(paid, 2))


def contracts_and_payments_zh(folder: Path) -> Right:
    rows = [each for each in lines() if int(each.order) % 3 == 1]
    contracts: Cells = [["合同编号", "签约日期", "客户", "业务员", "合同总额"]]
    payments: Cells = [["合同编号", "回款日期", "回款金额", "备注"]]
    paid = 0.0
    for number, each in enumerate(rows):
        contracts.append([f"HT{number:03}", each.day, CHINESE[each.customer], LEUTE[each.rep], each.net])
        for part in range(number % 3):
            share = round(each.net / 4, 2)
            paid += share
            payments.append([f"HT{number:03}", each.day + dt.timedelta(30 * (part + 1)), share, None])
    write_book(folder / "合同与回款.xlsx", 合同=contracts, 回款记录=payments)
    return Right(len(rows), _total(rows), first=rows[0].day, invoiced=_total(rows), paid=round(paid, 2))


def receivables_en(folder: Path) -> Right:
    rows = lines()[::2]
    invoices: Cells = [["Invoice #", "Customer", "Invoice Date", "Due Date", "Invoice Amount"]]
    receipts: Cells = [["Receipt #", "Invoice #", "Payment Date", "Amount Paid"]]
    paid = 0.0
    for number, each in enumerate(rows):
        invoices.append([f"INV{number}", WESTERN[each.customer], f"{each.day}", f"{each.day + dt.timedelta(30)}", each.net])  # fmt: skip
        for part in range(number % 3):
            paid += round(each.net / 2, 2)
            receipts.append([f"R{number}-{part}", f"INV{number}", f"{each.day + dt.timedelta(20 + part)}", round(each.net / 2, 2)])  # fmt: skip
    write_csv(folder / "invoices.csv", invoices)
    write_csv(folder / "receipts.csv", receipts)
    return Right(invoiced=_total(rows), paid=round(paid, 2))


def targets_with_team_sums(folder: Path) -> Right:
    rows = lines()
    months = [f"{month}月" for month in range(1, 13)]
    table: Cells = [["姓名", *months]]
    for place, name in enumerate(LEUTE):
        table.append([name, *[10_000 * (place + 1)] * 12])
    table += [["销售一部合计", *[60_000] * 12]]
    body = [[each.day, f"XS{each.order}", CHINESE[each.customer], LEUTE[each.rep], each.net] for each in rows]
    write_book(folder / "2025年.xlsx", 销售=[["日期", "单号", "客户", "业务员", "金额"], *body], 销售目标2025=table)  # fmt: skip
    return Right(60, _total(rows), 7, 3, targets=720_000)


def targets_with_team_rows_en(folder: Path) -> Right:
    rows = lines()
    table: Cells = [["Name", "Team", "Target 2025"]]
    table += [[name, "Field", 100_000 + place] for place, name in enumerate(PEOPLE)]
    table += [["Field", "", 300_003]]
    write_csv(folder / "orders.csv", [HEAD, *_plain(rows)])
    write_csv(folder / "targets.csv", table)
    return right(rows, targets=300_003)


def net_and_gross(folder: Path) -> Right:
    rows = lines()
    body = [[f"{each.day}", WESTERN[each.customer], round(each.net * 1.13, 2), each.net] for each in rows]
    write_csv(folder / "list.csv", [["Date", "Customer", "Amount (tax incl.)", "Amount (tax excl.)"], *body])
    return Right(60, _total(rows), 7, first=rows[0].day)


def amazon_orders(folder: Path) -> Right:
    rows = lines()
    head = ["amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel", "sales-channel", "sku", "product-name", "item-status", "quantity", "currency", "item-price", "item-tax", "ship-country"]  # fmt: skip
    body = [[f"114-{each.order}-{1000000 + place}", "", f"{each.day}T08:00:00+00:00", f"{each.day}T09:00:00+00:00", "Shipped", "Amazon", "Amazon.de", GOODS[each.good][0], GOODS[each.good][1], "Shipped", each.quantity, "EUR", each.net, 0, "DE"] for place, each in enumerate(rows)]  # fmt: skip
    body.append(["114-1-1", "", "2025-11-01T08:00:00+00:00", "2025-11-01T08:00:00+00:00", "Cancelled", "Amazon", "Amazon.de", "P-100", "Ball valve", "Cancelled", 0, "", "", "", "DE"])  # fmt: skip
    write_csv(folder / "all-orders.txt", [head, *body], delimiter="\t")
    return Right(60, _total(rows), goods=4, first=rows[0].day)


def taobao_orders(folder: Path) -> Right:
    rows = [each for each in lines() if int(each.order) % 3 == 1]
    head = ["订单编号", "买家会员名", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "订单状态", "收货人姓名", "收货地址", "订单创建时间", "订单付款时间", "宝贝标题", "宝贝种类", "宝贝总数量", "店铺名称", "退款金额"]  # fmt: skip
    body = [[f"28{each.order}{place:04}", CHINESE[each.customer], each.net, 0, each.net, each.net, "交易成功", "某人", "某地", f"{each.day} 10:00:00", f"{each.day} 10:01:00", f"球阀{each.good}", 1, each.quantity, "旗舰店", 0] for place, each in enumerate(rows)]  # fmt: skip
    body.append(["28999", CHINESE[0], 500, 0, 500, 0, "交易关闭", "某人", "某地", "2025-10-01 10:00:00", "", "球阀0", 1, 1, "旗舰店", 0])  # fmt: skip
    write_csv(folder / "ExportOrderList.csv", [head, *body], encoding="gb18030")
    return Right(len(rows), _total(rows), first=rows[0].day)


def exact_nl(folder: Path) -> Right:
    rows = lines()
    head = ["Factuurnummer", "Factuurdatum", "Debiteurnummer", "Debiteur", "Vertegenwoordiger", "Artikel", "Omschrijving", "Aantal", "Bedrag excl. btw", "Btw-bedrag"]  # fmt: skip
    body = [[each.order, f"{each.day:%d-%m-%Y}", f"1{each.customer}", WESTERN[each.customer], PEOPLE[each.rep], *GOODS[each.good][:2], each.quantity, german(each.net), german(each.net * 0.21)] for each in rows]  # fmt: skip
    write_csv(folder / "verkoop.csv", [head, *body], delimiter=";")
    return right(rows)


def bitrix_deals(folder: Path) -> Right:
    head = ["ID", "Deal Name", "Deal stage", "Company", "Responsible", "Income", "Currency", "Begin date", "Close date", "Closed deal", "Source"]  # fmt: skip
    body, outcomes, total = [], {"won": 0, "lost": 0, "open": 0}, 0
    for number in range(36):
        outcome = ("open", "won", "lost")[number % 3]
        begun = dt.date(2025, 1, 6) + dt.timedelta(7 * number)
        outcomes[outcome] += 1
        total += 4000 + number
        stage = {"won": "Deal won", "lost": "Deal lost", "open": "In progress"}[outcome]
        body.append([number, f"Deal {number}", stage, WESTERN[number % 7], PEOPLE[number % 3], 4000 + number, "EUR", f"{begun:%d.%m.%Y}", f"{begun + dt.timedelta(30):%d.%m.%Y}", "Y" if outcome != "open" else "N", "Call"])  # fmt: skip
    write_csv(folder / "DEAL_20251001.csv", [head, *body], delimiter=";")
    return Right(customers=7, people=3, outcomes=outcomes, pipeline=total)


def one_c(folder: Path) -> Right:
    rows = lines()
    head = ["No.", "Sales document", "Counterparty", "Manager", "Item", "Quantity", "Price", "Sum", "VAT", "Sum incl. VAT"]  # fmt: skip
    body = [[place + 1, f"Sale of goods {each.order} dated {each.day:%d.%m.%Y}", WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, german(each.price), german(each.net), german(each.net * 0.2), german(each.net * 1.2)] for place, each in enumerate(rows)]  # fmt: skip
    for row, each in zip(body, rows, strict=True):
        row.insert(1, f"{each.day:%d.%m.%Y}")
    write_book(folder / "sales.xlsx", TDSheet=[["Sales for the period 2024-2025"], [], [head[0], "Period", *head[1:]], *body])  # fmt: skip
    return right(rows)


def sage_invoices(folder: Path) -> Right:
    rows = lines()[::2]
    head = ["No.", "Type", "Account Ref", "Nominal", "Dept", "Details", "Date", "Ref", "Net Amount", "Tax Amount", "T/C", "Gross Amount", "Paid", "Amount Paid"]  # fmt: skip
    body = [[place, "SI" if place % 7 else "SC", f"ACC{each.customer}", 4000, 0, "Goods", f"{each.day:%d/%m/%Y}", f"R{each.order}", each.net if place % 7 else -each.net, 0, "T1", each.net if place % 7 else -each.net, "Y", each.net] for place, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "transactions.csv", [head, *body])
    return Right(30, round(sum(each.net if place % 7 else -each.net for place, each in enumerate(rows)), 2), 7)  # fmt: skip


def customer_by_month(folder: Path) -> Right:
    rows = lines()
    months = [dt.date(2024 + number // 12, number % 12 + 1, 1) for number in range(24)]
    table: Cells = [["Kunde", *(f"{each:%m.%Y}" for each in months), "Summe"]]
    filled = 0
    for number, name in enumerate(WESTERN):
        found = [round(sum(each.net for each in rows if each.customer == number and each.day.replace(day=1) == month), 2) for month in months]  # fmt: skip
        filled += sum(bool(each) for each in found)
        table.append([name, *(german(each) if each else "" for each in found), german(sum(found))])
    inside = [each for each in rows if each.day.year < 2026]
    write_csv(folder / "Umsatz Kunde Monat.csv", table, delimiter=";")
    return Right(filled, _total(inside), 7)


def thousands_de(folder: Path) -> Right:
    rows = lines()
    body = [[f"{each.day:%d.%m.%Y}", WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][2], german(each.net / 1000, 5)] for each in rows]  # fmt: skip
    write_csv(folder / "ae.csv", [["Datum", "Kunde", "ADM", "Sparte", "Auftragseingang (T€)"], *body], delimiter=";")  # fmt: skip
    return Right(60, _total(rows), 7, 3, 3)


def months_of_gz(folder: Path) -> Right:
    rows = lines()
    keep = [each for each in rows if each.day.year == 2024]
    for month in sorted({each.day.month for each in keep}):
        text = [",".join(map(str, HEAD if month % 2 else [*HEAD[::-1]]))]
        text += [",".join(map(str, row if month % 2 else row[::-1])) for each, row in zip(rows, _plain(rows), strict=True) if each in keep and each.day.month == month]  # fmt: skip
        (folder / f"orders_2024-{month:02}.csv.gz").write_bytes(gzip.compress("\n".join(text).encode()))
    return Right(len(keep), _total(keep), first=keep[0].day)


def months_in_file_names_zh(folder: Path) -> Right:
    for month in range(1, 13):
        write_csv(folder / f"销售_2025年{month}月.csv", [["客户", "业务员", "销售额"], *([name, LEUTE[place % 3], 100 * month + place] for place, name in enumerate(CHINESE))])  # fmt: skip
    return Right(84, sum(100.0 * month + place for month in range(1, 13) for place in range(7)), 7, 3, first=dt.date(2025, 1, 1))  # fmt: skip


def headings_on_each_page(folder: Path) -> Right:
    rows = lines()
    body: Cells = []
    for place, row in enumerate(_plain(rows)):
        body += [HEAD, row] if place % 20 == 0 else [row]
    write_csv(folder / "printed.csv", body)
    return right(rows)


def footers(folder: Path) -> Right:
    rows = lines()
    text = [HEAD, *_plain(rows), ["Total", "", "", "", "", "", _total(rows)], [], ["Report generated on 2026-01-31 by admin"], ["Confidential - do not distribute"]]  # fmt: skip
    with (folder / "report.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(text)
    return right(rows)


def formulas(folder: Path) -> Right:
    rows = lines()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*HEAD[:6], "Net Amount", "Link"])
    for row in _plain(rows):
        sheet.append([*row, '=HYPERLINK("http://example.invalid/x","open")'])
    book.save(folder / "orders.xlsx")
    return right(rows)


def salesforce_export(folder: Path) -> Right:
    users: Cells = [["Id", "Username", "FirstName", "LastName", "Name", "IsActive"]]
    users += [[f"005{place}", f"u{place}@example.com", *name.split(), name, "true"] for place, name in enumerate(PEOPLE)]  # fmt: skip
    accounts: Cells = [["Id", "IsDeleted", "Name", "Type", "Industry", "BillingCountry", "AnnualRevenue", "OwnerId", "CreatedDate"]]  # fmt: skip
    accounts += [[f"001{place}", "false", name, "Customer", "Energy", "DE", 1_000_000 * place, f"005{place % 3}", "2023-05-01T10:00:00.000Z"] for place, name in enumerate(WESTERN)]  # fmt: skip
    deals: Cells = [["Id", "IsDeleted", "AccountId", "Name", "StageName", "Amount", "Probability", "ExpectedRevenue", "CloseDate", "IsClosed", "IsWon", "OwnerId", "CreatedDate", "LastModifiedDate"]]  # fmt: skip
    outcomes, total = {"won": 0, "lost": 0, "open": 0}, 0
    for number in range(45):
        outcome = ("open", "won", "lost")[number % 3]
        begun = dt.date(2025, 1, 6) + dt.timedelta(6 * number)
        outcomes[outcome] += 1
        total += 5000 + number
        stage = {"won": "Closed Won", "lost": "Closed Lost", "open": "Qualification"}[outcome]
        deals.append([f"006{number}", "false", f"001{number % 7}", f"Deal {number}", stage, 5000 + number, 10, 500, f"{begun + dt.timedelta(30)}", str(outcome != "open").lower(), str(outcome == "won").lower(), f"005{number % 3}", f"{begun}T10:00:00.000Z", "2026-01-01T10:00:00.000Z"])  # fmt: skip
    for name, table in (("User", users), ("Account", accounts), ("Opportunity", deals)):
        write_csv(folder / f"{name}.csv", table)
    return Right(customers=7, people=3, outcomes=outcomes, pipeline=total)


def sap_tables(folder: Path) -> Right:
    rows = lines()
    numbers = list(dict.fromkeys(each.order for each in rows))
    first = {each.order: each for each in rows[::-1]}
    heads: Cells = [
        ["MANDT", "VBELN", "ERDAT", "ERZET", "AUDAT", "AUART", "NETWR", "WAERK", "VKORG", "KUNNR"]
    ]
    heads += [["100", f"00{each}", f"{first[each].day:%Y%m%d}", "101500", f"{first[each].day:%Y%m%d}", "TA", sum(one.net for one in rows if one.order == each), "EUR", "1000", f"00{first[each].customer}"] for each in numbers]  # fmt: skip
    items: Cells = [["MANDT", "VBELN", "POSNR", "MATNR", "ARKTX", "KWMENG", "VRKME", "NETWR", "WAERK"]]
    items += [["100", f"00{each.order}", f"{10 * (place + 1):06}", GOODS[each.good][0], GOODS[each.good][1], each.quantity, "ST", each.net, "EUR"] for place, each in enumerate(rows)]  # fmt: skip
    customers: Cells = [["MANDT", "KUNNR", "NAME1", "LAND1", "ORT01"]]
    customers += [["100", f"00{place}", name, "DE", "Ulm"] for place, name in enumerate(WESTERN)]
    for name, table in (("VBAK", heads), ("VBAP", items), ("KNA1", customers)):
        write_csv(folder / f"{name}.csv", table, delimiter=";")
    found = right(rows)
    found.people = 0
    return found


def fiscal_years_and_stages(folder: Path) -> Right:
    stages = ["1 Lead", "2 Quote", "3 Order talks", "4 Won", "5 Lost"]
    body, total = [], 0
    for number in range(60):
        begun = dt.date(2024, 1, 10) + dt.timedelta(11 * number)
        total += 700 + number
        body.append([number, WESTERN[number % 7], PEOPLE[number % 3], stages[number % 5], 700 + number, f"{begun}", f"{begun + dt.timedelta(20)}", f"FY{begun.year + (begun.month >= 7)}"])  # fmt: skip
    for row in body:
        closing = dt.date.fromisoformat(str(row[6]))
        row[7] = f"FY{closing.year + (closing.month >= 7)}"
    write_csv(folder / "deals.csv", [["Deal ID", "Account", "Owner", "Stage", "Amount", "Created", "Close Date", "Fiscal Year"], *body])  # fmt: skip
    return Right(customers=7, people=3, pipeline=total, outcomes={"won": 12, "lost": 12, "open": 36}, plan={"fiscal_year_starts": 7, "stages": stages[:3]})  # fmt: skip


def offers_de(folder: Path) -> Right:
    words = ("beauftragt", "abgelehnt", "offen")
    body = [[f"A{number}", f"{dt.date(2025, 1, 7) + dt.timedelta(5 * number):%d.%m.%Y}", WESTERN[number % 7], PEOPLE[number % 3], german(900.0 + number), words[number % 3]] for number in range(45)]  # fmt: skip
    write_csv(folder / "Angebote.csv", [["Angebotsnr.", "Angebotsdatum", "Kunde", "Bearbeiter", "Angebotssumme", "Status"], *body], delimiter=";")  # fmt: skip
    return Right(customers=7, people=3, outcomes={"won": 15, "lost": 15, "open": 15}, pipeline=sum(900.0 + number for number in range(45)))  # fmt: skip


def deals_zh(folder: Path) -> Right:
    words = ("初步接触", "方案报价", "赢单", "输单")
    body = [[f"项目{number}", CHINESE[number % 7], LEUTE[number % 3], words[number % 4], 10 + number, f"{dt.date(2025, 1, 7) + dt.timedelta(5 * number):%Y/%m/%d}", f"{dt.date(2025, 3, 7) + dt.timedelta(5 * number):%Y/%m/%d}"] for number in range(40)]  # fmt: skip
    write_book(folder / "商机跟进表.xlsx", 商机=[["项目名称", "客户名称", "负责人", "阶段", "预计金额（万元）", "登记日期", "预计签单日期"], *body])  # fmt: skip
    return Right(customers=7, people=3, outcomes={"won": 10, "lost": 10, "open": 20}, pipeline=sum(10_000.0 * (10 + number) for number in range(40)))  # fmt: skip


def year_and_month_apart(folder: Path) -> Right:
    rows = lines()
    body = [[each.day.year, each.day.month, WESTERN[each.customer], GOODS[each.good][2], german(each.net)] for each in rows]  # fmt: skip
    write_csv(folder / "umsatz.csv", [["Jahr", "Monat", "Kunde", "Warengruppe", "Umsatz netto"], *body], delimiter=";")  # fmt: skip
    return Right(60, _total(rows), 7, first=dt.date(2024, 1, 1))


def american_parentheses(folder: Path) -> Right:
    rows = lines()
    body = [[f"{each.day.month}/{each.day.day}/{each.day:%y}", each.order, WESTERN[each.customer], PEOPLE[each.rep], f"${each.net:,.2f}" if place % 10 else f"(${each.net:,.2f})"] for place, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "register.csv", [["Date", "Num", "Customer", "Rep", "Amount"], *body])
    return Right(60, round(sum(each.net if place % 10 else -each.net for place, each in enumerate(rows)), 2), 7, 3)  # fmt: skip


def quarters_across(folder: Path) -> Right:
    rows = lines()
    goals: Cells = [["Sales Rep", "Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "Total"], *([name, 100 + place, 200, 300, 400, 1000 + place] for place, name in enumerate(PEOPLE))]  # fmt: skip
    write_book(folder / "sales.xlsx", Orders=[HEAD, *_plain(rows)], Quota=goals)
    return right(rows, targets=3003.0)


def receivables_de(folder: Path) -> Right:
    rows = lines()[::2]
    body, paid = [], 0.0
    for place, each in enumerate(rows):
        done = place % 2 == 0
        paid += each.net if done else 0
        body.append([f"R{place}", f"{each.day:%d.%m.%Y}", WESTERN[each.customer], f"{each.day + dt.timedelta(14):%d.%m.%Y}", german(each.net), german(0.0 if done else each.net), f"{each.day + dt.timedelta(20):%d.%m.%Y}" if done else ""])  # fmt: skip
    write_csv(folder / "OP-Liste.csv", [["Rechnungsnr.", "Rechnungsdatum", "Kunde", "Fällig am", "Rechnungsbetrag", "Offen", "Bezahlt am"], *body], delimiter=";", encoding="cp1252")  # fmt: skip
    return Right(invoiced=_total(rows), paid=round(paid, 2), customers=7)


def till_receipts(folder: Path) -> Right:
    rows = lines()
    body = [[f"{each.day} {9 + place % 9:02}:15", f"T{each.order}", "Main Street", GOODS[each.good][1], each.quantity, each.price, each.net] for place, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "pos.csv", [["Timestamp", "Receipt No", "Store", "Item", "Qty", "Unit Price", "Line Total"], *body])  # fmt: skip
    return Right(60, _total(rows), 0, 0, 4, first=rows[0].day)


def notes_with_breaks(folder: Path) -> Right:
    rows = lines()
    write_csv(folder / "orders.csv", [[*HEAD, "Comment"], *([*row, f'said "yes";\nthen, no {place}'] for place, row in enumerate(_plain(rows)))])  # fmt: skip
    return right(rows)


def total_on_top(folder: Path) -> Right:
    rows = lines()
    write_book(folder / "sales.xlsx", Sheet1=[["Sales list"], [None, None, None, None, None, "Total", _total(rows)], HEAD, *_plain(rows)])  # fmt: skip
    return right(rows)


def customers_with_subtotals_zh(folder: Path) -> Right:
    rows = lines()
    out: Cells = [["销售对账单"], ["客户名称", "日期", "单号", "产品", "数量", "金额"]]
    for number, name in enumerate(CHINESE):
        own = [each for each in rows if each.customer == number]
        out += [[name if place == 0 else None, each.day, f"XS{each.order}", f"球阀{each.good}", each.quantity, each.net] for place, each in enumerate(own)]  # fmt: skip
        out += [["小计", None, None, None, sum(each.quantity for each in own), _total(own)], []]
    write_book(folder / "对账单.xlsx", Sheet1=out)
    return Right(60, _total(rows), 7, goods=4, first=rows[0].day)


def goods_across(folder: Path) -> Right:
    rows = lines()
    body = [[f"{each.day}", WESTERN[each.customer], *(each.net if each.good == good else "" for good in range(4))] for each in rows]  # fmt: skip
    write_csv(folder / "sales by product.csv", [["Date", "Customer", *(each[1] for each in GOODS)], *body])
    return Right(60, _total(rows), 7, goods=4)


def stripe_payments(folder: Path) -> Right:
    rows = lines()
    head = ["id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Description", "Status", "Customer ID", "Customer Email", "Fee"]  # fmt: skip
    body = [[f"ch_{place}", f"{each.day} 10:00", f"{each.net:.2f}", "0.00", "eur", "Payment", "Paid", f"cus_{each.customer}", f"c{each.customer}@example.com", "1.00"] for place, each in enumerate(rows)]  # fmt: skip
    body.append(["ch_x", "2025-10-09 10:00", "500.00", "0.00", "eur", "Payment", "Failed", "cus_1", "c1@example.com", "0"])  # fmt: skip
    write_csv(folder / "unified_payments.csv", [head, *body])
    return Right(60, _total(rows), 7, first=rows[0].day)


def numbers_here_names_there(folder: Path) -> Right:
    """Orders know customers by number and name, invoices by the number alone, offers by the name alone; regions stand on orders."""
    rows = lines()
    number = {each: str(40010 + 7 * place) for place, each in enumerate(WESTERN)}
    write_csv(folder / "Auftraege.csv", [["Auftragsnr.", "Auftragsdatum", "Kundennr.", "Kunde", "Artikel", "Menge", "Nettobetrag", "Vertriebsmitarbeiter", "Gebiet"], *([each.order, f"{each.day:%d.%m.%Y}", number[WESTERN[each.customer]], WESTERN[each.customer], GOODS[each.good][1], each.quantity, german(each.net), PEOPLE[each.rep], ("Nord", "Süd", "West")[each.rep]] for each in rows)], delimiter=";")  # fmt: skip
    write_csv(folder / "Kundenstamm.csv", [["Kundennr.", "Kunde", "Branche", "Betreuer"], *([number[each], each, "Handel", PEOPLE[place % 3]] for place, each in enumerate(WESTERN))], delimiter=";")  # fmt: skip
    write_csv(folder / "Rechnungen.csv", [["Rechnungsnr.", "Kundennr.", "Rechnungsdatum", "Fällig am", "Betrag netto"], *([f"RE{place}", number[WESTERN[each.customer]], f"{each.day:%d.%m.%Y}", f"{each.day + dt.timedelta(30):%d.%m.%Y}", german(each.net)] for place, each in enumerate(rows))], delimiter=";")  # fmt: skip
    write_csv(folder / "Angebote.csv", [["Angebot", "Kunde", "Erstellt am", "Wert", "Status", "Abgeschlossen am", "Vertriebsmitarbeiter"], *([f"A{place}", WESTERN[each.customer] if place else "Neu & Co", f"{each.day:%d.%m.%Y}", german(each.net), ("gewonnen", "verloren", "offen")[place % 3], "" if place % 3 == 2 else f"{each.day + dt.timedelta(9):%d.%m.%Y}", PEOPLE[each.rep]] for place, each in enumerate(rows))], delimiter=";")  # fmt: skip
    unknown = "SELECT count(*) FROM {} WHERE account_id NOT IN (SELECT account_id FROM accounts)"
    return right(
        rows,
        invoiced=_total(rows),
        pipeline=_total(rows),
        also={
            unknown.format("orders"): 0,
            unknown.format("invoices"): 0,
            unknown.format("opportunities"): 1,  # who is not on the list keeps the name
            "SELECT account_id FROM accounts WHERE account_name = 'Acme Ltd'": number["Acme Ltd"],
            "SELECT string_agg(region, ' ' ORDER BY rep_name) FROM reps": "Nord Süd West",
        },
    )


def one_workbook_zh(folder: Path) -> Right:
    """A title and a total on the sheet of sales, a pivot, visits by how and how long, terms that stand on the invoices."""
    rows = lines(120)
    total = _total(rows)
    sales: Cells = [
        ["某某包装有限公司 销售出库明细"],
        ["单据编号", "单据日期", "客户名称", "业务员", "商品名称", "数量", "不含税金额"],
        *([f"XS{each.order}-{place}", each.day, CHINESE[each.customer], LEUTE[each.rep], f"阀{each.good}", each.quantity, each.net] for place, each in enumerate(rows)),
        ["合计", None, None, None, None, sum(each.quantity for each in rows), total],
    ]  # fmt: skip
    pivot: Cells = [["行标签", "求和项:不含税金额"], ["张三", 1.0], ["总计", total]]
    visits: Cells = [["拜访日期", "客户", "跟进人", "跟进方式", "时长（分钟）"], *([f"{each.day.year}年{each.day.month}月{each.day.day}日", CHINESE[each.customer], LEUTE[each.rep], ("上门拜访", "电话", "微信")[place % 3], 30] for place, each in enumerate(rows))]  # fmt: skip
    write_book(folder / "销售数据.xlsx", 透视=pivot, 销售出库单=sales, 拜访记录=visits)
    write_csv(folder / "应收台账.csv", [["发票号码", "客户名称", "开票日期", "付款条件", "开票金额", "已收金额"], *([f"FP{place}", CHINESE[each.customer], f"{each.day:%Y/%m/%d}", "现结" if place == 0 else "月结60天", each.net, each.net if place % 2 else 0] for place, each in enumerate(rows))], encoding="gbk")  # fmt: skip
    return right(
        rows,
        invoiced=total,
        also={
            "SELECT count(*) FROM activities": len(rows),
            "SELECT sum(minutes) FROM activities": 30 * len(rows),
            "SELECT count(*) FROM invoices WHERE due_on = issued_on + 60": len(rows) - 1,
            "SELECT count(*) FROM invoices WHERE due_on IS NULL": 1,  # terms without a number say no day
        },
    )


SHAPES: dict[str, Callable[[Path], Right]] = {
    maker.__name__: maker
    for maker in (headless_en, headless_zh, headless_de, two_heading_rows_zh, two_heading_rows_de, pipes, plus_pipes, carets, two_tables_below, two_tables_beside, a_sheet_each_person, a_sheet_each_person_zh, a_sheet_each_region, first_line_only_zh, grouped_de, grouped_zh, contracts_zh, contracts_with_payments_across_zh, contracts_and_payments_zh, receivables_en, targets_with_team_sums, targets_with_team_rows_en, net_and_gross, amazon_orders, taobao_orders, exact_nl, bitrix_deals, one_c, sage_invoices, customer_by_month, thousands_de, months_of_gz, months_in_file_names_zh, headings_on_each_page, footers, formulas, salesforce_export, sap_tables, fiscal_years_and_stages, offers_de, deals_zh, year_and_month_apart, american_parentheses, quarters_across, receivables_de, till_receipts, notes_with_breaks, total_on_top, customers_with_subtotals_zh, goods_across, stripe_payments, numbers_here_names_there, one_workbook_zh)
}  # fmt: skip
