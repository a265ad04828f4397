import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from salesnb.analysis import (
    conversion_split,
    deal_days,
    funnel,
    intervals,
    product_lines,
    stage_lifts,
    win_rates,
)
from salesnb.display.funnel import charts, prose, tables
from salesnb.display.kit import drawing
from salesnb.display.kit.pen import Pen
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from salesnb.language import Language
from tests.planted import AS_OF, TRUTHS

NOW = pd.Timestamp("2026-10-31")


def deals(*rows):
    columns = ["opportunity_id", "created_on", "closed_on", "outcome", "amount"]
    frame = pd.DataFrame(rows, columns=columns)
    dates = {
        name: pd.to_datetime(frame[name]).astype("datetime64[us]") for name in ("created_on", "closed_on")
    }
    frame = frame.assign(amount=frame["amount"].astype(float), **dates)
    return frame.assign(
        entered_stage_on=pd.NaT, product_line="Valves", channel="fair", region="East", team="Wolves"
    )


def entries(*rows):
    frame = pd.DataFrame(rows, columns=["opportunity_id", "stage", "entered_on"])
    return frame.assign(entered_on=pd.to_datetime(frame["entered_on"]).astype("datetime64[us]"))


FOUR = deals(
    ("D1", "2026-08-01", "2026-09-10", "won", 100),
    ("D2", "2026-08-01", "2026-08-20", "lost", 300),
    ("D3", "2026-10-01", None, "open", 200),
    ("D4", "2024-01-01", None, "open", 50),
)
STEPS = entries(
    ("D1", "lead", "2026-08-01"),
    ("D1", "quote", "2026-08-15"),
    ("D2", "lead", "2026-08-01"),
    ("D3", "lead", "2026-10-01"),
)


@pytest.fixture(scope="module")
def demo():
    book = open_book("data/demo", as_of=AS_OF)
    return facts.opportunities(book), facts.stage_events(book), book


def test_a_deal_leaves_a_stage_forward_backward_or_not_yet():
    rows = funnel.passages(FOUR, STEPS, stages=["lead", "quote"], as_of=NOW).set_index(
        ["opportunity_id", "stage"]
    )
    assert rows["way"].to_dict() == {
        ("D1", "lead"): 1,
        ("D1", "quote"): 1,
        ("D2", "lead"): 2,
        ("D3", "lead"): 0,
    }
    assert rows.loc[("D1", "lead"), "days"] == 14
    assert rows.loc[("D3", "lead"), "days"] == 30


def test_a_lost_deals_nought_and_a_missing_amount_are_the_median_and_no_stage_takes_less_than_no_day():
    known = deals(
        ("A", "2026-08-01", "2026-08-20", "lost", 0),  # losing has written over it
        ("B", "2026-08-01", "2026-08-05", "won", 100),  # closed before the stage was noted
        ("C", "2026-08-01", "2026-08-20", "lost", 300),
        ("D", "2026-08-01", None, "open", 0),  # worth nothing, and says so itself
        ("E", "2026-08-01", None, "open", None),
    )
    steps = entries(*((name, "lead", "2026-08-09") for name in "ABCDE"))
    rows = funnel.passages(known, steps, stages=["lead"], as_of=pd.Timestamp("2026-08-10"))
    rows = rows.set_index("opportunity_id")
    assert rows["amount"].to_dict() == {"A": 100, "B": 100, "C": 300, "D": 0, "E": 100}
    assert rows["days"].to_dict() == {"A": 11, "B": 0, "C": 11, "D": 1, "E": 1}


def test_undecided_deals_do_not_make_a_stage_worse():
    rows = funnel.passages(FOUR, STEPS, stages=["lead", "quote"], as_of=NOW)
    lead = funnel.stage_conversion(rows, as_of=NOW).iloc[0]
    assert (lead["entered"], lead["undecided"]) == (3, 1)
    assert lead["conversion"] == pytest.approx(0.5)


