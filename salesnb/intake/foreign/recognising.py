"""What is each column, and which table is each file? Headings first, then what the cells say for or against them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from salesnb.intake.foreign.meanings import Meaning
from salesnb.intake.foreign.opening import Column, Foreign
from salesnb.intake.foreign.profiles import MOSTLY
from salesnb.intake.foreign.settling import settled
from salesnb.intake.foreign.unnamed import fields_of
from salesnb.intake.reading import layouts, raw_tables

DATED = ("order_date", "date", "invoice_date", "made_date", "closed", "created", "paid_date", "period", "ship_date", "due_date", "expected_close", "activity_date")  # fmt: skip
MONEY = ("net_amount", "amount", "local_amount", "gross_amount", "list_amount")
ENOUGH = 4
NUMBERED = re.compile(r"#?[A-Z]{0,4}[-_/ ]?\d[\w-]*")
FILLED = 0.6
OF_SALES = ("customer", "customer_id", "customer_name", "product", "product_id", "product_name", "rep", "rep_id", "rep_name", "order_no", "invoice_no", "quantity", "deal", "deal_id", "deal_name", "stage", "product_line", "email", "contact")  # fmt: skip
LEADERS = frozenset(["manager", "managers", "supervisor", "主管", "经理"])


@dataclass
class Understood:
    """A foreign table with what its columns are: field → its columns, the surest first; `role`: the table it is, if any."""

    foreign: Foreign
    fields: dict[str, list[Column]] = field(default_factory=dict)
    role: str | None = None
    score: float = 0.0
    guessed: dict[str, str] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def first(self, *names: str) -> Column | None:
        """The first of the fields that the table has, and of it the surest column."""
        return next((self.fields[name][0] for name in names if self.fields.get(name)), None)

    def has(self, *names: str) -> bool:
        return any(name in self.fields for name in names)

    def fullest(self, *names: str) -> Column | None:
        """The first of the fields whose column is filled in most rows, else the one that is filled most."""
        every = [self.fields[name][0] for name in names if self.fields.get(name)]
        whole = next((each for each in every if each.profile.filled >= FILLED * each.profile.rows), None)
        return whole or max(every, key=lambda each: each.profile.filled, default=None)

    @property
    def dated(self) -> bool:
        return self.has(*DATED)

    @property
    def moneyed(self) -> bool:
        return self.has(*MONEY) or ("unit_price" in self and "quantity" in self)


def understand(foreign: Foreign, *, overrides: dict[str, str] | None = None) -> Understood:
    """The foreign table's columns by what they are; `overrides` are answers: a heading → its field."""
    found = Understood(foreign)
    for column in foreign.columns:
        given = (overrides or {}).get(column.heading)
        name, sure = (given, "answered") if given else settled(column)
        if name is None or name == "nothing":
            continue
        column.meaning = Meaning(name, sure)
        found.fields.setdefault(name, []).append(column)
    for name, columns in list(found.fields.items()):
        found.fields[name] = sorted(columns, key=partial(_worth, name=name), reverse=True)
    sheets = [each for each in found.fields.get("period", []) if each.heading == raw_tables.ADDED[1]]
    dated = found.has("order_date", "date", "invoice_date", "made_date")
    if sheets and (dated or len(found.fields["period"]) > 1):
        found.fields["period"] = [each for each in found.fields["period"] if each not in sheets] or sheets
    if foreign.headless:
        for name, column in fields_of([each for each in foreign.columns if each.meaning is None]).items():
            if not found.has(name):
                _take(found, name, column)
    else:
        _by_values(found)
    _names_beside(found)
    _plain_names(found)
    _managers(found)
    found.role, found.score = role_of(found)
    return found


def _worth(column: Column, name: str) -> tuple[int, float, float, int]:
    """Known before guessed, filled before empty, an own table's words before others, the first before later ones."""
    profile = column.profile
    filled = profile.filled / max(1, profile.rows)
    plainness = -len(column.parts.meanings)
    dull = name in MONEY and len(set(profile.numbers)) <= 1 and profile.rows > 5
    return (
        {"answered": 3, "known": 2, "partly": 1}.get(column.meaning.sure if column.meaning else "", 0) - dull,
        round(filled, 1),
        plainness,
        -profile.place,
    )


