"""`salesnb check FILE` and `salesnb report FILE`: a file that is no workspace is understood on the way, and said so."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from salesnb.cli.bare_files import understood_of, workspace_of
from salesnb.intake import contents, snapshot
from tests.foreign_files import WESTERN, lines, write_book, write_csv
from tests.foreign_shapes import contracts_zh
from tests.packs import ROOT

HEAD: list[object] = ["Order No", "Order Date", "Client", "Sold by", "Net Sales"]


def rows() -> list[list[object]]:
    return [[each.order, f"{each.day}", WESTERN[each.customer], ("Ana Ruiz", "Bo Lind")[each.rep % 2], each.net] for each in lines()]  # fmt: skip


def as_csv(folder: Path) -> Path:
    write_csv(folder / "sales of 2025.csv", [HEAD, *rows()])
    return folder / "sales of 2025.csv"


def as_book(folder: Path) -> Path:
    write_book(folder / "sales.xlsx", Sheet1=[HEAD, *rows()])
    return folder / "sales.xlsx"


def as_gz(folder: Path) -> Path:
    (folder / "sales.csv.gz").write_bytes(gzip.compress(as_csv(folder).read_bytes()))
    return folder / "sales.csv.gz"


def as_zip(folder: Path) -> Path:
    path = as_csv(folder)
    with zipfile.ZipFile(folder / "sales.zip", "w") as archive:
        archive.write(path, path.name)
    return folder / "sales.zip"


def as_folder(folder: Path) -> Path:
    as_csv(folder / "export")
    return folder / "export"


def command(folder: Path, *arguments: object) -> str:
    """What the command prints; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "salesnb", *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, check=False,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("form", [as_csv, as_book, as_gz, as_zip, as_folder])
def test_a_file_of_any_form_is_a_workspace(form, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = form(tmp_path)
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    made = workspace_of(str(path), lang="en")
    snapshot.write_snapshot(Path(made), tmp_path / "s.duckdb")
    assert contents.fetch_all(tmp_path / "s.duckdb", "SELECT count(*), count(DISTINCT account_id) FROM orders") == [(60, 7)]  # fmt: skip
    assert all(each.read_bytes() == held for each, held in before.items())
    assert workspace_of(str(path), lang="en") == made  # a second look needs no second reading


def test_check_says_which_file_and_what_was_understood(tmp_path):
    path = as_csv(tmp_path)
    said = command(tmp_path, "check", path)
    assert str(path) in said
    assert "cache" not in said.replace(str(path), "")
    assert "The workspace can be used." in said
    contracts_zh(tmp_path / "zh")
    said = command(tmp_path, "check", tmp_path / "zh" / "合同台账.xlsx", "--lang", "zh")
    assert "没有发票文件：每张订单算一张发票，并带上已回款的金额" in said
    assert "发票\t20\t20\t0" in said


def test_report_without_a_month_takes_the_last_whole_one_and_says_which(tmp_path):
    path = as_csv(tmp_path)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=lambda _, names: [each for each in names if not each.startswith("20_")])  # fmt: skip
    said = command(tmp_path, "report", path, "--out", tmp_path / "out", "--notebooks", tmp_path / "notebooks")
    assert "September 2025 is the last month that the data hold whole." in said
    assert f"salesnb init DIR --from '{path}' keeps how" in said
    assert list((tmp_path / "out").glob("*/month.html"))


def test_formulas_macros_and_links_are_never_executed(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    held = tmp_path / "made"
    write_csv(tmp_path / "sales.csv", [[*HEAD, "Note"], *([*row, f'=cmd|"/c touch {held}"!A1'] for row in rows()), ["9999", "2025-10-09", "=HYPERLINK(1)", "Bo Lind", "=1+1", ""]])  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEAD, *rows()[:-1], [*rows()[-1][:4], "=1+1"]]:
        sheet.append(row)
    sheet["C2"].hyperlink = "http://example.invalid/x"
    book.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "macros.xlsx", "w") as made:  # fmt: skip
        for each in plain.namelist():
            made.writestr(each, plain.read(each))
        made.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    for name, kept in (("sales.csv", 60), ("macros.xlsx", 59)):
        workspace = workspace_of(str(tmp_path / name), lang="en")
        snapshot.write_snapshot(Path(workspace), tmp_path / f"{name}.duckdb")
        assert contents.fetch_all(tmp_path / f"{name}.duckdb", "SELECT count(*), count(*) FILTER (net_amount = 2) FROM orders") == [(kept, 0)]  # fmt: skip
        assert understood_of(workspace) is not None
    assert not held.exists()