def test_the_order_of_stages_comes_from_the_data_where_the_plan_is_silent():
    assert funnel.stage_order(STEPS) == ["lead", "quote"]
    assert funnel.stage_order(STEPS, planned=["quote", "lead"]) == ["quote", "lead"]
    assert funnel.stage_order(STEPS.iloc[:0]) == []


def test_the_lift_is_value_times_gap_times_the_chance_after():
    quarterly = pd.DataFrame(
        {
            "stage": ["lead", "lead", "quote"],
            "position": [0.0, 0.0, 1.0],
            "peer": pd.to_datetime(["2026-05-01", "2026-08-01", "2026-08-01"]),
            "comparable": True,
            "decided": [10, 10, 8],
            "value": [1000.0, 1000.0, 900.0],
            "conversion": [0.8, 0.4, 0.5],
        }
    )
    conversion = pd.DataFrame({"stage": ["lead", "quote"], "conversion": [0.6, 0.5]})
    lifts = stage_lifts.lifts(quarterly, conversion)
    assert lifts["added_value"].tolist() == pytest.approx([2000 * 0.2 * 0.5, 0])
    found = stage_lifts.bottleneck(lifts)
    assert (found.stage, found.best) == ("lead", 0.8)
    assert stage_lifts.bottleneck(lifts.iloc[:0]) is None


def test_quarters_stand_side_by_side_in_the_order_of_stages(demo):
    opportunities, events, book = demo
    stages = funnel.stage_order(events, planned=book.plan.stages)
    levels = funnel.quarterly_conversion(
        funnel.passages(opportunities, events, stages=stages, as_of=book.as_of), as_of=book.as_of
    )
    wide = tables.quarters(levels)
    assert list(wide.data["stage"]) == stages
    assert list(wide.data.columns[1:]) == [f"{first:%Y-%m-%d}" for first in funnel.quarter_starts(book.as_of)]
    quote = levels[levels["stage"] == TRUTHS["slow_quotes"].detail["stage"]].iloc[0]
    cell = wide.data.set_index("stage").loc[quote["stage"], f"{quote['peer']:%Y-%m-%d}"]
    assert str(cell) == f"{quote['conversion']:.0%} ({100 * quote['low']:.0f}–{100 * quote['high']:.0f})"
    days = tables.quarter_days(levels).data.set_index("stage").loc[quote["stage"]]
    assert (
        days.iloc[0] * 1.4 < days.iloc[-2]
    )  # before the stage became slow, and since; the last quarter is still young


TWENTY = deals(
    *((f"W{day}", "2026-01-01", f"2026-01-{1 + day:02}", "won", 1) for day in range(1, 21))
)  # the company's deals ever won, of 1 to 20 days


def test_headlines_of_four_deals():
    figures = funnel.headlines(FOUR, as_of=NOW, found=None, has_history=False)
    assert {key: figure.value for key, figure in figures.items()} == {
        "funnel.open_count": 2, "funnel.open_value": 250.0, "funnel.win_rate": 0.5, "funnel.bottleneck": None,
    }  # fmt: skip
    assert (
        funnel.headlines(FOUR.iloc[:0], as_of=NOW, found=None, has_history=False)["funnel.open_count"].value
        is None
    )


def test_the_zombie_limit_is_a_linear_percentile_of_won_deals():
    assert deal_days.zombie_limit(TWENTY) == pytest.approx(19 + 0.81 * 1)
    assert deal_days.zombie_limit(TWENTY.iloc[1:]) is None
    assert deal_days.zombies(FOUR, as_of=NOW) is None
    assert deal_days.headlines(FOUR, as_of=NOW)["funnel.zombie_count"].value is None
    found = deal_days.zombies(FOUR, as_of=NOW, remaining_target=100, company=TWENTY)
    assert (found.count, found.value, found.coverage_before, found.coverage_after) == (2, 250, 2.5, 0.0)


