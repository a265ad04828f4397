"""Is a table read from every form, encoding and heading in which people keep it, and nothing read that should not be?"""

import datetime as dt
import gzip
import re

import duckdb
import pytest

from salesnb.errors import InputError
from salesnb.intake.workspace import open_book
from tests import made_workbooks
from tests.intake_folders import ORDERS, checked, kept, rejected, workspace, write_sheets

TWO = [("1", "A", dt.date(2026, 10, 1), 100.0), ("2", "B", dt.date(2026, 10, 15), 50.5)]
COLUMNS = "order_id, account_id, ordered_on, net_amount"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SALESNB_SNAPSHOT", raising=False)


def refusal(folder) -> str:
    with pytest.raises(InputError) as refused:
        checked(folder)
    return str(refused.value)


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet", "xlsx", "sql"])
def test_each_form_gives_the_same_rows(tmp_path, form):
    folder = workspace(tmp_path / "w")
    path = folder / f"orders.{form}"
    if form == "csv":
        path.write_text(ORDERS)
    elif form == "csv.gz":
        path.write_bytes(gzip.compress(ORDERS.encode()))
    elif form == "parquet":
        duckdb.sql(
            "SELECT order_id, account_id, ordered_on::DATE AS ordered_on, net_amount::DECIMAL(9,2) AS net_amount FROM (VALUES "
            "(1, 'A', '2026-10-01', 100), (2, 'B', '2026-10-15', 50.5)) AS t(order_id, account_id, ordered_on, net_amount)"
        ).write_parquet(str(path))
    elif form == "xlsx":
        write_sheets(
            path,
            orders=[
                ["order_id", "account_id", "ordered_on", "net_amount"],
                [1, "A", dt.date(2026, 10, 1), 100],
                [None, None, None, None],
                ["2", "B", 46310, "50.5"],
            ],
        )
    else:
        (folder / "raw.csv").write_text(ORDERS)
        path.write_text("SELECT * FROM read_csv('raw.csv', all_varchar = true)")
    assert kept(folder, "orders", COLUMNS) == TWO


def test_a_workbook_is_a_workspace(tmp_path, monkeypatch):
    path = tmp_path / "sales.xlsx"
    write_sheets(
        path,
        plan=[
            ["setting", "value"],
            ["company", "Acme"],
            ["currency", "EUR"],
            ["tiers.core.contact_days", 21],
            ["targets.2026.amount", 1000],
        ],
        Orders=[
            ["Order ID", "Account ID", "Ordered On", "Net Amount"],
            [1, "A", dt.datetime(2026, 10, 1), 100],
            [2, "B", "2026-10-15", 50.5],
        ],
        accounts=[["account_id", "account_name"], ["A", "Alpha"]],
        chart=[["nothing"]],
    )
    book = open_book(path, as_of="2026-10")
    assert (book.plan.company, book.plan.tiers.core.contact_days, book.plan.targets[2026].amount) == (
        "Acme",
        21,
        1000,
    )
    assert book.counts.to_dict("list")["kept"] == [1, 2]
    assert any("chart" in str(message) for message in book.suspicions)


def test_a_workbook_without_a_plan_sheet_takes_the_plan_beside_it(tmp_path):
    workspace(tmp_path)
    write_sheets(
        tmp_path / "sales.xlsx",
        orders=[["order_id", "account_id", "ordered_on", "net_amount"], [1, "A", "2026-10-01", 5]],
    )
    assert open_book(tmp_path / "sales.xlsx", as_of="2026-10").plan.company == "X"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_csv_files(tmp_path, encoding):
    folder = workspace(
        tmp_path / "w",
        orders=ORDERS,
        accounts="客户编号,客户名称,行业\nA,合肥瑞丰矿业,电力\n".encode(encoding),
    )
    assert kept(folder, "accounts", "account_id, account_name, industry") == [("A", "合肥瑞丰矿业", "电力")]


@pytest.mark.parametrize("option", ["", ", encoding = 'gb18030'", ", encoding = 'GBK'"])
def test_statements_read_gb18030_too(tmp_path, option):
    folder = workspace(
        tmp_path / "w",
        orders=ORDERS,
        accounts_sql=f"SELECT 编号 AS account_id, 名称 AS account_name FROM read_csv('raw/客户*.csv', header = true{option})",
    )
    (folder / "raw").mkdir()
    (folder / "raw" / "客户1.csv").write_bytes("编号,名称\nA,瑞丰\n".encode("gb18030"))
    (folder / "raw" / "客户2.csv").write_bytes("编号,名称\nB,宏泰\n".encode())
    assert sorted(kept(folder, "accounts", "account_id, account_name")) == [("A", "瑞丰"), ("B", "宏泰")]


