"""What does a cell say, as a date, a number or a yes? Text of any export is read in the engine, never guessed.

Each function gives a DuckDB SQL expression over a text expression; the result is null where the text cannot be read, and
the row rules in `checks` turn such a null into a rejection. Full-width characters count as their plain forms.
"""

from __future__ import annotations

FULL_WIDTH = "０１２３４５６７８９．，（）－＋％￥＄：／" + "\u3000\u00a0\u202f\u2212"
PLAIN = "0123456789.,()-+%¥$:/" + "   -"
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
BARE = "^[!-~]([ -~]*[!-~])?$"  # such a text is plain already, which is quickly seen
CURRENCY = r"(?i)cny|rmb|usd|eur|gbp|hkd|jpy|us\$|[$€£¥元]"
SCALES = {"万": 1e4, "亿": 1e8, "万亿": 1e12, "千": 1e3}
YES = ("yes", "y", "true", "t", "1", "1.0", "是", "有", "对", "√", "✓")
NO = ("no", "n", "false", "f", "0", "0.0", "否", "无", "错", "×", "✗")
GROUPED = r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?|\.[0-9]+"
NUMBER = rf"^(\(({GROUPED})\)|({GROUPED})-|[-+]?({GROUPED})([eE][-+]?[0-9]+)?(%|万亿|万|亿|千)?)$"
WHOLE_NUMBER = r"-?\d{1,15}"
PLAIN_NUMBER = r"-?\d{1,15}(\.\d{1,15})?"
ISO = r"\d{4}-\d{2}-\d{2}"
DAY = r"(0?[1-9]|[12][0-9]|3[01])"
MONTH = r"(0?[1-9]|1[0-2])"
CLOCK = r"([ T]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?([aApP][mM]|上午|下午))?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?)?"
YEAR_FIRST = rf"^(\d{{4}})[-/.年] ?{MONTH}[-/.月] ?{DAY}日?{CLOCK}$"
YEAR_LAST = rf"^(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){CLOCK}$"
NAMED_MONTHS = (
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
)


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def plain(text: str) -> str:
    """The text with full-width digits and signs as plain ones, trimmed; null where nothing is left."""
    thorough = (
        f"nullif(trim(translate({text}, {literal(FULL_WIDTH)}, {literal(PLAIN)}), {literal(BLANKS)}), '')"
    )
    return f"CASE WHEN regexp_matches({text}, {literal(BARE)}) THEN {text} ELSE {thorough} END"


def filled(text: str) -> str:
    """Does the cell hold anything but blanks?"""
    return (
        f"CASE WHEN regexp_matches({text}, '[!-~]') THEN true ELSE trim({text}, {literal(BLANKS)}) <> '' END"
    )


def number(text: str, *, decimal_comma: bool = False) -> str:
    """A number: ``$1,200``, ``（1,200）`` and ``1200-`` (negative), ``12%`` (0.12), ``1.2万`` (12,000), ``1.2e3``."""
    bare = f"replace(regexp_replace({plain(text)}, {literal(CURRENCY)}, '', 'g'), ' ', '')"
    if decimal_comma:
        bare = f"translate({bare}, '.,', ',.')"
    scale = " ".join(
        f"WHEN regexp_matches(v, '[0-9]{mark}$') THEN {factor}" for mark, factor in SCALES.items()
    )
    sign = r"CASE WHEN regexp_matches(v, '^-|-$|^\(.*\)$') THEN -1 ELSE 1 END"
    percent = "CASE WHEN suffix(v, '%') THEN 100 ELSE 1 END"
    digits = "replace(regexp_replace(v, '^[-+(]+|[-)%万亿千]+$', '', 'g'), ',', '')"
    value = f"TRY_CAST({digits} AS DOUBLE) * {sign} * CASE {scale} ELSE 1 END / {percent}"
    reading = f"CASE WHEN regexp_matches(v, {literal(NUMBER)}) THEN {value} END"
    lenient = f"list_transform([{bare}], lambda v: CASE WHEN isfinite({reading}) THEN {reading} END)[1]"
    simple = WHOLE_NUMBER if decimal_comma else PLAIN_NUMBER
    return (
        f"CASE WHEN regexp_full_match({text}, '{simple}') THEN TRY_CAST({text} AS DOUBLE) ELSE {lenient} END"
    )


def decimal_comma(text: str) -> str:
    """Can the text only be a number with a decimal comma (``1.234,50``, ``12,5``)?"""
    return rf"regexp_matches({plain(text)}, '^\D*(\d{{1,3}}(\.\d{{3}})+|\d+),(\d{{1,2}}|\d{{4,}})\D*$')"


def decimal_point(text: str) -> str:
    """Does the text speak against a decimal comma (``1,234``, ``12.5``)?"""
    return rf"regexp_matches({plain(text)}, ',\d{{3}}(\D|$)|\.(\d{{1,2}}|\d{{4,}})\D*$')"


