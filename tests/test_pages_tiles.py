"""The director's page is put together from what the notebooks handed over."""

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest

from salesnb.headlines import Decision
from salesnb.language import Language
from salesnb.report.index import decisions, navigation, paper_context, sentences
from salesnb.report.month import lean
from salesnb.report.pages import render, without_style
from salesnb.report.paper import variance
from salesnb.report.tiles import sparkline, tiles

EN = Language("en", currency="CNY")


def _figure(value: float | None, unit: str = "money", **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": unit, "label": "L", **more}


def _handed(page: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "page": page,
        "leads": [],
        "figures": {},
        "history": {},
        "decisions": [],
        "calls": [],
        "changes": [],
        "card": None,
    }
    return empty | more


AS_OF = dt.date(2026, 10, 31)
HEADER = {"company": "C", "month": "October 2026", "scope": "all", "as_of": "", "data_to": ""}


def _context(handed: dict[str, Any], **more: Any) -> dict[str, Any]:
    return paper_context(
        handed, **{"header": HEADER, "questions": {}, "cover": {}, "as_of": AS_OF, "say": EN, **more}
    )


def test_a_headline_stands_against_plan_last_year_and_forecast_in_this_order() -> None:
    metrics = {"bookings.month": _figure(78.4e6)}
    history = {
        "month.due": [["2026-10-31", 92e6]],
        "bookings.month_prior": [["2026-10-31", 78.4e6]],
        "month.said": [["2026-09-30", 70e6]],
    }
    (tile,) = tiles(metrics, history, as_of=AS_OF, say=EN)
    plan, year, forecast = tile["against"]
    assert (tile["value"], tile["spark"]) == ("78.4M", "")
    assert (plan["mark"], plan["word"], plan["difference"]) == ("▼", "worse", "−13.6M")
    assert (plan["base"], plan["share"], plan["width"], plan["less"]) == ("92.0M", "−14.8%", 59, True)
    assert (year["status"], year["mark"], year["difference"], year["word"]) == ("", "", "", "level")
    assert (forecast["mark"], forecast["difference"], forecast["share"]) == ("▲", "+8.40M", "+12.0%")


def test_less_overdue_is_better_and_last_year_is_the_same_month() -> None:
    history = {
        "receivables.overdue": [["2025-10-31", 17.9e6], ["2026-09-30", 1e6], ["2026-10-31", 14.2e6]],
        "funnel.win_rate": [["2025-10-31", 0.36], ["2026-10-31", 0.335]],
        "customers.active": [["2026-09-30", 311], ["2026-10-31", 312]],
    }
    metrics = {
        "receivables.overdue": _figure(14.2e6),
        "customers.active": _figure(312, "count"),
        "funnel.win_rate": _figure(0.335, "share"),
    }
    rate, active, overdue = tiles(metrics, history, as_of=AS_OF, say=EN)
    assert [one and (one["status"], one["difference"]) for one in overdue["against"]] == [
        None,
        ("ahead", "−3.70M"),
        None,
    ]
    assert (rate["against"][1]["difference"], rate["against"][1]["share"]) == ("−2.5 points", "")
    assert active["against"] == [None, None, None]  # what stood there a year ago is not known
    young = {"customers.active": [["2025-10-31", 0], ["2026-10-31", 312]]}
    (begun,) = tiles({"customers.active": _figure(312, "count")}, young, as_of=AS_OF, say=EN)
    assert begun["against"] == [None, None, None]  # before the data begin nothing is zero


def test_the_paper_begins_with_the_month_the_year_and_the_odds() -> None:
    figures = {
        "bookings.month": _figure(64e6),
        "attainment.month": _figure(0.896, "share"),
        "bookings.ytd": _figure(770e6),
        "bookings.prior_ytd": _figure(774e6),
        "target.ytd": _figure(801e6),
        "target.year": _figure(1000e6),
        "forecast.year": _figure(975e6),
        "forecast.hit_probability": _figure(0.32, "share"),
    }
    history = {
        "month.due": [["2026-10-31", 71.4e6]],
        "forecast.said": [["2026-09-30", 990e6]],
        "odds.said": [["2026-09-30", 0.6]],
        "bookings.year_prior": [["2026-10-31", 900e6]],
    }
    causes = [
        {"text": "East", "amount": -5e6, "span": "month"},
        {"text": "West", "amount": -2e6, "span": "month"},
        {"text": "All year", "amount": -90e6, "span": "year"},
    ]
    handed = {
        "10_target_breakdown": _handed("10_target_breakdown", figures=figures, history=history, causes=causes)
    }
    context = _context(handed)
    assert context["headline"] == "October 2026 brought 64.0M: 10.4% below plan"
    assert [row["label"] for row in context["result"]] == ["Oct", "Year to date", "Year, forecast"]
    told = [[one and one["difference"] for one in row["against"]] for row in context["result"]]
    assert told == [["−7.40M", None, None], ["−31.0M", "−4.0M", None], ["−25M", "+75.0M", "−15.0M"]]
    assert (context["odds"]["now"], context["odds"]["then"], context["odds"]["word"]) == (
        "32%",
        "Sep: 60%",
        "worse",
    )
    assert [(cause["text"], cause["amount"]) for cause in context["causes"]] == [
        ("East", "−5.00M"),
        ("West", "−2.00M"),
    ]


def test_a_yardstick_that_nobody_has_is_no_column() -> None:
    figures = {"bookings.month": _figure(64e6), "receivables.overdue": _figure(9e6)}
    history = {
        "bookings.month_prior": [["2026-10-31", 80e6]],
        "bookings.month": [["2026-09-30", 128e6], ["2026-10-31", 64e6]],
        "receivables.overdue": [["2025-10-31", 8e6], ["2026-09-30", 8e6]],
    }
    handed = {"10_target_breakdown": _handed("10_target_breakdown", figures=figures, history=history)}
    context = _context(handed)
    assert (context["yards"], context["head_yards"]) == (["to last year"], ["to last year"])
    assert [len(row["against"]) for row in context["result"]] == [1]
    assert context["headline"] == "October 2026 brought 64.0M: 20.0% less than a year before"
    assert context["result"][0]["step"] == "−50.0% on last month"
    overdue = context["tiles"][1]["against"][0]
    assert (overdue["mark"], overdue["word"], overdue["against_it"]) == ("▲", "worse", True)
    running = _context(
        handed, as_of=dt.date(2026, 10, 30)
    )  # a month that still runs has no month to stand beside
    assert running["result"][0]["step"] == ""
    first = {"bookings.month": history["bookings.month"]}
    begun = _context({"10_target_breakdown": _handed("10_target_breakdown", figures=figures, history=first)})
    assert begun["headline"] == "October 2026 brought 64.0M: 50.0% less than the month before"
    assert begun["yards"] == []


@pytest.mark.parametrize(
    ("value", "base", "said"),
    [
        (50_700.0, 50_699.453, ""),
        (51_247.0, 50_700.0, "+550"),
        (977.5e6, 1000e6, "−22M"),  # 977M less 1,000M is no finer than these are written
        (63.97e6, 71.5e6, "−7.53M"),
        (2_000.0, 1_000.0, "+1.00K"),
        (5.0, 0.0, "+5.00"),
    ],
)
def test_a_difference_is_as_exact_as_the_larger_of_its_numbers(value: float, base: float, said: str) -> None:
    found = variance(value, base, "money", EN)
    assert found is not None
    assert found["difference"] == said


def test_what_the_first_lines_say_is_not_said_again() -> None:
    figures = {"forecast.hit_probability": _figure(0.32, "share"), "target.year": _figure(1000e6)}
    changes = [
        {
            "text": "Probability of reaching the year's target",
            "size": 1e9,
            "numbers": "60% → 32%",
            "good": False,
        },
        {"text": "Open pipeline", "size": 1.0, "good": True},
    ]
    page = "10_target_breakdown"
    leads = ["We are behind (probability 32%).", "East lacks most."]
    said = {"odds.said": [["2026-09-30", 0.6]]}
    context = _context({page: _handed(page, figures=figures, history=said, changes=changes, leads=leads)})
    assert [change["text"] for change in context["changes"]] == ["Open pipeline"]
    assert context["cards"][0]["answer"] == "East lacks most."
    first = _context({page: _handed(page, figures=figures, changes=changes, leads=leads[:1])})
    assert len(first["changes"]) == 2  # nothing above says how they moved
    assert first["cards"][0]["answer"] == leads[0]


def test_who_speaks_on_monday_answers_for_decisions_by_number_and_for_those_of_last_month() -> None:
    asked = [
        {"id": "a", "what": "A", "why": "", "owner": "Li", "due": None, "at_stake": 2e6},
        {"id": "b", "what": "B", "why": "", "owner": "Wu", "due": None, "at_stake": 1e6},
        {"id": "c", "what": "C", "why": "", "owner": "Li", "due": None, "at_stake": None},
    ]
    before = [
        {"text": "Old", "owner": "Wu", "word": "not yet", "status": "watch", "amount": 5e6},
        {"text": "Done", "owner": "Li", "word": "done", "status": "ahead", "amount": None},
        {"text": "Call", "owner": "Ma", "word": "ask the owner", "status": "", "amount": None},
    ]
    handed = {"60_sprint_retrospective": _handed("60_sprint_retrospective", decisions=asked, settled=before)}
    context = _context(handed)
    assert [tuple(row.values()) for row in context["agenda"]] == [
        ("Li", "decisions 1 and 3"),
        ("Wu", "decision 2 and 1 of last month"),
        ("Ma", "1 of last month"),
    ]
    assert [one["mark"] for one in context["settled"]] == ["●", "▲", ""]


def test_a_number_that_is_missing_says_why() -> None:
    (tile,) = tiles({"funnel.win_rate": _figure(None, "share", reason="No deals.")}, {}, as_of=AS_OF, say=EN)
    assert tile["reason"] == "No deals."


def test_a_sparkline_leaves_a_gap_where_a_month_is_missing() -> None:
    drawn = ElementTree.fromstring(sparkline([1, 2, None, 4, 3], label="<x>"))
    assert drawn.attrib["aria-label"] == "<x>"
    assert drawn[0].attrib["d"].count("M") == 2
    bars = ElementTree.fromstring(sparkline([1.0, 2.0], bars=True, label="x"))
    assert float(bars[0].attrib["height"]) * 2 == pytest.approx(float(bars[1].attrib["height"]), abs=0.11)


def test_decisions_come_with_the_most_money_first() -> None:
    asked = [
        {"id": "a", "what": "A", "why": "", "owner": "", "due": None, "at_stake": None},
        {"id": "b", "what": "B", "why": "", "owner": "Li", "due": "2026-11-06", "at_stake": 9.6e6},
        {"id": "c", "what": "C", "why": "", "owner": "Li", "due": "2026-11-03", "at_stake": 21e6},
    ]
    handed = {"50_risk_control": _handed("50_risk_control", decisions=asked)}
    shown = decisions(handed, asked_before={"c"}, say=EN)
    assert [decision["again"] for decision in shown] == [True, False, False]
    assert [decision["what"] for decision in shown] == ["C", "B", "A"]
    known = {
        "number": 2,
        "owners": ["Li"],
        "what": "B",
        "why": "",
        "owner": "Li",
        "due": "6 Nov",
        "at_stake": "9.60M",
        "again": False,
    }
    assert shown[1] == known | {"again": False}
    assert shown[2]["due"] == "–"


def test_decisions_of_one_kind_are_asked_for_as_one() -> None:
    def silent(name: str, owner: str, due: str, money: float) -> dict[str, Any]:
        why = f"{name} is silent"
        return {"id": f"silent-{name}", "what": f"Visit {name}", "why": why, "subject": name} | {
            "owner": owner,
            "due": due,
            "at_stake": money,
        }

    asked = [silent("B", "Li", "2026-11-07", 2e6), silent("A", "Wu", "2026-11-06", 3e6)]
    asked.append({**silent("C", "Li", "2026-11-07", 1e6), "id": "gap-East"})
    handed = {"20_customer_segmentation": _handed("20_customer_segmentation", decisions=asked)}
    together, alone = decisions(handed, asked_before={"silent-B"}, say=EN)
    assert together == {
        "number": 1,
        "owners": ["Wu", "Li"],
        "what": "Visit A and B and learn why their orders stopped",
        "why": "The largest: a is silent",
        "owner": "Wu, Li",
        "due": "6 Nov",
        "at_stake": "5.00M",
        "again": True,
    }
    assert (alone["what"], alone["again"]) == ("Visit C", False)
    (single,) = decisions(
        {"20_customer_segmentation": _handed("20_customer_segmentation", decisions=asked[:1])}, say=EN
    )
    assert single["what"] == "Visit B"


def test_a_change_says_better_or_worse_by_shape_and_word() -> None:
    moved = [
        {"text": "Overdue", "numbers": "1M → 2M", "size": 1e6, "good": False},
        {"text": "Won", "size": 5},
    ]
    handed = {"50_risk_control": _handed("50_risk_control", changes=moved)}
    context = _context(handed)
    worse, neither = context["changes"]
    assert (worse["mark"], worse["word"], worse["numbers"]) == ("▼", "worse", "1M → 2M")
    assert (neither["mark"], neither["word"]) == ("", "")


def test_a_line_that_hardly_moves_is_drawn_level() -> None:
    def heights(values: list[float | None]) -> list[float]:
        path = ElementTree.fromstring(sparkline(values, label="x"))[0].attrib["d"]
        return [float(point.split(" ")[1]) for point in path[1:].split("L")]

    calm, steep = heights([305.0, 306.0, 307.0]), heights([100.0, 200.0, 300.0])
    assert max(calm) - min(calm) < 2
    assert max(steep) - min(steep) == pytest.approx(24, abs=0.1)  # from zero: two thirds of the height
    assert heights([5.0, 5.0, 5.0]) == [22.0, 22.0, 22.0]


def test_a_mail_has_five_sentences_and_the_paper_the_largest_change_first() -> None:
    handed = {
        "10_target_breakdown": _handed(
            "10_target_breakdown", leads=["One.", "Two.", "Not this."], changes=[{"text": "small", "size": 1}]
        ),
        "20_customer_segmentation": _handed("20_customer_segmentation", leads=["Three.", "Not this."]),
        "30_funnel_diagnosis": _handed(
            "30_funnel_diagnosis", leads=["Four."], changes=[{"text": "large", "size": -5}]
        ),
        "40_team_enablement": _handed("40_team_enablement", leads=["Card only."]),
        "50_risk_control": _handed("50_risk_control", leads=["Five."]),
    }
    context = _context(handed, failed=["60_sprint_retrospective"])
    assert sentences(handed) == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert [change["text"] for change in context["changes"]] == ["large", "small"]
    assert context["previous"] == "Sep"
    assert [card["failed"] for card in context["cards"]] == [False] * 5 + [True]
    header = HEADER | {"company": "<Demo> & Co"}
    page = render("index.html.j2", say=EN, header=header, nav=navigation("index", say=EN), **context)
    assert "&lt;Demo&gt; &amp; Co" in page
    assert "<Demo>" not in page
    assert "<script" not in page


def test_one_file_is_lean_and_says_the_same() -> None:
    page = '<p class="a b" id="x"><td role="cell" data-label="Money" data-unit="a=b">1 &lt; 2</td><img src="data:1"/><path d="M0 0" fill="var(--ahead)"/>'
    told = lean(page)
    assert told == (
        '<p class="a b" id="x"><td role=cell data-label=Money data-unit="a=b">1 &lt; 2</td>'
        '<img src="data:1"/><path d="M0 0" fill="var(--ahead)"/>'  # before a slash the quotes are needed
    )


def test_a_card_does_not_repeat_its_page_in_the_question() -> None:
    context = _context(
        {},
        questions={
            "50_risk_control": "Risk: what could cost us the year?",
            "30_funnel_diagnosis": "Where deals get stuck",
        },
    )
    asked = {card["label"]: card["question"] for card in context["cards"]}
    assert asked["Risk"] == "What could cost us the year?"
    assert asked["Funnel"] == "Where deals get stuck"


def test_an_empty_pack_still_has_a_first_page() -> None:
    context = _context({}, as_of=dt.date(2026, 1, 31))
    page = render("index.html.j2", say=EN, header=HEADER, nav=navigation("index", say=EN), **context)
    assert "<h1>October 2026 at C</h1>" in page
    assert "No decision is asked for this month." in page
    assert context["previous"] == "Dec"


def test_a_section_leaves_its_style_behind() -> None:
    assert without_style("<style>.a{}</style><div>x</div>") == "<div>x</div>"
    assert without_style("<div>x</div>") == "<div>x</div>"


def test_months_before_the_data_begin_are_not_drawn() -> None:
    points = [[f"2026-{month:02}-28", value] for month, value in enumerate([None, 0, 5, 6, 7], start=1)]
    (tile,) = tiles(
        {"customers.active": _figure(7, "count")}, {"customers.active": points}, as_of=AS_OF, say=EN
    )
    assert tile["first_month"] == "Mar"


def test_numbers_that_the_data_do_not_give_are_told_in_a_fold() -> None:
    figures = {
        "funnel.win_rate": _figure(None, "share", reason="No deals."),
        "customers.active": _figure(7, "count"),
    }
    handed = {"30_funnel_diagnosis": _handed("30_funnel_diagnosis", figures=figures)}
    context = _context(handed)
    page = render("index.html.j2", say=EN, header=HEADER, nav=navigation("index", say=EN), **context)
    assert page.count('class="n value"') == 1
    assert page.index("<details") < page.index("No deals.") < page.index("</details>")


def test_a_month_is_asked_for_seven_decisions_at_most_and_nobody_is_coached_twice() -> None:
    asked = [
        Decision(f"line-{place}", f"Do {place}", "why", "Ana", dt.date(2026, 11, 9), float(place))
        for place in range(10)
    ]
    coach = [
        Decision("coaching-R1", "Coach Bo", "why", "Ana", dt.date(2026, 11, 9), 50.0, coached=("Bo",)),
        Decision(
            "pitch-R1", "Coach Bo and Li", "why", "Ana", dt.date(2026, 11, 9), 60.0, coached=("Bo", "Li")
        ),
    ]
    page = _handed("40_team_enablement", decisions=[one.to_json(EN) for one in asked + coach])
    shown = decisions({"40_team_enablement": page}, say=EN)
    assert [one["what"] for one in shown] == [
        "Coach Bo and Li",
        *(f"Do {place}" for place in range(9, 3, -1)),
    ]


def test_no_two_decisions_contradict_and_nobody_is_asked_twice_for_one_thing() -> None:
    day = dt.date(2026, 11, 9)
    asked = [
        Decision("relief-A", "Hand customers over to Bo", "why", "Ana", day, 90.0, loaded=("Bo",)),
        Decision("coaching-R1", "Coach Bo", "why", "Ana", day, 80.0, coached=("Bo",)),
        Decision("coaching-R2", "Coach Li", "why", "Ana", day, 70.0, coached=("Li",)),
        Decision("relief-B", "Hand customers over to Li", "why", "Ana", day, 60.0, loaded=("Li", "Wu")),
        Decision("line-Pumps", "Give Pumps up or sell them", "why", "", day, 50.0),
        Decision("funnel-line-Pumps", "Give Pumps a new price", "why", "", day, 40.0),
        Decision("funnel-line-Drives", "Give Drives a new price", "why", "", day, 30.0),
        Decision("contact-C1", "Call X this week", "why", "Ana", day, 20.0, subject="X"),
        Decision("silent-C1", "Visit X", "why", "Ana", day, 10.0, subject="X"),
    ]
    page = _handed("40_team_enablement", decisions=[one.to_json(EN) for one in asked])
    assert [one["what"] for one in decisions({"40_team_enablement": page}, say=EN)] == [
        "Hand customers over to Bo",
        "Coach Li",
        "Give Pumps up or sell them",
        "Give Drives a new price",
        "Visit X",
    ]
