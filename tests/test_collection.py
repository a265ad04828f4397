"""When what is owed comes and what of it never: a published provision matrix, cases by hand, and coverage on a real ledger."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import collection, credit, receivables
from salesnb.calendars.periods import month_ends_before
from salesnb.display.receivables import prose
from salesnb.intake.workspace import open_book
from salesnb.plan import Credit

SHARED = Path(__file__).resolve().parents[2] / "shared" / "workspaces"


def _times(*rows: tuple[int, int, bool, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["terms_days", "days", "settled", "invoices", "amount"])


def _open(days: list[int], unpaid: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"account_id": "A", "amount": unpaid, "unpaid": unpaid, "days_overdue": days})


def test_the_provision_matrix_of_a_published_example():
    """IFRScommunity.com, IFRS 9 impairment, "lifetime ECL for trade receivables using a provision matrix": of sales of 100,000 half is
    paid on time, 27,000, 15,000 and 6,000 one, two and three months late, 2,000 never."""
    times = _times(
        (30, 0, True, 500, 50_000),
        (30, 15, True, 270, 27_000),
        (30, 45, True, 150, 15_000),
        (30, 75, True, 60, 6_000),
        (30, 200, False, 20, 2_000),
    )
    rates = collection.loss_rates(times, bands=receivables.BUCKETS, lost_after=90)
    assert rates["rate"].round(3).tolist() == [0.02, 0.04, 0.087, 0.25, 1.0]
    owed = _open([0, 10, 40, 70, 91], [300_000, 140_000, 60_000, 23_000, 5_000])
    bands = collection.expected_loss(rates, owed)
    assert bands["loss"].round(0).tolist() == [6_000, 5_600, 5_217, 5_750, 5_000]
    assert round(bands["loss"].sum()) == 27_567
    assert bands["loss"].between(bands["loss_low"], bands["loss_high"]).all()


def test_where_nothing_was_ever_lost_the_least_is_nothing_and_the_most_is_not():
    times = _times((30, 0, True, 500, 50_000), (30, 20, True, 100, 10_000))
    bands = collection.expected_loss(
        collection.loss_rates(times, bands=receivables.BUCKETS), _open([-3, 10], [70.0, 50.0])
    )
    assert bands[["loss", "loss_low"]].sum().tolist() == [0, 0]
    assert bands["loss_high"].sum() > 0.5


def test_open_invoices_tell_of_the_days_that_they_have_waited_and_no_more():
    # 40 are due for 10 days, half of them paid at once; 20 of an older batch came to 50 days, half of these paid on day 20
    times = _times(
        (30, 0, True, 40, 400), (30, 10, False, 20, 200), (30, 20, True, 10, 100), (30, 50, False, 10, 100)
    )
    # after day 0: 40 of 80 unpaid; day 20: 20 were watched so far, 10 paid
    assert collection.unpaid_after(times, [0, 19, 20, 50], by="amount").tolist() == pytest.approx(
        [0.5, 0.5, 0.25, 0.25]
    )
    assert np.isnan(collection.unpaid_after(times, [51], by="amount")).all()
    rates = collection.loss_rates(times, bands=receivables.BUCKETS)
    assert rates["rate"].iloc[:-1].isna().all()  # nobody was watched for a year
    bands = collection.expected_loss(rates, _open([-5, 400], [10.0, 7.0]))
    assert np.isnan(bands["loss"].iloc[0])
    assert bands["loss"].iloc[[1, -1]].tolist() == [0, 7]


def test_time_to_pay_counts_who_still_waits():
    times = _times((30, 0, True, 10, 10), (30, 30, False, 10, 10), (30, 60, True, 5, 5))
    wait = collection.time_to_pay(times)
    # by hand: 15 of 25 left after day 30, all 5 that were watched to day 90 paid then
    assert (wait.median, wait.nine_in_ten, wait.paid_alone, wait.waiting) == (90, 90, 30, 10)
    assert collection.time_to_pay(times.iloc[:0]).median is None


def test_cash_by_week_by_hand():
    times = _times((30, -3, True, 10, 10), (30, 5, True, 20, 20), (30, 12, True, 10, 10))
    day = pd.Timestamp("2026-10-31")
    weeks = collection.cash_weeks(_open([0, 6], [300.0, 100.0]), times, as_of=day, weeks=2)
    # unpaid on its due date: two of three on day 5, one on day 12; six days late: day 12 for sure, within a week
    assert weeks["expected"].tolist() == pytest.approx([300 * 2 / 3 + 100, 300 / 3])
    assert weeks["so_far_low"].iloc[-1] == weeks["so_far_high"].iloc[-1] == 400
    assert weeks["begins"].iloc[0] == pd.Timestamp("2026-11-01")
    assert weeks["ends"].iloc[1] == pd.Timestamp("2026-11-14")
    assert collection.cash_weeks(_open([], []), times, as_of=day).empty
    assert collection.cash_weeks(_open([0], [1.0]), times.iloc[:1], as_of=day).empty


def test_how_many_weeks_the_interval_held_by_hand():
    times = _times((30, 5, True, 40, 40))  # everybody pays on the fifth day
    came = pd.DataFrame({"week": [1, 2, 3], "came": [400.0, 0.0, 0.0]})
    right, late = (
        (_open([0], [400.0]), times, came),
        (_open([0], [400.0]), times, came.assign(came=[0.0, 400.0, 0.0])),
    )
    nobody = (_open([], []), times, came)
    assert collection.held([right]) == (3, 3)
    assert collection.held([right, late, nobody]) == (4, 6)
    assert collection.held([]) == (0, 0)
    ends = month_ends_before(
        pd.Timestamp("2026-10-31"), 3, days=42
    )  # of August on: six weeks after it have passed
    assert [f"{end:%m-%d}" for end in ends] == ["06-30", "07-31", "08-31"]
    assert month_ends_before(pd.Timestamp("2026-10-12"), 1, days=42) == [pd.Timestamp("2026-08-31")]
    wait = collection.time_to_pay(times)
    assert "4 of 6 weeks" in str(prose.collection_caveat(wait, (4, 6)))
    assert "weeks" not in str(prose.collection_caveat(wait))


def test_where_nothing_was_ever_lost_no_bare_nought_is_told():
    times = _times((30, 0, True, 500, 50_000), (30, 20, True, 100, 10_000))
    bands = collection.expected_loss(
        collection.loss_rates(times, bands=receivables.BUCKETS), _open([-3], [70.0])
    )
    weeks = collection.cash_weeks(_open([-3], [70.0]), times, as_of=pd.Timestamp("2026-10-31"))
    told = str(prose.collection(weeks, bands))
    assert "never paid" not in told
    assert "all of it is paid in the end, or all but" in told


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared workspaces are not beside this checkout")
def test_four_weeks_of_five_end_in_their_interval_on_a_real_ledger():
    paid = open_book(SHARED / "receivables", as_of="2013-12-31").table("invoices").to_pandas()
    paid["paid_on"] = pd.to_datetime(paid["paid_on"])
    held = []
    for day in ("2012-10-31", "2012-12-31", "2013-03-31", "2013-06-30"):
        book = open_book(SHARED / "receivables", as_of=day)
        weeks = collection.cash_weeks(book.open_invoices, book.payment_days, as_of=book.as_of)
        then = paid[paid["invoice_id"].isin(book.open_invoices["invoice_id"])]
        for week in weeks.itertuples():
            came = then.loc[then["paid_on"].between(week.begins, week.ends), "amount"].sum()
            held.append(week.low <= came <= week.high)
        came = [
            then.loc[then["paid_on"].between(week.begins, week.ends), "amount"].sum()
            for week in weeks.itertuples()
        ]
        last = open_book(SHARED / "receivables", as_of="2013-11-30")
        assert last.cash_came(book.as_of, collection.WEEKS)["came"].tolist() == pytest.approx(came)
    assert len(held) == 4 * collection.WEEKS
    assert 0.65 <= np.mean(held) <= 0.95  # 80% of 24, give or take two standard errors


def test_prepayment_is_priced_by_interest_and_loss():
    orders = pd.DataFrame(
        {
            "order_id": ["O"], "account_id": ["A"], "account_name": ["Alpha"], "rep_id": ["R"], "rep_name": ["Rep"],
            "ordered_on": pd.to_datetime(["2026-10-01"]), "amount": [1_000.0], "unpaid": [800.0], "open_before": [100.0],
            "credit_limit": [600.0], "terms_days": [63.0],
        }
    )  # fmt: skip
    payments = pd.DataFrame({"account_id": ["A"], "late_ttm": [5], "due_ttm": [10], "mean_days_late": [10.0]})
    rules = Credit(cost_of_capital=0.10, prepay_above=500)
    found = credit.large_orders(orders, payments, credit=rules, loss_rate=0.01).iloc[0]
    assert found["loss"] == pytest.approx(8.0)
    assert found["discount"] == pytest.approx(73 / 365 * 0.10 + 0.01)
    assert found["beyond_limit"] == pytest.approx(300.0)
    assert np.isnan(credit.large_orders(orders, payments, credit=rules)["loss"].iloc[0])
