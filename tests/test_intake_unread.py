"""What lies in a workspace without being read, or is read otherwise than somebody thinks: is it refused or told?"""

from __future__ import annotations

import datetime as dt
import re
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
    for name in ("accounts.json", "reps.numbers", "orders.csv.bak", "notes.txt"):
        (made / name).write_text("x")
    said = told(made)
    assert [line.split(" ")[0] for line in said if "tables are read from" in line] == [
        "accounts.json",
        "orders.csv.bak",
        "reps.numbers",
    ]
    assert [line for line in said if "did you mean opportunities" in line]
    assert not [line for line in said if "helper" in line or "notes" in line]


def test_a_raw_file_of_a_statement_is_not_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", orders_sql=RAW.replace("raw/o.csv", "orders.tsv"))
    (made / "orders.tsv").write_text(ORDERS)
    assert not [line for line in told(made) if "not read" in line]


def test_a_workspace_whose_only_table_is_not_read_is_refused_by_that_name(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w")
    (made / "orders.json").write_text(ORDERS)
    with pytest.raises(InputError, match=r"form that is read .*orders\.json"):
        checked(made)


def test_a_piece_beside_the_whole_table_is_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", orders=ORDERS)
    (made / "orders-2025.csv").write_text(ORDERS)
    assert len(kept(made, "orders")) == 2
    assert any(
        "orders-2025.csv was not read, since orders.csv holds the table orders" in line for line in told(made)
    )


def test_pieces_of_several_years_forms_and_encodings_are_one_table(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w")
    heading = "order_id,account_id,ordered_on,net_amount\n"
    (made / "orders-2024.csv").write_text(
        heading + "1,Müller,2024-05-01,100\nTotal,,,100\n", encoding="cp1252"
    )
    (made / "orders-2025.csv").write_text(
        "net_amount,ordered_on,account_id,order_id\n50.5,2025-05-01,Müller,2\n"
    )
    write_sheets(
        made / "orders-2026.xlsx", S=[heading.strip().split(","), ["3", "Müller", dt.date(2026, 5, 1), 7]]
    )
    by_customer = "(SELECT account_id, sum(net_amount), count(*) FROM orders GROUP BY 1)"
    assert kept(made, by_customer) == [("Müller", 157.5, 3)]
    (said,) = [line for line in told(made) if "as one table" in line]
    assert (
        "orders-2024.csv (1 row, 100), orders-2025.csv (1 row, 50) and orders-2026.xlsx, S (1 row, 7)" in said
    )
    (made / "orders-2025.xlsx").write_bytes((made / "orders-2026.xlsx").read_bytes())
    with pytest.raises(InputError, match=r"both hold the table orders; keep one"):
        checked(made)


def test_lines_below_the_table_are_no_rows_and_told(tmp_path: Path) -> None:
    footer = "\nCopyright 2026 ACME\nConfidential Information - Do Not Distribute\n"
    made = workspace(tmp_path / "w", orders=ORDERS + footer)
    assert checked(made)[1].counts["orders"] == (2, 2)
    assert any(
        "2 lines below the table hold a single cell (Copyright 2026 ACME)" in line for line in told(made)
    )
    made = workspace(tmp_path / "v", plan="intake: {max_rejected: 1}\n", orders=ORDERS + "R17,,,\n")
    assert checked(made)[1].counts["orders"] == (3, 2)  # a row of which only the number is known


def test_headings_that_stand_again_are_no_row_and_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", orders=ORDERS + ORDERS.replace("1,A", "3,A").replace("2,B", "4,B"))
    assert checked(made)[1].counts["orders"] == (4, 4)
    assert "orders.csv: 1 line repeats the headings and was left out" in told(made)


def test_a_total_above_its_rows_and_an_average_are_set_aside(tmp_path: Path) -> None:
    heading, *rows = ORDERS.splitlines()
    lines = [heading, "Total,,,150.5", *rows, "Average,,,75.25", "Durchschnitt,,,75.25"]
    made = workspace(tmp_path / "w", orders="\n".join(lines))
    assert len(kept(made, "orders")) == 2
    said = told(made)
    assert any("row 2 is a total and was set aside: it says 150.50, read 150.50 ✓" in line for line in said)
    assert any("row 5 says an average and was set aside (75.25)" in line for line in said)


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    made = workspace(
        tmp_path / "w",
        plan="currency: EUR\n",
        orders="order_id,ordered_on,net_amount,currency\n1,3/4/2026,5,USD\n2,4/5/2026,6,EUR\n",
        invoices="invoice_id,account_id,issued_on\n1,A,1/2/2026\n",
        targets="period_start,grain,dimension,member,amount\n2026,year,rep,Bo,1\n2026,year,rep,Bo,2\n2026,year,rep,Al,1\n2026,year,rep,Al,2\n",
    )
    with pytest.raises(InputError) as refused:
        checked(made)
    said = str(refused.value)
    assert "\n" not in said
    for fault in (
        "orders.csv: ordered_on can be read in more than one way (3/4/2026)",
        "orders.csv: the amounts are in several currencies (6 EUR and 5 USD)",
        "invoices.csv has no column amount",
        "invoices.csv: issued_on can be read in more than one way",
        "Bo (rep) has two amounts",
        "Al (rep) has two amounts",
    ):
        assert fault in said


def test_subtotals_are_held_against_the_rows_of_their_group(tmp_path: Path) -> None:
    heading, first, *_ = ORDERS.splitlines()
    lines = [
        *(heading, first, "2,A,2026-10-02,6", "Subtotal,,,106", "3,B,2026-10-02,7", "Zwischensumme,,,7"),
        *(
            "小计,,,0",
            "East Total,,,113",
            "4,B,2026-10-03,1",
            "5,B,2026-10-03,2",
            "West Total,,,3",
            "Total,,,116",
        ),
    ]
    made = workspace(tmp_path / "w", orders="\n".join(lines))
    assert kept(made, "orders", "count(*), sum(net_amount)") == [(5, 116.0)]
    said = told(made)
    assert "orders.csv: 3 rows of subtotals were set aside; what they say is what was read ✓" in said
    assert any("row 12 is a total and was set aside: it says 116.00, read 116.00 ✓" in line for line in said)
    assert not any("but the rows above it add up to" in line for line in said)
    wrong = workspace(
        tmp_path / "v", orders="\n".join(lines).replace("Zwischensumme,,,7", "Zwischensumme,,,8")
    )
    assert any("row 6 is a total and was set aside: it says 8.00, but" in line for line in told(wrong))


# sheets --------------------------------------------------------------------------------------------------------------


def test_a_sheet_a_month_is_one_table_and_a_sheet_of_notes_is_told(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w")
    later = [ROWS[0], *([f"{order}b", *cells] for order, *cells in ROWS[1:])]
    write_sheets(made / "orders.xlsx", Jan=ROWS, Feb=later)
    assert len(kept(made, "orders")) == 4
    assert any(
        re.search(r"Jan \(2 rows, 15.\) and Feb \(2 rows, 15.\) as one table", line) for line in told(made)
    )
    write_sheets(made / "orders.xlsx", Jan=ROWS, Feb=[[*ROWS[0], "more"], *ROWS[1:]])
    with pytest.raises(InputError, match="Jan and Feb hold nearly the same columns"):
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


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("cp1252", "München GmbH", "Windows 1252"),
        ("cp1252", "Café Société", "Windows 1252"),
        ("cp1250", "Łódź święto", "Windows 1250"),
        ("cp1251", "Москва Заказ", "Windows 1251"),
        ("gb18030", "甲机电有限公司", "GB18030"),
        ("big5", "甲機電有限公司", "Big5"),
        ("cp850", "Düsseldorf", "DOS 850"),
        ("mac_roman", "Düsseldorf Straße", "Mac Roman"),
        ("cp1254", "Şişecam Güneş Işık", "Windows 1254"),
        ("cp1253", "Αθήνα Θεσσαλονίκη", "Windows 1253"),
        ("cp1257", "Žalgiris Šiauliai Panevėžys", "Windows 1257"),
        ("koi8_r", "Москва Сибирь", "KOI8-R"),
        ("cp866", "Новосибирск", "DOS 866"),
        ("iso8859_15", "Œuvre Nîmes", "ISO 8859-15"),
        ("utf-32", "Zürich", "UTF-32"),
        ("utf-16", "Zürich", "UTF-16"),
        ("utf-16-le", "Zürich", "UTF-16"),
    ],
)
def test_a_file_is_read_in_the_encoding_in_which_its_words_are_words_and_that_is_told(
    encoding: str, text: str, name: str, tmp_path: Path
) -> None:
    accounts = f"account_id\taccount_name\nA\t{text}\n".encode(encoding)
    for language in ("en", "zh"):
        made = workspace(tmp_path / language, plan=f"language: {language}\n", orders=ORDERS)
        (made / "accounts.txt").write_bytes(accounts)
        assert kept(made, "accounts", "account_name") == [(text,)]
        expected = language == "zh" and name in ("GB18030", "Big5")
        assert any(f"accounts.txt was read as {name}" in line for line in told(made)) != expected


def test_a_raw_file_in_another_encoding_is_told_unless_the_statement_says_so(tmp_path: Path) -> None:
    for name, option, doubtful in (("v", "", True), ("w", ", encoding = 'gbk'", False)):
        statement = f"SELECT * FROM read_csv('raw.csv', all_varchar = true{option})"
        made = workspace(tmp_path / name, orders=ORDERS, accounts_sql=statement)
        (made / "raw.csv").write_bytes("account_id,account_name\nA,甲机电有限公司\n".encode("gbk"))
        assert kept(made, "accounts", "account_name") == [("甲机电有限公司",)]
        assert any("raw.csv was read as GB18030" in line for line in told(made)) == doubtful


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
