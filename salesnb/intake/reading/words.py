"""Which word is meant? Yes and no, words that stand for nothing, days of payment, and the words of a column's list."""

from __future__ import annotations

import re
import unicodedata

from salesnb.intake.schema import Column

YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "t",
        "1",
        "1.0",
        "x",
        "ja",
        "j",
        "oui",
        "sí",
        "si",
        "sim",
        "tak",
        "on",
        "wahr",
        "vrai",
        "verdadero",
        "是",
        "是的",
        "有",
        "对",
        "√",
        "✓",
        "✔",
        "☑",
        "已",
        "v",
    ]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "f",
        "0",
        "0.0",
        "nein",
        "non",
        "não",
        "nao",
        "nie",
        "off",
        "falsch",
        "faux",
        "falso",
        "否",
        "不是",
        "无",
        "無",
        "没有",
        "错",
        "×",
        "✗",
        "✘",
        "☐",
        "未",
    ]
)
AT_ONCE = re.compile(
    r"cod|cash|due (?:up)?on receipt|immediate(?:ly)?|sofort|prepa(?:id|yment)|vorkasse|現結|现结|现金|款到发货|预付|先款后货|à réception|contado"
)
TERMS = re.compile(
    r"(?:net(?:to)?|n|eom|zahlbar innerhalb|innerhalb|within|月结|账期|货到|票到|à|a)?[ .]*(\d{1,3})"
    r"[ .]*(?:days?|d|tagen?|jours?|d[ií]as?|giorni|dagen|天|日|个?自然日)?[ .]*(?:net(?:to)?|eom|fin de mois|内|付款|月结|账期|date of invoice)?"
)
MONTHS = re.compile(r"(?:月结)?(\d{1,2}) ?(?:months?|monate?|mois|meses|个月)")
DISCOUNT = re.compile(r"^\d+(?:\.\d+)? ?%?[ /]*\d{1,2}[ ,]*(?=n(?:et)?)")  # of 2/10 net 30


def folded(text: str) -> str:
    """A word without capitals, width and the difference of blanks, hyphens and underscores."""
    bare = unicodedata.normalize("NFKC", text).casefold().strip(" .。!")
    return re.sub(r"[\s_-]+", "_", bare)


def flag(text: str) -> bool | None:
    """Yes or no, in the words of many languages; None for another word."""
    bare = unicodedata.normalize("NFKC", text).casefold().strip()
    return True if bare in YES else False if bare in NO else None


def days_of_payment(text: str) -> float | None:
    """Net 30, 30 days, 月结30天, 2/10 net 30, due on receipt (0); None for anything else."""
    bare = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    bare = DISCOUNT.sub("", bare)
    if AT_ONCE.fullmatch(bare):
        return 0.0
    months = MONTHS.fullmatch(bare)
    if months:
        return 30.0 * int(months[1])
    found = TERMS.fullmatch(bare)
    return float(found[1]) if found else None


def listed_words(column: Column) -> dict[str, str]:
    """Folded word → the list's own word for it."""
    return {folded(other): word for word, others in column.choices for other in (word, *others)}