def test_a_broken_byte_in_utf_8_names_the_file_and_the_byte(tmp_path):
    good = ORDERS + "3,Bäckerei Müller,2026-10-01,5\n"
    folder = workspace(tmp_path / "w", orders=good.encode() + b"4,\xff\xffA,2026-10-01,5\n")
    assert f"byte {len(good.encode()) + 3} (0xFF) does not fit" in refusal(folder)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("COPY (SELECT 1) TO 'x.csv'", "only a single SELECT"),
        ("INSTALL httpfs", "only a single SELECT"),
        ("ATTACH 'x.db'", "only a single SELECT"),
        ("PRAGMA database_list", "only a single SELECT"),
        ("SET memory_limit = '1GB'", "only a single SELECT"),
        ("CREATE TABLE x AS SELECT 1", "only a single SELECT"),
        ("WITH a AS (DELETE FROM accounts RETURNING *) SELECT * FROM a", "only a single SELECT"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("", "only a single SELECT"),
        ("SELECT\n* FRM x", "line 2"),
        ("SELECT * FROM read_csv('/etc/passwd')", "outside the workspace"),
        ("SELECT * FROM read_text('../secret.txt')", "outside the workspace"),
        ("SELECT * FROM '../secret.csv'", "outside the workspace"),
        ("SELECT * FROM glob('../*')", "outside the workspace"),
        ("SELECT * FROM read_text(concat('/etc', '/passwd'))", "outside the workspace"),
        ("SELECT * FROM read_csv('inside/../../secret.csv')", "outside the workspace"),
        ("SELECT * FROM read_csv('link.csv')", "outside the workspace"),
        ("SELECT * FROM read_csv('li*.csv')", "outside the workspace"),
        ("SELECT * FROM read_csv('nowhere.csv')", "there is no file nowhere.csv"),
        ("SELECT * FROM read_csv('https://example.org/x.csv')", "from the network"),
        ("SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')", "query may not be used"),
        ("SELECT * FROM read_duckdb('link.csv')", "read_duckdb may not be used"),
        ("SELECT * FROM enable_logging(storage_path = 'log')", "enable_logging may not be used"),
        ("FROM (SELECT * FROM parquet_kv_metadata('link.csv'))", "parquet_kv_metadata may not be used"),
        ("SELECT no_such_column FROM (SELECT 1)", "no_such_column"),
    ],
)
def test_a_statement_is_one_select_inside_the_workspace(tmp_path, statement, why):
    folder = workspace(tmp_path / "w", orders=ORDERS, accounts_sql=statement)
    (tmp_path / "secret.csv").write_text("account_id\nA\n")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert why in refusal(folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "name", ["orders.csv", "orders.csv.gz", "orders.parquet", "orders.xlsx", "orders.sql"]
)
def test_a_table_that_is_a_link_out_of_the_workspace_is_not_read(tmp_path, name):
    folder, other = workspace(tmp_path / "w"), tmp_path / "elsewhere"
    other.mkdir()
    (other / name).write_bytes(b"a secret")
    (folder / name).symlink_to(other / name)
    assert "is a link that leads out of the workspace" in refusal(folder)
    (folder / name).unlink()
    (folder / "inner").mkdir()
    (folder / "inner" / "o.csv").write_text(ORDERS)
    (folder / "orders.csv").symlink_to("inner/o.csv")
    assert kept(folder, "orders", COLUMNS) == TWO
    (folder / "orders.csv").unlink()
    (other / "o.csv").write_text(ORDERS)
    (folder / "orders.csv").symlink_to(other / "o.csv")
    workspace(folder, plan="source: {folders: [../elsewhere]}\n")
    assert kept(folder, "orders", COLUMNS) == TWO


def test_source_folders_are_readable(tmp_path):
    folder = workspace(
        tmp_path / "w",
        plan="source: {folders: [../exports]}\n",
        orders_sql="SELECT * FROM read_csv('../exports/o.csv')",
    )
    assert "source.folders does not exist" in refusal(folder)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "o.csv").write_text(ORDERS)
    assert kept(folder, "orders", COLUMNS) == TWO


def test_headings_match_without_case_and_blanks_and_in_chinese(tmp_path):
    folder = workspace(
        tmp_path / "w",
        orders="订单编号; Account_ID ;下单日期;NET AMOUNT;Colour\n1;A;2026年10月1日;100;red\n2;B;2026/10/15;50.5;\n",
    )
    assert kept(folder, "orders", COLUMNS) == TWO
    assert any("Colour" in str(message) for message in checked(folder)[1].suspicions)


