"""Exhibits, sections and what a page hands over."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.grid import MOST, table_html
from salesnb.display.kit.page import Page
from salesnb.display.kit.pen import Pen
from salesnb.headlines import (
    COVER_MIME,
    FIGURES_MIME,
    HEADLINES,
    SECTION_MIME,
    Call,
    Change,
    Decision,
    Figure,
)
from salesnb.intake.book import Book, open_book
from salesnb.language import Language, Message, Written, marked
from tests.small_notebooks import write_workspace

EN = Language("en", currency="CNY")
FRAME = pd.DataFrame(
    {
        "name": ["<b>East</b>", "West", "=North"],
        "revenue": [2.0e6, 1.0e6, float("nan")],
        "days": [12.0, 1.0, 3.0],
        "gap": [0.021, -0.1, 0.0],
        "state": ["behind", "", "ahead"],
    }
)
COLUMNS = {
    "name": Column("Account"),
    "revenue": Column("Revenue", "money", bar=True),
    "days": Column("Silent", "days", status="state"),
    "gap": Column("Change", "points", secondary=True),
    "state": Column("Status", "status"),
}


def _draw(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    ax.bar(range(len(data)), data["days"])
    return ax


def _chart(name: str = "gap") -> Exhibit:
    made = exhibit.chart(
        _draw,
        FRAME,
        name=name,
        finding="East is behind.",
        subtitle="CNY",
        columns={"name": COLUMNS["name"], "revenue": COLUMNS["revenue"]},
    )
    assert made is not None
    return made


def _parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(
        markup.replace("<br>", "<br/>")
        .replace("class=more", 'class="more"')
        .replace('">\n', '">')
        .replace('%;">', '%;"/>')
    )


def test_a_table_has_caption_scopes_units_labels_and_total() -> None:
    shown, rest = table_html(FRAME, COLUMNS, caption="East <leads>", say=EN, total={"revenue": 3.0e6})
    assert rest == ""
    toggle, table = shown[: shown.index("<table")], _parsed(shown[shown.index("<table") :])
    assert "<summary>Further columns: Change</summary>" in toggle  # what a phone leaves out can be reached
    assert table.findtext("caption") == "East <leads>"
    assert [heading.attrib["scope"] for heading in table.iterfind("thead/tr/th")] == ["col"] * 5
    assert ["".join(heading.itertext()) for heading in table.iterfind("thead/tr/th")] == [
        "Account",
        "Revenue, CNY",
        "Silent, days",
        "Change, points",
        "Status",
    ]
    first = table.findall("tbody/tr")[0]
    assert first[0].tag == "th"
    assert first[0].text == "<b>East</b>"
    assert (
        first[1].attrib["data-label"] == "Revenue"
    )  # the currency stands in the heading of the phone's table, too
    assert first[1].attrib["class"] == "n key"
    assert first[2].attrib["data-unit"] == "days"
    assert "--w:100%" in shown
    assert "".join(first[2].itertext()) == "▼behind 12"
    assert first[3].text == "+2.1"
    assert "sec" in first[3].attrib["class"]
    assert ["".join(cell.itertext()) for cell in table.find("tfoot/tr") or []] == [
        "Total",
        "3.00M",
        "",
        "",
        "",
    ]


def test_changes_carry_their_sign_where_something_of_them_is_seen() -> None:
    data = pd.DataFrame({"name": ["A", "B", "C"], "change": [8.8e6, -2.1e6, None]})
    columns = {"name": Column("Name"), "change": Column("Change", "money", signed=True)}
    shown, _ = table_html(data, columns, say=EN, caption="", fold=10, total={"change": 6.7e6})
    assert [cell for cell in re.findall(r">([^<>]+)</t[dh]>", shown) if cell[-1:] == "M"] == [
        "+8.80M",
        "−2.10M",
        "+6.70M",
    ]


def test_rows_beyond_the_fold_fold_away_and_beyond_the_most_are_only_told() -> None:
    frame = pd.DataFrame({"name": [f"A{n}" for n in range(300)]})
    shown, rest = table_html(frame, {"name": Column("Account")}, caption="c", say=EN)
    assert shown.count("<tr") == 6
    assert rest.count("<tr") == 1 + MOST - 5
    assert "Rows 6 to 100 of 300" in rest
    assert table_html(frame.head(7), {"name": Column("Account")}, caption="c", say=EN)[1] == ""


def test_the_total_stands_under_the_folded_rows() -> None:
    frame = pd.DataFrame({"name": [f"A{n}" for n in range(20)], "money": [1e6] * 20})
    columns = {"name": Column("Account"), "money": Column("Money", "money")}
    shown, rest = table_html(frame, columns, caption="c", say=EN, total={"money": 20e6})
    assert "Total" not in shown
    assert rest.index("</details>") < rest.index("Total</th>")
    assert shown.count("<col ") == rest[rest.index("</details>") :].count(
        "<col "
    )  # in line with the rows above


def test_a_chart_speaks_its_finding_and_numbers_and_hides_one_of_its_sizes() -> None:
    shown = _chart().html(EN, page="p", csv="tables/p.gap.csv")
    assert (
        shown.count(
            'role="img" aria-label="East is behind. CNY. Account: Revenue. &lt;b&gt;East&lt;/b&gt;: 2.00M. West: 1.00M'
        )
        == 2
    )
    assert shown.index('class="wide"') < shown.index('class="narrow"')
    assert 'href="tables/p.gap.csv"' in shown
    assert "<h3" in shown
    assert "<b>East" not in shown


def test_nothing_to_show_is_none() -> None:
    empty = FRAME.head(0)
    assert exhibit.chart(_draw, empty, name="x", finding="", subtitle="") is None
    assert exhibit.table(empty, name="x", finding="", subtitle="", columns=COLUMNS) is None


def test_a_bad_name_is_refused() -> None:
    with pytest.raises(ValueError, match="lower_case"):
        _chart("Gap chart")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return open_book(write_workspace(tmp_path_factory.mktemp("small")), as_of="2026-10")


def test_a_bare_exhibit_shows_itself_and_a_page_in_its_own_language(book: Book) -> None:
    made = exhibit.table(
        FRAME.assign(gap=[Message("{n:count} accounts", n=2), "", "=x"]),
        name="gap",
        finding=Message(
            "Most of the dated pipeline is due in {month:month}", month=pd.Timestamp("2026-10-31")
        ),
        subtitle=Message("Bookings of the sprint by squad"),
        columns={
            "name": Column(marked("Account")),
            "gap": Column(Written("month", pd.Timestamp("2026-10-31"))),
        },
    )
    assert made is not None
    bare = made._repr_mimebundle_()
    assert bare["text/plain"] == "Most of the dated pipeline is due in October 2026"
    assert "2 accounts" in bare["text/html"]
    shown = Page("60_sprint_retrospective", book, language="zh").section(None, made)._repr_mimebundle_()
    zh = Language("zh")
    assert shown["text/plain"] == f"- {zh(made.finding)}"
    assert "2026年10月" in shown["text/html"]
    assert zh(Message("{n:count} accounts", n=2)) in made.csv(zh)
    assert "'=x" in made.csv(zh)


def test_a_section_is_alike_at_each_look_and_says_what_it_lacks(book: Book) -> None:
    page = Page("60_sprint_retrospective", book)
    bundle = page.section(Message("{n:count} late", n=3), _chart(), None, caveat="n = 3")._repr_mimebundle_()
    again = page.section(Message("{n:count} late", n=3), _chart(), None, caveat="n = 3")._repr_mimebundle_()
    assert bundle == again
    assert bundle["text/plain"] == "3 late\n- East is behind.\nn = 3"
    assert bundle[SECTION_MIME]["exhibits"] == ["gap"]
    assert bundle["text/html"].startswith("<style>")
    lacking = page.section("x", _chart("other"), needs=("orders", "invoices"))._repr_mimebundle_()
    assert lacking["text/plain"] == str(book.lacking("invoices"))
    assert "<svg" not in lacking["text/html"]
    either = page.section("x", needs="invoices|orders")._repr_mimebundle_()
    assert either["text/plain"] == "X"
    assert page.section()._repr_mimebundle_()["text/plain"] == "Nothing to show: no data in this period."


def test_the_csv_is_whole_and_free_of_formulas(book: Book, tmp_path: Path) -> None:
    page = Page("60_sprint_retrospective", book, outputs=tmp_path)
    page.section("x", _chart())
    written = pd.read_csv(tmp_path / "tables" / "60_sprint_retrospective.gap.csv")
    assert list(written.columns) == list(FRAME.columns)
    assert written["name"].tolist() == ["<b>East</b>", "West", "'=North"]


def test_what_is_handed_over_is_json_and_complete(book: Book, tmp_path: Path) -> None:
    page = Page("60_sprint_retrospective", book, outputs=tmp_path)
    page.section("x", _chart())
    own = {
        key: Figure(None, Message("No sprint."))
        for key, headline in HEADLINES.items()
        if headline.page == page.name
    }
    figures = own | {"actions.open": Figure(3), "sprint.attainment": Figure(0.1 + 0.2)}
    decision = Decision(
        "d1", Message("Pay"), Message("{m:money}", m=9.6e6), "Li", pd.Timestamp("2026-11-06").date(), 9.6e6
    )
    call = Call(
        "c1", "deal", "O-1", probability=0.3, due=pd.Timestamp("2026-12-31").date(), text=Message("Closes")
    )
    shown = page.hand_over(
        leads=[Message("Done.")],
        figures=figures,
        history={"actions.open": [(pd.Timestamp("2026-10-31"), 3)]},
        decisions=[decision],
        calls=[call],
        changes=[Change("a", 1), Change("b", -2)],
        card="gap",
    )
    content = json.loads(json.dumps(shown._repr_mimebundle_()[FIGURES_MIME]))
    assert content["figures"]["actions.open"] == {"value": 3, "unit": "count", "label": "Actions open"}
    assert content["figures"]["sprint.attainment"]["value"] == 0.3
    assert content["figures"]["actions.overdue"]["reason"] == "No sprint."
    assert content["history"] == {"actions.open": [["2026-10-31", 3]]}
    assert [change["text"] for change in content["changes"]] == ["B", "A"]
    assert Decision.from_json(content["decisions"][0]).at_stake == 9.6e6
    assert Call.from_json(content["calls"][0]).due == call.due
    assert content["card"]["html"].startswith("<svg role")
    assert json.loads((tmp_path / "calls" / "60_sprint_retrospective.json").read_text())[0]["id"] == "c1"
    with pytest.raises(ValueError, match=r"actions\.open"):
        page.hand_over(figures={key: value for key, value in figures.items() if key != "actions.open"})


def test_the_loading_line_tells_rows_and_days(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path)
    (workspace / "plan.yml").write_text("company: Small & Sons\ncurrency: CNY\nintake: {max_rejected: 0.5}\n")
    with (workspace / "orders.csv").open("a") as file:
        file.write("4,C1,2026-10-21,much\n")
    book = open_book(workspace, as_of="2026-10")
    shown = Page("60_sprint_retrospective", book).loaded()._repr_mimebundle_()
    assert shown["text/plain"].splitlines() == [
        "The data run from 3 Sep 2026 to 20 Oct 2026: rows kept 5, rejected 1.",
        "They end before the day of this report, 31 Oct 2026.",
    ]
    assert {"table": "orders", "read": 4, "kept": 3, "rejected": 1} in shown[COVER_MIME]["counts"]
