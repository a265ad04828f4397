"""Answers to a pack's decisions: into the workbook, out of it, and into the next pack."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from salesnb.analysis import grading
from salesnb.answers import ANSWERS, ASKED, read_answers
from salesnb.cli.answering import take_in
from salesnb.errors import InputError
from salesnb.intake import facts
from salesnb.language import Language
from salesnb.report.asked import asked
from salesnb.report.pack import decision_call

TEXT = "=HYPERLINK(1)"
DECISIONS = [
    {"id": "silent-K1", "what": TEXT, "owner": "Ann", "due": "2026-09-14", "at_stake": 1000.0},
    {"id": "silent-K2", "what": "Visit K2", "owner": "Bob", "due": "2026-09-14", "at_stake": 500.0},
]


def packs(home: Path, *months: str) -> None:
    for month in months:
        pack = home / month
        pack.mkdir()
        calls = [decision_call(one) for one in DECISIONS]
        end = str(pd.Period(month).end_time.date())
        (pack / "calls.json").write_text(
            json.dumps({"month": month, "scope": "", "as_of": end, "calls": calls})
        )
        (pack / "run.json").write_text('{"salesnb": "0", "fingerprints": {}}')
        (pack / ASKED).write_bytes(asked(calls, month=month, scope="", say=Language("en")))


def answered(pack: Path, **cells: object) -> Path:
    """The pack's workbook with cells of its first row filled, by heading."""
    book = openpyxl.load_workbook(pack / ASKED)
    sheet = book.worksheets[0]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    for name, value in cells.items():
        label = next(head for head in heads if head.casefold().startswith(name.replace("_", " ")))
        sheet.cell(2, heads[label]).value = value
    book.save(pack.parent / "filled.xlsx")
    return pack.parent / "filled.xlsx"


def test_the_workbook_holds_each_decision_and_no_formula(tmp_path):
    packs(tmp_path, "2026-08")
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "2026-08" / ASKED).read_bytes()))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(TEXT in str(cell.value) for cell in cells)


@pytest.mark.parametrize("word", ["taken", "Yes", "已采纳"])
def test_an_answer_is_kept_beside_the_packs_and_read_with_the_decision(tmp_path, word):
    packs(tmp_path, "2026-08", "2026-09")
    file = answered(
        tmp_path / "2026-08", answer=word, answered_by="Ann", answered_on="2026-09-03", note="=1+1"
    )
    assert take_in(tmp_path / "2026-08", file) == 1
    assert read_answers(tmp_path)["2026-08"]["silent-K1"] == {
        "answer": "taken",
        "by": "Ann",
        "on": "2026-09-03",
        "note": "=1+1",
    }
    asked_for = facts.decisions_of_year(str(tmp_path / "2026-09"), since=pd.Timestamp("2026-01-01"))
    first = asked_for.set_index("id").loc["silent-K1"]
    assert (first["answer"], first["answered_by"], first["made_on"]) == (
        "taken",
        "Ann",
        pd.Timestamp("2026-08-31"),
    )
    assert len(asked_for) == 2  # asked for twice, told once
    assert facts.decisions_of_year(str(tmp_path / "2026-09"), since=pd.Timestamp("2026-10-01")).empty


@pytest.mark.parametrize(
    "cells",
    [
        {"answer": "perhaps"},
        {"answer": "taken", "answered_on": "soon"},
        {"answer": "taken", "id": "silent-K9"},
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_keeps_nothing(tmp_path, cells):
    packs(tmp_path, "2026-08")
    with pytest.raises(InputError, match="row 2"):
        take_in(tmp_path, answered(tmp_path / "2026-08", **cells))
    assert not (tmp_path / ANSWERS).exists()


def test_a_file_of_another_kind_and_a_folder_without_packs_are_refused(tmp_path):
    with pytest.raises(InputError, match="no pack"):
        take_in(tmp_path, tmp_path / "x.xlsx")
    packs(tmp_path, "2026-08")
    (tmp_path / "x.xlsx").write_text("no workbook")
    with pytest.raises(InputError, match="no workbook"):
        take_in(tmp_path, tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="does not exist"):
        take_in(tmp_path, tmp_path / "y.xlsx")


def fates(*rows: tuple[str, str | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "answer", "fate"])


def test_of_few_answers_the_data_cannot_tell_and_of_many_alike_neither():
    few = grading.worked(fates(("silent-1", "taken", "ordered"), ("silent-2", "later", "not yet")))
    assert few[["taken", "came_taken", "others", "came_others"]].to_numpy().tolist() == [[1, 1, 1, 0]]
    assert few["conclusion"].tolist() == ["cannot_tell"]
    alike = [
        (f"silent-{n}", "taken" if n % 2 else "later", "ordered" if n % 4 < 2 else "not yet")
        for n in range(80)
    ]
    assert grading.worked(fates(*alike))["conclusion"].tolist() == ["cannot_tell"]


def test_a_kind_that_came_about_only_where_it_was_taken_is_found():
    rows = [
        (f"silent-{n}", "taken" if n % 2 else "not taken", "ordered" if n % 2 else "not yet")
        for n in range(20)
    ]
    found = grading.worked(fates(*rows, ("deal-1", None, "won"), ("gap-1", "taken", "unseen")))
    assert found[["kind", "difference", "conclusion"]].to_numpy().tolist() == [["silent", 1.0, "found"]]
