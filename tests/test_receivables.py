"""Receivables by hand: what is open, overdue and late; and credit, which asks for prepayment."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from salesnb.analysis import credit, receivables
from salesnb.plan import Credit


@pytest.fixture
def payments() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": ["A", "B", "C"],
            "account_name": ["Alpha", "Beta", "Gamma"],
            "due_ttm": [10, 10, 0],
            "late_ttm": [9, 1, 0],
            "mean_days_late": [30.0, 1.0, np.nan],
            "invoiced_90d": [100.0, 100.0, 0.0],
            "invoiced_ttm": [365.0, 100.0, 0.0],
        }
    )


@pytest.fixture
def invoices() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": ["A", "A", "B", "C"],
            "account_name": ["Alpha", "Alpha", "Beta", "Gamma"],
            "amount": [50.0, 60.0, 15.0, 5.0],
            "unpaid": [50.0, 30.0, 15.0, 5.0],
            "days_overdue": [91, 0, 30, -3],
        }
    )


def test_headlines_by_hand(payments):
    months = pd.DataFrame(
        {
            "month_end": pd.to_datetime(["2026-09-30", "2026-10-31"]),
            "open": [80.0, 100.0],
            "billed": [80.0, 100.0],
            "overdue": [20.0, 25.0],
            "invoiced_90d": [0.0, 200.0],
            "invoiced_month": [0.0, 200.0],
        }
    )
    figures = receivables.headlines(months, payments)
    values = {key: figure.value for key, figure in figures.items()}
    assert values == {
        "receivables.open": 100.0,
        "receivables.overdue": 25.0,
        "receivables.overdue_share": 0.25,
        "receivables.dso": 45.0,
        "receivables.late_rate": 0.5,
    }
    assert np.isnan(receivables.history(months)["dso"].iloc[0])


def test_days_are_counted_back_over_the_months_invoices_the_latest_first():
    months = pd.DataFrame(
        {
            "month_end": pd.to_datetime(["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-10"]),
            "open": [0.0, 120.0, 160.0, 900.0],
            "invoiced_month": [100.0, 60.0, 100.0, 20.0],
        }
    )
    found = receivables.count_back(months)
    assert found[0] == 0  # nothing is open
    assert found[1] == pytest.approx(30 + 31 * 60 / 100)  # all of September, six tenths of August
    assert found[2] == pytest.approx(31 + 30)  # just October and September
    assert np.isnan(found[3])  # more than all that was invoiced since August


def test_without_invoices_every_figure_has_a_reason():
    figures = receivables.headlines(
        pd.DataFrame(columns=["open", "billed", "overdue", "invoiced_90d"]),
        pd.DataFrame(columns=["due_ttm", "late_ttm"]),
    )
    assert all(figure.value is None and figure.reason is not None for figure in figures.values())


def test_nothing_invoiced_lately_gives_no_dso(payments):
    months = pd.DataFrame({"open": [0.0], "billed": [0.0], "overdue": [0.0], "invoiced_90d": [0.0]})
    figures = receivables.headlines(months, payments.iloc[2:])
    assert figures["receivables.open"].value == 0.0
    assert [figures[f"receivables.{key}"].value for key in ("dso", "overdue_share", "late_rate")] == [
        None,
        None,
        None,
    ]


def test_ageing_puts_the_due_day_itself_before_overdue(invoices):
    bands = receivables.ageing(invoices)
    assert bands["amount"].tolist() == [35.0, 15.0, 0.0, 0.0, 50.0]
    assert bands["share"].sum() == pytest.approx(1)
    assert receivables.ageing(invoices.iloc[:0]).empty


def test_debtors_cost_of_waiting(invoices, payments):
    owed = receivables.debtors(invoices, payments, cost_of_capital=0.1).set_index("account_id")
    assert owed.index.tolist() == ["A", "B", "C"]
    assert owed.loc["A", ["open", "overdue", "oldest_days"]].tolist() == [80.0, 50.0, 91]
    assert owed.loc["A", "yearly_cost"] == pytest.approx(365 * 30 / 365 * 0.1)
    assert owed["share"].sum() == pytest.approx(1)


def test_slow_payers_are_judged_against_the_others(payments):
    found = receivables.slow_payers(payments).set_index("account_id")
    assert found.loc["A", "slow"]
    assert not found.loc["B", "slow"]
    assert found.loc["A", "peers"] == pytest.approx(0.1)
    assert 0.5 < found.loc["A", "expected_rate"] < 0.9
    assert "C" not in found.index
    assert not receivables.slow_payers(payments.iloc[:1])["slow"].any()


def test_equal_customers_raise_no_more_alarms_than_stated():
    alarms = 0
    for seed in range(40):
        late = np.random.default_rng(seed).binomial(12, 0.3, size=60)
        frame = pd.DataFrame(
            {
                "account_id": [f"A{n}" for n in range(60)],
                "account_name": "x",
                "due_ttm": 12,
                "late_ttm": late,
                "mean_days_late": 1.0,
                "invoiced_ttm": 1.0,
            }
        )
        alarms += bool(receivables.slow_payers(frame)["slow"].any())
    assert alarms <= 5  # 5% of companies: 2 expected


def test_spread_between_customers_is_found_and_noise_is_not():
    first, second = receivables.beta_spread(np.array([0.0, 50.0, 100.0]), np.array([100.0, 100.0, 100.0]))
    assert first == pytest.approx(second)
    assert first < 1
    assert receivables.beta_spread(np.array([5.0, 5.0]), np.array([10.0, 10.0])) == (
        float("inf"),
        float("inf"),
    )


def order(**values) -> dict:
    base = {
        "order_id": "O1", "account_id": "A", "account_name": "Alpha", "rep_id": "R", "rep_name": "Rep", "ordered_on": pd.Timestamp("2026-10-20"),
        "amount": 9.6e6, "unpaid": 9.6e6, "open_before": 0.0, "credit_limit": np.nan, "terms_days": 120.0,
    }  # fmt: skip
    return base | values


def test_prepayment_is_asked_for_large_orders_with_long_terms(payments):
    orders = pd.DataFrame(
        [
            order(),
            order(order_id="O2", terms_days=30.0, account_id="B"),
            order(order_id="O3", amount=1e6, unpaid=1e6),
        ]
    )
    found = credit.large_orders(
        orders, payments, credit=Credit(prepay_above=5e6, cost_of_capital=0.06)
    ).set_index("order_id")
    assert found["prepay"].to_dict() == {"O1": True, "O2": False}
    assert found.loc["O1", "days_out"] == 150
    assert found.loc["O1", "cost"] == pytest.approx(9.6e6 * 150 / 365 * 0.06)


def test_the_credit_limit_counts_what_is_owed_already(payments):
    orders = pd.DataFrame([order(amount=60.0, unpaid=60.0, open_before=50.0, credit_limit=100.0)])
    found = credit.large_orders(orders, payments, credit=Credit())
    assert found["over_limit"].tolist() == [True]
    assert not found["prepay"].any()
    assert credit.large_orders(orders.iloc[:0], payments, credit=Credit()).empty


def test_what_lies_on_a_line_is_not_beyond_it(payments):
    """An order of just the amount, terms of just the days, a customer just at the limit or just as late as the house: none is prepaid."""
    plan = Credit(prepay_above=100.0, long_terms_days=90)
    usual = payments.assign(late_ttm=1.0, due_ttm=4.0)
    at_line = order(amount=100.0, unpaid=100.0)
    assert credit.large_orders(pd.DataFrame([at_line]), usual, credit=plan).empty
    above = order(amount=101.0, unpaid=101.0, terms_days=90.0, open_before=9.0, credit_limit=110.0)
    (found,) = credit.large_orders(pd.DataFrame([above]), usual, credit=plan).to_dict("records")
    assert [found[name] for name in ("over_limit", "long_terms", "pays_late", "prepay")] == [False] * 4
    paid = above | {"unpaid": 0.004, "terms_days": 91.0}  # what is left is less than a cent
    (found,) = credit.large_orders(pd.DataFrame([paid]), usual, credit=plan).to_dict("records")
    assert (found["long_terms"], found["prepay"]) == (True, False)


def test_a_late_payer_is_one_who_is_later_than_the_house(payments):
    """The house's rate is that of the payments at hand, or, for a part of the company, the one given."""
    plan = Credit(prepay_above=100.0)
    record = payments.assign(
        due_ttm=4.0, late_ttm=[2.0 if name == "A" else 0.0 for name in payments["account_id"]]
    )
    orders = pd.DataFrame([order(amount=101.0, unpaid=101.0, terms_days=30.0)])
    assert credit.large_orders(orders, record, credit=plan)["prepay"].tolist() == [True]
    assert credit.large_orders(orders, record, credit=plan, house_late_rate=0.6)["prepay"].tolist() == [False]


