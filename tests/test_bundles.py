"""Do lines go together beyond chance? Breadth alone must not look like a bundle."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import bundles


def bought(has, amounts=1.0):
    customer, line = np.nonzero(has)
    return pd.DataFrame(
        {
            "account_id": customer.astype(str),
            "product_line": np.array(list("ABCDEFGH"))[line],
            "net_amount": amounts,
        }
    )


def company(seed, together=0.0):
    """Customers of unlike breadth, lines of unlike spread, and nothing else; `together` copies A into B."""
    rng = np.random.default_rng(seed)
    breadth, spread = rng.normal(0, 1.5, 300)[:, None], rng.normal(0, 1, 6)
    has = rng.random((300, 6)) < 1 / (1 + np.exp(-breadth - spread))
    copied = rng.random(300) < together
    has[copied, 1] = has[copied, 0]
    return bought(has)


def test_broad_customers_are_no_bundle():
    assert sum(bundles.pairs(company(seed))["beyond"].any() for seed in range(12)) <= 2


def test_a_planted_bundle_is_found_and_its_candidates_buy_one_half():
    frame = company(3, together=0.6)
    found = bundles.pairs(frame)
    best = found.iloc[0]
    assert (best["first"], best["second"]) == ("A", "B")
    assert best["beyond"]
    assert best["lift"] > 1
    asked = bundles.candidates(frame, found, names=pd.Series({frame["account_id"].iloc[0]: "Named"}))
    assert len(asked) == best["candidates"]
    assert set(asked["lacks"]) <= {"A", "B"}
    assert not (asked["buys"] == asked["lacks"]).any()


def test_shuffles_keep_who_buys_how_much_and_of_what():
    has = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0]], dtype=bool)
    together = bundles._shuffles(has, np.random.default_rng(1), 50)
    assert (np.diagonal(together, axis1=1, axis2=2) == has.sum(axis=0)).all()


@pytest.mark.parametrize(
    "frame", [bought(np.ones((30, 1), bool)), bought(np.zeros((0, 2), bool)), bought(np.ones((5, 2), bool))]
)
def test_one_line_no_customer_or_too_few_give_no_pair(frame):
    found = bundles.pairs(frame)
    assert found.empty
    assert bundles.candidates(frame, found, names=pd.Series(dtype=object)).empty


def test_everybody_buys_both_says_nothing():
    only = bundles.pairs(bought(np.ones((40, 2), bool))).iloc[0]
    assert not only["beyond"]
    assert only["candidates"] == 0
