"""A plan that contradicts itself is told so in money."""

import pandas as pd
import pytest

from salesnb.plan import Plan
from salesnb.plan.linter import lint


def plan(**settings) -> Plan:
    return Plan.model_validate({"company": "X", **settings})


def table(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["period_start", "grain", "dimension", "member", "amount"])
    return frame.assign(
        period_start=pd.to_datetime(frame["period_start"]), amount=frame["amount"].astype(float)
    )


def texts(*args) -> str:
    return "\n".join(str(message) for message in lint(*args))


def months(year, amount, member="X"):
    return [(f"{year}-{month:02d}-01", "month", "company", member, amount) for month in range(1, 13)]


def test_a_plan_that_adds_up_is_silent():
    sound = plan(
        targets={
            2026: {
                "amount": 1200,
                "fixed": {"2026-02": 40},
                "mix": {"A": 0.4},
                "regions": {"East": 0.5, "West": 0.5},
            }
        },
        commission={"tiers": [{"from": 0, "rate": 0.01}, {"from": 1, "rate": 0.02}], "cap": 500},
        sprints=[
            {"name": "S", "start": "2026-10-01", "end": "2026-10-31", "target": 100, "squads": {"W": ["R1"]}}
        ],
    )
    rows = table(*months(2026, 100), ("2026-01-01", "year", "rep", "R1", 1200))
    assert lint(sound, rows) == []
    assert lint(plan()) == []


def test_the_classic_slip_is_760_million_short():
    quarters = [(f"2026-{month:02d}-01", "quarter", "company", "X", 250e6) for month in (1, 4, 7, 10)]
    rows = table(("2026-01-01", "year", "company", "X", 1e9), *quarters, *months(2026, 20e6))
    assert (
        texts(plan(), rows)
        == "targets 2026, X: the months add up to 240,000,000, 760,000,000 short of the 1,000,000,000 by quarters"
    )


def test_the_same_slip_in_plan_yml():
    fixed = {f"2026-{month:02d}": 20e6 for month in range(1, 13)}
    assert "760,000,000 short of the year's 1,000,000,000" in texts(
        plan(targets={2026: {"amount": 1e9, "fixed": fixed}})
    )


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ({"amount": 100, "fixed": {"2026-01": 130}}, "30 more than the year's 100"),
        ({"amount": 100, "fixed": {"2027-01": 10}}, "outside that fiscal year"),
        ({"amount": 1000, "regions": {"East": 0.8, "West": 0.3}}, "add up to 110%, 100 more than the whole"),
        ({"amount": 1000, "mix": {"A": 0.3}, "growth": {"A": 0.1}}, "the share counts"),
        ({"amount": 1000, "over_assignment": 0.9}, "100 less"),
        (
            {"amount": 1000, "regions": {"East": 0.2}, "fixed_parts": {"East": {"Valves": 150, "Pumps": 90}}},
            "fixed in East add up to 240, 40 more than its 200",
        ),
    ],
)
def test_contradictions_of_a_year(year, words):
    assert words in texts(plan(targets={2026: year}))


