"""Which word is meant? Yes and no, words that stand for nothing, days of payment, and the words of a column's list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise

from salesnb.intake.schema import Column

_YES = """yes y true t 1 1.0 x ja j oui sí si sì s sim tak da да on wahr vrai verdadero vero verdadeiro evet igen ano áno kyllä はい 예 네
    是 是的 有 对 對 √ ✓ ✔ ☑ 已 v"""
_NO = """no n false f 0 0.0 nein non não nao nie nej nei nee ne нет off falsch faux falso hayır nem ei いいえ 아니오 아니요
    否 不是 无 無 没有 沒有 错 × ✗ ✘ ☐ 未"""
_OF_PAYMENT = """net netto n nt eom day days d tag tage tagen jour jours j día días dia dias giorni gg dd df dag dagen dni dnů nap päivää gün
    within in innerhalb von zahlbar payment payable pay due of from after date invoice receipt ab nach rechnung rechnungsdatum fin de mois
    fattura factura a à líquido neto skonto discount terms 月结 账期 货到 票到 到票 到货 发货 收货 开票 收票 发票 后 内 付款 天 日 个"""
YES, NO, OF_PAYMENT = (frozenset(words.split()) for words in (_YES, _NO, _OF_PAYMENT))
AT_ONCE = re.compile(
    r"c[o.]*d\.?|cia|cash(?: (?:on delivery|in advance|sale))?|(?:due|payable)? ?(?:up)?on receipt|(?:payable |due )?(?:immediate(?:ly)?|now)"
    r"|(?:zahlbar )?sofort(?: .*)?|prepa(?:id|yment|id order)|payment in advance|in advance|vorkasse|vorauskasse|現結|现结|现金|现款|预付|預付|款到发货"
    r"|货到付款|先款后货|先付款?后发?货|à réception|(?:paiement )?comptant|contado|prepago|anticipado|à vista|contanti|contante"
)
NET = ("n", "nt", "net", "netto", "neto", "líquido")
HANZI = str.maketrans("一二两三四五六七八九", "1223456789")
MONTHS = re.compile(r"(?:月结 ?)?(\d{1,2}) ?(?:months?|monate?n?|mois|meses|mesi|个月)(?: net(?:to)?)?")
HAN = "\u2e80"  # where the scripts without blanks begin
LONGEST = 100  # signs of a cell in which a word is looked for
APART = re.compile(r"[/,、;+&|]| and | und | et |和|及")
PART = re.compile(r"\d+(?:[.,]\d+)? ?%|\d+|[^\W\d_]+")
HANZI_PARTS = re.compile("(月结|账期|货到|票到|到票|到货|发货|收货|开票|收票|发票|付款|自然日|[后内天日个])")


def folded(text: str) -> str:
    """A word without capitals, width and the difference of blanks and other signs between letters."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", text).casefold()).strip("_")


def flag(text: str) -> bool | None:
    """Yes or no, in the words of many languages; None for another word."""
    bare = unicodedata.normalize("NFKC", text).casefold().strip(" .!。")
    return True if bare in YES else False if bare in NO else None


def days_of_payment(text: str) -> float | None:
    """Net 30, 30 days, 月结30天, 2/10 net 30, due on receipt (0); None for anything else."""
    bare = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())
    if AT_ONCE.fullmatch(bare):
        return 0.0
    bare = bare.translate(HANZI)
    months = MONTHS.fullmatch(bare)
    if months:
        return 30.0 * int(months[1])
    parts = PART.findall(HANZI_PARTS.sub(r" \1 ", bare.replace("自然日", "天")))
    if any(part.isalpha() and part not in OF_PAYMENT for part in parts):
        return None
    days = [part for part in parts if part.isdecimal()]
    if len(days) > 1:  # the first is a discount's
        days = [one for before, one in pairwise(parts) if before in NET and one.isdecimal()] or (
            days[-1:] if parts[-1] in NET and any(part.endswith("%") for part in parts) else []
        )
    return float(days[0]) if len(days) == 1 and len(days[0]) <= 3 else None


def listed_words(column: Column) -> dict[str, str]:
    """Folded word → the list's own word for it."""
    return {folded(other): word for word, others in column.choices for other in (word, *others)}


def within(text: str, listed: Mapping[str, str]) -> str | None:
    """The word of a list that stands within a longer one (Outbound call, 客户走访); None where none does, or where several mean
    different things beside each other (Email/Call). Of several in a row the last is what the others describe: 电话会议 is a meeting.
    """
    parts = APART.split(unicodedata.normalize("NFKC", text[:LONGEST]))
    meant = {word for part in parts if (word := _last_within(f"_{folded(part)}_", listed))}
    return meant.pop() if len(meant) == 1 else None


def _last_within(bare: str, listed: Mapping[str, str]) -> str | None:
    found: tuple[int, int, str] | None = None
    for word, meant in listed.items():
        whole = f"_{word}_" if word < HAN else word  # between blanks, unless its script has none
        place = bare.rfind(whole) if len(word) > 2 or word >= HAN else -1
        if place >= 0:
            found = max(found or (0, 0, ""), (place + len(whole.rstrip("_")), len(word), meant))
    return found[2] if found else None
