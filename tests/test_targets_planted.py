"""Does the targets page's analysis find what is planted in the demo company?"""

from pathlib import Path

import pytest

from salesnb.analysis import carriers, gaps, targets
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from tests.planted import AS_OF, TRUTHS


def test_the_region_behind_and_the_two_people_are_found():
    book = open_book(str(Path(__file__).parents[1] / "data" / "demo"), as_of=AS_OF)
    bookings, spread = facts.bookings(book), targets.spread_rows(facts.targets(book), as_of=book.as_of)
    regions = carriers.by_member(bookings, spread, dimension="region", as_of=book.as_of).set_index("member")
    behind, hands = TRUTHS["region_behind"], TRUTHS["valve_orders"]
    assert regions.index[0] == behind.who[0]
    assert regions["gap"].iloc[0] == pytest.approx(behind.size, rel=0.1)
    assert (regions["attainment"].iloc[1:] >= float(behind.detail["others_at_least"]) - 0.01).all()
    cells = gaps.grid(
        bookings, as_of=book.as_of, total=float(regions["target_ytd"].sum()), regions=regions["target_ytd"]
    )
    cause = gaps.cause(bookings, cells, as_of=book.as_of)
    assert (cause.region, cause.product_line) == (hands.detail["region"], hands.detail["product_line"])
    assert set(hands.who) <= set(cause.names)
