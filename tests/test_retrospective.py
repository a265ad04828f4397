"""The retrospective: sprint and actions by hand; the demo's pull forward; null companies."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import pull_forward, retrospective
from salesnb.analysis.retrospective import sprints
from salesnb.calendars.periods import closing_days, working_days
from salesnb.display.retrospective import prose, tables
from salesnb.intake.workspace import open_book
from salesnb.language import Message
from salesnb.plan import Sprint
from salesnb.results.months import Outcome

AS_OF = pd.Timestamp("2026-10-20")
OCTOBER = Sprint(name="Year end", start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31), target=100.0)
SEPTEMBER = Sprint(name="Quarter", start=dt.date(2026, 9, 1), end=dt.date(2026, 9, 30), target=100.0)


def bookings(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "rep_id", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def leads(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["day", "rep_id", "created", "converted"])


def weeks(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["account_id", "week_start"])
    return frame.assign(week_start=pd.to_datetime(frame["week_start"]), contacts=1)


def actions(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["action_id", "raised_on", "due_on", "done_on"])
    for column in ("raised_on", "due_on", "done_on"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def test_the_last_sprint_that_overlaps_the_month() -> None:
    assert retrospective.latest([SEPTEMBER, OCTOBER], as_of=AS_OF) == OCTOBER
    assert retrospective.latest([SEPTEMBER], as_of=AS_OF) is None
    assert retrospective.latest([OCTOBER], as_of=pd.Timestamp("2026-09-30")) is None


def test_sprint_by_hand() -> None:
    """To 20 October: 14 weekdays, two whole weeks; A met in both, B in one (and in the third, which is not over)."""
    met = weeks(("A", "2026-10-01"), ("A", "2026-10-08"), ("B", "2026-10-01"), ("B", "2026-10-15"))
    found = retrospective.judge(
        OCTOBER,
        bookings=bookings(("2026-10-01", "R1", 30.0), ("2026-10-20", "R2", 20.0), ("2026-10-21", "R2", 99.0)),
        leads=leads(("2026-10-02", "R1", 21, 3), ("2026-10-05", "R2", 7, 1)),
        weeks=met,
        strategic={"A", "B"},
        as_of=AS_OF,
    )
    assert found is not None
    assert (found.days, found.weeks) == (14, 2)
    assert (found.leads_per_day, found.lead_conversion) == (2.0, 4 / 28)
    assert (found.bookings, found.whole, found.due) == (50.0, 22, pytest.approx(100 * 14 / 22))
    assert (found.attainment, found.key_account_weekly) == (pytest.approx(50 / found.due), 0.5)


def test_what_a_part_of_the_company_brought_is_not_held_against_the_companys_sprint() -> None:
    found = retrospective.judge(
        OCTOBER,
        bookings=bookings(("2026-10-01", "R1", 30.0)),
        leads=leads(("2026-10-02", "R1", 28, 7)),
        weeks=weeks(),
        strategic=set(),
        as_of=AS_OF,
        of_company=False,
    )
    assert found is not None
    assert (found.bookings, found.due, found.attainment) == (30.0, None, None)
    assert (found.leads_per_day, found.lead_conversion) == (2.0, 0.25)
    figures = retrospective.headlines(found, retrospective.action_status(actions(), as_of=AS_OF))
    assert "whole company" in str(figures["sprint.attainment"].reason)
    asked = tables.sprint(found).data["plan"].astype(str).tolist()
    assert not any("100" in text for text in asked[:2])


def test_headlines_give_reasons() -> None:
    lacking = Message("no leads")
    none = retrospective.headlines(None, retrospective.action_status(actions(), as_of=AS_OF))
    assert {key for key, figure in none.items() if figure.value is None} == {
        *(
            f"sprint.{key}"
            for key in (
                "leads_per_day",
                "lead_conversion",
                "attainment",
                "key_account_weekly",
                "pull_forward",
            )
        ),
        "actions.done_share",
    }
    found = retrospective.judge(
        OCTOBER, bookings=bookings(), leads=leads(), weeks=weeks(), strategic=set(), as_of=AS_OF
    )
    figures = retrospective.headlines(
        found, retrospective.action_status(actions(), as_of=AS_OF), lacking_leads=lacking
    )
    assert figures["sprint.leads_per_day"].reason == lacking
    assert figures["sprint.attainment"].value == 0
    assert figures["sprint.key_account_weekly"].value is None


def test_actions_by_hand() -> None:
    status = retrospective.action_status(
        actions(
            ("A1", "2026-09-01", "2026-10-19", None),
            ("A2", "2026-09-01", "2026-10-20", None),  # due today: open, not overdue
            ("A3", "2026-09-01", "2026-09-10", "2026-10-20"),
            ("A4", "2026-09-01", "2026-09-10", "2026-10-21"),  # done tomorrow: overdue today
        ),
        as_of=AS_OF,
    )
    assert status.set_index("action_id")["status"].to_dict() == {
        "A4": "overdue",
        "A1": "overdue",
        "A2": "open",
        "A3": "done",
    }
    figures = retrospective.headlines(None, status)
    assert [figures[f"actions.{key}"].value for key in ("open", "overdue", "done_share")] == [3, 2, 0.25]


def test_why_sums_to_the_change() -> None:
    days = pd.DataFrame(
        {
            "account_id": ["A", "B", "A", "A", "C"],
            "day": pd.to_datetime(["2025-10-02", "2025-10-03", "2026-10-02", "2026-10-09", "2026-10-09"]),
            "net_amount": [10.0, 30.0, 20.0, 25.0, 36.11],
            "is_order": True,
        }
    )
    found = retrospective.why(days, as_of=AS_OF)
    assert found is not None
    assert (found.before, found.after) == pytest.approx((40.0, 81.11))
    assert sum(found.parts.values()) == pytest.approx(41.11, abs=1e-9)
    assert retrospective.why(days.head(2), as_of=AS_OF) is None


def test_a_day_with_a_return_alone_is_no_order_and_its_account_no_customer() -> None:
    days = pd.DataFrame(
        {
            "account_id": ["A", "B", "A"],
            "day": pd.to_datetime(["2026-03-31", "2026-03-10", "2026-04-30"]),
            "net_amount": [100.0, -40.0, 100.0],
            "is_order": [True, False, True],
        }
    )
    found = retrospective.why(days, as_of=pd.Timestamp("2026-04-30"))
    assert found is not None
    assert found.parts == {"customers": 0, "orders_each": 0, "order_value": 0, "returns": 40}
    assert (found.before, found.after) == (60, 100)
    alone = days[days["account_id"] == "B"].assign(day=pd.Timestamp("2026-03-01"))
    assert retrospective.why(pd.concat([alone, days.tail(1)]), as_of=pd.Timestamp("2026-04-30")) is None


def company(seed: int, pulled: float = 0.0) -> pd.DataFrame:
    """Fourteen months of about 12 orders of about 100 a working day; a share of October's first 15 days comes in September."""
    rng = np.random.default_rng(seed)
    days = working_days(pd.Timestamp("2025-09-01"), pd.Timestamp("2026-10-31"))
    late, early = days[days <= "2026-09-30"][-5:], days[days >= "2026-10-01"][:15]
    rows = [(day, float(rng.gamma(4, 25))) for day in days for _ in range(rng.poisson(12))]
    moved = [
        (late[rng.integers(5)] if day in early and rng.random() < pulled else day, amount)
        for day, amount in rows
    ]
    frame = pd.DataFrame(moved, columns=["day", "net_amount"])
    return frame.assign(account_id=[f"A{n}" for n in range(len(frame))], is_order=True)


