"""A sprint traced back to working days, its verdict squad by squad, and the smallest changes that make it feasible."""

import io
import math
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

from salesnb.analysis import capacity, sprints, tiers
from salesnb.analysis.sprints import pipeline, work
from salesnb.display.kit.grid import Column
from salesnb.display.kit.workbook import Sheet, workbook
from salesnb.display.sprints import charts, prose, tables
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from salesnb.language import Language
from salesnb.plan import Sprint

BEFORE = pd.Timestamp("2026-10-01")
TODAY = pd.Timestamp("2026-10-31")
SAY = Language("en", currency="CNY")
REPS = pd.DataFrame({"rep_id": ["R1", "R2"], "team": ["A", "B"], "hired_on": pd.NaT, "left_on": pd.NaT})
DEALS = pd.DataFrame(
    {
        "rep_id": ["R1", "R2"],
        "created_on": pd.to_datetime(["2026-05-01", "2026-05-01"]),
        "closed_on": pd.to_datetime(["2026-05-11", "2026-05-11"]),
        "outcome": ["won", "lost"],
        "amount": [10.0, 10.0],
    }
)
LEADS = pd.DataFrame({"day": pd.to_datetime(["2026-05-01"]), "created": [20], "converted": [4]})
VISITS = pd.DataFrame(
    {"day": pd.to_datetime(["2026-05-01"]), "kind": ["visit"], "count": [3], "timed": [3], "minutes": [180.0]}
)
# twelve months of deals that are won 15 days after they were created, if at all; the last one is open when the sprint begins
USUAL = pd.DataFrame(
    [
        ("R1", begin - pd.Timedelta(days=10), begin + pd.Timedelta(days=5), outcome, 10.0)
        for begin in pd.date_range("2026-10-01", periods=13, freq="-31D")
        for outcome in ["won", "lost"] * 10
    ],
    columns=["rep_id", "created_on", "closed_on", "outcome", "amount"],
)


def sprint(**settings) -> Sprint:
    return Sprint.model_validate(
        {"name": "S", "start": "2026-10-01", "end": "2026-10-31", "target": 220, **settings}
    )


def built(
    plan: Sprint, *, deals=DEALS, visits=VISITS, reps=REPS, hours=7.0, **settings
) -> sprints.SprintPlan:
    given = {"as_of": TODAY, "key_accounts": 0, "cadence": None, "hours_per_day": hours, **settings}
    return sprints.build(plan, deals, LEADS, visits, reps, **given)


def measured() -> sprints.Rates:
    return sprints.rates(DEALS, LEADS, VISITS, before=BEFORE)


def tasks(plan: Sprint, *, key_accounts: int = 0, opened: float = 0.0) -> pd.DataFrame:
    # half of the deals created in a month are won in it, for 10 each; a fifth of the leads becomes one
    found = work.Sources(asked=plan.target, opened=opened, fresh=0.0, leads=0.0, per_lead=1.0)
    return work.tasks(plan, measured(), key_accounts=key_accounts, found=found).set_index("task")


def test_rates_of_a_hand_worked_year():
    found = measured()
    assert (
        found.lead_conversion,
        found.win_rate,
        found.deal_size,
        found.days_to_win,
        found.visits_per_win,
    ) == (0.2, 0.5, 10, 10, 3)
    assert found.minutes["visits"] == 60


def test_the_target_is_traced_back_to_each_working_day():
    found = tasks(sprint())
    assert found.loc["visits", "needed"] == pytest.approx(22 * 3 / 22)
    assert found.loc["quotes", "needed"] == pytest.approx(44 / 22)
    assert found.loc["leads", "needed"] == pytest.approx(220 / 22)
    assert found.loc["visits", "hours"] == pytest.approx(3)


def test_open_deals_save_leads():
    found = tasks(sprint(), key_accounts=7, opened=220)
    assert found.loc["leads", "needed"] == 0
    assert found.loc["key_account_contacts", "planned"] == pytest.approx(31 / 22)


