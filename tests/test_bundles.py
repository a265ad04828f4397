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


def small(*groups):
    """(number of customers, {line: amount}) after one another, as purchases."""
    rows, number = [], 0
    for count, spent in groups:
        for _ in range(count):
            number += 1
            rows += [(f"C{number:02}", line, float(amount)) for line, amount in spent.items()]
    return pd.DataFrame(rows, columns=["account_id", "product_line", "net_amount"])


def test_a_pairs_numbers_by_hand():
    frame = small((12, {"A": 10, "B": 200}), (3, {"A": 30, "B": 500}), (9, {"A": 10}), (5, {"B": 1}))
    row = bundles.pairs(frame).iloc[0]
    assert (row["first"], row["second"], row["together"], row["candidates"]) == ("A", "B", 15, 14)
    # nine lack B, on which customers of both spend 200 at the median; five lack A, on which they spend 10
    assert row["usual"] == pytest.approx((9 * 200 + 5 * 10) / 14)
    assert row["lift"] == pytest.approx(15 / row["by_chance"])
    assert row["worth"] == pytest.approx(14 * row["usual"] * max(0, (15 - row["by_chance"]) / 29))


def test_a_bundle_worth_nothing_more_than_chance_is_worth_nothing():
    apart = small((20, {"A": 10, "C": 5}), (20, {"B": 10, "D": 5}), (1, {"A": 10, "B": 10}))
    found = bundles.pairs(apart).set_index(["first", "second"])
    assert found.loc[("A", "B"), "together"] == 1 < found.loc[("A", "B"), "by_chance"]
    assert found.loc[("A", "B"), "worth"] == 0
    assert found.loc[("A", "B"), "p_value"] > 0.9


def test_what_was_given_back_or_cost_nothing_is_not_bought_and_a_line_needs_twenty_customers():
    exactly = small((20, {"A": 1, "B": 1}), (20, {"A": 1}))
    assert len(bundles.pairs(exactly)) == 1
    for amount in (0, -5):  # the twentieth customer's purchase of B came back, or was a gift
        less = small((19, {"A": 1, "B": 1}), (1, {"A": 1, "B": amount}), (20, {"A": 1}))
        assert bundles.pairs(less).empty
    gifts = pd.concat([exactly, small((40, {"C": 0}))], ignore_index=True)
    assert bundles.pairs(gifts)[["first", "second"]].to_numpy().tolist() == [["A", "B"]]


def test_candidates_are_the_largest_first_by_name_and_never_who_buys_both_or_gave_it_back():
    frame = small((30, {"A": 5, "B": 5}), (1, {"A": 9}), (1, {"B": 9}), (1, {"A": 70}), (1, {"B": 0}))
    found = pd.DataFrame({"first": ["A"], "second": ["B"], "beyond": [True]})
    asked = bundles.candidates(frame, found, names=pd.Series({"C33": "Grand"}))
    assert asked.to_numpy().tolist() == [
        ["C33", "Grand", "A", "B", 70.0],
        ["C31", "C31", "A", "B", 9.0],
        ["C32", "C32", "B", "A", 9.0],
    ]
    assert bundles.candidates(frame, found.assign(beyond=False), names=pd.Series(dtype=object)).empty