def test_what_is_not_known_of_an_order_counts_as_none(payments):
    """Terms, what was owed before and how late the customer pays are missing: no days, nothing owed, and punctual."""
    unknown = order(
        account_id="C", amount=100.0, unpaid=100.0, terms_days=np.nan, open_before=np.nan, credit_limit=99.0
    )
    (found,) = credit.large_orders(pd.DataFrame([unknown]), payments, credit=Credit()).to_dict("records")
    assert (found["days_out"], found["cost"], found["over_limit"], found["pays_late"]) == (0, 0, True, False)


def test_an_order_of_which_nothing_is_known_is_priced_by_interest_alone(payments):
    """Neither what is unpaid nor what was owed, no record, no loss rate: nothing is added for what nobody knows."""
    plan = Credit(prepay_above=100.0, cost_of_capital=0.1)
    blank = order(account_id="Z", amount=200.0, unpaid=np.nan, open_before=np.nan, terms_days=73.0)
    (found,) = credit.large_orders(pd.DataFrame([blank]), payments, credit=plan).to_dict("records")
    assert (found["unpaid"], found["prepay"], found["pays_late"]) == (0.0, False, False)
    assert found["discount"] == pytest.approx(73 / 365 * 0.1)
    limited = blank | {"unpaid": 200.0, "credit_limit": 200.0}
    (found,) = credit.large_orders(pd.DataFrame([limited]), payments, credit=plan).to_dict("records")
    assert (found["over_limit"], found["beyond_limit"]) == (False, 0.0)
    under = limited | {"open_before": 10.0, "credit_limit": 900.0}
    (found,) = credit.large_orders(pd.DataFrame([under]), payments, credit=plan).to_dict("records")
    assert found["beyond_limit"] == 0
    beyond = limited | {"open_before": 900.0}
    (found,) = credit.large_orders(pd.DataFrame([beyond]), payments, credit=plan).to_dict("records")
    assert found["beyond_limit"] == 200  # never more than the order
    never = Credit(prepay_above=100.0, long_terms_days=1)
    (found,) = credit.large_orders(
        pd.DataFrame([limited | {"terms_days": np.nan}]), payments, credit=never
    ).to_dict("records")
    assert not found["long_terms"]