def test_pull_forward_is_found_and_nothing_where_there_is_none() -> None:
    end = pd.Timestamp("2026-10-31")
    found = pull_forward.pull_forward(SEPTEMBER, company(1, pulled=0.35), as_of=end)
    assert found is not None
    assert found.low > 0
    assert found.low <= 0.35 * 12 * 15 * 100 <= found.high
    alarms = [pull_forward.pull_forward(SEPTEMBER, company(seed), as_of=end) for seed in range(20)]
    assert sum(one is not None and one.low > 0 for one in alarms) <= 3  # a one-sided 5% each


def test_pull_forward_waits_for_the_following_month() -> None:
    orders = company(1)
    assert pull_forward.pull_forward(SEPTEMBER, orders, as_of=pd.Timestamp("2026-10-30")) is None
    assert pull_forward.pull_forward(None, orders, as_of=pd.Timestamp("2026-10-31")) is None
    assert pull_forward.known_sprint([SEPTEMBER, OCTOBER], as_of=pd.Timestamp("2026-10-31")) == SEPTEMBER
    assert pull_forward.known_sprint([OCTOBER], as_of=pd.Timestamp("2026-10-31")) is None


def test_usual_days_lie_beside_the_ends_of_fiscal_quarters() -> None:
    """Of orders that bunch at the end of February, May, August and November no such day is a usual one."""
    days = working_days(pd.Timestamp("2024-09-01"), pd.Timestamp("2026-10-31"))
    closing = days[days.month % 3 == 2]
    last = {day for _, own in pd.Series(closing, closing).groupby(closing.to_period("M")) for day in own[-5:]}
    orders = pd.DataFrame({"day": [day for day in days for _ in range(30 if day in last else 10)]})
    orders = orders.assign(net_amount=100.0, is_order=True, account_id="A")
    fiscal, calendar = (
        pull_forward.pull_forward(SEPTEMBER, orders, as_of=pd.Timestamp("2026-10-31"), starts=starts)
        for starts in (3, 1)
    )
    assert fiscal is not None
    assert calendar is not None
    assert fiscal.usual == pytest.approx(10, rel=0.02)
    assert fiscal.excess == pytest.approx(0, abs=100)  # of 5,000 in five usual days
    assert calendar.usual > 11  # with the wrong quarters a bunched day is a usual one


