"""Is each verdict silent in the worlds that look like it, and is it told where its effect is there?"""

import pytest

from salesnb.analysis import product_lines, pull_forward
from salesnb.intake import facts
from salesnb.intake.book import open_book
from tests.packs import SHARED
from tests.verdicts import FALSE, POWER, TRUE, Pair, bounds

COMPANIES, STRONG = 40, 8


def named(pair: Pair) -> str:
    return f"{pair.verdict}: {pair.world}"


@pytest.mark.parametrize("pair", [pair for pair in FALSE if pair.quick], ids=named)
def test_a_lookalike_is_told_no_oftener_than_stated(pair: Pair) -> None:
    told = sum(pair.told(seed) for seed in range(COMPANIES))
    assert bounds(told, COMPANIES)[0] <= pair.stated, f"{told} of {COMPANIES}"


@pytest.mark.parametrize("pair", [pair for pair in TRUE if pair.quick], ids=named)
def test_an_effect_of_the_stated_size_is_found(pair: Pair) -> None:
    found = sum(pair.told(seed) for seed in range(1000, 1000 + STRONG))
    assert bounds(found, STRONG)[1] >= POWER, f"{found} of {STRONG}"


def world(name: str) -> object:
    place = SHARED / "cases" / "judgement" / name
    if not place.is_dir():
        pytest.skip("the shared cases are not beside the checkout")
    return open_book(str(place), as_of="2026-10-31")


def test_a_channel_that_took_over_is_named_and_neither_product_nor_pitch() -> None:
    book = world("world-mix")
    made = facts.opportunities(book)
    found = product_lines.by_line(made, as_of=book.as_of).set_index("product_line")
    assert (found.loc["Alpha", "conclusion"], found.loc["Alpha", "by"]) == ("explained", "mix")
    told = product_lines.reading(made, line="Alpha", fell=False, by="mix", as_of=book.as_of)
    assert told.verdict == "explained"
    assert told.shift[:2] == ("channel", "cold call")
    assert told.shift[3] > told.shift[2]


def test_a_sprint_that_does_what_every_quarters_end_does_drew_nothing_of_its_own() -> None:
    book = world("world-habit")
    sprint = pull_forward.known_sprint(book.plan.sprints, as_of=book.as_of)
    found = pull_forward.pull_forward(
        sprint, facts.order_days(book), as_of=book.as_of, country=book.plan.country
    )
    assert found.conclusion == "explained"
    assert found.low == 0
    assert found.habit > found.amount
