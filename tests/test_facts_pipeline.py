import pandas as pd
import pytest

from salesnb.intake import facts
from salesnb.intake.workspace import open_book


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "plan.yml").write_text("company: Small\n")
    (tmp_path / "opportunities.csv").write_text(
        "opportunity_id,account_id,rep_id,created_on,amount,stage,closed_on,outcome,loss_reason\n"
        "D1,C1,R1,2026-01-05,100.10,negotiation,2026-02-10,won,\n"
        "D2,C1,R1,2026-01-06,200.20,negotiation,2026-03-15,lost,price\n"
        "D3,C2,R1,2026-02-07,,lead,,open,\n"
        "D4,C2,R1,2026-03-20,50,lead,,open,\n"
    )
    (tmp_path / "stage_events.csv").write_text(
        "opportunity_id,stage,entered_on\nD2,lead,2026-01-06\nD2,quote,2026-02-20\nD2,negotiation,2026-03-10\n"
    )
    (tmp_path / "activities.csv").write_text(
        "activity_id,rep_id,opportunity_id,kind,happened_on,has_next_step\n"
        "A1,R1,D2,call,2026-02-02,true\nA2,R1,D2,executive_meeting,2026-02-05,false\nA3,R1,D2,call,2026-03-05,true\n"
    )
    return tmp_path


def test_a_deal_closed_later_is_open_at_the_stage_it_had_then(workspace):
    book = open_book(str(workspace), as_of="2026-02-28")
    deals = facts.opportunities(book).set_index("opportunity_id")
    assert deals["outcome"].to_dict() == {"D1": "won", "D2": "open", "D3": "open"}
    assert deals.loc["D2", "stage"] == "quote"
    assert pd.isna(deals.loc["D2", "closed_on"])
    assert pd.isna(deals.loc["D2", "loss_reason"])
    assert deals.loc["D2", "activities"] == 2
    assert not deals.loc["D2", "next_step_logged"]


def test_the_stage_of_a_deal_that_closed_later_is_not_known_yet(workspace):
    (workspace / "stage_events.csv").unlink()
    deals = facts.opportunities(open_book(str(workspace), as_of="2026-02-28")).set_index("opportunity_id")
    assert pd.isna(deals.loc["D2", "stage"])  # its row says where it ended, in March
    assert deals.loc[["D1", "D3"], "stage"].tolist() == ["negotiation", "lead"]


def test_weeks_begin_on_monday_and_count_executives(workspace):
    weeks = facts.deal_weeks(open_book(str(workspace), as_of="2026-02-28"))
    assert weeks["week_start"].tolist() == [pd.Timestamp("2026-02-02")]
    assert weeks[["contacts", "executive"]].to_numpy().tolist() == [[2, 1]]


def test_missing_tables_give_empty_frames_of_the_right_shape(workspace):
    book = open_book(str(workspace), as_of="2026-02-28")
    assert facts.checklist(book).empty
    assert list(facts.leads(book).columns)[:4] == ["day", "channel", "rep_id", "team"]
    assert facts.leads(book)["day"].dtype.kind == "M"
    assert facts.earlier_pipeline("") is None