def test_a_sprint_that_ends_early_in_a_month_is_drawn_with_all_of_its_last_days() -> None:
    early = SEPTEMBER.model_copy(update={"end": pd.Timestamp("2026-09-02").date()})
    orders = company(1)
    found = pull_forward.pull_forward(early, orders, as_of=pd.Timestamp("2026-10-31"))
    table = pull_forward.around(found, orders)
    assert table.loc[table["window"] == "last", "day"].tolist() == list(closing_days(pd.Timestamp(early.end)))


def daily(*, last: int, earlier: int = 10) -> pd.DataFrame:
    """Two years in which each working day has as many orders, the last five of a calendar quarter another number."""
    days = working_days(pd.Timestamp("2024-11-01"), pd.Timestamp("2026-10-31"))
    closing = {
        day
        for month in pd.period_range("2024-12", "2026-09", freq="M")[::3]
        for day in days[days.to_period("M") == month][-5:]
    }
    rows = [day for day in days for _ in range(last if day in closing else earlier)]
    return pd.DataFrame({"day": rows, "net_amount": 100.0, "is_order": True})


def test_bunching_by_hand() -> None:
    end = pd.Timestamp("2026-10-31")
    found = pull_forward.bunching(daily(last=25), as_of=end)
    assert found is not None
    assert [found.factor, found.low, found.high] == pytest.approx([2.5, 2.5, 2.5])
    assert found.ends["month"].tolist() == list(pd.date_range("2024-12-01", "2026-09-01", freq="3MS"))
    assert found.bunched
    alike = pull_forward.bunching(daily(last=10), as_of=end)
    assert alike is not None
    assert not alike.bunched
    other_year = pull_forward.bunching(daily(last=25), as_of=end, starts=2)
    assert other_year is not None
    assert other_year.factor == pytest.approx(1)  # quarters end with January, April, July, October
    assert pull_forward.bunching(daily(last=25), as_of=pd.Timestamp("2025-08-31")) is None  # three ends
    assert pull_forward.bunching(daily(last=25).iloc[:0], as_of=end) is None


