"""Where the gap is, and whose it is."""

from itertools import product

import pandas as pd
import pytest

from salesnb.analysis import gaps

AS_OF = pd.Timestamp("2026-10-31")


def sold(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "region", "product_line", "rep_id", "net_amount"])
    return frame.assign(day=pd.to_datetime(frame["day"]), net_amount=frame["net_amount"].astype(float))


def team(losers=("R1",)) -> pd.DataFrame:
    """Forty selling days of two and a half from everybody, eight from those who lost; the West sells twice as much a day."""
    rows = []
    for rep in ("R1", "R2", "R3", "R4"):
        for month, day in product(range(1, 11), (3, 10, 17, 24)):
            rows.append((f"2025-{month:02d}-{day:02d}", "East", "Valves", rep, 2.5))
            if rep not in losers or month <= 2:
                rows.append((f"2026-{month:02d}-{day:02d}", "East", "Valves", rep, 2.5))
    for month, day in product(range(1, 11), (3, 10, 17, 24)):
        rows.append((f"2025-{month:02d}-{day:02d}", "West", "Valves", "R9", 5.0))
        rows.append((f"2026-{month:02d}-{day:02d}", "West", "Valves", "R9", 5.25))
    return sold(*rows)


def test_the_grid_adds_up_to_the_target():
    cells = gaps.grid(team(), as_of=AS_OF, total=700.01)
    assert round(cells["target"].sum(), 2) == 700.01
    assert cells["region"].iloc[0] == "East"
    assert cells["actual"].sum() == pytest.approx(530)


def test_known_region_targets_are_kept():
    cells = gaps.grid(team(), as_of=AS_OF, total=600, regions=pd.Series({"East": 1.0, "West": 2.0}))
    assert cells.set_index("region")["target"].to_dict() == {"East": 200, "West": 400}


def test_the_cells_are_those_that_were_handed_out_and_what_sold_without_a_target():
    handed = pd.DataFrame({"Pumps": [50.0], "Valves": [250.0]}, index=["East"])
    cells = gaps.grid(team(), as_of=AS_OF, total=300, regions=pd.Series({"West": 1.0}), handed=handed)
    targets = cells.set_index(["region", "product_line"])["target"].to_dict()
    assert targets == {
        ("East", "Valves"): 250,
        ("East", "Pumps"): 50,
        ("West", "Valves"): 0,
        ("West", "Pumps"): 0,
    }
    assert cells["actual"].sum() == pytest.approx(530)


def test_without_a_target_last_year_is_the_yardstick():
    cells = gaps.grid(team(), as_of=AS_OF, total=None)
    assert cells.set_index("region")["gap"].to_dict() == pytest.approx({"East": -80, "West": 10})
    assert gaps.grid(sold(), as_of=AS_OF, total=None).empty
    assert gaps.cause(sold(), gaps.grid(sold(), as_of=AS_OF, total=None), as_of=AS_OF) is None


def test_a_loss_in_one_persons_hands_is_personal():
    found = gaps.cause(team(), gaps.grid(team(), as_of=AS_OF, total=None), as_of=AS_OF)
    assert (found.region, found.product_line, found.names, found.lost) == ("East", "Valves", ["R1"], 80.0)
    assert found.personal
    assert found.chance < gaps.UNEVEN
    # kept 20 of 100; the others of the line 300 of 300 and 210 of 200
    assert found.beside.value == pytest.approx(20 / 100 / (510 / 500) - 1)
    assert found.beside.low < -0.75 < found.beside.high < 0
    # 128 order days of 2.5 in the region this year
    assert found.between.high - found.gap == pytest.approx(1.644854 * (128 * 2.5**2) ** 0.5, rel=1e-4)
    assert found.rest_change == pytest.approx(0)
    assert found.elsewhere == pytest.approx(0.05)
    assert found.whole == pytest.approx(-70)


def test_a_loss_in_everybodys_hands_is_not():
    everybody = team(("R1", "R2", "R3", "R4"))
    assert not gaps.cause(everybody, gaps.grid(everybody, as_of=AS_OF, total=None), as_of=AS_OF).personal


def test_rows_without_region_or_line_are_kept():
    cells = gaps.grid(sold(("2026-03-01", None, None, "R1", 5)), as_of=AS_OF, total=10)
    assert cells["target"].sum() == 10
    assert cells["actual"].sum() == 5


def test_a_cause_by_hand():
    sales = {
        ("East", "Valves", "R1"): (100, 20),
        ("East", "Valves", "R2"): (50, 60),
        ("East", "Valves", "new"): (0, 5),
        ("East", "Pumps", "R1"): (30, 10),
        ("West", "Valves", "R9"): (80, 60),
        ("West", "Pumps", "R9"): (40, 100),
    }
    bookings = sold(
        *(
            (day, *where, amount)
            for where, amounts in sales.items()
            for day, amount in zip(("2025-05-05", "2026-05-05"), amounts, strict=True)
            if amount
        ),
        ("2024-12-31", "East", "Valves", "R1", 999),  # before both spans
        ("2025-11-01", "East", "Valves", "R1", 999),  # between them
    )
    found = gaps.cause(bookings, gaps.grid(bookings, as_of=AS_OF, total=None), as_of=AS_OF)
    assert (found.region, found.product_line, found.gap, found.whole) == ("East", "Valves", -85, -45)
    assert found.reps.set_index("rep_id")["change"].to_dict() == {"R1": -80, "new": 5, "R2": 10}
    assert (found.names, found.lost) == (["R1"], 80)
    assert found.rest_change == pytest.approx(15 / 50)
    assert found.elsewhere == pytest.approx(60 / 80 - 1)
    assert found.line == gaps.WorstLine("Valves", -85, 2, 2)
    assert found.between.low < -85 < found.between.high
    assert found.between.low + found.between.high == pytest.approx(-170)
