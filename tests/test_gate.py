"""What does the gate find beyond names: in pictures, in a warehouse, of the machine, of employees, and by every door to the company?"""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from salesnb import audience
from salesnb.analysis import coaching, gaps, product_lines, stars
from salesnb.display.targets import tables
from salesnb.errors import InputError
from salesnb.intake.outside import Outside
from salesnb.intake.workspace import open_book
from salesnb.report.cleaning import without_names
from salesnb.report.gate import Gate
from salesnb.report.request import Request
from tests import database
from tests.small_notebooks import write_notebook
from tests.test_report_run import make
from tests.test_scopes_alone import PULSE, files, found_in, small

OPENED = (
    "from salesnb.intake.workspace import open_book\nbook = open_book(workspace, as_of=as_of, scope=scope)\n"
)
DRAWN = "import io\nimport matplotlib.pyplot as plt\nfrom IPython.display import Image\nfigure, ax = plt.subplots()\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


SAID = "'wang01 on srv-04.corp.example, wang01@srv-04'"
NAME = "name = ' '.join(('Acme', 'Holding'))\n"
KEPT = "plt.close()\nheld = io.BytesIO()\nfigure.savefig(held)\n"
DOORS = {
    "60_company": OPENED + "book.company.accounts",
    "61_tables": OPENED + "book.table('orders').to_pandas()",
    "62_engine": OPENED + "print(book.connection.table('accounts').to_pandas().to_string())",
    "63_text": OPENED + "' and '.join(book.company.accounts['account_name'])",
    "64_page": OPENED + "import salesnb\npage = salesnb.Page('64_page', book, outputs=outputs)\n"
    "page.section('Whose?', book.company.accounts)",
}  # fmt: skip
TITLES = {
    "70_title": NAME + DRAWN + "ax.set_title(name)\nplt.show()",
    "71_ticks": NAME + DRAWN + "ax.bar(['Acme', name], [1, 2])\nplt.show()",
}
SINGLE = {
    "80_table": OPENED + "book.table('pulse').to_pandas()",
    "81_printed": OPENED + "print(book.table('pulse').to_pandas())",
    "82_file": "import pandas as pd\npd.read_csv(workspace + '/pulse.csv')",
    "83_asked": OPENED + "book.sql('SELECT * FROM pulse')",
}
FINE = {
    "90_own": OPENED + "book.accounts",
    "91_picture": DRAWN + "ax.bar(['Acme'], [1])\nplt.show()",
    "92_photo": NAME + DRAWN + "ax.set_title(name)\n" + KEPT + "Image(held.getvalue())",
    "93_html": NAME + DRAWN + "ax.set_title(name)\n" + KEPT + "import base64\nfrom IPython.display import HTML\n"
    "HTML('<p>kept</p><img src=\"data:image/png;base64,' + base64.b64encode(held.getvalue()).decode() + '\">')",
    "94_said": SAID,
    "95_frame": f"import pandas as pd\npd.DataFrame({{'who': [{SAID}, workspace]}})",
    "96_groups": OPENED + "book.pulse",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A pack of own pages: its folder, the pages that failed, what its files hold, and where it was made."""

    place: Path
    failed: set[str]
    shown: dict[str, str]
    made_in: Path


def told(folder: Path, pages: dict[str, str], scope: str) -> Told:
    data = small(folder / "data", pulse=PULSE + "R1,2026-10-02,3\nR2,2026-10-02,5\n")
    for name, cell in pages.items():
        write_notebook(folder / "notebooks" / f"{name}.ipynb", "## Who?", cell)
    request = Request(str(data), date(2026, 10, 31), scope, "en", folder / "reports", folder / "notebooks")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patched.setattr(socket, "gethostname", lambda: "srv-04.corp.example")
        patched.setattr(getpass, "getuser", lambda: "wang01")
        (outcome,) = make([request])
    return Told(request.place, {run.page for run in outcome.failed}, files(request.place), folder)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A region's pack, in which pages of every kind stand."""
    return told(tmp_path_factory.mktemp("part"), {**DOORS, **TITLES, **FINE}, "region=East")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The company's."""
    return told(tmp_path_factory.mktemp("whole"), {**SINGLE, **FINE}, "")


def test_every_door_to_the_company_and_every_text_of_a_picture_ends_at_the_gate(part: Told) -> None:
    assert part.failed == {*DOORS, *TITLES}
    assert found_in(part.shown, {"Acme Holding", "O1002"}) == {}
    assert "withheld" in part.shown["60_company.html"]
    assert "data:image/png" in part.shown["91_picture.html"]


def test_a_picture_whose_words_cannot_be_read_is_left_out_of_a_scopes_pack_alone(
    part: Told, whole: Told
) -> None:
    notes = json.loads(part.shown["run.json"])["pages"]
    for page in ("92_photo", "93_html"):
        assert "data:image/png" not in part.shown[f"{page}.html"]
        assert '"image/png":' not in part.shown[f"notebooks/{page}.ipynb"]
        assert any("words cannot be read" in each for each in notes[page]["left_out"])
        assert "data:image/png" in whole.shown[f"{page}.html"]
    assert "kept" in part.shown["93_html.html"]


def test_single_answers_leave_in_no_page_of_no_pack(whole: Told) -> None:
    assert whole.failed == set(SINGLE)
    for page in ("80_table", "83_asked"):
        assert "of groups alone" in whole.shown[f"{page}.html"]
    assert not list((whole.place / "tables").glob("8*"))


# ---- the machine -------------------------------------------------------------------------------------------------------


def test_a_page_that_tells_of_the_machine_is_shown_without_it(part: Told, whole: Told) -> None:
    for pack in (part, whole):
        assert "… on …" in pack.shown["94_said.html"]
        for name, text in pack.shown.items():
            assert not [each for each in ("wang01", "srv-04", str(pack.made_in)) if each in text], name


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ran on srv-04.corp.example as wang01", "ran on … as …"),
        ("wang01@srv-04", "…@…"),
        ("host=srv-04.corp.example;", "host=…;"),
        ("max(max, 3) of max@srv-04 and user=max", "max(max, 3) of …@… and user=…"),
        ("the maximum of srv-041", "the maximum of srv-041"),
        ('{"user": "max", "max": 3}', '{"user": "…", "max": 3}'),
    ],
)
def test_names_of_the_machine_and_its_user_are_taken_out_and_words_stay(text: str, left: str) -> None:
    names = ["srv-04.corp.example", "srv-04", "wang01", "max"]
    assert without_names(text, names, spoken=set) == left


