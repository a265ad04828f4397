"""Are amounts in other currencies converted by the rate of their day, each cent of them, and never added up without one?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesnb.errors import InputError
from salesnb.intake import book
from tests.intake_folders import checked, kept, rejected, workspace

PLAN = "currency: EUR\nintake: {max_rejected: 1}\n"
RATES = "currency,valid_from,rate\nUSD,2026-01-01,0.90\nusd ,2026-07-01,0.80\nJPY,2026-01-01,0.006\n"
ORDERS = "order_id,ordered_on,currency,net_amount,list_amount\n"


def amounts(folder, table="orders", columns="order_id, net_amount"):
    return [
        tuple(round(cell, 2) if isinstance(cell, float) else cell for cell in row)
        for row in kept(folder, table, columns)
    ]


def told(folder):
    return [str(message) for message in checked(folder)[1].suspicions]


def test_a_rate_counts_from_its_day_on(tmp_path):
    rows = "1,2026-06-30,USD,100.10,110\n2,2026-07-01,usd,100.10,110\n3,2026-07-01,EUR,100,\n4,2026-08-01,JPY,10001,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=RATES)
    assert amounts(folder, columns="order_id, net_amount, list_amount") == [
        ("1", 90.09, 99.0),
        ("2", 80.08, 88.0),
        ("3", 100.0, None),
        ("4", 60.01, None),
    ]
    assert sum(amount for _, amount in amounts(folder)) == pytest.approx(330.18, abs=0.005)
    assert told(folder) == [
        "orders.csv: amounts in other currencies (10,001 JPY and 200 USD) count in EUR, by the table rates"
    ]


def test_a_day_before_the_first_rate_has_none(tmp_path):
    rows = "1,2025-12-31,USD,50,\n2,2026-01-01,USD,50,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=RATES)
    assert amounts(folder) == [("2", 45.0)]
    assert rejected(folder, "orders") == [(2, "the table rates has no rate of USD for the day")]
    found = checked(folder)[1]
    assert (found.left_out["orders"], found.by_reason["orders"]) == ((0, 0), {"unrated:USD": 50.0})
    assert str(book.left_out(found)["orders"]) == "orders 0.00, without a rate 50 USD"


def test_a_row_that_names_no_currency_is_told(tmp_path):
    rows = "1,2026-07-01,USD,100,\n2,2026-07-01,,7,\n3,2026-07-01,n/a,8.5,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=RATES)
    assert amounts(folder) == [("1", 80.0), ("2", 7.0), ("3", 8.5)]
    assert "orders.csv: 2 rows name no currency and count as EUR (16)" in told(folder)


def test_a_currency_without_any_rate_stops(tmp_path):
    rows = "1,2026-07-01,USD,100,\n2,2026-07-01,GBP,7,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=RATES)
    with pytest.raises(InputError, match=r"several currencies \(7 GBP and 100 USD\) and cannot be added up"):
        checked(folder)


def test_a_column_says_which_dollar_a_sign_means(tmp_path):
    rates = RATES + "CAD,2026-01-01,0.5\n"
    rows = "1,2026-07-01,CAD,$100,\n2,2026-07-01,,$100,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=rates)
    with pytest.raises(
        InputError, match=r"\(100 \$ and 100 CAD\)"
    ):  # of two dollars with rates none is likelier
        checked(folder)
    folder = workspace(tmp_path / "v", plan=PLAN, orders=ORDERS + rows.replace(",,$", ",USD,$"), rates=rates)
    assert amounts(folder) == [("1", 50.0), ("2", 80.0)]


def test_every_table_of_money_is_converted_by_its_day(tmp_path):
    folder = workspace(
        tmp_path / "w",
        plan=PLAN,
        rates=RATES,
        targets="period_start,grain,dimension,member,amount,currency\n2026-01-01,year,company,X,1000,USD\n",
        opportunities="opportunity_id,account_id,created_on,closed_on,outcome,amount\n1,A,2026-01-05,,open,US$ 100\n",
        invoices="invoice_id,account_id,issued_on,amount,paid_amount,paid_on,currency\n1,A,2026-06-30,100,40,2026-08-01,USD\n",
        products="product_id,list_price,unit_cost,currency\nP,100,50,USD\n",
    )
    assert amounts(folder, "targets", "amount") == [(900.0,)]
    assert amounts(folder, "opportunities", "amount") == [(90.0,)]
    assert amounts(folder, "invoices", "amount, paid_amount") == [(90.0, 36.0)]  # both by the day of issue
    assert amounts(folder, "products", "list_price, unit_cost") == [(80.0, 40.0)]  # no day: the last rate


def test_a_total_is_held_against_the_file_s_own_amounts(tmp_path):
    rows = "1,2026-06-30,USD,100,\n2,2026-07-01,USD,100,\nTotal,,USD,200,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=RATES)
    assert amounts(folder) == [("1", 90.0), ("2", 80.0)]
    assert any("it says 200.00, read 200.00 ✓" in message for message in told(folder))


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        (
            "USD,2026-07-01,0.85\n",
            "USD has two rates from 1 Jul 2026, 0.8 and 0.85; keep the one that counts",
        ),
        ("EUR,2026-01-01,1.1\n", r"one EUR is 1\.1 from 1 Jan 2026, but EUR is the plan's currency"),
    ],
)
def test_rates_that_contradict_are_a_question(tmp_path, more, refusal):
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS, rates=RATES + more)
    with pytest.raises(InputError, match=refusal):
        checked(folder)


def test_the_same_rate_twice_is_one(tmp_path):
    rows, more = "1,2026-07-05,USD,100,\n", "JPY,2026-01-01,0.006\nUSD,2026-07-01,0.80\nEUR,2026-01-01,1\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=RATES + more)
    assert amounts(folder) == [("1", 80.0)]
    assert rejected(folder, "rates") == [(row, "the row repeats an earlier one") for row in (5, 6)]
    assert kept(folder, "rates", "max(valid_from)") == [(dt.date(2026, 7, 1),)]


def test_rates_and_rows_name_currencies_by_code_sign_or_name(tmp_path):
    rates = "currency,valid_from,rate\n美元,2026-01-01,0.9\nSwiss Franc,2026-01-01,1.1\n"
    rows = "1,2026-07-01,US Dollar,100,\n2,2026-07-01,usd,100,\n3,2026-07-01,sFr.,10,\n4,2026-07-01,Euro,1,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=rates)
    assert amounts(folder) == [("1", 90.0), ("2", 90.0), ("3", 11.0), ("4", 1.0)]


def test_a_row_that_cannot_be_used_is_none_of_what_counts_by_the_rates(tmp_path):
    rows = "1,2026-07-01,USD,100,\n2,soon,USD,7,\n"
    folder = workspace(tmp_path / "w", plan=PLAN, orders=ORDERS + rows, rates=RATES)
    assert told(folder)[0].startswith("orders.csv: amounts in other currencies (100 USD) count in EUR")
    assert checked(folder)[1].left_out["orders"] == (pytest.approx(7 * 0.80), 0)  # by the last rate


def test_a_row_in_two_currencies_stops(tmp_path: Path) -> None:
    rows = "order_id,ordered_on,net_amount,cost_amount\n1,2026-03-01,€100,€50\n2,2026-03-02,€100,$50\n"
    made = workspace(tmp_path / "w", plan="currency: EUR\n", orders=rows)
    with pytest.raises(InputError, match=r"two currencies stand in 1 row, such as EUR and \$ in row 3"):
        checked(made)


def test_a_sign_of_several_countries_is_answered_with_the_likeliest_code(tmp_path: Path) -> None:
    rows = "order_id,ordered_on,net_amount\n1,2026-03-01,£100\n"
    made = workspace(tmp_path / "w", plan="currency: EUR\n", orders=rows)
    with pytest.raises(InputError, match="write currency: GBP in plan"):
        checked(made)
