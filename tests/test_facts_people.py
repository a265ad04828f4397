"""Activities aggregated in the engine, against what one reckons by hand."""

import pandas as pd
import pytest

from salesnb.intake import facts
from salesnb.intake.workspace import open_book

FILES = {
    "plan.yml": "company: Test\n",
    "reps.csv": "rep_id,rep_name,team,region\nR1,Ann,T,East\nR2,Bo,U,West\n",
    "orders.csv": "order_id,account_id,rep_id,ordered_on,net_amount\nO1,A,R1,2026-03-01,10\nO2,A,R2,2026-03-02,20\n",
    "opportunities.csv": "opportunity_id,account_id,rep_id,created_on,closed_on,outcome,amount\nD1,A,R1,2026-01-01,2026-02-01,won,5\nD2,A,R1,2026-01-01,,open,5\n",
    "activities.csv": (
        "activity_id,rep_id,account_id,opportunity_id,kind,happened_on,minutes,has_next_step\n"
        "V1,R1,A,D1,visit,2026-01-05,60,true\n"
        "V2,R1,A,D1,visit,2026-01-05,,false\n"
        "V3,R2,A,D1,call,2026-01-20,15,true\n"
        "V4,R2,A,D1,call,2026-02-20,15,\n"  # after the close
        "V5,R1,A,D2,call,2026-04-20,15,\n"  # after the day of the report
    ),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "workspace"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_activity_days_count_what_tells_its_minutes(folder):
    days = facts.activity_days(open_book(folder, as_of="2026-03-31"))
    first = days.iloc[0]
    assert first[["rep_id", "kind", "count", "minutes", "timed", "has_next_step"]].tolist() == [
        "R1",
        "visit",
        2,
        60.0,
        1,
        1,
    ]
    assert days["count"].sum() == 4


def test_deal_contacts_stop_at_the_close(folder):
    met = facts.deal_contacts(open_book(folder, as_of="2026-03-31"))
    assert met["opportunity_id"].tolist() == ["D1"]
    assert met.loc[0, "first_contact_on"] == pd.Timestamp("2026-01-05")
    assert met.loc[0, "people"] == 2


def test_account_work_and_scope(folder):
    work = facts.account_work(open_book(folder, as_of="2026-03-31")).set_index("rep_id")
    assert work["contacts"].to_dict() == {"R1": 2, "R2": 2}
    assert work["net_amount"].to_dict() == {"R1": 10.0, "R2": 20.0}
    scoped = facts.account_work(open_book(folder, as_of="2026-03-31", scope="team=T"))
    assert scoped["rep_id"].tolist() == ["R1"]
