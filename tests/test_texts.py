"""Is every text that a reader can meet translated, with the fields that it needs?"""

import re
import string

from babel.messages.pofile import read_po

from salesnb.language import CATALOGUES, Language
from salesnb.language.translation import translated_markdown
from tests.collect_texts import ENGLISH, for_one, known, texts


def entries() -> dict[str, str]:
    with (CATALOGUES / "zh" / "LC_MESSAGES" / "salesnb.po").open("rb") as file:
        return {
            entry.id: "" if entry.fuzzy else entry.string for entry in read_po(file, locale="zh") if entry.id
        }


def fields(template: str) -> set[tuple[str, str]]:
    return {(name, kind or "") for _, name, kind, _ in string.Formatter().parse(template) if name is not None}


def test_no_text_is_untranslated_or_fuzzy():
    known = entries()
    missing = [entry.id for entry in texts() if entry.id and not known.get(entry.id)]
    assert not missing, (
        f"{len(missing)} texts lack Chinese, among them {missing[:5]}: run make catalogue and translate them"
    )


def test_no_translation_is_left_of_a_text_that_is_gone():
    wanted = {entry.id for entry in texts() if entry.id}
    assert set(entries()) <= wanted


def test_a_translation_keeps_the_fields_of_its_text():
    wrong = {}
    for text, chinese in entries().items():
        try:
            expected, found = fields(text), fields(chinese)
        except ValueError:  # markdown may hold braces of its own
            continue
        if expected != found:
            wrong[text] = chinese
    assert not wrong


def test_markdown_is_translated_block_by_block():
    text = "# Targets\n\nAn unknown sentence.\n"
    assert translated_markdown(text, language="en") == text
    chinese = translated_markdown(text, language="zh")
    assert chinese.startswith(f"# {Language('zh')('Targets')}\n\n")
    assert chinese.endswith("An unknown sentence.\n")


def english() -> dict[str, str]:
    return dict(known(ENGLISH))


CHOICE = re.compile(r"\{(\w+):(\w*)\|([^|}]*)\|([^|}]*)\}")


def test_english_counts_one_as_one() -> None:
    drafted = {entry.id: for_one(entry.id) for entry in texts() if entry.id}
    lacking = [text for text, draft in drafted.items() if draft != text and text not in english()]
    assert not lacking, f"run make catalogue and read what it drafted for {lacking[:3]}"
    assert set(english()) <= set(drafted)
    for text, chosen in english().items():
        more = CHOICE.sub(lambda m: f"{{{m[1]}:{m[2]}}} {m[4]}" if m[2] else m[4], chosen)
        assert more == text, "for more than one it is the text as it stands in the code"
        assert for_one(chosen) == chosen != text, "each word after a count has its form for one"


def test_words_follow_the_number_that_is_written() -> None:
    say = Language("en")
    late = "{n:count} of {all:count} open deals are older than 99% of deals ever won ({limit:days}); what they are worth is unknown."
    assert late in english()
    assert say(late, n=1, all=1, limit=9).startswith("1 of 1 open deal is older")
    assert say(late, n=0, all=2, limit=9).startswith("0 of 2 open deals are older")
    assert say(late, n=2, all=2, limit=9).startswith("2 of 2 open deals are older")
    assert say(late, n=0.9999, all=2, limit=9).startswith(
        "1 of 2 open deals is"
    )  # as it is written, not as it is kept
    assert say("{n:|is|are}", n=1) == "is"
    assert say("{n:number|visit|visits} a day", n=1.3) == "1.30 visits a day"
    assert say("{n:count|account|accounts}", n=None) == "– accounts"


# one word a term; what stands on the left is said on no page, command or form
OTHER_WORDS = {
    "工作区": "数据文件夹", "汇报材料": "月报", "报告包": "月报", "打法": "话术", "推介": "话术", "丢单": "输单", "沉默": "停单", "静默": "停单",
    "产品类别": "产品线", "签单额": "订单额", "业务员": "销售人员", "销售代表": "销售人员", "隔离": "剔除", "员工脉搏": "员工状态调查",
    "陌生电话": "电话陌拜", "衡量标准": "对照", "上级所需": "自上而下需完成", "展览": "展会", "进行中商机": "在手商机", "未结商机": "在手商机",
    "更年轻": "时间还短", "年轻的季度": "较近的季度", "收入": "订单额", "小队": "突击队", "比上月": "环比", "签约额": "订单额", "偶然": "正常波动", "变差": "恶化", "陌电": "电话陌拜", "超出偶然的": "超出正常波动的",
}  # fmt: skip


def test_a_term_has_one_word_in_chinese():
    wrong = {
        chinese: f"{other} → {word}"
        for chinese in entries().values()
        for other, word in OTHER_WORDS.items()
        if other in chinese
    }
    assert not wrong
