"""The charts and sentences of the targets page, by their artists and words."""

from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from salesnb.analysis import bonuses, gaps
from salesnb.display.incentives import charts as pay_charts
from salesnb.display.incentives import prose as pay_prose
from salesnb.display.incentives import tables as pay_tables
from salesnb.display.kit import drawing, theme
from salesnb.display.kit.pen import Pen
from salesnb.display.sprints import charts as sprint_charts
from salesnb.display.targets import calls as target_calls
from salesnb.display.targets import charts, prose, tables
from salesnb.display.targets import gaps as gap_prose
from salesnb.headlines import Figure
from salesnb.language import Language, Message
from salesnb.plan import Sprint

SAY = Language("en", currency="CNY")
NONE = Figure(None, Message("unknown"))


def figures(**values) -> dict[str, Figure]:
    keys = (
        "bookings.ytd",
        "attainment.ytd",
        "forecast.year",
        "forecast.year_p10",
        "forecast.year_p90",
        "target.year",
        "target.ytd",
        "forecast.hit_probability",
        "required.per_working_day",
    )
    return {
        key: Figure(values[key.replace(".", "__")]) if key.replace(".", "__") in values else NONE
        for key in keys
    }


def path() -> pd.DataFrame:
    days = pd.to_datetime(["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"])
    return pd.DataFrame(
        {
            "day": days,
            "target": [0, 10.0, 20, 30],
            "last_year": [0, 8.0, 16, 24],
            "actual": [0, 9.0, 18, None],
            "forecast": [None, None, 18, 27.0],
            "low": [None, None, 18, 25.0],
            "high": [None, None, 18, 29.0],
        }
    )


@pytest.mark.parametrize("narrow", [False, True])
def test_the_path_has_four_lines_and_a_fan(narrow):
    _, ax = drawing.figure()
    charts.draw_path(ax, path(), Pen(SAY, narrow=narrow))
    assert len(ax.lines) == 5  # last year, forecast, target, actual, the point of today
    assert len(ax.collections) == 1
    assert {text.get_text() for text in ax.texts} == {
        "Forecast 27.0",
        "Target 30.0",
        "Last year 24.0",
        "Actual 18.0",
    }


def test_a_path_without_forecast_and_target_still_draws():
    bare = path().assign(target=float("nan"), forecast=float("nan"), low=float("nan"), high=float("nan"))
    assert charts.year_path(bare) is not None
    assert charts.year_path(bare.assign(actual=float("nan"))) is None


def test_the_grid_has_a_cell_with_its_number_for_each_pair():
    cells = pd.DataFrame(
        {
            "region": ["E", "E", "W", "W"],
            "product_line": ["V", "P", "V", "P"],
            "gap": [-4.0, 1.0, 2.0, 0.0],
            "actual": 0.0,
            "target": 0.0,
        }
    )
    _, ax = drawing.figure()
    charts.draw_grid(ax, cells, Pen(SAY))
    (mesh,) = ax.collections
    depths = mesh.get_facecolor()[:, 3]
    assert len(depths) == len(ax.texts) == 4
    written = [text.get_text() for text in ax.texts]
    assert "\N{MINUS SIGN}4" in written[int(depths.argmax())]
    assert charts.gap_grid(cells.iloc[:1], target=True) is None


def test_a_full_squad_is_red():
    matrix = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-10-08", "2026-10-09"]),
            "squad": "A",
            "people": 1.0,
            "hours": 7.0,
            "use": [0.5, 1.5],
        }
    )
    _, ax = drawing.figure()
    sprint_charts.draw_matrix(ax, matrix, Pen(SAY))
    colours = [to_hex(colour) for colour in ax.collections[0].get_facecolor()]
    assert colours == [theme.ACTUAL, theme.BEHIND]
    assert sprint_charts.load(None) is None