def test_open_deals_lengthen_the_median():
    found = deal_days.days_to_close(FOUR, as_of=NOW)
    assert (found.closed_only, found.median, found.deals) == (29.5, 40, 3)


def test_the_two_planted_lines_are_told_apart(demo):
    opportunities, _, book = demo
    lines = product_lines.by_line(opportunities, as_of=book.as_of)
    readings = {
        line: product_lines.reading(opportunities, line=line, fell=fell, as_of=book.as_of)
        for line, fell in zip(lines["product_line"], lines["fell"], strict=True)
    }
    assert {line: found.verdict for line, found in readings.items()} == {
        "Drives": "product", "Valves": "pitch", "Pumps": "steady", "Sensors": "steady", "Services": "steady",
    }  # fmt: skip
    assert readings["Drives"].competitor == TRUTHS["drives_conversion"].detail["competitor"]
    people = facts.reps(book).set_index("rep_id")["rep_name"]
    assert set(readings["Valves"].few) == {people[rep] for rep in TRUTHS["valves_conversion"].who}
    drives = lines.set_index("product_line").loc["Drives"]
    assert drives["low"] <= TRUTHS["drives_conversion"].size <= drives["high"]


def test_the_split_of_a_fall_sums_exactly(demo):
    opportunities, _, book = demo
    parts = conversion_split.split_change(opportunities, line="Drives", as_of=book.as_of)
    change = parts["to_share"].iloc[0] - parts["from_share"].iloc[0]
    assert parts["points"].sum() == pytest.approx(change, abs=1e-12)


def test_groups_that_are_alike_raise_few_alarms():
    alarms = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        n = 600
        closed = NOW - pd.to_timedelta(rng.integers(0, 300, n), unit="D")
        frame = pd.DataFrame(
            {"opportunity_id": np.arange(n).astype(str), "created_on": closed, "closed_on": closed}
        )
        frame["outcome"] = np.where(rng.random(n) < 0.35, "won", "lost")
        frame["amount"] = rng.lognormal(10, 1, n)
        for name, k in (("channel", 6), ("region", 4), ("team", 6), ("product_line", 5)):
            frame[name] = rng.integers(0, k, n).astype(str)
        alarms += int(win_rates.by_group(frame, as_of=NOW)["flagged"].any())
    assert alarms <= 3  # 5% of 20 companies: 4 or more has a chance below 2%


def test_the_chart_marks_the_slower_stage_and_sizes_are_never_called():
    frame = pd.DataFrame(
        {"stage": ["a", "b"], "now": [9.0, 5.0], "before": [4.0, 5.0], "slower": [True, False]}
    )
    _, ax = drawing.figure()
    drawn = charts.draw_stage_days(ax, frame, Pen(Language("en")))
    assert len(drawn.collections) == 3
    assert not win_rates.by_group(FOUR, as_of=NOW)["flagged"].any()


def test_the_lead_speaks_of_zombies_where_they_weigh_most():
    dead = deal_days.zombies(FOUR, as_of=NOW, remaining_target=100, company=TWENTY)
    assert "100% of the open value" in str(prose.lead(None, dead))
    assert "cannot be judged" in str(prose.lead(None, None))


def test_lines_that_did_not_change_raise_few_alarms():
    alarms = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        n = 1500
        closed = NOW - pd.to_timedelta(rng.integers(0, 700, n), unit="D")
        frame = pd.DataFrame(
            {"closed_on": closed, "created_on": closed, "rep_id": rng.integers(0, 20, n).astype(str)}
        )
        won = rng.random(n) < 0.35
        frame = frame.assign(
            outcome=np.where(won, "won", "lost"),
            product_line=rng.integers(0, 3, n).astype(str),
            rep_name=frame["rep_id"],
            amount=1.0,
            competitor=None,
            loss_reason=np.where(won, None, rng.choice(["price", "timing", "budget"], n)),
        )
        lines = product_lines.by_line(frame, as_of=NOW)
        for line, fell in zip(lines["product_line"], lines["fell"], strict=True):
            found = product_lines.reading(frame, line=line, fell=fell, as_of=NOW)
            alarms += found.verdict != "steady"
    assert alarms <= 2  # 5% a company on one side: 3 or more of 10 has a chance below 2%


