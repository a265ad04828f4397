"""Can an analyst start from the folder that `salesnb init` writes?"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

from salesnb.cli.checking import examine
from salesnb.cli.starter import require_empty, write_starter
from salesnb.errors import InputError
from salesnb.intake.forms.explanations import EXPLANATIONS
from salesnb.intake.schema import TABLES
from salesnb.intake.workspace import open_book
from salesnb.language import Language
from tests.steps import figures

SAY = Language("en")
SALESFORCE = Path(__file__).parents[2] / "shared" / "data" / "salesforce_demo"


def test_every_column_of_the_form_is_explained() -> None:
    columns = {column.name for table in TABLES.values() for column in table}
    explained = {name.rpartition(".")[2] for name in EXPLANATIONS}
    assert columns == explained


def test_the_form_has_a_sheet_for_each_table_with_notes_and_lists(tmp_path: Path) -> None:
    write_starter(tmp_path / "mine", source="excel", say=SAY)
    book = openpyxl.load_workbook(tmp_path / "mine" / "data" / "workspace.xlsx")
    assert book.sheetnames == [*TABLES, "plan"]
    orders = book["orders"]
    assert [cell.value for cell in orders[1]] == TABLES["orders"].names
    assert "required" in orders["A1"].comment.text
    lists = [
        rule.formula1 for rule in book["opportunities"].data_validations.dataValidation if rule.type == "list"
    ]
    assert lists == ['"open,won,lost"']


def test_a_filled_in_form_can_be_used(tmp_path: Path) -> None:
    write_starter(tmp_path / "mine", source="excel", say=SAY)
    path = tmp_path / "mine" / "data" / "workspace.xlsx"
    book = openpyxl.load_workbook(path)
    row = {"order_id": "1", "account_id": "C1", "ordered_on": "2026-10-05", "net_amount": 12.5}
    book["orders"].append([row.get(name) for name in TABLES["orders"].names])
    book.save(path)
    opened = open_book(path, as_of="2026-10")
    assert dict(zip(opened.counts["table"], opened.counts["kept"], strict=True))["orders"] == 1
    assert opened.has("orders")
    assert not opened.has("invoices")


def test_the_sample_company_comes_with_notebooks_set_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_starter(folder, source="demo", say=Language("zh"))
    assert "language: zh" in (folder / "data" / "plan.yml").read_text(encoding="utf-8")
    notebooks = sorted((folder / "notebooks").glob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        node = nbformat.read(path, as_version=4)
        nbformat.validate(node)
        parameters = next(cell.source for cell in node.cells if "parameters" in cell.metadata.get("tags", []))
        assert 'workspace = "../data"' in parameters
        assert 'language = "zh"' in parameters
        assert not any(cell.get("outputs") for cell in node.cells)


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(InputError, match="nothing is overwritten"):
        write_starter(tmp_path, source="demo", say=SAY)
    with pytest.raises(InputError, match="did you mean salesforce"):
        write_starter(tmp_path / "new", source="sales force", say=SAY)
    (tmp_path / "empty").mkdir()
    require_empty(tmp_path / "empty")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["note.txt"]


@pytest.mark.skipif(not SALESFORCE.is_dir(), reason="../shared/data/salesforce_demo is not here")
def test_salesforces_export_is_read_as_it_comes(tmp_path: Path) -> None:
    write_starter(tmp_path / "mine", source="salesforce", say=SAY)
    for path in SALESFORCE.glob("*.gz"):
        shutil.copy(path, tmp_path / "mine" / "data" / "export")
    found = examine(str(tmp_path / "mine" / "data"))
    assert found.refusal is None
    assert found.counts["opportunities"] == (31, 31)
    assert found.counts["accounts"] == (13, 13)
    assert "activities" not in found.present  # Task and Event were not exported
    assert "000000000000000AAA" not in str(found.suspicions)


@pytest.mark.skipif(not SALESFORCE.is_dir(), reason="../shared/data/salesforce_demo is not here")
def test_salesforces_numbers_are_those_of_its_own_file(tmp_path: Path) -> None:
    write_starter(tmp_path / "mine", source="salesforce", say=SAY)
    for path in SALESFORCE.glob("*.gz"):
        shutil.copy(path, tmp_path / "mine" / "data" / "export")
    found = figures(tmp_path / "mine" / "data", "2023-10")
    deals = pd.read_csv(SALESFORCE / "opportunity.csv.gz", parse_dates=["CloseDate"])
    won, closed = deals[deals["IsWon"] == 1], deals[deals["IsClosed"] == 1]
    still = deals[deals["IsClosed"] == 0]
    expected = {
        "bookings.ytd": won["Amount"].sum(),
        "bookings.month": won.loc[won["CloseDate"] >= "2023-10-01", "Amount"].sum(),
        "customers.active": won["AccountId"].nunique(),
        "funnel.open_count": len(still),
        "funnel.open_value": still["Amount"].sum(),
        "funnel.win_rate": len(won) / len(closed),
        "concentration.hhi": 1e4
        * ((won.groupby("AccountId")["Amount"].sum() / won["Amount"].sum()) ** 2).sum(),
    }
    assert {key: found[key].value for key in expected} == pytest.approx(expected, rel=1e-9)


def test_hubspots_export_is_read_as_it_comes(tmp_path: Path) -> None:
    write_starter(tmp_path / "mine", source="hubspot", say=SAY)
    export = tmp_path / "mine" / "data" / "export"
    deals = [
        ["Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "Create Date", "Deal owner", "Associated Company IDs", "Associated Company IDs (Primary)", "Is Closed Won"],
        ["1", "A", "Closed won", "1000", "2026-10-05 10:00", "2026-09-01 09:00", "Ann Lee", "77;78", "", "true"],
        ["2", "B", "Contract sent", "500", "2026-12-01 10:00", "2026-09-15 09:00", "Ann Lee", "77;78", "78", "false"],
        ["3", "C", "Closed lost", "", "2026-10-20 10:00", "2026-10-21 09:00", "", "", "", "false"],
    ]  # fmt: skip
    with (export / "hubspot-crm-exports-all-deals-2026-11-01.csv").open("w", newline="") as file:
        csv.writer(file).writerows(deals)
    book = open_book(tmp_path / "mine" / "data", as_of="2026-10")
    kept = book.table("opportunities").order_by("opportunity_id").to_pandas()
    assert list(kept["outcome"]) == ["won", "open", "lost"]
    assert list(kept["account_id"][:2]) == ["77", "78"]
    assert book.table("orders").count().to_pandas() == 1
    assert not book.has("stage_events")


def test_hubspots_stage_dates_are_stage_events_where_the_export_has_them(tmp_path: Path) -> None:
    write_starter(tmp_path / "mine", source="hubspot", say=SAY)
    deals = [
        ["Record ID", "Deal Stage", "Amount", "Close Date", "Create Date", 'Date entered "Contract Sent (Sales Pipeline)"', "Date entered 'Contract Sent (Sales Pipeline)'", 'Date entered "Demo (on site) (Sales Pipeline)"', 'Date entered "Closed Won (Sales Pipeline)"', "Date entered current stage"],
        ["1", "Closed won", "1000", "2026-10-05 10:00", "2026-09-01 09:00", "2026-09-20 08:00", "2026-09-19 08:00", "2026-09-05 10:00", "2026-10-05 10:00", "2026-10-05 10:00"],
        ["2", "Contract sent", "500", "2026-12-01 10:00", "2026-09-15 09:00", "2026-10-01 08:00", "", "", "", "2026-10-01 08:00"],
    ]  # fmt: skip
    with (tmp_path / "mine" / "data" / "export" / "all-deals.csv").open("w", newline="") as file:
        csv.writer(file).writerows(deals)
    events = open_book(tmp_path / "mine" / "data", as_of="2026-10").table("stage_events").to_pandas()
    found = {(row.opportunity_id, row.stage, f"{row.entered_on:%m-%d}") for row in events.itertuples()}
    assert found == {
        ("1", "Demo (on site)", "09-05"),
        ("1", "Contract sent", "09-19"),  # spelled as the deals spell it
        ("2", "Contract sent", "10-01"),
    }
