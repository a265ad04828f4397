"""Is every text that a reader can meet translated, with the fields that it needs?"""

import string

from babel.messages.pofile import read_po

from salesnb.language import CATALOGUES, Language
from salesnb.language.translation import collect, translated_markdown
from tests.packs import ROOT


def entries() -> dict[str, str]:
    with (CATALOGUES / "zh" / "LC_MESSAGES" / "salesnb.po").open("rb") as file:
        return {
            entry.id: "" if entry.fuzzy else entry.string for entry in read_po(file, locale="zh") if entry.id
        }


def fields(template: str) -> set[tuple[str, str]]:
    return {(name, kind or "") for _, name, kind, _ in string.Formatter().parse(template) if name is not None}


def test_no_text_is_untranslated_or_fuzzy():
    known = entries()
    missing = [entry.id for entry in collect(ROOT) if entry.id and not known.get(entry.id)]
    assert not missing, (
        f"{len(missing)} texts lack Chinese, among them {missing[:5]}: run make catalogue and translate them"
    )


def test_no_translation_is_left_of_a_text_that_is_gone():
    wanted = {entry.id for entry in collect(ROOT) if entry.id}
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
