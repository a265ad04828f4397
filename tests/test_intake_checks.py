"""Does each row rule reject what it should, with its row number and reason, and nothing else?"""

import io

import pytest
from rich.console import Console

from salesnb.cli import checking
from salesnb.errors import InputError
from salesnb.intake.workspace import open_book
from salesnb.language import Language
from tests.intake_folders import ORDERS, checked, kept, rejected, workspace

OPPORTUNITIES = "opportunity_id,created_on,closed_on,outcome,amount\n"
INVOICES = "invoice_id,account_id,issued_on,due_on,paid_on,amount\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SALESNB_SNAPSHOT", raising=False)


def test_a_required_value_must_be_there(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS + "n/a,A,2026-10-02,5\n4,A,,5\n5,A,2026-10-02,—\n")
    assert rejected(folder, "orders") == [
        (4, "order_id is missing"),
        (5, "ordered_on is missing"),
        (6, "net_amount is missing"),
    ]


def test_a_value_must_be_readable_as_its_kind(tmp_path):
    folder = workspace(
        tmp_path / "w", orders=ORDERS + "3,A,soon,5\n4,A,2026-02-30,5\n5,A,2026-10-02,about 5\n"
    )
    assert rejected(folder, "orders") == [
        (4, "ordered_on cannot be read: soon; write it as 2026-10-31"),
        (5, "ordered_on cannot be read: 2026-02-30; write it as 2026-10-31"),
        (6, "net_amount cannot be read: about 5; write it as 1234.50"),
    ]


def test_words_of_closed_lists_are_rejected_and_those_of_open_lists_told(tmp_path):
    folder = workspace(
        tmp_path / "w",
        orders=ORDERS,
        opportunities=OPPORTUNITIES
        + "1,2026-01-01,,Open,5\n2,2026-01-01,2026-02-01, WON,5\n3,2026-01-01,,limbo,5\n",
        activities="activity_id,kind,happened_on\n1,Executive Meeting,2026-10-01\n2,banquet,2026-10-01\n4,wechat,2026-10-01\n3,拜访,2026-10-01\n",
        targets="period_start,grain,dimension,member,amount\n2026-01-01,week,company,X,5\n2026-01-01,Month,planet,X,5\n2026-01-01,月,区域,East,5\n",
    )
    assert rejected(folder, "opportunities") == [
        (4, "outcome is not one of the allowed words: limbo; these are open, won and lost")
    ]
    assert rejected(folder, "targets") == [
        (2, "grain is not one of the allowed words: week; these are year, quarter and month"),
        (
            3,
            "dimension is not one of the allowed words: planet; these are company, region, team, rep, product_line and account",
        ),
    ]
    assert kept(folder, "targets", "grain, dimension") == [("month", "region")]
    assert kept(folder, "activities", "kind") == [
        ("executive_meeting",),
        ("other",),
        ("message",),
        ("visit",),
    ]
    assert any("banquet" in str(message) for message in checked(folder)[1].suspicions)


def test_the_first_row_of_a_key_stays(tmp_path):
    folder = workspace(
        tmp_path / "w",
        orders=ORDERS,
        accounts="account_id,account_name\nA,first\nB,other\nA,second\na,case differs\n",
    )
    assert rejected(folder, "accounts") == [(4, "account_id repeats an earlier row's")]
    assert kept(folder, "accounts", "account_name") == [("first",), ("other",), ("case differs",)]


def test_a_rejected_row_does_not_stand_in_the_way_of_its_correction(tmp_path):
    folder = workspace(
        tmp_path / "w", invoices=INVOICES + "1,A,2026-10-01,2026-09-01,,5\n1,A,2026-10-01,2026-11-01,,5\n"
    )
    assert rejected(folder, "invoices") == [(2, "due_on lies before issued_on")]


def test_equal_lines_of_an_order_are_lines_and_an_order_that_stands_twice_whole_is_a_repeat(tmp_path):
    once = "3,A,2026-10-01,30\n3,A,2026-10-01,30\n3,A,2026-10-01,7\n"
    folder = workspace(tmp_path / "w", orders=ORDERS + once)
    assert rejected(folder, "orders") == []
    folder = workspace(tmp_path / "v", orders=ORDERS + once + once + "2,B,2026-10-15,50.5\n")
    assert rejected(folder, "orders") == [(row, "the row repeats an earlier one") for row in (7, 8, 9, 10)]


