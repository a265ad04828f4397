"""Does a cell say anything? Blanks do not, and neither do the words that stand for nothing.

The SQL is plain enough to be translated for a warehouse.
"""

from __future__ import annotations

import re
import string

# what people and systems write where nothing is known; "NA" alone may be North America or Namibia in a text
_WORDS = """- -- --- – — ―― —— － ー / // ／ \\ \\n . .. ... … ? ?? ??? * _
    n/a n.a. n/v n.d. #n/a #nv #value! #ref! #div/0! #name? #null! #num! Ｎ/Ａ ｎ/ａ
    null (null) <null> none (none) <none> [none] -none- --none-- nil nan <na> (blank) (empty) undefined unknown unspecified tba tbd
    无 無 暂无 没有 空 空白 不适用 未填 未填写 未知 不详 不明 なし 없음
    ohne keine keiner k.a. entfällt unbekannt s/o néant aucun aucune inconnu ninguno ninguna desconocido s/d s.d. nessuno sconosciuto
    nenhum desconhecido n.v.t. geen onbekend okänd ukendt brak нет"""
_PHRASES = """- -;n / a;n. a.;k. a.;- none -;not available;not applicable;not set;(not set);not specified;no value;keine angabe
    ;sans objet;não aplicável;niet van toepassing;не указано;нет данных"""
MISSING = (*_WORDS.split(), *(phrase.strip() for phrase in _PHRASES.split(";")))
ONLY_IN_TEXT = "na"
SPECIAL = {
    sign: f"[\\x{ord(sign):02x}]" for sign in string.punctuation
}  # what may mean something in a pattern
# zero-width blanks, byte order marks, marks of direction, soft hyphens and NUL: what makes two of a name that everybody reads as one
UNSEEN = re.compile("[\0\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def seen(text: str) -> str:
    """The text without the signs that nobody sees."""
    return text if text.isascii() and "\0" not in text else UNSEEN.sub("", text)


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def written(text: str) -> str:
    """SQL: does the cell hold anything but blanks?"""
    return (
        f"CASE WHEN regexp_matches({text}, '[!-~]') THEN true ELSE trim({text}, {literal(BLANKS)}) <> '' END"
    )


def filled(text: str, *, of_text: bool = False) -> str:
    """SQL: does the cell say anything? A digit but zero is quickly seen, and stands in no word for nothing.

    The words are a pattern, no list: an engine makes a join of a list, and works on every cell for it.
    """
    nothing = ("", *MISSING) if of_text else ("", *MISSING, ONLY_IN_TEXT)
    words = "|".join("".join(SPECIAL.get(sign, sign) for sign in word) for word in nothing)
    pattern = literal(f"^[{BLANKS}]*({words})[{BLANKS}]*$")
    return f"CASE WHEN regexp_matches({text}, '[1-9]') THEN true ELSE NOT regexp_matches(lower({text}), {pattern}) END"


def is_missing(text: str, *, of_text: bool = False) -> bool:
    """Does the cell hold nothing, or a word that stands for it?"""
    bare = text.strip(BLANKS).lower()
    return not bare or bare in MISSING or (bare == ONLY_IN_TEXT and not of_text)
