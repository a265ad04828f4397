"""What does a heading mean, by the meanings of its parts? Customer and name are a customer's name, net and price a price.

A meaning is not yet a column: `tables` decides which table a file is and which of its meanings are that table's columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from salesnb.intake.foreign.vocabulary import Parts

ENTITIES = {
    "line_of_products": "product_line",
    "product": "product",
    "customer": "customer",
    "rep": "rep",
    "team": "team",
    "region": "region",
    "country": "country",
    "state": "state",
    "deal": "deal",
    "invoice": "invoice",
    "order": "order",
    "lead": "lead",
    "quote": "quote",
    "activity": "activity",
}
IDENTIFIED = {"order": "order_no", "invoice": "invoice_no", "quote": "quote_no"}
DATES = (  # of a date, the first qualifier that stands in its heading tells what it is of
    ("modified", "nothing"),
    ("expected", "expected_close"),
    ("hired", "hired_on"),
    ("left", "left_on"),
    ("due", "due_date"),
    ("shipped", "ship_date"),
    ("paid", "paid_date"),
    ("closed", "closed"),
    ("lost", "closed"),
    ("created", "created"),
    ("invoice", "invoice_date"),
    ("made", "made_date"),
    ("order", "order_date"),
    ("sales", "order_date"),
    ("stage", "stage_date"),
    ("activity", "activity_date"),
)
ALONE = {  # one part that says it all
    "currency": "currency",
    "exchange": "exchange_rate",
    "probability": "probability",
    "terms": "terms",
    "credit_limit": "credit_limit",
    "employees": "employees",
    "industry": "industry",
    "segment": "segment",
    "competitor": "competitor",
    "channel": "channel",
    "stage": "stage",
    "status": "status",
    "result": "status",
    "role": "role",
    "first_name": "first_name",
    "last_name": "last_name",
    "period": "period",
    "year": "year",
    "quarter": "quarter_no",
    "type": "type",
    "subject": "subject",
    "email": "email",
    "duration": "duration",
    "description": "description",
    "name": "name",
    "id": "id",
    "date": "date",
    "line": "line_no",
    "freight": "nothing",
    "spreadsheet": "nothing",
}
KINDS = {  # what a column must hold to be that
    **dict.fromkeys(
        ("expected_close", "hired_on", "left_on", "due_date", "ship_date", "paid_date", "closed", "created", "invoice_date", "made_date", "order_date", "stage_date", "activity_date", "date", "period"),
        "date",
    ),
    **dict.fromkeys(
        ("quantity", "unit_price", "list_price", "unit_cost", "cost_amount", "profit", "tax_amount", "discount_amount", "discount_share", "discount", "target_amount", "balance", "paid_amount", "weighted", "annual_revenue", "net_amount", "gross_amount", "list_amount", "amount", "local_amount", "probability", "credit_limit", "employees", "duration", "exchange_rate"),
        "number",
    ),
}  # fmt: skip
FIELDS = frozenset(
    [
        *KINDS,
        *ALONE.values(),
        *IDENTIFIED.values(),
        *(f"{each}{end}" for each in ENTITIES.values() for end in ("", "_id", "_name")),
        "contact",
        "deal_name",
        "loss_reason",
        "won_flag",
        "closed_flag",
        "paid_flag",
        "nothing",
    ]
)
_SOLD = frozenset(("order", "invoice", "line", "sales", "product", "amount", "local"))
BESIDE = {  # the parts that may stand in a heading of that meaning; any other says that it may mean something else
    **dict.fromkeys(("amount", "net_amount", "gross_amount", "list_amount", "local_amount"), _SOLD | {"net", "gross", "list", "foreign", "tax", "deal", "actual", "price", "currency", "quote", "made", "closed"}),
    "quantity": _SOLD - {"invoice", "local"} | {"quantity", "unit", "net"},
    "unit_price": _SOLD - {"invoice"} | {"price", "unit", "net", "gross", "foreign", "actual", "discount", "closed"},
    "list_price": _SOLD | {"price", "list", "unit", "net", "gross"},
    **dict.fromkeys(("unit_cost", "cost_amount"), _SOLD | {"cost", "unit", "price", "net"}),
    "profit": _SOLD | {"profit", "net", "gross", "deal", "expected"},
    **dict.fromkeys(("discount", "discount_amount", "discount_share"), _SOLD | {"discount", "percent", "price", "unit"}),
    "balance": _SOLD - {"product"} | {"balance", "due", "paid", "customer", "foreign"},
    "weighted": frozenset(("probability", "amount", "deal", "sales", "expected")),
    "probability": frozenset(("probability", "deal", "expected", "closed", "percent", "sales")),
    "exchange_rate": frozenset(("exchange", "currency", "order", "invoice", "local", "foreign", "price", "made")),
    "currency": _SOLD | {"currency", "foreign", "deal", "id", "name", "made", "paid"},
    "terms": frozenset(("terms", "paid", "customer", "invoice", "order", "sales", "id", "name", "description")),
    "credit_limit": frozenset(("credit_limit", "customer", "amount")),
    "employees": frozenset(("employees", "customer")),
    "industry": frozenset(("industry", "customer", "name")),
    "segment": frozenset(("segment", "customer", "name", "type", "line_of_products")),
    "competitor": frozenset(("competitor", "name", "deal")),
    "role": frozenset(("role", "rep", "name")),
    "status": frozenset(("status", "result", "order", "invoice", "deal", "sales", "lead", "name")),
    "stage": frozenset(("stage", "deal", "name", "sales", "closed", "status")),
    "channel": frozenset(("channel", "customer", "lead", "deal", "order", "sales", "name")),
}  # fmt: skip
OF_WHOM = {  # entities are named with what they have to do with
    "product": _SOLD | {"deal"},
    "customer": frozenset(("order", "invoice", "deal", "sales")),
    "rep": frozenset(("customer", "order", "invoice", "deal", "lead", "sales", "closed", "first_name", "last_name")),
    "team": frozenset(("rep", "order", "deal", "sales")),
    **dict.fromkeys(("region", "country", "state"), frozenset(("customer", "rep", "order", "sales"))),
    "product_line": frozenset(("line_of_products", "product", "sales", "type")),
    **dict.fromkeys(("order", "invoice", "quote"), frozenset(("sales", "made"))),
    **dict.fromkeys(("deal", "lead", "activity"), frozenset(("sales",))),
}  # fmt: skip
OF_KINDS = frozenset(("channel", "status", "stage", "industry", "segment", "terms", "role"))
NAMED = frozenset(("id", "name", "description"))
EVENTS = frozenset(("hired", "left", "shipped", "paid", "closed", "created", "stage", "activity"))
TOTALS = frozenset(("total", "sum", "合计", "总计", "总", "totale", "gesamt", "somme", "totaal"))
LINKS = frozenset(
    ("de", "del", "do", "da", "di", "du", "d", "della", "dell", "des", "der", "van", "von")
)  # after which stands whose it is
COST_PRICES = frozenset(("cost price", "einkaufspreis", "einstandspreis", "ek", "prix d achat", "prix de revient", "prezzo di acquisto", "kostprijs", "inkoopprijs", "进价", "成本价"))  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """What a heading means, and how it is known: `known` (listed, or every part understood and at home in that meaning) or
    `partly`."""

    field: str
    sure: str


def meaning_of(parts: Parts) -> Meaning | None:
    """The heading's meaning; None where its parts say nothing together."""
    if parts.whole:
        return Meaning(parts.whole, "known")
    field = _composed(parts)
    if field is None:
        return None
    sure = not parts.strange and not parts.weak and _at_home(field, parts)
    return Meaning(field, "known" if sure else "partly")


