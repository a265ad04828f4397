"""Files as other systems write them, made up here: what is right of each is known, because it was written into them.

`CASES` maps a name to a maker: it writes one company's sales into a folder in that system's form and gives what must be found.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

WESTERN = (
    "Blue Ridge Supply",
    "Müller Söhne",
    "Café Central",
    "Acme Ltd",
    "Nordwind Handel",
    "Ferrer Hermanos",
    "Óptica Sol",
)
CHINESE = (
    "甲机电有限公司",
    "乙阀门厂",
    "丙化工集团",
    "丁贸易公司",
    "戊电子有限公司",
    "己食品有限公司",
    "庚物流公司",
)
PEOPLE = ("Ana Ruiz", "Bo Lind", "Cleo Marsh")
TAIWAN = ("大同電機公司", "聯強國際", "台灣閥門", "遠東貿易", "中興電子", "味全食品", "嘉里物流")
LEUTE = ("张三", "李四", "王五")
GOODS = (("P-100", "Ball valve", "Valves", 120.0), ("P-200", "Gate valve", "Valves", 80.5), ("P-300", "Pump", "Pumps", 640.0), ("P-400", "Seal kit", "Parts", 12.25))  # fmt: skip


@dataclass(frozen=True)
class Line:
    order: str
    day: dt.date
    customer: int
    rep: int
    good: int
    quantity: int

    @property
    def price(self) -> float:
        return GOODS[self.good][3]

    @property
    def net(self) -> float:
        return round(self.price * self.quantity, 2)


@dataclass
class Right:
    """What must be found: rows and money by table, how many customers, people and products; `answers` to be given."""

    orders: int | None = None
    net: float | None = None
    customers: int | None = None
    people: int | None = None
    goods: int | None = None
    outcomes: dict[str, int] = field(default_factory=dict)
    pipeline: float | None = None
    invoiced: float | None = None
    paid: float | None = None
    targets: float | None = None
    first: dt.date | None = None
    asked: str | None = None  # nothing can be guessed: the key that the sentence names
    answers: tuple[str, ...] = ()
    plan: dict[str, object] = field(default_factory=dict)  # settings that must stand in plan.yml
    also: dict[str, object] = field(default_factory=dict)  # further queries and what they give


def lines(n: int = 60) -> list[Line]:
    """Sales of two years; two lines share each third order."""
    found = []
    for number in range(n):
        order = number - (number % 3 == 2)
        day = dt.date(2024, 1, 3) + dt.timedelta(days=11 * order)
        found.append(Line(f"{1000 + order}", day, order % 7, order // 3 % 3, number % 4, 1 + number % 5))
    return found


def right(rows: Sequence[Line], **more: Any) -> Right:
    return Right(len(rows), round(sum(each.net for each in rows), 2), 7, 3, 4, first=rows[0].day, **more)


def write_csv(
    path: Path, rows: Sequence[Sequence[object]], *, delimiter: str = ",", encoding: str = "utf-8"
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_book(path: Path, **sheets: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)


def german(value: float, places: int = 2) -> str:
    return f"{value:,.{places}f}".replace(",", "_").replace(".", ",").replace("_", ".")


def de_flat(folder: Path) -> Right:
    rows = lines()
    head = ["Auftragsnr.", "Auftragsdatum", "Kunden-Nr.", "Kunde", "Verkäufer", "Artikelnummer", "Bezeichnung", "Warengruppe", "Menge", "Einzelpreis", "Nettobetrag", "MwSt.", "Bruttobetrag"]  # fmt: skip
    body = [[each.order, f"{each.day:%d.%m.%Y}", f"K{each.customer}", WESTERN[each.customer], PEOPLE[each.rep], *GOODS[each.good][:3], each.quantity, german(each.price), german(each.net), german(each.net * 0.19), german(each.net * 1.19)] for each in rows]  # fmt: skip
    write_csv(folder / "Umsatzliste 2025.csv", [head, *body], delimiter=";", encoding="cp1252")
    return right(rows)


def fr_flat(folder: Path) -> Right:
    rows = lines()
    head = ["N° commande", "Date de commande", "Client", "Commercial", "Réf. article", "Désignation", "Qté", "Prix unitaire HT", "Montant HT", "TVA", "Montant TTC"]  # fmt: skip
    body = [[each.order, f"{each.day:%d/%m/%Y}", WESTERN[each.customer], PEOPLE[each.rep], *GOODS[each.good][:2], each.quantity, f"{each.price:.2f}".replace(".", ","), f"{each.net:.2f}".replace(".", ",") + " €", f"{each.net * 0.2:.2f}".replace(".", ","), f"{each.net * 1.2:.2f}".replace(".", ",")] for each in rows]  # fmt: skip
    write_csv(folder / "ventes.csv", [head, *body], delimiter=";", encoding="utf-8-sig")
    return right(rows)


def es_price_times_quantity(folder: Path) -> Right:
    rows = lines()
    head = [
        "Nº pedido",
        "Fecha",
        "Cliente",
        "Vendedor",
        "Código artículo",
        "Descripción",
        "Cantidad",
        "Precio",
        "Dto %",
    ]
    body = [[each.order, f"{each.day:%d/%m/%Y}", WESTERN[each.customer], PEOPLE[each.rep], *GOODS[each.good][:2], each.quantity, f"{each.price:.2f}".replace(".", ","), "10%"] for each in rows]  # fmt: skip
    write_csv(folder / "pedidos.csv", [head, *body], delimiter=";")
    found = right(rows)
    found.net = round(sum(each.price * each.quantity * 0.9 for each in rows), 2)
    return found


def pt_flat(folder: Path) -> Right:
    rows = lines()
    head = [
        "Pedido",
        "Data do pedido",
        "Razão Social",
        "Vendedor",
        "Produto",
        "Quantidade",
        "Valor Unitário",
        "Valor Total",
    ]
    body = [[each.order, f"{each.day:%d/%m/%Y}", WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, "R$ " + german(each.price), "R$ " + german(each.net)] for each in rows]  # fmt: skip
    write_csv(folder / "vendas.csv", [head, *body], delimiter=";")
    return right(rows)


def it_book(folder: Path) -> Right:
    rows = lines()
    head = ["Numero ordine", "Data ordine", "Ragione sociale", "Agente", "Codice articolo", "Descrizione", "Quantità", "Prezzo unitario", "Imponibile", "IVA", "Totale"]  # fmt: skip
    body = [[each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], *GOODS[each.good][:2], each.quantity, each.price, each.net, each.net * 0.22, each.net * 1.22] for each in rows]  # fmt: skip
    write_book(folder / "vendite.xlsx", Foglio1=[["Elenco vendite"], [], head, *body])
    return right(rows)


def salesforce_report(folder: Path) -> Right:
    head = ["Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Fiscal Period", "Amount", "Expected Revenue", "Probability (%)", "Age", "Close Date", "Created Date", "Next Step", "Lead Source", "Type"]  # fmt: skip
    body, outcomes, total = [], {"won": 0, "lost": 0, "open": 0}, 0.0
    for number in range(40):
        outcome = ("won", "lost", "open", "open")[number % 4]
        stage = {"won": "Closed Won", "lost": "Closed Lost", "open": "Negotiation/Review"}[outcome]
        created = dt.date(2025, 1, 5) + dt.timedelta(days=5 * number)
        outcomes[outcome] += 1
        total += 1000 + number
        body.append([PEOPLE[number % 3], WESTERN[number % 7], f"Deal {number}", stage, "Q1-2025", f"USD {1000 + number:,.2f}", f"USD {500:.2f}", 50, 12, f"{created + dt.timedelta(days=40):%m/%d/%Y}", f"{created:%m/%d/%Y}", "", "Web", "New Business"])  # fmt: skip
    write_csv(folder / "report1736.csv", [head, *body])
    return Right(customers=7, people=3, outcomes=outcomes, pipeline=total)


def hubspot_deals(folder: Path) -> Right:
    head = ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Deal owner", "Amount", "Create Date", "Pipeline", "Associated Company", "Closed Lost Reason", "Original Traffic Source"]  # fmt: skip
    body, outcomes, total = [], {"won": 0, "lost": 0, "open": 0}, 0.0
    for number in range(36):
        outcome = ("open", "won", "lost")[number % 3]
        stage = {"won": "Closed won", "lost": "Closed lost", "open": "Contract sent"}[outcome]
        created = dt.datetime(2025, 1, 5, 9, 12) + dt.timedelta(days=6 * number)
        outcomes[outcome] += 1
        total += 2000 + number
        body.append([90000 + number, f"{WESTERN[number % 7]} - New Deal {number}", stage, f"{created + dt.timedelta(days=30):%Y-%m-%d %H:%M}", PEOPLE[number % 3], 2000 + number, f"{created:%Y-%m-%d %H:%M}", "Sales Pipeline", WESTERN[number % 7], "Price" if outcome == "lost" else "", "Direct"])  # fmt: skip
    write_csv(folder / "hubspot-crm-exports-all-deals.csv", [head, *body])
    return Right(customers=7, people=3, outcomes=outcomes, pipeline=total)


def pipedrive_deals(folder: Path) -> Right:
    head = ["Deal - ID", "Deal - Title", "Deal - Organization", "Deal - Owner", "Deal - Value", "Deal - Currency of Value", "Deal - Stage", "Deal - Status", "Deal - Deal created", "Deal - Won time", "Deal - Lost time", "Deal - Lost reason", "Deal - Expected close date"]  # fmt: skip
    body, outcomes, total = [], {"won": 0, "lost": 0, "open": 0}, 0.0
    for number in range(36):
        outcome = ("open", "won", "lost")[number % 3]
        created = dt.datetime(2025, 1, 5, 9, 12) + dt.timedelta(days=6 * number)
        ended = f"{created + dt.timedelta(days=30):%Y-%m-%d %H:%M:%S}"
        outcomes[outcome] += 1
        total += 3000 + number
        body.append([number + 1, f"Deal {number}", WESTERN[number % 7], PEOPLE[number % 3], 3000 + number, "EUR", "Proposal Made", outcome.capitalize(), f"{created:%Y-%m-%d %H:%M:%S}", ended if outcome == "won" else "", ended if outcome == "lost" else "", "Budget" if outcome == "lost" else "", ""])  # fmt: skip
    write_csv(folder / "deals-7654.csv", [head, *body])
    return Right(customers=7, people=3, outcomes=outcomes, pipeline=total)


def shopify_orders(folder: Path) -> Right:
    rows = lines()
    head = ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Billing Name", "Vendor"]  # fmt: skip
    body, seen = [], set()
    for each in rows:
        whole = sum(one.net for one in rows if one.order == each.order)
        first = each.order not in seen
        seen.add(each.order)
        stamp = f"{each.day} 10:00:00 +0100"
        top = ["paid", stamp, "fulfilled", "EUR", whole, 4.9, 0, whole + 4.9, stamp] if first else [""] * 9
        body.append([f"#{each.order}", "a@b.c" if first else "", *top, each.quantity, GOODS[each.good][1], each.price, GOODS[each.good][0], WESTERN[each.customer] if first else "", "Me"])  # fmt: skip
    write_csv(folder / "orders_export_1.csv", [head, *body])
    found = right(rows)
    found.people = 0
    return found


def xero_invoices(folder: Path) -> Right:
    rows = lines()
    head = ["ContactName", "InvoiceNumber", "InvoiceDate", "DueDate", "Total", "TaxTotal", "InvoiceAmountPaid", "InvoiceAmountDue", "InventoryItemCode", "Description", "Quantity", "UnitAmount", "LineAmount", "TaxAmount", "Currency", "Status"]  # fmt: skip
    body = []
    paid = invoiced = 0.0
    for each in rows:
        same = [one for one in rows if one.order == each.order]
        whole = round(sum(one.net for one in same) * 1.2, 2)
        done = int(each.order) % 2 == 0
        if each is same[0]:
            invoiced += whole
            paid += whole if done else 0
        body.append([WESTERN[each.customer], f"INV-{each.order}", f"{each.day:%d %b %Y}", f"{each.day + dt.timedelta(days=30):%d %b %Y}", whole, 0, whole if done else 0, 0 if done else whole, *GOODS[each.good][:2], each.quantity, each.price, each.net, round(each.net * 0.2, 2), "GBP", "Paid" if done else "Awaiting Payment"])  # fmt: skip
    write_csv(folder / "SalesInvoices.csv", [head, *body])
    found = right(rows, invoiced=round(invoiced, 2), paid=round(paid, 2))
    found.people = 0
    return found


def quickbooks_by_customer(folder: Path) -> Right:
    rows = lines()
    out: list[list[object]] = [["Fixit Ltd"], ["Sales by Customer Detail"], ["January 2024 - December 2025"], [], ["", "Transaction date", "Transaction type", "Num", "Product/Service full name", "Quantity", "Sales price", "Amount", "Balance"]]  # fmt: skip
    for number, name in enumerate(WESTERN):
        own = [each for each in rows if each.customer == number]
        out.append([name])
        total = 0.0
        for each in own:
            total += each.net
            out.append(["", f"{each.day:%m/%d/%Y}", "Invoice", each.order, GOODS[each.good][1], each.quantity, each.price, f"{each.net:,.2f}", f"{total:,.2f}"])  # fmt: skip
        out.append([f"Total for {name}", "", "", "", "", "", "", f"${total:,.2f}"])
    out.append(["TOTAL", "", "", "", "", "", "", f"${sum(each.net for each in rows):,.2f}"])
    write_csv(folder / "Sales by Customer Detail.csv", out)
    found = right(rows)
    found.people = 0
    return found


def odoo_orders(folder: Path) -> Right:
    rows = lines()
    head = ["Order Reference", "Order Date", "Customer", "Salesperson", "Order Lines/Product", "Order Lines/Quantity", "Order Lines/Unit Price", "Order Lines/Subtotal"]  # fmt: skip
    body, seen = [], set()
    for each in rows:
        first = each.order not in seen
        seen.add(each.order)
        top = [f"S{each.order}", dt.datetime.combine(each.day, dt.time(9, 30)), WESTERN[each.customer], PEOPLE[each.rep]] if first else [None] * 4  # fmt: skip
        body.append([*top, GOODS[each.good][1], each.quantity, each.price, each.net])
    write_book(folder / "Sales Order (sale.order).xlsx", Sheet1=[head, *body])
    return right(rows)


def sap_list(folder: Path) -> Right:
    rows = lines()
    head = ["Verkaufsbeleg", "Position", "Auftraggeber", "Name 1", "Belegdatum", "Material", "Materialkurztext", "Auftragsmenge", "ME", "Nettowert", "Währg", "VkBüro"]  # fmt: skip
    body = [[f"00{each.order}", 10, f"10{each.customer}", WESTERN[each.customer], f"{each.day:%d.%m.%Y}", GOODS[each.good][0], GOODS[each.good][1], each.quantity, "ST", german(each.net), "EUR", "Nord"] for each in rows]  # fmt: skip
    for number, row in enumerate(body):
        row[1] = 10 * (number + 1)
    write_csv(folder / "export.txt", [head, *body], delimiter="\t", encoding="utf-16")
    found = right(rows)
    found.people = 0
    return found


def netsuite(folder: Path) -> Right:
    rows = lines()
    head = [
        "Internal ID",
        "Date",
        "Document Number",
        "Name",
        "Sales Rep",
        "Item",
        "Quantity",
        "Amount (Net)",
        "Status",
        "Memo",
    ]
    body = [[90000 + number, f"{each.day.month}/{each.day.day}/{each.day.year}", f"SO{each.order}", f"{each.customer} {WESTERN[each.customer]}", PEOPLE[each.rep], GOODS[each.good][1], each.quantity, f"{each.net:,.2f}", "Billed", ""] for number, each in enumerate(rows)]  # fmt: skip
    write_csv(folder / "SalesOrderResults.csv", [head, *body])
    return right(rows)


def yonyou(folder: Path) -> Right:
    rows = lines()
    head = ["单据日期", "单据编号", "客户编码", "客户名称", "部门名称", "业务员", "存货编码", "存货名称", "规格型号", "主计量单位", "数量", "无税单价", "无税金额", "税率（%）", "税额", "价税合计", "制单人"]  # fmt: skip
    body: list[list[object]] = [[f"{each.day:%Y-%m-%d}", f"XS{each.order}", f"K{each.customer}", CHINESE[each.customer], "销售一部", LEUTE[each.rep], GOODS[each.good][0], f"球阀{each.good}", "DN50", "个", each.quantity, each.price, each.net, 13, round(each.net * 0.13, 2), round(each.net * 1.13, 2), "管理员"] for each in rows]  # fmt: skip
    total = [None] * 16
    body.append(["合计", *total[:9], sum(each.quantity for each in rows), None, round(sum(each.net for each in rows), 2), None, None, None, None])  # fmt: skip
    write_book(
        folder / "销售明细表.xlsx",
        销售明细表=[["销售明细表"], ["查询条件：2024-01-01 至 2025-12-31"], head, *body],
    )
    return right(rows)


def kingdee_gbk(folder: Path) -> Right:
    rows = lines()
    head = [
        "日期",
        "单据编号",
        "购货单位",
        "业务员",
        "产品代码",
        "产品名称",
        "实发数量",
        "销售单价",
        "销售金额",
        "备注",
    ]
    body = [[f"{each.day:%Y/%m/%d}", f"XOUT{each.order}", CHINESE[each.customer], LEUTE[each.rep], GOODS[each.good][0], f"水泵{each.good}", each.quantity, each.price, f"{each.net:,.2f}", ""] for each in rows]  # fmt: skip
    write_csv(folder / "销售出库.csv", [head, *body], encoding="gb18030")
    return right(rows)


def zh_simple(folder: Path) -> Right:
    rows = lines()
    head = ["序号", "下单时间", "客户", "销售", "商品", "成交金额（元）"]
    body = [[number + 1, f"{each.day.year}年{each.day.month}月{each.day.day}日", CHINESE[each.customer], LEUTE[each.rep], f"商品{each.good}", each.net] for number, each in enumerate(rows)]  # fmt: skip
    write_book(folder / "销售台账.xlsx", 台账=[head, *body])
    return right(rows)


def zh_traditional_wan(folder: Path) -> Right:
    rows = lines()
    head = ["訂單編號", "訂單日期", "客戶名稱", "業務員", "產品名稱", "數量", "銷售額（萬元）"]
    body = [[each.order, f"{each.day:%Y/%m/%d}", TAIWAN[each.customer], PEOPLE[each.rep], f"產品{each.good}", each.quantity, round(each.net / 10000, 6)] for each in rows]  # fmt: skip
    write_csv(folder / "訂單.csv", [head, *body], encoding="big5hkscs")
    return right(rows)


def zh_months_across(folder: Path) -> Right:
    rows = [
        ["2025年各客户销售额（万元）"],
        ["客户", "业务员", *(f"{month}月" for month in range(1, 13)), "合计"],
    ]
    total = 0.0
    for number, name in enumerate(CHINESE):
        months = [round(1 + number + month / 10, 2) for month in range(12)]
        total += sum(months)
        rows.append([name, LEUTE[number % 3], *months, round(sum(months), 2)])  # type: ignore[list-item]
    rows.append(
        [
            "合计",
            "",
            *(round(sum(1 + number + month / 10 for number in range(7)), 2) for month in range(12)),
            round(total, 2),
        ]
    )  # type: ignore[list-item]
    write_book(folder / "客户销售额.xlsx", Sheet1=rows)
    return Right(84, None, 7, 3, first=dt.date(2025, 1, 1))


def crm_zh(folder: Path) -> Right:
    head = [
        "商机名称",
        "客户名称",
        "销售阶段",
        "商机金额",
        "赢率",
        "预计成交日期",
        "负责人（主负责人）",
        "创建时间",
        "结单日期",
        "输单原因",
    ]
    body, outcomes, total = [], {"won": 0, "lost": 0, "open": 0}, 0.0
    for number in range(36):
        outcome = ("open", "won", "lost")[number % 3]
        stage = {"won": "赢单", "lost": "输单", "open": "方案报价"}[outcome]
        created = dt.datetime(2025, 1, 5, 9, 12) + dt.timedelta(days=6 * number)
        outcomes[outcome] += 1
        total += 30000 + number
        ended = f"{created + dt.timedelta(days=30):%Y-%m-%d}"
        body.append([f"商机{number}", CHINESE[number % 7], stage, 30000 + number, f"{(60, 100, 0)[number % 3]}%", ended, LEUTE[number % 3], f"{created:%Y-%m-%d %H:%M}", "" if outcome == "open" else ended, "价格" if outcome == "lost" else ""])  # fmt: skip
    write_book(folder / "商机.xlsx", 商机=[head, *body])
    return Right(customers=7, people=3, outcomes=outcomes, pipeline=total)


def headers_and_lines(folder: Path) -> Right:
    rows = lines()
    seen: dict[str, Line] = {}
    for each in rows:
        seen.setdefault(each.order, each)
    write_csv(folder / "order_headers.csv", [["order_id", "customer_id", "order_date", "employee"], *([key, f"C{each.customer}", each.day, PEOPLE[each.rep]] for key, each in seen.items())])  # fmt: skip
    write_csv(folder / "order_lines.csv", [["order_id", "sku", "qty"], *([each.order, GOODS[each.good][0], each.quantity] for each in rows)])  # fmt: skip
    write_csv(
        folder / "products.csv", [["sku", "name", "category", "price"], *(list(good) for good in GOODS)]
    )
    write_csv(folder / "customers.csv", [["customer_id", "company", "city", "country"], *([f"C{number}", name, "X", "DE"] for number, name in enumerate(WESTERN))])  # fmt: skip
    return right(rows)


def invoices_and_payments(folder: Path) -> Right:
    rows = [each for each in lines() if int(each.order) % 3 == 1]
    write_csv(folder / "invoices.csv", [["Invoice No", "Customer", "Invoice Date", "Due Date", "Amount"], *([f"R{number}", WESTERN[each.customer], each.day, each.day + dt.timedelta(days=30), each.net] for number, each in enumerate(rows))])  # fmt: skip
    paid = [(f"R{number}", each.day + dt.timedelta(days=20 + part), round(each.net / 4, 2)) for number, each in enumerate(rows) for part in range(2) if number % 2]  # fmt: skip
    write_csv(folder / "payments.csv", [["Payment ID", "Invoice No", "Payment Date", "Amount Paid"], *([900 + n, *each] for n, each in enumerate(paid))])  # fmt: skip
    total = round(sum(each.net for each in rows), 2)
    return Right(len(rows), total, len({each.customer for each in rows}), 0, invoiced=total, paid=round(sum(each[2] for each in paid), 2))  # fmt: skip


def overlapping_months(folder: Path) -> Right:
    rows = lines()
    head = ["Order No", "Order Date", "Client", "Rep", "Item", "Qty", "Net Sales"]

    def body(some: Sequence[Line]) -> list[list[object]]:
        return [[each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, each.net] for each in some]  # fmt: skip

    write_csv(folder / "sales-2024.csv", [head, *body(rows[:36])])
    write_csv(folder / "sales-2025.csv", [head, *body(rows[30:])])
    return right(rows)


def pivot_beside_data(folder: Path) -> Right:
    rows = lines()
    head = ["Invoice", "Date", "Customer Name", "Salesperson", "SKU", "Units", "Revenue (USD)"]
    body = [[each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][0], each.quantity, each.net] for each in rows]  # fmt: skip
    pivot = [["Row Labels", "Sum of Revenue"], *([name, 5] for name in WESTERN), ["Grand Total", 35]]
    write_book(folder / "book.xlsx", Pivot=pivot, Data=[head, *body], Notes=[["made by me"]])
    return right(rows)


def two_heading_rows(folder: Path) -> Right:
    rows = lines()
    top = ["Order", None, "Customer", None, "Sales rep", "Product", None, "Sales", None]
    sub = ["No.", "Date", "No.", "Name", "Name", "SKU", "Name", "Quantity", "Net amount"]
    body = [[each.order, each.day, f"C{each.customer}", WESTERN[each.customer], PEOPLE[each.rep], *GOODS[each.good][:2], each.quantity, each.net] for each in rows]  # fmt: skip
    write_book(folder / "report.xlsx", Report=[["Sales report 2024/25"], [], top, sub, *body])
    return right(rows)


def zip_of_csv(folder: Path) -> Right:
    rows = lines()
    head = ["order number", "purchase date", "buyer", "agent", "article", "pieces", "line total"]
    body = [[each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, each.net] for each in rows]  # fmt: skip
    write_csv(folder / "inner" / "sales.csv", [head, *body])
    with zipfile.ZipFile(folder / "sales.zip", "w") as archive:
        archive.write(folder / "inner" / "sales.csv", "sales.csv")
    (folder / "inner" / "sales.csv").unlink()
    (folder / "inner").rmdir()
    return right(rows)


def month_day_asked(folder: Path) -> Right:
    rows = [["Order ID", "Date", "Customer", "Amount"], *([n, f"{1 + n % 12:02}/{1 + (5 * n) % 12:02}/2025", WESTERN[n % 7], 100 + n] for n in range(30))]  # fmt: skip
    write_csv(folder / "orders.csv", rows)
    return Right(asked="date_order")


def no_date_at_all(folder: Path) -> Right:
    write_csv(folder / "list.csv", [["Customer", "Product", "Amount"], *([WESTERN[n % 7], GOODS[n % 4][1], 100 + n] for n in range(30))])  # fmt: skip
    return Right(asked="date")


def months_without_year(folder: Path) -> Right:
    rows: list[list[object]] = [["Rep", "Jan", "Feb", "Mar", "Apr", "May", "Jun"]]
    rows += [[name, *(100 + 10 * month for month in range(6))] for name in PEOPLE]
    write_csv(folder / "sales by rep.csv", rows)
    return Right(asked="year")


def months_with_answer(folder: Path) -> Right:
    months_without_year(folder)
    return Right(18, 3 * 750, 0, 3, answers=("year=2025",), first=dt.date(2025, 1, 1))


def targets_beside_orders(folder: Path) -> Right:
    rows = lines()
    head = ["Order ID", "Order Date", "Customer", "Sales Person", "Product", "Net Value"]
    body = [[each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.net] for each in rows]  # fmt: skip
    target = [["Sales Person", *(f"{month} 2025" for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")), "Total"], *([name, *[500] * 12, 6000] for name in PEOPLE), ["Total", *[1500] * 12, 18000]]  # fmt: skip
    write_book(folder / "sales and quota.xlsx", Orders=[head, *body], Quota=target)
    return right(rows, targets=18000.0)


def cancelled_rows(folder: Path) -> Right:
    rows = lines()
    head = ["Order Number", "Order Status", "Order Date", "First Name (Billing)", "Company (Billing)", "SKU", "Item Name", "Quantity", "Item Cost", "Order Line Total"]  # fmt: skip
    body = [[each.order, "cancelled" if each.order == "1006" else "completed", f"{each.day} 12:00", "X", WESTERN[each.customer], *GOODS[each.good][:2], each.quantity, each.price, each.net] for each in rows]  # fmt: skip
    write_csv(folder / "woocommerce-orders.csv", [head, *body])
    kept = [each for each in rows if each.order != "1006"]
    found = right(kept)
    found.people, found.first = 0, rows[0].day
    return found


def repeated_order_total(folder: Path) -> Right:
    rows = lines(120)
    head = ["OrderNo", "OrderDate", "Account", "Owner", "Product", "OrderTotal"]
    totals = {each.order: round(sum(one.net for one in rows if one.order == each.order), 2) for each in rows}
    body = [[each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], totals[each.order]] for each in rows]  # fmt: skip
    write_csv(folder / "dump.csv", [head, *body])
    return right(rows)


def merged_customers(folder: Path) -> Right:
    rows = sorted(lines(), key=lambda each: each.customer)
    head = ["Customer", "Order", "Date", "Article", "Amount"]
    body, before = [], None
    for each in rows:
        body.append([WESTERN[each.customer] if each.customer != before else None, each.order, each.day, GOODS[each.good][1], each.net])  # fmt: skip
        before = each.customer
    write_book(folder / "by customer.xlsx", Sheet1=[head, *body])
    found = right(rows)
    found.people = 0
    found.first = min(each.day for each in rows)
    return found


def html_workbook(folder: Path) -> Right:
    rows = lines()
    head = ["单据日期", "单据编号", "客户", "经手人", "商品名称", "数量", "单价", "金额"]
    cells = [head, *([f"{each.day:%Y-%m-%d}", each.order, CHINESE[each.customer], LEUTE[each.rep], f"货{each.good}", each.quantity, each.price, each.net] for each in rows)]  # fmt: skip
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "销售单查询.xls").write_text(
        f"<html><meta charset='utf-8'><table>{table}</table></html>", encoding="utf-8"
    )
    return right(rows)


def sheets_by_month(folder: Path) -> Right:
    rows = [each for each in lines() if each.day.year == 2025]
    head = ["客户名称", "业务员", "产品名称", "数量", "销售额"]
    months = {month: [[CHINESE[each.customer], LEUTE[each.rep], f"阀{each.good}", each.quantity, each.net] for each in rows if each.day.month == month] for month in range(1, 13)}  # fmt: skip
    months = {month: found for month, found in months.items() if found}
    write_book(
        folder / "2025年销售.xlsx", **{f"{month}月": [head, *found] for month, found in months.items()}
    )
    return Right(len(rows), round(sum(each.net for each in rows), 2), len({each.customer for each in rows}), 3, first=dt.date(2025, min(months), 1))  # fmt: skip


def offset_table_with_serial_days(folder: Path) -> Right:
    rows = lines()
    head = [None, None, "Sales Order", "Doc Date", "Bill-to Customer", "Account Manager", "Part Number", "Ordered Qty", "Extended Price"]  # fmt: skip
    body = [[None, None, each.order, (each.day - dt.date(1899, 12, 30)).days, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][0], each.quantity, each.net] for each in rows]  # fmt: skip
    write_book(folder / "extract.xlsx", Data=[[], [], [None, None, "Confidential"], [], head, *body])
    return right(rows)


def regions_with_subtotals(folder: Path) -> Right:
    rows = lines()
    out: list[list[object]] = [["销售日报"], ["区域", "日期", "单号", "客户", "业务员", "金额"]]
    for name, wanted in (("华东", 0), ("华南", 1)):
        own = [each for each in rows if each.customer % 2 == wanted]
        out += [[name if number == 0 else None, each.day, each.order, CHINESE[each.customer], LEUTE[each.rep], each.net] for number, each in enumerate(own)]  # fmt: skip
        out.append([f"{name}小计", None, None, None, None, round(sum(each.net for each in own), 2)])
    out.append(["总计", None, None, None, None, round(sum(each.net for each in rows), 2)])
    write_book(folder / "日报.xlsx", Sheet1=out)
    found = right(rows)
    found.goods, found.first = 0, min(each.day for each in rows)
    return found


def years_across(folder: Path) -> Right:
    head = ["Customer", "Sales rep", "2023", "2024", "2025"]
    write_csv(folder / "revenue per customer.csv", [head, *([name, PEOPLE[number % 3], 1000 + number, 1100 + number, 1200 + number] for number, name in enumerate(WESTERN))])  # fmt: skip
    return Right(21, sum(3300 + 3 * number for number in range(7)), 7, 3, first=dt.date(2023, 1, 1))


def long_targets(folder: Path) -> Right:
    rows = lines()
    write_csv(folder / "sales.csv", [["Order No.", "Date", "Customer", "Seller", "Value"], *([each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], each.net] for each in rows)])  # fmt: skip
    write_csv(folder / "budget.csv", [["Month", "Seller", "Budget"], *([f"2025-{month:02}", name, 700] for month in range(1, 13) for name in PEOPLE)])  # fmt: skip
    found = right(rows, targets=12 * 3 * 700.0)
    found.goods = 0
    return found


def people_across_months(folder: Path) -> Right:
    rows = lines()
    write_csv(folder / "orders.csv", [["Order No.", "Date", "Customer", "Seller", "Value"], *([each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], each.net] for each in rows)])  # fmt: skip
    write_csv(folder / "targets 2025.csv", [["Month", *PEOPLE, "Total"], *([f"2025-{month:02}", 100, 200, 300, 600] for month in range(1, 13))])  # fmt: skip
    found = right(rows, targets=7200.0)
    found.goods = 0
    return found


def credit_notes(folder: Path) -> Right:
    rows = lines()
    head = ["Invoice #", "Inv. Date", "Client Name", "Sales Rep", "Description", "Qty", "Rate", "Total Excl. VAT", "VAT", "Total Incl. VAT"]  # fmt: skip
    body = [[each.order, f"{each.day:%d-%b-%Y}", WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, each.price, each.net, round(each.net * 0.2, 2), round(each.net * 1.2, 2)] for each in rows]  # fmt: skip
    body.append(
        [
            "CN-1",
            "05-Dec-2025",
            WESTERN[0],
            PEOPLE[0],
            "Ball valve",
            -1,
            120.0,
            "(120.00)",
            "(24.00)",
            "(144.00)",
        ]
    )
    write_csv(folder / "invoice register.csv", [head, *body])
    found = right(rows)
    found.orders, found.net = len(rows) + 1, round(sum(each.net for each in rows) - 120, 2)
    return found


def american_moments(folder: Path) -> Right:
    rows = lines()
    head = [
        "Transaction ID",
        "Transaction Time",
        "Store",
        "Cashier",
        "Item",
        "Qty Sold",
        "Gross Sales",
        "Discounts",
        "Net Sales",
    ]
    body = [[f"T{each.order}", f"{each.day:%m/%d/%Y} 03:15 PM", f"Shop {each.customer % 2}", PEOPLE[each.rep], GOODS[each.good][1], each.quantity, f"${each.net + 5:,.2f}", "-$5.00", f"${each.net:,.2f}"] for each in rows]  # fmt: skip
    write_csv(folder / "items-2024-2025.csv", [head, *body])
    found = right(rows)
    found.customers = found.people = None
    return found


def excel_hint_line(folder: Path) -> Right:
    rows = lines()
    head = [
        "Bestellnr",
        "Bestelldatum",
        "Firma",
        "Vertriebsmitarbeiter",
        "Produkt",
        "Anzahl",
        "Umsatz netto €",
    ]
    text = [";".join(head), *(";".join(map(str, [each.order, f"{each.day:%d.%m.%y}", WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.quantity, german(each.net)])) for each in rows)]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bestellungen.csv").write_text("sep=;\n" + "\n".join(text) + "\n", encoding="utf-8-sig")
    return right(rows)


def changed_headings(folder: Path) -> Right:
    rows = lines()
    write_csv(folder / "2024 export.csv", [["Order ID", "Order Date", "Customer", "Sales Rep", "Product", "Net Sales"], *([each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.net] for each in rows[:34])])  # fmt: skip
    write_csv(folder / "2025 export.csv", [["Order No", "Date of order", "Customer", "Salesperson", "Product", "Net amount", "Channel"], *([each.order, each.day, WESTERN[each.customer], PEOPLE[each.rep], GOODS[each.good][1], each.net, "Web"] for each in rows[34:])])  # fmt: skip
    return right(rows)


def crm_with_accounts(folder: Path) -> Right:
    write_csv(folder / "Accounts.csv", [["Account ID", "Account Name", "Industry", "Billing Country", "Account Owner", "Annual Revenue"], *([f"001{number}", name, "Retail", "DE", PEOPLE[number % 3], 1e6] for number, name in enumerate(WESTERN))])  # fmt: skip
    outcomes, body, total = {"won": 0, "lost": 0, "open": 0}, [], 0.0
    for number in range(30):
        outcome = ("won", "lost", "open")[number % 3]
        outcomes[outcome] += 1
        total += 500 + number
        created = dt.date(2025, 1, 5) + dt.timedelta(days=6 * number)
        body.append([f"006{number}", f"001{number % 7}", f"Deal {number}", {"won": "Closed Won", "lost": "Closed Lost", "open": "Qualification"}[outcome], 500 + number, created, created + dt.timedelta(days=30), PEOPLE[number % 3]])  # fmt: skip
    write_csv(folder / "Opportunities.csv", [["Opportunity ID", "Account ID", "Opportunity Name", "Stage", "Amount", "Created Date", "Close Date", "Opportunity Owner"], *body])  # fmt: skip
    return Right(customers=7, people=3, outcomes=outcomes, pipeline=total)


def zh_receivables(folder: Path) -> Right:
    rows = [each for each in lines() if int(each.order) % 3 == 1]
    head = ["发票号", "开票日期", "客户名称", "业务员", "开票金额", "已回款金额", "未回款金额", "到期日"]
    body = [[f"FP{number}", each.day, CHINESE[each.customer], LEUTE[each.rep], each.net, round(each.net / 2, 2), round(each.net - round(each.net / 2, 2), 2), each.day + dt.timedelta(days=60)] for number, each in enumerate(rows)]  # fmt: skip
    write_book(folder / "应收账款明细.xlsx", 应收=[head, *body])
    total = round(sum(each.net for each in rows), 2)
    return Right(len(rows), total, len({each.customer for each in rows}), 3, invoiced=total, paid=round(sum(round(each.net / 2, 2) for each in rows), 2))  # fmt: skip


def no_customer_at_all(folder: Path) -> Right:
    rows = lines()
    head = ["date", "order", "product", "category", "qty", "revenue", "country"]
    write_csv(folder / "shop.csv", [head, *([each.day, each.order, GOODS[each.good][1], GOODS[each.good][2], each.quantity, each.net, "DE"] for each in rows)])  # fmt: skip
    found = right(rows)
    found.customers = found.people = 0
    return found


CASES: dict[str, Callable[[Path], Right]] = {
    maker.__name__: maker
    for maker in (de_flat, fr_flat, es_price_times_quantity, pt_flat, it_book, salesforce_report, hubspot_deals, pipedrive_deals, shopify_orders, xero_invoices, quickbooks_by_customer, odoo_orders, sap_list, netsuite, yonyou, kingdee_gbk, zh_simple, zh_traditional_wan, zh_months_across, crm_zh, headers_and_lines, invoices_and_payments, overlapping_months, pivot_beside_data, two_heading_rows, zip_of_csv, month_day_asked, no_date_at_all, months_without_year, months_with_answer, targets_beside_orders, cancelled_rows, repeated_order_total, merged_customers, html_workbook, sheets_by_month, offset_table_with_serial_days, regions_with_subtotals, years_across, long_targets, people_across_months, credit_notes, american_moments, excel_hint_line, changed_headings, crm_with_accounts, zh_receivables, no_customer_at_all)
}  # fmt: skip