def _by_values(found: Understood) -> None:
    """What no heading told and only one column can be: the day, the amount."""
    columns = found.foreign.columns
    unknown = [each for each in columns if each.meaning is None]
    if not found.dated:
        days = [
            each
            for each in unknown
            if each.profile.date_share >= 0.9 and each.profile.filled > 0.5 * each.profile.rows
        ]
        if len(days) == 1:
            _take(found, "date", days[0])
    if (
        not found.moneyed
        and not found.has("target_amount", "balance", "paid_amount")
        and found.has(*OF_SALES)
    ):
        amounts = [
            each
            for each in unknown
            if each.profile.kind == "number"
            and each.profile.filled > 0.5 * each.profile.rows
            and each.parts.strange < 3
            and _is_amount(each)
        ]
        if len(amounts) == 1:
            _take(found, "amount", amounts[0])


def _names_beside(found: Understood) -> None:
    """A bare "Name" right behind a number of customers, products or people is theirs; a description may be a product's."""
    for entity in ("customer", "product", "rep"):
        number = found.first(f"{entity}_id")
        if number is None or found.has(entity, f"{entity}_name"):
            continue
        bare = ("name", "description") if entity == "product" else ("name",)
        beside = [(name, each) for name in bare for each in found.fields.get(name, []) if each.profile.place == number.profile.place + 1 and each.profile.kind == "text"]  # fmt: skip
        for name, column in beside[:1]:
            found.fields[name].remove(column)
            if not found.fields[name]:
                del found.fields[name]
            _take(found, f"{entity}_name", column)
            column.meaning = Meaning(f"{entity}_name", "partly")


def _plain_names(found: Understood) -> None:
    """A bare "Name" beside days and amounts names the customer, unless its cells are numbers of orders or the amounts are targets."""
    column = found.first("name")
    if column is None or not (found.dated and found.moneyed) or found.has("stage", "probability"):
        return
    if "target" in found.foreign.hints:
        return
    numbered = sum(bool(NUMBERED.fullmatch(each.strip())) for each in column.profile.texts) >= MOSTLY * len(
        column.profile.texts
    )
    if numbered and not found.has("order_no", "invoice_no"):
        _take(found, "order_no", column)
    elif (
        not numbered
        and not found.has("customer", "customer_id", "customer_name")
        and column.profile.kind == "text"
    ):
        _take(found, "customer_name", column)


def _managers(found: Understood) -> None:
    """Where nobody else sold it, a manager is who did: several of them, each named as people are."""
    column = found.first("team")
    if column is None or found.has("rep", "rep_id", "rep_name") or not LEADERS & set(column.parts.words):
        return
    if column.profile.kind == "text" and column.profile.distinct > 1:
        found.fields["team"].remove(column)
        if not found.fields["team"]:
            del found.fields["team"]
        found.fields["rep_name"] = [column]
        column.meaning = Meaning("rep_name", "partly")


def _is_amount(column: Column) -> bool:
    numbers = column.profile.numbers
    marked = bool(column.profile.marks) or column.parts.currency is not None
    return (
        marked
        or (
            len(set(numbers)) > 0.3 * len(numbers)
            and not column.profile.unique
            and max(map(abs, numbers), default=0) > 20
        )
        or not column.profile.whole
    )


def _take(found: Understood, name: str, column: Column) -> None:
    column.meaning = Meaning(name, "values")
    found.fields[name] = [column]


def role_of(found: Understood) -> tuple[str | None, float]:
    """The table that this most probably is, and how much speaks for it."""
    scores = {role: score for role, score in _scores(found).items() if score >= ENOUGH}
    return max(scores.items(), key=lambda item: item[1]) if scores else (None, 0.0)


