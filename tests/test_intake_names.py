"""Is somebody who has two names, or is two people, or had left, told; and does plan.yml join what is one?"""

from __future__ import annotations

from pathlib import Path

from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from tests.intake_folders import ORDERS, checked, kept, workspace

SOLD = "order_id,account_id,rep_id,ordered_on,net_amount\n"


def told(folder: Path) -> str:
    return "\n".join(str(message) for message in checked(folder)[1].suspicions)


def test_another_spelling_counts_as_the_name_that_the_plan_gives(tmp_path: Path) -> None:
    rows = "1,Müller GmbH,R1,2026-10-01,5\n2,Mueller,Bob,2026-10-01,7\n"
    plan = "aliases: {accounts: {Mueller: Müller GmbH}, reps: {Bob: R1}}\n"
    folder = workspace(tmp_path / "w", plan=plan, orders=SOLD + rows)
    assert set(kept(folder, "orders", "account_id, rep_id")) == {("Müller GmbH", "R1")}


def test_names_that_differ_in_their_legal_form_are_told_and_ids_are_not(tmp_path: Path) -> None:
    accounts = "account_id,account_name\nA,Bäcker GmbH\nB,Bäcker AG & Co. KG\nC,Becker GmbH\n"
    assert "such as Bäcker AG & Co. KG and Bäcker GmbH" in told(
        workspace(tmp_path / "w", orders=ORDERS, accounts=accounts)
    )
    rows = "1,K-1,R1,2026-10-01,5\n2,K-2,R1,2026-10-01,7\n"
    assert "legal form" not in told(workspace(tmp_path / "v", orders=SOLD + rows))


def test_two_people_in_a_cell_are_told_and_a_double_name_is_not(tmp_path: Path) -> None:
    rows = "1,A,Ann/Bob,2026-10-01,5\n2,A,Ann,2026-10-01,7\n3,A,R/1,2026-10-01,7\n"
    said = told(workspace(tmp_path / "w", orders=SOLD + rows))
    assert "several people stand in 1 cell, such as Ann/Bob" in said


def test_a_sale_after_somebody_left_is_told(tmp_path: Path) -> None:
    reps = "rep_id,left_on\nR1,2026-09-30\nR2,\n"
    rows = "1,A,R1,2026-09-30,5\n2,A,R1,2026-10-01,7\n3,A,R2,2026-10-01,7\n"
    said = told(workspace(tmp_path / "w", orders=SOLD + rows, reps=reps))
    assert "sales of somebody who had left by then stand in 1 row, such as those of R1" in said


def test_sales_count_for_the_team_of_their_day(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    reps = "rep_id,team,hired_on,valid_from\nR1,T1,2026-02-01,\nR1,T2,,2026-10-10\nR2,T3,2026-01-01,\n"
    rows = "1,A,R1,2026-01-05,1\n2,A,R1,2026-10-09,2\n3,A,R1,2026-10-10,4\n4,A,R2,2026-10-10,8\n"
    folder = workspace(tmp_path / "w", orders=SOLD + rows, reps=reps)
    book = open_book(folder, as_of="2026-10")
    booked = facts.bookings(book).groupby("team")["net_amount"].sum()
    assert booked.to_dict() == {"T1": 3, "T2": 4, "T3": 8}
    people = facts.reps(book).set_index("rep_id")
    assert people["team"].to_dict() == {"R1": "T2", "R2": "T3"}
    assert str(people.loc["R1", "hired_on"])[:10] == "2026-02-01"
    before = facts.reps(open_book(folder, as_of="2026-10-09")).set_index("rep_id")
    assert before.loc["R1", "team"] == "T1"
    narrowed = facts.bookings(open_book(folder, as_of="2026-10", scope="team=T1"))
    assert narrowed["net_amount"].sum() == 3


def test_a_spelling_that_no_cell_has_is_told(tmp_path: Path) -> None:
    plan = "aliases:\n  accounts: {Alpha Ltd: A, Alfa: A}\n  reps: {Bobby: B}\n"
    rows = "order_id,account_id,ordered_on,net_amount\n1,Alpha Ltd,2026-10-01,100\n2,A,2026-10-15,50\n"
    made = workspace(tmp_path / "w", plan=plan, orders=rows)
    told = [str(message) for message in checked(made)[1].suspicions]
    assert kept(made, "orders", "DISTINCT account_id") == [("A",)]
    assert any("aliases.accounts: no cell of the data holds Alfa, so" in line for line in told)
    assert any("aliases.reps: no cell of the data holds Bobby" in line for line in told)
