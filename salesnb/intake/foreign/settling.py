"""What is a column of a foreign table, once its cells were heard? They may speak against its heading, or say what it left open."""

from __future__ import annotations

from salesnb.intake.foreign.meanings import KINDS
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.pieces import is_person
from salesnb.intake.foreign.profiles import MOSTLY, Profile, is_currency

VAGUE = (
    "id",
    "name",
    "type",
    "description",
    "subject",
    "line_no",
    "status",
    "channel",
    "role",
    "team",
    "deal_id",
    "rep",
    "customer",
)  # half understood, they may be anything's
WORDED = frozenset(("customer", "customer_name", "rep", "rep_name", "product", "product_name", "product_line", "team", "region", "country", "state", "channel", "industry", "segment", "stage", "deal_name", "competitor", "loss_reason", "deal", "lead", "lead_name"))  # fmt: skip
FEW = frozenset(("team", "region", "country", "state", "channel", "industry", "segment", "stage", "product_line", "status", "currency"))  # fmt: skip
MOST_KINDS = 60  # of a column that says of which kind something is
MANY_PARTS = 3  # of a heading
WRONG = {  # a heading's meaning whose cells hold another kind → what it then is: (meaning, kind of the cells) → meaning
    ("paid_amount", "date"): "paid_date",
    ("paid_date", "number"): "paid_amount",
    ("balance", "date"): "due_date",
    ("due_date", "number"): "balance",
    ("order_no", "date"): "order_date",
    ("invoice_no", "date"): "invoice_date",
    ("amount", "text"): "rep_name",
    ("stage", "date"): "stage_date",
    ("closed", "text"): "status",
    ("target_amount", "date"): "expected_close",
    ("target_amount", "text"): "target",
    ("probability", "text"): "stage",
    ("hired_on", "text"): "nothing",
    ("line_no", "date"): "nothing",
    ("type", "number"): "nothing",
    ("type", "date"): "nothing",
}


def settled(column: Column) -> tuple[str | None, str]:
    """What the column is, once its cells were heard, and how sure that is."""
    meaning, profile = column.meaning, column.profile
    if meaning is None or meaning.field == "nothing" or profile.kind == "empty":
        return None, ""
    name, sure = meaning.field, meaning.sure
    kind = profile.kind
    if name == "paid_amount" and profile.flags and not _large(profile) and not _says_amount(column):
        return "paid_flag", sure
    vague = name in VAGUE and not (name == "rep" and _people(profile))
    if sure == "partly" and (column.parts.strange > 1 or (column.parts.strange and vague)):
        return None, ""
    if _denied(name, profile):
        return None, ""
    if name in ("discount",):
        return _discount(column), sure
    if name == "period":
        return (
            "period"
            if kind == "date" or profile.lacking_year or profile.dates_of_digits > MOSTLY or _months(profile)
            else None
        ), sure
    wanted = KINDS.get(name)
    holds = {"date": kind == "date" or profile.dates_of_digits >= MOSTLY, "number": kind == "number"}
    if name == "currency" and kind == "number" and "amount" in column.parts.meanings:
        return "amount", "partly"
    if wanted and not holds[wanted]:
        if wanted == "date" and profile.lacking_year:
            return name, sure
        plain = not column.parts.strange and len(column.parts.meanings) < MANY_PARTS
        other = WRONG.get((name, kind)) if plain or kind != "text" else None
        return (other, "partly") if other else (None, "")
    if wanted == "date" and kind == "number" and not _serials(profile):
        return None, ""
    if wanted is None and (name, kind) in WRONG:
        return WRONG[name, kind], "partly"
    if name == "discount_share" and max(map(abs, profile.numbers), default=0) > 100:
        return "discount_amount", "partly"
    if name == "currency" and not is_currency(profile) and kind == "number":
        return None, ""
    if (
        sure == "partly"
        and wanted is None
        and kind in ("number", "date")
        and name not in ("order_no", "invoice_no", "deal_id", "customer_id", "product_id", "rep_id")
    ):
        return None, ""
    if (
        sure == "known"
        and name in FEW
        and profile.distinct > MOST_KINDS
        and profile.distinct > 0.5 * profile.filled
    ):
        return name, "partly"
    return name, sure


def _denied(name: str, profile: Profile) -> bool:
    """Do the cells speak against that meaning: names that are days, yes and no or amounts with cents, a reduction in words, a
    probability above 100?"""
    if name.startswith("discount"):
        return profile.kind != "number"
    if name == "probability":
        return any(not 0 <= each <= 100 for each in profile.numbers)
    if name not in WORDED:
        return False
    return profile.kind == "date" or profile.flags or (profile.kind == "number" and not profile.whole)


def _people(profile: Profile) -> bool:
    return sum(map(is_person, profile.texts)) > MOSTLY * len(profile.texts)


def _large(profile: Profile) -> bool:
    return any(abs(each) > 1 for each in profile.numbers)


def _says_amount(column: Column) -> bool:
    """Of a heading that says amount or names a currency, 0 and 1 are amounts: nothing is paid yet, and nobody ticked it."""
    money = "amount" in column.parts.meanings or column.parts.currency is not None
    return money and column.profile.kind == "number"


def _months(profile: Profile) -> bool:
    return profile.whole and all(1 <= each <= 12 for each in profile.numbers)


def _serials(profile: Profile) -> bool:
    """Bare numbers that are days: 20250131, 45000 or seconds."""
    return profile.whole and all(each > 10_000 for each in profile.numbers)


def _discount(column: Column) -> str:
    """A share (0.1, 10 %, 10 beside a price) or an amount?"""
    found = [abs(each) for each in column.profile.numbers]
    if any("%" in each for each in column.profile.texts) or all(each <= 1 for each in found):
        return "discount_share"
    return (
        "discount_percent"
        if all(each <= 100 and each * 2 == int(each * 2) for each in found)
        else "discount_amount"
    )
