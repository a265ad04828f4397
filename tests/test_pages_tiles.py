"""The director's page is put together from what the notebooks handed over."""

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest

from salesnb.headlines import Decision
from salesnb.language import Language
from salesnb.report.index import decisions, index_context, navigation
from salesnb.report.pages import render, without_style
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


def test_a_tile_stands_against_its_target_by_shape_word_and_number() -> None:
    metrics = {"bookings.month": _figure(78.4e6), "target.month": _figure(92e6)}
    (tile,) = tiles(metrics, {"bookings.month": [["2026-09-30", 99e6], ["2026-10-31", 78.4e6]]}, say=EN)
    assert tile["value"] == "78.4M"
    assert (tile["status"], tile["mark"], tile["verdict"]) == ("behind", "▼", "behind: 85.2% of 92.0M")
    assert tile["last"] == "Sep: 99.0M"
    assert tile["spark"] == ""


def test_a_number_that_begins_anew_each_year_draws_its_share_of_target() -> None:
    months = ["2025-12-31", "2026-01-31", "2026-02-28"]
    history = {
        "bookings.ytd": list(map(list, zip(months, [900e6, 60e6, 130e6], strict=True))),
        "attainment.ytd": list(map(list, zip(months, [0.97, 0.8, 0.9], strict=True))),
    }
    metrics = {
        "bookings.ytd": _figure(130e6),
        "target.ytd": _figure(144e6),
        "attainment.ytd": _figure(0.9, "share"),
    }
    (tile,) = tiles(metrics, history, say=EN)
    assert tile["shows"] == "share of target"
    assert "from 97% to 90%" in tile["spark"]
    assert "stroke-dasharray" in tile["spark"]  # the target: 100%
    (alone,) = tiles(
        metrics | {"bookings.ytd": _figure(130e6)}, {"bookings.ytd": history["bookings.ytd"]}, say=EN
    )
    assert alone["shows"] == ""
    assert "stroke-dasharray" not in alone["spark"]


def test_less_overdue_is_better_and_a_hundredth_is_level() -> None:
    history = {
        "receivables.overdue": [["2026-09-30", 17.9e6], ["2026-10-31", 14.2e6]],
        "customers.active": [["2026-09-30", 311], ["2026-10-31", 312]],
    }
    metrics = {"receivables.overdue": _figure(14.2e6), "customers.active": _figure(312, "count")}
    active, overdue = tiles(metrics, history, say=EN)
    assert overdue["verdict"] == "better: 17.9M in Sep"
    assert overdue["status"] == "ahead"
    assert active["verdict"] == "level: 311 in Sep"
    assert active["mark"] == "="


def test_a_number_that_is_missing_says_why() -> None:
    (tile,) = tiles({"funnel.win_rate": _figure(None, "share", reason="No deals.")}, {}, say=EN)
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
    known = {"what": "B", "why": "", "owner": "Li", "due": "6 Nov", "at_stake": "9.60M", "again": False}
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
    context = index_context(handed, questions={}, cover={}, as_of=dt.date(2026, 10, 31), say=EN)
    worse, neither = context["changes"]
    assert (worse["mark"], worse["word"], worse["numbers"]) == ("▼", "worse", "1M → 2M")
    assert (neither["mark"], neither["word"]) == ("", "")


def test_a_card_does_not_say_again_what_the_month_says() -> None:
    card = {"name": "x", "finding": "Found.", "subtitle": "", "html": "<svg/>"}
    handed = {
        page: _handed(page, leads=["Said."], card=card) for page in ("50_risk_control", "40_team_enablement")
    }
    context = index_context(handed, questions={}, cover={}, as_of=dt.date(2026, 10, 31), say=EN)
    answers = {shown["label"]: shown["answer"] for shown in context["cards"]}
    assert answers["Risk"] == ""
    handed["40_team_enablement"]["leads"] = ["Said here only."]
    context = index_context(handed, questions={}, cover={}, as_of=dt.date(2026, 10, 31), say=EN)
    assert {shown["label"]: shown["answer"] for shown in context["cards"]}["Team"] == "Said here only."