def test_one_invoice_makes_a_record_and_a_cent_an_unpaid_order(payments):
    plan = Credit(prepay_above=100.0)
    one = payments.iloc[:1].assign(due_ttm=1.0, late_ttm=1.0)
    cent = order(amount=200.0, unpaid=0.5, terms_days=91.0)
    (found,) = credit.large_orders(pd.DataFrame([cent]), one, credit=plan).to_dict("records")
    assert (found["late_rate"], found["pays_late"]) == (1.0, False)  # it is the house
    assert found["prepay"]
    (found,) = credit.large_orders(pd.DataFrame([cent | {"unpaid": 0.0}]), one, credit=plan).to_dict(
        "records"
    )
    assert not found["prepay"]
    (small,) = credit.large_orders(
        pd.DataFrame([order(amount=9.0, unpaid=0.5, open_before=9.0, credit_limit=9.0)]), one, credit=plan
    ).to_dict("records")
    assert (small["over_limit"], small["over_prepay"]) == (True, False)
    paid = pd.DataFrame([order(amount=9.0, unpaid=0.0, open_before=10.0, credit_limit=9.0)])
    assert credit.large_orders(paid, one, credit=plan).empty


def test_prepaid_orders_stand_first_and_the_dearest_of_them(payments):
    plan = Credit(prepay_above=100.0)
    rows = [
        order(order_id="O4", amount=500.0, unpaid=500.0, terms_days=30.0, account_id="B"),
        order(order_id="O3", amount=900.0, unpaid=900.0, terms_days=30.0, account_id="B"),
        order(order_id="O2", amount=200.0, unpaid=200.0, terms_days=91.0, account_id="B"),
        order(order_id="O1", amount=200.0, unpaid=200.0, terms_days=91.0, account_id="B"),
        order(order_id="O5", amount=300.0, unpaid=300.0, terms_days=91.0, account_id="B"),
    ]
    found = credit.large_orders(pd.DataFrame(rows), payments, credit=plan)
    assert found["order_id"].tolist() == ["O5", "O1", "O2", "O3", "O4"]
    assert found.index.tolist() == [0, 1, 2, 3, 4]


