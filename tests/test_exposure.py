"""Dependence, changed behaviour, events and the register, by hand."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import aftermath, behaviour, credit, exposure, pricing, receivables, risks
from salesnb.display.risk import calls, prose, tables

INVOICES = pd.DataFrame(
    {"account_id": ["A", "A", "B"], "account_name": ["Alpha", "Alpha", "Beta"], "unpaid": [10.0, 20.0, 10.0]}
)
DEALS = pd.DataFrame(
    {
        "account_id": ["B", "C", None, "D"],
        "account_name": ["Beta", "Gamma", None, "Delta"],
        "amount": [40.0, 80.0, 900.0, 100.0],
        "outcome": ["open", "open", "open", "won"],
    }
)


def test_exposure_weights_open_deals_with_an_account():
    rows = exposure.by_account(INVOICES, DEALS, win_rate=0.5).set_index("account_id")
    assert rows["exposure"].to_dict() == {"C": 40.0, "A": 30.0, "B": 30.0}
    figures = exposure.headlines(rows)
    assert figures["exposure.hhi"].value == pytest.approx(10_000 * (0.4**2 + 0.3**2 + 0.3**2))
    assert figures["exposure.top3_share"].value == pytest.approx(1.0)


def test_without_a_win_rate_only_receivables_count():
    rows = exposure.by_account(INVOICES, DEALS, win_rate=None)
    assert rows["account_id"].tolist() == ["A", "B"]
    assert (
        exposure.headlines(exposure.by_account(INVOICES.iloc[:0], DEALS, win_rate=None))["exposure.hhi"].value
        is None
    )


def test_losing_a_customer_costs_orders_debts_and_deals():
    exposed = exposure.by_account(INVOICES, DEALS, win_rate=0.5)
    days = pd.DataFrame(
        {
            "account_id": ["A", "A", "B"],
            "day": pd.to_datetime(["2026-01-05", "2024-01-05", "2026-02-05"]),
            "net_amount": [70.0, 500.0, 30.0],
        }
    )
    lost = exposure.dependence(
        exposed, days, since=pd.Timestamp("2025-11-01"), as_of=pd.Timestamp("2026-10-31")
    ).set_index("account_id")
    assert lost["at_stake"].to_dict() == {"A": 100.0, "B": 60.0, "C": 40.0}
    assert lost.loc["A", "revenue_share"] == pytest.approx(0.7)


def weekly(seed: int, *, drop: float = 0.0) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    weeks = pd.date_range("2024-01-07", periods=140, freq="7D")
    own, rest = pd.Series(rng.gamma(20, 5, 140), weeks), pd.Series(rng.gamma(80, 5, 140), weeks)
    own.iloc[100:106] *= 1 - drop
    return own, rest


def test_a_fall_after_an_event_is_found_with_its_size():
    own, rest = weekly(1, drop=0.4)
    span, _, _, _, change, low, _, p_value, money, word, by, _, beyond = aftermath.effect(
        own, rest, own.index[100]
    )
    assert (word, by) == ("found", "")
    assert span == 6
    assert beyond
    assert change == pytest.approx(-0.4, abs=0.12)
    assert change < low
    assert p_value < 0.1
    assert money < 0


def test_quiet_weeks_raise_no_more_alarms_than_stated():
    alarms = sum(bool(aftermath.effect(*weekly(seed), pd.Timestamp("2025-12-07"))[-1]) for seed in range(60))
    assert alarms <= 12  # one in ten is stated


@pytest.mark.filterwarnings("error")
def test_weeks_in_which_more_came_back_than_was_sold_count_as_nothing_sold():
    own, rest = weekly(3)
    own.iloc[100:106] = -own.iloc[100:106]
    own.iloc[40:50] = -3 * own.iloc[40:50]
    change, low, high, p_value = aftermath.effect(own, rest, own.index[100])[4:8]
    assert change < -1 < low < high
    assert 0 < p_value < 1
    assert aftermath.effect(-own, rest, own.index[100]) is None  # nothing is sold on balance


def test_too_little_history_is_not_judged():
    own, rest = weekly(1)
    assert aftermath.effect(own, rest, own.index[5]) is None
    assert aftermath.effect(own, rest, own.index[-2]) is None


def test_weekly_leaves_out_the_cut_week():
    days = pd.date_range("2026-10-01", "2026-10-31")
    sales = pd.DataFrame({"day": days, "product_line": "Pumps", "net_amount": 1.0})
    table = aftermath.weekly(sales, by="product_line", as_of=days[-1])
    assert table["Pumps"].tolist() == [7.0] * 4
    assert aftermath.weekly(sales.iloc[:0], by="product_line", as_of=days[-1]).empty


def test_a_key_account_that_stopped_stands_first():
    as_of = pd.Timestamp("2026-10-31")
    days = pd.concat(
        [
            pd.DataFrame(
                {
                    "account_id": name,
                    "day": pd.date_range("2025-11-03", until, freq="14D"),
                    "net_amount": 10.0,
                    "is_order": True,
                }
            )
            for name, until in (("A", "2026-05-10"), ("B", as_of))
        ]
    )
    silence = pd.DataFrame(
        {
            "account_id": ["A", "B"],
            "last_on": [pd.Timestamp("2026-05-04"), as_of],
            "interval": 14.0,
            "pause": [180.0, 0.0],
            "silent": [True, False],
            "a_year": [140.0, 260.0],
        }
    )
    names = pd.DataFrame({"account_id": ["A", "B"], "account_name": ["Alpha", "Beta"]})
    events = pd.DataFrame(
        {"account_id": ["A"], "happened_on": [pd.Timestamp("2026-05-01")], "kind": ["departure"]}
    )
    owners = pd.DataFrame({"account_id": ["A", "B"], "owner": ["Ann", "Bo"]})
    found = behaviour.changed(
        silence, days, names, keys=["A", "B"], events=events, owners=owners, as_of=as_of
    )
    assert found["account_name"].tolist() == ["Alpha"]
    assert found.loc[0, ["at_stake", "event", "owner"]].tolist() == [140.0, "departure", "Ann"]


def test_the_register_ranks_by_money_times_likelihood():
    as_of = pd.Timestamp("2026-10-31")
    silent = pd.DataFrame(
        {
            "account_id": ["C1", "C2"],
            "account_name": ["Alpha", "Beta"],
            "at_stake": [100.0, 300.0],
            "likelihood": [0.7, 0.1],
            "basis": "record",
            "owner": ["Ann", None],
        }
    )
    orders = pd.DataFrame(
        {
            "account_id": ["C3"],
            "account_name": ["Gamma"],
            "unpaid": [90.0],
            "cost": [9.0],
            "late_rate": [1.0],
            "rep_name": ["Cy"],
            "order_id": ["O1"],
            "prepay": [True],
        }
    )
    empty = pd.DataFrame()
    register = risks.register(
        as_of=as_of,
        silent=silent,
        orders=orders,
        ageing=receivables.ageing(pd.DataFrame({"amount": [50.0], "unpaid": [50.0], "days_overdue": [100]})),
        wars=pricing.price_wars(empty),
        dependence=pd.DataFrame(columns=["account_name", "at_stake", "revenue_share"]),
        aftermath=pd.DataFrame(columns=aftermath.COLUMNS),
        roll=0.2,
        late=pd.Series({"C3": 0.5}),
    )
    assert register["kind"].tolist() == ["silent", "silent", "overdue", "order"]
    assert register["at_stake"].tolist() == [100, 300, 50, 9]  # of the late order its interest
    assert register["expected"].tolist() == [70, 30, 10, 4.5]
    assert register["expected"].is_monotonic_decreasing
    assert (register["due"] > as_of).all()


def test_of_the_falls_after_many_events_some_are_chance():
    fell = pd.DataFrame({"beyond_noise": [True, True] + [False] * 18, "change": [-0.5] * 20})
    assert aftermath.true_falls(fell) == pytest.approx(0.5)  # of twenty events one falls by chance
    assert aftermath.true_falls(fell.iloc[2:]) == 0


def test_a_risk_whose_chance_nobody_can_know_stands_apart_and_is_multiplied_by_nothing():
    register = risks.register(
        as_of=pd.Timestamp("2026-10-31"),
        silent=pd.DataFrame(columns=behaviour.COLUMNS),
        orders=pd.DataFrame(columns=credit.COLUMNS),
        ageing=receivables.ageing(pd.DataFrame({"amount": [50.0], "unpaid": [50.0], "days_overdue": [100]})),
        wars=pricing.price_wars(pd.DataFrame()),
        dependence=pd.DataFrame({"account_name": ["A"], "at_stake": [80.0], "revenue_share": [0.5]}),
        aftermath=pd.DataFrame(columns=aftermath.COLUMNS),
        leaves=0.25,
    )
    assert register["kind"].tolist() == ["dependence", "overdue"]
    assert register["expected"].iloc[0] == 20
    assert register[["likelihood", "expected"]].isna().to_numpy().tolist() == [[False] * 2, [True] * 2]
    assert "50.0 more is at stake in risks whose chance nobody knows (1 of 2)" in str(
        prose.register(register)
    )
    (asked,) = (
        one for one in calls.decisions(register, register.assign(prepay=False)) if one.at_stake is None
    )
    assert (
        str(asked.why) == "Invoices more than two months overdue may be lost: 50.0 at stake, chance unknown"
    )
    told = str(tables.likelihood(register["likelihood"].iloc[1], register["basis"].iloc[1]))
    assert told == "not known: too few alike were seen"


def test_plan_b_of_a_customer_on_whom_the_year_depends_has_a_trigger_an_owner_and_money():
    named = pd.DataFrame(
        {"account_id": ["A", "B", "C"], "account_name": ["Alpha", "Beta", "Gamma"], "at_stake": [80.0, 60.0, 2.0], "revenue_share": [0.5, 0.4, 0.01]}
    )  # fmt: skip
    plans = pd.DataFrame(
        {"account_id": ["A", "B"], "act_by": [pd.Timestamp("2026-11-20"), pd.NaT], "deals": [30.0, np.nan], "months": [7.0, np.nan], "owner": ["Ann", None]}
    )  # fmt: skip
    quiet = pd.DataFrame(
        {"account_id": ["B"], "account_name": ["Beta"], "at_stake": [60.0], "likelihood": [0.5], "basis": ["record"], "owner": ["Bo"]}
    )  # fmt: skip
    nothing = {
        "orders": pd.DataFrame(columns=credit.COLUMNS), "ageing": receivables.ageing(pd.DataFrame({"amount": [], "unpaid": [], "days_overdue": []})),
        "wars": pricing.price_wars(pd.DataFrame()), "aftermath": pd.DataFrame(columns=aftermath.COLUMNS),
    }  # fmt: skip
    both = risks.register(
        as_of=pd.Timestamp("2026-10-31"),
        silent=quiet.iloc[:0],
        dependence=named,
        plan_b=plans,
        leaves=0.25,
        **nothing,
    )
    assert both["subject"].tolist() == ["Alpha", "Beta"]  # each that holds a twentieth of the year
    assert both["asks"].all()
    spread = risks.register(
        as_of=pd.Timestamp("2026-10-31"),
        silent=quiet.iloc[:0],
        dependence=named.assign(revenue_share=[0.02, 0.03, 0.01]),
        leaves=0.25,
        **nothing,
    )
    assert spread["subject"].tolist() == [
        "Alpha"
    ]  # the one with most at stake stands there, and nothing is asked for
    assert not spread["asks"].any()
    assert str(prose.register(spread)) == "None of the checks found a risk beyond the usual."
    assert calls.decisions(spread, spread.assign(prepay=False)) == []
    assert both.loc[0, ["trigger", "owner", "deals", "months"]].tolist() == [
        pd.Timestamp("2026-11-20"),
        "Ann",
        30,
        7,
    ]
    assert pd.isna(both.loc[1, "trigger"])
    assert pd.isna(both.loc[1, "owner"])
    silent = risks.register(
        as_of=pd.Timestamp("2026-10-31"), silent=quiet, dependence=named, plan_b=plans, leaves=0.25, **nothing
    )
    assert silent["kind"].tolist() == ["silent", "dependence"]  # who has fallen silent is counted once
    assert silent["subject"].tolist() == ["Beta", "Alpha"]


def test_how_often_a_large_customer_leaves_is_the_companys_own_record():
    as_of = pd.Timestamp("2026-10-31")
    days = pd.DataFrame(
        {
            "account_id": [f"C{n:02}" for n in range(30)] * 2,
            "day": [pd.Timestamp("2025-01-15")] * 30 + [pd.Timestamp("2026-01-15")] * 30,
            "net_amount": [100.0] * 30 + [100.0] * 27 + [0.0] * 3,
        }
    )
    # four fifths of the revenue come from 24 alike; of these none is among the last three, who left
    assert exposure.leaving(days, as_of=as_of) == pytest.approx(1 / 26)
    days.loc[days["account_id"].isin(["C00", "C01"]) & (days["day"].dt.year == 2026), "net_amount"] = 0.0
    assert exposure.leaving(days, as_of=as_of) == pytest.approx(3 / 26)
    assert exposure.leaving(days[days["account_id"] < "C20"], as_of=as_of) is None


def test_what_nobody_knows_a_customer_owes_is_missing_and_not_zero():
    days = pd.DataFrame({"account_id": ["A"], "day": [pd.Timestamp("2026-10-01")], "net_amount": [90.0]})
    span = {"since": pd.Timestamp("2025-11-01"), "as_of": pd.Timestamp("2026-10-31")}
    nothing = pd.DataFrame(columns=exposure.COLUMNS)
    found = exposure.dependence(nothing, days, **span, owed=False, dealt=False).iloc[0]
    assert found["at_stake"] == 90
    assert found[["receivables", "pipeline"]].isna().all()


def test_what_could_not_be_looked_for_is_told():
    looked = risks.looked(["orders", "invoices"], payments=False)
    assert (looked.checked, looked.all, looked.missing) == (2, 6, ("invoices", "products", "events"))
    nothing = pd.DataFrame(columns=risks.COLUMNS)
    assert "2 of 6 kinds of risk could be checked" in str(prose.register(nothing, looked))
    whole = risks.looked(["orders", "invoices", "products", "events"], payments=True)
    bare = risks.looked(["orders", "invoices", "products", "events"], payments=True, floors=False)
    assert (bare.checked, bare.missing) == (5, ("price_floors",))
    assert str(prose.register(nothing, whole)) == "None of the checks found a risk beyond the usual."


def test_how_often_customers_leave_is_told_from_twenty_large_ones_on():
    as_of = pd.Timestamp("2026-10-31")

    def of(customers: int, *, first: str = "2024-11-01", later: str = "2025-11-01") -> float | None:
        names = [f"C{n:02}" for n in range(customers)]
        days = pd.DataFrame(
            {
                "account_id": names * 2,
                "day": [pd.Timestamp(first)] * customers + [pd.Timestamp(later)] * customers,
                "net_amount": 100.0,
            }
        )
        return exposure.leaving(days, as_of=as_of)

    assert of(25) == pytest.approx(1 / 22)  # four fifths of 25 alike are 20
    assert of(23) is None  # of 23 they are 19
    assert of(25, first="2024-10-31") is None  # longer ago than the year before last
    assert of(25, later="2025-10-31") == pytest.approx(
        21 / 22
    )  # whose last order lies in that year have left
    assert of(25, first="2025-11-01", later="2025-11-02") is None


def test_dependence_by_hand_where_nothing_was_sold_and_where_all_is_known():
    exposed = exposure.by_account(INVOICES, DEALS, win_rate=0.5)
    sold = pd.DataFrame(columns=["account_id", "day", "net_amount"]).astype(
        {"day": "datetime64[us]", "net_amount": float}
    )
    span = {"since": pd.Timestamp("2025-11-01"), "as_of": pd.Timestamp("2026-10-31")}
    lost = exposure.dependence(exposed, sold, **span)
    assert lost["revenue_share"].tolist() == [0.0] * 3
    assert lost.set_index("account_id")["receivables"].to_dict() == {"A": 30, "B": 10, "C": 0}
    assert lost.set_index("account_id")["pipeline"].to_dict() == {"A": 0, "B": 20, "C": 40}
    days = pd.DataFrame(
        {
            "account_id": ["A", "D", "E", None, "F"],
            "day": pd.to_datetime(["2026-10-31", "2025-11-01", "2026-01-01", "2026-01-01", "2025-10-31"]),
            "net_amount": [60.0, 20.0, -5.0, 999.0, 999.0],
        }
    )
    both = exposure.dependence(exposed, days, **span).set_index("account_id")
    assert both["revenue_share"].to_dict() == pytest.approx({"A": 0.75, "D": 0.25, "C": 0.0, "B": 0.0})
    none = exposure.dependence(exposed.iloc[:0], days.assign(net_amount=0.0), **span)
    assert none.empty  # whose loss costs nothing is no risk
    assert exposure.named(both.reset_index(), INVOICES)["account_name"].tolist() == [
        "Alpha",
        "C",
        "Beta",
        "D",
    ]


def test_exposure_is_none_without_anything_owed_or_hoped_for():
    assert exposure.by_account(INVOICES.iloc[:0], DEALS.iloc[:0], win_rate=0.5).empty
    settled = exposure.by_account(INVOICES.assign(unpaid=[5.0, -5.0, 0.0]), DEALS.iloc[:0], win_rate=0.5)
    assert settled.empty
    cents = exposure.by_account(INVOICES.assign(unpaid=0.25), DEALS.iloc[:0], win_rate=0.5)
    assert cents["exposure"].tolist() == [0.5, 0.25]
    span = {"since": pd.Timestamp("2025-11-01"), "as_of": pd.Timestamp("2026-10-31")}
    sold = pd.DataFrame({"account_id": ["Z"], "day": [pd.Timestamp("2026-01-01")], "net_amount": [0.75]})
    assert exposure.dependence(cents, sold, **span)["at_stake"].tolist() == [0.75, 0.5, 0.25]
    unsized = exposure.by_account(INVOICES, DEALS.assign(amount=np.nan), win_rate=0.5)
    assert unsized["pipeline"].tolist() == [0.0, 0.0]
    assert unsized["share"].tolist() == [0.75, 0.25]
    four = exposure.by_account(
        INVOICES, pd.concat([DEALS, DEALS.assign(account_id="E", account_name="E", amount=2.0)]), win_rate=0.5
    )
    assert exposure.headlines(four)["exposure.top3_share"].value == pytest.approx(100 / 103)


def test_the_large_customers_are_the_largest_and_one_that_still_buys_a_little_has_not_left():
    names = [f"C{n:02}" for n in range(70)]
    then = pd.DataFrame(
        {"account_id": names, "day": pd.Timestamp("2025-01-15"), "net_amount": [0.1] * 40 + [100.0] * 30}
    )
    now = then.iloc[40:].assign(day=pd.Timestamp("2026-01-15"), net_amount=1.0)
    # four fifths of 3,004 lie with 25 of the thirty; of the forty small ones, who all left, none is asked
    assert exposure.leaving(pd.concat([then, now]), as_of=pd.Timestamp("2026-10-31")) == pytest.approx(1 / 27)


def test_customers_with_as_much_at_stake_stand_by_their_number():
    rows = exposure.by_account(INVOICES.iloc[::-1], DEALS, win_rate=0.5)
    assert rows["account_id"].tolist() == ["C", "A", "B"]
    assert rows.index.tolist() == [0, 1, 2]
    nothing = pd.DataFrame(columns=["account_id", "day", "net_amount"]).astype(
        {"day": "datetime64[us]", "net_amount": float}
    )
    span = {"since": pd.Timestamp("2025-11-01"), "as_of": pd.Timestamp("2026-10-31")}
    lost = exposure.dependence(rows.iloc[::-1], nothing, **span)
    assert lost["account_id"].tolist() == ["C", "A", "B"]
    assert lost.index.tolist() == [0, 1, 2]