def boolean(text: str) -> str:
    """Yes or no, in the words of either language."""
    bare = f"lower({plain(text)})"
    yes, no = (", ".join(map(literal, words)) for words in (YES, NO))
    lenient = f"CASE WHEN {bare} IN ({yes}) THEN true WHEN {bare} IN ({no}) THEN false END"
    return f"CASE WHEN {text} IN ('true', 'false') THEN {text} = 'true' ELSE {lenient} END"


def date(text: str, *, order: str | None = None) -> str:
    """A day: ISO, ``2026/10/3``, ``2026年10月3日``, ``20261003``, an Excel serial, or day and month in `order`.

    Without `order` a date with the year last is read where only one reading exists (31/12/2026, 3/3/2026).
    """
    bare = plain(text)
    readings = [
        f"WHEN regexp_matches(v, {literal(YEAR_FIRST)}) THEN {_assembled(YEAR_FIRST, 1, 2, 3)}",
        r"WHEN regexp_matches(v, '^(19|20|21)\d{6}$') THEN TRY_CAST(try_strptime(v, '%Y%m%d') AS DATE)",
        r"WHEN regexp_matches(v, '^[1-9]\d{4}(\.\d+)?$') THEN DATE '1899-12-30' + CAST(floor(CAST(v AS DOUBLE)) AS INTEGER)",
        f"WHEN regexp_matches(v, {literal(YEAR_LAST)}) THEN {_year_last(order)}",
    ]
    names = "[" + ", ".join(map(literal, NAMED_MONTHS)) + "]"
    readings.append(
        f"WHEN regexp_matches(v, '[A-Za-z]{{3}}') THEN TRY_CAST(try_strptime(v, {names}) AS DATE)"
    )
    lenient = f"list_transform([{bare}], lambda v: CASE {' '.join(readings)} END)[1]"
    return f"CASE WHEN regexp_full_match({text}, '{ISO}') THEN TRY_CAST({text} AS DATE) ELSE {lenient} END"


def day_first(text: str) -> str:
    """Can the text only be read day-first?"""
    return f"({_part(text, 1)} > 12 AND {_part(text, 2)} <= 12)"


def month_first(text: str) -> str:
    """Can the text only be read month-first?"""
    return f"({_part(text, 2)} > 12 AND {_part(text, 1)} <= 12)"


def either_first(text: str) -> str:
    """Can the text be read day-first and month-first, as two different days?"""
    return f"({_part(text, 1)} BETWEEN 1 AND 12 AND {_part(text, 2)} BETWEEN 1 AND 12 AND {_part(text, 1)} <> {_part(text, 2)})"


def year_anywhere(text: str) -> str:
    """Is it a date like 26-10-03, whose year may stand first or last?"""
    return rf"regexp_matches({plain(text)}, '^\d{{1,2}}-\d{{1,2}}-\d{{2}}( |$)')"


def _part(text: str, group: int) -> str:
    return f"TRY_CAST(regexp_extract({plain(text)}, {literal(YEAR_LAST)}, {group}) AS INTEGER)"


def _assembled(pattern: str, year: int, month: int, day: int, *, century: bool = False) -> str:
    year_text, month_text, day_text = (
        f"regexp_extract(v, {literal(pattern)}, {group})" for group in (year, month, day)
    )
    if century:
        year_text = f"(CASE WHEN length({year_text}) = 2 THEN CASE WHEN {year_text} < '70' THEN '20' ELSE '19' END ELSE '' END || {year_text})"
    return f"TRY_CAST({year_text} || '-' || lpad({month_text}, 2, '0') || '-' || lpad({day_text}, 2, '0') AS DATE)"


def _year_last(order: str | None) -> str:
    dmy = _assembled(YEAR_LAST, 3, 2, 1, century=True)
    mdy = _assembled(YEAR_LAST, 3, 1, 2, century=True)
    ymd = f"CASE WHEN length(regexp_extract(v, {literal(YEAR_LAST)}, 3)) = 2 THEN {_short_year_first()} END"
    if order is not None:
        return {"dmy": dmy, "mdy": mdy, "ymd": ymd}[order]
    return f"CASE WHEN {dmy} IS NULL THEN {mdy} WHEN {mdy} IS NULL OR {mdy} = {dmy} THEN {dmy} END"


def _short_year_first() -> str:
    year = f"lpad(regexp_extract(v, {literal(YEAR_LAST)}, 1), 2, '0')"
    rest = [f"lpad(regexp_extract(v, {literal(YEAR_LAST)}, {group}), 2, '0')" for group in (2, 3)]
    return f"TRY_CAST((CASE WHEN {year} < '70' THEN '20' ELSE '19' END) || {year} || '-' || {rest[0]} || '-' || {rest[1]} AS DATE)"
