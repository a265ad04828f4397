"""Who carries what."""

import pandas as pd

from salesnb.analysis import carriers

AS_OF = pd.Timestamp("2026-10-31")
MONTHS = pd.date_range("2026-01-01", periods=12, freq="MS")


def sold(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "region", "rep_id", "net_amount"])
    return frame.assign(
        day=pd.to_datetime(frame["day"]),
        net_amount=frame["net_amount"].astype(float),
        team="A",
        product_line="Valves",
    )


def spread(*members) -> pd.DataFrame:
    pieces = [
        pd.DataFrame({"dimension": "rep", "member": member, "month": MONTHS, "amount": amount / 12})
        for member, amount in members
    ]
    return pd.concat(pieces, ignore_index=True)


REPS = pd.DataFrame(
    {
        "rep_id": ["R1", "R2"],
        "rep_name": ["Li Wei", None],
        "region": ["E", "E"],
        "role": ["adviser", "team lead"],
        "hired_on": pd.NaT,
        "active": True,
    }
)


def test_members_with_the_largest_shortfall_come_first():
    rows = spread(("R1", 120.0), ("R3", 12.0))
    table = carriers.by_member(
        sold(("2026-03-01", "E", "R1", 50), ("2026-03-01", "E", "R2", 5)), rows, dimension="rep", as_of=AS_OF
    )
    assert table["member"].tolist() == ["R1", "R3", "R2"]
    assert table["gap"].iloc[0] == -50
    assert table["attainment"].iloc[1] == 0


def test_plan_amounts_stand_in_where_the_table_is_silent():
    table = carriers.by_member(
        sold(("2026-03-01", "E", "R1", 50)),
        spread(("R1", 1.0)),
        dimension="region",
        as_of=AS_OF,
        plan=pd.Series({"E": 120.0}),
    )
    assert table["target_ytd"].tolist() == [100]
    assert carriers.by_member(sold(), spread(("R1", 1.0)), dimension="region", as_of=AS_OF).empty


def test_last_year_is_known_where_the_data_reach_back_to_its_first_month():
    both = sold(("2025-01-20", "E", "R1", 40), ("2026-03-01", "E", "R1", 50), ("2026-03-01", "W", "R2", 5))
    rows = spread(("R1", 12.0))
    table = carriers.by_member(both, rows, dimension="region", as_of=AS_OF)
    assert table.set_index("member")["prior_ytd"].to_dict() == {"E": 40, "W": 0}
    late = both.assign(day=both["day"].replace(pd.Timestamp("2025-01-20"), pd.Timestamp("2025-02-01")))
    assert carriers.by_member(late, rows, dimension="region", as_of=AS_OF)["prior_ytd"].isna().all()


def test_people_are_known_by_id_or_name_and_a_scope_keeps_its_own():
    rows = spread(("Li Wei", 12.0), ("R9", 12.0))
    whole = carriers.own_rows(rows, sold(), REPS, company=True)
    assert set(whole["member"]) == {"R1", "R9"}
    assert set(carriers.own_rows(rows, sold(), REPS, company=False)["member"]) == {"R1"}


def test_names_and_who_answers_for_a_region():
    named = carriers.with_names(pd.DataFrame({"member": ["R1", "R2"]}), REPS)
    assert named["name"].tolist() == ["Li Wei", "R2"]
    assert carriers.responsible(REPS, "E") == "R2"
    assert carriers.responsible(REPS, "W") == ""


def test_a_name_that_two_have_is_nobodys():
    alike = pd.concat([REPS.head(1), REPS.head(1).assign(rep_id="R7"), REPS.tail(1)])
    rows = spread(("Li Wei", 12.0), ("R7", 24.0))
    whole = carriers.own_rows(rows, sold(), alike, company=True)
    assert set(whole["member"]) == {"Li Wei", "R7"}
    table = carriers.by_member(
        sold(("2026-03-01", "E", "R1", 50), ("2026-03-01", "E", "R7", 5)), whole, dimension="rep", as_of=AS_OF
    )
    assert table.set_index("member")["target_year"].dropna().to_dict() == {"Li Wei": 12, "R7": 24}
    # a name that is another's id is that id's
    swapped = REPS.assign(rep_name=["R2", "Li Wei"])
    assert set(carriers.own_rows(spread(("R2", 1.0)), sold(), swapped, company=True)["member"]) == {"R2"}


def test_who_has_left_is_stood_in_for_by_the_lead_who_is_still_here():
    gone = pd.DataFrame(
        {
            "rep_id": ["R3", "R4", "R5"],
            "rep_name": ["Gil", "Li Wei", "Wu"],
            "region": ["E", "E", "W"],
            "role": ["adviser", "adviser", "team lead"],
            "active": False,
            "left_on": AS_OF,
        }
    )
    everybody = pd.concat([REPS.assign(left_on=pd.NaT), gone], ignore_index=True).assign(team="A")
    assert carriers.acting(everybody) == {
        "R3": "R2",
        "Gil": "R2",
        "R4": "R2",
        "R5": "R2",
        "Wu": "R2",
    }  # Li Wei is also the name of somebody who is here
    assert carriers.responsible(everybody, "W") == ""