def closed_drives(won_now: int, rival: str | None) -> pd.DataFrame:
    """Sixty drives closed this year and last by ten people, 24 won last year; a rival is named in half of this year's losses."""
    rows = []
    for year, won in (("2025", 24), ("2026", won_now)):
        for number in range(60):
            lost = number >= won
            named = rival if lost and year == "2026" and number % 2 else "Other"
            rows.append(
                (f"{year}-09-15", f"R{number % 10}", "lost" if lost else "won", named if lost else None)
            )
    frame = pd.DataFrame(rows, columns=["closed_on", "rep_id", "outcome", "competitor"])
    closed = pd.to_datetime(frame["closed_on"])
    return frame.assign(
        closed_on=closed, created_on=closed, rep_name=frame["rep_id"], product_line="Drives", amount=1.0, loss_reason=None,
        opportunity_id=np.arange(len(frame)).astype(str),
    )  # fmt: skip


def test_a_fall_that_a_rivals_gain_points_to_needs_no_correction_for_the_other_lines():
    fallen = closed_drives(14, "Rival")
    lines = product_lines.by_line(fallen, as_of=NOW)
    assert not lines["fell"].any()  # 24 to 14 of 60 is not beyond noise by itself
    told = product_lines.reading(fallen, line="Drives", fell=False, as_of=NOW)
    assert (told.verdict, told.competitor) == ("product", "Rival")
    assert (
        product_lines.reading(closed_drives(14, "Other"), line="Drives", fell=False, as_of=NOW).verdict
        == "steady"
    )
    assert (
        product_lines.reading(closed_drives(24, "Rival"), line="Drives", fell=False, as_of=NOW).verdict
        == "steady"
    )


created = st.dates(pd.Timestamp("2025-02-01").date(), pd.Timestamp("2026-10-31").date())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(created, st.sampled_from(["open", "won", "lost"]), st.sampled_from(["fair", "web", None])), max_size=40))  # fmt: skip
def test_mix_rate_and_immaturity_always_sum_to_the_change(rows):
    frame = pd.DataFrame(rows, columns=["created_on", "outcome", "channel"])
    frame = frame.assign(created_on=pd.to_datetime(frame["created_on"]), product_line="Valves")
    frame["closed_on"] = (frame["created_on"] + pd.Timedelta(days=30)).where(frame["outcome"] != "open")
    parts = conversion_split.of_lines(frame, lines=["Valves"], as_of=NOW)
    assert len(parts) in (0, 3)
    if len(parts):
        change = parts["to_share"].iloc[0] - parts["from_share"].iloc[0]
        assert parts["points"].sum() == pytest.approx(change, abs=1e-12)


def of_eight(rng, *, deals, fallen):
    """Eight people close as many deals in either year at 40%; the first two this year at `fallen`."""
    rows = [
        (f"R{person}", f"Name {person}", "won" if rng.random() < rate else "lost", closed)
        for person in range(8)
        for closed, rate in (("2025-10-01", 0.4), ("2026-10-01", fallen if person < 2 else 0.4))
        for _ in range(deals)
    ]
    frame = pd.DataFrame(rows, columns=["rep_id", "rep_name", "outcome", "closed_on"])
    return frame.assign(
        closed_on=pd.to_datetime(frame["closed_on"]),
        product_line="Valves",
        competitor=None,
        loss_reason=None,
        amount=1.0,
    )