def test_each_change_of_the_rate_is_named_under_the_pay_curve():
    curve = pd.DataFrame(
        {
            "attainment": [0, 0.5, 1.0, 1.5],
            "payout": [0, 5.0, 10, 20],
            "rate": [0.01, 0.01, 0.02, 0.02],
            "other": [0, 5.0, 20, 30],
            "other_rate": [0.01, 0.01, 0.02, 0.02],
            "sold": 0.0,
        }
    )
    _, axes = drawing.figure(rows=2, share=False)
    pay_charts.draw_curve(drawing.axes_of(axes), curve, Pen(SAY))
    pay, rate = drawing.axes_of(axes)
    assert [text.get_text() for text in rate.texts] == ["1%", "2%"]
    assert [text.get_text() for text in pay.texts] == ["Alternative", "This plan"]
    assert pay.lines[1].get_ydata().tolist() == [0, 5, 10, 20]


def test_cost_by_outcome_draws_both_plans_and_says_both_ends():
    outcomes = pd.DataFrame(
        {
            "booked": [900.0, 1100.0],
            "cost": [400.0, 600.0],
            "other": [500.0, 900.0],
            "attainment": [0.9, 1.1],
            "rate": 0.01,
            "other_rate": 0.01,
        }
    )
    shown = pay_charts.cost_by_outcome(outcomes)
    assert str(shown.finding) == "A weak year costs 400, a strong one 600; the alternative 500 and 900"
    assert pay_charts.cost_by_outcome(outcomes.iloc[:0]) is None


def test_what_drawn_orders_earned_is_said_to_the_cent():
    sprint = Sprint.model_validate({"name": "S", "start": "2026-09-01", "end": "2026-09-30", "target": 9})
    people = pd.DataFrame({"member": ["R1", "R9"], "pulled": [10.0, 5.0], "sooner": [1.5, 0.25]})
    found = bonuses.PulledPay(sprint, 15.0, 1.75, 0.0, 100.0, 20.0, 9.0, people)
    paid = pd.DataFrame({"bonus": [100.0]})
    assert "earned the bonus of S" in str(pay_prose.sprint_pay(found, paid))
    shown = pay_tables.pulled_pay(found, pd.DataFrame({"rep_id": ["R1"], "rep_name": ["Ann"]}))
    assert shown.data["name"].tolist() == ["Ann", "R9"]
    assert "1.75" in str(shown.finding)
    assert "earned nothing more" in str(pay_prose.sprint_pay(replace(found, bonus=0.0), paid))
    assert str(pay_prose.sprint_pay(None, paid)) == "The sprints of this year paid 100 in bonuses."
    assert "No sprint" in str(pay_prose.sprint_pay(None, paid * 0))
    assert pay_prose.sprint_pay(None, paid.iloc[:0]) is None
    assert pay_tables.bonuses(paid.iloc[:0]) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {
                "bookings__ytd": 96.6e6,
                "attainment__ytd": 0.966,
                "forecast__year": 968e6,
                "target__year": 1e9,
                "forecast__hit_probability": 0.24,
            },
            "We are 3.4% behind plan and will most likely end the year at 968M of 1,000M (hit probability 24%).",
        ),
        (
            {
                "bookings__ytd": 5e6,
                "attainment__ytd": 1.02,
                "forecast__year": 1e7,
                "target__year": 9e6,
                "forecast__hit_probability": 0.8,
            },
            "2% ahead of plan",
        ),
        ({"bookings__ytd": 5e6, "attainment__ytd": 0.5}, "history cannot say yet"),
        (
            {
                "bookings__ytd": 5e6,
                "forecast__year": 1e7,
                "forecast__year_p10": 9e6,
                "forecast__year_p90": 12e6,
            },
            "No target is given",
        ),
        ({"bookings__ytd": 5e6}, "too little history"),
    ],
)
def test_the_first_sentence(values, words):
    assert words in str(prose.standing(figures(**values)))


def test_without_bookings_there_is_no_first_sentence():
    assert prose.standing(figures()) is None
    assert (
        target_calls.calls(
            None, figures(), year_end=pd.Timestamp("2026-12-31"), as_of=pd.Timestamp("2026-10-31")
        )
        == []
    )


