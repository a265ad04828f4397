"""Can an office that works in Chinese begin, check and report without meeting another language?"""

import html
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import typer

import salesnb as sb
from salesnb.cli import app, main
from salesnb.cli.starter import SOURCES
from salesnb.intake.demo import write_demo
from salesnb.intake.reading.table_names import table_name, table_named
from salesnb.intake.schema import TABLES
from salesnb.language import Language
from salesnb.language.translation import COMMENT
from tests.packs import ROOT, rendered
from tests.test_pack_browser import ALLOWED, NAMES

ZH = Language("zh")
HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z][A-Za-z_-]+")
# names of files' folders, settings and file formats, and of statisticians who are written so everywhere
NAMED = {"rejected", "targets", "shape", "previous", "alpha", "BG", "NBD", "XL", "SVG", "Theta", "CSV"}
PART_NAMES = ("region", "team", "rep", "account", "product_line")
# what is typed: commands, options, files; ids of the company's own rows
TYPED = re.compile(
    r"salesnb [^：。]*|--[a-z-]+|[\w./-]+/[\w./-]*|[\w-]+\.(?:yml|xlsx|csv|sql|html|pdf|ipynb)(?![A-Za-z])"
)


CHINESE = {"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "COLUMNS": "200"}
TYPED_NAMES = ("region", "salesnb")


def command(*arguments: object) -> str:
    """What the command prints on a machine that speaks Chinese."""
    said = subprocess.run(
        [sys.executable, "-m", "salesnb", *map(str, arguments)],
        capture_output=True, text=True, env={**os.environ, **CHINESE}, cwd=ROOT,
    )  # fmt: skip
    assert "Traceback" not in said.stderr
    return said.stdout + said.stderr


def foreign(text: str) -> set[str]:
    """The Latin words in what a reader sees, without what has to be typed and the signs that everybody writes so."""
    return {
        word
        for word in LATIN.findall(TYPED.sub(" ", text))
        if not ALLOWED.fullmatch(word) and word not in NAMED
    }


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "示例"
    write_demo(folder, language="zh")
    return folder


def test_every_table_and_column_has_a_chinese_name_that_is_read_back():
    for table in TABLES.values():
        assert table_named(table_name(table.name, "zh")) == table.name
        assert table_name(table.name, "zh") == ZH(table.label)
        headings = [column.name_in("zh") for column in table]
        assert all(map(HAN.search, headings))
        assert len(set(headings)) == len(headings)
        for column in table:
            assert all(map(HAN.search, column.words("zh").values()))


def test_the_form_asks_in_chinese_and_what_is_filled_in_is_read(tmp_path):
    assert foreign(command("init", tmp_path / "公司", "--from", "excel")) == set()
    path = tmp_path / "公司" / "data" / "workspace.xlsx"
    book = openpyxl.load_workbook(path)
    shown = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    shown += [cell.comment.text for sheet in book for row in sheet for cell in row if cell.comment]
    shown += [
        rule.formula1
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    ]
    assert foreign(" ".join([*book.sheetnames, *shown])) <= {"CN", "USD", "zh", "en"}
    settings = {row[0].value: row[1] for row in book["设置"].iter_rows()}
    assert (settings["国家"].value, settings["语言"].value) == ("CN", "zh")
    target = next(cell for name, cell in settings.items() if name.endswith("目标"))
    target.value = 12_000_000
    book["订单"].append(["D1", None, "K1", "X1", None, None, "2026-10-05", 3, 1200])
    book["客户"].append(["K1", "上海甲机电有限公司", "化工", "华东"])
    book.save(path)
    said = command("check", path)
    assert "数据文件夹可用" in said
    assert foreign(said.replace(str(path), "")) == set()


def test_the_help_pages_speak_chinese():
    assert "用法：" in command()  # nothing asked for
    commands = [*typer.main.get_command(app).commands]
    typed = rf"(?a)<[a-z]+>|(?:{'|'.join([*commands, *PART_NAMES, *SOURCES])}|salesnb|reports|Parquet|PDF|SMTP|Chromium|KEY|VALUE|last|[a-z_]+=[0-9]+)\b"
    for arguments in ((), *((each,) for each in commands)):
        said = re.sub("…│|[│\n]", "", command(*arguments, "--help"))
        assert "用法：" in said
        assert foreign(re.sub(typed, " ", said)) <= {"x", "en", "zh"}


# what is typed wrong before any plan is read → a word of what is said
MISTAKES = [
    ("check nowhere", "不存在"),
    ("check {file}", "没有一列"),
    ("report", "数据文件夹"),
    ("report {demo} --month 2026", "须为月份"),
    ("report {demo} --as-of 1", "须为日期"),
    ("report {demo} --month 2026-10 --lang fr", "须为"),
    ("report {demo} --month 2031-01", "没有数据"),
    ("report {demo} --month 2026-10 --scope region=东", "是否指"),
    ("report {demo} --bogus", "没有选项"),
    ("reprot", "没有命令"),
    ("init {demo}", "不是空文件夹"),
    ("init {new} --from exel", "是否指"),
    ("init {new} --from {file}", "没有一列"),
    ("send {demo}", "不是"),
    ("explain bookings.yt", "是否指"),
]


@pytest.mark.parametrize(("typed", "said"), MISTAKES)
def test_a_mistake_is_told_in_chinese(company, tmp_path, monkeypatch, capsys, typed, said):
    file = tmp_path / "无用.csv"
    file.write_text("甲,乙\n一,二\n", encoding="utf-8")
    given = [each.format(demo=company, file=file, new=tmp_path / "新建") for each in typed.split()]
    for name, value in CHINESE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as left:
        main(given)
    told = "".join(capsys.readouterr())
    assert left.value.code
    assert "Traceback" not in told
    assert said in told
    shown = told.replace(str(company), "").replace(str(tmp_path), "")
    names = {
        word
        for each in [*given, *SOURCES, "report", "excel", "PLACE", "value", "date"]
        for word in LATIN.findall(each)
    }
    assert foreign(shown) <= names | {"en", "zh", "bookings", "ytd", "month", *TYPED_NAMES}


@pytest.mark.parametrize("source", ["salesforce", "hubspot"])
def test_a_presets_notes_are_in_chinese(tmp_path, source):
    command("init", tmp_path / "公司", "--from", source)
    data = tmp_path / "公司" / "data"
    notes = re.findall(r"\S  +# (.*)$", (data / "plan.yml").read_text(encoding="utf-8"), re.M)
    assert len(notes) >= 5
    heads = [path.read_text(encoding="utf-8").splitlines()[0] for path in data.glob("*.sql")]
    assert [text for text in [*notes, *heads] if not HAN.search(text)] == []


def test_a_list_of_contracts_is_taken_in_and_told_in_chinese(contracts, tmp_path):
    """Every question and every line of `check` and of `init --from`, and the workbook that it writes."""
    said = command("check", contracts) + command(
        "init", tmp_path / "新建", "--from", contracts, "--answer", "year=2026"
    )
    said += command("check", contracts / "合同.csv")
    for path in (str(contracts), str(tmp_path)):
        said = said.replace(path, "")
    assert foreign(said) - {"HT"} <= {"year", "KEY", "VALUE"}
    assert "507,000.00" in said


def test_check_speaks_chinese_about_the_chinese_company(company):
    assert foreign(command("check", company)) == set()


def test_the_chinese_company_is_the_same_company(company):
    """Every number and day of it stands in the English one's files, row by row."""
    for name in TABLES:
        english, chinese = ROOT / "data" / "demo" / f"{name}.csv", company / f"{table_name(name, 'zh')}.csv"
        if not english.exists():
            assert not chinese.exists()
            continue
        encoding = "gb18030" if name == "events" else "utf-8-sig"
        one, other = (
            pd.read_csv(path, dtype=str, encoding=encoding, keep_default_na=False)
            for path in (english, chinese)
        )
        assert len(one) == len(other)
        for column in TABLES[name]:
            if column.name in one and (column.kind in ("id", "date", "number")):
                assert one[column.name].tolist() == other[column.name_in("zh")].tolist()
            elif column.name in one:
                assert not [text for text in other[column.name_in("zh")] if LATIN.search(text)]


def test_its_plan_is_in_chinese(company):
    plan = (company / "plan.yml").read_text(encoding="utf-8")
    comments = re.findall(r"(?:^|\s)# (?![a-z_-]+: )(.*)$", plan, re.M)
    assert len(comments) > 10
    assert [comment for comment in comments if not HAN.search(comment)] == []


def test_its_pack_has_the_same_numbers_and_no_latin_word(company):
    pack = rendered(company, "2026-10").folder
    english = json.loads(
        (rendered(ROOT / "data" / "demo", "2026-10").folder / "metrics.json").read_text("utf-8")
    )
    chinese = json.loads((pack / "metrics.json").read_text("utf-8"))
    numbers = [
        {
            name: figure["value"]
            for name, figure in metrics["metrics"].items()
            if isinstance(figure["value"], int | float)
        }
        for metrics in (english, chinese)
    ]
    assert numbers[1] == pytest.approx(numbers[0], rel=1e-12, nan_ok=True)
    for page in NAMES:
        text = (pack / f"{page}.html").read_text("utf-8")
        text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S)
        said = [
            *re.findall(r'(?:aria-label|alt|title|data-label)="([^"]*)"', text),
            re.sub("<[^>]*>", " ", text),
        ]
        versions = r"\b(?:python|[a-z]+(?:-[a-z]+)?) \d+\.\d+\.\d+"
        assert foreign(re.sub(versions, " ", html.unescape(" ".join(said)))) == set()


