"""Why did revenue change? Parts that sum to the cent, by hand and for anything that could come."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesnb.analysis import revenue_change
from salesnb.display.revenue import prose
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from salesnb.language import Nothing
from tests.planted import AS_OF

END = pd.Timestamp("2026-02-28")
NO_DEALS = pd.DataFrame({"created_on": pd.Series(dtype="datetime64[ns]")})


def orders(*rows):
    frame = pd.DataFrame(rows, columns=["opportunity_id", "day", "product_line", "sold", "returned"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def leads(*rows):
    frame = pd.DataFrame(rows, columns=["day", "created"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def test_twice_the_leads_half_the_conversion_and_a_return_by_hand():
    found = revenue_change.why(
        orders(
            ("D1", "2026-01-10", "Valves", 100.0, 0.0),
            ("D2", "2026-01-11", "Valves", 100.0, 0.0),
            ("D3", "2026-02-10", "Valves", 130.0, -10.0),
            ("D4", "2026-02-10", "Valves", 130.0, 0.0),
            (None, "2026-02-11", "Pumps", 40.0, 0.0),
        ),
        leads(("2026-01-01", 10), ("2026-02-01", 20)),
        NO_DEALS,
        as_of=END,
        span="month",
    )
    assert (found.before, found.after, found.deals) == (200.0, 290.0, (2, 2))
    # 10 × 0.2 × 100 → 20 × 0.1 × 130; e.g. size: 30 × (2/3 + 4/6 + 1/6 + 2/3)
    assert (found.parts["leads"], found.parts["conversion"], found.parts["size"]) == (170.0, -175.0, 65.0)
    assert (found.parts["unlinked"], found.parts["returns"]) == (40.0, -10.0)
    assert round(sum(found.parts.values()), 2) == found.change == 90.0


def test_a_shift_between_lines_is_mix_and_a_line_without_a_past_keeps_its_size():
    before = pd.DataFrame(
        {"opportunity_id": ["A", "B"], "product_line": ["Small", "Large"], "sold": [10.0, 90.0]}
    )
    after = pd.DataFrame(
        {"opportunity_id": ["C", "D"], "product_line": ["Large", "Large"], "sold": [90.0, 90.0]}
    )
    parts = revenue_change.deal_parts(before, after, came=(4.0, 4.0))
    assert parts == pytest.approx({"leads": 0, "conversion": 0, "mix": 80, "size": 0})


def test_months_without_a_deal_without_a_lead_and_without_anything():
    bought = orders(("D1", "2026-02-10", "Valves", 50.0, 0.0))
    asked = {"as_of": END, "span": "month"}
    none = leads().astype({"created": float})
    only_now = revenue_change.why(bought, leads(("2026-01-01", 5), ("2026-02-01", 5)), NO_DEALS, **asked)
    assert only_now.parts == {"conversion": 50.0}
    unled = revenue_change.why(bought, none, NO_DEALS, **asked)
    assert unled.parts == {"deals": 50.0}
    assert revenue_change.why(bought.iloc[:0], none, NO_DEALS, **asked) is None


def test_leads_are_counted_when_the_deals_began():
    bought = orders(("D1", "2026-01-10", "Valves", 50.0, 0.0), ("D2", "2026-02-10", "Valves", 50.0, 0.0))
    came = leads(("2025-11-01", 1), ("2025-12-10", 4), ("2026-01-10", 8), ("2026-02-10", 99))
    found = revenue_change.why(bought, came, NO_DEALS, as_of=END, span="month", lag=31)
    assert found.came == (4.0, 8.0)


def test_a_running_month_is_held_against_the_same_days_and_a_whole_one_against_a_whole_one():
    half = revenue_change.spans(pd.Timestamp("2026-03-17"), months=1, back=1)
    assert half[1] == (pd.Timestamp("2026-02-01"), pd.Timestamp("2026-02-17"))
    whole = revenue_change.spans(END, months=3, back=3)
    assert whole == (
        (pd.Timestamp("2025-12-01"), END),
        (pd.Timestamp("2025-09-01"), pd.Timestamp("2025-11-30")),
    )
    leap = revenue_change.spans(pd.Timestamp("2024-02-29"), months=1, back=12)
    assert leap[1][1] == pd.Timestamp("2023-02-28")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["D1", "D2", "D3", None]),
            st.integers(0, 70),
            st.sampled_from(["Valves", "Pumps", None]),
            st.floats(0, 1e7),
            st.floats(-1e5, 0),
        ),
        max_size=12,
    ),
    st.lists(st.tuples(st.integers(0, 70), st.integers(1, 9)), max_size=5),
    st.sampled_from(list(revenue_change.SPANS)),
)
def test_the_parts_always_sum_to_the_change_to_the_cent(rows, came, span):
    born = pd.Timestamp("2025-12-20")
    bought = orders(*[(deal, born + pd.Timedelta(days=day), *rest) for deal, day, *rest in rows])
    new = leads(*[(born + pd.Timedelta(days=day), n) for day, n in came])
    found = revenue_change.why(bought, new, NO_DEALS, as_of=END, span=span)
    if found is not None:
        assert round(sum(round(part * 100) for part in found.parts.values())) == round(found.change * 100)


def test_the_demo_is_explained_to_the_cent_and_agrees_with_its_bookings():
    book = open_book("data/demo", as_of=AS_OF)
    found, new, deals = facts.deal_orders(book), facts.leads(book), facts.opportunities(book)
    booked = facts.bookings(book)
    for span in revenue_change.SPANS:
        change = revenue_change.why(found, new, deals, as_of=book.as_of, span=span, lag=56)
        assert change.after == pytest.approx(
            booked.loc[booked["day"].between(change.first, change.last), "net_amount"].sum(), abs=0.005
        )
        assert sum(round(part * 100) for part in change.parts.values()) == round(change.change * 100)
        assert not np.isnan(list(change.parts.values())).any()


def test_half_cents_are_rounded_once():
    bought = orders(
        ("D1", "2026-01-10", "Valves", 1.005, 0.0),  # held as a little less; times 100 it is a little more
        (None, "2026-02-10", "Valves", 2.675, 0.0),
    )
    found = revenue_change.why(bought, leads(), NO_DEALS, as_of=END, span="month")
    assert round(sum(found.parts.values()), 2) == found.change == round(found.after - found.before, 2)


def test_a_span_before_the_data_begin_is_unknown_and_not_nothing():
    sold = orders(("D1", "2026-02-10", "Valves", 130.0, 0.0))
    asked = {"as_of": END, "span": "month"}
    assert revenue_change.why(sold, leads(), NO_DEALS, **asked, since=pd.Timestamp("2026-02-01")) is None
    assert revenue_change.why(sold, leads(), NO_DEALS, **asked, since=pd.Timestamp("2026-01-05")) is not None


def test_orders_that_name_no_deal_are_no_cause():
    said = prose.why(None, None, linked=False)
    assert isinstance(said, Nothing)
    assert "No order names the deal" in str(said)