def cause(**changes) -> gaps.Cause:
    people = pd.DataFrame(
        {"rep_id": ["R1", "R2", "R3", "R4"], "actual": 0.0, "prior": 0.0, "change": 0.0, "noise": -4.0}
    )
    values = {
        "region": "East",
        "product_line": "Valves",
        "gap": -8e6,
        "whole": -12e6,
        "reps": people,
        "names": ["R1", "R2"],
        "lost": 7e6,
        "rest_change": 0.02,
        "elsewhere": 0.01,
    }
    return gaps.Cause(**{**values, **changes})


def test_the_cause_is_named_only_where_the_data_show_one():
    cells = pd.DataFrame({"region": ["East", "West"], "gap": [-8e6, 0.0]})
    called = {"R1": "Li Wei", "R2": "Wang Fang"}
    assert (
        str(gap_prose.gap(cause(), cells, called, target=True))
        == "East lacks 8.00M of the 12.0M missing; Li Wei and Wang Fang brought 7.00M less of Valves there than last year."
    )
    assert "no single cause" in str(
        gap_prose.gap(cause(names=["R1", "R2", "R3"]), cells, called, target=True)
    )
    assert "other regions" in str(
        gap_prose.gap(cause(names=["R1", "R2", "R3"], elsewhere=-0.2), cells, called, target=True)
    )
    wide = gaps.WorstLine("Services", -9e6, 3, 4)
    assert (
        str(gap_prose.gap(cause(line=wide), cells, called, target=True))
        == "Services lacks most, 9.00M in 3 of 4 regions; of the regions East, 8.00M."
    )
    more = gap_prose.gap(cause(gap=-13e6), cells, called, target=True)
    assert "East is 13.0M behind, the others together 1.00M ahead" in str(more)
    assert "No region is behind" in str(gap_prose.gap(None, cells, called, target=True))
    decision = target_calls.decisions(
        cause(), called, target=True, owner="Zhao", as_of=pd.Timestamp("2026-10-31")
    )[0]
    assert (decision.at_stake, decision.owner, str(decision.due)) == (8e6, "Zhao", "2026-11-14")


def test_a_company_that_is_ahead_or_has_no_target_has_no_gap_to_explain():
    cells = pd.DataFrame({"region": ["East", "West"], "gap": [-8e6, 9e6]})
    ahead = cause(whole=1e6, names=["R1", "R2", "R3"])
    asked = {"owner": "Zhao", "as_of": pd.Timestamp("2026-10-31")}
    assert "make up for it" in str(gap_prose.gap(ahead, cells, {}, target=True))
    assert "the company does not" in str(target_calls.decisions(ahead, {}, target=True, **asked)[0].why)
    assert "the company 1.00M more" in str(gap_prose.gap(ahead, cells, {}, target=False))
    assert target_calls.decisions(ahead, {}, target=False, **asked) == []
    below = cause(names=["R1", "R2", "R3"])
    assert "the company 12.0M less" in str(gap_prose.gap(below, cells, {}, target=False))
    assert "than in the same span last year" in str(
        target_calls.decisions(below, {}, target=False, **asked)[0].why
    )


def test_contradictions_become_a_table():
    assert tables.contradictions([]) is None
    assert tables.contradictions([Message("short")]) is not None
    assert "no contradiction" in str(prose.plan_adds_up([]))


def test_a_calendar_that_is_not_announced_is_said():
    known = figures(required__per_working_day=1.0)
    assert "moved working days included" in str(prose.need_caveat(known, country="CN"))
    assert "not announced yet" in str(prose.need_caveat(known, country="CN", official=False))
    assert "no country" in str(prose.need_caveat(known, country=None))


def test_what_nobody_has_a_target_for_has_no_target_in_all():
    people = pd.DataFrame({"name": ["A", "B"], "actual_ytd": [1.0, 2.0], "capacity": 1.0})
    lacking = dict.fromkeys(("target_year", "target_ytd", "attainment", "gap", "load"), float("nan"))
    total = tables.carriers(people.assign(**lacking)).total
    assert total["actual_ytd"] == 3
    assert [name for name, value in total.items() if value != value] == ["target_ytd", "target_year", "gap"]
