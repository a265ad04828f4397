"""A verdict holds together, travels as codes, and every one is told to readers of findings.json."""

import json
import re
from pathlib import Path

import pytest

from salesnb.display.verdicts import prose as verdict_prose
from salesnb.findings import ASKED, BASES, CONCLUSIONS, IDS, RIVALS, UNITS, Finding
from salesnb.language import Language

TOLD = (Path(__file__).parents[1] / "data" / "README.md").read_text(encoding="utf-8")
MIX = Finding(
    "line.fell", "explained", "Alpha", "mix", -0.2, -0.3, -0.1, 0.001, 0.05, "account", 3, {"mix": 0.86, "maturity": 0.0},
    "2026-02-01/2026-10-31", "year_before",
)  # fmt: skip


def test_a_finding_is_read_back_as_it_was_written():
    written = json.loads(json.dumps(MIX.to_json()))
    assert written["rivals"] == {"mix": 0.86, "maturity": 0}
    assert Finding.from_json(written | {"page": "30_funnel_diagnosis", "scope": ""}) == MIX


def test_what_is_unknown_is_null():
    assert Finding("line.fell", "none", value=float("nan")).to_json()["value"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "line.rose"},
        {"conclusion": "perhaps"},
        {"conclusion": "explained"},  # by what?
        {"conclusion": "found", "by": "mix"},
        {"conclusion": "cannot_tell", "by": "weather"},
        {"conclusion": "pitch"},  # of another verdict
        {"conclusion": "found", "p": 1.5},
        {"conclusion": "found", "value": 1.0, "low": 2.0},
        {"conclusion": "found", "looks": 0},
        {"conclusion": "found", "unit": "row"},
        {"conclusion": "found", "rivals": {"weather": 0.5}},
    ],
)
def test_a_finding_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|by|only"):
        Finding(**({"id": "line.fell", "conclusion": "none"} | wrong))


def test_every_code_is_told_to_the_readers_of_the_file():
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| ([^|]+) \|(.*)\|$", TOLD, flags=re.M)
    assert {code: claim for code, claim, _ in rows} == dict(IDS)
    asked = {code: tuple(re.findall("`([a-z_]+)`", causes)) for code, _, causes in rows}
    assert asked == {code: ASKED.get(code, ()) for code in IDS}
    for code in (*CONCLUSIONS, *RIVALS, *UNITS, *BASES):
        assert f"`{code}`" in TOLD, code