def test_who_is_in_the_data_may_be_called_as_the_user_is() -> None:
    assert without_names("R1, wang01", ["wang01"], spoken=lambda: {"wang01"}) == "R1, wang01"


# ---- questions of one's own --------------------------------------------------------------------------------------------


def test_a_question_sees_the_targets_and_products_of_its_scope_alone(tmp_path: Path) -> None:
    targets = (
        "period_start,grain,dimension,member,amount\n"
        "2026-10-01,month,company,all,900\n2026-10-01,month,region,East,300\n2026-10-01,month,region,West,600\n"
        "2026-10-01,month,rep,R1,300\n2026-10-01,month,rep,R2,250\n"
    )
    orders = (
        "order_id,account_id,rep_id,product_id,ordered_on,net_amount\n"
        "O1,C1,R1,P1,2026-09-03,10\nO2,C2,R2,P2,2026-10-05,20\n"
    )
    products = "product_id,product_name,unit_cost\nP1,Valve,3\nP2,Pump,4\n"
    folder = small(tmp_path / "w", targets=targets, orders=orders, products=products)
    book = open_book(folder, as_of="2026-10-31", scope="region=East")
    held = book.sql("SELECT dimension || ' ' || member AS who, amount FROM targets ORDER BY 1")
    assert held["who"].tolist() == ["company all", "region East", "rep R1"]
    assert book.sql("SELECT product_id FROM products")["product_id"].tolist() == ["P1"]
    whole = open_book(folder, as_of="2026-10-31")
    assert len(whole.sql("SELECT * FROM targets")) == 5
    assert len(whole.sql("SELECT * FROM products")) == 2
    with pytest.raises(InputError, match="groups alone"):
        whole.sql("SELECT avg(stress) FROM pulse")


# ---- other kinds of scope, other engines -------------------------------------------------------------------------------

PLAN = "company: Small & Sons\ncurrency: CNY\ncolumns: {accounts: {segment: text}}\n"