@pytest.mark.parametrize(
    ("commission", "words"),
    [
        ({"tiers": [{"from": 0, "rate": 0.01}], "cap": None}, "no cap"),
        (
            {
                "tiers": [{"from": 0, "rate": 0.02}, {"from": 1, "rate": 0.01}],
                "mode": "retroactive",
                "cap": 9,
            },
            "pay falls",
        ),
        ({"tiers": [{"from": 0, "rate": 0.02}, {"from": 1, "rate": 0.01}], "cap": 9}, "pay less each"),
        (
            {
                "tiers": [{"from": 0, "rate": 0.01}, {"from": 1e5, "rate": 0.02}],
                "mode": "retroactive",
                "unit": "amount",
                "cap": 9,
            },
            "a cliff at 100,000: one sale more pays 1,000",
        ),
        ({"tiers": [{"from": 0.5, "rate": 0.01}], "cap": 9}, "nothing is paid below 0.5"),
        ({"tiers": [{"from": 0, "rate": 0.01}, {"from": 0, "rate": 0.02}], "cap": 9}, "more than one tier"),
        (
            {"tiers": [{"from": 0, "to": 0.8, "rate": 0.01}, {"from": 1, "rate": 0.02}], "cap": 9},
            "a gap from 80% of target to 100% of target, where no tier pays",
        ),
        (
            {"tiers": [{"from": 0, "to": 1.1, "rate": 0.01}, {"from": 1, "rate": 0.02}], "cap": 9},
            "two tiers overlap from 100% of target to 110% of target",
        ),
        ({"tiers": [{"from": 0, "to": 2, "rate": 0.01}], "cap": 9}, "the last tier ends at 200% of target"),
        (
            {"tiers": [{"from": 0, "rate": 0.01}, {"from": 1, "rate": 0.01}], "cap": 9},
            "the tier from 100% of target pays the 1% of the tier below; it changes nothing",
        ),
        (
            {"tiers": [{"from": 0, "rate": 0.01}, {"from": 1000, "rate": 0.02}], "unit": "amount", "cap": 10},
            "the tier from 1,000 is never paid: the cap of 10 is reached before",
        ),
    ],
)
def test_contradictions_of_commission(commission, words):
    assert words in texts(plan(commission=commission))


def test_tiers_that_meet_leave_no_gap_and_an_alternative_is_read_too():
    sound = {"tiers": [{"from": 0, "to": 1, "rate": 0.01}, {"from": 1, "rate": 0.02}], "cap": 9}
    assert texts(plan(commission=sound)) == ""
    odd = {"tiers": [{"from": 0, "to": 0.5, "rate": 0.01}, {"from": 1, "rate": 0.02}], "cap": 9}
    assert "a gap from 50% of target to 100%" in texts(plan(commission=sound, commission_alternative=odd))


def test_sprints_outside_the_year_and_shared_people():
    found = texts(
        plan(
            targets={2026: {"amount": 100}},
            sprints=[
                {
                    "name": "A",
                    "start": "2026-12-01",
                    "end": "2027-01-15",
                    "target": 200,
                    "squads": {"W": ["R1"], "L": ["R1"]},
                },
                {"name": "B", "start": "2027-01-10", "end": "2027-01-20", "target": 1},
            ],
        )
    )
    for words in (
        "ends on 15 Jan 2027",
        "more than the year's 100",
        "R1 is in more than one squad",
        "without a target",
        "overlap",
    ):
        assert words in found


def test_sprints_overlap_whether_or_not_they_begin_one_after_the_other():
    spans = {"Year": ("01-01", "12-31"), "February": ("02-01", "02-28"), "March": ("02-28", "03-31")}
    sprints = [
        {"name": name, "start": f"2026-{start}", "end": f"2026-{end}", "target": 1}
        for name, (start, end) in spans.items()
    ]
    assert texts(plan(targets={2026: {"amount": 100}}, sprints=sprints)).splitlines() == [
        "sprints Year and February overlap from 1 Feb 2026",
        "sprints Year and March overlap from 28 Feb 2026",
        "sprints February and March overlap from 28 Feb 2026",
    ]


def test_parts_that_do_not_carry_the_company():
    rows = table(
        *months(2026, 100),
        ("2026-01-01", "year", "region", "East", 700),
        ("2026-01-01", "year", "region", "West", 400),
    )
    assert "100 short of the company's 1,200" in texts(plan(), rows)
    assert "plan.yml 900" in texts(plan(targets={2026: {"amount": 900}}), rows)


def test_unknown_stages_and_inverted_cadences():
    found = texts(plan(stages=["a"], checklists={"b": ["x"]}, tiers={"strategic": {"contact_days": 60}}))
    assert "the stage b" in found
    assert "more rarely" in found