CHANGES = {  # verdicts on a change: what could else have changed?
    "line.fell", "line.why", "line.split", "stage.bottleneck", "stage.slower", "cohort.unlike", "pipeline.open_value", "pipeline.win_rate",
    "pipeline.zombie_value", "receivables.overdue", "price.war", "event.aftermath", "account.silent", "account.slower", "course.lift",
    "team.overloaded", "bookings.surprise", "attainment.turned", "gap.few_hands", "sprint.pull_forward", "sprint.effect", "quarter.bunching", "deals.dried_up",
    "decision.worked",
}  # fmt: skip
LINES, PIPELINE = (
    {"line.fell", "line.why", "line.split"},
    {one for one in CHANGES if one.startswith("pipeline.")},
)
STAGES = {"stage.bottleneck", "stage.slower", "cohort.unlike"}
ACCOUNTS, MONEY = (
    {"account.silent", "account.slower"},
    {"bookings.surprise", "attainment.turned", "gap.few_hands"},
)
ENDS = {"sprint.pull_forward", "sprint.effect", "quarter.bunching"}
NEEDLESS: dict[str, list[tuple[str, set[str]]]] = {  # rival → why it is not asked, of which verdicts
    "mix": [
        ("counts money or debts, which have no other deals to be mixed with", PIPELINE | MONEY | {"receivables.overdue", "deals.dried_up"} | ENDS),
        ("is about one line, account or team alone", ACCOUNTS | {"price.war", "event.aftermath", "team.overloaded", "decision.worked"}),
        ("the expectation is fitted by person and by line and half year", {"course.lift"}),
    ],
    "maturity": [
        ("deals are watched for as long on either side, or compared at one age", {"stage.slower", "cohort.unlike"}),
        ("what is counted is over on its day", PIPELINE | MONEY | ENDS | {"receivables.overdue", "price.war", "event.aftermath", "team.overloaded", "decision.worked"}),
        ("an account is held against its own rhythm, from its first order on", ACCOUNTS),
        ("is about deals that are not there", {"deals.dried_up"}),
    ],
    "calendar": [
        ("is held against the same months of the year before", LINES | {"gap.few_hands", "team.overloaded"}),
        ("the four quarters are a whole year, and what a quarter converts is asked at equal age and mix", {"stage.bottleneck"}),
        ("the month is foreseen from its own season and working days", {"bookings.surprise"}),
        ("every quarter of the expectation has a level of its own", {"course.lift"}),
        ("is a habit of the calendar itself", {"quarter.bunching"}),
        ("the run of months is held against the other regions of the year", {"price.war"}),
        ("as many months are held against the same ones of the year before", {"deals.dried_up"}),
        ("is held against the others in the same months", {"decision.worked"}),
    ],
    "past": [
        ("is held against the own past already", LINES | STAGES | PIPELINE | MONEY | ENDS | {"receivables.overdue", "event.aftermath", "account.slower", "course.lift", "team.overloaded", "deals.dried_up", "decision.worked"}),
    ],
    "selection": [
        ("nobody was sent or chosen", CHANGES - {"course.lift", "decision.worked"}),
    ],
    "regression": [
        ("lines, stages, quarters and months are all looked at and corrected for: none is chosen for a peak", LINES | STAGES | PIPELINE | MONEY | ACCOUNTS | ENDS | {"receivables.overdue", "price.war", "team.overloaded", "deals.dried_up"}),
        ("is the half year before the course, asked as selection", {"course.lift"}),
    ],
    "one_large": [
        ("counts deals by account, days, orders or hours, whatever their money", LINES | STAGES | ACCOUNTS | {"price.war", "course.lift", "pipeline.win_rate", "team.overloaded", "deals.dried_up"}),
        ("one large order widens the band of what is noise", {"gap.few_hands", "sprint.pull_forward", "sprint.effect", "quarter.bunching"}),
        ("the old deals are told one by one beside it, the largest first", {"pipeline.zombie_value"}),
        ("its rank among like cases counts one large order once", {"decision.worked"}),
        ("a peak before the event, one order too, is asked as regression", {"event.aftermath"}),
    ],
    "records": [
        ("old deals that are closed at once have ages of their own, and are compared with such", LINES | {"cohort.unlike"}),
        ("closing old deals ends stays, it makes none longer, and leaves young quarters as they are", {"stage.slower", "stage.bottleneck"}),
        ("halves of the year end where the records do", {"account.slower"}),
        ("a table that has ended says nothing", {"deals.dried_up", "sprint.pull_forward", "sprint.effect", "quarter.bunching", "gap.few_hands", "decision.worked"}),
        ("open invoices and orders are as they are kept, there is nothing to clean up", {"receivables.overdue", "price.war", "event.aftermath", "team.overloaded", "course.lift"}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("rival", RIVALS)
def test_each_verdict_on_a_change_asks_each_rival_or_says_why_not(rival):
    asked = {code for code in CHANGES if rival in ASKED.get(code, ())}
    reasons = [code for _, codes in NEEDLESS[rival] for code in sorted(codes)]
    assert len(reasons) == len(set(reasons))
    assert not asked & set(reasons)
    assert asked | set(reasons) == CHANGES
    assert set(ASKED) <= set(IDS)


def test_what_a_verdict_is_about_is_said_in_words() -> None:
    worked = Finding("decision.worked", "cannot_tell", member="action/discount:team", unit="account")
    act = Finding("account.act", "none", member="case_visit", unit="account")
    say = Language("en")
    assert [say.text(one) for one in verdict_prose.members([worked, act])] == [
        "Finish an action, discount off list",
        "visits to a reference",
    ]
