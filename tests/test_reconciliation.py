"""Is the same cell the same number on every page? Sums of the tables of rendered packs, beside each other and the headlines."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import pandas as pd
import pytest

from salesnb.calendars.days import works
from salesnb.headlines import TOGETHER
from salesnb.intake.digests import read_workspace_plan
from salesnb.intake.workspace import open_book
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
    """Few things, each once, each of somebody who is here, due on a working day, the most money first, none against another."""
    pack = rendered(workspace, MONTHS[workspace]).folder
    calls = json.loads((pack / "calls.json").read_text(encoding="utf-8"))
    asked = [call for call in calls["calls"] if call["kind"] == "decision"]
    kinds = [call["id"].partition("-")[0] for call in asked]
    assert (
        len({kind if kind in TOGETHER else call["id"] for kind, call in zip(kinds, asked, strict=True)}) <= 7
    )
    things = [call["id"].removeprefix("funnel-").replace("contact-", "silent-") for call in asked]
    assert len(set(things)) == len({call["text"] for call in asked}) == len(asked)
    country = read_workspace_plan(workspace).country
    assert all(works(dt.date.fromisoformat(call["due"]), country) for call in asked if call["due"])
    money = [call["amount"] or 0 for call in asked]
    assert money == sorted(money, reverse=True)
    people = open_book(workspace, as_of=f"{pd.Period(MONTHS[workspace]).end_time:%Y-%m-%d}").reps
    here = people[people["active"].astype(bool)]
    names = set(here["rep_name"].dropna()) | set(here["rep_id"])
    assert {call["owner"] for call in asked} <= names | {"Sales director", "Finance"}
    more = " ".join(
        call["text"].partition(" over to ")[2] for call in asked if call["id"].startswith("relief-")
    )
    helped = " ".join(
        call["text"]
        for call in asked
        if call["id"].startswith(("coaching-", "gap-", "pitch-", "funnel-line-"))
    )
    assert not [name for name in names if name in more and name in helped]
    screened, lost = table(pack, "screened_accounts"), table(pack, "win_back")
    if screened is not None and lost is not None:
        dropped = set(screened.loc[screened["verdict"] == "Drop", "account_id"])
        assert not dropped & set(lost["account_id"])
        assert not {call["id"].partition("-")[2] for call in asked} & {str(one) for one in dropped}


def test_a_regions_cells_are_the_same_in_its_own_pack_and_the_companys():
    demo = ROOT / "data" / "demo"
    gaps = {}
    for scope in ("", "region=East"):
        told = pages(demo, "2026-10-31", scope=scope, drawn=False, only="10")
        cells = told["10_target_breakdown"].frames["gap_grid"]
        gaps[scope] = cells[cells["region"] == "East"].set_index("product_line")["gap"].sort_index()
    pd.testing.assert_series_equal(gaps[""], gaps["region=East"], atol=0.02, rtol=0)
    assert (gaps[""] < 0).any()
