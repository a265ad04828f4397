"""Who was called after an event, by hand; what the demo's people did after the bad press, counted in its tables."""

from pathlib import Path

import pandas as pd
import pytest

from salesnb.analysis import event_response
from salesnb.display.risk import events as shown
from salesnb.intake.demo import live
from salesnb.intake.workspace import open_book
from salesnb.language import Message
from tests.planted import AS_OF

DATA = Path(__file__).parents[1] / "data" / "demo"
DAY, UNTIL = pd.Timestamp("2026-04-13"), pd.Timestamp("2026-10-31")
CONTACTS = pd.DataFrame(
    {
        "happened_on": [DAY] * 3 + [pd.Timestamp("2026-06-01"), pd.Timestamp("2026-10-20"), DAY],
        "kind": ["publicity"] * 3 + ["decision_change"] * 2 + ["other"],
        "product_line": ["Sensors"] * 3 + [None] * 3,
        "account_id": ["A", "B", "C", "D", "E", "F"],
        "on_line": [True] * 3 + [False] * 3,
        "bought": [100.0, 60.0, 40.0, 500.0, 9.0, 9.0],
        "first_on": pd.to_datetime(["2026-05-13", "2026-05-14", None, "2026-06-02", None, None]),
        "executive_on": pd.NaT,
        "spans_met": [12.0, 6.0, 3.0, 6.0, 1.0, 1.0],
    }
)
NAMES = pd.DataFrame(
    {"account_id": list("ABCDE"), "account_name": ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]}
)
OWNERS = pd.DataFrame({"account_id": ["C"], "owner": ["Cy"]})
ACTIONS = pd.DataFrame(
    {
        "raised_on": pd.to_datetime(["2026-04-10", "2026-04-16", "2026-04-20"]),
        "done_on": pd.to_datetime(["2026-04-11", None, "2026-04-22"]),
        "description": ["Statement on Sensors", "Call the sensorsmiths", "Statement on the recall"],
        "goal": [None, None, "sensors customers know"],
    }
)


def test_whom_an_event_concerned_and_who_was_met_in_time_by_hand() -> None:
    found = event_response.responses(CONTACTS, ACTIONS, NAMES, until=UNTIL)
    # an event whose thirty days still run, and one after which nobody calls, are left out
    assert found["subject"].tolist() == ["Sensors", "Delta"]
    press = found.iloc[0]
    assert press[["customers", "met", "never", "bought", "unmet"]].tolist() == [
        3,
        1,
        1,
        200,
        100,
    ]  # day 30 is in time
    assert press["usual"] == pytest.approx(12 / 12 + 6 / 12 + 3 / 12)
    # the first action in the thirty days after it that names the line as a word; one before it answers nothing
    assert press["agreed"] == "Statement on the recall"
    assert press["done_on"] == pd.Timestamp("2026-04-22")
    assert pd.isna(found.loc[1, "agreed"])


def test_who_is_not_called_yet_stands_first_and_by_name() -> None:
    left = event_response.uncalled(CONTACTS, NAMES, OWNERS, until=UNTIL)
    assert left[["account_name", "owner"]].fillna("").to_numpy().tolist() == [["Gamma", "Cy"], ["Beta", ""]]
    answers = event_response.responses(CONTACTS, ACTIONS, NAMES, until=UNTIL)
    said = str(shown.told(answers, left, days=event_response.SPAN))
    assert "1 of the 3 largest buyers of Sensors" in said
    assert "Gamma" in said
    assert "Beta" not in said  # met, though late
    # what happened after the day up to which activities are known is not known: then nobody is said to be missed
    early = event_response.uncalled(CONTACTS, NAMES, OWNERS, until=pd.Timestamp("2026-05-01"))
    assert early.empty


def test_without_activities_or_events_one_line_says_so() -> None:
    nothing = event_response.responses(CONTACTS.iloc[:0], ACTIONS, NAMES, until=UNTIL)
    left = event_response.uncalled(CONTACTS.iloc[:0], NAMES, OWNERS, until=UNTIL)
    assert "one would call after" in str(shown.told(nothing, left, days=30))
    lacking = shown.told(nothing, left, days=30, lacking=Message("x"))
    assert str(lacking) == "Who was called after them is not known: no table tells of activities."
    assert shown.answers(nothing) is None
    assert shown.uncalled(left) is None


def test_the_demos_answer_to_the_bad_press_is_that_of_its_tables() -> None:
    """Counted in the generator's own tables: the hundred largest buyers of sensors in the year before, and their first activity after it."""
    tables = live().tables
    lines = tables["orders"].merge(tables["products"][["product_id", "product_line"]], on="product_id")
    ago = (DAY - lines["ordered_on"]).dt.days
    year = lines[(lines["product_line"] == "Sensors") & (ago >= 0) & (ago < 360)]
    largest = year.groupby("account_id")["net_amount"].sum().nlargest(100).index
    after = tables["activities"][tables["activities"]["happened_on"] > DAY]
    first = after[after["account_id"].isin(largest)].groupby("account_id")["happened_on"].min()
    book = open_book(str(DATA), as_of=AS_OF)
    found = event_response.responses(book.event_contacts, book.actions, book.accounts, until=book.as_of)
    told = found.set_index("subject").loc["Sensors"]
    assert told["customers"] == 100
    # rows that intake must reject may cost a call or a customer of those on the edge
    assert told["met"] == pytest.approx(int(((first - DAY).dt.days <= 30).sum()), abs=2)
    assert told["never"] == pytest.approx(100 - len(first), abs=1)
