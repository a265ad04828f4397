"""Is nothing bent on the way in: shares among amounts, units in headings, what a workbook hides, a second table, a row of counts?"""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from salesnb.errors import InputError
from tests import made_workbooks
from tests.intake_folders import checked, kept, rejected, workspace, write_sheets

HEAD = "order_id,account_id,ordered_on,net_amount\n"
ROWS = "".join(f"O{n},K{n % 5},2025-01-{n + 1:02},{100 + n}.50\n" for n in range(20))
TOTAL = 2_200.0
EUROS = "currency: EUR\n"


def told(folder: Path) -> str:
    return "\n".join(str(message) for message in checked(folder)[1].suspicions)


def total(folder: Path) -> float:
    return sum(amount for (amount,) in kept(folder, "orders", "net_amount"))


@pytest.mark.parametrize("share", ["15%", "15 %", "15％"])
def test_a_share_is_no_amount(share: str, tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w", orders=f"{HEAD}{ROWS}O99,K1,2025-02-01,{share}\n")
    assert total(folder) == TOTAL
    assert rejected(folder, "orders") == [(22, f"net_amount cannot be read: {share}; write it as 1234.50")]
    listed = HEAD.replace("net_amount", "net_amount,list_amount") + ROWS.replace(".50\n", f".50,{share}\n")
    folder = workspace(tmp_path / "v", orders=listed)
    assert set(kept(folder, "orders", "list_amount")) == {(None,)}
    assert f"list_amount cannot be read in 20 rows and is blank there, as in {share}" in told(folder)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_cells_in_single_quotes_are_read_as_in_double_ones(sign: str, tmp_path: Path) -> None:
    heading = sign.join(f"'{each}'" for each in HEAD.strip().split(","))
    rows = [
        sign.join((f"'O{n}'", "'Miller, Sons; O''Neill \"Jr\"'", f"'2025-01-{n + 1:02}'", f"'{100 + n}.50'"))
        for n in range(20)
    ]
    folder = workspace(tmp_path / "w", orders="\n".join([heading, *rows, ""]))
    assert total(folder) == TOTAL
    assert kept(folder, "orders", "DISTINCT account_id") == [('Miller, Sons; O\'Neill "Jr"',)]


def test_apostrophes_in_names_are_no_quotes(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w", orders=HEAD + "'1,'A,2025-01-01,5\n2,O'Neill,2025-01-02,6\n")
    assert {("'1", "'A"), ("2", "O'Neill")} == set(kept(folder, "orders", "order_id, account_id"))


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("net_amount (EUR)", 1),
        ("Net Amount [EUR]", 1),
        ("net_amount (k EUR)", 1_000),
        ("net_amount (T€)", 1_000),
        ("net_amount (EUR '000)", 1_000),
        ("net_amount in millions", 1_000_000),
    ],
)
def test_a_unit_in_a_heading_counts_and_is_told(heading: str, factor: int, tmp_path: Path) -> None:
    orders = (HEAD + ROWS).replace("net_amount", f'"{heading}"')
    folder = workspace(tmp_path / "w", plan=EUROS, orders=orders)
    assert total(folder) == pytest.approx(TOTAL * factor, rel=1e-12)
    named = f"{heading} names its unit: its amounts count {factor:,} times"
    assert (named in told(folder)) == (factor > 1)


def test_a_unit_in_a_chinese_heading_counts(tmp_path: Path) -> None:
    orders = "订单编号,客户,下单日期,订单金额（万元）\nA1,甲,2025-01-05,1.25\n"
    folder = workspace(tmp_path / "w", plan="currency: CNY\n", orders=orders)
    assert total(folder) == 12_500


def test_a_currency_in_a_heading_that_is_not_the_plans_is_never_passed_over(tmp_path: Path) -> None:
    orders = (HEAD + ROWS).replace("net_amount", "net_amount (USD)")
    folder = workspace(tmp_path / "w", plan=EUROS, orders=orders)
    with pytest.raises(
        InputError, match=r"the amounts are in USD \(2,200 USD\), but the plan's currency is EUR"
    ):
        checked(folder)
    workspace(folder, plan=EUROS, rates="currency,valid_from,rate\nUSD,2024-01-01,0.9\n")
    assert total(folder) == pytest.approx(TOTAL * 0.9)
    assert "amounts in other currencies (2,200 USD) count in EUR" in told(folder)
    two = (
        (HEAD + ROWS).replace("net_amount", "net_amount (USD),cost_amount (EUR)").replace(".50\n", ".50,5\n")
    )
    with pytest.raises(
        InputError, match=r"net_amount \(USD\) and cost_amount \(EUR\) name several currencies"
    ):
        checked(workspace(tmp_path / "v", plan=EUROS, orders=two))