@pytest.mark.parametrize(("deals", "fallen"), [(15, 0.4), (40, 0.15)])
def test_the_fall_of_the_two_is_told_without_the_luck_for_which_they_were_picked(deals, fallen):
    held, below, companies = 0, 0, 80
    for seed in range(companies):
        rows = of_eight(np.random.default_rng(seed), deals=deals, fallen=fallen)
        found = product_lines.reading(rows, line="Valves", fell=True, as_of=NOW)
        change = (fallen - 0.4) * len({"Name 0", "Name 1"} & set(found.few)) / 2
        held += found.few_low <= change <= found.few_high
        below += found.few_high < 0
    assert held >= binom.ppf(0.001, companies, intervals.CONFIDENCE)
    if fallen == 0.4:
        assert below <= binom.ppf(0.999, companies, 1 - intervals.CONFIDENCE)
    else:
        assert below > companies * 0.8  # a fall that is there is still seen


def test_the_fall_of_two_who_closed_nothing_before_is_not_known():
    rows = of_eight(np.random.default_rng(1), deals=15, fallen=0.0)
    fresh = rows[(rows["closed_on"] > "2026-01-01") | ~rows["rep_id"].isin(["R0", "R1"])]
    found = product_lines.reading(fresh, line="Valves", fell=True, as_of=NOW)
    assert set(found.few) == {"Name 0", "Name 1"}
    assert np.isnan([found.few_low, found.few_high]).all()
    assert found.verdict == "cannot_tell"


def test_a_conversions_interval_is_wilsons_over_the_decided():
    known = deals(
        *((f"W{n}", "2026-08-01", "2026-08-11", "won", 100) for n in range(3)),
        *((f"L{n}", "2026-08-01", "2026-08-11", "lost", 100) for n in range(7)),
    )
    steps = entries(*((name, "lead", "2026-08-01") for name in known["opportunity_id"]))
    rows = funnel.passages(known, steps, stages=["lead"], as_of=NOW)
    lead = funnel.stage_conversion(rows, as_of=NOW).iloc[0]
    assert lead[["moved_on", "lost", "undecided"]].tolist() == [3, 7, 0]
    z, share, n = 1.959963984540054, 0.3, 10  # the roots of (share − p)² = z² p (1 − p) / n
    low, high = sorted(np.roots([1 + z**2 / n, -(2 * share + z**2 / n), share**2]))
    assert (lead["low"], lead["high"]) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


def test_the_win_rate_is_of_deals_closed_in_the_last_twelve_months():
    known = deals(
        ("A", "2025-01-01", "2025-11-01", "won", 1),  # the first day that counts
        ("B", "2025-01-01", "2025-10-31", "lost", 1),
        ("C", "2025-01-01", "2026-10-31", "lost", 1),
        ("D", "2025-01-01", "2026-10-01", "lost", 1),
        ("E", "2025-01-01", None, "open", 1),
        ("F", "2025-01-01", "2026-10-01", "open", 1),  # closed after the day it is seen on
    )
    assert funnel.win_rate(known, as_of=NOW) == pytest.approx(1 / 3)
    assert funnel.win_rate(known.iloc[[1, 4, 5]], as_of=NOW) is None


def test_a_team_is_a_yardstick_from_thirty_decided_deals_of_like_size():
    rows = [
        (team, "lead", 0.0, "2026-08-01", 1 + n % 2, 5.0, amount)
        for team, count, amount in (("Many", 30, 100.0), ("Few", 29, 100.0), ("Plants", 30, 201.0))
        for n in range(count)
    ]
    rows += [
        (None, "lead", 0.0, "2026-08-01", 1, 5.0, 100.0),
        ("Many", "lead", 0.0, "2025-10-31", 1, 5.0, 1.0),
    ]
    passages = pd.DataFrame(
        rows, columns=["team", "stage", "position", "entered_on", "way", "days", "amount"]
    )
    passages["entered_on"] = pd.to_datetime(passages["entered_on"])
    found = funnel.team_conversion(passages, as_of=NOW).set_index("peer")
    assert found["entered"].to_dict() == {"Few": 29, "Many": 30, "Plants": 30}
    assert found["conversion"].loc["Many"] == pytest.approx(0.5)
    assert found["comparable"].to_dict() == {"Few": False, "Many": True, "Plants": False}
