"""Whatever is wrong with a request or its data: is it one sentence with status 2, or a quarantined row, in both languages?"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import nbformat
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import BaseModel

from salesnb import cli
from salesnb.intake.schema import TABLES as SCHEMA
from salesnb.plan import Plan
from tests.small_notebooks import PARAMETERS

HEADING = "order_id,account_id,ordered_on,net_amount\n"
GOOD = HEADING + "".join(f"{n},C{n % 5},2026-10-{n % 28 + 1:02d},{n}\n" for n in range(1, 101))
Files = dict[str, str | bytes]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SALESNB_SNAPSHOT", raising=False)


def workspace(folder: Path, files: Files, *, plan: str | bytes = "company: X\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"plan.yml": plan, **files}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def refused(shown: tuple[str, str]) -> str:
    """The one sentence on the error stream; nothing of it on the other, and no traceback."""
    out, said = shown
    assert len(said.strip().splitlines()) == 1, said
    assert "Traceback" not in out + said
    return said.strip()


def xlsx(
    *rows: list[object], sheet: str = "orders", changed: Callable[[bytes], bytes] | None = None
) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    if changed is None:
        return stream.getvalue()
    other = io.BytesIO()
    with zipfile.ZipFile(stream) as read, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            content = read.read(name)
            written.writestr(name, changed(content) if name == "xl/worksheets/sheet1.xml" else content)
    return other.getvalue()


def protected() -> bytes:
    """A workbook behind a real password."""
    from msoffcrypto.format.ooxml import OOXMLFile

    closed = io.BytesIO()
    OOXMLFile(io.BytesIO(TABLE)).encrypt("a secret", closed)
    return closed.getvalue()


TABLE = xlsx(["order_id", "account_id", "ordered_on", "net_amount"], [1, "A", dt.date(2026, 10, 1), 5])
BOMB = xlsx(
    ["order_id"],
    changed=lambda sheet: sheet.replace(
        b"</sheetData>",
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>'
        + b"a" * 350_000_000
        + b"</t></is></c></row></sheetData>",
    ),
)


def repeated_text() -> bytes:
    """One shared text of a megabyte that 20,000 cells show."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(TABLE)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for part in source.namelist():
            data = source.read(part)
            if part.startswith("xl/worksheets/"):
                cells = b"".join(
                    b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(3, 20_000)
                )
                data = data.replace(b"</sheetData>", cells + b"</sheetData>")
            copy.writestr(part, data)
        copy.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + b"a" * 1_000_000 + b"</t></si></sst>")
    return made.getvalue()


def with_rows(rows: bytes) -> bytes:
    return xlsx(["order_id"], changed=lambda sheet: sheet.replace(b"</sheetData>", rows + b"</sheetData>"))


FAR = with_rows(b'<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>')
LONG_TEXT = with_rows(b'<row r="2"><c r="A2" t="inlineStr"><is><t>' + b"a" * 40_000 + b"</t></is></c></row>")
TWICE = io.BytesIO()
pq.write_table(
    pa.table(
        [["1"], ["A"], [dt.date(2026, 10, 1)], [5.0], [7.0]],
        ["order_id", "account_id", "ordered_on", "net_amount", "net_amount"],
    ),
    TWICE,
)
LONG_CELL = io.BytesIO()
pq.write_table(pa.table({"order_id": ["1", "a" * 60_000_000]}), LONG_CELL)
EQUAL = io.BytesIO()
pq.write_table(pa.table({"order_id": pa.nulls(40_000_000, pa.string())}), EQUAL)

