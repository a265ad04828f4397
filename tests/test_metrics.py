"""Are the headline numbers right? Against independent computations: the shared workspaces' and the demo company's."""

from __future__ import annotations

import json
import math

import pytest

from salesnb.headlines import HEADLINES
from salesnb.intake.workspace import open_book
from tests import oracle
from tests.packs import ROOT, SHARED, rendered

WORKSPACES = sorted(path.parent for path in SHARED.glob("workspaces/*/expected.json"))
TOLERANCE = {"repeat.a": 1e-2, "repeat.b": 1e-2, "repeat.r": 1e-3, "repeat.alpha": 1e-3}
TOLERANCE |= {"repeat.log_likelihood": 1e-3, "repeat.expected_orders_90d": 1e-3}


def differences(expected: dict, metrics: dict) -> dict[str, tuple[object, object]]:
    """key → (expected, got) wherever the pack does not agree."""
    found = {}
    for key, wanted in expected.items():
        got = metrics[key]["value"]
        if wanted is None or got is None:
            agrees = wanted is None and got is None and bool(metrics[key].get("reason"))
        elif isinstance(wanted, str):
            agrees = wanted == got
        else:
            agrees = math.isclose(wanted, got, rel_tol=TOLERANCE.get(key, 1e-6), abs_tol=1e-9)
        if not agrees:
            found[key] = (wanted, got)
    return found


@pytest.mark.skipif(
    not WORKSPACES, reason="the shared workspaces are not beside this checkout (../shared/workspaces)"
)
@pytest.mark.parametrize("workspace", WORKSPACES, ids=lambda path: path.name)
def test_a_real_company_agrees_with_the_independent_computation(workspace):
    expected = json.loads((workspace / "expected.json").read_text(encoding="utf-8"))
    pack = rendered(workspace, expected["month"])
    assert pack.status == 0, pack.printed
    assert not differences(expected["metrics"], pack.metrics)


def test_the_demo_company_agrees_with_the_second_computation():
    pack = rendered(ROOT / "data" / "demo", "2026-10")
    assert pack.status == 0, pack.printed
    book = open_book(str(ROOT / "data" / "demo"), as_of="2026-10-31")
    assert not differences(oracle.expected(book), pack.metrics)


def test_every_headline_is_in_the_pack_with_unit_label_page_and_reason():
    metrics = rendered(ROOT / "data" / "demo", "2026-10").metrics
    assert list(metrics) == list(HEADLINES)
    for key, entry in metrics.items():
        assert entry["unit"] == HEADLINES[key].unit
        assert entry["page"] == HEADLINES[key].page
        assert entry["label"]
        assert (entry["value"] is None) == bool(entry.get("reason")), key