def test_each_day_past_due_lies_in_one_band_and_a_credit_note_in_none():
    days = [-1, 0, 1, 30, 31, 60, 61, 90, 91, 400, 5, None]
    unpaid = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, -7.0, 3.0]
    bands = receivables.ageing(pd.DataFrame({"amount": unpaid, "unpaid": unpaid, "days_overdue": days}))
    assert bands["amount"].tolist() == [3, 12, 48, 192, 768]
    assert bands["invoices"].tolist() == [2] * 5
    assert bands["from_day"].fillna(-99).tolist() == [-99, 1, 31, 61, 91]
    assert bands["to_day"].fillna(-99).tolist() == [0, 30, 60, 90, -99]
    assert bands["share"].tolist() == pytest.approx(
        [part / 1026 for part in (3, 12, 48, 192, 768)]
    )  # of all, those without a due date too
    settled = pd.DataFrame({"amount": [5.0], "unpaid": [0.0], "days_overdue": [3]})
    assert receivables.ageing(settled)["share"].isna().all()


def test_a_credit_note_is_no_overdue_debt_and_an_unknown_record_no_punctual_one(invoices, payments):
    note = pd.DataFrame(
        {
            "account_id": ["B"],
            "account_name": ["Beta"],
            "amount": [-9.0],
            "unpaid": [-9.0],
            "days_overdue": [200],
        }
    )
    stranger = pd.DataFrame(
        {
            "account_id": ["D"],
            "account_name": ["Delta"],
            "amount": [70.0],
            "unpaid": [70.0],
            "days_overdue": [1],
        }
    )
    owed = receivables.debtors(pd.concat([invoices, note, stranger]), payments).set_index("account_id")
    assert owed.index.tolist() == ["D", "A", "B", "C"]  # by what is overdue, then by what is open
    assert owed.loc["B", ["open", "overdue", "oldest_days"]].tolist() == [6, 15, 30]
    assert owed.loc["D", ["overdue", "oldest_days"]].tolist() == [70, 1]
    assert owed.loc["C", "oldest_days"] == 0  # not due yet
    assert owed.loc["A", "late_rate"] == pytest.approx(0.9)
    assert owed.loc["A", "share"] == pytest.approx(80 / 161)
    assert owed.loc[["C", "D"], "late_rate"].isna().all()
    assert np.isnan(owed.loc["D", "yearly_cost"])
    assert owed.loc["A", "yearly_cost"] == 0  # money is said to cost nothing
    assert receivables.debtors(invoices.iloc[:0], payments).empty


def test_old_debts_roll_on_by_the_houses_record():
    rolls = pd.DataFrame({"old": [100.0, 0.0, 50.0], "still": [20.0, 0.0, 40.0]})
    assert receivables.roll_rate(rolls) == pytest.approx(0.4)
    assert receivables.roll_rate(rolls.iloc[1:2]) is None
    assert receivables.roll_rate(pd.DataFrame({"old": [0.5], "still": [0.5]})) == 1


def test_the_spread_of_customers_by_hand():
    # of 5 and 10 invoices 1 and 8 late: rate 0.6, spread 0.08, of it noise 0.016; at most 0.1067: correlation 0.70588, strength 0.41667
    assert receivables.beta_spread(np.array([1.0, 8.0]), np.array([5.0, 10.0])) == pytest.approx(
        (0.25, 1 / 6)
    )
    none = (float("inf"), float("inf"))
    assert receivables.beta_spread(np.array([3.0]), np.array([9.0])) == none  # one customer has no spread
    assert receivables.beta_spread(np.array([0.0, 0.0]), np.array([4.0, 9.0])) == none
    assert receivables.beta_spread(np.array([4.0, 9.0]), np.array([4.0, 9.0])) == none