def test_a_missing_column_gets_the_nearest_heading_suggested(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS.replace("net_amount", "net_amout"))
    assert (
        refusal(folder)
        == "orders.csv has no column net_amount; is it net_amout? Rename that heading to net_amount"
    )
    folder = workspace(tmp_path / "v", orders=ORDERS.replace("order_id", "order_no"))
    assert "is it order_no?" in refusal(folder)
    folder = workspace(tmp_path / "t", orders=ORDERS.replace("net_amount", "Discount Amount"))
    assert "is it" not in refusal(folder)
    folder = workspace(tmp_path / "u", orders="a,b\n1,2\n")
    assert "order_id, ordered_on and net_amount" in refusal(folder)


def test_two_headings_for_one_column_are_refused(tmp_path):
    assert "both mean the column net_amount" in refusal(
        workspace(tmp_path / "w", orders=ORDERS.replace("order_id", "Net Amount", 1))
    )


def test_two_files_for_one_table_are_refused(tmp_path):
    assert "both hold the table orders" in refusal(
        workspace(tmp_path / "w", orders=ORDERS, orders_sql="SELECT 1")
    )


def test_empty_and_missing_tables(tmp_path):
    assert "orders.csv is empty" in refusal(workspace(tmp_path / "w", orders=""))
    assert "none of orders, opportunities and invoices" in refusal(
        workspace(tmp_path / "v", accounts="account_id\nA\n")
    )
    assert "order → orders" in refusal(workspace(tmp_path / "u", order=ORDERS))
    with pytest.raises(InputError, match="no usable row"):
        open_book(workspace(tmp_path / "t", orders=ORDERS.splitlines()[0]), as_of="2026-10")
    assert "plan.yml is missing" in refusal(tmp_path / "t" / "..")


def test_broken_files_are_named(tmp_path):
    assert "orders.parquet is not a Parquet file" in refusal(
        workspace(tmp_path / "w", orders_parquet=b"PAR1")
    )
    assert "orders.xlsx is not an Excel workbook" in refusal(
        workspace(tmp_path / "v", orders_xlsx=b"PK\x03\x04")
    )
    folder = workspace(tmp_path / "u")
    (folder / "orders.csv.gz").write_bytes(gzip.compress(ORDERS.encode())[:-9])
    assert "not a complete gzip file" in refusal(folder)


def test_rows_of_a_sheet_keep_the_numbers_that_excel_shows(tmp_path):
    folder = workspace(tmp_path / "w")
    write_sheets(
        folder / "orders.xlsx",
        orders=[
            ["order_id", "account_id", "ordered_on", "net_amount"],
            [1, "A", "2026-10-01", 5],
            [],
            [None, "A", "2026-10-01", 5],
        ],
    )
    assert rejected(folder, "orders") == [(4, "order_id is missing")]


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    headings = "order_date,closed_on,created_on,Closed On\n"
    folder = workspace(tmp_path / "w", opportunities=headings + "3/4/2026,3/4/2026,2026-01-05,\n")
    with pytest.raises(InputError) as refused:
        checked(folder)
    said = str(refused.value)
    assert "closed_on and Closed On both mean the column closed_on" in said
    assert "no column opportunity_id and outcome, which opportunities needs" in said
    assert "closed_on can be read in more than one way (3/4/2026)" in said


@pytest.mark.parametrize("form", sorted(made_workbooks.FORMS))
def test_old_excel_and_libreoffice_are_read_as_they_wrote_it(tmp_path, form):
    content = made_workbooks.FORMS[form]
    folder = workspace(tmp_path / "w")
    (folder / f"orders.{form}").write_bytes(content)
    (tmp_path / f"sales.{form}").write_bytes(content)
    for place in (folder, tmp_path / f"sales.{form}"):
        assert kept(place, "orders", "order_id, account_id, ordered_on, net_amount, quantity") == [
            ("1", "Müller", dt.date(2026, 10, 1), 100.5, 2.0),
            ("2", "Bäcker", dt.date(2026, 10, 2), 100.0, None),
            ("007", "李四", dt.date(2026, 10, 3), -20.25, 0.5),
        ]
        said = "\n".join(str(message) for message in checked(place)[1].suspicions)
        assert "the headings stand in row 3" in said
        assert "row 7 is a total and was set aside: it says 180.25, read 180.25 ✓" in said
    (folder / f"orders.{form}").write_bytes(content[: len(content) // 2])
    assert re.search(rf"orders\.{form} is (damaged|not an Excel workbook)", refusal(folder))
