"""Parts that add up to their whole, to the cent."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesnb.analysis.allocation import fit_margins, split, split_with_fixed


def cents(values) -> int:
    return sum(round(value * 100) for value in values)


def test_largest_remainders_get_the_left_over_cents():
    assert split(100, pd.Series({"a": 1, "b": 1, "c": 1})).to_dict() == {"a": 33.34, "b": 33.33, "c": 33.33}
    assert split(0.05, pd.Series([0.6, 0.4])).tolist() == [0.03, 0.02]


def test_limits_of_a_split():
    assert split(10, pd.Series(dtype=float)).empty
    assert split(10, pd.Series([0, 0])).tolist() == [5, 5]
    assert split(-10, pd.Series([1, 2])).tolist() == [-3.33, -6.67]
    with pytest.raises(ValueError):
        split(10, pd.Series([1, -1]))


def test_yen_have_no_cents():
    assert split(100, pd.Series([1, 1, 1]), decimals=0).tolist() == [34, 33, 33]


@given(
    st.integers(0, 10**13),
    st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=60),
)
def test_parts_sum_to_the_whole(total_cents, weights):
    parts = split(total_cents / 100, pd.Series(weights))
    assert cents(parts) == total_cents
    assert (parts >= 0).all()


def test_fixed_parts_stay_and_the_rest_is_shared():
    parts, unplaced = split_with_fixed(100, pd.Series({"a": 1, "b": 1, "c": 2}), fixed={"a": 40})
    assert parts.to_dict() == {"a": 40, "b": 20, "c": 40}
    assert unplaced == 0


def test_what_fixed_parts_leave_over_is_named():
    weights = pd.Series({"a": 1, "b": 1})
    assert split_with_fixed(100, weights, fixed={"a": 40, "b": 40})[1] == 20
    parts, unplaced = split_with_fixed(100, weights, fixed={"a": 130})
    assert parts.to_dict() == {"a": 130, "b": 0}
    assert unplaced == -30


def test_proportional_fitting_meets_a_hand_worked_table():
    seed = pd.DataFrame([[1.0, 1.0], [1.0, 1.0]], index=["N", "S"], columns=["v", "p"])
    fitted = fit_margins(seed, pd.Series({"N": 60.0, "S": 40.0}), pd.Series({"v": 30.0, "p": 70.0}))
    assert fitted.table.to_numpy().tolist() == [[18, 42], [12, 28]]
    assert fitted.complete


def test_a_fixed_cell_stays_fixed():
    seed = pd.DataFrame(1.0, index=["N", "S"], columns=["v", "p"])
    fitted = fit_margins(
        seed, pd.Series({"N": 60.0, "S": 40.0}), pd.Series({"v": 30.0, "p": 70.0}), fixed={("N", "v"): 25.0}
    )
    assert fitted.table.to_numpy().tolist() == [[25, 35], [5, 35]]


def test_a_margin_that_cannot_be_met_is_named():
    seed = pd.DataFrame(1.0, index=["N"], columns=["v", "p"])
    fitted = fit_margins(
        seed,
        pd.Series({"N": 10.0}),
        pd.Series({"v": 5.0, "p": 5.0}),
        fixed={("N", "v"): 8.0, ("N", "p"): 8.0},
    )
    assert fitted.unmet_rows["N"] == -6
    assert not fitted.complete


def test_an_empty_row_of_the_seed_still_gets_its_total():
    seed = pd.DataFrame([[0.0, 0.0], [1.0, 3.0]], index=["new", "old"], columns=["v", "p"])
    fitted = fit_margins(seed, pd.Series({"new": 10.0, "old": 30.0}), pd.Series({"v": 10.0, "p": 30.0}))
    assert fitted.complete
    assert fitted.table.loc["new"].sum() == 10


@settings(deadline=None)  # a busy machine is no failure
@given(st.data())
def test_both_margins_are_exact_to_the_cent(data):
    height, width = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    amounts = st.floats(0.5, 1e6)
    seed = pd.DataFrame(
        data.draw(
            st.lists(st.lists(amounts, min_size=width, max_size=width), min_size=height, max_size=height)
        )
    )
    total = data.draw(st.integers(1, 10**11)) / 100
    rows = split(total, pd.Series(data.draw(st.lists(amounts, min_size=height, max_size=height))))
    columns = split(total, pd.Series(data.draw(st.lists(amounts, min_size=width, max_size=width))))
    table = fit_margins(seed, rows, columns).table
    assert [cents(row) for row in table.to_numpy()] == [round(value * 100) for value in rows]
    assert [cents(column) for column in table.to_numpy().T] == [round(value * 100) for value in columns]


def test_a_table_that_hardly_connects_still_meets_both_margins():
    seed = pd.DataFrame([[3.0, 1, 1, 1, 503851, 144], [1.0, 1, 788665, 33723, 1, 1]])
    rows = split(2943.44, pd.Series([605438.0, 535182]))
    columns = split(2943.44, pd.Series([121719.0, 1, 802082, 823807, 917979, 763943]))
    fitted = fit_margins(seed, rows, columns)
    assert fitted.complete
    assert [cents(column) for column in fitted.table.to_numpy().T] == [
        round(value * 100) for value in columns
    ]
