"""Headings as systems and people write them: is what they mean understood, and is what is not understood never taken for sure?

`headings_met.tsv` has a system, a heading and what it means (several where only the cells can tell) in each row. It was put
together apart from the vocabulary: about a quarter of its headings stand there as a whole, the others are cut into words.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml

from salesnb.errors import InputError
from salesnb.intake.foreign import vocabulary as vocabularies
from salesnb.intake.foreign.meanings import FIELDS, meaning_of

MET = Path(__file__).with_name("headings_met.tsv")
RIGHT, WRONGLY_SURE = 0.95, 0.02


def met() -> list[tuple[str, str, list[str]]]:
    with MET.open(encoding="utf-8") as file:
        return [
            (row["system"], row["heading"], row["meaning"].split("|"))
            for row in csv.DictReader(file, delimiter="\t")
        ]


def judged() -> Counter[tuple[bool, str]]:
    """(listed as a whole, right, wrong or unknown) → how many."""
    words = vocabularies.vocabulary()
    found: Counter[tuple[bool, str]] = Counter()
    for _, heading, meant in met():
        meaning = meaning_of(words.cut(heading))
        field = meaning.field if meaning else "nothing"
        right = field in meant or (field == "nothing" and "none" in meant)
        sure = meaning is not None and meaning.sure == "known" and field != "nothing"
        listed = vocabularies.folded(heading) in words.headings
        found[listed, "right" if right else "wrong" if sure else "unknown"] += 1
    return found


def test_headings_met_are_understood() -> None:
    found = judged()
    assert found.total() >= 300
    for listed in (True, False):
        n = sum(count for (each, _), count in found.items() if each is listed)
        assert found[listed, "right"] >= RIGHT * n
        assert found[listed, "wrong"] <= WRONGLY_SURE * n


def test_no_word_means_two_things() -> None:
    content = yaml.safe_load(
        Path(vocabularies.__file__).with_name("vocabulary.yml").read_text(encoding="utf-8")
    )
    for part, whole in (("words", False), ("headings", True)):
        meanings: dict[str, set[str]] = {}
        for word, meaning in vocabularies._pairs(content[part], whole=whole):
            meanings.setdefault(word, set()).add(meaning)
        assert {word: found for word, found in meanings.items() if len(found) > 1} == {}
    assert set(content["headings"]) <= FIELDS


def test_a_user_may_add_to_the_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "headings.yml").write_text(
        "words:\n  customer: [Mandant]\nheadings:\n  net_amount: [Wirkung]\n", encoding="utf-8"
    )
    words = vocabularies.vocabulary(tmp_path)
    assert meaning_of(words.cut("Mandanten-Nr.")).field == "customer_id"
    assert meaning_of(words.cut("Wirkung")).field == "net_amount"
    assert meaning_of(vocabularies.vocabulary().cut("Wirkung")) is None
    (tmp_path / "headings.yml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"headings\.yml cannot be read"):
        vocabularies.vocabulary(tmp_path)


@pytest.mark.parametrize(
    ("heading", "factor", "currency"),
    [
        ("Umsatz (T€)", 1e3, "EUR"),
        ("销售额（万元）", 1e4, "CNY"),
        ("銷售額（萬元）", 1e4, "CNY"),
        ("Sales (USD '000)", 1e3, "USD"),
        ("Revenue in millions", 1e6, None),
        ("Net amount (EUR)", 1, "EUR"),
        ("金额(元)", 1, "CNY"),
        ("Amount", 1, None),
        ("KM sold", 1, None),
    ],
)
def test_units_in_headings(heading: str, factor: float, currency: str | None) -> None:
    assert vocabularies.without_unit(heading)[1:] == (factor, currency)
