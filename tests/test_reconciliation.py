"""Is the same cell the same number on every page? Sums of the tables of rendered packs, beside each other and the headlines."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import pandas as pd
import pytest

from salesnb.calendars.days import works
from salesnb.intake.digests import read_workspace_plan
from tests.packs import ROOT, rendered
from tests.test_metrics import WORKSPACES
from tests.told import pages

MONTHS = {
    path: json.loads((path / "expected.json").read_text(encoding="utf-8"))["month"] for path in WORKSPACES
} | {ROOT / "data" / "demo": "2026-10"}


def table(folder: Path, name: str) -> pd.DataFrame | None:
    found = sorted((folder / "tables").glob(f"*.{name}.csv"))
    return pd.read_csv(found[0]) if found else None


def sums(folder: Path, value: dict[str, float | None]) -> dict[str, tuple[float, float]]:
    """What must be one number: the name of the pair → the sum of a page's table, and the headline."""
    pairs: dict[str, tuple[float, float | None]] = {}
    if (cells := table(folder, "gap_grid")) is not None:
        pairs["gap: booked"] = cells["actual"].sum(), value["bookings.ytd"]
        if value["target.ytd"] is not None:
            pairs["gap: target"] = cells["target"].sum(), value["target.ytd"]
    if (left := table(folder, "months_left")) is not None and value["target.year"] is not None:
        pairs["months left"] = left["needed"].sum(), max(0.0, value["target.year"] - value["bookings.ytd"])
    if (deals := table(folder, "open_deals")) is not None:
        pairs["open deals"] = deals["amount"].sum(), value["funnel.open_value"]
        pairs["open deals, number"] = len(deals), value["funnel.open_count"]
    if (ages := table(folder, "pipeline_age")) is not None:
        pairs["age: all"] = ages["value"].sum(), value["funnel.open_value"]
        pairs["age: dead"] = (
            ages.loc[ages["zombie"].astype(bool), "value"].sum(),
            value["funnel.zombie_value"],
        )
        pairs["age: dead, number"] = (
            ages.loc[ages["zombie"].astype(bool), "deals"].sum(),
            value["funnel.zombie_count"],
        )
    if (bands := table(folder, "ageing")) is not None:
        pairs["overdue"] = bands.loc[bands["from_day"] > 0, "amount"].sum(), value["receivables.overdue"]
    if (path := table(folder, "year_path")) is not None:
        pairs["path: booked"] = path["actual"].dropna().iloc[-1], value["bookings.ytd"]
    return {name: pair for name, pair in pairs.items() if pair[1] is not None}


@pytest.mark.parametrize("workspace", MONTHS, ids=lambda path: path.name)
def test_the_sums_of_every_page_meet(workspace):
    pack = rendered(workspace, MONTHS[workspace])
    value = {key: entry["value"] for key, entry in pack.metrics.items()}
    found = sums(pack.folder, value)
    assert found
    apart = {
        name: pair for name, pair in found.items() if not math.isclose(*pair, rel_tol=1e-9, abs_tol=0.02)
    }
    assert not apart
    if value["forecast.year"] is not None:
        assert value["forecast.year_p10"] <= value["forecast.year"] <= value["forecast.year_p90"]


@pytest.mark.parametrize("workspace", MONTHS, ids=lambda path: path.name)
def test_what_is_asked_for_can_be_done(workspace):
    """Few things, each once, each of somebody, due on a working day."""
    calls = json.loads(
        (rendered(workspace, MONTHS[workspace]).folder / "calls.json").read_text(encoding="utf-8")
    )
    asked = [call for call in calls["calls"] if call["kind"] == "decision"]
    assert len({(call["text"], call["owner"]) for call in asked}) == len(asked)
    assert all(call["owner"] for call in asked)
    country = read_workspace_plan(workspace).country
    assert all(works(dt.date.fromisoformat(call["due"]), country) for call in asked if call["due"])


def test_a_regions_cells_are_the_same_in_its_own_pack_and_the_companys():
    demo = ROOT / "data" / "demo"
    gaps = {}
    for scope in ("", "region=East"):
        told = pages(demo, "2026-10-31", scope=scope, drawn=False, only="10")
        cells = told["10_target_breakdown"].frames["gap_grid"]
        gaps[scope] = cells[cells["region"] == "East"].set_index("product_line")["gap"].sort_index()
    pd.testing.assert_series_equal(gaps[""], gaps["region=East"], atol=0.02, rtol=0)
    assert (gaps[""] < 0).any()
