"""Bridges: parts sum to the change to the cent, whatever changes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesnb.analysis import decomposition

POSITIVE = st.floats(0, 1e3, allow_nan=False)


def test_two_factors_by_hand() -> None:
    """10 × 5 to 12 × 6: quantity brings 2 × 5.5, price 1 × 11."""
    assert decomposition.factors({"n": 10, "p": 5}, {"n": 12, "p": 6}) == {"n": 11.0, "p": 11.0}


def test_an_unchanged_factor_brings_nothing() -> None:
    found = decomposition.factors({"a": 2, "b": 3, "c": 4}, {"a": 2, "b": 3, "c": 5})
    assert found == {"a": 0.0, "b": 0.0, "c": 6.0}


def test_other_names_are_refused() -> None:
    with pytest.raises(ValueError, match="must have the factors a"):
        decomposition.factors({"a": 1}, {"b": 1})


@given(st.lists(POSITIVE, min_size=3, max_size=3), st.lists(POSITIVE, min_size=3, max_size=3))
def test_parts_sum_to_the_cent(then: list[float], now: list[float]) -> None:
    names = ("customers", "orders", "value")
    before, after = dict(zip(names, then, strict=True)), dict(zip(names, now, strict=True))
    change = now[0] * now[1] * now[2] - then[0] * then[1] * then[2]
    cents = sum(round(part * 100) for part in decomposition.factors(before, after).values())
    assert cents == pytest.approx(round(change * 100), abs=0.1)


def test_price_volume_by_hand() -> None:
    """Valves 10 at 5, pumps 10 at 10; then valves 20 at 6, pumps 10 at 10. Volume 10 × 5; price 20 × 1."""
    sold = products((10, 50, 20, 120), (10, 100, 10, 100))
    assert parts_of(sold) == {"volume": 50.0, "price": 20.0}


def test_in_which_unit_a_product_counts_changes_nothing() -> None:
    """Pieces or thousands of them: volume and price stay what they are."""
    sold = products((1, 100, 2, 220), (10, 100, 9, 99))
    pieces = sold.assign(**{name: sold[name] * [1000, 1] for name in ("quantity_then", "quantity_now")})
    assert parts_of(sold) == parts_of(pieces) == {"volume": 90.0, "price": 29.0}


def test_what_has_no_quantity_stands_apart() -> None:
    sold = products((1, 100, 2, 200), (np.nan, 50, np.nan, 70))
    assert parts_of(sold) == {"volume": 100.0, "price": 0.0, "unmeasured": 20.0}


def test_new_and_gone_products_are_volume() -> None:
    assert parts_of(products((4, 40, 0, 0), (0, 0, 3, 90))) == {"volume": 50.0, "price": 0.0}


def test_more_came_back_than_went_out_is_volume() -> None:
    assert parts_of(products((4, 40, -1, -10))) == {"volume": -50.0, "price": 0.0}


def test_nothing_counted_gives_no_parts() -> None:
    assert parts_of(products((0, 0, np.nan, 1))) == {}
    assert parts_of(products()) == {}


def products(*rows: tuple[float, float, float, float]) -> pd.DataFrame:
    """Quantity and amount then, quantity and amount now, by product."""
    columns = ["quantity_then", "net_amount_then", "quantity_now", "net_amount_now"]
    return pd.DataFrame(rows, columns=columns, dtype=float)


def parts_of(sold: pd.DataFrame) -> dict[str, float]:
    return dict(decomposition.price_volume(sold)[["part", "change"]].itertuples(index=False, name=None))
