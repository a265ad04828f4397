"""Do the sums of bookings hold whole every span that a page asks for, and stay as small as their questions?"""

from pathlib import Path

import pandas as pd
import pytest

from salesnb.calendars.periods import month_ends, year_before
from salesnb.intake import facts
from salesnb.intake.facts.bookings import _by_day, account_days
from salesnb.intake.facts.scoping import collected
from salesnb.intake.workspace import make_snapshot, open_book

WORKSPACE = Path(__file__).parent.parent / "data/demo"


@pytest.fixture(scope="module", params=["2026-10-31", "2026-09-17"])
def book(request, tmp_path_factory):
    place = tmp_path_factory.mktemp("bookings")
    path = make_snapshot(WORKSPACE, place / "snapshot.duckdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALESNB_SNAPSHOT", str(path))
        yield open_book(WORKSPACE, as_of=request.param)


@pytest.fixture(scope="module")
def days(book):
    return collected(_by_day(book, company=False)[0])


def spans(book):
    """First and last days of what pages ask for: months, years to date and the same a year before, sprints."""
    today = book.as_of
    for day in (today, today - pd.DateOffset(years=1), year_before(today), today - pd.DateOffset(months=1)):
        yield day.replace(day=1), day
        yield day.replace(month=1, day=1), day
    yield from ((end.replace(day=1), end) for end in month_ends(today, 12))
    for sprint in book.plan.sprints:
        if pd.Timestamp(sprint.start) <= today:
            yield pd.Timestamp(sprint.start), min(pd.Timestamp(sprint.end), today)


def test_every_span_of_a_page_holds_whole_rows(book, days):
    booked, columns = (
        facts.bookings(book),
        ["net_amount", "list_amount", "cost_amount", "quantity", "lines", "uncosted_amount"],
    )
    assert len(booked) < len(days) / 2
    for first, last in spans(book):
        found, known = (frame[frame["day"].between(first, last)] for frame in (booked, days))
        assert found[columns].sum().to_numpy() == pytest.approx(known[columns].sum().to_numpy())
        for sold in (found, known):
            priced = sold[(sold["net_amount"] > 0) & (sold["list_amount"] > 0)]
            assert len(priced)
        one, other = (
            sold[(sold["net_amount"] > 0) & (sold["list_amount"] > 0)]
            .groupby("rep_id")[["net_amount", "list_amount"]]
            .sum()
            for sold in (found, known)
        )
        pd.testing.assert_frame_equal(one, other)
    assert booked["day"].min() == days["day"].min()


def test_peoples_days_are_those_of_two_years(book, days):
    found = facts.rep_days(book)
    recent = days[days["day"] >= found["day"].min()]
    assert found["day"].min() >= book.as_of - pd.DateOffset(months=24)
    keys = ["rep_id", "day"]
    one, other = (frame.groupby(keys)["net_amount"].sum() for frame in (found, recent))
    pd.testing.assert_series_equal(one, other)


def test_lumps_are_days_and_beyond_a_number_of_them_weeks_and_then_months(book, days):
    by_day = facts.order_lumps(book)
    year = days[(days["day"] >= book.as_of.replace(month=1, day=1))]
    late = by_day[by_day["day"].dt.year == book.as_of.year]
    assert len(late) == len(year.groupby(["region", "rep_id", "product_line", "day"], dropna=False))
    weeks, months = (facts.order_lumps(book, most=most) for most in (len(by_day) - 1, 10))
    assert len(months) < len(weeks) < len(by_day)
    for coarse in (weeks, months):
        sums = [
            frame.groupby(["rep_id", frame["day"].dt.year])["net_amount"].sum() for frame in (coarse, by_day)
        ]
        pd.testing.assert_series_equal(*sums)


def test_prices_of_orders_are_those_of_whole_accounts_however_few_are_taken(book):
    every = facts.order_prices(book)
    assert (every[["net_amount", "list_amount"]] > 0).all(axis=None)
    assert every["day"].between(book.as_of - pd.DateOffset(months=36), book.as_of).all()
    some = facts.order_prices(book, most=len(every) // 3)
    assert 0 < len(some) < len(every) / 2
    own = every[every["account_id"].isin(some["account_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, own)


def test_a_discount_is_known_from_the_month_end_after_it(book):
    found, days = facts.granted(book, by="account_id"), collected(account_days(book, company=False))
    listed = days[(days["list_amount"] > 0) & days["account_id"].notna()]
    for end in month_ends(book.as_of, 30):
        if end != end + pd.offsets.MonthEnd(0):
            continue
        one, other = (
            frame[frame["day"] < end].groupby("account_id")[["net_amount", "list_amount"]].sum()
            for frame in (found, listed)
        )
        pd.testing.assert_frame_equal(one, other)
    squares = facts.discounts(book)
    assert squares["net_squares"].sum() == pytest.approx(
        (collected(_by_day(book, company=False)[0]).query("list_amount > 0")["net_amount"] ** 2).sum()
    )
