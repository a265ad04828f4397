"""Moving customers: by hand, against every possible list on small cases, and silent where nothing is to be served."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import handover, workload

AS_OF = pd.Timestamp("2026-03-31")


def accounts(*rows: tuple) -> pd.DataFrame:
    names = ["account_id", "owner_id", "hours", "revenue", "at_risk", "line", "stays"]
    return pd.DataFrame(rows, columns=names)


def loads(**people: tuple[float, float]) -> pd.DataFrame:
    rows = [(rep, hours, room, hours > room) for rep, (hours, room) in people.items()]
    return pd.DataFrame(rows, columns=["rep_id", "hours", "room", "overloaded"])


def able(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["rep_id", "team", "region", "room", "hours", "free"])


PEOPLE = pd.DataFrame(
    {
        "rep_id": ["R1", "R2", "R3", "R4"],
        "team": ["T", "T", "U", "V"],
        "region": ["East", "East", "East", "West"],
    }
)


def test_the_fewest_moves_relieve_the_person_and_serve_the_money():
    # R1 has 44 of 35 hours: nine must go. A and B take five each, C two, D (strategic, six) stays. A or B alone is too little;
    # two moves do (A and B: ten), and the seven of D are served since R1 is free then.
    own = accounts(
        ("A", "R1", 5.0, 900.0, 0.0, None, False),
        ("B", "R1", 5.0, 100.0, 0.0, None, False),
        ("C", "R1", 2.0, 50.0, 0.0, None, False),
        ("D", "R1", 6.0, 5000.0, 700.0, None, True),
    )  # fmt: skip
    load = loads(R1=(44.0, 35.0), R2=(20.0, 35.0), R3=(25.0, 35.0))
    free = able(("R2", "T", "East", 35.0, 20.0, 11.5), ("R3", "U", "East", 35.0, 25.0, 6.5))
    found = handover.handover(own, load, free, PEOPLE, sells=None)
    assert found is not None
    assert sorted(found.moves["account_id"]) == ["A", "B"]
    assert (found.hours, found.beyond, found.at_risk, found.served, found.proven) == (
        10.0,
        0.0,
        700.0,
        700.0,
        True,
    )
    after = found.people.set_index("rep_id")["after"]
    assert after["R1"] == 34.0
    assert max(after["R2"], after["R3"]) == 30.0  # one each: 25 and 30, not 30 and 25 beside 20 and 35
    near = found.moves.set_index("taker")["reach"].to_dict()
    assert all(near[rep] == {"R2": "team", "R3": "region"}[rep] for rep in near)


def test_nobody_overloaded_or_no_money_at_risk_moves_nothing():
    own = accounts(("A", "R1", 5.0, 900.0, 100.0, None, False))
    free = able(("R2", "T", "East", 35.0, 20.0, 11.5))
    assert handover.handover(own, loads(R1=(34.0, 35.0)), free, PEOPLE, sells=None) is None
    calm = own.assign(at_risk=0.0)
    assert handover.handover(calm, loads(R1=(44.0, 35.0)), free, PEOPLE, sells=None) is None


def test_who_may_not_take_gets_nothing_and_what_stays_is_told():
    own = accounts(("A", "R1", 5.0, 900.0, 100.0, "Pumps", False))
    load = loads(R1=(39.0, 35.0))
    west = able(("R4", "V", "West", 35.0, 10.0, 21.5))  # another region
    none = handover.handover(own, load, west, PEOPLE, sells=None)
    assert none is not None
    assert none.moves.empty
    assert (none.beyond, none.served) == (4.0, 0.0)
    near = able(("R2", "T", "East", 35.0, 20.0, 11.5))
    assert handover.handover(own, load, near, PEOPLE, sells={("R2", "Valves")}).moves.empty  # type: ignore[union-attr]
    taken = handover.handover(own, load, near, PEOPLE, sells={("R2", "Pumps")})
    assert taken is not None
    assert taken.moves["taker"].tolist() == ["R2"]
    assert taken.served == 100.0


def test_who_is_away_new_leaving_silent_or_full_takes_nothing():
    names = ["ok", "away", "new", "leaving", "thin", "full", "gone"]
    people = pd.DataFrame(
        {"rep_id": names, "team": "T", "region": "East", "active": [name != "gone" for name in names]}
    )
    people["hired_on"] = pd.to_datetime(["2020-01-01", "2020-01-01", "2026-01-15", *["2020-01-01"] * 4])
    people["left_on"] = pd.to_datetime([None, None, None, "2026-05-31", None, None, "2026-02-28"])
    load = pd.DataFrame(
        {"rep_id": names, "room": 35.0, "hours": [20.0, 20, 20, 20, 2, 34, 20], "overloaded": False}
    )
    last = pd.Series(pd.Timestamp("2026-03-30"), index=names)
    last["away"] = pd.Timestamp("2026-03-05")
    assert handover.takers(people, load, last, as_of=AS_OF)["rep_id"].tolist() == ["ok"]


def test_money_at_risk_is_a_late_key_accounts_year_or_deals_past_their_day():
    covered = pd.DataFrame({"account_id": ["A", "B"], "revenue": [500.0, 900.0], "in_time": [False, True]})
    deals = pd.DataFrame(
        {
            "account_id": ["A", "B", "B", "B", "C"],
            "outcome": ["open", "open", "open", "won", "open"],
            "created_on": pd.to_datetime(["2026-01-01", "2026-01-01", "2024-01-01", "2026-01-01", "2026-01-01"]),
            "expected_close_on": pd.to_datetime(["2026-03-01", "2026-03-01", "2024-06-01", "2026-03-01", "2026-04-30"]),
            "amount": [70.0, 80.0, 1000.0, 90.0, 60.0],
        }
    )  # fmt: skip
    assert handover.at_risk(covered, deals, as_of=AS_OF, limit=300.0).to_dict() == {"A": 500.0, "B": 80.0}


def best(own: pd.DataFrame, load: pd.DataFrame, free: pd.DataFrame) -> tuple:
    """Of every possible list, the value of the best: money served, hours beyond, moves, revenue, the fullest taker."""
    heavy = load[load["overloaded"]].set_index("rep_id")
    takes = free.set_index("rep_id")
    found = None
    choices = [[None] if row.stays else [None, *free["rep_id"]] for row in own.itertuples()]
    for chosen in product(*choices):
        to = pd.Series(chosen, index=own.index, dtype=object)
        come = own["hours"].groupby(to).sum().reindex(takes.index, fill_value=0.0)
        if (come > takes["free"] + 1e-9).any():
            continue
        gone = own["hours"].where(to.notna(), 0.0).groupby(own["owner_id"]).sum()
        left = (heavy["hours"] - gone - heavy["room"]).clip(lower=0)
        freed = own["owner_id"].map(left < 1e-9)
        served = own.loc[freed | to.notna(), "at_risk"].sum()
        fullest = ((takes["hours"] + come) / takes["room"]).max()
        value = (-served, left.sum(), to.notna().sum(), own.loc[to.notna(), "revenue"].sum(), fullest)
        rounded = tuple(np.round(np.array(value, dtype=float), 6))
        found = rounded if found is None else min(found, rounded)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_best_of_all_possible_lists(seed):
    rng = np.random.default_rng(seed)
    n = 7
    own = accounts(*[
        (f"A{at}", rng.choice(["R1", "R5"]), float(rng.integers(1, 8)), float(rng.integers(0, 90)),
         float(rng.choice([0, 0, 10, 25])), None, bool(rng.random() < 0.15))
        for at in range(n)
    ])  # fmt: skip
    own.loc[0, "at_risk"] = 5.0
    hours = own.groupby("owner_id")["hours"].sum()
    load = loads(**{rep: (30.0 + float(rng.integers(1, 9)), 30.0) for rep in hours.index})
    free = able(
        ("R2", "T", "East", 30.0, 20.0, float(rng.integers(2, 8))), ("R3", "T", "East", 30.0, 15.0, float(rng.integers(2, 12)))
    )  # fmt: skip
    people = pd.DataFrame({"rep_id": ["R1", "R5", "R2", "R3"], "team": "T", "region": "East"})
    found = handover.handover(own, load, free, people, sells=None)
    assert found is not None
    assert found.proven
    fullest = found.people.set_index("rep_id").reindex(free["rep_id"])
    after = fullest["after"].fillna(free.set_index("rep_id")["hours"]) / 30.0
    value = (-found.served, found.beyond, len(found.moves), found.moves["revenue"].sum(), after.max())
    assert value == pytest.approx(best(own, load, free), abs=1e-4)


def test_a_person_is_overloaded_beyond_chance_alone():
    months = pd.DataFrame(
        {"month": [pd.Timestamp("2026-03-01")] * 3, "rep_id": ["R1", "R2", "R3"], "available": 100.0}
    )
    months["hours"], months["squares"] = (
        [150.0, 104.0, 60.0],
        [150.0, 104.0, 60.0],
    )  # appointments of an hour each
    calm = pd.Series(False, index=["R1", "R2", "R3"])
    found = workload.person_load(months, calm, as_of=AS_OF, weeks=4.0, months=1).set_index("rep_id")
    assert found["conclusion"].to_dict() == {"R1": "found", "R2": "cannot_tell", "R3": "none"}
    # (150 − 100) ÷ √150 = 4.0825 deviations; (104 − 100) ÷ √104 = 0.3922
    assert found.loc["R1", "p_value"] == pytest.approx(2.2278e-05, rel=1e-3)
    assert found.loc["R2", "p_value"] == pytest.approx(0.34745, rel=1e-3)
    assert found.loc["R1", ["hours", "room", "load"]].tolist() == [37.5, 25.0, 1.5]
    assert found["overloaded"].tolist() == [True, False, False]
    busy = workload.person_load(
        months, ~calm, as_of=AS_OF, weeks=4.0, months=1
    )  # beyond the day in an overloaded team
    assert busy["overloaded"].tolist() == [True, True, False]
