"""The year handed out to regions, product lines and people, exact on every edge."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesnb.analysis import breakdown, capacity, parts, targets
from salesnb.analysis.allocation import split
from salesnb.calendars.periods import with_year_before
from salesnb.display.parts import charts, prose, tables
from salesnb.display.targets import calls as target_calls
from salesnb.language import Language
from salesnb.plan import Plan, YearTarget

MONTHS = pd.date_range("2026-01-01", periods=12, freq="MS")
AS_OF = pd.Timestamp("2026-10-31")
SAY = Language("en", currency="CNY")
NOT_GIVEN = pd.DataFrame()
KEYS = ["region", "team", "rep_id", "product_line", "month", "quarter"]


def cents(values) -> int:
    return sum(round(value * 100) for value in values)


def in_cents(amounts: pd.Series) -> dict:
    return {key: round(value * 100) for key, value in amounts.items()}


def people(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["rep_id", "region", "team", "hired_on", "left_on"])
    return frame.assign(hired_on=pd.to_datetime(frame["hired_on"]), left_on=pd.to_datetime(frame["left_on"]))


def sold(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "region", "rep_id", "product_line", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"]), net_amount=frame["net_amount"].astype(float))


BOTH = people(("R1", "E", "T", None, None), ("R2", "W", "U", None, None))
YEAR_BEFORE = sold(
    ("2025-03-03", "E", "R1", "Valves", 30),
    ("2025-03-03", "E", "R1", "Pumps", 10),
    ("2025-03-03", "W", "R2", "Valves", 20),
    ("2025-03-03", "W", "R2", "Pumps", 20),
)


def build(total=1200.0, *, reps=BOTH, bookings=YEAR_BEFORE, own=NOT_GIVEN, **options) -> parts.Parts:
    margins = {"regions": pd.Series({"E": 6.0, "W": 4.0}), "lines": pd.Series({"Valves": 7.0, "Pumps": 3.0})}
    return parts.build(
        split(total, pd.Series(1.0, index=MONTHS)),
        bookings=bookings,
        reps=reps,
        capacity=capacity.by_month(reps, with_year_before(MONTHS)),
        given=own,
        **(margins | options),
    )


def test_the_months_after_somebody_left_are_in_nobodys_target():
    gone = people(("R1", "E", "T", None, "2026-03-01"), ("R2", "W", "U", None, None))
    own = pd.DataFrame(50.0, index=["R1", "R2"], columns=MONTHS)
    found = build(reps=gone, own=own)
    held = found.table.groupby(["rep_id", "month"])["amount"].sum().unstack(fill_value=0.0)  # noqa: PD010
    assert held.loc["R1"].round(2).tolist() == [50.0, 50.0, *[0.0] * 10]
    assert (held.loc["R2"].round(2) == 50.0).all()
    assert parts.open_ahead(found, as_of=AS_OF).set_index("region")["open"]["E"] == pytest.approx(120.0)


def test_a_hand_worked_year():
    found = build(regions=pd.Series({"E": 1, "W": 1}), lines=pd.Series({"Valves": 5.0, "Pumps": 3.0}))
    # the margins are those of last year: each cell is last year's × 1200 / 80
    cells = found.cells.set_index(["region", "product_line"])["amount"]
    assert cells.to_dict() == {
        ("E", "Valves"): 450,
        ("E", "Pumps"): 150,
        ("W", "Valves"): 300,
        ("W", "Pumps"): 300,
    }
    first = found.table[(found.table["rep_id"] == "R1") & (found.table["month"] == MONTHS[0])]
    assert first.set_index("product_line")["amount"].to_dict() == {"Valves": 37.5, "Pumps": 12.5}
    assert parts.by_person(found)["q1"].tolist() == [150, 150]
    assert parts.sheet(found)["total"].sum().round(2) == 1200


def test_a_fixed_part_stays_and_the_others_make_room():
    found = build(fixed={("W", "Pumps"): 300.0})
    cells = found.cells.set_index(["region", "product_line"])
    assert cells["amount"].to_dict() == {
        ("W", "Pumps"): 300,
        ("W", "Valves"): 180,
        ("E", "Pumps"): 60,
        ("E", "Valves"): 660,
    }
    assert cells.loc[("W", "Pumps"), "fixed"]
    assert found.unmet.empty


def test_what_should_be_booked_by_now_keeps_the_fixed_part():
    found = build(fixed={("W", "Pumps"): 300.0})
    cells = parts.to_date(found, as_of=AS_OF)
    assert cells.loc["W", "Pumps"] == 250  # ten of twelve equal months
    assert cells.to_numpy().sum() == pytest.approx(1000)
    assert parts.to_date(None, as_of=AS_OF) is None


def test_what_is_in_nobodys_target_is_to_be_handed_out():
    own = pd.DataFrame([[50.0] * 12, [40.0] * 12], index=["R1", "R2"], columns=MONTHS)
    found = build(own=own)  # East has 720 and its person 600; West has 480 and its person all of it
    ahead = parts.open_ahead(found, as_of=AS_OF)
    assert ahead.to_numpy().tolist() == [["E", 20.0, 120.0]]
    decision = target_calls.handing_out(ahead, {"E": "Zhao"}, as_of=AS_OF)[0]
    assert (decision.at_stake, decision.owner) == (20.0, "Zhao")
    assert str(decision.why) == "20.0 of the months ahead, 17%, are in nobody's target"
    assert parts.open_ahead(found, as_of=pd.Timestamp("2026-12-31")).empty
    assert parts.open_ahead(build(own=own * 1.2), as_of=AS_OF).empty
    trifle = ahead.assign(open=1.0)
    assert target_calls.handing_out(trifle, {}, as_of=AS_OF) == []


def test_what_cannot_be_met_is_named():
    found = build(fixed={("W", "Pumps"): 500.0})  # West has 480, Pumps 360
    assert found.unmet.set_index(["kind", "member"])["amount"].to_dict() == pytest.approx(
        {("region", "W"): -20, ("product_line", "Pumps"): -140, ("product_line", "Valves"): 120}
    )
    text = str(prose.handed_out_caveat(found, reason=None))
    assert "What cannot be met: the region W gets 20.0 too much" in text
    assert "the product line Valves lacks 120" in text


def test_a_new_person_gets_what_the_ramp_carries_and_nothing_before():
    reps = people(("R1", "E", "T", None, None), ("R2", "E", "T", "2026-07-01", None))
    found = build(
        600, reps=reps, regions=pd.Series({"E": 1.0}), bookings=YEAR_BEFORE[YEAR_BEFORE["region"] == "E"]
    )
    level = capacity.by_month(reps, MONTHS).groupby("rep_id")["capacity"].mean()
    own = found.people.set_index("rep_id")
    # nobody knows what R2 sells: per full person as much as R1
    assert own.loc["R2", "target"] == pytest.approx(600 * level["R2"] / (1 + level["R2"]), abs=0.01)
    by_month = found.table[found.table["rep_id"] == "R2"].groupby("month")["amount"].sum()
    assert (by_month[:"2026-06-01"] == 0).all()
    assert by_month["2026-12-01"] > by_month["2026-07-01"] > 0
    assert found.table.groupby("month")["amount"].sum().round(2).eq(50).all()


def test_who_leaves_carries_until_then():
    reps = people(("R1", "E", "T", None, None), ("R2", "E", "T", None, "2026-04-01"))
    found = build(600, reps=reps, regions=pd.Series({"E": 1.0}))
    by_month = found.table[found.table["rep_id"] == "R2"].groupby("month")["amount"].sum()
    assert (by_month["2026-04-01":] == 0).all()
    assert by_month["2026-01-01"] > 0


def test_a_person_who_sold_for_part_of_last_year_counts_per_capacity():
    reps = people(("R1", "E", "T", None, None), ("R2", "E", "T", None, None))
    here = capacity.by_month(reps, with_year_before(MONTHS))
    half = (here["rep_id"] == "R2") & (here["month"] < pd.Timestamp("2025-07-01"))
    bookings = sold(("2025-03-03", "E", "R1", "Valves", 40), ("2025-09-03", "E", "R2", "Valves", 20))
    found = parts.build(
        split(1200.0, pd.Series(1.0, index=MONTHS)),
        regions=pd.Series({"E": 1.0}),
        lines=pd.Series({"Valves": 1.0}),
        bookings=bookings,
        reps=reps,
        capacity=here.assign(capacity=here["capacity"].mask(half, 0.0)),
        given=NOT_GIVEN,
    )
    assert found.people["proposed"].tolist() == [600, 600]


def test_over_assignment_stands_in_a_row_of_its_own():
    found = build(over_assignment=1.05)
    assert found.over_assigned == pytest.approx(1.05)
    assert found.regions.set_index("region")["open"].to_dict() == {"E": -36, "W": -24}
    nobody = found.table[found.table["rep_id"] == parts.NOBODY]
    assert nobody["amount"].sum().round(2) == -60
    assert (
        str(prose.handed_out(found))
        == "The targets table names nobody: by capacity 2 people would carry 105% of the 1.20K."
    )


def test_personal_targets_of_the_table_stay_to_the_cent_and_what_they_leave_open_is_said():
    own = pd.DataFrame([[50.0, 40.0] * 6, [30.11] * 12], index=["R1", "R2"], columns=MONTHS)
    found = build(own=own)
    carried = found.table[found.table["rep_id"] != parts.NOBODY]
    assert (
        carried[carried["rep_id"] == "R1"].groupby("month")["amount"].sum().round(2).tolist() == [50, 40] * 6
    )
    assert cents(carried[carried["rep_id"] == "R2"]["amount"]) == 12 * 3011
    assert found.regions.set_index("region")["open"].to_dict() == pytest.approx({"E": 180, "W": 118.68})
    assert "180 of E is in nobody's target" in str(prose.handed_out(found))
    shown = tables.proposals(found, {"R1": "Ann"})
    assert str(shown.finding) == "Ann could carry 180 more, by last year's sales"


def test_a_quarterly_target_follows_the_regions_months():
    months = pd.Series([10.0, 2, 12] * 4, index=MONTHS)
    own = pd.DataFrame([[8.0] * 12], index=["R1"], columns=MONTHS)
    found = parts.build(
        months,
        regions=pd.Series({"E": 1.0}),
        lines=pd.Series({"Valves": 1.0}),
        bookings=YEAR_BEFORE,
        reps=BOTH.head(1),
        capacity=capacity.by_month(BOTH, with_year_before(MONTHS)),
        given=own,
    )
    assert found.table.groupby("month")["amount"].sum().tolist()[:3] == [10, 2, 12]


def test_without_targets_there_is_nothing_to_hand_out():
    assert parts.build(
        None, regions=pd.Series({"E": 1.0}), lines=pd.Series({"V": 1.0}), bookings=YEAR_BEFORE, reps=BOTH, capacity=NOT_GIVEN, given=NOT_GIVEN
    ) is None  # fmt: skip
    assert parts.sheet(None).empty
    assert tables.people(parts.by_person(None), parts.sheet(None), {}) is None
    assert tables.months(parts.by_month(None), fixed=[]) is None
    assert "nothing to hand out" in str(prose.handed_out(None))
    assert charts.mix_grid(None) is None


def test_with_nobody_all_of_it_is_in_nobodys_target():
    found = build(reps=BOTH.iloc[:0])
    assert found.table["rep_id"].eq(parts.NOBODY).all()
    assert cents(found.table["amount"]) == 120_000
    assert "nobody carries a personal target" in str(prose.handed_out(found))


@st.composite
def years(draw):
    """A company: a fiscal year from any month, margins, people, their own targets or none, fixed cells, over-assignment."""
    months = pd.date_range(f"2026-{draw(st.integers(1, 12)):02d}-01", periods=12, freq="MS")
    joins, leaves = months[2] + pd.Timedelta(days=14), months[8]
    weights = st.floats(0.01, 100)
    regions = pd.Series({name: draw(weights) for name in "EWN"[: draw(st.integers(1, 3))]})
    lines = pd.Series({name: draw(weights) for name in "VPS"[: draw(st.integers(1, 3))]})
    amounts = draw(st.lists(st.integers(0, 10**10), min_size=12, max_size=12))
    n = draw(st.integers(0, 4))
    reps = people(
        *(
            (
                f"R{i}",
                draw(st.sampled_from([*regions.index, None, "elsewhere"])),
                draw(st.sampled_from(["T", "U", None])),
                draw(st.sampled_from([None, joins])),
                draw(st.sampled_from([None, leaves])),
            )
            for i in range(n)
        )
    )
    bookings = sold(
        *(
            (
                months[0] - pd.DateOffset(months=8),
                region,
                f"R{draw(st.integers(0, 4))}",
                line,
                draw(st.floats(-5, 1e6)),
            )
            for region in regions.index
            for line in lines.index
        )
    )
    own = NOT_GIVEN
    if n and draw(st.booleans()):
        rows = [draw(st.lists(st.integers(0, 10**8), min_size=12, max_size=12)) for _ in range(n)]
        own = pd.DataFrame(np.array(rows) / 100, index=reps["rep_id"], columns=months)
    fixed = {}
    if draw(st.booleans()):
        cell = draw(st.sampled_from(list(regions.index))), draw(st.sampled_from(list(lines.index)))
        fixed[cell] = draw(st.integers(0, 10**9)) / 100
    return {
        "months": pd.Series(np.array(amounts) / 100, index=months),
        "regions": regions,
        "lines": lines,
        "reps": reps,
        "bookings": bookings,
        "given": own,
        "fixed": fixed,
        "over_assignment": draw(st.sampled_from([1.0, 1.05, 0.9])),
    }


@settings(max_examples=25, deadline=None)
@given(years(), st.sampled_from([None, "CN"]))
def test_every_parent_is_the_sum_of_its_children_to_the_cent(year, country):
    months, total = year["months"], round(float(year["months"].sum()), 2)
    found = parts.build(**year, capacity=capacity.by_month(year["reps"], with_year_before(months.index)))
    table, days = found.table, parts.by_day(found.table, country=country)
    # what was given from outside, edge by edge; what cannot be met is the whole difference
    missed = found.unmet.set_index(["kind", "member"])["amount"]
    assert cents(table["amount"]) == cents(months) - cents(missed.get("region", pd.Series(dtype=float)))
    for kind, weights in (("region", year["regions"]), ("product_line", year["lines"])):
        named = missed.get(kind, pd.Series(dtype=float))
        got = table.groupby(kind)["amount"].sum() + named.reindex(weights.index).fillna(0.0)
        assert in_cents(got) == in_cents(split(total, weights))
    if not year["fixed"]:
        assert found.unmet.empty
        assert in_cents(table.groupby("month")["amount"].sum()) == in_cents(months)
    for (region, line), amount in year["fixed"].items():
        cell = table[(table["region"] == region) & (table["product_line"] == line)]
        assert cents([cell["amount"].sum()]) == cents([amount])
    carried = table[table["rep_id"] != parts.NOBODY].groupby("rep_id")["amount"].sum()
    wanted = found.people.set_index("rep_id")["target"]
    assert in_cents(carried) == in_cents(wanted[wanted > 0])
    assert in_cents(table.groupby(["region", "product_line"])["amount"].sum()) == in_cents(
        found.cells.set_index(["region", "product_line"])["amount"]
    )
    # the working days: of every part, and of the company
    own = ["region", "team", "rep_id", "product_line", "month"]
    assert in_cents(days.groupby(own)["amount"].sum()) == in_cents(table.groupby(own)["amount"].sum())
    if not year["fixed"]:
        company = breakdown.by_day(months, country=country).set_index("day")["amount"]
        assert in_cents(days.groupby("day")["amount"].sum()) == in_cents(company)
    # any combination of columns against any coarser one
    for keys in combinations(KEYS, 3):
        fine = parts.totals(table, list(keys))
        for coarse in (keys[:2], keys[1:]):
            assert in_cents(fine.groupby(list(coarse))["amount"].sum()) == in_cents(
                parts.totals(table, list(coarse)).set_index(list(coarse))["amount"]
            )


def test_less_than_a_cent_is_no_sale_to_divide_by():
    found = parts.build(
        pd.Series([0.0] * 11 + [0.01], index=MONTHS),
        regions=pd.Series({"E": 1.0, "W": 1.0, "N": 2.0}),
        lines=pd.Series({"V": 1.0}),
        bookings=sold(*(("2025-05-05", name, "R0", "V", money) for name, money in zip("EWN", (0, 0, 2e-309), strict=True))),
        reps=BOTH.iloc[:0],
        capacity=capacity.by_month(BOTH.iloc[:0], with_year_before(MONTHS)),
        given=NOT_GIVEN,
    )  # fmt: skip
    assert found.unmet.empty
    assert found.total == 0.01


def test_margins_of_the_year_come_from_the_table_else_from_the_plan():
    plan = Plan(
        company="X",
        targets={
            2026: YearTarget(
                amount=1000, mix={"Valves": 0.5}, fixed_parts={"E": {"Valves": 5}}, over_assignment=1.1
            )
        },
    )
    nothing = targets.spread_rows(
        pd.DataFrame(
            {"period_start": pd.to_datetime([]), "grain": [], "dimension": [], "member": [], "amount": []}
        ),
        as_of=AS_OF,
    )
    found = targets.year_margins(nothing, plan, YEAR_BEFORE, as_of=AS_OF)
    assert found["regions"].to_dict() == {"E": 40, "W": 40}
    assert found["lines"].to_dict() == {"Valves": 500, "Pumps": 500}
    assert found["fixed"] == {("E", "Valves"): 5}
    assert found["over_assignment"] == 1.1
    rows = pd.concat(
        [
            pd.DataFrame({"dimension": "region", "member": "E", "month": MONTHS, "amount": 10.0}),
            pd.DataFrame({"dimension": "rep", "member": "R1", "month": MONTHS, "amount": 2.0}),
        ]
    )
    found = targets.year_margins(rows, plan, YEAR_BEFORE, as_of=AS_OF)
    assert found["regions"].to_dict() == {"E": 120}
    assert found["given"].sum(axis=1).to_dict() == {"R1": 24}
    scoped = targets.year_margins(rows, plan, YEAR_BEFORE, as_of=AS_OF, kind="rep")
    assert len(scoped["regions"]) == 1
    assert "fixed" not in scoped


def test_the_page_lists_months_people_and_the_whole_breakdown():
    found = build(over_assignment=1.05, fixed={("W", "Pumps"): 300.0})
    shown = tables.people(parts.by_person(found), parts.sheet(found), {"R1": "Ann"})
    written = shown.html(SAY)
    assert "Ann" in written
    assert "nobody, E" in written
    lines = shown.csv(SAY).splitlines()
    assert lines[0] == "quarter,month,week,day,region,team,rep_id,Pumps,Valves,total,name"
    assert (
        len(lines) == 1 + 4 * 261
    )  # two people, and what is handed out beyond each region; 261 working days
    listed = tables.months(parts.by_month(found), fixed=[MONTHS[1]])
    assert [str(held) for held in listed.data["held"]][:3] == ["", "fixed", ""]
    assert listed.data["total"].iloc[-1] == 1200
    drawn = charts.mix_grid(found)
    assert str(drawn.finding) == "The largest part: Valves in E, 660 or 55% of the year"
    assert "framed" in str(drawn.subtitle)