def _at_home(field: str, parts: Parts) -> bool:
    """Does every part of the heading belong to that meaning? Shipped does not to a quantity, two events compete for a day."""
    found = frozenset(parts.meanings)
    if KINDS.get(field) == "date" and field != "period":
        return len(found & EVENTS) < 2 and not found & {"quote", "lead", "customer", "rep"} - {
            field.removesuffix("_date")
        }
    if field in OF_KINDS and parts.meanings[-1] in ENTITIES and not LINKS & set(parts.words):
        return False  # a source document is a document
    base = field.removesuffix("_id").removesuffix("_name").removesuffix("_no")
    if base in OF_WHOM:
        return found <= OF_WHOM[base] | NAMED | {base}
    return field not in BESIDE or found <= BESIDE[field]


def _composed(parts: Parts) -> str | None:
    found = frozenset(parts.meanings)
    if not found:
        return None
    if "email" in found:
        return "email"
    if found in ({"foreign"}, {"local"}):
        return "currency" if "foreign" in found else "nothing"
    if found == {"paid"} and set(parts.words) & {"at", "on", "am", "le", "el", "il", "em"}:
        return "paid_date"
    if found & {"nothing", "parent", "company_word"} or _counts(parts):
        return "nothing"
    if "contact" in found:
        return "contact" if found <= {"contact", "name", "deal", "invoice", "order"} else "nothing"
    for rule in (_flag, _day, _money, _plain, _entity):
        field = rule(found, parts)
        if field:
            return field
    return None


