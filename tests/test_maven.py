"""A public CRM export as it came, 8,800 deals: what must be refused, suggested, kept or said of it."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from salesnb.analysis import deal_days, deal_features, deals, funnel, hygiene, pipeline_flow
from salesnb.display.deals import prose as deal_prose
from salesnb.display.funnel import prose as funnel_prose
from salesnb.display.pipeline import charts as pipeline_charts
from salesnb.display.pipeline import prose as pipeline_prose
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from salesnb.language import Language

SHARED = Path(__file__).resolve().parents[2] / "shared"
DATA, READY = SHARED / "data/maven_crm", SHARED / "workspaces/maven_crm"
pytestmark = pytest.mark.skipif(
    not (DATA.is_dir() and READY.is_dir()), reason="the shared data are not beside the checkout"
)

AS_IT_CAME = """
SELECT
  opportunity_id, account AS account_id, sales_agent AS rep_id, product AS product_id, engage_date AS created_on,
  close_value AS amount, deal_stage AS stage, close_date AS closed_on,
  CASE deal_stage WHEN 'Won' THEN 'won' WHEN 'Lost' THEN 'lost' ELSE 'open' END AS outcome
FROM read_csv('raw/sales_pipeline.csv', header = true, all_varchar = true)
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """The export with the least of a mapping: no name corrected, no price filled in, no row left out."""
    place = tmp_path_factory.mktemp("maven")
    for name in ("accounts", "sales_pipeline", "products", "sales_teams"):
        (place / "raw").mkdir(exist_ok=True)
        (place / "raw" / f"{name}.csv").write_bytes(gzip.decompress((DATA / f"{name}.csv.gz").read_bytes()))
    for table in ("accounts", "products", "reps"):
        text = (READY / f"{table}.sql").read_text(encoding="utf-8")
        (place / f"{table}.sql").write_text(
            text.replace("../../data/maven_crm/", "raw/").replace(".csv.gz", ".csv"), encoding="utf-8"
        )
    (place / "opportunities.sql").write_text(AS_IT_CAME, encoding="utf-8")
    (place / "plan.yml").write_text(
        "company: Maven\ncurrency: USD\nintake: {max_rejected: 0.06}\n", encoding="utf-8"
    )
    return open_book(str(place), as_of="2017-12-31")


def test_every_row_is_kept_or_rejected_with_its_reason(raw):
    row = raw.counts.set_index("table").loc["opportunities"]
    assert (row["read"], row["kept"], row["rejected"]) == (8800, 8300, 500)


def test_what_the_export_lacks_is_counted(raw):
    found = facts.opportunities(raw)
    lost = found[found["outcome"] == "lost"]
    assert lost["amount"].sum() == 0
    assert len(lost) == 2473
    assert found["account_id"].isna().sum() == 1088  # of the 8,300 dated ones; 1,425 with the 500 undated
    fields = hygiene.by_field(hygiene.required(found, at_stage={})).set_index("field")
    assert fields.loc["account_id", "asked"] - fields.loc["account_id", "filled"] == 1088
    assert fields.loc["amount", "filled"] == 0  # an open deal has no value here


def test_a_misspelt_product_is_suggested_and_nothing_merged(raw):
    found, listed = facts.opportunities(raw), facts.products(raw)
    assert hygiene.alike_names([*found["product_id"].unique(), *listed["product_id"]]) == [
        ("GTX Pro", "GTXPro")
    ]
    assert (found["product_id"] == "GTXPro").sum() > 1000


def test_the_misspelt_product_is_among_the_suspicions_of_the_raw_export(raw):
    told = [str(each) for each in raw.suspicions]
    assert any("GTX Pro" in each and "GTXPro" in each and "more than one way" in each for each in told)


def test_the_undated_prospects_are_put_aside_and_337_of_them_have_no_account_either(raw):
    aside = raw.rejected("opportunities")
    assert len(aside) == 500
    assert aside["account_id"].isna().sum() + 1088 == 1425  # all deals of the export without an account


def test_without_a_price_on_open_deals_the_flow_is_counted_and_not_told_in_money(raw):
    found = facts.opportunities(raw)
    steps = pipeline_flow.flow(found, start=pd.Timestamp("2017-11-30"))
    assert steps.set_index("step").loc["end", ["deals", "value"]].tolist() == [1589, 0]
    assert str(pipeline_prose.flow(steps)).startswith("Without amounts only deals can be counted")
    assert pipeline_charts.flow(steps) is None


def test_the_page_says_69_days_and_that_closed_deals_alone_would_say_45(raw):
    days = deal_days.days_to_close(facts.opportunities(raw), as_of=raw.as_of)
    stages = deal_days.stage_days(
        funnel.passages(facts.opportunities(raw), facts.stage_events(raw), stages=[], as_of=raw.as_of),
        as_of=raw.as_of,
    )
    said = Language("en").sentence(funnel_prose.duration(days, stages))
    assert said == "A deal takes 69 days (median); counting closed deals alone would say 45 days."


def test_the_closing_value_gives_the_outcome_away_and_is_refused(raw):
    found = facts.opportunities(raw)
    checked = deal_features.tripwire(found).set_index("field")
    assert checked.loc["amount", "alone"] > 0.999
    assert checked.loc["amount", "refused"]
    emptied = deal_features.honest(found, checked.reset_index())
    assert emptied["amount"].isna().all()
    marks = deal_features.landmarks(emptied, as_of=raw.as_of)
    known = deal_features.features(
        emptied, marks, stage_events=facts.stage_events(raw), weeks=facts.deal_weeks(raw), stages=[]
    )
    assert not deal_features.separating(known, marks)["refused"].any()
    split = deals.time_split(found)
    judgement = deals.judge(deals.predictions(marks, known, split), split)
    assert judgement.verdict == "do not use"
    assert judgement.brier > judgement.base_brier
    answer = str(deal_prose.answer(found[found["outcome"] == "open"], judgement, None, open_deals=2))
    assert answer.startswith("Do not use the model: it is no better than a guess.")


def test_deals_take_69_days_and_not_the_45_that_closed_ones_alone_tell(raw):
    days = deal_days.days_to_close(facts.opportunities(raw), as_of=raw.as_of)
    assert (days.closed_only, days.median) == (45, 69)


def test_most_open_deals_are_older_than_any_that_ever_closed():
    book = open_book(str(READY), as_of="2017-12-31")
    found = facts.opportunities(book)
    closed = (found["closed_on"] - found["created_on"]).dt.days.max()
    still = found[found["outcome"] == "open"]
    older = ((book.as_of - still["created_on"]).dt.days > closed).mean()
    assert older > 0.5
    dead = deal_days.zombies(found, as_of=book.as_of)
    assert dead.count > len(still) / 2
    assert pipeline_flow.balances(pipeline_flow.flow(found, start=book.as_of.replace(month=11, day=30)))
