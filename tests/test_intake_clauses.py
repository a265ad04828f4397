"""What the rules of reading promise, each in one small workspace, where no other test holds it by its name."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salesnb import packs
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from tests.intake_folders import ORDERS, checked, kept, rejected, workspace

TARGETS = "period_start,grain,dimension,member,amount\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_an_invoice_without_a_due_day_is_due_by_its_amount_else_by_its_customers_terms_else_never(
    tmp_path: Path,
) -> None:
    rows = "1,A,2026-09-01,100,0\n2,A,2026-09-01,-50,0\n3,B,2026-01-01,70,0\n"
    made = workspace(
        tmp_path / "w",
        orders=ORDERS,
        accounts="account_id,payment_terms_days\nA,月结30天\nB,\n",
        invoices="invoice_id,account_id,issued_on,amount,paid_amount\n" + rows,
    )
    due = facts.open_invoices(open_book(made, as_of="2026-10-31")).set_index("invoice_id")
    assert {number: str(day)[:10] for number, day in due["due_on"].items()} == {
        "1": "2026-10-01",
        "2": "2026-09-01",
        "3": "NaT",
    }
    assert due["days_overdue"].fillna(-1).to_dict() == {"1": 30, "2": 60, "3": -1}


def test_a_company_without_customers_has_bookings_targets_lines_and_people(tmp_path: Path) -> None:
    orders = "order_id,rep_id,product_id,ordered_on,net_amount\n1,R1,P1,2026-10-01,5\n2,R2,P2,2026-10-02,7\n"
    made = workspace(
        tmp_path / "w",
        orders=orders,
        reps="rep_id,team\nR1,T1\nR2,T2\n",
        products="product_id,product_line\nP1,Pumps\nP2,Valves\n",
        targets=TARGETS + "2026,year,company,X,24\n",
    )
    booked = facts.bookings(open_book(made, as_of="2026-10"))
    assert booked.groupby("team")["net_amount"].sum().to_dict() == {"T1": 5, "T2": 7}
    assert booked.groupby("product_line")["net_amount"].sum().to_dict() == {"Pumps": 5, "Valves": 7}


@pytest.mark.parametrize("word", ["n/a", "-", "—", "/", "无", "keine", "ohne", "s/o"])
def test_a_word_for_missing_is_nobodys_name(word: str, tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", orders=ORDERS + f"3,{word},2026-10-16,1\n")
    assert kept(made, "orders", "account_id")[2] == (None,)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15 Apr, 2021 00:02:00", dt.date(2021, 4, 15)),
        ("Apr 15, 2021 12:02 AM", dt.date(2021, 4, 15)),
        ("15. Dezember 2024", dt.date(2024, 12, 15)),
        ("31 Dec 24", dt.date(2024, 12, 31)),
        ("2024年3月5日 星期二", dt.date(2024, 3, 5)),
        ("24年3月5日", dt.date(2024, 3, 5)),
    ],
)
def test_the_days_that_the_rules_name_are_read(text: str, day: dt.date, tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", orders=ORDERS + f'3,A,"{text}",1\n')
    assert kept(made, "orders", "ordered_on")[2] == (day,)


def test_an_id_with_decimals_is_that_of_the_other_tables(tmp_path: Path) -> None:
    orders = "order_id,account_id,ordered_on,net_amount\n12340.0,7.0,2026-10-01,5\n"
    made = workspace(tmp_path / "w", orders=orders, accounts="account_id,account_name\n7,Alpha\n")
    assert kept(made, "orders JOIN accounts USING (account_id)", "order_id") == [("12340",)]


@pytest.mark.parametrize("names", [("订单", "客户"), ("Aufträge", "Kunden"), ("Commandes", "Clients")])
def test_a_file_may_be_named_after_its_table_in_other_languages(
    names: tuple[str, str], tmp_path: Path
) -> None:
    made = workspace(tmp_path / "w", **{names[0]: ORDERS, names[1]: "account_id\nA\nB\n"})
    assert checked(made)[1].counts == {"accounts": (2, 2), "orders": (2, 2)}


def test_a_target_of_a_member_that_nobody_knows_is_told(tmp_path: Path) -> None:
    made = workspace(
        tmp_path / "w",
        orders=ORDERS,
        reps="rep_id,rep_name\nR1,Li Wei\n",
        targets=TARGETS + "2026,year,rep,Zed,5\n",
    )
    assert "targets: no person in the data is called Zed; there are R1 and Li Wei" in map(
        str, checked(made)[1].suspicions
    )


@pytest.mark.parametrize("amounts", [[1e308, float("nan"), 5.0], ["9" * 400, "-inf", "5"]])
def test_numbers_that_no_amount_can_be_stay_outside_in_parquet_too(
    amounts: list[object], tmp_path: Path
) -> None:
    days = [dt.date(2026, 10, 1)] * 3
    stream = io.BytesIO()
    pq.write_table(pa.table({"order_id": ["1", "2", "3"], "ordered_on": days, "net_amount": amounts}), stream)
    made = workspace(tmp_path / "w", plan="intake: {max_rejected: 1}\n", orders_parquet=stream.getvalue())
    assert [row for row, _ in rejected(made, "orders")] == [1, 2]
    assert kept(made, "orders", "net_amount") == [(5.0,)]


@pytest.mark.parametrize("number", ["1e308", "NaN", "Infinity", "9" * 400])
def test_a_previous_pack_with_a_number_that_no_amount_can_be_is_not_read(number: str, tmp_path: Path) -> None:
    call = '{"id": "a", "kind": "account", "amount": %s}'
    for text, readable in ((number, False), ("5", True)):
        content = '{"as_of": "2026-09-30", "calls": [' + call % text + "]}"
        (tmp_path / "calls.json").write_text(content, encoding="utf-8")
        assert (packs.read_calls(tmp_path) is not None) == readable
