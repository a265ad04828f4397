"""Which unit does a heading name? Umsatz (T€) counts thousands of euros, 金额（万元） tens of thousands of yuan."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from salesnb.intake.reading import numbers

TRADITIONAL = str.maketrans(
    "訂單編號碼戶業務員產數價額貨幣銷發開賬帳據購買會員廠類別項稱總計實際應稅預計劃團隊區應狀態階段來結關閉創建機會報備註聯絡電話門負責約簽簿種時間內訊標題簡國條帶單餘業績費運輸與週萬億",
    "订单编号码户业务员产数价额货币销发开账账据购买会员厂类别项称总计实际应税预计划团队区应状态阶段来结关闭创建机会报备注联络电话门负责约签簿种时间内讯标题简国条带单余业绩费运输与周万亿",
)
SCALES = {
    "十亿": 1e9, "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "千": 1e3,
}  # fmt: skip
MONEY = r"(?:€|\$|£|¥|eur|usd|gbp|chf|cny|rmb|jpy|inr|brl|sek|pln|euros?|dollars?)"
THOUSANDS = re.compile(
    rf"(?<![a-z])(?:t ?{MONEY}|k ?{MONEY}|{MONEY} ?k|{MONEY} ?['’(]?0{{3}}s?\)?|tsd\.? ?{MONEY}?|'?0{{3}}s?|thousands?|milliers?|miles|in tausend|k)(?![a-z0-9])",
    re.IGNORECASE,
)
MILLIONS = re.compile(
    rf"(?<![a-z])(?:mio\.? ?{MONEY}?|m ?{MONEY}|{MONEY} ?(?:m|mn|mm)|millions?|millionen|millones)(?![a-z0-9])",
    re.IGNORECASE,
)
HANZI_UNIT = re.compile(
    r"[(（\[/,，_ ]?\s*(?:单位[:：])?(十亿|亿|千万|百万|十万|万|千)?\s*(元|美元|欧元|港元|日元|人民币)\s*[)）\]]?$"
)
LINK = re.compile(r"[\s_]+(?:in|en|em)$", re.IGNORECASE)
BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
CODE = re.compile(rf"(?:^|[\s(\[,/_-])({MONEY})(?=$|[\s)\],.])", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """The unit that a column's heading names: what its numbers are multiplied by, and their currency."""

    heading: str
    factor: float = 1.0
    currency: str | None = None


def without_unit(heading: str) -> tuple[str, float, str | None]:
    """The heading without the unit that it names, that unit's factor and its currency: Umsatz (T€) is (Umsatz, 1000, EUR)."""
    text = unicodedata.normalize("NFKC", heading).strip()
    hanzi = HANZI_UNIT.search(text.translate(TRADITIONAL))
    if hanzi and hanzi.start() > 0 and (hanzi[1] or hanzi[2] != "元" or text[hanzi.start()] in "(（[/,，_ "):
        code = _code(hanzi[2])
        return text[: hanzi.start()].strip(), SCALES.get(hanzi[1] or "", 1.0), code
    code = _code(found[1]) if (found := CODE.search(text)) else None
    for pattern, factor in ((MILLIONS, 1e6), (THOUSANDS, 1e3)):
        unit = pattern.search(text)
        if unit and unit.start() > 0 and _stands_as_unit(text, unit):
            mark = re.search(MONEY, unit[0], re.IGNORECASE)
            held = [each for each in BRACKETS.finditer(text) if unit[0] in each[0]]
            rest = text.replace(held[0][0] if held else unit[0], " ")
            return LINK.sub("", CODE.sub(" ", rest).strip()) or text, factor, _code(mark[0]) if mark else code
    if found and found.start() > 0 and code:
        rest = re.sub(r"[(\[]\s*[)\]]", " ", CODE.sub(" ", text)).strip()
        return (
            rest.removesuffix(")").removesuffix("]").strip()
            if rest.count(")") + rest.count("]") > rest.count("(") + rest.count("[")
            else rest,
            1.0,
            code,
        )
    return text, 1.0, None


def _stands_as_unit(text: str, unit: re.Match[str]) -> bool:
    """In brackets, or at the end with a currency: a K alone somewhere is no unit."""
    held = any(unit[0] in each for each in BRACKETS.findall(text))
    return held or (
        unit.end() == len(text) and (re.search(MONEY, unit[0], re.IGNORECASE) is not None or len(unit[0]) > 2)
    )


def _code(mark: str | None) -> str | None:
    meant = numbers.codes(mark) if mark else None
    return next(iter(meant)) if meant and len(meant) == 1 else {"元": "CNY"}.get(mark or "")
