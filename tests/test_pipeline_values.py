"""One pipeline, several values: each way begins with all that is open, and each step says what it took off."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import pipeline_values
from tests.packs import ROOT
from tests.told import pages

DATED = pd.DataFrame({"deals": [1, 2], "pipeline": [10.0, 20.0], "expected": [3.0, 6.0]})


def test_every_way_leads_from_all_that_is_open_to_its_value():
    found = pipeline_values.bridge(
        opened=100.0,
        dead=SimpleNamespace(value=40.0),
        worth=SimpleNamespace(listed=60.0, expected=25.0),
        dated=DATED,
        undated=50.0,
        coming=SimpleNamespace(amount=110.0, expected=8.0),
    )
    assert found["step"].tolist() == [
        "open", "live", "worth", "open", "with_date", "this_year", "expected", "open", "stood_for", "in_sprint",
    ]  # fmt: skip
    assert found["value"].tolist() == [100, 60, 25, 100, 50, 30, 9, 100, 110, 8]
    before = found["value"].shift().where(found["step"] != "open")
    assert np.allclose((before + found["change"]).dropna(), found["value"][before.notna()])


def test_a_value_that_is_not_known_has_no_way():
    undated = DATED.assign(deals=0, pipeline=0.0, expected=0.0)
    assert pipeline_values.bridge(opened=100.0, dated=undated, undated=100.0).empty
    assert pipeline_values.bridge(opened=0.0, dead=SimpleNamespace(value=0.0)).empty


@pytest.fixture(scope="module")
def told():
    return {
        page: pages(ROOT / "data" / "demo", "2026-10-31", drawn=False, only=page) for page in ("10", "30")
    }


def test_the_values_of_the_pages_are_those_of_the_bridge(told):
    plan, funnel = told["10"]["10_target_breakdown"], told["30"]["30_funnel_diagnosis"]
    value = funnel.frames["pipeline_values"].drop_duplicates("step").set_index("step")["value"]
    figures = {key: figure["value"] for key, figure in funnel.handed["figures"].items()}
    assert value["open"] == pytest.approx(figures["funnel.open_value"])
    assert value["live"] == pytest.approx(figures["funnel.open_value"] - figures["funnel.zombie_value"])
    assert value["expected"] == pytest.approx(plan.frames["bottom_up"]["expected"].sum())
    assert value["this_year"] == pytest.approx(plan.frames["bottom_up"]["pipeline"].sum())
    sprint = plan.frames["sprint_open_deals"]
    assert value["stood_for"] == pytest.approx(sprint["amount"].sum())
    assert value["in_sprint"] == pytest.approx(sprint["expected"].sum())