@contextmanager
def opened(folder: Path, scope: str, **tables: str) -> Iterator[Gate]:
    place = small(folder, **tables)
    (place / "plan.yml").write_text(PLAN, encoding="utf-8")
    book = open_book(place, as_of="2026-10-31", scope=scope)
    yield Gate(book)
    book.connection.disconnect()


def test_a_member_of_an_own_column_and_a_product_line_are_scopes_as_the_others_are(tmp_path: Path) -> None:
    accounts = (
        "account_id,account_name,region,owner_id,segment\n"
        "C1,Acme,East,R1,Gold\nC2,Acme Holding,West,R2,Silver\nC3,Brim,West,R2,Gold\n"
    )
    orders = (
        "order_id,account_id,rep_id,product_id,ordered_on,net_amount\n"
        "O1001,C1,R1,P1,2026-09-03,1234567.89\nO1002,C2,R2,P2,2026-10-05,98765432109.87\n"
    )
    products = "product_id,product_name,product_line\nP1,Valve,Valves\nP2,Pump,Pumps\n"
    with opened(
        tmp_path / "own", "segment=Gold", accounts=accounts, orders=orders, products=products
    ) as gate:
        told = gate.strangers(
            {"page": {"Acme Holding", "O1002", "O1001", "Acme", "Brim", "May", "Silver", "98765432109.87"}}
        )
        assert told == {"page": {"accounts": 1, "orders": 1, "members": 1, "amounts": 1}}
    with opened(
        tmp_path / "line", "product_line=Valves", accounts=accounts, orders=orders, products=products
    ) as gate:
        told = gate.strangers({"page": {"O1002", "O1001", "Acme", "Pumps", "98765432109.87"}})
        assert told == {"page": {"orders": 1, "amounts": 1}}


def test_a_warehouse_is_searched_as_files_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    activities = "activity_id,rep_id,account_id,kind,happened_on\nT1001,R1,C1,visit,2026-10-02\nT1002,R2,C2,visit,2026-10-02\n"
    targets = "period_start,grain,dimension,member,amount\n2026-10-01,month,region,West,87654321012.34\n"
    here = small(tmp_path / "files", activities=activities, targets=targets)
    there = tmp_path / "warehouse"
    there.mkdir()
    (there / "plan.yml").write_text(
        "company: Small & Sons\ncurrency: CNY\nsource: {url_env: SALES_ADDRESS}\n"
    )
    texts = {
        "Acme Holding",
        "T1002",
        "T1001",
        "O1002",
        "98765432109.87",
        "87654321012.34",
        "1234567.89",
        "May",
        "Ann Lee (R3)",
    }
    with database.server() as url:
        monkeypatch.setenv("SALES_ADDRESS", url)
        for name in database.load(url, here):
            (there / f"{name}.sql").write_text(f"SELECT * FROM {name}")
        found = [
            Gate(open_book(folder, as_of="2026-10-31", scope="region=East")).strangers({"page": texts})
            for folder in (here, there)
        ]
    assert (
        found[0]
        == found[1]
        == {"page": {"accounts": 1, "activities": 1, "orders": 1, "people": 2, "amounts": 2}}
    )


def test_the_engine_is_asked_about_no_word_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[str]] = []
    ids = Outside.ids
    monkeypatch.setattr(Outside, "ids", lambda self, words: asked.append(set(words)) or ids(self, words))
    gate = Gate(open_book(small(tmp_path / "small"), as_of="2026-10-31", scope="region=East"))
    first = gate.strangers({"page": {"O1002", "17 x"}})
    again = gate.strangers({"index": {"O1002", "O1003"}, "other": {"Acme"}})
    assert (first, again) == ({"page": {"orders": 1}}, {"index": {"orders": 2}})
    assert not asked[0] & asked[1]


