"""Attainment, training, habits, coaching, rivalry and load, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from salesnb.analysis import coaching, rivalry, stars, team, training, workload
from salesnb.display.team import prose as team_prose

AS_OF = pd.Timestamp("2026-03-31")
NO_DEALS = pd.DataFrame(columns=["account_id", "rep_id", "outcome"])


def people(*reps: str, **columns) -> pd.DataFrame:
    base = {
        "rep_id": list(reps),
        "rep_name": [f"Name {rep}" for rep in reps],
        "team": "T",
        "region": "East",
        "hired_on": pd.NaT,
        "left_on": pd.NaT,
        "active": True,
    }
    return pd.DataFrame(base | columns).astype({"hired_on": "datetime64[us]", "left_on": "datetime64[us]"})


def targets(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["member", "month", "amount"]).assign(dimension="rep")
    return frame.assign(month=pd.to_datetime(frame["month"]))


def sales(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["rep_id", "day", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def test_attainment_by_hand():
    spread = targets(
        [("R1", f"2026-0{month}-01", 100.0) for month in (1, 2, 3)]
        + [("Name R2", f"2026-0{month}-01", 50.0) for month in (1, 2, 3)]
        + [("R3", "2026-01-01", 9.0)]
    )
    booked = sales(
        [
            ("R1", "2026-01-10", 150.0),
            ("R1", "2026-03-31", 90.0),
            ("R2", "2026-02-01", 150.0),
            ("R1", "2025-12-31", 999.0),
            ("R1", "2026-04-01", 999.0),
        ]
    )
    who = people("R1", "R2", "R3")
    attained = team.attainment(who, booked, spread, as_of=AS_OF).set_index("rep_id")
    assert attained["attainment"].dropna().to_dict() == {"R1": 0.8, "R2": 1.0}
    assert attained.loc["R3", "standing"] == "none"
    assert attained.loc["R1", "gap"] == -60
    lump = (150**2 + 90**2 + 150**2) / 390  # everybody's, which is more than R1's own
    lumps = 240 / lump
    assert attained.loc["R1", "low"] == pytest.approx(gamma.ppf(0.05, lumps) * lump / 300)
    assert attained.loc["R1", "high"] == pytest.approx(gamma.ppf(0.95, lumps + 1) * lump / 300)
    figures = team.headlines(who, attained.reset_index())
    assert [figure.value for figure in figures.values()] == [3, 0.9, 1]


def test_who_leaves_on_the_day_is_gone():
    who = people(
        "R1",
        "R2",
        "R3",
        hired_on=[pd.NaT, AS_OF, AS_OF + pd.Timedelta(days=1)],
        left_on=[AS_OF, pd.NaT, pd.NaT],
    )
    assert team.present(who, AS_OF)["rep_id"].tolist() == ["R2"]


def test_without_reps_or_targets_the_figures_say_so():
    nobody = people()
    assert (
        team.headlines(nobody, team.attainment(nobody, sales([]), targets([]), as_of=AS_OF))[
            "team.reps"
        ].value
        is None
    )
    one = people("R1")
    figures = team.headlines(one, team.attainment(one, sales([]), targets([]), as_of=AS_OF))
    assert (figures["team.reps"].value, figures["team.at_target"].value) == (1, None)


def test_lucky_and_unlucky_people_raise_no_more_alarms_than_stated():
    alarms = 0
    days = pd.date_range("2026-01-01", AS_OF)
    spread = targets([(f"R{n}", f"2026-0{month}-01", 30.0) for n in range(12) for month in (1, 2, 3)])
    for seed in range(30):
        rng = np.random.default_rng(seed)
        rows = [(f"R{n}", day, rng.exponential(1.0)) for n in range(12) for day in days]
        standing = team.attainment(people(*[f"R{n}" for n in range(12)]), sales(rows), spread, as_of=AS_OF)[
            "standing"
        ]
        alarms += bool(standing.isin(["behind", "ahead"]).any())
    assert alarms <= 7  # one company in ten is stated


def test_who_keeps_pace_is_not_behind_because_the_month_still_runs():
    day = pd.Timestamp("2026-01-09")
    spread = targets([("R1", "2026-01-01", 2100.0)])  # 22 working days, of which seven have passed
    booked = sales([("R1", each, 95.0) for each in pd.bdate_range("2026-01-01", day)])
    table = team.attainment(people("R1"), booked, spread, as_of=day)
    assert table["target"].item() == pytest.approx(2100 * 7 / 22)
    assert table["attainment"].item() == pytest.approx(665 / (2100 * 7 / 22))
    assert table["standing"].item() == "near"
    ended = team.attainment(people("R1"), booked, spread, as_of=pd.Timestamp("2026-01-31"))
    assert ended["standing"].item() == "behind"


def test_a_newcomer_is_compared_with_settled_colleagues():
    who = people("R1", "R2", hired_on=[pd.Timestamp("2020-01-01"), pd.Timestamp("2026-01-01")])
    booked = sales([("R1", "2026-01-05", 100.0), ("R2", "2026-01-20", 25.0), ("R2", "2026-02-10", 80.0)])
    ramping = team.ramp(who, booked, as_of=AS_OF, data_from=pd.Timestamp("2024-01-01"))
    assert ramping["tenure_month"].tolist() == [1, 2, 3]
    assert ramping.loc[0, "share"] == pytest.approx(0.25)
    assert team.ramp(who.iloc[:1], booked, as_of=AS_OF, data_from=pd.Timestamp("2024-01-01")).empty


def company(seed: int, *, lift: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    days = pd.date_range("2024-01-01", "2026-03-31")
    reps = np.array([f"R{n}" for n in range(16)])
    deals = pd.DataFrame(
        {
            "rep_id": rng.choice(reps, 4000),
            "closed_on": rng.choice(days, 4000),
            "product_line": rng.choice(["P", "Q"], 4000),
        }
    )
    starts = {f"R{n}": pd.Timestamp("2024-10-01") + pd.Timedelta(days=45 * n) for n in range(8)}
    after = deals["closed_on"] >= deals["rep_id"].map(starts)
    level = 0.3 + 0.01 * deals["rep_id"].str[1:].astype(int) + lift * after
    deals["outcome"] = np.where(rng.random(4000) < level, "won", "lost")
    courses = pd.DataFrame(
        {"rep_id": list(starts), "course": "Asking", "topic": "skills", "completed_on": list(starts.values())}
    )
    return deals, courses


def test_a_lift_of_ten_points_lies_within_its_interval():
    found = training.lifts(*company(3, lift=0.10)).iloc[0]
    assert found["low"] <= 0.10 <= found["high"]
    assert found["found"]
    assert found["placebo_low"] <= 0 <= found["placebo_high"]


def test_training_without_effect_is_seldom_called_one():
    alarms = sum(bool(training.lifts(*company(seed, lift=0.0))["found"].any()) for seed in range(20))
    assert alarms <= 4


def test_nobody_trained_gives_no_lift():
    deals, courses = company(1, lift=0)
    assert training.lifts(deals, courses.iloc[:0]).empty
    assert training.by_month(deals, courses.iloc[:0], course="").empty


def passed(rates: dict[str, float], *, n: int = 60, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        (f"{rep}{k}", rep, rep, "T", "P", 10.0, "lost", "quote", AS_OF, bool(rng.random() < rate))
        for rep, rate in rates.items()
        for k in range(n)
    ]
    return pd.DataFrame(rows, columns=coaching.PASSAGES[:10])


def test_the_weak_person_is_found_and_shrunk():
    found = coaching.weaknesses(passed({f"R{n}": 0.8 for n in range(8)} | {"R9": 0.4}))
    assert found[found["weak"]]["rep_id"].tolist() == ["R9"]
    first = found.iloc[0]
    assert first["difference"] < first["shrunk"] < 0
    assert first["lost_value"] == pytest.approx(-first["shrunk"] * 600)


def test_the_strong_person_is_found_and_the_others_are_no_weaker_for_it():
    found = coaching.weaknesses(passed({f"R{n}": 0.5 for n in range(8)} | {"R9": 0.9}))
    assert found[found["strong"]]["rep_id"].tolist() == ["R9"]
    assert found["rep_id"].iloc[-1] == "R9"
    assert found["lost_value"].notna().eq(found["weak"]).all()
    two = coaching.weaknesses(passed({"R1": 1.0, "R2": 0.0}))
    assert two["rep_id"].tolist() == ["R2", "R1"]  # two can be compared, one cannot
    assert coaching.weaknesses(passed({"R1": 0.5})).empty


def test_outcomes_are_the_closed_deals_of_somebody_since_a_day():
    closed = pd.to_datetime(["2026-01-01", "2026-01-02", "2025-12-31", "2026-03-01", "2026-03-01"])
    deals = pd.DataFrame(
        {
            "opportunity_id": ["D1", "D2", "early", "nobody's", "open"],
            "rep_id": ["R1", "R2", "R1", None, "R1"],
            "rep_name": "R",
            "team": "T",
            "product_line": "P",
            "amount": 1.0,
            "outcome": ["won", "lost", "won", "won", "open"],
            "closed_on": closed,
        }
    )
    rows = coaching.outcomes(deals, since=pd.Timestamp("2026-01-01"))
    assert rows["stage"].eq("won").all()
    assert dict(zip(rows["opportunity_id"], rows["advanced"], strict=True)) == {"D1": True, "D2": False}


def test_equal_people_raise_no_more_alarms_than_stated():
    alarms = sum(
        bool(coaching.weaknesses(passed({f"R{n}": 0.7 for n in range(10)}, seed=seed))["weak"].any())
        for seed in range(40)
    )
    assert alarms <= 9  # one in ten is stated


def test_passages_leave_out_deals_that_still_wait():
    deals = pd.DataFrame(
        {
            "opportunity_id": ["D1", "D2", "D3"],
            "rep_id": "R1",
            "rep_name": "R1",
            "team": "T",
            "product_line": "P",
            "amount": 1.0,
            "outcome": ["won", "lost", "open"],
            "closed_on": AS_OF,
        }
    )
    events = pd.DataFrame(
        {
            "opportunity_id": ["D1", "D1", "D2", "D3", "D3"],
            "stage": ["lead", "quote", "lead", "lead", "quote"],
            "entered_on": pd.to_datetime(
                ["2026-01-01", "2026-02-01", "2026-01-01", "2026-01-01", "2026-02-01"]
            ),
        }
    )
    rows = coaching.passages(deals, events, since=pd.Timestamp("2026-01-01")).set_index(
        ["opportunity_id", "stage"]
    )["advanced"]
    assert rows.to_dict() == {
        ("D1", "lead"): True,
        ("D1", "quote"): True,
        ("D2", "lead"): False,
        ("D3", "lead"): True,
    }


def test_stars_differ_only_beyond_random_groups():
    habit = pd.DataFrame({name: [1.0] * 20 for name in stars.HABITS}).assign(
        rep_id=[f"R{n}" for n in range(20)]
    )
    habit["visits_per_week"] = [9.0, 10.0, 9.5] + [2.0 + 0.1 * n for n in range(17)]
    found = stars.differences(habit, ["R0", "R1", "R2"])
    assert found["habit"].tolist() == ["visits_per_week"]
    assert found.loc[0, "beyond_chance"]
    assert found.loc[0, "difference"] == pytest.approx(9.5 - 2.8)
    assert found.loc[0, "high"] < found.loc[0, "difference"]  # beyond chance is drawn beyond the band


def test_one_star_of_a_few_people_is_never_beyond_the_band_of_chance():
    rng = np.random.default_rng(3)
    habit = pd.DataFrame(rng.normal(size=(12, len(stars.HABITS))), columns=list(stars.HABITS))
    habit.iloc[0] = 9.0  # the first of twelve in everything: one in twelve is, whoever it be
    found = stars.differences(habit.assign(rep_id=[f"R{n}" for n in range(12)]), ["R0"])
    assert not found["beyond_chance"].any()
    assert (found["difference"] <= found["high"] + 1e-9).all()


def test_contested_accounts_need_repeated_work_by_both():
    work = pd.DataFrame(
        {
            "account_id": ["A", "A", "B", "B"],
            "rep_id": ["R1", "R2", "R1", "R2"],
            "contacts": [10, 8, 10, 1],
            "order_lines": 0,
            "net_amount": [50.0, 0.0, 5.0, 0.0],
        }
    )
    accounts = pd.DataFrame(
        {"account_id": ["A", "B"], "account_name": ["Alpha", "Beta"], "owner_id": ["R2", "R1"]}
    )
    rows = rivalry.contested(work, NO_DEALS, accounts, people("R1", "R2", team=["T", "U"]))
    assert rows["account_id"].tolist() == ["A"]
    assert rows.loc[0, ["names", "across_teams", "owner_differs", "net_amount"]].tolist() == [
        ["Name R1", "Name R2"],
        True,
        True,
        50.0,
    ]


def test_cooperation_compares_win_rates():
    deals = pd.DataFrame(
        {"outcome": ["won"] * 12 + ["lost"] * 8 + ["won"] * 4 + ["lost"] * 16, "people": [2] * 20 + [1] * 20}
    )
    both = rivalry.cooperation(deals).iloc[1]
    assert both["difference"] == pytest.approx(0.4)
    assert 0 < both["low"] < 0.4 < both["high"]
    assert rivalry.cooperation(deals.iloc[:20]).empty


def test_load_counts_hours_against_working_days():
    days = pd.bdate_range("2026-03-02", "2026-03-13")
    activity = pd.DataFrame(
        {"day": days, "rep_id": "R1", "kind": "visit", "count": 2, "minutes": 420.0, "timed": 1}
    )
    hours = workload.hours(activity)
    assert hours["hours"].tolist() == [14.0] * 10  # the untimed one counts like the timed
    load = workload.monthly_load(hours, people("R1", "R2"), days, hours_per_day=7)
    assert load.loc[0, ["hours", "available", "load"]].tolist() == [140.0, 140.0, 1.0]
    teams = workload.team_load(
        load,
        pd.DataFrame(columns=["team", "span", "people", "mean", "variance"]),
        people("R1", "R2"),
        as_of=AS_OF,
    )
    assert not teams["overloaded"].any()
    assert teams.loc[0, "reps"] == 2


def asked_groups(**spans: tuple[int, float, float]) -> pd.DataFrame:
    """What `facts.pulse` gives of one team: people, mean and variance of their means, now and before."""
    rows = [("T", span, *group) for span, group in spans.items()]
    return pd.DataFrame(rows, columns=["team", "span", "people", "mean", "variance"])


def test_load_and_stress_are_held_against_the_same_months_a_year_before():
    days = pd.bdate_range("2025-01-01", AS_OF)
    per_day = [14.0 if day >= pd.Timestamp("2026-01-01") else 7.0 for day in days]
    activity = pd.DataFrame({"day": days, "rep_id": "R1", "kind": "visit", "count": 2, "hours": per_day})
    load = workload.monthly_load(activity, people("R1", "R2"), days, hours_per_day=7)
    answers = asked_groups(now=(2, 4.25, 0.125), before=(2, 2.25, 0.125))
    team_row = workload.team_load(load, answers, people("R1", "R2"), as_of=AS_OF).iloc[0]
    assert team_row[["load", "before"]].tolist() == pytest.approx([1.0, 0.5])
    # 64 days from January to March, on each 14 of 14 hours there are: 1.959964 × √(64 × 14² / 2) ÷ (64 × 14)
    assert team_row["high"] - team_row["load"] == pytest.approx(0.173238, rel=1e-4)
    # two people whose means differ by half a point each time: Welch with two degrees of freedom
    assert team_row["stress_change"] == pytest.approx(2.0)
    assert team_row["stress_high"] - 2.0 == pytest.approx(4.302653 * (2 * 0.125 / 2) ** 0.5)


def test_a_team_that_was_not_asked_in_one_of_the_two_years_has_no_rise_and_no_alarm():
    days = pd.bdate_range("2025-01-01", AS_OF)
    activity = pd.DataFrame({"day": days, "rep_id": "R1", "kind": "visit", "count": 1, "hours": 5.0})
    load = workload.monthly_load(activity, people("R1", "R2"), days, hours_per_day=7)
    for answers, now, before in (
        (asked_groups(now=(2, 3.0, 2.0)), 3, np.nan),
        (asked_groups(before=(2, 3.0, 2.0)), np.nan, 3),
        (asked_groups(), np.nan, np.nan),
    ):
        row = workload.team_load(load, answers, people("R1", "R2"), as_of=AS_OF).iloc[0]
        assert row[["stress", "stress_before"]].tolist() == pytest.approx([now, before], nan_ok=True)
        assert row[["stress_low", "stress_high", "stress_p"]].isna().all()
        assert not row["overloaded"]


def test_targets_of_a_name_that_two_have_are_nobodys():
    pair = people("R1", "R2").assign(rep_name="Li Wei")
    spread = targets(
        [
            (member, month, 10.0)
            for month in ("2026-01-01", "2026-02-01", "2026-03-01")
            for member in ("Li Wei", "R2")
        ]
    )
    assert team.personal_targets(pair, spread, as_of=AS_OF)["target"].to_dict() == {"R2": 30.0}
    alone = pair.assign(rep_name=["Li Wei", "Wang Min"])
    assert team.personal_targets(alone, spread, as_of=AS_OF)["target"].to_dict() == {"R1": 30.0, "R2": 30.0}


def test_a_newcomers_first_month_is_listed_on_its_thirtieth_day():
    who = people("R1", "R2", hired_on=[pd.Timestamp("2020-01-01"), pd.Timestamp("2026-01-01")])
    booked = sales([("R1", "2026-01-30", 100.0), ("R2", "2026-01-30", 25.0)])
    for day, months in (("2026-01-29", []), ("2026-01-30", [1]), ("2026-03-01", [1, 2])):
        found = team.ramp(who, booked, as_of=pd.Timestamp(day), data_from=pd.Timestamp("2024-01-01"))
        assert found["tenure_month"].tolist() == months
        assert found["share"].head(1).tolist() == [0.25][: len(months)]


def test_hours_of_months_before_the_first_record_are_unknown():
    days = pd.bdate_range("2025-01-01", AS_OF)
    late = days[days >= pd.Timestamp("2025-11-10")]
    activity = pd.DataFrame({"day": late, "rep_id": "R1", "kind": "visit", "count": 1, "hours": 5.0})
    load = workload.monthly_load(activity, people("R1"), days, hours_per_day=7)
    assert load["month"].min() == pd.Timestamp("2025-12-01")  # of November the records tell a part
    teams = workload.team_load(load, asked_groups(), people("R1"), as_of=AS_OF)
    assert teams["before"].isna().all()
    assert "a year before" not in str(team_prose.load(teams))