def test_notebooks_begin_in_chinese(tmp_path):
    """Headings, explanations and the comments of the code, those of the parameters among them."""
    command("init", tmp_path / "公司")
    for path in (tmp_path / "公司" / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        said = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        said += [found[2] for source in code for found in COMMENT.finditer(source)]
        assert said
        assert [text for text in said if not HAN.search(text)] == []


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """Contracts with what came in, customers, and a sheet of targets with people down and months across."""
    folder = tmp_path / "某某机电"
    folder.mkdir()
    (folder / "合同.csv").write_text(
        "合同编号,客户名称,业务员,产品线,签订日期,合同金额（万元）,回款金额（万元）\n"
        "HT001,上海甲机电有限公司,陈伟,阀门,2026-09-03,12.5,12.5\n"
        "HT002,苏州乙化工有限公司,刘洋,水泵,2026年9月15日,30,10\n"
        "HT003,上海甲机电有限公司,陈伟,阀门,2026/10/08,8.2,\n",
        encoding="utf-8",
    )
    (folder / "客户.csv").write_text(
        "客户名称,行业,所属区域\n上海甲机电有限公司,机械,华东\n苏州乙化工有限公司,化工,华东\n",
        encoding="utf-8",
    )
    book = openpyxl.Workbook()
    book.active.title = "目标"
    for row in (
        ["姓名", *(f"{month}月" for month in range(1, 13)), "合计"],
        ["陈伟", *[10] * 12, 120],
        ["刘洋", *[20] * 12, 240],
        ["合计", *[30] * 12, 360],
    ):
        book.active.append(row)
    book.save(folder / "目标.xlsx")
    return folder


def test_contracts_customers_and_targets_of_people_by_month_go_in_as_they_are(contracts, tmp_path):
    assert "--answer year=" in command("check", contracts)  # the months name no year
    made = tmp_path / "工作簿"
    said = command("init", made, "--from", contracts, "--answer", "year=2026")
    assert "文件中合同金额（万元）合计507,000.00，全部计入" in said
    book = sb.open(str(made / "data"), as_of="2026-10-31")
    assert book.sql("SELECT sum(net_amount) FROM orders").iloc[0, 0] == 507_000
    lines = book.sql(
        "SELECT product_line, sum(net_amount) FROM orders JOIN products USING (product_id) GROUP BY 1 ORDER BY 1"
    )
    assert lines.to_numpy().tolist() == [["水泵", 300_000.0], ["阀门", 207_000.0]]
    goals = book.sql("SELECT dimension, member, count(*), sum(amount) FROM targets GROUP BY 1, 2 ORDER BY 2")
    assert goals.to_numpy().tolist() == [["rep", "刘洋", 12, 240.0], ["rep", "陈伟", 12, 120.0]]


def test_a_file_alone_is_checked_without_renaming(contracts):
    said = command("check", contracts / "合同.csv", "--lang", "zh")
    assert "订单\t3\t3\t0" in said
    assert "数据文件夹可用" in said


def test_a_folder_of_files_alone_is_checked_without_renaming(contracts):
    (contracts / "目标.xlsx").unlink()
    said = command("check", contracts, "--lang", "zh")
    assert "客户\t2\t2\t0" in said
    assert "订单\t3\t3\t0" in said
