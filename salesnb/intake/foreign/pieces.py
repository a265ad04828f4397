"""What do the names of sheets or files say whose rows are one table: months, people, regions? A sheet each makes a column of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from os.path import commonpath

from babel import Locale

from salesnb.intake.foreign.vocabulary import Vocabulary, plain
from salesnb.intake.reading import layouts

PERIOD = r"((?:19|20)\d\d[-_. /年]*(?:1[0-2]|0?[1-9])月?|(?:19|20)\d\d[-_ ]?Q[1-4])(?:\D|$)"
WHOLE = "(.*)"  # a name that says nothing else
FIELDS = {"rep": "rep_name", "region": "region", "team": "team", "country": "country", "product": "product_name", "line_of_products": "product_line", "customer": "customer_name", "channel": "channel", "state": "state"}  # fmt: skip
SPOKEN = ("en", "zh", "de", "fr", "es", "pt", "it")
SIDES = re.compile(
    r"(?:(?:north|south|east|west|central|mid|nord|sud|ost|mitte|norte|sur|sul|este|oeste|ouest|est|centro|centre|zentral|emea|apac|dach|latam|americas?|europe|europa|asia|asien|africa|afrika)[\s_-]?)+"
    r"|[东南西北中]{1,2}[区部]|华[东南西北中]+|[东西][南北]|.{1,6}(?:大区|片区|区|省|市|州)|region .+|.+ region|gebiet .+"
)
SURNAMES = frozenset("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤")  # fmt: skip
WORDS = 3  # of so many names one may be a word as well (Weber, Kunde)
LABELLED = re.compile(r"^([^:：]{1,30})[:：]\s*(.+)$")
HANZI_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
WESTERN_NAME = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: [a-zà-ÿ]{2,3})?(?: [A-ZÀ-Þ][\w'’.-]*){1,2}")


def pattern_of(names: Sequence[str]) -> str:
    """The pattern by whose first group names differ: without what all begin and end with, cut between words."""
    start = commonpath(list(names))
    end = commonpath([each[::-1] for each in names])[::-1]
    start = start[: max((place + 1 for place, sign in enumerate(start) if not sign.isalnum()), default=0)]
    end = end[min((place for place, sign in enumerate(end) if not sign.isalnum()), default=len(end)) :]
    return f"^{re.escape(start)}(.*){re.escape(end)}$"


def said_by(
    names: Sequence[str], above: str, there: Collection[str | None], vocabulary: Vocabulary
) -> tuple[str, str] | None:
    """What the pieces' names are, as a field, and the pattern that cuts it out of them; None where they say nothing more.

    `above` is the workbook's own name, `there` are the fields that the rows have already.
    """
    distinct = list(dict.fromkeys(names))
    if len(distinct) < 2:
        return None
    if all(layouts.across(each) for each in distinct):
        return "period", WHOLE
    if all(re.search(PERIOD, each) for each in distinct):
        return "period", PERIOD
    pattern = pattern_of(distinct)
    said = [found[1].strip() if (found := re.match(pattern, each)) else "" for each in distinct]
    if not all(said) or any(any(sign.isdigit() for sign in each) for each in said):
        return None
    field = _kind(said, above, vocabulary)
    same = {field, *(f"{field}{end}" for end in ("_id", "_name")), (field or "").removesuffix("_name"), (field or "").removesuffix("_name") + "_id"}  # fmt: skip
    return (field, pattern) if field and not same & set(there) else None


def _kind(said: Sequence[str], above: str, vocabulary: Vocabulary) -> str | None:
    if all(_is_region(each) for each in said):
        return "region"
    if all(map(is_person, said)) and WORDS * sum(bool(vocabulary.cut(each).meanings) for each in said) <= len(said):  # fmt: skip
        return "rep_name"
    words = [each for each in vocabulary.cut(above).meanings if each in FIELDS]
    titled = not any(vocabulary.cut(each).meanings for each in said)
    return FIELDS[words[-1]] if titled and len(words) == 1 and words[0] != "customer" else None


def group_field(
    names: Sequence[str], title: str, there: Collection[str | None], vocabulary: Vocabulary
) -> tuple[str, str, str]:
    """Of names in rows of their own above the rows of a group: their field, the pattern that cuts the name out, how sure.

    业务员：张三 says it by itself; else the title does, or the names, or what the rows themselves do not name.
    """
    labelled = [found for each in names if (found := LABELLED.match(each))]
    if labelled and len(labelled) == len(names) and len({found[1] for found in labelled}) == 1:
        label = [each for each in vocabulary.cut(labelled[0][1]).meanings if each in FIELDS]
        if label:
            return FIELDS[label[-1]], LABELLED.pattern.replace("(", "(?:", 1), "known"
    said = [FIELDS[each] for each in vocabulary.cut(title).meanings if each in FIELDS]
    free = [each for each in said if not {each, each.removesuffix("_name"), each.removesuffix("_name") + "_id"} & set(there)]  # fmt: skip
    if free:
        return free[-1], "", "known"
    return _kind(names, "", vocabulary) or "customer_name", "", "values"


def _is_region(text: str) -> bool:
    bare = plain(text).strip()
    return bool(SIDES.fullmatch(bare)) or bare in _countries()


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(plain(name) for each in SPOKEN for name in Locale.parse(each).territories.values())


def is_person(text: str) -> bool:
    """Is it written as a person's name is: two words with capitals, or two or three signs of which the first is a surname?"""
    if HANZI_NAME.fullmatch(text):
        return text[0] in SURNAMES and len(text) <= 3
    return bool(WESTERN_NAME.fullmatch(text))
