"""The charts of the customer page and the retrospective, by their artists; their sentences, by their words."""

import pandas as pd
import pytest

from salesnb.analysis.retrospective import Outcome, Why
from salesnb.display.customers import charts as customers
from salesnb.display.customers import prose as customer_prose
from salesnb.display.kit import drawing, forms
from salesnb.display.kit.pen import Pen
from salesnb.display.retrospective import prose
from salesnb.language import Language

SAY = Language("en", currency="CNY")
AS_OF = pd.Timestamp("2026-10-31")


def test_effort_stands_beside_value() -> None:
    rows = pd.DataFrame(
        {"tier": ["strategic", "core"], "revenue_share": [0.7, 0.3], "effort_share": [0.2, 0.8]}
    )
    _, ax = drawing.figure()
    customers.draw_effort(ax, rows, Pen(SAY))
    assert [round(bar.get_width(), 2) for bar in ax.patches] == [0.7, 0.3, 0.2, 0.8]
    assert "70% of revenue" in {text.get_text() for text in ax.texts}


def test_a_bridge_ends_where_it_should() -> None:
    steps = pd.DataFrame({"step": ["then", "a", "b", "now"], "change": [10.0, -4.0, 3.0, 9.0]})
    _, ax = drawing.figure()
    forms.bridge(ax, steps, Pen(SAY))
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert spans[1] == (10.0, 6.0)
    assert spans[2] == (6.0, 9.0)
    assert spans[3] == (0.0, 9.0)


def test_months_name_who_misses_most() -> None:
    members = pd.DataFrame({"member": ["West", "East"], "actual": [5e6, 3e6], "gap": [-3.0, 1.0]})
    said = SAY(prose.month(Outcome(8e6, 1e7), members, as_of=AS_OF))
    assert said.startswith("October 2026 brought 8.00M, 2.00M short of its target; West misses most")
    assert "no target" in SAY(prose.month(Outcome(8e6, None), members, as_of=AS_OF))


def test_the_weightiest_factor_is_named() -> None:
    found = Why(
        pd.Timestamp("2025-10-01"), 10e6, 9e6, {"customers": -2e6, "orders_each": 0.5e6, "order_value": 0.5e6}
    )
    assert "number of customers" in SAY(prose.why(found))
    assert prose.why(None) is None


@pytest.mark.parametrize("watched", [0, 5])
def test_no_silence_is_said(watched: int) -> None:
    said = SAY(customer_prose.silence(pd.DataFrame(), watched))
    assert ("5 were watched" in said) == (watched == 5)
