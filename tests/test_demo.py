"""Does the demo company hold what `planted` says, and is it the same on every machine?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesnb.calendars.periods import working_days
from salesnb.intake.demo import live, names, simulate, write_demo
from salesnb.intake.demo.blemishes import DIRT
from salesnb.intake.schema import TABLES
from salesnb.plan import load_plan
from tests.planted import TRUTHS

DATA = Path(__file__).parents[1] / "data" / "demo"
AS_OF = pd.Timestamp("2026-10-31")


@pytest.fixture(scope="module")
def company():
    return live()


@pytest.fixture(scope="module")
def sales(company):
    tables = company.tables
    lines = (
        tables["orders"]
        .merge(tables["accounts"][["account_id", "region"]])
        .merge(tables["products"][["product_id", "product_line"]])
    )
    return (
        lines.assign(pulled=company.lines["pulled"].to_numpy()) if len(lines) == len(company.lines) else lines
    )


@pytest.fixture(scope="module")
def closed(company):
    deals = company.tables["opportunities"].merge(company.tables["products"][["product_id", "product_line"]])
    return deals[deals["outcome"] != "open"].assign(won=lambda frame: frame["outcome"] == "won")


def change(deals: pd.DataFrame, after: pd.Series) -> tuple[float, float]:
    """The change of the win rate and the half-width of its 95% interval."""
    old, new = deals.loc[~after, "won"], deals.loc[after, "won"]
    error = np.sqrt(old.mean() * (1 - old.mean()) / len(old) + new.mean() * (1 - new.mean()) / len(new))
    return new.mean() - old.mean(), 1.96 * error


def found(deals: pd.DataFrame, after: pd.Series, size: float) -> bool:
    """The interval holds the planted size and not zero."""
    estimate, width = change(deals, after)
    return abs(estimate - size) <= width < abs(estimate)


def test_written_twice_the_bytes_are_equal_and_equal_to_the_committed_ones(tmp_path):
    first, second = write_demo(tmp_path / "a"), write_demo(tmp_path / "b")
    names = sorted(path.name for path in first.iterdir())
    assert len(names) == 17
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes() == (DATA / name).read_bytes(), name


def test_sixteen_tables_with_the_columns_of_the_schema_in_less_than_five_megabytes(company):
    assert sorted(company.tables) == sorted(set(TABLES) - {"rates"})  # it sells in one currency
    for name, table in company.tables.items():
        assert list(table.columns) == [each for each in TABLES[name].names if each != "valid_from"]
        assert len(table)
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 5_000_000


def test_the_plan_is_valid_and_its_regions_and_reps_are_those_of_the_data(company):
    plan = load_plan(DATA / "plan.yml")
    assert sum(plan.targets[2026].regions.values()) == pytest.approx(1)
    members = {rep for sprint in plan.sprints for squad in sprint.squads.values() for rep in squad}
    assert members <= set(company.tables["reps"]["rep_id"])


def test_months_and_regions_of_the_target_sum_to_the_year(company):
    targets = company.tables["targets"]
    this_year = targets[targets["period_start"].dt.year == 2026]
    for dimension in ("company", "region"):
        assert this_year.loc[this_year["dimension"] == dimension, "amount"].sum() == 1_000_000_000


def test_the_simulated_rows_break_no_rule(company):
    for name, table in company.tables.items():
        assert not table[TABLES[name].required].isna().any().any(), name
        if TABLES[name].key:
            assert not table.duplicated(list(TABLES[name].key)).any(), name
        for end, beginning in TABLES[name].not_before:
            assert not (table[end] < table[beginning]).any(), (name, end)


def test_dirt_is_rejected_as_counted_and_below_the_limit():
    workspace = pytest.importorskip("salesnb.intake.workspace")
    counts = workspace.open_book(str(DATA), as_of="2026-10-31", scope="").counts.set_index("table")
    for name, dirt in DIRT.items():
        assert counts.loc[name, "rejected"] == sum(dirt.values()), name
    assert (counts["rejected"] <= 0.05 * counts["read"]).all()
    assert (counts["kept"] + counts["rejected"] == counts["read"]).all()


def test_money_is_in_whole_cents(company):
    amounts = company.tables["orders"]["net_amount"]
    assert (amounts == (amounts * 100).round() / 100).all()


def test_east_is_behind_and_the_others_near_plan(company, sales):
    targets = company.tables["targets"]
    year = targets["period_start"].between("2026-01-01", AS_OF) & (targets["dimension"] == "region")
    plan = targets[year].groupby("member")["amount"].sum()
    gap = sales[sales["ordered_on"] >= "2026-01-01"].groupby("region")["net_amount"].sum() - plan
    truth = TRUTHS["region_behind"]
    assert gap["East"] == pytest.approx(truth.size, rel=0.02)
    assert (1 + gap / plan).drop("East").min() > truth.detail["others_at_least"]


def test_two_people_lose_valves_and_only_they(closed):
    valves = closed[closed["product_line"] == "Valves"]
    theirs = valves["rep_id"].isin(TRUTHS["valves_conversion"].who)
    after = valves["closed_on"] >= TRUTHS["valves_conversion"].since
    assert found(valves[theirs], after[theirs], TRUTHS["valves_conversion"].size)
    estimate, width = change(valves[~theirs], after[~theirs])
    assert abs(estimate) < width


def test_drives_fall_for_everybody(closed):
    drives = closed[closed["product_line"] == "Drives"]
    after = drives["closed_on"] >= TRUTHS["drives_conversion"].since
    assert found(drives, after, TRUTHS["drives_conversion"].size)
    late = drives[after & ~drives["won"] & drives["stage"].isin(["quote", "negotiation"])]
    assert (late["loss_reason"] == "competitor").mean() > 0.5
    assert not (drives[~after]["competitor"] == "Hengli").any()


def test_the_course_lifts_those_who_took_it(company, closed):
    course = (
        company.tables["training"]
        .query("course == 'Consultative selling'")
        .set_index("rep_id")["completed_on"]
    )
    taken = closed["rep_id"].map(course)
    clean = taken.notna() & (closed["product_line"] != "Drives") & ~closed["rep_id"].isin(["R03", "R06"])
    assert found(closed[clean], (closed["closed_on"] > taken)[clean], TRUTHS["course"].size)


def test_the_star_wins_more(closed):
    estimate, width = change(closed, closed["rep_id"] == "R10")
    assert abs(estimate - TRUTHS["star"].size) <= width < estimate


def test_quotes_are_slower_since_spring(company):
    events = company.tables["stage_events"].pivot_table(
        aggfunc="first", index="opportunity_id", columns="stage", values="entered_on"
    )
    days = (events["negotiation"] - events["quote"]).dt.days
    settled = days[events["quote"] < "2026-08-01"].dropna()
    after = events.loc[settled.index, "quote"] >= TRUTHS["slow_quotes"].since
    assert settled[after].mean() / settled[~after].mean() == pytest.approx(
        TRUTHS["slow_quotes"].size, rel=0.15
    )


def test_zombies_hold_their_share_of_the_open_value(company, closed):
    won = closed[closed["won"]]
    limit = np.percentile((won["closed_on"] - won["created_on"]).dt.days, 99)
    open_deals = company.tables["opportunities"].query("outcome == 'open'")
    old = (AS_OF - open_deals["created_on"]).dt.days > limit
    assert open_deals.loc[old, "amount"].sum() / open_deals["amount"].sum() == pytest.approx(
        TRUTHS["zombies"].size, abs=0.02
    )


def test_pull_forward_is_what_the_simulation_moved(company):
    pulled = company.tables["orders"][company.lines["pulled"].to_numpy()]
    by_month = pulled.groupby(pulled["ordered_on"].dt.to_period("M"))["net_amount"].sum()
    assert by_month["2026-09"] == pytest.approx(TRUTHS["pull_forward"].size, rel=0.01)
    assert by_month.drop(by_month.index[-1]).mean() == pytest.approx(
        TRUTHS["pull_forward"].detail["usual_quarter_end"], rel=0.05
    )


@pytest.mark.parametrize(
    ("account", "last"), [("C004", "2026-06-26"), ("C006", "2026-05-21"), ("C007", "2026-08-20")]
)
def test_silent_customers_order_no_more(company, account, last):
    orders = company.tables["orders"].query("account_id == @account and net_amount > 0")["ordered_on"]
    assert orders.max() == pd.Timestamp(last)
    gaps = orders[orders < "2026-06-01"].drop_duplicates().sort_values().diff().dt.days
    assert (AS_OF - orders.max()).days > gaps.quantile(0.95)


def test_the_huge_order_stands_unpaid_after_overdue_invoices(company):
    invoices = company.tables["invoices"].query("account_id == 'C044'")
    unpaid = invoices[invoices["paid_on"].isna()]
    huge = unpaid[unpaid["amount"] == TRUTHS["huge_order"].size]
    assert len(huge) == 1
    assert (huge["due_on"] - huge["issued_on"]).dt.days.item() == 120
    assert (unpaid["due_on"] < AS_OF).sum() == TRUTHS["huge_order"].detail["overdue_invoices"]


def test_the_price_war_goes_below_the_floor(sales):
    floors = load_plan(DATA / "plan.yml").price_floors
    below = sales[
        (sales["net_amount"] > 0)
        & (1 - sales["cost_amount"] / sales["net_amount"] < sales["product_line"].map(floors))
    ]
    war = (
        sales["region"].eq("West")
        & sales["product_line"].eq("Pumps")
        & sales["ordered_on"].between("2026-05-18", "2026-08-31")
    )
    assert below.index.isin(sales[war].index).sum() > 0.6 * war.sum()
    assert len(below.loc[below.index.difference(sales[war].index)]) < 0.02 * len(sales)


def test_the_overloaded_team_works_beyond_its_day(company):
    activities = company.tables["activities"].query("happened_on >= '2026-06-01'")
    days = len(working_days(pd.Timestamp("2026-06-01"), AS_OF, country="CN"))
    team = activities["rep_id"].map(company.tables["reps"].set_index("rep_id")["team"])
    hours = (
        activities.groupby(team)["minutes"].sum() / 60 / days / company.tables["reps"].groupby("team").size()
    )
    assert hours["Herons"] == pytest.approx(TRUTHS["overload"].size, rel=0.05)
    assert hours.drop("Herons").max() < 4


def test_one_team_neglects_the_checklist_and_one_its_records(company):
    team = (
        company.tables["opportunities"]
        .set_index("opportunity_id")["rep_id"]
        .map(company.tables["reps"].set_index("rep_id")["team"])
    )
    kept = (
        company.tables["checklist_items"]
        .groupby("opportunity_id")["done_on"]
        .apply(lambda days: days.notna().all())
    )
    by_team = kept.groupby(team.reindex(kept.index)).mean()
    assert by_team["Tigers"] - by_team.drop("Tigers").mean() == pytest.approx(
        TRUTHS["checklist"].size, abs=0.08
    )
    deals = company.tables["opportunities"].set_index("opportunity_id")
    empty = deals[["amount", "expected_close_on"]].isna().mean(axis=1).groupby(team).mean()
    assert empty["Bears"] - empty.drop("Bears").mean() == pytest.approx(
        TRUTHS["incomplete_records"].size, abs=0.05
    )


def test_cold_calls_convert_less(company):
    leads = company.tables["leads"].query("created_on < '2026-09-01'")
    rates = leads.groupby("channel")["opportunity_id"].apply(lambda ids: ids.notna().mean())
    assert rates["cold_call"] == pytest.approx(TRUTHS["cold_calls"].size, abs=0.015)
    assert rates.drop("cold_call").min() > 0.12


def test_rival_teams_on_three_accounts(company):
    deals = company.tables["opportunities"].query("outcome == 'open' and created_on >= '2026-08-15'")
    team = deals["rep_id"].map(company.tables["reps"].set_index("rep_id")["team"])
    teams = team.groupby(deals["account_id"]).nunique()
    assert (teams > 1).sum() == TRUTHS["rivalry"].size


def test_publicity_dips_sensors_for_six_weeks(sales):
    sensors = sales[
        (sales["product_line"] == "Sensors") & sales["opportunity_id"].isna() & (sales["net_amount"] > 0)
    ]
    a_week = len(sensors[sensors["ordered_on"].between("2025-11-01", "2026-04-12")]) / 23.3
    during = len(sensors[sensors["ordered_on"].between("2026-04-13", "2026-05-24")]) / 6
    assert during / a_week - 1 == pytest.approx(TRUTHS["publicity"].size, abs=0.25)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_null_company_has_none_of_it(seed):
    tables = simulate(seed, accounts=150, effects=False)
    deals = tables["opportunities"]
    assert not (deals["competitor"] == "Hengli").any()
    assert (AS_OF - deals.loc[deals["outcome"] == "open", "created_on"]).dt.days.max() < 400
    assert tables["orders"].groupby("order_id")["net_amount"].sum().max() != 9_600_000
    assert not tables["events"]["kind"].isin(["publicity", "price_war"]).any()


def test_a_smaller_company_is_complete_too(tmp_path):
    folder = write_demo(tmp_path / "small", accounts=60, months=18, seed=5)
    orders = pd.read_csv(folder / "orders.csv", dtype=str)
    assert len(list(folder.glob("*.csv"))) == 16
    assert orders["account_id"].dropna().str.fullmatch(r"C0[0-6]\d").all()


def test_purchase_cycles_are_those_of_a_company_that_keeps_most_and_loses_some(company):
    repeat = pytest.importorskip("salesnb.analysis.repeat")
    orders = company.tables["orders"].query("net_amount >= 0")
    days = orders.drop_duplicates(["account_id", "ordered_on"]).rename(columns={"ordered_on": "day"})
    fit = repeat.fit(repeat.frequencies(days.assign(is_order=True), as_of=AS_OF))
    assert fit.model is not None


def test_more_companies_than_names_are_told_apart() -> None:
    few, many = (names.account_names(np.random.default_rng(1), n) for n in (400, 5000))
    assert len(set(few)) == 400
    assert len(set(many)) == 5000


@pytest.mark.parametrize("seed", [0, 5])
def test_the_smallest_company_that_may_be_asked_for_is_made(seed):
    assert len(simulate(seed, accounts=20, months=14)["orders"])