def test_orders_with_line_numbers_repeat_only_with_order_and_line(tmp_path):
    heading = "order_id,line_id,account_id,ordered_on,net_amount\n"
    folder = workspace(
        tmp_path / "w",
        orders=heading
        + "1,1,A,2026-10-01,5\n1,2,A,2026-10-01,5\n1,1,A,2026-10-01,7\n2,,A,2026-10-01,7\n2,,A,2026-10-01,8\n",
    )
    assert rejected(folder, "orders") == [(4, "line_id repeats an earlier row's")]


def test_a_target_that_stands_twice_counts_once_and_two_amounts_are_a_question(tmp_path):
    heading = "period_start,grain,dimension,member,amount\n2026-01,month,rep,R1,5\n"
    folder = workspace(tmp_path / "w", orders=ORDERS, targets=heading + "2026-01-01,month,rep,R1,5.00\n")
    assert rejected(folder, "targets") == [(3, "the row repeats an earlier one")]
    folder = workspace(tmp_path / "v", orders=ORDERS, targets=heading + "2026-01-01,month,rep,R1,6\n")
    with pytest.raises(InputError, match=r"R1 \(rep\) has two amounts .* 5 and 6 \(rows 2 and 3\)"):
        checked(folder)


def test_a_person_s_rows_are_spans(tmp_path):
    reps = "rep_id,team,hired_on,valid_from\nR,T1,2025-01-01,\nR,T2,2025-01-01,2026-01-01\nR,T3,,2026-01-01\n"
    folder = workspace(tmp_path / "w", orders=ORDERS, reps=reps)
    assert kept(folder, "reps", "team") == [("T1",), ("T2",)]
    assert rejected(folder, "reps") == [(4, "rep_id repeats an earlier row's")]


def test_tables_without_an_id_have_no_key(tmp_path):
    folder = workspace(
        tmp_path / "w", orders=ORDERS, pulse="rep_id,surveyed_on,stress\nR,2026-10-01,3\nR,2026-10-01,3\n"
    )
    assert rejected(folder, "pulse") == []


def test_an_end_does_not_lie_before_its_beginning_but_a_prepayment_may(tmp_path):
    folder = workspace(
        tmp_path / "w",
        opportunities=OPPORTUNITIES + "1,2026-02-01,2026-01-31,won,5\n2,2026-02-01,2026-02-01,won,5\n",
        invoices=INVOICES + "1,A,2026-10-01,2026-10-01,2026-09-01,5\n",
        leads="lead_id,created_on,qualified_on,disqualified_on\n1,2026-02-01,2026-01-01,\n2,2026-02-01,,2026-01-01\n",
        reps="rep_id,hired_on,left_on\nR,2026-02-01,2026-01-31\nS,2026-02-01,\n",
    )
    assert rejected(folder, "opportunities") == [(2, "closed_on lies before created_on")]
    assert rejected(folder, "invoices") == []
    assert rejected(folder, "leads") == [(2, "qualified_on lies before created_on")]
    assert rejected(folder, "reps") == [(2, "left_on lies before hired_on")]


def test_won_or_lost_needs_a_day(tmp_path):
    folder = workspace(
        tmp_path / "w",
        opportunities=OPPORTUNITIES + "1,2026-02-01,,won,5\n2,2026-02-01,,lost,5\n3,2026-02-01,,open,5\n",
    )
    assert rejected(folder, "opportunities") == [
        (2, "won or lost without closed_on"),
        (3, "won or lost without closed_on"),
    ]


def test_shares_and_scores_stay_in_their_range(tmp_path):
    folder = workspace(
        tmp_path / "w",
        orders=ORDERS,
        accounts="account_id,industry_fit\nA,1\nB,1.01\nC,80%\nD,-0.1\nE,\n",
        satisfaction="account_id,surveyed_on,score\nA,2026-10-01,10\nA,2026-10-01,11\n",
        pulse="rep_id,surveyed_on,stress\nR,2026-10-01,0\nR,2026-10-01,5\n",
        events="happened_on,kind,severity\n2026-10-01,price_war,6\n",
        training="rep_id,course,completed_on,score\nR,x,2026-10-01,95\n",
    )
    assert rejected(folder, "accounts") == []  # what need not be there never costs its row
    assert kept(folder, "accounts", "industry_fit") == [(1.0,), (None,), (0.8,), (None,), (None,)]
    assert rejected(folder, "satisfaction") == [(3, "score lies outside its range")]
    assert rejected(folder, "pulse") == [(2, "stress lies outside its range")]
    assert kept(folder, "events", "severity") == [(None,)]
    assert rejected(folder, "training") == []
    told = [str(message) for message in checked(folder)[1].suspicions]
    blank = "accounts.csv: industry_fit lies outside 0 to 1 in 2 rows and is blank there, as in -0.1"
    assert blank in told
    assert "events.csv: severity lies outside 1 to 5 in 1 row and is blank there, as in 6" in told