def test_an_open_deal_counts_at_the_chance_of_its_age_in_money():
    """In September 30 of 40 open were won: what is open in October counts three quarters; the young have no other past."""
    deals = pd.DataFrame(
        {
            "rep_id": ["R1", "R2", None],
            "created_on": pd.to_datetime(["2026-08-15", "2026-08-20", "2026-09-20"]),
            "closed_on": pd.to_datetime(["2026-09-10", None, None]),
            "outcome": ["won", "open", "open"],
            "amount": [30.0, 10.0, None],
        }
    )
    found = pipeline.coming(deals, sprint(), as_of=TODAY, deal_size=4.0)
    assert found.ages["chance"].tolist() == [0.75]
    assert found.amount == 14  # a missing amount counts as the mean won one
    assert found.expected == pytest.approx(10.5)
    assert found.by_rep.to_dict() == pytest.approx({"R2": 7.5, "": 3.0})
    assert pipeline.coming(deals.iloc[2:], sprint(), as_of=TODAY, deal_size=4.0) is None


def test_a_sprint_ahead_is_traced_back_with_months_that_are_known():
    ahead = built(sprint(start="2026-12-01", end="2026-12-31"), as_of=pd.Timestamp("2026-09-30"))
    assert ahead.measured == measured()
    assert "before 1 Oct 2026" in str(prose.caveat(ahead))


def test_zombies_count_nothing_and_the_young_what_their_like_brought():
    dead = pd.DataFrame(
        {
            "rep_id": "R2",
            "created_on": pd.Timestamp("2023-01-01"),
            "closed_on": pd.NaT,
            "outcome": "open",
            "amount": [1000.0] * 20,
        }
    )
    found = pipeline.coming(pd.concat([USUAL, dead]), sprint(), as_of=TODAY, deal_size=10.0)
    assert found.amount == 20 * 10 + 20_000
    assert found.expected == pytest.approx(
        100
    )  # half of 200, nothing of 20,000; a win rate of 50% would have said 10,100
    assert found.lifted(1.5).expected == pytest.approx(150)
    assert found.lifted(3).expected == pytest.approx(200)  # no deal is won more than once


def test_a_sprint_ahead_is_judged_by_what_is_open_today():
    ahead = sprint(start="2026-10-15", end="2026-10-31")
    today = pd.Timestamp("2026-09-30")
    found = pipeline.coming(USUAL, ahead, as_of=today, deal_size=10.0)
    # deals are won 15 days after they began: those that are 10 days old on the day before will have been won before the sprint
    assert found.amount == 200
    assert found.expected == 0


def test_deals_created_within_a_sprint_count_by_what_such_brought():
    found = pipeline.coming(DEALS, sprint(), as_of=TODAY, deal_size=10.0)
    assert found is None  # nothing was ever open at the beginning of such a month
    both = pd.concat([DEALS, USUAL])
    found = pipeline.coming(both, sprint(), as_of=TODAY, deal_size=10.0)
    assert found.fresh == pytest.approx(10 / found.spans)
    assert found.fresh_chance == pytest.approx(1 / (2 + 20 * (found.spans)))


# the verdict ----------------------------------------------------------------------------------------------------------

FOUR = pd.DataFrame({"rep_id": ["R1", "R2", "R3", "R4"], "team": "T", "hired_on": pd.NaT, "left_on": pd.NaT})
AIMS = pd.Series({"R1": 55.0, "R2": 15.0, "R3": 15.0, "R4": 15.0})
SQUADS = {"East": ["R1", "R2"], "West": ["R3", "R4"]}


def uneven(visits: float, **settings) -> sprints.SprintPlan:
    """28 hours a day; East carries 70% of the work with half of them. A visit takes an hour, and 10 of 220 are asked of deals."""
    plan = sprint(visits_per_day=visits, leads_per_day=0, squads=SQUADS, **settings)
    return built(plan, deals=USUAL, reps=FOUR, targets=AIMS, deal_share=0.25)


def test_a_sprint_is_not_feasible_while_one_squad_is_not():
    found = uneven(20).verdict
    squads = found.squads.set_index("squad")
    assert squads["need"].sum() < squads["hours"].sum()  # all together have hours enough
    # per working day: 20 visits of an hour, 11 / 22 quotes of two hours; East 70%
    assert squads.loc["East", "use"] == pytest.approx(0.7 * (20 + 1) / 14)
    assert squads["verdict"].to_dict() == {"East": "behind", "West": "watch"}  # all open deals are East's
    assert (found.feasible, found.squad, found.constraint) == (False, "East", "hours")
    assert uneven(19).verdict.feasible


