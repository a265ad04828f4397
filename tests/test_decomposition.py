"""Bridges: parts sum to the change to the cent, whatever changes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesnb.analysis import decomposition

POSITIVE = st.floats(0, 1e3, allow_nan=False)


def lines(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["product_line", "quantity", "net_amount"])


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


def test_price_volume_mix_by_hand() -> None:
    """Valves 10 at 5, pumps 10 at 10; then valves 20 at 6, pumps 10 at 10. Volume 10 × 5; price 20 × 1."""
    then, now = lines(("Valves", 10, 50), ("Pumps", 10, 100)), lines(("Valves", 20, 120), ("Pumps", 10, 100))
    found = decomposition.price_volume_mix(then, now).set_index("part")["change"].to_dict()
    assert found == {"volume": 50.0, "price": 20.0}


def test_in_which_unit_a_line_counts_changes_nothing() -> None:
    """Pieces or thousands of them: volume and price stay what they are."""
    then, now = lines(("Screws", 1, 100), ("Pumps", 10, 100)), lines(("Screws", 2, 220), ("Pumps", 9, 99))
    pieces = [
        frame.assign(
            quantity=frame["quantity"] * [1000 if line == "Screws" else 1 for line in frame["product_line"]]
        )
        for frame in (then, now)
    ]
    found = decomposition.price_volume_mix(then, now)
    assert found["change"].tolist() == [90.0, 29.0]
    assert decomposition.price_volume_mix(*pieces).equals(found)


def test_what_has_no_quantity_stands_apart() -> None:
    then, now = (
        lines(("Pumps", 1, 100), ("Service", np.nan, 50)),
        lines(("Pumps", 2, 200), ("Service", np.nan, 70)),
    )
    found = decomposition.price_volume_mix(then, now).set_index("part")["change"].to_dict()
    assert found == {"volume": 100.0, "price": 0.0, "unmeasured": 20.0}


def test_new_and_gone_lines_still_sum() -> None:
    then, now = lines(("Old", 4, 40)), lines(("New", 3, 90))
    found = decomposition.price_volume_mix(then, now)
    assert found["change"].sum() == pytest.approx(50)
    assert found.loc[found["part"] == "price", "change"].item() == 0


def test_nothing_sold_gives_no_parts() -> None:
    assert decomposition.price_volume_mix(lines(), lines(("A", np.nan, 1))).empty