def _scores(found: Understood) -> dict[str, float]:
    has, hints, money, dated = found.has, found.foreign.hints, found.moneyed, found.dated
    first = found.first
    status = first("status")
    outcome = any(each and each.profile.tells_outcome for each in (status, first("stage")))
    lines = sum((has("quantity"), has("unit_price"), has("product", "product_id", "product_name")))
    order = first("order_no")
    counted = first(*MONEY) or first("unit_price")
    nil = bool(counted and counted.profile.numbers and not any(counted.profile.numbers))
    scores: dict[str, float] = {
        "opportunities": 3 * has("deal", "deal_id", "deal_name") + 3 * bool(outcome and has("quote_no")) + 3 * has("stage") + 2 * has("probability") + 2 * has("expected_close", "won_flag") + 2 * outcome + 3 * ("deal" in hints) + has("loss_reason", "competitor") + money - (2 if lines == 3 else 0) - 3 * bool(order and not has("stage", "deal_id")) if has("stage", "probability", "won_flag", "deal", "deal_id", "deal_name") or outcome else 0,
        "invoices": 3 * has("due_date") + 2 * has("balance") + 2 * has("paid_date") + 2 * has("paid_amount", "paid_flag") + 2 * has("invoice_no") + has("invoice_date") + has("terms") + 2 * ("invoice" in hints) - (lines > 1) - 2 * has("order_no") * (not has("due_date", "balance")) if dated and money and has("invoice_no", "invoice_date", "due_date") else 0,
        "orders": 2 * money + 2 * dated + 2 * has("order_no", "invoice_no") + lines + has("customer", "customer_id", "customer_name") + 2 * bool({"order", "sales"} & hints) - 6 * (has("invoice_no") and has("due_date", "balance", "paid_amount")) - (4 if has("stage", "probability", "won_flag") and not order else 0) if money and dated and not nil else 0,
        "targets": 4 * has("target_amount") + 2 * has("period", "year", "quarter_no", "date") + 3 * ("target" in hints) + 3 * ("target" in hints and not has("order_no", "quantity", "unit_price", "customer_id")) - 2 * has("order_no") if has("target_amount") or ("target" in hints and has("amount")) else 0,
        "activities": 2 * has("activity_date", "date", "order_date", "period") + 2 * has("type") + has("subject", "duration", "description") + 4 * ("activity" in hints) + 2 * has("activity_id", "activity", "activity_date") if not money and (has("type", "subject", "activity") or ("activity" in hints and has("rep", "rep_id", "rep_name", "customer", "customer_id", "customer_name"))) and (has("activity_date", "activity", "duration") or "activity" in hints) else 0,
        "leads": 4 * ("lead" in hints or has("lead_id", "lead", "lead_name")) + has("channel") + has("status") + dated if not money and ("lead" in hints or has("lead_id", "lead", "lead_name")) else 0,
        "payments": 2 * has("invoice_no", "order_no") + 3 * ("paid" in hints) + 2 * has("paid_date", "paid_amount") if has("invoice_no", "order_no") and has("paid_amount", "amount") and (has("invoice_no") or (not lines and not has("order_date"))) and not has("due_date", "balance", "quantity") and (("paid" in hints) or has("paid_date")) else 0,
    }  # fmt: skip
    if (
        ("history" in found.foreign.label.casefold() or "变" in found.foreign.label)
        and has("deal_id", "deal")
        and has("stage")
    ):
        scores["stage_events"] = 20
    scores |= _masters(found)
    return {role: float(score) for role, score in scores.items()}


def _masters(found: Understood) -> dict[str, float]:
    """Lists of customers, people and products: each of them once."""
    has, hints = found.has, found.foreign.hints
    moneyed = found.moneyed and not has("annual_revenue")
    scores: dict[str, float] = {}
    for role, entity, others in (
        ("accounts", "customer", ("industry", "segment", "region", "country", "state", "terms", "credit_limit", "employees", "annual_revenue", "rep", "rep_id", "rep_name")),
        ("reps", "rep", ("team", "region", "role", "hired_on", "left_on", "first_name", "last_name")),
        ("products", "product", ("product_line", "product_line_id", "unit_price", "list_price", "unit_cost", "cost_amount")),
    ):  # fmt: skip
        key = found.first(f"{entity}_id", entity, f"{entity}_name")
        named = entity in hints
        if key is None and not (named and has("name", "id")):
            continue
        other = next(
            (
                each
                for each in ("customer", "product", "order_no", "rep")
                if each != entity and entity != "rep" and each in ("order_no",) and each in found
            ),
            None,
        )
        once = key is None or key.profile.unique or key.profile.distinct >= 0.9 * key.profile.filled
        if (
            once
            and not other
            and not (moneyed and found.dated)
            and not has("target_amount", "stage")
            and not (has("quantity") and (found.dated or not (key and key.profile.unique)))
        ):
            scores[role] = (
                2 + 4 * named + sum(has(each) for each in others) + 2 * bool(key and key.profile.unique)
            )
    if len(scores) > 1 and not any(entity in hints for entity in ("customer", "rep", "product")):
        first = found.foreign.columns[0].field or ""
        for role, entity in (("accounts", "customer"), ("reps", "rep"), ("products", "product")):
            if role in scores and first.startswith(entity):
                scores[role] += 3
    return scores


def same_values(one: Column, other: Column) -> float:
    """The share of one column's sample that the other's sample has: do they name the same things?"""
    mine = set(one.profile.texts)
    return len(mine & set(other.profile.texts)) / len(mine) if mine else 0.0


def named(columns: Sequence[Column]) -> list[str]:
    return [each.heading for each in columns if not layouts.TOTAL.fullmatch(each.heading)]
