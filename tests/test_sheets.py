"""A person's sheet: what it asks, that it holds nothing of colleagues, and that it is one printed page."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from salesnb import resources
from salesnb.answers import keep_answers
from salesnb.display import sheets
from salesnb.language import Language
from salesnb.report.contents import texts_of
from salesnb.report.request import Request
from salesnb.report.sheets import answers, write_sheets
from tests.packs import ROOT, rendered

EN = Language("en")
ANSWERER, LEAD = "Lin Mei", "Chen Wei"  # the decision of the one names nobody else, that of the other does
AS_OF = pd.Timestamp("2026-10-31")


def _people(number: int) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"member": [f"R{n}" for n in range(number)], "name": [f"N{n}" for n in range(number)]}
    )
    shares = pd.Series(range(number), dtype=float) / 10
    return frame.assign(target_year=200.0, target_ytd=100.0, actual_ytd=100 * shares, attainment=shares)


def test_a_number_has_its_pace_and_colleagues_are_a_range_of_ten_or_more() -> None:
    own = [str(line.text) for line in sheets.numbers(_people(11), days_left=20) if line.rep_id == "R5"]
    assert own == [
        "50.0 of 100 due to date, 50.0%",
        "7.50 a working day from now to the year's 200",
        "The middle half of colleagues stands at 25% to 75%",
    ]
    assert len([line for line in sheets.numbers(_people(9), days_left=0) if line.rep_id == "R5"]) == 1


def test_customers_are_five_the_silent_first_and_each_once() -> None:
    accounts = pd.DataFrame({"account_id": list("ABCDEFG"), "owner_id": ["R1"] * 6 + [None]})
    silent = pd.DataFrame({"account_id": ["C"], "account_name": ["Cc"], "pause": [40.0], "a_year": [9.0]})
    covered = pd.DataFrame(
        {"account_id": list("ABCDEFG"), "account_name": list("ABCDEFG"), "revenue": range(7, 0, -1)}
    )
    met = [pd.Timestamp("2026-09-01"), pd.NaT, *[pd.Timestamp("2026-08-01")] * 5]
    covered = covered.assign(in_time=False, last_contact_on=met)
    ahead = pd.DataFrame(
        {
            "account_id": ["H", "I"], "account_name": ["Hh", "Ii"], "value": [3.0, 9.0], "buys_90": [0.9, 0.9],
            "likely_on": [AS_OF + pd.Timedelta(days=3), AS_OF + pd.Timedelta(days=40)],
        }
    )  # fmt: skip
    given = {"ahead": ahead, "as_of": AS_OF}
    found = sheets.customers(silent, covered, accounts, **given)
    assert [str(line.text) for line in found] == ["Cc", "A", "B", "D", "E"]
    owners = pd.DataFrame({"account_id": ["H", "I"], "owner_id": ["R1", "R1"]})
    (soon,) = sheets.customers(silent.iloc[:0], covered.iloc[:0], owners, **given)  # I orders later
    assert (str(soon.text), str(soon.ask)) == (
        "Hh",
        "Likely to order about 3 Nov: what does it need by then?",
    )
    assert [str(line.ask) for line in found][:3] == [
        "Why has it not ordered for 40 days?",
        "What came of 1 Sep, and what is next?",
        "Who decides there, and when do you meet?",
    ]


def test_what_was_agreed_is_asked_for_and_what_is_long_done_is_not() -> None:
    status = pd.DataFrame(
        {
            "owner_id": ["R1", "R1", "R1", "R1", None],
            "description": ["Late", "Soon", "Fresh", "Old", "Nobody's"],
            "status": ["overdue", "open", "done", "done", "open"],
            "late": [12.0, None, None, None, None],
            "due_on": pd.to_datetime(["2026-10-19", "2026-11-06", None, None, None]),
            "done_on": pd.to_datetime([None, None, "2026-10-29", "2026-08-01", None]),
        }
    )
    found = {str(line.text): str(line.ask) for line in sheets.promises(status, as_of=AS_OF)}
    assert found == {
        "Late": "Overdue for 12 days: finish it this week, or drop it?",
        "Soon": "Due on 6 Nov: what is in its way?",
        "Fresh": "Done: what did it bring?",
    }


def _decision(text: str, **given: str) -> dict[str, Any]:
    return {"text": text, "answer": None, "on": None, "note": None, "as_of": "2026-09-30", **given}


def test_the_last_answers_come_first_and_what_waits_for_one_after_them() -> None:
    asked = [
        _decision("Open"),
        _decision("Undated", answer="later"),
        _decision("Old", answer="taken", on="2026-10-02"),
        _decision("New", answer="not taken", on="2026-10-30", note="They merge"),
    ]
    told = [EN.text(line.text) for line in answers(asked, "R1")]
    assert told == ["New: not taken on 30 Oct – They merge", "Old: taken on 2 Oct", "Undated: later"]
    assert [EN.text(line.text) for line in answers(asked[:1], "R1")] == ["Open: no answer yet"]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float, float]:
    """A copy of the demo's pack with its sheets, the seconds they took and those of the pack."""
    made = rendered(ROOT / "data" / "demo", "2026-10").folder
    out = tmp_path_factory.mktemp("sheets")
    shutil.copytree(made, out / made.name)
    calls = json.loads((made / "calls.json").read_text(encoding="utf-8"))
    asked = {call["id"]: call["owner"] for call in calls["calls"] if call["kind"] == "decision"}
    given = {"answer": "taken", "by": "", "on": "2026-10-30", "note": "Spoke to the owner"}
    assert list(asked.values()).count(ANSWERER) == 1
    keep_answers(out, {"2026-10": {one: given for one, owner in asked.items() if owner in (ANSWERER, LEAD)}})
    day, book = dt.date(2026, 10, 31), resources.notebooks()
    request = Request(str(ROOT / "data" / "demo"), day, "", "en", out, book, company="Demo Industrial")
    began = time.process_time()
    assert write_sheets(request) == []
    took = time.process_time() - began
    pages = json.loads((made / "run.json").read_text(encoding="utf-8"))["pages"]
    return out / made.name / "sheets", took, sum(page["seconds"] for page in pages.values())