# what is asked, in words after the command's name; what the sentence holds in English
REQUESTS = [
    (["report", "{w}", "--month", "2026-13"], "does not exist"),
    (["report", "{w}", "--month", "Oct 2026"], "must be a month"),
    (["report", "{w}", "--as-of", "2026-02-30"], "does not exist"),
    (["report", "{w}", "--month", "2026-10", "--as-of", "2026-10-17"], "one of the two"),
    (["report", "{w}", "--month", "2025-01"], "they run from October 2026 to October 2026"),
    (["report", "{w}", "--month", "2027-01"], "they run from October 2026 to October 2026"),
    (["report", "{w}", "--month", "2026-10", "--scope", "region=East"], "there is no region East"),
    (["report", "{w}", "--month", "2026-10", "--scope", "account=C11"], "did you mean C1"),
    (
        ["report", "{w}", "--month", "2026-10", "--scope", "planet=Mars"],
        "cannot be read: write one of region, team",
    ),
    (["report", "{w}", "--month", "2026-10", "--scope", "account=../../C1"], "there is no account"),
    (["report", "{w}", "--mont", "2026-10"], "did you mean --month"),
    (["report", "{w}", "--month"], "--month needs a value"),
    (["report", "{w}", "--month", "2026-10", "--jobs", "two"], "--jobs must be a number"),
    (["report", "{w}", "--month", "2026-10", "--jobs", "-2"], "--jobs must be at least 0"),
    (["report", "{w}", "extra", "--month", "2026-10"], "was given more than it takes"),
    (["report"], "needs a workspace"),
    (["repotr", "{w}"], "did you mean report"),
    (["report", "{w}/none", "--month", "2026-10"], "does not exist"),
    (["report", "{w}", "--month", "2026-10", "--notebooks", "{w}/none"], "correct --notebooks"),
    (["report", "{w}", "--month", "2026-10", "--notebooks", "{w}"], "there is no notebook in"),
    (
        ["report", "{w}", "--month", "2026-10", "--out", "{w}/orders.csv"],
        "a file stands where a folder is needed",
    ),
    (["check", "{w}/none"], "does not exist"),
    (["init", "{w}"], "nothing is overwritten"),
    (["init", "{w}/new", "--from", "salesfroce"], "did you mean salesforce"),
    (["demo", "{w}"], "nothing is overwritten"),
    (["demo", "{w}/new", "--accounts", "3"], "--accounts must be at least 20"),
    (["demo", "{w}/new", "--seed", "-1"], "--seed must be at least 0"),
    (["demo", "{w}/new", "--months", "30000"], "--months must be at most 600"),
    (
        ["report", "{w}", "--month", "2026-10", "--page-limit", "inf"],
        "--page-limit must be at most 86,400",
    ),
    (["report", "{w}", "--month", "0001-01"], "does not exist"),
    (["report", "{w}", "--as-of", "9999-12-31"], "does not exist"),
    (["check", "~nosuchuser/data"], "does not exist"),
]

