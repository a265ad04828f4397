"""Targets by month, and the headline numbers made of them."""

import pandas as pd
import pytest

from salesnb.analysis import targets
from salesnb.plan import Plan, YearTarget

AS_OF = pd.Timestamp("2026-10-31")
MONTHS = pd.date_range("2026-01-01", "2026-12-01", freq="MS")


def rows(*items) -> pd.DataFrame:
    frame = pd.DataFrame(items, columns=["period_start", "grain", "dimension", "member", "amount"])
    return frame.assign(
        period_start=pd.to_datetime(frame["period_start"]), amount=frame["amount"].astype(float)
    )


def orders(*items) -> pd.DataFrame:
    frame = pd.DataFrame(items, columns=["day", "region", "rep_id", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"]), net_amount=frame["net_amount"].astype(float))


def company(frame: pd.DataFrame, as_of=AS_OF, starts=1) -> pd.Series | None:
    spread = targets.spread_rows(frame, as_of=as_of, starts=starts)
    months = pd.date_range(pd.Timestamp(2026 if starts == 1 else 2025, starts, 1), periods=12, freq="MS")
    return targets.from_rows(spread, dimension="company", names=(), months=months)


def test_a_year_is_spread_equally_over_its_months():
    months = company(rows(("2026-01-01", "year", "company", "any name", 1200)))
    assert months.tolist() == [100] * 12


def test_a_finer_row_wins_and_the_open_months_share_what_the_coarser_leaves():
    year = ("2026-01-01", "year", "company", "X", 1200)
    quarter, march = (
        ("2026-01-01", "quarter", "company", "X", 600),
        ("2026-03-01", "month", "company", "X", 50),
    )
    months = company(rows(year, quarter, march))
    assert months.iloc[:3].tolist() == [275, 275, 50]
    assert months.iloc[3:].tolist() == [pytest.approx(600 / 9)] * 9
    assert months.sum() == pytest.approx(1200)
    more = company(rows(("2026-01-01", "year", "company", "X", 500), quarter))
    assert more.sum() == 600
    assert (more.iloc[3:] == 0).all()


def test_without_a_coarser_row_open_months_stay_open():
    months = company(rows(("2026-01-01", "quarter", "company", "X", 600)))
    assert months.iloc[3:].isna().all()
    figures = targets.headlines(orders(), months, as_of=pd.Timestamp("2026-03-31"))
    assert figures["target.ytd"].value == 600
    assert figures["target.year"].value is None


def test_a_fiscal_year_from_july_takes_its_own_months():
    frame = rows(("2025-07-01", "year", "company", "X", 1200), ("2026-07-01", "year", "company", "X", 2400))
    months = company(frame, as_of=pd.Timestamp("2026-02-28"), starts=7)
    assert months.sum() == 1200
    assert months.index[0] == pd.Timestamp("2025-07-01")


def test_members_are_found_by_id_or_name():
    spread = targets.spread_rows(rows(("2026-01-01", "year", "rep", "Li Wei", 12)), as_of=AS_OF)
    found = targets.from_rows(spread, dimension="rep", names=("R1", "Li Wei"), months=MONTHS)
    assert found.sum() == 12
    assert targets.from_rows(spread, dimension="rep", names=("R2",), months=MONTHS) is None


def test_no_rows_no_target():
    assert company(rows()) is None
    figures = targets.headlines(orders(("2026-10-05", "E", "R1", 50)), None, as_of=AS_OF)
    assert figures["bookings.month"].value == 50
    assert figures["target.year"].value is None
    assert figures["attainment.ytd"].reason is not None


def test_headlines_of_a_hand_worked_year():
    sales = orders(
        ("2024-12-31", "E", "R1", 1),
        ("2025-01-01", "E", "R1", 70),
        ("2025-11-02", "E", "R1", 500),
        ("2026-01-10", "E", "R1", 400),
        ("2026-10-30", "W", "R2", 120),
        ("2026-10-31", "W", "R2", -20),
    )
    figures = targets.headlines(sales, pd.Series(100.0, index=MONTHS), as_of=AS_OF)
    assert figures["bookings.month"].value == 100
    assert figures["bookings.ytd"].value == 500
    assert figures["bookings.prior_ytd"].value == 70
    assert figures["target.ytd"].value == 1000
    assert figures["attainment.month"].value == 1
    assert figures["attainment.ytd"].value == 0.5
    assert figures["required.per_working_day"].value == pytest.approx(700 / 44)  # 21 + 23 weekdays


def test_the_prior_span_is_unknown_where_the_data_begin_in_it():
    figures = targets.headlines(orders(("2025-02-02", "E", "R1", 70)), None, as_of=AS_OF)
    assert figures["bookings.prior_ytd"].value is None
    assert "2 Feb 2025" in str(figures["bookings.prior_ytd"].reason)


def test_a_first_order_after_the_new_year_is_no_missing_year():
    figures = targets.headlines(orders(("2025-01-02", "E", "R1", 70)), None, as_of=AS_OF)
    assert figures["bookings.prior_ytd"].value == 70


def test_a_whole_february_is_held_against_a_whole_one():
    sold = orders(("2024-02-29", "E", "R1", 7), ("2024-01-01", "E", "R1", 1), ("2025-02-28", "E", "R1", 5))
    figures = targets.headlines(sold, None, as_of=pd.Timestamp("2025-02-28"))
    assert figures["bookings.prior_ytd"].value == 8
    figures = targets.headlines(sold, None, as_of=pd.Timestamp("2025-02-27"))
    assert figures["bookings.prior_ytd"].value == 1


def test_a_running_month_is_due_by_its_working_days():
    day = pd.Timestamp("2026-10-16")  # 12 of 22 weekdays
    sold = orders(("2026-10-05", "E", "R1", 60), ("2026-01-05", "E", "R1", 900))
    figures = targets.headlines(sold, pd.Series(110.0, index=MONTHS), as_of=day)
    assert figures["target.month"].value == 110
    assert figures["target.ytd"].value == pytest.approx(990 + 60)
    assert figures["attainment.month"].value == pytest.approx(1)
    assert figures["attainment.ytd"].value == pytest.approx(960 / 1050)
    friday = targets.headlines(sold, pd.Series(110.0, index=MONTHS), as_of=pd.Timestamp("2026-10-30"))
    assert friday["target.ytd"].value == 1100  # Saturday the 31st brings no working day


@pytest.mark.parametrize(
    ("dimensions", "source"),
    [
        ({"region": 12, "rep": 12}, "region"),
        ({"region": 6, "rep": 12}, "rep"),
        ({"product_line": 12}, "product_line"),
    ],
)
def test_without_a_target_of_its_own_the_companys_is_the_first_whole_sum_of_its_parts(dimensions, source):
    frame = rows(
        *(
            (f"2026-{month:02}-01", "month", dimension, member, 10)
            for dimension, months in dimensions.items()
            for month in range(1, months + 1)
            for member in ("A", "B")
        )
    )
    bare, even = Plan(company="X"), pd.Series(1.0, index=MONTHS)
    found = targets.scope_months(frame, bare, even, as_of=AS_OF, company=orders())
    assert found.tolist() == [20.0] * 12
    assert targets.company_source(frame, bare, as_of=AS_OF) == source
    assert (
        targets.scope_months(frame, bare, even, as_of=AS_OF, company=orders(), kind="team", names=("T",))
        is None
    )
    assert targets.company_source(frame, plan(amount=5), as_of=AS_OF) is None


def test_without_any_orders_bookings_are_unknown_not_zero():
    figures = targets.headlines(orders(), None, as_of=AS_OF, has_orders=False)
    assert figures["bookings.ytd"].value is None


def test_on_the_last_day_nothing_is_required_any_more():
    figures = targets.headlines(orders(), pd.Series(1.0, index=MONTHS), as_of=pd.Timestamp("2026-12-31"))
    assert figures["required.per_working_day"].value is None


def test_a_leap_day_has_a_prior_span():
    figures = targets.headlines(orders(("2023-01-01", "E", "R1", 5)), None, as_of=pd.Timestamp("2024-02-29"))
    assert figures["bookings.prior_ytd"].value == 5


def plan(**year) -> Plan:
    return Plan(company="X", targets={2026: YearTarget(**year)})


def test_the_plan_is_spread_by_weights_and_fixed_months_stay():
    months = targets.from_plan(
        plan(amount=1200, fixed={"2026-02": 100}), pd.Series(1.0, index=MONTHS), as_of=AS_OF
    )
    assert months["2026-02-01"] == 100
    assert months["2026-03-01"] == 100
    assert months.sum() == 1200


def test_regions_without_a_share_divide_the_rest_as_last_year():
    year = YearTarget(amount=1000, regions={"East": 0.4})
    amounts = targets.region_amounts(year, last_year=pd.Series({"East": 9.0, "North": 2.0, "South": 1.0}))
    assert amounts.to_dict() == {"East": 400, "North": 400, "South": 200}
    assert (
        targets.from_plan(plan(amount=1000), pd.Series(1.0, index=MONTHS), as_of=AS_OF, region="East") is None
    )


def test_what_the_named_regions_leave_is_nobodys_where_nobody_else_sold():
    year = YearTarget(amount=1000, regions={"East": 0.35}, mix={"Valves": 0.3})
    for before in (None, pd.Series({"East": 9.0, "Valves": 9.0})[["East"]]):
        assert targets.region_amounts(year, last_year=before).to_dict() == {"East": 350, "": 650}
    assert targets.line_amounts(year, last_year=None).to_dict() == {"Valves": 300, "": 700}


def test_the_year_before_has_its_leap_day():
    sold = orders(("2024-02-29", "E", "R1", 100), ("2024-03-01", "E", "R1", 5))
    assert targets.last_year(sold, "region", as_of=pd.Timestamp("2024-12-31"), starts=3).to_dict() == {
        "E": 100
    }


def test_growth_moves_the_lines_that_the_mix_leaves_open():
    year = YearTarget(amount=1000, mix={"Valves": 0.5}, growth={"Services": 1.0})
    amounts = targets.line_amounts(year, last_year=pd.Series({"Valves": 1.0, "Services": 1.0, "Pumps": 2.0}))
    assert amounts.to_dict() == {"Valves": 500, "Services": 250, "Pumps": 250}


def test_months_without_orders_are_zero_not_missing():
    series = targets.monthly(orders(("2026-08-03", "E", "R1", 5)), as_of=AS_OF)
    assert series.tolist() == [5, 0, 0]
    assert targets.monthly(orders(), as_of=AS_OF).empty


def test_margins_come_from_rows_else_from_the_plan():
    sales = orders(("2025-03-01", "E", "R1", 50), ("2025-03-01", "W", "R2", 50)).assign(product_line="Valves")
    spread = targets.spread_rows(rows(("2026-01-01", "year", "region", "E", 120)), as_of=AS_OF)
    found = targets.margins(spread, plan(amount=1000, mix={"Valves": 0.5}), sales, as_of=AS_OF)
    assert found["regions"].to_dict() == {"E": 100}
    assert found["lines"].to_dict() == {"Valves": 500, "": 500}
    bare = targets.margins(spread.iloc[:0], plan(amount=1000), sales, as_of=AS_OF)
    assert bare == {"regions": None, "lines": None}


def test_the_month_and_the_year_are_held_against_what_is_due_and_what_came_a_year_before():
    booked = orders(
        ("2025-01-31", "E", "R1", 7), ("2025-10-31", "E", "R1", 40), ("2026-10-01", "E", "R1", 50)
    )
    months = pd.Series(100.0, index=MONTHS)
    found = targets.yardsticks(booked, months, as_of=pd.Timestamp("2026-10-31"))
    assert {key: points[0][1] for key, points in found.items()} == {
        "month.due": 100.0, "bookings.month_prior": 40.0, "bookings.year_prior": 47.0,
    }  # fmt: skip
    running = targets.yardsticks(booked, months, as_of=pd.Timestamp("2026-10-15"))
    assert 0 < running["month.due"][0][1] < 100  # the share of its working days that have passed
    assert running["bookings.month_prior"][0][1] == 0.0  # the order of 31 October comes later
    young = targets.yardsticks(booked.iloc[1:], None, as_of=pd.Timestamp("2026-10-31"))
    assert {key: points[0][1] for key, points in young.items()} == {
        "month.due": None, "bookings.month_prior": 40.0, "bookings.year_prior": None,
    }  # fmt: skip


def test_the_trail_has_twelve_month_ends_and_the_one_a_year_ago():
    trail = targets.trail(
        orders(("2026-08-03", "E", "R1", 50)),
        rows(),
        plan(amount=1200),
        pd.Series(100.0, index=MONTHS),
        as_of=AS_OF,
    )
    assert len(trail["bookings.month"]) == 13
    assert trail["bookings.month"][-3:] == [
        (pd.Timestamp("2026-08-31"), 50),
        (pd.Timestamp("2026-09-30"), 0),
        (AS_OF, 0),
    ]
    assert trail["attainment.ytd"][-1][1] == 0.05
    assert targets.month_before(trail, "attainment.ytd") == pytest.approx(50 / 900)
    assert targets.month_before(trail, "attainment.ytd", starts=10) is None
