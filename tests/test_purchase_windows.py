"""The days of the next order: known rhythms, held-back orders, and what a short history cannot say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import purchase_windows, readiness
from salesnb.intake.workspace import open_book
from salesnb.plan import Support

DEMO = Path(__file__).parents[1] / "data" / "demo"
SHARED = Path(__file__).parents[2] / "shared" / "workspaces"
FIRST = pd.Timestamp("2023-01-02")


def days(**accounts: list[pd.Timestamp]) -> pd.DataFrame:
    rows = [(account, day, 10.0, True) for account, own in accounts.items() for day in own]
    frame = pd.DataFrame(rows, columns=["account_id", "day", "net_amount", "is_order"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def at_random(rng: np.random.Generator, mean: float, until: int, shape: float = 1.0) -> list[pd.Timestamp]:
    steps = np.cumsum(np.maximum(1, np.round(rng.gamma(shape, mean / shape, 400))))
    return [FIRST + pd.Timedelta(days=int(step)) for step in steps if step < until]


def company(seed: int, until: int = 900, **more: list[pd.Timestamp]) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    own = {f"R{n:03d}": at_random(rng, rng.uniform(15, 60), until) for n in range(150)}
    own |= {f"E{n:03d}": at_random(rng, rng.uniform(15, 60), until, shape=20.0) for n in range(50)}
    return days(**own, **more)


def test_a_standing_order_has_a_narrow_window_where_the_next_one_falls() -> None:
    monthly = [FIRST + pd.Timedelta(days=28 * n) for n in range(30)]
    as_of = monthly[-1] + pd.Timedelta(days=3)
    found = purchase_windows.windows(company(1, M=monthly), as_of=as_of).set_index("account_id").loc["M"]
    assert found["kind"] == "regular"
    assert found["from_80"] <= monthly[-1] + pd.Timedelta(days=28) <= found["to_80"]
    assert (found["to_50"] - found["from_50"]).days < 14
    assert found["from_80"] <= found["from_50"] <= found["likely_on"] <= found["to_50"] <= found["to_80"]


def test_a_seasonal_buyer_is_expected_in_its_season_and_a_burst_is_no_season() -> None:
    spring = [
        pd.Timestamp(f"{year}-{month:02d}-{day:02d}")
        for year in (2023, 2024, 2025)
        for month in (3, 4)
        for day in (3, 10, 17, 24)
    ]
    burst = [pd.Timestamp(f"2024-03-{day:02d}") for day in range(1, 17)] + [pd.Timestamp("2023-01-05")]
    orders = company(2, until=1130, S=spring, B=burst)
    found = purchase_windows.windows(orders, as_of=pd.Timestamp("2026-02-10")).set_index("account_id")
    assert found.loc["S", "kind"] == "seasonal"
    assert found.loc["B", "kind"] != "seasonal"
    assert found.loc["S", "likely_on"] >= pd.Timestamp("2026-03-01")
    assert (found["kind"] == "seasonal").sum() == 1  # of two hundred others none


@pytest.mark.parametrize("seed", [3, 4])
def test_windows_hold_what_they_say_where_accounts_differ(seed: int) -> None:
    kept = purchase_windows.coverage(company(seed), as_of=FIRST + pd.Timedelta(days=899))
    assert kept is not None
    assert kept.orders > 150
    assert kept.half == pytest.approx(0.5, abs=0.12)  # three standard errors of so many orders
    assert kept.four_fifths == pytest.approx(0.8, abs=0.10)


@pytest.mark.parametrize(
    ("workspace", "as_of"),
    [(DEMO, "2026-10-31"), (SHARED / "cdnow", "1998-06-30"), (SHARED / "online_retail", "2011-11-30")],
    ids=["demo", "cdnow", "online_retail"],
)
def test_orders_that_were_held_back_keep_to_their_windows(workspace: Path, as_of: str) -> None:
    if not workspace.exists():
        pytest.skip(f"{workspace.name} is not beside this checkout")
    kept = purchase_windows.coverage(
        open_book(str(workspace), as_of=as_of).company.order_days, as_of=pd.Timestamp(as_of)
    )
    assert kept is not None
    assert kept.half == pytest.approx(0.5, abs=0.05)
    assert kept.four_fifths == pytest.approx(0.8, abs=0.05)


def test_a_short_history_says_nothing() -> None:
    for orders in (days(), days(A=[FIRST]), days(**{f"A{n}": [FIRST] for n in range(80)})):
        found = purchase_windows.windows(orders, as_of=FIRST + pd.Timedelta(days=30))
        assert found.empty
        assert "likely_on" in found
        assert purchase_windows.coverage(orders, as_of=FIRST + pd.Timedelta(days=200)) is None


def test_an_account_that_paused_for_years_still_has_days_within_the_horizon() -> None:
    long_gone = [FIRST + pd.Timedelta(days=7 * n) for n in range(10)]
    as_of = FIRST + pd.Timedelta(days=899)
    row = purchase_windows.windows(company(5, G=long_gone), as_of=as_of).set_index("account_id").loc["G"]
    assert as_of < row["from_80"] <= row["to_80"] <= as_of + pd.Timedelta(days=90)


def test_the_calendar_adds_up_by_hand() -> None:
    found = pd.DataFrame({"account_id": ["A", "B", "C"], "kind": "regular", "likely_on": FIRST})
    ahead = {
        span: pd.DataFrame(
            {"account_id": ["A", "B", "C"], "expected": [span / 30, 0.5, 9.0], "buys": [0.9, 0.04, 1.0]}
        )
        for span in readiness.SPANS
    }
    assigned = pd.DataFrame({"account_id": ["A", "B", "C"], "tier": ["core", "potential", "opportunity"]})
    support = Support(hours_per_order=4, lines={"Services": 1}, hours_per_month=3)
    lines = pd.Series({"A": "Services"})
    table = readiness.calendar(
        found, ahead, pd.Series({"A": 100.0, "B": 7.0}), assigned, lines, support=support
    )
    assert table["account_id"].tolist() == ["A"]  # B is too faint, C is screened elsewhere
    spans = readiness.load(table, support=support)
    assert spans[["orders", "money", "hours", "capacity"]].to_numpy().tolist() == [[1, 100, 1, 3]] * 3
    unknown = readiness.load(
        readiness.calendar(found, ahead, pd.Series({"A": 100.0}), assigned, lines, support=Support()),
        support=Support(),
    )
    assert unknown["hours"].isna().all()


def test_the_usual_line_is_the_one_ordered_most_often() -> None:
    bought = pd.DataFrame(
        {
            "account_id": ["A", "A", "B", "C", "C"],
            "product_line": ["Pumps", "Valves", None, "Pumps", "Valves"],
            "order_days": [3, 2, 5, 2, 2],
            "net_amount": [1.0, 900.0, 5.0, 1.0, 2.0],
        }
    )
    assert readiness.usual_lines(bought).to_dict() == {"A": "Pumps", "C": "Valves"}