# plan.yml, and what the sentence holds
PLANS = [
    ("", "holds no settings"),
    ("- a\n", "holds no settings"),
    ("currency: EUR\n", "the setting company is missing"),
    ("company:\n", "company is empty"),
    ("company: X\ncurency: EUR\n", "did you mean currency"),
    ("company: X\nfoo: 1\n", "the setting foo does not exist; there are company"),
    ("company: X\ntiers: {core: {contact_day: 3}}\n", "did you mean contact_days"),
    (
        "company: X\nsprints: [{name: S, start: 2026-10-01, end: 2026-10-31, target: 1, gaol: 3}]\n",
        "sprints #1.gaol",
    ),
    ("company: X\nhours_per_day: many\n", "hours_per_day is “many”, but must be a number"),
    ("company: X\nhours_per_day: 0\n", "must be more than 0"),
    ("company: X\nfiscal_year_starts: 13\n", "must be at most 12"),
    ("company: X\nfiscal_year_starts: 1.5\n", "must be a whole number"),
    ("company: X\ncurrency: yuan\n", "a currency's code"),
    ("company: X\ncurrency: QQQ\n", "a currency's code"),
    ("company: X\ncountry: ZZ\n", "a country's code"),
    ("company: X\nlanguage: fr\n", "must be one of en and zh"),
    ("company: X\nstages: lead\n", "must be a list"),
    ("company: X\ntiers: none\n", "a group of settings: strategic, core"),
    ("company: X\nprice_floors: 0.1\n", "a group of entries"),
    ("company: X\nprice_floors: {A: 18}\n", "because it is a share"),
    ("company: X\ntargets: {2026: {amount: .inf}}\n", "must be a number"),
    ("company: X\ntargets: {2026: {amount: 1:30}}\n", "must be a number"),
    ("company: X\ntargets: {2026: {amount: -1}}\n", "must be at least 0"),
    ("company: X\ntargets: {20260: {amount: 1}}\n", "must be a year"),
    ("company: X\ntargets: {2026: {amount: 1, fixed: {26-02: 1}}}\n", "must be a month such as 2026-10"),
    ("company: X\nsprints: [{name: S, start: soon, end: 2026-10-31, target: 1}]\n", "must be a date"),
    (
        "company: X\nsprints: [{name: S, start: 2026-10-32, end: 2026-10-31, target: 1}]\n",
        "no date or number",
    ),
    ("company: X\nsprints: [{name: S, start: 2026-10-31, end: 2026-10-01, target: 1}]\n", "before it starts"),
    ("company: X\ncommission: {tiers: []}\n", "at least one entry"),
    ("company: X\ncompany: Y\n", "stands twice"),
    ("company: [X\n", "never closed"),
    ("company: X\ntargets:\n\t2026: 1\n", "a tab stands"),
    ("company: a: b\n", "a second colon"),
    ("company: @x\n", "quotation marks"),
    ("company: X\n---\ncompany: Y\n", "a second document"),
    ("company: X\nstages:\n  - a\n - b\n", "indented"),
    ("company: !!python/object/apply:os.system [ls]\n", "tags such as"),
    ("a: &a [x, x]\nb: [*a, *a]\n", "anchors"),
    ("[" * 3000 + "]" * 3000, "nested too deeply"),
    (b"company: \xb9\xab\xcb\xbe\n", "is not UTF-8 (byte 10)"),
    ("company: X\nsource: {folders: [../nowhere]}\n", "under source.folders does not exist"),
    ("company: X\nsource: {url_env: SALESNB_TEST_UNSET}\n", "which is not set"),
]