def test_a_sheet_holds_nothing_of_colleagues_and_all_cost_less_than_half_of_the_pack(
    pack: tuple[Path, float, float],
) -> None:
    folder, took, whole = pack
    people = pd.read_csv(ROOT / "data" / "demo" / "reps.csv")
    here = people[people["left_on"].isna()]
    lead = here[here["role"] == "team lead"].set_index("team")["rep_name"]
    files = {path.stem: path for path in folder.iterdir()}
    assert len(files) == len(here) == 24
    for person in here.to_dict("records"):
        (path,) = [
            path
            for stem, path in files.items()
            if stem.startswith(f"{person['rep_name']} {person['rep_id']}")
        ]
        told = "\n".join(texts_of(path))
        allowed = {person["rep_name"], lead.get(person["team"])}
        others = [name for name in people["rep_name"] if name not in allowed and name in told]
        assert others == []
        assert "Commission of the year to date" in told
        assert re.search(r"of \S+ due to date", told)
        assert ("taken on 30 Oct – Spoke to the owner" in told) == (person["rep_name"] == ANSWERER)
        if person["rep_name"] == LEAD:
            assert "Further decisions, which name others: 1, in actions.xlsx" in told
    assert took <= whole / 2


@pytest.mark.browser
def test_a_sheet_is_one_printed_page(pack: tuple[Path, float, float], browser: Any) -> None:
    folder, *_ = pack
    page = browser.new_page(viewport={"width": 680, "height": 1001})
    for path in sorted(folder.iterdir())[:4]:
        page.goto(path.as_uri())
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.close()


@pytest.fixture(scope="module")
def browser() -> Any:
    from tests.test_pack_browser import BROWSER

    if BROWSER is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()
