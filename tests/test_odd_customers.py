"""The customers' page of companies at the limits: one account, all alike, returns above sales, ids that differ in case or width, nobody met,
a first year of records. It is whole, its sums are exact, and what is not known is not told."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.told import Told, pages

AS_OF = "2026-10-31"
UNWORDED = re.compile(r"\b(nan|NaN|NaT|None|inf|\{\w+)\b(?! of)")
Row = tuple[str, str, float]  # account, day, money


def monthly(*accounts: str, money: float = 100.0, since: str = "2023-11-05") -> list[Row]:
    days = pd.date_range(since, AS_OF, freq="30D")
    return [(account, str(day.date()), money) for day in days for account in accounts]


def one() -> list[Row]:
    return monthly("A1")


def alike() -> list[Row]:
    return monthly(*(f"A{number:02d}" for number in range(40)))


def returned() -> list[Row]:
    """The second account sends back more than it bought; in all less than nothing was sold."""
    return [*monthly("A1"), *monthly("B1", money=-150.0), *monthly("B1", money=10.0, since="2023-11-07")]


def spelled() -> list[Row]:
    """Ids that differ in case and in width are other ids, and are told."""
    return [*monthly("a1"), *monthly("A1", money=300.0), *monthly("\uff211", money=500.0)]


def first_year() -> list[Row]:
    return monthly(*(f"A{number:02d}" for number in range(12)), since="2026-02-05")


COMPANIES: dict[str, Callable[[], list[Row]]] = {
    made.__name__: made for made in (one, alike, returned, spelled, first_year)
}


@pytest.fixture(scope="module", params=COMPANIES)
def told(request, tmp_path_factory) -> tuple[str, list[Row], Told]:
    rows = COMPANIES[request.param]()
    place: Path = tmp_path_factory.mktemp(request.param)
    (place / "plan.yml").write_text("company: A\ncurrency: EUR\n", encoding="utf-8")
    lines = [f"{number},{account},{day},{money}" for number, (account, day, money) in enumerate(rows)]
    (place / "orders.csv").write_text(
        "\n".join(["order_id,account_id,ordered_on,net_amount", *lines]), encoding="utf-8"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return request.param, rows, pages(place, AS_OF, drawn=False, only="20")["20_customer_segmentation"]


def test_the_page_is_whole_and_every_sentence_is_worded(told) -> None:
    _, _, page = told
    assert len(page.sections) >= 10
    assert [words for words in page.words if UNWORDED.search(words)] == []
    sections = [one for one in page.sections if "people" not in one]  # which is for people's sheets
    assert [
        one for one in sections if not (one.get("answer") or one.get("lacking") or one.get("exhibits"))
    ] == []


def test_tiers_hold_every_account_and_every_cent(told) -> None:
    _, rows, page = told
    figures = {key: one["value"] for key, one in page.handed["figures"].items()}
    year = (
        pd.DataFrame(rows, columns=["account", "day", "money"])
        .query("day >= '2025-11-01'")
        .groupby("account")["money"]
        .sum()
    )
    assert figures["customers.active"] == (year > 0).sum()
    assert sum(figures[f"tier.{name}"] for name in ("strategic", "core", "potential", "opportunity")) == len(
        {row[0] for row in rows}
    )
    assert page.frames["tiers"]["revenue"].sum() == pytest.approx(year.sum(), abs=0.005)


def test_what_a_company_cannot_say_is_not_said(told) -> None:
    name, _, page = told
    words = " ".join(page.words)
    assert "Plan B" in words or name == "one"
    assert ("months of such business" in words) is False  # nobody is new, or nobody knows who is
    assert "account.act" not in [one["id"] for one in page.handed["findings"] if one["conclusion"] == "found"]
    if name == "first_year":
        assert page.frames["core_reviews"]["change"].isna().all()  # against a year that nobody knows
        assert "best years" not in words
        assert page.handed["figures"]["repeat.r"]["value"] is None
    if name == "alike":
        assert np.ptp(page.frames["plan_b"]["revenue"]) == 0
    if name == "spelled":
        assert page.frames["plan_b"]["account_id"].tolist() == ["\uff211", "A1", "a1"]
    if name == "returned":
        assert "B1" not in set(page.frames["plan_b"]["account_id"])


def test_without_owners_the_review_is_a_list_of_accounts(told) -> None:
    _, _, page = told
    if "core_reviews" in page.frames:
        assert "account_name" in page.frames["core_reviews"]
        assert page.frames["core_reviews"]["account_id"].is_unique
