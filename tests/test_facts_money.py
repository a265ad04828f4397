"""Invoices and prices below the floor, aggregated in the engine, against what one reckons by hand."""

import pandas as pd
import pytest

from salesnb.analysis import receivables
from salesnb.intake import facts
from salesnb.intake.workspace import open_book

FILES = {
    "plan.yml": "company: Test\nprice_floors: {Pumps: 0.2}\ncredit: {prepay_above: 500}\n",
    "accounts.csv": "account_id,account_name,region,payment_terms_days,credit_limit\nA,Alpha,East,45,100\nB,Beta,West,30,\n",
    "products.csv": "product_id,product_line,unit_cost\nP1,Pumps,9\nP2,Drives,9\n",
    "orders.csv": (
        "order_id,account_id,product_id,ordered_on,quantity,net_amount,cost_amount\n"
        "O1,A,P1,2026-03-01,1,10,\n"  # margin 0.1 by the product's cost: below
        "O2,B,P1,2026-03-05,1,100,80\n"  # exactly at the floor
        "O3,B,P1,2026-03-06,1,-50,-49\n"  # a return
        "O4,A,P2,2026-03-06,1,600,599\n"  # no floor
        "O5,A,P1,2024-03-06,1,10,9.9\n"  # too long ago
    ),
    "invoices.csv": (
        "invoice_id,account_id,order_id,issued_on,due_on,paid_on,amount,paid_amount\n"
        "I1,A,O1,2026-01-01,2026-01-31,2026-02-10,100,\n"  # late, whole
        "I2,A,O2,2026-02-01,2026-03-03,,200,50\n"  # partly paid, no date
        "I3,A,O4,2026-03-10,2026-04-09,2026-04-05,300,300\n"  # paid after as_of
        "I4,B,,2026-03-20,2026-03-31,2026-03-25,40,40\n"  # punctual
        "I5,B,,2026-04-02,2026-05-02,,999,\n"  # not issued yet
    ),
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "workspace"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return open_book(folder, as_of="2026-03-31")


def test_open_invoices_by_hand(book):
    rows = facts.open_invoices(book).set_index("invoice_id")
    assert rows["unpaid"].to_dict() == {"I2": 150.0, "I3": 300.0}
    assert rows["days_overdue"].to_dict() == {"I2": 28, "I3": -9}
    assert rows.loc["I2", "account_name"] == "Alpha"


def test_payments_by_hand(book):
    rows = facts.payments(book).set_index("account_id")
    assert rows.loc[
        "A", ["due_ttm", "late_ttm", "mean_days_late", "invoiced_90d", "invoiced_ttm"]
    ].tolist() == [2, 2, 19.0, 600.0, 600.0]
    assert rows.loc["B", ["due_ttm", "late_ttm"]].tolist() == [0, 0]


def test_days_of_payment_by_hand(book):
    rows = (
        facts.payment_days(book)[["terms_days", "days", "settled", "invoices", "amount"]].to_numpy().tolist()
    )
    assert rows == [
        [30, -9, False, 1, 300.0],
        [11, -6, True, 1, 40.0],
        [30, 10, True, 1, 100.0],
        [30, 28, False, 1, 150.0],
    ]


def test_what_came_in_the_weeks_after_a_day_by_hand(book):
    """On 5 February I1 (100, paid on the 10th) and I2 (200, of it 50 paid on a day that nobody knows) were open."""
    came = facts.cash_came(book, day=pd.Timestamp("2026-02-05"), weeks=2)
    assert came.to_numpy().tolist() == [[1, 100.0], [2, 0.0]]
    # of the weeks after 25 March none has passed by the day of the report; nothing was open on New Year's Eve
    assert facts.cash_came(book, day=pd.Timestamp("2026-03-25"), weeks=2).empty
    assert facts.cash_came(book, day=pd.Timestamp("2025-12-31"), weeks=2)["came"].tolist() == [0, 0]
    then = book.at(pd.Timestamp("2026-02-05"))
    assert then.open_invoices["unpaid"].sum() == 250
    assert book.at(pd.Timestamp("2030-01-01")).as_of == book.as_of


def test_months_end_with_the_day_of_the_report(book):
    months = facts.receivable_months(book)
    assert len(months) == 13
    assert months.iloc[-1].tolist() == [pd.Timestamp("2026-03-31"), 450.0, 450.0, 150.0, 640.0, 340.0]
    assert months.iloc[-3].tolist() == [pd.Timestamp("2026-01-31"), 100.0, 100.0, 0.0, 100.0, 100.0]


def test_lines_below_the_floor(book):
    cells = facts.floor_sales(book)
    assert (cells["lines"].sum(), cells["below_lines"].sum(), cells["below_amount"].sum()) == (2, 1, 10.0)
    assert cells["shortfall"].sum() == pytest.approx(9 / 0.8 - 10)
    lines = facts.floor_breaches(book)
    assert lines["order_id"].tolist() == ["O1"]
    assert lines.loc[0, "margin"] == pytest.approx(0.1)


def test_large_orders_know_what_is_unpaid_and_on_which_terms(book):
    orders = facts.large_orders(book).set_index("order_id")
    assert orders.loc["O4", ["amount", "unpaid", "terms_days"]].tolist() == [600.0, 600.0, 30.0]
    assert orders.loc["O4", "open_before"] == 150.0


def test_without_invoices_everything_is_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "plan.yml").write_text("company: Test\n")
    (tmp_path / "orders.csv").write_text(FILES["orders.csv"])
    book = open_book(tmp_path, as_of="2026-03")
    frames = [
        facts.open_invoices(book),
        facts.payments(book),
        facts.receivable_months(book),
        facts.floor_sales(book),
        facts.large_orders(book),
    ]
    assert all(frame.empty for frame in frames)
    assert all(str(frame["account_id"].dtype) == "str" for frame in frames[:2])


def test_old_debts_are_looked_at_again(book):
    """I1 was due on 31 January and paid on 10 February, I2 is unpaid since 3 March: nothing is 60 days overdue, and then I2 is."""
    assert facts.overdue_rolls(book)[["old", "still"]].sum().tolist() == [0, 0]
    later = open_book(book.workspace, as_of="2026-04-30")
    assert facts.overdue_rolls(later)["month_end"].max() == pd.Timestamp("2025-12-31")
    assert receivables.roll_rate(facts.overdue_rolls(later)) is None
    rolls = pd.DataFrame({"old": [100.0, 300.0], "still": [20.0, 60.0]})
    assert receivables.roll_rate(rolls) == 0.2
