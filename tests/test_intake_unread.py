"""What lies in a workspace without being read, or is read otherwise than somebody thinks: is it refused or told?"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path, PurePath

import pytest

from salesnb.errors import InputError
from salesnb.intake.cache import SNAPSHOT_VARIABLE
from salesnb.intake.digests import digest_of, fingerprint, read_workspace_plan
from salesnb.intake.workspace import make_snapshot, open_book
from tests.intake_folders import ORDERS, checked, kept, workspace, write_sheets

ROWS = [line.split(",") for line in ORDERS.splitlines()]
RAW = "SELECT * FROM read_csv('raw/o.csv', all_varchar = true)"


def told(folder: Path) -> list[str]:
    return [str(message) for message in checked(folder)[1].suspicions]


def mapped(folder: Path) -> Path:
    """A workspace whose orders are a statement over a raw file."""
    made = workspace(folder, orders_sql=RAW)
    (made / "raw").mkdir()
    (made / "raw" / "o.csv").write_text(ORDERS)
    return made


# files ---------------------------------------------------------------------------------------------------------------


def test_a_pack_in_the_workspace_and_what_is_hidden_there_are_no_data(tmp_path: Path) -> None:
    made = mapped(tmp_path / "w")
    before = digest_of(made)
    for place in ("reports/2026-10", "reports/.2026-11.making", ".git"):
        (made / place).mkdir(parents=True)
        (made / place / "x.csv").write_text("1")
    (made / "reports/2026-10/run.json").write_text('{"salesnb": "0.1.0"}')
    (made / "reports/.2026-10.lock").touch()
    assert digest_of(made) == before
    (made / "raw" / "more.csv").write_text("1")
    assert digest_of(made) != before


@pytest.mark.parametrize("place", [".hidden/o.csv", "raw/.o.csv", "reports/2026-09/tables/o.csv"])
def test_what_is_not_watched_is_not_read(place: str, tmp_path: Path) -> None:
    made = mapped(tmp_path / "w")
    (made / place).parent.mkdir(parents=True, exist_ok=True)
    (made / place).write_text(ORDERS)
    if "reports" in place:
        (made / "reports/2026-09/run.json").write_text('{"salesnb": "0.1.0"}')
    (made / "orders.sql").write_text(RAW.replace("raw/o.csv", place))
    with pytest.raises(InputError, match="hidden or part of a pack"):
        checked(made)


def test_a_digest_compares_no_file_with_every_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = mapped(tmp_path / "w")
    for number in range(300):
        (made / "raw" / f"{number}.txt").touch()
    compared = 0
    whole = PurePath.__eq__

    def counted(one: PurePath, other: object) -> bool:
        nonlocal compared
        compared += 1
        return whole(one, other)

    monkeypatch.setattr(PurePath, "__eq__", counted)
    digest_of(made)
    assert compared < 300


def test_files_that_are_named_after_a_table_and_not_read_are_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", orders=ORDERS, opportunites_sql=RAW, helper_sql=RAW)
    for name in ("accounts.tsv", "reps.xls", "orders.csv.bak", "notes.txt"):
        (made / name).write_text("x")
    said = told(made)
    assert [line.split(" ")[0] for line in said if "tables are read from" in line] == [
        "accounts.tsv",
        "orders.csv.bak",
        "reps.xls",
    ]
    assert [line for line in said if "did you mean opportunities" in line]
    assert not [line for line in said if "helper" in line or "notes" in line]


def test_a_raw_file_of_a_statement_is_not_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", orders_sql=RAW.replace("raw/o.csv", "orders.tsv"))
    (made / "orders.tsv").write_text(ORDERS)
    assert not [line for line in told(made) if "not read" in line]


def test_a_workspace_whose_only_table_is_not_read_is_refused_by_that_name(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w")
    (made / "orders.tsv").write_text(ORDERS)
    with pytest.raises(InputError, match=r"form that is read .*orders\.tsv"):
        checked(made)


# sheets --------------------------------------------------------------------------------------------------------------


def test_a_sheet_a_month_is_refused_and_a_sheet_of_notes_is_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w")
    write_sheets(made / "orders.xlsx", Jan=ROWS, Feb=ROWS)
    with pytest.raises(InputError, match="Jan and Feb hold the same columns"):
        checked(made)
    write_sheets(made / "orders.xlsx", Empty=[], Jan=ROWS, Notes=[["What this is"]])
    assert len(kept(made, "orders")) == 2
    assert "of orders.xlsx the sheet Jan was read, but not Notes" in told(made)


def test_the_sheet_of_the_tables_name_is_read_and_others_of_its_kind_are_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w")
    write_sheets(made / "orders.xlsx", Old=ROWS, Orders=ROWS, Pivot=[["Sum"]])
    assert "of orders.xlsx the sheet Orders was read, but not Old" in told(made)
    write_sheets(made / "orders.xlsx", Orders=ROWS, **{"orders ": ROWS})
    with pytest.raises(InputError, match="both hold the table orders"):
        checked(made)


def test_two_sheets_of_a_workbook_for_one_table_are_refused(tmp_path: Path) -> None:
    plan = [["company", "X"]]
    with pytest.raises(InputError, match="both hold the table orders"):
        checked(write_sheets(tmp_path / "one.xlsx", plan=plan, orders=ROWS, **{"Orders ": ROWS}))
    with pytest.raises(InputError, match="both hold the table plan"):
        checked(write_sheets(tmp_path / "two.xlsx", plan=plan, orders=ROWS, **{"Plan ": plan}))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ([["currency", "EUR"], ["currency", "CNY"]], "the key currency stands twice"),
        ([["tiers.core.contact_days", 9], ["tiers.core.contact_days", 9]], "contact_days stands twice"),
        ([["credit.long_terms_days", 9], ["credit", 1]], "both as a value and as a group"),
    ],
)
def test_a_setting_that_stands_twice_in_the_sheet_is_refused(
    settings: list[list[object]], said: str, tmp_path: Path
) -> None:
    made = write_sheets(tmp_path / "w.xlsx", plan=[["company", "X"], *settings], orders=ROWS)
    with pytest.raises(InputError, match=said):
        read_workspace_plan(made)


# characters ----------------------------------------------------------------------------------------------------------

ACCOUNTS = "account_id,account_name\nA,München GmbH\n"


@pytest.mark.parametrize(
    ("plan", "doubtful"),
    [("country: DE\n", True), ("", True), ("country: CN\n", False), ("language: zh\n", False)],
)
def test_a_latin_file_that_reads_as_chinese_is_told_where_nobody_expects_it(
    plan: str, doubtful: bool, tmp_path: Path
) -> None:
    made = workspace(tmp_path / "w", plan=plan, orders=ORDERS, accounts=ACCOUNTS.encode("cp1252"))
    assert (
        any("accounts.csv is not UTF-8 and was read as GB18030, as in M" in line for line in told(made))
        == doubtful
    )


def test_a_raw_file_that_reads_as_chinese_is_told_unless_the_statement_says_so(tmp_path: Path) -> None:
    for name, option, doubtful in (("v", "", True), ("w", ", encoding = 'gbk'", False)):
        statement = f"SELECT * FROM read_csv('raw.csv', all_varchar = true{option})"
        made = workspace(tmp_path / name, orders=ORDERS, accounts_sql=statement)
        (made / "raw.csv").write_bytes(ACCOUNTS.encode("cp1252"))
        assert any("raw.csv is not UTF-8" in line for line in told(made)) == doubtful


# snapshots -----------------------------------------------------------------------------------------------------------


def test_a_snapshot_is_a_workspace_and_a_pack_of_it_shows_one_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, contents = checked(workspace(tmp_path / "w", plan="language: zh\n", orders=ORDERS))
    assert read_workspace_plan(path).language == "zh"
    assert fingerprint(path) == contents.fingerprint
    of_pack = make_snapshot(path, tmp_path / "pack" / "s.duckdb")
    other, _ = checked(workspace(tmp_path / "v", orders=ORDERS + "3,A,2026-10-16,1\n"))
    shutil.copyfile(other, path)
    monkeypatch.setenv(SNAPSHOT_VARIABLE, str(of_pack))
    assert open_book(path, as_of="2026-10").counts["kept"].tolist() == [2]
    monkeypatch.delenv(SNAPSHOT_VARIABLE)
    assert open_book(path, as_of="2026-10").counts["kept"].tolist() == [3]
    assert open_book(path, as_of="2026-10").data_to == dt.datetime(2026, 10, 16)