def _counts(parts: Parts) -> bool:
    """Number of Opportunities is a count of them, and nobody's number."""
    words = parts.words
    return any(words[place] in ("number", "no", "count") and words[place + 1] == "of" and words[place + 2].endswith("s") for place in range(len(words) - 2))  # fmt: skip


def _flag(found: frozenset[str], parts: Parts) -> str | None:
    if "flag" not in found:
        return None
    rest = found - {"flag", "sales"}
    return {
        frozenset(("closed",)): "closed_flag",
        frozenset(("paid",)): "paid_flag",
        frozenset(("lost",)): "nothing",
    }.get(rest, "nothing" if rest else None)


def _day(found: frozenset[str], parts: Parts) -> str | None:
    others = (
        {qualifier for qualifier, _ in DATES}
        | ({"net"} if "due" in found else set())
        | {"deal", "lead", "customer", "quote", "period", "rep"}
    )
    qualifiers = found & {qualifier for qualifier, _ in DATES}
    rest = found - set(ENTITIES)
    alone = (
        bool(rest)
        and rest != {"expected"}
        and rest
        <= {
            "expected",
            "modified",
            "hired",
            "left",
            "due",
            "shipped",
            "closed",
            "created",
            "made",
        }
    )
    if not ("date" in found or (alone and qualifiers)):
        return None
    if found - others - {"date", "id", "actual", "target", "name", "quantity"}:
        return "nothing" if "duration" in found else None
    if "id" in found or "name" in found or "quantity" in found:
        return None
    if {"due", "net"} <= found or ("expected" in found and "paid" in found):
        return "due_date"
    if "expected" in found and "shipped" in found:
        return "ship_date"
    if "target" in found and not qualifiers:
        return "expected_close"
    return next((field for qualifier, field in DATES if qualifier in found), "date")


def _money(found: frozenset[str], parts: Parts) -> str | None:
    has = found.__contains__
    rules: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: (has("quantity") and has("balance")) or (has("discount") and has("id")), "nothing"),
        (lambda: has("quantity") and (not has("price") or parts.meanings[-1] == "quantity") and (not has("amount") or TOTALS & set(parts.words) or parts.meanings[-1] == "quantity"), "quantity"),
        (lambda: has("profit"), "nothing" if has("percent") or has("unit") else "profit"),
        (lambda: has("freight") and not has("net"), "nothing"),
        (lambda: has("cost"), "unit_cost" if has("unit") or has("price") or has("product") or COST_PRICES & set(parts.words) else "cost_amount"),
        (lambda: has("discount") and has("percent"), "discount_share"),
        (lambda: has("discount") and has("price"), "unit_price"),
        (lambda: has("discount") and has("amount") and not has("net"), "discount_amount"),
        (lambda: has("discount") and not has("net"), "discount"),
        (lambda: has("exchange"), "exchange_rate"),
        (lambda: has("price") and has("list"), "list_price"),
        (lambda: has("price") and has("amount") and not has("unit"), _of_amount(found)),
        (lambda: has("price"), "unit_price"),
        (lambda: has("percent") and not has("probability"), "nothing"),
        (lambda: has("target") and found <= {"target", "amount", "sales", "net", "period", "year", "annual", "quarter", "rep", "order", "made"}, "target_amount"),
        (lambda: has("freight"), "nothing"),
        (lambda: has("tax") and not found & {"net", "gross"}, "tax_amount" if found <= {"tax", "amount", "local", "order", "invoice", "line", "sales"} else "nothing"),
        (lambda: has("balance") and not has("quantity"), "balance"),
        (lambda: has("due") and has("amount"), "balance"),
        (lambda: has("paid") and found <= {"paid", "amount", "customer", "invoice", "order", "actual", "sales", "local"}, "paid_amount"),
        (lambda: has("annual") and found <= {"annual", "amount", "sales", "customer"}, "annual_revenue"),
        (lambda: has("probability") and has("amount"), "weighted"),
        (lambda: has("credit_limit"), "credit_limit"),
        (lambda: has("amount") and has("unit"), "unit_price"),
        (lambda: has("amount"), _of_amount(found)),
        (lambda: has("gross") or has("net"), _of_amount(found) if not found & {"id", "name", "customer"} else "nothing"),
        (lambda: found <= {"sales", "actual"}, "amount"),
        (lambda: found <= {"sales", "local"} and has("sales"), "amount"),
    )  # fmt: skip
    return next((field for applies, field in rules if applies()), None)


