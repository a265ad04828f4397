"""Which table does the name of a file or a sheet mean? In English, Chinese and a few more languages."""

from __future__ import annotations

import unicodedata

from salesnb.intake.columns import in_language
from salesnb.intake.schema import TABLES

OTHERS = {
    "accounts": "客户 客户表 客户清单 客户资料 客户档案 kunden kundenstamm debitoren clients clientes clienti customers",
    "reps": "销售人员 销售代表 销售员 业务员 人员 员工 mitarbeiter verkäufer vendeurs vendedores venditori salespeople sales_people sales_reps",
    "products": "产品 产品表 商品 物料 produkte artikel produits productos prodotti produtos",
    "orders": "订单 销售订单 订单明细 销售明细 aufträge auftraege bestellungen verkäufe commandes ventes pedidos ventas ordini vendas sales_orders",
    "targets": "目标 销售目标 指标 销售指标 任务 ziele umsatzziele objectifs objetivos obiettivi metas quotas",
    "leads": "线索 销售线索 interessenten prospects",
    "opportunities": "商机 销售机会 销售商机 机会 verkaufschancen chancen opportunités oportunidades opportunità deals",
    "stage_events": "阶段变动 阶段变更 阶段记录",
    "activities": "销售活动 活动 拜访 拜访记录 跟进记录 aktivitäten aktivitaeten besuche activités actividades attività",
    "checklist_items": "检查清单 检查清单项 清单",
    "invoices": "发票 应收 应收账款 开票 rechnungen factures facturas fatture faturas",
    "rates": "汇率 wechselkurse taux exchange_rates",
    "satisfaction": "满意度 客户满意度 zufriedenheit",
    "training": "培训 培训记录 schulungen formation",
    "pulse": "员工状态调查 员工脉搏调查 压力调查",
    "events": "事件 大事记 ereignisse",
    "actions": "行动项 行动 措施 massnahmen maßnahmen",
}


def table_named(stem: str) -> str | None:
    """The table that a file or sheet name means; case, width and blanks do not count."""
    return NAMES.get(_folded(stem))


def table_name(table: str, language: str) -> str:
    """What we call a table's file or sheet in that language."""
    return in_language(table, OTHERS[table].split(), language)


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    return text.replace(" ", "_").replace("-", "_")


NAMES = {_folded(name): table for table, names in OTHERS.items() for name in names.split()} | {
    table: table for table in TABLES
}
