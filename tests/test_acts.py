"""What do trials and discounts bring of themselves: beside accounts that stood alike on the day, after those who were about to buy anyway?"""

from __future__ import annotations

import pandas as pd
import pytest

from salesnb.analysis import acts
from tests import worlds
from tests.worlds import TODAY


def ordered(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["account_id", "day", "net_amount", "list_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"]), is_order=True)


def test_an_act_counts_once_in_half_a_year_after_a_year_of_records_and_with_what_followed_known() -> None:
    bought = ordered(("A", "2024-01-01", 10, 10))
    given = pd.DataFrame(
        [
            ("A", "2024-06-01", "trial"),  # the records are five months old
            ("A", "2025-02-01", "trial"),
            ("A", "2025-05-01", "trial"),  # within half a year
            ("A", "2025-05-01", "case_visit"),
            ("A", "2025-05-02", "call"),  # no act
            ("B", "2026-08-01", "trial"),  # what followed it is not known yet
        ],
        columns=["account_id", "day", "kind"],
    )
    found = acts.done(given.assign(day=pd.to_datetime(given["day"])), bought, as_of=TODAY)
    assert found[["day", "kind"]].astype(str).to_numpy().tolist() == [
        ["2025-02-01", "trial"],
        ["2025-05-01", "case_visit"],
    ]


def test_a_discount_is_a_limited_one_where_it_is_deeper_than_the_accounts_own() -> None:
    days = ["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01"]
    deep = [("A", day, net, 100.0) for day, net in zip(days, (90, 92, 91, 80, 90), strict=True)]
    always = [("B", day, 80.0, 100.0) for day in days]
    first = [("C", day, 70.0, 100.0) for day in days[:3]]  # nobody knows what is usual
    found = acts.limited_discounts(ordered(*deep, *always, *first))
    assert found.astype(str).to_numpy().tolist() == [["A", "2025-04-01"]]


def test_beside_an_act_stand_the_accounts_that_were_nearest_on_its_day() -> None:
    """Six accounts of the tier: five buy monthly as A does, F bought twice; after A's trial A buys four times from day 31 on, they three."""
    monthly = [
        str(day.date()) for day in pd.date_range("2024-01-10", "2025-07-10", freq="MS") + pd.Timedelta(days=9)
    ]
    rows = [(name, day, 10.0, float("nan")) for name in "ABCDE" for day in monthly]
    rows += [("F", "2024-02-01", 10.0, float("nan")), ("F", "2024-03-01", 10.0, float("nan"))]
    bought = acts._Bought(
        ordered(*rows, ("A", "2025-05-20", 10.0, float("nan"))),
        pd.DataFrame({"account_id": list("ABCDEF"), "region": "East"}),
        pd.DataFrame({"account_id": ["A"], "created_on": [TODAY], "closed_on": [pd.NaT]}),
    )
    given = pd.DataFrame({"account_id": ["A"], "day": [pd.Timestamp("2025-03-20")]})
    tiers = {pd.Timestamp("2025-03-01"): pd.Series("potential", index=[*"ABCDEF", "nobody"])}
    rows_ = acts._beside(given, tiers, bought, "trial")
    own = rows_[rows_["here"]].iloc[0]
    assert (own["orders_year"], own["orders_quarter"], own["money_year"], own["since"]) == (12, 3, 120.0, 10)
    assert (own["late"], own["whole"], own["deals"]) == (
        4,
        5,
        0,
    )  # 10 May, 20 May, 10 June, 10 July; and 10 April
    nearest = acts.alike(rows_)
    assert len(nearest) == 6
    assert nearest.loc[~nearest["here"], "late"].tolist() == [3, 3, 3, 3, 0]


@pytest.mark.parametrize(
    ("given", "effect", "told"),
    [
        ("lot", 1.2, {("found", "")}),
        ("about", 0.0, {("explained", "selection"), ("none", "")}),
        ("often", 0.0, {("explained", "selection")}),
    ],
)
def test_an_effect_is_found_and_a_choice_is_said_to_be_one(
    given: str, effect: float, told: set[tuple[str, str]]
) -> None:
    done, *world = worlds.accompanied(7, given=given, effect=effect)
    done = acts.done(done, world[0], as_of=TODAY)
    found = acts.effects(done, *world)
    assert (found.loc[0, "conclusion"], found.loc[0, "by"]) in told
    best = acts.paying(found)
    assert (best is not None) == (effect > 0)
    if best is not None:
        late = effect * (acts.AFTER - acts.FORESEEN) / acts.AFTER
        assert best["low"] < late < best["high"]
    assert [one.conclusion for one in acts.findings(found, done)] == [found.loc[0, "conclusion"]]


def test_few_acts_tell_nothing_and_none_are_none() -> None:
    done, *world = worlds.accompanied(7, acts=12)
    found = acts.effects(acts.done(done, world[0], as_of=TODAY), *world)
    assert found["conclusion"].tolist() == ["none"]
    assert found[["plain", "value", "p_value", "money"]].isna().all(axis=None)
    nothing = acts.effects(done.iloc[:0], *world)
    assert nothing.empty
    assert acts.paying(nothing) is None
    assert [one.conclusion for one in acts.findings(nothing, done.iloc[:0])] == ["none"]


def test_the_next_one_is_who_gains_most_where_an_act_pays_else_who_will_bring_most() -> None:
    growing = pd.DataFrame({"account_id": ["A", "B", "C"], "growth": [3.0, 2.0, 1.0]})
    ahead = pd.DataFrame(
        {
            "account_id": ["A", "B"],
            "money_90": [10.0, 20.0],
            "money_low": [0.0, 5.0],
            "money_high": [30.0, 40.0],
            "value": [9.0, 4.0],
        }
    )
    plain = acts.next_ones(growing, ahead, None)
    assert plain["account_id"].tolist() == ["B", "A", "C"]
    assert plain["gain"].isna().all()
    paid = acts.next_ones(growing, ahead, pd.Series({"value": 0.5, "low": 0.1, "high": 0.9}))
    assert paid["account_id"].tolist() == ["A", "B", "C"]
    assert paid.loc[0, ["gain", "gain_low", "gain_high"]].tolist() == pytest.approx([4.5, 0.9, 8.1])
