"""Are pieces of one table that write numbers and days in different ways each read in their own?"""

from __future__ import annotations

from pathlib import Path

import pytest

from salesnb.errors import InputError
from tests.intake_folders import checked, kept, workspace

HEADING = "order_id,ordered_on,net_amount\n"
GERMAN = "order_id;ordered_on;net_amount\n1;2025-03-01;1.234,50 €\n2;2025-03-02;12,5\n3;2025-03-03;1.234\n"
ENGLISH = HEADING + '4,2026-03-01,"1,234.50"\n5,2026-03-02,€12.5\n6,2026-03-03,"1,234"\n'


def made_of(folder: Path, first: str, second: str) -> Path:
    made = workspace(folder, plan="currency: EUR\n")
    (made / "orders-2025.csv").write_text(first)
    (made / "orders-2026.csv").write_text(second)
    return made


def told(made: Path) -> str:
    return "\n".join(str(message) for message in checked(made)[1].suspicions)


@pytest.mark.parametrize("turned", [False, True])
def test_each_piece_has_its_decimal_sign(turned: bool, tmp_path: Path) -> None:
    pieces = (ENGLISH, GERMAN) if turned else (GERMAN, ENGLISH)
    made = made_of(tmp_path / "w", *pieces)
    amounts = sorted(amount for (amount,) in kept(made, "orders", "net_amount"))
    assert amounts == [12.5, 12.5, 1234, 1234, 1234.5, 1234.5]
    comma, point = ("orders-2026.csv", "orders-2025.csv")[:: 1 if turned else -1]
    assert f"with a decimal comma in {comma} and with a decimal point in {point}" in told(made)


def test_each_piece_has_its_order_of_day_and_month(tmp_path: Path) -> None:
    days = HEADING + "1,25/03/2025,1\n2,04/05/2025,1\n"
    months = HEADING + "3,03/25/2026,1\n4,04/05/2026 08:15,1\n"
    made = made_of(tmp_path / "w", days, months)
    found = [str(day) for (day,) in sorted(kept(made, "orders", "ordered_on"))]
    assert found == ["2025-03-25", "2025-05-04", "2026-03-25", "2026-04-05"]
    assert "orders-2025.csv: DD/MM/YYYY and orders-2026.csv: MM/DD/YYYY" in told(made)


def test_a_piece_that_tells_no_order_takes_the_others_and_that_is_told(tmp_path: Path) -> None:
    made = made_of(tmp_path / "w", HEADING + "1,25/03/2025,1\n", HEADING + "2,04/05/2026,1\n")
    assert [str(day) for (day,) in sorted(kept(made, "orders", "ordered_on"))] == ["2025-03-25", "2026-05-04"]
    assert "orders-2026.csv: ordered_on can be read in more than one way; it is read as DD/MM/YYYY" in told(
        made
    )


def test_a_piece_that_tells_no_order_is_asked_about_where_the_others_differ(tmp_path: Path) -> None:
    made = made_of(tmp_path / "w", HEADING + "1,25/03/2025,1\n", HEADING + "2,03/25/2026,1\n")
    (made / "orders-2027.csv").write_text(HEADING + "3,04/05/2027,1\n")
    with pytest.raises(InputError, match="can be read in more than one way"):
        checked(made)