def _of_amount(found: Collection[str]) -> str:
    if "id" in found or "type" in found:
        return "nothing"
    if "currency" in found and not {"local", "foreign"} & set(found):  # unless the cells are amounts in it
        return "currency"
    for qualifier, field in (("list", "list_amount"), ("net", "net_amount"), ("gross", "gross_amount"), ("local", "local_amount")):  # fmt: skip
        if qualifier in found:
            return field
    return "amount"


def _plain(found: frozenset[str], parts: Parts) -> str | None:
    if "reason" in found:
        won = {"won", "gewonnen"} & set(parts.words)
        return (
            "loss_reason"
            if (found & {"lost", "closed", "deal"} or found == {"reason"}) and not won
            else "nothing"
        )
    if "closed" in found and found <= {"closed", "actual"}:
        return "closed"
    for part in ("currency", "exchange", "probability", "terms", "credit_limit", "employees", "industry", "segment", "competitor", "role"):  # fmt: skip
        if part in found:
            return ALONE[part]
    if "status" in found or "result" in found:
        return "stage" if "stage" in found else "status" if not found & {"shipped", "modified"} else "nothing"
    if "stage" in found:
        return "stage" if found <= {"stage", "deal", "name", "sales", "closed"} else "nothing"
    if "channel" in found:
        return "channel"
    if found <= {"line", "id", "order", "invoice"} and "line" in found:
        return "line_no"
    if len(found) == 1:
        return ALONE.get(next(iter(found)))
    return None


def _entity(found: frozenset[str], parts: Parts) -> str | None:
    listed = [each for each in parts.meanings if each in ENTITIES]
    if not listed:
        people = [each for each in ("first_name", "last_name") if each in found]
        if people:
            return people[0]
        if found <= {"sales", "id", "name"} and "sales" in found:
            return "order_no" if "id" in found else "rep_name" if "name" in found else None
        if found <= {"id", "name", "type"}:
            return "type" if "type" in found else "name" if "name" in found else "id"
        if "period" in found:
            return "period"
        if "target" in found:
            return "target_amount"
        return None
    linked = bool(LINKS & set(parts.words))
    entity = listed[0] if linked else listed[-1]
    if "line_of_products" in listed and entity in ("product", "line_of_products"):
        entity = "line_of_products"
        if "customer" in listed:  # a category of customers
            return "segment"
    if "rep" in listed and "id" not in found and len(listed) > 1 and listed[-1] not in ("team", "region"):
        entity = "rep"
    base = ENTITIES[entity]
    if "first_name" in found or "last_name" in found:
        return "nothing" if entity != "rep" else "first_name" if "first_name" in found else "last_name"
    if "type" in found:
        return {"product": "product_line", "customer": "segment"}.get(base, "type")
    if found & {"date", "modified", "duration"}:
        return "nothing"
    if "id" in found and not ("name" in found and parts.meanings.index("name") > parts.meanings.index("id")):
        return IDENTIFIED.get(base, f"{base}_id")
    if base in ("order", "invoice", "quote"):
        return (
            "subject" if "name" in found else IDENTIFIED[base] if found <= {base, "sales", "made"} else None
        )
    if base == "activity" and "name" not in found:
        return "type"
    return f"{base}_name" if found & {"name", "description"} else base
