"""What is promised from below against what is asked from above, by hand."""

import pandas as pd
import pytest

from salesnb.analysis import bottom_up
from salesnb.display.targets import bottom_up as tables
from salesnb.language import Language

AS_OF = pd.Timestamp("2026-10-31")
MONTHS = pd.date_range("2026-01-01", periods=12, freq="MS")
SAY = Language("en", currency="CNY")
ACCOUNTS = pd.DataFrame(
    {"account_id": ["A1", "A2"], "account_name": ["Ann Ltd", "Bo Ltd"], "region": ["E", "W"]}
)
ORDERS = pd.DataFrame(
    {
        "account_id": ["A1", "A1", "A2"],
        "day": pd.to_datetime(["2026-02-01", "2025-02-01", "2026-03-01"]),
        "net_amount": [30.0, 99.0, 200.0],
    }
)
SPREAD = pd.concat(
    [
        pd.DataFrame({"dimension": "account", "member": "Ann Ltd", "month": MONTHS, "amount": 10.0}),
        pd.DataFrame({"dimension": "account", "member": "A2", "month": MONTHS, "amount": 10.0}),
    ]
)
HANDED = pd.DataFrame(
    {"region": ["E", "E", "W"], "product_line": ["V", "P", "V"], "amount": [300.0, 100.0, 200.0]}
)
BOOKED = pd.DataFrame(
    {
        "day": pd.to_datetime(["2026-02-01", "2026-02-01", "2026-03-01"]),
        "region": ["E", "E", "W"],
        "product_line": ["V", "P", "V"],
        "net_amount": [200.0, 20.0, 250.0],
    }
)
DEALS = pd.DataFrame(
    {
        "region": ["E", "E", "W", "E"],
        "product_line": ["V", "P", "V", "V"],
        "amount": [100.0, 40.0, 60.0, 500.0],
        "outcome": ["open", "open", "open", "won"],
        "expected_close_on": pd.to_datetime(["2026-11-20", "2027-01-05", "2026-12-31", "2026-11-20"]),
    }
)
PEOPLE = pd.DataFrame({"member": ["R1", "R2"], "target_year": [380.0, 210.0], "actual_ytd": [220.0, 250.0]})
REPS = pd.DataFrame({"rep_id": ["R1", "R2"], "region": ["E", "W"]})


def plans(spread=SPREAD) -> pd.DataFrame:
    return bottom_up.account_plans(spread, ORDERS, ACCOUNTS, as_of=AS_OF)


def views(handed=HANDED, **options) -> pd.DataFrame:
    given = {
        "people": PEOPLE,
        "reps": REPS,
        "plans": plans(),
        "win_rate": 0.5,
        "won_share": 0.4,
        "as_of": AS_OF,
    }
    return bottom_up.views(handed, BOOKED, DEALS, **(given | options))


def test_account_plans_are_found_by_id_or_name_and_count_what_has_not_come():
    table = plans().set_index("account_id")
    assert table["plan"].to_dict() == {"A1": 120, "A2": 120}
    assert table["left"].to_dict() == {"A1": 90, "A2": 0}  # A2 has booked more than its plan
    assert table["region"].to_dict() == {"A1": "E", "A2": "W"}
    shown = tables.account_plans(plans())
    assert str(shown.finding) == "Account plans still promise 90.0; Ann Ltd most, 90.0"
    assert tables.account_plans(plans(SPREAD.iloc[:0])) is None


def test_an_account_that_no_table_lists_keeps_its_plan():
    odd = SPREAD.assign(member="Gone Ltd")
    table = plans(odd)
    assert table["account_name"].tolist() == ["Gone Ltd"]
    assert table["region"].isna().all()
    assert table["left"].tolist() == [240]


def test_the_disagreement_of_a_hand_worked_year():
    table = views().set_index(["dimension", "member"])
    east = table.loc[("region", "E")]
    assert east[["needed", "own", "accounts"]].tolist() == [180, 160, 90]
    assert east["asked"] == pytest.approx(72)  # 40% of it comes through deals
    assert east["pipeline"] == 50  # half of 100; the other deal is due next year
    assert east["disagreement"] == pytest.approx(-22)
    west = table.loc[("region", "W")]
    assert west[["needed", "own", "accounts", "pipeline"]].tolist() == [0, 0, 0, 30]
    # 500 of valves less 450 booked; 100 of pumps less 20, whose deal comes too late
    assert table.loc[("product_line", "V"), "needed"] == 50
    assert table.loc[("product_line", "P"), "disagreement"] == pytest.approx(-32)
    assert table.loc["product_line"]["own"].isna().all()
    shown = tables.views(views())
    assert str(shown.finding) == "The pipeline lacks most in P: 32.0 of what is asked of its deals"
    assert "holds what is asked" in str(tables.views(views(won_share=0.0)).finding)


def test_without_targets_or_rates_nothing_is_compared():
    assert views(None).empty
    assert tables.views(views(None)) is None
    assert tables.views(views(win_rate=None)) is None


def test_a_pipeline_that_nobody_dates_is_not_empty_but_unknown():
    undated = DEALS.assign(expected_close_on=pd.NaT)
    given = {"people": PEOPLE, "reps": REPS, "plans": plans(), "win_rate": 0.5, "won_share": 0.4}
    table = bottom_up.views(HANDED, BOOKED, undated, **given, as_of=AS_OF)
    assert table[["pipeline", "disagreement"]].isna().all(axis=None)
    assert table["asked"].notna().any()
    assert tables.views(table) is None


def booked(*amounts: float) -> pd.DataFrame:
    days = pd.to_datetime(["2026-03-01"] * len(amounts))
    return pd.DataFrame({"day": days, "net_amount": pd.Series(amounts, dtype=float)})


def deals() -> pd.DataFrame:
    rows = [
        ("open", 100.0, "2026-11-20", None),
        ("open", 50.0, "2026-12-05", None),
        ("open", 70.0, "2026-09-01", None),
        ("won", 30.0, None, "2026-05-01"),
        ("lost", 90.0, None, "2026-06-01"),
        ("won", 500.0, None, "2024-06-01"),
    ]
    frame = pd.DataFrame(rows, columns=["outcome", "amount", "expected_close_on", "closed_on"])
    return frame.assign(
        expected_close_on=pd.to_datetime(frame["expected_close_on"]),
        closed_on=pd.to_datetime(frame["closed_on"]),
    )


def test_the_pipeline_by_month():
    assert bottom_up.win_rate(deals(), as_of=AS_OF) == 0.25
    months = pd.date_range("2026-11-01", periods=2, freq="MS")
    table = bottom_up.pipeline_by_month(deals(), win_rate=0.25, as_of=AS_OF, months=months)
    assert table["expected"].tolist() == [25, 12.5]
    asked = bottom_up.asked_of_deals(
        table, pd.DataFrame({"month": months, "needed": [10.0, 20.0]}), won_share=0.5
    )
    assert asked["asked"].tolist() == [5, 10]
    assert bottom_up.undated(deals(), as_of=AS_OF) == 70
    assert bottom_up.won_share(deals(), booked(60.0), as_of=AS_OF) == 0.5
    assert bottom_up.won_share(deals(), booked(), as_of=AS_OF) is None
    assert bottom_up.win_rate(deals().iloc[:0], as_of=AS_OF) is None