def test_a_line_that_hardly_moves_is_drawn_level() -> None:
    def heights(values: list[float | None]) -> list[float]:
        path = ElementTree.fromstring(sparkline(values, label="x"))[0].attrib["d"]
        return [float(point.split(" ")[1]) for point in path[1:].split("L")]

    calm, steep = heights([305.0, 306.0, 307.0]), heights([100.0, 200.0, 300.0])
    assert max(calm) - min(calm) < 2
    assert max(steep) - min(steep) == pytest.approx(24, abs=0.1)  # from zero: two thirds of the height
    assert heights([5.0, 5.0, 5.0]) == [22.0, 22.0, 22.0]


def test_the_first_screen_has_five_sentences_and_the_largest_change_first() -> None:
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
    context = index_context(
        handed,
        questions={},
        failed=["60_sprint_retrospective"],
        cover={},
        as_of=dt.date(2026, 10, 31),
        say=EN,
    )
    assert [said["text"] for said in context["says"]] == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert [change["text"] for change in context["changes"]] == ["large", "small"]
    assert [said["label"] for said in context["says"][:3]] == ["Where we stand", "The gap", "Customers"]
    assert context["previous"] == "Sep"
    assert [card["failed"] for card in context["cards"]] == [False] * 5 + [True]
    header = {
        "company": "<Demo> & Co",
        "month": "October 2026",
        "scope": "all regions",
        "as_of": "",
        "data_to": "31 Oct",
    }
    page = render("index.html.j2", say=EN, header=header, nav=navigation("index", say=EN), **context)
    assert "&lt;Demo&gt; &amp; Co" in page
    assert "<Demo>" not in page
    assert "<script" not in page


def test_a_card_does_not_repeat_its_page_in_the_question() -> None:
    context = index_context(
        {},
        questions={
            "50_risk_control": "Risk: what could cost us the year?",
            "30_funnel_diagnosis": "Where deals get stuck",
        },
        cover={},
        as_of=dt.date(2026, 1, 31),
        say=EN,
    )
    asked = {card["label"]: card["question"] for card in context["cards"]}
    assert asked["Risk"] == "What could cost us the year?"
    assert asked["Funnel"] == "Where deals get stuck"


def test_an_empty_pack_still_has_a_first_page() -> None:
    context = index_context({}, questions={}, cover={}, as_of=dt.date(2026, 1, 31), say=EN)
    header = {"company": "C", "month": "January 2026", "scope": "all", "as_of": "", "data_to": ""}
    page = render("index.html.j2", say=EN, header=header, nav=navigation("index", say=EN), **context)
    assert "No page has an answer for this month." in page
    assert context["previous"] == "Dec"


def test_a_section_leaves_its_style_behind() -> None:
    assert without_style("<style>.a{}</style><div>x</div>") == "<div>x</div>"
    assert without_style("<div>x</div>") == "<div>x</div>"


def test_without_a_target_the_year_is_held_against_the_year_before() -> None:
    history = {"bookings.ytd": [["2026-09-30", 9e6], ["2026-10-31", 10e6]]}
    metrics = {"bookings.ytd": _figure(10e6), "bookings.prior_ytd": _figure(12e6)}
    (tile,) = tiles(metrics, history, say=EN)
    assert (tile["mark"], tile["verdict"], tile["yardstick"]) == ("▼", "worse: 12.0M a year before", "")
    (alone,) = tiles({"bookings.ytd": _figure(10e6)}, history, say=EN)
    assert alone["verdict"] == ""  # a sum that only grows is no better than last month's


def test_months_before_the_data_begin_are_not_drawn() -> None:
    points = [[f"2026-{month:02}-28", value] for month, value in enumerate([None, 0, 5, 6, 7], start=1)]
    (tile,) = tiles({"customers.active": _figure(7, "count")}, {"customers.active": points}, say=EN)
    assert tile["first_month"] == "Mar 5"


def test_numbers_that_the_data_do_not_give_are_told_in_a_fold() -> None:
    figures = {
        "funnel.win_rate": _figure(None, "share", reason="No deals."),
        "customers.active": _figure(7, "count"),
    }
    handed = {"30_funnel_diagnosis": _handed("30_funnel_diagnosis", figures=figures)}
    context = index_context(handed, questions={}, cover={}, as_of=dt.date(2026, 10, 31), say=EN)
    header = {"company": "C", "month": "October 2026", "scope": "all", "as_of": "", "data_to": ""}
    page = render("index.html.j2", say=EN, header=header, nav=navigation("index", say=EN), **context)
    assert page.count('class="tile"') == 1
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
