"""Is each verdict silent in the worlds that look like it, and is it told where its effect is there?"""

from pathlib import Path

import numpy as np
import pytest

from salesnb.analysis import (
    conversion_split,
    deal_days,
    forecast,
    gaps,
    hygiene,
    intervals,
    product_lines,
    pull_forward,
    team,
    win_rates,
)  # fmt: skip
from salesnb.intake import facts
from salesnb.intake.book import open_book
from tests import worlds
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


def test_a_win_rates_interval_holds_where_accounts_differ() -> None:
    own = np.clip(0.35 + 0.25 * np.random.default_rng(0).normal(size=100_000), 0.02, 0.98)
    held, by_row = [], []
    for seed in range(20):
        made = worlds.deals(seed, unlike=0.25, accounts=25, n=1500)
        found = win_rates.by_group(made, as_of=worlds.TODAY, dimensions=("channel", "region"))
        rows = intervals.wilson(found["won"], found["closed"])
        held += list(found["low"].le(own.mean()) & found["high"].ge(own.mean()))
        by_row += list(rows["low"].le(own.mean()) & rows["high"].ge(own.mean()))
    assert np.mean(held) >= 0.9
    assert np.mean(by_row) < 0.85  # what counts deals as if they were of as many accounts


@pytest.mark.parametrize(("orders", "spread"), [(4, 1.2), (8, 1.0), (30, 0.6)])
def test_an_attainments_interval_holds_under_few_large_orders(orders: float, spread: float) -> None:
    held = [
        team.attainment(*worlds.few_large(seed, orders=orders, spread=spread), as_of=worlds.TODAY).eval(
            "low <= 1 <= high"
        )
        for seed in range(20)
    ]
    assert np.concatenate(held).mean() >= 0.9


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


def test_no_deals_leads_or_records_give_verdicts_that_found_nothing() -> None:
    book = open_book(str(Path(__file__).parents[1] / "data" / "demo"), as_of="2026-10-31")
    none, day = facts.opportunities(book).head(0), book.as_of
    fields = hygiene.by_team(hygiene.required(none, at_stage={"quote": ["competitor"]}))
    told = [
        *win_rates.findings(
            win_rates.by_group(none, as_of=day), win_rates.lead_channels(facts.leads(book).head(0), as_of=day), as_of=day,
        ),
        *hygiene.findings(fields, as_of=day),
        *conversion_split.findings(conversion_split.of_lines(none, lines=[], as_of=day), as_of=day),
        *deal_days.pace_findings(deal_days.by_group(win_rates.sized(none), as_of=day), as_of=day),
        *forecast.findings(forecast.surprise(None), None),
        *gaps.findings(None, as_of=day),
    ]  # fmt: skip
    assert {one.conclusion for one in told} == {"none"}
