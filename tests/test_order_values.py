"""The gamma–gamma model: published parameters and expectations, and its limits."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import order_values
from tests.test_repeat import CDNOW, cdnow


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