def test_each_smallest_change_does_when_the_plan_is_made_anew_and_less_of_it_does_not():
    found = {change.kind: change for change in uneven(20.5).changes}
    # East needs 0.7 × 21.5 × 22 = 331.1 hours of 308: four person-days of seven hours, or one person more
    assert found["lend"].size == math.ceil((0.7 * 21.5 * 22 - 308) / 7) == 4
    assert (found["lend"].squads, found["lend"].donors) == (("East",), ("West",))
    assert (found["people"].size, found["people"].squads) == (1, ("East",))
    assert found["visits"].after == 18.5
    assert uneven(18.5).verdict.feasible
    assert not uneven(19.5).verdict.feasible
    steps = int(found["days"].size)
    ends = pd.bdate_range("2026-11-02", periods=steps)
    pace = 20.5 * 22
    assert uneven(pace / (22 + steps), end=ends[-1].date()).verdict.feasible
    assert not uneven(pace / (22 + steps - 1), end=ends[-2].date()).verdict.feasible
    hired = pd.concat([FOUR, FOUR.iloc[:1].assign(rep_id="R5")])
    joined = sprint(visits_per_day=20.5, leads_per_day=0, squads={**SQUADS, "East": ["R1", "R2", "R5"]})
    assert built(joined, deals=USUAL, reps=hired, targets=AIMS, deal_share=0.25).verdict.feasible
    assert all(change.use <= 1 for change in found.values())


def test_the_target_that_is_feasible():
    # 19.5 visits leave East half an hour a day for quotes, half of what the target needs
    target = next(change for change in uneven(19.5).changes if change.kind == "target")
    assert (target.before, target.after) == (220, pytest.approx(110))
    assert uneven(19.5, target=110).verdict.feasible
    assert not uneven(19.5, target=112.2).verdict.feasible


def short_of_deals(**settings) -> sprints.SprintPlan:
    """Open deals bring 100 of 220; half of the deals that start in the sprint are won in it, for 10 each."""
    quick = USUAL.assign(
        created_on=USUAL["created_on"] + pd.Timedelta(days=11),
        closed_on=USUAL["closed_on"] + pd.Timedelta(days=11),
    )
    given = {"visits_per_day": 3, "leads_per_day": 1, **settings}
    return built(sprint(**given), deals=pd.concat([USUAL, quick]), hours=30.0)


def test_too_few_deals_ask_for_leads_or_conversion():
    found = short_of_deals()
    assert (found.verdict.constraint, found.verdict.squad, found.verdict.feasible) == ("deals", "", False)
    changes = {change.kind: change for change in found.changes}
    assert "people" not in changes  # nobody's hours are missing
    leads, better = changes["leads"], changes["lead_conversion"]
    assert short_of_deals(leads_per_day=leads.after).verdict.feasible
    assert not short_of_deals(leads_per_day=leads.after - 1).verdict.feasible
    assert short_of_deals(lead_conversion=better.after).verdict.feasible
    assert not short_of_deals(lead_conversion=better.after - 0.001).verdict.feasible
    rate = changes["win_rate"]
    assert rate.before == pytest.approx(0.5)
    assert rate.use <= 1


def test_too_few_visits_planned_are_named():
    # 110 deals were won in the year with 440 visits; 5.5 more need 22 visits, one each working day
    visits = VISITS.assign(count=440, timed=440, minutes=440 * 60.0)
    found = built(sprint(visits_per_day=0.5), deals=USUAL, visits=visits, deal_share=0.25)
    assert (found.verdict.constraint, found.verdict.use) == ("visits", pytest.approx(2))
    assert [(change.kind, change.after) for change in found.changes if change.kind == "visits"] == [
        ("visits", 1)
    ]
    assert "needs 1 visit a working day" in str(prose.verdict(found))