# the files of a workspace, and what the sentence holds
TABLES: dict[str, tuple[Files, str]] = {
    "no table": ({}, "at least one is needed"),
    "another name": ({"order.csv": GOOD}, "order → orders"),
    "empty": ({"orders.csv": ""}, "is empty"),
    "blank lines": ({"orders.csv": "\n \n"}, "is empty"),
    "headings alone": ({"orders.csv": HEADING}, "no usable row"),
    "another heading": ({"orders.csv": GOOD.replace("order_id", "Order No")}, "is it Order No"),
    "headings of another system": (
        {"orders.csv": GOOD.replace("order_id", "编码").replace("net_amount", "合计")},
        "has no column order_id and net_amount",
    ),
    "a workbook named csv": ({"orders.csv": TABLE}, "no text but a workbook"),
    "no headings": ({"orders.csv": GOOD.removeprefix(HEADING)}, "has no column order_id"),
    "a heading twice": (
        {"orders.csv": GOOD.replace("net_amount", "Account ID")},
        "both mean the column account_id",
    ),
    "two files": ({"orders.csv": GOOD, "orders.xlsx": TABLE}, "both hold the table orders"),
    "a broken byte": (
        {
            "orders.csv": GOOD.encode()
            + "8,Bäckerei Müller,2026-10-01,1\n9,Caf".encode()
            + b"\xe9,2026-10-01,1\n"
        },
        "(0xE9) does not fit",
    ),
    "two currencies": (
        {"orders.csv": HEADING + "1,A,2026-10-01,USD 5\n2,A,2026-10-01,EUR 5\n"},
        "several currencies (5 EUR and 5 USD)",
    ),
    "another currency": (
        {"orders.csv": HEADING + "1,A,2026-10-01,USD 5\n"},
        "but the plan's currency is CNY; write currency: USD",
    ),
    "two amounts for one target": (
        {
            "orders.csv": GOOD,
            "targets.csv": "period_start,grain,dimension,member,amount\n2026-10,month,company,X,5\n2026-10,month,company,X,6\n",
        },
        "has two amounts for the month",
    ),
    "day or month first": (
        {"orders.csv": HEADING + "1,A,05/10/2026,1\n2,A,06/10/2026,1\n"},
        "day first or month first",
    ),
    "a line without end": ({"orders.csv": HEADING + "1," + "x" * 3_000_000}, "line 2 is longer than"),
    "gzip cut": ({"orders.csv.gz": gzip.compress(GOOD.encode())[:80]}, "not a complete gzip"),
    "gzip bomb": ({"orders.csv.gz": gzip.compress(b"a,b\n" * 80_000_000, 1)}, "unpacks to more than"),
    "no workbook": ({"orders.xlsx": b"PK nonsense"}, "not an Excel workbook"),
    "a page named xlsx": ({"orders.xlsx": "<html><table></table></html>"}, "not an Excel workbook"),
    "workbook cut": ({"orders.xlsx": TABLE[: len(TABLE) // 2]}, "not an Excel workbook"),
    "old workbook": (
        {"orders.xlsx": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4000)},
        "not an Excel workbook",
    ),
    "password": ({"orders.xlsx": protected()}, "protected by a password"),
    "open in Excel": ({"orders.xlsx": TABLE, "~$orders.xlsx": b"Me"}, "is open in Excel or LibreOffice"),
    "open in LibreOffice": (
        {"orders.xlsx": TABLE, ".~lock.orders.xlsx#": b"Me"},
        "is open in Excel or LibreOffice",
    ),
    "workbook bomb": ({"orders.xlsx": BOMB}, "unpacks to more than"),
    "a stray cell": ({"orders.xlsx": FAR}, "takes more than 2 GB of memory"),
    "one text everywhere": ({"orders.xlsx": repeated_text()}, "takes more than 2 GB of memory"),
    "a cell longer than Excel's": ({"orders.xlsx": LONG_TEXT}, "more than 32,767 signs"),
    "Parquet with a column twice": ({"orders.parquet": TWICE.getvalue()}, "both mean the column net_amount"),
    "Parquet of equal rows": ({"orders.parquet": EQUAL.getvalue()}, "unpacks to more than 100 times"),
    "a Parquet cell of 60 MB": (
        {"orders.parquet": LONG_CELL.getvalue()},
        "a cell of order_id is longer than 1,000,000 bytes",
    ),
    "too many columns": (
        {"orders.csv": HEADING.strip() + "".join(f",c{n}" for n in range(16_000)) + "\n"},
        "has 16,004 columns",
    ),
    "a cell of many lines": (
        {"orders.csv": HEADING.strip() + ',note\n1,A,2026-10-01,5,"' + "x\n" * 1_000_000 + '"\n'},
        "row 2 is longer than",
    ),
    "empty sheet": ({"orders.xlsx": xlsx()}, "is empty"),
    "no Parquet": ({"orders.parquet": b"PAR1 no PAR1"}, "not a Parquet file"),
    "half the rows wrong": ({"orders.csv": GOOD + "x,,,\n" * 90}, "break a rule (limit 5%)"),
    "statement that writes": ({"orders.sql": "COPY (SELECT 1) TO 'x.csv'"}, "only a single SELECT"),
    "two statements": ({"orders.sql": "SELECT 1; SELECT 2"}, "keep one"),
    "statement over no file": ({"orders.sql": "SELECT * FROM 'none.csv'"}, "there is no file none.csv"),
    "statement outside": ({"orders.sql": "SELECT * FROM '/etc/passwd'"}, "outside the workspace"),
    "statement over the network": (
        {"orders.sql": "SELECT * FROM 'https://example.com/x.csv'"},
        "from the network",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), REQUESTS, ids=[" ".join(words)[:60] for words, _ in REQUESTS])
def test_a_request_that_cannot_be_meant(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = workspace(tmp_path / "w", {"orders.csv": GOOD})
    filled = [argument.replace("{w}", str(place)) for argument in arguments]
    out = [] if filled[0] != "report" or "--out" in filled else ["--out", str(tmp_path / "reports")]
    assert run(*filled, *(out if len(filled) > 1 and filled[-1] != "--month" else [])) == 2
    assert said in refused(capsys.readouterr())
    assert not list(tmp_path.glob("reports/2*"))
    assert run(*filled, "--lang", "zh") == 2
    assert_chinese(refused(capsys.readouterr()), tmp_path)


WIDE = io.BytesIO()
pq.write_table(pa.table({f"c{place}": [1] for place in range(2_001)}), WIDE)
BARE = {
    "wide.csv": (",".join(f"c{n}" for n in range(16_000)) + "\n", "wide.csv has 16,000 columns"),
    "wide.parquet": (WIDE.getvalue(), "wide.parquet has 2,001 columns"),
    "cell.parquet": (LONG_CELL.getvalue(), "a cell of order_id is longer than 1,000,000 bytes"),
    "equal.parquet": (EQUAL.getvalue(), "unpacks to more than 100 times its size"),
    "far.xlsx": (FAR, "takes more than 2 GB of memory"),
    "line.csv": (HEADING + "1," + "x" * 3_000_000, "line 2 is longer than"),
}


@pytest.mark.parametrize("name", BARE)
def test_the_same_bounds_hold_for_a_file_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, said = BARE[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert run("check", path) == 2
    assert said in refused(capsys.readouterr())


def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = workspace(tmp_path / "w", {"orders.csv": GOOD, "leads.sql": "SELECT * FROM 'raw.csv'"})
    os.mkfifo(place / "accounts.csv")
    assert run("check", place) == 2
    assert "accounts.csv is no file but a pipe" in refused(capsys.readouterr())
    (place / "accounts.csv").unlink()
    os.mkfifo(place / "raw.csv")
    assert run("check", place) == 2
    assert "raw.csv is no file but a pipe" in refused(capsys.readouterr())


@pytest.mark.parametrize(("plan", "said"), PLANS, ids=[str(plan)[:40] for plan, _ in PLANS])
def test_a_mistake_in_the_plan(
    plan: str | bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = workspace(tmp_path / "w", {"orders.csv": GOOD}, plan=plan)
    assert run("report", place, "--month", "2026-10", "--out", tmp_path / "reports") == 2
    assert said in refused(capsys.readouterr())
    assert run("check", place, "--lang", "zh") == 2
    assert_chinese(refused(capsys.readouterr()), tmp_path)


@pytest.mark.parametrize("case", TABLES)
def test_a_table_that_cannot_be_used(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files, said = TABLES[case]
    place = workspace(tmp_path / "w", files)
    assert run("report", place, "--month", "2026-10", "--out", tmp_path / "reports") == 2
    assert said in refused(capsys.readouterr())
    assert not list(tmp_path.glob("reports/2*"))
    assert run("report", place, "--month", "2026-10", "--out", tmp_path / "reports", "--lang", "zh") == 2
    assert_chinese(refused(capsys.readouterr()), tmp_path)


# a cell, the column it stands in, and what becomes of the row: its value, or the reason for which it is rejected
CELLS = [
    ("net_amount", '"¥1,200 "', 1200.0),
    ("net_amount", "（1200）", -1200.0),
    ("net_amount", '"（1,200）"', -1200.0),
    ("net_amount", "１２００", 1200.0),
    ("net_amount", "1.2万", 12000.0),
    ("net_amount", "a lot", "net_amount cannot be read"),
    ("net_amount", "1e400", "net_amount cannot be read"),
    ("net_amount", "", "net_amount is missing"),
    ("ordered_on", "13/10/2026", dt.date(2026, 10, 13)),
    ("ordered_on", "20261013", dt.date(2026, 10, 13)),
    ("ordered_on", "2026年10月13日", dt.date(2026, 10, 13)),
    ("ordered_on", '"Oct 13, 2026"', dt.date(2026, 10, 13)),
    ("ordered_on", "46308", dt.date(2026, 10, 13)),
    ("ordered_on", "46308.75", dt.date(2026, 10, 13)),
    ("ordered_on", "2026-02-30", "ordered_on cannot be read"),
    ("ordered_on", "yesterday", "ordered_on cannot be read"),
    ("ordered_on", "0001-01-01", "ordered_on lies before 1970 or after 2100"),
    ("ordered_on", "9999-12-31", "ordered_on lies before 1970 or after 2100"),
    ("order_id", "　", "order_id is missing"),
]


@pytest.mark.parametrize(("column", "cell", "becomes"), CELLS, ids=[f"{each[0]} {each[1]}" for each in CELLS])
def test_a_strange_cell_is_read_or_its_row_quarantined(
    column: str, cell: str, becomes: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"order_id": "777", "account_id": "C1", "ordered_on": "2026-10-13", "net_amount": "5", column: cell}
    place = workspace(tmp_path / "w", {"orders.csv": GOOD + ",".join(row.values()) + "\n"})
    assert run("check", place) == 0
    shown = capsys.readouterr().out
    rejected = isinstance(becomes, str)
    assert f"Orders (orders)\t101\t{100 if rejected else 101}\t{1 if rejected else 0}" in shown
    assert "Data from 1 Oct 2026 to 28 Oct 2026" in shown
    if rejected:
        money = "–" if column == "net_amount" else "5.00"
        assert f"orders\t1\t{money}\t{becomes}\trow 102{f' ({cell})' if 'read' in becomes else ''}" in shown
        return
    from salesnb.intake.workspace import open_book

    kept = open_book(place, as_of="2026-10").table("orders").to_pandas().set_index("order_id")
    assert kept.loc["777", column] == becomes or kept.loc["777", column].date() == becomes


def test_three_forms_of_a_date_in_one_column_and_repeated_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "7,1,A,2026-10-01,1\n7,1,A,13/10/2026,2\n8,1,A,46308,3\n9,1,A,Oct 5 2026,4\n"
    usual = "".join(f"{n},1,A,2026-10-02,1\n" for n in range(100, 200))
    heading = "order_id,line_id,account_id,ordered_on,net_amount\n"
    place = workspace(tmp_path / "w", {"orders.csv": heading + rows + usual})
    assert run("check", place) == 0
    shown = capsys.readouterr().out
    assert "Orders (orders)\t104\t103\t1" in shown
    assert "line_id repeats an earlier row's\trow 3" in shown


def test_a_notebook_with_a_parameter_that_is_misspelt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = workspace(tmp_path / "w", {"orders.csv": GOOD})
    own = tmp_path / "own"
    own.mkdir()
    parameters = nbformat.v4.new_code_cell(
        PARAMETERS.replace("as_of", "as_off"), metadata={"tags": ["parameters"]}
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[parameters]), own / "10_target_breakdown.ipynb")
    asked = ["report", place, "--month", "2026-10", "--notebooks", own, "--out", tmp_path / "reports"]
    assert run(*asked) == 2
    assert "nearest: as_off" in refused(capsys.readouterr())
    assert run(*asked, "--lang", "zh") == 2
    assert_chinese(refused(capsys.readouterr()), tmp_path)


def test_the_plans_language_speaks_of_its_own_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for plan in ("company: X\nlanguage: zh\n", "company: X\nlanguage: zh\ncurency: EUR\n"):
        place = workspace(tmp_path / "w", {"orders.csv": GOOD}, plan=plan)
        assert run("report", place, "--month", "2020-01") == 2
        assert_chinese(refused(capsys.readouterr()), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak memory of a process as Linux tells it")
def test_a_line_of_200_megabytes_is_refused_fast_and_in_little_memory(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", {})
    with (place / "orders.csv").open("wb") as file:
        file.write(HEADING.encode() + b"1,")
        for _ in range(200):
            file.write(b"x" * 1_000_000)
    program = (
        "import re, sys, time\nfrom salesnb import cli\n"
        "try:\n    cli.main(['check', sys.argv[1]])\n"
        "finally:\n    peak = re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())\n"
        "    print(int(peak.group(1)) // 1024, time.process_time())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(place)], capture_output=True, text=True, check=False
    )
    megabytes, seconds = map(float, done.stdout.split())
    assert done.returncode == 2
    assert "line 2 is longer than" in done.stderr
    assert megabytes < 400  # the program itself with its engine and frames takes about 250
    assert seconds < 15


# a plan sheet's rows, or what becomes of its XML, and what the sentence holds
SHEETS: dict[str, tuple[bytes, str]] = {
    "a raised two as a year": (xlsx(["company", "X"], ["targets.²", 5], sheet="plan"), "targets"),
    "a key of 5,000 digits": (xlsx(["company", "X"], ["targets." + "1" * 5000, 5], sheet="plan"), "targets"),
    "brackets without end": (
        xlsx(["company", "[" * 3000], sheet="plan"),
        "the value of company cannot be read",
    ),
    "a damaged sheet": (
        xlsx(["company", "X"], sheet="plan", changed=lambda sheet: sheet[: len(sheet) // 2] + b"<&"),
        "is damaged; save the workbook again",
    ),
}


@pytest.mark.parametrize("case", SHEETS)
def test_a_mistake_in_a_plan_sheet(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, said = SHEETS[case]
    book = workspace(tmp_path / "w", {"book.xlsx": content}) / "book.xlsx"
    assert run("check", book) == 2
    assert said in refused(capsys.readouterr())
    assert run("check", book, "--lang", "zh") == 2
    assert_chinese(refused(capsys.readouterr()), tmp_path)


def test_a_fault_while_the_plan_is_read_is_a_sentence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = workspace(tmp_path / "w", {"orders.csv": GOOD}, plan="company: X\nlanguage: zh\n")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("salesnb.intake.digests.read_workspace_plan", lambda path: {}["a fault of ours"])
    assert run("report", place, "--month", "2026-10") == 1
    assert_chinese(refused(capsys.readouterr()).replace("KeyError", ""), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="names of folders that are no text")
def test_what_the_outputs_encoding_lacks_is_no_fault(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", {"orders.csv": GOOD})
    program = [sys.executable, "-m", "salesnb", "check"]
    narrow = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [*program, str(place), "--lang", "zh"], capture_output=True, env=narrow, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    strange = os.fsencode(tmp_path / "n") + b"\xff"
    os.rename(os.fsencode(place), strange)
    done = subprocess.run([*program, strange], capture_output=True, text=True, env=narrow, check=False)
    assert done.returncode == 2
    assert "is not UTF-8; rename the folder" in refused((done.stdout, done.stderr))


@pytest.mark.skipif(sys.platform != "linux", reason="users and permissions as Linux has them")
def test_without_a_home_the_cache_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from salesnb.intake.cache import cache_folder

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    usual = tmp_path / f"salesnb-{os.getuid()}"
    assert cache_folder() == cache_folder() == usual
    assert usual.stat().st_mode & 0o777 == 0o700
    usual.chmod(0o777)
    assert cache_folder().parent == tmp_path
    assert cache_folder() != usual
    usual.rmdir()
    (tmp_path / "theirs").mkdir(mode=0o700)
    usual.symlink_to(tmp_path / "theirs")
    assert cache_folder() not in (usual, tmp_path / "theirs")


@pytest.mark.skipif(sys.platform != "linux", reason="users and permissions as Linux has them")
def test_a_cache_that_others_may_write_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from salesnb.intake.cache import cache_folder

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    own = cache_folder()
    assert own == tmp_path / "cache" / "salesnb"
    own.chmod(0o777)
    assert cache_folder() == tmp_path / f"salesnb-{os.getuid()}"
    assert "may be written by others" in caplog.text
    own.chmod(0o755)
    assert cache_folder() == own


def test_a_broken_cached_snapshot_is_made_again(tmp_path: Path) -> None:
    from salesnb.intake.cache import checked_snapshot

    place = workspace(tmp_path / "w", {"orders.csv": GOOD})
    cached = checked_snapshot(place)
    whole = cached.stat().st_size
    for broken in (b"", b"no database", cached.read_bytes()[: whole // 2]):
        cached.write_bytes(broken)
        assert checked_snapshot(place) == cached
        assert cached.stat().st_size == whole


# someone else's files: what another user's permissions forbid, tried as nobody where the tests run as root ---------


def as_nobody(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command as a user who owns nothing; the folder above is opened to everybody."""
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.getuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o055)
    program = [sys.executable, "-m", "salesnb", *map(str, arguments)]
    change = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] if os.getuid() == 0 else []
    own = {
        **os.environ,
        "XDG_CACHE_HOME": str(folder / "nowhere"),
        "HOME": "/",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run([*change, *program], capture_output=True, text=True, env=own, check=False, cwd="/")


@pytest.mark.skipif(sys.platform != "linux", reason="users and permissions as Linux has them")
def test_files_and_folders_without_permission(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", {"orders.csv": GOOD, "accounts.xlsx": TABLE})
    (place / "accounts.xlsx").chmod(0o600 if os.getuid() == 0 else 0)
    refusals = {"accounts.xlsx cannot be read (access is denied)": ("check", place)}
    closed = workspace(tmp_path / "closed", {"orders.csv": GOOD})
    closed.chmod(0o700 if os.getuid() == 0 else 0)
    refusals["plan.yml cannot be read (access is denied)"] = ("check", closed)
    readable = workspace(tmp_path / "r", {"orders.csv": GOOD})
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o755 if os.getuid() == 0 else 0o555)
    refusals["cannot be written (access is denied); choose another with --out"] = (
        "report",
        readable,
        "--month",
        "2026-10",
        "--out",
        locked / "reports",
    )
    refusals["cannot be used: access is denied"] = ("init", locked / "mine")
    for said, arguments in refusals.items():
        done = as_nobody(tmp_path, *arguments)
        if "No module named" in done.stderr or "Permission denied" in done.stderr:
            pytest.skip("another user cannot run this installation")
        assert (done.returncode, said in refused((done.stdout, done.stderr))) == (2, True), done.stderr


# Chinese ----------------------------------------------------------------------------------------------------------

# what stays Latin in a Chinese sentence: what was written, paths, options, formats, programs, and names of the data and plan
WRITTEN = re.compile(
    r"“[^”]*”|'[^']*'|https?://\S*|[\w.-]*[./~][A-Za-z0-9_./~$#*-]*|--[a-z-]+|#\d+\.\w+|[A-Z]+(?:_[A-Z]+)+|0x[0-9A-F]+"
)
PROGRAMS = "UTF GB CSV YAML ISO Excel LibreOffice Parquet gzip SQL SELECT DuckDB salesnb CNY EUR CN DE NAME xls xlsx x sql yml csv"
GIVEN = "Oct plan ID ipynb as off target breakdown curency foo gaol USD EUR rates Order Account No East Mars planet extra repotr salesfroce demo excel salesforce hubspot report check init workspace folder region team rep account name value one two dmy mdy ymd en zh tag yaml org python object apply os system previous scope outputs true false order orders intake source"


def _names(model: type[BaseModel]) -> set[str]:
    """The names of all settings of the plan."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for part in [field.annotation, *get_args(field.annotation)]:
            if isinstance(part, type) and issubclass(part, BaseModel):
                found |= _names(part)
    return found


KNOWN = {
    word
    for text in [
        PROGRAMS,
        GIVEN,
        *_names(Plan),
        *(column.name for table in SCHEMA.values() for column in table),
    ]
    for word in re.findall("[A-Za-z]+", text)
}


def assert_chinese(said: str, folder: Path) -> None:
    """The sentence is Chinese throughout: no Latin word is left but a name, and none that joins an English sentence."""
    assert re.search("[\u4e00-\u9fff]{2}", said), said
    left = re.findall("[A-Za-z]{2,}", WRITTEN.sub(" ", said.replace(str(folder), ".")))
    assert [word for word in left if word not in KNOWN] == [], said
