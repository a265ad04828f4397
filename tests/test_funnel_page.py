"""The funnel's page where the data say little, where they say too much, and against last month's pack."""

import ast
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesnb.language import Language

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "notebooks/30_funnel_diagnosis.ipynb"
DEMO = ROOT / "data/demo"


def sections(workspace, *, as_of="2026-10-31", language="en", previous="", outputs=""):
    """The page's sections in order, in this process: heading → what it says as plain text, and the names of all cells."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names = {"workspace": str(workspace), "as_of": as_of, "scope": "", "language": language, "previous": str(previous), "outputs": str(outputs)}  # fmt: skip
    heading, found = "", {}
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            heading = source.splitlines()[0].lstrip("# ")
        elif "parameters" not in cell["metadata"].get("tags", []):
            *steps, last = ast.parse(source).body
            exec(compile(ast.Module(steps, type_ignores=[]), NOTEBOOK.name, "exec"), names)
            if not isinstance(last, ast.Expr):
                exec(compile(ast.Module([last], type_ignores=[]), NOTEBOOK.name, "exec"), names)
            else:
                found[heading] = repr(eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names))
    return found, names


def workspace(place, **tables):
    place.mkdir()
    for name, table in tables.items():
        table.to_csv(place / f"{name}.csv", index=False)
    (place / "plan.yml").write_text("company: Small\ncurrency: CNY\n", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def demo():
    return {
        name: pd.read_csv(DEMO / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("opportunities", "stage_events")
    }


def test_thirty_deals_none_of_them_won_are_not_priced_and_not_compared(demo, tmp_path):
    deals = demo["opportunities"].query("outcome != 'won'").tail(30)
    events = demo["stage_events"]
    events = events[events["opportunity_id"].isin(deals["opportunity_id"])]
    said, _ = sections(workspace(tmp_path / "small", opportunities=deals, stage_events=events))
    assert (
        said["How much of the pipeline is dead?"]
        == "Too few deals were won to tell by their age which open deals are dead."
    )
    assert "What the pipeline is worth is unknown" in said["Which open deals are at risk?"]
    assert "No quarter has enough deals" in said["Do later deals fare worse, or are they only younger?"]
    assert (
        "No group can be compared" in said["Is it the channel, the region, the team, the line or the size?"]
    )
    assert "cannot be told apart" in said["Why did revenue change?"]  # no order names a deal
    assert "lets the smallest share" not in said["Which stage costs us most?"]


def test_deals_without_amounts_and_stages_are_counted(demo, tmp_path):
    deals = demo["opportunities"].drop(columns=["amount"])
    said, _ = sections(workspace(tmp_path / "unpriced", opportunities=deals))
    assert "what they are worth is unknown" in said["How much of the pipeline is dead?"]
    assert "needs the table stage_events" in said["Which stage costs us most?"]
    assert "only deals can be counted" in said["What happened to the pipeline this month?"]
    assert "is missing on 440 open deals" in said["Is the CRM complete?"]
    for text in said.values():
        assert not re.search(r"\b0% of the open value|worth 0\b|nan|None", text)


def test_hundreds_of_stages_are_drawn_by_the_dozen(demo, tmp_path):
    rng = np.random.default_rng(1)
    events = demo["stage_events"].tail(6000)
    names = np.array([f"stage {number:03}" for number in range(300)])
    events = events.assign(stage=names[rng.integers(0, 300, len(events))])
    said, names = sections(
        workspace(tmp_path / "many", opportunities=demo["opportunities"], stage_events=events)
    )
    assert "needs the table" not in said["Which stage costs us most?"]
    picture = names["page"].exhibits["stage_lifts"]
    drawn = [
        float(height) for height in re.findall(r'viewBox="0 0 [\d.]+ ([\d.]+)"', picture.html(Language("en")))
    ]
    assert drawn
    assert max(drawn) < 800


def test_what_was_rewritten_since_last_months_pack_stands_in_bars_of_its_own(tmp_path):
    shutil.copytree(DEMO, tmp_path / "now")
    before = tmp_path / "pack"
    _, names = sections(DEMO, as_of="2026-09-30", outputs=before)
    path = tmp_path / "now/opportunities.csv"
    deals = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("opportunity_id")
    then = names["opportunities"].query("outcome == 'open'").set_index("opportunity_id")
    today = deals.loc[then.index].query("outcome == 'open' or closed_on > '2026-10-31'")
    priced = today[(today["amount"] != "") & (today["expected_close_on"] > "2026-10-01")]
    grew, shrank, pushed, removed = priced.index[:4]
    late = priced[priced["expected_close_on"] > "2027-01-01"].index[-1]
    value = then["amount"]
    deals.loc[grew, "amount"] = f"{value[grew] + 1000.01:.2f}"
    deals.loc[shrank, "amount"] = f"{value[shrank] - 500.55:.2f}"
    deals.loc[pushed, "expected_close_on"] = "2027-09-30"
    deals.loc[late, "expected_close_on"] = "2026-12-01"
    closed = deals[
        (deals["outcome"] == "lost")
        & deals["closed_on"].between("2026-06-01", "2026-08-31")
        & deals["amount"].str.fullmatch(r"[0-9.]+")
    ]
    reopened = closed.index[0]
    deals.loc[reopened, ["outcome", "closed_on", "loss_reason"]] = ["open", "", ""]
    deals.drop(index=removed).reset_index().to_csv(path, index=False)
    said, found = sections(tmp_path / "now", previous=before)
    steps = found["steps"].set_index("step")
    assert steps.loc["grown", "value"] == pytest.approx(1000.01, abs=1e-9)
    assert steps.loc["shrunk", "value"] == pytest.approx(-500.55, abs=1e-9)
    amount = float(closed.loc[reopened, "amount"])
    assert steps.loc["edited", ["deals", "value"]].tolist() == pytest.approx([2, amount - value[removed]])
    assert found["pipeline_flow"].balances(found["steps"])
    due = found["dated"].set_index("step")
    assert due.loc["pulled", "value"] >= value[late]
    dates = found["moved"].set_index("opportunity_id")
    assert dates.loc[pushed, "days"] > 0 > dates.loc[late, "days"]
    text = said["What happened to the pipeline this month?"]
    assert "Against last month's pack" in text
    assert "Due by 31 Dec 2026" in text