def members(**gaps: float | None) -> pd.DataFrame:
    rows = pd.DataFrame({"member": list(gaps), "gap": pd.Series(list(gaps.values()), dtype=float)})
    return rows.assign(actual=10.0)


@pytest.mark.parametrize(
    ("regions", "lines", "told"),
    [
        (
            {"W": -5.0, "E": -4.0, "S": -2.0, "N": 4.0},
            {"Valves": -4.5},
            [("W", -5.0), ("E", -4.0), ("", 2.0)],
        ),
        ({"W": -4.0, "E": -3.0}, {"Valves": -2.0, "Pumps": -5.0}, [("Pumps", -5.0), ("Valves", -2.0)]),
        ({"W": -4.0, "E": -3.0}, {}, [("W", -4.0), ("E", -3.0)]),  # they are the whole: nothing is left
        ({"W": -7.0}, {"Valves": -6.0, "Pumps": -1.0}, [("Valves", -6.0), ("Pumps", -1.0)]),
        ({"W": None}, {}, []),
    ],
)
def test_the_causes_of_the_month_do_not_overlap_and_sum_to_it(regions, lines, told):
    gap = sum(gap for gap in regions.values() if gap is not None) or -7.0
    rows = members(**regions), members(**lines)
    found = prose.causes(Outcome(max(20.0, *(10.0 * len(each) for each in rows)), None), *rows)
    assert found == []  # without a target nothing is missing
    actual = 10.0 * max(map(len, rows))
    found = prose.causes(Outcome(actual, actual - gap), *rows)
    called = [
        (str(cause.text).split(",")[0].replace("all others together", ""), cause.amount) for cause in found
    ]
    assert called == told
    assert not found or sum(cause.amount for cause in found) == pytest.approx(gap)


def test_a_month_stands_beside_last_year_where_that_month_is_known():
    rows = [("2025-10-05", "East", 7.0), ("2026-10-05", "East", 9.0), ("2026-10-06", "West", 4.0)]
    booked = pd.DataFrame(rows, columns=["day", "region", "net_amount"])
    booked["day"] = pd.to_datetime(booked["day"])
    aims = pd.DataFrame(columns=["dimension", "member", "month", "amount"])
    given = {"dimension": "region", "as_of": pd.Timestamp("2026-10-31")}
    table = retrospective.month_by_member(booked, aims, **given).set_index("member")
    assert table["prior"].to_dict() == {"East": 7, "West": 0}
    young = retrospective.month_by_member(booked.iloc[1:], aims, **given)
    assert young["prior"].isna().all()


def test_the_share_of_a_sprints_orders_that_are_invoiced_is_of_their_money(tmp_path):
    (tmp_path / "plan.yml").write_text("company: X\n", encoding="utf-8")
    (tmp_path / "orders.csv").write_text(
        "order_id,line_id,account_id,ordered_on,net_amount\nO1,1,A,2026-10-05,60\nO1,2,A,2026-10-05,20\nO2,1,A,2026-10-06,120\nO3,1,B,2026-10-07,-5\n"
        "O4,1,B,2026-09-30,500\n",
        encoding="utf-8",
    )
    bills = "invoice_id,account_id,order_id,issued_on,amount\nI1,A,O1,2026-10-09,80\nI2,A,O2,2026-11-02,120\n"
    (tmp_path / "invoices.csv").write_text(bills, encoding="utf-8")
    span = pd.Timestamp("2026-10-01"), pd.Timestamp("2026-10-31")
    billed = open_book(tmp_path, as_of="2026-10-31").sprint_orders(*span)
    assert billed[["net_amount", "invoiced"]].to_numpy().tolist() == [[80.0, 80.0], [120.0, 0.0]]
    assert sprints._invoiced(billed) == 0.4
    (tmp_path / "invoices.csv").write_text(bills.replace("O1", "").replace("O2", ""), encoding="utf-8")
    unknown = open_book(tmp_path, as_of="2026-10-31").sprint_orders(*span)
    assert unknown.empty  # no invoice names an order: not known, not zero
    assert sprints._invoiced(unknown) is None
