"""What a lower price asks for, by hand; own elasticity where it was put in, and none where it was not."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import price_cuts, price_response
from salesnb.display.risk import prices
from tests import worlds

DAY = pd.Timestamp("2026-10-31")
WARS = pd.DataFrame({"product_line": ["Pumps"], "found": [True], "usual": [0.10], "further": [0.09]})


def _booked(prices: pd.DataFrame) -> pd.DataFrame:
    """The same orders as the months' bookings, at a margin of 30%."""
    return prices.assign(cost_amount=prices["net_amount"] * 0.7, uncosted=0)


def test_break_even_volume_by_hand():
    # at a margin of 30% a cut of 10% leaves 20 of 30: half as much again; the whole margin: no volume is enough
    assert price_cuts.break_even(
        [0.30, 0.25, 0.10, np.nan], [0.10, 0.05, 0.10, 0.05]
    ).tolist() == pytest.approx([0.5, 0.25, np.inf, np.nan], nan_ok=True)


def test_a_scenario_by_hand():
    prices = worlds.line_prices(0)
    rows, told = _booked(prices), price_response.responses(prices, as_of=DAY)
    found = price_cuts.scenarios(rows, WARS, told, as_of=DAY).iloc[0]
    year = rows[rows["day"] >= "2025-11-01"]["net_amount"].sum()
    # 9 points of the list are a tenth of the price that was paid, 0.9
    assert found[["net", "margin", "cut", "lost", "more"]].tolist() == pytest.approx(
        [year, 0.3, 0.1, year / 10, 0.5]
    )
    assert found["needed"] == pytest.approx(np.log(1.5) / -np.log(0.9))
    assert (found["verdict"], found["by"]) == ("unknown", "")  # discounts that were all alike tell nothing
    quiet = price_cuts.scenarios(rows, WARS.assign(found=False), told, as_of=DAY).iloc[0]
    assert quiet["cut"] == price_cuts.CUT
    assert price_cuts.scenarios(rows.assign(cost_amount=np.nan), WARS, told, as_of=DAY).empty


def test_a_slope_by_hand():
    """Two places, a year and a half each; four customers a place order alike each month, and a tenth off in the second half sells e^0.2 times as much."""
    months = pd.date_range("2025-05-01", periods=18, freq="MS")
    rows = []
    for place, low in (("East", range(9, 18)), ("West", range(0))):
        for at, month in enumerate(months):
            price = -0.1 if at in low else 0.0
            for buyer, day in np.ndindex(4, 5):  # each of a customer's orders of another size, at one price
                listed = 1000.0 * (1 + buyer) * 3**day * np.exp(-2 * price) * (1 + 0.3 * (month.month == 12))
                rows.append(
                    (month + pd.Timedelta(days=day), f"{place}{buyer}", place, "P", "Pumps", listed * np.exp(price), listed)
                )  # fmt: skip
    made = pd.DataFrame(
        rows, columns=["day", "account_id", "region", "rep_id", "product_line", "net_amount", "list_amount"]
    )
    found = price_response.responses(made, as_of=DAY).iloc[0]
    # December, which both have, is none of it; what sells more within an order is not taken for a large order's discount
    assert found["elasticity"] == pytest.approx(2.0, abs=1e-4)


@pytest.mark.parametrize("by_size", [0.0, 0.06])
@pytest.mark.parametrize("effect", [0.0, 3.0])
def test_an_elasticity_is_held_by_its_interval_whether_or_not_discounts_follow_the_size(effect, by_size):
    found = [
        price_response.responses(
            worlds.line_prices(seed, effect=effect, spread=0.05, by_size=by_size), as_of=DAY
        ).iloc[0]
        for seed in range(12)
    ]
    assert sum(one["low"] <= effect <= one["high"] for one in found) >= 9  # 95% stated, 80% asked of twelve
    assert np.mean([one["elasticity"] for one in found]) == pytest.approx(effect, abs=0.8)
    if by_size and not effect:
        assert {(one["conclusion"], one["by"]) for one in found} == {("explained", "selection")}


def test_what_discounts_cannot_tell_is_not_told():
    for made in (worlds.line_prices(1), worlds.line_prices(1, effect=3.0, spread=0.05, places=1)):
        found = price_response.responses(made, as_of=DAY).iloc[0]
        assert np.isnan(found["elasticity"])
        assert found["conclusion"] == "none"
    same = worlds.line_prices(1, spread=0.05).assign(region="all", rep_id="one")
    assert np.isnan(price_response.responses(same, as_of=DAY)["elasticity"].iloc[0])
    nowhere = worlds.line_prices(1, spread=0.05).assign(
        region=None
    )  # people stand for places that nobody told
    assert np.isfinite(price_response.responses(nowhere, as_of=DAY)["elasticity"].iloc[0])
    assert price_response.responses(same.iloc[:0], as_of=DAY).empty


def test_a_cut_pays_or_loses_only_where_the_whole_interval_says_so():
    verdicts = {}
    for name, effect in (("none", 0.0), ("much", 9.0)):
        made = worlds.line_prices(3, effect=effect, spread=0.08)
        told = price_response.responses(made, as_of=DAY)
        verdicts[name] = price_cuts.scenarios(_booked(made), WARS, told, as_of=DAY)["verdict"].tolist()
        lookalike = told.assign(conclusion="explained", by="selection")
        (row,) = price_cuts.scenarios(_booked(made), WARS, lookalike, as_of=DAY).to_dict("records")
        assert row["verdict"] != "pays"
        assert "goes with large orders" in str(prices.asked(pd.DataFrame([row]))) or row["verdict"] == "loses"
    assert verdicts == {"none": ["loses"], "much": ["pays"]}


def test_who_keeps_floors_is_held_against_the_same_line_region_and_month():
    people = pd.DataFrame(
        {
            "product_line": "Pumps", "region": ["West"] * 4 + ["East"], "month": pd.Timestamp("2026-05-01"), "rep_id": list("ABCDE"),
            "rep_name": list("ABCDE"), "orders": [40, 40, 40, 40, 40], "below_orders": [8, 8, 8, 30, 40], "shortfall": [1.0, 2.0, 3.0, 9.0, 50.0],
        }
    )  # fmt: skip
    found = price_cuts.keepers(people).set_index("rep_id")
    assert "E" not in found.index  # alone in the East: nobody to be held against
    assert found.loc["D", "expected"] == pytest.approx(40 * 24 / 120)
    assert found.loc["D", "kept"] == "worse"
    assert price_cuts.keepers(people.assign(below_orders=8))["kept"].tolist() == [""] * 4
