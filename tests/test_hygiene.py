import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import checklists, hygiene
from salesnb.display.hygiene import tables
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from tests.planted import AS_OF, TRUTHS

NOW = pd.Timestamp("2026-10-31")
DEALS = pd.DataFrame(
    {
        "opportunity_id": ["A", "B", "C", "D"],
        "account_id": ["1", None, "1", "1"],
        "account_name": ["One", None, "One", "One"],
        "rep_id": ["R", "R", "R", "R"],
        "rep_name": "Rita",
        "team": ["T", "T", "U", "U"],
        "stage": ["lead", "quote", "quote", "quote"],
        "amount": [100.0, 300.0, np.nan, 900.0],
        "expected_close_on": pd.to_datetime(["2026-12-01", None, "2026-09-01", None]),
        "competitor": [None, None, "Rival", None],
        "outcome": ["open", "open", "open", "won"],
    }
)


def test_fields_weigh_their_deals_amount_and_a_missing_one_the_median():
    required = hygiene.required(DEALS, at_stage={"quote": ["competitor"]})
    # A (100): 4 of 4; B (300): 2 of 5; C (median 200): 4 of 5
    assert hygiene.completeness(required) == pytest.approx((400 + 600 + 800) / (400 + 1500 + 1000))
    assert len(required) == 14
    assert hygiene.completeness(hygiene.required(DEALS.iloc[3:], at_stage={})) is None


def test_headline_says_why_it_is_missing():
    nothing = DEALS.iloc[3:]
    figure = hygiene.headlines(nothing, required=hygiene.required(nothing, at_stage={}))[
        "hygiene.completeness"
    ]
    assert figure.value is None
    assert str(figure.reason) == "no deal is open"


def test_names_that_may_mean_the_same_are_suggested():
    assert hygiene.alike_names(["GTXPro", "GTX Pro", "GTX Plus Pro", "MG Special"]) == [("GTX Pro", "GTXPro")]
    assert hygiene.alike_names(["Valve A", "Valve B", None]) == []


def test_a_checklist_is_kept_when_every_item_is_done():
    events = pd.DataFrame(
        {"opportunity_id": ["B", "D"], "stage": "quote", "entered_on": pd.Timestamp("2026-09-01")}
    )
    items = pd.DataFrame(
        {
            "opportunity_id": ["B", "D", "D"],
            "stage": "quote",
            "item": ["x", "x", "y"],
            "done_on": pd.to_datetime([None, "2026-09-02", "2026-09-03"]),
        }
    )
    kept = checklists.kept(DEALS, events, items, planned={"quote": ["x", "y"]}, as_of=NOW)
    assert kept.groupby("opportunity_id")["done"].all().to_dict() == {"B": False, "D": True}
    fix = checklists.to_fix(kept)
    assert fix["opportunity_id"].tolist() == ["B"]
    assert fix["missing"].tolist() == [["x", "y"]]
    assert checklists.effect(kept) is None


def test_the_planted_teams_are_found_and_no_other():
    book = open_book("data/demo", as_of=AS_OF)
    deals = facts.opportunities(book)
    teams = hygiene.by_team(hygiene.required(deals, at_stage=book.plan.required_fields))
    assert tuple(teams.loc[teams["flagged"], "team"]) == TRUTHS["incomplete_records"].who
    truth = TRUTHS["checklist"]
    kept = checklists.kept(
        deals, facts.stage_events(book), facts.checklist(book), planned=book.plan.checklists, as_of=book.as_of
    )
    keepers = checklists.by_team(kept).set_index("team")
    assert tuple(keepers.index[keepers["flagged"]]) == truth.who
    tigers = keepers.loc["Tigers"]
    assert tigers["low"] <= truth.detail["kept_elsewhere"] + truth.size <= tigers["high"]
    effect = checklists.effect(kept)
    assert effect.low <= truth.detail["win_rate_points_when_kept"] <= effect.high


def test_what_no_record_has_a_place_for_is_not_missing():
    rows = pd.DataFrame({"team": ["A", "B"], "activities": [30, 30], "minutes": [15, 30]})
    rows = rows.assign(pain_points=0, next_steps=0)
    shares = hygiene.record_shares(rows)
    assert shares["minutes"].tolist() == [0.5, 1.0]
    assert shares[["pain_points", "next_steps"]].isna().all(axis=None)
    assert shares["kept"].tolist() == [0.5, 1.0]
    shown = tables.records(shares)
    assert str(shown.finding) == "A writes least down"
    assert "next_steps" not in shown.columns
    assert hygiene.record_shares(rows.assign(minutes=0)).empty