def test_lines_that_do_not_fit_the_heading_are_named(tmp_path):
    bad = '3,A,2026-10-02\n4,A,2026-10-02,5,6\n\n5,"A,2026-10-02,5\n6,"A, Inc",2026-10-03,"1,200"\n7,A,2026-10-03,8,,\n,,,\n'
    folder = workspace(tmp_path / "w", orders=ORDERS + bad)
    assert rejected(folder, "orders") == [
        (4, "3 cells under 4 headings"),
        (5, "5 cells under 4 headings"),
        (7, "a quotation mark is opened and never closed"),
    ]
    assert kept(folder, "orders", "account_id, net_amount")[2:] == [("A, Inc", 1200.0), ("A", 8.0)]


def test_too_many_rejected_rows_stop_the_run_with_reasons_and_rows(tmp_path):
    folder = workspace(tmp_path / "w", orders=ORDERS + ",A,2026-10-02,5\n4,A,x,5\n,A,2026-10-02,5\n")
    with pytest.raises(InputError) as stopped:
        open_book(folder, as_of="2026-10")
    text = str(stopped.value)
    assert "3 of 5 rows" in text
    assert "2 × order_id is missing" in text
    assert "row 5 (ordered_on cannot be read: x; write it as 2026-10-31)" in text
    workspace(folder, plan="intake: {max_rejected: 0.6}\n")
    assert open_book(folder, as_of="2026-10").counts.to_dict("records") == [
        {"table": "orders", "read": 5, "kept": 2, "rejected": 3}
    ]


def test_exactly_the_limit_is_still_fine(tmp_path):
    rows = "".join(f"{n},A,2026-10-0{n % 9 + 1},5\n" for n in range(19))
    folder = workspace(
        tmp_path / "w", orders="order_id,account_id,ordered_on,net_amount\n" + rows + ",A,2026-10-01,5\n"
    )
    book = open_book(folder, as_of="2026-10")
    assert list(book.rejected("orders")["source_row"]) == [21]
    assert str(book.rejected("orders")["reason"][0]) == "order_id is missing"


def test_rejections_keep_the_source_as_it_was(tmp_path):
    folder = workspace(
        tmp_path / "w",
        plan="currency: USD\nintake: {max_rejected: 1}\n",
        orders="Order ID,account id,Ordered_On,NET AMOUNT,Note\n1,A,soon,$5,hello\n2,A,2026-10-01,5,x\n",
    )
    row = open_book(folder, as_of="2026-10").rejected("orders").iloc[0]
    assert row[["Order ID", "Ordered_On", "NET AMOUNT", "Note"]].tolist() == ["1", "soon", "$5", "hello"]


def test_check_names_the_money_of_each_reason(tmp_path):
    rows = "3,A,soon,5\n4,A,2026-02-30,7.25\n5,A,3月5日,2\n,A,2026-10-02,11\n6,A,2026-10-02,about 5\n"
    folder = workspace(tmp_path / "w", plan="intake: {max_rejected: 1}\n", orders=ORDERS + rows)
    out = io.StringIO()
    assert checking.show(checking.examine(str(folder)), console=Console(file=out), say=Language("en")) == 0
    table = [line.split("\t") for line in out.getvalue().splitlines() if line.startswith("orders\t")]
    assert [line[1:4] for line in table] == [
        ["2", "12.25", "ordered_on cannot be read"],
        ["1", "2.00", "ordered_on names no year"],
        ["1", "11.00", "order_id is missing"],
        ["1", "–", "net_amount cannot be read"],
    ]
    assert "Money of the rejected rows: orders 25.25 and 1 row without a readable amount" in out.getvalue()
