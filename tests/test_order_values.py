"""The gamma–gamma model: published parameters and expectations, and its limits."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import order_values
from tests.test_repeat import CDNOW, cdnow

FIRST = pd.Timestamp("2025-01-01")


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW sample is not beside this checkout")
def test_cdnow_gives_the_published_parameters_and_expectations() -> None:
    """Fader and Hardie (2013), section 4: 946 customers, p 6.25, q 3.74, gamma 15.44."""
    values = order_values.repeated(cdnow(), as_of=pd.Timestamp("1997-09-30"))
    model = order_values.fit(values)
    assert model is not None
    assert model.accounts == 946
    assert (model.p, model.q, model.gamma) == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
    ahead = order_values.expected_values(values, model=model)
    published = [24.66, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert ahead.head(10).tolist() == pytest.approx(published, abs=0.02)


def simulated(unit: float = 1.0) -> pd.DataFrame:
    """300 accounts whose order days vary about means of their own: p 4, q 5, gamma 400."""
    rng = np.random.default_rng(3)
    repeats = rng.integers(1, 12, 300).astype(float)
    rate = rng.gamma(5.0, 1 / 400, 300)
    means = rng.gamma(4.0 * repeats, 1 / (rate * repeats))
    return pd.DataFrame(
        {"account_id": [f"A{n}" for n in range(300)], "repeats": repeats, "mean_value": means * unit}
    )


def test_what_was_put_in_comes_out_in_any_unit() -> None:
    model, small = order_values.fit(simulated()), order_values.fit(simulated(1e-4))
    assert model is not None
    assert small is not None
    assert model.p == pytest.approx(4.0, rel=0.15)
    assert model.usual == pytest.approx(400.0, rel=0.1)
    assert (small.p, small.q, small.gamma * 1e4) == pytest.approx((model.p, model.q, model.gamma), rel=1e-3)


def test_an_account_lies_between_its_own_mean_and_everybodys() -> None:
    values = simulated()
    model = order_values.fit(values)
    assert model is not None
    ahead = order_values.expected_values(values, model=model)
    low, high = np.minimum(values["mean_value"], model.usual), np.maximum(values["mean_value"], model.usual)
    assert ((ahead >= low - 1e-6) & (ahead <= high + 1e-6)).all()
    unknown = pd.DataFrame({"account_id": ["new"], "repeats": [0.0], "mean_value": [np.nan]})
    assert order_values.expected_values(unknown, model=model).iloc[0] == pytest.approx(model.usual)


def test_few_accounts_or_all_alike_have_no_model() -> None:
    assert order_values.fit(simulated().head(29)) is None
    alike = simulated().assign(mean_value=100.0)
    assert order_values.fit(alike) is None
    assert order_values.expected_values(alike, model=None).tolist() == [100.0] * len(alike)


def test_returns_zero_orders_and_the_first_order_are_no_repeats() -> None:
    days = pd.DataFrame(
        {
            "account_id": ["A", "A", "A", "A", "A", None, "B"],
            "day": pd.to_datetime(
                [
                    "2026-01-01",
                    "2026-01-05",
                    "2026-01-05",
                    "2026-02-01",
                    "2026-03-01",
                    "2026-01-01",
                    "2026-01-02",
                ]
            ),
            "net_amount": [99.0, 10.0, 5.0, -4.0, 0.0, 7.0, 1.0],
            "is_order": [True, True, True, False, True, True, True],
        }
    )
    found = order_values.repeated(days, as_of=pd.Timestamp("2026-12-31")).set_index("account_id")
    assert found["repeats"].to_dict() == {"A": 1.0, "B": 0.0}
    assert found.loc["A", "mean_value"] == 15.0
    assert np.isnan(found.loc["B", "mean_value"])


def test_the_money_ahead_lies_between_its_ends_four_times_in_five() -> None:
    """Accounts that order by Poisson's law, each order day gamma about a mean of its own: of the next ninety days' money."""
    rng = np.random.default_rng(5)
    rates, means = rng.uniform(0.5, 4.0, 200), rng.gamma(4.0, 50.0, 200)
    rows, came = [], {}
    for number, (rate, mean) in enumerate(zip(rates, means, strict=True)):
        days = np.unique(rng.integers(0, 450, rng.poisson(rate * 5)))
        money = rng.gamma(2.0, mean / 2.0, len(days))
        rows += [
            (f"A{number:03d}", FIRST + pd.Timedelta(days=int(day)), one)
            for day, one in zip(days, money, strict=True)
            if day < 360
        ]
        came[f"A{number:03d}"] = float(money[days >= 360].sum())
    orders = pd.DataFrame(rows, columns=["account_id", "day", "net_amount"]).assign(is_order=True)
    as_of = FIRST + pd.Timedelta(days=359)
    worth = order_values.worth(orders, as_of=as_of)
    ahead = pd.DataFrame({"account_id": sorted(came), "buys_90": 1 - np.exp(-rates), "orders_90": rates})
    ahead["money_90"] = ahead["orders_90"] * ahead["account_id"].map(worth)
    found = order_values.between(ahead, orders, as_of=as_of)
    known = found[found["money_low"].notna()]
    seen = known["account_id"].map(came)
    assert len(known) > 180
    assert (known["money_low"] <= known["money_90"]).all()
    assert (
        0.75 <= seen.between(known["money_low"], known["money_high"]).mean() <= 0.92
    )  # a chance of nothing is held whole
    few = order_values.between(
        ahead.head(5), orders[orders["account_id"].isin(ahead["account_id"].head(5))], as_of=as_of
    )
    assert (few["money_low"] <= few["money_high"]).sum() >= 4  # without a model: about an account's own mean
    unknown = order_values.between(ahead.assign(money_90=np.nan), orders, as_of=as_of)
    assert unknown[["money_low", "money_high"]].isna().all(axis=None)