def test_a_late_rate_is_held_against_the_others_by_as_many_trials_as_payment_runs(payments):
    told = payments.iloc[:2].assign(due_ttm=[10, 40], late_ttm=[6, 8])
    alone = receivables.slow_payers(told).set_index("account_id")
    assert alone.loc["A", ["late_rate", "peers"]].tolist() == pytest.approx([0.6, 0.2])
    assert alone.loc["A", "p_value"] == pytest.approx(binom.sf(5, 10, 0.2))
    together = receivables.slow_payers(told.assign(runs_ttm=[5.0, 40.0])).set_index("account_id")
    assert together.loc["A", "p_value"] == pytest.approx(binom.sf(2, 5, 0.2))
    most = receivables.slow_payers(told.assign(runs_ttm=[50.0, None])).set_index("account_id")
    assert most["p_value"].tolist() == pytest.approx(alone["p_value"].tolist())  # never more than invoices
    even = receivables.slow_payers(told.assign(late_ttm=[2, 8]))
    assert even["expected_rate"].tolist() == pytest.approx([0.2, 0.2])  # no spread: all as the house
    single = receivables.slow_payers(told.iloc[:1])
    assert single[["p_value", "slow"]].to_numpy().tolist() == [[1.0, False]]
    assert np.isnan(single["peers"].iloc[0])
    assert receivables.slow_payers(told.assign(due_ttm=0)).empty
    beta = receivables.slow_payers(payments).set_index("account_id")
    first, second = receivables.beta_spread(np.array([9.0, 1.0]), np.array([10.0, 10.0]))
    assert beta.loc["A", "expected_rate"] == pytest.approx((9 + first) / (10 + first + second))


def _steps(last: float, *, months: int = 20) -> pd.DataFrame:
    """Month ends whose overdue money wavers by ten, and then moves by `last`."""
    overdue = [100.0 + 5 * (-1) ** month for month in range(months - 1)]
    ends = pd.date_range(end="2026-10-31", periods=months, freq="ME")
    return pd.DataFrame({"month_end": ends, "open": 500.0, "overdue": [*overdue, overdue[-1] + last]})


def test_one_customer_that_is_half_of_the_step_explains_it():
    def owed(*unpaid: float, days: int = 20) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "account_id": list("ABCDEFGH")[: len(unpaid)],
                "amount": 100.0,
                "unpaid": unpaid,
                "days_overdue": days,
            }
        )

    assert receivables.moved(_steps(80.0)) == (True, "")
    assert receivables.moved(_steps(80.0), owed(40.0, 30.0)) == (False, "one_large")  # just half
    assert receivables.moved(_steps(80.0), owed(39.0, 38.0)) == (True, "")
    assert receivables.moved(_steps(80.0), owed(40.0, days=31)) == (False, "one_large")  # October has 31 days
    assert receivables.moved(_steps(80.0), owed(40.0, days=32)) == (True, "")  # it was overdue before
    assert receivables.moved(_steps(80.0), owed(40.0, days=1)) == (False, "one_large")
    assert receivables.moved(_steps(80.0), owed(40.0, days=0)) == (True, "")  # due today
    assert receivables.moved(_steps(80.0), owed(40.0).assign(amount=-1.0)) == (True, "")
    assert receivables.moved(_steps(-80.0), owed(40.0)) == (True, "")  # a fall is nobody's new invoice
    assert receivables.moved(_steps(2.0), owed(40.0)) == (False, "")
    before = _steps(80.0).assign(open=[0.0] * 19 + [500.0])  # months before anything was owed are no record
    assert receivables.moved(before)[0] is False


def test_what_the_findings_of_receivables_say():
    payers = pd.DataFrame(
        {"account_id": ["A", "B"], "late_rate": [0.9, 0.1], "p_value": [0.001, 0.9], "slow": [True, False]}
    )
    turned, slow = receivables.findings(_steps(80.0), payers, as_of=pd.Timestamp("2026-10-31"))
    assert (turned.id, turned.conclusion, turned.by, turned.value) == (
        "receivables.overdue",
        "found",
        None,
        80.0,
    )
    assert turned.period == "2026-10-01/2026-10-31"
    assert (slow.id, slow.conclusion, slow.member, slow.value, slow.period) == (
        "account.slow_payer", "found", "A", 0.9, "2025-11-01/2026-10-31",
    )  # fmt: skip
    large = pd.DataFrame({"account_id": ["A"], "amount": [60.0], "unpaid": [60.0], "days_overdue": [9]})
    turned, _ = receivables.findings(_steps(80.0), payers, large, as_of=pd.Timestamp("2026-10-31"))
    assert (turned.conclusion, turned.by, turned.rivals) == ("explained", "one_large", {"one_large": 1.0})
    turned, none = receivables.findings(
        _steps(80.0).iloc[-1:], payers.assign(slow=False), as_of=pd.Timestamp("2026-10-31")
    )
    assert (turned.conclusion, turned.value, turned.rivals, none.conclusion) == ("none", None, {}, "none")