def test_who_may_be_named_is_the_lead_not_each_manager_of_customers(tmp_path: Path) -> None:
    reps = (
        "rep_id,rep_name,team,region,role,hired_on,left_on\n"
        "R1,Ann,T,East,客户经理,2020-01-01,\nR2,Bo,T,East,account manager,2019-01-01,\n"
        "R3,Cy,T,East,team lead,2021-01-01,\nR4,Di,U,West,区域经理,2018-01-01,\nR5,Ed,U,West,seller,2018-01-01,2026-09-30\n"
    )
    accounts = "account_id,account_name,region,owner_id\nC1,Acme,East,R1\nC2,Brim,West,R5\n"
    folder = small(tmp_path / "w", reps=reps, accounts=accounts, orders="order_id,account_id,rep_id,ordered_on,net_amount\nO1,C1,R1,2026-09-03,10\nO2,C2,R5,2026-10-05,20\n")  # fmt: skip
    named = {
        scope: Outside(open_book(folder, as_of="2026-10-31", scope=scope)).people
        for scope in ("rep=R1", "account=C1", "account=C2", "region=West", "team=T")
    }
    assert named == {
        "rep=R1": {"R1", "R3"},
        "account=C1": {"R1"},
        "account=C2": {"R5", "R4"},  # who acts for one who has left
        "region=West": {"R4", "R5"},
        "team=T": {"R1", "R2", "R3"},
    }


def test_a_persons_scope_names_no_colleague_who_owns_what_this_person_sold_to(tmp_path: Path) -> None:
    orders = (
        "order_id,account_id,rep_id,ordered_on,net_amount\nO1,C1,R2,2026-09-03,10\nO2,C2,R2,2026-10-05,20\n"
    )
    folder = small(tmp_path / "w", orders=orders)
    book = open_book(folder, as_of="2026-10-31", scope="rep=R2")
    assert set(book.accounts["account_id"]) >= {"C1", "C2"}
    assert book.owners.set_index("account_id")["owner_id"].to_dict() == {"C2": "R2", "C3": "R2"}
    assert {"C1", "C2", "C3"} <= Outside(book).accounts
    whole = open_book(folder, as_of="2026-10-31")
    assert whole.owners.set_index("account_id")["owner_id"]["C1"] == "R1"


# ---- members that stand behind a mean ----------------------------------------------------------------------------------


def test_what_colleagues_do_is_told_to_a_scope_from_five_people_on() -> None:
    def passed(people: int) -> pd.DataFrame:
        rows = [
            (f"D{rep}{deal}", f"R{rep}", f"Rep {rep}", "T", "Valves", 100.0, "won", "quote", pd.Timestamp("2026-05-01"), deal % 2 == 0)
            for rep in range(people)
            for deal in range(10)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=coaching.PASSAGES[:10])

    for people, told in ((5, 0), (6, 6)):
        found = coaching.weaknesses(passed(people))
        assert found["colleagues"].tolist() == [people - 1] * people
        assert (found["colleagues"] >= audience.FEWEST_PEOPLE).sum() == told
    habits = pd.DataFrame({"rep_id": list("ABCDEF"), **{name: [1.0, 2, 3, 4, 5, 6] for name in stars.HABITS}})
    assert set(stars.differences(habits, ["A"])["people"]) == {5}


def test_a_cause_and_a_reading_without_people_name_nobody() -> None:
    people = pd.DataFrame(
        {"rep_id": list("ABCD"), "actual": 1.0, "prior": [9.0, 2, 1, 1], "change": [-8.0, -1, 0, 0]}
    )
    cause = gaps.Cause("East", "Valves", -8.0, -9.0, people, ["A"], 8.0, 0.0, None)
    assert cause.personal
    bare = gaps.without_people(cause)
    assert bare is not None
    assert not bare.personal
    assert bare.gap == cause.gap
    assert tables.gap_causes(bare, {}) is None
    assert gaps.without_people(None) is None
    given = dict.fromkeys((one.name for one in fields(product_lines.Reading)), 0.0)
    reading = product_lines.Reading(**{**given, "line": "Valves", "verdict": "pitch", "few": ("Ann", "Bo")})  # type: ignore[arg-type]
    (told,) = product_lines.unnamed([reading], "two people")
    assert told.few == ("two people",)


def test_a_scopes_book_keeps_back_what_is_over_too_few(tmp_path: Path) -> None:
    frame = pd.DataFrame({"people": [4, 5, 3], "strangers": [1, 1, 0]})
    folder = small(tmp_path / "w")
    whole, part = (open_book(folder, as_of="2026-10-31", scope=scope) for scope in ("", "region=East"))
    assert len(whole.of_enough(frame, people="people")) == 3
    assert part.of_enough(frame, people="people")["people"].tolist() == [5]
    assert part.of_enough(frame, people="people", strangers="strangers")["people"].tolist() == [5, 3]