def test_a_row_of_counts_is_no_order_and_a_total_without_a_day_is_a_control(tmp_path: Path) -> None:
    for n, word in enumerate(("Count", "Anzahl", "笔数", "Number of rows")):
        folder = workspace(tmp_path / f"w{n}", orders=f"{HEAD}{ROWS}Total,,,2200.00\n{word},,,20\n")
        assert checked(folder)[1].counts["orders"] == (20, 20)
        assert "row 22 is a total and was set aside: it says 2,200.00, read 2,200.00 ✓" in told(folder)
        assert "row 23 says a count and was set aside (20; read 20)" in told(folder)
    folder = workspace(tmp_path / "v", orders=f"{HEAD}{ROWS}Total,,,2300.00\n")
    assert "it says 2,300.00, but the rows above it add up to 2,200.00" in told(folder)
    folder = workspace(tmp_path / "u", orders=f"{HEAD}{ROWS}Count,K1,2025-02-01,20\n")
    assert checked(folder)[1].counts["orders"] == (21, 21)  # an order of that name is one


def sheet_rows() -> list[list[object]]:
    body = [[f"O{n}", f"K{n % 5}", dt.date(2025, 1, n + 1), 100.5 + n] for n in range(20)]
    return [HEAD.strip().split(","), *body]


@pytest.fixture
def hiding(tmp_path: Path) -> Path:
    accounts = [["account_id", "account_name"], *([f"K{n}", f"Name {n}"] for n in range(5))]
    path = write_sheets(tmp_path / "w.xlsx", orders=sheet_rows(), accounts=accounts, plan=[["company", "X"]])
    book = openpyxl.load_workbook(path)
    for row in (4, 5, 6, 90):  # the last one holds nothing
        book["orders"].row_dimensions[row].hidden = True
    book["orders"].column_dimensions["B"].hidden = True
    book["accounts"].sheet_state = "hidden"
    book.save(path)
    return path


def test_what_a_workbook_hides_is_read_and_told(hiding: Path, tmp_path: Path) -> None:
    assert total(hiding) == TOTAL
    said = told(hiding)
    assert "w.xlsx, sheet orders: 3 hidden rows were read like the others" in said
    assert "w.xlsx, sheet orders: 1 hidden column was read like the others" in said
    assert "w.xlsx, sheet accounts is a hidden sheet and was read like the others" in said
    plain = write_sheets(tmp_path / "plain.xlsx", orders=sheet_rows(), plan=[["company", "X"]])
    assert "hidden" not in told(plain)


@pytest.mark.parametrize("form", sorted(made_workbooks.FORMS))
def test_what_other_workbooks_hide_is_told_as_far_as_it_is_known(form: str, tmp_path: Path) -> None:
    for name, content, whole in (
        ("v", made_workbooks.FORMS[form], False),
        ("w", made_workbooks.hiding(form), True),
    ):
        path = tmp_path / f"{name}.{form}"
        path.write_bytes(content)
        said = told(path).splitlines()
        assert len(kept(path, "orders")) == 3
        assert (
            f"{name}.{form}, sheet Orders is a hidden sheet and was read like the others" in said
        ) == whole
        unknown = f"{name}.{form}: whether rows or columns are hidden cannot be told of this form; hidden ones are read like the others"
        assert said.count(unknown) == 1


def test_a_second_table_on_a_sheet_costs_the_first_nothing_and_is_told(tmp_path: Path) -> None:
    rows = sheet_rows()
    beside = [[*row, None, *(other or [None, None])] for row, other in zip(rows, [["account_id", "account_name"], *([f"K{n}", f"N{n}"] for n in range(5)), *[None] * 15], strict=True)]  # fmt: skip
    below = [
        *rows,
        [],
        ["Team", "Budget", "Head"],
        ["North", 5, "Ann"],
        ["South", 6, "Bob"],
        ["East", 7, "Cy"],
    ]
    for name, held in (("beside", beside), ("below", below)):
        path = write_sheets(tmp_path / f"{name}.xlsx", orders=held, plan=[["company", "X"]])
        assert total(path) == TOTAL
        assert checked(path)[1].counts["orders"] == (20, 20)
        assert (
            f"{name}.xlsx, sheet orders holds 2 tables; only the one that begins in row 1 was read"
            in told(path)
        )


BEGIN = """
import signal, sys, time

signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell runs in the background is born deaf to it

class Watching:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            print(flush=True)
            time.sleep(0.5)

module = sys.argv.pop(1)
sys.meta_path.insert(0, Watching())
import salesnb.start
salesnb.start.run()
"""


@pytest.mark.parametrize(
    ("module", "language"), [("salesnb.cli", "en"), ("typer", "zh"), ("rich.console", "en")]
)
def test_an_interrupt_while_the_command_is_loaded_ends_in_a_sentence(
    module: str, language: str, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN, module, "check", str(tmp_path), "--lang", language],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()  # in the midst of loading
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    sentence = "Interrupted; nothing was replaced.\n" if language == "en" else "已中断；原有内容未被替换。\n"
    assert (process.returncode, said) == (130, sentence)