def test_where_hours_and_deals_are_short_no_single_change_is_enough():
    found = built(sprint(target=1e9, visits_per_day=1000), deals=USUAL)
    assert not found.verdict.feasible
    assert found.changes == []
    assert "No single change is enough" in str(prose.verdict(found))
    assert tables.changes(found) is None


def test_nobody_assigned_is_said():
    gone = REPS.assign(left_on=pd.Timestamp("2026-01-01"))
    found = built(sprint(visits_per_day=3), deals=USUAL, reps=gone)
    assert found.verdict.use == math.inf
    assert "has work but no hours" in str(prose.verdict(found))


def test_limits():
    nothing = DEALS.iloc[:0]
    empty = sprints.build(
        sprint(), nothing, LEADS.iloc[:0], VISITS.iloc[:0], REPS, as_of=TODAY, key_accounts=0, cadence=None, hours_per_day=7
    )  # fmt: skip
    assert empty.work.empty
    assert empty.verdict is None
    assert empty.coming is None
    assert empty.changes == []
    assert prose.verdict(empty) is None
    assert sprints.build(
        None, DEALS, LEADS, VISITS, REPS, as_of=TODAY, key_accounts=0, cadence=None, hours_per_day=7
    ) is None  # fmt: skip
    assert sprints.which([], as_of=BEFORE) is None
    later = sprint(name="T", start="2026-12-01", end="2026-12-31")
    assert sprints.which([sprint(), later], as_of=TODAY).name == "T"
    assert sprints.which([sprint(), later], as_of=pd.Timestamp("2026-12-31")) is None
    assert "none to judge" in str(prose.verdict(None))


def test_days_are_drawn_only_where_they_differ():
    squads = {"A": ["R1"], "B": ["R2"]}
    assert charts.load(built(sprint(squads=squads))) is None
    leaves = REPS.assign(left_on=pd.to_datetime([None, "2026-10-20"]))
    drawn = charts.load(built(sprint(squads=squads), reps=leaves))
    assert drawn.data["use"].max() == math.inf  # B has nobody from then on
    assert drawn.html(SAY).count("<svg") == 2


def test_squads_share_the_work_as_they_share_the_target():
    plan = built(sprint(squads={"A": ["R1"], "B": ["R2"]}), targets=pd.Series({"R1": 300.0, "R2": 100.0}))
    need = plan.matrix.groupby("squad")["need"].sum()
    assert need["A"] == pytest.approx(3 * need["B"])


def test_the_care_of_all_accounts_is_not_the_squads_alone():
    half = built(sprint(visits_per_day=1, squads={"A": ["R1"]}), cadence=125.0)
    whole = built(sprint(visits_per_day=1, squads={"A": ["R1", "R2"]}), cadence=125.0)
    care = [
        plan.matrix[plan.matrix["task"] == "cadence"].groupby("day")["need"].sum().iloc[0]
        for plan in (half, whole)
    ]
    assert care == pytest.approx([3, 6])  # 125 hours a month are six a working day


def test_the_page_names_squad_resource_and_what_would_do():
    plan = uneven(20.5)
    text = str(prose.verdict(plan))
    assert text.startswith("The sprint S is not feasible: East needs 107.5% of its hours.")
    assert (
        "Any one of these would do: West lends East 4 person-days; East gets one more experienced person; or"
        in text
    )
    assert "in every squad" in str(prose.verdict(uneven(19)))
    assert str(tables.squads(plan).finding) == "Hours are missing in East"
    assert tables.changes(plan).data["kind"].tolist() == [change.kind for change in plan.changes]
    assert tables.open_deals(plan).data["expected"].sum() == pytest.approx(plan.coming.expected)


