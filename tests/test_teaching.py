"""Who lectures, who needs which course, and does it fit? By hand, and where nobody stands out."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import coaching, curriculum
from salesnb.analysis.coaching import lectures
from salesnb.display.team import teaching
from salesnb.language import Language, Nothing
from salesnb.results.funnel import Reading

DAY = pd.Timestamp("2026-10-31")
PEOPLE = pd.DataFrame(
    {"rep_id": list("ABCD"), "rep_name": ["Ann", "Bo", "Cy", "Di"], "team": ["T", "T", "U", "U"]}
)


def _reading(line: str, verdict: str, few: tuple[str, ...]) -> Reading:
    numbers = {one.name: np.nan for one in fields(Reading)}
    return Reading(
        **numbers
        | {"line": line, "verdict": verdict, "few": few, "few_now": 0.1, "rest_now": 0.4, "lost_value": 8.0}
    )


def _found(**differences: float) -> pd.DataFrame:
    rows = [
        {
            "rep_id": rep, "subject": "quote", "cases": 20, "rate": 0.5 + one, "peers": 0.5, "difference": one, "shrunk": one / 2,
            "p_value": 0.5 - one, "strong": one > 0.3, "weak": one < -0.3, "conclusion": "none", "by": "", "rivals": {},
        }
        for rep, one in differences.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).sort_values("p_value").reindex(columns=lectures.STRENGTHS)


def test_a_lecture_by_hand():
    plan = lectures.programme(_found(A=0.35, B=-0.4, C=-0.1, D=0.05), PEOPLE, as_of=DAY)
    assert plan[["month", "rep_name", "subject", "rate"]].to_numpy().tolist() == [
        [pd.Timestamp("2026-11-01"), "Ann", "quote", 0.85]
    ]
    assert plan["names"].tolist() == [["Bo", "Cy"]]
    told = Language("en")(teaching.lecture(plan, _found(A=0.35)))
    assert told.startswith("Lecture of November 2026: Ann on taking deals past quote")
    assert "Bo and Cy" in told
    nobody = lectures.programme(_found(A=0.2, B=-0.4), PEOPLE, as_of=DAY)
    assert nobody.empty
    assert isinstance(teaching.lecture(nobody, _found(A=0.2)), Nothing)
    assert isinstance(teaching.lecture(nobody, lectures.strengths(people=PEOPLE)), Nothing)


def test_subjects_take_turns_by_the_month():
    found = pd.concat([_found(A=0.4), _found(B=0.4).assign(subject="needs")])
    first = [
        lectures.programme(found, PEOPLE, as_of=DAY + pd.DateOffset(months=month))["subject"].iloc[0]
        for month in range(4)
    ]
    assert first[:2] == first[2:]
    assert set(first) == {"quote", "needs"}


def test_records_by_hand():
    leads = pd.DataFrame(
        {
            "rep_id": ["A", "A", None], "channel": "web", "created": [3, 2, 9], "converted": [1, 0, 9],
            "day": pd.to_datetime(["2026-03-01", "2026-10-01", "2026-03-01"]),
        }
    )  # fmt: skip
    rows = lectures.lead_records(leads, since=pd.Timestamp("2025-11-01"), as_of=DAY)
    assert rows["advanced"].tolist() == [True, False, False]  # October's may still become deals
    sold = pd.DataFrame(
        {
            "rep_id": list("ABC"), "day": pd.Timestamp("2026-05-01"), "region": "East", "product_line": "X", "lines": 1,
            "net_amount": [95.0, 90.0, 70.0], "list_amount": 100.0,
        }
    )  # fmt: skip
    kept = lectures.price_records(sold, since=pd.Timestamp("2025-11-01"), as_of=DAY)
    assert kept.set_index("rep_id")["advanced"].to_dict() == {
        "A": True,
        "C": False,
    }  # at the median nobody is told apart
    met = pd.DataFrame({"account_id": ["K", "K"], "last_on": pd.to_datetime(["2026-10-03", "2026-10-20"])})
    owners = pd.DataFrame({"account_id": ["K", "L"], "owner_id": ["A", "B"]})
    money = pd.DataFrame({"account_id": ["K", "L"], "revenue": [5.0, 0.0]})
    months = lectures.contact_records(met, owners, money, as_of=DAY)
    assert (len(months), months["advanced"].sum(), set(months["rep_id"])) == (12, 1, {"A"})
    for empty in (
        lectures.lead_records(leads.iloc[:0], since=DAY, as_of=DAY),
        lectures.price_records(sold.iloc[:0], since=DAY, as_of=DAY),
        lectures.contact_records(met.iloc[:0], owners, money, as_of=DAY),
    ):
        assert empty.empty
        assert list(empty) == coaching.PASSAGES


def test_modules_by_topic_else_by_name():
    taken = pd.DataFrame(
        {
            "rep_id": "A",
            "course": ["Pricing", "Valve basics", "谈判", "Tuesday"],
            "topic": ["skills", None, None, "other"],
        }
    )
    assert curriculum.modules(taken, ["Valves"]).to_dict() == {
        "Pricing": "skills",
        "Valve basics": "product",
        "谈判": "skills",
    }


def test_a_quarters_training_by_hand():
    weak = pd.DataFrame(
        {
            "rep_id": ["A", "B", "C"], "stage": ["needs", "quote", "quote"], "rate": 0.4, "peers": 0.6,
            "lost_value": [30.0, 20.0, 10.0], "weak": [True, True, False],
        }
    )  # fmt: skip
    needs = curriculum.wanted(
        weak, PEOPLE, order=["lead", "needs", "quote"], given={"quote": "communication"}
    )
    assert needs[["rep_id", "module"]].to_numpy().tolist() == [["A", "skills"], ["B", "communication"]]
    taken = pd.DataFrame(
        {"rep_id": ["A", "C", "D"], "course": ["Selling", "Selling", "Closing"], "topic": "skills"}
    )
    kinds = curriculum.modules(taken)
    effects = pd.DataFrame(columns=["course", "lift", "conclusion"])
    plan = curriculum.quarter_plan(needs, taken, kinds, effects, pd.Series({"T": 20.0}), hours=14)
    assert plan[["rep_id", "course", "place"]].fillna("").to_numpy().tolist() == [
        ["A", "Closing", "planned"],
        ["B", "", "course"],
    ]
    for hours, place in ((10.0, "full"), (np.nan, "unknown")):
        assert (
            curriculum.quarter_plan(needs, taken, kinds, effects, pd.Series({"T": hours}), hours=14)[
                "place"
            ].iloc[0]
            == place
        )
    harmful = pd.DataFrame({"course": ["Closing"], "lift": [-0.1], "conclusion": ["found"]})
    assert (
        curriculum.quarter_plan(needs, taken, kinds, harmful, pd.Series({"T": 20.0}), hours=14)["place"].iloc[
            0
        ]
        == "course"
    )
    grid = curriculum.grid(PEOPLE, taken, kinds, plan)
    assert grid["rep_id"].tolist()[:2] == ["A", "B"]
    assert grid["skills"].tolist()[0] == 1
    assert isinstance(teaching.curriculum(plan.iloc[:0], pd.Series(dtype=float), first=DAY), Nothing)


def test_a_course_about_another_line_is_no_help():
    pitch = _reading("Valves", "pitch", ("Ann", "Cy"))
    steady = _reading("Pumps", "steady", ("Bo", "Di"))
    nobody = pd.DataFrame(columns=["rep_id", "stage", "rate", "peers", "lost_value", "weak"])
    needs = curriculum.wanted(nobody, PEOPLE, [pitch, steady, None], order=[])
    assert needs[["rep_id", "module", "lost_value"]].to_numpy().tolist() == [
        ["A", "product", 4.0],
        ["C", "product", 4.0],
    ]
    taken = pd.DataFrame(
        {
            "rep_id": ["B", "D", "D"],
            "course": ["Pump basics", "Valve choice", "Pump basics"],
            "topic": "product",
        }
    )
    plan = curriculum.quarter_plan(
        needs, taken, curriculum.modules(taken), pd.DataFrame(columns=["course", "lift", "conclusion"]),
        pd.Series({"T": 20.0, "U": 0.0}), hours=14, lines=["Valves", "Pumps"],
    )  # fmt: skip
    assert plan[["course", "place"]].to_numpy().tolist() == [
        ["Valve choice", "planned"],
        ["Valve choice", "full"],
    ]


def test_free_hours_by_hand():
    load = pd.DataFrame(
        {
            "team": ["T", "T"],
            "month": pd.to_datetime(["2026-09-01", "2026-01-01"]),
            "hours": [50.0, 900.0],
            "available": 100.0,
        }
    )
    free = curriculum.free_hours(load, PEOPLE, as_of=DAY, hours_per_day=7)
    assert free["T"] == pytest.approx(2 * 64 * 7 * 0.5)  # January to March 2027 have 64 Mondays to Fridays
    assert np.isnan(free["U"])