def test_the_demos_east_has_too_few_hours_though_all_squads_together_have_enough():
    book = open_book(str(Path(__file__).parents[1] / "data" / "demo"), as_of="2026-10-31", scope="")
    reps, aims = facts.reps(book), facts.targets(book)
    year = aims[(aims["dimension"] == "rep") & (aims["period_start"] >= "2026-01-01")]
    ranked = tiers.assign(
        facts.order_days(book), facts.accounts(book), as_of=book.as_of, tiers=book.plan.tiers
    )["tier"].value_counts()
    plan = sprints.build(
        sprints.which(book.plan.sprints, as_of=book.as_of),
        facts.opportunities(book),
        facts.leads(book),
        facts.activity_days(book),
        reps,
        as_of=book.as_of,
        key_accounts=int(ranked["strategic"]),
        cadence=capacity.cadence_hours(ranked, book.plan.tiers),
        targets=year.groupby("member")["amount"].sum(),
        hours_per_day=book.plan.hours_per_day,
        deal_share=0.29,
        country=book.plan.country,
    )
    squads = plan.verdict.squads.set_index("squad")
    assert squads["need"].sum() / squads["hours"].sum() == pytest.approx(0.906, abs=0.01)
    assert (plan.verdict.feasible, plan.verdict.squad, plan.verdict.constraint) == (False, "East", "hours")
    assert squads["verdict"].drop("East").eq("ahead").all()
    assert plan.changes[0].kind == "lend"
    # what is open counts a fraction of what the full win rate would say, zombies included
    assert plan.coming.expected < 0.35 * plan.coming.amount * plan.measured.win_rate
    assert plan.coming.ages["expected"].iloc[-1] == 0


def test_a_regions_page_plans_the_companys_sprint():
    """Squads share the work as everybody's targets do, whosever page it is."""
    root, plans = Path(__file__).parents[1], {}
    notebook = nbformat.read(root / "notebooks" / "10_target_breakdown.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    last = next(place for place, source in enumerate(cells) if "sprints.build" in source)
    for scope in ("", "region=East"):
        names: dict = {}
        for source in cells[: last + 1]:
            exec(
                source.replace('"data/demo"', repr(str(root / "data" / "demo"))).replace(
                    'scope = ""', f'scope = "{scope}"'
                ),
                names,
            )
        plans[scope] = names["push"]
        assert (str(names["book"].scope) if scope else "") == scope
    mine, whole = (plan.verdict.uses for plan in (plans["region=East"], plans[""]))
    by = list(whole.columns)
    pd.testing.assert_frame_equal(*(each.sort_values(by, ignore_index=True) for each in (mine, whole)))
    assert plans[""].verdict.squads["use"].min() > 0.5


def test_the_teams_workbook_opens_and_holds_no_formula_from_the_data():
    squads = {'=HYPERLINK("http://x","East")': ["R1", "R2"], "+West": ["R3", "R4"]}
    plan = sprint(visits_per_day=20, leads_per_day=0, squads=squads)
    found = built(plan, deals=USUAL, reps=FOUR, targets=AIMS, deal_share=0.25, key_accounts=4)
    say = Language("en", currency="CNY")
    shown = tables.tasks(found)
    made = shown.book(say)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames[:3] == ["Day by day", "Tasks", "Squads"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert not [
        cell.value for cell in cells if isinstance(cell.value, str) and cell.value.lstrip()[:1] in "=+-@"
    ]
    days = book["Day by day"]
    head = [cell.value for cell in days[1]]
    rows = [dict(zip(head, (cell.value for cell in row), strict=True)) for row in days.iter_rows(min_row=2)]
    assert len(rows) == 2 * 22
    first = [row for row in rows if row["Day"] == rows[0]["Day"]]
    assert {row["Squad"] for row in first} == {"'" + name for name in squads}
    assert sum(row["Visits"] for row in first) == pytest.approx(20)
    assert sum(row["Hours"] for row in rows) == pytest.approx(4 * 7 * 22)
    assert sum(row["Hours needed"] for row in rows) == pytest.approx(found.matrix["need"].sum())
    assert made == tables.tasks(found).book(say)  # no moment in it


def test_a_workbook_of_nothing_is_none():
    sheet = Sheet("Empty", pd.DataFrame({"a": []}), {"a": Column("A")})
    assert workbook([sheet], say=Language("en")) == b""
    odd = Sheet(
        "a/b*c" * 20, pd.DataFrame({"a": [math.inf, math.nan, "x\x00y"]}, dtype=object), {"a": Column("A")}
    )
    read = openpyxl.load_workbook(io.BytesIO(workbook([odd], say=Language("zh")))).worksheets[0]
    assert len(read.title) == 31
    assert [row[0].value for row in read.iter_rows(min_row=2)] == [None, None, "xy"]
